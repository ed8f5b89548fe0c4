"""Two parties under quick terms, each with a node of its own."""

import pytest

import nodes


@pytest.fixture()
def pair(tmp_path):
    """Two nodes that serve, their terms drawn up and accepted as README says."""
    pair = [nodes.Node(tmp_path, "turkiye"), nodes.Node(tmp_path, "israel")]
    accept_terms(tmp_path, pair)
    try:
        for node in pair:
            node.start()
        yield [node.wait_until_it_signs() for node in pair]
    finally:
        for node in pair:
            node.stop()


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """One node that serves; the other party's has confirmed its log and gone, so that nothing but commands happens to
    it."""
    folder = tmp_path_factory.mktemp("alone")
    pair = [nodes.Node(folder, "alpha"), nodes.Node(folder, "bravo")]
    accept_terms(folder, pair)
    try:
        for node in pair:
            node.start()
        pair[0].wait_until_it_signs()
        pair[1].stop()
        yield pair[0]
    finally:
        for node in pair:
            node.stop()


def accept_terms(folder, pair, *more):
    terms = folder / "terms.json"
    cards = [argument for node in pair for argument in ("--party", node.card)]
    nodes.parley(
        "terms", "draft", *cards, "--name", "Test", "--heartbeat", 1, "--stale-after", 3, *more, "--out", terms)
    shown = nodes.fingerprint_shown(nodes.parley("terms", "show", terms).stdout)
    for node in pair:
        nodes.parley("terms", "accept", "--dir", node.folder, terms, "--fingerprint", shown)
