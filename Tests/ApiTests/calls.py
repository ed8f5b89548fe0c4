"""Messages, presence and disclosure between three nodes: what both desks see, and every refusal by its name."""

import datetime
import json

import refusals
from client import ADMINISTRATOR, Desk
from harness import instant, notice, volume, wait_for, wait_until_signing

# Of the terms that `check.py` edits for these groups.
FLASH_S, MARGIN_S, CLIMB_S = 4, 600, 5
SECRET = "CLANDESTINE-GANNET-41"
PLACE = [37.1343, 36.2021]


def run(tally, mechanism):
    """Expects two principals, alpha and beta, and a mediator, delta, that run and sign under short due times."""
    alpha, beta, delta = (refusals.Counted(mechanism[p].desk(ADMINISTRATOR)) for p in ("alpha", "beta", "delta"))
    for title, part in (
        ("templates, free text and the order of precedence", sending),
        ("due times are capped by what they are about", due_times),
        ("a read-back that is wrong is shown to both", read_back),
        ("no one there, and the mediator hears of it", no_one_there),
        ("presence: a contradiction rings both", presence),
        ("suspension stops what is ordinary and lets distress through", suspension),
        ("disclosure: exactly that body, and genuine", disclosure),
        ("refusals by name", refused),
    ):
        with tally.group(f"calls: {title}"):
            part(tally, alpha, beta, delta)
    with tally.group("calls: the journal holds what was taken and nothing else"):
        for node, counted in ((mechanism["alpha"], alpha), (mechanism["beta"], beta), (mechanism["delta"], delta)):
            node.stop()
            found = refusals.commands(node, "command call", "command file", "command suspend", "command acknowledgeAlarm")
            tally.equal(found, len(counted.taken), f"{node.party}'s journal")
            node.start()
        wait_until_signing(*mechanism.nodes.values())


def text(words="Call me.", precedence="routine", **more):
    return {"mode": "real", "role": "watch", "precedence": precedence, "text": words, "language": "en", **more}


def template(code, fields=None, **more):
    return {"mode": "real", "role": "watch", "template": code, "fields": fields or {}, **more}


def sent(tally, desk, body):
    answer = desk.post("calls", body)
    tally.equal(answer.status, 201, f"sent: {json.dumps(body)[:100]}")
    return answer.json["call"]


def seen(desk, id):
    return wait_for(lambda: (a := desk.get(f"calls/{id}")).status == 200 and a.json["call"])


def facts(desk, id, party="beta"):
    return next(one for one in desk.get(f"calls/{id}").json["call"]["facts"] if one["party"] == party)


def alarm(desk, kind, subject, state=("ringing", "acknowledged")):
    return next((a for a in desk.get("alarms?all=true").json["alarms"]
                 if (a["kind"], a["subject"]) == (kind, subject) and a["state"] in state), None)


def seconds(later, earlier):
    parse = datetime.datetime.fromisoformat
    return (parse(later.replace("Z", "+00:00")) - parse(earlier.replace("Z", "+00:00"))).total_seconds()


def sending(tally, alpha, beta, delta):
    ids = {}
    for precedence in ("routine", "priority", "immediate"):
        ids[precedence] = sent(tally, alpha, text(f"{precedence} words", precedence))["id"]
    # Written in any notation, and kept as it was written.
    call = sent(tally, alpha, template(
        "distress", {"position": "36.2021 N 37.1343 E", "persons": 3, "nature": "under-fire"}, precedence="routine"))
    tally.equal(call["precedence"], "flash", "nobody makes a distress call quiet by a slip")
    theirs = seen(beta, call["id"])
    tally.equal(theirs["message"], call["message"], "both desks see the same")
    position = theirs["message"]["fields"]["position"]
    tally.equal(position["original"], "36.2021 N 37.1343 E", "the position as it was written")
    tally.check(max(abs(a - b) for a, b in zip(position["position"], PLACE)) < 1e-9, "and as it was read", str(position))
    tally.equal((theirs["from"], theirs["to"], theirs["officer"]), ("alpha", ["beta"], ADMINISTRATOR), "from whom to whom")
    tally.check(seen(beta, ids["immediate"]), "all are there")
    ids["flash"] = call["id"]
    order = [ids[p] for p in ("flash", "immediate", "priority", "routine")]
    tally.check(wait_for(lambda: [i for i in beta.get("calls?state=open").json["open"] if i in order] == order),
        "the most urgent comes first, whatever came first", str(beta.get("calls?state=open").json["open"]))
    tally.equal([c["id"] for c in beta.get("calls?state=open").json["calls"]][:4], order, "with the calls in that order")
    for one in ids.values():
        tally.check(wait_for(lambda: facts(alpha, one)["receiptedAt"]), "its node receipts it")
        tally.equal(facts(alpha, one)["acknowledgedAt"], None, "no officer has")
    for precedence in ("immediate", "priority", "routine"):
        answer = beta.post(f"calls/{ids[precedence]}/acknowledge", {})
        tally.equal((answer.status, answer.json), (200, {"accepted": True, "mismatches": []}), f"acknowledged: {precedence}")
        fact = wait_for(lambda: (f := facts(alpha, ids[precedence]))["acknowledgedAt"] and f)
        tally.equal(fact and fact["acknowledgedBy"], ADMINISTRATOR, "by a named officer")
        answer = beta.post(f"calls/{ids[precedence]}/acknowledge", {})
        tally.equal((answer.status, answer.problem), (409, "alreadyAcknowledged"), "once")
    beta.post(f"calls/{ids['flash']}/acknowledge", {"readBack": {"position": {"position": PLACE}}})
    tally.check(wait_for(lambda: alpha.get(f"calls/{ids['flash']}").json["call"]["isAcknowledged"]), "the distress call too")
    # Whoever answers has read it.
    question = sent(tally, alpha, text("Can you hear us?"))["id"]
    seen(beta, question)
    reply = sent(tally, beta, text("We can.", inReplyTo=question))
    tally.equal(reply["message"]["inReplyTo"], question, "an answer names what it answers")
    tally.check(wait_for(lambda: alpha.get(f"calls/{question}").json["call"]["isAcknowledged"]), "and acknowledges it")
    seen(alpha, reply["id"])
    alpha.post(f"calls/{reply['id']}/acknowledge", {})
    # The mediator speaks to both and is spoken to; what principals say to each other it does not hold.
    advice = sent(tally, delta, template("recommendation", {"advice": "speak-directly"}))["id"]
    for desk in (alpha, beta):
        tally.check(seen(desk, advice), "a recommendation reaches both")
        desk.post(f"calls/{advice}/acknowledge", {})
    tally.equal(delta.get(f"calls/{ids['flash']}").problem, "noSuchCall", "the mediator holds nothing that is not addressed to it")


def due_times(tally, alpha, beta, delta):
    filed = alpha.post("notices", notice(volumes=[volume(40, 33, start="+20m", end="+60m")]))
    id = filed.json["notice"]["id"]
    start = filed.json["notice"]["volumes"][0]["start"]
    wait_for(lambda: beta.get(f"notices/{id}").status == 200)
    for title, body, expected in (
        ("about a notice: before its start, less the margin", text("x", "priority", about=id), ("start", -MARGIN_S)),
        ("without: what the precedence allows", text("x", "priority"), ("created", 1_800)),
        ("sooner, as its sender asks", text("x", "priority", due=instant("+5m")), ("asked", 0)),
        ("asked for later than the terms: by the terms", text("x", "priority", due=instant("+6h")), ("created", 1_800)),
        ("a flash is due by its own time, which is sooner", text("x", "flash", about=id), ("created", FLASH_S)),
    ):
        call = sent(tally, alpha, body)
        of, expected = expected
        found = seconds(call["dueAt"], {"start": start, "created": call["createdAt"], "asked": body.get("due")}[of])
        tally.check(abs(found - expected) < 1, title, f"{found} s, expected {expected}")
        theirs = seen(beta, call["id"])
        tally.equal(theirs["dueAt"], call["dueAt"], f"{title}: the same at both")
        beta.post(f"calls/{call['id']}/acknowledge", {})


def read_back(tally, alpha, beta, delta):
    call = sent(tally, alpha, template("aircraft-unnotified", {"position": {"position": PLACE}, "count": 2}))
    id = call["id"]
    seen(beta, id)
    tally.equal(beta.get(f"calls/{id}/read-back").json, {"call": id, "asks": ["position"]}, "what is to be read back")
    for wrong in ({}, {"position": {"position": [PLACE[0] + 0.5, PLACE[1]]}}, {"count": 2}):
        answer = beta.post(f"calls/{id}/acknowledge", {"readBack": wrong})
        tally.equal((answer.status, answer.json), (200, {"accepted": False, "mismatches": [{"field": "position"}]}), f"wrong: {wrong}")
        for desk in (alpha, beta):
            tally.check(wait_for(lambda: facts(desk, id)["mismatches"] == ["position"]), "shown to both")
            tally.equal(facts(desk, id)["acknowledgedAt"], None, "and no acknowledgement")
    rung = wait_for(lambda: alarm(alpha, "readBackMismatch", id))
    tally.check(rung and rung["party"] == "beta", "the caller's desk rings", str(rung))
    answer = beta.post(f"calls/{id}/acknowledge", {"readBack": {"position": {"position": [PLACE[0], PLACE[1] + 0.0005]}}})
    tally.equal(answer.json, {"accepted": True, "mismatches": []}, "56 m off is within the terms' 100 m")
    tally.check(wait_for(lambda: facts(alpha, id)["acknowledgedAt"]), "both see it")
    tally.check(wait_for(lambda: alarm(alpha, "readBackMismatch", id) is None), "and the bell ends")


def no_one_there(tally, alpha, beta, delta):
    call = sent(tally, alpha, text(SECRET, "flash"))
    id = call["id"]
    seen(beta, id)
    for desk, kind in ((alpha, "unanswered"), (beta, "message")):
        # On a slow machine the next rung may have come before anybody looks.
        climbed = wait_for(lambda: (a := alarm(desk, kind, id)) and a["rung"] >= 1 and a)
        roles = climbed and ["watch", "releasing", "command"][: climbed["rung"] + 1]
        tally.check(climbed and climbed["state"] == "ringing" and climbed["roles"] == roles, f"{kind}: the next role", str(climbed))
    tally.check(facts(alpha, id)["noOneThere"], "no one there")
    beta.post(f"alarms/message:{id}/acknowledge")
    told = wait_for(lambda: next((c for c in delta.get("calls").json["calls"] if c["message"].get("inReplyTo") == id), None))
    tally.check(told and (told["officer"], told["from"]) == (None, "alpha"), "the mediator is told by the node itself", str(told))
    tally.check(SECRET not in json.dumps(delta.get("calls").json), "and not what it is about")
    tally.check(alpha.get(f"calls/{id}").json["call"]["escalatedAt"], "which the caller sees")
    tally.check(wait_for(lambda: (a := alarm(beta, "message", id)) and a["rung"] == 2 and a["state"] == "ringing"), "heard by a desk is not answered: it climbs to the top and rings again")
    beta.post(f"calls/{id}/acknowledge", {})
    for desk, kind in ((alpha, "unanswered"), (beta, "message")):
        tally.check(wait_for(lambda: alarm(desk, kind, id) is None), f"{kind}: the answer ends it")
    tally.check(not facts(alpha, id)["noOneThere"], "somebody is there")
    if told:
        delta.post(f"calls/{told['id']}/acknowledge", {})


def question(**more):
    return {"mode": "real", "volume": volume(36.5, 33.5, radius=5_000, start="+0m", end="+120m"), **more}


def presence(tally, alpha, beta, delta):
    def ask():
        answer = alpha.post("presence", question(remarks="ahead of a convoy"))
        tally.equal(answer.status, 201, "asked")
        id = answer.json["presence"]["id"]
        tally.check(wait_for(lambda: beta.get(f"presence/{id}").status == 200), "it is there")
        return id

    def answers(desk, id):
        return desk.get(f"presence/{id}").json["presence"]["answers"]

    for given, valid in (({"answer": "some", "affiliated": "notCovered", "validUntil": instant("+60m"), "remarks": "north"}, True), ({"answer": "decline"}, False)):
        id = ask()
        tally.check(wait_for(lambda: alarm(beta, "presenceQuery", id)), "it rings")
        tally.equal(beta.post(f"presence/{id}/answer", given).status, 200, f"answered: {given['answer']}")
        found = wait_for(lambda: answers(alpha, id))
        tally.equal([found[0][k] for k in ("party", "answer", "affiliated", "isValid", "officer", "contradictedBy")],
                    ["beta", given["answer"], given.get("affiliated"), valid, ADMINISTRATOR, []], "and seen")
        tally.check(wait_for(lambda: alarm(beta, "presenceQuery", id) is None), "the bell ends")
    id = ask()
    none = {"answer": "none", "affiliated": "covered", "validUntil": instant("+90m")}
    beta.post(f"presence/{id}/answer", none)
    record = wait_for(lambda: answers(alpha, id))[0]["record"]
    elsewhere = beta.post("notices", notice(volumes=[volume(39.5, 31.5, start="+10m", end="+30m")])).json["notice"]["id"]
    wait_for(lambda: alpha.get(f"notices/{elsewhere}").status == 200)
    tally.equal(answers(alpha, id)[0]["contradictedBy"], [], "a notice elsewhere contradicts nothing")
    inside = beta.post("notices", notice(volumes=[volume(36.5, 33.5, start="+10m", end="+30m")])).json["notice"]["id"]
    for desk in (alpha, beta):
        rung = wait_for(lambda: alarm(desk, "presenceContradicted", record))
        tally.check(rung and rung["precedence"] == "flash" and inside in rung["sentence"], "both desks ring", str(rung))
        tally.equal(answers(desk, id)[0]["contradictedBy"], [inside], "and name the notice")
    beta.post(f"presence/{id}/answer", {"answer": "some", "affiliated": "covered", "validUntil": instant("+90m")})
    for desk in (alpha, beta):
        tally.check(wait_for(lambda: alarm(desk, "presenceContradicted", record) is None), "another answer ends it")
    tally.equal(delta.get("presence").json["presence"], [], "the mediator is not told")


def suspension(tally, alpha, beta, delta):
    tally.equal(beta.post("suspension", {"suspended": True, "reason": "talks"}).status, 200, "one side suspends")
    wait_for(lambda: [x["state"] for x in alpha.get("links").json["links"] if x["party"] == "beta"] == ["suspended"])
    for desk in (alpha, beta):
        for path, body in (
            ("notices", notice()), ("calls", text()), ("presence", question()), ("calls", template("forces-question", {"position": {"position": PLACE}, "radius": 500}))):
            answer = desk.post(path, body)
            tally.equal((answer.status, answer.problem), (409, "suspended"), f"{path} {json.dumps(body)[:60]}")
    for desk, other in ((alpha, beta), (beta, alpha)):
        for code in ("distress", "aircraft-crossed", "hazard-aviation", "comm-check", "resume-ready"):
            id = sent(tally, desk, template(code))["id"]
            tally.check(seen(other, id), f"{code} goes through")
            tally.equal(other.post(f"calls/{id}/acknowledge", {}).json.get("accepted"), True, f"{code} is acknowledged")
    # To whom mediates, anything.
    id = sent(tally, alpha, text("They have suspended.", to=["delta"]))["id"]
    tally.check(seen(delta, id), "the mediator is still spoken to")
    delta.post(f"calls/{id}/acknowledge", {})
    tally.equal(beta.post("suspension", {"suspended": False}).status, 200, "and resumes")
    tally.check(wait_for(lambda: alpha.post("notices", notice()).status == 201), "notices flow again")


def disclosure(tally, alpha, beta, delta):
    open_, kept = (sent(tally, alpha, text(words))["id"] for words in ("Opened to the mediator", SECRET))
    for id in (open_, kept):
        seen(beta, id)
        beta.post(f"calls/{id}/acknowledge", {})
    # By its author, and by the one to whom it was addressed.
    for desk, by in ((alpha, "alpha"), (beta, "beta")):
        answer = desk.post("disclosures", {"record": open_, "to": "delta"})
        tally.equal(answer.status, 201, f"{by} discloses")
    found = wait_for(lambda: len(d := delta.get("disclosures").json["disclosures"]) == 2 and all(x["body"] for x in d) and d)
    tally.check(found, "both are there", str(delta.get("disclosures")))
    for one in found or []:
        tally.equal((one["record"], one["to"], one["isGenuine"]), (open_, "delta", True), "that record, and genuine")
        tally.check("Opened to the mediator" in json.dumps(one["body"]), "with its words")
        tally.equal(one["officer"], ADMINISTRATOR, "by a named officer")
    tally.equal(sorted(one["by"] for one in found or []), ["alpha", "beta"], "each by its own word")
    for path in ("disclosures", "calls", "notices?state=all", "alarms?all=true"):
        tally.check(SECRET not in delta.get(path).body.decode(), f"and nothing else: {path}")


def refused(tally, alpha, beta, delta):
    def check(desk, path, body, status, name, field=None):
        answer = desk.post(path, body)
        right = (answer.status, answer.problem) == (status, name) and (field is None or answer.field == field)
        tally.check(right, f"{path} {json.dumps(body)[:100]}: {status} {name} {field or ''}", repr(answer))

    far = "alpha-999999"
    refusals.table(tally, alpha.desk, "/api/v1/calls", text(), [
        ({"mode": "exercise"}, 400, "notAllowed", "mode"), ({"role": "general"}, 400, "notAllowed", "role"),
        ({"precedence": "now"}, 400, "notAllowed", "precedence"), ({"language": "xx"}, 400, "notAllowed", "language"),
        ({"text": "\u202ex"}, 400, "notAllowed", "text"), ({"text": "x" * 8_193}, 400, "tooLong", "text"),
        ({"to": []}, 400, "outOfRange", "to"), ({"to": ["Beta"]}, 400, "notAllowed", "to"), ({"to": "beta"}, 400, "wrongType", "to"),
        ({"to": ["alpha"]}, 400, "unknownAudience"), ({"to": ["gamma"]}, 400, "unknownAudience"),
        ({"about": "beta-99999"}, 404, "noSuchNotice"), ({"about": 3}, 400, "wrongType", "about"),
        ({"inReplyTo": far}, 404, "noSuchRecord"), ({"inReplyTo": "x"}, 400, "notAllowed", "inReplyTo"),
        ({"due": "tomorrow"}, 400, "notAllowed", "due"), ({"fields": {}}, 400, "unknownField", "fields"),
    ])
    for fields, name, field in (
        ({"persons": -1}, "outOfRange", "fields.persons"), ({"persons": "3"}, "wrongType", "fields.persons"),
        ({"nature": "war"}, "notAllowed", "fields.nature"), ({"nature": "jamming"}, "notAllowed", "fields.nature"),
        ({"position": "nowhere"}, "wrongType", "fields.position"), ({"position": [1, 2]}, "wrongType", "fields.position"),
        ({"position": {"position": [200, 0]}}, "outOfRange", None), ({"frequency": 1}, "outOfRange", "fields.frequency"),
        ({"unit": "a\nb"}, "notAllowed", "fields.unit"), ({"unit": "x" * 121}, "tooLong", "fields.unit"),
        ({"time": "12:00"}, "notAllowed", "fields.time"), ({"course": 10}, "unknownField", "fields.course"),
        ({"remarks": "x"}, "wrongType", "fields.remarks"), ({"remarks": {"text": "x", "language": "xx"}}, "notAllowed", "fields.remarks.language"),
    ):
        check(alpha, "calls", template("distress", fields), 400, name, field)
    check(alpha, "calls", template("aircraft-unnotified"), 400, "missing", "fields.position")
    check(alpha, "calls", template("hold-refused", {"obstacle": "too-late"}), 400, "missing", "inReplyTo")
    check(alpha, "calls", template("none-such"), 400, "notAllowed", "template")
    check(alpha, "calls", template("forces-question", {"position": {"position": PLACE}, "radius": -1}), 400, "outOfRange", "fields.radius")
    check(alpha, "calls", template("hold-request", {"activity": "flights", "position": {"position": PLACE}, "radius": 5, "start": instant("+2h"), "end": instant("+1h")}), 400, "notAllowed", "fields.end")
    check(alpha, "calls", template("recommendation", {"advice": "other"}), 403, "templateNotForRole")
    check(delta, "calls", template("forces-question", {"position": {"position": PLACE}, "radius": 5}), 403, "templateNotForRole")
    open_call = sent(tally, alpha, template("aircraft-unnotified", {"position": {"position": PLACE}}))["id"]
    seen(beta, open_call)
    refusals.table(tally, beta.desk, f"/api/v1/calls/{open_call}/acknowledge", {"readBack": {}}, [
        ({"readBack": []}, 400, "wrongType", "readBack"), ({"readBack": {"colour": "red"}}, 400, "unknownField", "readBack.colour"),
        ({"readBack": {"position": "nowhere"}}, 400, "wrongType", "readBack.position"),
        ({"readBack": {"count": 1.5}}, 400, "wrongType", "readBack.count"), ({"message": open_call}, 400, "unknownField", "message"),
    ], optional=("readBack",))
    check(alpha, f"calls/{open_call}/acknowledge", {}, 403, "notYourCall")
    for id in ("alpha-99999", "beta-0", "gamma-1", "x", "alpha-"):
        check(beta, f"calls/{id}/acknowledge", {}, 404, "noSuchCall")
        for path in (f"calls/{id}", f"calls/{id}/read-back"):
            tally.equal(beta.get(path).problem, "noSuchCall", f"GET {path}")
        tally.equal(beta.get(f"presence/{id}").problem, "noSuchQuery", f"GET presence/{id}")
    tally.equal(beta.get("calls?state=closed").problem, "badRequest", "a state that there is not")
    beta.post(f"calls/{open_call}/acknowledge", {"readBack": {"position": {"position": PLACE}}})
    down = volume()
    down["altitude"] = {"lower": {"value": 900, "unit": "feet", "datum": "amsl"}, "upper": {"value": 100, "unit": "feet", "datum": "amsl"}}
    refusals.table(tally, alpha.desk, "/api/v1/presence", question(), [
        ({"mode": 1}, 400, "wrongType", "mode"), ({"to": ["delta"]}, 400, "unknownAudience"), ({"to": ["alpha"]}, 400, "unknownAudience"),
        ({"precedence": "soon"}, 400, "notAllowed", "precedence"), ({"due": "soon"}, 400, "notAllowed", "due"),
        ({"remarks": ""}, 400, "notAllowed", "remarks"), ({"remarks": "x" * 2_001}, 400, "tooLong", "remarks"),
        ({"volume": {}}, 400, "missing"), ({"volume": []}, 400, "wrongType", "volume"),
        ({"volume": volume(start="+0m", end="+31d")}, 400, "outOfRange", "volume.end"), ({"volume": down}, 400, "altitudeReversed"),
    ])
    check(delta, "presence", question(), 403, "mediatorCannotFile")
    query = alpha.post("presence", question()).json["presence"]["id"]
    wait_for(lambda: beta.get(f"presence/{query}").status == 200)
    right = {"answer": "none", "affiliated": "covered", "validUntil": instant("+60m")}
    refusals.table(tally, beta.desk, f"/api/v1/presence/{query}/answer", right, [
        ({"answer": "maybe"}, 400, "notAllowed", "answer"), ({"affiliated": "yes"}, 400, "notAllowed", "affiliated"),
        ({"validUntil": "later"}, 400, "notAllowed", "validUntil"), ({"validUntil": instant("-1m")}, 400, "outOfRange", "validUntil"),
        ({"validUntil": instant("+31d")}, 400, "outOfRange", "validUntil"), ({"remarks": ""}, 400, "notAllowed", "remarks"),
        ({"answer": "decline"}, 400, "notAllowed", "affiliated"), ({"answer": "decline", "affiliated": None}, 400, "notAllowed", "validUntil"),
    ])
    check(alpha, f"presence/{query}/answer", right, 403, "notYourCall")
    for id in ("alpha-99999", "x", "delta-0"):
        check(beta, f"presence/{id}/answer", right, 404, "noSuchQuery")
    beta.post(f"presence/{query}/answer", {"answer": "decline"})
    refusals.table(tally, alpha.desk, "/api/v1/disclosures", {"record": open_call, "to": "delta"}, [
        ({"record": far}, 404, "noSuchRecord"), ({"record": "gamma-1"}, 404, "noSuchRecord"), ({"record": 1}, 400, "wrongType", "record"),
        ({"record": "x"}, 400, "notAllowed", "record"), ({"to": "beta"}, 400, "unknownAudience"), ({"to": "gamma"}, 400, "unknownAudience"),
        ({"to": "Delta"}, 400, "notAllowed", "to"), ({"to": ["delta"]}, 400, "wrongType", "to"),
    ])
    check(delta, "disclosures", {"record": open_call, "to": "delta"}, 404, "noSuchRecord")
    stranger = Desk(alpha.desk.port)
    for path in ("calls", f"calls/{open_call}", "presence", "disclosures", "templates", "templates/en"):
        tally.equal(stranger.get(f"/api/v1/{path}").problem, "notSignedIn", f"nobody: {path}")
    for language in ("en", "tr", "he", "ar", "az", "ru"):
        tally.equal(alpha.get(f"templates/{language}").status, 200, f"the catalogue in {language}")
    for language in ("xx", "EN", "hy", "..%2Fen"):
        tally.equal(alpha.get(f"templates/{language}").problem, "noSuchLanguage", f"no catalogue in {language}")
    tally.equal(len(alpha.get("templates").json["languages"]), 6, "six")
