// One bar of the timeline as a button: party by hue and shape, kind by its symbol and letters, drill by a tag and a dashed frame, what
// is in conflict hatched, and the same in words for who does not see it.
import { h, plain } from "./dom.js";
import { t, term } from "./i18n.js";
import { kindMark } from "./mapsymbols.js";
import { identity, partyMark } from "./parties.js";
import { isOpenEnded } from "./timelinemodel.js";
import { dateTimeGroup } from "./units.js";

export const barKey = ({ type, id }) => `${type} ${id}`;

export function barButton(bar, { store, hatches, movable, onclick }) {
  const inner = bar.type === "conflict" ? conflictParts(bar) : noticeParts(bar, store);
  const { type } = bar;
  const selected = store.selection?.type === type && store.selection.id === bar.id;
  return h("button", {
    type: "button", tabIndex: -1, "data-bar": bar.id, "data-type": type, "aria-label": barWords(bar, store), "aria-current": selected ? "true" : null,
    class: `tl-bar tl-${type} ${classes(bar)}`, title: barWords(bar, store), onclick,
    vars: type === "notice" ? { "--hue": identity(store, bar.party).hue } : {},
  },
  (bar.spans.length > 1 ? bar.spans : []).map(([start, end]) => part("tl-span", start, end)),
  hatches.map(([start, end]) => part("tl-hatch", start, end)),
  h("span", { class: "tl-label" }, inner),
  movable ? [h("span", { class: "tl-grip tl-grip-begin", "data-grip": "begin" }), h("span", { class: "tl-grip tl-grip-end", "data-grip": "end" })] : null);
}

/** A part of a bar; the plot puts it in its place at each scale. */
function part(name, start, end) {
  const element = h("span", { class: name, "aria-hidden": "true" });
  element.window = [start, end];
  return element;
}

function classes(bar) {
  if (bar.type === "conflict") return `state-${bar.conflict.state} ${bar.overlap ? "" : "tl-gap"}`;
  return `status-${bar.notice.status} ${bar.notice.mode === "drill" ? "tl-drill" : ""} ${bar.spans.length > 1 ? "tl-parts" : ""}`;
}

function noticeParts({ notice }, store) {
  return [
    partyMark(store, notice.owner), h("b", {}, term("kindCode", notice.kind)), kindMark(notice.kind),
    notice.mode === "drill" ? h("span", { class: "tl-tag" }, t("notice.drill")) : null,
    h("bdi", { class: "tl-id" }, notice.id),
  ];
}

function conflictParts({ conflict }) {
  return [
    h("span", { "aria-hidden": "true" }, "✕ "), h("b", {}, term("conflict", conflict.state)),
    conflict.mode === "drill" ? h("span", { class: "tl-tag" }, t("notice.drill")) : null,
    h("bdi", { class: "tl-id" }, conflict.id.slice(0, 8)),
  ];
}

/** The whole of a bar as a sentence. */
export function barWords(bar, store) {
  const end = bar.end === Infinity ? t("timeline.noEnd") : dateTimeGroup(bar.end);
  const window = t("timeline.window", { start: dateTimeGroup(bar.start), end });
  if (bar.type === "conflict") {
    const { conflict } = bar;
    return t(bar.overlap ? "timeline.conflictBar" : "timeline.conflictGapBar", {
      state: term("conflict", conflict.state), first: conflict.first.notice, second: conflict.second.notice, window,
    });
  }
  const { notice } = bar;
  return t("timeline.noticeBar", {
    mode: term("mode", notice.mode), kind: term("kind", notice.kind), id: notice.id, party: plain(store.party(notice.owner).name),
    status: isOpenEnded(notice) || notice.status === "ended" ? term("status", notice.status) : t("timeline.stands"), window,
  });
}
