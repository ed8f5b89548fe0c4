// Alarm tones by precedence, made in the page. A browser lets a page sound only after the officer has pressed
// something in it; until then `locked` is true and the alarm panel says so.

const patterns = {
  flash: { hertz: 1175, beeps: 3, everyMs: 1_500 },
  immediate: { hertz: 880, beeps: 2, everyMs: 3_000 },
  priority: { hertz: 659, beeps: 1, everyMs: 5_000 },
  routine: { hertz: 494, beeps: 1, everyMs: 15_000 },
};
const beepS = 0.14;
const gapS = 0.09;

export class Tones {
  #context = null;
  #precedence = null;
  #nextAt = 0;

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
    if (precedence !== this.#precedence) this.#nextAt = 0;
    this.#precedence = precedence;
    this.tick();
  }

  /** Call at least once a second. */
  tick() {
    const pattern = patterns[this.#precedence];
    if (!pattern || this.locked || performance.now() < this.#nextAt) return;
    this.#nextAt = performance.now() + pattern.everyMs;
    for (let i = 0; i < pattern.beeps; i++) this.#beep(pattern.hertz, this.#context.currentTime + i * (beepS + gapS));
  }

  #beep(hertz, atS) {
    const oscillator = new OscillatorNode(this.#context, { frequency: hertz, type: "triangle" });
    const gain = new GainNode(this.#context, { gain: 0 });
    gain.gain.setValueAtTime(0, atS);
    gain.gain.linearRampToValueAtTime(0.3, atS + 0.01);
    gain.gain.setValueAtTime(0.3, atS + beepS - 0.02);
    gain.gain.linearRampToValueAtTime(0, atS + beepS);
    oscillator.connect(gain).connect(this.#context.destination);
    oscillator.start(atS);
    oscillator.stop(atS + beepS);
  }
}
