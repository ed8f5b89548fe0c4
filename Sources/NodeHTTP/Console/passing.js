// Which of our units have a notice or a STOP: none until somebody says so. Each unit is marked as it confirms; the names
// stay with us unless they are disclosed.
import { api } from "./api.js";
import { h, peerText } from "./dom.js";
import { t } from "./i18n.js";
import { partyName } from "./parties.js";
import { dateTimeGroup } from "./units.js";

/** What we hold about a subject that `isAbout(entry)` finds: {units, concerned, reached, missing}. */
function passingOf(isAbout, store) {
  const units = store.passing?.units ?? [];
  const own = store.passing?.own.find(isAbout);
  const reached = own?.reached ?? [];
  const concerned = own?.concerned ?? null;
  const missing = own?.notYetReached ?? (concerned ?? units).filter((unit) => !reached.some((r) => r.unit === unit));
  return { units, concerned, reached, missing };
}

export function noticePassing(notice, store) {
  const held = passingOf((entry) => entry.notice?.notice === notice.id && entry.notice?.version === notice.version, store);
  const may = store.acts && notice.status !== "ended";
  return h("section", { class: "passing fact-table", id: "passing" },
    h("h3", {}, t("passing.title")),
    passingParts({ notice: notice.id, version: notice.version }, held, notice.passedOn ?? [], may, store));
}

const unfolded = new Set();

/** Folded, because the answer comes first; stays as the officer left it. */
export function stopPassing(stop, store) {
  const held = passingOf((entry) => entry.stop === stop.id, store);
  const said = store.passing?.stops.find((each) => each.stop === stop.id)?.parties ?? [];
  return h("details", { class: "passing fact-table stop-passing", open: unfolded.has(stop.id), ontoggle: (event) => {
    if (event.target.open) unfolded.add(stop.id);
    else unfolded.delete(stop.id);
  } },
  h("summary", { "data-focus": "passing" }, t("passing.title"), held.missing.length > 0 ? [" · ", t("passing.missing", { n: held.missing.length })] : null),
  passingParts({ stop: stop.id }, held, said, store.acts, store));
}

function passingParts(subject, { units, concerned, reached, missing }, said, may, store) {
  const problem = h("p", { class: "problem", role: "alert" });
  const disclose = h("input", { type: "checkbox", class: "disclose" });
  const act = async (request) => {
    try {
      store.apply("passing", await request());
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  };
  const button = (focus, words, request, more = {}) => h("button", { type: "button", "data-focus": focus, onclick: () => act(request), ...more }, words);
  const among = concerned ?? units;
  const unitRow = (unit) => {
    const fact = reached.find((r) => r.unit === unit);
    const isConcerned = among.includes(unit);
    const toggled = isConcerned ? among.filter((u) => u !== unit) : [...among, unit];
    return h("tr", { "data-unit": unit, class: fact || !isConcerned ? "" : "not-yet" },
      h("th", { scope: "row" }, peerText(unit)),
      h("td", {}, fact ? [dateTimeGroup(fact.at), " · ", peerText(fact.by), fact.isDisclosed ? [" · ", t("passing.disclosed")] : null]
        : isConcerned ? h("strong", {}, t("passing.notYet")) : t("passing.notConcerned")),
      h("td", {}, may && !fact && isConcerned ? button(`pass ${unit}`, t("passing.mark"), () => api.passOn(subject, [unit], disclose.checked), { "data-pass": unit }) : null,
        may && !fact ? button(`concern ${unit}`, t(isConcerned ? "passing.leaveOut" : "passing.concern"), () => api.concerns(subject, toggled), { class: "quiet" }) : null));
  };
  return [
    h("p", { class: missing.length > 0 || (units.length === 0 && concerned === null) ? "warning" : "" }, summaryWords(units, concerned, missing)),
    units.length > 0 ? h("table", {}, h("tbody", {}, units.map(unitRow))) : null,
    may && concerned === null ? button("none concerned", t("passing.noneConcerned"), () => api.concerns(subject, []), { class: "none-concerned" }) : null,
    may && missing.length > 0 ? h("label", { class: "choice" }, disclose, t("passing.disclose")) : null,
    said.map((fact) => h("p", { "data-passed-by": fact.party }, partyName(store, fact.party), " ",
      t("passing.theirs", { reached: fact.reached, of: fact.of, time: dateTimeGroup(fact.at) }))),
    problem,
  ];
}

function summaryWords(units, concerned, missing) {
  if (concerned?.length === 0) return t("passing.stated");
  if (units.length === 0) return t("passing.noUnits");
  return missing.length > 0 ? t("passing.missing", { n: missing.length }) : t("passing.complete");
}
