// What this desk can do with an open STOP. Of another's: five answers, of which the last counts. Of ours: what we see,
// more words, and the lifting, which needs its grounds or the word that it was pressed in error.
import { api } from "./api.js";
import { h, plain } from "./dom.js";
import { guardedButton } from "./guard.js";
import { t, term } from "./i18n.js";

export function stopActs(stop, store) {
  const problem = h("p", { class: "problem", role: "alert" });
  const act = async (request) => {
    try {
      store.fill("stops", [(await request()).stop]);
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  };
  const isOwn = stop.author === store.ownParty?.id;
  return h("div", { class: "stop-acts" }, isOwn ? ownActs(stop, store, act) : answers(stop, store, act), problem);
}

/** What the buttons depend on, so that nothing half written is lost when a receipt comes in. */
export function actsStamp(stop, store) {
  const ours = stop.messages.filter((m) => m.kind === "answer" && m.author === store.ownParty?.id).at(-1)?.answer;
  const effect = [...stop.messages].reverse().find((m) => m.kind === "effect")?.observed;
  const selected = store.selection?.type === "notice" ? store.selection.id : "";
  return [store.ownParty?.role, stop.author, ours, effect, stop.addressees.map((a) => a.state === "notOurs").join(), stop.author === store.ownParty?.id ? selected : ""].join(" ");
}

function answers(stop, store, act) {
  const words = store.ownParty?.role === "mediator" ? ["heard"] : ["heard", "ordered", "ceaseReported", "notOurs", "cannot"];
  const said = stop.messages.filter((m) => m.kind === "answer" && m.author === store.ownParty?.id);
  const own = said.at(-1)?.answer;
  // Who was ordered is who will have ceased: named once, they stay named.
  const named = said.findLast((m) => m.units?.length > 0)?.units ?? [];
  const known = store.passing?.units ?? [];
  const units = h("input", {
    id: `stop-units-${stop.id}`, class: "stop-units", autocomplete: "off", maxLength: 400, placeholder: t("stop.unitsHint"), "aria-label": t("stop.units"),
    value: named.map(plain).join(", "),
  });
  const list = h("datalist", { id: `stop-known-${stop.id}` }, known.map((unit) => h("option", { value: unit })));
  units.setAttribute("list", list.id);
  const button = (word) => h("button", {
    type: "button", class: `answer answer-${word} ${word === "heard" && !own ? "primary" : ""}`, "data-focus": word, "data-answer": word,
    "aria-pressed": String(own === word),
    onclick: () => act(() => api.answerStop(stop.id, namesUnits(word) ? { answer: word, units: unitsIn(units.value) } : { answer: word })),
  }, term("stopAnswer", word));
  return [h("span", { class: "stop-ask" }, t("stop.answer")), words.map(button), words.length > 1 ? [units, list] : null];
}

function namesUnits(word) {
  return word === "ordered" || word === "ceaseReported";
}

function unitsIn(text) {
  return text.split(/[,;]/).map((unit) => unit.trim()).filter(Boolean).slice(0, 16);
}

function ownActs(stop, store, act) {
  const effect = [...stop.messages].reverse().find((m) => m.kind === "effect");
  const isObserved = Boolean(effect?.observed);
  const allDeny = stop.addressees.length > 0 && stop.addressees.every((a) => a.state === "notOurs");
  const plainButton = (focus, words, onclick, className = "") => h("button", { type: "button", class: className, "data-focus": focus, onclick }, words);
  const lift = (outcome, words) => guardedButton(words, () => act(() => api.liftStop(stop.id, outcome)), { "data-focus": `lift-${outcome}`, "data-lift": outcome }).element;
  const note = h("input", { class: "stop-words", autocomplete: "off", maxLength: 500, placeholder: t("stop.wordsHint"), "aria-label": t("stop.words") });
  const selected = store.selection?.type === "notice" ? store.selection.id : null;
  return [
    plainButton("effect", t("stop.effectObserved"), () => act(() => api.reportEffect(stop.id, true)), isObserved ? "" : "primary"),
    plainButton("goesOn", t("stop.goesOn"), () => act(() => api.reportEffect(stop.id, false))),
    isObserved ? lift("effectObserved", t("stop.liftEffect")) : null,
    allDeny ? lift("notOurs", t("stop.liftNotOurs")) : null,
    lift("withdrawn", t("stop.liftWithdrawn")),
    h("span", { class: "stop-add" }, note,
      plainButton("repeat", t("stop.repeat"), () => act(() => api.stop({
        mode: stop.mode, ...(note.value.trim() ? { text: note.value.trim(), language: store.texts?.language ?? "en" } : {}),
        ...(selected && !stop.notice ? { notice: selected } : {}),
      })))),
  ];
}
