// The layers over the base map, in drawing order. Party hues for notices; red only for a conflict that is open. What is drawn
// of the notices is decided here by the map's own state (the moment, the officer's choices), so that no data moves with it.
import { collection, drawable } from "./mapfeatures.js";
import { colours, hueOnMap } from "./mapcolours.js";
import { t, term } from "./i18n.js";
import { identity } from "./parties.js";

export const notices = ["notice-areas", "notice-marks"];
const sources = [...notices, "selected", "rings", "conflict-hatches", "conflict-lines", "conflict-marks", "draft-others", "draft", "measure", "found"];

/** What the layers ask of the map's state, as it is before anything is known. */
export const stateAtFirst = { moment: 0, hiddenKinds: [], hiddenParties: [], others: "faint", ended: false, labels: true, readBack: "" };

const get = (name) => ["get", name];
const state = (name) => ["global-state", name];
const is = (name, value = true) => ["==", get(name), value];
const ofType = (type) => ["==", ["geometry-type"], type];
const area = ofType("Polygon");

const standing = ["<", state("moment"), get("ended")];
const underWay = ["all", standing, ["<=", get("start"), state("moment")], ["any", [">=", get("end"), state("moment")], get("doubtful")]];
const drawn = ["all",
  ["!", ["in", get("kind"), state("hiddenKinds")]], ["!", ["in", get("owner"), state("hiddenParties")]],
  ["!=", get("id"), state("readBack")], ["any", standing, state("ended")], ["any", underWay, ["!=", state("others"), "hidden"]]];
const full = ["any", underWay, ["==", state("others"), "full"]];
const font = ["DejaVu Sans, sans-serif"];

export function addLayers(map, store) {
  for (const id of sources) map.addSource(id, { type: "geojson", data: collection([]), ...(notices.includes(id) ? { maxzoom: 12 } : {}) });
  for (const layer of layers(store)) map.addLayer(layer);
}

/** Every layer as it is in the colours, the language and the parties of now. */
export function layers(store) {
  const c = colours();
  const hue = partyHue(store, c);
  const conflictColour = ["case", get("open"), c.alarm, c.quiet];
  const words = (size = 12.5) => ({ "text-font": font, "text-size": size });
  const halo = (colour = c.ink, width = 1.8) => ({ "text-color": colour, "text-halo-color": c.ground, "text-halo-width": width });
  const along = { ...words(13), "symbol-placement": "line-center", "text-field": get("label"), "text-offset": [0, -1], "text-allow-overlap": true };
  // Beside the middle of a line: along a short one it would not be placed at all.
  const below = (offset) => ({ ...words(13), "text-field": get("label"), "text-anchor": "top", "text-offset": [0, offset], "text-allow-overlap": true });
  const icon = {
    "icon-image": ["concat", "notice|", get("owner"), "|", get("kind"), "|", ["case", get("drill"), "drill", "real"]], "icon-allow-overlap": true,
  };
  const layer = (id, type, source, filter, paint, layout = {}) => ({ id, type, source, ...(filter ? { filter } : {}), paint, layout });
  const outline = (id, filter, dashes) => layer(id, "line", "notice-areas", ["all", area, filter, drawn], {
    "line-color": hue, "line-width": ["case", full, 2.2, 1.4], "line-opacity": ["case", full, 1, c.faintLine], "line-dasharray": dashes,
  });
  const standsStill = ["!", ["any", is("drill"), is("doubtful")]];
  return [
    layer("gars", "line", "gars", null, { "line-color": c.gars, "line-width": 0.8 }, { visibility: "none" }),
    layer("gars-names", "symbol", "gars-names", null, halo(c.garsText, 1.4), { ...words(11), "text-field": get("name"), visibility: "none" }),

    layer("notice-fill", "fill", "notice-areas", ["all", area, drawn], { "fill-color": hue, "fill-opacity": ["case", full, c.area, c.faintArea] }),
    outline("notice-outline", ["all", standsStill, standing], [1]),
    outline("notice-outline-doubtful", ["all", is("drill", false), is("doubtful"), standing], [5, 3]),
    outline("notice-outline-drill", ["all", is("drill"), standing], [1.5, 2]),
    outline("notice-outline-ended", ["!", standing], [0.4, 2.4]),
    layer("notice-spine", "line", "notice-areas", ["all", ofType("LineString"), drawn], {
      "line-color": hue, "line-width": 1.2, "line-opacity": ["case", full, 1, c.faintLine], "line-dasharray": [3, 3],
    }),
    layer("notice-selected", "line", "selected", area, { "line-color": c.ink, "line-width": 1.5, "line-gap-width": 3 }),

    layer("rings", "line", "rings", null, { "line-color": c.ring, "line-width": 1.3, "line-dasharray": [1, 2.5] }),
    layer("ring-names", "symbol", "rings", ["has", "label"], halo(c.ring), {
      ...words(11.5), "symbol-placement": "line", "symbol-spacing": 420, "text-field": get("label"), "text-max-angle": 60, "text-padding": 1,
    }),

    layer("conflict-hatch", "fill", "conflict-hatches", is("open"), { "fill-pattern": "hatch-open" }),
    layer("conflict-hatch-settled", "fill", "conflict-hatches", is("open", false), { "fill-pattern": "hatch-settled" }),
    layer("conflict-outline", "line", "conflict-hatches", null, {
      "line-color": conflictColour, "line-width": ["case", get("selected"), 4, 2.5],
    }),
    layer("conflict-line", "line", "conflict-lines", ofType("LineString"), {
      "line-color": conflictColour, "line-width": ["case", get("selected"), 4, 2.5], "line-dasharray": [2, 1.2],
    }),
    layer("conflict-ends", "circle", "conflict-lines", ["all", ofType("Point"), ["!", ["has", "label"]]], {
      "circle-radius": 4, "circle-color": c.ground, "circle-stroke-color": conflictColour, "circle-stroke-width": 2.5,
    }),
    layer("conflict-label", "symbol", "conflict-lines", ["has", "label"], halo(), below(0.9)),

    layer("notice-dot", "circle", "notice-marks", ["all", drawn, [">", get("symbolFrom"), ["zoom"]]], {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 5, 2, 9, 4], "circle-color": hue, "circle-stroke-color": c.ground, "circle-stroke-width": 1,
      "circle-opacity": ["case", full, 1, 0.7], "circle-stroke-opacity": ["case", full, 1, 0.7],
    }),
    layer("notice-label", "symbol", "notice-marks", ["all", drawn, state("labels"), ["<=", get("labelFrom"), ["zoom"]]], {
      ...halo(), "text-opacity": ["case", full, 1, 0.75],
    }, {
      ...words(), "text-field": noticeWords(store), "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 1.7,
      "text-justify": "auto", "text-padding": 2,
    }),
    layer("notice-mark", "symbol", "notice-marks", ["all", drawn, ["<=", get("symbolFrom"), ["zoom"]]], {
      "icon-opacity": ["case", full, 1, 0.7],
    }, icon),
    layer("selected-mark", "symbol", "selected", ofType("Point"), {}, icon),
    layer("conflict-mark", "symbol", "conflict-marks", null, {
      ...halo(), "text-halo-color": ["case", get("open"), c.alarmHalo, c.ground], "text-halo-width": 2.5,
    }, {
      ...words(), "icon-image": ["case", get("open"), "conflict-open", "conflict-settled"], "icon-allow-overlap": true,
      "text-field": get("label"), "text-optional": true, "text-variable-anchor": ["right", "left", "bottom", "top"], "text-radial-offset": 1.2,
    }),

    layer("draft-others-fill", "fill", "draft-others", area, { "fill-color": c.ink, "fill-opacity": 0.08 }),
    layer("draft-others-line", "line", "draft-others", ["!", ofType("Point")], { "line-color": c.ink, "line-width": 1.3, "line-opacity": 0.85, "line-dasharray": [1, 2] }),
    layer("draft-others-point", "circle", "draft-others", ofType("Point"), {
      "circle-radius": 5, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": c.ink, "circle-stroke-width": 1.3,
    }),
    layer("draft-others-names", "symbol", "draft-others", null, halo(), { ...words(14), "text-field": get("label"), "text-allow-overlap": true }),
    layer("draft-fill", "fill", "draft", area, { "fill-color": c.ink, "fill-opacity": 0.16 }),
    layer("draft-line", "line", "draft", ["all", ["!", ofType("Point")], ["!", ["has", "hit"]]], { "line-color": c.ink, "line-width": 2, "line-dasharray": [2, 1] }),
    layer("draft-hits", "line", "draft", ["has", "hit"], { "line-color": c.alarm, "line-width": 3 }),
    layer("draft-hit-labels", "symbol", "draft", ["has", "hit"], halo(), along),
    layer("draft-points", "circle", "draft", ofType("Point"), {
      "circle-radius": 6, "circle-color": "rgba(255,255,255,0.25)", "circle-stroke-color": c.ink, "circle-stroke-width": 2,
    }),

    layer("measure-line", "line", "measure", ofType("LineString"), { "line-color": c.measure, "line-width": 2.2 }),
    layer("measure-points", "circle", "measure", ["all", ofType("Point"), ["!", ["has", "label"]]], {
      "circle-radius": 4.5, "circle-color": c.ground, "circle-stroke-color": c.measure, "circle-stroke-width": 2.2,
    }),
    layer("measure-names", "symbol", "measure", ["has", "label"], halo(), below(0.3)),
    layer("found-about", "line", "found", ofType("LineString"), { "line-color": c.found, "line-width": 1.5, "line-dasharray": [3, 2] }),
    layer("found", "symbol", "found", ofType("Point"), halo(), {
      ...words(), "icon-image": "found", "icon-allow-overlap": true, "text-field": get("label"), "text-anchor": "left",
      "text-offset": [1.4, 0], "text-allow-overlap": true,
    }),
  ];
}

/** The hue of a feature's owner. */
function partyHue(store, c) {
  const parties = (store.status?.parties ?? []).map((p) => p.id);
  return parties.length === 0 ? c.quiet : ["match", get("owner"), ...parties.flatMap((id) => [id, hueOnMap(identity(store, id).hue)]), c.quiet];
}

/** Kind and id of a feature's notice; that it is a drill, or over, stands above both. */
function noticeWords(store) {
  const kinds = (store.terms?.kinds ?? []).map((each) => each.kind);
  const line = (words) => `${words}\n`;
  // A kind that the terms do not name is shown as it was sent: its signs are those of the protocol.
  const unknown = ["concat", get("kind"), "\n"];
  const kind = kinds.length === 0 ? unknown : ["match", get("kind"), ...kinds.flatMap((each) => [each, drawable(line(term("kind", each)))]), unknown];
  const mark = ["case", ["!", standing], drawable(line(term("status", "ended"))), get("drill"), drawable(line(t("notice.drill"))), ""];
  return ["concat", mark, kind, get("id")];
}

/** Gives every layer that differs the look of now. */
export function repaint(map, wanted) {
  for (const { id, paint = {}, layout = {} } of wanted) {
    for (const [name, value] of Object.entries(paint)) if (differ(map.getPaintProperty(id, name), value)) map.setPaintProperty(id, name, value);
    for (const [name, value] of Object.entries(layout)) {
      if (name !== "visibility" && differ(map.getLayoutProperty(id, name), value)) map.setLayoutProperty(id, name, value);
    }
  }
}

const differ = (a, b) => JSON.stringify(a) !== JSON.stringify(b);
