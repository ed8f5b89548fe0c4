"""Reads volumes and minima in the forms of `parley bench conflicts`, for the programs beside it."""

import csv
import json

import numpy as np

EARTH_M = 6_371_000.0
csv.field_size_limit(1 << 30)


class Volumes:
    """One row a volume: ids, classes, start and end in seconds, low and high in metres, rings in degrees."""

    def __init__(self, path, most=None):
        ids, classes, times, heights, rings, texts = [], [], [], [], [], []
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                if most is not None and len(ids) >= most:
                    break
                ids.append(int(row["id"]))
                classes.append(int(row["cls"]))
                times.append((int(row["t0"]), int(row["t1"])))
                heights.append((float(row["alt_lo"]), float(row["alt_hi"])))
                texts.append(row["wkt"])
                rings.append(np.array([p.split() for p in row["wkt"][9:-2].split(",")], float)[:-1])
        self.ids = np.array(ids)
        self.classes = np.array(classes)
        self.times = np.array(times)
        self.heights = np.array(heights)
        self.rings = rings
        self.texts = texts

    def __len__(self):
        return len(self.ids)

    def caps(self):
        """For every volume a place and how far its ring reaches from it, on a sphere and rounded up by one per cent."""
        centres = np.array([r.mean(0) for r in self.rings])
        reach = np.array([distance_m(c, r).max() for c, r in zip(centres, self.rings)])
        return centres, reach * 1.01


def distance_m(one, other):
    """Between places (longitude, latitude) in degrees, on a sphere."""
    a, b = np.radians(one), np.radians(other)
    half = (np.sin((b[..., 1] - a[..., 1]) / 2) ** 2
            + np.cos(a[..., 1]) * np.cos(b[..., 1]) * np.sin((b[..., 0] - a[..., 0]) / 2) ** 2)
    return 2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(1, half)))


class Minima:
    """Square tables by class; a height of `null` separates nothing."""

    def __init__(self, path):
        table = json.loads(open(path).read())
        self.horizontal_m = np.array(table["horizontal_m"], float)
        self.vertical_m = np.array([[np.inf if v is None else v for v in row] for row in table["vertical_m"]], float)
        self.time_s = np.array(table["time_s"], float)


def read_hits(path):
    return {tuple(map(int, line.split(","))) for line in open(path) if line.strip()}
