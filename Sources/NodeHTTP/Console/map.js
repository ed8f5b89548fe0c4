// The map: draws what the store holds, selects on a click, and lends its pointer to a form.
import { baseStyle, parseAirfields } from "./basemap.js";
import { h } from "./dom.js";
import { pointsOf } from "./footprint.js";
import { areaRing } from "./geodesic.js";
import { t } from "./i18n.js";
import { addConflictMark, addHatch } from "./mapicons.js";
import { conflictFeatures, draftFeatures, noticeFeatures, selectedBounds } from "./mapfeatures.js";
import { addLayers, noAlarm } from "./maplayers.js";
import { degrees } from "./units.js";

const syria = [[35.2, 32.2], [42.5, 37.5]];
const dataBounds = [[31, 28.5], [48, 41.5]];
const smallestPx = 60;
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** {update, pointer, ready}. Without WebGL the map says so and everything else goes on working. */
export function mountMap(container, store) {
  const frame = h("div", { class: "map-frame" });
  const cursor = h("div", { class: "cursor" });
  const says = h("div", { class: "draft-says" });
  container.append(
    h("h2", { id: "map-title", class: "spoken" }, t("map.title")), frame, cursor, says,
    h("div", { class: "sources" }, t("map.sources")));
  const pointer = new Pointer(frame, says);
  const drawn = { map: null };
  const ready = open(container, frame, cursor, store, pointer, drawn).catch((error) => {
    frame.append(h("p", { class: "problem map-problem" }, t("map.failed")));
    console.error(error);
  });
  return { update: () => drawn.map && draw(drawn.map, store), pointer, ready };
}

async function open(container, frame, cursor, store, pointer, drawn) {
  const answer = await fetch("data/levant/airfields.csv");
  const airfields = answer.ok ? parseAirfields(await answer.text()) : [];
  const map = new globalThis.maplibregl.Map({
    container: frame, style: baseStyle(airfields), bounds: syria, fitBoundsOptions: { padding: 20 }, maxBounds: dataBounds,
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 13,
    renderWorldCopies: false, fadeDuration: 0, localIdeographFontFamily: false, reduceMotion: still(),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new globalThis.maplibregl.ScaleControl({ maxWidth: 140 }), "bottom-right");
  map.addControl(new globalThis.maplibregl.NavigationControl({ showCompass: false }), "top-right");
  container.append(h("button", { type: "button", class: "home", onclick: () => map.fitBounds(syria, { padding: 20, duration: still() ? 0 : 500 }) },
    t("map.home")));
  await map.once("load");
  addHatch(map, "hatch-open", "#ff5a5f");
  addHatch(map, "hatch-settled", noAlarm);
  addConflictMark(map, "conflict-open", "#ff6468");
  addConflictMark(map, "conflict-settled", noAlarm);
  addLayers(map);
  map.on("mousemove", (event) => { cursor.textContent = degrees(event.lngLat.toArray()); });
  dragDraft(map, frame, pointer);
  map.on("click", (event) => {
    const position = event.lngLat.wrap().toArray().map((v) => Number(v.toFixed(7)));
    if (pointer.take(position)) return;
    const [found] = map.queryRenderedFeatures(event.point, { layers: ["conflict-mark", "notice-mark", "conflict-line", "conflict-hatch", "conflict-hatch-settled", "notice-fill"] });
    if (!found || store.selection?.type === "readBack" || store.selection?.type === "file") return;
    store.select({ type: found.source.startsWith("conflict") ? "conflict" : "notice", id: found.properties.id });
  });
  pointer.attach(map);
  drawn.map = map;
  draw(map, store);
  map.once("idle", () => { frame.dataset.drawn = "true"; });
}

/** A draft that its form lets go of is moved by hand: a corner by itself, anything else of it the whole. */
function dragDraft(map, frame, pointer) {
  const layers = ["draft-points", "draft-fill", "draft-line"];
  const at = (event) => event.lngLat.wrap().toArray().map((v) => Number(v.toFixed(7)));
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

let shown = [];

/** Gives the map new data only when something that it shows has changed. */
function draw(map, store) {
  const key = [store.notices, store.conflicts, store.selection, store.status, ...store.notices.values(), ...store.conflicts.values()];
  if (key.length === shown.length && key.every((value, i) => value === shown[i])) return;
  shown = key;
  const notices = noticeFeatures(map, store);
  const conflicts = conflictFeatures(store);
  map.getSource("notice-areas").setData(notices.areas);
  map.getSource("notice-marks").setData(notices.marks);
  map.getSource("conflict-hatches").setData(conflicts.hatches);
  map.getSource("conflict-lines").setData(conflicts.lines);
  map.getSource("conflict-marks").setData(conflicts.marks);
  if (store.selection !== lookedAt) look(map, store);
}

let lookedAt = null;

/** Turns to what was just selected when it is out of view or too small to make out. */
function look(map, store) {
  lookedAt = store.selection;
  const bounds = selectedBounds(store);
  if (!bounds) return;
  const [west, south, east, north] = bounds;
  const view = map.getBounds();
  const inView = view.contains([west, south]) && view.contains([east, north]);
  const across = map.project([east, south]).x - map.project([west, north]).x;
  if (!inView || across < smallestPx) map.fitBounds(bounds, { padding: 110, maxZoom: 9.4, duration: still() ? 0 : 500 });
}

/** What a form may do with the map: pick positions, and show its draft. */
class Pointer {
  #frame;
  #says;
  #map = null;
  #picked = null;
  #taken = null;
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
    this.#picked = null;
    this.#frame.classList.remove("picking");
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

  /** Shows {points, footprint, hits}. */
  draw(draft) {
    this.#draft = draft;
    this.#map?.getSource("draft").setData(draftFeatures(draft));
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
    this.draw(this.#draft);
  }
}
