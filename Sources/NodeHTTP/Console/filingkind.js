// What a kind of activity is, and what the terms ask for it.
import { h } from "./dom.js";
import { t, term } from "./i18n.js";
import { distance, span } from "./units.js";

/** The lines under the choice of a kind; none while the node has not said its terms. */
export function kindHelp(kind, store) {
  const { terms } = store;
  const stated = terms?.kinds?.find((k) => k.kind === kind);
  if (!stated) return [];
  const what = term("kindIs", kind);
  const facts = [
    t("kind.lead", { time: span(stated.leadTimeS) }), t("kind.precedence", { precedence: term("precedence", stated.precedence) }),
    ...(stated.needsAcknowledgement ? [t("kind.readBack")] : []), ...(stated.needsPassingOn ? [t("kind.passingOn")] : []),
    ...(stated.standing ? [t("kind.standing")] : []), ...(needsSecond(kind, store) ? [t("kind.second")] : []),
  ];
  const minima = (terms.minima ?? []).filter(({ between }) => between.includes(kind));
  return [
    h("p", { class: "help" }, what === kind.replaceAll("-", " ") ? null : [what, " "], facts.join(" ")),
    minima.length > 0 ? h("details", { class: "kind-minima" }, h("summary", {}, t("kind.minima")),
      h("table", {}, h("thead", {}, h("tr", {}, ["with", "distance", "altitude", "time"].map((column) => h("th", { scope: "col" }, t(`kind.${column}`))))),
        h("tbody", {}, minima.map((row) => minimaRow(kind, row))))) : null,
  ].filter(Boolean);
}

function minimaRow(kind, { between: [first, second], horizontalM, verticalM, timeS }) {
  return h("tr", {}, h("th", { scope: "row" }, term("kind", first === kind ? second : first)),
    h("td", {}, distance(horizontalM)), h("td", {}, verticalM === "all" ? t("kind.anyAltitude") : distance(verticalM)), h("td", {}, span(timeS)));
}

/** Whether a notice of that kind waits for a second officer before anybody is told. */
export function needsSecond(kind, store) {
  return store.terms?.twoOfficers?.kinds?.includes(kind) === true;
}

export function isStanding(kind, store) {
  return store.terms?.kinds?.find((k) => k.kind === kind)?.standing === true;
}
