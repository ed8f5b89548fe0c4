#!/usr/bin/env python3
"""An independent judge of distances between footprints. It shares no code and no method with Geodesy.

    oracle.py --self-check [GeodTest.dat]   its own geodesics, brackets and areas against other truths
    oracle.py --verify N [--seed S]         N random rows of each committed file are what it says
    oracle.py --generate                    writes pairs.tsv, points.tsv and areas.tsv anew

Needs Python 3.11 and numpy. `--generate` reproduces the files up to the last printed digit, which can
depend on the machine's sine and cosine.
"""

import argparse
import pathlib
import secrets
import sys
import time

import numpy as np

# Nothing is left beside the sources.
sys.dont_write_bytecode = True

import pairs
import polygons
import rows
import selfcheck
from bracket import core_brackets

HERE = pathlib.Path(__file__).resolve().parent
GENERATOR_SEED = 20_241_122
# Two runs of one method on two machines agree far better; the brackets are up to 5 cm wide.
AGREEMENT_M = 0.002


def generate():
    rng = np.random.default_rng(GENERATOR_SEED)
    drawn = list(pairs.draw(rng))
    lo_m, hi_m, _ = core_brackets([(a, b) for _, _, _, a, b in drawn])
    write("pairs.tsv", list(rows.pair_rows(rng, drawn, (lo_m, hi_m))))
    points, areas = polygons.rows(rng)
    write("points.tsv", points)
    write("areas.tsv", areas)


def write(name, lines):
    (HERE / name).write_text("\n".join(lines) + "\n")
    print(f"{name}: {len(lines)} rows")


def read(name):
    return [line.split("\t") for line in (HERE / name).read_text().splitlines()]


def verify(count, seed):
    rng = np.random.default_rng(seed)
    print(f"seed {seed}")
    table = read("pairs.tsv")
    chosen = [table[i] for i in sorted(rng.choice(len(table), min(count, len(table)), replace=False))]
    prints = [(rows.footprint(r[2]), rows.footprint(r[3])) for r in chosen]
    lo_m, hi_m, _ = core_brackets([(a, b) for (a, _), (b, _) in prints])
    wrong, widest = 0, 0.0
    for r, ((_, radius_a), (_, radius_b)), lo, hi in zip(chosen, prints, lo_m, hi_m):
        lo, hi = rows.gap(lo, hi, radius_a + radius_b)
        stated_lo, stated_hi = float(r[5]), float(r[6])
        widest = max(widest, stated_hi - stated_lo)
        if abs(lo - stated_lo) > AGREEMENT_M or abs(hi - stated_hi) > AGREEMENT_M:
            wrong += 1
            print(f"pair {r[0]}: the file says [{stated_lo}, {stated_hi}], the oracle [{lo:.4f}, {hi:.4f}]")
    print(f"{len(chosen)} of {len(table)} pairs, widest bracket {widest:.4f} m, {wrong} wrong")
    wrong += polygons.verify(read("points.tsv"), read("areas.tsv"), count, rng)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--self-check", nargs="?", const="", metavar="GEODTEST")
    parser.add_argument("--verify", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--generate", action="store_true")
    options = parser.parse_args()
    if options.self_check is None and options.verify is None and not options.generate:
        parser.error("nothing to do")
    began, wrong = time.monotonic(), 0
    if options.generate:
        generate()
    if options.self_check is not None:
        wrong += selfcheck.run(options.self_check or None)
    if options.verify is not None:
        wrong += verify(options.verify, secrets.randbelow(2**32) if options.seed is None else options.seed)
    print(f"{time.monotonic() - began:.1f} s, {'all well' if wrong == 0 else f'{wrong} WRONG'}")
    sys.exit(0 if wrong == 0 else 1)


if __name__ == "__main__":
    main()
