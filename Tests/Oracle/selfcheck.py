"""The oracle against truths that are not its own: GeographicLib's published test lines, a plain grid of
distances, and areas that have a closed form."""

import math
import pathlib

import numpy as np

import pairs
from bracket import Core, all_edges, core_brackets
from containment import area_m2, zone
from geodesic import (EQUATORIAL_RADIUS_M, POLAR, direct, dot, from_degrees, heading, inverse, normal)

GRID_SEED = 7


def run(geodtest):
    path = pathlib.Path(geodtest) if geodtest else None
    wrong = 0
    if path is None or not path.exists():
        print("GeodTest lines: no file, skipped")
    else:
        wrong += lines(path)
    return wrong + grid() + octant()


def report(what, worst, limit, unit):
    print(f"{what}: worst {worst:.3g} {unit} (at most {limit:g})")
    return int(not worst <= limit)


def lines(path):
    """Ends, lengths and areas under the lines; the inverse for all that are not nearly antipodal."""
    table = np.loadtxt(path)
    lat1, lon1, azi1, lat2, lon2, _, s12, _, _, area = table.T
    p, q = from_degrees(lat1, lon1), from_degrees(lat2, lon2)
    end, _ = direct(p, heading(p, azi1), s12 / EQUATORIAL_RADIUS_M)
    miss = np.sqrt(dot(end - q, end - q)) * EQUATORIAL_RADIUS_M
    apart = s12 < 1.7e7
    length = inverse(p[:, apart], q[:, apart])[0] * EQUATORIAL_RADIUS_M
    # The quadrature in longitude cannot follow a line that touches the axis; those are a property of this
    # check and not of polygons, whose pieces are short.
    under = [(i, area_under(p[:, i : i + 1], azi1[i], s12[i])) for i in range(len(table))]
    worst_area = max(abs(value - area[i]) for i, value in under if value is not None)
    checked = sum(value is not None for _, value in under)
    off = np.abs(length - s12[apart])
    return (report(f"ends of {len(table)} GeodTest lines", float(miss.max()), 2e-8, "m")
            + report(f"lengths of {int(apart.sum())} GeodTest lines", float(off.max()), 2e-8, "m")
            + report(f"areas under {checked} GeodTest lines", float(worst_area), 5.0, "m2"))


def area_under(p, azimuth, length_m):
    """Between the line, the equator and the meridians of its ends: what GeodTest calls S12. `None` within
    200 km of the axis."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    pieces = max(1, math.ceil(length_m / 10_000))
    h = length_m / EQUATORIAL_RADIUS_M / pieces
    s = ((np.arange(pieces)[:, None] + (nodes[None, :] + 1) / 2) * h).ravel()
    start = np.broadcast_to(p, (3, len(s)))
    x, u = direct(start, heading(start, np.full(len(s), azimuth)), s)
    flat = x[0] ** 2 + x[1] ** 2
    if np.sqrt(flat.min()) * EQUATORIAL_RADIUS_M < 200_000:
        return None
    rate = (x[0] * u[1] - x[1] * u[0]) / flat
    return float(np.sum(zone(normal(x)[2]) * rate * np.tile(weights * h / 2, pieces))) * EQUATORIAL_RADIUS_M**2


def grid():
    """No distance on a grid of points of both cores is below the bracket, and a fine grid comes down to it."""
    rng = np.random.default_rng(GRID_SEED)
    two = [(a, b) for _, _, _, a, b in pairs.draw(rng, thin=90)]
    lo_m, hi_m, _ = core_brackets(two)
    below, above, asked = 0.0, 0.0, 0
    for (a, b), lo, hi in zip(two, lo_m, hi_m):
        if lo == 0.0:
            continue
        edges, first = all_edges([a, b])
        x, step_a = samples(edges, first[0], first[1])
        y, step_b = samples(edges, first[1], first[2])
        i, j = (m.ravel() for m in np.meshgrid(np.arange(x.shape[1]), np.arange(y.shape[1])))
        chord = x[:, i] - y[:, j]
        near = np.argpartition(dot(chord, chord), 200)[:200]
        least = float(inverse(x[:, i[near]], y[:, j[near]])[0].min()) * EQUATORIAL_RADIUS_M
        below = max(below, lo - least)
        # Half a step on each side is all by which the nearest grid points can miss the nearest points.
        above = max(above, least - hi - (step_a + step_b) / 2)
        asked += 1
    return (report(f"grid below the lower bound, {asked} pairs", below, 0.0, "m")
            + report("grid above the upper bound by more than its step", above, 0.0, "m"))


def samples(edges, start, stop):
    count = max(2, 400 // (stop - start))
    index = np.repeat(np.arange(start, stop), count)
    fraction = np.tile(np.linspace(0, 1, count), stop - start)
    step = float(edges.length[start:stop].max()) * EQUATORIAL_RADIUS_M / (count - 1)
    return edges.at(index, fraction * edges.length[index])[0], step


def octant():
    """A ring of meridian and equator edges that together enclose an eighth of the ellipsoid."""
    corners = ([(0.0, lon) for lon in np.arange(0, 90, 7.5)] + [(lat, 90.0) for lat in np.arange(0, 90, 7.5)]
               + [(90.0, 0.0)] + [(lat, 0.0) for lat in np.arange(82.5, 0, -7.5)])
    edges, first = all_edges([Core("Z", corners)])
    area = area_m2(edges, (0, first[1]))
    e = math.sqrt(1 - POLAR**2)
    whole = 2 * math.pi * EQUATORIAL_RADIUS_M**2 * (1 + POLAR**2 / e * math.atanh(e))
    return report("area of an eighth of the ellipsoid", abs(area - whole / 8), 10.0, "m2")
