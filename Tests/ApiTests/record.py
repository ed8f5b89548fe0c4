"""Sealed terms: evidence, the logs as anybody may read them, and records that a mediator holds for a silent party."""

import io
import json
import subprocess
import tarfile
from pathlib import Path

import logs
from client import ADMINISTRATOR, OFFICER, Desk
from harness import BINARY, Mechanism, instant, notice, volume, wait_for, wait_until_signing
from protocol import Key

EVIDENCE = "/api/v1/evidence"
AUDIT = Path(BINARY).with_name("parley-audit")
ROOTS = (Key(b"\x21" * 32), Key(b"\x22" * 32))
MARKER = "heliotrope-quintet-7"


def mechanism():
    """Two principals and a mediator whose terms seal bodies; beta's keys can be changed."""
    return Mechanism(
        {"alpha": "principal", "beta": "principal", "delta": "mediator"},
        heartbeat=2,
        stale_after=6,
        roots={"beta": [key.public.hex() for key in ROOTS]},
    )


def run(tally, sealed):
    alpha, beta, delta = (sealed[party] for party in ("alpha", "beta", "delta"))
    for node in (alpha, beta, delta):
        node.start()
    desk, other, mediator = wait_until_signing(alpha, beta, delta)
    with tally.group("record: receipted, evaluated and acknowledged are separate facts"):
        own = file(desk, 36, 33, remarks=MARKER)
        fact = wait_for(lambda: (f := fact_of(desk, own, "beta"))["evaluatedAt"] and f["receiptedAt"] and f)
        tally.check(fact, "the other side receipts and evaluates")
        tally.check(fact and fact["receiptedAt"] and not fact["acknowledgedAt"], "and has acknowledged nothing", str(fact))
        tally.equal((fact["lodgedAt"], fact["lodgedWith"]), (None, None), "nothing is lodged for whoever answers")
        tally.equal([one["party"] for one in desk.get(f"/api/v1/notices/{own}").json["facts"]], ["beta"], "a mediator judges nothing")
    with tally.group("record: the mediator reads no body"):
        wait_for(lambda: mediator.records()["alpha"] == desk.records()["alpha"])
        tally.equal(mediator.get("/api/v1/notices?state=all").json["notices"], [], "it has no notice")
        answer = mediator.get(EVIDENCE)
        tally.equal(answer.status, 200, "its evidence is what it holds")
        tally.check(MARKER not in answer.body.decode("latin-1"), "in which no word of a body stands")
    with tally.group("record: logs as C2SP tlog-tiles"):
        for party in ("alpha", "beta", "delta"):
            logs.at_desk(tally, desk, party, alpha.mechanism)
        stranger = Desk(alpha.desk_port)
        for path in (f"{logs.LOGS}/alpha/checkpoint", f"{logs.LOGS}/alpha/tile/0/000.p/1", EVIDENCE):
            tally.equal(stranger.get(path).problem, "notSignedIn", f"nobody reads {path} without signing in")
    with tally.group("record: the joint timeline"):
        timeline(tally, desk, other, mediator, own)
        proposals(tally, sealed, desk, other)
    with tally.group("record: evidence"):
        evidence(tally, sealed, desk, other, own)
    with tally.group("record: lodged with the mediator while the other side is silent"):
        lodged(tally, sealed, desk, beta)


def timeline(tally, desk, other, mediator, own):
    """What both sides have signed, as either reads it, and as the mediator sees it that can read none of it."""
    ends = desk.post("/api/v1/notices", notice(volumes=[volume(31, 36)], remarks="to be ended")).json["notice"]["id"]
    tally.equal(desk.post(f"/api/v1/notices/{ends}/end", {"reason": "over"}).status, 200, "a notice is filed and ended")
    rests(desk, other, mediator)
    mine, theirs = everything(desk), everything(other)
    tally.equal(len(mine), sum(desk.records().values()), "every record that is held has its row")
    tally.equal(len({row["id"] for row in mine}), len(mine), "and each has one")
    tally.equal([row["id"] for row in mine], [row["id"] for row in theirs], "both sides put them in one order")
    for party in ("alpha", "beta", "delta"):
        places = [int(row["id"].split("-")[1]) for row in mine if row["author"] == party]
        tally.equal(places, sorted(places, reverse=True), f"{party}'s are in the order of its log, newest first")
    told = desk.get(f"/api/v1/record?notice={ends}").json["records"]
    tally.equal([(row["kind"], row["author"]) for row in told if row["kind"] != "finding"][:2], [("noticeEnd", "alpha"), ("notice", "alpha")],
                "of one notice its end and its filing")
    tally.equal(told[0]["content"]["reason"], "over", "with what they say")
    tally.equal((told[-1]["content"]["remarks"], told[-1]["mode"], told[-1]["audience"]), ("to be ended", "real", ["beta"]), "and to whom")
    tally.equal({row["kind"] for row in everything(desk, "kinds=termsAcceptance,noticeEnd")}, {"termsAcceptance", "noticeEnd"}, "by kinds")
    tally.equal({row["author"] for row in everything(desk, "author=beta")}, {"beta"}, "by author")
    at = told[-1]["createdAt"]
    within = everything(desk, f"from={at}&to={at}")
    tally.check(told[-1]["id"] in [row["id"] for row in within] and {row["createdAt"] for row in within} == {at}, "by time, ends included")
    tally.equal(everything(desk, "to=2020-01-01T00:00:00Z"), [], "and none before there was any")
    tally.equal(desk.get(f"/api/v1/record?conflict={'0' * 64}").problem, "noSuchConflict", "a conflict that is none")
    tally.equal(desk.get("/api/v1/record?before=alpha:0,beta:0").json, {"records": [], "next": None}, "nothing is before the beginning")
    # Bodies are sealed: the mediator has every place and no content.
    seen = {row["id"]: row for row in everything(mediator)}
    tally.equal(set(seen), {row["id"] for row in mine}, "the mediator has every row")
    tally.equal((seen[ends]["readable"], seen[ends]["content"], seen[ends]["kind"], seen[ends]["createdAt"]), (False, None, None, None), "and reads none of them")
    tally.equal(mediator.get(f"/api/v1/record?notice={own}").json["records"], [], "so none of it is about a notice")


def everything(desk, query=""):
    """Page by page, of a size that never fits."""
    rows, before = [], ""
    while True:
        page = desk.get(f"/api/v1/record?limit=7&{query}{before}").json
        rows += page["records"]
        if page["next"] is None:
            return rows
        before = f"&before={page['next']}"


def rests(*desks):
    """Waits until every desk holds the same, twice in a row: nodes state what they have judged by themselves."""
    last = []

    def still():
        last.append([desk.records() for desk in desks])
        return len(last) > 1 and last[-1] == last[-2] and all(held == last[-1][0] for held in last[-1])

    wait_for(still)


def proposals(tally, sealed, desk, other):
    path = "/api/v1/terms/proposed"
    tally.equal(other.get(path).json, {"proposals": []}, "nobody has proposed other terms")
    now = desk.get("/api/v1/terms").json
    fingerprint = desk.get("/api/v1/status").json["mechanism"]["termsFingerprint"]
    terms = json.dumps({**now, "version": 2, "previous": fingerprint, "effectiveAt": instant("+30d")}, indent=1)
    tally.equal(sealed["alpha"].desk(OFFICER).post(path, {"terms": terms}).problem, "notAllowed", "an administrator proposes, no other officer")
    for wrong, why in (("{", "no JSON"), (json.dumps(now), "the version in force"), (terms.replace(fingerprint, "0" * 64), "not a next version of these")):
        answer = desk.post(path, {"terms": wrong})
        tally.equal((answer.status, answer.json.get("field")), (400, "terms"), f"refused: {why}")
    answer = desk.post(path, {"terms": terms})
    tally.equal(answer.status, 200, "a next version is proposed")
    shown = wait_for(lambda: other.get(path).json["proposals"])
    tally.equal([(one["party"], one["terms"]["version"]) for one in shown or []], [("alpha", 2)], "and shown to the other side")
    tally.equal(other.get("/api/v1/terms").json["version"], 1, "where nothing of it is in force")
    alarms = other.get("/api/v1/alarms").json["alarms"]
    tally.check(any(alarm["kind"] == "terms" for alarm in alarms), "but it rings there", str(alarms))


def file(desk, longitude, latitude, **more):
    answer = desk.post("/api/v1/notices", notice(volumes=[volume(longitude, latitude)], **more))
    assert answer.status == 201, answer
    return answer.json["notice"]["id"]


def fact_of(desk, id, party):
    return next(one for one in desk.get(f"/api/v1/notices/{id}").json["facts"] if one["party"] == party)


def evidence(tally, sealed, desk, other, own):
    # A conflict, so that there is one to choose.
    mine, theirs = file(desk, 40, 33), file(other, 40, 33)
    conflict = wait_for(lambda: next((c["id"] for c in desk.get("/api/v1/conflicts").json["conflicts"]), None))
    apart = file(desk, 43, 31, remarks="nothing to do with it")
    window = f"from={instant('-1h')}&to={instant('+1h')}"
    # What nodes state about these filings is part of it, so all of it has to be here before bundles are compared.
    sizes = [None]

    def rests():
        before, sizes[0] = sizes[0], (desk.records(), other.records())
        return sizes[0] == before and sizes[0][0] == sizes[0][1]

    tally.check(wait_for(rests), "the nodes come to rest")
    every = contents(tally, desk.get(EVIDENCE), "everything")
    for name in ("manifest", "README.txt", "terms.json", "policy"):
        tally.check(name in every, f"a bundle has {name}")
    tally.equal(every["terms.json"], (sealed["alpha"].folder / "terms.json").read_bytes(), "the terms, byte for byte")
    tally.check(any(MARKER.encode() in data for data in every.values()), "bodies are open by default")
    for chosen, query in {
        "a notice": f"notice={own}",
        "a conflict": f"conflict={conflict}",
        "a time": window,
        "a time that is long over": "from=2001-01-01T00:00:00Z&to=2001-01-01T00:00:01Z",
    }.items():
        found = contents(tally, desk.get(f"{EVIDENCE}?{query}"), chosen)
        # Nodes go on stating what they see of their links, so everything is asked for again afterwards.
        everything = contents(tally, desk.get(EVIDENCE), f"everything after {chosen}")
        tally.check(set(records(found)) <= set(records(everything)), f"{chosen}: only what everything has")
        about = {name for name, data in found.items() if name.endswith(".body") and b"nothing to do with it" in data}
        tally.equal(bool(about), chosen == "a time", f"{chosen}: a notice that does not belong to it")
        audit(tally, sealed, desk.get(f"{EVIDENCE}?{query}").body, chosen)
    before = contents(tally, desk.get(f"{EVIDENCE}?notice={own}"), "bodies open, before")
    withheld = contents(tally, desk.get(f"{EVIDENCE}?notice={own}&bodies=withheld"), "bodies withheld")
    tally.check(not [n for n in withheld if n.endswith((".body", ".salt", ".key"))], "withheld: no body, salt or key")
    tally.check(not any(MARKER.encode() in data for data in withheld.values()), "withheld: not a word of it")
    opened = contents(tally, desk.get(f"{EVIDENCE}?notice={own}&bodies=open"), "bodies open")
    # A mediator may state meanwhile that it holds the notice for a party that was slow to answer.
    same = set(records(before)) <= set(records(withheld)) <= set(records(opened))
    tally.check(same, "withheld: the same records all the same", f"{records(before)}, {records(withheld)}, {records(opened)}")
    keys = contents(tally, desk.get(f"{EVIDENCE}?notice={own}&bodies=sealed"), "bodies sealed")
    tally.check([n for n in keys if n.endswith(".key")] and [n for n in keys if n.endswith(".sealed")], "sealed: bytes and keys")
    tally.check(not any(MARKER.encode() in data for data in keys.values()), "sealed: not a word in the open")
    for choice in ("open", "withheld", "sealed"):
        audit(tally, sealed, desk.get(f"{EVIDENCE}?bodies={choice}").body, f"everything, bodies {choice}")
    changed = bytearray(desk.get(EVIDENCE).body)
    changed[len(changed) // 2] ^= 1
    audit(tally, sealed, bytes(changed), "one bit turned", accepted=False)
    tally.check(mine and theirs and apart, "all of it was filed")
    stated(tally, sealed, desk, apart)
    tally.equal(other.post(f"/api/v1/notices/{theirs}/end", {"reason": "cancelled"}).status, 200, "the other side ends its notice")
    whole = lambda: (a := desk.get("/api/v1/assurance/statement")).status == 200 and a
    tally.check(wait_for(whole), "without a conflict the mechanism as a whole is stated", desk.get("/api/v1/assurance").body.decode()[:600])


def stated(tally, sealed, desk, clear):
    """A statement of assurance: what it says, and what the offline checker says of it."""
    path = f"/api/v1/notices/{clear}/assurance"
    if not tally.check(wait_for(lambda: desk.get(path).json["answer"] == "clear"), "a notice that collides with nothing is clear"):
        return
    answer = wait_for(lambda: (a := desk.get(f"{path}/statement")).status == 200 and a)
    tally.check(answer and answer.headers["content-type"].startswith("text/plain"), "and is stated as a signed note")
    lines = answer.body.decode().splitlines()
    for line in (f"notice {clear} 1 {clear}", "answer NO KNOWN CONFLICT"):
        tally.check(line in lines, f"which says: {line}", answer.body.decode())
    tally.check(any("neither permission nor immunity" in line for line in lines), "and that it is no permission")
    conflict = desk.get("/api/v1/conflicts").json["conflicts"][0]["first"]["notice"]
    tally.equal(desk.get(f"/api/v1/notices/{conflict}/assurance/statement").problem, "nothingToState", "a conflict is nothing to state")
    tally.equal(desk.get("/api/v1/notices/alpha-99999/assurance/statement").problem, "noSuchNotice", "nor is what is not there")
    if not AUDIT.exists():
        return
    note, bundle = sealed.folder / "statement.txt", sealed.folder / "bundle.tar"
    bundle.write_bytes(desk.get(EVIDENCE).body)
    for changed, code in ((answer.body, 0), (answer.body.replace(b"until 2", b"until 3"), 1), (b"", 1)):
        note.write_bytes(changed)
        done = subprocess.run(
            [AUDIT, bundle, "--mechanism", sealed["alpha"].mechanism, "--statement", note, "--json"], capture_output=True, text=True, timeout=60)
        tally.equal(done.returncode, code, f"parley-audit: {'the statement holds' if code == 0 else 'it is refused'} {done.stderr[:200]}")
        tally.equal(json.loads(done.stdout)["holds"], code == 0, "and says so as JSON")


def contents(tally, answer, title):
    """The files in a bundle, by their names in it."""
    tally.equal((answer.status, answer.headers.get("content-type")), (200, "application/x-tar"), f"{title}: a bundle")
    if answer.status != 200:
        return {}
    tally.check("attachment" in answer.headers["content-disposition"], f"{title}: to be saved", str(answer.headers))
    with tarfile.open(fileobj=io.BytesIO(answer.body)) as archive:
        members = archive.getmembers()
        tally.check(all(one.isfile() for one in members), f"{title}: files and nothing else")
        names = [one.name.removeprefix("parley-evidence/") for one in members]
        tally.equal(names, names[:1] + sorted(names[1:]), f"{title}: in order")
        return {name: archive.extractfile(one).read() for name, one in zip(names, members)}


def records(found):
    return sorted(name for name in found if name.endswith(".header"))


def audit(tally, sealed, bundle, title, accepted=True):
    """What the offline checker says; it is told the mechanism and asks no node."""
    if not AUDIT.exists():
        return
    file = sealed.folder / "bundle.tar"
    file.write_bytes(bundle)
    done = subprocess.run(
        [AUDIT, file, "--mechanism", sealed["alpha"].mechanism, "--json"], capture_output=True, text=True, timeout=60
    )
    tally.equal(done.returncode == 0, accepted, f"parley-audit, {title}: {'accepted' if accepted else 'refused'} {done.stderr[:200]}")
    if accepted and done.returncode == 0:
        tally.check(json.loads(done.stdout), f"parley-audit, {title}: a report")


def lodged(tally, sealed, desk, silent):
    silent.stop()
    id = file(desk, 36, 29)
    fact = wait_for(lambda: (f := fact_of(desk, id, "beta"))["lodgedAt"] and f, 60)
    tally.check(fact, "the mediator states that it holds the record")
    if fact is None:
        return
    tally.equal(fact["lodgedWith"], "delta", "by its name")
    tally.equal((fact["receiptedAt"], fact["evaluatedAt"]), (None, None), "that is no receipt")
    assurance = desk.get(f"/api/v1/notices/{id}/assurance").json
    tally.equal(assurance["answer"], "unknown", "assurance stays unknown")
    tally.check("notReceipted" in [r["name"] for r in assurance["reasons"]], "because it is not receipted", str(assurance))
    silent.start()
    fact = wait_for(lambda: (f := fact_of(desk, id, "beta"))["receiptedAt"] and f)
    tally.check(fact, "the party that was silent receipts it once it is back")
    tally.equal(fact and (fact["lodgedAt"], fact["lodgedWith"]), (None, None), "and nothing is lodged any more")
    wait_until_signing(silent)
