// What the map draws over the base map, as GeoJSON: notices, conflicts, and the draft of a form.
import { overlap } from "./clip.js";
import { standingConflicts } from "./conflicts.js";
import { pointsOf } from "./footprint.js";
import { areaRing, spine } from "./geodesic.js";
import { t, term } from "./i18n.js";
import { partyIcon } from "./mapicons.js";
import { standingNotices } from "./notices.js";
import { identity } from "./parties.js";
import { distance } from "./units.js";

const collection = (features) => ({ type: "FeatureCollection", features });
const feature = (geometry, properties) => ({ type: "Feature", geometry, properties });

function shapes(footprint, properties) {
  const ring = areaRing(footprint);
  const line = spine(footprint);
  return [
    ring && feature({ type: "Polygon", coordinates: [ring] }, properties),
    line && feature({ type: "LineString", coordinates: line }, properties),
  ].filter(Boolean);
}

/** Areas and reference points of all notices that have not ended and are not being read back. */
export function noticeFeatures(map, store) {
  const drawn = [], marks = [];
  for (const notice of standingNotices(store)) {
    if (store.isHidden(notice.id)) continue;
    const properties = {
      id: notice.id, hue: identity(store, notice.owner).hue, drill: notice.mode === "drill",
      doubtful: notice.status !== "current", selected: store.selection?.id === notice.id,
    };
    for (const { footprint } of notice.volumes) drawn.push(...shapes(footprint, properties));
    if (notice.referencePosition) {
      marks.push(feature({ type: "Point", coordinates: notice.referencePosition.position }, {
        ...properties, icon: partyIcon(map, store, notice.owner), label: `${term("kind", notice.kind)}\n${notice.id}`,
      }));
    }
  }
  return { areas: collection(drawn), marks: collection(marks) };
}

/** For each conflict: the overlap where there is one, the line between the closest points, and a mark. */
export function conflictFeatures(store) {
  const hatches = [], lines = [], ends = [], marks = [];
  for (const conflict of standingConflicts(store)) {
    if (store.isHidden(conflict.id)) continue;
    const properties = { id: conflict.id, open: conflict.state !== "settled", selected: store.selection?.id === conflict.id };
    const rings = overlaps(conflict, store);
    for (const ring of rings) hatches.push(feature({ type: "Polygon", coordinates: [ring] }, properties));
    const { closest } = conflict;
    if (!closest) continue;
    if (closest.distanceM > 0) {
      const label = t("map.conflictLine", { distance: distance(closest.distanceM), required: distance(closest.requiredM) });
      lines.push(feature({ type: "LineString", coordinates: [closest.first, closest.second] }, { ...properties, label }));
    }
    for (const end of [closest.first, closest.second]) ends.push(feature({ type: "Point", coordinates: end }, properties));
    const at = rings.length > 0 ? middle(rings[0].slice(0, -1)) : middle([closest.first, closest.second]);
    marks.push(feature({ type: "Point", coordinates: at }, { ...properties, label: conflict.state === "open" ? t("assurance.conflict") : term("conflict", conflict.state) }));
  }
  return { hatches: collection(hatches), lines: collection([...lines, ...ends]), marks: collection(marks) };
}

function middle(points) {
  return [0, 1].map((axis) => points.reduce((sum, p) => sum + p[axis], 0) / points.length);
}

/** West, south, east, north of everything that belongs to the selected notice or conflict; null for none. */
export function selectedBounds(store) {
  const { selection } = store;
  const conflict = selection?.type === "conflict" ? store.conflicts.get(selection.id) : null;
  const ids = selection?.type === "notice" ? [selection.id] : conflict ? [conflict.first.notice, conflict.second.notice] : [];
  const points = ids.flatMap((id) => store.notices.get(id)?.volumes ?? [])
    .flatMap(({ footprint }) => areaRing(footprint) ?? pointsOf(footprint));
  if (points.length === 0) return null;
  const axis = (i) => points.map((p) => p[i]);
  return [Math.min(...axis(0)), Math.min(...axis(1)), Math.max(...axis(0)), Math.max(...axis(1))];
}

function overlaps(conflict, store) {
  const rings = ({ notice }) => (store.notices.get(notice)?.volumes ?? []).map((v) => areaRing(v.footprint)).filter(Boolean);
  const second = rings(conflict.second);
  return rings(conflict.first).flatMap((a) => second.map((b) => overlap(a, b))).filter(Boolean);
}

/**
 * The form's draft: its positions, its footprint once there is one, and a line to each notice that it would collide with
 * ({line, label}).
 */
export function draftFeatures({ points = [], footprint = null, hits = [] } = {}) {
  return collection([
    ...(footprint ? shapes(footprint, {}) : []),
    ...hits.map(({ line, label }) => feature({ type: "LineString", coordinates: line }, { hit: true, label })),
    ...points.map((p, corner) => p && feature({ type: "Point", coordinates: p }, { corner })).filter(Boolean),
  ]);
}
