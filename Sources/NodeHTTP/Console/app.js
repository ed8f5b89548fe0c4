// Puts the console together: signs in, follows the node's events, and lets each panel show what the store holds.
import { api, whenSignedOut } from "./api.js";
import { mountAlarms } from "./alarms.js";
import { mountBoard } from "./board.js";
import { mountCalls } from "./calls.js";
import { mountAssurance } from "./assurance.js";
import { mountClock } from "./clock.js";
import { mountConflicts } from "./conflicts.js";
import { mountDetail } from "./detail.js";
import { h, plain, ticking, tickAll } from "./dom.js";
import { t, useLanguage } from "./i18n.js";
import { mountLinks } from "./links.js";
import { mountMap } from "./map.js";
import { mountNotices, standingNotices } from "./notices.js";
import { partyName } from "./parties.js";
import { mountPresence } from "./presence.js";
import { showSignIn } from "./signin.js";
import { mountSigning } from "./signing.js";
import { mountStopButton } from "./stopbutton.js";
import { mountStops } from "./stops.js";
import { Store } from "./store.js";
import { followEvents } from "./stream.js";
import { mountTabs } from "./tabs.js";
import { loadTexts } from "./texts.js";
import { Tones } from "./tones.js";
import { span, zuluClock } from "./units.js";

const part = (id) => document.getElementById(id);
const floorParts = ["bar", "floor", "foot"];
const tones = new Tones();

useLanguage("en");
start();

async function start() {
  try {
    enter(await api.session());
  } catch (problem) {
    signIn(problem.status === 401 ? "" : problem.sentence);
  }
}

function signIn(message) {
  document.body.dataset.view = "signin";
  for (const id of floorParts) part(id).hidden = true;
  part("signin").hidden = false;
  showSignIn(part("signin"), { entered: enter, unlockSound: () => tones.unlock(), message });
  mountStopButton(part("signin-stop"), part("stop-saying"), { isFinal: () => true });
}

async function enter(session) {
  const store = new Store();
  store.session = session;
  part("signin").hidden = true;
  part("signin").replaceChildren();
  part("stop-saying").hidden = true;
  for (const id of floorParts) part(id).hidden = false;
  document.body.dataset.view = "floor";
  const panels = mountPanels(store);
  store.subscribe(() => panels.forEach((update) => update()));
  store.changed();
  setInterval(() => { tickAll(); tones.tick(); }, 1_000);

  const stream = followEvents({
    event: (type, data) => store.apply(type, data),
    alive: () => store.setLost(null),
    lost: (sinceMs) => store.setLost(sinceMs),
    signedOut: expire,
  });
  whenSignedOut(expire);
  // A fresh page holds nothing of the officer who has left.
  function expire() {
    stream.stop();
    location.reload();
  }
  followSnapshots(store);
  for (const load of [async () => { store.terms = await api.terms(); }, () => loadTexts(store), async () => { store.cards = await api.actionCards(); }]) {
    try {
      await load();
      store.changed();
    } catch (problem) {
      // A node without it shows less; it is no reason to show nothing.
      console.warn(problem);
    }
  }
}

/** A snapshot holds what is open; what is answered, and our units, are asked for after each. */
function followSnapshots(store) {
  let taken = 0;
  const ask = async () => {
    if (store.snapshots === taken) return;
    taken = store.snapshots;
    const settle = async (load) => {
      try {
        await load();
      } catch (problem) {
        console.warn(problem);
      }
    };
    await settle(async () => store.fill("calls", (await api.calls()).calls));
    await settle(async () => store.fill("presence", (await api.presence()).presence));
    await settle(async () => store.apply("passing", await api.units()));
  };
  store.subscribe(ask);
  ask();
}

function mountPanels(store) {
  mountClock(part("clock"), store);
  mountFoot(part("foot"));
  const map = mountMap(part("map"), store);
  mountStopButton(part("stop-here"), part("stop-saying"), { sent: (stop) => store.fill("stops", [stop]) });
  const panels = { notices: part("notices-panel"), calls: part("calls"), presence: part("presence"), watch: part("board") };
  return [
    () => showLost(part("lost"), store),
    mountSigning(part("unsigned"), store),
    () => showDrill(part("drill"), store),
    () => showParty(part("party"), store),
    mountAssurance(part("assurance"), store),
    mountLinks(part("links"), store),
    mountStops(part("stops"), store, { tones, spoken: part("spoken") }),
    mountTabs(part("tabs"), panels, store),
    mountCalls(panels.calls, store),
    mountPresence(panels.presence, store),
    mountBoard(panels.watch, store),
    mountAlarms(part("alarms"), store, { tones, spoken: part("spoken") }),
    mountConflicts(part("conflicts"), store),
    mountNotices(part("notices"), store),
    mountDetail(part("detail"), store, { pointer: map.pointer }),
    map.update,
    () => clearSpoken(store),
  ];
}

function showLost(banner, store) {
  const lost = store.lostSince !== null;
  document.body.classList.toggle("stale", lost);
  if (lost === !banner.hidden) return;
  banner.hidden = !lost;
  const since = store.lostSince;
  banner.replaceChildren(...(lost ? [
    h("strong", {}, t("lost.title")),
    ticking(() => t("lost.since", { time: `${zuluClock(since)}Z`, age: span((Date.now() - since) / 1000) })),
  ] : []));
}

function showDrill(banner, store) {
  const count = standingNotices(store).filter((n) => n.mode === "drill").length;
  banner.hidden = count === 0;
  const words = t("drill.banner", { count });
  if (banner.textContent !== words) banner.textContent = words;
}

function showParty(container, store) {
  if (!store.status || container.childElementCount > 0) return;
  container.append(
    h("div", { class: "own" }, partyName(store, store.ownParty.id)),
    h("div", { class: "mechanism" }, h("bdi", {}, plain(store.status.mechanism.name)), " · ", h("bdi", {}, plain(store.session.officer))));
}

function mountFoot(container) {
  container.append(
    h("strong", {}, t("disclaimer")),
    h("button", { type: "button", class: "quiet", onclick: async () => {
      await api.signOut().catch(() => {});
      location.reload();
    } }, t("signin.out")));
}

/** What was said of a notice must not stay readable while it is read back. */
function clearSpoken(store) {
  if (store.hidden) part("spoken").replaceChildren();
}
