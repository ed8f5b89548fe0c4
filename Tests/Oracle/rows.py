"""Rows of the committed files: choosing radii and minima around a measured distance, and text in and out.

A row of `pairs.tsv`, tab-separated: id, kind of place and size, A, B, H in metres, lo and hi in metres.
A footprint is `kind radius lat lon lat lon ...`, kind P (point), L (line) or Z (polygon), radius in metres.
[lo, hi] brackets max(0, distance of the cores - both radii).
"""

import math

import numpy as np

from bracket import Core
from geodesic import EQUATORIAL_RADIUS_M, inverse

USUAL_MINIMA_M = [0, 0, 100, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000]
LARGEST_M = 1_000_000.0
# Decimals of every length that is written down.
TENTH_OF_MM = 1e-4


def number(value, decimals):
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def down(value):
    return math.floor(value / TENTH_OF_MM) * TENTH_OF_MM


def up(value):
    return math.ceil(value / TENTH_OF_MM) * TENTH_OF_MM


def gap(lo_m, hi_m, radii_m):
    """Bracket of the distance of footprints from that of their cores, rounded outward."""
    return max(0.0, down(lo_m - radii_m)), max(0.0, up(hi_m - radii_m))


def offset(rng):
    """How far a pair stands from its threshold, metres; negative means closer than the minimum."""
    draw = rng.random()
    sign = -1 if rng.random() < 0.55 else 1
    if draw < 0.15:
        return -0.0
    if draw < 0.40:
        return sign * 10 ** rng.uniform(-2, 0)
    return sign * rng.uniform(1.02, 9.9)


def radii_and_minimum(rng, lo_m, hi_m, scale, how):
    """(radius of A, radius of B, H), in metres."""
    if how == "edge-side" and hi_m == 0.0:
        # Barely inside: with the smallest minima, or whoever takes it for outside is right by luck.
        return 0.0, 0.0, float(rng.choice([0.0, 0.0, 0.5, 2.0]))
    largest = 60_000 if scale == "100" else 300_000
    if 0.0 < hi_m < LARGEST_M and rng.random() < 0.62:
        shift = offset(rng)
        # Closer: the whole bracket is. Farther: the whole bracket is farther than H plus the shift.
        anchor = hi_m if shift <= 0 else lo_m
        room = max(0.0, anchor - shift)
        if rng.random() < 0.5:
            return 0.0, 0.0, up(room) if shift <= 0 else down(room)
        minimum = float(rng.choice(USUAL_MINIMA_M))
        if minimum > room:
            minimum = 0.0
        total = room - minimum
        if total > 2 * largest:
            minimum, total = min(LARGEST_M, room - largest), largest
        share = rng.choice([0.0, 1.0, rng.uniform(0.05, 0.95)])
        first = round(total * share, 3)
        second = round(total - first, 3)
        rest = room - first - second
        return first, second, max(0.0, up(rest) if shift <= 0 else down(rest))

    # Radii that leave a gap more often than not, where there is one to leave.
    most = min(largest, max(100.0, lo_m))

    def some():
        return 0.0 if rng.random() < 0.5 else round(float(10 ** rng.uniform(1, math.log10(most))), 3)

    first, second = some(), some()
    distance = gap(lo_m, hi_m, first + second)[0]
    if rng.random() < 0.4 or distance == 0.0:
        return first, second, float(rng.choice(USUAL_MINIMA_M))
    return first, second, min(LARGEST_M, round(distance * rng.uniform(0.0, 1.3), 1))


def extent_m(core):
    """Largest distance between two vertices."""
    n = core.vertices.shape[1]
    i, j = np.triu_indices(n, 1)
    if not len(i):
        return 0.0
    return float(inverse(core.vertices[:, i], core.vertices[:, j])[0].max() * EQUATORIAL_RADIUS_M)


def footprint_text(core, radius_m):
    places = " ".join(f"{number(lat, 7)} {number(lon, 7)}" for lat, lon in core.coordinates)
    return f"{core.kind} {number(radius_m, 4)} {places}"


def footprint(text):
    kind, radius, *rest = text.split(" ")
    return Core(kind, np.array([float(v) for v in rest])), float(radius)


def size_class(cores, radii_m):
    """`short` when nothing of either footprint is farther than 100 km from anything of it; else `long`."""
    return "short" if all(extent_m(c) + 2 * r <= 100_000 for c, r in zip(cores, radii_m)) else "long"


def pair_rows(rng, drawn, brackets):
    lo_m, hi_m = brackets
    for i, (region, scale, how, first, second) in enumerate(drawn):
        radius_a, radius_b, minimum = radii_and_minimum(rng, lo_m[i], hi_m[i], scale, how)
        lo, hi = gap(lo_m[i], hi_m[i], radius_a + radius_b)
        kind = f"{region}/{scale}/{how}/{size_class((first, second), (radius_a, radius_b))}"
        yield "\t".join([str(i), kind, footprint_text(first, radius_a), footprint_text(second, radius_b),
                         number(minimum, 4), number(lo, 4), number(hi, 4)])
