// The terms in force, in readable form: all that is signed is seen, the minima as a table of kinds by kinds.
import { h, plain } from "./dom.js";
import { joined, t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { minimaOf, termsWarnings } from "./termsdiff.js";
import { fieldWords, figures, itemWords, valueWords } from "./termswords.js";
import { distance, exactSpan } from "./units.js";

const deskRoles = ["watchOfficer", "releasingOfficer", "commander", "administrator", "auditor", "feed"];
const known = ["parley", "name", "version", "previous", "effectiveAt", "sealing", "parties", "kinds", "minima", "area", "vertical", "timing", "readBack", "twoOfficers"];

/** The sections of one document of terms. */
export function termsSections(terms, store) {
  return [
    section("mechanism", rows("mechanism", { name: terms.name, version: terms.version, effectiveAt: terms.effectiveAt, sealing: terms.sealing, ...(terms.previous ? { previous: terms.previous } : {}) })),
    section("warnings", warnings(terms, store)),
    section("parties", parties(terms, store)),
    section("twoOfficers", mayWhat(terms)),
    section("kinds", kindsTable(terms)),
    section("minima", minimaTable(terms)),
    ...["timing", "readBack", "area", "vertical"].map((name) => section(name, rows(name, terms[name]))),
    ...Object.keys(terms).some((name) => !known.includes(name))
      ? [section("other", rows("other", Object.fromEntries(Object.entries(terms).filter(([name]) => !known.includes(name)))))] : [],
  ];
}

function section(name, ...parts) {
  return h("section", { class: "terms-section", "data-terms": name }, h("h3", {}, t(`terms.${name}`)), parts);
}

function rows(name, members) {
  return h("dl", { class: "facts" }, Object.entries(members).map(([field, value]) => [
    h("dt", {}, fieldWords(name, field)), h("dd", { "data-field": field }, valueWords(field, value))]));
}

function warnings(terms, store) {
  const found = termsWarnings(terms);
  if (found.length === 0) return h("p", { class: "none" }, t("terms.noWarnings"));
  // Of several parties or kinds with the same warning, one line.
  const byName = Map.groupBy(found, (each) => each.name);
  return h("ul", { class: "terms-warnings" }, [...byName].map(([name, all]) => h("li", { "data-warning": name }, t(`terms.warning.${name}`, {
    n: all[0].n ?? all.length,
    parties: joined(all.map((each) => plain(store.party(each.party).name))),
    kinds: joined(all.map((each) => term("kind", each.kind))),
  }))));
}

function parties(terms, store) {
  return terms.parties.map((party) => h("div", { class: "position-card", "data-party": party.id },
    h("p", {}, partyName(store, party.id), " · ", term("partyRole", party.role)),
    h("dl", { class: "facts" },
      h("dt", {}, fieldWords("parties", "address")), h("dd", {}, figures(plain(party.address))),
      h("dt", {}, fieldWords("parties", "roots")), h("dd", {}, party.roots
        ? t("terms.rootsOf", { threshold: party.roots.threshold, n: party.roots.keys.length }) : t("terms.noRoots"))),
    h("details", {}, h("summary", { "data-focus": `keys ${party.id}` }, t("terms.keys")),
      rows("parties", Object.fromEntries(Object.entries(party).filter(([name]) => !["id", "name", "role", "address"].includes(name)))))));
}

/** What each role of an officer may do, and what takes two of them. */
function mayWhat(terms) {
  return [
    rows("twoOfficers", terms.twoOfficers),
    h("table", { class: "roles" }, h("tbody", {}, deskRoles.map((role) => h("tr", { "data-role": role },
      h("th", { scope: "row" }, term("officerRole", role)), h("td", {}, t(`roleMay.${role}`)))))),
  ];
}

function kindsTable(terms) {
  const fields = ["precedence", "leadTimeS", "needsAcknowledgement", "needsPassingOn", "tightReadBack", "standing"];
  return h("div", { class: "wide" }, h("table", { class: "kinds" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("terms.kind")), fields.map((field) => h("th", { scope: "col" }, fieldWords("kinds", field))))),
    h("tbody", {}, terms.kinds.map((kind) => h("tr", { "data-kind": kind.kind },
      h("th", { scope: "row" }, itemWords("kinds", kind.kind)), fields.map((field) => h("td", {}, valueWords(field, kind[field]))))))));
}

function minimaTable(terms) {
  const kinds = terms.kinds.map((kind) => kind.kind);
  const cell = (one, other) => {
    const row = minimaOf(terms, one, other);
    return h("td", { "data-pair": `${one} ${other}`, class: row ? "" : "not-yet" }, row ? [
      h("span", {}, figures(distance(row.horizontalM))),
      h("span", {}, row.verticalM === "all" ? t("terms.allShort") : figures(`${Math.round(row.verticalM)} m`)),
      h("span", {}, figures(exactSpan(row.timeS)))] : t("terms.worst"));
  };
  return [
    h("p", { class: "help" }, t("terms.minimaHelp")),
    h("div", { class: "wide", tabIndex: 0, role: "region", "aria-label": t("terms.minima") }, h("table", { class: "matrix" },
      h("thead", {}, h("tr", {}, h("td", {}), kinds.map((kind) => h("th", { scope: "col" }, itemWords("kinds", kind))))),
      h("tbody", {}, kinds.map((one) => h("tr", {}, h("th", { scope: "row" }, itemWords("kinds", one)), kinds.map((other) => cell(one, other))))))),
  ];
}
