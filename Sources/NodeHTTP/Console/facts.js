// What happened to the selected notice, as separate facts: filed, lodged, received, judged, read back, passed on. Each with
// its time, with the party whose node signed it, because only that node can know it, and with the record that says so.
import { api } from "./api.js";
import { h, peerText, plain } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { dateTimeGroup } from "./units.js";

export function noticeFacts(notice, store) {
  const filed = notice.version === 1 ? t("fact.filed") : t("fact.filedVersion", { n: notice.version });
  const table = h("table", {},
    h("thead", {}, h("tr", {}, ["what", "when", "signer"].map((column) => h("th", { scope: "col" }, t(`fact.${column}`))))),
    h("tbody", { "data-party": notice.owner }, row("filed", filed, notice.createdAt, notice.owner, notice.officer, store, notice.record),
      notice.passedOn.some((p) => p.party === notice.owner) ? passedOn(notice, notice.owner, store) : null),
    notice.facts.map((fact) => partyFacts(fact, notice, store)));
  nameRecords(table, notice);
  return h("section", { class: "fact-table" },
    h("h3", {}, t("notice.facts")), table, h("p", { class: "help" }, t("fact.separate")),
    h("p", {}, h("button", { type: "button", "data-focus": "in-record", onclick: () => store.showRecord({ type: "notice", id: notice.id }) }, t("fact.inRecord"))),
    notice.readBacks.length > 0 ? [h("h3", {}, t("notice.readBacks")), h("ul", {}, notice.readBacks.map((r) => readBackRow(r, store)))] : null);
}

function partyFacts(fact, notice, store) {
  const isOurs = notice.owner === store.ownParty?.id;
  const isPrincipal = store.party(fact.party).role !== "mediator";
  return h("tbody", { "data-party": fact.party },
    h("tr", {}, h("th", { scope: "rowgroup", colSpan: 3 }, partyName(store, fact.party))),
    // Held for a silent party by a mediator: that is no receipt, and is shown only while there is none.
    fact.lodgedAt ? row("lodged", t("fact.lodged"), fact.lodgedAt, fact.lodgedWith, null, store) : null,
    // A receipt goes to the notice's owner; other desks are not told of it, so they say nothing about it.
    fact.receiptedAt || isOurs ? row("receipted", t("fact.receipted"), fact.receiptedAt, fact.attestedBy, null, store) : null,
    row("evaluated", t("fact.evaluated"), fact.evaluatedAt, fact.attestedBy, null, store),
    row("acknowledged", t("fact.acknowledged"), fact.acknowledgedAt, fact.attestedBy, fact.acknowledgedBy, store),
    isPrincipal ? passedOn(notice, fact.party, store) : null);
}

/** How far a party says that it has told its own forces. */
function passedOn(notice, party, store) {
  const said = notice.passedOn.find((p) => p.party === party);
  const words = said ? [t("fact.passedOn"), " ", h("bdi", { dir: "ltr" }, `${said.reached}/${said.of}`)] : t("fact.passedOn");
  const made = row("passedOn", words, said?.at, party, said?.officer, store);
  made.classList.toggle("not-yet", !said?.isComplete);
  return made;
}

const mostNamed = 500;

/** Puts the names of records beside the facts that they state, as far as this node's record has them. */
async function nameRecords(table, notice) {
  let records;
  try {
    const judged = notice.facts.map((f) => f.evaluatedAt).filter(Boolean);
    const [about, judgements] = await Promise.all([
      api.record({ notice: notice.id, kinds: "acknowledgement,passedOn", limit: String(mostNamed) }),
      // A judgement names a whole log: only its time leads to it.
      Promise.all(judged.map((at) => api.record({ kinds: "evaluated", from: at, to: at, limit: String(mostNamed) }))),
    ]);
    records = [about, ...judgements].flatMap((answer) => answer.records);
  } catch {
    // The facts stand without them.
    return;
  }
  const place = Number(notice.record.slice(notice.record.lastIndexOf("-") + 1));
  const about = {
    acknowledged: ({ kind, content }) => kind === "acknowledgement" && content.notice === notice.id && content.version === notice.version,
    passedOn: ({ kind, content }) => kind === "passedOn" && content.notice?.notice === notice.id && content.notice.version === notice.version,
    evaluated: ({ kind, content }) => kind === "evaluated" && content.party === notice.owner && content.size > place,
  };
  for (const line of table.querySelectorAll("tr[data-fact]")) {
    const isAbout = about[line.dataset.fact];
    const { party } = line.closest("tbody").dataset;
    if (!isAbout || line.classList.contains("not-yet") && line.dataset.fact !== "passedOn") continue;
    // The first judgement that reaches it; of everything else the last word.
    const found = records.filter((r) => r.readable && r.author === party && isAbout(r));
    const record = line.dataset.fact === "evaluated" ? found.at(-1) : found[0];
    if (record) line.lastElementChild.append(recordName(record.id));
  }
}

const recordName = (id) => h("div", {}, h("bdi", { class: "fact-record", dir: "ltr" }, id));

function row(name, words, at, signer, officer, store, record = null) {
  return h("tr", { class: at ? "" : "not-yet", "data-fact": name },
    h("th", { scope: "row" }, words),
    h("td", {}, at ? dateTimeGroup(at) : t("fact.notYet")),
    h("td", {}, at ? [partyName(store, signer), officer ? h("div", {}, peerText(officer)) : null, record ? recordName(record) : null] : "—"));
}

function readBackRow({ party, officer, at, accepted, mismatches }, store) {
  const words = t(accepted ? "notice.readBackRight" : "notice.readBackWrong", {
    party: store.party(party).name, officer: plain(officer), fields: mismatches.map((f) => term("field", f)).join(", "),
  });
  return h("li", { class: accepted ? "" : "refused" }, dateTimeGroup(at), " ", h("bdi", {}, words));
}
