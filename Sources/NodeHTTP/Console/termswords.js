// Words for what stands in the terms: names of fields, and values with their units.
import { h, plain } from "./dom.js";
import { t, term } from "./i18n.js";
import { dateTimeGroup, distance, exactSpan } from "./units.js";

export const figures = (text) => h("bdi", { dir: "ltr", class: "figures" }, text);

/** The name of a field; of one that this console does not know, the field's own. */
export function fieldWords(section, field) {
  return field === null ? "" : term(`terms.${section}`, field);
}

/** Which party, kind or pair of kinds an entry is about. */
export function itemWords(section, item) {
  if (item === null) return "";
  if (section === "kinds") return term("kind", item);
  if (section === "minima") return item.split(" ").map((kind) => term("kind", kind)).join(" – ");
  return plain(item);
}

const instants = ["effectiveAt"];
const precise = (metres) => `${Number(metres.toFixed(1)).toLocaleString("en-US")} m`;

/** A value as an element or a string. */
export function valueWords(field, value) {
  if (value === null || value === undefined) return t("terms.notThere");
  if (typeof value === "boolean") return t(value ? "terms.yes" : "terms.no");
  if (value === "all") return t("terms.all");
  if (typeof value === "number") return figures(numberWords(field, value));
  if (instants.includes(field)) return figures(dateTimeGroup(value));
  if (field === "precedence") return term("precedence", value);
  if (field === "role") return term("partyRole", value);
  if (field === "sealing") return term("sealing", value);
  if (field === "kinds") return value.length === 0 ? t("terms.noKinds") : value.map((kind) => term("kind", kind)).join(", ");
  if (typeof value === "string") return h("bdi", { class: looksLikeKey(value) ? "figures key" : "peer" }, plain(value));
  return membersWords(value);
}

function membersWords(value) {
  return h("dl", { class: "facts small" }, Object.entries(value).filter(([name]) => !["between", "kind"].includes(name))
    .map(([name, each]) => [h("dt", {}, fieldName(name)), h("dd", {}, valueWords(name, each))]));
}

/** Names of members that stand inside another value, wherever they belong. */
function fieldName(name) {
  for (const section of ["parties", "kinds", "minima", "roots"]) {
    const words = fieldWords(section, name);
    if (words !== name) return words;
  }
  return name;
}

function numberWords(field, value) {
  if (/[a-z]S$/.test(field ?? "")) return exactSpan(value);
  if (/Deg$/.test(field ?? "")) return `${value}°`;
  if (field === "horizontalM") return distance(value);
  if (/[a-z]M$/.test(field ?? "")) return precise(value);
  return String(value);
}

function looksLikeKey(text) {
  return text.length >= 40 && /^[0-9A-Za-z+/=]+$/.test(text);
}
