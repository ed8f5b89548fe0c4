// What the officer has chosen to see of the map. Nothing of it outlives the page: a filter of last night must not hide a notice.

export class MapChoices {
  /** Groups of the base map that are switched off. */
  baseOff = new Set(["gars"]);
  rings = true;
  labels = true;
  hiddenKinds = new Set();
  hiddenParties = new Set();
  /** Notices that are not under way at the moment shown: `full`, `faint` or `hidden`. */
  others = "faint";
  /** Whether notices that have ended are drawn. */
  ended = false;
  /** Whether the time slider reaches over all that is filed. */
  allTime = false;

  #listeners = new Set();

  subscribe(listener) {
    this.#listeners.add(listener);
  }

  set(name, value) {
    this[name] = value;
    this.#tell();
  }

  /** Puts `value` into a set of what is off, or takes it out. */
  off(name, value, isOff) {
    if (isOff) this[name].add(value);
    else this[name].delete(value);
    this.#tell();
  }

  /** Takes back whatever hides notices. */
  showAll() {
    this.hiddenKinds.clear();
    this.hiddenParties.clear();
    if (this.others === "hidden") this.others = "faint";
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
