// Settings: language, theme, local clocks, sound, keys, sizes of panels. Each takes effect at once and is kept for this officer.
import { languages } from "./catalogue/languages.js";
import { chosenZones, isZone, mostZones } from "./clock.js";
import { h } from "./dom.js";
import { language, t, term } from "./i18n.js";
import { openPanel } from "./panel.js";
import { themes, useTheme } from "./theme.js";
import { patterns } from "./tones.js";

/** `changeLanguage(code)` makes the floor anew; `isWriting()` says whether a form on it holds something. */
export function openSettings(desk) {
  const sections = () => [languageSection(desk, again), themeSection(desk), clockSection(desk, again), soundSection(desk), keySection(desk), panelSection(desk)];
  const body = h("div", { class: "settings" }, sections());
  openPanel("settings", t("settings.title"), body, "#open-settings")?.querySelector("select")?.focus();

  /** The same again, in the words that now hold, with the focus where it was. */
  function again() {
    const dialog = body.closest("dialog");
    const focused = body.contains(document.activeElement) ? document.activeElement.id : "";
    dialog.querySelector("h2").textContent = t("settings.title");
    dialog.querySelector(".close").textContent = t("action.close");
    body.replaceChildren(...sections());
    if (focused) document.getElementById(focused)?.focus();
  }
}

function section(title, ...parts) {
  return h("section", {}, h("h3", {}, title), parts);
}

/** The choice of a language by its own name, for settings and sign-in. */
export function languageChoice(id, chosen) {
  const choice = h("select", { id, onchange: () => chosen(choice.value, choice) },
    Object.entries(languages).map(([code, name]) => h("option", { value: code, lang: code }, name)));
  choice.value = language();
  return choice;
}

function languageSection({ changeLanguage, isWriting }, again) {
  const problem = h("p", { class: "problem", role: "alert" });
  const asked = h("div", {});
  async function change(code) {
    asked.replaceChildren();
    problem.textContent = "";
    try {
      await changeLanguage(code);
      again();
    } catch {
      problem.textContent = t("settings.languageFailed");
      choice.value = language();
    }
  }
  const choice = languageChoice("settings-language", (code) => {
    if (!isWriting()) return change(code);
    // What is written in a form would be gone with it.
    const stay = () => {
      asked.replaceChildren();
      choice.value = language();
      choice.focus();
    };
    asked.replaceChildren(h("div", { class: "confirm", role: "alertdialog", "aria-labelledby": "language-asks" },
      h("p", { id: "language-asks", class: "warning" }, t("settings.formLost")),
      h("div", { class: "actions" },
        h("button", { type: "button", onclick: stay }, t("settings.keepForm")),
        h("button", { type: "button", class: "danger", id: "lose-form", onclick: () => change(code) }, t("settings.loseForm")))));
    asked.querySelector("button").focus();
  });
  return section(t("settings.language"), h("label", { class: "spoken", for: "settings-language" }, t("settings.language")), choice,
    h("p", { class: "help" }, t("settings.languageHelp")), asked, problem);
}

function themeSection({ preferences }) {
  const now = preferences.get("theme", "dark");
  return section(t("settings.theme"), h("div", { class: "recipients", role: "radiogroup", "aria-label": t("settings.theme") },
    themes.map((name) => h("label", { class: "choice" }, h("input", {
      type: "radio", name: "theme", value: name, checked: name === now, onchange: () => {
        preferences.set("theme", name);
        useTheme(name);
      },
    }), term("theme", name)))));
}

function clockSection({ preferences, store }, again) {
  const zones = chosenZones(preferences);
  const problem = h("p", { class: "problem", role: "alert" });
  const wanted = h("input", { id: "zone", autocomplete: "off", maxLength: 60, placeholder: "Asia/Damascus" });
  wanted.setAttribute("list", "zones");
  const keep = (changed) => {
    preferences.set("zones", changed);
    store.changed();
    again();
  };
  const add = (event) => {
    event.preventDefault();
    const name = wanted.value.trim();
    if (!isZone(name)) problem.textContent = t("settings.noZone");
    else if (!zones.includes(name)) keep([...zones, name]);
  };
  return section(t("settings.clocks"), h("p", { class: "help" }, t("settings.clocksHelp", { n: mostZones })),
    zones.length === 0 ? null : h("ul", { class: "items" }, zones.map((zone) => h("li", { "data-chosen-zone": zone }, h("bdi", { dir: "ltr" }, zone),
      h("button", { type: "button", "aria-label": t("settings.removeClock", { zone }), onclick: () => keep(zones.filter((each) => each !== zone)) }, t("units.remove"))))),
    zones.length >= mostZones ? null : h("form", { class: "pair", id: "add-zone", onsubmit: add },
      h("label", { class: "spoken", for: "zone" }, t("settings.zone")), wanted, h("button", { type: "submit" }, t("settings.addClock")),
      h("datalist", { id: "zones" }, Intl.supportedValuesOf("timeZone").map((zone) => h("option", { value: zone })))),
    problem);
}

function soundSection({ preferences, tones }) {
  const volume = h("input", {
    id: "volume", type: "range", min: 0, max: 100, step: 5, value: Math.round(tones.volume * 100), oninput: () => {
      tones.volume = Number(volume.value) / 100;
      preferences.set("volume", tones.volume);
    },
  });
  return section(t("settings.sound"), h("div", { class: "pair-row" }, h("label", { for: "volume" }, t("settings.volume")), volume),
    h("p", { class: "help" }, t("settings.volumeHelp")),
    h("div", { class: "actions" }, Object.keys(patterns).map((name) => h("button", {
      type: "button", "data-sound": name, onclick: () => tones.test(name),
    }, t("settings.hear", { what: name === "stop" ? t("stop.word") : term("precedence", name) })))));
}

function keySection({ preferences }) {
  const box = h("input", { type: "checkbox", id: "single-keys", checked: preferences.get("singleKeys", true), onchange: () => preferences.set("singleKeys", box.checked) });
  return section(t("settings.keys"), h("label", { class: "choice" }, box, t("settings.singleKeys")), h("p", { class: "help" }, t("settings.singleKeysHelp")));
}

function panelSection({ preferences, store }) {
  return section(t("settings.panels"), h("button", { type: "button", id: "usual-sizes", onclick: () => {
    preferences.set("layout", undefined);
    store.changed();
  } }, t("settings.usualSizes")));
}
