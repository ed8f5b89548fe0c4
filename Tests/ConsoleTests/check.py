#!/usr/bin/env python3
"""Runs the console's tests in a real browser, against two real nodes that it starts and ends.

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
    return int(pytest.main(["-q", "-rs", "-p", "no:cacheprovider", str(HERE)]))


def main():
    if os.environ.get("PARLEY_DESK_URL"):
        return tests()
    mechanism = harness.Mechanism({"alpha": "principal", "bravo": "principal"}, heartbeat=2, stale_after=6)
    try:
        for node in mechanism.nodes.values():
            node.start()
        for prefix, node in (("PARLEY", mechanism["alpha"]), ("PARLEY_OTHER", mechanism["bravo"])):
            os.environ[f"{prefix}_DESK_URL"] = f"http://127.0.0.1:{node.desk_port}"
            os.environ[f"{prefix}_OFFICER"] = harness.OFFICER
            os.environ[f"{prefix}_PASSPHRASE"] = harness.PASSPHRASE
        return tests()
    finally:
        mechanism.close()


if __name__ == "__main__":
    sys.exit(main())
