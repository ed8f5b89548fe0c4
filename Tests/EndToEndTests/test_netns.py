"""Nodes between which packets are lost, late, doubled, out of order, or cut one way: what their own TCP makes of it never
becomes a clear."""

import time

import desks
import invariants
import invariants_record
import netns
import nodes
from desks import RELAYED_WITHIN, Desk, Stream
from invariants import Onlooker
from stopping import pressed
from trouble_looks import BETWEEN, STALE_AFTER, until_good, until_unknown
from trouble_nodes import last


class Apart:
    """Two principals and a mediator, each in a network of its own, with a wire between them that this process is."""

    def __init__(self, folder):
        self.folder = folder
        self.networks = [netns.Network(number) for number in (1, 2, 3)]
        names = ("turkiye", "principal"), ("israel", "principal"), ("azerbaijan", "mediator")
        self.parties = [netns.Apart(folder, name, network, role) for (name, role), network in zip(names, self.networks)]
        self.wire = netns.Wire(self.networks)
        desks.accept(
            folder, self.parties, addresses={node.party: node.address for node in self.parties}, stale_after=STALE_AFTER)
        self.collisions = invariants.Collisions(folder / "terms.json")

    def pair(self, one, other):
        return tuple(next(n.network.address for n in self.parties if n.party == party) for party in (one, other))

    def onlooker(self, desk, other):
        """What came through last from the other one is the most that can be known of it."""
        pair = self.pair(other, desk.node.party)
        return Onlooker(
            desk.node, {other: lambda at: self.wire.last.get(pair)}, STALE_AFTER, self.collisions, token=desk.token)

    def end(self):
        for node in self.parties:
            node.end()
        self.wire.end()
        for network in self.networks:
            network.end()


def test_lost_late_doubled_and_reordered_packets_never_make_a_clear_and_a_cut_wire_is_found_out(tmp_path):
    apart = Apart(tmp_path)
    try:
        with desks.served(apart.parties):
            principals = [Desk(node) for node in apart.parties[:2]]
            both_ways = [apart.pair(*pair) for pair in BETWEEN]
            lookers = [apart.onlooker(principals[0], "israel"), apart.onlooker(principals[1], "turkiye")]
            stream = Stream(principals[1])
            until_good(lookers)

            # Bad, but enough comes through: a third is lost, the rest late by up to 0.3 s and out of order.
            apart.wire.spoil(0.3, (0.0, 0.3), 0.2, *both_ways)
            quiet = principals[0].post("notices", desks.notice(kind="ground-movement", longitude=36))["notice"]["id"]
            both = [desk.post("notices", desks.notice(kind="ground-movement", longitude=38))["notice"] for desk in principals]
            conflict = apart.collisions.conflict(*both)
            stop, took, _ = pressed(principals[0], stream, within=RELAYED_WITHIN)
            print(f"30 % lost: STOP rang after {took:.2f} s")
            principals[0].lift(stop["id"])
            nodes.wait_for("both know of it", lambda: all(
                [c["id"] for c in desk.get("conflicts")["conflicts"]] == [conflict] for desk in principals))
            assert apart.wire.lost > 0 and apart.wire.reordered > 0

            # Nothing comes through any more one way: no packet says so to anybody.
            apart.wire.heal()
            for each in lookers:
                each.subjects = [quiet]
            until_good(lookers, quiet)
            begun = time.monotonic()
            apart.wire.cut(apart.pair("turkiye", "israel"))
            stop, took, _ = pressed(principals[0], stream, within=RELAYED_WITHIN)
            print(f"one way cut: STOP rang after {took:.2f} s")
            principals[0].lift(stop["id"])
            for each in lookers:
                until_unknown(each, quiet, begun, "evidenceStale")
            last(begun + STALE_AFTER + 2 - time.monotonic())

            apart.wire.heal()
            healed = time.monotonic()
            invariants.wait_until_even(principals)
            until_good(lookers, quiet)
            print(f"clear {time.monotonic() - healed:.2f} s after it was healed; {apart.wire.lost} packets lost, "
                  f"{apart.wire.reordered} out of order, {apart.wire.passed} passed")
            print(f"answers: {[each.end() for each in lookers]}")
            assert invariants.agree(principals, apart.collisions, whole=True) == {conflict}
            stream.close()
        stores = [invariants_record.Store.of(node) for node in apart.parties]
        invariants_record.one_history(stores, tmp_path / "terms.json")
    finally:
        apart.end()
