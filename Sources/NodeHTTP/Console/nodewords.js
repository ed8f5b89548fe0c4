// What the node says by name (reasons of an assurance, what it does not cover, alarms) in the reader's language. In English,
// and of a name that the catalogue lacks, it is the node's own sentence: that is the text that holds.
import { h, plain } from "./dom.js";
import { knows, language, t, term } from "./i18n.js";
import { span } from "./units.js";

// How the node begins an alarm for a call that is a drill.
const drillMark = "DRILL: ";
const kindsOfCalls = ["message", "presenceQuery"];
const msPerS = 1000;

/** {sentence, endsBy, isNodes} of a reason; `isNodes` when both are the node's own. One without a name is this screen's. */
export function reasonWords(reason, store) {
  const { name, party, record, values = {} } = reason;
  const given = {
    party: partyNamed(party, store), record: written(record), owner: partyNamed(ownerOf(record), store), with: written(values.with),
    n: values.theirs ?? values.size, ours: values.ours, age: made(values.ageS, span),
    difference: made(values.differenceS, seconds), status: made(values.status, (status) => term("status", status)),
  };
  const variant = `${name}.${values.state}`;
  const sentence = filled(`reason.${knows(`reason.${variant}`) ? variant : name}`, given);
  // Keys of something else begin with `reason.` as well: a reason of the node has both.
  const endsBy = filled(`reasonEnds.${name}`, given);
  if (sentence !== null && endsBy !== null) return { sentence, endsBy, isNodes: false };
  return { sentence: plain(reason.sentence), endsBy: plain(reason.endsBy), isNodes: name !== undefined };
}

/** {sentence, isNodes} of something that an answer does not cover. */
export function gapWords(gap, store) {
  const sentence = filled(`gap.${gap.name}`, { party: partyNamed(gap.party, store), record: written(gap.record), n: gap.values?.records });
  return { sentence: sentence ?? plain(gap.sentence), isNodes: sentence === null };
}

/** All that the answer does not cover, the disclaimer last. */
export function notCovered(assurance, store) {
  const { doesNotCover = [], gaps = [] } = assurance ?? {};
  // What the node does not give by name as well is shown in its own words.
  if (language() === "en" || gaps.length + 1 !== doesNotCover.length) return doesNotCover.map((sentence) => ({ sentence: plain(sentence), isNodes: true }));
  return [...gaps.map((gap) => gapWords(gap, store)), { sentence: t("disclaimer"), isNodes: false }];
}

export function disclaimer(store) {
  return (language() === "en" && store.status?.disclaimer) || t("disclaimer");
}

/** {sentence, isNodes} of an alarm. */
export function alarmWords(alarm, store) {
  const given = { party: partyNamed(alarm.party, store), subject: written(alarm.subject) };
  const variant = `${alarm.kind}.${side(alarm, store)}`;
  const sentence = filled(`alarmSays.${knows(`alarmSays.${variant}`) ? variant : alarm.kind}`, given);
  if (sentence === null) return { sentence: plain(alarm.sentence), isNodes: true };
  const isDrill = kindsOfCalls.includes(alarm.kind) && alarm.sentence.startsWith(drillMark);
  return { sentence: isDrill ? t("alarmSays.drill", { sentence }) : sentence, isNodes: false };
}

/** An alarm in words, and beneath them the node's own sentence, which may hold more: which fields, how many, by whom. */
export function alarmText(alarm, store) {
  const words = alarmWords(alarm, store);
  const own = { sentence: plain(alarm.sentence), isNodes: true };
  return [nodeText(words, "p"), words.isNodes ? null : h("p", { class: "by node-words" }, t("node.words"), " ", nodeText(own))];
}

/** The node's own sentence takes its own direction, words of the catalogue that of the page. */
export function nodeText(words, tag = "bdi") {
  return h(tag, { class: "peer", dir: wordsDirection(words), lang: words.isNodes ? "en" : language() }, words.sentence);
}

export function wordsDirection(words) {
  return !words || words.isNodes ? "auto" : document.documentElement.dir;
}

/** Whose side of its kind an alarm is about: the catalogue has words for some of them. */
function side(alarm, store) {
  const own = store.ownParty?.id;
  if (alarm.kind === "conflict") return alarm.party ? "theirs" : "ours";
  const about = alarm.kind === "presenceContradicted" ? ownerOf(alarm.subject) : alarm.subject;
  return about === own ? "ours" : "theirs";
}

/** The catalogue's words, made of what the node gave; null in English, without such words, or when they need more than that. */
function filled(key, given) {
  if (language() === "en" || !knows(key)) return null;
  const values = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  const words = t(key, Object.fromEntries(values));
  return /\{\w+\}/.test(words) ? null : words;
}

function partyNamed(id, store) {
  return id ? plain(store.party(id).name) : null;
}

/** The party that signed a record: its id is the party's and a number. */
function ownerOf(record) {
  return record ? record.slice(0, record.lastIndexOf("-")) : null;
}

/** As it may stand amid other words, which no longer can be cleaned themselves: they isolate what is put in. */
function written(text) {
  return text ? plain(text) : null;
}

function made(value, make) {
  return value === undefined ? undefined : make(value);
}

/** Either clock may be the one that is ahead. */
function seconds(difference) {
  return t("span.s", { s: Math.round(Math.abs(difference) * msPerS) / msPerS });
}
