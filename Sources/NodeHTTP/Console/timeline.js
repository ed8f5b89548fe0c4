// The timeline: notices and conflicts on an axis of time, filtered, with a moment and a window that the map and the lists
// follow. The same as a table for who reads rather than looks.
import { standingConflicts } from "./conflicts.js";
import { h, keyed, plain } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { barKey } from "./timelinebar.js";
import { handleTimeline } from "./timelinehands.js";
import { conflictBar, hasState, inTime, isInWindow, noticeBar, packed } from "./timelinemodel.js";
import { isMovable, timelineMover } from "./timelinemove.js";
import { timelinePlot } from "./timelineplot.js";
import { dateTimeGroup } from "./units.js";

const states = ["", "current", "overdue", "unconfirmed", "inConflict", "ended"];
const longestTable = 500;
const zoomStep = 1.5;

export function mountTimeline(container, store) {
  const choice = (id, label) => h("select", { id, "aria-label": label, title: label, onchange: () => store.changed() });
  const party = choice("tl-party", t("timeline.byParty"));
  const kind = choice("tl-kind", t("timeline.byKind"));
  const state = choice("tl-state", t("timeline.byState"));
  state.append(...states.map((value) => h("option", { value }, value === "" ? t("timeline.standing") : t(`timeline.state.${value}`))));
  const hidden = h("button", { type: "button", class: "tl-hidden", hidden: true, onclick: showAll });
  const button = (focus, words, label, onclick) => h("button", { type: "button", "data-focus": focus, "aria-label": label, title: label, onclick }, words);
  const asTable = h("button", { type: "button", "data-focus": "tl-table", "aria-pressed": "false", onclick: toggleTable }, t("timeline.table"));
  const told = h("div", { class: "tl-told" });
  const says = h("div", { class: "tl-says", role: "status", hidden: true });
  const table = h("div", { class: "tl-table", hidden: true, tabIndex: 0, role: "region", "aria-label": t("timeline.tableTitle") });

  const movable = (notice) => isMovable(notice, store);
  const plot = timelinePlot(store, { isMovable: movable, pressed: select, ghost: () => mover.moved });
  const mover = timelineMover(store, says, () => {
    says.hidden = !mover.moved;
    plot.draw();
    requestAnimationFrame(placeSays);
  });
  handleTimeline(plot, mover, {
    isMovable: movable, chosen: () => store.window, pointed: () => store.mapTime, now: () => store.now(),
    point: (ms) => store.setMapTime(ms === null ? null : Math.round(ms / 60_000) * 60_000),
    choose(window, moment = window?.from) {
      store.setWindow(window);
      if (window) store.setMapTime(Math.round(moment / 60_000) * 60_000);
    },
  });
  container.setAttribute("aria-labelledby", "timeline-title");
  container.append(
    h("div", { class: "tl-bar-row" }, h("h2", { id: "timeline-title" }, t("timeline.title")), party, kind, state, hidden, told,
      h("div", { class: "tl-tools" },
        asTable,
        button("tl-in", "+", t("timeline.zoomIn"), () => plot.zoom(1 / zoomStep)),
        button("tl-out", "−", t("timeline.zoomOut"), () => plot.zoom(zoomStep)),
        button("tl-all", "⇔", t("timeline.fit"), fit),
        button("tl-now", t("timeline.toNow"), t("timeline.toNowHelp"), () => { store.setMapTime(null); plot.home(); }))),
    plot.element, table, says);

  function select(bar) {
    // Leaving a form by a click here would lose what is written in it.
    if (store.isWriting || store.isHidden(bar.id)) return;
    store.select({ type: bar.type, id: bar.id });
  }

  function showAll() {
    for (const each of [party, kind, state]) each.value = "";
    store.changed();
  }

  function toggleTable() {
    const isTable = asTable.getAttribute("aria-pressed") === "false";
    asTable.setAttribute("aria-pressed", String(isTable));
    plot.element.hidden = isTable;
    table.hidden = !isTable;
    store.changed();
  }

  /** All that is shown, and now, in view. */
  function fit() {
    const bars = plot.model().rows.flatMap((r) => r.bars);
    const times = [store.now(), ...bars.map((b) => b.start), ...bars.map((b) => b.end).filter(Number.isFinite)];
    const from = times.reduce((a, b) => Math.min(a, b)), to = times.reduce((a, b) => Math.max(a, b));
    const margin = Math.max(30 * 60_000, (to - from) * 0.03);
    plot.look(from - margin, to + margin);
  }

  /** Above the moved bar, which it must not cover while it grows. */
  function placeSays() {
    const ghost = plot.element.querySelector(".tl-ghost")?.getBoundingClientRect();
    if (!ghost || says.hidden) return;
    says.style.setProperty("left", `${Math.max(4, Math.min(ghost.left, innerWidth - says.offsetWidth - 4))}px`);
    says.style.setProperty("bottom", `${innerHeight - ghost.top + 6}px`);
  }

  const choices = memo((notices, status) => {
    offer(party, t("timeline.allParties"), (status?.parties ?? []).filter((p) => p.role !== "mediator").map((p) => [p.id, plain(p.name)]));
    offer(kind, t("timeline.allKinds"), [...new Set(notices.map((n) => n.kind))].sort().map((k) => [k, term("kind", k)]));
  });
  // Bars are made anew for a notice that has changed only; the rows when any has.
  const bars = new WeakMap();
  const barOf = (notice) => bars.get(notice) ?? bars.set(notice, noticeBar(notice)).get(notice);
  const modelOf = memo(model);
  let shownRows = { rows: [], hatches: new Map(), out: 0 };

  function model() {
    const notices = [...store.notices.values()].filter((n) => !store.isHidden(n.id));
    const wanted = notices.filter((n) => hasState(n, state.value, store.conflicts)
      && (!party.value || n.owner === party.value) && (!kind.value || n.kind === kind.value));
    const ids = new Set(wanted.map((n) => n.id));
    const conflicts = standingConflicts(store).filter((c) => !store.isHidden(c.id) && [c.first, c.second].some((s) => ids.has(s.notice)))
      .map((c) => conflictBar(c, store.notices)).filter(Boolean);
    const hatches = new Map();
    for (const { conflict, spans, overlap } of conflicts) {
      if (!overlap) continue;
      for (const { notice } of [conflict.first, conflict.second]) hatches.set(notice, [...hatches.get(notice) ?? [], ...spans]);
    }
    const own = store.ownParty?.id;
    const owners = [...new Set(wanted.map((n) => n.owner))].sort((a, b) => (a === own ? -1 : b === own ? 1 : a < b ? -1 : 1));
    const rows = packed(conflicts).map((row) => ({ party: null, bars: row }));
    for (const owner of owners) for (const row of packed(wanted.filter((n) => n.owner === owner).map(barOf))) rows.push({ party: owner, bars: row });
    shownRows = { rows, hatches, out: notices.filter((n) => n.status !== "ended").length - wanted.filter((n) => n.status !== "ended").length };
  }

  let selected = null;
  return () => {
    choices([...store.notices.values()], store.status);
    modelOf(party.value, kind.value, state.value, store.hidden, store.ownParty?.id, ...store.notices.values(), ...store.conflicts.values());
    plot.show(shownRows);
    hidden.hidden = shownRows.out === 0;
    put(hidden, t("timeline.hidden", { n: shownRows.out }));
    put(told, store.window ? t("timeline.window", { start: dateTimeGroup(store.window.from), end: dateTimeGroup(store.window.to) }) : "");
    if (mover.moved && (store.isHidden(mover.moved.notice.id) || store.lostSince !== null)) mover.cancel();
    if (!table.hidden) fillTable(table, shownRows, store, select);
    // Before the first drawing there is no view that could be turned.
    if (store.selection !== selected && plot.view.to > plot.view.from) {
      selected = store.selection;
      show(selected);
    }
  };

  /** Turns to what was selected elsewhere, if it is not in view. */
  function show(selection) {
    if (!["notice", "conflict"].includes(selection?.type)) return;
    const bar = shownRows.rows.flatMap((r) => r.bars).find((b) => barKey(b) === `${selection.type} ${selection.id}`);
    if (!bar) return;
    const { from, to } = plot.view, span = to - from;
    if (bar.end < from || bar.start > to) plot.look(bar.start - span * 0.3, bar.start + span * 0.7);
    plot.reveal(bar);
  }
}

/** Calls `compute` only when one of its arguments is another than the last time; lists count by what is in them. */
function memo(compute) {
  let last = [];
  return (...values) => {
    const flat = values.flat();
    if (flat.length === last.length && flat.every((value, i) => value === last[i])) return;
    last = flat;
    compute(...values);
  };
}

/** Choices of a filter, the first of which leaves nothing out; what is chosen stays. */
function offer(select, all, entries) {
  const { value } = select;
  select.replaceChildren(h("option", { value: "" }, all), ...entries.map(([id, words]) => h("option", { value: id }, words)));
  select.value = value;
}

function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function fillTable(container, { rows }, store, select) {
  const bars = rows.flatMap((r) => r.bars).filter((b) => b.type === "conflict" || isInWindow(b.notice, store.window)).sort(inTime);
  const shown = bars.slice(0, longestTable);
  if (!container.firstChild) {
    container.append(h("table", {}, h("thead", {}, h("tr", {}, ["begins", "ends", "what", "who", "id"].map((c) => h("th", { scope: "col" }, t(`timeline.column.${c}`))))), h("tbody")),
      h("p", { class: "none" }));
  }
  keyed(container.querySelector("tbody"), shown.map((bar) => ({
    key: barKey(bar), stamp: [bar, store.selection?.id === bar.id, store.status?.parties], build: () => tableRow(bar, store, select),
  })));
  put(container.querySelector(".none"), bars.length > shown.length ? t("timeline.more", { n: bars.length - shown.length }) : bars.length === 0 ? t("timeline.none") : "");
}

function tableRow(bar, store, select) {
  const time = (ms) => h("bdi", { dir: "ltr" }, ms === Infinity ? t("timeline.noEnd") : dateTimeGroup(ms));
  const isConflict = bar.type === "conflict";
  const sides = isConflict ? [bar.conflict.first, bar.conflict.second] : [];
  return h("tr", { "data-row": bar.id, "aria-current": store.selection?.id === bar.id ? "true" : null },
    h("td", {}, time(bar.start)), h("td", {}, time(bar.end)),
    h("td", {}, isConflict ? t("timeline.conflictWord", { state: term("conflict", bar.conflict.state) }) : term("kind", bar.notice.kind),
      (isConflict ? bar.conflict : bar.notice).mode === "drill" ? [" ", h("span", { class: "tag" }, t("notice.drill"))] : null,
      !isConflict && bar.notice.status !== "current" ? [" ", h("span", { class: "tag" }, term("status", bar.notice.status))] : null),
    h("td", {}, isConflict ? sides.map((s) => [partyName(store, s.owner), " "]) : partyName(store, bar.party)),
    h("td", {}, h("button", { type: "button", class: "link-button id", "data-focus": bar.id, onclick: () => select(bar) }, h("bdi", { dir: "ltr" }, isConflict ? bar.id.slice(0, 8) : bar.id))));
}
