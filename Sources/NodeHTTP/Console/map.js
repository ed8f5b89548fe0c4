// The map: draws what the store holds as of a moment, finds, measures and selects, and lends its pointer to a form.
import { baseStyle, countryNames, parseAirfields } from "./basemap.js";
import { h } from "./dom.js";
import { circle } from "./geodesic.js";
import { t } from "./i18n.js";
import { MapChoices } from "./mapchoices.js";
import { mountCross, underAt } from "./mapcross.js";
import { follow } from "./mapdraw.js";
import { collection, line, point, selectedBounds } from "./mapfeatures.js";
import { addLayers, stateAtFirst } from "./maplayers.js";
import { mountMeasure } from "./mapmeasure.js";
import { hiddenCount, shown } from "./mapmoment.js";
import { dragDraft, Pointer, rounded, still } from "./mappointer.js";
import { mountReadout } from "./mapreadout.js";
import { mountSearch } from "./mapsearch.js";
import { fillLayers, fillLegend, sheet } from "./mapsheets.js";
import { mountTime } from "./maptime.js";

const syria = [[35.2, 32.2], [42.5, 37.5]];
const dataBounds = [[31, 28.5], [48, 41.5]];
const smallestPx = 60;
const foundZoom = 9;
const drawnUncertaintyM = 200;
// Without any, the map would place every label anew in each frame.
const fadeDuration = 120;

/**
 * {update, pointer, ready, close}. Without WebGL the map says so and everything else goes on working. `close()` ends the map
 * and says what its view was, for `view` of the next.
 */
export function mountMap(container, store, view = null) {
  const frame = h("div", { class: "map-frame" });
  const says = h("div", { class: "draft-says" });
  const mark = h("div", { class: "map-when", role: "status", hidden: true });
  const hidden = h("div", { class: "map-hidden", role: "status", hidden: true });
  const cursor = h("div", { class: "cursor" });
  const panel = h("section", { class: "map-measure", "aria-label": t("measure.title") });
  const over = h("div", { class: "map-over" }, mark, hidden, says);
  const body = h("div", { class: "map-body" }, frame, over, panel, cursor);
  const bar = h("div", { class: "time-bar" });
  const tools = h("div", { class: "map-tools" });
  container.append(h("h2", { id: "map-title", class: "spoken" }, t("map.title")), tools, body, bar, h("div", { class: "sources" }, t("map.sources")));
  const choices = view?.choices ?? new MapChoices();
  const pointer = new Pointer(frame, says);
  const readout = mountReadout(cursor);
  const time = mountTime({ bar, mark, frame: body }, store, choices);
  const measureButton = h("button", { type: "button", id: "map-measure-button", "aria-pressed": "false" }, t("measure.title"));
  const measure = mountMeasure(panel, measureButton, frame);
  const layers = sheet("map-layers", t("layers.title"), body, (on) => fillLayers(on, store, choices));
  const legend = sheet("map-legend", t("legend.title"), body, (on) => fillLegend(on, store));
  const search = h("div", { class: "map-search" });
  tools.append(search, layers.button, legend.button, measureButton);
  const parts = { frame, body, over, tools, search, pointer, readout, measure, store, choices };
  const drawn = { map: null, follow: null, lookedAt: view ? store.selection : null };
  choices.subscribe(() => { layers.refill(); countHidden(); });

  function countHidden() {
    const { notices, at } = shown(store);
    const count = hiddenCount(notices, Math.floor(at / 1000), choices);
    hidden.hidden = count === 0;
    if (String(count) === hidden.dataset.count) return;
    hidden.dataset.count = count;
    hidden.replaceChildren(h("strong", {}, t(count === 1 ? "map.hiddenOne" : "map.hidden", { n: count })),
      h("button", { type: "button", onclick: () => choices.showAll() }, t("map.showAll")));
  }

  const ready = open(parts, drawn, view).catch((error) => {
    frame.append(h("p", { class: "problem map-problem" }, t("map.failed")));
    console.error(error);
  });
  return {
    pointer, ready,
    update() {
      time.update();
      countHidden();
      if (!drawn.map) return;
      drawn.follow.update();
      if (store.selection === drawn.lookedAt) return;
      drawn.lookedAt = store.selection;
      look(drawn.map, store);
    },
    close() {
      time.close();
      const { map } = drawn;
      if (!map) return view;
      drawn.map = null;
      drawn.follow.close();
      const last = { center: map.getCenter(), zoom: map.getZoom(), choices };
      map.remove();
      return last;
    },
  };
}

async function open({ frame, body, over, tools, search, pointer, readout, measure, store, choices }, drawn, view) {
  const answer = await fetch("data/levant/airfields.csv");
  const airfields = answer.ok ? parseAirfields(await answer.text()) : [];
  const map = new globalThis.maplibregl.Map({
    container: frame, style: baseStyle(airfields, stateAtFirst), maxBounds: dataBounds,
    ...(view ? { center: view.center, zoom: view.zoom } : { bounds: syria, fitBoundsOptions: { padding: 20 } }),
    attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 13,
    renderWorldCopies: false, fadeDuration, localIdeographFontFamily: false, reduceMotion: still(),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new globalThis.maplibregl.ScaleControl({ maxWidth: 140 }), "bottom-right");
  map.addControl(new globalThis.maplibregl.NavigationControl({ showCompass: false }), "top-right");
  tools.append(h("button", { type: "button", class: "home", onclick: () => map.fitBounds(syria, { padding: 20, duration: still() ? 0 : 500 }) },
    t("map.home")));
  mountSearch(search, { airfields, countries: countryNames, found: (place) => goTo(map, place) });
  await map.once("load");
  addLayers(map, store);
  measure.attach(map);
  // A form or the measure has a click first; while something is being written nothing else is selected.
  const take = (position) => pointer.take(position) || measure.take(position);
  const choose = ({ type, id }) => { if (!store.isWriting) store.select({ type, id }); };
  const cross = mountCross({ map, frame, body, over, store }, {
    take, choose, at: (position) => readout.at(position, true), left: readout.clear, undo: measure.undo,
  });
  map.on("mousemove", (event) => { if (!cross.isOn) readout.at(event.lngLat.toArray()); });
  map.on("mouseout", () => { if (!cross.isOn) readout.clear(); });
  dragDraft(map, frame, pointer);
  map.on("click", (event) => {
    if (take(rounded(event.lngLat))) return;
    const [found] = underAt(map, event.point);
    if (found) choose(found);
  });
  pointer.attach(map);
  drawn.follow = follow(map, store, choices);
  drawn.map = map;
  map.once("idle", () => { frame.dataset.drawn = "true"; });
}

/** Goes to a place that was looked for and marks it, with how far off its text leaves it; null takes the mark away. */
function goTo(map, place) {
  if (!place) return map.getSource("found").setData(collection([]));
  const { position, label, uncertaintyM = 0 } = place;
  const about = uncertaintyM > drawnUncertaintyM ? [line(circle(position, uncertaintyM))] : [];
  map.getSource("found").setData(collection([...about, point(position, { label })]));
  map.easeTo({ center: position, zoom: Math.max(map.getZoom(), foundZoom), duration: still() ? 0 : 500 });
}

/**
 * Turns to what was just selected when it is out of view or too small to make out; away from what is to be read back, whose
 * place a view that was turned to it would give away.
 */
function look(map, store) {
  if (store.hiddenNotice) return map.fitBounds(syria, { padding: 20, duration: 0 });
  const bounds = selectedBounds(shown(store), store);
  if (!bounds) return;
  const [west, south, east, north] = bounds;
  const view = map.getBounds();
  const inView = view.contains([west, south]) && view.contains([east, north]);
  const across = map.project([east, south]).x - map.project([west, north]).x;
  if (!inView || across < smallestPx) map.fitBounds(bounds, { padding: 110, maxZoom: 9.4, duration: still() ? 0 : 500 });
}
