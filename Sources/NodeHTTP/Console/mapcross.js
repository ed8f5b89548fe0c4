// The map by keyboard: arrows move it under a cross, Enter takes what is under the cross, and a list says what that is.
import { h } from "./dom.js";
import { t, term } from "./i18n.js";
import { shown } from "./mapmoment.js";

const reachPx = 9;
export const pickable = ["conflict-mark", "notice-mark", "notice-dot", "conflict-line", "conflict-hatch", "conflict-hatch-settled", "notice-fill"];

/** What is drawn there, each once: [{type, id}]. */
export function underAt(map, { x, y }, reach = 0) {
  const found = new Map();
  for (const each of map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers: pickable })) {
    const { id } = each.properties;
    if (!found.has(id)) found.set(id, { type: each.source.startsWith("conflict") ? "conflict" : "notice", id });
  }
  return [...found.values()];
}

/** `take(position)` when Enter is a form's or the measure's; `choose({type, id})` selects; `at(position)` tells the read-out. */
export function mountCross({ map, frame, body, over, store }, { take, choose, at, left, undo }) {
  const cross = h("div", { class: "cross", hidden: true });
  const list = h("div", { class: "under", role: "region", "aria-live": "polite", "aria-label": t("map.under"), hidden: true });
  body.append(cross);
  over.append(list);
  const canvas = map.getCanvas();
  canvas.setAttribute("aria-label", t("map.keys"));
  let isOn = false;
  let found = [];

  function show(on) {
    isOn = on;
    cross.hidden = !on;
    list.hidden = !on;
    if (on) look();
    else left();
  }

  function words({ type, id }) {
    const { notices } = shown(store);
    if (type === "conflict") return t("conflict.title", { id: id.slice(0, 8) });
    const notice = notices.get(id);
    return notice ? `${term("kind", notice.kind)} ${id}` : id;
  }

  function look() {
    if (!isOn) return;
    at(map.getCenter().toArray());
    found = underAt(map, map.project(map.getCenter()), reachPx).filter((each) => !store.isHidden(each.id));
    const key = found.map((each) => each.id).join(" ");
    if (list.dataset.shown === key && list.childElementCount > 0) return;
    list.dataset.shown = key;
    list.replaceChildren(
      h("p", {}, found.length === 0 ? t("map.underNone") : t("map.underSome", { n: found.length })),
      ...found.slice(0, 8).map((each) => h("button", { type: "button", onclick: () => choose(each) }, h("bdi", {}, words(each)))));
  }

  canvas.addEventListener("focus", () => { if (canvas.matches(":focus-visible")) show(true); });
  canvas.addEventListener("blur", (event) => { if (!list.contains(event.relatedTarget)) show(false); });
  list.addEventListener("focusout", (event) => { if (!list.contains(event.relatedTarget) && event.relatedTarget !== canvas) show(false); });
  list.addEventListener("keydown", (event) => { if (event.key === "Escape") canvas.focus(); });
  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key !== "Tab" && event.key !== "Shift" && !isOn) show(true);
    if (event.key === "Enter") {
      event.preventDefault();
      const position = map.getCenter().toArray().map((v) => Number(v.toFixed(7)));
      if (take(position)) return;
      look();
      if (found.length === 1) choose(found[0]);
      else list.querySelector("button")?.focus();
    } else if (event.key === "Backspace") undo();
  });
  frame.addEventListener("pointerdown", () => show(false));
  map.on("move", () => {
    if (!isOn) return;
    at(map.getCenter().toArray());
    // What was under the cross is not what is; that is said when the map stands still.
    found = [];
    list.replaceChildren();
  });
  map.on("idle", look);
  return { get isOn() { return isOn; } };
}
