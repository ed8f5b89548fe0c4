// The right side: the selected notice or conflict, a form, or the assurance of the whole mechanism.
import { alarmHistory, historyStamp } from "./alarmhistory.js";
import { api } from "./api.js";
import { readBackPanel } from "./acknowledge.js";
import { noticeAdvice } from "./noticeadvice.js";
import { assuranceAnswer, assuranceGrounds } from "./assurance.js";
import { callActions, callFacts, callHead, callText } from "./callcard.js";
import { callReadBackPanel } from "./callreadback.js";
import { owesWord } from "./calls.js";
import { composePanel } from "./compose.js";
import { conflictActions, conflictPositions, speaksIn } from "./conflictpositions.js";
import { conflictHead } from "./conflicts.js";
import { conflictWhy, whyStamp } from "./conflictwhy.js";
import { every, h, keyed } from "./dom.js";
import { draftEntries } from "./draftline.js";
import { noticeFacts } from "./facts.js";
import { filingPanel } from "./filing.js";
import { t } from "./i18n.js";
import { noticeActions, noticeBody, noticeConflicts, noticeHead } from "./noticecard.js";
import { noticePassing } from "./passing.js";
import { owesAnswer, presenceAnswerForm, presenceCard } from "./presence.js";
import { presenceAskPanel } from "./presenceask.js";
import { stopCard } from "./stops.js";
import { watchEntries } from "./watch.js";

export function mountDetail(container, store, { pointer }) {
  let selected = null;
  every(1_000, container, () => {
    const { selection } = store;
    if (selection?.type === "notice") askAssurance(selection.id, store);
  });
  return () => {
    const { selection } = store;
    if (selection !== selected) {
      selected = selection;
      pointer.clear();
      drawPresence(selection, store, pointer);
      container.scrollTop = 0;
    }
    if (selection?.type === "notice" && !store.noticeAssurance.has(selection.id)) askAssurance(selection.id, store);
    const form = forms.includes(selection?.type);
    keyed(container, [...(form ? [] : draftEntries(store)), ...entries(store, pointer)]);
    if (form && container.dataset.form !== "true") container.querySelector("input, select, textarea")?.focus();
    container.dataset.form = String(form);
  };
}

const forms = ["file", "readBack", "callReadBack", "compose", "askPresence"];

/** The area of a presence query lies on the map while its card is shown. */
function drawPresence(selection, store, pointer) {
  const exchange = selection?.type === "presence" ? store.presence.get(selection.id) : null;
  if (exchange) pointer.draw({ points: [], footprint: exchange.query.volume.footprint });
}

const askAgainS = 5;

/**
 * The selected notice's assurance is asked for at once and again before it runs out, because the stream need not carry
 * one for each notice at each heartbeat.
 */
function askAssurance(id, store) {
  const held = store.noticeAssurance.get(id);
  const age = store.secondsSince(held);
  if (store.lostSince !== null || (held && age < Math.min(askAgainS, (held.validForS ?? Infinity) / 2))) return;
  store.noticeAssurance.ask(id, () => api.noticeAssurance(id), (answer) => store.apply("notice-assurance", answer));
}

function entries(store, pointer) {
  const { selection } = store;
  switch (selection?.type) {
    case "notice": return noticeEntries(store.notices.get(selection.id), store);
    case "conflict": return conflictEntries(store.conflicts.get(selection.id), store);
    case "readBack": return [readBackEntry(store.notices.get(selection.id), selection, store, pointer)].filter(Boolean);
    case "call": return callEntries(store.calls.get(selection.id), store);
    case "callReadBack": return [callReadBackEntry(store.calls.get(selection.id), selection, store, pointer)];
    case "presence": return presenceEntries(store.presence.get(selection.id), store);
    case "stop": return store.stops.has(selection.id)
      ? [back(store), { key: `stop ${selection.id}`, stamp: [store.stops.get(selection.id), store.status?.parties], build: () => stopCard(store.stops.get(selection.id), store) }] : [back(store), gone];
    case "watch": return [back(store), ...(selection.waits ? [waitsForSecond] : []), ...watchEntries(store)];
    case "alarms": return [back(store), { key: "alarms", stamp: [historyStamp(store), store.status?.parties], build: () => alarmHistory(store) }];
    case "compose": return [store.texts ? {
      key: "compose", stamp: [selection],
      build: () => composePanel(selection, store, {
        pointer, sent: (call) => store.select({ type: "call", id: call.id }),
        close: () => store.select(selection.inReplyTo ? { type: "call", id: selection.inReplyTo } : null),
      }),
    } : gone];
    case "askPresence": return [{
      key: "ask", stamp: [selection],
      build: () => presenceAskPanel(store, { pointer, asked: (exchange) => store.select({ type: "presence", id: exchange.id }), close: () => store.select(null) }),
    }];
    case "file": return [{
      key: "file", stamp: [selection, store.terms !== null],
      build: () => filingPanel(selection, store, {
        pointer,
        filed: (notice) => store.select({ type: "notice", id: notice.id, isFiled: true }),
        waits: () => store.select({ type: "watch", waits: true }),
        close: () => store.select(selection.amends ? { type: "notice", id: selection.amends.id } : null),
      }),
    }];
    default: return ["answer", "grounds"].map((key) => ({
      key, stamp: [store.assurance, store.lostSince, store.status?.parties],
      build: () => (key === "answer" ? assuranceAnswer(store.assurance, store, t("assurance.title")) : assuranceGrounds(store.assurance, store)),
    }));
  }
}

const waitsForSecond = { key: "waits", stamp: [], build: () => h("p", { class: "just-filed", role: "status" }, t("file.waits")) };

const gone = { key: "gone", stamp: [], build: () => h("p", { class: "none" }, t("notice.gone")) };

function back(store) {
  return {
    key: "back", stamp: [],
    build: () => h("button", { type: "button", class: "back", onclick: () => store.select(null) }, t("action.back")),
  };
}

function noticeEntries(notice, store) {
  if (!notice) return [back(store), gone];
  const assurance = store.noticeAssurance.get(notice.id);
  const doubt = [assurance, store.lostSince];
  const conflicts = notice.conflicts.map((id) => store.conflicts.get(id));
  const facts = { key: `facts ${notice.id}`, stamp: [notice, store.status], build: () => noticeFacts(notice, store) };
  // Who has just filed it sees first what becomes of it.
  const isFiled = store.selection.isFiled;
  return [
    back(store),
    ...(isFiled ? [{ key: "filed", stamp: [], build: () => h("p", { class: "just-filed", role: "status" }, t("file.filed", { id: notice.id })) }, facts] : []),
    { key: `head ${notice.id}`, stamp: [notice, store.status], build: () => noticeHead(notice, store) },
    { key: `actions ${notice.id}`, stamp: [notice.version, notice.status, store.owesReadBack(notice)], build: () => noticeActions(notice, store) },
    { key: `answer ${notice.id}`, stamp: doubt, build: () => assuranceAnswer(assurance, store, t("assurance.noticeTitle")) },
    ...(conflicts.length > 0 ? [{ key: `conflicts ${notice.id}`, stamp: conflicts, build: () => noticeConflicts(notice, store) }] : []),
    ...adviceEntry(notice, conflicts, store),
    { key: `body ${notice.id}`, stamp: [notice, store.status], build: () => noticeBody(notice, store) },
    ...(store.passing && store.ownParty?.role === "principal"
      ? [{ key: `passing ${notice.id}`, stamp: [notice.version, notice.status, notice.passedOn, store.passing, store.status?.parties], build: () => noticePassing(notice, store) }] : []),
    ...(isFiled ? [] : [facts]),
    { key: `grounds ${notice.id}`, stamp: doubt, build: () => assuranceGrounds(assurance, store) },
  ];
}

/** Ways out are offered for what is our own to change, while it is in a conflict that nobody has settled. */
function adviceEntry(notice, conflicts, store) {
  const isOurs = notice?.owner === store.ownParty?.id && store.ownParty?.role === "principal" && store.acts;
  if (!isOurs || notice.status === "ended" || !conflicts.some((c) => ["open", "disputed"].includes(c?.state))) return [];
  return [{ key: `advice ${notice.id}`, stamp: [notice.version, notice.status], build: () => noticeAdvice(notice, store) }];
}

function conflictEntries(conflict, store) {
  if (!conflict) return [back(store), gone];
  return [
    back(store),
    { key: `head ${conflict.id}`, stamp: [conflict, store.status], build: () => conflictHead(conflict, store) },
    ...(conflict.state === "cleared" ? [] : [{ key: `why ${conflict.id}`, stamp: [whyStamp(conflict)], build: () => conflictWhy(conflict, store) }]),
    ...[conflict.first, conflict.second].flatMap(({ notice }) => adviceEntry(store.notices.get(notice), [conflict], store)),
    { key: `positions ${conflict.id}`, stamp: [conflict, store.status?.parties], build: () => conflictPositions(conflict, store) },
    ...(speaksIn(conflict, store) ? [{ key: `actions ${conflict.id}`, stamp: [], build: () => conflictActions(conflict.id, store) }] : []),
  ];
}

function callEntries(call, store) {
  if (!call) return [back(store), gone];
  return [
    back(store),
    { key: `head ${call.id}`, stamp: [call, store.status?.parties], build: () => callHead(call, store) },
    { key: `text ${call.id}`, stamp: [call.message, store.texts, store.gridsRead, store.status?.parties], build: () => callText(call, store) },
    { key: `actions ${call.id}`, stamp: [owesWord(call, store), store.acts], build: () => callActions(call, store) },
    { key: `facts ${call.id}`, stamp: [call, store.texts, store.status?.parties], build: () => callFacts(call, store) },
  ];
}

function callReadBackEntry(call, selection, store, pointer) {
  if (!call || !store.texts) return gone;
  return {
    key: `call-read ${call.id}`, stamp: [selection],
    build: () => callReadBackPanel(call, selection.asks, store, { pointer, close: () => store.select({ type: "call", id: call.id }) }),
  };
}

function presenceEntries(exchange, store) {
  if (!exchange) return [back(store), gone];
  return [
    back(store),
    { key: `presence ${exchange.id}`, stamp: [exchange, store.status?.parties, store.notices.size], build: () => presenceCard(exchange, store) },
    ...(owesAnswer(exchange, store) && store.acts
      ? [{ key: `answer ${exchange.id}`, stamp: [exchange.id], build: () => presenceAnswerForm(exchange, store) }] : []),
  ];
}

function readBackEntry(notice, selection, store, pointer) {
  if (!notice) return gone;
  return {
    key: `read-back ${notice.id}`, stamp: [selection],
    build: () => readBackPanel(notice, store, { pointer, close: () => store.select({ type: "notice", id: notice.id }) }),
  };
}
