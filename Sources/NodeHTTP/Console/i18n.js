// Words of the interface, by language. One catalogue file each; English is the fallback and the only one so far.
import english from "./catalogue/en.js";

const catalogues = { en: english };
let current = english;

/** Takes the catalogue of that language, and its direction for the whole page. */
export function useLanguage(code) {
  current = catalogues[code] ?? english;
  document.documentElement.lang = catalogues[code] ? code : "en";
  document.documentElement.dir = current.dir;
}

/** The words for `key`, with `{name}` replaced by the value of that name. An unknown key shows itself. */
export function t(key, values = {}) {
  const words = current.words[key] ?? english.words[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Words for a term of the protocol, which may be one that this catalogue does not know: then the term itself. */
export function term(family, value) {
  const key = `${family}.${value}`;
  return current.words[key] ?? english.words[key] ?? String(value ?? "").replaceAll("-", " ");
}
