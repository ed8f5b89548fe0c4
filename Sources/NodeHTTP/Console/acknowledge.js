// Read-back: the officer types or plots what was written down from the notice. While this is open the notice's figures
// are nowhere on the screen, and a refusal names only the field that does not match.
import { altitudeField } from "./altitudefield.js";
import { api } from "./api.js";
import { h } from "./dom.js";
import { t, term } from "./i18n.js";
import { degrees, distance, parseTime } from "./units.js";

/** The panel for one notice. `pointer` lets the officer pick on the map; `close` returns to the notice. */
export function readBackPanel(notice, store, { pointer, close }) {
  const version = notice.version;
  let position = null;

  const understood = h("p", { class: "help", "aria-live": "polite" });
  const tolerance = h("p", { class: "help" });
  const where = h("input", {
    id: "read-position", autocomplete: "off", maxLength: 200, oninput: () => { position = null; pointer.stop(); pick.textContent = t("readBack.pick"); },
    onchange: () => resolve().catch(() => {}),
  });
  const pick = h("button", { type: "button", onclick: () => {
    pick.textContent = t("readBack.picking");
    pointer.pick((picked) => {
      position = picked;
      where.value = degrees(picked);
      pointer.draw({ points: [picked] });
      pointer.stop();
      pick.textContent = t("readBack.pick");
      understood.textContent = "";
    });
  } }, t("readBack.pick"));
  const lower = altitudeField("read-lower", t("readBack.lower"));
  const start = h("input", { id: "read-start", autocomplete: "off", maxLength: 40, placeholder: "DDHHMMZMONYY" });
  const result = h("p", { class: "result", role: "alert", id: "read-result" });
  const submit = h("button", { type: "submit", class: "primary" }, t("readBack.submit"));

  /** Where the typed text is, by the node's reading of it; throws its refusal. */
  async function resolve() {
    if (position) return position;
    const text = where.value.trim();
    const read = await api.coordinates(text);
    if (where.value.trim() !== text) return resolve();
    position = read.position;
    understood.textContent = t("readBack.understood", { text: [degrees(read.position), read.notations?.mgrs].filter(Boolean).join(" · ") });
    pointer.draw({ points: [position] });
    return position;
  }

  async function send(event) {
    event.preventDefault();
    const say = (words, refused) => { result.textContent = words; result.className = `result ${refused ? "refused" : "accepted"}`; };
    const altitude = lower.read();
    const begins = parseTime(start.value);
    if (!altitude) return say(t("readBack.badAltitude"), true);
    if (!begins) return say(t("readBack.badStart"), true);
    if (store.notices.get(notice.id)?.version !== version) return say(t("readBack.changed"), true);
    submit.disabled = true;
    try {
      const answer = await api.readBack(notice.id, version, { position: await resolve(), lower: altitude, start: begins });
      if (answer.accepted) {
        say(t("readBack.accepted", { id: notice.id }), false);
        form.replaceChildren(result, h("div", { class: "actions" }, h("button", { type: "button", class: "primary", onclick: leave }, t("action.close"))));
        form.querySelector("button").focus();
        pointer.clear();
      } else {
        say(t("readBack.refused", { fields: answer.mismatches.map((m) => term("field", m.field)).join(", ") }), true);
      }
    } catch (error) {
      say(error.sentence ?? String(error), true);
    }
    submit.disabled = false;
  }

  function leave() {
    pointer.clear();
    close();
  }

  const form = h("form", { onsubmit: send },
    h("div", { class: "field" }, h("label", { for: "read-position" }, t("readBack.position")),
      h("div", { class: "pair" }, where, pick), understood, tolerance),
    lower.element,
    h("div", { class: "field" }, h("label", { for: "read-start" }, t("readBack.start")), start),
    result,
    h("div", { class: "actions" }, submit, h("button", { type: "button", onclick: leave }, t("action.cancel"))));

  api.readBackQuestion(notice.id)
    .then((question) => { tolerance.textContent = t("readBack.tolerance", { distance: distance(question.toleranceM) }); })
    .catch(() => {});
  return h("section", {
    class: "read-back", role: "dialog", "aria-modal": "false", "aria-labelledby": "read-title", id: "read-back",
    onkeydown: (event) => { if (event.key === "Escape") leave(); },
  },
  h("h2", { id: "read-title" }, t("readBack.title", { id: notice.id })),
  h("p", { class: "kind" }, term("kind", notice.kind)),
  h("p", { class: "help" }, t("readBack.help")), form);
}
