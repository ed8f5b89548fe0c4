// What to do when an alarm or a STOP rings: the node's card for its kind, folded until it is wanted.
import { h, plain } from "./dom.js";
import { t } from "./i18n.js";

const lists = ["do", "doNot"];

/** The card, or null when the node has none for that code. */
export function actionCard(code, store) {
  const card = store.cards?.cards.find((each) => each.code === code);
  if (!card) return null;
  const headings = store.cards.headings ?? {};
  const heading = (part) => h("h4", {}, plain(headings[part] ?? t(`card.${part}`)));
  return h("details", { class: "action-card", "data-card": code, dir: store.cards.direction ?? "ltr" },
    h("summary", { "data-focus": `card ${code}` }, t("card.title")),
    h("p", { class: "card-title" }, plain(card.title)),
    card.means ? h("p", {}, plain(card.means)) : null,
    lists.filter((part) => card[part]?.length > 0).map((part) => [heading(part), h(part === "do" ? "ol" : "ul", { class: `card-${part}` }, card[part].map((line) => h("li", {}, plain(line))))]),
    card.ends ? [heading("ends"), h("p", {}, plain(card.ends))] : null);
}
