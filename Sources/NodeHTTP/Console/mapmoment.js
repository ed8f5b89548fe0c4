// The moment that the map shows: now, another one that the officer chose, or one of a replay; and what was under way then.

export const stepMs = 5 * 60_000;
const backMs = 6 * 3_600_000;
const aheadMs = 72 * 3_600_000;
const never = 1e12;

/** What the map draws, and of when: {at, isNow, isReplay, notices, conflicts}. */
export function shown(store) {
  const { replay } = store;
  if (replay) return { at: replay.at, isNow: false, isReplay: true, notices: replay.notices, conflicts: replay.conflicts };
  return { at: store.mapTime ?? store.now(), isNow: store.mapTime === null, isReplay: false, notices: store.notices, conflicts: store.conflicts };
}

/** {from, to} of the slider: six hours back and three days ahead, or all that is filed when `all`. Whole steps. */
export function slidingSpan(store, all) {
  const now = store.now();
  let [from, to] = [now - backMs, now + aheadMs];
  if (all) {
    for (const notice of store.notices.values()) {
      if (notice.status === "ended") continue;
      for (const { start, end } of timesOf(notice).volumes) {
        from = Math.min(from, start * 1000);
        to = Math.max(to, end * 1000);
      }
    }
  }
  return { from: Math.floor(from / stepMs) * stepMs, to: Math.ceil(to / stepMs) * stepMs };
}

const times = new WeakMap();

/** Seconds since 1970 of a notice: {start, end, ended, doubtful, volumes: [{start, end}]}; `ended` is far away while it has not. */
export function timesOf(notice) {
  let known = times.get(notice);
  if (!known) {
    const volumes = notice.volumes.map((v) => ({ start: Date.parse(v.start) / 1000, end: Date.parse(v.end) / 1000 }));
    known = {
      volumes,
      start: Math.min(...volumes.map((v) => v.start)), end: Math.max(...volumes.map((v) => v.end)),
      ended: notice.status === "ended" ? endOf(notice) : never,
      // Its window is over and nobody has said that it is: it may still be there.
      doubtful: notice.status === "overdue" || notice.status === "unconfirmed",
    };
    times.set(notice, known);
  }
  return known;
}

function endOf(notice) {
  const at = Date.parse(notice.ended?.at) / 1000;
  return Number.isFinite(at) ? at : 0;
}

/** Whether it was under way at that moment, in seconds since 1970, as the map's layers have it too. */
export function isUnderWay({ start, end, ended, doubtful }, moment) {
  return moment < ended && start <= moment && (moment <= end || doubtful);
}

/** Whether the officer's choices leave this notice on the map. */
export function isDrawn(notice, moment, choices) {
  const its = timesOf(notice);
  if (choices.hiddenKinds.has(notice.kind) || choices.hiddenParties.has(notice.owner)) return false;
  return choices.others !== "hidden" || isUnderWay(its, moment);
}

/** Whether it belongs on the map at all: what has ended only where it had not yet, or when ended ones are shown. */
export function belongs(notice, moment, choices) {
  return choices.ended || moment < timesOf(notice).ended;
}

/** How many notices that belong on the map the officer's choices keep off it. */
export function hiddenCount(notices, moment, choices) {
  let count = 0;
  for (const notice of notices.values()) if (belongs(notice, moment, choices) && !isDrawn(notice, moment, choices)) count += 1;
  return count;
}

/** Whether anything begins or ends after `from` and not after `to`, in seconds: otherwise both look the same. */
export function differs(notices, from, to) {
  const [low, high] = from <= to ? [from, to] : [to, from];
  const between = (moment) => low <= moment && moment <= high;
  for (const notice of notices.values()) {
    const its = timesOf(notice);
    if (between(its.ended) || its.volumes.some((v) => between(v.start) || between(v.end))) return true;
  }
  return false;
}
