// The map's two sheets: what is drawn (layers and filters), and what the signs mean (legend). One is open at most.
import { h } from "./dom.js";
import { t, term } from "./i18n.js";
import { belongs, shown } from "./mapmoment.js";
import { kindMark } from "./mapsymbols.js";
import { partyName } from "./parties.js";

const bases = ["airfields", "places", "borders", "rivers", "graticule", "gars"];
const signs = ["current", "doubtful", "drill", "ended", "faint", "dot", "overlap", "closest", "rings"];

/** A button that opens a sheet, and the sheet, filled anew by `fill(sheet)` whenever it opens and at `refill`. */
export function sheet(id, label, place, fill) {
  const panel = h("section", { id, class: "map-sheet", "aria-label": label, hidden: true, onkeydown: (event) => { if (event.key === "Escape") open(false); } });
  const button = h("button", { type: "button", id: `${id}-button`, "aria-expanded": "false", "aria-controls": id, onclick: () => open(panel.hidden) }, label);
  function open(isOpen) {
    for (const other of place.querySelectorAll(".map-sheet:not([hidden])")) if (other !== panel) other.close();
    if (!isOpen && panel.contains(document.activeElement)) button.focus();
    panel.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) fill(panel);
  }
  panel.close = () => open(false);
  place.append(panel);
  return { button, refill: () => { if (!panel.hidden) fill(panel); } };
}

/** Fills the sheet of layers; what has the focus keeps it. */
export function fillLayers(panel, store, choices) {
  const focused = panel.contains(document.activeElement) ? document.activeElement.dataset.choice : null;
  const { notices, at } = shown(store);
  const drawn = [...notices.values()].filter((notice) => belongs(notice, at / 1000, choices));
  const box = (name, isOn, change, ...label) => h("label", {},
    h("input", { type: "checkbox", checked: isOn, "data-choice": name, onchange: (event) => change(event.target.checked) }), h("span", {}, label));
  const group = (title, ...rows) => h("fieldset", {}, h("legend", {}, title), rows);
  const count = (of) => h("span", { class: "count" }, h("bdi", { dir: "ltr" }, String(drawn.filter(of).length)));
  const kinds = [...new Set([...(store.terms?.kinds ?? []).map((each) => each.kind), ...drawn.map((notice) => notice.kind)])];
  const parties = (store.status?.parties ?? []).filter((p) => p.role !== "mediator").map((p) => p.id);
  const radio = (value) => h("label", {},
    h("input", { type: "radio", name: "map-others", checked: choices.others === value, "data-choice": `others-${value}`, onchange: () => choices.set("others", value) }),
    h("span", {}, t(`map.others.${value}`)));
  panel.replaceChildren(
    group(t("layers.base"), bases.map((name) => box(`base-${name}`, !choices.baseOff.has(name), (on) => choices.off("baseOff", name, !on), t(`layers.${name}`))),
      box("labels", choices.labels, (on) => choices.set("labels", on), t("layers.labels")),
      box("rings", choices.rings, (on) => choices.set("rings", on), t("layers.rings"))),
    group(t("layers.time"), h("p", { class: "help" }, t("layers.others")), ["full", "faint", "hidden"].map(radio),
      box("ended", choices.ended, (on) => choices.set("ended", on), t("layers.ended")),
      box("allTime", choices.allTime, (on) => choices.set("allTime", on), t("layers.allTime"))),
    group(t("layers.parties"), parties.map((party) =>
      box(`party-${party}`, !choices.hiddenParties.has(party), (on) => choices.off("hiddenParties", party, !on), partyName(store, party), count((n) => n.owner === party)))),
    group(t("layers.kinds"), kinds.map((kind) =>
      box(`kind-${kind}`, !choices.hiddenKinds.has(kind), (on) => choices.off("hiddenKinds", kind, !on), kindMark(kind), term("kind", kind), count((n) => n.kind === kind)))));
  if (focused) panel.querySelector(`[data-choice="${CSS.escape(focused)}"]`)?.focus();
}

/** Fills the legend. */
export function fillLegend(panel, store) {
  const kinds = (store.terms?.kinds ?? []).map((each) => each.kind);
  const parties = (store.status?.parties ?? []).filter((p) => p.role !== "mediator").map((p) => p.id);
  const part = (title, rows) => [h("h3", {}, title), h("ul", { class: "legend" }, rows.map((row) => h("li", {}, row)))];
  panel.replaceChildren(
    ...part(t("layers.parties"), parties.map((party) => partyName(store, party))),
    ...part(t("layers.kinds"), kinds.map((kind) => [kindMark(kind), term("kind", kind)])),
    ...part(t("legend.signs"), signs.map((sign) => [h("span", { class: `sign sign-${sign}`, "aria-hidden": "true" }), t(`legend.${sign}`)])),
    h("p", { class: "help" }, t("legend.means")));
}
