"""The checkers of real nodes can fail: each finds what is planted for it."""

import datetime
import hashlib
import io
import json
import sys
import tarfile
import time

import pytest

import nodes
from invariants import AnswerChecker, Collisions, agree
from invariants_record import Bundle, Store, nothing_is_lost, one_history, roots

sys.path.insert(0, str(nodes.ROOT / "Tests/Interop"))
import ed25519  # noqa: E402
import merkle  # noqa: E402
import notes  # noqa: E402
import records  # noqa: E402

SEEDS = {"alpha": b"a" * 32, "bravo": b"b" * 32}
NOW = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.timezone.utc)


def instant(seconds):
    return (NOW + datetime.timedelta(seconds=seconds)).isoformat()


@pytest.fixture()
def terms(tmp_path):
    file = tmp_path / "terms.json"
    file.write_text(json.dumps({
        "parties": [{"id": party, "nodeKey": ed25519.public_key(seed).hex()} for party, seed in SEEDS.items()],
        "minima": [{"between": ["a", "b"], "horizontalM": 1000, "verticalM": "all", "timeS": 600}]}))
    return file


def notice(id, kind, longitude=35.0, start=0, version=1):
    return {
        "id": id, "owner": id.split("-")[0], "version": version, "mode": "real", "kind": kind,
        "volumes": [{
            "footprint": {"type": "Point", "coordinates": [longitude, 0.0], "radiusM": 500},
            "start": instant(start), "end": instant(start + 3600)}]}


# MARK: Answers


def clear(holds_s=2.0):
    return {"answer": "clear", "validForS": holds_s, "validUntil": instant(holds_s), "at": instant(0), "reasons": []}


def checker(terms, asked=100.0):
    return AnswerChecker("alpha", {"bravo": lambda at: asked}, 3, Collisions(terms))


def test_a_clear_within_its_evidence_is_let_pass(terms):
    look = checker(terms)
    look.judge(None, clear(), 100.9, 101.1, {})
    look.judge(None, {"answer": "unknown", "validUntil": None}, 110, 110, {})
    assert look.false == [] and look.counts == {"clear": 1, "unknown": 1}


@pytest.mark.parametrize("answer, begun, asked, found", [
    (clear(0.1), 103.1, 100.0, "was asked last 3.100 s ago"),
    (clear(2.2), 101.0, 100.0, "it names an end 0.200 s after"),
    (clear(-0.1), 101.0, 100.0, "outlives the end that it names"),
    ({**clear(), "validUntil": instant(9)}, 100.5, 100.0, "outlives the end that it names"),
    (clear(), 101.0, None, "was never heard"),
    ({"answer": "unknown", "validUntil": instant(1)}, 101.0, 100.0, "says until when it is good"),
])
def test_a_clear_beyond_its_evidence_is_found(terms, answer, begun, asked, found):
    look = checker(terms, asked)
    look.judge(None, answer, begun, begun, {})
    assert len(look.false) == 1 and found in look.false[0], look.false


def test_a_clear_over_a_known_doubt_is_found(terms):
    look = checker(terms)
    look.doubts["bravo has suspended"] = 101.0
    look.judge(None, clear(), 100.9, 101.1, {})
    assert look.false == []
    look.judge(None, clear(1.0), 101.1, 101.2, {})
    assert "bravo has suspended" in look.false[0]
    look.doubts_about["alpha-1"] = {"it has given a receipt for bravo-2": 102.0}
    look.judge("alpha-1", clear(0.5), 102.1, 102.2, {})
    assert "it has given a receipt for bravo-2" in look.false[-1]


def test_a_clear_that_rests_on_what_was_known_before_a_start_is_found(terms):
    look = checker(terms, asked=100.0)
    look.started = 100.5
    look.judge(None, clear(), 100.6, 100.7, {})
    assert "never heard" in look.false[0]


def test_a_clear_of_the_stream_that_outlasts_its_evidence_is_found(terms):
    now = time.monotonic()
    for holds_s, false in ((2.9, 0), (3.5, 1)):
        look = checker(terms, asked=now)
        until = datetime.datetime.fromtimestamp(time.time() + holds_s, datetime.timezone.utc).isoformat()
        look.stream([(now, "assurance", {**clear(), "validUntil": until}), (now, "alarm", {}),
                     (now, "reset", {"status": {"assurance": {"answer": "unknown"}}})])
        assert len(look.false) == false, look.false


@pytest.mark.parametrize("subject", [None, "alpha-1"])
def test_a_clear_of_a_notice_that_collides_is_found_if_both_stand_before_and_after(terms, subject):
    held = {each["id"]: each for each in (notice("alpha-1", "a"), notice("bravo-2", "b"))}
    look = checker(terms)
    look.judge(subject, clear(), 100.5, 100.6, held)
    look.listed({"alpha-1": held["alpha-1"]})
    assert look.false == [], "it may have ended meanwhile"
    look.judge(subject, clear(), 100.5, 100.6, held)
    look.listed({**held, "bravo-2": notice("bravo-2", "b", version=2)})
    assert look.false == [], "it may have moved meanwhile"
    look.judge(subject, clear(), 100.5, 100.6, held)
    look.listed(held)
    assert "collides with" in look.false[0]


def test_what_collides_is_told_by_distance_and_time(terms):
    collisions = Collisions(terms)
    one = notice("alpha-1", "a")
    # A degree of longitude on the equator is 111.32 km; 1 km lies between the circles at 2 km between their centres.
    for longitude, start, expected in ((35.0175, 0, True), (35.0185, 0, False), (35.01797, 0, None),
                                       (35.0, 3600 + 599, True), (35.0, 3600 + 601, False)):
        other = notice(f"bravo-{round(longitude * 1e5)}{start}", "b", longitude, start)
        assert collisions.collide(one, other) is expected, (longitude, start)
    # Section 7 of the protocol, written out.
    mechanism = hashlib.sha256(terms.read_bytes()).hexdigest()
    text = f"parley conflict v1\n{mechanism}\nreal\nalpha-1\nbravo-2\n"
    must, may = collisions.among([notice("bravo-2", "b", 35.001), one, notice("bravo-3", "b", 36.0)])
    assert must == may == {hashlib.sha256(text.encode()).hexdigest()}


# MARK: Records


def log(terms, party, count, twist=None):
    """Envelopes of a log; from record `twist` on those of another history."""
    mechanism = hashlib.sha256(terms.read_bytes()).digest()
    made = [
        records.make(mechanism, party, SEEDS[party], index, ["alpha", "bravo"], [], "ordinary",
                     bytes([twist is not None and index >= twist]) * 32, b"{}")
        for index in range(count)]
    return [each["envelope"] for each in made], [each["header"].encode() for each in made]


def head(terms, party, headers, signer=None):
    mechanism = hashlib.sha256(terms.read_bytes()).digest()
    root = merkle.root([records.leaf_hash(header) for header in headers])
    return party, notes.checkpoint_note(notes.origin(mechanism, party), len(headers), root, SEEDS[signer or party])


def test_roots_are_those_of_the_definition(terms):
    _, headers = log(terms, "alpha", 9)
    assert roots(headers) == [merkle.root([records.leaf_hash(each) for each in headers[:size]]) for size in range(10)]


def test_copies_and_heads_of_one_history_are_let_pass(terms):
    whole, headers = log(terms, "alpha", 6)
    stores = [
        Store("alpha", {"alpha": whole}, [head(terms, "alpha", headers), head(terms, "alpha", headers[:2])]),
        Store("bravo", {"alpha": whole[:4]}, [head(terms, "alpha", headers[:4])])]
    assert one_history(stores, terms) == (4, 3)


def test_two_histories_are_found(terms):
    whole, headers = log(terms, "alpha", 6)
    other, others = log(terms, "alpha", 4, twist=3)
    ours = Store("alpha", {"alpha": whole}, [head(terms, "alpha", headers)])
    for planted, found in (
            (Store("bravo", {"alpha": other}, []), "two histories"),
            (Store("bravo", {"alpha": whole[:4]}, [head(terms, "alpha", others)]), "of another history"),
            (Store("bravo", {}, [head(terms, "alpha", log(terms, "alpha", 7)[1])]), "nobody has them"),
            (Store("bravo", {}, [head(terms, "alpha", headers[:5], signer="bravo")]), "no valid signature")):
        with pytest.raises(AssertionError, match=found):
            one_history([ours, planted], terms)


def test_what_was_answered_for_and_is_gone_is_found(terms):
    whole, _ = log(terms, "alpha", 3)
    store = Store("alpha", {"alpha": whole}, [])
    nothing_is_lost([store], {"alpha": ["alpha-0", "alpha-2"], "bravo": ["bravo-9"]})
    with pytest.raises(AssertionError, match="not in the log"):
        nothing_is_lost([store], {"alpha": ["alpha-3"]})


# MARK: Bundles and agreement


def bundle(terms, bodies, leave_out=(), twist=None):
    """Of Bravo, with the log of Alpha and these bodies of its records."""
    _, headers = log(terms, "alpha", 4)
    _, note = head(terms, "alpha", log(terms, "alpha", 4, twist)[1])
    files = {f"heads/{4:016}": note.encode()}
    files |= {f"records/{index:016}.header": header for index, header in enumerate(headers) if index not in leave_out}
    files |= {f"records/{index:016}.body": json.dumps(body).encode() for index, body in bodies.items()}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"parley-evidence/logs/alpha/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def test_a_bundle_that_leaves_out_a_record_or_shows_another_head_is_found(terms):
    with pytest.raises(AssertionError, match="leaves out"):
        Bundle("bravo", bundle(terms, {}, leave_out=[2]), whole=True)
    with pytest.raises(AssertionError, match="another history"):
        Bundle("bravo", bundle(terms, {}, twist=1), whole=True)


def test_a_body_that_was_not_addressed_to_its_reader_is_found(terms):
    data = bundle(terms, {1: {"kind": "notice", "mode": "real", "content": {}}})
    Bundle("bravo", data, whole=True).reads_only_its_own()
    with pytest.raises(AssertionError, match="charlie reads alpha-1"):
        Bundle("charlie", data, whole=True).reads_only_its_own()


def test_notices_of_a_bundle_are_those_that_stand_in_their_newest_version(terms):
    def body(kind, **content):
        return {"kind": kind, "mode": "real", "content": content}

    found = Bundle("bravo", bundle(terms, {
        0: body("notice", notice=None, version=1), 1: body("notice", notice=None, version=1),
        2: body("notice", notice="alpha-0", version=2), 3: body("noticeEnd", notice="alpha-1", version=1)}), whole=True)
    assert [(each["id"], each["version"], each["owner"]) for each in found.notices()] == [("alpha-0", 2, "alpha")]


class FakeDesk:
    def __init__(self, notices, conflicts):
        self.node = type("Node", (), {"party": "alpha"})
        self.answers = {"notices?limit=5000": {"notices": notices}, "conflicts": {"conflicts": conflicts}}

    def get(self, path):
        return self.answers[path]


def test_desks_that_do_not_agree_are_found(terms):
    collisions = Collisions(terms)
    pair = [notice("alpha-1", "a"), notice("bravo-2", "b")]
    conflict = {
        "id": collisions.conflict(*pair), "state": "open", "first": {"notice": "alpha-1", "version": 1},
        "second": {"notice": "bravo-2", "version": 1}}
    whole = FakeDesk(pair, [conflict])
    assert agree([whole, whole], collisions) == {conflict["id"]}
    for other, found in (
            (FakeDesk(pair, []), "of 1"), (FakeDesk(pair, [{**conflict, "id": "00"}]), "of 1"),
            (FakeDesk(pair, [{**conflict, "state": "settled"}]), "other conflicts"),
            (FakeDesk([*pair, notice("alpha-9", "a", 40.0)], [conflict]), "other notices")):
        with pytest.raises(AssertionError, match=found):
            agree([whole, other], collisions)
