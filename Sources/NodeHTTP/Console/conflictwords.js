// A conflict in words of the reader's language, made from the figures of the node's explanation: who, what, by how much.
import { plain } from "./dom.js";
import { joined, t, term } from "./i18n.js";
import { band, dateTimeGroup, distance, exactSpan } from "./units.js";

export const height = (metres) => t("why.height", { m: Math.round(metres), ft: Math.round(metres / 0.3048) });

/** Whole sentences, in the order in which they are read. They also stand for the picture where none is seen. */
export function conflictSentences(conflict, explanation, store) {
  const pair = explanation.pairs[0];
  return [
    sideWords(conflict.first, store), sideWords(conflict.second, store),
    verdict(conflict, explanation, pair, store),
    ...bands(conflict, pair, store),
    horizontal(pair.horizontal),
    vertical(pair.vertical),
    time(pair.time),
  ];
}

function sideWords({ notice, owner, kind, version }, store) {
  return t("reason.side", { party: plain(store.party(owner).name), kind: term("kind", kind), notice, version: version ?? "?" });
}

function verdict(conflict, { pairCount }, pair, store) {
  const parties = joined(conflict.foundBy.map((party) => plain(store.party(party).name)));
  if (pairCount === 0 || pair.verdict === "separate") return t("reason.separate", { parties });
  return t(pair.verdict === "proven" ? "reason.proven" : "reason.undecided");
}

/** The altitudes of the two volumes as they were stated, with their datum. */
function bands(conflict, pair, store) {
  const volumes = [[conflict.first, pair.firstVolume], [conflict.second, pair.secondVolume]].map(([side, i]) => store.notices.get(side.notice)?.volumes[i]);
  return volumes.every(Boolean) ? [t("reason.bands", { first: band(volumes[0]), second: band(volumes[1]) })] : [];
}

function horizontal({ broken, distanceM, requiredM, lackM }) {
  const required = distance(requiredM);
  if (distanceM === 0) return t("reason.overlap", { required });
  const found = distance(distanceM);
  if (!broken) return t("reason.distanceKept", { found, required });
  return lackM > 0 ? t("reason.distance", { found, required, lack: distance(lackM) }) : t("reason.distanceTouching", { found, required });
}

function vertical({ broken, gapM, requiredM, lackM }) {
  if (requiredM === null) return t("reason.altitudeNoMatter");
  const required = height(requiredM);
  if (gapM <= 0) return t("reason.bandsMeet", { required });
  const found = height(gapM);
  if (!broken) return t("reason.altitudeKept", { found, required });
  return lackM > 0 ? t("reason.altitude", { found, required, lack: height(lackM) }) : t("reason.altitudeTouching", { found, required });
}

function time({ broken, gapS, overlap, requiredS, lackS }) {
  const required = exactSpan(requiredS);
  if (overlap) {
    const start = dateTimeGroup(overlap.start);
    if (!overlap.end) return t("reason.bothWithoutEnd", { start, required });
    const both = { start, end: dateTimeGroup(overlap.end), required };
    return lackS === null ? t("reason.bothUnmovable", both) : t("reason.both", { ...both, lack: exactSpan(lackS) });
  }
  const found = exactSpan(gapS);
  if (!broken) return t("reason.timeKept", { found, required });
  return lackS > 0 ? t("reason.time", { found, required, lack: exactSpan(lackS) }) : t("reason.timeTouching", { found, required });
}
