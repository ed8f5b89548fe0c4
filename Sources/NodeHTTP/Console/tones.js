// Alarm tones by precedence, made in the page. A browser lets a page sound only after the officer has pressed
// something in it; until then `locked` is true and the alarm panel says so.

export const patterns = {
  // Two tones in turn, without a pause: nothing else at the desk sounds like it.
  stop: { hertz: [1568, 1047, 1568, 1047], everyMs: 1_000 },
  flash: { hertz: [1175, 1175, 1175], everyMs: 1_500 },
  immediate: { hertz: [880, 880], everyMs: 3_000 },
  priority: { hertz: [659], everyMs: 5_000 },
  routine: { hertz: [494], everyMs: 15_000 },
};
/** These sound at full strength, whatever has been chosen for the others. */
const full = ["stop", "flash"];
const beepS = 0.14;
const gapS = 0.09;

export class Tones {
  #context = null;
  #precedence = null;
  #isStop = false;
  #sounding = null;
  #nextAt = 0;
  /** From 0 to 1, for all but STOP and FLASH. */
  volume = 1;

  /** Call from a click or key press. */
  unlock() {
    this.#context ??= new AudioContext();
    return this.#context.resume();
  }

  get locked() {
    return this.#context?.state !== "running";
  }

  /** Rings for the most urgent ringing precedence, or is silent for null. */
  ring(precedence) {
    this.#precedence = precedence;
    this.tick();
  }

  /** While a STOP rings, nothing else sounds. */
  ringStop(isStop) {
    this.#isStop = isStop;
    this.tick();
  }

  /** The pattern that sounds, or would if the browser let it: `stop`, a precedence, or null. */
  get pattern() {
    return this.#isStop ? "stop" : this.#precedence;
  }

  /** Call at least once a second. */
  tick() {
    if (this.pattern !== this.#sounding) this.#nextAt = 0;
    this.#sounding = this.pattern;
    const pattern = patterns[this.pattern];
    if (!pattern || this.locked || performance.now() < this.#nextAt) return;
    // A timer of one second is late at times; a pattern of one second must not wait for the next one then.
    this.#nextAt = performance.now() + pattern.everyMs - 50;
    this.#play(this.pattern);
  }

  /** Sounds a pattern once, for the officer to hear what it is like. Call from a click or key press. */
  async test(name) {
    await this.unlock();
    this.#play(name);
  }

  #play(name) {
    const strength = 0.3 * (full.includes(name) ? 1 : this.volume);
    if (strength === 0) return;
    patterns[name].hertz.forEach((hertz, i) => this.#beep(hertz, this.#context.currentTime + i * (beepS + gapS), strength));
  }

  #beep(hertz, atS, strength) {
    const oscillator = new OscillatorNode(this.#context, { frequency: hertz, type: "triangle" });
    const gain = new GainNode(this.#context, { gain: 0 });
    gain.gain.setValueAtTime(0, atS);
    gain.gain.linearRampToValueAtTime(strength, atS + 0.01);
    gain.gain.setValueAtTime(strength, atS + beepS - 0.02);
    gain.gain.linearRampToValueAtTime(0, atS + beepS);
    oscillator.connect(gain).connect(this.#context.destination);
    oscillator.start(atS);
    oscillator.stop(atS + beepS);
  }
}
