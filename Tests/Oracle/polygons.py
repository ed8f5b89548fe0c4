"""Rows of `points.tsv` (a polygon, a place, whether it lies inside) and `areas.tsv` (a polygon, its area).

`points.tsv`, tab-separated: id, polygon, latitude, longitude, 1 inside or 0 outside, least distance to the
boundary in metres. `areas.tsv`: id, polygon, square metres. Polygons are written as in `pairs.tsv`.
"""

import numpy as np

import pairs
from bracket import Core, all_edges, boundary_brackets
from containment import area_m2, inside
from geodesic import EQUATORIAL_RADIUS_M, from_degrees
from rows import footprint, footprint_text, number

POLYGONS = 60
POINTS_EACH = 20
# Places nearer to the boundary than this are not asked about.
CLEAR_M = 1.0


def draw(rng):
    regions = ["north", "south", "antimeridian", "levant", "anywhere", "anywhere"]
    for i in range(POLYGONS):
        region = regions[i % len(regions)]
        if i % 5 == 4:
            kind = "L"
            while kind != "Z":
                size = float(rng.uniform(200_000, 900_000))
                kind, ring = pairs.long_shape(rng, pairs.place(rng, region, size), size)
        else:
            size = 10 ** rng.uniform(2, 5)
            ring = pairs.polygon(rng, pairs.place(rng, region, size), size / 2, int(rng.integers(3, 12)), i % 3 == 0)
        yield Core("Z", pairs.rounded(ring, rng)), size


def judge(polygon, places):
    """For each place whether it is inside, and its least distance from the boundary in metres."""
    dots = [Core("P", place) for place in places]
    edges, first = all_edges([polygon] + dots)
    ring = (first[0], first[1])
    spans = [(first[i + 1], first[i + 2]) for i in range(len(dots))]
    lo, _, _, _ = boundary_brackets(edges, [ring] * len(dots), spans, len(dots))
    columns = from_degrees(np.array([p[0] for p in places]), np.array([p[1] for p in places]))
    return inside(polygon, edges, ring, columns), lo * EQUATORIAL_RADIUS_M


def area_of(polygon):
    edges, first = all_edges([polygon])
    return area_m2(edges, (first[0], first[1]))


def rows(rng):
    points, areas = [], []
    for i, (polygon, size) in enumerate(draw(rng)):
        areas.append("\t".join([str(i), footprint_text(polygon, 0.0), f"{area_of(polygon):.4f}"]))
        places = []
        for k in range(POINTS_EACH):
            if k % 2:
                # Just beside an edge: anywhere along it, metres to a twentieth of its size away.
                j = int(rng.integers(0, len(polygon.coordinates)))
                base, course = pairs.along(polygon.coordinates[j - 1], polygon.coordinates[j], rng.uniform(0, 1))
                away = 1.5 * (size / 30) ** rng.uniform(0, 1)
                places.append(pairs.walk(*base, course + rng.choice([-90, 90]), [away])[0])
            else:
                centre = pairs.middle(polygon.coordinates)
                places.append(pairs.walk(*centre, rng.uniform(0, 360), [size * rng.uniform(0, 0.8)])[0])
        places = [pairs.rounded(p, rng)[0] for p in places]
        for place, within, clear in zip(places, *judge(polygon, places)):
            if clear > CLEAR_M:
                points.append("\t".join([str(len(points)), footprint_text(polygon, 0.0), number(place[0], 7),
                                         number(place[1], 7), str(int(within)), number(clear, 2)]))
    return points, areas


def verify(points, areas, count, rng):
    wrong = 0
    asked = [points[i] for i in sorted(rng.choice(len(points), min(count, len(points)), replace=False))]
    for text in sorted({row[1] for row in asked}):
        group = [row for row in asked if row[1] == text]
        places = [np.array([float(row[2]), float(row[3])]) for row in group]
        for row, within, clear in zip(group, *judge(footprint(text)[0], places)):
            if within != (row[4] == "1") or clear < CLEAR_M:
                wrong += 1
                print(f"point {row[0]}: the file says {row[4]}, the oracle {int(within)} at {clear:.2f} m")
    for row in areas:
        area = area_of(footprint(row[1])[0])
        if abs(area - float(row[2])) > 1e-3 + 1e-9 * area:
            wrong += 1
            print(f"area {row[0]}: the file says {row[2]}, the oracle {area:.4f}")
    print(f"{len(asked)} of {len(points)} points, {len(areas)} areas, {wrong} wrong")
    return wrong
