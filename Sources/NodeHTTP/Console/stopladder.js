// How far a STOP has come with each addressee, step by step, each with who said it and when. What is not there yet is
// shown as not there.
import { h, peerText, ticking } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { span, zuluClock } from "./units.js";

const answers = ["heard", "ordered", "ceaseReported", "notOurs", "cannot"];

export function stopLadder(stop, store) {
  return h("div", { class: "ladders" },
    ownRungs(stop, store),
    stop.addressees.map((addressee) => h("div", { class: "ladder-row", "data-party": addressee.party },
      partyName(store, addressee.party),
      h("ol", { class: "ladder" }, steps(stop, addressee, store.ownParty?.id).map(step)))),
    lastWords(stop));
}

const rungRoles = ["watch", "releasing", "command"];

/**
 * Who is rung at this desk, rung by rung: {role, rung, isReached, at}. `at` in milliseconds is when that rung rang or is to
 * ring: as the node has told it, else by the agreed times from the press; null where neither says it.
 */
export function rungs(stop, { stopRings, terms }) {
  const timing = terms?.timing;
  const waits = timing ? [0, timing.stopNextRoleS, timing.stopTopS] : [0, null, null];
  const begun = stop.round === 1 ? Date.parse(stop.openedAt) : beginning(stop, stopRings, waits);
  return rungRoles.map((role, rung) => {
    const told = stopRings.get(`${stop.id} ${stop.round} ${rung}`);
    const reckoned = begun === null || waits[rung] === null ? null : begun + waits[rung] * 1000;
    return { role, rung, isReached: rung <= stop.rung, at: told ? Date.parse(told) : reckoned };
  });
}

/** When a later round began, from any of its rings that this screen was told of. */
function beginning(stop, stopRings, waits) {
  const rung = waits.findIndex((wait, i) => wait !== null && stopRings.has(`${stop.id} ${stop.round} ${i}`));
  return rung < 0 ? null : Date.parse(stopRings.get(`${stop.id} ${stop.round} ${rung}`)) - waits[rung] * 1000;
}

/** The rungs of this desk: those that rang with their time, the next with how long is left of it. */
function ownRungs(stop, store) {
  const climbs = stop.isOpen && stop.state === "ringing";
  return h("div", { class: "ladder-row ladder-rungs" }, h("span", { class: "ladder-title" }, t("stop.rungs")),
    h("ol", { class: "ladder" }, rungs(stop, store).map(({ role, rung, isReached, at }) => {
      const isNext = climbs && rung === stop.rung + 1;
      return h("li", { class: `step ${isReached ? "step-done" : "step-not-yet"}`, "data-rung": rung, "data-done": String(isReached), "aria-current": climbs && rung === stop.rung ? "step" : null },
        h("span", { class: "step-word" }, isReached ? term("role", role) : [term("role", role), h("span", { class: "spoken" }, t("stop.notYet"))]),
        at !== null && (isReached || isNext) ? h("span", { class: "step-by" }, h("bdi", { dir: "ltr" }, `${zuluClock(at)}Z`),
          isNext ? [" ", ticking(() => (at > store.now() ? t("stop.rungIn", { time: span((at - store.now()) / 1000) }) : ""))] : null) : null);
    })));
}

/** [{name, words, done, by, at, notes}] in the order in which they come. */
export function steps(stop, addressee, own) {
  const presses = stop.messages.filter((m) => m.kind === "stop");
  const last = [...stop.messages].reverse().find((m) => m.kind === "stop" || (m.kind === "effect" && !m.observed));
  const said = stop.messages.filter((m) => m.kind === "answer" && m.author === addressee.party);
  const newest = (word) => said.filter((m) => m.answer === word).at(-1);
  const received = Boolean(last?.receivedBy.includes(addressee.party)) || said.length > 0 || addressee.party === own;
  const list = [
    { name: "sent", done: true, at: presses[0]?.createdAt ?? stop.openedAt, notes: presses.length > 1 ? t("stop.times", { n: presses.length }) : "" },
    { name: "handedToRelay", done: addressee.relays.length > 0, notes: addressee.relays.join(", "), optional: true },
    { name: "received", done: received },
    ...answers.map((word) => {
      const m = newest(word);
      return {
        name: word, done: Boolean(m) || (word === "heard" && said.length > 0), by: m?.officer, at: m?.createdAt,
        notes: [...(m?.units ?? []), m?.remarks].filter(Boolean).join(", "), optional: word === "notOurs" || word === "cannot",
      };
    }),
  ];
  return list.filter((s) => s.done || !s.optional).map((s) => ({ ...s, words: term("stopStep", s.name), isNow: s.name === addressee.state }));
}

function step({ name, words, done, by, at, notes, isNow }) {
  return h("li", { class: `step ${done ? "step-done" : "step-not-yet"}`, "data-step": name, "data-done": String(done), "aria-current": isNow ? "step" : null },
    h("span", { class: "step-word" }, done ? words : [words, h("span", { class: "spoken" }, t("stop.notYet"))]),
    by || at || notes ? h("span", { class: "step-by" }, at ? `${zuluClock(Date.parse(at))}Z ` : "", by ? peerText(by) : null, notes ? [" ", peerText(notes)] : null) : null);
}

/** What the author saw, and the end. */
function lastWords(stop) {
  const effect = [...stop.messages].reverse().find((m) => m.kind === "effect");
  const lift = stop.messages.find((m) => m.kind === "lift");
  const escalated = stop.messages.filter((m) => m.kind === "escalation" && !m.over);
  const rows = [
    step({ name: "effect", words: effect && !effect.observed ? t("stop.goesOn") : t("stop.effectObserved"), done: Boolean(effect), by: effect?.officer, at: effect?.createdAt, notes: effect?.remarks }),
    step({ name: "lifted", words: lift ? t("stop.liftedAs", { outcome: term("stopOutcome", lift.outcome) }) : t("stop.lifted"), done: Boolean(lift), by: lift?.officer, at: lift?.createdAt, notes: lift?.remarks }),
  ];
  return h("div", { class: "ladder-row ladder-author" },
    h("span", { class: "ladder-title" }, t("stop.sender")),
    h("ol", { class: "ladder" }, rows),
    escalated.length > 0
      ? h("span", { class: "escalated" }, t("stop.escalated", { parties: [...new Set(escalated.map((m) => m.to))].join(", "), time: `${zuluClock(Date.parse(escalated.at(-1).createdAt))}Z` }))
      : null);
}
