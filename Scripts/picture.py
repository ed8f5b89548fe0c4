#!/usr/bin/env python3
"""Makes README's picture: starts three nodes, files the founding case, and photographs one desk in conflict."""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests" / "ApiTests"))

import harness

T4 = (37.6269, 34.5225)


def notice(kind, contact, lon, lat, radius, begins, ends, **more):
    volume = {
        "footprint": {"type": "Point", "coordinates": [lon, lat], "radiusM": radius},
        "altitude": {
            "lower": {"value": 0, "unit": "feet", "datum": "agl"},
            "upper": {"value": 250, "unit": "flightLevel", "datum": "flightLevel"},
        },
        "start": harness.instant(begins), "end": harness.instant(ends),
    }
    return {"kind": kind, "mode": "real", "contact": contact, "volumes": [volume], **more}


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "docs/console.png")
    mechanism = harness.Mechanism({"azerbaijan": "mediator", "israel": "principal", "turkiye": "principal"}, name="Example")
    try:
        for node in mechanism.nodes.values():
            node.start()
        harness.wait_until_signing(*mechanism.nodes.values())
        ours, theirs = mechanism["turkiye"].desk(), mechanism["israel"].desk()
        ours.post("/api/v1/notices", notice(
            "standing-presence", "T4 advance team", *T4, 3000, "+1h", "+3d", reviewBy=harness.instant("+2d")))
        ours.post("/api/v1/notices", notice(
            "standing-presence", "Border zone", 37.9, 36.5, 12000, "+1h", "+3d", reviewBy=harness.instant("+2d")))
        theirs.post("/api/v1/notices", notice("strike", "Air desk", 37.68, 34.53, 2500, "+2h", "+3h"))
        found = harness.wait_for(lambda: ours.get("/api/v1/conflicts").json["conflicts"])
        linked = harness.wait_for(lambda: all(
            link["state"] == "up" for link in ours.get("/api/v1/links").json["links"]))
        if not (found and linked):
            print("The nodes did not come to a conflict in time.", file=sys.stderr)
            return 1
        return subprocess.run(
            [sys.executable, ROOT / "Scripts/screenshot.py", "--url", f"http://127.0.0.1:{mechanism['turkiye'].desk_port}",
             "--officer", harness.OFFICER, "--out", out],
            env={**os.environ, "PARLEY_PASSPHRASE": harness.PASSPHRASE}).returncode
    finally:
        mechanism.close()


if __name__ == "__main__":
    sys.exit(main())
