// Pictures that the map needs, drawn in the page: each party's shape in its hue, and the hatch of a conflict.
import { identity, shapePoints } from "./parties.js";

const pixelRatio = 2;

function canvas(size) {
  const made = document.createElement("canvas");
  made.width = made.height = size * pixelRatio;
  const context = made.getContext("2d");
  context.scale(pixelRatio, pixelRatio);
  return { context, read: () => context.getImageData(0, 0, size * pixelRatio, size * pixelRatio) };
}

/** The name of a party's picture, which is drawn on first use. */
export function partyIcon(map, store, party) {
  const { hue, shape } = identity(store, party);
  const name = `${shape} ${hue}`;
  if (map.hasImage(name)) return name;
  const { context, read } = canvas(20);
  context.beginPath();
  const points = shapePoints[shape];
  if (points) points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  else context.arc(10, 10, 8, 0, 2 * Math.PI);
  context.closePath();
  context.fillStyle = hue;
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = "#0b1119";
  context.stroke();
  map.addImage(name, read(), { pixelRatio });
  return name;
}

/** Diagonal stripes that fit edge to edge. */
export function addHatch(map, name, colour) {
  const size = 10;
  const { context, read } = canvas(size);
  context.strokeStyle = colour;
  context.lineWidth = 2.2;
  for (const shift of [-size, 0, size]) {
    context.beginPath();
    context.moveTo(shift, size);
    context.lineTo(shift + size, 0);
    context.stroke();
  }
  map.addImage(name, read(), { pixelRatio });
}

/** The mark of a conflict: a cross in a box, so that it is told by shape as well as by colour. */
export function addConflictMark(map, name, colour) {
  const { context, read } = canvas(20);
  context.fillStyle = "#0b1119";
  context.fillRect(1, 1, 18, 18);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(2, 2, 16, 16);
  context.lineWidth = 3;
  for (const [from, to] of [[[6, 6], [14, 14]], [[14, 6], [6, 14]]]) {
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  }
  map.addImage(name, read(), { pixelRatio });
}
