// The alarm list: ringing flashes and sounds, acknowledged is steady and silent, cleared leaves the list for the history.
// Sorted by precedence, then oldest first. There is no "acknowledge all".
import { actionCard } from "./actioncard.js";
import { api } from "./api.js";
import { owesWord } from "./calls.js";
import { h, keyed, plain, ticking } from "./dom.js";
import { t, term } from "./i18n.js";
import { alarmText, alarmWords } from "./nodewords.js";
import { partyName } from "./parties.js";
import { age, dateTimeGroup, span } from "./units.js";

const order = ["flash", "immediate", "priority", "routine"];

/** Alarms that stand in the list, most urgent first. */
export function standing(store) {
  return [...store.alarms.values()].filter((a) => a.state !== "cleared").sort((a, b) =>
    order.indexOf(a.precedence) - order.indexOf(b.precedence) || Date.parse(a.raisedAt) - Date.parse(b.raisedAt));
}

export function mountAlarms(container, store, { tones, spoken }) {
  const count = h("span", { class: "count" });
  const sound = h("button", { type: "button", class: "sound", hidden: true, onclick: () => tones.unlock() },
    t("alarms.sound"));
  const list = h("div", { class: "list", role: "list" });
  const none = h("p", { class: "none" }, t("alarms.none"));
  const history = h("button", { type: "button", class: "quiet", id: "open-alarm-history", onclick: () => store.select({ type: "alarms" }) }, t("alarms.history"));
  container.append(h("div", { class: "title-row" }, h("h2", { id: "alarms-title" }, t("alarms.title"), " ", count), history), sound, none, list);
  const announced = new Set();

  return () => {
    const alarms = standing(store);
    const ringing = alarms.filter((a) => a.state === "ringing");
    count.textContent = ringing.length > 0 ? t("alarms.ringing", { n: ringing.length }) : "";
    sound.hidden = ringing.length === 0 || !tones.locked;
    none.hidden = alarms.length > 0;
    document.title = ringing.length > 0 ? `(${ringing.length}) Parley` : "Parley";
    tones.ring(ringing.length > 0 ? ringing[0].precedence : null);
    announce(ringing, announced, spoken, store);
    keyed(list, alarms.map((alarm) => ({
      key: alarm.id,
      stamp: [alarm, store.isHidden(alarm.subject), owed(alarm, store), shows(alarm, store)?.type, store.cards, store.status?.parties],
      build: () => card(alarm, store),
    })));
  };
}

/** Says each ringing alarm once to a screen reader; again when it rings anew. */
function announce(ringing, announced, spoken, store) {
  const now = new Set(ringing.map(ring));
  for (const alarm of ringing) {
    const key = ring(alarm);
    if (announced.has(key) || store.isHidden(alarm.subject)) continue;
    announced.add(key);
    spoken.append(h("p", {}, t("alarms.spoken", {
      precedence: term("precedence", alarm.precedence), sentence: alarmWords(alarm, store).sentence,
    })));
  }
  for (const key of announced) if (!now.has(key)) announced.delete(key);
  while (spoken.childElementCount > 5) spoken.firstElementChild.remove();
}

/** One ring of an alarm: it rings anew when it is raised again, a rung higher, or again at the top. */
function ring(alarm) {
  return `${alarm.id} ${alarm.rangAt ?? alarm.raisedAt}`;
}

/** The notice that this alarm wants read back by us, if any. */
function owed(alarm, store) {
  if (alarm.kind !== "notice" && alarm.kind !== "acknowledgementOverdue") return null;
  const notice = store.acts ? store.notices.get(alarm.subject) : null;
  return notice && store.owesReadBack(notice) ? notice.id : null;
}

function card(alarm, store) {
  const hidden = store.isHidden(alarm.subject);
  const noticeID = owed(alarm, store);
  const call = store.calls.get(alarm.subject);
  const problem = h("p", { class: "problem", role: "alert" });
  const acknowledge = async (event) => {
    event.target.disabled = true;
    try {
      const { alarm: now } = await api.acknowledgeAlarm(alarm.id);
      if (now) store.apply("alarm", now);
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
      event.target.disabled = false;
    }
  };
  return h("article", { class: `alarm alarm-${alarm.state} precedence-${alarm.precedence}`, role: "listitem", "data-alarm": alarm.id, "data-state": alarm.state },
    h("header", {},
      h("span", { class: "precedence" }, term("precedence", alarm.precedence)),
      h("span", { class: "alarm-kind" }, term("alarm", alarm.kind)),
      alarm.party ? partyName(store, alarm.party) : null,
      alarm.rung > 0 ? h("span", { class: "alarm-rung" }, t("alarms.rung", { roles: alarm.roles.map((role) => term("role", role)).join(", ") })) : null,
      ticking(() => t("alarms.ago", { age: age((store.now() - Date.parse(alarm.raisedAt)) / 1000) }), { class: "age" })),
    hidden ? h("p", {}, t("readBack.hidden")) : alarmText(alarm, store),
    h("div", { class: "actions" },
      hidden ? null : due(alarm, store),
      store.acts && call && owesWord(call, store) && !hidden ? button("answer", t("alarms.answer"), () => store.select({ type: "call", id: call.id }), "primary") : null,
      noticeID ? button("readBack", t("alarms.readBack"), () => store.select({ type: "readBack", id: noticeID }), "primary") : null,
      shows(alarm, store) ? button("show", t("alarms.show"), () => store.select(shows(alarm, store))) : null,
      store.acts && alarm.state === "ringing" ? button("acknowledge", t("alarms.acknowledge"), acknowledge) : null,
      alarm.acknowledgedBy ? h("span", { class: "by" }, t("alarms.by", { officer: plain(alarm.acknowledgedBy) })) : null),
    problem,
    actionCard(alarm.card ?? alarm.kind, store));
}

function button(focus, words, onclick, className = "") {
  return h("button", { type: "button", class: className, "data-focus": focus, onclick }, words);
}

/** The due time and how far it is off. Not of what is being read back: it is due by its start, which is asked for. */
function due(alarm, store) {
  if (!alarm.dueAt) return null;
  return h("p", { class: "due" }, ticking(() => {
    const left = (Date.parse(alarm.dueAt) - store.now()) / 1000;
    return left >= 0 ? t("alarms.due", { time: span(left) }) : t("alarms.overdue", { time: span(-left) });
  }), " · ", h("bdi", { dir: "ltr" }, dateTimeGroup(alarm.dueAt)));
}

function shows(alarm, store) {
  if (store.isHidden(alarm.subject)) return null;
  if (store.notices.has(alarm.subject)) return { type: "notice", id: alarm.subject };
  if (store.conflicts.has(alarm.subject)) return { type: "conflict", id: alarm.subject };
  if (store.calls.has(alarm.subject)) return { type: "call", id: alarm.subject };
  if (store.presence.has(alarm.subject)) return { type: "presence", id: alarm.subject };
  if (alarm.kind === "handover" || alarm.kind === "secondOfficer") return { type: "watch" };
  return null;
}
