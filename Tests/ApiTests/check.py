#!/usr/bin/env python3
"""The desk's API and the peers' endpoint of real nodes, from outside.

Run from the repository's root after a debug build, by the Python of Scripts/setup-test. `PARLEY_BINARY` names another
command; arguments choose parts: description, alone, pair, advice, events, sign-in, fuzz, peers, record, keys, stops, calls, watch, private, histories.
"""

import json
import sys
import time

import advice
import calls
import description
import events
import fuzz
import histories
import keychange
import malformed
import pair
import peers
import privatechecks
import record
import signin
import stops
import watch
from client import ADMINISTRATOR, Desk
from harness import Mechanism, Tally, wait_for, wait_until_signing
from protocol import Key

PARTIES = {"alpha": "principal", "beta": "principal", "gamma": "principal", "delta": "mediator"}
HOTLINE = {"alpha": "principal", "beta": "principal", "delta": "mediator"}
ROOTS = (Key(b"\x11" * 32), Key(b"\x12" * 32))


def hotline_terms(draft):
    """Due times short enough to be waited for, and a second officer for what removes a warning."""
    draft["timing"].update(
        acknowledgeFlashS=calls.FLASH_S, acknowledgeMarginS=calls.MARGIN_S, climbS=calls.CLIMB_S, stopNextRoleS=5, stopTopS=15)
    draft["twoOfficers"] = {"removals": True, "kinds": [watch.WANTS_TWO]}


def main():
    begun = time.monotonic()
    parts = set(sys.argv[1:])

    def wanted(part):
        return not parts or part in parts

    tally, described = Tally(), description.Description()
    faults = set()

    def observe(method, path, answer):
        fault = described.fault(method, path, answer)
        if fault and (method, path.split("?")[0], fault) not in faults:
            faults.add((method, path.split("?")[0], fault))
            tally.check(False, f"{method} {path[:100]} answers as described", f"{fault}: {answer!r}")

    Desk.observer = observe
    if wanted("description"):
        description.run(tally, described)
    # The lying peer seals nothing, so the terms do not either; the other mechanisms seal.
    mechanism = Mechanism(PARTIES, sealing="none", roots={"beta": [key.public.hex() for key in ROOTS]})
    sealed = None
    alpha, gamma = mechanism["alpha"], mechanism["gamma"]
    try:
        if wanted("alone"):
            malformed.Alone(tally, alpha).run()
        if wanted("sign-in"):
            signin.run_with_clock(tally, mechanism["delta"])
        if any(map(wanted, ("pair", "advice", "events", "sign-in", "fuzz", "peers"))):
            for node in mechanism.nodes.values():
                node.start()
            wait_until_signing(*mechanism.nodes.values())
            desk = alpha.desk(ADMINISTRATOR)
            tally.check(wait_for(lambda: desk.records()["beta"] > 0), "the nodes find each other")
        if wanted("pair"):
            four = pair.Pair(mechanism).prepare()
            pair.malformed(tally, four)
            pair.right(tally, four)
        if wanted("advice"):
            advice.run(tally, mechanism)
        if wanted("sign-in"):
            signin.run(tally, gamma)
            wait_until_signing(gamma)
        if wanted("events"):
            beta = mechanism["beta"].desk(ADMINISTRATOR)
            last = events.run(tally, described, alpha, alpha.desk(ADMINISTRATOR), beta)
            alpha.stop()
            alpha.start()
            events.after_restart(tally, alpha.desk(ADMINISTRATOR), last)
            wait_until_signing(alpha)
        if wanted("fuzz"):
            fuzz.run(tally, alpha, alpha.desk(ADMINISTRATOR), mechanism.folder)
        if wanted("peers"):
            peers.run(tally, mechanism, ROOTS)
        for node in mechanism.nodes.values():
            node.stop()
        if any(map(wanted, ("record", "keys"))):
            sealed = record.mechanism()
            if wanted("record"):
                record.run(tally, sealed)
            if wanted("keys"):
                keychange.run(tally, sealed)
        if any(map(wanted, ("stops", "calls", "watch"))):
            hotline = Mechanism(HOTLINE, heartbeat=2, stale_after=6, edit=hotline_terms)
            bell = [{"name": "log", "command": ["/bin/true"], "from": "routine", "drills": True}]
            (hotline["alpha"].folder / "bells.json").write_text(json.dumps(bell))
            try:
                for node in hotline.nodes.values():
                    node.start()
                wait_until_signing(*hotline.nodes.values())
                for part in (stops, calls, watch):
                    if wanted(part.__name__):
                        part.run(tally, hotline)
            finally:
                hotline.close()
        if wanted("private"):
            privatechecks.run(tally)
        if wanted("histories"):
            histories.run(tally)
        if not parts:
            description.finish(tally, described)
    finally:
        if tally.failures:
            for node in mechanism.nodes.values():
                log = node.folder / "serve.log"
                if log.exists() and (
                    lines := [l for l in log.read_text(errors="replace").splitlines() if " info " not in l]
                ):
                    print(f"-- {node.party}", *lines[-20:], sep="\n   ")
        mechanism.close()
        if sealed:
            sealed.close()
    print(f"\n{time.monotonic() - begun:.0f} s")
    print(f"{tally.passed} passed, {len(tally.failures)} failed")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
