#!/usr/bin/env python3
"""The private set intersection of OpenMined: what a party spends on the sizes of `parley bench private`.

    private_peer.py --n N

Needs openmined-psi from PyPI. Only the client learns; the server's set goes as a Golomb-compressed set that answers wrongly
once in 10^9 times. Each side holds N elements, half of which the other has too, as the hexadecimal text of 18 bytes.
Times are processor time of one thread, with reading and writing the messages, nothing of it made ahead.
"""

import argparse
import json
import sys
import time

from private_set_intersection.python import DataStructure, Request, Response, ServerSetup, __version__, client, server


class Party:
    """Counts what one side spends."""

    def __init__(self):
        self.spent_s = 0.0

    def run(self, work):
        start = time.process_time()
        done = work()
        self.spent_s += time.process_time() - start
        return done


def parsed(kind, data):
    message = kind()
    message.ParseFromString(data)
    return message


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, required=True)
    count = parser.parse_args().n

    def elements(first):
        return [f"{each:036x}" for each in range(first, first + count)]

    ours, theirs = elements(0), elements(count // 2)
    start = time.monotonic()
    asks, answers = Party(), Party()
    learner = asks.run(lambda: client.CreateWithNewKey(True))
    holder = answers.run(lambda: server.CreateWithNewKey(True))
    setup = answers.run(
        lambda: holder.CreateSetupMessage(1e-9, count, theirs, DataStructure.GCS).SerializeToString())
    request = asks.run(lambda: learner.CreateRequest(ours).SerializeToString())
    response = answers.run(lambda: holder.ProcessRequest(parsed(Request, request)).SerializeToString())
    found = asks.run(lambda: learner.GetIntersection(parsed(ServerSetup, setup), parsed(Response, response)))
    wall = time.monotonic() - start
    print(json.dumps({
        "version": str(__version__), "found": len(found), "processorS": {"client": asks.spent_s, "server": answers.spent_s},
        "wallS": wall, "bytes": {"setup": len(setup), "request": len(request), "response": len(response)},
    }))
    if len(found) != count - count // 2:
        sys.exit(f"{len(found)} found, of {count - count // 2}")


if __name__ == "__main__":
    main()
