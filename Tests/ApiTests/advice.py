"""Advice on the way out of conflicts: that what is offered is clear, that it names no more than the desk may see, and
every refusal by its name."""

import json

from client import ADMINISTRATOR, Desk
from harness import instant, notice, volume, wait_for
from pair import conflict_of, file

# Where no other group files anything.
LONGITUDE, LATITUDE = -30, -45
BOUNDS = {"earlierS": 3600, "laterS": 6 * 3600, "withinM": 60_000, "positionStepM": 500}


def run(tally, mechanism):
    """Expects two principals, alpha and beta, that run and sign, under terms that want no second officer."""
    alpha, beta = (mechanism[party].desk(ADMINISTRATOR) for party in ("alpha", "beta"))
    theirs = file(beta, LONGITUDE, LATITUDE)
    mine = file(alpha, LONGITUDE + 0.02, LATITUDE)
    conflict = wait_for(lambda: conflict_of(alpha, mine, theirs))
    # What clears it must find it there.
    wait_for(lambda: conflict_of(beta, mine, theirs))
    for title, part in (
        ("what is offered is clear, and clears the conflict on both sides once it is filed", offered),
        ("a draft is answered without being filed", draft),
        ("what is exhausted is said", exhausted),
        ("refusals by name", refused),
    ):
        with tally.group(f"advice: {title}"):
            part(tally, alpha, beta, mine, theirs, conflict)


def advise(desk, body):
    return desk.post("/api/v1/advice", body)


def offered(tally, alpha, beta, mine, theirs, conflict):
    answer = advise(alpha, {"notice": mine, "bounds": BOUNDS})
    tally.equal(answer.status, 200, "advice is given")
    result = answer.json
    tally.equal((result["state"], result["notice"], result["version"]), ("advised", mine, 1), "for the notice as it stands")
    tally.equal([hit["notice"] for hit in result["conflicts"]], [theirs], "which conflicts with theirs")
    tally.equal([one["notice"] for one in result["blocking"]], [theirs], "and theirs alone stands in the way")
    costs = [option["cost"] for option in result["advice"]]
    tally.equal(costs, sorted(costs), "cheapest first")
    tally.equal([option["rank"] for option in result["advice"]], list(range(1, len(costs) + 1)), "in the order of rank")
    tally.check({"time"} in [set(option["axes"]) for option in result["advice"]], "a later or earlier time is among it")
    tally.check({"position"} in [set(option["axes"]) for option in result["advice"]], "and another place")
    stated = alpha.get(f"/api/v1/notices/{mine}").json
    for option in result["advice"]:
        changed = notice(kind=stated["kind"], volumes=option["volumes"], notice=mine)
        hits = alpha.post("/api/v1/check", changed).json["collisions"]
        tally.equal(hits, [], f"a check of what is offered finds nothing: {option['sentence']}")
        margin = option["margin"]
        if margin:
            left = [margin[name] for name in ("timeS", "verticalM", "horizontalM") if margin[name] is not None]
            tally.check(len(left) == 1 and left[0] >= 0, "one margin, not negative", json.dumps(margin))
    place = next(option for option in result["advice"] if option["axes"] == ["position"])
    body = notice(mode=None, kind=stated["kind"], expectedVersion=1, volumes=place["volumes"])
    tally.equal(alpha.post(f"/api/v1/notices/{mine}/versions", body).status, 201, "it is filed as it is offered")
    for desk in (alpha, beta):
        tally.check(
            wait_for(lambda: desk.get(f"/api/v1/conflicts/{conflict}").json["state"] == "cleared"),
            "the conflict is cleared on both sides",
        )
    after = advise(alpha, {"notice": mine, "bounds": BOUNDS}).json
    tally.equal((after["state"], after["advice"], after["searched"]), ("notNeeded", [], []), "then none is needed")
    tally.equal(after["version"], 2, "of the new version")


def draft(tally, alpha, beta, mine, theirs, conflict):
    before = alpha.stated()
    body = {**notice(volumes=[volume(LONGITUDE, LATITUDE)]), "bounds": {"laterS": 12 * 3600, "timeStepS": 600}}
    result = advise(alpha, body).json
    tally.equal((result["state"], result["notice"], result["version"]), ("advised", None, None), "a draft has no version")
    tally.check(result["advice"][0]["change"]["timeS"] % 600 == 0, "its steps are those asked for", str(result["advice"])[:300])
    tally.equal([one["axes"] for one in result["searched"]], [["time"]], "only what is open is searched")
    tally.equal(
        {name: result["bounds"][name] for name in ("earlierS", "laterS", "timeStepS", "withinM")},
        {"earlierS": 0, "laterS": 12 * 3600, "timeStepS": 600, "withinM": 0},
        "the bounds are those used",
    )
    cheap = advise(alpha, {**body, "costs": {"perMinute": 0.5}}).json
    tally.equal(cheap["advice"][0]["cost"] * 2, result["advice"][0]["cost"], "a price is used")
    tally.equal(alpha.stated(), before, "and nothing was filed")


def exhausted(tally, alpha, beta, mine, theirs, conflict):
    body = {**notice(volumes=[volume(LONGITUDE, LATITUDE)]), "bounds": {"laterS": 60, "withinM": 500}}
    result = advise(alpha, body).json
    tally.equal((result["state"], result["advice"]), ("none", []), "within a minute and 500 m there is no way out")
    tally.equal(
        [(one["axes"], one["result"]) for one in result["searched"]],
        [(["time"], "none"), (["position"], "none"), (["time", "position"], "none")],
        "and each combination says so",
    )
    tally.check(all("every step" in one["sentence"] for one in result["searched"]), "in a sentence")
    tally.equal([one["notice"] for one in result["blocking"]], [theirs], "naming what stands in the way")


def refused(tally, alpha, beta, mine, theirs, conflict):
    whole = notice(volumes=[volume(LONGITUDE, LATITUDE)])

    def check(body, status, name, field=None, desk=alpha):
        answer = advise(desk, body)
        right = (answer.status, answer.problem) == (status, name) and (field is None or answer.field == field)
        tally.check(right, f"advice {json.dumps(body)[:120]}: {status} {name} {field or ''}", repr(answer))

    check({"notice": theirs, "bounds": BOUNDS}, 403, "notYourNotice")
    check({"notice": "alpha-999", "bounds": BOUNDS}, 404, "noSuchNotice")
    check({"bounds": BOUNDS}, 400, "missing", "notice")
    check({"notice": mine}, 400, "missing", "bounds")
    check({"notice": mine, "bounds": {}}, 400, "noBounds", "bounds")
    check({"notice": mine, "bounds": {"earlierS": 0}}, 400, "noBounds", "bounds")
    check({**whole, "kind": "picnic", "bounds": BOUNDS}, 400, "unknownKind", "kind")
    check({**whole, "mode": None, "bounds": BOUNDS}, 400, "missing", "mode")
    check({**whole, "bounds": {**BOUNDS, "floor": {"value": 90_000, "unit": "metres", "datum": "amsl"}}}, 400, "bandOutOfBounds", "bounds.floor")
    check({**whole, "bounds": {**BOUNDS, "ceiling": {"value": 0, "unit": "metres", "datum": "amsl"}}}, 400, "bandOutOfBounds", "bounds.ceiling")
    for name, value in (
        ("earlierS", -1), ("laterS", 2_592_001), ("timeStepS", 0), ("withinM", 200_001), ("positionStepM", 9), ("altitudeStepM", 0.5),
    ):
        check({"notice": mine, "bounds": {**BOUNDS, name: value}}, 400, "outOfRange", f"bounds.{name}")
    check({"notice": mine, "bounds": {**BOUNDS, "laterS": "2h"}}, 400, "wrongType", "bounds.laterS")
    check({"notice": mine, "bounds": {**BOUNDS, "shiftS": 1}}, 400, "unknownField", "bounds.shiftS")
    check({"notice": mine, "bounds": BOUNDS, "costs": {"perKm": 0}}, 400, "outOfRange", "costs.perKm")
    check({"notice": mine, "bounds": BOUNDS, "costs": {"perMile": 1}}, 400, "unknownField", "costs.perMile")
    check({"notice": mine, "bounds": BOUNDS, "avoidOwn": 1}, 400, "wrongType", "avoidOwn")
    past = {**whole, "volumes": [{**volume(LONGITUDE, LATITUDE), "start": instant("-3h"), "end": instant("-2h")}]}
    check({**past, "bounds": BOUNDS}, 400, "windowPassed", "volumes")
    ended = file(alpha, LONGITUDE, LATITUDE + 3)
    tally.equal(alpha.post(f"/api/v1/notices/{ended}/end", {"reason": "cancelled"}).status, 200, "a notice is ended")
    check({"notice": ended, "bounds": BOUNDS}, 409, "alreadyEnded")
    check({"notice": mine, "bounds": BOUNDS}, 401, "notSignedIn", desk=Desk(alpha.port))
