// Words of the interface, by language: one catalogue each, fetched when it is chosen. English stands in for a key that
// another catalogue lacks.
import english from "./catalogue/en.js";
import { languages } from "./catalogue/languages.js";

let code = "en";
let current = english;
let plurals = new Intl.PluralRules("en");
let asked = 0;

/** The language that is shown, as in BCP 47. */
export function language() {
  return code;
}

/**
 * Takes the catalogue of that language, and its direction for the whole page; English for one that there is no catalogue
 * of. False when another was chosen meanwhile. What is on the screen already has to be made again by its owner.
 */
export async function useLanguage(wanted) {
  const turn = (asked += 1);
  const found = wanted !== "en" && Object.hasOwn(languages, wanted) ? wanted : "en";
  const catalogue = found === "en" ? english : (await import(`./catalogue/${found}.js`)).default;
  if (turn !== asked) return false;
  [code, current, plurals] = [found, catalogue, new Intl.PluralRules(found)];
  document.documentElement.lang = code;
  document.documentElement.dir = current.dir;
  return true;
}

/**
 * The words for `key`, with `{name}` replaced by the value of that name. Words that go by a number are an object by plural
 * category, chosen by `n`, else `count`. An unknown key shows itself.
 */
export function t(key, values = {}) {
  return filled(wordsOf(key) ?? key, values);
}

/** Whether there are words for `key`. */
export function knows(key) {
  return wordsOf(key) !== undefined;
}

/** Words for a term of the protocol, which may be one that this catalogue does not know: then the term itself. */
export function term(family, value) {
  const words = wordsOf(`${family}.${value}`);
  return words === undefined ? String(value ?? "").replaceAll("-", " ") : filled(words, {});
}

/** Several names or phrases as one, as the language writes them. */
export function joined(parts) {
  return new Intl.ListFormat(code, { type: "conjunction" }).format([...parts].map(isolated));
}

function wordsOf(key) {
  return current.words[key] ?? english.words[key];
}

function filled(words, values) {
  const sentence = typeof words === "string" ? words : words[plurals.select(Number(values.n ?? values.count ?? 0))] ?? words.other;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? isolated(String(values[name])) : whole));
}

/** Letters that run from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** Amid words of the other direction, a figure or a name keeps its own order and moves nothing around it. */
function isolated(value) {
  return current.dir === "rtl" || rightToLeft.test(value) ? `\u2068${value}\u2069` : value;
}
