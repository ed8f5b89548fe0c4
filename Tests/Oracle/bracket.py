"""Brackets of the distance between the cores of two footprints.

`hi` is the length of a geodesic between a point of one core and a point of the other. `lo` covers every
pair of points by boxes (a piece of an edge of A) x (a piece of an edge of B). On a box, the distance d of
the points at arc lengths s and t has, by the second variation of arc length and the index form's
comparison with constant curvature K = 1/b^2, the largest on the ellipsoid, a Hessian of at least
-m, m = sqrt(K) tan(sqrt(K) d / 2). Hence from any point (s0, t0) of the box, with gradient g,

    d(s, t) >= d0 + g . (s - s0, t - t0) - m/2 ((s - s0)^2 + (t - t0)^2),

and the smallest value of the right side on the box is a lower bound whatever (s0, t0) is; a good (s0, t0)
only makes it sharp. Boxes whose bound is not within WIDTH of the best `hi` are split.
"""

import numpy as np

from geodesic import (CHUNK, EQUATORIAL_RADIUS_M, LARGEST_CURVATURE, Edges, cross, dot, from_degrees, inverse,
                      normal)
from containment import inside

WIDTH_M = 0.002
# The solved lines miss their ends by less than 1e-8 m; brackets are widened by ten times that.
SLOP_M = 1e-7
MISS = 1e-8 / EQUATORIAL_RADIUS_M


class Core:
    """kind P, L or Z (point, line, polygon); coordinates in degrees, one row (latitude, longitude) a vertex."""

    def __init__(self, kind, coordinates):
        self.kind = kind
        self.coordinates = np.asarray(coordinates, float).reshape(-1, 2)
        self.vertices = from_degrees(self.coordinates[:, 0], self.coordinates[:, 1])

    def edges(self):
        v = self.vertices
        if self.kind == "P":
            return v, v
        if self.kind == "L":
            return v[:, :-1], v[:, 1:]
        return v, np.roll(v, -1, axis=1)


def all_edges(cores):
    """The edges of all cores as one table, and for each core the range of its rows."""
    parts = [core.edges() for core in cores]
    first = np.cumsum([0] + [p.shape[1] for p, _ in parts])
    return Edges(np.concatenate([p for p, _ in parts], 1), np.concatenate([q for _, q in parts], 1)), first


def _closest(p0, p1, q0, q1):
    """Fractions along the straight segments p0 p1 and q0 q1 of their closest points."""
    d1, d2, r = p1 - p0, q1 - q0, p0 - q0
    a, e, f = dot(d1, d1), dot(d2, d2), dot(d2, r)
    b, c = dot(d1, d2), dot(d1, r)
    tiny = 1e-300
    s = np.clip((b * f - c * e) / np.maximum(a * e - b * b, 1e-9 * a * e + tiny), 0, 1)
    t = (b * s + f) / np.maximum(e, tiny)
    clamped = np.clip(t, 0, 1)
    s = np.where(t != clamped, np.clip((b * clamped - c) / np.maximum(a, tiny), 0, 1), s)
    return np.where(a > 0, s, 0.0), np.where(e > 0, clamped, 0.0)


def _crosses(edges, a, b, s, t):
    """Whether edges a and b provably cross near (s, t): the ends of a short stretch of each lie on opposite
    sides of the other, by far more than the rounding error. Stretches are so short that a geodesic
    departs from a plane section by less than that."""
    reach = 2.0 / EQUATORIAL_RADIUS_M
    x, u = edges.at(a, s)
    y, v = edges.at(b, t)
    over_b, over_a = cross(normal(y), v), cross(normal(x), u)

    def sides(edge, at, other, across):
        early, _ = edges.at(edge, np.maximum(at - reach, 0.0))
        late, _ = edges.at(edge, np.minimum(at + reach, edges.length[edge]))
        return dot(early - other, across), dot(late - other, across)

    one, two = sides(a, s, y, over_b)
    three, four = sides(b, t, x, over_a)
    clear = 1e-6 / EQUATORIAL_RADIUS_M
    return (one * two < 0) & (three * four < 0) & (np.minimum(np.abs(one), np.abs(two)) > clear) & (
        np.minimum(np.abs(three), np.abs(four)) > clear)


def boundary_brackets(edges, first_a, first_b, count):
    """[lo, hi] between the edge sets of each pair, in radii, and whether a crossing was proven. Rows
    first_a[i] ..< first_a[i + 1] are the edges of A in pair i, likewise B."""
    width = WIDTH_M / EQUATORIAL_RADIUS_M
    boxes = []
    for i in range(count):
        ea = np.arange(first_a[i][0], first_a[i][1])
        eb = np.arange(first_b[i][0], first_b[i][1])
        boxes.append(np.stack([np.full(len(ea) * len(eb), i), np.repeat(ea, len(eb)), np.tile(eb, len(ea))]))
    pair, a, b = np.concatenate(boxes, 1)
    s0, s1 = np.zeros(len(a)), edges.length[a]
    t0, t1 = np.zeros(len(a)), edges.length[b]
    hi, lo = np.full(count, np.inf), np.full(count, np.inf)
    crossing = np.zeros(count, bool)
    evaluations = 0
    for _ in range(60):
        if not len(a):
            break
        bound = np.empty(len(a))
        at_s, at_t, value = np.empty(len(a)), np.empty(len(a)), np.empty(len(a))
        for begin in range(0, len(a), CHUNK):
            k = slice(begin, begin + CHUNK)
            bound[k], value[k], at_s[k], at_t[k] = _box(edges, a[k], b[k], s0[k], s1[k], t0[k], t1[k])
        evaluations += len(a)
        np.minimum.at(hi, pair, value)
        near = np.flatnonzero((value < 2 * width) & ~crossing[pair])
        if len(near):
            touching = _crosses(edges, a[near], b[near], at_s[near], at_t[near])
            crossing[pair[near[touching]]] = True
        done = (bound >= hi[pair] - width) | crossing[pair] | (hi[pair] <= width)
        np.minimum.at(lo, pair[done], np.maximum(bound[done], 0.0))
        rest = np.flatnonzero(~done)
        split_s = (s1[rest] - s0[rest]) * 2 > (t1[rest] - t0[rest])
        split_t = (t1[rest] - t0[rest]) * 2 > (s1[rest] - s0[rest])
        new = []
        for half_s in (0, 1):
            for half_t in (0, 1):
                keep = (split_s | (half_s == 0)) & (split_t | (half_t == 0))
                r, ss, tt = rest[keep], split_s[keep], split_t[keep]
                ms, mt = (s0[r] + s1[r]) / 2, (t0[r] + t1[r]) / 2
                new.append((pair[r], a[r], b[r],
                            np.where(ss & (half_s == 1), ms, s0[r]), np.where(ss & (half_s == 0), ms, s1[r]),
                            np.where(tt & (half_t == 1), mt, t0[r]), np.where(tt & (half_t == 0), mt, t1[r])))
        pair, a, b, s0, s1, t0, t1 = (np.concatenate(column) for column in zip(*new))
    np.minimum.at(lo, pair, 0.0)
    hi = np.where(crossing, 0.0, hi)
    return np.minimum(lo, hi), hi, crossing, evaluations


def _box(edges, a, b, s0, s1, t0, t1):
    p0, p1 = edges.at(a, s0)[0], edges.at(a, s1)[0]
    q0, q1 = edges.at(b, t0)[0], edges.at(b, t1)[0]
    fs, ft = _closest(p0, p1, q0, q1)
    s, t = s0 + fs * (s1 - s0), t0 + ft * (t1 - t0)
    x, u = edges.at(a, s)
    y, v = edges.at(b, t)
    d, onward, arrival, miss = inverse(x, y)
    slack = miss + MISS
    gs, gt = -dot(onward, u), dot(arrival, v)
    below_s, above_s, below_t, above_t = s - s0, s1 - s, t - t0, t1 - t
    wrong = np.minimum(slack / np.maximum(d, 1e-300), 2.0)
    reach_s, reach_t = np.maximum(below_s, above_s), np.maximum(below_t, above_t)
    k = np.sqrt(LARGEST_CURVATURE)
    furthest = d + reach_s + reach_t
    m = k * np.tan(np.minimum(k * furthest / 2, 1.5))
    bound = d + np.minimum(-gs * below_s, gs * above_s) + np.minimum(-gt * below_t, gt * above_t)
    bound -= 0.5 * m * (reach_s**2 + reach_t**2) + wrong * (reach_s + reach_t) + slack
    # Distance is also Lipschitz in each end, and never negative.
    bound = np.maximum(np.maximum(bound, d - reach_s - reach_t - slack), 0.0)
    return bound, d + miss, s, t


def core_brackets(pairs):
    """[lo, hi] in metres of the distance between the cores of each pair, with polygons' interiors."""
    cores = [core for pair in pairs for core in pair]
    edges, first = all_edges(cores)
    spans = [(first[i], first[i + 1]) for i in range(len(cores))]
    lo, hi, crossing, evaluations = boundary_brackets(edges, spans[0::2], spans[1::2], len(pairs))
    lo_m = np.maximum(lo * EQUATORIAL_RADIUS_M - SLOP_M, 0.0)
    hi_m = np.where(crossing, 0.0, hi * EQUATORIAL_RADIUS_M + SLOP_M)
    for i, (one, other) in enumerate(pairs):
        shared = {tuple(row) for row in one.coordinates} & {tuple(row) for row in other.coordinates}
        if shared:
            lo_m[i] = hi_m[i] = 0.0
        # One vertex decides containment where the boundaries are clearly apart; where they are not, the
        # bracket already reaches down to (nearly) zero.
        elif hi_m[i] > 0.05 and ((one.kind == "Z" and inside(one, edges, spans[2 * i], other.vertices[:, :1])[0])
                                 or (other.kind == "Z" and inside(other, edges, spans[2 * i + 1],
                                                                  one.vertices[:, :1])[0])):
            lo_m[i] = hi_m[i] = 0.0
        elif hi_m[i] <= 0.05:
            lo_m[i] = 0.0
    return lo_m, hi_m, evaluations
