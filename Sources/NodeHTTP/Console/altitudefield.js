// An altitude as a number beside a choice of unit and datum: a number alone is never guessed at.
import { h } from "./dom.js";
import { formField } from "./formfield.js";
import { t } from "./i18n.js";

const choices = [
  ["feet", "amsl"], ["metres", "amsl"], ["feet", "agl"], ["metres", "agl"], ["flightLevel", "flightLevel"],
  ["metres", "ellipsoid"], ["feet", "ellipsoid"],
];

/**
 * {element, read(), set(altitude), isWritten(), text(), restore(text), fail(sentence)}: `read` gives {value, unit, datum}, or
 * null while the number is missing or not one; `text` is what is written, for `restore`.
 */
export function altitudeField(id, label, initial = null, { oninput } = {}) {
  const value = h("input", { id, inputMode: "decimal", autocomplete: "off", maxLength: 12, oninput });
  const datum = h("select", { id: `${id}-datum`, "aria-label": `${label}: ${t("readBack.datum")}`, onchange: oninput },
    choices.map((c) => h("option", { value: c.join(".") }, t(`datum.${c.join(".")}`))));
  function set(altitude) {
    value.value = String(altitude.value);
    datum.value = `${altitude.unit}.${altitude.datum}`;
  }
  if (initial) set(initial);
  const { element, fail } = formField(label, value, h("div", { class: "pair" }, value, datum));
  return {
    set, element, fail,
    isWritten: () => value.value.trim() !== "",
    text: () => ({ value: value.value, datum: datum.value }),
    restore(written) {
      value.value = written.value;
      datum.value = written.datum;
    },
    read: () => readAltitude({ value: value.value, datum: datum.value }),
  };
}

/** {value, unit, datum} of what is written, or null. */
export function readAltitude(written) {
  const text = written.value.trim().replaceAll(",", "");
  if (!/^-?\d+(\.\d+)?$/.test(text)) return null;
  const [unit, reference] = written.datum.split(".");
  return { value: Number(text), unit, datum: reference };
}
