// One call: what it says in the reader's language, and what has become of it at each desk it went to.
import { api } from "./api.js";
import { h, peerText, plain } from "./dom.js";
import { owesWord } from "./calls.js";
import { t, term } from "./i18n.js";
import { messageElement, partiesOf } from "./messagetext.js";
import { partyName } from "./parties.js";
import { dateTimeGroup } from "./units.js";

export function callHead(call, store) {
  return h("header", { class: "card-head" },
    h("h2", {}, h("span", { class: `call-precedence precedence-${call.precedence}` }, term("precedence", call.precedence)), " ", t("call.title"), " ", h("span", { class: "id" }, call.id)),
    h("p", {}, partyName(store, call.from), " → ", call.to.map((party, i) => [i > 0 ? ", " : "", partyName(store, party)]),
      call.mode === "drill" ? [" ", h("span", { class: "tag" }, t("notice.drill"))] : null),
    h("p", { class: "when" }, t("call.role", { role: term("role", call.message.role) }), " · ", t("call.due", { time: dateTimeGroup(call.dueAt) })));
}

export function callText(call, store) {
  return h("section", { class: "call-text" }, messageElement(call.message, { mode: call.mode, parties: partiesOf(call.from, call.to, store) }, store));
}

export function callActions(call, store) {
  if (!store.acts) return h("div", {});
  const problem = h("p", { class: "problem", role: "alert" });
  const acknowledge = async () => {
    try {
      const { asks } = await api.callQuestion(call.id);
      if (asks.length > 0) return store.select({ type: "callReadBack", id: call.id, asks });
      await api.acknowledgeCall(call.id);
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  };
  return h("div", { class: "actions" },
    owesWord(call, store) ? h("button", { type: "button", class: "primary", "data-focus": "acknowledge", id: "acknowledge-call", onclick: acknowledge }, t("call.acknowledge")) : null,
    h("button", { type: "button", "data-focus": "reply", onclick: () => store.select({ type: "compose", inReplyTo: call.id }) }, t("call.reply")),
    problem);
}

/** Each step with its time; what nobody has said stays "not yet", and a due time that went by without word is said. */
export function callFacts(call, store) {
  return h("section", { class: "fact-table call-facts" },
    h("h3", {}, t("call.facts")),
    h("table", {},
      h("thead", {}, h("tr", {}, ["what", "when", "signer"].map((column) => h("th", { scope: "col" }, t(`fact.${column}`))))),
      h("tbody", {}, row("sent", t("call.sent"), call.createdAt, call.officer)),
      call.facts.map((fact) => h("tbody", { "data-party": fact.party },
        h("tr", {}, h("th", { scope: "rowgroup", colSpan: 3 }, partyName(store, fact.party),
          fact.noOneThere ? [" ", h("strong", { class: "no-one" }, t("calls.noOneThere"))] : null)),
        fact.lodgedAt && !fact.receiptedAt ? row("lodged", t("fact.lodged"), fact.lodgedAt, fact.lodgedWith) : null,
        call.from === store.ownParty?.id || fact.receiptedAt ? row("receipted", t("fact.receipted"), fact.receiptedAt) : null,
        row("evaluated", t("fact.evaluated"), fact.evaluatedAt),
        row("acknowledged", t("call.acknowledged"), fact.acknowledgedAt, fact.acknowledgedBy),
        fact.mismatches.length > 0 ? h("tr", { class: "refused", "data-fact": "mismatches" },
          h("td", { colSpan: 3 }, t("call.mismatches", { fields: fact.mismatches.map((f) => fieldName(f, store)).join(", ") }))) : null))),
    call.escalatedAt ? h("p", { class: "warning" }, t("call.escalated", { time: dateTimeGroup(call.escalatedAt) })) : null);
}

function row(name, words, at, officer = null) {
  return h("tr", { class: at ? "" : "not-yet", "data-fact": name },
    h("th", { scope: "row" }, words), h("td", {}, at ? dateTimeGroup(at) : t("fact.notYet")), h("td", {}, at && officer ? peerText(officer) : "—"));
}

export function fieldName(field, store) {
  return store.texts?.texts.fields[field] ?? plain(field);
}
