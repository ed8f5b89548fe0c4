// What stood at a moment of the past, worked out from the records alone: which version of which notice, which conflicts and
// what the parties had said to them. A record counts from the time that its author's clock gave it.

export const replayKinds = ["notice", "noticeEnd", "finding", "conflictPosition"];

/** {at, notices, conflicts} at `at`, in milliseconds since 1970, in the form in which the node gives them. */
export function replayState(records, at) {
  const told = records.filter((r) => r.readable && replayKinds.includes(r.kind) && Date.parse(r.createdAt) <= at)
    .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  const of = (kind) => told.filter((r) => r.kind === kind);
  const notices = standing(of("notice"), of("noticeEnd"), at);
  const conflicts = found(of("finding"), of("conflictPosition"), notices);
  for (const conflict of conflicts.values()) {
    for (const { notice } of [conflict.first, conflict.second]) notices.get(notice).conflicts.push(conflict.id);
  }
  return { at, notices, conflicts };
}

/** The moments at which something changes, rising: what was recorded, and the beginnings and ends of windows. */
export function replayMoments(records) {
  const moments = new Set();
  for (const { readable, kind, createdAt, content } of records) {
    if (!readable || !replayKinds.includes(kind)) continue;
    moments.add(Date.parse(createdAt));
    for (const { start, end } of kind === "notice" ? content.volumes : []) moments.add(Date.parse(start)).add(Date.parse(end));
  }
  return [...moments].sort((a, b) => a - b);
}

const partyOf = (id) => id.slice(0, id.lastIndexOf("-"));

/** The newest version of each notice; nobody files or ends another party's. */
function standing(versions, ends, at) {
  const notices = new Map();
  for (const record of versions) {
    const { notice: first, version, ...content } = record.content;
    const id = first ?? record.id;
    if (partyOf(id) !== record.author || (notices.get(id)?.version ?? 0) >= version) continue;
    const { start, end } = span(content.volumes);
    notices.set(id, {
      id, owner: record.author, version, mode: record.mode, kind: content.kind, volumes: content.volumes,
      onBehalfOf: content.onBehalfOf ?? null, contact: content.contact, remarks: content.remarks ?? null, reviewBy: content.reviewBy ?? null,
      status: status(content, end, at), officer: record.officer, record: record.id, createdAt: record.createdAt, filedAt: record.createdAt,
      audience: record.audience, flags: [], facts: [], readBacks: [], passedOn: [], conflicts: [], ended: null,
      referencePosition: { position: referenceOf(content.volumes.find((v) => Date.parse(v.start) === start).footprint) },
    });
  }
  for (const record of ends) {
    const { notice, reason } = record.content;
    const held = notices.get(notice);
    if (held && held.owner === record.author) Object.assign(held, { status: "ended", ended: { reason, at: record.createdAt } });
  }
  return notices;
}

/** Past its review or its last window, a notice goes on without its owner's word. */
function status({ reviewBy }, end, at) {
  const review = reviewBy ? Date.parse(reviewBy) : Infinity;
  if (at <= Math.min(review, end)) return "current";
  return review <= end ? "unconfirmed" : "overdue";
}

function span(volumes) {
  return { start: Math.min(...volumes.map((v) => Date.parse(v.start))), end: Math.max(...volumes.map((v) => Date.parse(v.end))) };
}

/** Where its mark stands; an area's among its corners, for drawing only. */
function referenceOf({ type, coordinates }) {
  if (type === "Point") return coordinates;
  if (type === "LineString") return coordinates[0];
  const corners = coordinates[0].slice(0, -1);
  return [0, 1].map((axis) => corners.reduce((sum, c) => sum + c[axis], 0) / corners.length);
}

/** Conflicts that a party has found between the versions that stand. */
function found(findings, positions, notices) {
  const conflicts = new Map();
  for (const record of findings) {
    const { conflict: id, first, second, proven } = record.content;
    if (!isCurrent(record.content, notices)) continue;
    const held = conflicts.get(id);
    if (held) {
      if (!held.foundBy.includes(record.author)) held.foundBy.push(record.author);
      held.proven ||= proven;
      continue;
    }
    const sides = [first, second].map(({ notice, version }) => ({ notice, version, owner: notices.get(notice).owner, kind: notices.get(notice).kind }));
    const [from, to] = sides.map(({ notice }) => notices.get(notice).referencePosition.position);
    conflicts.set(id, {
      id, mode: record.mode, state: "open", first: sides[0], second: sides[1], foundBy: [record.author], proven, positions: [], conditions: [],
      openedAt: record.createdAt, clearedAt: null,
      // The record says that they collide, not where: the mark stands between the two, and no distance is claimed.
      closest: { first: from, second: to, distanceM: null, requiredM: null },
    });
  }
  for (const record of positions) {
    const conflict = conflicts.get(record.content.conflict);
    if (!conflict || !isCurrent(record.content, notices)) continue;
    const { stance, conditions = [], remarks = null } = record.content;
    conflict.positions = conflict.positions.filter((p) => p.party !== record.author);
    conflict.positions.push({ party: record.author, stance, conditions, remarks, officer: record.officer, at: record.createdAt, current: true });
  }
  for (const conflict of conflicts.values()) settle(conflict);
  return conflicts;
}

/** Whether a record speaks of the versions that stand. */
function isCurrent({ first, second }, notices) {
  return [first, second].every(({ notice, version }) => {
    const held = notices.get(notice);
    return held && held.version === version && held.status !== "ended";
  });
}

/** Settled when both owners have signed the same conditions; disputed while one disputes. */
function settle(conflict) {
  const [first, second] = [conflict.first, conflict.second].map(({ owner }) => conflict.positions.find((p) => p.party === owner));
  if ([first, second].some((p) => p?.stance === "dispute")) {
    conflict.state = "disputed";
  } else if (first?.stance === "settle" && second?.stance === "settle" && JSON.stringify(first.conditions) === JSON.stringify(second.conditions)) {
    Object.assign(conflict, { state: "settled", conditions: first.conditions });
  }
}
