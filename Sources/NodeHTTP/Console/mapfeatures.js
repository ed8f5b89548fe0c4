// What the map draws over the base map, as GeoJSON: notices, conflicts, and the draft of a form. What a notice or conflict
// looks like is computed once for each of its versions.
import { overlap } from "./clip.js";
import { pointsOf } from "./footprint.js";
import { areaRing, spine } from "./geodesic.js";
import { t, term } from "./i18n.js";
import { timesOf } from "./mapmoment.js";
import { distance } from "./units.js";

export const collection = (features) => ({ type: "FeatureCollection", features });
export const feature = (geometry, properties = {}) => ({ type: "Feature", geometry, properties });
export const point = (coordinates, properties) => feature({ type: "Point", coordinates }, properties);
export const line = (coordinates, properties) => feature({ type: "LineString", coordinates }, properties);

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/**
 * Words that the map can draw: it neither joins Arabic letters nor turns Hebrew ones around, and wrong words are worse than
 * none, so then only `otherwise` is drawn. Lists and cards say the same in full.
 */
export function drawable(words, otherwise = "") {
  return rightToLeft.test(words) ? otherwise : words;
}

function shapes(footprint, properties) {
  const ring = areaRing(footprint);
  const middleLine = spine(footprint);
  return [
    ring && feature({ type: "Polygon", coordinates: [ring] }, properties),
    middleLine && line(middleLine, properties),
  ].filter(Boolean);
}

const drawnNotices = new WeakMap();

/** {areas, marks}: features of one notice, each with an id of its own, and what decides how and when it is drawn. */
export function noticeFeatures(notice) {
  let known = drawnNotices.get(notice);
  if (known) return known;
  const { start, end, ended, doubtful, volumes } = timesOf(notice);
  const properties = { id: notice.id, owner: notice.owner, kind: notice.kind, drill: notice.mode === "drill", doubtful, ended };
  const named = (features) => features.map((each, i) => ({ ...each, id: `${notice.id}#${i}` }));
  const areas = notice.volumes.flatMap(({ footprint }, i) => shapes(footprint, { ...properties, ...volumes[i] }));
  const at = notice.referencePosition?.position ?? pointsOf(notice.volumes[0].footprint)[0];
  known = { areas: named(areas), marks: named([point(at, { ...properties, start, end })]) };
  drawnNotices.set(notice, known);
  return known;
}

const order = ["open", "disputed", "settled"];

/** Conflicts that are not over and may be seen, those still open first. */
function standing(conflicts, store) {
  return [...conflicts.values()].filter((c) => c.state !== "cleared" && !store.isHidden(c.id))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

/**
 * For each conflict: the overlap where there is one, the line between the closest points, and a mark. Of the selected one
 * every pair of volumes that comes too close, as far as `pairs(conflict)` knows them.
 */
export function conflictFeatures({ notices, conflicts }, store, pairs) {
  const hatches = [], lines = [], ends = [], marks = [];
  for (const conflict of standing(conflicts, store)) {
    const selected = store.selection?.id === conflict.id;
    const properties = { id: conflict.id, open: conflict.state !== "settled", selected };
    const rings = overlaps(conflict, notices);
    for (const ring of rings) hatches.push(feature({ type: "Polygon", coordinates: [ring] }, properties));
    const { closest } = conflict;
    for (const pair of (selected && pairs(conflict)) || (closest ? [closest] : [])) {
      if (pair.distanceM > 0) {
        const [found, required] = [distance(pair.distanceM), distance(pair.requiredM)];
        const label = drawable(t("map.conflictLine", { distance: found, required }), `${found} / ${required}`);
        lines.push(line([pair.first, pair.second], properties), point(middle([pair.first, pair.second]), { ...properties, label }));
      }
      for (const end of [pair.first, pair.second]) ends.push(point(end, properties));
    }
    if (!closest) continue;
    const at = rings.length > 0 ? middle(rings[0].slice(0, -1)) : middle([closest.first, closest.second]);
    marks.push(point(at, { ...properties, label: drawable(conflict.state === "open" ? t("assurance.conflict") : term("conflict", conflict.state)) }));
  }
  return { hatches: collection(hatches), lines: collection([...lines, ...ends]), marks: collection(marks) };
}

export function middle(points) {
  return [0, 1].map((axis) => points.reduce((sum, p) => sum + p[axis], 0) / points.length);
}

function bounds(points) {
  const axis = (i) => points.map((p) => p[i]);
  return [Math.min(...axis(0)), Math.min(...axis(1)), Math.max(...axis(0)), Math.max(...axis(1))];
}

/** West, south, east, north of everything that belongs to the selected notice or conflict; null for none. */
export function selectedBounds({ notices, conflicts }, { selection }) {
  const conflict = selection?.type === "conflict" ? conflicts.get(selection.id) : null;
  const ids = selection?.type === "notice" ? [selection.id] : conflict ? [conflict.first.notice, conflict.second.notice] : [];
  const points = ids.flatMap((id) => notices.get(id)?.volumes ?? [])
    .flatMap(({ footprint }) => areaRing(footprint) ?? pointsOf(footprint));
  return points.length === 0 ? null : bounds(points);
}

const ringsOf = (notice) => noticeFeatures(notice).areas.filter((f) => f.geometry.type === "Polygon").map((f) => f.geometry.coordinates[0]);
const boxes = new WeakMap();
const knownOverlaps = new WeakMap();

function boxOf(ring) {
  if (!boxes.has(ring)) boxes.set(ring, bounds(ring));
  return boxes.get(ring);
}

function meet(a, b) {
  const [p, q] = [boxOf(a), boxOf(b)];
  return p[0] <= q[2] && q[0] <= p[2] && p[1] <= q[3] && q[1] <= p[3];
}

function overlaps(conflict, notices) {
  const first = notices.get(conflict.first.notice);
  const second = notices.get(conflict.second.notice);
  if (!first || !second) return [];
  const known = knownOverlaps.get(conflict);
  if (known?.first === first && known.second === second) return known.rings;
  const rings = ringsOf(first).flatMap((a) => ringsOf(second).filter((b) => meet(a, b)).map((b) => overlap(a, b))).filter(Boolean);
  knownOverlaps.set(conflict, { first, second, rings });
  return rings;
}

/**
 * The form's draft: its positions, its footprint once there is one, and a line to each notice that it would collide with
 * ({line, label}).
 */
export function draftFeatures({ points = [], footprint = null, hits = [] } = {}) {
  return collection([
    ...(footprint ? shapes(footprint, {}) : []),
    ...hits.map((hit) => line(hit.line, { hit: true, label: drawable(hit.label) })),
    ...points.map((p, corner) => p && point(p, { corner })).filter(Boolean),
  ]);
}

/** The volumes of a draft that are not in hand, each with its index and its number as a label. */
export function otherVolumes(others = []) {
  return collection(others.flatMap(({ index, footprint }) => {
    const drawn = shapes(footprint, { index, label: String(index + 1) });
    return drawn.length > 0 ? drawn.slice(0, 1) : [point(footprint.coordinates, { index, label: String(index + 1) })];
  }));
}
