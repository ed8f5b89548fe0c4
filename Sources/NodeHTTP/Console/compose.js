// The form that sends a call: a template with its typed fields, shown as the sentence that will be read, or free text
// that names its language.
import { api } from "./api.js";
import { fieldName } from "./callcard.js";
import { h } from "./dom.js";
import { t, term } from "./i18n.js";
import { languageChoice, messageField, unreadable } from "./messagefields.js";
import { messageElement, messageTitle } from "./messagetext.js";
import { parseTime } from "./units.js";

const classes = ["distress", "crossing", "hazard", "ordinary", "commCheck"];
const freeText = "text";

/** `selection`: {template, inReplyTo}, both optional. `sent(call)` once the node holds it durably. */
export function composePanel(selection, store, { pointer, sent, close }) {
  const { structure } = store.texts;
  const inReplyTo = selection.inReplyTo ?? null;
  const answered = inReplyTo ? store.calls.get(inReplyTo) : null;
  const select = (id, options, more = {}) => h("select", { id, onchange: changed, ...more }, options);
  const template = select("call-template", templateOptions(store, Boolean(inReplyTo)), { dir: "auto", onchange: choose });
  const mode = select("call-mode", ["real", "drill"].map((m) => h("option", { value: m }, term("mode", m))));
  if (answered) mode.value = answered.mode;
  const role = select("call-role", ["watch", "releasing", "command"].map((r) => h("option", { value: r }, term("role", r))));
  const precedence = select("call-precedence", ["flash", "immediate", "priority", "routine"].map((p) => h("option", { value: p }, term("precedence", p))));
  const to = recipients(store, changed);
  const due = h("input", { id: "call-due", autocomplete: "off", maxLength: 40, placeholder: "DDHHMMZMONYY", oninput: changed });
  const box = h("div", { class: "call-fields" });
  const preview = h("div", { class: "preview", "aria-live": "polite", "aria-label": t("call.preview") });
  const problem = h("p", { class: "problem", role: "alert" });
  const submit = h("button", { type: "submit", class: "primary" }, t("call.send"));
  let fields = [];

  function choose() {
    const entry = structure.get(template.value);
    if (entry) precedence.value = entry.precedence;
    if (entry) fields = entry.fields.map((field) => ({ ...field, input: messageField(field, store, { prefix: "call", pointer, changed }) }));
    else fields = template.value === freeText ? [writing(store, changed)] : [];
    const optional = fields.filter((f) => entry && !f.required);
    box.replaceChildren(
      ...fields.filter((f) => !optional.includes(f)).map((f) => f.input.element),
      ...(optional.length > 0 ? [h("details", { open: true }, h("summary", {}, t("call.optional")), optional.map((f) => f.input.element))] : []));
    changed();
  }

  /** The message, or `problem` in words. */
  function read() {
    const entry = structure.get(template.value);
    const message = { role: role.value, precedence: precedence.value };
    if (entry) {
      message.template = entry.code;
      message.fields = {};
      for (const field of fields) {
        const value = field.input.read();
        if (value === unreadable || (value === undefined && field.required)) return { problem: t("call.needs", { field: fieldName(field.name, store) }), message };
        if (value !== undefined) message.fields[field.name] = value;
      }
    } else {
      if (fields.length === 0) return { problem: t("call.chooseFirst"), message };
      const value = fields[0].input.read();
      if (!value) return { problem: t("call.needsText"), message };
      Object.assign(message, value);
    }
    if (inReplyTo) message.inReplyTo = inReplyTo;
    if (due.value.trim()) {
      message.due = parseTime(due.value);
      if (!message.due) return { problem: t("readBack.badStart"), message };
    }
    return { message };
  }

  function changed() {
    const { message, problem: missing } = read();
    problem.textContent = "";
    submit.disabled = Boolean(missing);
    if (missing) {
      preview.replaceChildren(h("p", { class: "help" }, missing));
      return;
    }
    const own = store.ownParty;
    const told = to.read() ?? store.status.parties.map((p) => p.id).filter((id) => id !== own.id);
    const principals = told.filter((id) => store.party(id).role !== "mediator");
    const parties = { from: own.name, to: (principals.length > 0 ? principals : told).map((id) => store.party(id).name).join(", ") };
    preview.replaceChildren(messageElement(asShown(message), { mode: mode.value, parties }, store));
  }

  async function send(event) {
    event.preventDefault();
    const { message, problem: missing } = read();
    if (missing) return;
    submit.disabled = true;
    try {
      const { call } = await api.call({ mode: mode.value, ...message, ...(to.read() ? { to: to.read() } : {}) });
      pointer.clear();
      store.fill("calls", [call]);
      sent(call);
    } catch (error) {
      problem.textContent = error.sentence ?? String(error);
      submit.disabled = false;
    }
  }

  const labelled = (label, field) => h("div", { class: "field" }, h("label", { for: field.id }, t(label)), field);
  if (selection.template) template.value = selection.template;
  choose();
  return h("section", { class: "compose", id: "compose", "aria-labelledby": "compose-title" },
    h("h2", { id: "compose-title" }, inReplyTo ? t("call.replyTitle", { id: inReplyTo }) : t("calls.send")),
    h("form", { onsubmit: send },
      labelled("call.template", template),
      h("div", { class: "two" }, labelled("call.precedence", precedence), labelled("file.mode", mode)),
      box,
      h("div", { class: "two" }, labelled("call.calls", role), labelled("call.dueBy", due)),
      to.element, preview, problem,
      h("div", { class: "actions" }, submit,
        h("button", { type: "button", onclick: () => { pointer.clear(); close(); } }, t("action.cancel")))));
}

function templateOptions(store, isReply) {
  const { structure } = store.texts;
  const isMediator = store.ownParty?.role === "mediator";
  const others = store.status.parties.filter((p) => p.id !== store.ownParty.id && p.role !== "mediator").map((p) => p.name).join(", ");
  const parties = { from: store.ownParty.name, to: others };
  const usable = [...structure.values()]
    .filter((e) => e.senders === "everyone" || (e.senders === "mediators") === isMediator)
    .filter((e) => isReply || !e.reply);
  const title = (entry) => messageTitle({ template: entry.code }, parties, store).map((part) => (typeof part === "string" ? part : part.textContent)).join("");
  const groups = classes.map((name) => [t(`templateClass.${name}`), usable.filter((e) => e.class === name)]);
  // What can only be a reply stands first in a reply.
  if (isReply) groups.unshift([t("templateClass.reply"), usable.filter((e) => e.reply)]);
  return [
    // Nothing is chosen at first, so that nothing is sent by a slip.
    h("option", { value: "" }, t("call.choose")),
    ...groups.filter(([, entries]) => entries.length > 0).map(([name, entries]) => h("optgroup", { label: name },
      entries.filter((e) => !isReply || name === t("templateClass.reply") || !e.reply).map((e) => h("option", { value: e.code, dir: "auto" }, title(e))))),
    h("option", { value: freeText }, t("call.freeText")),
  ];
}

/** Text and its language, as one field. */
function writing(store, changed) {
  const box = h("textarea", { id: "call-text", rows: 4, maxLength: 4000, dir: "auto", oninput: changed });
  const language = languageChoice("call-text-language", store, changed);
  return {
    name: "text",
    input: {
      element: h("div", { class: "field" }, h("label", { for: "call-text" }, t("call.freeText")), box, language),
      read: () => (box.value.trim() ? { text: box.value.trim(), language: language.value } : undefined),
    },
  };
}

/** Whom it goes to: all, unless some are left out. */
function recipients(store, changed) {
  const others = store.status.parties.filter((p) => p.id !== store.ownParty.id);
  const boxes = others.map((party) => h("input", { type: "checkbox", value: party.id, checked: true, onchange: changed }));
  return {
    element: h("fieldset", { class: "recipients" }, h("legend", {}, t("call.to")),
      boxes.map((box, i) => h("label", { class: "choice" }, box, h("bdi", {}, others[i].name)))),
    /** Party ids, or null for the record's usual audience. */
    read() {
      const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
      return chosen.length === 0 || chosen.length === boxes.length ? null : chosen;
    },
  };
}

/** A position that is still text stands in the preview as written: only the node reads it. */
function asShown(message) {
  if (!message.fields) return message;
  const fields = Object.fromEntries(Object.entries(message.fields).map(([name, value]) => [name, ["position", "origin", "impact", "destination"].includes(name) && typeof value === "string" ? { written: value } : value]));
  return { ...message, fields };
}
