// Shapes found in a file that somebody made elsewhere: checked position by position, bounded, and with a note of everything
// that is not taken over.
import { plain } from "./dom.js";
import { mostPositions, mostVolumes } from "./filingdraft.js";
import { t } from "./i18n.js";

const longestName = 80;

/** A file that is refused as a whole: `message` says to the officer what is wrong and where. */
export class FileProblem extends Error {}

/** Text of the file for the eye: harmless and short. */
export function quoted(text) {
  const shown = plain(text).replace(/\s+/g, " ").trim();
  return shown.length > longestName ? `${shown.slice(0, longestName)}…` : shown;
}

export class Found {
  /** [{footprint, original, start, end}] */
  shapes = [];
  #notes = new Map();
  #positions = 0;
  #fileName;

  constructor(fileName) {
    this.#fileName = quoted(fileName);
  }

  /** What the file says that is not taken over, or not as it stands: each once, with how often. */
  note(key, values = {}) {
    const id = JSON.stringify([key, values]);
    const known = this.#notes.get(id);
    this.#notes.set(id, { key, values, count: (known?.count ?? 0) + 1 });
  }

  get notes() {
    return [...this.#notes.values()].map(({ key, values, count }) => (count > 1 ? t("geo.times", { sentence: t(key, values), count }) : t(key, values)));
  }

  /** How one shape of the file is called in a sentence. */
  label(name) {
    return quoted(name ?? "") || t("geo.unnamed", { n: this.shapes.length + 1 });
  }

  /** Takes one `type` of `positions` as the file has them: numbers, longitude first, a height perhaps. */
  add(type, positions, { name, radiusM = 0, start = null, end = null }) {
    const where = this.label(name);
    const read = positions.map((position, i) => this.#position(position, i + 1, where));
    if (type === "Polygon") this.#requireRing(read, where);
    const once = this.#withoutRepeats(type === "Polygon" ? read.slice(0, -1) : read, where);
    if (once.length < { Point: 1, LineString: 2, Polygon: 3 }[type]) throw new FileProblem(t(`geo.tooFew.${type}`, { where }));
    this.#positions += once.length;
    if (this.#positions > mostPositions) throw new FileProblem(t("geo.tooManyPositions", { most: mostPositions }));
    if (this.shapes.length >= mostVolumes) throw new FileProblem(t("geo.tooManyShapes", { most: mostVolumes }));
    const coordinates = { Point: () => once[0], LineString: () => once, Polygon: () => [[...once, once[0]]] }[type]();
    const named = quoted(name ?? "");
    this.shapes.push({ footprint: { type, coordinates, radiusM }, original: named ? `${this.#fileName}: ${named}` : this.#fileName, start, end });
  }

  #position(position, n, where) {
    if (!Array.isArray(position) || position.length < 2 || !position.slice(0, 2).every((v) => typeof v === "number" && Number.isFinite(v))) {
      throw new FileProblem(t("geo.notAPosition", { where, n }));
    }
    const [longitude, latitude] = position;
    if (Math.abs(longitude) > 180) throw new FileProblem(t("geo.badLongitude", { where, n, value: longitude }));
    if (Math.abs(latitude) > 90) throw new FileProblem(t("geo.badLatitude", { where, n, value: latitude }));
    if (position.length > 2 && position[2] !== 0) this.note("geo.heights");
    return [longitude, latitude];
  }

  #requireRing(ring, where) {
    const [first, last] = [ring[0], ring.at(-1)];
    if (ring.length < 4) throw new FileProblem(t("geo.tooFew.Polygon", { where }));
    if (first[0] !== last[0] || first[1] !== last[1]) throw new FileProblem(t("geo.openRing", { where }));
  }

  /** The node takes no place twice in a row. */
  #withoutRepeats(positions, where) {
    const once = positions.filter(([lon, lat], i) => i === 0 || lon !== positions[i - 1][0] || lat !== positions[i - 1][1]);
    if (once.length < positions.length) this.note("geo.repeats", { where, n: positions.length - once.length });
    return once;
  }
}
