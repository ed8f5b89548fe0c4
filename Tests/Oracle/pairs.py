"""Seeded pairs of cores that are hard to tell apart, and the rows made of them.

Everything is drawn from one numpy PCG64 stream; coordinates are rounded to seven decimals before anything
is measured, so that the row is the pair.
"""

import math

import numpy as np

from bracket import Core
from geodesic import EQUATORIAL_RADIUS_M, direct, dot, from_degrees, heading, inverse, north_east, to_degrees


def walk(latitude_deg, longitude_deg, azimuth_deg, distance_m):
    """Ends of geodesics from one place; azimuths at a pole count from the meridian of the longitude."""
    azimuth = np.atleast_1d(np.asarray(azimuth_deg, float))
    n = len(azimuth)
    x = from_degrees(np.full(n, latitude_deg), np.full(n, longitude_deg))
    end, _ = direct(x, heading(x, azimuth), np.broadcast_to(np.asarray(distance_m, float), n) / EQUATORIAL_RADIUS_M)
    return np.stack(to_degrees(end), 1)


def rounded(coordinates, rng):
    c = np.round(np.asarray(coordinates, float).reshape(-1, 2), 7)
    edge = np.abs(c[:, 1]) == 180
    c[edge, 1] = rng.choice([-180.0, 180.0], int(edge.sum()))
    return c + 0.0


def polygon(rng, centre, reach_m, vertices, convex):
    """Star-shaped about its centre (no two neighbours are 150 degrees apart, seen from there, unless it is a
    triangle), hence simple; on a circle when convex."""
    gaps = rng.uniform(0.5, 1.0, vertices)
    azimuth = np.cumsum(gaps / gaps.sum() * 360) + rng.uniform(0, 360)
    reach = reach_m if convex else reach_m * rng.uniform(0.25, 1.0, vertices)
    ring = walk(*centre, azimuth % 360, np.broadcast_to(reach, vertices))
    return ring[::-1] if rng.random() < 0.5 else ring


def line(rng, centre, length_m, vertices, azimuth=None):
    """A line that never turns back on itself: each leg within 40 degrees of the first."""
    main = rng.uniform(0, 360) if azimuth is None else azimuth
    legs = rng.uniform(0.5, 1.0, vertices - 1)
    legs *= length_m / legs.sum()
    points = [walk(*centre, main + 180, length_m / 2)[0]]
    course = main
    for leg in legs:
        x = from_degrees(np.array([points[-1][0]]), np.array([points[-1][1]]))
        q = from_degrees(*walk(points[-1][0], points[-1][1], course, leg).T)
        points.append(np.array(to_degrees(q)).T[0])
        # Carry the direction of travel along, so that a turn is one on the ground and not of the graticule.
        _, _, onward, _ = inverse(x, q)
        course = bearing(q, onward) + rng.uniform(-1, 1) * 40 / max(1, vertices - 2)
    return np.array(points)


def bearing(x, u):
    north, east = north_east(x)
    return float(np.degrees(np.arctan2(dot(u, east), dot(u, north)))[0])


def shape(rng, centre, size_m):
    # Validation refuses a polygon of less than a square metre.
    kind = rng.choice(["P", "L", "Z", "Z", "L"] if size_m >= 20 else ["P", "L"])
    if kind == "P":
        return "P", np.array([centre])
    if kind == "L":
        return "L", line(rng, centre, size_m, int(rng.integers(2, 6)))
    return "Z", polygon(rng, centre, size_m / 2, int(rng.integers(3, 9)), rng.random() < 0.35)


def long_shape(rng, centre, edge_m):
    """With at least one edge of the given length: a line, a triangle or a long quadrilateral."""
    choice = rng.integers(0, 3)
    azimuth = rng.uniform(0, 360)
    if choice == 0:
        ends = walk(*centre, [azimuth, azimuth + 180], edge_m / 2)
        return "L", ends
    if choice == 1:
        # The circle on which an equilateral triangle has edges of this length, and a little more.
        return "Z", polygon_on(centre, edge_m * 1.02 / math.sqrt(3), [azimuth, azimuth + 120, azimuth + 240])
    half = rng.uniform(1, 10)
    return "Z", polygon_on(centre, edge_m / 2 * 1.02, [azimuth - half, azimuth + half, azimuth + 180 - half,
                                                      azimuth + 180 + half])


def polygon_on(centre, reach_m, azimuths):
    return walk(*centre, np.asarray(azimuths) % 360, reach_m)


def place(rng, region, size_m):
    """A centre in the region, such that a shape of this size is likely to take part in what is odd there."""
    if region == "north" or region == "south":
        away = size_m * rng.uniform(0, 0.8) if rng.random() < 0.75 else rng.uniform(0, 400_000)
        sign = 1 if region == "north" else -1
        lat, lon = walk(90.0 * sign, 0.0, rng.uniform(0, 360), away)[0]
        if rng.random() < 0.04:
            return 90.0 * sign, float(rng.uniform(-180, 180))
        return lat, lon
    if region == "antimeridian":
        lat = math.degrees(math.asin(rng.uniform(-0.94, 0.94)))
        lat2, lon2 = walk(lat, 180.0, rng.uniform(0, 360), size_m * rng.uniform(0, 0.6))[0]
        return lat2, lon2
    if region == "levant":
        return rng.uniform(31, 39), rng.uniform(33, 43)
    return math.degrees(math.asin(rng.uniform(-0.97, 0.97))), rng.uniform(-180, 180)


def companion(rng, kind, coordinates, size_m, how):
    """The other core: (kind, coordinates), laid against the first in the way named."""
    first = coordinates[int(rng.integers(0, len(coordinates)))]
    small = min(800_000.0, max(20.0, size_m * 10 ** rng.uniform(-1.5, 0.3)))
    if how == "identical":
        return kind, coordinates.copy()
    if how == "vertex":
        # A line that starts exactly on a vertex of the first.
        far = walk(*first, rng.uniform(0, 360), [small])[0]
        return "L", np.array([first, far])
    if how == "inside":
        centre = coordinates.mean(0) if kind == "P" else middle(coordinates)
        return shape(rng, centre, max(20.0, size_m * 10 ** rng.uniform(-2, -0.6)))
    if how == "abreast" and kind != "P":
        # Runs beside an edge, nearly parallel to it: the nearest points can lie anywhere along it.
        i = int(rng.integers(0, len(coordinates) - (1 if kind == "L" else 0)))
        p, q = coordinates[i], coordinates[(i + 1) % len(coordinates)]
        gap = size_m * 10 ** rng.uniform(-4, -0.3)
        out = []
        for fraction in (rng.uniform(-0.1, 0.4), rng.uniform(0.6, 1.1)):
            base, course = along(p, q, fraction)
            side = 90 if rng.random() < 0.95 else -90
            out.append(walk(*base, course + side, [gap * rng.uniform(0.8, 1.2)])[0])
        # Longer edges than 1 000 km are refused.
        length_m = inverse(from_degrees(*out[0][:, None]), from_degrees(*out[1][:, None]))[0][0] * EQUATORIAL_RADIUS_M
        if length_m > 990_000:
            out[1], _ = along(out[0], out[1], 900_000 / length_m)
        return "L", np.array(out)
    if how == "edge-side" and kind != "P":
        # A place barely to one side of an edge: half of them barely inside a polygon.
        i = int(rng.integers(0, len(coordinates) - (1 if kind == "L" else 0)))
        base, course = along(coordinates[i], coordinates[(i + 1) % len(coordinates)], rng.uniform(0.0, 1.0))
        return "P", walk(*base, course + rng.choice([-90, 90]), [10 ** rng.uniform(-1, 1)])
    if how == "mid-edge" and kind != "P":
        # Sits off the middle of an edge, where a geodesic departs most from any straight line on a chart.
        i = int(rng.integers(0, len(coordinates) - (1 if kind == "L" else 0)))
        base, course = along(coordinates[i], coordinates[(i + 1) % len(coordinates)], rng.uniform(0.3, 0.7))
        offset = small * rng.uniform(0.0, 1.5)
        centre = walk(*base, course + rng.choice([-90, 90]), [offset])[0]
        return shape(rng, centre, small)
    away = (size_m + small) / 2 * rng.uniform(0.0, 2.5)
    centre = walk(*middle(coordinates), rng.uniform(0, 360), [away])[0]
    return shape(rng, centre, small)


def along(p, q, fraction):
    """The point at a fraction of the edge from p to q (beyond its ends too), and the course there."""
    x, y = from_degrees(p[:1], p[1:]), from_degrees(q[:1], q[1:])
    s, u, _, _ = inverse(x, y)
    if fraction < 0:
        u, fraction = -u, -fraction
    z, onward = direct(x, u, s * fraction)
    return np.array(to_degrees(z)).T[0], bearing(z, onward)


def middle(coordinates):
    x = from_degrees(coordinates[:, 0], coordinates[:, 1]).mean(1, keepdims=True)
    return np.array(to_degrees(x)).T[0]


HOWS = ["apart", "mid-edge", "abreast", "inside", "edge-side", "vertex", "identical"]
HOW_WEIGHTS = [0.34, 0.26, 0.20, 0.08, 0.05, 0.045, 0.025]
# Pairs of each (region, scale); scale "300" and "900" ask for edges of about that many kilometres.
PLAN = [("north", "100", 900), ("south", "100", 900), ("antimeridian", "100", 1700), ("levant", "100", 1500),
        ("anywhere", "100", 3400), ("north", "300", 150), ("south", "300", 150), ("antimeridian", "300", 300),
        ("anywhere", "300", 1000), ("anywhere", "900", 350), ("north", "900", 80), ("antimeridian", "900", 80)]


def draw(rng, thin=1):
    """The pairs of the plan, or one in `thin`: (region, scale, how, core A, core B)."""
    for region, scale, count in PLAN:
        for _ in range(count // thin):
            how = str(rng.choice(HOWS, p=HOW_WEIGHTS))
            if scale == "100":
                # Twice in three, sizes that occur; else any.
                size = 10 ** (rng.uniform(1, 4.9) if rng.random() < 0.4 else rng.uniform(3, 4.9))
                kind, a = shape(rng, place(rng, region, size), size)
            else:
                size = float(rng.uniform(302_000, 345_000) if scale == "300" else rng.uniform(500_000, 900_000))
                kind, a = long_shape(rng, place(rng, region, size), size)
            a = rounded(a, rng)
            other, b = companion(rng, kind, a, size, how)
            b = rounded(b, rng) if how != "identical" else a.copy()
            first, second = Core(str(kind), a), Core(str(other), b)
            if rng.random() < 0.5:
                first, second = second, first
            yield region, scale, how, first, second
