// From what is written in a draft to the fields for the node, and what is wrong or missing on the way, each at its place.
import { readAltitude } from "./altitudefield.js";
import { api } from "./api.js";
import { linesOf, mostPositions, mostVolumes, originalOf, positionsOf, radiusOf } from "./filingdraft.js";
import { isStanding } from "./filingkind.js";
import { fewest, footprintOf, isOfOnePosition, takesRadius } from "./footprint.js";
import { t } from "./i18n.js";
import { readTime } from "./timefield.js";

/** Has the node read every line that the officer wrote; [{volume, field, sentence}] of those that it cannot read. */
export async function understand(draft) {
  const problems = [];
  for (const [index, volume] of draft.volumes.entries()) {
    for (const [i, line] of linesOf(volume.points).entries()) {
      if (draft.made.has(line) || draft.understood.has(line)) continue;
      try {
        draft.understood.set(line, await api.coordinates(line));
      } catch (error) {
        if (error.status !== 400) throw error;
        problems.push({ volume: index, field: "points", sentence: t("file.badPoint", { n: i + 1, detail: error.detail }) });
        break;
      }
    }
  }
  return problems;
}

/**
 * {volumes, problems, missing}: `volumes` for the node, or null while `problems` [{volume, field, sentence}] or `missing`
 * [{volume, words}] name something.
 */
export function readVolumes(draft) {
  const problems = [], missing = [], volumes = [];
  for (const [index, volume] of draft.volumes.entries()) {
    const wrong = (field, key, values) => problems.push({ volume: index, field, sentence: t(key, values) });
    const lacks = (name) => missing.push({ volume: index, words: t(`needs.${name}`) });
    const positions = positionsOf(draft, volume);
    const radius = radiusOf(volume);
    const footprint = positions.includes(null) ? null : footprintOf(volume.shape, positions, radius);
    if (positions.length < fewest[volume.shape]) lacks("points");
    else if (isOfOnePosition(volume.shape) && positions.length > 1) wrong("points", "points.one");
    else if (takesRadius(volume.shape) && !footprint && !positions.includes(null)) {
      if (volume.radius.trim() === "") lacks("radius");
      else wrong("radius", Number.isFinite(radius) ? "radius.zero" : "radius.notANumber");
    }
    const altitude = {};
    for (const end of ["lower", "upper"]) {
      altitude[end] = readAltitude(volume[end]);
      if (altitude[end]) continue;
      if (volume[end].value.trim() === "") lacks(end);
      else wrong(end, "readBack.badAltitude");
    }
    const [start, end] = [volume.start, volume.end].map(readTime);
    for (const [name, time] of [["start", start], ["end", end]]) {
      if (time) continue;
      if (volume[name].text.trim() === "") lacks(name);
      else wrong(name, "readBack.badStart");
    }
    if (start && end && Date.parse(end) < Date.parse(start)) wrong("end", "file.endBeforeStart");
    const original = originalOf(draft, volume).text;
    volumes.push({ footprint, altitude, start, end, ...(original ? { original } : {}) });
  }
  const count = draft.volumes.reduce((sum, volume) => sum + linesOf(volume.points).length, 0);
  if (count > mostPositions) problems.push({ volume: draft.current, field: "points", sentence: t("points.tooMany", { n: count, most: mostPositions }) });
  if (draft.volumes.length > mostVolumes) problems.push({ volume: draft.current, field: "points", sentence: t("volumes.tooMany", { n: draft.volumes.length, most: mostVolumes }) });
  const whole = problems.length === 0 && missing.length === 0 && volumes.every((volume) => volume.footprint);
  return { volumes: whole ? volumes : null, problems, missing };
}


/**
 * The fields of the whole draft around its volumes: {fields, problems, missing}. What only filing needs may still be missing
 * from `fields`, which can be checked without.
 */
export function readRest(draft, volumes, store) {
  const problems = [], missing = [];
  const fields = { mode: draft.mode, kind: draft.kind, volumes, contact: draft.contact.trim() };
  if (!fields.contact) missing.push({ volume: null, words: t("needs.contact") });
  if (draft.onBehalfOf.trim()) fields.onBehalfOf = draft.onBehalfOf.trim();
  if (draft.remarks.trim()) fields.remarks = draft.remarks.trim();
  if (isStanding(draft.kind, store)) {
    const reviewBy = readTime(draft.reviewBy);
    if (reviewBy) fields.reviewBy = reviewBy;
    else problems.push({ volume: null, field: "review", sentence: t("readBack.badStart") });
  } else if (draft.amends?.reviewBy) {
    fields.reviewBy = draft.amends.reviewBy;
  }
  return { fields, problems, missing };
}

/** Where in the form a refusal of the node belongs, by the path of the field at fault: {volume, field}. */
export function placeOf(path) {
  const [, index, part = ""] = /^volumes\[(\d+)\]\.?(.*)$/.exec(path ?? "") ?? [];
  if (index !== undefined) {
    const field = part.startsWith("altitude.upper") ? "upper" : part.startsWith("altitude") ? "lower"
      : part.startsWith("end") ? "end" : part.startsWith("start") ? "start" : part.includes("radius") ? "radius" : "points";
    return { volume: Number(index), field };
  }
  const names = { contact: "contact", onBehalfOf: "behalf", remarks: "remarks", reviewBy: "review", kind: "kind" };
  if (path?.startsWith("statedPlace")) return { volume: null, field: "place" };
  return path in names ? { volume: null, field: names[path] } : null;
}
