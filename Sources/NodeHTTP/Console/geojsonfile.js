// Reads GeoJSON (RFC 7946): a geometry, a feature or a collection of either.
import { FileProblem, quoted } from "./geofound.js";
import { t } from "./i18n.js";

const deepest = 8;
const parts = { MultiPoint: "Point", MultiLineString: "LineString", MultiPolygon: "Polygon" };
const wgs84 = /^(urn:ogc:def:crs:OGC:1\.3:CRS84|urn:ogc:def:crs:OGC::CRS84|EPSG:4326|urn:ogc:def:crs:EPSG::4326)$/i;

/** Puts everything of the text into `found`; throws a FileProblem for what is refused. */
export function readGeoJSON(text, found) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FileProblem(t("geo.notJSON", { detail: quoted(error.message) }));
  }
  const crs = value?.crs?.properties?.name;
  if (value?.crs && !wgs84.test(String(crs))) throw new FileProblem(t("geo.otherDatum", { name: quoted(crs ?? t("geo.unnamedDatum")) }));
  take(value, {}, found, 0);
}

function take(value, about, found, depth) {
  if (depth > deepest) throw new FileProblem(t("geo.tooDeep"));
  switch (value?.type) {
    case "FeatureCollection": return list(value.features, "features").forEach((feature) => take(feature, about, found, depth + 1));
    case "Feature": return takeFeature(value, found, depth);
    case "GeometryCollection": return list(value.geometries, "geometries").forEach((geometry) => take(geometry, about, found, depth + 1));
    case "MultiPoint": case "MultiLineString": case "MultiPolygon":
      return list(value.coordinates, "coordinates").forEach((coordinates) => takeShape(parts[value.type], coordinates, about, found));
    case "Point": case "LineString": case "Polygon": return takeShape(value.type, value.coordinates, { ...about, ...radius(value) }, found);
    default: throw new FileProblem(t("geo.unknownType", { type: quoted(String(value?.type ?? "—")) }));
  }
}

/** A circle or corridor as Parley itself writes them. */
function radius({ radiusM }) {
  return Number.isFinite(radiusM) && radiusM >= 0 ? { radiusM } : {};
}

function takeFeature({ geometry, properties }, found, depth) {
  const name = ["name", "Name", "title"].map((key) => properties?.[key]).find((value) => typeof value === "string");
  const others = Object.keys(properties ?? {}).filter((key) => !["name", "Name", "title"].includes(key));
  if (others.length > 0) found.note("geo.properties", { names: others.slice(0, 6).map(quoted).join(", ") });
  if (!geometry) return found.note("geo.noGeometry");
  take(geometry, { name }, found, depth + 1);
}

function takeShape(type, coordinates, about, found) {
  if (type === "Point") return found.add(type, [coordinates], about);
  const points = list(coordinates, "coordinates");
  if (type === "LineString") return found.add(type, points, about);
  if (points.length > 1) throw new FileProblem(t("geo.hole", { where: found.label(about.name) }));
  return found.add(type, list(points[0], "coordinates"), about);
}

function list(value, name) {
  if (!Array.isArray(value)) throw new FileProblem(t("geo.notAList", { name }));
  return value;
}
