// Assurance in words that cannot be taken for permission, its countdown, its reasons and what it does not cover. When
// the countdown ends, or this screen has lost its node, the screen itself says UNKNOWN without waiting to be told.
import { h, peerText, ticking } from "./dom.js";
import { t } from "./i18n.js";
import { disclaimer, nodeText, notCovered, reasonWords } from "./nodewords.js";
import { partyName } from "./parties.js";
import { span } from "./units.js";

const answers = ["clear", "conditions", "conflict", "unknown"];
// Class names and signs: the answer is told by word, sign and weight, not by hue alone, and never by green.
export const looks = {
  clear: { look: "none-known", sign: "○" },
  conditions: { look: "conditions", sign: "◇" },
  conflict: { look: "conflict", sign: "✕" },
  unknown: { look: "unknown", sign: "?" },
};

/** What this screen may show of `assurance` at this moment: {answer, remainingS, reasons}. */
export function effective(assurance, store) {
  const own = (sentence, endsBy) => ({ answer: "unknown", remainingS: null, reasons: [{ sentence, endsBy, party: null }] });
  if (store.lostSince !== null) return own(t(store.isBehind ? "assurance.behind" : "assurance.lost"), t(store.isBehind ? "assurance.behindEnds" : "assurance.lostEnds"));
  if (!assurance) return own(t("assurance.waiting"), t("assurance.expiredEnds"));
  const answer = answers.includes(assurance.answer) ? assurance.answer : "unknown";
  if (answer === "unknown" || answer === "conflict") return { answer, remainingS: null, reasons: assurance.reasons };
  const remainingS = (assurance.validForS ?? 0) - store.secondsSince(assurance);
  if (remainingS <= 0) return own(t("assurance.expired"), t("assurance.expiredEnds"));
  return { answer, remainingS, reasons: assurance.reasons };
}

/** The answer and its countdown: what must be in view whenever the notice is. Follows the countdown by itself. */
export function assuranceAnswer(assurance, store, title) {
  return followed(assurance, store, (now) => {
    const { look, sign } = looks[now.answer];
    const conditions = now.answer === "conditions" ? assurance.conditions : [];
    return [
      h("h3", {}, title),
      h("p", { class: `assurance-answer look-${look}` },
        h("span", { "aria-hidden": "true" }, sign), " ", t(`assurance.${now.answer}`)),
      now.remainingS !== null
        ? h("p", { class: "countdown" }, ticking(() => t("assurance.expires", {
          time: span((assurance.validForS ?? 0) - store.secondsSince(assurance)),
        })))
        : "",
      conditions.length > 0 ? listed(t("assurance.conditionsTitle"), conditions.map((c) => peerText(c)), "conditions") : "",
    ];
  });
}

/** Every reason with what ends it, what the answer does not cover, and the evidence it rests on. */
export function assuranceGrounds(assurance, store) {
  return followed(assurance, store, (now) => {
    const uncovered = notCovered(assurance, store);
    const evidence = assurance?.evidence ?? [];
    return [
      h("p", { class: "disclaimer" }, disclaimer(store)),
      now.reasons.length > 0 ? listed(t("assurance.reasons"), now.reasons.map((r) => reason(r, store)), "reasons") : "",
      uncovered.length > 0 ? listed(t("assurance.notCovered"), uncovered.map((words) => nodeText(words)), "not-covered") : "",
      evidence.length > 0 ? listed(t("assurance.evidence"), evidence.map((e) => evidenceRow(e, assurance, store)), "evidence") : "",
    ];
  });
}

/** A section that is made again whenever what may be shown changes, at the latest with the next second. */
function followed(assurance, store, content) {
  const section = h("section", { class: "assurance-panel", "data-tick": "1" });
  let shown = null;
  section.tick = () => {
    const now = effective(assurance, store);
    const state = `${now.answer}/${now.remainingS === null}/${now.reasons[0]?.sentence}`;
    if (state === shown) return;
    shown = state;
    section.replaceChildren(...content(now).filter(Boolean));
  };
  section.tick();
  return section;
}

function listed(title, items, className) {
  return h("div", { class: className }, h("h4", {}, title), h("ul", {}, items.map((item) => h("li", {}, item))));
}

function reason(each, store) {
  const words = reasonWords(each, store);
  return [
    each.party ? [partyName(store, each.party), " "] : null,
    nodeText(words),
    words.endsBy ? h("div", { class: "ends" }, t("assurance.ends", { who: "" }), nodeText({ ...words, sentence: words.endsBy })) : null,
  ];
}

function evidenceRow({ party, size, heardS }, assurance, store) {
  return ticking(() => t(heardS === null ? "assurance.evidenceNever" : "assurance.evidenceRow", {
    party: store.party(party).name, size, age: span(heardS + store.secondsSince(assurance)),
  }));
}
