"""Real nodes over links that are cut, slow, late, half open or broken in mid-message; with a node that stands still, and
clocks that jump. Nobody is ever told more than what came through allows, STOP finds the way that is
left, and when all is healed everybody holds the same."""

import contextlib
import time

import pytest

import desks
import invariants
import invariants_record
import nodes
import trouble
from desks import RELAYED_WITHIN, RINGS_WITHIN, Desk, Stream
from invariants import GOOD, Onlooker
from stopping import end_all, pressed
from trouble import FAULTS
from trouble_looks import BETWEEN, PRINCIPALS, STALE_AFTER, until_good, until_unknown
from trouble_nodes import Clock, Party, last


class World:
    """Two principals and a mediator, every way between them through a proxy."""

    def __init__(self, folder):
        self.folder = folder
        self.parties = [
            Party(folder, "turkiye"), Party(folder, "israel"),
            Party(folder, "azerbaijan", role="mediator")]
        self.wires = trouble.Wires()
        self.clock = Clock(self.parties[0])
        desks.accept(folder, self.parties, addresses=trouble.wire(self.wires, self.parties), stale_after=STALE_AFTER)
        self.collisions = invariants.Collisions(folder / "terms.json")
        self.places = 0
        self.desks = {}

    @property
    def principals(self):
        return [self.desks[party] for party in PRINCIPALS]

    def __getitem__(self, party):
        return next(node for node in self.parties if node.party == party)

    def place(self):
        """Far from all others."""
        self.places += 1
        return {"kind": "ground-movement", "longitude": 35 + self.places % 30 * 0.25, "latitude": 32 + self.places // 30 * 0.25}

    def onlooker(self, party, **more):
        evidence = {other: self.wires[party, other].evidence for other in PRINCIPALS if other != party}
        return Onlooker(self[party], evidence, STALE_AFTER, self.collisions, token=self.desks[party].token, **more)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("network"))
    with desks.served(world.parties):
        world.desks = {party: Desk(world[party]) for party in PRINCIPALS}
        yield world
        world.wires.heal()
        invariants.wait_until_even(world.principals)
        invariants.agree(world.principals, world.collisions)
    for node in world.parties:
        invariants_record.fsck(node)
    stores = [invariants_record.Store.of(node) for node in world.parties]
    compared, heads = invariants_record.one_history(stores, world.folder / "terms.json")
    print(f"{compared} records of copies and {heads} signed heads are of one history")
    world.wires.end()


@pytest.fixture(autouse=True)
def healthy(request):
    """What a test leaves behind is no matter of the next one."""
    yield
    if "world" in request.fixturenames:
        world = request.getfixturevalue("world")
        world.wires.heal()
        world.clock.set(0)
        for desk in world.principals:
            end_all(desk, desk.node.party)
            if desk.get("status")["suspended"]:
                desk.post("suspension", {"suspended": False})
            for notice in desk.get("notices")["notices"]:
                if notice["owner"] == desk.node.party:
                    desk.post(f"notices/{notice['id']}/end", {"reason": "over"})


@contextlib.contextmanager
def looked_at(world, subjects=(), **more):
    """Both principals are asked all the time; at the end nothing that they said was false."""
    found = [world.onlooker(party, **more) for party in PRINCIPALS]
    for each in found:
        each.subjects = list(subjects)
    try:
        yield found
    finally:
        counts = [each.end() for each in found]
    print(f"answers: {counts}")
    assert all(any(word in GOOD for word in each) for each in counts), "never clear proves nothing"


def file_both(world):
    """A notice at each desk, that collide, and the conflict's id."""
    place = world.place()
    both = [desk.post("notices", desks.notice(**place))["notice"] for desk in world.principals]
    return both, world.collisions.conflict(*both)


# What becomes of the way from Türkiye to Israel, and of the way back.
CASES = [
    ("cut", "cut"), ("forth-cut", "back-cut"), ("half-open", "unread"), ("late", "refused"), ("swallowed", "healthy"),
    ("reset", "truncated"), ("slow", "garbled"),
]


@pytest.mark.parametrize("faults", CASES, ids="+".join)
def test_nobody_is_told_more_than_came_through_and_all_is_even_after(world, faults):
    principals = world.principals
    quiet = principals[0].post("notices", desks.notice(**world.place()))["notice"]["id"]
    stream = Stream(principals[1])
    faults = [FAULTS.get(name, trouble.HEALTHY) for name in faults]
    with looked_at(world, [quiet]) as lookers:
        until_good(lookers, quiet)
        begun = time.monotonic()
        spoiled = [world.wires[pair].spoiled for pair in BETWEEN]
        for fault, pair in zip(faults, BETWEEN):
            world.wires.set(fault, pair)
        # Each has one that the other cannot be told of directly.
        both, conflict = file_both(world)
        for looker, own in zip(lookers, both):
            looker.subjects.append(own["id"])
        # What is left is the mediator, or what comes through of the direct way.
        stop, took, _ = pressed(principals[0], stream, within=RELAYED_WITHIN)
        print(f"STOP rang after {took:.2f} s")
        for fault, looker in zip(faults, lookers):
            if fault.name != "healthy" and not fault.lets_answers_through:
                took = until_unknown(looker, quiet, begun, "evidenceStale")
                print(f"{fault.name}: {looker.node.party} says unknown after {took:.2f} s")
        principals[0].lift(stop["id"])
        for before, fault, pair in zip(spoiled, faults, BETWEEN):
            often = 1 + 2 * fault.lets_answers_through
            nodes.wait_for(
                f"{fault.name} does something",
                lambda: fault is trouble.HEALTHY or world.wires[pair].spoiled >= before + often)
        world.wires.heal()
        healed = time.monotonic()
        for i, looker in enumerate(lookers):
            # The other desk shows this node's receipt: from now on it has no excuse.
            own, other = both[i], both[1 - i]
            desk, path = world.desks[other["owner"]], f"notices/{other['id']}"
            nodes.wait_for("the receipt", lambda: desk.get(path)["facts"][0]["receiptedAt"])
            looker.doubts_about[own["id"]] = {f"it has given a receipt for {other['id']}, which collides": time.monotonic()}
        invariants.wait_until_even(principals)
        nodes.wait_for("both know of it", lambda: all(
            [c["id"] for c in desk.get("conflicts")["conflicts"]] == [conflict] for desk in principals))
        print(f"even {time.monotonic() - healed:.2f} s after it was healed")
        assert invariants.agree(principals, world.collisions) == {conflict}
        until_good(lookers, quiet)
        print(f"clear {time.monotonic() - healed:.2f} s after it was healed")
    stream.close()


def test_the_stream_says_so_in_time_and_whoever_allows_a_second_less_finds_the_same_answers_false(world):
    """How sharp the look is: what a desk may be told ends where it ends, and not a second later."""
    desk = world.desks["turkiye"]
    stream = Stream(desk)
    sharper = Onlooker(
        desk.node, {"israel": world.wires["turkiye", "israel"].evidence}, STALE_AFTER - 1, world.collisions, pause_s=0.01,
        token=desk.token, lists=False)
    wanted = "was asked last", "it names an end", "its stream names an end"
    with looked_at(world) as lookers:
        # More than once, because another doubt, such as a record on its way, may end a clear before its evidence does.
        for _ in range(10):
            until_good(lookers)
            since, begun = stream.mark, time.monotonic()
            world.wires.set(FAULTS["cut"])
            at, _ = stream.wait("assurance", lambda data: data["answer"] == "unknown", since)
            print(f"the stream says unknown {at - begun:.2f} s after the cut")
            until_unknown(lookers[0], None, begun, "evidenceStale")
            world.wires.heal()
            lookers[0].stream(list(stream.events))
            sharper.stream(list(stream.events))
            if all(any(found in each for each in sharper.false) for found in wanted):
                break
    sharper.stop()
    for found in wanted:
        assert any(found in each for each in sharper.false), f"{found}: {sharper.counts}"
    stream.close()


def test_a_suspension_behind_a_cut_link_is_never_shown_as_clear(world):
    turkiye, israel = world.principals
    with looked_at(world) as lookers:
        until_good(lookers)
        world.wires.set(FAULTS["late"], *BETWEEN)
        israel.post("suspension", {"suspended": True})
        lookers[0].doubts["israel has suspended"] = time.monotonic() + STALE_AFTER
        until_unknown(lookers[0], None, time.monotonic())
        world.wires.heal()
        nodes.wait_for("it is known", lambda: "suspended" in lookers[0].latest()[1])
        del lookers[0].doubts["israel has suspended"]
        israel.post("suspension", {"suspended": False})
        until_good(lookers)


def test_a_node_that_stands_still_is_not_clear_to_others_nor_to_itself(world):
    turkiye, israel = world.principals
    stream = Stream(israel)
    with looked_at(world) as lookers:
        until_good(lookers)
        begun = time.monotonic()
        with world["israel"].standing_still():
            stop = turkiye.press()
            # No way is left but to wait for it: and that it has not been heard is said.
            nodes.wait_for(
                "it is with the mediator", lambda: desks.state_of(turkiye.stop(stop["id"]), "israel") == "handedToRelay")
            until_unknown(lookers[0], None, begun, "evidenceStale")
            last(begun + STALE_AFTER + 1 - time.monotonic())
        woken = time.monotonic()
        at, _ = stream.wait("stop-ring", lambda data: data["stop"] == stop["id"])
        print(f"STOP rang {at - woken:.2f} s after it went on")
        assert at - woken <= RINGS_WITHIN
        turkiye.lift(stop["id"])
        until_good(lookers)
    stream.close()



def test_a_clock_that_is_set_makes_nothing_clear_at_either_desk_until_it_is_right_again(world):
    if not world.clock.can_move:
        pytest.skip("no C compiler: the clock cannot be moved")
    with looked_at(world) as lookers:
        until_good(lookers)
        # Within what the terms allow.
        world.clock.set(1.2)
        until_good(lookers)
        assert "clockStepped" not in lookers[0].reasons, "no step was worth a doubt"
        for ahead in (6, -4):
            begun = time.monotonic()
            world.clock.set(ahead)
            set_at = time.monotonic()
            lookers[0].doubts["its clock stepped"] = set_at
            # The other one learns of it by the next answer to a challenge, or goes stale.
            lookers[1].doubts["turkiye's clock is wrong"] = set_at + STALE_AFTER
            for each, why in zip(lookers, ("clockStepped", "clockDiffers")):
                until_unknown(each, None, begun, why)
            last(set_at + STALE_AFTER + 0.5 - time.monotonic())
            for each in lookers:
                each.doubts.clear()
            world.clock.set(0)
            print(f"clear {until_good(lookers):.2f} s after the clock was right again")
