// How figures are written: Zulu date-time groups, altitudes with their datum, distances, ages.
import { t } from "./i18n.js";

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const two = (n) => String(n).padStart(2, "0");

/** `221917ZNOV26`, from RFC 3339 text or milliseconds since 1970. */
export function dateTimeGroup(time) {
  const d = new Date(time);
  if (Number.isNaN(d.getTime())) return "—";
  const hour = two(d.getUTCHours()) + two(d.getUTCMinutes());
  return two(d.getUTCDate()) + hour + "Z" + months[d.getUTCMonth()] + two(d.getUTCFullYear() % 100);
}

/** RFC 3339 from a date-time group in Zulu (years 2000–2099) or from RFC 3339 itself; null when it is neither. */
export function parseTime(text) {
  const compact = text.trim().toUpperCase().replace(/\s+/g, "");
  const group = /^(\d{2})(\d{2})(\d{2})Z([A-Z]{3})(\d{2})$/.exec(compact);
  if (group) {
    const [, day, hour, minute, name, year] = group;
    const month = months.indexOf(name);
    if (month < 0 || Number(hour) > 23 || Number(minute) > 59) return null;
    const d = new Date(Date.UTC(2000 + Number(year), month, Number(day), Number(hour), Number(minute)));
    return d.getUTCDate() === Number(day) && d.getUTCMonth() === month ? d.toISOString() : null;
  }
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(compact)) return null;
  return Number.isNaN(Date.parse(compact)) ? null : compact;
}

/** `14:05:09` in Zulu. */
export function zuluClock(ms) {
  const d = new Date(ms);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
}

/** A length of time in at most two units: `8 s`, `4 min 05 s`, `3 h 20 min`, `2 d 4 h`. */
export function span(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${two(s % 60)} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/** A length of time for something that only grows older: `8 s`, `4 min`, `3 h 20 min`, `2 d 4 h`. */
export function age(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  return s >= 60 && s < 3600 ? `${Math.floor(s / 60)} min` : span(s);
}

/** Metres below 1 km, else kilometres. */
export function distance(metres) {
  if (metres === null || metres === undefined || !Number.isFinite(metres)) return "—";
  if (metres < 1000) return `${Math.round(metres)} m`;
  return `${(metres / 1000).toFixed(metres < 100000 ? 1 : 0)} km`;
}

export function areaSize(squareMetres) {
  if (!Number.isFinite(squareMetres)) return "—";
  return squareMetres < 1e6 ? `${Math.round(squareMetres)} m²` : `${(squareMetres / 1e6).toFixed(1)} km²`;
}

/** `3,500 ft AMSL`, `FL250`. */
export function altitude(a) {
  if (!a) return "—";
  if (a.unit === "flightLevel") return `FL${String(a.value).padStart(3, "0")}`;
  return `${a.value.toLocaleString("en-US")} ${t(`datum.${a.unit}.${a.datum}`)}`;
}

export function band(volume) {
  return `${altitude(volume.altitude.lower)} – ${altitude(volume.altitude.upper)}`;
}

/** `34.55740 N 38.31690 E` */
export function degrees([longitude, latitude]) {
  const ns = latitude < 0 ? "S" : "N", ew = longitude < 0 ? "W" : "E";
  return `${Math.abs(latitude).toFixed(5)} ${ns} ${Math.abs(longitude).toFixed(5)} ${ew}`;
}

export function bearing(deg) {
  return `${String(Math.round(deg) % 360).padStart(3, "0")}°`;
}

/** What kind of shape a footprint is, in words. */
export function shapeWords(footprint) {
  const radius = distance(footprint.radiusM ?? 0);
  switch (footprint.type) {
    case "Point": return footprint.radiusM ? t("notice.circle", { radius }) : t("notice.point");
    case "LineString": return t("notice.corridor", { n: footprint.coordinates.length, radius });
    default: {
      const n = footprint.coordinates[0].length - 1;
      return footprint.radiusM ? t("notice.polygonAround", { n, radius }) : t("notice.polygon", { n });
    }
  }
}

/** Start of the earliest and end of the latest volume, in milliseconds. */
export function windowOf(notice) {
  return {
    start: Math.min(...notice.volumes.map((v) => Date.parse(v.start))),
    end: Math.max(...notice.volumes.map((v) => Date.parse(v.end))),
  };
}
