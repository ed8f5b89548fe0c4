// Pictures that the map needs, drawn in the page: each kind's symbol in its party's shape and hue, hatches, marks.
import { colours, hueOnMap } from "./mapcolours.js";
import { kindSymbol } from "./mapsymbols.js";
import { identity, shapePoints } from "./parties.js";

const pixelRatio = 2;
const side = 30;

function canvas(size) {
  const made = document.createElement("canvas");
  made.width = made.height = size * pixelRatio;
  // Read back at once: a canvas of the graphics card would make that slow.
  const context = made.getContext("2d", { willReadFrequently: true });
  context.scale(pixelRatio, pixelRatio);
  return { context, read: () => context.getImageData(0, 0, size * pixelRatio, size * pixelRatio) };
}

/** The party's shape with the symbol of the kind in it; a drill's is hollow, with a broken edge. */
function noticePicture(store, owner, kind, isDrill) {
  const { hue, shape } = identity(store, owner);
  const ink = hueOnMap(hue);
  const { ground } = colours();
  const { context, read } = canvas(side);
  context.scale(side / 20, side / 20);
  context.beginPath();
  const points = shapePoints[shape];
  if (points) points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  else context.arc(10, 10, 8.6, 0, 2 * Math.PI);
  context.closePath();
  context.lineJoin = context.lineCap = "round";
  context.lineWidth = 2.2;
  context.strokeStyle = ground;
  context.stroke();
  context.fillStyle = isDrill ? ground : ink;
  context.fill();
  if (isDrill) {
    context.setLineDash([2.4, 2.2]);
    context.lineWidth = 1.4;
    context.strokeStyle = ink;
    context.stroke();
    context.setLineDash([]);
  }
  const scale = shape === "triangle" || shape === "cross" ? 0.55 : 0.66;
  context.translate(10, shape === "triangle" ? 12.6 : 10);
  context.scale(scale, scale);
  context.translate(-10, -10);
  const symbol = kindSymbol(kind);
  context.strokeStyle = context.fillStyle = isDrill ? ink : ground;
  context.lineWidth = 2.2;
  if (symbol.line) context.stroke(new Path2D(symbol.line));
  if (symbol.fill) context.fill(new Path2D(symbol.fill));
  return read();
}

/** Diagonal stripes that fit edge to edge. */
function hatch(colour) {
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
  return read();
}

/** The mark of a conflict: a cross in a box, so that it is told by shape as well as by colour. */
function conflictMark(colour) {
  const { context, read } = canvas(20);
  context.fillStyle = colours().ground;
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
  return read();
}

/** The mark of a place that was looked for: a ring with four ticks. */
function foundMark() {
  const { ground, found } = colours();
  const { context, read } = canvas(side);
  for (const [width, colour] of [[5, ground], [2.2, found]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    context.arc(15, 15, 8, 0, 2 * Math.PI);
    for (const [x, y] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(15 + x * 5, 15 + y * 5);
      context.lineTo(15 + x * 13, 15 + y * 13);
    }
    context.stroke();
  }
  return read();
}

function pictureOf(name, store) {
  const { alarm, quiet } = colours();
  switch (name) {
    case "hatch-open": return hatch(alarm);
    case "hatch-settled": return hatch(quiet);
    case "conflict-open": return conflictMark(alarm);
    case "conflict-settled": return conflictMark(quiet);
    case "found": return foundMark();
    default: {
      const [what, owner, kind, mode] = name.split("|");
      return what === "notice" ? noticePicture(store, owner, kind, mode === "drill") : null;
    }
  }
}

/** Draws each picture when the map first asks for it; returns what draws all of them again in the colours of now. */
export function drawPictures(map, store) {
  const drawn = new Set();
  map.on("styleimagemissing", ({ id }) => {
    const picture = pictureOf(id, store);
    if (!picture || map.hasImage(id)) return;
    map.addImage(id, picture, { pixelRatio });
    drawn.add(id);
  });
  return () => { for (const id of drawn) map.updateImage(id, pictureOf(id, store)); };
}
