// What happened to the selected notice, as separate facts: filed, lodged, received, judged, read back. Each with its
// time and with the party whose node signed it, because only that node can know it.
import { h, peerText, plain } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { dateTimeGroup } from "./units.js";

export function noticeFacts(notice, store) {
  const filed = notice.version === 1 ? t("fact.filed") : t("fact.filedVersion", { n: notice.version });
  return h("section", { class: "fact-table" },
    h("h3", {}, t("notice.facts")),
    h("table", {},
      h("thead", {}, h("tr", {}, ["what", "when", "signer"].map((column) => h("th", { scope: "col" }, t(`fact.${column}`))))),
      h("tbody", {}, row("filed", filed, notice.createdAt, notice.owner, notice.officer, store)),
      notice.facts.map((fact) => partyFacts(fact, notice.owner === store.ownParty?.id, store))),
    notice.readBacks.length > 0 ? [h("h3", {}, t("notice.readBacks")), h("ul", {}, notice.readBacks.map((r) => readBackRow(r, store)))] : null);
}

function partyFacts(fact, isOurs, store) {
  return h("tbody", { "data-party": fact.party },
    h("tr", {}, h("th", { scope: "rowgroup", colSpan: 3 }, partyName(store, fact.party))),
    // Held for a silent party by a mediator: that is no receipt, and is shown only while there is none.
    fact.lodgedAt ? row("lodged", t("fact.lodged"), fact.lodgedAt, fact.lodgedWith, null, store) : null,
    // A receipt goes to the notice's owner; other desks are not told of it, so they say nothing about it.
    fact.receiptedAt || isOurs ? row("receipted", t("fact.receipted"), fact.receiptedAt, fact.attestedBy, null, store) : null,
    row("evaluated", t("fact.evaluated"), fact.evaluatedAt, fact.attestedBy, null, store),
    row("acknowledged", t("fact.acknowledged"), fact.acknowledgedAt, fact.attestedBy, fact.acknowledgedBy, store));
}

function row(name, words, at, signer, officer, store) {
  return h("tr", { class: at ? "" : "not-yet", "data-fact": name },
    h("th", { scope: "row" }, words),
    h("td", {}, at ? dateTimeGroup(at) : t("fact.notYet")),
    h("td", {}, at ? [partyName(store, signer), officer ? h("div", {}, peerText(officer)) : null] : "—"));
}

function readBackRow({ party, officer, at, accepted, mismatches }, store) {
  const words = t(accepted ? "notice.readBackRight" : "notice.readBackWrong", {
    party: store.party(party).name, officer: plain(officer), fields: mismatches.map((f) => term("field", f)).join(", "),
  });
  return h("li", { class: accepted ? "" : "refused" }, dateTimeGroup(at), " ", h("bdi", {}, words));
}
