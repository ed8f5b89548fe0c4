// What was opened to a mediator, by us or to us: which record, by whom, when, and whether it is what its author signed.
import { api } from "./api.js";
import { h, peerText, plain } from "./dom.js";
import { t } from "./i18n.js";
import { partyName } from "./parties.js";
import { figures } from "./termswords.js";
import { dateTimeGroup } from "./units.js";

export function disclosuresPage(store) {
  const body = h("div", {}, h("p", { class: "help" }, t("why.asking")));
  fill(body, store);
  return [h("p", { class: "help" }, t("disclosures.help")), body];
}

async function fill(body, store) {
  try {
    const { disclosures } = await api.disclosures();
    body.replaceChildren(disclosures.length === 0 ? h("p", { class: "none" }, t("disclosures.none")) : table(disclosures, store));
  } catch (error) {
    body.replaceChildren(h("p", { class: "problem", role: "alert" }, error.sentence ?? String(error)));
  }
}

function table(disclosures, store) {
  return h("table", { class: "disclosures" },
    h("thead", {}, h("tr", {}, ["record", "by", "to", "at", "genuine"].map((column) => h("th", { scope: "col" }, t(`disclosures.${column}`))))),
    h("tbody", {}, disclosures.map((each) => h("tr", { "data-disclosed": each.record },
      h("th", { scope: "row" }, figures(plain(each.record))),
      h("td", {}, partyName(store, each.by), each.officer ? h("div", {}, peerText(each.officer)) : null),
      h("td", {}, partyName(store, each.to)), h("td", {}, figures(dateTimeGroup(each.at))),
      h("td", { class: each.isGenuine ? "" : "refused" }, t(each.isGenuine ? "disclosures.isGenuine" : "disclosures.notGenuine"),
        each.body ? h("details", {}, h("summary", {}, t("disclosures.body")), h("pre", { dir: "ltr", class: "peer" }, plain(JSON.stringify(each.body, null, 1)))) : null)))));
}
