// One input for each type of field of a message, for the form that sends one and for the read-back. Positions are written
// in any notation and read by the node; nothing is guessed at.
import { altitudeField } from "./altitudefield.js";
import { api } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { standingNotices } from "./notices.js";
import { degrees, parseTime } from "./units.js";

/** Not a value: what is written is none, and must be mended before anything is sent. */
export const unreadable = Symbol("unreadable");

/**
 * {element, read()} for a field {name, type, reasons}. `read` gives the value for the node, undefined while nothing is
 * written, or `unreadable`. `prefix` keeps ids apart; `pointer` lets positions be picked on the map.
 */
export function messageField(field, store, { prefix, pointer, changed = () => {}, label }) {
  const id = `${prefix}-${field.name}`;
  const shown = label ?? store.texts.texts.fields[field.name] ?? field.name;
  const make = makers[field.type] ?? line;
  return make({ field, id, label: shown, store, pointer, changed });
}

function labelled(id, label, ...more) {
  return h("div", { class: "field" }, h("label", { for: id, dir: "auto" }, label), ...more);
}

function input(id, changed, more = {}) {
  return h("input", { id, autocomplete: "off", maxLength: 200, oninput: changed, ...more });
}

/** A text input whose text `parse` turns into a value, or into null. */
function typed({ id, label, changed }, parse, { hint, ...more } = {}) {
  const box = input(id, changed, more);
  return {
    element: labelled(id, hint ? `${label} (${hint})` : label, box),
    read() {
      const text = box.value.trim();
      if (!text) return undefined;
      return parse(text) ?? unreadable;
    },
  };
}

const whole = (text, least, most) => {
  const value = /^\d+$/.test(text) ? Number(text) : null;
  return value !== null && value >= least && value <= most ? value : null;
};

function line(context) {
  return typed(context, (text) => text, { maxLength: 120 });
}

function position({ id, label, pointer, changed }) {
  const understood = h("p", { class: "help", "aria-live": "polite" });
  const box = input(id, () => { understood.textContent = ""; changed(); }, { onchange: understand });
  const pick = h("button", { type: "button", onclick: () => pointer.pick((picked) => {
    box.value = degrees(picked);
    pointer.draw({ points: [picked] });
    pointer.stop();
    changed();
  }) }, t("readBack.pick"));

  async function understand() {
    const text = box.value.trim();
    if (!text) return;
    try {
      const read = await api.coordinates(text);
      if (box.value.trim() !== text) return;
      understood.textContent = t("readBack.understood", { text: [degrees(read.position), read.notations?.mgrs].filter(Boolean).join(" · ") });
      pointer?.draw({ points: [read.position] });
    } catch (error) {
      if (box.value.trim() === text) understood.textContent = error.detail || error.sentence || "";
    }
  }

  return {
    element: labelled(id, label, h("div", { class: "pair" }, box, pointer ? pick : null), understood),
    read: () => box.value.trim() || undefined,
  };
}

function band({ id, label, changed }) {
  const lower = altitudeField(`${id}-lower`, `${label}: ${t("call.lower")}`, null, { oninput: changed });
  const upper = altitudeField(`${id}-upper`, `${label}: ${t("call.upper")}`, null, { oninput: changed });
  const element = h("div", { class: "two" }, lower.element, upper.element);
  return {
    element,
    read() {
      const [from, to] = [lower.read(), upper.read()];
      if (from && to) return { lower: from, upper: to };
      const isEmpty = [...element.querySelectorAll("input")].every((box) => !box.value.trim());
      return isEmpty ? undefined : unreadable;
    },
  };
}

function reason({ field, id, label, store, changed }) {
  const names = store.texts.texts.reasons;
  const choice = h("select", { id, dir: "auto", onchange: changed },
    h("option", { value: "" }, "—"), field.reasons.map((word) => h("option", { value: word }, names[word] ?? word)));
  return { element: labelled(id, label, choice), read: () => choice.value || undefined };
}

function notice({ id, label, store, changed }) {
  const known = standingNotices(store).map((n) => n.id);
  const box = input(id, changed, { maxLength: 100 });
  const list = h("datalist", { id: `${id}-known` }, known.map((value) => h("option", { value })));
  box.setAttribute("list", list.id);
  if (store.offeredNotice && known.includes(store.offeredNotice)) box.value = store.offeredNotice;
  return { element: labelled(id, label, box, list), read: () => box.value.trim() || undefined };
}

function text({ id, label, store, changed }) {
  const box = h("textarea", { id, rows: 2, maxLength: 2000, dir: "auto", oninput: changed });
  const language = languageChoice(`${id}-language`, store, changed);
  return {
    element: labelled(id, label, box, language),
    read: () => (box.value.trim() ? { text: box.value.trim(), language: language.value } : undefined),
  };
}

/** A choice of the language in which something is written; the reader's own at first. */
export function languageChoice(id, store, changed) {
  const { texts, language } = store.texts;
  const choice = h("select", { id, "aria-label": t("call.language"), onchange: changed },
    Object.entries(texts.languages).map(([code, name]) => h("option", { value: code }, name)));
  choice.value = language;
  return choice;
}

/** Megahertz as written into whole hertz, without a detour over fractions; null when it is none. */
export function hertz(written) {
  const match = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(written);
  return match ? Number(match[1]) * 1_000_000 + Number((match[2] ?? "").padEnd(6, "0")) : null;
}

const makers = {
  position, altitudeBand: band, reason, notice, text,
  time: (context) => typed(context, parseTime, { placeholder: "DDHHMMZMONYY", maxLength: 40 }),
  distance: (context) => typed(context, (written) => (/^\d+(\.\d+)?$/.test(written) ? Number(written) : null), { hint: "m", inputMode: "decimal" }),
  bearing: (context) => typed(context, (written) => whole(written, 0, 359), { hint: "°T", inputMode: "numeric" }),
  duration: (context) => typed(context, (written) => {
    const minutes = whole(written, 1, 10_080);
    return minutes === null ? null : minutes * 60;
  }, { hint: "min", inputMode: "numeric" }),
  number: (context) => typed(context, (written) => whole(written, 0, 1_000_000), { inputMode: "numeric" }),
  frequency: (context) => typed(context, hertz, { hint: "MHz", inputMode: "decimal" }),
};
