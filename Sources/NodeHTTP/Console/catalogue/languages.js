// Languages that the interface can be shown in, by their own names: those whose catalogue file is here.
export const languages = { en: "English", tr: "Türkçe", he: "עברית", ar: "العربية", az: "Azərbaycanca", ru: "Русский" };
