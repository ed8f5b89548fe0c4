"""STOP works when everything else does not.

Real nodes under terms with short ladders; what a desk must hear is waited for on its event stream.
"""

import json
import time

import pytest

import desks
import nodes
from desks import RINGS_WITHIN, Desk, Stream, state_of
from stopping import ADMINISTRATOR, LADDER, answered, desk, pressed, three, wait_for_state

__all__ = ["desk", "three"]


# MARK: The path of one STOP


def test_it_rings_within_two_seconds_and_each_answer_is_shown_in_its_order(desk):
    turkiye, israel, _ = desk
    stream = Stream(israel)
    stop, _, ring = pressed(turkiye, stream, {"text": "Your battery fires at our convoy", "language": "en"})
    assert (ring["rung"], ring["roles"], ring["isNew"], ring["author"]) == (0, ["watch"], True, "turkiye")
    assert israel.stop(stop["id"])["text"] == "Your battery fires at our convoy"
    for word, units in (("heard", None), ("ordered", ["Battery 2", "Battery 3"]), ("ceaseReported", None)):
        answered(israel, stop["id"], word, units)
        wait_for_state(turkiye, stop["id"], "israel", word)
    messages = [m for m in turkiye.stop(stop["id"])["messages"] if m["kind"] == "answer"]
    assert [m["answer"] for m in messages] == ["heard", "ordered", "ceaseReported"]
    assert messages[1]["units"] == ["Battery 2", "Battery 3"] and messages[1]["officer"] == ADMINISTRATOR
    stream.close()


def test_a_false_report_of_ceasing_silences_nothing_and_a_lift_needs_grounds(desk):
    turkiye, israel, _ = desk
    stream = Stream(israel)
    stop, _, ring = pressed(turkiye, stream)
    id = stop["id"]
    answered(israel, id, "ceaseReported")
    wait_for_state(turkiye, id, "israel", "ceaseReported")
    assert turkiye.stop(id)["isOpen"] and israel.stop(id)["isOpen"]
    for outcome in ("effectObserved", "notOurs"):
        assert turkiye.refusal(f"stops/{id}/lift", {"outcome": outcome}) == (409, "noGrounds")
    assert israel.refusal(f"stops/{id}/lift", {"outcome": "withdrawn"}) == (403, "notItsAuthor")
    assert turkiye.refusal(f"stops/{id}/answer", {"answer": "heard"}) == (403, "notAnAddressee")
    since, begun = stream.mark, time.monotonic()
    turkiye.post(f"stops/{id}/effect", {"observed": False, "remarks": "it goes on"})
    at, again = stream.wait("stop-ring", lambda data: data["stop"] == id, since)
    assert at - begun <= RINGS_WITHIN
    assert again["round"] > ring["round"] and again["rung"] == 0 and again["isNew"]
    assert turkiye.refusal(f"stops/{id}/lift", {"outcome": "effectObserved"}) == (409, "noGrounds")
    turkiye.post(f"stops/{id}/effect", {"observed": True})
    assert not turkiye.lift(id, "effectObserved")["isOpen"]
    nodes.wait_for("the other desk sees the lift", lambda: not israel.stop(id)["isOpen"])
    assert turkiye.refusal(f"stops/{id}/lift", {"outcome": "withdrawn"}) == (409, "alreadyLifted")
    assert israel.refusal(f"stops/{id}/answer", {"answer": "heard"}) == (409, "alreadyLifted")
    stream.close()


def test_it_is_lifted_as_not_theirs_once_the_other_side_has_said_so(desk):
    turkiye, israel, _ = desk
    id = turkiye.press()["id"]
    nodes.wait_for("it is there", lambda: any(s["id"] == id for s in israel.get("stops")["stops"]))
    answered(israel, id, "notOurs")
    wait_for_state(turkiye, id, "israel", "notOurs")
    assert not turkiye.lift(id, "notOurs")["isOpen"]


def test_repeated_presses_join_and_a_ninth_area_joins_too(desk):
    turkiye, israel, _ = desk
    first = turkiye.press()["id"]
    assert turkiye.press()["id"] == first and turkiye.press({"text": "again"})["id"] == first
    turkiye.lift(first)
    areas = [{"type": "Point", "coordinates": [36 + i / 10, 33], "radiusM": 500} for i in range(9)]
    ids = [turkiye.press({"area": area})["id"] for area in areas]
    assert len(set(ids[:8])) == 8
    assert ids[8] in ids[:8]
    opened = lambda: [s for s in israel.get("stops")["stops"] if s["isOpen"]]
    nodes.wait_for("all are there, and the first is over", lambda: {s["id"] for s in opened()} == set(ids[:8]))
    nodes.wait_for("the ninth press is there as well", lambda: sum(
        m["kind"] == "stop" for s in opened() for m in s["messages"]) == 9)


def test_a_mediator_is_told_at_the_top_may_say_that_it_has_heard_and_nothing_else(desk):
    turkiye, israel, azerbaijan = desk
    assert azerbaijan.refusal("stop") == (403, "mediatorMayNotPress")
    stream = Stream(azerbaijan)
    at_israel = Stream(israel)
    stop, _, _ = pressed(turkiye, at_israel, {"text": "CONFIDENTIAL-KESTREL"})
    id = stop["id"]
    begun = time.monotonic()
    assert at_israel.wait("stop-ring", lambda d: d["stop"] == id and d["rung"] == 1)[0] - begun <= LADDER["stopNextRoleS"] + 2
    top, ring = at_israel.wait("stop-ring", lambda d: d["stop"] == id and d["rung"] == 2)
    assert top - begun <= LADDER["stopTopS"] + 2 and ring["roles"] == ["watch", "releasing", "command"]
    at, told = stream.wait("stop-ring", lambda d: d["stop"] == id)
    assert at - begun <= LADDER["stopTopS"] + 3 and told["author"] == "turkiye"
    seen = azerbaijan.stop(id)
    assert "CONFIDENTIAL-KESTREL" not in json.dumps(seen) and {m["kind"] for m in seen["messages"]} == {"escalation"}
    for word in ("ordered", "ceaseReported", "notOurs", "cannot"):
        assert azerbaijan.refusal(f"stops/{id}/answer", {"answer": word}) == (403, "mediatorOnlyHears")
    answered(azerbaijan, id, "heard")
    nodes.wait_for("the presser sees that the mediator has heard", lambda: any(
        m["kind"] == "answer" and m["author"] == "azerbaijan" for m in turkiye.stop(id)["messages"]))
    # Its word is not the addressee's.
    assert state_of(turkiye.stop(id), "israel") == "received" and turkiye.stop(id)["state"] == "ringing"
    turkiye.lift(id)
    nodes.wait_for("the mediator sees the end", lambda: not azerbaijan.stop(id)["isOpen"])
    stream.close()
    at_israel.close()


def test_hearing_without_a_further_answer_rings_again(desk):
    turkiye, israel, _ = desk
    stream = Stream(israel)
    stop, _, ring = pressed(turkiye, stream)
    since = stream.mark
    answered(israel, stop["id"], "heard")
    at, again = stream.wait("stop-ring", lambda d: d["stop"] == stop["id"] and d["round"] > ring["round"], since)
    assert again["rung"] == 0
    stream.close()


# MARK: What must not stop it


@pytest.mark.parametrize("who", [0, 1])
def test_it_works_while_a_side_has_suspended_the_mechanism(desk, who):
    turkiye, israel, _ = desk
    desk[who].post("suspension", {"suspended": True, "reason": "talks"})
    try:
        nodes.wait_for("the other knows", lambda: "suspended" in [
            link["state"] for link in desk[1 - who].get("links")["links"]])
        text = {"mode": "real", "role": "watch", "precedence": "routine", "text": "x", "language": "en", "to": ["israel"]}
        assert turkiye.refusal("calls", text) == (409, "suspended")
        assert turkiye.refusal("notices", desks.notice()) == (409, "suspended")
        stream = Stream(israel)
        stop, _, _ = pressed(turkiye, stream)
        answered(israel, stop["id"], "heard")
        wait_for_state(turkiye, stop["id"], "israel", "heard")
        stream.close()
    finally:
        desk[who].post("suspension", {"suspended": False})


def test_an_enrolled_console_presses_before_sign_in_and_nobody_else_does(desk, three):
    turkiye, israel, _ = desk
    status, headers, _ = turkiye.raw("POST", "consoles", {"console": "Watch floor 1"})
    assert status == 201
    cookie = headers["Set-Cookie"]
    assert cookie.startswith("parley_console=") and "HttpOnly" in cookie and "SameSite=Strict" in cookie
    token = cookie.split(";")[0].split("=", 1)[1]
    node = three.turkiye
    header = {"X-Parley": "1"}
    count = len(turkiye.get("stops")["stops"])
    for title, cookie, sent, body, expected in (
        ("nothing", None, header, None, (401, "notSignedIn")),
        ("another cookie", "f" * 64, header, None, (401, "notSignedIn")),
        ("a cut cookie", token[:-1], header, None, (401, "notSignedIn")),
        ("no header", token, {}, None, (401, "notSignedIn")),
        ("a form of another site", token, {"Content-Type": "text/plain"}, b"{}", (401, "notSignedIn")),
        ("a form with the header", token, {**header, "Content-Type": "text/plain"}, b"{}", (415, "notJSON")),
        ("a form in the usual coding", token, {**header, "Content-Type": "application/x-www-form-urlencoded"}, b"a=b",
         (415, "notJSON")),
    ):
        found = Desk(node, officer=None, cookie=cookie).refusal("stop", body, headers=sent)
        assert found == expected, title
    # An officer's session cookie alone is not enough either.
    session = {"Cookie": f"parley_session={turkiye.token}"}
    assert Desk(node, officer=None).refusal("stop", headers=session) == (403, "crossSite")
    assert len(turkiye.get("stops")["stops"]) == count
    stream = Stream(israel)
    console = Desk(node, officer=None, cookie=token)
    stop, _, _ = pressed(console, stream, headers=header)
    assert (stop["officer"], stop["station"]) == (None, "Watch floor 1")
    assert (israel.stop(stop["id"])["officer"], israel.stop(stop["id"])["station"]) == (None, "Watch floor 1")
    # It presses and does nothing else.
    for path in ("stops", "notices", "status", "consoles"):
        assert console.raw("GET", path)[0] == 401, path
    assert console.refusal(f"stops/{stop['id']}/lift", {"outcome": "withdrawn"}, headers=header)[0] == 401
    # Enrolled again, the old token ends.
    turkiye.post("consoles", {"console": "Watch floor 1"})
    assert console.refusal("stop", headers=header) == (401, "notSignedIn")
    stream.close()


def test_details_that_cannot_be_read_do_not_keep_it_from_being_sent(desk):
    turkiye, israel, _ = desk
    stream = Stream(israel)
    for body in (b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"mode":7,"area":[],"notice":{},"text":1}', b"{" * 9_000,
                 json.dumps({"text": "\u202e" + "x" * 9_000, "language": "not a language", "unknown": 1}).encode()):
        headers = {"Content-Type": "application/json"} if body else {}
        stop, _, _ = pressed(turkiye, stream, body, headers=headers)
        turkiye.lift(stop["id"])
        nodes.wait_for("it is over", lambda: not israel.stop(stop["id"])["isOpen"])
    stream.close()


def test_words_keep_their_language_wherever_it_stands(desk):
    turkiye, _, _ = desk
    for body in ({"text": "dur", "language": "tr"}, {"language": "tr", "text": "dur"}):
        stop = turkiye.press(body)
        assert (stop["text"], stop["language"]) == ("dur", "tr"), body
        turkiye.lift(stop["id"])
