// An altitude as a number beside a choice of unit and datum: a number alone is never guessed at.
import { h } from "./dom.js";
import { t } from "./i18n.js";

const choices = [
  ["feet", "amsl"], ["metres", "amsl"], ["feet", "agl"], ["metres", "agl"], ["flightLevel", "flightLevel"],
  ["metres", "ellipsoid"], ["feet", "ellipsoid"],
];

/**
 * {element, read(), set(altitude), isWritten()}: `read` gives {value, unit, datum}, or null while the number is missing or
 * not one.
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
  return {
    set,
    isWritten: () => value.value.trim() !== "",
    element: h("div", { class: "field" }, h("label", { for: id }, label), h("div", { class: "pair" }, value, datum)),
    read() {
      const text = value.value.trim().replaceAll(",", "");
      if (!/^-?\d+(\.\d+)?$/.test(text)) return null;
      const [unit, reference] = datum.value.split(".");
      return { value: Number(text), unit, datum: reference };
    },
  };
}
