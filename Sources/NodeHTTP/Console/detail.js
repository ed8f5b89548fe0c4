// The right side: the selected notice or conflict, a form, or the assurance of the whole mechanism.
import { api } from "./api.js";
import { readBackPanel } from "./acknowledge.js";
import { assuranceAnswer, assuranceGrounds } from "./assurance.js";
import { conflictActions, conflictHead, conflictPositions } from "./conflicts.js";
import { h, keyed } from "./dom.js";
import { noticeFacts } from "./facts.js";
import { filingPanel } from "./filing.js";
import { t } from "./i18n.js";
import { noticeActions, noticeBody, noticeConflicts, noticeHead } from "./noticecard.js";

export function mountDetail(container, store, { pointer }) {
  let selected = null;
  setInterval(() => {
    const { selection } = store;
    if (selection?.type === "notice" && store.lostSince === null) askAssurance(selection.id, store);
  }, 1_000);
  return () => {
    const { selection } = store;
    if (selection !== selected) {
      selected = selection;
      if (selection?.type !== "file" && selection?.type !== "readBack") pointer.clear();
      container.scrollTop = 0;
      if (selection?.type === "notice") askAssurance(selection.id, store);
    }
    keyed(container, entries(store, pointer));
    const form = selection?.type === "readBack" || selection?.type === "file";
    if (form && container.dataset.form !== "true") container.querySelector("input, select, textarea")?.focus();
    container.dataset.form = String(form);
  };
}

const askAgainS = 5;

/**
 * The selected notice's assurance is asked for at once and again before it runs out, because the stream need not carry
 * one for each notice at each heartbeat.
 */
async function askAssurance(id, store) {
  const held = store.noticeAssurance.get(id);
  const age = store.secondsSince(held);
  if (held && age < Math.min(askAgainS, (held.validForS ?? Infinity) / 2)) return;
  try {
    store.apply("notice-assurance", await api.noticeAssurance(id));
  } catch {
    // Without an answer the old one runs out and UNKNOWN is shown.
  }
}

function entries(store, pointer) {
  const { selection } = store;
  switch (selection?.type) {
    case "notice": return noticeEntries(store.notices.get(selection.id), store);
    case "conflict": return conflictEntries(store.conflicts.get(selection.id), store);
    case "readBack": return [readBackEntry(store.notices.get(selection.id), selection, store, pointer)].filter(Boolean);
    case "file": return [{
      key: "file", stamp: [selection],
      build: () => filingPanel(selection.amends, store, {
        pointer,
        filed: (notice) => store.select({ type: "notice", id: notice.id }),
        close: () => store.select(selection.amends ? { type: "notice", id: selection.amends.id } : null),
      }),
    }];
    default: return ["answer", "grounds"].map((key) => ({
      key, stamp: [store.assurance, store.lostSince, store.status?.parties],
      build: () => (key === "answer" ? assuranceAnswer(store.assurance, store, t("assurance.title")) : assuranceGrounds(store.assurance, store)),
    }));
  }
}

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
  return [
    back(store),
    { key: `head ${notice.id}`, stamp: [notice, store.status], build: () => noticeHead(notice, store) },
    { key: `actions ${notice.id}`, stamp: [notice.version, notice.status, store.owesReadBack(notice)], build: () => noticeActions(notice, store) },
    { key: `answer ${notice.id}`, stamp: doubt, build: () => assuranceAnswer(assurance, store, t("assurance.noticeTitle")) },
    ...(conflicts.length > 0 ? [{ key: `conflicts ${notice.id}`, stamp: conflicts, build: () => noticeConflicts(notice, store) }] : []),
    { key: `body ${notice.id}`, stamp: [notice, store.status], build: () => noticeBody(notice, store) },
    { key: `facts ${notice.id}`, stamp: [notice, store.status], build: () => noticeFacts(notice, store) },
    { key: `grounds ${notice.id}`, stamp: doubt, build: () => assuranceGrounds(assurance, store) },
  ];
}

function conflictEntries(conflict, store) {
  if (!conflict) return [back(store), gone];
  const theirs = conflict.positions.filter((p) => p.current).map((p) => `${p.party} ${p.stance} ${p.at}`).join();
  const may = store.ownParty?.role === "principal" && conflict.state !== "cleared"
    && [conflict.first.owner, conflict.second.owner].includes(store.ownParty.id);
  return [
    back(store),
    { key: `head ${conflict.id}`, stamp: [conflict, store.status], build: () => conflictHead(conflict, store) },
    { key: `positions ${conflict.id}`, stamp: [conflict, store.status], build: () => conflictPositions(conflict, store) },
    ...(may ? [{ key: `actions ${conflict.id}`, stamp: [conflict.state, theirs], build: () => conflictActions(conflict.id, store) }] : []),
  ];
}

function readBackEntry(notice, selection, store, pointer) {
  if (!notice) return gone;
  return {
    key: `read-back ${notice.id}`, stamp: [selection],
    build: () => readBackPanel(notice, store, { pointer, close: () => store.select({ type: "notice", id: notice.id }) }),
  };
}
