#!/usr/bin/env python3
"""Holds the hits of `parley bench conflicts --hits` to the independent oracle of Tests/Oracle.

    conflicts_oracle.py --volumes V.csv --queries Q.csv --minima M.json --hits HITS.csv [--most N] [--epsilon 1]

Every pair of which the windows and bands come within their minima, and the places on a sphere within reach, is
measured by brackets of the true geodesic distance. No hit may be missing where the distance is certainly at most the
minimum, and none may be there where it is certainly more than the minimum and the epsilon. Exits with 1 otherwise.
"""

import argparse
import pathlib
import sys

import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Oracle"))

from bracket import Core, core_brackets
from volumes import Minima, Volumes, distance_m, read_hits

PAIRS_AT_ONCE = 500


def candidates(volumes, queries, minima):
    centres, reach = volumes.caps()
    places, reaches = queries.caps()
    for q in range(len(queries)):
        kind = queries.classes[q]
        h = minima.horizontal_m[kind][volumes.classes]
        v = minima.vertical_m[kind][volumes.classes]
        t = minima.time_s[kind][volumes.classes]
        near = (volumes.times[:, 0] - t <= queries.times[q, 1]) & (queries.times[q, 0] - t <= volumes.times[:, 1])
        near &= (volumes.heights[:, 0] - queries.heights[q, 1] <= v + 1e-6)
        near &= (queries.heights[q, 0] - volumes.heights[:, 1] <= v + 1e-6)
        rows = np.flatnonzero(near)
        apart = distance_m(places[q], centres[rows])
        for row in rows[apart * 0.99 <= reach[rows] + reaches[q] + h[rows] + 1]:
            yield q, row, h[row]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("volumes", "queries", "minima", "hits"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--most", type=int, help="look at the first so many queries only")
    parser.add_argument("--epsilon", type=float, default=1.0, help="metres")
    given = parser.parse_args()
    volumes, queries = Volumes(given.volumes), Volumes(given.queries, given.most)
    minima = Minima(given.minima)
    asked = set(queries.ids.tolist())
    hits = {hit for hit in read_hits(given.hits) if hit[0] in asked}

    cores = {}

    def core(source, i):
        key = id(source), i
        if key not in cores:
            cores[key] = Core("Z", source.rings[i][:, ::-1])
        return cores[key]

    pairs = list(candidates(volumes, queries, minima))
    missed, invented, conflicts, close = [], [], 0, 0
    seen = set()
    for begin in range(0, len(pairs), PAIRS_AT_ONCE):
        part = pairs[begin:begin + PAIRS_AT_ONCE]
        lo, hi, _ = core_brackets([(core(queries, q), core(volumes, v)) for q, v, _ in part])
        for (q, v, limit), low, high in zip(part, lo, hi):
            pair = int(queries.ids[q]), int(volumes.ids[v])
            seen.add(pair)
            conflicts += high <= limit
            close += abs(low - limit) <= given.epsilon and high > 0
            if high <= limit and pair not in hits:
                missed.append((pair, low, high, limit))
            if low > limit + given.epsilon and pair in hits:
                invented.append((pair, low, high, limit))
    stray = sorted(hits - seen)
    print(f"{len(volumes)} volumes, {len(queries)} queries: {len(pairs)} pairs measured, {conflicts} certain "
          f"conflicts, {close} within {given.epsilon} m of the minimum, {len(hits)} hits; "
          f"missed {len(missed)}, invented {len(invented) + len(stray)}")
    for what, rows in (("missed", missed), ("invented", invented), ("far from any conflict", stray)):
        for row in rows[:20]:
            print(what, row)
    sys.exit(1 if missed or invented or stray else 0)


if __name__ == "__main__":
    main()
