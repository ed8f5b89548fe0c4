#!/usr/bin/env python3
"""Conflict queries beside PostGIS and SQLite's R*Tree with shapely: the same files, the same run, the ratios.

    conflicts_peers.py --parley "parley bench conflicts" --volumes V.csv --queries Q.csv --minima M.json [--most N]

Needs Debian's postgresql-15-postgis-3 and psql, and from PyPI numpy and shapely (SQLite's R*Tree is Python's own). A
peer that is not to be had is left out, and said so. Equal hits first: what a peer finds or lacks beside Parley has to
lie within its tolerance of the minimum by the distance that it measured. Times are one client's, one query after the
other, the second of two passes; PostGIS's are those that the server states for the execution alone.
"""

import argparse
import json
import os
import pathlib
import pwd
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

import numpy as np

sys.dont_write_bytecode = True

from volumes import Minima, Volumes, read_hits

# What the peers' distances may be off by near the minimum, in metres: geographies are exact to the millimetre but
# measure edges by steps, the plane around each query is not exact at all.
TOLERANCE_M = {"PostGIS": 1.0, "SQLite R*Tree + shapely": 30.0}


def quantiles(times_us):
    p50, p95, p99 = np.percentile(times_us, [50, 95, 99])
    return {"p50Us": p50, "p95Us": p95, "p99Us": p99, "maxUs": max(times_us)}


def parley(command, given, folder):
    hits = folder / "hits.csv"
    done = subprocess.run([*shlex.split(command), "--volumes", given.volumes, "--queries", given.queries, "--minima",
                           given.minima, "--hits", str(hits), "--threads", "2"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command}: {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout), read_hits(hits)


class Rtree:
    name = "SQLite R*Tree + shapely"

    def __init__(self, volumes, minima):
        import shapely
        self.shapely, self.volumes, self.minima = shapely, volumes, minima
        self.store = sqlite3.connect(":memory:")
        self.store.execute("CREATE VIRTUAL TABLE box USING rtree(id, x0, x1, y0, y1, z0, z1, t0, t1)")
        # Coordinates are single precision there: seconds count from the start of the data.
        self.origin = int(volumes.times.min())
        rows = ((i, *map(float, (r[:, 0].min(), r[:, 0].max(), r[:, 1].min(), r[:, 1].max(), *volumes.heights[i],
                                 *(volumes.times[i] - self.origin)))) for i, r in enumerate(volumes.rings))
        self.store.executemany("INSERT INTO box VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        self.store.commit()

    def settings(self):
        return f"SQLite {sqlite3.sqlite_version} in memory, shapely {self.shapely.__version__}"

    def ask(self, queries, q):
        """Rows within the minima, each with its distance: on a plane around the query's middle."""
        shapely, volumes, minima = self.shapely, self.volumes, self.minima
        ring, kind = queries.rings[q], queries.classes[q]
        middle = ring.mean(0)
        scale = 111_194.9 * np.array([np.cos(np.radians(middle[1])), 1])
        h, v, t = (m[kind].max() for m in (minima.horizontal_m, minima.vertical_m, minima.time_s))
        east, north = h * 1.02 / scale
        begin, end = queries.times[q] - self.origin
        low, high = queries.heights[q]
        box = (float(ring[:, 0].max() + east), float(ring[:, 0].min() - east), float(ring[:, 1].max() + north),
               float(ring[:, 1].min() - north), float(high + v), float(low - v), float(end + t), float(begin - t))
        found = self.store.execute(
            "SELECT id FROM box WHERE x0 <= ? AND x1 >= ? AND y0 <= ? AND y1 >= ? AND z0 <= ? AND z1 >= ?"
            " AND t0 <= ? AND t1 >= ?", box).fetchall()
        mine = shapely.Polygon((ring - middle) * scale)
        near = []
        for (i,) in found:
            other = volumes.classes[i]
            v, t = minima.vertical_m[kind][other], minima.time_s[kind][other]
            if volumes.heights[i][0] - high > v or low - volumes.heights[i][1] > v:
                continue
            if volumes.times[i][0] - queries.times[q][1] > t or queries.times[q][0] - volumes.times[i][1] > t:
                continue
            apart = mine.distance(shapely.Polygon((volumes.rings[i] - middle) * scale))
            if apart <= minima.horizontal_m[kind][other] + TOLERANCE_M[self.name]:
                near.append((i, apart, minima.horizontal_m[kind][other]))
        return near

    def measure(self, queries):
        times, hits, distances = [], set(), {}
        for _ in range(2):
            times.clear()
            for q in range(len(queries)):
                begin = time.perf_counter()
                near = self.ask(queries, q)
                times.append((time.perf_counter() - begin) * 1e6)
                for i, apart, limit in near:
                    pair = int(queries.ids[q]), int(self.volumes.ids[i])
                    distances[pair] = apart - limit
                    if apart <= limit:
                        hits.add(pair)
        return quantiles(times), hits, distances


class PostGIS:
    name = "PostGIS"
    settings_wanted = {"shared_buffers": "1GB", "work_mem": "64MB", "jit": "off", "random_page_cost": "1.1",
                       "max_parallel_workers_per_gather": "0", "fsync": "off", "listen_addresses": ""}

    def __init__(self, volumes, minima, folder):
        self.bin = next(iter(sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
        if self.bin is None or shutil.which("psql") is None:
            raise RuntimeError("no PostgreSQL here")
        self.folder, self.minima = folder / "postgres", minima
        self.folder.mkdir()
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(folder, self.user)
            shutil.chown(self.folder, self.user)
        self.run([self.bin / "initdb", "-D", self.folder / "data", "-A", "trust", "-U", "postgres"])
        options = " ".join(f"-c {k}={v or chr(39) * 2}" for k, v in self.settings_wanted.items())
        self.run([self.bin / "pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log",
                  "-o", f"-k {self.folder} {options}", "start"])
        self.sql("CREATE EXTENSION postgis; CREATE TABLE sep(a int, b int, h float8, v float8, t int);"
                 "CREATE TABLE v(id bigint, cls int, span int8range, alt numrange, fp geography);")
        rows = "".join(
            f"{a}\t{b}\t{minima.horizontal_m[a][b]}\t{min(1e6, minima.vertical_m[a][b])}\t{int(minima.time_s[a][b])}\n"
            for a in range(len(minima.horizontal_m)) for b in range(len(minima.horizontal_m)))
        self.sql("COPY sep FROM STDIN", rows)
        self.sql("COPY v FROM STDIN", "".join(
            f"{volumes.ids[i]}\t{volumes.classes[i]}\t[{volumes.times[i][0]},{volumes.times[i][1]}]\t"
            f"[{volumes.heights[i][0]},{volumes.heights[i][1]}]\tSRID=4326;{volumes.texts[i]}\n"
            for i in range(len(volumes))))
        self.sql("CREATE INDEX ON v USING gist (span, fp, alt); VACUUM ANALYZE v; ANALYZE sep;")

    def run(self, command):
        user = {"user": self.user} if os.geteuid() == 0 else {}
        done = subprocess.run([str(part) for part in command], cwd=self.folder, capture_output=True, text=True, **user)
        if done.returncode != 0:
            raise RuntimeError(done.stderr[-400:])

    def sql(self, text, rows=None, *options):
        done = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "postgres",
                               *options, "-c" if rows is not None else "-f", text if rows is not None else "-",
                               "postgres"], input=rows if rows is not None else text, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr[-400:])
        return done.stdout

    PREPARED = """PREPARE ask(int, int8range, numeric, numeric, geography, float8, numeric, int) AS
        SELECT v.id, ST_Distance(v.fp, $5) - s.h FROM v JOIN sep s ON s.a = $1 AND s.b = v.cls
        WHERE v.span && int8range(lower($2) - $8, upper($2) + $8)
          AND v.alt && numrange($3 - $7, $4 + $7, '[]') AND ST_DWithin(v.fp, $5, $6)
          AND v.span && int8range(lower($2) - s.t, upper($2) + s.t)
          AND v.alt && numrange($3 - s.v::numeric, $4 + s.v::numeric, '[]') AND ST_DWithin(v.fp, $5, s.h);"""

    def call(self, queries, q):
        kind, m = queries.classes[q], self.minima
        (low, high), (begin, end) = queries.heights[q], queries.times[q]
        widest = m.horizontal_m[kind].max(), min(1e6, m.vertical_m[kind].max()), int(m.time_s[kind].max())
        return (f"EXECUTE ask({kind}, '[{begin},{end}]', {low}, {high}, 'SRID=4326;{queries.texts[q]}',"
                f" {widest[0]}, {widest[1]}, {widest[2]})")

    def settings(self):
        version = self.sql("SELECT version(), postgis_lib_version();", None, "-At").strip()
        return version + "; " + ", ".join(f"{k} {v}" for k, v in self.settings_wanted.items() if v)

    def plan(self, queries):
        return self.sql(f"{self.PREPARED} EXPLAIN (ANALYZE, BUFFERS) {self.call(queries, 0)};", None, "-At")

    def measure(self, queries):
        hits, distances = set(), {}
        asked = self.PREPARED + "".join(
            f"\\echo query {queries.ids[q]}\n{self.call(queries, q)};\n" for q in range(len(queries)))
        for line in self.sql(asked, None, "-At").splitlines():
            if line.startswith("query "):
                number = int(line[6:])
            elif line:
                volume, rest = line.split("|")
                hits.add((number, int(volume)))
                distances[number, int(volume)] = float(rest)
        timed = self.PREPARED + "".join(
            f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY) {self.call(queries, q)};\n" for q in range(len(queries)))
        text = self.sql(timed, None, "-At")
        times = [float(ms) * 1e3 for ms in re.findall(r"Execution Time: ([\d.]+) ms", text)]
        return quantiles(times), hits, distances

    def stop(self):
        self.run([self.bin / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop"])


def compare(name, found, distances, ours, ids):
    """Pairs that one has and the other lacks, and that are not within the peer's tolerance of the minimum."""
    ours = {pair for pair in ours if pair[0] in ids}
    odd = sorted(found ^ ours)
    apart = [p for p in odd if abs(distances.get(p, np.inf)) > TOLERANCE_M[name]]
    print(f"  hits {len(found)}, Parley {len(ours)}; {len(odd)} differ, {len(apart)} of them by more than "
          f"{TOLERANCE_M[name]} m of distance {apart[:5]}")
    return not apart


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parley", default="parley bench conflicts", help="the command")
    for name in ("volumes", "queries", "minima"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--most", type=int, default=500, help="queries for the peers")
    given = parser.parse_args()
    isEqual = True
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        os.chmod(folder, 0o755)
        figures, ours = parley(given.parley, given, folder)
        print(f"Parley: {figures['n']} volumes, load {figures['load']}; p50 {figures['p50Us']:.1f} us, "
              f"p99 {figures['p99Us']:.1f} us, processor p50 {figures['p50ProcessorUs']:.1f}, "
              f"p99 {figures['p99ProcessorUs']:.1f}")
        volumes, queries = Volumes(given.volumes), Volumes(given.queries, given.most)
        minima = Minima(given.minima)
        ids = set(queries.ids.tolist())
        for make in (lambda: Rtree(volumes, minima), lambda: PostGIS(volumes, minima, folder)):
            try:
                peer = make()
            except (ImportError, RuntimeError, sqlite3.Error) as reason:
                print(f"left out: {reason}")
                continue
            try:
                print(f"{peer.name}: {peer.settings()}")
                if hasattr(peer, "plan"):
                    print("    " + peer.plan(queries).replace("\n", "\n    "))
                times, found, distances = peer.measure(queries)
                isEqual &= compare(peer.name, found, distances, ours, ids)
                print("  " + ", ".join(f"{k} {v:.0f}" for k, v in times.items()))
                print(f"  Parley is {times['p50Us'] / figures['p50Us']:.0f} times as fast at p50, "
                      f"{times['p99Us'] / figures['p99Us']:.0f} at p99")
            finally:
                if hasattr(peer, "stop"):
                    peer.stop()
    sys.exit(0 if isEqual else 1)


if __name__ == "__main__":
    main()
