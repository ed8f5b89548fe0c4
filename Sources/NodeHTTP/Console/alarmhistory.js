// Alarms that are over: what rang, when, who silenced it. What the list no longer shows is not lost.
import { api } from "./api.js";
import { h, peerText } from "./dom.js";
import { t, term } from "./i18n.js";
import { alarmText } from "./nodewords.js";
import { partyName } from "./parties.js";
import { dateTimeGroup } from "./units.js";

const shownMost = 500;

/** Changes whenever one more alarm is over, or a snapshot has come. */
export function historyStamp(store) {
  return `${store.snapshots} ${cleared(store.alarms.values()).map((alarm) => alarm.id + alarm.rangAt).join()}`;
}

function cleared(alarms) {
  return [...alarms].filter((alarm) => alarm.state === "cleared");
}

export function alarmHistory(store) {
  const list = h("div", { class: "list" });
  const problem = h("p", { class: "problem", role: "alert" });
  const show = (alarms) => list.replaceChildren(...(alarms.length === 0 ? [h("p", { class: "none" }, t("alarms.noHistory"))]
    : alarms.sort((a, b) => Date.parse(b.rangAt) - Date.parse(a.rangAt)).slice(0, shownMost).map((alarm) => row(alarm, store))));
  show(cleared(store.alarms.values()));
  api.alarms().then(({ alarms }) => {
    // Whatever the stream has told meanwhile is newer.
    show(cleared(new Map([...alarms.map((alarm) => [alarm.id, alarm]), ...store.alarms]).values()));
  }).catch((error) => { problem.textContent = error.sentence ?? String(error); });
  return h("section", { id: "alarm-history" }, h("h2", {}, t("alarms.history")), h("p", { class: "help" }, t("alarms.historyHelp")), problem, list);
}

function row(alarm, store) {
  return h("article", { class: `position-card precedence-${alarm.precedence}`, "data-past-alarm": alarm.id },
    h("p", {}, h("strong", {}, term("precedence", alarm.precedence)), " · ", term("alarm", alarm.kind), alarm.party ? [" · ", partyName(store, alarm.party)] : null),
    store.isHidden(alarm.subject) ? h("p", {}, t("readBack.hidden")) : alarmText(alarm, store),
    h("p", { class: "by" }, t("alarms.rangAt"), " ", h("bdi", { dir: "ltr" }, dateTimeGroup(alarm.rangAt)),
      alarm.acknowledgedBy ? [" · ", t("alarms.acknowledgedBy"), " ", peerText(alarm.acknowledgedBy)] : [" · ", t("alarms.notAcknowledged")]));
}
