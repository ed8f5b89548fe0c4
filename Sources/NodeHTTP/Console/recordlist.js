// The joint timeline: the records of all parties that this node holds, in order of their authors' clocks, newest first, each
// as a plain sentence; filtered by notice, conflict, author, kind and time.
import { api } from "./api.js";
import { h, peerText, plain } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { recordSentence, recordSubject } from "./recordsentence.js";
import { dateTimeGroup, parseTime, zuluClock } from "./units.js";

const pageSize = 100;
const kinds = [
  "notice", "noticeEnd", "acknowledgement", "passedOn", "evaluated", "finding", "conflictPosition", "message", "presenceQuery", "presenceAnswer",
  "stop", "stopAnswer", "stopEffect", "linkChange", "suspension", "commCheck", "handover", "disclosure", "lodged", "terms", "termsAcceptance", "keyChange", "cover",
  "privateCheck", "privateCheckDeposit", "privateCheckRelease",
];
/** Kinds that are asked for together. */
const groups = {
  notices: ["notice", "noticeEnd", "acknowledgement", "passedOn"],
  conflicts: ["finding", "conflictPosition"],
  calls: ["message", "presenceQuery", "presenceAnswer", "commCheck"],
  stops: ["stop", "stopAnswer", "stopEffect"],
};

/** {element, update}. */
export function recordList(store) {
  const input = (id, more = {}) => h("input", { id, autocomplete: "off", maxLength: 80, ...more });
  const notice = input("record-notice"), conflict = input("record-conflict"), from = input("record-from"), to = input("record-to");
  const author = h("select", { id: "record-author" });
  const kind = h("select", { id: "record-kinds" },
    h("option", { value: "" }, t("record.allKinds")),
    Object.entries(groups).map(([name, members]) => h("option", { value: members.join() }, t(`record.group.${name}`))),
    kinds.map((each) => h("option", { value: each }, term("recordKind", each))));
  const problem = h("p", { class: "problem", role: "alert" });
  const asOf = h("p", { class: "help", role: "status" });
  const list = h("ol", { class: "record-list" });
  // What is chosen is said even while the form is folded away.
  const chosen = h("p", { class: "record-chosen" });
  const older = h("button", { type: "button", "data-focus": "record-older", hidden: true, onclick: () => load(true) }, t("record.older"));
  const newer = h("button", { type: "button", "data-focus": "record-newer", class: "record-newer", hidden: true, onclick: () => load() }, t("record.newer"));
  const labelled = (label, field) => h("div", { class: "field" }, h("label", { for: field.id }, t(label)), field);
  const form = h("form", { class: "record-filter", onsubmit: (event) => { event.preventDefault(); load(); } },
    h("div", { class: "two" }, labelled("record.author", author), labelled("record.kind", kind)),
    h("div", { class: "two" }, labelled("record.notice", notice), labelled("record.conflict", conflict)),
    h("div", { class: "two" }, labelled("record.from", from), labelled("record.to", to)),
    h("div", { class: "actions" },
      h("button", { type: "submit", class: "primary" }, t("record.find")),
      h("button", { type: "button", "data-focus": "record-selected", onclick: () => about(store.selection) }, t("record.selected")),
      h("button", { type: "button", "data-focus": "record-clear", onclick: clear }, t("record.clear"))));
  const element = h("section", { class: "record-view", "aria-label": t("record.title") },
    h("details", { class: "record-filters" }, h("summary", { "data-focus": "record-filter" }, t("record.filter")), form), chosen, problem, asOf, newer, list, older);
  let next = null, round = 0, asked = null, isAsking = false, hasFailed = false, sizes = "";
  for (const field of [author, kind]) field.addEventListener("change", () => load());

  function clear() {
    form.reset();
    load();
  }

  /** What is selected elsewhere becomes the filter. */
  function about(selection) {
    if (!["notice", "conflict"].includes(selection?.type)) return void (problem.textContent = t("record.nothingSelected"));
    notice.value = selection.type === "notice" ? selection.id : "";
    conflict.value = selection.type === "conflict" ? selection.id : "";
    load();
  }

  function fields() {
    const moments = [from, to].map((field) => (field.value.trim() ? parseTime(field.value) : ""));
    if (moments.includes(null)) throw new Error(t("record.badTime"));
    // Of the second window's whole minute.
    const [begins, ends] = moments;
    return { notice: notice.value.trim(), conflict: conflict.value.trim(), author: author.value, kinds: kind.value, from: begins, to: ends };
  }

  async function load(onward = false) {
    const mine = ++round;
    problem.textContent = "";
    isAsking = true;
    hasFailed = false;
    try {
      const question = onward ? asked : fields();
      let answer = null;
      // The node looks at so many records for an answer, which may hold none and go on all the same.
      while (!answer || (answer.records.length === 0 && answer.next !== null)) {
        answer = await api.record({ ...question, limit: String(pageSize), before: answer ? answer.next : onward ? next : "" });
        if (mine !== round) return;
      }
      asked = question;
      next = answer.next;
      chosen.textContent = chosenWords(question, store);
      sizes = heldSizes(store);
      newer.hidden = true;
      const rows = answer.records.map((record) => recordRow(record, store));
      if (onward) list.append(...rows);
      else list.replaceChildren(...rows);
      older.hidden = next === null;
      asOf.textContent = list.childElementCount === 0 ? t("record.none")
        : onward ? asOf.textContent : t("record.asOf", { time: `${zuluClock(store.now())}Z` });
    } catch (error) {
      if (mine !== round) return;
      hasFailed = true;
      problem.textContent = error.sentence ?? error.message;
    }
    if (mine === round) isAsking = false;
  }

  return {
    element,
    /** Keeps nothing while something is read back: its figures must not be found here either. */
    cover() {
      if (asked === null && !isAsking) return;
      round += 1;
      isAsking = false;
      asked = next = null;
      list.replaceChildren();
      older.hidden = newer.hidden = true;
    },
    /** Called while it is shown. */
    update() {
      fillAuthors(author, store);
      if (store.recordAbout) {
        about(store.recordAbout);
        store.recordAbout = null;
      } else if (asked === null && !isAsking && !hasFailed) {
        load();
      } else if (asked && sizes !== heldSizes(store)) {
        newer.hidden = false;
      }
    },
  };
}

/** The filter in words; empty when nothing is left out. */
function chosenWords({ notice, conflict, author, kinds: asked, from, to }, store) {
  const group = Object.keys(groups).find((name) => groups[name].join() === asked);
  const parts = [
    author && t("record.chosen.author", { party: plain(store.party(author).name) }),
    asked && (group ? t(`record.group.${group}`) : term("recordKind", asked)),
    notice && t("record.chosen.notice", { id: notice }), conflict && t("record.chosen.conflict", { id: conflict.slice(0, 8) }),
    from && t("record.chosen.from", { time: dateTimeGroup(from) }), to && t("record.chosen.to", { time: dateTimeGroup(to) }),
  ].filter(Boolean);
  return parts.length > 0 ? t("record.chosen", { what: parts.join(" · ") }) : "";
}

/** How much of every log is held: when it differs, there is more to show. */
function heldSizes(store) {
  const links = [...store.links.values()];
  return [links[0]?.ourSize, ...links.map((l) => l.holdsOfTheirs)].join();
}

function fillAuthors(select, store) {
  if (select.childElementCount > 1 || !store.status) return;
  select.replaceChildren(h("option", { value: "" }, t("record.allAuthors")), ...store.status.parties.map((p) => h("option", { value: p.id }, plain(p.name))));
}

export function recordRow(record, store) {
  const subject = recordSubject(record, store);
  return h("li", { class: `record ${record.readable ? "" : "record-sealed"}`, "data-record": record.id, "data-kind": record.kind ?? "" },
    h("div", { class: "record-head" },
      h("bdi", { dir: "ltr", class: "record-time" }, record.createdAt ? recordTime(record.createdAt) : "—"),
      partyName(store, record.author),
      record.kind ? h("span", { class: "record-kind" }, term("recordKind", record.kind)) : null,
      record.mode === "drill" ? h("span", { class: "tag" }, t("notice.drill")) : null,
      h("bdi", { class: "id", dir: "ltr" }, record.id)),
    h("p", { class: "record-sentence" }, recordSentence(record, store)),
    record.officer ? h("p", { class: "by" }, t("record.by"), " ", peerText(record.officer),
      record.secondOfficer ? [" · ", t("record.approvedBy"), " ", peerText(record.secondOfficer)] : null) : null,
    subject ? h("button", { type: "button", class: "quiet", "data-focus": `show ${record.id}`, onclick: () => { if (!store.isWriting) store.select(subject); } }, t("record.show")) : null);
}

/** With seconds, because order matters here. */
export function recordTime(at) {
  return `${dateTimeGroup(at)} ${zuluClock(at)}`;
}
