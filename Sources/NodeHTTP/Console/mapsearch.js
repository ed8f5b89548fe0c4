// The map's search box: a position in any notation, which the node reads, or the name of an airfield or a country.
import { api } from "./api.js";
import { h, plain } from "./dom.js";
import { t } from "./i18n.js";
import { Newest } from "./newest.js";
import { degrees, distance } from "./units.js";

const mostPlaces = 7;
const certainM = 1;
/** What may be a position: it has a figure, and the shortest notation of a cell has five signs. */
const mayBePosition = (text) => text.length >= 5 && /\d/.test(text);

const simple = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

/** Places whose name or code has `text` in it, those that begin with it first: [{label, note, position}]. */
export function placesFor(text, airfields, countries) {
  const wanted = simple(text);
  if (wanted.length < 2) return [];
  const places = [
    ...airfields.map(([name, lon, lat, { icao }]) => ({ label: name, note: icao, position: [lon, lat], keys: [icao, name].map(simple) })),
    ...countries.map(([name, lon, lat]) => ({ label: name, note: "", position: [lon, lat], keys: [simple(name)] })),
  ];
  const begins = (place) => place.keys.some((key) => key.startsWith(wanted));
  return places.filter((place) => place.keys.some((key) => key.includes(wanted)))
    .sort((a, b) => Number(begins(b)) - Number(begins(a))).slice(0, mostPlaces);
}

/** `found({label, position, uncertaintyM})` when one is chosen, `found(null)` when the box is emptied. */
export function mountSearch(container, { airfields, countries, found }) {
  const input = h("input", {
    id: "map-search", type: "text", role: "combobox", autocomplete: "off", spellcheck: false, maxLength: 200, "aria-label": t("map.search"),
    placeholder: t("map.searchHint"), "aria-expanded": "false", "aria-controls": "map-found", "aria-autocomplete": "list",
    oninput: typed, onkeydown: keys, onblur: () => close(), onfocus: () => { if (input.value.trim()) typed(); },
  });
  const list = h("ul", { id: "map-found", role: "listbox", "aria-label": t("map.search"), hidden: true });
  const says = h("div", { class: "map-search-says", role: "status", hidden: true });
  container.append(input, list, says);
  let places = [];
  let position = null;
  let active = 0;
  const reading = new Newest((text) => api.coordinates(text), {
    stale: () => {},
    answered(answer) { position = answer; show(); },
    failed(problem) { show(problem.status === 400 ? problem.detail : problem.sentence); },
  });

  function typed() {
    const text = input.value.trim();
    places = placesFor(text, airfields, countries);
    position = null;
    active = 0;
    reading.drop();
    if (mayBePosition(text)) reading.put(text);
    else if (text === "") found(null);
    show(text.length >= 2 && places.length === 0 && !mayBePosition(text) ? t("map.searchNone") : "");
  }

  function rows() {
    const read = position && {
      label: position.notations.degreesMinutes || degrees(position.position), position: position.position, uncertaintyM: position.uncertaintyM,
      note: [position.notations.mgrs, position.uncertaintyM > certainM ? t("map.within", { distance: distance(position.uncertaintyM) }) : ""].filter(Boolean).join(" · "),
    };
    return [...(read ? [read] : []), ...places];
  }

  function show(problem = "") {
    const all = rows();
    active = Math.min(active, Math.max(0, all.length - 1));
    list.replaceChildren(...all.map((row, i) => h("li", {
      role: "option", id: `map-found-${i}`, "aria-selected": String(i === active), onmousedown: (event) => { event.preventDefault(); choose(row); },
    }, h("bdi", {}, plain(row.label)), row.note ? h("bdi", { class: "note", dir: "ltr" }, plain(row.note)) : null)));
    const isOpen = all.length > 0;
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) input.setAttribute("aria-activedescendant", `map-found-${active}`);
    else input.removeAttribute("aria-activedescendant");
    says.hidden = isOpen || !problem;
    says.textContent = isOpen ? "" : plain(problem);
  }

  function close() {
    list.hidden = says.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(row) {
    input.value = row.label;
    close();
    found(row);
  }

  function keys(event) {
    const all = rows();
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && all.length > 0) {
      event.preventDefault();
      active = (active + by + all.length) % all.length;
      show();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (all[active]) choose(all[active]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      input.value = "";
      typed();
      close();
    }
  }

  return { focus: () => input.focus() };
}
