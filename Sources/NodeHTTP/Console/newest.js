// Questions that follow a moving hand: one is under way, and of those that wait only the newest is ever asked.

/**
 * `ask(value)` gives a promise; `answered(answer, value)` and `failed(error, value)` are called for the newest value
 * only: what was asked before it is dropped. `stale()` is called when a value comes whose answer is not here yet.
 */
export class Newest {
  #ask;
  #told;
  #underWay = false;
  #waiting = null;
  #round = 0;

  constructor(ask, told) {
    this.#ask = ask;
    this.#told = told;
  }

  /** Whether the last answer that was shown is the answer to the last value. */
  isCurrent = false;

  put(value) {
    this.drop();
    this.#waiting = { value, round: this.#round };
    this.#told.stale();
    this.#next();
  }

  /** Forgets the last value: whatever answer still comes is that of another. */
  drop() {
    this.#round += 1;
    this.#waiting = null;
    this.isCurrent = false;
  }

  async #next() {
    if (this.#underWay || !this.#waiting) return;
    const { value, round } = this.#waiting;
    this.#waiting = null;
    this.#underWay = true;
    let outcome;
    try {
      const answer = await this.#ask(value);
      outcome = () => { this.isCurrent = true; this.#told.answered(answer, value); };
    } catch (error) {
      outcome = () => this.#told.failed(error, value);
    }
    this.#underWay = false;
    if (round === this.#round) outcome();
    this.#next();
  }
}
