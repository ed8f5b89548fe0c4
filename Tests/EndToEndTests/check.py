#!/usr/bin/env python3
"""Runs the whole program as people do: real processes, the command line, nothing else.

Run from the repository's root after a build, by the Python of Scripts/setup-test. `PARLEY_BINARY` names another command;
arguments go to pytest.
"""

import pathlib
import sys

import pytest


def main():
    here = pathlib.Path(__file__).resolve().parent
    return int(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:], str(here)]))


if __name__ == "__main__":
    sys.exit(main())
