// The form that asks the others whether they have forces in a circle, typed or picked on the map, during a window.
import { altitudeField } from "./altitudefield.js";
import { api } from "./api.js";
import { h } from "./dom.js";
import { t, term } from "./i18n.js";
import { dateTimeGroup, degrees, parseTime } from "./units.js";

const windowMs = 2 * 60 * 60_000;

export function presenceAskPanel(store, { pointer, asked, close }) {
  const centre = h("input", { id: "ask-position", autocomplete: "off", maxLength: 200, required: true, onchange: () => understand().catch(() => {}) });
  const radius = h("input", { id: "ask-radius", value: "5000", inputMode: "decimal", required: true, maxLength: 9, oninput: redraw });
  const lower = altitudeField("ask-lower", t("file.lower"), { value: 0, unit: "feet", datum: "agl" });
  const upper = altitudeField("ask-upper", t("file.upper"), { value: 60000, unit: "feet", datum: "amsl" });
  const time = (id, ms) => h("input", { id, value: dateTimeGroup(ms), autocomplete: "off", maxLength: 40, required: true });
  const start = time("ask-start", store.now());
  const end = time("ask-end", store.now() + windowMs);
  const mode = h("select", { id: "ask-mode" }, ["real", "drill"].map((m) => h("option", { value: m }, term("mode", m))));
  const precedence = h("select", { id: "ask-precedence" }, ["immediate", "flash", "priority", "routine"].map((p) => h("option", { value: p }, term("precedence", p))));
  const remarks = h("input", { id: "ask-remarks", autocomplete: "off", maxLength: 1000 });
  const understood = h("p", { class: "help", "aria-live": "polite" });
  const problem = h("p", { class: "problem", role: "alert" });
  let at = null;
  let atText = "";

  const pick = h("button", { type: "button", onclick: () => pointer.pick((picked) => {
    centre.value = degrees(picked);
    [at, atText] = [picked, centre.value];
    pointer.stop();
    understood.textContent = "";
    redraw();
  }) }, t("readBack.pick"));

  function redraw() {
    const radiusM = Number(radius.value);
    if (at) pointer.draw({ points: [at], footprint: radiusM > 0 ? { type: "Point", coordinates: at, radiusM } : undefined });
  }

  async function understand() {
    const text = centre.value.trim();
    if (text && text === atText) return at;
    const read = await api.coordinates(text).catch((error) => {
      understood.textContent = error.detail || error.sentence || "";
      throw error;
    });
    [at, atText] = [read.position, text];
    understood.textContent = t("readBack.understood", { text: [degrees(read.position), read.notations?.mgrs].filter(Boolean).join(" · ") });
    redraw();
    return at;
  }

  async function send(event) {
    event.preventDefault();
    problem.textContent = "";
    const band = { lower: lower.read(), upper: upper.read() };
    const [begins, ends] = [parseTime(start.value), parseTime(end.value)];
    if (!band.lower || !band.upper) return (problem.textContent = t("readBack.badAltitude"));
    if (!begins || !ends) return (problem.textContent = t("readBack.badStart"));
    if (!(Number(radius.value) > 0)) return (problem.textContent = t("presence.badRadius"));
    try {
      const volume = { footprint: { type: "Point", coordinates: await understand(), radiusM: Number(radius.value) }, altitude: band, start: begins, end: ends };
      const query = { mode: mode.value, volume, precedence: precedence.value };
      if (remarks.value.trim()) query.remarks = remarks.value.trim();
      const { presence } = await api.askPresence(query);
      store.fill("presence", [presence]);
      asked(presence);
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
    }
  }

  const labelled = (label, field) => h("div", { class: "field" }, h("label", { for: field.id }, t(label)), field);
  return h("section", { class: "ask", id: "ask", "aria-labelledby": "ask-title" },
    h("h2", { id: "ask-title" }, t("presence.ask")),
    h("p", { class: "help" }, t("presence.askHelp")),
    h("form", { onsubmit: send },
      h("div", { class: "field" }, h("label", { for: "ask-position" }, t("presence.centre")), h("div", { class: "pair" }, centre, pick), understood),
      h("div", { class: "two" }, labelled("presence.radius", radius), labelled("file.mode", mode)),
      h("div", { class: "two" }, lower.element, upper.element),
      h("div", { class: "two" }, labelled("file.start", start), labelled("file.end", end)),
      labelled("call.precedence", precedence), labelled("file.remarks", remarks), problem,
      h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("presence.send")),
        h("button", { type: "button", onclick: () => { pointer.clear(); close(); } }, t("action.cancel")))));
}
