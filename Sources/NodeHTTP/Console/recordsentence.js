// What a record says, as a plain sentence made here from its kind and content: the node's words are not needed to read it.
// Whatever a party wrote stands in the sentence as an element of its own, harmless and isolated.
import { h, peerText, plain } from "./dom.js";
import { t, term } from "./i18n.js";
import { fill, messageTitle, partiesOf } from "./messagetext.js";
import { partyName } from "./parties.js";
import { altitude, dateTimeGroup, degrees, span } from "./units.js";

const figures = (text) => h("bdi", { dir: "ltr", class: "figures" }, plain(text));

/** The sentence as a list of strings and elements. */
export function recordSentence(record, store) {
  if (!record.readable) return [t("said.unreadable")];
  const { key, values = {} } = (sentences[record.kind] ?? unknown)(record.content, record, store);
  return fill(t(`said.${key}`), (name) => values[name] ?? null);
}

const unknown = (_, { kind }) => ({ key: "unknown", values: { kind: figures(kind) } });
const party = (id, store) => partyName(store, id);
const time = (at) => figures(dateTimeGroup(at));
const number = (n) => figures(String(n));
const version = ({ notice, version: n }) => [figures(notice), " ", t("notice.version", { n })];
const parties = (ids, store) => ids.map((id, i) => [i > 0 ? ", " : "", partyName(store, id)]);

function window(volumes) {
  const starts = volumes.map((v) => v.start), ends = volumes.map((v) => v.end);
  const by = (a, b) => Date.parse(a) - Date.parse(b);
  return figures(`${dateTimeGroup(starts.sort(by)[0])} – ${dateTimeGroup(ends.sort(by).at(-1))}`);
}

const sentences = {
  termsAcceptance: ({ fingerprint }) => ({ key: "termsAcceptance", values: { fingerprint: figures(fingerprint.slice(0, 12)) } }),
  keyChange: () => ({ key: "keyChange" }),
  lodged: (c, _, store) => ({ key: "lodged", values: { party: party(c.party, store), size: number(c.size), silent: party(c.silent, store), attempts: number(c.attempts) } }),
  cover: () => ({ key: "cover" }),
  terms: () => ({ key: "terms" }),
  notice: (c, record) => ({
    key: c.version === 1 ? "notice" : "noticeVersion",
    values: { notice: figures(c.notice ?? record.id), n: number(c.version), kind: term("kind", c.kind), window: window(c.volumes), count: number(c.volumes.length) },
  }),
  noticeEnd: (c) => ({ key: c.reason === "cancelled" ? "noticeCancelled" : "noticeOver", values: { notice: version(c) } }),
  evaluated: (c, _, store) => ({
    key: c.unreadable?.length > 0 ? "evaluatedExcept" : "evaluated",
    values: { party: party(c.party, store), size: number(c.size), unreadable: number(c.unreadable?.length ?? 0) },
  }),
  acknowledgement: (c) => (c.message
    ? { key: "acknowledgedCall", values: { message: figures(c.message) } }
    : { key: "readBack", values: {
      notice: version(c), position: figures(degrees(c.readBack.position)), lower: figures(altitude(c.readBack.lower)), start: time(c.readBack.start),
    } }),
  finding: (c) => ({ key: c.proven ? "finding" : "findingUndecided", values: { first: version(c.first), second: version(c.second) } }),
  conflictPosition: (c) => ({
    key: { settle: "settles", dispute: "disputes", withdraw: "withdraws" }[c.stance] ?? "unknown",
    values: {
      first: version(c.first), second: version(c.second), kind: figures(c.stance),
      conditions: h("span", { class: "said-list" }, (c.conditions ?? []).map((each) => h("q", {}, peerText(each)))),
    },
  }),
  linkChange: (c, _, store) => ({ key: "linkChange", values: { party: party(c.party, store), state: term("link", c.state) } }),
  suspension: (c) => ({ key: c.suspended ? "suspends" : "resumes" }),
  message: (c, record, store) => ({
    key: "message",
    values: {
      role: term("role", c.role), precedence: term("precedence", c.precedence ?? store.texts?.structure.get(c.template)?.precedence ?? ""), to: parties(record.audience, store),
      what: c.template ? h("bdi", {}, messageTitle(c, partiesOf(record.author, record.audience, store), store)) : peerText(c.text),
    },
  }),
  presenceQuery: (c, record, store) => ({ key: "presenceQuery", values: { to: parties(record.audience, store), window: window([c.volume]) } }),
  presenceAnswer: (c) => ({ key: { none: "presenceNone", some: "presenceSome", decline: "presenceDecline" }[c.answer] ?? "unknown", values: { query: figures(c.query), until: time(c.validUntil), kind: figures(c.answer) } }),
  passedOn: (c) => ({
    key: c.stop ? "passedOnStop" : "passedOn",
    values: { notice: c.notice ? version(c.notice) : null, stop: c.stop ? figures(c.stop.slice(0, 8)) : null, reached: number(c.reached), of: number(c.of) },
  }),
  commCheck: (c, _, store) => ({
    key: c.answeredAfterMs === undefined || c.answeredAfterMs === null ? "commCheckFailed" : "commCheck",
    values: { party: party(c.party, store), message: figures(c.message), after: figures(span((c.answeredAfterMs ?? 0) / 1000)) },
  }),
  handover: (c) => ({ key: "handover", values: { from: peerText(c.from), to: peerText(c.to), items: number(c.items) } }),
  disclosure: (c, record, store) => ({ key: "disclosure", values: { record: figures(c.record), to: parties(record.audience, store) } }),
  privateCheck: (c) => ({
    key: "privateCheck",
    values: { check: figures(String(c.check).slice(0, 8)), message: figures(c.message), part: number(Number(c.part) + 1), parts: number(c.parts) },
  }),
  privateCheckDeposit: (c) => ({ key: "privateCheckDeposit", values: { check: figures(String(c.check).slice(0, 8)) } }),
  privateCheckRelease: (c) => ({ key: "privateCheckRelease", values: { check: figures(String(c.check).slice(0, 8)) } }),
  stop: stopSentence, stopAnswer: stopSentence, stopEffect: stopSentence,
};

/** The kind and content of the STOP message that a record carries; null when its note cannot be read. */
function stopMessage(note) {
  const lines = String(note ?? "").split("\n");
  try {
    return lines[0] === "parley stop v1" ? { kind: lines[5], ...JSON.parse(lines[6]) } : null;
  } catch {
    return null;
  }
}

function stopSentence({ note }) {
  const said = stopMessage(note);
  const stop = said?.stop ? figures(said.stop.slice(0, 8)) : null;
  switch (said?.kind) {
    case "stop": return { key: said.repeats ? "stopAgain" : "stop", values: { words: said.words ? h("q", {}, peerText(said.words.text)) : "" } };
    case "answer": return { key: "stopAnswer", values: { stop, answer: term("stopAnswer", said.answer) } };
    case "effect": return { key: said.observed ? "stopObserved" : "stopGoesOn", values: { stop } };
    case "lift": return { key: "stopLift", values: { stop } };
    default: return { key: "unknown", values: { kind: figures("stop") } };
  }
}

/** What a record is about, as something that can be selected here: {type, id}; null for what has no card. */
export function recordSubject(record, store) {
  const { kind, content } = record;
  if (!record.readable) return null;
  const held = (type, id) => (id && store[`${type}s`].has(id) ? { type, id } : null);
  switch (kind) {
    case "notice": return held("notice", content.notice ?? record.id);
    case "noticeEnd": return held("notice", content.notice);
    case "acknowledgement": return content.message ? held("call", content.message) : held("notice", content.notice);
    case "passedOn": return content.stop ? held("stop", content.stop) : held("notice", content.notice?.notice);
    case "finding": case "conflictPosition": return held("conflict", content.conflict);
    case "message": return held("call", record.id);
    default: return null;
  }
}
