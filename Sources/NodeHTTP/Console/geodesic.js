// Shapes for drawing only: great circles on a sphere, good to about half a percent. The node decides on the ellipsoid. What
// an officer measures by hand is on the ellipsoid as well.

const earthRadiusM = 6_371_008.8;
const rad = Math.PI / 180;
const longestStepM = 20_000;

/** The position [lon, lat] at `distanceM` from `from` in direction `bearingDeg`. */
export function destination([longitude, latitude], bearingDeg, distanceM) {
  const d = distanceM / earthRadiusM, b = bearingDeg * rad, lat = latitude * rad;
  const sinLat = Math.sin(lat) * Math.cos(d) + Math.cos(lat) * Math.sin(d) * Math.cos(b);
  const east = Math.atan2(Math.sin(b) * Math.sin(d) * Math.cos(lat), Math.cos(d) - Math.sin(lat) * sinLat);
  return [longitude + east / rad, Math.asin(Math.max(-1, Math.min(1, sinLat))) / rad];
}

/** Distance in metres and initial bearing in degrees. */
export function inverse([lon1, lat1], [lon2, lat2]) {
  const p = lat1 * rad, q = lat2 * rad, l = (lon2 - lon1) * rad;
  const a = Math.sin((q - p) / 2) ** 2 + Math.cos(p) * Math.cos(q) * Math.sin(l / 2) ** 2;
  const bearing = Math.atan2(Math.sin(l) * Math.cos(q), Math.cos(p) * Math.sin(q) - Math.sin(p) * Math.cos(q) * Math.cos(l));
  return { distanceM: 2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(a))), bearingDeg: (bearing / rad + 360) % 360 };
}

const equatorM = 6_378_137;
const flattening = 1 / 298.257223563;
const mostRounds = 200;

/**
 * Distance in metres and initial bearing in degrees of the geodesic on the WGS 84 ellipsoid, to a millimetre (T. Vincenty,
 * Survey Review 23, 1975); null where it does not converge, which is only between points nearly opposite on the globe.
 */
export function measured([lon1, lat1], [lon2, lat2]) {
  const poleM = equatorM * (1 - flattening);
  const reduced = (lat) => Math.atan((1 - flattening) * Math.tan(lat * rad));
  const [u, v] = [reduced(lat1), reduced(lat2)];
  const [sinU, cosU, sinV, cosV] = [Math.sin(u), Math.cos(u), Math.sin(v), Math.cos(v)];
  const l = (((lon2 - lon1 + 540) % 360 + 360) % 360 - 180) * rad;
  let lambda = l;
  for (let round = 0; round < mostRounds; round++) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const east = cosV * sinL;
    const north = cosU * sinV - sinU * cosV * cosL;
    const sinS = Math.hypot(east, north);
    if (sinS === 0) return { distanceM: 0, bearingDeg: 0 };
    const cosS = sinU * sinV + cosU * cosV * cosL;
    const s = Math.atan2(sinS, cosS);
    const sinA = (cosU * cosV * sinL) / sinS;
    const cos2A = 1 - sinA * sinA;
    const cosM = cos2A === 0 ? 0 : cosS - (2 * sinU * sinV) / cos2A;
    const c = (flattening / 16) * cos2A * (4 + flattening * (4 - 3 * cos2A));
    const before = lambda;
    lambda = l + (1 - c) * flattening * sinA * (s + c * sinS * (cosM + c * cosS * (2 * cosM * cosM - 1)));
    if (Math.abs(lambda) > Math.PI) return null;
    if (Math.abs(lambda - before) > 1e-12) continue;
    const k = (cos2A * (equatorM ** 2 - poleM ** 2)) / poleM ** 2;
    const a = 1 + (k / 16384) * (4096 + k * (-768 + k * (320 - 175 * k)));
    const b = (k / 1024) * (256 + k * (-128 + k * (74 - 47 * k)));
    const twice = 2 * cosM * cosM - 1;
    const shift = b * sinS * (cosM + (b / 4) * (cosS * twice - (b / 6) * cosM * (4 * sinS * sinS - 3) * (4 * cosM * cosM - 3)));
    return { distanceM: poleM * a * (s - shift), bearingDeg: (Math.atan2(east, north) / rad + 360) % 360 };
  }
  return null;
}

/** Positions moved as one from where a hand took hold of them to where it is now: their bearings and distances from it stay. */
export function shifted(positions, from, to) {
  return positions.map((position) => {
    const { distanceM, bearingDeg } = inverse(from, position);
    const [longitude, latitude] = distanceM === 0 ? to : destination(to, bearingDeg, distanceM);
    return [Number((((longitude + 540) % 360) - 180).toFixed(7)), Number(latitude.toFixed(7))];
  });
}

/** A closed ring around a point. */
export function circle(centre, radiusM, steps = 72) {
  const ring = [];
  for (let i = 0; i < steps; i++) ring.push(destination(centre, (360 / steps) * i, radiusM));
  return [...ring, ring[0]];
}

/** The path with points put in, so that long edges bend as great circles do. */
export function densify(path) {
  const dense = [path[0]];
  for (let i = 1; i < path.length; i++) {
    const { distanceM, bearingDeg } = inverse(path[i - 1], path[i]);
    const steps = Math.min(200, Math.ceil(distanceM / longestStepM));
    for (let k = 1; k < steps; k++) dense.push(destination(path[i - 1], bearingDeg, (distanceM / steps) * k));
    dense.push(path[i]);
  }
  return dense;
}

const turnOf = (from, to) => ((to - from + 540) % 360) - 180;
const sharpestMitreDeg = 120;

/**
 * The line `radiusM` to the left of a path: an arc at each bend that it goes around, a mitre at each that it cuts.
 * `closed` paths end where they began.
 */
function leftSide(path, radiusM, closed) {
  const side = [];
  const last = path.length - 1;
  for (let i = 0; i <= last; i++) {
    const before = i > 0 ? path[i - 1] : closed ? path[last - 1] : null;
    const after = i < last ? path[i + 1] : closed ? path[1] : null;
    const out = after ? inverse(path[i], after).bearingDeg : null;
    const into = before ? inverse(path[i], before).bearingDeg + 180 : out;
    const turn = out === null ? 0 : turnOf(into, out);
    if (turn < 0 && turn > -sharpestMitreDeg) {
      side.push(destination(path[i], into + turn / 2 - 90, radiusM / Math.cos((turn / 2) * rad)));
    } else {
      side.push(...arc(path[i], into - 90, turn, radiusM));
    }
  }
  return side;
}

/** Points on a circle from `fromDeg` through `sweepDeg`, clockwise when that is positive. */
function arc(centre, fromDeg, sweepDeg, radiusM) {
  const steps = Math.max(1, Math.ceil(Math.abs(sweepDeg) / 6));
  const points = [];
  for (let i = 0; i <= steps; i++) points.push(destination(centre, fromDeg + (sweepDeg / steps) * i, radiusM));
  return points;
}

/** The ring at `radiusM` around a line: both sides and a half circle at each end. */
function corridor(path, radiusM) {
  const back = [...path].reverse();
  const cap = (line) => arc(line.at(-1), inverse(line.at(-1), line.at(-2)).bearingDeg + 90, 180, radiusM);
  const ring = [...leftSide(path, radiusM), ...cap(path), ...leftSide(back, radiusM), ...cap(back)];
  return [...ring, ring[0]];
}

/** The ring at `radiusM` outside a closed ring. */
function around(ring, radiusM) {
  let turns = 0;
  for (let i = 1; i < ring.length; i++) turns += (ring[i][0] - ring[i - 1][0]) * (ring[i][1] + ring[i - 1][1]);
  const clockwise = turns > 0 ? ring : [...ring].reverse();
  const outer = leftSide(clockwise, radiusM, true);
  return [...outer, outer[0]];
}

/** A footprint as the closed ring of its area; null when it has none. */
export function areaRing({ type, coordinates, radiusM = 0 }) {
  if (type === "Point") return radiusM > 0 ? circle(coordinates, radiusM) : null;
  if (type === "LineString") return radiusM > 0 ? corridor(densify(coordinates), radiusM) : null;
  const core = densify(coordinates[0]);
  return radiusM > 0 ? around(core, radiusM) : core;
}

/** The line of a corridor, which is drawn inside its area; null for other footprints. */
export function spine({ type, coordinates }) {
  return type === "LineString" ? densify(coordinates) : null;
}
