// What a form may do with the map: pick positions, draw by hand, show its draft, and let a hand move it.
import { pointsOf } from "./footprint.js";
import { areaRing } from "./geodesic.js";
import { draftFeatures, otherVolumes } from "./mapfeatures.js";
import { sketchOn } from "./mapsketch.js";

const apartPx = 24;
const others = ["draft-others-fill", "draft-others-line", "draft-others-point"];

export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
export const rounded = (lngLat) => lngLat.wrap().toArray().map((v) => Number(v.toFixed(7)));

export class Pointer {
  #frame;
  #says;
  #map = null;
  #picked = null;
  #taken = null;
  #chosen = null;
  #sketch = null;
  #draft = {};

  constructor(frame, says) {
    this.#frame = frame;
    this.#says = says;
  }

  get draggable() {
    return this.#taken !== null && !this.picking;
  }

  get picking() {
    return this.#picked !== null;
  }

  /** Calls `picked([lon, lat])` for each click until `stop`. */
  pick(picked) {
    this.#picked = picked;
    this.#frame.classList.add("picking");
  }

  stop() {
    this.#sketch?.();
    this.#sketch = null;
    this.#picked = null;
    this.#frame.classList.remove("picking");
  }

  /** Lends the map to a hand that draws until `stop`: see mapsketch.js. False while there is no map. */
  sketch(hand) {
    this.stop();
    if (!this.#map) return false;
    this.pick(() => {});
    this.#sketch = sketchOn(this.#map, this.#frame, rounded, hand);
    return true;
  }

  /** Calls `chosen(index)` when another volume of the draft is pressed on the map, until `clear`. */
  chooses(chosen) {
    this.#chosen = chosen;
  }

  /**
   * Lets the draft be moved by hand until `clear`: `taken(corner, from)`, `corner` null for the whole, gives the promise of
   * what each movement calls with where the hand is now, or of null.
   */
  drags(taken) {
    this.#taken = taken;
  }

  /** The hand has taken hold; returns what its movements call. The newest that came before the form was ready is kept. */
  grab(corner, from) {
    let move = null;
    let last = null;
    this.#taken(corner, from).then((ready) => {
      move = ready;
      if (move && last) move(last);
    });
    return (to) => {
      last = to;
      move?.(to);
    };
  }

  /**
   * Shows {points, footprint, hits} and, less plainly, `others`: [{index, footprint}], the draft's other volumes. `rim` is a
   * further corner of a circle, for as long as it can be told from the centre by hand.
   */
  draw(draft) {
    this.#draft = draft;
    if (!this.#map) return;
    const { points = [], rim } = draft;
    const isApart = rim && this.#map.project(rim).dist(this.#map.project(points[0])) >= apartPx;
    this.#map.getSource("draft").setData(draftFeatures({ ...draft, points: isApart ? [...points, rim] : points }));
    this.#map.getSource("draft-others").setData(otherVolumes(draft.others));
  }

  /** Widens the view until it holds that footprint as well, so that what an advice moved away is still to be seen. */
  look(footprint) {
    const points = areaRing(footprint) ?? pointsOf(footprint);
    const view = this.#map?.getBounds();
    if (!view || points.every((p) => view.contains(p))) return;
    for (const p of points) view.extend(p);
    this.#map.fitBounds(view, { padding: 40, duration: still() ? 0 : 500 });
  }

  /** Puts what the form has to say of its draft over the map, where the hand is. */
  say(...parts) {
    this.#says.replaceChildren(...parts);
  }

  /** Ends picking and takes the draft away. */
  clear() {
    this.stop();
    this.#taken = null;
    this.#chosen = null;
    this.say();
    this.draw({});
  }

  /** A click of the map; true when a form took it. */
  take(position) {
    if (!this.#picked) return false;
    this.#picked(position);
    return true;
  }

  attach(map) {
    this.#map = map;
    map.on("zoomend", () => this.draw(this.#draft));
    map.on("click", (event) => {
      if (this.#picked || !this.#chosen) return;
      const [found] = map.queryRenderedFeatures(event.point, { layers: [...others, "draft-points", "draft-fill"] });
      if (found?.source === "draft-others") this.#chosen(found.properties.index);
    });
    this.draw(this.#draft);
  }
}

/** A draft that its form lets go of is moved by hand: a corner by itself, anything else of it the whole. */
export function dragDraft(map, frame, pointer) {
  const layers = ["draft-points", "draft-fill", "draft-line"];
  const at = (event) => rounded(event.lngLat);
  const under = (event) => (pointer.draggable ? map.queryRenderedFeatures(event.point, { layers })[0] : undefined);
  for (const [down, move, up] of [["mousedown", "mousemove", "mouseup"], ["touchstart", "touchmove", "touchend"]]) {
    map.on(down, (event) => {
      if (event.originalEvent.button > 0 || event.points?.length > 1) return;
      const found = under(event);
      if (!found) return;
      // The map itself stays where it is.
      event.preventDefault();
      const moved = pointer.grab(found.properties.corner ?? null, at(event));
      const follow = (now) => moved(at(now));
      frame.classList.add("dragging");
      map.on(move, follow);
      const drop = () => {
        map.off(move, follow);
        frame.classList.remove("dragging");
      };
      map.once(up, drop);
      globalThis.addEventListener(up, () => { map.off(up, drop); drop(); }, { once: true });
    });
  }
  map.on("mousemove", (event) => frame.classList.toggle("grabbable", Boolean(under(event))));
}
