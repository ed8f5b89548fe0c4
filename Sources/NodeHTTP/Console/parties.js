// A party's identity on screen: a neutral hue and a shape, by its place in the terms, the same on every desk. Red and
// yellow mean alarm and green would mean "go", so none of them is here.
import { h, plain } from "./dom.js";

const identities = [
  { hue: "#5cb3ff", shape: "circle" },
  { hue: "#c792ff", shape: "diamond" },
  { hue: "#4fd8d2", shape: "square" },
  { hue: "#e59ad6", shape: "hexagon" },
  { hue: "#aab7ff", shape: "triangle" },
  { hue: "#c3cedb", shape: "cross" },
];
const mediator = { hue: "#c3cedb", shape: "square" };

/** {hue, shape} of a party; principals by their order in the terms. */
export function identity(store, party) {
  const parties = store.status?.parties ?? [];
  if (parties.find((p) => p.id === party)?.role === "mediator") return mediator;
  const place = parties.filter((p) => p.role !== "mediator").findIndex((p) => p.id === party);
  return identities[Math.max(0, place) % identities.length];
}

/** Shapes as polygons or a circle on a square of 20 units. */
export const shapePoints = {
  circle: null,
  diamond: [[10, 1], [19, 10], [10, 19], [1, 10]],
  square: [[3, 3], [17, 3], [17, 17], [3, 17]],
  hexagon: [[5.5, 2], [14.5, 2], [19, 10], [14.5, 18], [5.5, 18], [1, 10]],
  triangle: [[10, 2], [19, 18], [1, 18]],
  cross: [[7, 2], [13, 2], [13, 7], [18, 7], [18, 13], [13, 13], [13, 18], [7, 18], [7, 13], [2, 13], [2, 7], [7, 7]],
};

const svg = "http://www.w3.org/2000/svg";

/** The party's shape in its hue; the name beside it says the same, so screen readers skip it. */
export function partyMark(store, party) {
  const { hue, shape } = identity(store, party);
  const picture = document.createElementNS(svg, "svg");
  picture.setAttribute("viewBox", "0 0 20 20");
  picture.setAttribute("class", "mark");
  picture.setAttribute("aria-hidden", "true");
  const points = shapePoints[shape];
  const drawn = document.createElementNS(svg, points ? "polygon" : "circle");
  if (points) drawn.setAttribute("points", points.map((p) => p.join(",")).join(" "));
  else for (const [name, value] of [["cx", 10], ["cy", 10], ["r", 8]]) drawn.setAttribute(name, value);
  drawn.setAttribute("fill", hue);
  picture.append(drawn);
  return picture;
}

/** Mark and name. */
export function partyName(store, party) {
  const { hue } = identity(store, party);
  return h("span", { class: "party", vars: { "--hue": hue } },
    partyMark(store, party), h("bdi", {}, plain(store.party(party).name)));
}
