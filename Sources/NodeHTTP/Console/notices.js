// The notice list: by party, ours first, then by time. Figures of a notice that is being read back are hidden.
import { h, keyed, ticking } from "./dom.js";
import { t, term } from "./i18n.js";
import { identity, partyName } from "./parties.js";
import { isInWindow } from "./timelinemodel.js";
import { dateTimeGroup, span, windowOf } from "./units.js";

const shownPerParty = 200;

/** Notices that the list and the map show: all that have not ended. */
export function standingNotices(store) {
  return [...store.notices.values()].filter((n) => n.status !== "ended");
}

export function mountNotices(container, store) {
  const file = h("button", { type: "button", class: "primary", id: "file-notice",
    onclick: () => store.select({ type: "file", amends: null }) }, t("notices.file"));
  const none = h("p", { class: "none" }, t("notices.none"));
  const list = h("div", { class: "list" });
  const outside = h("span");
  const windowed = h("div", { class: "window-note", hidden: true }, outside,
    h("button", { type: "button", class: "quiet", "data-focus": "window-all", onclick: () => store.setWindow(null) }, t("notices.windowAll")));
  container.append(
    h("div", { class: "title-row" }, h("h2", { id: "notices-title" }, t("notices.title")), file), windowed, none, list);

  return () => {
    const own = store.ownParty;
    file.hidden = own?.role !== "principal" || !store.acts;
    const standing = standingNotices(store);
    const notices = standing.filter((n) => isInWindow(n, store.window));
    windowed.hidden = !store.window;
    outside.textContent = t("notices.windowed", { n: standing.length - notices.length });
    none.hidden = notices.length > 0;
    const owners = [...new Set(notices.map((n) => n.owner))]
      .sort((a, b) => (a === own?.id ? -1 : b === own?.id ? 1 : a < b ? -1 : 1));
    const entries = [];
    for (const owner of owners) {
      const theirs = notices.filter((n) => n.owner === owner)
        .sort((a, b) => windowOf(a).start - windowOf(b).start || (a.id < b.id ? -1 : 1));
      entries.push({ key: `party ${owner}`, stamp: [theirs.length, store.status], build: () => heading(owner, theirs.length, store) });
      for (const notice of theirs.slice(0, shownPerParty)) {
        entries.push({
          key: notice.id,
          stamp: [notice, isSelected(notice, store), store.isHidden(notice.id), inConflict(notice, store), store.status],
          build: () => row(notice, store),
        });
      }
      const rest = theirs.length - shownPerParty;
      if (rest > 0) entries.push({ key: `rest ${owner}`, stamp: [rest], build: () => h("p", { class: "none" }, t("notices.more", { n: rest })) });
    }
    keyed(list, entries);
  };
}

function isSelected(notice, store) {
  return store.selection?.id === notice.id;
}

function inConflict(notice, store) {
  return notice.conflicts.some((id) => ["open", "disputed"].includes(store.conflicts.get(id)?.state));
}

function heading(owner, count, store) {
  return h("h3", {}, partyName(store, owner),
    h("span", { class: "count" }, t("notices.count", { n: count })),
    owner === store.ownParty?.id ? h("span", { class: "ours" }, t("notice.yours")) : null);
}

function row(notice, store) {
  const hidden = store.isHidden(notice.id);
  const { start, end } = windowOf(notice);
  return h("button", {
    type: "button", class: `notice-row status-${notice.status}`, "data-notice": notice.id, "data-version": notice.version, "data-focus": notice.id,
    "aria-current": isSelected(notice, store) ? "true" : null, vars: { "--hue": identity(store, notice.owner).hue },
    disabled: hidden, onclick: () => store.select({ type: "notice", id: notice.id }),
  },
  h("span", { class: "row-top" },
    h("span", { class: "kind" }, term("kind", notice.kind)),
    notice.mode === "drill" ? h("span", { class: "tag" }, t("notice.drill")) : null,
    notice.status !== "current" ? h("span", { class: "tag alarmed" }, term("status", notice.status)) : null,
    h("span", { class: "id" }, notice.id)),
  hidden
    ? h("span", { class: "row-time" }, t("readBack.hidden"))
    : h("span", { class: "row-time" }, h("bdi", {}, `${dateTimeGroup(start)} – ${dateTimeGroup(end)}`)),
  hidden ? null : ticking(() => whenWords(notice, store.now()), { class: "row-when" }),
  inConflict(notice, store)
    ? h("span", { class: "tag conflicted" }, t("assurance.conflict")) : null,
  store.owesReadBack(notice) ? h("span", { class: "tag alarmed" }, t("notice.needsReadBack")) : null);
}

/** Where now lies relative to the notice's window, in words. */
export function whenWords(notice, now) {
  const { start, end } = windowOf(notice);
  if (now < start) return t("notice.startsIn", { time: span((start - now) / 1000) });
  if (now <= end) return t("notice.under", { time: span((end - now) / 1000) });
  return t("notice.past", { time: span((now - end) / 1000) });
}
