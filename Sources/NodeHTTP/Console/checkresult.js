// What the node answers to a draft: collisions with all that it holds, flags, nearest place, size, lead time.
import { h, plain } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { areaSize, bearing, distance, span } from "./units.js";

export function checkResult({ collisions = [], flags = [], nearest = [], areasM2 = [], leadTimeS }, store) {
  const facts = [];
  const place = nearest[0];
  if (place) {
    facts.push(t("file.nearest", {
      place: plain(place.name), distance: distance(place.distanceM), bearing: bearing(place.bearingDeg),
    }));
  }
  if (areasM2.length > 0) facts.push(t("file.size", { size: areaSize(areasM2[0]) }));
  if (Number.isFinite(leadTimeS)) facts.push(leadTimeS >= 0 ? t("file.lead", { time: span(leadTimeS) }) : t("file.leadPast"));
  return [
    collisions.length === 0
      ? h("p", { class: "no-hits" }, t("file.noHits"))
      : h("ul", { class: "hits" }, collisions.map((hit) => h("li", {},
        partyName(store, hit.owner), " ", t("file.hit", {
          notice: hit.notice, kind: term("kind", hit.kind), required: distance(hit.requiredM),
          apart: hit.distanceM === 0 ? t("conflict.overlap") : t("conflict.apart", { distance: distance(hit.distanceM) }),
        }),
        hit.conflict === null ? ` (${t("file.hitOwn")})` : ""))),
    flags.length > 0 ? h("p", { class: "flags" }, flags.map((f) => [h("span", { class: "tag alarmed" }, term("flag", f)), " "])) : "",
    h("ul", { class: "check-facts" }, facts.map((fact) => h("li", {}, fact))),
  ];
}
