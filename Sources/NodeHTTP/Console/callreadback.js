// Acknowledgement of a call with read-back: the officer states again what the template asks for. Those values are nowhere
// on the screen while this is open, and a refusal names only the fields that do not match.
import { api } from "./api.js";
import { fieldName } from "./callcard.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { messageField, unreadable } from "./messagefields.js";
import { messageElement, partiesOf } from "./messagetext.js";

/** `asks`: names of the fields to be read back, as the node gave them. */
export function callReadBackPanel(call, asks, store, { pointer, close }) {
  const known = new Map((store.texts.structure.get(call.message.template)?.fields ?? []).map((field) => [field.name, field]));
  const inputs = asks.map((name) => ({ name, ...messageField(known.get(name) ?? { name, type: "unit" }, store, { prefix: "call-read", pointer }) }));
  const result = h("p", { class: "result", role: "alert", id: "call-read-result" });
  const submit = h("button", { type: "submit", class: "primary" }, t("call.acknowledge"));
  const say = (words, refused) => { result.textContent = words; result.className = `result ${refused ? "refused" : "accepted"}`; };

  async function send(event) {
    event.preventDefault();
    const readBack = {};
    for (const { name, read } of inputs) {
      const value = read();
      if (value === undefined || value === unreadable) return say(t("call.needs", { field: fieldName(name, store) }), true);
      readBack[name] = value;
    }
    submit.disabled = true;
    try {
      const answer = await api.acknowledgeCall(call.id, readBack);
      if (answer.accepted) {
        say(t("call.accepted", { id: call.id }), false);
        form.replaceChildren(result, h("div", { class: "actions" }, h("button", { type: "button", class: "primary", onclick: leave }, t("action.close"))));
        form.querySelector("button").focus();
      } else {
        say(t("call.refused", { fields: answer.mismatches.map((m) => fieldName(m.field, store)).join(", ") }), true);
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

  const form = h("form", { onsubmit: send }, inputs.map((i) => i.element), result,
    h("div", { class: "actions" }, submit, h("button", { type: "button", onclick: leave }, t("action.cancel"))));
  return h("section", {
    class: "read-back", role: "dialog", "aria-modal": "false", "aria-labelledby": "call-read-title", id: "call-read-back",
    onkeydown: (event) => { if (event.key === "Escape") leave(); },
  },
  h("h2", { id: "call-read-title" }, t("readBack.title", { id: call.id })),
  h("p", { class: "help" }, t("call.readBackHelp")),
  messageElement(call.message, { mode: call.mode, parties: partiesOf(call.from, call.to, store), isHidden: (name) => asks.includes(name) }, store),
  form);
}
