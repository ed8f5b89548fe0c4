// The node's clock as this screen carries it on, and how long ago each value was made.

const toleranceMs = 1_000;

export class NodeClock {
  #node = null;
  /** How fast the node's clock runs: 1 but in a replay. */
  #scale = 1;
  #arrivals = new WeakMap();

  set(utc, scale = 1) {
    const node = Date.parse(utc);
    this.#scale = scale;
    if (Number.isFinite(node)) this.#node = { node, monotonic: performance.now() };
  }

  /** The node's own word of a moment that has not come here yet moves this clock on: this machine may have slept. */
  hear(utc) {
    if (this.#node && Date.parse(utc) > this.now() + toleranceMs) this.set(utc, this.#scale);
  }

  /** The node's UTC in milliseconds, carried on by this machine; its own clock before the node has spoken. */
  now() {
    return this.#node ? this.#node.node + (performance.now() - this.#node.monotonic) * this.#scale : Date.now();
  }

  /** Remembers when a value arrived, from which its ages and countdowns run, and how long it may have waited before that. */
  arrived(value, waitedMs) {
    this.#arrivals.set(value, { monotonic: performance.now() - waitedMs, utc: Date.now() - waitedMs });
    return value;
  }

  /**
   * Seconds of the node's clock since the node made `value`, or since it arrived if it does not say when it was made. An
   * event may have waited on its way, or at the node while this screen was away. The largest counts: this machine's
   * monotonic clock may stop while it sleeps.
   */
  secondsSince(value) {
    const at = value ? this.#arrivals.get(value) : null;
    if (!at) return Infinity;
    const here = (Math.max(performance.now() - at.monotonic, Date.now() - at.utc) / 1000) * this.#scale;
    return value.at ? Math.max(here, (this.now() - Date.parse(value.at)) / 1000) : here;
  }
}
