// What each side says of a conflict, and what this desk may say: accept the other's conditions as they stand, propose others,
// dispute, withdraw. A position binds the versions that it was taken for and no others.
import { api } from "./api.js";
import { h, peerText } from "./dom.js";
import { guardedButton } from "./guard.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { dateTimeGroup } from "./units.js";

/** Whether this officer may speak for a side of that conflict. */
export function speaksIn(conflict, store) {
  return store.acts && store.ownParty?.role === "principal" && conflict.state !== "cleared"
    && [conflict.first.owner, conflict.second.owner].includes(store.ownParty.id);
}

async function take(conflictID, position, store, problem) {
  problem.textContent = "";
  try {
    const { conflict } = await api.takePosition(conflictID, position);
    if (conflict) store.apply("conflict", conflict);
    else store.select({ type: "watch" });
  } catch (error) {
    problem.textContent = error.sentence ?? String(error);
  }
}

export function conflictPositions(conflict, store) {
  const problem = h("p", { class: "problem", role: "alert" });
  return h("section", { class: "positions" }, h("h3", {}, t("conflict.positions")),
    conflict.positions.length === 0 ? h("p", { class: "none" }, t("conflict.noPositions")) : null,
    conflict.positions.map((p) => positionCard(p, conflict, store, problem)), problem);
}

function positionCard(p, conflict, store, problem) {
  const own = p.party === store.ownParty?.id;
  const may = p.current && speaksIn(conflict, store);
  return h("div", { class: `position-card ${p.current ? "" : "old"}`, "data-position-of": p.party },
    h("p", {}, partyName(store, p.party), " ", h("strong", {}, term("stance", p.stance))),
    p.current ? null : h("p", { class: "warning" }, t("conflict.positionOld")),
    p.conditions.length > 0 ? h("ul", {}, p.conditions.map((c) => h("li", {}, peerText(c)))) : null,
    p.remarks ? h("p", { class: "remarks" }, peerText(p.remarks)) : null,
    h("p", { class: "by" }, p.officer ? [peerText(p.officer), " "] : null, h("bdi", { dir: "ltr" }, dateTimeGroup(p.at))),
    may && !own && p.stance === "settle" && conflict.state !== "settled"
      ? guardedButton(t("conflict.accept"), () => take(conflict.id, { stance: "settle", conditions: p.conditions }, store, problem),
        { className: "primary", "data-focus": `accept ${p.party}`, "data-accept": p.party, title: `${t("conflict.acceptTitle")} ${t("guard.title")}` }).element : null,
    may && own && p.stance !== "withdraw"
      ? h("button", { type: "button", "data-focus": "withdraw", onclick: () => take(conflict.id, { stance: "withdraw", conditions: [] }, store, problem) }, t("conflict.withdraw")) : null);
}

/** Built once for a conflict, so that an officer's half-written words survive whatever arrives. */
export function conflictActions(conflictID, store) {
  const conditions = h("textarea", { id: "conditions", rows: 3, maxLength: 4000 });
  const remarks = h("input", { id: "position-remarks", maxLength: 1000 });
  const problem = h("p", { class: "problem", role: "alert" });
  const lines = () => conditions.value.split("\n").map((line) => line.trim()).filter(Boolean);
  const say = (stance) => () => {
    const words = stance === "settle" ? lines() : [];
    if (stance === "settle" && words.length === 0) return (problem.textContent = t("conflict.needsConditions"));
    take(conflictID, { stance, conditions: words, ...(remarks.value.trim() ? { remarks: remarks.value.trim() } : {}) }, store, problem);
  };
  return h("section", { class: "conflict-actions" }, h("h3", {}, t("conflict.actions")),
    h("label", { for: "conditions" }, t("conflict.conditions")), conditions,
    h("p", { class: "help" }, t("conflict.conditionsHelp")),
    h("label", { for: "position-remarks" }, t("conflict.remarks")), remarks, problem,
    h("div", { class: "actions" },
      h("button", { type: "button", class: "primary", "data-focus": "settle", onclick: say("settle") }, t("conflict.settle")),
      h("button", { type: "button", "data-focus": "dispute", onclick: say("dispute") }, t("conflict.dispute"))));
}
