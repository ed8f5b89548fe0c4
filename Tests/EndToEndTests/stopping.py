"""STOP between two principals whose direct link can be cut, and a mediator: what its tests share."""

import time

import pytest

import desks
import nodes
from desks import RINGS_WITHIN, Desk, state_of

LADDER = {"stopNextRoleS": 2, "stopTopS": 5}
ADMINISTRATOR = "Duty officer"


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Two principals and a mediator; the direct link between the two principals can be cut."""
    folder = tmp_path_factory.mktemp("stop")
    parties = [
        nodes.Node(folder, "turkiye"), nodes.Node(folder, "israel"), nodes.Node(folder, "azerbaijan", role="mediator")]
    proxies = [desks.Proxy(node) for node in parties[:2]]
    addresses = {proxy.node.party: f"127.0.0.1:{proxy.port}" for proxy in proxies}
    desks.accept(folder, parties, LADDER, addresses)
    with desks.served(parties):
        yield Three(parties, proxies)
    for proxy in proxies:
        proxy.end()


class Three:
    def __init__(self, parties, proxies):
        self.turkiye, self.israel, self.azerbaijan = parties
        self.parties = parties
        self.proxies = proxies

    def cut(self):
        self.proxies[0].close_to(self.israel)
        self.proxies[1].close_to(self.turkiye)

    def mend(self):
        for proxy in self.proxies:
            proxy.close_to()

    def desks(self):
        return [Desk(node) for node in self.parties]


@pytest.fixture()
def desk(three):
    """Signed-in desks of the two principals and the mediator, with no STOP open before or after."""
    found = three.desks()
    yield found
    three.mend()
    for node in three.parties[:2]:
        if node.process is not None:
            end_all(Desk(node), node.party)


def end_all(desk, party):
    for stop in desk.get("stops")["stops"]:
        if stop["isOpen"] and stop["author"] == party:
            desk.lift(stop["id"])


def pressed(presser, hearer, body=None, within=RINGS_WITHIN, **more):
    """Presses, and waits until the other desk rings for it. Returns the STOP and the seconds that it took."""
    since, begun = hearer.mark, time.monotonic()
    stop = presser.press(body, **more)
    at, ring = hearer.wait("stop-ring", lambda data: data["stop"] == stop["id"], since)
    assert at - begun <= within, f"rang after {at - begun:.2f} s"
    return stop, at - begun, ring


def answered(desk, id, word, units=None):
    return desk.post(f"stops/{id}/answer", {"answer": word, **({"units": units} if units else {})})["stop"]


def wait_for_state(desk, id, party, state, seconds=60):
    return nodes.wait_for(
        f"{party} is {state}", lambda: state_of(desk.stop(id), party) == state and desk.stop(id), seconds)
