// The catalogue of message templates, from the node: what each template asks for, and its words in the reading officer's
// language.
import { api } from "./api.js";
import { language as shownLanguage } from "./i18n.js";

/** Languages of the catalogue by their own names; the node may have others. */
export const ownNames = {
  en: "English", tr: "Türkçe", he: "עברית", ar: "العربية", az: "Azərbaycanca", ru: "Русский",
};

/**
 * Asks the node for the catalogue, and for the texts in the language in which the officer reads messages: the interface's
 * until another is chosen.
 * Afterwards `store.texts` is {language, languages, structure (by code), texts}; it stays null while the node has none.
 */
export async function loadTexts(store) {
  const { structure, languages } = await api.templates();
  const wanted = store.preferences?.get("messages", null) ?? shownLanguage();
  const codes = languages.map((l) => (typeof l === "string" ? l : l.language ?? l.code));
  const language = codes.includes(wanted) ? wanted : "en";
  await take(store, language, { languages: codes, structure: new Map(structure.map((entry) => [entry.code, entry])) });
}

/** Shows messages in that language from now on, if the node has it. */
export async function readIn(store, language) {
  if (!store.texts?.languages.includes(language)) return;
  await take(store, language, store.texts);
  store.preferences?.set("messages", language);
}

async function take(store, language, { languages, structure }) {
  const texts = await api.templateTexts(language);
  store.texts = { language, languages, structure, texts };
  store.changed();
}
