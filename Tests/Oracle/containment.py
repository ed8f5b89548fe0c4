"""Which side of a polygon a point is on, by the winding of its boundary around the point, and its area.

Seen from the point, each boundary sample has a direction in the tangent plane; the directions' turns add
up to a whole number of revolutions. That number is not zero exactly when the point and its antipode are on
different sides, and the antipode of a point near a polygon that is smaller than a hemisphere is outside.
"""

import math

import numpy as np

from geodesic import EQUATORIAL_RADIUS_M, POLAR, dot, normal, north_east

# Between samples 2 km apart a boundary rises 8 cm over its chord. Seen from a point nearby that rise is
# nearly end-on, so that joining samples by straight lines moves the boundary sideways by millimetres, far
# less than the 1 m by which tested points keep away.
SAMPLE = 2_000 / EQUATORIAL_RADIUS_M


def boundary(edges, rows):
    """Points along the edges rows[0] ..< rows[1], at most SAMPLE apart, in order, each start included."""
    index, length = [], []
    for row in range(*rows):
        pieces = max(1, math.ceil(edges.length[row] / SAMPLE))
        index.append(np.full(pieces, row))
        length.append(np.arange(pieces) * (edges.length[row] / pieces))
    return edges.at(np.concatenate(index), np.concatenate(length))[0]


def inside(core, edges, rows, points):
    """For each column of points, whether it lies inside the polygon; points on the edge are undefined."""
    samples = boundary(edges, rows)
    answers = []
    for k in range(points.shape[1]):
        x = points[:, k : k + 1]
        if np.linalg.norm(samples[:, 0] - x[:, 0]) > 1.2:
            answers.append(False)
            continue
        north, east = north_east(x)
        away = samples - x
        bearing = np.arctan2(dot(away, east), dot(away, north))
        turns = np.diff(np.append(bearing, bearing[0]))
        turns -= 2 * np.pi * np.round(turns / (2 * np.pi))
        answers.append(bool(round(float(np.sum(turns)) / (2 * np.pi)) != 0))
    return answers


ECCENTRICITY = math.sqrt(1 - POLAR**2)


def zone(sine):
    """Area, per radian of longitude, between the equator and the latitude of this sine."""
    e = ECCENTRICITY
    return POLAR**2 / 2 * (sine / (1 - (e * sine) ** 2) + np.arctanh(e * sine) / e)


def polar_cap(n):
    """Area, per radian of longitude, between the northern pole and the latitude of the unit normals n, without
    the cancellation that the difference of two zones has near the pole."""
    deficit = (n[0] ** 2 + n[1] ** 2) / (1 + n[2])
    nodes, weights = np.polynomial.legendre.leggauss(8)
    sine = 1 - deficit[:, None] * (nodes + 1) / 2
    return deficit / 2 * (POLAR**2 / (1 - (ECCENTRICITY * sine) ** 2) ** 2 @ weights)


def area_m2(edges, rows):
    """Area enclosed by a ring within one half of the ellipsoid: the integral along the boundary, over
    longitude, of the zone between the boundary and the nearer pole. The integrand stays smooth at the pole, so that
    Gauss-Legendre quadrature on pieces of at most 20 km serves everywhere."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    total, height = [], 0.0
    for row in range(*rows):
        pieces = max(1, math.ceil(edges.length[row] * EQUATORIAL_RADIUS_M / 20_000))
        h = edges.length[row] / pieces
        s = ((np.arange(pieces)[:, None] + (nodes[None, :] + 1) / 2) * h).ravel()
        x, u = edges.at(np.full(len(s), row), s)
        height += float(x[2].sum())
        total.append((x, u, np.tile(weights * h / 2, pieces)))
    mirror = np.array([1.0, 1.0, 1.0 if height >= 0 else -1.0])[:, None]
    integral = 0.0
    for x, u, weight in total:
        rate = (x[0] * u[1] - x[1] * u[0]) / (x[0] ** 2 + x[1] ** 2)
        integral += float(np.sum(polar_cap(normal(x) * mirror) * rate * weight))
    return abs(integral) * EQUATORIAL_RADIUS_M**2
