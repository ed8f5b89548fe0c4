// A notice of ours moved in time by hand or by keys: what would come of it is asked of the node at each step, and letting
// go opens the form that amends it. Nothing is changed here.
import { api } from "./api.js";
import { checkBrief } from "./checkresult.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { Newest } from "./newest.js";
import { movedWindow } from "./timelinemodel.js";
import { dateTimeGroup, span } from "./units.js";

/** Whether this officer may move it here: ours, standing, and of one volume, as the form that amends has one. */
export function isMovable(notice, store) {
  const own = store.ownParty;
  return own?.role === "principal" && notice.owner === own.id && notice.status !== "ended" && notice.volumes.length === 1
    && store.acts && store.lostSince === null && !store.isWriting && !store.replay;
}

/** {begin, to, drop, cancel, moved}; `says` is the element beside the bar, `changed()` is called when the moved bar is to be drawn. */
export function timelineMover(store, says, changed) {
  let held = null;
  const whatIf = new Newest((fields) => api.check(fields), {
    stale: () => say("checking"),
    answered: ({ collisions }) => say("current", collisions),
    failed: (error) => say("failed", [], error.sentence ?? String(error)),
  });

  function say(word, collisions = [], problem = "") {
    if (!held) return;
    const { start, end } = held.window;
    says.replaceChildren(
      h("div", { class: "says-window" }, h("bdi", { dir: "ltr" }, `${dateTimeGroup(start)} – ${dateTimeGroup(end)}`), " · ", span((end - start) / 1000)),
      ...(problem ? [h("div", { class: "problem" }, problem)] : checkBrief(word, collisions, store)),
      h("div", { class: "help" }, t(held.byKeys ? "timeline.moveKeys" : "timeline.moveHand")));
    says.dataset.state = word;
  }

  function end() {
    held = null;
    whatIf.drop();
    says.replaceChildren();
    delete says.dataset.state;
    changed();
  }

  return {
    /** {notice, start, end} as moved, or null. */
    get moved() {
      return held && { notice: held.notice, ...held.window };
    },

    /** `part`: whole, begin or end. */
    begin(notice, part, { byKeys = false } = {}) {
      const [volume] = notice.volumes;
      const from = { start: Date.parse(volume.start), end: Date.parse(volume.end) };
      held = { notice, volume, from, part, byMs: { whole: 0, begin: 0, end: 0 }, window: from, byKeys };
      if (byKeys) say("idle");
      changed();
    },

    /** To `byMs` from where it was taken, in steps of `stepMs`. */
    to(byMs, stepMs) {
      if (held) put(movedWindow(held.from, held.part, byMs, stepMs));
    },

    /** By one more step, of any part: for keys. */
    step(part, byMs) {
      if (held) put(movedWindow(held.window, part, byMs, 60_000));
    },

    /** Lets go: the form, with the moved times. */
    drop() {
      if (!held) return;
      const { notice, volume, window, from } = held;
      const isMoved = window.start !== from.start || window.end !== from.end;
      end();
      if (!isMoved || store.notices.get(notice.id) !== notice || !isMovable(notice, store)) return;
      store.select({ type: "file", amends: notice, advised: at(volume, window), because: "moved" });
    },

    cancel: end,
  };

  function put(window) {
    if (window.start === held.window.start && window.end === held.window.end) return;
    held.window = window;
    changed();
    const { notice, volume } = held;
    const fields = { notice: notice.id, mode: notice.mode, kind: notice.kind, volumes: [at(volume, window)], contact: notice.contact };
    for (const name of ["onBehalfOf", "remarks", "reviewBy"]) if (notice[name]) fields[name] = notice[name];
    whatIf.put(fields);
  }
}

function at(volume, { start, end }) {
  return { ...volume, start: new Date(start).toISOString(), end: new Date(end).toISOString() };
}

