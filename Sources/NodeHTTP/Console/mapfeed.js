// Hands the map's notices over piece by piece: of five thousand only those that have changed, and never so many at once that
// the screen would stand still.
import { noticeFeatures } from "./mapfeatures.js";
import { Crowd } from "./mapcrowd.js";

const sources = { areas: "notice-areas", marks: "notice-marks" };
const parts = Object.keys(sources);
const budgetMs = 25;
const restMs = 30;
/** With fewer, every notice has its symbol at every zoom. */
const crowdFrom = 400;
const alone = { symbolFrom: 0, labelFrom: 0 };

export class NoticeFeed {
  #map;
  /** By id: {notice, ids} as the map has them. */
  #held = new Map();
  #wanted = new Map();
  #crowd = null;
  #timer = null;

  constructor(map) {
    this.#map = map;
  }

  /** Makes the map hold these notices, a Map by id. Returns whether anything changed. */
  put(notices) {
    const isCrowded = notices.size > crowdFrom;
    if (isCrowded !== (this.#crowd !== null)) {
      this.#crowd = isCrowded ? new Crowd() : null;
      for (const held of this.#held.values()) held.notice = null;
    }
    this.#wanted = notices;
    return this.#step();
  }

  close() {
    clearTimeout(this.#timer);
  }

  #step() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const until = performance.now() + budgetMs;
    const change = Object.fromEntries(parts.map((part) => [part, { add: [], remove: [] }]));
    let changes = 0;
    for (const [id, held] of this.#held) {
      if (this.#wanted.has(id)) continue;
      for (const part of parts) change[part].remove.push(...held.ids[part]);
      this.#held.delete(id);
      this.#crowd?.leave(id);
      changes += 1;
    }
    for (const notice of this.#wanted.values()) {
      const held = this.#held.get(notice.id);
      if (held?.notice === notice) continue;
      if (performance.now() > until) {
        this.#timer = setTimeout(() => this.#step(), restMs);
        break;
      }
      this.#add(notice, held, change);
      changes += 1;
    }
    if (changes > 0) for (const part of parts) this.#map.getSource(sources[part]).updateData(change[part]);
    return changes > 0;
  }

  #add(notice, held, change) {
    const { areas, marks } = noticeFeatures(notice);
    const [mark] = marks;
    const crowded = this.#crowd ? this.#crowd.place(notice.id, mark.geometry.coordinates) : alone;
    const features = { areas, marks: [{ ...mark, properties: { ...mark.properties, ...crowded } }] };
    const ids = Object.fromEntries(parts.map((part) => [part, features[part].map((each) => each.id)]));
    for (const part of parts) {
      change[part].add.push(...features[part]);
      // What has the same id is replaced.
      change[part].remove.push(...(held?.ids[part] ?? []).filter((id) => !ids[part].includes(id)));
    }
    this.#held.set(notice.id, { notice, ids });
  }
}
