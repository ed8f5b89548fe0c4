"""Whatever climbs goes on climbing when a node is killed: rungs come in time, nothing rings twice as new, nothing falls
silent, and a handover keeps what was accepted.

Nodes are ended with SIGKILL at random moments and started again at once. What has rung is read from a bell outside the
browser, which every ring runs, also while no desk is there.
"""

import datetime
import json
import os
import random
import signal
import time

import pytest

import desks
import nodes
from desks import Desk

# Seconds. `climbS` has the least that terms may have.
NEXT_ROLE, TOP, CLIMB, FLASH, IMMEDIATE = 3, 8, 5, 6, 8
TIMING = {
    "stopNextRoleS": NEXT_ROLE, "stopTopS": TOP, "climbS": CLIMB, "acknowledgeFlashS": FLASH,
    "acknowledgeImmediateS": IMMEDIATE, "acknowledgeMarginS": 0}
# A start of a debug build on a busy machine, during which nothing can ring.
START = 12
# How late a ring may be while the node runs.
LATE = 2
OUTGOING, SECOND = "Duty officer", "Incoming officer"


class Bell:
    """Everything that a node has rung, from the first start on."""

    def __init__(self, node):
        self.file = node.folder.parent / f"{node.party}.bell"
        self.file.touch()
        bell = {"name": "log", "command": ["/bin/sh", "-c", f"cat >> {self.file}"], "from": "routine", "drills": True}
        (node.folder / "bells.json").write_text(json.dumps([bell]))

    def rings(self, kind, subject=None):
        found = [json.loads(line) for line in self.file.read_text().splitlines() if line.endswith("}")]
        return [ring for ring in found if ring["kind"] == kind and subject in (None, ring["subject"])]

    def wait(self, kind, subject, rung, seconds=90):
        """The first ring that has climbed so far. Whether it came in time is for whoever looks at its own time."""
        return nodes.wait_for(
            f"{kind} {subject} rings rung {rung}",
            lambda: next((r for r in self.rings(kind, subject) if r["rung"] >= rung), None), seconds)

    def holds_nothing_twice_as_new(self):
        new = [ring["ring"] for ring in self.rings_of_all() if not ring["repeat"]]
        assert len(new) == len(set(new)), sorted(ring for ring in new if new.count(ring) > 1)

    def rings_of_all(self):
        return [json.loads(line) for line in self.file.read_text().splitlines() if line.endswith("}")]


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watch-kill")
    parties = [
        nodes.Node(folder, "turkiye"), nodes.Node(folder, "israel"), nodes.Node(folder, "azerbaijan", role="mediator")]
    desks.accept(folder, parties, TIMING)
    for node in parties[:2]:
        desks.add_officer(node, SECOND, "watchOfficer")
    bells = [Bell(node) for node in parties]
    with desks.served(parties):
        yield parties, bells
        for bell in bells:
            bell.holds_nothing_twice_as_new()


@pytest.fixture(scope="module")
def chance():
    seed = int(os.environ.get("PARLEY_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"PARLEY_SEED={seed}")
    return random.Random(seed)


def kill(node, after=0.0):
    """SIGKILL at that time from now, and a start at once. The moment is what is tested."""
    time.sleep(after)
    node.stop(signal.SIGKILL)
    begun = time.monotonic()
    node.start()
    return time.monotonic() - begun


def parse(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def in_time(ring, due, title, down=0.0, least=None):
    """`down` is how long its node was not running, `least` the earliest moment at which it can have been due."""
    late = (parse(ring["sentAt"]) - due).total_seconds()
    early = ((least or due) - parse(ring["sentAt"])).total_seconds()
    assert early <= 0.5 and late <= LATE + max(START, down), f"{title}: {late:.1f} s after it was due: {ring}"
    return late


def after(seconds, since):
    return since + datetime.timedelta(seconds=seconds)


@pytest.mark.parametrize("which", ["the addressee", "the presser", "both"])
def test_the_ladder_of_a_stop_climbs_in_time_through_a_kill(three, chance, which):
    (turkiye, israel, azerbaijan), bells = three
    desk = Desk(turkiye)
    pressed = desk.press()
    stop, pressed_at = pressed["id"], parse(pressed["openedAt"])
    # The presser's ladder begins with the press, the addressee's between the press and this.
    heard_at = parse(bells[1].wait("stop", stop, 0)["sentAt"])
    killed = {"the addressee": [israel], "the presser": [turkiye], "both": [turkiye, israel]}[which]
    down = max(kill(node, chance.uniform(0, NEXT_ROLE - 1)) for node in killed)
    lateness = []
    for bell, name in ((bells[0], "presser"), (bells[1], "addressee")):
        for rung, wait in ((1, NEXT_ROLE), (2, TOP)):
            ring = bell.wait("stop", stop, rung)
            # A node that was down at the due time of one rung may ring the next one only.
            if ring["rung"] == rung:
                lateness.append(in_time(ring, after(wait, heard_at), f"{name}, rung {rung}", down, after(wait, pressed_at)))
    bells[2].wait("stop", stop, 0)
    print(f"{which}: late by {[round(each, 1) for each in lateness]} s")
    # A ring that was rung before the kill is rung again, and says so.
    repeats = [ring["ring"] for bell in bells[:2] for ring in bell.rings("stop", stop) if ring["repeat"]]
    new = [ring["ring"] for bell in bells[:2] for ring in bell.rings("stop", stop) if not ring["repeat"]]
    assert set(repeats) <= set(new), "only what has rung is a repeat"
    # Top again, and silent once heard at both desks.
    count = len(bells[1].rings("stop", stop))
    nodes.wait_for("it rings again at the top", lambda: len(bells[1].rings("stop", stop)) > count)
    for node in killed:
        node.wait_until_it_signs()
    desk, theirs = Desk(turkiye), Desk(israel)
    theirs.post(f"stops/{stop}/answer", {"answer": "ordered", "units": ["Battery 2"]})
    nodes.wait_for("the answer is there", lambda: desks.state_of(desk.stop(stop), "israel") == "ordered")
    # An answer survives as well: neither desk rings again.
    kill(israel)
    israel.wait_until_it_signs()
    theirs = Desk(israel)
    seen = theirs.stop(stop)
    assert seen["state"] == "settled" and seen["isOpen"], seen["state"]
    desk.lift(stop)
    nodes.wait_for("the lift is there", lambda: not theirs.stop(stop)["isOpen"])


def test_the_due_time_of_a_message_comes_at_both_desks_through_a_kill_of_both(three, chance):
    (turkiye, israel, _), bells = three
    desk = Desk(turkiye)
    call = desk.post("calls", {"mode": "real", "role": "watch", "precedence": "flash", "text": "Anybody?", "language": "en"})["call"]
    id, due = call["id"], parse(call["dueAt"])
    bells[1].wait("message", id, 0)
    down = max(kill(node, chance.uniform(0, 1)) for node in (israel, turkiye))
    in_time(bells[0].wait("unanswered", id, 1), due, "no one there", down)
    ring = bells[1].wait("message", id, 1)
    in_time(ring, due if ring["rung"] == 1 else after(CLIMB, due), "the receiving desk", down)
    bells[1].wait("message", id, 2)
    alarm = next(a for a in Desk(israel).get("alarms")["alarms"] if a["id"] == f"message:{id}")
    assert alarm["dueAt"] is None or alarm["state"] == "ringing"
    assert Desk(turkiye).get(f"calls/{id}")["call"]["dueAt"] == call["dueAt"]
    for node in (turkiye, israel):
        node.wait_until_it_signs()
    Desk(israel).post(f"calls/{id}/acknowledge", {})
    # A ring that had begun before may still be on its way to the bell.
    answered_at = datetime.datetime.now(datetime.timezone.utc)
    caller = Desk(turkiye)
    nodes.wait_for("the caller sees it", lambda: caller.get(f"calls/{id}")["call"]["isAcknowledged"])
    # What is answered stays silent through another start.
    kill(israel)
    israel.wait_until_it_signs()
    assert [ring for ring in bells[1].rings("message", id) if parse(ring["sentAt"]) > after(1, answered_at)] == []


def test_the_due_time_of_a_read_back_comes_through_a_kill(three, chance):
    (turkiye, israel, _), bells = three
    filed = Desk(turkiye).post("notices", desks.notice("strike", longitude=44, latitude=31))["notice"]
    id = filed["id"]
    ring = bells[1].wait("notice", id, 0)
    # It reaches beyond the area, so it rings as FLASH.
    assert filed["flags"] == ["beyondArea"]
    due = after(FLASH, parse(filed["createdAt"]))
    down = kill(israel, chance.uniform(0, 2))
    overdue = bells[1].wait("acknowledgementOverdue", id, 1)
    in_time(overdue, due, "the read-back is overdue", down)
    bells[1].wait("acknowledgementOverdue", id, 2)
    assert parse(ring["sentAt"]) < due
    israel.wait_until_it_signs()
    where = filed["volumes"][0]
    read = {"position": [44, 31], "lower": where["altitude"]["lower"], "start": where["start"]}
    assert Desk(israel).post(f"notices/{id}/acknowledgements", {"version": 1, "readBack": read})["accepted"]


def test_a_handover_keeps_what_was_accepted_through_a_kill(three, chance):
    (turkiye, israel, _), _ = three
    caller = Desk(turkiye)
    calls = [
        caller.post("calls", {"mode": "real", "role": "watch", "precedence": "routine", "text": f"{n}", "language": "en"})["call"]["id"]
        for n in range(6)]
    outgoing, incoming = Desk(israel), Desk(israel, SECOND)
    nodes.wait_for("all calls are there", lambda: set(calls) <= set(outgoing.get("calls?state=open")["open"]))
    outgoing.post("watch/take")
    outgoing.post("watch/handover", {"to": SECOND, "remarks": "six calls"})
    items = [f"message:{id}" for id in calls]
    for accepted in (2, 4):
        for item in items[accepted - 2:accepted]:
            incoming.post("watch/handover/accept", {"item": item})
        kill(israel, chance.uniform(0, 0.2))
        outgoing, incoming = Desk(israel), Desk(israel, SECOND)
        watch = outgoing.get("watch")
        assert watch["onDuty"]["officer"] == OUTGOING and watch["handover"]["to"] == SECOND
        found = {item["id"]: item["isAccepted"] for item in watch["handover"]["items"]}
        assert [found[item] for item in items] == [True] * accepted + [False] * (6 - accepted)
    status, name = incoming.refusal("watch/handover/complete")
    assert (status, name) == (409, "itemsLeft")

    def complete():
        for item in incoming.get("watch")["handover"]["items"]:
            if not item["isAccepted"]:
                incoming.post("watch/handover/accept", {"item": item["id"]})
        status, _, data = incoming.raw("POST", "watch/handover/complete")
        return status == 200 and json.loads(data)["watch"]

    assert nodes.wait_for("it is complete", complete)["onDuty"]["officer"] == SECOND
    kill(israel)
    assert Desk(israel).get("watch")["onDuty"]["officer"] == SECOND
    israel.wait_until_it_signs()
    # It is told to the other side once the node may sign again.
    for id in calls:
        Desk(israel).post(f"calls/{id}/acknowledge", {})
