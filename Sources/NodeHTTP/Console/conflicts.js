// Conflicts: the list, and the head of a conflict's card.
import { h, keyed, peerText } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { dateTimeGroup, distance } from "./units.js";

const order = ["open", "disputed", "settled"];

/** Conflicts that are not over, those still open first. */
export function standingConflicts(store) {
  return [...store.conflicts.values()].filter((c) => c.state !== "cleared")
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || Date.parse(a.openedAt) - Date.parse(b.openedAt));
}

export function mountConflicts(container, store) {
  const none = h("p", { class: "none" }, t("conflicts.none"));
  const list = h("div", { class: "list" });
  container.append(h("h2", { id: "conflicts-title" }, t("conflicts.title")), none, list);
  return () => {
    const conflicts = standingConflicts(store);
    none.hidden = conflicts.length > 0;
    keyed(list, conflicts.map((conflict) => ({
      key: conflict.id,
      stamp: [conflict, store.selection?.id === conflict.id, store.isHidden(conflict.id), store.status],
      build: () => row(conflict, store),
    })));
  };
}

function row(conflict, store) {
  const hidden = store.isHidden(conflict.id);
  return h("button", {
    type: "button", class: `conflict-row state-${conflict.state}`, "data-conflict": conflict.id, "data-state": conflict.state, "data-focus": conflict.id,
    "aria-current": store.selection?.id === conflict.id ? "true" : null, disabled: hidden,
    onclick: () => store.select({ type: "conflict", id: conflict.id }),
  },
  h("span", { class: "row-top" },
    h("span", { class: "state" }, term("conflict", conflict.state)),
    conflict.mode === "drill" ? h("span", { class: "tag" }, t("notice.drill")) : null,
    h("span", { class: "id" }, conflict.id.slice(0, 8))),
  side(conflict.first, store), side(conflict.second, store),
  h("span", { class: "row-time" }, hidden ? t("readBack.hidden") : separation(conflict)));
}

function side({ notice, owner, kind }, store) {
  return h("span", { class: "side" }, partyName(store, owner), " ", term("kind", kind), " ", h("span", { class: "id" }, notice));
}

function separation({ closest }) {
  if (!closest) return "";
  const apart = closest.distanceM === 0 ? t("conflict.overlap") : t("conflict.apart", { distance: distance(closest.distanceM) });
  return `${apart} ${t("conflict.required", { distance: distance(closest.requiredM) })}`;
}

export function conflictHead(conflict, store) {
  const names = conflict.foundBy.map((p) => store.party(p).name);
  const principals = (store.status?.parties ?? []).filter((p) => p.role !== "mediator").length;
  return h("header", { class: "card-head" },
    h("h2", {}, t("conflict.title", { id: conflict.id.slice(0, 8) })),
    h("p", { class: `conflict-state state-${conflict.state}` }, term("conflict", conflict.state),
      conflict.mode === "drill" ? [" ", h("span", { class: "tag" }, t("notice.drill"))] : null),
    [conflict.first, conflict.second].map((s) => h("button", {
      type: "button", class: "link-button side-button", "data-focus": s.notice,
      onclick: () => store.select({ type: "notice", id: s.notice }),
    }, side(s, store))),
    conflict.state === "settled" && conflict.conditions.length > 0
      ? h("div", { class: "agreed" }, h("h3", {}, t("assurance.conditionsTitle")), h("ul", {}, conflict.conditions.map((c) => h("li", {}, peerText(c))))) : null,
    h("p", { class: "separation" }, separation(conflict)),
    h("p", {}, names.length < principals && names.length === 1
      ? t("conflict.foundByOnly", { party: names[0] }) : t("conflict.foundBy", { parties: names.join(", ") })),
    conflict.proven || conflict.state === "cleared" ? null : h("p", {}, t("conflict.unproven")),
    h("p", {}, t("conflict.opened", { time: dateTimeGroup(conflict.openedAt) })));
}
