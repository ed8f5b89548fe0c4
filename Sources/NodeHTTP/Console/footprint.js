// Footprints between the form's words (point, circle, area, line, corridor; positions a line each) and GeoJSON with a radius.
import { inverse } from "./geodesic.js";
import { degrees } from "./units.js";

export const shapes = ["point", "circle", "polygon", "line", "corridor"];
/** Shapes that are nothing without a radius; a polygon may have one, the others have none. */
const needsRadius = ["circle", "corridor"];
export const takesRadius = (shape) => shape === "polygon" || needsRadius.includes(shape);
/** How many positions a shape has at least, and at most. */
export const fewest = { point: 1, circle: 1, line: 2, corridor: 2, polygon: 3 };
export const isOfOnePosition = (shape) => fewest[shape] === 1;

/** point | circle | polygon | line | corridor, as the form calls it. */
export function shapeOf({ type, radiusM }) {
  switch (type) {
    case "Point": return radiusM > 0 ? "circle" : "point";
    case "LineString": return radiusM > 0 ? "corridor" : "line";
    default: return "polygon";
  }
}

/** The positions of a footprint, each once, longitude first. */
export function pointsOf(footprint) {
  switch (footprint.type) {
    case "Point": return [footprint.coordinates];
    case "LineString": return footprint.coordinates;
    default: return footprint.coordinates[0].slice(0, -1);
  }
}

/** The footprint, or null while there are too few positions, too many, or no radius that the shape can have. */
export function footprintOf(shape, points, radius) {
  const radiusM = takesRadius(shape) ? radius : 0;
  if (!Number.isFinite(radiusM) || radiusM < 0 || (needsRadius.includes(shape) && radiusM === 0)) return null;
  if (points.length < fewest[shape] || (isOfOnePosition(shape) && points.length > 1)) return null;
  switch (shape) {
    case "point": case "circle": return { type: "Point", coordinates: points[0], radiusM };
    case "line": case "corridor": return { type: "LineString", coordinates: points, radiusM };
    default: return { type: "Polygon", coordinates: [[...points, points[0]]], radiusM };
  }
}

/** Whole metres from the centre of a circle to where a hand is. */
export function radiusTo(centre, position) {
  return Math.max(1, Math.round(inverse(centre, position).distanceM));
}

/**
 * A line of text for a position, with as many decimals as set it apart from all others in `made` (line → position), where it
 * is put: what the form shows and what it files stay the same place to the last digit.
 */
export function lineFor(position, made) {
  for (let decimals = 5; ; decimals += 2) {
    const line = degrees(position, decimals);
    const other = made.get(line);
    if (other && decimals < 15 && (other[0] !== position[0] || other[1] !== position[1])) continue;
    made.set(line, position);
    return line;
  }
}
