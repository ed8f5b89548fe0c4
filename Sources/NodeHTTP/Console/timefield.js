// A moment as a date-time group, with the browser's own picker in Zulu beside it: both always say the same.
import { h, ticking } from "./dom.js";
import { formField } from "./formfield.js";
import { t } from "./i18n.js";
import { dateTimeGroup, parseTime, span } from "./units.js";

const weekday = (time) => dateTimeGroup(time) === "—" ? "" : t(`weekday.${new Date(time).getUTCDay()}`);

/**
 * {element, input, read(), set(time), text(), restore(text), fail(sentence)}: `read` gives RFC 3339, or null for what is no
 * moment. What was set and is not written over keeps its seconds, which a date-time group has none of.
 */
export function timeField(id, label, store, { edited }) {
  let exact = null;
  const input = h("input", { id, autocomplete: "off", maxLength: 40, spellcheck: false, dir: "ltr", oninput: () => written() });
  const picker = h("input", {
    id: `${id}-picker`, type: "datetime-local", class: "picker", tabIndex: -1, "aria-label": t("time.picked", { field: label }),
    oninput: () => picked(),
  });
  const open = h("button", {
    type: "button", class: "pick-time", "aria-label": t("time.pick", { field: label }), title: t("time.pick", { field: label }), onclick: () => picker.showPicker(),
  }, "▾");
  const words = ticking(() => said(), { class: "help time-words" });
  const { element, fail } = formField(label, input, h("div", { class: "pair time-pair" }, input, h("span", { class: "picker-place" }, open, picker)), words);

  function read() {
    return readTime({ text: input.value, exact });
  }

  function said() {
    const time = read();
    if (!time) return "";
    const seconds = (Date.parse(time) - store.now()) / 1_000;
    return t(seconds >= 0 ? "time.in" : "time.ago", { day: weekday(time), time: span(Math.abs(seconds)) });
  }

  /** The picker says what the text says, or nothing. */
  function follow() {
    const time = read();
    picker.value = time ? new Date(time).toISOString().slice(0, 16) : "";
    words.tick();
  }

  function written() {
    follow();
    edited();
  }

  /** The picker's moment is taken as Zulu: nothing is converted. */
  function picked() {
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.exec(picker.value);
    if (!time) return;
    set(`${time[0]}:00Z`);
    edited();
  }

  function set(time) {
    exact = { text: dateTimeGroup(time), time: new Date(time).toISOString() };
    if (typeof time === "string" && parseTime(time)) exact.time = time;
    input.value = exact.text;
    follow();
  }

  return {
    element, input, read, set, fail,
    text: () => ({ text: input.value, exact }),
    restore(written) {
      exact = written.exact;
      input.value = written.text;
      follow();
    },
  };
}

/** RFC 3339 of what is written, or null. */
export function readTime({ text, exact }) {
  return exact?.text === text ? exact.time : parseTime(text);
}

/** What `restore` takes for that moment. */
export function timeText(time) {
  return { text: dateTimeGroup(time), exact: { text: dateTimeGroup(time), time: typeof time === "string" ? time : new Date(time).toISOString() } };
}
