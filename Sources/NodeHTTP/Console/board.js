// The board: what starts within two hours or is under way, with what is still missing of each.
import { effective } from "./assurance.js";
import { h, keyed, ticking } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { whenOf } from "./soon.js";
import { dateTimeGroup } from "./units.js";

export function mountBoard(container, store) {
  const none = h("p", { class: "none" });
  const list = h("div", { class: "list" });
  container.append(h("div", { class: "title-row" }, h("h2", {}, t("board.title"))), none, list);
  return () => {
    const entries = store.board ?? [];
    none.hidden = entries.length > 0;
    none.textContent = t(store.board === null ? "soon.unknown" : "board.none");
    keyed(list, entries.map((entry) => ({
      key: `${entry.notice}`, stamp: [JSON.stringify({ ...entry, at: null, validForS: null }), effective(entry, store).answer, store.selection?.id === entry.notice, store.isHidden(entry.notice)], build: () => row(entry, store),
    })));
  };
}

function row(entry, store) {
  const missing = (label, parties) => (parties.length > 0
    ? h("span", { class: "board-missing" }, t(label), " ", parties.map((p, i) => [i > 0 ? ", " : "", partyName(store, p)])) : null);
  // As everywhere: over when its time is, and when this screen has lost its node.
  const newest = () => store.board?.find((other) => other.notice === entry.notice) ?? entry;
  const answer = () => effective(newest(), store).answer;
  return h("button", {
    type: "button", class: `call-row board-row board-${answer()}`, "data-board": entry.notice, "data-focus": entry.notice, disabled: store.isHidden(entry.notice),
    "aria-current": store.selection?.id === entry.notice ? "true" : null, onclick: () => store.select({ type: "notice", id: entry.notice }),
  },
  h("span", { class: "row-top" }, h("span", { class: "kind" }, term("kind", entry.kind)), partyName(store, entry.owner),
    entry.mode === "drill" ? h("span", { class: "tag" }, t("notice.drill")) : null, h("span", { class: "id" }, entry.notice)),
  h("span", { class: "row-when" }, store.isHidden(entry.notice) ? t("readBack.hidden") : [dateTimeGroup(entry.start), " · ", ticking(() => whenOf(entry, store))]),
  ticking(() => t(`assurance.${answer()}`), { class: "board-assurance" }, "strong"),
  missing("board.notAcknowledged", entry.notAcknowledged), missing("board.notPassedOn", entry.notPassedOn));
}
