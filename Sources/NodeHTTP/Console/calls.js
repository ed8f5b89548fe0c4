// The list of calls: those that wait for our word first, then ours that wait for theirs, by precedence and age; answered
// ones last. Reports of danger go with one guarded press.
import { api } from "./api.js";
import { h, keyed, ticking } from "./dom.js";
import { guardedButton } from "./guard.js";
import { t, term } from "./i18n.js";
import { messageTitle, partiesOf } from "./messagetext.js";
import { partyName } from "./parties.js";
import { openStops } from "./stops.js";
import { ownNames, readIn } from "./texts.js";
import { age, dateTimeGroup, span } from "./units.js";

const order = ["flash", "immediate", "priority", "routine"];
const shownAnswered = 100;

/** Whether our party has still to acknowledge it. */
export function owesWord(call, store) {
  return call.from !== store.ownParty?.id && call.facts.some((f) => f.party === store.ownParty?.id && !f.acknowledgedAt);
}

function waits(call, store) {
  if (owesWord(call, store)) return 0;
  return call.from === store.ownParty?.id && call.facts.some((f) => !f.acknowledgedAt) ? 1 : 2;
}

/** All calls, most urgent first; among the answered the newest first. */
export function sortedCalls(store) {
  return [...store.calls.values()].map((call) => ({ call, rank: waits(call, store) })).sort((a, b) => {
    if (a.rank !== b.rank) return a.rank - b.rank;
    const byAge = Date.parse(a.call.createdAt) - Date.parse(b.call.createdAt);
    return a.rank === 2 ? -byAge : order.indexOf(a.call.precedence) - order.indexOf(b.call.precedence) || byAge;
  });
}

export function mountCalls(container, store) {
  const top = h("div", { class: "calls-top" });
  const none = h("p", { class: "none" }, t("calls.none"));
  const list = h("div", { class: "list" });
  container.append(top, none, list);
  return () => {
    keyed(top, [
      { key: "language", stamp: [store.texts], build: () => languageRow(store) },
      { key: "send", stamp: [store.texts, store.status?.party.id, store.acts], build: () => sendRow(store) },
    ]);
    const calls = sortedCalls(store);
    none.hidden = calls.length > 0;
    keyed(list, [
      ...calls.slice(0, shownAnswered).map(({ call, rank }) => ({
        key: call.id, stamp: [call, rank, store.texts, store.selection?.id === call.id, store.status?.parties],
        build: () => row(call, rank, store),
      })),
      ...overStops(store),
    ]);
  };
}

function languageRow(store) {
  if (!store.texts) return h("p", { class: "none" }, t("calls.noTexts"));
  const choice = h("select", { id: "reading-language", onchange: () => readIn(store, choice.value).catch(() => { choice.value = store.texts.language; }) },
    store.texts.languages.map((code) => h("option", { value: code, lang: code }, ownNames[code] ?? code)));
  choice.value = store.texts.language;
  return h("div", { class: "pair-row" }, h("label", { for: "reading-language" }, t("calls.readIn")), choice);
}

function sendRow(store) {
  if (!store.texts || !store.acts) return h("div", {});
  const isMediator = store.ownParty?.role === "mediator";
  const problem = h("p", { class: "problem", role: "alert" });
  const danger = [...store.texts.structure.values()]
    .filter((entry) => entry.onePress && ["distress", "crossing", "hazard"].includes(entry.class) && quick.includes(entry.code))
    .filter((entry) => entry.senders === "everyone" || (entry.senders === "mediators") === isMediator);
  const buttons = danger.map((entry) => guardedButton(t(`quick.${entry.code}`), async () => {
    try {
      const { call } = await api.call({ mode: "real", role: "watch", template: entry.code, fields: {} });
      store.fill("calls", [call]);
      store.select({ type: "call", id: call.id });
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  }, { className: "quick", "data-quick": entry.code, title: `${t("quick.title")} ${t("guard.title")}` }).element);
  return h("div", { class: "send" },
    h("div", { class: "quick-row" }, buttons,
      h("button", { type: "button", class: "primary", id: "compose-call", onclick: () => store.select({ type: "compose" }) }, t("calls.send"))),
    problem);
}

const quick = ["distress", "aircraft-crossed", "ground-crossed", "vessel-crossed", "hazard-aviation"];

function row(call, rank, store) {
  const parties = partiesOf(call.from, call.to, store);
  const isOurs = call.from === store.ownParty?.id;
  return h("button", {
    type: "button", class: `call-row call-rank-${rank} precedence-${call.precedence}`, "data-call": call.id, "data-rank": rank, "data-focus": call.id,
    "aria-current": store.selection?.id === call.id ? "true" : null,
    onclick: () => store.select({ type: "call", id: call.id }),
  },
  h("span", { class: "row-top" },
    h("span", { class: "call-precedence" }, term("precedence", call.precedence)),
    isOurs ? h("span", { class: "ours" }, t("calls.ours")) : partyName(store, call.from),
    call.mode === "drill" ? h("span", { class: "tag" }, t("notice.drill")) : null,
    ticking(() => t("alarms.ago", { age: age((store.now() - Date.parse(call.createdAt)) / 1000) }), { class: "age" })),
  h("span", { class: "call-title", dir: store.texts?.texts.direction ?? "auto" }, messageTitle(call.message, parties, store)),
  h("span", { class: "row-when" }, rank === 2 ? t("calls.answered") : [
    t(rank === 0 ? "calls.waitsForUs" : "calls.waitsForThem"), " · ",
    ticking(() => {
      const left = (Date.parse(call.dueAt) - store.now()) / 1000;
      return left >= 0 ? t("alarms.due", { time: span(left) }) : t("alarms.overdue", { time: span(-left) });
    }, { class: "due" }),
    call.facts.some((f) => f.noOneThere) ? h("strong", { class: "no-one" }, " ", t("calls.noOneThere")) : null]));
}

/** STOPs that are over can still be read; open ones are across the screen. */
function overStops(store) {
  const open = new Set(openStops(store).map((s) => s.id));
  const over = [...store.stops.values()].filter((s) => !open.has(s.id))
    .sort((a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt)).slice(0, 20);
  return over.map((stop) => ({
    key: `stop ${stop.id}`, stamp: [stop, store.selection?.id === stop.id, store.status?.parties],
    build: () => h("button", {
      type: "button", class: "call-row", "data-over-stop": stop.id, "data-focus": stop.id,
      "aria-current": store.selection?.id === stop.id ? "true" : null, onclick: () => store.select({ type: "stop", id: stop.id }),
    },
    h("span", { class: "row-top" }, h("strong", {}, t(stop.mode === "drill" ? "stop.drillWord" : "stop.word")), partyName(store, stop.author)),
    h("span", { class: "row-when" }, dateTimeGroup(stop.openedAt), " · ", t("stop.over"))),
  }));
}
