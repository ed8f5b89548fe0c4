// Reads KML 2.2: the points, lines and areas of its placemarks, with their time spans.
import { FileProblem, quoted } from "./geofound.js";
import { t } from "./i18n.js";
import { parseTime } from "./units.js";

const geometries = ["Point", "LineString", "LinearRing", "Polygon"];
const unreadable = ["Model", "Track", "MultiTrack", "NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay", "Tour"];
/** How a placemark looks, and its parts that are read: nothing is lost by leaving out the rest of these. */
const looks = ["name", "Style", "StyleMap", "styleUrl", "visibility", "open", "LookAt", "Camera", "MultiGeometry", "TimeSpan", ...geometries];

/** Puts everything of the text into `found`; throws a FileProblem for what is refused. */
export function readKML(text, found) {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new FileProblem(t("geo.doctype"));
  const page = new DOMParser().parseFromString(text, "application/xml");
  const broken = page.getElementsByTagName("parsererror")[0];
  if (broken) throw new FileProblem(t("geo.notXML", { detail: quoted(broken.textContent) }));
  if (page.documentElement.localName !== "kml") throw new FileProblem(t("geo.notKML", { name: quoted(page.documentElement.localName) }));
  const all = (name, within = page) => [...within.getElementsByTagNameNS("*", name)];
  for (const name of unreadable) for (const each of all(name)) if (each) found.note("geo.element", { name });
  for (const span of ["TimeSpan", "TimeStamp"].flatMap((name) => all(name))) {
    if (span.parentElement.localName !== "Placemark" || span.localName === "TimeStamp") found.note("geo.otherTime", { name: span.localName, parent: quoted(span.parentElement.localName) });
  }
  for (const placemark of all("Placemark")) takePlacemark(placemark, all, found);
}

function takePlacemark(placemark, all, found) {
  const child = (parent, name) => [...parent.children].find((each) => each.localName === name);
  const name = child(placemark, "name")?.textContent;
  for (const { localName } of placemark.children) {
    if (!looks.includes(localName) && !unreadable.includes(localName) && localName !== "TimeStamp") found.note("geo.element", { name: quoted(localName) });
  }
  const span = child(placemark, "TimeSpan");
  const moment = (end) => span && child(span, end) ? readMoment(child(span, end).textContent.trim(), found) : null;
  const about = { name, start: moment("begin"), end: moment("end") };
  const shapes = geometries.flatMap((type) => all(type, placemark)).filter((shape) => shape.localName !== "LinearRing" || !isBoundary(shape))
    .sort((a, b) => (a.compareDocumentPosition(b) & 4 ? -1 : 1));
  if (shapes.length === 0) found.note("geo.noGeometry");
  for (const shape of shapes) takeShape(shape, about, all, found);
}

const isBoundary = (ring) => ["outerBoundaryIs", "innerBoundaryIs"].includes(ring.parentElement.localName);

function takeShape(shape, about, all, found) {
  const where = found.label(about.name);
  const positions = (element) => {
    const [coordinates] = all("coordinates", element);
    if (!coordinates) throw new FileProblem(t("geo.noCoordinates", { where }));
    return coordinates.textContent.trim().split(/\s+/).filter(Boolean).map((tuple, i) => readTuple(tuple, i + 1, where));
  };
  switch (shape.localName) {
    case "Polygon": {
      if (all("innerBoundaryIs", shape).length > 0) throw new FileProblem(t("geo.hole", { where }));
      const [outer] = all("outerBoundaryIs", shape);
      if (!outer) throw new FileProblem(t("geo.noCoordinates", { where }));
      return found.add("Polygon", positions(outer), about);
    }
    case "Point": {
      const read = positions(shape);
      if (read.length !== 1) throw new FileProblem(t("geo.onePoint", { where, n: read.length }));
      return found.add("Point", read, about);
    }
    default: return found.add("LineString", positions(shape), about);
  }
}

/** `lon,lat[,alt]`, without spaces. */
function readTuple(tuple, n, where) {
  const parts = tuple.split(",");
  const isNumber = (part) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part);
  if (parts.length < 2 || parts.length > 3 || !parts.every(isNumber)) throw new FileProblem(t("geo.badTuple", { where, n, text: quoted(tuple) }));
  return parts.map(Number);
}

/** RFC 3339 of a moment that says its zone; what does not is left to the officer. */
function readMoment(text, found) {
  const zone = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text)?.[1];
  const moment = zone && !Number.isNaN(Date.parse(text)) ? new Date(text) : null;
  if (!moment) return void found.note("geo.unclearTime", { text: quoted(text) });
  if (zone !== "Z") found.note("geo.convertedTime", { text: quoted(text) });
  return parseTime(moment.toISOString());
}
