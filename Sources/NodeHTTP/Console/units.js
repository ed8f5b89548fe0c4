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
  if (s < 60) return t("span.s", { s });
  if (s < 3600) return t("span.min", { min: Math.floor(s / 60), s: two(s % 60) });
  if (s < 86400) return t("span.h", { h: Math.floor(s / 3600), min: two(Math.floor((s % 3600) / 60)) });
  return t("span.d", { d: Math.floor(s / 86400), h: Math.floor((s % 86400) / 3600) });
}

/** A length of time that was agreed, to the second and without empty parts: `30 min`, `1 min 30 s`, `2 d`. */
export function exactSpan(seconds) {
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  let left = Math.round(seconds);
  const parts = units.flatMap(([unit, size]) => {
    const n = Math.floor(left / size);
    left -= n * size;
    return n > 0 ? [`${n} ${unit}`] : [];
  });
  return parts.length > 0 ? parts.join(" ") : "0 s";
}

/** A length of time for something that only grows older: `8 s`, `4 min`, `3 h 20 min`, `2 d 4 h`. */
export function age(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  return s >= 60 && s < 3600 ? t("span.minOnly", { min: Math.floor(s / 60) }) : span(s);
}

/** Metres below 1 km, else kilometres. */
export function distance(metres) {
  if (metres === null || metres === undefined || !Number.isFinite(metres)) return "—";
  if (metres < 1000) return t("unit.m", { value: Math.round(metres) });
  return t("unit.km", { value: (metres / 1000).toFixed(metres < 100000 ? 1 : 0) });
}

export function areaSize(squareMetres) {
  if (!Number.isFinite(squareMetres)) return "—";
  return squareMetres < 1e6 ? t("unit.m2", { value: Math.round(squareMetres) }) : t("unit.km2", { value: (squareMetres / 1e6).toFixed(1) });
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
export function degrees([longitude, latitude], decimals = 5) {
  const ns = latitude < 0 ? "S" : "N", ew = longitude < 0 ? "W" : "E";
  return `${Math.abs(latitude).toFixed(decimals)} ${ns} ${Math.abs(longitude).toFixed(decimals)} ${ew}`;
}

/** `34°33.444'N 038°19.014'E`, as the node writes it. */
export function degreesMinutes([longitude, latitude]) {
  const part = (value, digits, signs) => {
    const thousandths = Math.round(Math.abs(value) * 60_000);
    const minutes = ((thousandths % 60_000) / 1000).toFixed(3).padStart(6, "0");
    return `${String(Math.floor(thousandths / 60_000)).padStart(digits, "0")}°${minutes}'${signs[value < 0 ? 1 : 0]}`;
  };
  return `${part(latitude, 2, "NS")} ${part(longitude, 3, "EW")}`;
}

/** `12.4 NM` */
export function nauticalMiles(metres) {
  return `${(metres / 1852).toFixed(metres < 185_200 ? 1 : 0)} NM`;
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

// Lists are sorted by it again and again; a notice never changes in place.
const windows = new WeakMap();

/** Start of the earliest and end of the latest volume, in milliseconds. */
export function windowOf(notice) {
  let window = windows.get(notice);
  if (!window) {
    window = {
      start: Math.min(...notice.volumes.map((v) => Date.parse(v.start))),
      end: Math.max(...notice.volumes.map((v) => Date.parse(v.end))),
    };
    windows.set(notice, window);
  }
  return window;
}
