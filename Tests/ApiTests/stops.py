"""STOP at the desk's API: what each request takes, what it shows, and every refusal by its name."""

import json

import refusals
from client import ADMINISTRATOR, OFFICER, PASSPHRASE, Desk
from harness import wait_for

POINT = {"type": "Point", "coordinates": [38.3169, 34.5574], "radiusM": 500}
NOBODY = "0" * 64


def run(tally, mechanism):
    """Expects two principals, alpha and beta, and a mediator, delta, that run and sign."""
    alpha, beta, delta = (mechanism[party].desk(ADMINISTRATOR) for party in ("alpha", "beta", "delta"))
    with tally.group("stops: what is pressed is what both see"):
        id = shown(tally, alpha, beta)
    with tally.group("stops: refusals by name, and nothing said"):
        tally.check(wait_for(lambda: messages(alpha) == messages(beta)), "both desks have the same messages")
        before = [messages(desk) for desk in (alpha, beta)]
        refused(tally, alpha, beta, delta, id)
        tally.equal([messages(desk) for desk in (alpha, beta)], before, "no message was made by what was refused")
    with tally.group("stops: roles"):
        roles(tally, mechanism, alpha, id)
    with tally.group("stops: consoles"):
        consoles(tally, mechanism, alpha)
    end_all(alpha, "alpha")
    end_all(beta, "beta")


def end_all(desk, party):
    for stop in desk.get("/api/v1/stops").json["stops"]:
        if stop["isOpen"] and stop["author"] == party:
            desk.post(f"/api/v1/stops/{stop['id']}/lift", {"outcome": "withdrawn"})


def messages(desk):
    """What parties have said. That a mediator is told is the ladder's work, and comes when it is due."""
    said = (m for stop in desk.get("/api/v1/stops").json["stops"] for m in stop["messages"] if m["kind"] != "escalation")
    return sorted(m["id"] for m in said)


def shown(tally, alpha, beta):
    body = {"mode": "drill", "area": POINT, "notice": "beta-1", "text": "cease", "language": "en"}
    answer = alpha.post("/api/v1/stop", body)
    tally.equal(answer.status, 201, "a press with every detail")
    stop = answer.json["stop"]
    for desk in (alpha, beta):
        found = wait_for(lambda: (a := desk.get(f"/api/v1/stops/{stop['id']}")).status == 200 and a.json["stop"])
        tally.check(found, "both desks have it")
        tally.equal(
            [found[k] for k in ("author", "mode", "area", "notice", "text", "language", "officer", "station", "isOpen")],
            ["alpha", "drill", POINT, "beta-1", "cease", "en", ADMINISTRATOR, None, True], "as it was pressed")
    # A mediator relays it as well when the direct way has taken half a second.
    told = lambda: [(a["party"], a["state"]) for a in alpha.get(f"/api/v1/stops/{stop['id']}").json["stop"]["addressees"]]
    tally.check(wait_for(lambda: told() == [("beta", "received")]), "it is received", str(told()))
    real = alpha.post("/api/v1/stop").json["stop"]
    tally.check(real["id"] != stop["id"] and real["mode"] == "real", "a press without a body is real, and no part of a drill")
    tally.check(wait_for(lambda: beta.get(f"/api/v1/stops/{real['id']}").status == 200), "beta has it")
    for word in ("heard", "ordered", "cannot", "ceaseReported", "notOurs"):
        answer = beta.post(f"/api/v1/stops/{real['id']}/answer", {"answer": word, "units": ["B 1", "B 2"], "remarks": word})
        tally.equal(answer.status, 200, f"answered: {word}")
        tally.check(
            wait_for(lambda: alpha.get(f"/api/v1/stops/{real['id']}").json["stop"]["addressees"][0]["state"] == word),
            f"the other desk shows {word}")
    said = [m for m in alpha.get(f"/api/v1/stops/{real['id']}").json["stop"]["messages"] if m["kind"] == "answer"]
    tally.equal([said[-1][k] for k in ("answer", "officer", "units", "remarks")],
                ["notOurs", ADMINISTRATOR, ["B 1", "B 2"], "notOurs"], "with units and remarks")
    tally.equal(alpha.post(f"/api/v1/stops/{real['id']}/effect", {"observed": True}).status, 200, "the effect is seen")
    tally.equal(alpha.post(f"/api/v1/stops/{real['id']}/lift", {"outcome": "effectObserved"}).status, 200, "and it is lifted")
    tally.check(wait_for(lambda: not beta.get(f"/api/v1/stops/{real['id']}").json["stop"]["isOpen"]), "at both")
    open_first = [s["isOpen"] for s in alpha.get("/api/v1/stops").json["stops"]]
    tally.equal(open_first, sorted(open_first, reverse=True), "open ones come first")
    logged = wait_for(lambda: all(
        m["onRecord"] for m in alpha.get(f"/api/v1/stops/{real['id']}").json["stop"]["messages"]
        if m["author"] == "alpha" and m["kind"] in ("stop", "effect", "lift")))
    tally.check(logged, "what alpha has said is on record afterwards")
    return stop["id"]


def refused(tally, alpha, beta, delta, id):
    def check(desk, path, body, status, name):
        answer = desk.post(path, body)
        tally.equal((answer.status, answer.problem), (status, name), f"{path.rsplit('/', 1)[1]} {json.dumps(body)}")

    refusals.table(tally, beta, f"/api/v1/stops/{id}/answer", {"answer": "heard"}, [
        ({"answer": "yes"}, 400, "notAllowed", "answer"), ({"answer": 1}, 400, "wrongType", "answer"),
        ({"units": "B"}, 400, "wrongType", "units"), ({"units": [""]}, 400, "notAllowed", "units[0]"),
        ({"units": ["a", 2]}, 400, "notAllowed", "units[1]"), ({"units": ["a\nb"]}, 400, "notAllowed", "units[0]"),
        ({"units": ["a"] * 17}, 400, "outOfRange", "units"), ({"remarks": "x" * 1_001}, 400, "tooLong", "remarks"),
        ({"remarks": 7}, 400, "wrongType", "remarks"), ({"answer": "effectObserved"}, 400, "notAllowed", "answer"),
    ])
    refusals.table(tally, alpha, f"/api/v1/stops/{id}/effect", {"observed": True}, [
        ({"observed": "yes"}, 400, "wrongType", "observed"), ({"observed": 1}, 400, "wrongType", "observed"),
        ({"remarks": "x" * 1_001}, 400, "tooLong", "remarks"), ({"remarks": []}, 400, "wrongType", "remarks"),
    ])
    refusals.table(tally, alpha, f"/api/v1/stops/{id}/lift", {"outcome": "withdrawn"}, [
        ({"outcome": "over"}, 400, "notAllowed", "outcome"), ({"outcome": True}, 400, "wrongType", "outcome"),
        ({"remarks": "x" * 1_001}, 400, "tooLong", "remarks"),
        ({"outcome": "effectObserved"}, 409, "noGrounds"), ({"outcome": "notOurs"}, 409, "noGrounds"),
    ])
    for stop in (NOBODY, "0", "x" * 64, "A" * 64, "alpha-1"):
        for path, body in (("answer", {"answer": "heard"}), ("effect", {"observed": True}), ("lift", {"outcome": "withdrawn"})):
            check(beta if path == "answer" else alpha, f"/api/v1/stops/{stop}/{path}", body, 404, "noSuchStop")
        answer = alpha.get(f"/api/v1/stops/{stop}")
        tally.equal((answer.status, answer.problem), (404, "noSuchStop"), f"GET {stop[:10]}")
    check(alpha, f"/api/v1/stops/{id}/answer", {"answer": "heard"}, 403, "notAnAddressee")
    check(beta, f"/api/v1/stops/{id}/effect", {"observed": True}, 403, "notItsAuthor")
    check(beta, f"/api/v1/stops/{id}/lift", {"outcome": "withdrawn"}, 403, "notItsAuthor")
    for body in (None, {}, {"mode": "drill"}):
        check(delta, "/api/v1/stop", body, 403, "mediatorMayNotPress")


def roles(tally, mechanism, alpha, id):
    stranger = Desk(alpha.port)
    for method, path, body in (
        ("GET", "stops", None), ("GET", f"stops/{id}", None), ("POST", "stop", None), ("POST", "stop", {}),
        ("POST", f"stops/{id}/answer", {"answer": "heard"}), ("POST", f"stops/{id}/effect", {"observed": True}),
        ("POST", f"stops/{id}/lift", {"outcome": "withdrawn"}), ("GET", "consoles", None), ("POST", "consoles", {"console": "x"}),
    ):
        answer = stranger.request(method, f"/api/v1/{path}", body)
        tally.equal((answer.status, answer.problem), (401, "notSignedIn"), f"nobody: {method} {path}")
    answer = alpha.post("/api/v1/officers", {"officer": "inspector", "passphrase": PASSPHRASE, "role": "auditor"})
    tally.equal(answer.status, 201, "an auditor")
    auditor = mechanism["alpha"].desk("inspector")
    tally.equal(auditor.get("/api/v1/stops").status, 200, "an auditor reads")
    answer = auditor.post("/api/v1/stop")
    tally.equal((answer.status, answer.problem), (401, "notSignedIn"), "an auditor presses only at an enrolled console")
    for path, body in ((f"stops/{id}/effect", {"observed": True}), (f"stops/{id}/lift", {"outcome": "withdrawn"})):
        answer = auditor.post(f"/api/v1/{path}", body)
        tally.equal((answer.status, answer.problem), (403, "notAllowed"), f"an auditor does not {path[:10]}")
    watch = mechanism["alpha"].desk(OFFICER)
    pressed = watch.post("/api/v1/stop", {"mode": "drill"})
    tally.equal((pressed.status, pressed.json["stop"]["id"]), (201, id), "a watch officer presses; it joins")


def consoles(tally, mechanism, alpha):
    watch = mechanism["alpha"].desk(OFFICER)
    for method, body in (("GET", None), ("POST", {"console": "x"})):
        answer = watch.request(method, "/api/v1/consoles", body)
        tally.equal((answer.status, answer.problem), (403, "notAllowed"), f"a watch officer: {method} consoles")
    refusals.table(tally, alpha, "/api/v1/consoles", {"console": "Floor"}, [
        ({"console": ""}, 400, "badName"), ({"console": "a\nb"}, 400, "badName"), ({"console": "\u202ex"}, 400, "badName"),
        ({"console": "x" * 65}, 400, "tooLong"), ({"console": 1}, 400, "wrongType"),
    ])
    tally.equal(alpha.get("/api/v1/consoles").json["consoles"], [], "none is enrolled by that")
    for number in range(64):
        answer = alpha.post("/api/v1/consoles", {"console": f"Floor {number}"})
        tally.equal((answer.status, answer.json), (201, {"console": f"Floor {number}"}), f"console {number}")
    token = answer.headers["set-cookie"].split(";")[0].split("=")[1]
    tally.check(len(token) == 64, "a token of 256 bits")
    tally.check(token not in (mechanism["alpha"].folder / "consoles.json").read_text(), "which is kept as a hash only")
    answer = alpha.post("/api/v1/consoles", {"console": "one more"})
    tally.equal((answer.status, answer.problem), (409, "tooManyConsoles"), "64 are enough")
    tally.equal(alpha.post("/api/v1/consoles", {"console": "Floor 63"}).status, 201, "a name again")
    tally.equal(len(alpha.get("/api/v1/consoles").json["consoles"]), 64, "counts once")
    stranger = Desk(alpha.port)
    answer = stranger.post("/api/v1/stop", headers={"Cookie": f"parley_console={token}", "X-Parley": "1"})
    tally.equal((answer.status, answer.problem), (401, "notSignedIn"), "and ends the old token")


def with_frozen_log(tally, alpha, gamma):
    """Alpha's own log is frozen: it files nothing, and says this all the same."""
    tally.equal(alpha.post("/api/v1/suspension", {"suspended": True}).problem, "ownLogFrozen", "alpha adds nothing to its log")
    answer = alpha.post("/api/v1/stop")
    tally.equal(answer.status, 201, "it presses")
    id = answer.json["stop"]["id"]

    def state(desk, party):
        found = desk.get(f"/api/v1/stops/{id}")
        return found.status == 200 and next(a["state"] for a in found.json["stop"]["addressees"] if a["party"] == party)

    tally.check(wait_for(lambda: state(gamma, "gamma"), 2), "gamma has it within two seconds")
    tally.equal(gamma.post(f"/api/v1/stops/{id}/answer", {"answer": "ordered"}).status, 200, "gamma answers")
    tally.check(wait_for(lambda: state(alpha, "gamma") == "ordered"), "which alpha sees")
    theirs = gamma.post("/api/v1/stop").json["stop"]["id"]
    tally.check(wait_for(lambda: alpha.get(f"/api/v1/stops/{theirs}").status == 200), "alpha hears theirs")
    tally.equal(alpha.post(f"/api/v1/stops/{theirs}/answer", {"answer": "notOurs"}).status, 200, "and answers")
    tally.equal(alpha.post(f"/api/v1/stops/{id}/lift", {"outcome": "withdrawn"}).status, 200, "its own is lifted")
    tally.check(wait_for(lambda: not gamma.get(f"/api/v1/stops/{id}").json["stop"]["isOpen"]), "at gamma too")
