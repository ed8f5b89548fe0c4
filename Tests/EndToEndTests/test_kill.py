"""A node that dies at any moment loses nothing that it has answered for, and never signs two histories.

Two nodes work under load, and one or the other is killed with SIGKILL, again and again: in the middle of commands, of
records from its peer, and of its own start. `Scripts/soak` runs the same for longer.
"""

import argparse
import http.client
import itertools
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone

import conftest
import nodes

OFFICERS = 3
FSCK_EVERY = 25
KILLS_TOGETHER = 10
KILLS = int(os.environ.get("PARLEY_KILLS", "50"))


def test_a_node_that_is_killed_at_random_moments_keeps_what_it_answered_for_and_never_forks(tmp_path):
    seed = int(os.environ.get("PARLEY_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"PARLEY_SEED={seed}")
    kills = 0
    while kills < KILLS:
        # Begun anew now and then: what a start has to fold grows with every kill.
        folder = tmp_path / str(kills)
        folder.mkdir()
        with Mechanism(folder, seed + kills) as mechanism:
            while mechanism.kills < min(KILLS_TOGETHER, KILLS - kills):
                mechanism.kill_one()
        mechanism.compare_stores()
        # A load that got nothing done would prove nothing.
        assert mechanism.answered >= 2 * mechanism.kills, mechanism.report()
        print(mechanism.report(), flush=True)
        kills += mechanism.kills


class Desk:
    """One officer's connection. Nothing is ever sent twice: what is not answered may or may not have happened."""

    def __init__(self, node, token=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", node.desk, timeout=120)
        self.token = token
        if not token:
            signed_in = self.ask("POST", "session", {"officer": node.officer, "passphrase": nodes.PASSPHRASE})
            self.token = signed_in["token"]

    def ask(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        while True:
            self.connection.request(method, f"/api/v1/{path}", body and json.dumps(body), headers)
            response = self.connection.getresponse()
            answer = response.read()
            # More in a second than the desk takes: refused, so not done.
            if response.status != 429:
                break
        assert response.status in (200, 201), f"{method} {path}: {response.status} {answer[:500]}"
        return json.loads(answer)


class Notice:
    """What a node has said of a notice, and what it may have done besides: one command may be under way."""

    def __init__(self, id, body):
        self.id = id
        self.body = body
        self.sure = (1, False)
        self.possible = None

    def check(self, found):
        state = (found["version"], found["ended"] is not None)
        assert state == self.sure or state == self.possible, f"{self.id}: {state}, not {self.sure} or {self.possible}"
        # The contact is another in each version.
        assert found["contact"] == f"Line {state[0]}", f"{self.id}: {found['contact']}"
        self.sure, self.possible = state, None


class Officer(threading.Thread):
    """Files notices, amends some and ends some, until the node goes away or the watch ends."""

    desk = Desk

    def __init__(self, mechanism, node, seed):
        super().__init__(daemon=True)
        self.mechanism = mechanism
        self.node = node
        self.random = random.Random(seed)
        self.ends = threading.Event()
        self.notices = []
        self.failure = None
        self.start()

    def run(self):
        try:
            desk = self.desk(self.node, self.mechanism.desks[self.node.party].token)
            while not self.ends.is_set():
                self.act(desk)
                self.mechanism.count(self.node)
        except (OSError, http.client.HTTPException):
            # It was killed; that it was is checked by whoever did.
            pass
        except Exception as error:  # noqa: BLE001 - shown by whoever joins this thread
            self.failure = error

    def act(self, desk):
        standing = [notice for notice in self.notices if not notice.sure[1]]
        choice = self.random.random()
        if not standing or choice < 0.6:
            body = self.mechanism.body()
            self.notices.append(Notice(desk.ask("POST", "notices", body)["notice"]["id"], body))
            return
        notice = self.random.choice(standing)
        version = notice.sure[0]
        if choice < 0.85:
            notice.possible = (version + 1, False)
            later = {**notice.body, "contact": f"Line {version + 1}", "expectedVersion": version}
            del later["mode"]
            desk.ask("POST", f"notices/{notice.id}/versions", later)
        else:
            notice.possible = (version, True)
            desk.ask("POST", f"notices/{notice.id}/end", {"reason": "over"})
        notice.sure, notice.possible = notice.possible, None


class Mechanism:
    """Two nodes of which one at a time is killed, and everything that they have promised."""

    officer = Officer

    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        self.pair = [self.make(folder, "alpha"), self.make(folder, "bravo")]
        self.accept(folder)
        self.begun = datetime.now(timezone.utc)
        self.numbers = itertools.count()
        self.lock = threading.Condition()
        self.answered = 0
        self.kills = 0
        self.kills_while_starting = 0
        self.checked = 0
        self.notices = {node.party: [] for node in self.pair}
        self.officers = {}
        # Signed in once in each life of a node: hashing a passphrase is slow on purpose.
        self.desks = {}
        # By node and log, the largest size ever shown.
        self.sizes = {}

    def make(self, folder, party):
        return nodes.Node(folder, party)

    def accept(self, folder):
        conftest.accept_terms(folder, self.pair)

    def __enter__(self):
        for node in self.pair:
            node.start()
        for node in self.pair:
            self.desks[node.party] = Desk(node)
        for node in self.pair:
            self.wait_until_it_signs(node)
            self.man(node)
        return self

    def __exit__(self, kind, *_):
        for node in self.pair:
            if kind is None:
                self.relieve(node)
                self.check(node, self.notices[node.party])
            node.stop()

    # Load

    def man(self, node):
        self.officers[node.party] = [self.officer(self, node, self.random.random()) for _ in range(OFFICERS)]

    def relieve(self, node):
        """Ends a watch; what its officers were told is kept."""
        for officer in self.officers.pop(node.party, []):
            officer.ends.set()
            officer.join(120)
            assert not officer.is_alive() and officer.failure is None, f"{node.party}: {officer.failure!r}"
            self.notices[node.party] += officer.notices

    def count(self, node):
        with self.lock:
            self.answered += 1
            self.lock.notify_all()

    def body(self):
        """Far from all others in place or time, so that no notice costs more than another."""
        number = next(self.numbers)
        start = self.begun + timedelta(hours=72 + 4 * (number // (36 * 26)))
        return {
            "mode": "real", "kind": "ground-movement", "contact": "Line 1",
            "volumes": [{
                "footprint": {
                    "type": "Point", "radiusM": 2000,
                    "coordinates": [35 + number % 36 * 0.23, 31.6 + number // 36 % 26 * 0.24]},
                "altitude": {
                    "lower": {"value": 0, "unit": "metres", "datum": "agl"},
                    "upper": {"value": 100, "unit": "metres", "datum": "agl"}},
                "start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"}],
        }

    # Death

    def kill_one(self):
        victim = self.random.choice(self.pair)
        witness = next(node for node in self.pair if node is not victim)
        self.reach_a_random_moment()
        victim.stop(signal.SIGKILL)
        self.kills += 1
        known = len(self.notices[victim.party])
        self.relieve(victim)
        promised = self.link(witness)
        # Hashing everything again takes longer than everything else here, so not after every kill.
        if self.kills % FSCK_EVERY == 0:
            self.fsck(victim)
        if self.random.random() < 0.25:
            self.kill_while_starting(victim)
        self.start(victim)
        self.desks[victim.party] = Desk(victim)
        self.look(victim, promised)
        # All that its officers were told just now, and some of what they were told before.
        touched = self.notices[victim.party][known:]
        earlier = self.notices[victim.party][:known]
        self.check(victim, touched + self.random.sample(earlier, min(10, len(earlier))))
        self.wait_until_it_signs(victim)
        for node in self.pair:
            self.see_no_fork(node)
        self.man(victim)

    def reach_a_random_moment(self):
        """After some answers, and then anywhere within the time of a few more."""
        with self.lock:
            wanted = self.answered + self.random.randrange(1, 40)
            assert self.lock.wait_for(lambda: self.answered >= wanted, 120), "the load has stopped"
        threading.Event().wait(self.random.uniform(0, 0.05))

    def kill_while_starting(self, node):
        self.begin(node)
        threading.Event().wait(self.random.uniform(0, 0.4))
        node.stop(signal.SIGKILL)
        self.kills += 1
        self.kills_while_starting += 1

    def begin(self, node):
        node.log = open(node.folder / "serve.log", "ab")
        node.process = subprocess.Popen(
            [nodes.BINARY, "serve", "--dir", str(node.folder), "--until-input-ends"], env=nodes.environment(),
            stdin=subprocess.PIPE, stdout=node.log, stderr=node.log)

    def start(self, node):
        """With patience: after hours of load there is much to fold."""
        self.begin(node)
        nodes.wait_for(f"{node.party}'s desk answers", node.answers, 240)

    def wait_until_it_signs(self, node):
        nodes.wait_for(f"{node.party} may sign", lambda: self.ask(node, "status")["signing"] == "confirmed", 180)

    # Promises

    def ask(self, node, path):
        return self.desks[node.party].ask("GET", path)

    def link(self, node):
        [link] = self.ask(node, "links")["links"]
        return link

    def look(self, victim, promised):
        """The victim against what its peer held of it, and had a receipt of it for, while it was dead."""
        link = self.link(victim)
        assert link["ourSize"] >= promised["holdsOfTheirs"], f"{victim.party} lost records that its peer holds"
        assert link["holdsOfTheirs"] >= promised["holdsOfOurs"], f"{victim.party} lost records that it gave a receipt for"
        self.grow(victim, "own", link["ourSize"])
        self.grow(victim, "peer's", link["holdsOfTheirs"])

    def grow(self, node, log, size):
        before = self.sizes.get((node.party, log), 0)
        assert size >= before, f"{node.party}: its {log} log fell from {before} to {size}"
        self.sizes[node.party, log] = size

    def check(self, node, notices):
        for notice in notices:
            notice.check(self.ask(node, f"notices/{notice.id}"))
        self.checked += len(notices)

    def see_no_fork(self, node):
        status = self.ask(node, "status")
        assert status["signing"] == "confirmed", f"{node.party}: {status['signing']}"
        [link] = status["links"]
        self.grow(node, "own", link["ourSize"])
        self.grow(node, "peer's", link["holdsOfTheirs"])
        alarms = [alarm["sentence"] for alarm in self.ask(node, "alarms")["alarms"]
                  if alarm["kind"] in ("frozen", "behind", "unreadable")]
        assert alarms == []

    def fsck(self, node):
        nodes.parley("fsck", "--dir", node.folder, timeout=600)

    def compare_stores(self):
        """Both nodes have ended: whatever either signed, and whatever either holds, is of one history."""
        roots = {}
        entries = {}
        for node in self.pair:
            self.fsck(node)
            with sqlite3.connect(f"file:{node.folder / 'parley.sqlite'}?mode=ro", uri=True) as store:
                for log, note in store.execute("SELECT log, note FROM note"):
                    origin, size, root = bytes(note).decode().split("\n")[:3]
                    assert roots.setdefault((origin, size), root) == root, f"two roots of {log} at {size}"
                for log in [party.party for party in self.pair]:
                    rows = store.execute("SELECT envelope FROM entry WHERE log = ? ORDER BY position", [log])
                    entries[node.party, log] = [bytes(row[0]) for row in rows]
        assert len(roots) > self.kills
        for owner, other in (self.pair, reversed(self.pair)):
            whole, copy = entries[owner.party, owner.party], entries[other.party, owner.party]
            assert copy and copy == whole[:len(copy)], f"{other.party} holds another history of {owner.party}"

    def report(self):
        return (f"{self.kills} kills, {self.kills_while_starting} of them while starting; {self.answered} commands "
                f"answered, {self.checked} look-ups of notices, log sizes {self.sizes}")


def main():
    parser = argparse.ArgumentParser(description="Kills nodes under load until it has done so often and long enough.")
    parser.add_argument("--kills", type=int, default=1000, help="at least so many (1000)")
    parser.add_argument("--together", type=int, default=25, help="of one mechanism, before the next is begun (25)")
    parser.add_argument("--seconds", type=int, default=0, help="at least so long (0)")
    parser.add_argument("--trouble", action="store_true", help="spoil links, clocks and disks as well")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    campaign = Mechanism
    if asked.trouble:
        import trouble_kills

        campaign = trouble_kills.Troubled
    end = time.monotonic() + asked.seconds
    kills = answered = checked = 0
    while kills < asked.kills or time.monotonic() < end:
        # Begun anew now and then: what a start has to fold, and what has to be hashed again, grows with every kill.
        with tempfile.TemporaryDirectory(prefix="parley-soak-") as folder:
            with campaign(pathlib.Path(folder), asked.seed + kills) as mechanism:
                while mechanism.kills < asked.together:
                    mechanism.kill_one()
            mechanism.compare_stores()
        kills += mechanism.kills
        answered += mechanism.answered
        checked += mechanism.checked
        print(f"{kills} kills: {mechanism.report()}", flush=True)
    print(f"Nothing lost, no fork: {kills} kills, {answered} commands answered, {checked} look-ups of notices")
    return 0


if __name__ == "__main__":
    sys.exit(main())
