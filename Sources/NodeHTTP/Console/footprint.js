// Footprints between the form's words (circle, area, corridor; positions a line each) and GeoJSON with a radius.
import { degrees } from "./units.js";

/** circle | polygon | corridor, as the form calls it. */
export function shapeOf(footprint) {
  return { Point: "circle", LineString: "corridor", Polygon: "polygon" }[footprint.type];
}

/** The positions of a footprint, each once, longitude first. */
export function pointsOf(footprint) {
  switch (footprint.type) {
    case "Point": return [footprint.coordinates];
    case "LineString": return footprint.coordinates;
    default: return footprint.coordinates[0].slice(0, -1);
  }
}

export function pointsText(footprint) {
  return pointsOf(footprint).map(degrees).join("\n");
}

/** The footprint, or null while there are too few positions or the radius is no number ≥ 0. */
export function footprintOf(shape, points, radiusM) {
  if (!Number.isFinite(radiusM) || radiusM < 0) return null;
  switch (shape) {
    case "circle": return points.length >= 1 ? { type: "Point", coordinates: points[0], radiusM } : null;
    case "corridor": return points.length >= 2 ? { type: "LineString", coordinates: points, radiusM } : null;
    default: return points.length >= 3 ? { type: "Polygon", coordinates: [[...points, points[0]]], radiusM } : null;
  }
}
