// The Zulu clock, by the node's time, and the date-time group.
import { h, ticking } from "./dom.js";
import { t } from "./i18n.js";
import { dateTimeGroup, zuluClock } from "./units.js";

export function mountClock(container, store) {
  container.append(
    h("div", { class: "zulu", role: "timer", "aria-label": t("clock.node") },
      ticking(() => zuluClock(store.now())), h("span", { class: "zone" }, "Z")),
    ticking(() => dateTimeGroup(store.now()), { class: "dtg", "aria-hidden": "true" }));
}
