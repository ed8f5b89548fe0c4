"""Private checks between real nodes: what both sides find, what nobody else sees, and every refusal by its name."""

import json
import os
import re

from client import ADMINISTRATOR
from harness import Mechanism, instant, notice, volume, wait_for, wait_until_signing

PARTIES = {"alpha": "principal", "beta": "principal", "delta": "mediator"}
# Named by nothing else, so that whoever holds them was told.
CONTACTS = {"alpha": "PRIVATE-ALPHA-61023", "beta": "PRIVATE-BETA-77140"}


def terms(**more):
    """What the terms say of private checks, for runs that end within seconds."""
    agreed = {
        "level": 8, "lowestBand": -1, "highestBand": 12, "sizeClass": 11, "cap": 1900, "output": "cells", "windowS": 14_400,
        "withinS": 120, "perDay": 6, "throughMediator": True, **more,
    }
    return lambda draft: draft.update(privateCheck=agreed)


def plan(party, longitude=38.3, **more):
    fields = notice(volumes=[volume(longitude, 34.55, 500, "+1h", "+70m")], contact=CONTACTS[party], **more)
    fields["volumes"][0]["altitude"]["lower"] = {"value": 18000, "unit": "feet", "datum": "amsl"}
    del fields["mode"]
    return fields


def run(tally):
    mechanism = Mechanism(PARTIES, heartbeat=2, stale_after=8, edit=terms())
    try:
        for node in mechanism.nodes.values():
            node.start()
        wait_until_signing(*mechanism.nodes.values())
        alpha, beta, delta = (mechanism[party].desk(ADMINISTRATOR) for party in PARTIES)
        for title, part in (
            ("refusals by name", refused),
            ("plans that collide are found by both", collide),
            ("plans that do not collide show nothing", miss),
            ("a check is declined", declined),
            ("a node that is killed goes on", killed),
            ("without the mediator neither learns", without_mediator),
            ("nobody holds what it was not told", nobody),
        ):
            with tally.group(f"private checks: {title}"):
                part(tally, mechanism, alpha, beta, delta)
    finally:
        mechanism.close()


def check(tally, answer, status, name, field=None):
    right = (answer.status, answer.problem) == (status, name) and (field is None or answer.field == field)
    tally.check(right, f"{status} {name} {field or ''}", repr(answer))


def refused(tally, mechanism, alpha, beta, delta):
    check(tally, alpha.post("/api/v1/private-checks", {"with": "omega"}), 400, "unknownAudience")
    check(tally, alpha.post("/api/v1/private-checks", {"with": "delta"}), 400, "unknownAudience")
    check(tally, alpha.post("/api/v1/private-checks", {}), 400, "missing", "with")
    check(tally, delta.post("/api/v1/private-checks", {"with": "alpha"}), 403, "mediatorCannotFile")
    check(tally, delta.post("/api/v1/sealed-plans", plan("alpha")), 403, "mediatorCannotFile")
    for act in ("accept", "decline"):
        check(tally, alpha.post(f"/api/v1/private-checks/{'0' * 64}/{act}"), 409, "checkOver")
        check(tally, alpha.post(f"/api/v1/private-checks/zero/{act}"), 404, "noSuchPrivateCheck")
    check(tally, alpha.get(f"/api/v1/private-checks/{'0' * 64}"), 404, "noSuchPrivateCheck")
    check(tally, alpha.post("/api/v1/sealed-plans/9/end"), 404, "noSuchSealedPlan")
    check(tally, alpha.post("/api/v1/sealed-plans/-1/end"), 404, "noSuchSealedPlan")
    check(tally, alpha.post("/api/v1/sealed-plans", plan("alpha", kind="picnic")), 400, "unknownKind")
    large = plan("alpha")
    large["volumes"][0]["footprint"]["radiusM"] = 400_000
    held = alpha.post("/api/v1/sealed-plans", large).json["plan"]["id"]
    check(tally, alpha.post("/api/v1/private-checks", {"with": "beta"}), 409, "plansTooLarge")
    tally.equal(alpha.post(f"/api/v1/sealed-plans/{held}/end").json["plan"]["says"], "Ended.", "it is ended")
    tally.equal(alpha.get("/api/v1/private-checks").json["checks"], [], "nothing was proposed")


def over(desk, check):
    return wait_for(lambda: (found := desk.get(f"/api/v1/private-checks/{check}").json["check"])["state"] not in ("proposed", "underWay") and found, 90)


def propose(alpha, beta):
    """Alpha proposes; returns the check's name once beta's desk rings."""
    check = alpha.post("/api/v1/private-checks", {"with": "beta"}).json["check"]["id"]
    wait_for(lambda: ringing(beta, f"privateCheck:{check}"))
    return check


def ringing(desk, alarm):
    return next((each for each in desk.get("/api/v1/alarms").json["alarms"] if each["id"] == alarm and each["state"] == "ringing"), None)


def both(tally, alpha, beta, accept=True):
    check = propose(alpha, beta)
    answer = beta.post(f"/api/v1/private-checks/{check}/accept")
    tally.equal(answer.status, 202, "accepted")
    found = over(alpha, check), over(beta, check)
    tally.check(all(found), "it ends at both desks", json.dumps(alpha.get(f"/api/v1/private-checks/{check}").json)[:2000])
    return check, *found


def collide(tally, mechanism, alpha, beta, delta):
    ours = alpha.post("/api/v1/sealed-plans", plan("alpha")).json["plan"]["id"]
    theirs = beta.post("/api/v1/sealed-plans", plan("beta")).json["plan"]["id"]
    check, at_alpha, at_beta = both(tally, alpha, beta)
    for desk, found, mine in ((alpha, at_alpha, ours), (beta, at_beta, theirs)):
        tally.equal(found["state"], "agreed", "both have signed the same result")
        tally.check(found["finding"]["count"] > 0, "it found the collision")
        tally.equal(found["hits"], [mine], "with the plan that collides")
        boxes = [box(each["polygon"]["coordinates"][0]) for each in found["finding"]["elements"]]
        tally.check(any(west < 38.3 < east and south < 34.55 < north for west, east, south, north in boxes), "where it is", f"{boxes[:3]}")
        tally.check(all(37 < west < east < 40 and 33 < south < north < 36 for west, east, south, north in boxes), "and not elsewhere", f"{boxes}")
        tally.check(wait_for(lambda: ringing(desk, f"privateCheckFound:{check}")), "and the desk rings")
        says = next(each for each in desk.get("/api/v1/sealed-plans").json["plans"] if each["id"] == mine)["says"]
        tally.check(says.startswith("UNKNOWN.") and "meets it" in says, "the plan is never said to be clear", says)
    tally.check(at_alpha["releasedAt"] is not None, "the mediator gave both keys out")
    tally.equal([each["count"] for each in (at_alpha["finding"], at_beta["finding"])], [at_alpha["finding"]["count"]] * 2, "as many at both")
    folders = [mechanism[party].folder / "private-checks" for party in ("alpha", "beta")]
    tally.check(wait_for(lambda: not any(os.listdir(folder) for folder in folders)), "keys and sets are gone")
    check_again = alpha.post(f"/api/v1/private-checks/{check}/accept")
    tally.equal((check_again.status, check_again.problem), (409, "checkOver"), "and it cannot be accepted any more")


def box(ring):
    """West, east, south and north of a polygon's ring."""
    return tuple(edge(corner[axis] for corner in ring) for axis in (0, 1) for edge in (min, max))


def miss(tally, mechanism, alpha, beta, delta):
    for desk, party, longitude in ((alpha, "alpha", 36.0), (beta, "beta", 41.0)):
        for standing in desk.get("/api/v1/sealed-plans").json["plans"]:
            if standing["endedAt"] is None:
                desk.post(f"/api/v1/sealed-plans/{standing['id']}/end")
        desk.post("/api/v1/sealed-plans", plan(party, longitude))
    _, at_alpha, at_beta = both(tally, alpha, beta)
    for found in (at_alpha, at_beta):
        tally.equal((found["state"], found["finding"]["count"], found["hits"]), ("agreed", 0, []), "nothing is found")
    says = alpha.get("/api/v1/sealed-plans").json["plans"][-1]["says"]
    tally.check(says.startswith("UNKNOWN.") and "never shows that an area is free" in says, "and nothing is clear", says)


def declined(tally, mechanism, alpha, beta, delta):
    check = propose(alpha, beta)
    tally.equal(beta.post(f"/api/v1/private-checks/{check}/decline").json["check"]["state"], "declined", "beta declines")
    found = over(alpha, check)
    tally.check(found and found["state"] == "unknown" and found["finding"] is None, "alpha knows nothing", json.dumps(found))


def killed(tally, mechanism, alpha, beta, delta):
    check = propose(alpha, beta)
    beta.post(f"/api/v1/private-checks/{check}/accept")
    for party in ("beta", "alpha"):
        mechanism[party].kill()
        mechanism[party].start()
    alpha, beta = wait_until_signing(mechanism["alpha"], mechanism["beta"])
    found = over(alpha, check), over(beta, check)
    tally.equal([each and each["state"] for each in found], ["agreed"] * 2, "it ends all the same")


def without_mediator(tally, mechanism, alpha, beta, delta):
    alpha, beta = (mechanism[party].desk(ADMINISTRATOR) for party in ("alpha", "beta"))
    mechanism["delta"].stop()
    check = propose(alpha, beta)
    beta.post(f"/api/v1/private-checks/{check}/accept")

    def locked(desk):
        sides = desk.get(f"/api/v1/private-checks/{check}").json["check"]["messages"]
        said = [[each["message"] for each in side["messages"] if each["here"] == each["parts"]] for side in sides]
        return len(said) == 2 and all("remask" in each for each in said)

    tally.check(wait_for(lambda: locked(alpha) and locked(beta)), "both hold the other's locked answers")
    states = [desk.get(f"/api/v1/private-checks/{check}").json["check"] for desk in (alpha, beta)]
    tally.equal([(each["state"], each["finding"]) for each in states], [("underWay", None)] * 2, "and know nothing yet")
    for party in ("alpha", "beta"):
        files = [file.read_bytes() for file in (mechanism[party].folder / "private-checks").iterdir()]
        tally.check(len(files) == 2 and not any(word in each for each in files for word in (b'"seed', b'"elements', b'"cell')), f"{party}'s session lies there closed")
    mechanism["delta"].start()
    found = over(alpha, check), over(beta, check)
    tally.equal([each and each["state"] for each in found], ["agreed"] * 2, "until the mediator is back")


def nobody(tally, mechanism, alpha, beta, delta):
    for node in mechanism.nodes.values():
        node.stop()
    for party, contact in CONTACTS.items():
        holders = [
            name for name, node in mechanism.nodes.items()
            if any(contact.encode() in file.read_bytes() for file in node.folder.rglob("*") if file.is_file())
        ]
        tally.equal(holders, [party], "a sealed plan is in no folder but its own")
    left = [file.name for node in mechanism.nodes.values() for file in node.folder.rglob("*") if re.search(r"\.(check|key)$", file.name) and file.parent.name == "private-checks"]
    tally.equal(left, [], "no session is left")
