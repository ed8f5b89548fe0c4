// A message in the reader's language, from its template's code and typed fields, by the grammar of docs/templates.md.
// Every value stands in an element that isolates its direction: figures and codes from left to right, names and words by
// their first letter. Nothing is put into a sentence as text that could turn the order of what stands around it.
import { api } from "./api.js";
import { h, plain } from "./dom.js";
import { t } from "./i18n.js";
import { altitude, dateTimeGroup } from "./units.js";

const figures = (text, more = {}) => h("bdi", { dir: "ltr", class: "figures", ...more }, plain(text));
const words = (text, more = {}) => h("bdi", { dir: "auto", class: "words", ...more }, plain(text));

/**
 * A sentence of the catalogue as a list of strings and elements. `value(name)` gives what stands in a place: an element
 * or a list, or null when there is nothing.
 */
export function fill(sentence, value) {
  const place = (text) => text.split(/(\{\w+\})/).filter(Boolean).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name ? value(name) ?? "?" : part;
  });
  const bracket = /\[([^\]|]*)(?:\|([^\]]*))?\]/g;
  const parts = [];
  let at = 0;
  for (const match of sentence.matchAll(bracket)) {
    const [whole, part, otherwise = ""] = match;
    parts.push(...place(sentence.slice(at, match.index)));
    const isThere = [...part.matchAll(/\{(\w+)\}/g)].every(([, name]) => value(name) !== null);
    parts.push(...(isThere ? place(part) : [otherwise]));
    at = match.index + whole.length;
  }
  parts.push(...place(sentence.slice(at)));
  return parts.filter((part) => part !== "");
}

// Grid references by position, asked of the node: the page does not convert.
const notations = new Map();

function gridOf([longitude, latitude], store) {
  const key = `${latitude.toFixed(7)} ${longitude.toFixed(7)}`;
  if (!notations.has(key)) {
    notations.set(key, null);
    api.coordinates(key).then((read) => {
      notations.set(key, read.notations?.mgrs ?? "");
      store.gridsRead = (store.gridsRead ?? 0) + 1;
      store.changed();
    }).catch(() => notations.delete(key));
  }
  return notations.get(key);
}

export function positionText([longitude, latitude], grid) {
  const degrees = `${Math.abs(latitude).toFixed(5)}${latitude < 0 ? "S" : "N"} ${Math.abs(longitude).toFixed(5)}${longitude < 0 ? "W" : "E"}`;
  return grid ? `${grid} / ${degrees}` : degrees;
}

/** `221917ZNOV26 (2026-11-22T19:17:00Z)` */
export function timeText(time) {
  return `${dateTimeGroup(time)} (${time.replace(/\.0+Z$/, "Z")})`;
}

/** `5000 m (2.70 NM)` */
export function distanceText(metres) {
  const shown = Number.isInteger(metres) ? String(metres) : metres.toFixed(1);
  return `${shown} m (${(metres / 1852).toFixed(2)} NM)`;
}

/** `121.500 MHz`, exact. */
export function frequencyText(hertz) {
  const fraction = String(hertz % 1_000_000).padStart(6, "0").replace(/0{1,3}$/, "");
  return `${Math.floor(hertz / 1_000_000)}.${fraction} MHz`;
}

/** One field's value as a list of strings and elements. */
export function valueParts(type, value, store) {
  const { texts } = store.texts;
  switch (type) {
    case "position": {
      // In a form, before the node has read it.
      if (value.written) return [words(value.written)];
      const shown = figures(positionText(value.position, gridOf(value.position, store)), { "data-type": "position" });
      return value.original
        ? fill(texts.frame.stated, (name) => (name === "position" ? shown : words(value.original))) : [shown];
    }
    case "altitudeBand": return fill(texts.frame.band, (name) => fill(texts.frame.limit, (part) =>
      (part === "value" ? figures(altitude(value[name]).replaceAll(",", ""), { "data-type": "altitude" }) : words(texts.datums[value[name].datum] ?? value[name].datum))));
    case "time": return [figures(timeText(value), { "data-type": "time" })];
    case "duration": return durationParts(value, texts);
    case "distance": return [figures(distanceText(value))];
    case "bearing": return fill(texts.frame.bearing, () => figures(`${String(value).padStart(3, "0")}°T`));
    case "frequency": return [figures(frequencyText(value))];
    case "number": case "notice": return [figures(value)];
    case "reason": return [words(texts.reasons[value] ?? value)];
    case "text": return fill(texts.frame.quoted, (name) => words(name === "text" ? value.text : texts.languages[value.language] ?? value.language));
    default: return [words(value)];
  }
}

function durationParts(seconds, texts) {
  const counts = [[Math.floor(seconds / 86400), "days"], [Math.floor(seconds / 3600) % 24, "hours"], [Math.floor(seconds / 60) % 60, "minutes"], [seconds % 60, "seconds"]];
  return counts.filter(([count]) => count > 0).flatMap(([count, unit], i) => [i > 0 ? " " : "", figures(count), " ", words(texts.units[unit])]);
}

/** {from, to} of a call, by the parties' names in the terms; `to` is the mediator when no other principal is told. */
export function partiesOf(from, to, store) {
  const others = to.filter((p) => p !== from);
  const principals = others.filter((p) => store.party(p).role !== "mediator");
  return { from: store.party(from).name, to: (principals.length > 0 ? principals : others).map((p) => store.party(p).name).join(", ") };
}

/** The short title of a template. */
export function messageTitle(message, parties, store) {
  if (!message.template) return [t("call.freeText")];
  const title = store.texts?.texts.templates[message.template]?.title;
  return title ? fill(title, (name) => (parties[name] ? words(parties[name]) : null)) : [message.template];
}

/**
 * The whole message: a paragraph for each thing it says, in an element whose direction is the language's.
 * `isHidden(field)` puts a mark in place of a value that is being read back.
 */
export function messageElement(message, { mode = "real", parties, isHidden = () => false }, store) {
  if (!store.texts) return h("div", { class: "message" }, h("p", {}, t("call.noTexts")), h("p", { class: "peer" }, plain(message.text ?? message.template)));
  const { texts, language, structure } = store.texts;
  const lines = [];
  const frame = (name, values) => lines.push(fill(texts.frame[name], (place) => values[place] ?? null));
  if (mode === "drill") frame("drill", {});
  const sentence = texts.templates[message.template]?.text;
  const types = new Map((structure.get(message.template)?.fields ?? []).map((field) => [field.name, field.type]));
  if (sentence) {
    lines.push(fill(sentence, (name) => {
      if (parties[name]) return words(parties[name]);
      const value = message.fields?.[name];
      if (value === undefined) return null;
      return isHidden(name) ? h("span", { class: "withheld" }, t("call.hiddenValue")) : valueParts(types.get(name), value, store);
    }));
  } else if (message.template) {
    lines.push([message.template]);
  } else {
    frame("written", { from: words(parties.from), language: words(texts.languages[message.language] ?? message.language) });
    for (const line of message.text.split("\n").filter(Boolean)) lines.push([words(line, { lang: message.language })]);
  }
  if (message.about) frame("about", { notice: figures(message.about) });
  if (message.inReplyTo) frame("inReplyTo", { record: figures(message.inReplyTo) });
  if (message.due) frame("due", { time: figures(timeText(message.due)) });
  return h("div", { class: "message", dir: texts.direction, lang: language }, lines.map((line) => h("p", {}, line)));
}
