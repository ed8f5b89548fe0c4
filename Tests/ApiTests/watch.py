"""The watch, the second officer, units and passing on: what the desk shows, and every refusal by its name."""

import json

import refusals
from client import ADMINISTRATOR, OFFICER, PASSPHRASE, Desk
from harness import instant, notice, volume, wait_for, wait_until_signing

# The terms that `check.py` edits for these groups want a second officer for ends and for this kind.
WANTS_TWO = "exercise"
UNITS = ["Battery 2", "Convoy 7"]


def run(tally, mechanism):
    """Expects two principals, alpha and beta, and a mediator, delta, that run and sign."""
    alpha, beta, delta = (refusals.Counted(mechanism[p].desk(ADMINISTRATOR)) for p in ("alpha", "beta", "delta"))
    second = refusals.Counted(mechanism["beta"].desk(OFFICER))
    for title, part in (
        ("the watch is handed over item by item", handover),
        ("a second officer approves what removes a warning", second_officer),
        ("word that reached headquarters has not reached the crew", passing),
        ("a unit's own system confirms and does nothing else", feed),
        ("an auditor reads and does nothing", auditor),
        ("bells outside the browser", bells),
        ("refusals by name", refused),
    ):
        with tally.group(f"watch: {title}"):
            part(tally, mechanism, alpha, beta, delta, second)
    with tally.group("watch: the journal holds what was taken and nothing else"):
        for node, counted in ((mechanism["alpha"], (alpha,)), (mechanism["beta"], (beta, second)), (mechanism["delta"], (delta,))):
            node.stop()
            taken = [path for one in counted for path in one.taken if path.split("/")[0] in ("watch", "units", "passing", "feed")]
            tally.equal(refusals.commands(node, "command watch"), len(taken), f"{node.party}'s journal")
            node.start()
        wait_until_signing(*mechanism.nodes.values())


def check(tally, desk, path, body, status, name, field=None):
    answer = desk.post(path, body)
    right = (answer.status, answer.problem) == (status, name) and (field is None or answer.field == field)
    tally.check(right, f"{path} {json.dumps(body)[:100]}: {status} {name} {field or ''}", repr(answer))


def handover(tally, mechanism, alpha, beta, delta, second):
    tally.equal(beta.get("watch").json["onDuty"], None, "nobody has the watch at first")
    check(tally, beta, "watch/handover", {"to": OFFICER}, 403, "notOnDuty")
    tally.equal(beta.post("watch/take").json["watch"]["onDuty"]["officer"], ADMINISTRATOR, "it is taken")
    tally.equal(beta.post("watch/take").status, 200, "taking it again changes nothing")
    check(tally, second, "watch/take", None, 409, "watchTaken")
    for path in ("watch/handover/complete", "watch/handover/cancel"):
        check(tally, beta, path, None, 404, "noHandover")
    check(tally, beta, "watch/handover/accept", {"item": "message:alpha-1"}, 404, "noHandover")
    # Something is open.
    open_call = alpha.desk.post("/api/v1/calls", {"mode": "real", "role": "watch", "precedence": "priority", "text": "x", "language": "en"}).json["call"]["id"]
    wait_for(lambda: beta.get(f"calls/{open_call}").status == 200)
    check(tally, beta, "watch/handover", {"to": ADMINISTRATOR}, 403, "sameOfficer")
    for other in ("nobody", "inspector"):
        check(tally, beta, "watch/handover", {"to": other}, 400, "badRequest", "to")
    offered = beta.post("watch/handover", {"to": OFFICER, "remarks": "quiet so far"})
    tally.equal(offered.status, 200, "it is offered")
    items = offered.json["watch"]["handover"]["items"]
    tally.check(f"message:{open_call}" in [i["id"] for i in items], "with everything that is open", str(items))
    tally.check(not any(i["isAccepted"] for i in items), "none of it accepted")
    check(tally, beta, "watch/handover", {"to": OFFICER}, 409, "handoverUnderWay")
    check(tally, beta, "watch/handover/accept", {"item": items[0]["id"]}, 403, "notIncomingOfficer")
    check(tally, beta, "watch/handover/complete", None, 403, "notIncomingOfficer")
    check(tally, second, "watch/handover/complete", None, 409, "itemsLeft")
    check(tally, second, "watch/handover/accept", {"item": "message:alpha-99999"}, 404, "noSuchItem")
    tally.equal(second.post("watch/handover/cancel").json["watch"]["handover"], None, "either officer calls it off")
    beta.post("watch/handover", {"to": OFFICER})

    # What opens meanwhile joins; every item is accepted by itself.
    def complete():
        for item in second.get("watch").json["handover"]["items"]:
            if not item["isAccepted"]:
                second.post("watch/handover/accept", {"item": item["id"]})
        answer = second.post("watch/handover/complete")
        return answer.status == 200 and answer.json["watch"]

    done = wait_for(complete)
    tally.equal(done and (done["onDuty"]["officer"], done["handover"]), (OFFICER, None), "the incoming officer has the watch")
    beta.desk.post(f"/api/v1/calls/{open_call}/acknowledge", {})
    check(tally, beta, "watch/handover", {"to": OFFICER}, 403, "notOnDuty")


def second_officer(tally, mechanism, alpha, beta, delta, second):
    before = len(beta.get("notices?state=all").json["notices"])
    asked = beta.post("notices", notice(WANTS_TWO, volumes=[volume(41, 31)]))
    tally.equal((asked.status, list(asked.json)), (202, ["pending"]), "a kind that the terms name waits")
    act = asked.json["pending"]
    pending = next(p for p in beta.get("watch").json["pending"] if p["id"] == act)
    tally.equal(pending["by"], ADMINISTRATOR, "who asked is shown")
    tally.equal(len(beta.get("notices?state=all").json["notices"]), before, "nothing is filed yet")
    alarms = [a["id"] for a in beta.get("alarms").json["alarms"]]
    tally.check(f"secondOfficer:{act}" in alarms, "it rings", str(alarms))
    check(tally, beta, f"watch/pending/{act}/approve", None, 403, "sameOfficer")
    check(tally, second, f"watch/pending/{act}/withdraw", None, 403, "notYourPendingAct")
    tally.equal(second.post(f"watch/pending/{act}/approve").status, 200, "another officer approves")
    filed = [n for n in beta.get("notices?state=all").json["notices"] if n["kind"] == WANTS_TWO]
    tally.equal(len(filed), 1, "it is filed, once")
    check(tally, second, f"watch/pending/{act}/approve", None, 404, "noSuchPendingAct")
    id = filed[0]["id"]
    wait_for(lambda: alpha.get(f"notices/{id}").status == 200)
    ended = beta.post(f"notices/{id}/end", {"reason": "cancelled"})
    tally.equal(ended.status, 202, "an end removes a warning and waits")
    tally.equal(alpha.get(f"notices/{id}").json["status"], "current", "which stands meanwhile")
    withdrawn = beta.post(f"watch/pending/{ended.json['pending']}/withdraw")
    tally.equal((withdrawn.status, withdrawn.json["watch"]["pending"]), (200, []), "who asked withdraws it")
    ended = beta.post(f"notices/{id}/end", {"reason": "cancelled"})
    twice = beta.post(f"notices/{id}/end", {"reason": "cancelled"})
    second.post(f"watch/pending/{ended.json['pending']}/approve")
    tally.check(wait_for(lambda: alpha.get(f"notices/{id}").json["status"] == "ended"), "approved, it ends at both")
    check(tally, second, f"watch/pending/{twice.json['pending']}/approve", None, 409, "alreadyEnded")
    # That it lapsed is journalled.
    second.taken.append("watch/pending")
    tally.equal(beta.get("watch").json["pending"], [], "what lapsed waits no longer")


def reasons(desk, id):
    return [(r["name"], r["party"]) for r in desk.get(f"notices/{id}/assurance").json["reasons"]]


def passing(tally, mechanism, alpha, beta, delta, second):
    where = volume(43, 32, start="+60m", end="+80m")
    filed = alpha.post("notices", notice("strike", volumes=[where])).json["notice"]
    id, at = filed["id"], {"notice": filed["id"], "version": 1}
    wait_for(lambda: beta.get(f"notices/{id}").status == 200)
    read = {"position": [43, 32], "lower": where["altitude"]["lower"], "start": where["start"]}
    tally.equal(beta.post(f"notices/{id}/acknowledgements", {"version": 1, "readBack": read}).json["accepted"], True, "acknowledged")
    for unit in UNITS:
        tally.equal(beta.post("units", {"unit": unit}).status, 201, f"registered: {unit}")
    check(tally, beta, "units", {"unit": UNITS[0]}, 409, "unitExists")
    tally.check(wait_for(lambda: {("needsPassingOn", "alpha"), ("needsPassingOn", "beta")} <= set(reasons(alpha, id))), "unknown until both say that their units have it", str(reasons(alpha, id)))
    tally.equal(alpha.get(f"notices/{id}/assurance").json["answer"], "unknown", "so the answer is UNKNOWN")
    tally.equal(alpha.post("passing/concerns", {**at, "units": []}).status, 200, "it concerns none of alpha's")
    tally.check(wait_for(lambda: ("needsPassingOn", "alpha") not in reasons(beta, id)), "which beta hears")
    own = beta.post("passing/concerns", {**at, "units": UNITS}).json["own"]
    own = next(o for o in own if o.get("notice") == at)
    tally.equal((own["notYetReached"], own["reached"]), (UNITS, []), "not yet reached by default")
    own = next(o for o in beta.post("passing", {**at, "units": UNITS[:1], "disclose": True}).json["own"] if o.get("notice") == at)
    tally.equal((own["notYetReached"], [(r["unit"], r["by"], r["isDisclosed"]) for r in own["reached"]]), (UNITS[1:], [(UNITS[0], ADMINISTRATOR, True)]), "one is, by whom")
    tally.check(("needsPassingOn", "beta") in reasons(alpha, id), "one of two is not all")
    # Beta has acknowledged and stated this a moment ago, and its word is on the way.
    entry = lambda: next(e for e in alpha.get("board").json["board"] if e["notice"] == id)
    tally.check(wait_for(lambda: (entry()["notPassedOn"], entry()["notAcknowledged"]) == (["beta"], [])), "the board says who has not", str(entry()))

    def said():
        facts = alpha.get(f"notices/{id}").json["passedOn"]
        return [[fact[k] for k in ("party", "reached", "of", "units", "isComplete")] for fact in facts]

    expected = [["alpha", 0, 0, [], True], ["beta", 1, 2, UNITS[:1], False]]
    tally.check(wait_for(lambda: said() == expected), "the notice shows what each side has said", str(said()))
    tally.check(UNITS[1] not in json.dumps(alpha.get("units").json), "what is not disclosed is not there")
    mechanism.passing = at


def feed(tally, mechanism, alpha, beta, delta, second):
    at = mechanism.passing
    answer = beta.desk.post("/api/v1/officers", {"officer": UNITS[1], "passphrase": PASSPHRASE, "role": "feed"})
    tally.equal(answer.status, 201, "an account of a unit's own system")
    unit = refusals.Counted(mechanism["beta"].desk(UNITS[1]))
    found = unit.get("feed")
    tally.equal((found.status, found.json["unit"]), (200, UNITS[1]), "it sees the board")
    tally.check(at["notice"] in [e["notice"] for e in found.json["board"]], "with the notice")
    gets = ["status", "terms", "assurance", "links", "alarms", "notices", f"notices/{at['notice']}", "conflicts", "stops", "calls", "presence", "disclosures",
            "templates", "templates/en", "watch", "board", "units", "bells", "cards", "print", "evidence", "events", "officers", "consoles", "logs/alpha/checkpoint", "gazetteer/nearest?at=36,33", "coordinates?text=36,33"]
    for path in gets:
        answer = unit.get(path)
        tally.equal((answer.status, answer.problem), (403, "notAllowed"), f"it does not read {path}")
    for path in ("//api/v1/notices", "/api//v1/notices", "/api/v1//notices", "/api/v1/notices/", "//api/v1/evidence", "/api/v1/feed/../notices", "//api/v1/officers"):
        answer = refusals.unobserved(unit.desk, "GET", path)
        tally.check(answer.status in (403, 404), f"nor by another spelling: {path}", repr(answer))
    for path, body in posts(at):
        answer = unit.post(path, body)
        tally.equal((answer.status, answer.problem), (403, "notAllowed"), f"it does nothing at {path}")
    refusals.table(tally, unit.desk, "/api/v1/feed", at, [
        ({"version": 2}, 409, "staleVersion"), ({"version": 0}, 400, "outOfRange", "version"), ({"version": "1"}, 400, "wrongType", "version"),
        ({"notice": "alpha-99999"}, 404, "noSuchNotice"), ({"notice": "x"}, 400, "notAllowed", "notice"),
        ({"notice": None, "version": None, "stop": "0" * 64}, 404, "noSuchItem"), ({"notice": None, "version": None, "stop": "0"}, 400, "notAllowed", "stop"),
    ])
    answer = unit.post("feed", at)
    tally.equal((answer.status, answer.json), (200, {"accepted": True}), "it confirms")
    own = next(o for o in beta.get("units").json["own"] if o.get("notice") == at)
    tally.equal((own["notYetReached"], [(r["unit"], r["by"]) for r in own["reached"]]), ([], [(UNITS[0], ADMINISTRATOR), (UNITS[1], UNITS[1])]), "shown at its desk")
    tally.check(wait_for(lambda: not [r for r in reasons(alpha, at["notice"]) if r[0] == "needsPassingOn"]), "and all have it", str(reasons(alpha, at["notice"])))
    tally.check(wait_for(lambda: alpha.get(f"notices/{at['notice']}/assurance").json["answer"] == "clear"), "nothing else stands against it", str(reasons(alpha, at["notice"])))
    tally.check(UNITS[1] not in json.dumps(alpha.get(f"notices/{at['notice']}").json), "its name is not disclosed by that")
    other = beta.desk.post("/api/v1/officers", {"officer": "Unknown unit", "passphrase": PASSPHRASE, "role": "feed"})
    stranger = refusals.Counted(mechanism["beta"].desk("Unknown unit"))
    tally.equal((other.status, stranger.post("feed", at).problem), (201, "noSuchUnit"), "an account that is no registered unit confirms nothing")
    check(tally, beta, "feed", at, 403, "notAllowed")
    beta.taken += unit.taken


def posts(at):
    """Every request that does something, with a body that would be right."""
    return [
        ("notices", notice()), ("check", notice()), (f"notices/{at['notice']}/acknowledgements", {}), (f"notices/{at['notice']}/end", {"reason": "over"}),
        ("calls", {"mode": "real", "role": "watch", "template": "distress"}), ("presence", {}), ("disclosures", {}), ("stop", None), ("suspension", {"suspended": True}),
        ("units", {"unit": "x"}), ("units/remove", {"unit": UNITS[0]}), ("passing", {**at, "units": UNITS}), ("passing/concerns", {**at, "units": []}),
        ("watch/take", None), ("watch/handover", {"to": OFFICER}), ("watch/handover/cancel", None), ("watch/pending/1/approve", None), ("consoles", {"console": "x"}), ("bells/trial", {}),
        ("officers", {"officer": "x", "passphrase": PASSPHRASE, "role": "administrator"}), ("statements", {"note": "x"}), ("signing", {"reason": "x"}),
        (f"alarms/notice:{at['notice']}/acknowledge", None), ("calls/alpha-1/acknowledge", {}), ("conflicts/" + "0" * 64 + "/positions", {"stance": "settle"}),
    ]


def auditor(tally, mechanism, alpha, beta, delta, second):
    at = mechanism.passing
    beta.desk.post("/api/v1/officers", {"officer": "inspector", "passphrase": PASSPHRASE, "role": "auditor"})
    reader = refusals.Counted(mechanism["beta"].desk("inspector"))
    for path in ("status", "terms", "assurance", "links", "alarms", "notices", "conflicts", "stops", "calls", "presence", "disclosures", "templates", "watch", "board", "units", "bells", "cards", "print"):
        tally.equal(reader.get(path).status, 200, f"an auditor reads {path}")
    tally.equal(reader.get("consoles").problem, "notAllowed", "but for what is an administrator's")
    for path, body in posts(at) + [("feed", at)]:
        # At an enrolled console anybody presses STOP; this is none.
        expected = (401, "notSignedIn") if path == "stop" else (403, "notAllowed")
        answer = reader.post(path, body)
        tally.equal((answer.status, answer.problem), expected, f"an auditor does nothing at {path}")
    for path in ("//api/v1/stop", "/api//v1/notices", "/api/v1//session"):
        answer = refusals.unobserved(reader.desk, "POST", path, notice())
        tally.check(answer.status in (403, 404), f"nor by another spelling: {path}", repr(answer))


def bells(tally, mechanism, alpha, beta, delta, second):
    """Expects one at alpha, called `log`."""
    tally.equal([b["name"] for b in alpha.get("bells").json["bells"]], ["log"], "what is configured is shown")
    for body in ({}, {"name": "log"}):
        tally.equal(alpha.post("bells/trial", body).status, 200, f"it is tried: {body}")
    tally.check(wait_for(lambda: alpha.get("bells").json["bells"][0]["rangAt"]), "and has rung")
    refusals.table(tally, alpha.desk, "/api/v1/bells/trial", {"name": "log"}, [
        ({"name": "siren"}, 404, "noSuchBell"), ({"name": 1}, 400, "wrongType", "name"), ({"name": "x" * 201}, 400, "tooLong", "name"),
    ], optional=("name",))
    for language in ("en", "he"):
        tally.equal([alpha.get(f"{page}?language={language}").status for page in ("cards", "print")], [200, 200], f"paper in {language}")
    for page in ("cards", "print"):
        answer = alpha.get(f"{page}?language=xx")
        tally.equal((answer.status, answer.problem), (400, "badRequest"), f"no {page} in a language that there is not")


def refused(tally, mechanism, alpha, beta, delta, second):
    at = mechanism.passing
    names = [({"unit": ""}, 400, "notAllowed", "unit"), ({"unit": "a\nb"}, 400, "notAllowed", "unit"), ({"unit": "\u202ex"}, 400, "notAllowed", "unit"),
             ({"unit": "x" * 121}, 400, "tooLong", "unit"), ({"unit": 1}, 400, "wrongType", "unit")]
    refusals.table(tally, beta.desk, "/api/v1/units", {"unit": "Never"}, names)
    refusals.table(tally, beta.desk, "/api/v1/units/remove", {"unit": "Never"}, names + [({"unit": "Never"}, 404, "noSuchUnit")])
    check(tally, delta, "units", {"unit": "x"}, 403, "mediatorCannotFile")
    subject = [
        ({"notice": "alpha-99999"}, 404, "noSuchNotice"), ({"version": 2}, 409, "staleVersion"), ({"version": 0}, 400, "outOfRange", "version"),
        ({"notice": 1}, 400, "wrongType", "notice"), ({"units": "x"}, 400, "wrongType", "units"), ({"units": ["Never"]}, 404, "noSuchUnit"),
        ({"units": [""]}, 400, "notAllowed", "units[0]"), ({"units": [UNITS[0], 2]}, 400, "notAllowed", "units[1]"),
        ({"units": ["x"] * 1_001}, 400, "outOfRange", "units"), ({"notice": None, "version": None, "stop": "0" * 64}, 404, "noSuchItem"),
        ({"stop": "0" * 64}, 400, "unknownField"),
    ]
    right = {**at, "units": UNITS}
    refusals.table(tally, beta.desk, "/api/v1/passing", right, subject + [({"units": []}, 400, "outOfRange", "units"), ({"disclose": 1}, 400, "wrongType", "disclose")])
    refusals.table(tally, beta.desk, "/api/v1/passing/concerns", right, subject)
    refusals.table(tally, second.desk, "/api/v1/watch/handover", {"to": ADMINISTRATOR}, [
        ({"to": ""}, 400, "badRequest", "to"), ({"to": 1}, 400, "wrongType", "to"), ({"to": "x" * 65}, 400, "tooLong", "to"),
        ({"to": "nobody"}, 400, "badRequest", "to"), ({"to": UNITS[1]}, 400, "badRequest", "to"), ({"remarks": 1}, 400, "wrongType", "remarks"), ({"remarks": "x" * 2_001}, 400, "tooLong", "remarks"),
    ])
    refusals.table(tally, second.desk, "/api/v1/watch/handover/accept", {"item": "x"}, [
        ({"item": 1}, 400, "wrongType", "item"), ({"item": "x" * 257}, 400, "tooLong", "item"), ({}, 404, "noHandover"),
    ])
    for id in ("0", "999", "-1", "x", "1.5", "18446744073709551616"):
        for path in ("approve", "withdraw"):
            check(tally, second, f"watch/pending/{id}/{path}", None, 404, "noSuchPendingAct")
    tally.equal(beta.post("units/remove", {"unit": UNITS[0]}).status, 200, "a unit is removed")
    own = next(o for o in beta.get("units").json["own"] if o.get("notice") == at)
    tally.equal(own["concerned"], UNITS, "what was said of it before stays")
    stranger = Desk(beta.desk.port)
    for path in ("watch", "board", "units", "feed"):
        tally.equal(stranger.get(f"/api/v1/{path}").problem, "notSignedIn", f"nobody: {path}")
    for path, body in posts(at):
        if path != "check":
            tally.equal(stranger.post(f"/api/v1/{path}", body).problem, "notSignedIn", f"nobody: {path}")
