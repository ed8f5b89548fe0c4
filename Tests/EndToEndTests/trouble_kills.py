"""The campaign of kills, with everything else that can go wrong mixed in: links are spoiled at random, one node's clock is
set, the other's disk fills up, and both stand still now and then. `test_kill.py --trouble` runs it for as long as asked."""

import time

import desks
import invariants
import invariants_record
import nodes
import test_kill
import trouble
from trouble_nodes import Clock, Party, SmallDisk, last

STALE_AFTER = 3


class NotStored(Exception):
    """The disk did not take it, and nothing was recorded."""


class Desk(test_kill.Desk):
    def ask(self, method, path, body=None):
        try:
            return super().ask(method, path, body)
        except AssertionError as error:
            if " 507 " in str(error):
                raise NotStored from error
            raise


class Officer(test_kill.Officer):
    """Goes on when the disk is full; what was refused has not happened."""

    desk = Desk

    def act(self, desk):
        try:
            super().act(desk)
        except NotStored:
            with self.mechanism.lock:
                self.mechanism.not_stored += 1
                self.mechanism.lock.notify_all()
            for notice in self.notices:
                notice.possible = None
            self.ends.wait(0.05)


class Troubled(test_kill.Mechanism):
    """Two nodes; the first one's clock can be set, the second one has a small disk."""

    officer = Officer
    # Enough for what a campaign writes, so that it is full only when it is filled.
    disk_mebibytes = 96

    def __init__(self, folder, seed):
        self.wires = trouble.Wires(seed)
        super().__init__(folder, seed)
        self.answers, self.conflicts = [], set()
        self.clock = Clock(self.pair[0])
        self.disk = SmallDisk(self.pair[1], self.disk_mebibytes)
        self.collisions = invariants.Collisions(folder / "terms.json")
        self.not_stored = 0
        self.done = {}
        self.lookers = []
        self.coming = []
        # The body that was made last.
        self.before = None

    def make(self, folder, party):
        return Party(folder, party)

    def accept(self, folder):
        desks.accept(folder, self.pair, addresses=trouble.wire(self.wires, self.pair), stale_after=STALE_AFTER)

    def __enter__(self):
        super().__enter__()
        for node, other in (self.pair, self.pair[::-1]):
            evidence = {other.party: self.wires[node.party, other.party].evidence}
            looker = invariants.Onlooker(
                node, evidence, STALE_AFTER, self.collisions, pause_s=0.1, token=self.desks[node.party].token, lists=False)
            # A notice that no other ever collides with, so that its answer is clear or tells of silence.
            quiet = desks.notice(kind="ground-movement", longitude=34.6, latitude=31.6 + len(self.lookers), minutes=30 * 60)
            looker.subjects = [self.desks[node.party].ask("POST", "notices", quiet)["notice"]["id"]]
            self.lookers.append(looker)
        self.maker = trouble.Troublemaker(self.wires, self.random.random())
        return self

    def __exit__(self, kind, *more):
        try:
            self.maker.end()
            self.clock.set(0)
            self.disk.free()
            if kind is None:
                self.settle()
        finally:
            super().__exit__(kind, *more)
            self.disk.end()
            self.wires.end()

    def settle(self):
        """All is healed: everybody holds everything, and the same conflicts."""
        for node in self.pair:
            self.relieve(node)
        both = [desks.Desk(node) for node in self.pair]
        invariants.wait_until_even(both)
        self.conflicts = invariants.agree(both, self.collisions)
        self.answers = [looker.end() for looker in self.lookers]

    def body(self):
        """Now and then where the notice before it is, which may be the other side's."""
        body = super().body()
        if self.random.random() < 0.2 and self.before:
            body["volumes"] = self.before["volumes"]
        self.before = body
        return body

    # Death, and what comes before it

    def kill_one(self):
        # Each of them in turn. The disk first: what a store has set aside before, it still writes to when the disk is full.
        self.coming = self.coming or [*self.random.sample([self.stand_still, self.set_clock], 2), self.fill_disk]
        self.coming.pop()()
        super().kill_one()
        self.disk.free()

    def count_done(self, what):
        self.done[what] = self.done.get(what, 0) + 1

    def stand_still(self):
        with self.random.choice(self.pair).standing_still():
            last(self.random.uniform(0.5, STALE_AFTER + 1))
        self.count_done("stood still")

    def set_clock(self):
        self.clock.set(self.random.choice([-7, -1, 0, 1, 7]))
        self.count_done("clock set")

    def fill_disk(self):
        """It stays full until the node that is killed next has been killed."""
        before = self.not_stored
        self.disk.fill()
        with self.lock:
            full = self.lock.wait_for(lambda: self.not_stored > before, 240)
        assert full, "a disk without a byte takes everything"
        self.count_done("disk filled")

    # Nodes behind other commands, and stores elsewhere

    def begin(self, node):
        # It is given room again: what counts is that it then has everything that it answered for.
        self.disk.free()
        for looker in self.lookers:
            if looker.node is node:
                looker.started = time.monotonic()
        node.begin()

    def fsck(self, node):
        folder = self.disk.folder if node is self.pair[1] and node.prefix else node.folder
        nodes.parley("fsck", "--dir", folder, timeout=600)

    def compare_stores(self):
        super().compare_stores()
        stores = [invariants_record.Store.of(node) for node in self.pair]
        invariants_record.one_history(stores, self.pair[0].folder.parent / "terms.json")
        invariants_record.nothing_is_lost(
            stores, {party: [notice.id for notice in notices] for party, notices in self.notices.items()})

    def report(self):
        return (f"{super().report()}; links spoiled {self.maker.made}, {self.done}, {self.not_stored} refused by a full disk; "
                f"answers {self.answers}, {len(self.conflicts)} conflicts the same at both")
