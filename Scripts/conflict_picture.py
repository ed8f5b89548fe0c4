#!/usr/bin/env python3
"""Makes the picture in docs/conflicts.md: two nodes, a strike filed beside a standing presence, drawn by the command."""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests" / "ApiTests"))

import harness
from picture import T4, notice


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "docs/conflict.svg")
    mechanism = harness.Mechanism({"israel": "principal", "turkiye": "principal"}, name="Example")
    try:
        for node in mechanism.nodes.values():
            node.start()
        harness.wait_until_signing(*mechanism.nodes.values())
        ours, theirs = mechanism["turkiye"].desk(), mechanism["israel"].desk()
        ours.post("/api/v1/notices", notice(
            "standing-presence", "T4 advance team", *T4, 3000, "+1h", "+3d", reviewBy=harness.instant("+2d")))
        theirs.post("/api/v1/notices", notice("strike", "Air desk", 37.705, 34.555, 1500, "+2h", "+3h"))
        found = harness.wait_for(lambda: ours.get("/api/v1/conflicts").json["conflicts"])
        if not found:
            print("The nodes did not come to a conflict in time.", file=sys.stderr)
            return 1
        return subprocess.run(
            [harness.BINARY, "conflict", "show", found[0]["id"], "--svg", "--output", out,
             "--dir", str(mechanism["turkiye"].folder)],
            env={**os.environ, "PARLEY_OFFICER": harness.OFFICER, "PARLEY_PASSPHRASE": harness.PASSPHRASE}).returncode
    finally:
        mechanism.close()


if __name__ == "__main__":
    sys.exit(main())
