// What the node answers to a draft: collisions with all that it holds, flags, nearest place, size, lead time.
import { h, plain, ticking } from "./dom.js";
import { t, term } from "./i18n.js";
import { partyName } from "./parties.js";
import { areaSize, bearing, distance, span } from "./units.js";

/** What stands over an answer: `checking` while it is not the answer to what the form says now. */
export function checkState(word, hasAnswer) {
  if (word !== "checking") return "";
  return hasAnswer ? `${t("file.checking")} ${t("whatif.before")}` : t("file.checking");
}

/** The same in brief, beside the hand that drags: at most four collisions. */
export function checkBrief(word, collisions, store) {
  if (word === "checking") return [h("div", { class: "asking" }, t("file.checking"))];
  if (word !== "current") return [];
  if (collisions.length === 0) return [h("div", {}, t("file.noHits"))];
  const more = collisions.length - 4;
  return [
    ...collisions.slice(0, 4).map((hit) => h("div", { class: "hit" }, hitWords(hit, store))),
    more > 0 ? h("div", { class: "hit" }, t("whatif.more", { n: more })) : "",
  ];
}

/** For the map: [{line, label}] between the nearest points of the draft and of what it would collide with. */
export function collisionLines(collisions) {
  return collisions.filter((hit) => hit.nearest).map((hit) => ({
    line: hit.nearest, label: hit.distanceM === 0 ? hit.notice : t("map.conflictLine", { distance: distance(hit.distanceM), required: distance(hit.requiredM) }),
  }));
}

/** `fields` is the draft that the answer is about. */
export function checkResult({ collisions = [], flags = [], nearest = [], areasM2 = [] }, fields, store) {
  const several = fields.volumes.length > 1;
  const facts = fields.volumes.map((_, i) => {
    const words = [nearest[i] ? nearestWords(nearest[i]) : null, areasM2[i] > 0 ? t("file.size", { size: areaSize(areasM2[i]) }) : null].filter(Boolean).join(" · ");
    return h("li", {}, several ? `${t("volumes.short", { n: i + 1 })} ` : "", words);
  });
  return [
    collisions.length === 0
      ? h("p", { class: "no-hits" }, t("file.noHits"))
      : h("ul", { class: "hits" }, collisions.map((hit) => h("li", {}, several ? `${t("volumes.short", { n: hit.volume + 1 })} ` : "", hitWords(hit, store)))),
    flags.length > 0 ? h("p", { class: "flags" }, flags.map((f) => [h("span", { class: "tag alarmed" }, term("flag", f)), " "])) : "",
    h("ul", { class: "check-facts" }, facts, leadTime(fields, store)),
  ];
}

export function nearestWords({ name, distanceM, bearingDeg }) {
  return t("file.nearest", { place: plain(name), distance: distance(distanceM), bearing: bearing((bearingDeg + 360) % 360) });
}

/** How long until it begins, against what the terms ask for; it runs on while the form is open. */
function leadTime({ kind, volumes }, store) {
  const start = Math.min(...volumes.map((v) => Date.parse(v.start)));
  const leastS = store.terms?.kinds?.find((k) => k.kind === kind)?.leadTimeS ?? 0;
  const left = () => (start - store.now()) / 1000;
  const words = () => {
    if (left() < 0) return t("file.leadPast");
    const values = { time: span(left()), least: span(leastS), kind: term("kind", kind) };
    return left() < leastS ? t("file.leadShort", values) : t("file.leadKept", values);
  };
  return ticking(words, { class: left() < leastS ? "warning" : null }, "li");
}

function hitWords(hit, store) {
  return [
    partyName(store, hit.owner), " ", t("file.hit", {
      notice: hit.notice, kind: term("kind", hit.kind), required: distance(hit.requiredM),
      apart: hit.distanceM === 0 ? t("conflict.overlap") : t("conflict.apart", { distance: distance(hit.distanceM) }),
    }),
    hit.owner === store.ownParty?.id ? ` (${t("file.hitOwn")})` : "",
  ];
}
