#!/usr/bin/env python3
"""Runs the console's tests in a real browser, against two real nodes that it starts and ends, and a third alone.

With PARLEY_DESK_URL, PARLEY_OFFICER and PARLEY_PASSPHRASE set, against that desk instead.
"""
import os
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "ApiTests"))

import harness


def tests():
    return int(pytest.main(["-q", "-rs", "-p", "no:cacheprovider", str(HERE), *sys.argv[1:]]))


def main():
    if os.environ.get("PARLEY_DESK_URL"):
        return tests()
    mechanism = harness.Mechanism({"alpha": "principal", "bravo": "principal"}, heartbeat=2, stale_after=6)
    # Its peer never answers, so it signs nothing.
    lone = harness.Mechanism({"charlie": "principal", "delta": "principal"}, heartbeat=2, stale_after=6)
    try:
        nodes = (("", mechanism["alpha"]), ("OTHER_", mechanism["bravo"]), ("LONE_", lone["charlie"]))
        for prefix, node in nodes:
            node.start()
            os.environ[f"PARLEY_{prefix}DESK_URL"] = f"http://127.0.0.1:{node.desk_port}"
            os.environ[f"PARLEY_{prefix}OFFICER"] = harness.ADMINISTRATOR if node.party == "charlie" else harness.OFFICER
            os.environ[f"PARLEY_{prefix}PASSPHRASE"] = harness.PASSPHRASE
        os.environ["PARLEY_ADMINISTRATOR"] = harness.ADMINISTRATOR
        harness.wait_until_signing(*mechanism.nodes.values())
        return tests()
    finally:
        mechanism.close()
        lone.close()


if __name__ == "__main__":
    sys.exit(main())
