// The base map: the node's own copies of public data, drawn quietly. Text is drawn by the browser's own fonts; there is no
// glyph server, tile server or sprite.
import { colours } from "./mapcolours.js";

const data = (name) => ({ type: "geojson", data: new URL(`data/levant/${name}.geojson`, document.baseURI).href });

// Where a country's name stands: chosen by hand, inside the part of it that the data covers.
export const countryNames = [
  ["SYRIA", 38.9, 35.35], ["TÜRKİYE", 37.6, 38.4], ["IRAQ", 42.4, 33.6], ["LEBANON", 35.95, 34.1], ["JORDAN", 36.9, 31.2],
  ["ISRAEL", 34.85, 31.2], ["CYPRUS", 33.2, 35.0], ["EGYPT", 33.7, 30.5], ["SAUDI ARABIA", 40.2, 30.7], ["IRAN", 45.4, 35.2],
];

const geojson = (features) => ({ type: "geojson", data: { type: "FeatureCollection", features } });
const feature = (type, coordinates, properties) => ({ type: "Feature", properties, geometry: { type, coordinates } });
const points = (rows) => geojson(rows.map(([name, lon, lat, more]) => feature("Point", [lon, lat], { name, ...more })));

const [west, south, east, north] = [31, 28, 48, 42];

/** Lines at each multiple of `step` degrees, named so that a view of empty desert still says where it is. */
function grid(step) {
  const lines = [];
  for (let lon = west; lon <= east; lon += step) lines.push(feature("LineString", [[lon, south], [lon, north]], { name: `${lon} E` }));
  for (let lat = south; lat <= north; lat += step) lines.push(feature("LineString", [[west, lat], [east, lat]], { name: `${lat} N` }));
  return geojson(lines);
}

const garsLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ";

/** The name of the GARS cell of half a degree around a position, such as `436LX`. */
export function garsCell([longitude, latitude]) {
  const band = Math.floor((longitude + 180) * 2) + 1;
  const row = Math.floor((latitude + 90) * 2);
  return String(band).padStart(3, "0") + garsLetters[Math.floor(row / 24)] + garsLetters[row % 24];
}

function garsNames() {
  const rows = [];
  for (let lon = west + 0.25; lon < east; lon += 0.5) {
    for (let lat = south + 0.25; lat < north; lat += 0.5) rows.push([garsCell([lon, lat]), lon, lat]);
  }
  return points(rows);
}

/** Rows of airfields.csv as [name, lon, lat, {icao}]. A field in quotes may hold commas. */
export function parseAirfields(csv) {
  const rows = csv.trim().split(/\r?\n/).map((line) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1].replace(/^"|"$/g, "").replaceAll('""', '"')));
  const column = Object.fromEntries(rows[0].map((name, i) => [name, i]));
  return rows.slice(1).map((row) =>
    [row[column.name], Number(row[column.lon_deg]), Number(row[column.lat_deg]), { icao: row[column.icao] }])
    .filter(([name, lon, lat]) => name && Number.isFinite(lon) && Number.isFinite(lat));
}

const shortName = (name) => name.replace(/ (International )?(Airport|Air Base|Airfield)$/, "");

/** A MapLibre style of the base map; `airfields` as {@link parseAirfields} gives them. */
export function baseStyle(airfields, state) {
  return {
    version: 8,
    state: Object.fromEntries(Object.entries(state).map(([name, value]) => [name, { default: value }])),
    sources: {
      countries: data("countries"), borders: data("borders"), coastline: data("coastline"), lakes: data("lakes"),
      rivers: data("rivers"), "country-names": points(countryNames), graticule: grid(1), gars: grid(0.5), "gars-names": garsNames(),
      airfields: points(airfields.map(([name, ...rest]) => [shortName(name), ...rest])),
    },
    layers: baseLayers(),
  };
}

/** The layers of the base map in the colours of now. */
export function baseLayers() {
  const c = colours();
  const line = (id, source, color, width, more = {}) => ({
    id, type: "line", source, paint: { "line-color": color, "line-width": width, ...more.paint }, ...(more.filter ? { filter: more.filter } : {}),
  });
  const label = (id, source, color, size, more = {}) => ({
    id, type: "symbol", source, ...(more.minzoom ? { minzoom: more.minzoom } : {}),
    layout: { "text-field": ["get", "name"], "text-font": ["DejaVu Sans, sans-serif"], "text-size": size, ...more.layout },
    paint: { "text-color": color, "text-halo-color": c.ground, "text-halo-width": 1.5 },
  });
  return [
    { id: "sea", type: "background", paint: { "background-color": c.sea } },
    { id: "land", type: "fill", source: "countries", paint: { "fill-color": c.land } },
    { id: "lakes", type: "fill", source: "lakes", paint: { "fill-color": c.lake } },
    line("minor-rivers", "rivers", c.minorRiver, 0.6, { filter: [">", ["get", "level"], 2] }),
    line("rivers", "rivers", c.river, 1.1, { filter: ["<=", ["get", "level"], 2] }),
    line("graticule", "graticule", c.graticule, 0.7),
    label("graticule-names", "graticule", c.graticuleText, 10.5, { layout: { "symbol-placement": "line", "symbol-spacing": 320 } }),
    line("coastline", "coastline", c.coast, 1),
    line("borders", "borders", c.border, 1.3, { paint: { "line-dasharray": [4, 2] } }),
    label("country-names", "country-names", c.country, 15, { layout: { "text-letter-spacing": 0.25, "text-allow-overlap": true } }),
    {
      id: "airfields", type: "circle", source: "airfields", minzoom: 5,
      paint: { "circle-radius": 2.5, "circle-color": c.land, "circle-stroke-color": c.airfield, "circle-stroke-width": 1.2 },
    },
    label("airfield-names", "airfields", c.airfieldText, 11, {
      minzoom: 5.6, layout: { "text-variable-anchor": ["left", "right", "bottom", "top"], "text-radial-offset": 0.6, "text-optional": true, "text-padding": 4 },
    }),
  ];
}

/** What the officer may switch off and on, each by the layers that it is made of. */
export const baseGroups = {
  airfields: ["airfields", "airfield-names"], places: ["country-names"], borders: ["borders"],
  rivers: ["rivers", "minor-rivers"], graticule: ["graticule", "graticule-names"], gars: ["gars", "gars-names"],
};
