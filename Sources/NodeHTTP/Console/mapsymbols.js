// A symbol for each kind of activity, on a square of 20 units. A kind that is not known here gets a neutral dot. No symbol is
// a cross: crosses mark conflicts, and some crosses are protected emblems.

const symbols = {
  strike: { line: "M10 3.5v8M6.4 8.2 10 11.8l3.6-3.6M4.5 15.5h11" },
  "artillery-fire": { line: "M4 15.5C5 6.5 12.500 3.500 15.500 11.500M15.900 7.800l-.4 3.900-3.500-1.700M3.500 15.800h4.500" },
  "air-operation": { fill: "M10 3l1.3 4.800 5.200 3.200v1.700l-5.200-1.500-.3 3.100 1.700 1.300v1.200L10 16l-2.700.8v-1.200L9 14.300l-.3-3.100-5.200 1.500V11l5.200-3.200z" },
  "unmanned-aircraft": { fill: "M2.500 7.500 10 10.800l7.500-3.300L10 14.500z", line: "M10 11v5" },
  "ground-movement": { line: "M3.800 10h11.400M11 5.800 15.600 10 11 14.200M3.800 6.500v7" },
  "standing-presence": { line: "M6.200 3.500v13.500", fill: "M6.200 4h9l-2.400 3 2.400 3h-9z" },
  "naval-activity": { fill: "M3.500 11.500h13l-2.500 4.500H6z", line: "M10 11.500v-8M10 4.200l4.200 4.800" },
  exercise: { fill: "M4.500 5v10l5.500-5zM15.500 5v10L10 10z" },
  "missile-launch": { fill: "M10 2.500c1.900 2.100 2.300 4.300 2.300 6.500v3.800l2.200 3.700h-9l2.200-3.700V9c0-2.200.4-4.400 2.300-6.500z" },
  "air-defence-posture": { line: "M3.800 14.800a6.200 6.800 0 0 1 12.400 0", fill: "M8.200 14a1.800 1.800 0 1 0 3.600 0 1.800 1.800 0 1 0-3.600 0" },
  "humanitarian-movement": { fill: "M10 16C2.500 10.800 4.300 4.800 7.600 4.800c1.400 0 2.400 1.100 2.400 2 0-.9 1-2 2.400-2 3.300 0 5.100 6-2.400 11.200z" },
  "search-and-rescue": { line: "M4 10a6 6 0 1 0 12 0 6 6 0 1 0-12 0M7.500 10a2.500 2.500 0 1 0 5 0 2.500 2.500 0 1 0-5 0M5.800 5.800l2.400 2.400M14.200 5.800l-2.400 2.400M5.800 14.200l2.400-2.400M14.200 14.200l-2.400-2.400" },
  "electronic-interference": { fill: "M11.800 2.800 5.500 11h4l-1.600 6.200L14.500 9h-4z" },
};
const neutral = { fill: "M7.500 10a2.500 2.500 0 1 0 5 0 2.500 2.500 0 1 0-5 0" };

/** {line, fill}: SVG paths on a square of 20 units, each of which may be absent. */
export function kindSymbol(kind) {
  return Object.hasOwn(symbols, kind) ? symbols[kind] : neutral;
}

const svg = "http://www.w3.org/2000/svg";

function path(d, properties) {
  const made = document.createElementNS(svg, "path");
  for (const [name, value] of Object.entries({ d, ...properties })) made.setAttribute(name, value);
  return made;
}

/** The symbol in the colour of the text beside it, which says the same, so screen readers skip it. */
export function kindMark(kind) {
  const picture = document.createElementNS(svg, "svg");
  picture.setAttribute("viewBox", "0 0 20 20");
  picture.setAttribute("class", "mark");
  picture.setAttribute("aria-hidden", "true");
  const { line, fill } = kindSymbol(kind);
  if (line) picture.append(path(line, { fill: "none", stroke: "currentColor", "stroke-width": 1.9, "stroke-linecap": "round", "stroke-linejoin": "round" }));
  if (fill) picture.append(path(fill, { fill: "currentColor" }));
  return picture;
}
