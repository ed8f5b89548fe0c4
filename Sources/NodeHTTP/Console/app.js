// Puts the console together: signs in, follows the node's events, and lets the floor show what the store holds.
import { api, whenSignedOut } from "./api.js";
import { tickAll } from "./dom.js";
import { mountFloor } from "./floor.js";
import { language, useLanguage } from "./i18n.js";
import { mountKeys } from "./keys.js";
import { Preferences } from "./preferences.js";
import { keepAsking } from "./refresh.js";
import { showSignIn } from "./signin.js";
import { mountStopButton } from "./stopbutton.js";
import { Store } from "./store.js";
import { followEvents } from "./stream.js";
import { loadTexts, readIn } from "./texts.js";
import { useTheme } from "./theme.js";
import { Tones } from "./tones.js";

const part = (id) => document.getElementById(id);
const floorParts = ["skips", "bar", "strip", "floor", "foot"];
const tones = new Tones();

/** The language chosen at sign-in, by whoever signs in next; null while none was. */
let chosenLanguage = null;

start();

async function start() {
  const usual = new Preferences();
  useTheme(usual.get("theme", "dark"));
  await speak(usual.get("language", "en"));
  try {
    enter(await api.session());
  } catch (problem) {
    signIn({ message: problem.status === 401 ? "" : problem.sentence });
  }
}

/** A language that cannot be fetched leaves the one before. */
async function speak(code) {
  await useLanguage(code).catch((problem) => console.warn(problem));
}

function signIn(given) {
  document.body.dataset.view = "signin";
  for (const id of floorParts) part(id).hidden = true;
  part("signin").hidden = false;
  showSignIn(part("signin"), {
    entered: enter, unlockSound: () => tones.unlock(), ...given,
    languageChosen: async (code, written) => {
      await speak(code);
      chosenLanguage = code;
      signIn({ written });
    },
  });
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
  await openFloor(store);
  setInterval(() => {
    // On a screen without its node nothing goes on but the word that it is lost.
    tickAll(store.lostSince === null ? document : part("lost"));
    tones.tick();
  }, 1_000);

  const stream = followEvents({
    event: (type, data, isAhead) => store.event(type, data, isAhead),
    current: () => store.setLost(null),
    behind: (sinceMs) => store.setLost(sinceMs, true),
    lost: (sinceMs) => store.setLost(sinceMs),
    signedOut: expire,
  });
  whenSignedOut(expire);
  // A fresh page holds nothing of the officer who has left.
  function expire() {
    stream.stop();
    location.reload();
  }
  // A page that the browser keeps for going back holds none of its few connections, and is never shown again as it was.
  window.addEventListener("pagehide", () => stream.stop());
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  keepAsking(store);
  await settle(async () => { store.terms = await api.terms(); }, store);
  await settle(() => loadTexts(store), store);
  await settle(() => loadCards(store), store);
}

/** The floor as this officer wants it, and what remakes it. */
async function openFloor(store) {
  const preferences = new Preferences(store.session.officer);
  store.preferences = preferences;
  if (chosenLanguage) preferences.set("language", chosenLanguage);
  await speak(preferences.get("language", language()));
  useTheme(preferences.get("theme", "dark"));
  tones.volume = Math.min(1, Math.max(0, Number(preferences.get("volume", 1)) || 0));
  const signOut = async () => {
    await api.signOut().catch(() => {});
    location.reload();
  };
  let floor = mountFloor(store, { tones, signOut });
  // Fields that somebody has written in; what is sought on the map or in the record is no loss.
  const written = new WeakSet();
  part("floor").addEventListener("input", ({ target }) => {
    if (target.matches("input:not([type=checkbox], [type=radio], [type=range]), textarea") && !target.closest("#centre, #record")) written.add(target);
  });
  const desk = {
    store, preferences, tones,
    isWriting: () => store.isWriting || [...part("floor").querySelectorAll("input, textarea")].some((field) => written.has(field) && field.value !== ""),
    async changeLanguage(code) {
      if (!await useLanguage(code)) return;
      preferences.set("language", code);
      floor = mountFloor(store, { tones, signOut, view: floor.close() });
      store.changed();
      await settle(() => readIn(store, code), store);
      await settle(() => loadCards(store), store);
    },
  };
  mountKeys(desk);
  store.subscribe(() => floor.update());
  store.changed();
}

async function loadCards(store) {
  store.cards = await api.actionCards(language());
}

/** A node without it shows less; it is no reason to show nothing. */
async function settle(load, store) {
  try {
    await load();
    store.changed();
  } catch (problem) {
    console.warn(problem);
  }
}
