// What the timeline draws, without a page: bars of notices and conflicts, packed into rows, what of them is in view, ticks.
import { windowOf } from "./units.js";

const minute = 60_000;
const steps = [1, 5, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 20_160, 43_200].map((m) => m * minute);

/** Past its time without its owner's word, a notice goes on: its last window has no end. */
export const isOpenEnded = (notice) => notice.status === "overdue" || notice.status === "unconfirmed";

/** The windows of a notice's volumes as [start, end] in milliseconds, those that touch made one, in order of time. */
export function spansOf(notice) {
  const windows = notice.volumes.map((v) => [Date.parse(v.start), Date.parse(v.end)]).sort((a, b) => a[0] - b[0]);
  const spans = [];
  for (const [start, end] of windows) {
    const last = spans.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else spans.push([start, end]);
  }
  if (isOpenEnded(notice)) spans.at(-1)[1] = Infinity;
  return spans;
}

export function noticeBar(notice) {
  const spans = spansOf(notice);
  return { type: "notice", id: notice.id, notice, party: notice.owner, spans, start: spans[0][0], end: spans.at(-1)[1] };
}

/**
 * When both notices of a conflict take place; where they never do, the time between them, which is too short. Null when
 * one of the two is not held.
 */
export function conflictBar(conflict, notices) {
  const [first, second] = [conflict.first, conflict.second].map((side) => notices.get(side.notice));
  if (!first || !second) return null;
  const [a, b] = [spansOf(first), spansOf(second)];
  const both = a.flatMap(([from, to]) => b.map(([start, end]) => [Math.max(from, start), Math.min(to, end)]))
    .filter(([start, end]) => start <= end).sort((x, y) => x[0] - y[0]);
  const spans = both.length > 0 ? both : [nearestGap(a, b)];
  return {
    type: "conflict", id: conflict.id, conflict, spans, overlap: both.length > 0, start: spans[0][0], end: Math.max(...spans.map((s) => s[1])),
  };
}

function nearestGap(a, b) {
  const gaps = a.flatMap(([from, to]) => b.map(([start, end]) => (to < start ? [to, start] : [end, from])));
  return gaps.reduce((least, gap) => (gap[1] - gap[0] < least[1] - least[0] ? gap : least));
}

/** Rows of bars that do not meet in time; each bar in the first row that has room. Bars and rows are in order of time. */
export function packed(bars) {
  const rows = [];
  for (const bar of [...bars].sort(inTime)) {
    const row = rows.find((r) => r.at(-1).end < bar.start);
    if (row) row.push(bar);
    else rows.push([bar]);
  }
  return rows;
}

export function inTime(a, b) {
  return a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1);
}

/** The bars of a packed row that meet [from, to]. */
export function within(row, from, to) {
  let low = 0, high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle].end < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < row.length && row[end].start <= to) end += 1;
  return row.slice(low, end);
}

/** Moments with a label, at least `apartPx` from each other, and the smaller steps between them; on whole UTC steps. */
export function ticks(from, to, widthPx, apartPx) {
  const perPx = (to - from) / Math.max(1, widthPx);
  const step = steps.find((s) => s / perPx >= apartPx) ?? steps.at(-1);
  const small = [...steps].reverse().find((s) => s < step && step % s === 0 && s / perPx >= 8) ?? step;
  const major = [], minor = [];
  for (let at = Math.ceil(from / small) * small; at <= to; at += small) (at % step === 0 ? major : minor).push(at);
  return { major, minor, step, small };
}

/** `state`: what a filter can ask of a notice. */
export function hasState(notice, state, conflicts) {
  switch (state) {
    case "ended": return notice.status === "ended";
    case "inConflict": return notice.status !== "ended" && notice.conflicts.some((id) => ["open", "disputed"].includes(conflicts.get(id)?.state));
    case "": return notice.status !== "ended";
    default: return notice.status === state;
  }
}

/** Whether something of a notice falls within a chosen window {from, to}; everything does when none is chosen. */
export function isInWindow(notice, chosen) {
  if (!chosen) return true;
  const { start, end } = windowOf(notice);
  return start <= chosen.to && (isOpenEnded(notice) || end >= chosen.from);
}

/**
 * A window moved by `byMs` to whole steps: the `whole` keeps its length; `begin` and `end` stay at least a minute apart.
 * At most 30 days, as the protocol has it.
 */
export function movedWindow({ start, end }, part, byMs, stepMs) {
  const whole = (ms) => Math.round(ms / stepMs) * stepMs;
  if (byMs === 0) return { start, end };
  if (part === "whole") {
    const begins = whole(start + byMs);
    return { start: begins, end: begins + (end - start) };
  }
  const most = 30 * 1440 * minute;
  if (part === "begin") return { start: Math.max(end - most, Math.min(whole(start + byMs), end - minute)), end };
  return { start, end: Math.min(start + most, Math.max(whole(end + byMs), start + minute)) };
}

/** The step to which a hand moves at this scale: the smallest of which it can make out each. */
export function handStep(msPerPx) {
  return [1, 5, 15, 60, 180].map((m) => m * minute).find((s) => s / msPerPx >= 3) ?? 360 * minute;
}
