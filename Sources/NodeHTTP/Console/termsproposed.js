// Proposed terms: what each party's proposal would change of the terms in force, side by side, and where proposals differ
// from each other. Nothing of a proposal is in force.
import { api } from "./api.js";
import { h, plain } from "./dom.js";
import { t } from "./i18n.js";
import { partyName } from "./parties.js";
import { termsDifference } from "./termsdiff.js";
import { fieldWords, itemWords, valueWords } from "./termswords.js";

/**
 * `proposals`: [{party, terms}] as the node has them; `terms` is null where it is no next version of these terms. Two that
 * are written differently are two, because their fingerprints are.
 */
export function proposalSections(inForce, proposals, store) {
  const readable = proposals.filter((proposal) => proposal.terms);
  const versions = [...Map.groupBy(readable, (proposal) => JSON.stringify(proposal.terms)).values()];
  const between = versions.flatMap((one, i) => versions.slice(i + 1).map((other) => [one, other]));
  return [
    h("p", { class: "proposals-agree" }, summary(readable, versions)),
    ...proposals.filter((proposal) => !proposal.terms).map(({ party }) => h("p", { class: "warning", "data-unreadable": party }, t("terms.unreadable", { party: plain(store.party(party).name) }))),
    ...versions.map((same) => h("section", { class: "terms-section", "data-proposal": same.map(({ party }) => party).join(" ") },
      h("h3", {}, proposers(same, store), " · ", t("terms.versionN", { n: same[0].terms.version })),
      comparison(inForce, same[0].terms, t("terms.inForce", { n: inForce.version }), proposers(same, store)))),
    ...between.map(([one, other]) => h("section", { class: "terms-section", "data-between": `${one[0].party} ${other[0].party}` },
      h("h3", {}, t("terms.between")),
      comparison(one[0].terms, other[0].terms, proposers(one, store), proposers(other, store)))),
  ];
}

function summary(proposals, versions) {
  if (proposals.length === 0) return t("terms.noProposal");
  if (versions.length > 1) return t("terms.proposalsDiffer", { n: versions.length });
  return t(proposals.length === 1 ? "terms.oneProposal" : "terms.sameProposal");
}

/** For administrators: the file of a next version, as it is. */
export function proposeForm(proposed) {
  const problem = h("p", { class: "problem", role: "alert" });
  const file = h("input", { id: "proposed-file", type: "file", accept: ".json,application/json", required: true });
  return h("form", {
    id: "propose-terms",
    onsubmit: async (event) => {
      event.preventDefault();
      problem.textContent = "";
      try {
        proposed((await api.proposeTerms(await file.files[0].text())).proposals);
      } catch (error) {
        problem.textContent = error.sentence ?? String(error);
      }
    },
  },
  h("h3", {}, t("terms.propose")), h("p", { class: "help" }, t("terms.proposeHelp")),
  h("div", { class: "field" }, h("label", { for: file.id }, t("terms.file")), file), problem,
  h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("terms.propose"))));
}

function proposers(same, store) {
  return same.map(({ party }, i) => [i > 0 ? ", " : "", partyName(store, party)]);
}

/** Both columns of each difference, the older to the reading side. */
function comparison(a, b, headA, headB) {
  const differences = termsDifference(a, b);
  if (differences.length === 0) return h("p", { class: "none" }, t("terms.noDifference"));
  return h("table", { class: "differences" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("terms.what")), h("th", { scope: "col" }, t("terms.change")),
      h("th", { scope: "col" }, headA), h("th", { scope: "col" }, headB))),
    h("tbody", {}, differences.map(({ change, section, item, field, from, to }) => h("tr", { class: `change-${change}`, "data-difference": [section, item, field].filter(Boolean).join("/") },
      h("th", { scope: "row" },
        h("span", { class: "part" }, t(`terms.${section}`)),
        item === null ? null : h("span", {}, itemWords(section, item)),
        field === null ? null : h("span", {}, fieldWords(section, field))),
      h("td", {}, h("strong", {}, t(`terms.${change}`))),
      h("td", {}, valueWords(field, from)), h("td", {}, valueWords(field, to))))));
}
