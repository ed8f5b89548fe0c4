// What an officer has written of a notice that is not filed yet: kept as written, in the store, until it is filed or discarded.
import { pointsOf, footprintOf, lineFor, shapeOf } from "./footprint.js";
import { timeText } from "./timefield.js";

const mostMade = 5_000;
// A little more than most kinds ask for.
const defaultLeadMs = 70 * 60_000;
const defaultLengthMs = 2 * 60 * 60_000;
const defaultReviewMs = 7 * 86_400_000;
const longestOriginal = 2_000;
export const mostVolumes = 64;
export const mostPositions = 1_000;

const noAltitude = { value: "", datum: "feet.amsl" };
const keyOf = (amends) => amends?.id ?? "new";

/**
 * The draft of a new notice, or of a new version of ours: the one that was put aside, or one made now. `advised` volumes take
 * the place of those that it has.
 */
export function draftFor(amends, advised, store) {
  const kept = store.drafts.get(keyOf(amends));
  const draft = kept?.touched ? kept : beginDraft(amends, store);
  draft.continued = draft === kept && !advised;
  // A form that is made anew, in another language for instance, takes no advice twice.
  if (advised && draft.advised !== advised) takeVolumes(draft, Array.isArray(advised) ? advised : [advised]);
  draft.advised = advised;
  store.drafts.set(draft.key, draft);
  return draft;
}

function beginDraft(amends, store) {
  const draft = {
    key: keyOf(amends), amends, base: amends?.version ?? 0, touched: false, changedAt: store.now(),
    mode: amends?.mode ?? "real", kind: amends?.kind ?? store.terms?.kinds?.[0]?.kind ?? "",
    contact: amends?.contact ?? "", onBehalfOf: amends?.onBehalfOf ?? "", remarks: amends?.remarks ?? "",
    reviewBy: timeText(amends?.reviewBy ?? Math.floor((store.now() + defaultReviewMs) / 60_000) * 60_000),
    place: "", placeConfirmed: false,
    // Positions that the form has written itself, by their line: they keep all their digits.
    made: new Map(),
    // What the node has understood of lines that the officer has written.
    understood: new Map(),
    volumes: [], current: 0, advised: null,
  };
  if (amends) takeVolumes(draft, amends.volumes);
  else draft.volumes = [emptyVolume(store)];
  draft.touched = false;
  return draft;
}

function emptyVolume(store) {
  const start = Math.floor((store.now() + defaultLeadMs) / 60_000) * 60_000;
  return {
    shape: "circle", points: "", radius: "5000", lower: noAltitude, upper: noAltitude,
    start: timeText(start), end: timeText(start + defaultLengthMs), original: null,
  };
}

const altitudeText = ({ value, unit, datum }) => ({ value: String(value), datum: `${unit}.${datum}` });

/** A volume of the node as the form writes it. */
function writtenVolume(volume, draft) {
  const points = pointsOf(volume.footprint).map((p) => lineFor(p, draft.made)).join("\n");
  return {
    shape: shapeOf(volume.footprint), points, radius: String(volume.footprint.radiusM ?? 0),
    lower: altitudeText(volume.altitude.lower), upper: altitudeText(volume.altitude.upper),
    start: timeText(volume.start), end: timeText(volume.end),
    // What was said of these positions, for as long as they stay as they are.
    original: volume.original ? { text: volume.original, points } : null,
  };
}

export function takeVolumes(draft, volumes) {
  draft.volumes = volumes.map((volume) => writtenVolume(volume, draft));
  draft.current = Math.min(draft.current, draft.volumes.length - 1);
  draft.touched = true;
}

/** Footprints read from a file: the altitudes and times that it does not state are those of the volume in hand. */
export function takeFootprints(draft, found) {
  const base = draft.volumes[draft.current];
  const made = found.map(({ footprint, original, start, end }) => {
    const points = pointsOf(footprint).map((p) => lineFor(p, draft.made)).join("\n");
    return {
      ...base, shape: shapeOf(footprint), points, radius: String(footprint.radiusM ?? 0), original: original ? { text: original, points } : null,
      ...(start ? { start: timeText(start) } : {}), ...(end ? { end: timeText(end) } : {}),
    };
  });
  const kept = draft.volumes.filter((volume) => volume.points.trim() !== "");
  draft.current = kept.length;
  draft.volumes = [...kept, ...made];
  draft.touched = true;
}

/** A volume more, in hand from now on: with the altitudes and times of the one before, and as a copy with its shape as well. */
export function addVolume(draft, { isCopy }) {
  const base = draft.volumes[draft.current];
  draft.volumes.splice(draft.current + 1, 0, isCopy ? { ...base } : { ...base, points: "", original: null });
  draft.current += 1;
  draft.touched = true;
}

export function removeVolume(draft) {
  draft.volumes.splice(draft.current, 1);
  draft.current = Math.max(0, Math.min(draft.current, draft.volumes.length - 1));
  draft.touched = true;
}

export const linesOf = (points) => points.split("\n").map((line) => line.trim()).filter(Boolean);

/** The position of each line, null where it is not known (yet). */
export function positionsOf(draft, volume) {
  return linesOf(volume.points).map((line) => draft.made.get(line) ?? draft.understood.get(line)?.position ?? null);
}

export function radiusOf(volume) {
  const text = volume.radius.trim().replaceAll(",", "");
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
}

/** Forgets positions that a hand has passed over and no volume has any more. */
export function forgetPassed(draft) {
  if (draft.made.size < mostMade) return;
  const used = new Set(draft.volumes.flatMap((volume) => linesOf(volume.points)));
  for (const line of draft.made.keys()) if (!used.has(line)) draft.made.delete(line);
}

/** The footprint as far as it is known, for the map; or null. */
export function footprintNow(draft, volume) {
  const positions = positionsOf(draft, volume);
  return positions.includes(null) ? null : footprintOf(volume.shape, positions, radiusOf(volume));
}

/**
 * What the officer wrote of a volume's positions, to be filed beside them: {text, isTooLong}. Lines that the form has written
 * itself are no one's words.
 */
export function originalOf(draft, volume) {
  if (volume.original?.points === volume.points) return { text: volume.original.text, isTooLong: false };
  const lines = linesOf(volume.points);
  if (lines.every((line) => draft.made.has(line))) return { text: null, isTooLong: false };
  const text = lines.join("\n");
  return text.length > longestOriginal ? { text: null, isTooLong: true } : { text, isTooLong: false };
}
