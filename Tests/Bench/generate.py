#!/usr/bin/env python3
"""Writes volumes as `parley bench conflicts` reads them: a month of a theatre, the same for the same seed.

    generate.py 100000 1 > volumes.csv        generate.py --minima > minima.json
    generate.py 10000 1 --case crowd          what an index likes least; CASES says which there are

Columns: id, cls, shape, t0, t1, alt_lo, alt_hi, param, wkt. Times are Unix seconds, closed; altitudes metres, closed;
the WKT is the footprint in degrees, its edges geodesics. Six classes, whose pairs have minima of their own.
"""

import argparse
import json
import math
import random
import sys

# Share, lowest and highest floor in metres, usual thickness in metres.
CLASSES = [
    (20, 1_500, 11_000, 1_200),  # fast jet
    (18, 0, 2_500, 400),  # helicopter
    (30, 0, 5_000, 500),  # unmanned aircraft
    (12, 0, 0, 6_000),  # fires: from the ground up
    (12, 0, 0, 60),  # convoy
    (8, 0, 3_000, 600),  # humanitarian corridor
]
MINIMA = {
    "horizontal_m": [
        [9_300, 5_000, 5_000, 3_000, 1_000, 3_000], [5_000, 3_000, 2_000, 3_000, 500, 1_000],
        [5_000, 2_000, 1_000, 2_000, 300, 500], [3_000, 3_000, 2_000, 0, 2_000, 5_000],
        [1_000, 500, 300, 2_000, 200, 500], [3_000, 1_000, 500, 5_000, 500, 0]],
    "vertical_m": [
        [300, 300, 300, 300, 150, 300], [300, 150, 150, 300, 50, 150], [300, 150, 100, 300, 50, 150],
        [300, 300, 300, 0, 100, 300], [150, 50, 50, 100, 0, 0], [300, 150, 150, 300, 0, 0]],
    "time_s": [[0] * 6] * 6,
}
BEGIN, MONTH = 1_767_225_600, 31 * 86_400
WEST, EAST, SOUTH, NORTH = 35.7, 42.4, 32.3, 37.3
EARTH_M = 6_371_008.8


def lognormal(r, middle, spread, least, most):
    return min(max(r.lognormvariate(math.log(middle), spread), least), most)


def circle(r):
    radius = lognormal(r, 3_000, 0.8, 200, 25_000)
    return [(radius * math.cos(a), radius * math.sin(a)) for a in (2 * math.pi * k / 24 for k in range(24))]


def polygon(r):
    """Star-shaped, often not convex: one vertex in each sector."""
    count, radius = r.randint(4, 12), lognormal(r, 5_000, 0.7, 300, 30_000)
    ring = []
    for k in range(count):
        a, reach = 2 * math.pi * (k + r.uniform(0.1, 0.9)) / count, radius * r.uniform(0.4, 1)
        ring.append((reach * math.cos(a), reach * math.sin(a)))
    return ring


def corridor(r, half):
    """Legs of some kilometres that turn by at most half a radian, with square ends."""
    heading, line = r.uniform(0, 2 * math.pi), [(0.0, 0.0)]
    for _ in range(r.randint(1, 5)):
        leg = max(r.lognormvariate(math.log(15_000), 0.6), 4 * half)
        line.append((line[-1][0] + leg * math.cos(heading), line[-1][1] + leg * math.sin(heading)))
        heading += r.uniform(-0.5, 0.5)
    legs = [math.atan2(b[1] - a[1], b[0] - a[0]) for a, b in zip(line, line[1:])]
    left, right = [], []
    for k, (x, y) in enumerate(line):
        before, after = legs[max(k - 1, 0)], legs[min(k, len(legs) - 1)]
        turn = (after - before + math.pi) % (2 * math.pi) - math.pi
        along, width = before + turn / 2, half / math.cos(turn / 2)
        beyond = -half if k == 0 else half if k == len(line) - 1 else 0
        x, y = x + beyond * math.cos(along), y + beyond * math.sin(along)
        left.append((x - width * math.sin(along), y + width * math.cos(along)))
        right.append((x + width * math.sin(along), y - width * math.cos(along)))
    return left + right[::-1]


def many(r):
    """A thousand vertices, as many as a notice may have, on a ragged ring."""
    radius = lognormal(r, 5_000, 0.7, 300, 30_000)
    ring = [(2 * math.pi * k / 1_000, radius * r.uniform(0.97, 1)) for k in range(1_000)]
    return [(reach * math.cos(a), reach * math.sin(a)) for a, reach in ring]


# What an index likes least: where a volume lies, how long it lasts, and its shape.
CASES = {
    # All within 2 km and one hour, at one height.
    "crowd": {"where": lambda r: (38.0 + r.uniform(-0.01, 0.01), 35.0 + r.uniform(-0.01, 0.01)), "lasts": 3_600, "within": 0},
    "vertices": {"shape": many, "within": 86_400},
    "pole": {"where": lambda r: (r.uniform(-180, 180), r.uniform(88.5, 89.99))},
    "antimeridian": {"where": lambda r: (r.uniform(179.5, 180.5), r.uniform(-18, -13))},
    # Standing presence: each lasts the whole month.
    "month": {"lasts": MONTH, "within": 0},
}


def within(longitude):
    return (longitude + 180) % 360 - 180


def special(r, number, case):
    given = CASES[case]
    kind = r.choices(range(6), [share for share, *_ in CLASSES])[0]
    _, lowest, highest, thickness = CLASSES[kind]
    lasts = given.get("lasts", lognormal(r, 7_200, 0.9, 900, 2 * 86_400))
    begins = BEGIN + r.uniform(0, given.get("within", MONTH - lasts))
    low = 100.0 if case == "crowd" else r.uniform(lowest, highest)
    longitude, latitude = given.get("where", lambda r: (r.uniform(WEST, EAST), r.uniform(SOUTH, NORTH)))(r)
    ring = given.get("shape", polygon)(r)
    places = []
    for x, y in ring:
        # By the azimuth and the distance from the middle: at a pole there are no small differences of longitude.
        away, turn = math.hypot(x, y) / EARTH_M, math.atan2(x, y)
        phi = math.radians(latitude)
        to = math.asin(math.sin(phi) * math.cos(away) + math.cos(phi) * math.sin(away) * math.cos(turn))
        across = math.atan2(
            math.sin(turn) * math.sin(away) * math.cos(phi), math.cos(away) - math.sin(phi) * math.sin(to))
        places.append((within(longitude + math.degrees(across)), math.degrees(to)))
    text = ",".join(f"{x:.7f} {y:.7f}" for x, y in [*places, places[0]])
    high = low + thickness * r.uniform(0.3, 1.7)
    return f'{number},{kind},P,{begins:.0f},{begins + lasts:.0f},{low:.1f},{high:.1f},,"POLYGON(({text}))"'


def volume(r, number):
    kind = r.choices(range(6), [share for share, *_ in CLASSES])[0]
    _, lowest, highest, thickness = CLASSES[kind]
    lasts = lognormal(r, 7_200, 0.9, 900, 2 * 86_400)
    begins = BEGIN + r.uniform(0, MONTH - lasts)
    low = r.uniform(lowest, highest)
    high = low + thickness * r.uniform(0.3, 1.7)
    longitude, latitude = r.uniform(WEST, EAST), r.uniform(SOUTH, NORTH)
    shape = r.choices("PCK", [10, 10, 80] if kind in (4, 5) else [40, 30, 30])[0]
    half = r.uniform(50, 300) if kind == 4 else r.uniform(150, 2_500)
    ring = {"P": polygon, "C": circle, "K": lambda r: corridor(r, half)}[shape](r)
    scale = math.degrees(1 / EARTH_M)
    places = [(longitude + x * scale / math.cos(math.radians(latitude)), latitude + y * scale) for x, y in ring]
    text = ",".join(f"{x:.7f} {y:.7f}" for x, y in [*places, places[0]])
    return f'{number},{kind},{shape},{begins:.0f},{begins + lasts:.0f},{low:.1f},{high:.1f},,"POLYGON(({text}))"'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?")
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("first", type=int, nargs="?", default=0, help="the first id")
    parser.add_argument("--case", choices=list(CASES), help="a worst case instead of a theatre")
    parser.add_argument("--minima", action="store_true", help="the minima, in JSON, and nothing else")
    given = parser.parse_args()
    if given.minima:
        print(json.dumps(MINIMA))
        return
    if given.count is None:
        parser.error("how many?")
    r = random.Random(given.seed)
    print("id,cls,shape,t0,t1,alt_lo,alt_hi,param,wkt")
    for number in range(given.first, given.first + given.count):
        sys.stdout.write((special(r, number, given.case) if given.case else volume(r, number)) + "\n")


if __name__ == "__main__":
    main()
