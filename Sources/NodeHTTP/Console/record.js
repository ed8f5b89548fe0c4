// The record: who signed what and when, replay of any interval, evidence for a stranger, and the logs' heads in words.
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { evidencePanel } from "./recordevidence.js";
import { recordList } from "./recordlist.js";
import { logsPanel } from "./recordlogs.js";
import { replayPanel } from "./replay.js";

const makers = { records: recordList, replay: replayPanel, evidence: evidencePanel, logs: logsPanel };

/** Returns what brings it up to date. */
export function mountRecord(container, store) {
  const views = new Map(Object.entries(makers).map(([name, make]) => [name, make(store)]));
  let chosen = "records";
  const buttons = Object.keys(makers).map((name) => h("button", {
    type: "button", "data-view": name, "data-focus": `record-${name}`, onclick: () => show(name),
  }, t(`record.view.${name}`)));
  container.append(
    h("div", { class: "record-views", role: "group", "aria-label": t("record.views") }, buttons),
    h("p", { class: "none record-cover" }, t("readBack.hidden")),
    ...[...views.values()].map((view) => view.element));

  function show(name) {
    chosen = name;
    store.changed();
  }

  return () => {
    if (store.recordAbout) chosen = "records";
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.view === chosen));
    for (const [name, view] of views) {
      view.element.hidden = name !== chosen;
      if (store.hidden) view.cover?.();
      // A replay goes on behind the other lists.
      if (name === "replay" || (name === chosen && store.tab === "record" && !store.hidden)) view.update();
    }
    container.classList.toggle("covered", Boolean(store.hidden));
  };
}
