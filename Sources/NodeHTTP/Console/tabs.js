// The tabs of the lower left side: what is listed there. Each says how much in it waits for this desk.
import { owesWord } from "./calls.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { owesAnswer } from "./presence.js";

const tabs = ["notices", "calls", "presence", "watch", "record", "desk"];

/** `panels`: an element for each tab. A tab whose panel has nothing in it is not shown. */
export function mountTabs(container, panels, store) {
  const buttons = new Map(tabs.map((tab) => [tab, h("button", {
    type: "button", role: "tab", id: `tab-${tab}`, "aria-controls": panels[tab].id, "data-tab": tab, onclick: () => show(tab), onkeydown: (event) => step(event, tab),
  }, h("span", {}, t(`tab.${tab}`)), h("span", { class: "tab-count" }))]));
  container.setAttribute("role", "tablist");
  container.setAttribute("aria-label", t("tab.label"));
  container.append(...buttons.values());
  for (const tab of tabs) {
    panels[tab].setAttribute("role", "tabpanel");
    panels[tab].setAttribute("aria-labelledby", `tab-${tab}`);
  }

  function show(tab) {
    store.showTab(tab);
    // The watch has its own card; leaving a form by a tab would lose what is written in it.
    if (tab === "watch" && !["file", "readBack", "callReadBack", "compose", "askPresence"].includes(store.selection?.type)) store.select({ type: "watch" });
  }

  function step(event, tab) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    // In the order of the eye: to the left is the next one where the page runs from right to left.
    const shown = tabs.filter((each) => !buttons.get(each).hidden);
    const onward = getComputedStyle(container).direction === "rtl" ? -by : by;
    const next = shown[(shown.indexOf(tab) + onward + shown.length) % shown.length];
    show(next);
    buttons.get(next).focus();
  }

  return () => {
    const counts = {
      calls: [...store.calls.values()].filter((c) => owesWord(c, store)).length,
      presence: [...store.presence.values()].filter((e) => owesAnswer(e, store)).length,
      watch: (store.watch?.pending.length ?? 0) + (store.watch?.handover ? 1 : 0),
    };
    for (const [tab, button] of buttons) {
      const isShown = store.tab === tab;
      button.hidden = panels[tab].childElementCount === 0;
      button.setAttribute("aria-selected", String(isShown));
      button.tabIndex = isShown ? 0 : -1;
      panels[tab].hidden = !isShown;
      const count = counts[tab] > 0 ? String(counts[tab]) : "";
      const mark = button.querySelector(".tab-count");
      if (mark.textContent !== count) mark.textContent = count;
    }
  };
}
