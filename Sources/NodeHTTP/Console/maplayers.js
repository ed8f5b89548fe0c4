// The layers over the base map, in drawing order. Party hues for notices; red only for a conflict that is open.

export const noAlarm = "#dfe7f0";
const alarm = "#ff5a5f";
const draft = "#ffffff";

export function addLayers(map) {
  const empty = { type: "FeatureCollection", features: [] };
  for (const id of ["notice-areas", "notice-marks", "conflict-hatches", "conflict-lines", "conflict-marks", "draft"]) {
    map.addSource(id, { type: "geojson", data: empty });
  }
  const add = (id, type, source, filter, paint, layout = {}) =>
    map.addLayer({ id, type, source, ...(filter ? { filter } : {}), paint, layout });
  const is = (name, value = true) => ["==", ["get", name], value];
  const area = ["==", ["geometry-type"], "Polygon"];
  const conflictColour = ["case", ["get", "open"], alarm, noAlarm];

  add("notice-fill", "fill", "notice-areas", area, {
    "fill-color": ["get", "hue"], "fill-opacity": ["case", ["get", "selected"], 0.34, 0.18],
  });
  add("notice-outline", "line", "notice-areas", ["all", area, is("drill", false), is("doubtful", false)], outline([1]));
  add("notice-outline-doubtful", "line", "notice-areas", ["all", area, is("drill", false), is("doubtful")], outline([5, 3]));
  add("notice-outline-drill", "line", "notice-areas", ["all", area, is("drill")], outline([1.5, 2]));
  add("notice-spine", "line", "notice-areas", ["==", ["geometry-type"], "LineString"], {
    "line-color": ["get", "hue"], "line-width": 1.2, "line-dasharray": [3, 3],
  });
  add("notice-selected", "line", "notice-areas", ["all", area, is("selected")], { "line-color": "#ffffff", "line-width": 1.5, "line-gap-width": 3 });

  add("conflict-hatch", "fill", "conflict-hatches", is("open"), { "fill-pattern": "hatch-open" });
  add("conflict-hatch-settled", "fill", "conflict-hatches", is("open", false), { "fill-pattern": "hatch-settled" });
  add("conflict-outline", "line", "conflict-hatches", null, {
    "line-color": conflictColour, "line-width": ["case", ["get", "selected"], 4, 2.5],
  });
  add("conflict-line", "line", "conflict-lines", ["==", ["geometry-type"], "LineString"], {
    "line-color": conflictColour, "line-width": ["case", ["get", "selected"], 4, 2.5], "line-dasharray": [2, 1.2],
  });
  add("conflict-ends", "circle", "conflict-lines", ["==", ["geometry-type"], "Point"], {
    "circle-radius": 4, "circle-color": "#0b1119", "circle-stroke-color": conflictColour, "circle-stroke-width": 2.5,
  });
  add("conflict-label", "symbol", "conflict-lines", ["==", ["geometry-type"], "LineString"], text("#ffffff"), {
    "symbol-placement": "line-center", "text-field": ["get", "label"], "text-font": ["DejaVu Sans, sans-serif"],
    "text-size": 13, "text-offset": [0, -1], "text-allow-overlap": true,
  });

  add("notice-mark", "symbol", "notice-marks", null, text("#ffffff"), {
    "icon-image": ["get", "icon"], "icon-allow-overlap": true, "text-field": ["get", "label"],
    "text-font": ["DejaVu Sans, sans-serif"], "text-size": 12.5, "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.9,
    "text-justify": "auto", "text-optional": true, "text-padding": 2,
  });
  add("conflict-mark", "symbol", "conflict-marks", null, {
    ...text("#ffffff"), "text-halo-color": ["case", ["get", "open"], "#8f1216", "#0b1119"], "text-halo-width": 2.5,
  }, {
    "icon-image": ["case", ["get", "open"], "conflict-open", "conflict-settled"], "icon-allow-overlap": true,
    "text-field": ["get", "label"], "text-font": ["DejaVu Sans, sans-serif"], "text-size": 12.5, "text-optional": true,
    "text-variable-anchor": ["right", "left", "bottom", "top"], "text-radial-offset": 1.2,
  });

  add("draft-fill", "fill", "draft", ["==", ["geometry-type"], "Polygon"], { "fill-color": draft, "fill-opacity": 0.16 });
  add("draft-line", "line", "draft", ["all", ["!=", ["geometry-type"], "Point"], ["!", ["has", "hit"]]], { "line-color": draft, "line-width": 2, "line-dasharray": [2, 1] });
  add("draft-hits", "line", "draft", ["has", "hit"], { "line-color": alarm, "line-width": 3 });
  add("draft-hit-labels", "symbol", "draft", ["has", "hit"], text("#ffffff"), {
    "symbol-placement": "line-center", "text-field": ["get", "label"], "text-font": ["DejaVu Sans, sans-serif"],
    "text-size": 13, "text-offset": [0, -1], "text-allow-overlap": true,
  });
  add("draft-points", "circle", "draft", ["==", ["geometry-type"], "Point"], {
    "circle-radius": 6, "circle-color": "rgba(255,255,255,0.25)", "circle-stroke-color": draft, "circle-stroke-width": 2,
  });
}

function outline(dashes) {
  return { "line-color": ["get", "hue"], "line-width": 2.2, "line-dasharray": dashes };
}

function text(colour) {
  return { "text-color": colour, "text-halo-color": "#0b1119", "text-halo-width": 1.8 };
}
