"""What happens to a node that loses its store, or gets an old copy of it back: it is found before it can do harm, and the
peers give everything back."""

import base64
import json
import pathlib
import shutil
import sqlite3
import sys
import urllib.error
import urllib.request

import pytest

import conftest
import nodes
from nodes import FOUND, REFUSED, UNREACHABLE, UNUSABLE_FILE, error, parley, wait_for

sys.path.insert(0, str(nodes.ROOT / "Tests/Interop"))
import merkle  # noqa: E402

NEXT_DAY = ["--from", "+30h", "--to", "+32h"]


@pytest.fixture()
def three(tmp_path):
    """Two principals and a mediator, who serve."""
    three = [
        nodes.Node(tmp_path, "turkiye"), nodes.Node(tmp_path, "israel"), nodes.Node(tmp_path, "mediator", role="mediator")]
    conftest.accept_terms(tmp_path, three)
    try:
        yield [node.start() for node in three]
    finally:
        for node in three:
            node.stop()


def file_notice(node, latitude=35.0):
    """A notice far from all others, and its id."""
    filed = node.ask(
        "notice", "file", "--kind", "air-operation", "--at", f"{latitude:.4f} 38.0000", "--radius-m", 2000, "--lower", "GND",
        "--upper", "FL200", *NEXT_DAY, "--contact", "line 1")
    return filed["notice"]["id"]


def may_sign(node):
    wait_for(f"{node.party} may sign", lambda: node.ask("status")["signing"] == "confirmed", 120)


def is_held(node, notice):
    return any(held["id"] == notice for held in node.ask("notice", "list")["notices"])


def is_receipted(node, notice):
    return all(fact["receiptedAt"] for fact in node.ask("notice", "show", notice)["facts"])


def all_hold(node):
    """The peers hold all that this node has signed, so that whoever answers it first knows of all of it."""
    wait_for(f"all hold {node.party}'s log", lambda: all(
        link["holdsOfOurs"] == link["ourSize"] for link in node.ask("status")["links"]))


def acknowledge(node, notice, latitude):
    start = node.ask("notice", "show", notice)["volumes"][0]["start"]
    node.run("ack", notice, "--lower", "GND", "--start", start, "--position", f"{latitude:.4f} 38.0000")


def acknowledged(node, notice):
    return [(fact["party"], fact["acknowledgedAt"]) for fact in node.ask("notice", "show", notice)["facts"]]


def saw_no_fork(node):
    kinds = [alarm["kind"] for alarm in node.ask("alarm", "list", "--all")["alarms"]]
    return "frozen" not in kinds


def store(node):
    return node.folder / "parley.sqlite"


def fsck(node, **options):
    return nodes.answer("fsck", "--node", node.folder, **options)


def test_an_old_copy_put_back_is_found_before_it_signs_and_restored_to_the_same_history(three, tmp_path):
    turkiye, israel, mediator = three
    may_sign(turkiye)
    first = file_notice(turkiye, 35.0)
    wait_for("receipts", lambda: is_held(israel, first))
    turkiye.stop()
    shutil.copytree(turkiye.folder, tmp_path / "copy")
    turkiye.start()
    may_sign(turkiye)
    later = [file_notice(turkiye, 35.2 + step / 10) for step in range(3)]
    wait_for("the peer holds them", lambda: is_held(israel, later[-1]))
    all_hold(turkiye)
    turkiye.stop()
    shutil.rmtree(turkiye.folder)
    shutil.copytree(tmp_path / "copy", turkiye.folder)

    turkiye.start()
    wait_for("the old copy is found", lambda: turkiye.ask("status")["signing"] == "behind")
    refused = turkiye.run(
        "notice", "file", "--kind", "air-operation", "--at", "36.5 38.0", "--radius-m", 2000, "--lower", "GND", "--upper",
        "FL200", *NEXT_DAY, "--contact", "line 1", "--json", expect=REFUSED)
    assert error(refused)["name"] == "ownLogBehind"
    running = parley("restore", "--node", turkiye.folder, "--json", expect=UNUSABLE_FILE)
    assert error(running)["name"] == "locked"
    turkiye.stop()

    report = nodes.answer("restore", "--node", turkiye.folder)
    assert report["bodiesMissing"] == 0 and report["outOfOrder"] == 0
    assert {"israel", "mediator"} <= set(report["sources"])
    assert pathlib.Path(report["lost"]).name == "parley.sqlite.lost-1" and pathlib.Path(report["lost"]).exists()
    assert fsck(turkiye)["clean"]
    turkiye.start()
    may_sign(turkiye)
    for notice in [first, *later]:
        assert turkiye.ask("notice", "show", notice)["volumes"]
    newest = file_notice(turkiye, 36.5)
    wait_for("the peer goes on", lambda: is_held(israel, newest))
    assert saw_no_fork(israel) and saw_no_fork(mediator) and saw_no_fork(turkiye)


def test_a_store_that_is_gone_comes_back_whole_with_its_sealed_bodies_and_acknowledgements(three):
    turkiye, israel, mediator = three
    may_sign(turkiye)
    may_sign(israel)
    ours = [file_notice(turkiye, 35.0 + step / 10) for step in range(3)]
    theirs = file_notice(israel, 33.0)
    wait_for("both hold all", lambda: is_held(turkiye, theirs) and all(is_held(israel, each) for each in ours))
    acknowledge(turkiye, theirs, 33.0)
    acknowledge(israel, ours[0], 35.0)
    wait_for("acknowledged", lambda: all(
        when for notice in (ours[0], theirs) for node in (turkiye, israel) for _, when in acknowledged(node, notice)))
    wait_for("receipts", lambda: all(is_receipted(turkiye, each) for each in ours))
    all_hold(turkiye)
    before = {each: turkiye.ask("notice", "show", each) for each in [*ours, theirs]}
    turkiye.stop()
    for file in turkiye.folder.glob("parley.sqlite*"):
        file.unlink()

    turkiye.start()
    wait_for("it cannot sign", lambda: turkiye.ask("status")["signing"] == "behind")
    turkiye.stop()
    nodes.answer("restore", "--node", turkiye.folder)
    again = nodes.answer("restore", "--node", turkiye.folder)
    assert again["bodiesMissing"] == 0
    turkiye.start()
    may_sign(turkiye)
    for notice, was in before.items():
        shown = turkiye.ask("notice", "show", notice)
        assert [shown[name] for name in ("version", "status", "volumes", "createdAt")] == [
            was[name] for name in ("version", "status", "volumes", "createdAt")]
        assert acknowledged(turkiye, notice) == [(fact["party"], fact["acknowledgedAt"]) for fact in was["facts"]]
        assert notice == theirs or [fact["receiptedAt"] for fact in shown["facts"]] == [
            fact["receiptedAt"] for fact in was["facts"]]
    ringing = [alarm["subject"] for alarm in turkiye.ask("alarm", "list")["alarms"] if alarm["state"] == "ringing"]
    assert theirs not in ringing
    newest = file_notice(turkiye, 36.5)
    wait_for("the peer goes on", lambda: is_held(israel, newest))
    assert saw_no_fork(israel) and saw_no_fork(mediator)


def test_a_flipped_byte_is_named_by_fsck_and_restored(three):
    turkiye, israel, _ = three
    may_sign(turkiye)
    notice = file_notice(turkiye)
    wait_for("receipts", lambda: is_held(israel, notice))
    running = parley("fsck", "--node", turkiye.folder, "--json", expect=UNUSABLE_FILE)
    assert error(running)["name"] == "locked"
    all_hold(turkiye)
    turkiye.stop()
    assert fsck(turkiye) | {"notes": 0, "journal": 0, "logs": []} == {
        "clean": True, "findings": [], "notes": 0, "journal": 0, "logs": []}
    with sqlite3.connect(store(turkiye)) as db:
        position, envelope = db.execute(
            "SELECT position, envelope FROM entry WHERE log = 'turkiye' ORDER BY position DESC LIMIT 1").fetchone()
    db.close()
    whole = bytearray(store(turkiye).read_bytes())
    at = whole.index(envelope[20:60])
    assert whole.count(envelope[20:60]) >= 1
    while at >= 0:
        # Every copy that the file still has: one of them is the row's.
        whole[at + 10] ^= 1
        at = whole.find(envelope[20:60], at + 1)
    store(turkiye).write_bytes(whole)

    report = fsck(turkiye, expect=FOUND)
    assert not report["clean"]
    named = [finding["detail"] for finding in report["findings"] if finding["name"] == "entryGap"]
    assert any(f"record {position} of turkiye" in detail for detail in named), report
    nodes.answer("restore", "--node", turkiye.folder)
    assert fsck(turkiye)["clean"]
    turkiye.start()
    may_sign(turkiye)
    assert is_held(turkiye, notice)


def test_without_a_peer_nothing_is_restored_and_the_store_stays_as_it_was(three):
    turkiye, israel, mediator = three
    may_sign(turkiye)
    for node in three:
        node.stop()
    before = store(turkiye).read_bytes()
    refused = parley("restore", "--node", turkiye.folder, "--json", expect=UNREACHABLE)
    assert error(refused)["name"] == "noPeer" and "israel" in error(refused)["detail"]
    assert store(turkiye).read_bytes() == before
    unknown = parley("restore", "--node", turkiye.folder, "--from", "atlantis", "--json", expect=nodes.USAGE)
    assert error(unknown)["name"] == "unknownPeer"
    assert not list(turkiye.folder.glob("parley.sqlite.*"))


def test_an_auditor_rebuilds_the_tree_from_the_tiles_and_entries_that_the_desk_serves(three):
    turkiye, israel, _ = three
    may_sign(turkiye)
    notice = file_notice(turkiye)
    wait_for("receipts", lambda: is_held(israel, notice))

    def read(path, token=None, expect=200):
        request = urllib.request.Request(f"http://127.0.0.1:{israel.desk}/api/v1/{path}")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                assert response.status == expect
                return response.read(), response.headers
        except urllib.error.HTTPError as problem:
            assert problem.code == expect, path
            return problem.read(), problem.headers

    body = json.dumps({"officer": israel.officer, "passphrase": nodes.PASSPHRASE}).encode()
    signing_in = urllib.request.Request(
        f"http://127.0.0.1:{israel.desk}/api/v1/session", data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(signing_in, timeout=60) as response:
        token = json.loads(response.read())["token"]

    read("logs/turkiye/checkpoint", expect=401)
    note, headers = read("logs/turkiye/checkpoint", token)
    assert headers["Content-Type"] == "text/plain; charset=utf-8" and headers["Cache-Control"] == "no-store"
    text, signatures = note.decode().split("\n\n")
    origin, size, root = text.splitlines()
    size = int(size)
    # The log goes on growing; it stays in its first tile.
    assert origin.endswith("/turkiye") and 0 < size < 128
    assert any(line.startswith(f"\N{EM DASH} {origin} ") for line in signatures.splitlines())
    assert any(line.startswith("\N{EM DASH} parley/israel ") for line in signatures.splitlines())

    bundle, headers = read(f"logs/turkiye/tile/entries/000.p/{size}", token)
    assert headers["Content-Type"] == "application/octet-stream" and "immutable" in headers["Cache-Control"]
    leaves, rest = [], bundle
    while rest:
        length = int.from_bytes(rest[:2], "big")
        leaves.append(merkle.leaf_hash(rest[2:2 + length]))
        rest = rest[2 + length:]
    assert len(leaves) == size and base64.b64encode(merkle.root(leaves)).decode() == root
    tile, _ = read(f"logs/turkiye/tile/0/000.p/{size}", token)
    assert tile == b"".join(leaves)
    for path in (
            "logs/turkiye/tile/0/000", "logs/turkiye/tile/0/000.p/255", "logs/turkiye/tile/0/001.p/1",
            "logs/turkiye/tile/00/000.p/1", "logs/turkiye/tile/1/000.p/1", "logs/atlantis/checkpoint",
            "logs/turkiye.1/checkpoint", "logs/turkiye/records"):
        read(path, token, expect=404)
