// Where the pointer or the cross is, in every notation: degrees at once, the grids when the node has answered. One question is
// under way at most, and never for a place that the pointer has left.
import { api } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { Newest } from "./newest.js";
import { degrees, degreesMinutes } from "./units.js";

const askEveryMs = 100;

/** {at, clear}: `at([lon, lat], isCross)` shows that position. */
export function mountReadout(container) {
  const from = h("span", { class: "cursor-from" });
  const decimal = h("bdi", { dir: "ltr", "data-notation": "decimalDegrees" });
  const minutes = h("bdi", { dir: "ltr", "data-notation": "degreesMinutes" });
  const mgrs = h("bdi", { dir: "ltr", "data-notation": "mgrs" });
  const gars = h("bdi", { dir: "ltr", "data-notation": "gars" });
  const grids = (a, b) => { mgrs.textContent = a; gars.textContent = b; };
  container.append(h("div", {}, from, decimal, minutes), h("div", {}, mgrs, gars));
  container.hidden = true;
  let timer = null;
  let wanted = null;
  const newest = new Newest((position) => api.coordinates(degrees(position)), {
    stale: () => {},
    answered: ({ notations }) => grids(notations.mgrs || t("map.noGrid"), notations.gars || t("map.noGrid")),
    failed: () => grids(t("map.noGridNow"), ""),
  });

  function at(position, isCross = false) {
    container.hidden = false;
    from.textContent = isCross ? t("map.atCross") : "";
    decimal.textContent = degrees(position);
    minutes.textContent = degreesMinutes(position);
    // What stood here was of another place.
    newest.drop();
    grids("…", "");
    wanted = position;
    timer ??= setTimeout(() => {
      timer = null;
      if (wanted) newest.put(wanted);
    }, askEveryMs);
  }

  function clear() {
    wanted = null;
    newest.drop();
    container.hidden = true;
    // Not even unseen: it may be of a notice that is read back next.
    decimal.textContent = minutes.textContent = "";
    grids("", "");
  }

  return { at, clear };
}
