// The catalogue of message templates, from the node: what each template asks for, and its words in the reading officer's
// language, which is remembered for that officer in this browser.
import { api } from "./api.js";

/** Languages of the catalogue by their own names; the node may have others. */
export const ownNames = {
  en: "English", tr: "Türkçe", he: "עברית", ar: "العربية", az: "Azərbaycanca", ru: "Русский",
};

const kept = (officer) => `parley.messages.${officer}`;

function remembered(officer) {
  try {
    return localStorage.getItem(kept(officer));
  } catch {
    return null;
  }
}

/**
 * Asks the node for the catalogue, and for the texts in the officer's language or English.
 * Afterwards `store.texts` is {language, languages, structure (by code), texts}; it stays null while the node has none.
 */
export async function loadTexts(store) {
  const { structure, languages } = await api.templates();
  const codes = languages.map((l) => (typeof l === "string" ? l : l.language ?? l.code));
  const wanted = remembered(store.session.officer);
  const language = codes.includes(wanted) ? wanted : "en";
  await take(store, language, { languages: codes, structure: new Map(structure.map((entry) => [entry.code, entry])) });
}

/** Shows messages in that language from now on. */
export async function readIn(store, language) {
  await take(store, language, store.texts);
  try {
    localStorage.setItem(kept(store.session.officer), language);
  } catch {
    // A browser that keeps nothing asks again at the next sign-in.
  }
}

async function take(store, language, { languages, structure }) {
  const texts = await api.templateTexts(language);
  store.texts = { language, languages, structure, texts };
  store.changed();
}
