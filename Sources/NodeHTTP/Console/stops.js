// STOPs that are open, across the whole screen, above everything else: another side's until this desk has answered it,
// ours until we lift it. A STOP that rings flashes and sounds; once heard it is steady and silent.
import { actionCard } from "./actioncard.js";
import { h, keyed, peerText, ticking } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { stopPassing } from "./passing.js";
import { actsStamp, stopActs } from "./stopacts.js";
import { stopLadder } from "./stopladder.js";
import { dateTimeGroup, span } from "./units.js";

export function openStops(store) {
  return [...store.stops.values()].filter((s) => s.isOpen)
    .sort((a, b) => Number(isOwn(a, store)) - Number(isOwn(b, store)) || Date.parse(a.openedAt) - Date.parse(b.openedAt));
}

export function isOwn(stop, store) {
  return stop.author === store.ownParty?.id;
}

/** Whether it flashes and sounds here: another's from the first moment, ours once nobody has answered in time. */
export function rings(stop, store) {
  return stop.isOpen && stop.state === "ringing" && (!isOwn(stop, store) || stop.rung > 0 || stop.round > 1);
}

export function mountStops(container, store, { tones, spoken }) {
  const said = new Set();
  return () => {
    const open = openStops(store);
    const ringing = open.filter((stop) => rings(stop, store));
    tones.ringStop(ringing.length > 0);
    container.hidden = open.length === 0;
    container.classList.toggle("ringing", ringing.length > 0);
    for (const stop of ringing) {
      const key = `${stop.id} ${stop.round} ${stop.rung}`;
      if (said.has(key)) continue;
      said.add(key);
      spoken.append(h("p", {}, t(isOwn(stop, store) ? "stop.spokenOwn" : "stop.spoken", { party: store.party(stop.author).name })));
    }
    const sound = ringing.length > 0 && tones.locked;
    keyed(container, [
      ...(sound ? [{ key: "sound", stamp: [], build: () => h("button", { type: "button", class: "sound", onclick: () => tones.unlock() }, t("alarms.sound")) }] : []),
      ...open.map((stop) => ({ key: stop.id, stamp: [], build: () => h("article", { "data-stop": stop.id }) })),
    ]);
    for (const stop of open) showStop(container.querySelector(`[data-key="${CSS.escape(stop.id)}"]`), stop, store);
  };
}

/** One STOP on the right side, once it is over. */
export function stopCard(stop, store) {
  return showStop(h("article", { "data-stop": stop.id }), stop, store);
}

/** The whole of one STOP: who, what about, its ladder, what may be done. What is being written in it stays. */
function showStop(article, stop, store) {
  const own = isOwn(stop, store);
  article.className = `stop ${own ? "stop-own" : "stop-theirs"} ${rings(stop, store) ? "stop-ringing" : "stop-steady"} ${stop.isOpen ? "" : "stop-over"} ${stop.mode === "drill" ? "stop-drill" : ""}`;
  article.dataset.state = stop.state;
  article.setAttribute("aria-label", t("stop.label", { party: store.party(stop.author).name }));
  const entries = [{ key: "told", stamp: [stop, store.status?.parties, store.terms, ringsOf(stop, store)], build: () => told(stop, store, own) }];
  if (stop.isOpen && store.acts) {
    entries.push({ key: "acts", stamp: [actsStamp(stop, store), store.passing], build: () => stopActs(stop, store) });
  }
  // Whoever pressed has units in danger, whoever is addressed has units that must cease: both have somebody to tell.
  if (store.passing && store.ownParty?.role === "principal") {
    entries.push({ key: "passing", stamp: [store.passing, store.acts], build: () => stopPassing(stop, store) });
  }
  const card = actionCard(own ? "stopPressed" : "stopRings", store);
  if (stop.isOpen && card) entries.push({ key: "card", stamp: [store.cards], build: () => card });
  keyed(article, entries);
  return article;
}

/** What this screen was told of the rings of this round. */
function ringsOf(stop, { stopRings }) {
  return [0, 1, 2].map((rung) => stopRings.get(`${stop.id} ${stop.round} ${rung}`)).join();
}

function told(stop, store, own) {
  return h("div", { class: "stop-told", tabIndex: 0, role: "group", "aria-label": t("stop.label", { party: store.party(stop.author).name }) },
    h("header", {},
      h("strong", { class: "stop-word" }, t(stop.mode === "drill" ? "stop.drillWord" : "stop.word")),
      h("span", { class: "stop-who" }, own ? t("stop.byUs") : [t("stop.byThem"), " ", partyName(store, stop.author)]),
      h("span", { class: "stop-since" }, dateTimeGroup(stop.openedAt), " · ",
        stop.isOpen ? ticking(() => span((store.now() - Date.parse(stop.openedAt)) / 1000)) : t("stop.over")),
      h("span", { class: "stop-about" }, about(stop))),
    stop.isOpen ? h("p", { class: "stop-rung" }, rungWords(stop)) : null,
    stop.durable ? null : h("p", { class: "warning" }, t("stop.notOnDisk")),
    stopLadder(stop, store));
}

function about(stop) {
  const parts = [
    stop.officer ? [t("stop.officer"), " ", peerText(stop.officer)] : stop.station ? [t("stop.station"), " ", peerText(stop.station)] : null,
    stop.notice ? [t("stop.notice"), " ", h("bdi", { class: "id" }, stop.notice)] : t("stop.noNotice"),
    stop.area ? t("stop.area") : t("stop.noArea"),
    stop.text ? words(stop.text) : null,
  ].filter(Boolean);
  const repeats = stop.messages.filter((m) => m.kind === "stop").length - 1;
  if (repeats > 0) parts.push(t("stop.repeats", { n: repeats }));
  return parts.map((part, i) => [i > 0 ? " · " : "", part]);
}

/** Scrolled by keyboard as well when it is long. */
function words(text) {
  const shown = peerText(text);
  shown.classList.add("stop-text");
  shown.tabIndex = text.length > 200 ? 0 : -1;
  return shown;
}

/** Who is rung, and how far it has climbed. */
function rungWords(stop) {
  const roles = stop.roles.map((role) => term("role", role)).join(", ");
  const words = stop.state === "ringing" ? t("stop.rings", { rung: stop.rung + 1, roles }) : term("stopState", stop.state);
  const noOne = stop.state === "ringing" && stop.addressees.length > 0 && stop.rung > 0 ? ` ${t("stop.noOneYet")}` : "";
  const round = stop.round > 1 ? ` ${t("stop.round", { n: stop.round })}` : "";
  return words + noOne + round;
}
