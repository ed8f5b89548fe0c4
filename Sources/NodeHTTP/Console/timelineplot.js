// The timeline's drawing: an axis in Zulu and rows of bars, of which only those in view are made. Time runs from left to
// right in every language. Zoomed by wheel and keys, panned by hand, with now, the map's moment and the chosen window on it.
import { every, h } from "./dom.js";
import { t } from "./i18n.js";
import { partyMark } from "./parties.js";
import { barButton, barKey } from "./timelinebar.js";
import { ticks, within } from "./timelinemodel.js";
import { dateTimeGroup } from "./units.js";

const hour = 3_600_000;
const pitchPx = 24;
const gutterPx = 22;
const leastBarPx = 7;
const usual = { before: 2 * hour, after: 10 * hour };
const limits = { least: 10 * 60_000, most: 3 * 366 * 24 * hour };

/**
 * {element, axis, sheet, scroller, show(model), draw, …}. `model`: {rows: [{party, bars}], hatches: Map of notice to
 * windows}; `isMovable(notice)`, `pressed(bar)` for a press of one.
 */
export function timelinePlot(store, { isMovable, pressed, ghost }) {
  const marks = h("div", { class: "tl-ticks", "aria-hidden": "true" });
  const axis = h("div", { class: "tl-axis", tabIndex: 0, role: "slider", "aria-label": t("timeline.axis"), title: t("timeline.axisHelp") }, marks);
  const sheet = h("div", { class: "tl-sheet" });
  const scroller = h("div", { class: "tl-rows", role: "group", "aria-label": t("timeline.bars") }, sheet);
  const line = (name) => h("div", { class: name, "aria-hidden": "true" });
  const [now, moment, chosen] = ["tl-now", "tl-moment", "tl-chosen"].map(line);
  const flag = h("bdi", { class: "tl-flag", dir: "ltr" });
  moment.append(flag);
  const element = h("div", { class: "tl-plot", dir: "ltr" }, axis, scroller, chosen, now, moment);
  const view = { from: 0, to: 0, follows: true };
  let model = { rows: [], hatches: new Map() };
  let made = new Map();
  let focused = null;
  let asked = false;
  let unseen = store.hidden;

  const width = () => Math.max(60, sheet.clientWidth - gutterPx);
  const x = (ms) => gutterPx + ((ms - view.from) / (view.to - view.from)) * width();
  const timeAt = (px) => view.from + ((px - gutterPx) / width()) * (view.to - view.from);
  const timeOf = (event) => timeAt(event.clientX - sheet.getBoundingClientRect().left);

  function follow() {
    const span = view.to - view.from || usual.before + usual.after;
    view.from = store.now() - span * (usual.before / (usual.before + usual.after));
    view.to = view.from + span;
  }

  function look(from, to) {
    const middle = (from + to) / 2, span = Math.min(limits.most, Math.max(limits.least, to - from));
    view.from = middle - span / 2;
    view.to = middle + span / 2;
    view.follows = false;
    draw();
  }

  function draw() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      paint();
    });
  }

  function paint() {
    // What is not shown keeps nothing, so that nothing is found in it that must not be seen now.
    if (sheet.clientWidth === 0) {
      for (const { element: each } of made.values()) each.remove();
      made = new Map();
      return;
    }
    if (view.follows) follow();
    sheet.style.setProperty("height", `${model.rows.length * pitchPx}px`);
    paintAxis();
    paintBars();
    place(now, store.now());
    place(moment, store.replay?.at ?? store.mapTime);
    moment.classList.toggle("tl-replayed", Boolean(store.replay));
    const shown = store.replay?.at ?? store.mapTime;
    flag.textContent = shown === null ? "" : dateTimeGroup(shown);
    flag.classList.toggle("tl-flag-left", shown !== null && x(shown) > gutterPx + width() - 120);
    const { window } = store;
    chosen.hidden = !window;
    if (window) stretch(chosen, window.from, window.to);
    element.dataset.from = String(view.from);
    element.dataset.to = String(view.to);
  }

  function place(line, ms) {
    const at = ms === null ? -1 : x(ms);
    line.hidden = at < gutterPx || at > gutterPx + width();
    if (!line.hidden) line.style.setProperty("--x", `${at}px`);
  }

  /** Gives an element the place of a window, cut to what is in view; where that begins. */
  function stretch(part, start, end, least = 0, origin = 0) {
    const left = Math.max(gutterPx, x(start)), right = Math.min(gutterPx + width(), end === Infinity ? Infinity : x(end));
    part.style.setProperty("--x", `${left - origin}px`);
    part.style.setProperty("--w", `${Math.max(least, right - left)}px`);
    return left;
  }

  function paintAxis() {
    const { major, minor } = ticks(view.from, view.to, width(), 118);
    marks.replaceChildren(
      ...minor.map((at) => tick(at, "tl-tick tl-minor")),
      ...major.map((at) => tick(at, "tl-tick", h("bdi", { dir: "ltr" }, dateTimeGroup(at)))));
    const shown = store.mapTime;
    axis.setAttribute("aria-valuemin", String(Math.round(view.from / 1000)));
    axis.setAttribute("aria-valuemax", String(Math.round(view.to / 1000)));
    axis.setAttribute("aria-valuenow", String(Math.round((shown ?? store.now()) / 1000)));
    axis.setAttribute("aria-valuetext", shown === null ? t("timeline.now") : dateTimeGroup(shown));
  }

  function tick(at, name, ...label) {
    const made = h("span", { class: name }, ...label);
    made.style.setProperty("--x", `${x(at)}px`);
    return made;
  }

  function paintBars() {
    const first = Math.max(0, Math.floor(scroller.scrollTop / pitchPx) - 1);
    const last = Math.min(model.rows.length, first + Math.ceil(scroller.clientHeight / pitchPx) + 2);
    const next = new Map();
    for (let i = first; i < last; i++) {
      const row = model.rows[i];
      if (row.party) keep(next, `mark ${row.party} ${i}`, [row.party, store.status], () => h("span", { class: "tl-party", "aria-hidden": "true" }, partyMark(store, row.party)), i);
      let drawnTo = -Infinity;
      for (const bar of within(row.bars, view.from, view.to)) {
        const right = x(Math.min(bar.end, view.to));
        // What would lie wholly under its neighbour at this scale is not drawn; zooming in or the list shows it.
        if (right <= drawnTo && barKey(bar) !== focused) continue;
        drawnTo = Math.max(right, x(Math.max(bar.start, view.from)) + leastBarPx);
        putBar(next, bar, i);
      }
    }
    const held = ghost();
    if (held) {
      const row = model.rows.findIndex((r) => r.bars.some((b) => b.id === held.notice.id));
      const shadow = keep(next, "ghost", [], () => h("span", { class: "tl-ghost", "aria-hidden": "true" }), Math.max(0, row));
      stretch(shadow, held.start, held.end, leastBarPx);
    }
    for (const [key, { element: old }] of made) if (!next.has(key)) old.remove();
    made = next;
    const tabbed = made.has(focused) ? focused : [...made.keys()].find((key) => /^(notice|conflict) /.test(key));
    for (const [key, { element: each }] of made) if (each.tagName === "BUTTON") each.tabIndex = key === tabbed ? 0 : -1;
  }

  /** The element of that key in row `row`, made anew only when what it shows has changed. */
  function keep(next, key, stamp, build, row) {
    let entry = made.get(key);
    if (!entry || entry.stamp.some((value, i) => value !== stamp[i])) {
      const fresh = build();
      if (entry) {
        const hadFocus = entry.element === document.activeElement;
        entry.element.replaceWith(fresh);
        if (hadFocus) fresh.focus({ preventScroll: true });
      } else {
        sheet.append(fresh);
      }
      entry = { element: fresh, stamp };
    }
    entry.element.style.setProperty("--y", `${row * pitchPx}px`);
    next.set(key, entry);
    return entry.element;
  }

  function putBar(next, bar, row) {
    const hatches = bar.type === "notice" ? model.hatches.get(bar.id) ?? none : none;
    const movable = bar.type === "notice" && isMovable(bar.notice);
    const selected = store.selection?.id === bar.id;
    const button = keep(next, barKey(bar), [bar, hatches, movable, selected, store.status?.parties],
      () => barButton(bar, { store, hatches, movable, onclick: () => pressed(bar) }), row);
    button.bar = bar;
    const left = stretch(button, bar.start, bar.end, leastBarPx);
    button.classList.toggle("tl-cut-start", bar.start < view.from);
    button.classList.toggle("tl-cut-end", bar.end > view.to);
    for (const part of button.children) {
      if (part.window) {
        part.hidden = part.window[1] < view.from || part.window[0] > view.to;
        if (!part.hidden) stretch(part, ...part.window, 2, left + 1);
      }
    }
  }

  /** Scrolls to a bar's row. */
  function reveal(bar) {
    sheet.style.setProperty("height", `${model.rows.length * pitchPx}px`);
    const top = model.rows.findIndex((r) => r.bars.includes(bar)) * pitchPx;
    if (top < scroller.scrollTop || top + pitchPx > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top - pitchPx;
  }

  /** Brings a bar into view, in time and row, and gives it the focus. */
  function focusBar(bar) {
    focused = barKey(bar);
    reveal(bar);
    const span = view.to - view.from;
    if (bar.end < view.from || bar.start > view.to) look(bar.start - span * 0.2, bar.start + span * 0.8);
    paint();
    made.get(focused)?.element.focus({ preventScroll: true });
  }

  sheet.addEventListener("focusin", ({ target }) => {
    if (target.bar) focused = barKey(target.bar);
  });
  scroller.addEventListener("scroll", draw, { passive: true });
  new ResizeObserver(draw).observe(scroller);
  // The now-line moves on.
  every(1_000, element, () => { if (!document.hidden) draw(); });

  return {
    element, axis, scroller, view, draw, look, timeOf, focusBar,
    msPerPx: () => (view.to - view.from) / width(),
    model: () => model,
    show(next) {
      model = next;
      if (store.hidden === unseen) return draw();
      // What is read back must not be seen for another frame, nor may the view that was turned to it hint at its time.
      unseen = store.hidden;
      view.follows = true;
      paint();
    },
    reveal,
    /** Around that time by `factor`: below 1 is nearer. */
    zoom(factor, around = (view.from + view.to) / 2) {
      const span = Math.min(limits.most, Math.max(limits.least, (view.to - view.from) * factor));
      const share = (around - view.from) / (view.to - view.from);
      look(around - span * share, around - span * share + span);
    },
    pan(byMs) {
      look(view.from + byMs, view.to + byMs);
    },
    home() {
      Object.assign(view, { from: 0, to: 0, follows: true });
      draw();
    },
  };
}

const none = [];
