// The Zulu clock, by the node's time, the date-time group, and the local clocks that the officer has chosen.
import { h, keyed, ticking } from "./dom.js";
import { language, t } from "./i18n.js";
import { dateTimeGroup, zuluClock } from "./units.js";

export const mostZones = 3;

/** Zones of the local clocks: as chosen, else the browser's own where it is not Zulu itself. */
export function chosenZones(preferences) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const chosen = preferences.get("zones", ["UTC", "Etc/UTC", "GMT", "Etc/GMT", undefined].includes(own) ? [] : [own]);
  return (Array.isArray(chosen) ? chosen : []).filter(isZone).slice(0, mostZones);
}

/** Whether this browser knows that zone. */
export function isZone(name) {
  try {
    return typeof name === "string" && name !== "" && Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

/** The place of a zone, without the part of the world. */
export function placeOf(zone) {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

export function mountClock(container, store, preferences) {
  const locals = h("div", { class: "locals" });
  container.append(locals, h("div", { class: "zulu-side" },
    h("div", { class: "zulu", role: "timer", "aria-label": t("clock.node") },
      ticking(() => zuluClock(store.now())), h("span", { class: "zone" }, "Z")),
    ticking(() => dateTimeGroup(store.now()), { class: "dtg", "aria-hidden": "true" })));
  return () => keyed(locals, chosenZones(preferences).map((zone) => ({ key: zone, stamp: [], build: () => local(zone, store) })));
}

/** Figures are Western in every language; the day is said because it may not be Zulu's. */
function local(zone, store) {
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat(`${language()}-u-nu-latn`, { timeZone: zone, weekday: "short" });
  return h("div", { class: "local", "data-zone": zone },
    h("bdi", { class: "local-place" }, placeOf(zone)), " ",
    ticking(() => time.format(store.now()), { class: "local-time", dir: "ltr" }, "bdi"), " ",
    ticking(() => day.format(store.now()), { class: "local-day" }, "bdi"));
}
