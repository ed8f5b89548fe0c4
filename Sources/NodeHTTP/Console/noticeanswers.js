// The assurance of single notices, which the node tells only when it is asked. What was answered before something came
// that may have changed it is nothing: it is UNKNOWN until the node answers anew.

export class NoticeAnswers extends Map {
  #asked = new Map();

  /** Asks for one notice's assurance unless that is under way; `take` gets the answer if nothing has put it in doubt since. */
  async ask(notice, question, take) {
    if (this.#asked.has(notice)) return;
    const round = {};
    this.#asked.set(notice, round);
    try {
      const answer = await question();
      if (this.#asked.get(notice) === round) take(answer);
    } catch {
      // Without an answer the old one runs out and UNKNOWN is shown.
    }
    if (this.#asked.get(notice) === round) this.#asked.delete(notice);
  }

  doubt(...notices) {
    for (const notice of notices) {
      this.delete(notice);
      this.#asked.delete(notice);
    }
  }

  doubtAll() {
    this.clear();
    this.#asked.clear();
  }
}
