"""Two principals, a third and a mediator: what depends on what stands, and that what is right still works."""

from client import ADMINISTRATOR
from harness import instant, notice, volume, wait_for
from malformed import run_table


class Pair:
    """Desks of four running nodes, and a conflict, an ended notice and a cleared conflict between the first two."""

    def __init__(self, mechanism):
        self.alpha = mechanism["alpha"].desk(ADMINISTRATOR)
        self.beta = mechanism["beta"].desk(ADMINISTRATOR)
        self.gamma = mechanism["gamma"].desk(ADMINISTRATOR)
        self.delta = mechanism["delta"].desk(ADMINISTRATOR)

    def prepare(self):
        own = file(self.alpha, 36, 33)
        theirs = file(self.beta, 37, 33)
        mine, yours = file(self.alpha, 40, 33), file(self.beta, 40, 33)
        ended, other = file(self.alpha, 42, 33), file(self.beta, 42, 33)
        their_ended = file(self.beta, 43, 31)
        for desk, id in ((self.alpha, ended), (self.beta, their_ended)):
            before = wait_for(lambda: conflict_of(self.alpha, ended, other)) if id == ended else None
            if before:
                cleared = before
            assert desk.post(f"/api/v1/notices/{id}/end", {"reason": "cancelled"}).status == 200
        self.ids = {
            "own": own,
            "theirs": theirs,
            "ended": ended,
            "theirEnded": their_ended,
            "cleared": cleared,
            "conflict": wait_for(lambda: conflict_of(self.alpha, mine, yours)),
        }
        # All of it has to be everywhere before logs are compared.
        wait_for(lambda: all(ended_here(self.alpha, id) for id in (ended, their_ended)))
        wait_for(lambda: status_of(self.alpha, cleared) == "cleared")
        wait_for(lambda: self.gamma.get(f"/api/v1/conflicts/{self.ids['conflict']}").status == 200)
        return self


def file(desk, longitude, latitude, **more):
    answer = desk.post("/api/v1/notices", notice(volumes=[volume(longitude, latitude)], **more))
    assert answer.status == 201, answer
    return answer.json["notice"]["id"]


def conflict_of(desk, one, other):
    for conflict in desk.get("/api/v1/conflicts").json["conflicts"]:
        if {conflict["first"]["notice"], conflict["second"]["notice"]} == {one, other}:
            return conflict["id"]
    return None


def status_of(desk, conflict):
    return desk.get(f"/api/v1/conflicts/{conflict}").json["state"]


def ended_here(desk, id):
    answer = desk.get(f"/api/v1/notices/{id}")
    return answer.status == 200 and answer.json["status"] == "ended"


def settled(pair):
    """Waits until no log grows any more: every node has told every other what there was to tell."""
    desks = (pair.alpha, pair.beta, pair.gamma, pair.delta)
    last = [None]

    def still():
        now = [desk.records() for desk in desks]
        same = all(one == now[0] for one in now) and now == last[0]
        last[0] = now
        return same

    return wait_for(still)


def malformed(tally, pair):
    with tally.group("malformed: what depends on what stands"):
        places = iter(range(1000))

        def filing():
            answer = pair.alpha.post("/api/v1/notices", notice(volumes=[volume(-60 + next(places), -40)]))
            settled(pair)
            return answer

        tally.check(settled(pair), "the nodes come to rest")
        run_table(tally, "pair", pair.alpha, pair.ids, filing)
        run_table(tally, "third", pair.gamma, pair.ids, None)
        run_table(tally, "mediator", pair.delta, pair.ids, None)
        tally.equal(
            pair.alpha.post("/api/v1/suspension", {"suspended": True}).status, 200, "the mechanism is suspended"
        )
        settled(pair)
        run_table(tally, "suspended", pair.alpha, pair.ids, None)
        tally.equal(filing().problem, "suspended", "no notice is filed meanwhile")
        tally.equal(pair.alpha.post("/api/v1/suspension", {"suspended": False}).status, 200, "and resumed")
        tally.equal(filing().status, 201, "and then one is")


def right(tally, pair):
    """One right use of everything that the description has, and that one's own filing reaches the other side."""
    with tally.group("what is right succeeds"):
        own, theirs, conflict = pair.ids["own"], pair.ids["theirs"], pair.ids["conflict"]
        answer = pair.alpha.post(
            f"/api/v1/notices/{own}/versions", notice(mode=None, expectedVersion=1, volumes=[volume(36, 33.2)])
        )
        tally.equal(answer.status, 201, "a later version is filed")
        tally.check(
            wait_for(lambda: pair.beta.get(f"/api/v1/notices/{own}").json["version"] == 2), "it reaches the other side"
        )
        answer = pair.alpha.post("/api/v1/check", notice(kind="strike", volumes=[volume(37, 33)]))
        tally.equal(
            [hit["notice"] for hit in answer.json["collisions"]],
            [theirs],
            "a check names what a draft would collide with",
        )
        question = pair.alpha.get(f"/api/v1/notices/{theirs}/read-back")
        tally.equal(
            set(question.json), {"notice", "version", "asks", "toleranceM"}, "a question does not give its answers"
        )
        stated = pair.alpha.get(f"/api/v1/notices/{theirs}").json["volumes"][0]
        wrong = {"position": [37.1, 33], "lower": "9000 ft AMSL", "start": instant("+5h")}
        read_back = {"position": [37, 33], "lower": stated["altitude"]["lower"], "start": stated["start"]}
        path = f"/api/v1/notices/{theirs}/acknowledgements"
        answer = pair.alpha.post(path, {"version": 1, "readBack": wrong})
        tally.equal(
            (answer.json["accepted"], [one["field"] for one in answer.json["mismatches"]]),
            (False, ["position", "lower", "start"]),
            "a wrong read-back names the fields",
        )
        tally.check(
            "37.0" not in answer.body.decode() and stated["start"] not in answer.body.decode(),
            "and never the right values",
        )
        tally.equal(
            pair.alpha.post(path, {"version": 1, "readBack": read_back}).json,
            {"accepted": True, "mismatches": []},
            "a right one is accepted",
        )
        conditions = {"stance": "settle", "conditions": ["Aircraft stay above 10 000 ft."]}
        for desk in (pair.alpha, pair.beta):
            tally.equal(
                desk.post(f"/api/v1/conflicts/{conflict}/positions", conditions).status, 200, "a side signs conditions"
            )
        tally.check(
            wait_for(lambda: status_of(pair.alpha, conflict) == "settled"), "the conflict is settled on one side"
        )
        tally.check(wait_for(lambda: status_of(pair.beta, conflict) == "settled"), "and on the other")
        alarms = pair.alpha.get("/api/v1/alarms").json["alarms"]
        ringing = next(alarm for alarm in alarms if (alarm["kind"], alarm["state"]) == ("notice", "ringing"))
        answer = pair.alpha.post(f"/api/v1/alarms/{ringing['id']}/acknowledge")
        tally.equal(answer.json["alarm"]["state"], "acknowledged", "an alarm is silenced")
        answer = pair.alpha.post(
            "/api/v1/notices",
            notice(audience=["beta"], statedPlace={"name": "Nowhere", "confirmed": True}, volumes=[volume(35, 29)]),
        )
        tally.equal(answer.json["notice"]["audience"], ["beta"], "an audience is narrowed, and a place confirmed")
        tally.check(
            wait_for(lambda: pair.beta.get(f"/api/v1/notices/{answer.json['notice']['id']}").status == 200),
            "it is there",
        )
        tally.equal(
            pair.gamma.get(f"/api/v1/notices/{answer.json['notice']['id']}").problem,
            "noSuchNotice",
            "and is not where it is not addressed to",
        )
        pages, after = [], ""
        while True:
            page = pair.alpha.get(f"/api/v1/notices?state=all&limit=7{after}").json
            pages += [one["id"] for one in page["notices"]]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        tally.equal(
            pages,
            [one["id"] for one in pair.alpha.get("/api/v1/notices?state=all&limit=5000").json["notices"]],
            "pages join to the whole list",
        )
        for path in (
            "/api/v1/status",
            "/api/v1/terms",
            "/api/v1/assurance",
            "/api/v1/links",
            "/api/v1/alarms?all=true",
            "/api/v1/session",
            "/api/v1/officers",
            f"/api/v1/notices/{own}/assurance",
            "/api/v1/conflicts?state=all",
            f"/api/v1/conflicts/{conflict}/picture",
            f"/api/v1/conflicts/{conflict}/picture?ground=dark",
            "/api/v1/openapi.json",
            "/api/v1/gazetteer/nearest?lat=34.5574&lon=38.3169",
            "/api/v1/coordinates?text=37SDU3733124174",
            "/healthz",
            "/metrics",
            "/api/v1/notices?party=beta&state=ended",
        ):
            tally.equal(pair.alpha.get(path).status, 200, f"GET {path}")
        picture = f"/api/v1/conflicts/{conflict}/picture"
        tally.equal(pair.alpha.get(picture + "?ground=sand").problem, "badRequest", "a picture on no such ground is refused")
        over = pair.alpha.get(f"/api/v1/conflicts/{pair.ids['cleared']}/picture")
        tally.equal(over.problem, "conflictCleared", "and there is none of a conflict that is over")
        answer = pair.alpha.get(picture)
        tally.check(
            "default-src 'none'" in answer.headers["content-security-policy"] and answer.headers["content-type"] == "image/svg+xml",
            "a picture runs nothing and fetches nothing",
        )
        found = pair.alpha.get(f"/api/v1/conflicts/{conflict}").json
        sentence = found["explanation"]["sentence"]
        tally.check(
            found["first"]["notice"] in sentence and found["second"]["notice"] in sentence,
            "a conflict is explained in a sentence",
            sentence,
        )
        officer = {"officer": "relief", "passphrase": "another four quiet words", "role": "watchOfficer"}
        tally.equal(pair.alpha.post("/api/v1/officers", officer).status, 201, "an officer is added")
        tally.equal(pair.alpha.post("/api/v1/officers", officer).problem, "nameTaken", "and not twice")
        controls = {"stance": "settle", "conditions": ["\u0001" * 2000] * 16}
        tally.equal(
            pair.alpha.post(f"/api/v1/conflicts/{conflict}/positions", controls).problem,
            "bodyTooLong",
            "conditions that no record holds are refused",
        )
        tally.equal(pair.alpha.get("/healthz").status, 200, "and the node lives on")
