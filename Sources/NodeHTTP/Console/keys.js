// The keyboard: one key for each panel and act, while nothing is being written; F6 goes from panel to panel from anywhere.
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { openPanel } from "./panel.js";
import { openSettings } from "./settings.js";

const part = (id) => document.getElementById(id);
const panels = ["bar", "strip", "alarms", "tabs", "notices-panel", "calls", "presence", "board", "record", "desk", "map", "timeline", "detail"];
const focusable = "button:not(:disabled), [href], input, select, textarea, [tabindex='0'], canvas";

/** Listens until the page is left. `floor` is what openSettings takes, with `store`. */
export function mountKeys(floor) {
  const { store } = floor;
  const list = (tab, id) => () => {
    store.showTab(tab);
    queueMicrotask(() => enter(part(id)));
  };
  /** By the letter, or the place of the key where the letter is of another script. `needs` a panel that has something. */
  const keys = [
    { key: "?", words: "keys.help", act: () => openHelp(shown(keys), floor) },
    { key: ",", words: "keys.settings", act: () => openSettings(floor) },
    { key: "a", words: "keys.alarms", act: () => enter(part("alarms")) },
    { key: "n", words: "keys.notices", act: list("notices", "notices") },
    { key: "x", words: "keys.conflicts", act: list("notices", "conflicts") },
    { key: "c", words: "keys.calls", act: list("calls", "calls") },
    { key: "p", words: "keys.presence", act: list("presence", "presence") },
    { key: "w", words: "keys.watch", act: list("watch", "board") },
    { key: "r", words: "keys.record", needs: "record", act: list("record", "record") },
    { key: "d", words: "keys.desk", needs: "desk", act: list("desk", "desk") },
    { key: "m", words: "keys.map", act: () => enter(part("map")) },
    { key: "t", words: "keys.timeline", needs: "timeline", act: () => enter(part("timeline")) },
    { key: "i", words: "keys.card", act: () => part("detail").focus() },
    { key: "s", words: "keys.soon", act: () => enter(part("soon")) },
    { key: "q", words: "keys.assurance", act: () => part("assurance").click() },
    { key: "f", words: "keys.file", needs: "file-notice", act: () => { if (!part("file-notice").hidden) part("file-notice").click(); } },
  ];

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || part("floor").hidden) return;
    if (event.key === "F6") {
      event.preventDefault();
      return step(event.shiftKey ? -1 : 1);
    }
    if (event.repeat || isWriting(event.target) || !floor.preferences.get("singleKeys", true)) return;
    const pressed = /^[a-z]$/i.test(event.key) || !/^Key[A-Z]$/.test(event.code) ? event.key.toLowerCase() : event.code.slice(3).toLowerCase();
    const found = shown(keys).find((each) => each.key === pressed);
    if (!found) return;
    event.preventDefault();
    found.act();
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest?.("#open-help")) keys[0].act();
    if (target.closest?.("#open-settings")) keys[1].act();
  });
}

/** Keys of a panel that has nothing are not offered. */
function shown(keys) {
  return keys.filter(({ needs }) => !needs || part(needs).childElementCount > 0);
}

/** Whether letters go into `target`. */
function isWriting(target) {
  return target.closest?.("input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]") !== null;
}

/** Puts the focus on the first thing in a panel that takes it and leaves letters to these keys, else on the panel. */
function enter(panel) {
  const takes = (each) => each.checkVisibility() && !each.closest("[inert]") && each.tabIndex >= 0 && !isWriting(each);
  const first = [...panel.querySelectorAll(focusable)].find(takes);
  if (!first && !panel.hasAttribute("tabindex")) panel.tabIndex = -1;
  (first ?? panel).focus();
}

function step(by) {
  const open = panels.map(part).filter((panel) => panel?.checkVisibility() && panel.childElementCount > 0);
  const now = open.findIndex((panel) => panel.contains(document.activeElement));
  enter(open[(now + by + open.length + (now < 0 && by < 0 ? 1 : 0)) % open.length]);
}

function openHelp(keys, floor) {
  const row = (key, words) => h("tr", {}, h("th", { scope: "row" }, h("kbd", { dir: "ltr" }, key)), h("td", {}, words));
  const table = (title, rows) => h("section", {}, h("h3", {}, title), h("table", {}, h("tbody", {}, rows)));
  const isOn = floor.preferences.get("singleKeys", true);
  openPanel("help", t("help.title"), h("div", { class: "help-sheet" },
    table(t("help.always"), [
      row("F8, Pause", t("keys.stop")), row("F6, Shift F6", t("keys.step")), row("Tab, Shift Tab", t("keys.tab")), row("Esc", t("keys.escape")),
    ]),
    table(t("help.single"), keys.map(({ key, words }) => row(key.toUpperCase(), t(words)))),
    isOn ? null : h("p", { class: "warning" }, t("help.singleOff")),
    table(t("help.within"), [
      row("← →", t("keys.tabs")), row("← → ↑ ↓, Home, End, Enter", t("keys.separator")), row("← → ↑ ↓, + −", t("keys.mapMove")),
    ])), "#open-help")?.querySelector("button").focus();
}
