"""Faults in the page's own stream, between real nodes: whatever is lost, repeated, reordered or cut, and when the node
restarts underneath, the page ends up showing what its node answers, and meanwhile says that it does not.

PARLEY_SEED: the seed of the faults; without it every run has another, which is printed.
"""
import datetime
import os
import random
import time

import pytest

import harness
import screenshot
from desk import Desk
from faulty import Faults, FaultyRelay
from page import element, of_each, press, text_of, until
from picture_of import differences, shown

DESK = (harness.OFFICER, harness.PASSPHRASE)


@pytest.fixture(scope="module")
def pair():
    """Two principals of their own, because one of them is restarted."""
    made = harness.Mechanism({"echo": "principal", "foxtrot": "principal"}, heartbeat=2, stale_after=6)
    try:
        for node in made.nodes.values():
            node.start()
        harness.wait_until_signing(*made.nodes.values())
        yield made
    finally:
        made.close()


def desk_of(node):
    return Desk(f"http://127.0.0.1:{node.desk_port}", *DESK)


@pytest.fixture()
def relay(pair):
    """In place of the plain relay: the browser's fixture mends it afterwards."""
    made = FaultyRelay(pair["echo"].desk_port)
    yield made
    made.close()


def hours(count):
    moment = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) + datetime.timedelta(hours=count)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def file(desk, dice):
    """Some lie so close to others that they conflict."""
    return desk.file("air-operation", [38 + dice.randrange(8) / 8, 34.5], 2000, 5000, 9000, hours(3), hours(4), "of the faults' test")["id"]


def happen(dice, ours, theirs, held):
    """One thing that either desk does."""
    desk, own = dice.choice([(ours, held["ours"]), (theirs, held["theirs"])])
    match dice.choice(["file", "file", "end", "alarm", "call", "position"]):
        case "file":
            if len(own) < 8:
                own.append(file(desk, dice))
        case "end":
            if own:
                desk.call("POST", f"notices/{own.pop(dice.randrange(len(own)))}/end", {"reason": "cancelled"})
        case "alarm":
            ringing = [a["id"] for a in ours.call("GET", "alarms")["alarms"] if a["state"] == "ringing"]
            if ringing:
                ours.call("POST", f"alarms/{dice.choice(ringing)}/acknowledge")
        case "call":
            if len(held["calls"]) < 6:
                held["calls"].append(theirs.call("POST", "calls", {
                    "mode": "drill", "role": "watch", "template": "comm-check", "fields": {"checkNumber": dice.randrange(1, 9)}})["call"]["id"])
            else:
                call = held["calls"].pop(0)
                if ours.has(f"calls/{call}"):
                    ours.call("POST", f"calls/{call}/acknowledge", {"readBack": {}})
        case "position":
            standing = [c["id"] for c in ours.call("GET", "conflicts")["conflicts"] if c["state"] in ("open", "disputed")]
            if standing:
                ours.call("POST", f"conflicts/{dice.choice(standing)}/positions", {"stance": "dispute", "conditions": []})


def is_current(browser):
    return browser.execute_script("return document.getElementById('lost').hidden && !document.body.classList.contains('stale')")


def settles(browser, desk):
    """The page says that it is current, and shows what the node answers."""
    found = {}

    def is_equal(b):
        found["last"] = differences(b, desk) or not is_current(b)
        return not found["last"]

    try:
        until(browser, is_equal)
    except Exception as problem:
        raise AssertionError(f"the page differs from its node: {found['last']}") from problem


def enter(browser, relay):
    screenshot.sign_in(browser, relay.url, *DESK)


def test_lost_repeated_reordered_and_cut_events_never_leave_a_wrong_picture(browser, relay, pair):
    ours, theirs = desk_of(pair["echo"]), desk_of(pair["foxtrot"])
    enter(browser, relay)
    settles(browser, ours)
    seed = int(os.environ.get("PARLEY_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"PARLEY_SEED={seed}")
    dice = random.Random(seed)
    held = {"ours": [], "theirs": [], "calls": []}
    doubted, total = 0, {}
    for turn in range(4):
        relay.faults = faults = Faults(dice.randrange(1 << 32), share=0.4)
        for _ in range(15):
            happen(dice, ours, theirs, held)
            doubted += not is_current(browser)
            time.sleep(dice.random() / 4)
        if turn == 2:
            stop = theirs.call("POST", "stop", {"text": "of the faults' test", "language": "en"})["stop"]["id"]
        relay.mend()
        settles(browser, ours)
        for kind, count in faults.counts.items():
            total[kind] = total.get(kind, 0) + count
    theirs.call("POST", f"stops/{stop}/lift", {"outcome": "withdrawn"})
    for notice in held["theirs"]:
        theirs.call("POST", f"notices/{notice}/end", {"reason": "cancelled"})
    settles(browser, ours)
    print(f"faults: {total}; the page said {doubted} times that it was not current")
    assert sum(total.values()) > 20 and doubted > 0
    assert shown(browser)["notices"].keys() >= set(held["ours"])


def test_a_stream_that_falls_silent_while_the_node_answers_is_said_and_shows_nothing_old(browser, relay, pair):
    ours = desk_of(pair["echo"])
    enter(browser, relay)
    settles(browser, ours)
    press(browser, "#assurance")
    relay.hold()
    # Its evidence runs out by itself, before the screen knows why nothing comes.
    until(browser, lambda b: text_of(b, ".assurance-word") == "UNKNOWN")
    until(browser, lambda b: "BEHIND" in text_of(b, "#lost"))
    assert ours.call("GET", "status")["signing"] == "confirmed"
    notice = file(desk_of(pair["foxtrot"]), random.Random(1))
    until(browser, lambda _: ours.has(f"notices/{notice}"))
    for _ in range(20):
        assert text_of(browser, ".assurance-word") == "UNKNOWN" and not is_current(browser)
        assert of_each(browser, f"[data-notice='{notice}']", "1") == []
        time.sleep(0.1)
    relay.mend()
    settles(browser, ours)
    assert of_each(browser, f"#notices [data-notice='{notice}']", "1") == [1]


def test_a_node_that_restarts_underneath_leaves_nothing_of_before_on_the_screen(browser, relay, pair):
    ours, theirs = desk_of(pair["echo"]), desk_of(pair["foxtrot"])
    gone, stays = file(theirs, random.Random(2)), file(theirs, random.Random(3))
    until(browser, lambda _: ours.has(f"notices/{gone}") and ours.has(f"notices/{stays}"))
    enter(browser, relay)
    settles(browser, ours)
    pair["echo"].stop()
    until(browser, lambda b: "LOST ITS NODE" in text_of(b, "#lost"))
    assert text_of(browser, ".assurance-word") == "UNKNOWN"
    theirs.call("POST", f"notices/{gone}/end", {"reason": "cancelled"})
    pair["echo"].start()
    # No session outlives the node's process: nothing is shown to nobody.
    element(browser, "#officer")
    assert of_each(browser, "[data-notice]", "1") == [] and not browser.find_element("id", "floor").is_displayed()
    harness.wait_until_signing(pair["echo"])
    ours = desk_of(pair["echo"])
    enter(browser, relay)
    until(browser, lambda _: not any(n["id"] == gone and n["status"] != "ended" for n in ours.call("GET", "notices")["notices"]))
    settles(browser, ours)
    assert stays in shown(browser)["notices"] and gone not in shown(browser)["notices"]
