// How far other activities have to stay from a notice: its outline, wider by each distance that the terms' minima demand. A
// drawing; the node decides, on the ellipsoid, with altitude and time.
import { pointsOf } from "./footprint.js";
import { areaRing, densify } from "./geodesic.js";
import { t, term } from "./i18n.js";
import { drawable, feature } from "./mapfeatures.js";
import { distance } from "./units.js";

const metresPerDegree = 111_195;
const namedKinds = 2;
// Points of outlines times edges that they are held against; beyond it outlines are drawn as they cross.
const mostWork = 4e6;
const slack = 0.985;

/** The horizontal minimum between two kinds: that of their row, else the largest of all rows. */
export function horizontalMinimum(terms, a, b) {
  const row = terms.minima.find(({ between: [x, y] }) => (x === a && y === b) || (x === b && y === a));
  return row ? row.horizontalM : Math.max(...terms.minima.map((each) => each.horizontalM));
}

/** Distances that a kind demands, the smallest first: [{distanceM, kinds}]. */
export function demands(terms, kind) {
  const byDistance = new Map();
  for (const other of terms.kinds) {
    const distanceM = horizontalMinimum(terms, kind, other.kind);
    if (distanceM > 0) byDistance.set(distanceM, [...(byDistance.get(distanceM) ?? []), other.kind]);
  }
  return [...byDistance].sort(([a], [b]) => a - b).map(([distanceM, kinds]) => ({ distanceM, kinds }));
}

export function minimaRings(notice, terms) {
  const footprints = notice.volumes.map((volume) => volume.footprint);
  return demands(terms, notice.kind).flatMap(({ distanceM, kinds }) =>
    dilated(footprints, distanceM).map((path) => feature({ type: "LineString", coordinates: path }, { label: words(distanceM, kinds), distanceM })));
}

function words(distanceM, kinds) {
  const named = kinds.slice(0, namedKinds).map((kind) => term("kind", kind)).join(", ");
  return drawable(kinds.length > namedKinds
    ? t("map.ringMore", { distance: distance(distanceM), kinds: named, n: kinds.length - namedKinds })
    : t("map.ring", { distance: distance(distanceM), kinds: named }), distance(distanceM));
}

/** The outline of all that lies within `distanceM` of any of the footprints, as paths. */
export function dilated(footprints, distanceM) {
  const wide = footprints.map((footprint) => ({ ...footprint, radiusM: (footprint.radiusM ?? 0) + distanceM }));
  const rings = wide.map((footprint) => finer(areaRing(footprint), distanceM / 20));
  const cores = wide.map((footprint) => ({ core: core(footprint), reachM: footprint.radiusM * slack }));
  const work = rings.reduce((sum, ring) => sum + ring.length, 0) * cores.reduce((sum, { core: { path } }) => sum + path.length, 0);
  const simple = footprints.length === 1 && pointsOf(footprints[0]).length <= 2;
  if (simple || work > mostWork) return rings;
  return rings.flatMap((ring) => pieces(ring, (p) => cores.every(({ core: its, reachM }) => distanceTo(its, p) >= reachM)));
}

/** The ring's stretches whose points are kept; the whole ring when all are. */
function pieces(ring, kept) {
  const isKept = ring.map(kept);
  const start = isKept.indexOf(false);
  if (start < 0) return [ring];
  const paths = [];
  let path = [];
  for (let k = 1; k <= ring.length; k++) {
    const i = (start + k) % ring.length;
    if (isKept[i]) path.push(ring[i]);
    else {
      if (path.length > 1) paths.push(path);
      path = [];
    }
  }
  return paths;
}

/** The ring with points put in, so that what is cut off ends close to where it should. */
function finer(ring, stepM) {
  const fine = [];
  for (let i = 1; i < ring.length; i++) {
    const [a, b] = [ring[i - 1], ring[i]];
    const steps = Math.min(60, Math.ceil(Math.hypot(...plane(a, b)) / stepM));
    for (let k = 0; k < steps; k++) fine.push([a[0] + ((b[0] - a[0]) * k) / steps, a[1] + ((b[1] - a[1]) * k) / steps]);
  }
  return [...fine, ring.at(-1)];
}

function core({ type, coordinates }) {
  if (type === "Point") return { path: [coordinates], isArea: false };
  return type === "LineString" ? { path: densify(coordinates), isArea: false } : { path: densify(coordinates[0]), isArea: true };
}

/** Metres east and north from `p` to `q`, on the plane at `p`. */
function plane(p, q) {
  return [(q[0] - p[0]) * metresPerDegree * Math.cos((p[1] * Math.PI) / 180), (q[1] - p[1]) * metresPerDegree];
}

function distanceTo({ path, isArea }, p) {
  let nearest = Infinity;
  let inside = false;
  let [x, y] = plane(p, path[0]);
  nearest = Math.hypot(x, y);
  for (let i = 1; i < path.length; i++) {
    const [u, v] = plane(p, path[i]);
    const [dx, dy] = [u - x, v - y];
    const along = Math.max(0, Math.min(1, -(x * dx + y * dy) / (dx * dx + dy * dy || 1)));
    nearest = Math.min(nearest, Math.hypot(x + along * dx, y + along * dy));
    if ((y > 0) !== (v > 0) && (x * v - u * y) / (v - y) > 0) inside = !inside;
    [x, y] = [u, v];
  }
  return isArea && inside ? 0 : nearest;
}
