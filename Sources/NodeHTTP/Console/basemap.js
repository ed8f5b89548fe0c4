// The base map: the node's own copies of public data, drawn dark and quiet. Text is drawn by the browser's own fonts;
// there is no glyph server, tile server or sprite.

const data = (name) => ({ type: "geojson", data: new URL(`data/levant/${name}.geojson`, document.baseURI).href });

// Where a country's name stands: chosen by hand, inside the part of it that the data covers.
const countryNames = [
  ["SYRIA", 38.9, 35.35], ["TÜRKİYE", 37.6, 38.4], ["IRAQ", 42.4, 33.6], ["LEBANON", 35.95, 34.1], ["JORDAN", 36.9, 31.2],
  ["ISRAEL", 34.85, 31.2], ["CYPRUS", 33.2, 35.0], ["EGYPT", 33.7, 30.5], ["SAUDI ARABIA", 40.2, 30.7], ["IRAN", 45.4, 35.2],
];

function points(features) {
  return {
    type: "geojson",
    data: {
      type: "FeatureCollection",
      features: features.map(([name, lon, lat, more]) => ({
        type: "Feature", properties: { name, ...more }, geometry: { type: "Point", coordinates: [lon, lat] },
      })),
    },
  };
}

/** Meridians and parallels at each degree, so that a view of empty desert still says where it is. */
function graticule() {
  const lines = [];
  for (let lon = 31; lon <= 48; lon++) lines.push([[lon, 28], [lon, 42]]);
  for (let lat = 28; lat <= 42; lat++) lines.push([[31, lat], [48, lat]]);
  const name = ([[lon, lat], [endLon]]) => (lon === endLon ? `${lon} E` : `${lat} N`);
  return {
    type: "geojson",
    data: {
      type: "FeatureCollection",
      features: lines.map((line) => ({
        type: "Feature", properties: { name: name(line) }, geometry: { type: "LineString", coordinates: line },
      })),
    },
  };
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
export function baseStyle(airfields) {
  const line = (id, source, color, width, more = {}) => ({
    id, type: "line", source, paint: { "line-color": color, "line-width": width, ...more.paint }, ...(more.filter ? { filter: more.filter } : {}),
  });
  const label = (id, source, color, size, more = {}) => ({
    id, type: "symbol", source, ...(more.minzoom ? { minzoom: more.minzoom } : {}),
    layout: { "text-field": ["get", "name"], "text-font": ["DejaVu Sans, sans-serif"], "text-size": size, ...more.layout },
    paint: { "text-color": color, "text-halo-color": "#0b1119", "text-halo-width": 1.5 },
  });
  return {
    version: 8,
    sources: {
      countries: data("countries"), borders: data("borders"), coastline: data("coastline"), lakes: data("lakes"),
      rivers: data("rivers"), "country-names": points(countryNames), graticule: graticule(),
      airfields: points(airfields.map(([name, ...rest]) => [shortName(name), ...rest])),
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": "#0a1520" } },
      { id: "land", type: "fill", source: "countries", paint: { "fill-color": "#19222d" } },
      { id: "lakes", type: "fill", source: "lakes", paint: { "fill-color": "#0d2233" } },
      line("minor-rivers", "rivers", "#22384a", 0.6, { filter: [">", ["get", "level"], 2] }),
      line("rivers", "rivers", "#2b4a63", 1.1, { filter: ["<=", ["get", "level"], 2] }),
      line("graticule", "graticule", "#2a3848", 0.7),
      label("graticule-names", "graticule", "#7f91a6", 10.5, { layout: { "symbol-placement": "line", "symbol-spacing": 320 } }),
      line("coastline", "coastline", "#4f6b85", 1),
      line("borders", "borders", "#8496aa", 1.3, { paint: { "line-dasharray": [4, 2] } }),
      label("country-names", "country-names", "#8fa1b5", 15, { layout: { "text-letter-spacing": 0.25, "text-allow-overlap": true } }),
      {
        id: "airfields", type: "circle", source: "airfields", minzoom: 5,
        paint: { "circle-radius": 2.5, "circle-color": "#19222d", "circle-stroke-color": "#8fa1b5", "circle-stroke-width": 1.2 },
      },
      label("airfield-names", "airfields", "#aab9c9", 11, {
        minzoom: 5.6, layout: { "text-variable-anchor": ["left", "right", "bottom", "top"], "text-radial-offset": 0.6, "text-optional": true, "text-padding": 4 },
      }),
    ],
  };
}
