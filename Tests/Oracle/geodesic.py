"""Geodesics on the WGS 84 ellipsoid, worked out in Cartesian coordinates.

The method has nothing in common with the auxiliary-sphere series of PROJ and GeographicLib: a geodesic is
the solution of x'' = -mu A x on x.Ax = 1 with A = diag(1, 1, 1/(1-f)^2), the equatorial radius being one.
Joachimsthal's integral, |Ax|^2 (x'.Ax') = J, gives mu = J / |Ax|^4, so that the Taylor coefficients of x
follow from a recursion without a differentiation. Poles and the antimeridian are points like any other.
The inverse problem is solved by shooting, until the end is hit to a few nanometres.

Vectors are arrays of shape (3, n); lengths are in units of the equatorial radius unless named `_m`.
"""

import math

import numpy as np

EQUATORIAL_RADIUS_M = 6378137.0
FLATTENING = 1 / 298.257223563
POLAR = 1 - FLATTENING
SHAPE = np.array([1.0, 1.0, 1 / POLAR**2])[:, None]
# The Gaussian curvature of an oblate ellipsoid is largest on the equator, where it is 1/b^2.
LARGEST_CURVATURE = 1 / POLAR**2
LONGEST_STEP = 0.32
CHUNK = 8192


def dot(x, y):
    return x[0] * y[0] + x[1] * y[1] + x[2] * y[2]


def cross(x, y):
    return np.stack([x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]])


def unit(x):
    return x / np.sqrt(dot(x, x))


def normal(x):
    """Outward unit normal of the ellipsoid at x."""
    return unit(SHAPE * x)


def onto_surface(x):
    return x / np.sqrt(dot(x, SHAPE * x))


def from_degrees(latitude_deg, longitude_deg):
    lat, lon = np.radians(latitude_deg), np.radians(longitude_deg)
    # Reduced latitude, by its tangent; exact at the poles because the sine there is exactly one.
    s, c = np.sin(lat) * POLAR, np.cos(lat)
    c = np.where(np.abs(latitude_deg) == 90, 0.0, c)
    h = np.hypot(s, c)
    return np.stack([c / h * np.cos(lon), c / h * np.sin(lon), POLAR * s / h])


def to_degrees(x):
    lat = np.degrees(np.arctan2(x[2] / POLAR**2, np.hypot(x[0], x[1])))
    return lat, np.degrees(np.arctan2(x[1], x[0]))


def north_east(x):
    """Unit tangents at x towards north and east; at a pole, as if on the meridian of longitude atan2(y, x)."""
    lon = np.arctan2(x[1], x[0])
    east = np.stack([-np.sin(lon), np.cos(lon), np.zeros_like(lon)])
    return cross(normal(x), east), east


def heading(x, azimuth_deg):
    north, east = north_east(x)
    a = np.radians(azimuth_deg)
    return np.cos(a) * north + np.sin(a) * east


def order_for(s_largest):
    """Smallest order whose first dropped term is below 1e-18, a hundredth of a rounding error."""
    n, term = 2, s_largest**3 / 6
    while term > 1e-18:
        n += 1
        term *= s_largest / (n + 1)
    return n


def taylor(x, u, order):
    """Coefficients, shape (order + 1, 3, n), of the geodesic that leaves x in the unit direction u."""
    c = np.zeros((order + 1,) + x.shape)
    g = np.zeros_like(c)
    w = np.zeros((order + 1, x.shape[1]))
    y = np.zeros_like(w)
    c[0], c[1] = x, u
    g[0], g[1] = SHAPE * x, SHAPE * u
    w[0] = dot(g[0], g[0])
    y[0] = w[0] ** -2
    j = w[0] * dot(u, g[1])
    for k in range(order - 1):
        if k:
            w[k] = sum(dot(g[i], g[k - i]) for i in range(k + 1))
            y[k] = sum((-2 * i - (k - i)) * w[i] * y[k - i] for i in range(1, k + 1)) / (k * w[0])
        acc = sum(y[i] * g[k - i] for i in range(k + 1))
        c[k + 2] = -j / ((k + 1) * (k + 2)) * acc
        g[k + 2] = SHAPE * c[k + 2]
    return c


def evaluate(c, s):
    """Point and unit tangent at arc length s of Taylor coefficients c."""
    x, t = c[-1].copy(), np.zeros_like(c[-1])
    for k in range(len(c) - 2, -1, -1):
        t = t * s + x
        x = x * s + c[k]
    return x, t


def _step(x, u, s):
    point, tangent = evaluate(taylor(x, u, order_for(float(np.max(s, initial=1e-3)))), s)
    return onto_surface(point), tangent


def direct(x, u, s):
    """Follow the geodesic from x in unit direction u over length s >= 0: the end and the tangent there."""
    steps = max(1, math.ceil(float(np.max(s, initial=0.0)) / LONGEST_STEP))
    for _ in range(steps):
        x, u = _step(x, u, s / steps)
        n = normal(x)
        u = unit(u - dot(u, n) * n)
    return x, u


def _inverse(p, q):
    n = normal(p)
    c = q - p
    chord = np.sqrt(dot(c, c))
    u = c - dot(c, n) * n
    length = np.sqrt(dot(u, u))
    flat = length < 1e-300
    u = np.where(flat, north_east(p)[0], u / np.where(flat, 1.0, length))
    s = 2 * np.arcsin(np.minimum(chord / 2, 1.0))
    residual = chord
    for _ in range(12):
        x, t = direct(p, u, s)
        r = q - x
        residual = np.sqrt(dot(r, r))
        if np.max(residual, initial=0.0) < 4e-16:
            break
        side = cross(normal(x), t)
        turn = dot(r, side) / np.maximum(np.sin(np.minimum(s, 3.0)), 1e-300)
        turn = np.where(s > 1e-15, np.clip(turn, -0.5, 0.5), 0.0)
        s = np.maximum(s + dot(r, t), 0.0)
        u = u + turn * cross(n, u)
        u = unit(u - dot(u, n) * n)
        if np.max(residual, initial=0.0) < 2e-9:
            # The steps contract at least a hundredfold: what is left lies below rounding.
            x, t = direct(p, u, s)
            r = q - x
            residual = np.sqrt(dot(r, r))
            break
    return s, u, t, residual


def inverse(p, q):
    """Length, direction at p, direction at q (both onwards, p to q) and the miss at q. For lines that are
    not nearly antipodal; where p equals q the directions mean nothing."""
    count = p.shape[1]
    s, miss = np.empty(count), np.empty(count)
    u, t = np.empty_like(p), np.empty_like(p)
    # Sorted by length, so that a chunk of short lines needs few Taylor terms.
    c = q - p
    order = np.argsort(dot(c, c), kind="stable")
    for start in range(0, count, CHUNK):
        part = order[start : start + CHUNK]
        s[part], u[:, part], t[:, part], miss[part] = _inverse(p[:, part], q[:, part])
    return s, u, t, miss


class Edges:
    """Many geodesic edges, each from p to q, ready to be evaluated anywhere along their length."""

    ORDER = 12

    def __init__(self, p, q):
        self.length, u, _, miss = inverse(p, q)
        assert np.max(miss, initial=0.0) < 1e-14, "an edge was not solved"
        assert np.max(self.length, initial=0.0) < LONGEST_STEP, "an edge is too long for one expansion"
        self.coefficients = np.ascontiguousarray(np.moveaxis(taylor(p, u, self.ORDER), 2, 0))

    def at(self, index, s):
        """Point and unit tangent at length s along the edges named by index."""
        return evaluate(np.moveaxis(self.coefficients[index], 0, 2), s)
