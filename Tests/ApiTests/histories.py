"""Two histories of one log, receipts that are none, and a node that was restored from an old copy.

Every way in which a party can be shown to have signed two histories: to two holders, who compare; to one holder at the
same place; and by a proof from another past.
"""

import os

import merkle
import stops
from client import ADMINISTRATOR
from harness import Mechanism, notice, signing, volume, wait_for, wait_until_signing
from liar import Impostor, Liar, signed
from protocol import Key, checkpoint, cosignature

PARTIES = {name: "principal" for name in ("alpha", "beta", "gamma", "epsilon", "zeta")}


def run(tally):
    mechanism = Mechanism(PARTIES, heartbeat=2, stale_after=6, sealing="none")
    try:
        for node in mechanism.nodes.values():
            node.start()
        wait_until_signing(*mechanism.nodes.values())
        alpha, gamma = mechanism["alpha"], mechanism["gamma"]
        with tally.group("histories: receipts that are none"):
            false_receipts(tally, alpha, mechanism["beta"])
        for party in ("beta", "epsilon", "zeta"):
            mechanism[party].stop()
        with tally.group("histories: two, shown to two holders"):
            two_holders(tally, mechanism["beta"], alpha, gamma)
        with tally.group("histories: two, shown to one holder at the same place"):
            same_place(tally, mechanism["epsilon"], alpha)
        with tally.group("histories: two, by a proof from another past"):
            another_past(tally, mechanism["zeta"], alpha)
        with tally.group("histories: our own log, and a peer that holds more of it"):
            own_behind(tally, alpha, gamma)
        with tally.group("histories: our own log, and a peer that holds another"):
            own_frozen(tally, alpha, gamma, [mechanism[party] for party in ("beta", "epsilon", "zeta")])
        with tally.group("histories: STOP goes on with our own log frozen"):
            stops.with_frozen_log(tally, alpha.desk(ADMINISTRATOR), gamma.desk(ADMINISTRATOR))
    finally:
        mechanism.close()


def file(desk, at):
    return desk.post("/api/v1/notices", notice(volumes=[volume(-60 + at, -40)]))


def alarm(desk, kind, subject):
    """A standing alarm; `None` when there is none."""
    alarms = desk.get("/api/v1/alarms").json["alarms"]
    return next((one for one in alarms if (one["kind"], one["subject"]) == (kind, subject)), None)


def link(desk, party):
    return next(one for one in desk.get("/api/v1/links").json["links"] if one["party"] == party)


def is_frozen(tally, desk, who, party):
    """Rings as it must, and says nothing of that party's log but that it is frozen."""
    rung = wait_for(lambda: alarm(desk, "frozen", party))
    tally.check(rung, f"{who} rings")
    tally.equal(rung and (rung["precedence"], rung["state"]), ("flash", "ringing"), f"{who} rings FLASH")
    assurance = desk.get("/api/v1/assurance").json
    tally.equal(assurance["answer"], "unknown", f"{who} answers unknown")
    tally.check(
        ("logFrozen", party) in [(one["name"], one["party"]) for one in assurance["reasons"]],
        f"{who} says why",
        str(assurance["reasons"]),
    )


def false_receipts(tally, alpha, beta):
    """In beta's place answers somebody with its keys; what counts is whether alpha believes that its records are held."""
    desk = alpha.desk(ADMINISTRATOR)
    tally.check(wait_for(lambda: link(desk, "beta")["holdsOfOurs"] == desk.records()["alpha"]), "all is receipted before")
    beta.stop()
    # What alpha still writes about its links may be pushed before the first of them is set.
    impostor = Impostor(beta, alpha, receipt=lambda n, root: "")
    stranger = Key(b"\5" * 32)
    origin = impostor.other_origin

    def receipt(size, root, key=None, origin=origin, **more):
        return cosignature(key or impostor.key, "beta", origin, size, root, **more)

    false = {
        "a smaller size under a wrong root": lambda n, root: receipt(n - 1, os.urandom(32)),
        "a much smaller size under a wrong root": lambda n, root: receipt(2, os.urandom(32)),
        "the size under a wrong root": lambda n, root: receipt(n, os.urandom(32)),
        "the size under the root of fewer": lambda n, root: receipt(n, merkle.root(impostor.held[: n - 1])),
        "a smaller size under the root of all": lambda n, root: receipt(n - 1, root),
        "more than there is": lambda n, root: receipt(n + 1, root),
        "far more than there is": lambda n, root: receipt(2**53, root),
        "a stranger's key": lambda n, root: receipt(n, root, key=stranger),
        "another holder's name": lambda n, root: receipt(n, root, name="parley/gamma"),
        "another log": lambda n, root: receipt(n, root, origin=impostor.origin),
        "another mechanism": lambda n, root: receipt(n, root, origin=f"parley/{'0' * 64}/alpha"),
        "no time, as an author signs": lambda n, root: checkpoint(impostor.key, origin, n, root, name="parley/beta"),
        "a signature over another time": lambda n, root: moved(receipt(n, root, seconds=1_700_000_000), receipt(n, root)),
        "a receipt cut short": lambda n, root: receipt(n, root)[:-8] + "\n",
        "nothing": lambda n, root: "",
    }
    try:
        tally.check(wait_for(lambda: impostor.asked), "alpha asks whoever has the keys")
        tally.check(all(set(one) == {"challenge", "held"} for one in impostor.asked), "a challenge, and what is held", str(impostor.asked)[:300])
        held = link(desk, "beta")["holdsOfOurs"]
        for at, (title, made) in enumerate(false.items()):
            impostor.receipt, pushed = made, impostor.pushed
            id = file(desk, at).json["notice"]["id"]
            tally.check(wait_for(lambda: impostor.pushed > pushed), f"{title}: it is pushed")
            asked = len(impostor.asked)
            wait_for(lambda: len(impostor.asked) > asked)
            tally.equal(link(desk, "beta")["holdsOfOurs"], held, f"no receipt: {title}")
            fact = next(one for one in desk.get(f"/api/v1/notices/{id}").json["facts"] if one["party"] == "beta")
            tally.equal(fact["receiptedAt"], None, f"the notice is not receipted: {title}")
        impostor.receipt = impostor.right_receipt
        file(desk, 30)
        tally.check(wait_for(lambda: link(desk, "beta")["holdsOfOurs"] == desk.records()["alpha"]), "a right one is taken")
    finally:
        impostor.close()


def moved(one, other):
    """The text of `one` under the signature line of `other`, with the time of `one`."""
    import base64

    text, line = one.split("\n\n")
    start = line.rindex(" ") + 1
    mine, theirs = (base64.b64decode(note.rsplit(" ", 1)[1]) for note in (one, other))
    return f"{text}\n\n{line[:start]}{base64.b64encode(mine[:12] + theirs[12:]).decode()}\n"


def two_holders(tally, beta, alpha, gamma):
    """Each holder is shown one history; neither sees anything wrong until they show each other what they hold."""
    desks = {node.party: node.desk(ADMINISTRATOR) for node in (alpha, gamma)}
    to_alpha, to_gamma = Liar(beta, alpha).deliver(), Liar(beta, gamma).deliver()
    for liar, story in ((to_alpha, b"{}"), (to_gamma, b"{} ")):
        status, answer = liar.extend(liar.record(body=story))
        tally.check(status == 200 and "receipt" in answer, f"{liar.receiver} is shown its history", f"{status} {answer}")
    for who, desk in desks.items():
        is_frozen(tally, desk, who, "beta")
    for liar in (to_alpha, to_gamma):
        status, answer = liar.push(liar.size + 1, [])
        tally.equal((status, answer.get("name")), (422, "logFrozen"), f"{liar.receiver} takes no more of it")


def same_place(tally, epsilon, alpha):
    desk = alpha.desk(ADMINISTRATOR)
    liar = Liar(epsilon, alpha).deliver()
    tally.equal(liar.extend(liar.record())[0], 200, "a record is taken")
    status, answer = liar.extend(liar.record(body=b"{} "))
    tally.equal((status, answer.get("name")), (422, "logFrozen"), "another in its place is answered by the freeze")
    is_frozen(tally, desk, "alpha", "epsilon")
    tally.equal(liar.link.post("/peer/v1/heartbeat", b'{"challenge":"%s","held":[]}' % (b"0" * 64))[0], 200, "its challenges are answered all the same")


def another_past(tally, zeta, alpha):
    desk = alpha.desk(ADMINISTRATOR)
    liar = Liar(zeta, alpha).deliver()
    if liar.size & (liar.size - 1) == 0:
        # A proof from a power of two does not contain the old root.
        record = liar.record()
        liar.extend(record)
        liar.leaves.append(merkle.leaf(signed(record)))
        liar.size += 1
    record = liar.record()
    past = [*liar.leaves[:-1], os.urandom(32)]
    leaves = [*past, merkle.leaf(signed(record))]
    proof = merkle.consistency(liar.size, leaves)
    note = liar.note(len(leaves), merkle.root(leaves))
    tally.equal(liar.push(liar.size, [record], note)[1].get("name"), "checkpointMismatch", "without a proof it is only wrong")
    tally.equal(alarm(desk, "frozen", "zeta"), None, "and freezes nothing")
    status, answer = liar.push(liar.size, [record], note, consistency=proof)
    tally.equal((status, answer.get("name")), (422, "logFrozen"), "its own proof convicts it")
    is_frozen(tally, desk, "alpha", "zeta")


def own_behind(tally, alpha, gamma):
    """alpha comes back from an old copy: somebody has a record of its own that it has not."""
    alpha.stop()
    liar = Liar(alpha, gamma).deliver()
    record = liar.record()
    tally.equal(liar.extend(record)[0], 200, "a record of alpha that alpha will not remember")
    alpha.start()
    desk = alpha.desk(ADMINISTRATOR)
    tally.check(wait_for(lambda: signing(desk) == "behind"), "alpha finds out before it signs", signing(desk))
    rung = wait_for(lambda: alarm(desk, "behind", "alpha")) or {}
    tally.equal((rung.get("precedence"), rung.get("state")), ("flash", "ringing"), "and rings FLASH")
    for title, answer in {
        "file": file(desk, 40),
        "suspend": desk.post("/api/v1/suspension", {"suspended": True}),
    }.items():
        tally.equal((answer.status, answer.problem), (409, "ownLogBehind"), f"ownLogBehind: {title}")
    answer = desk.post("/api/v1/signing", {"reason": "I insist"})
    tally.equal((answer.status, answer.problem), (409, "ownLogBehind"), "no administrator lets it sign over that")
    tally.check("notSigning" in [one["name"] for one in desk.get("/api/v1/assurance").json["reasons"]], "assurance says so")
    # Whoever mirrors its log can hand the record back: it is signed by alpha itself.
    gamma.stop()
    try:
        mirror = Liar(gamma, alpha)
        leaves = [*liar.leaves, merkle.leaf(signed(record))]
        status, answer = mirror.push(
            liar.size,
            [record],
            liar.note(len(leaves), merkle.root(leaves)),
            log="alpha",
            consistency=merkle.consistency(liar.size, leaves),
        )
        tally.equal(status, 200, f"its own record is given back to it {answer}")
        tally.check(wait_for(lambda: signing(desk) != "behind"), "it is behind no more", signing(desk))
        tally.equal(alarm(desk, "behind", "alpha"), None, "and rings no more")
    finally:
        gamma.start()


def own_frozen(tally, alpha, gamma, others):
    """alpha goes on writing while gamma holds another record in the same place. The others, which are stopped, learn
    nothing of that before alpha does."""
    wait_until_signing(alpha, gamma)
    alpha.stop()
    liar = Liar(alpha, gamma).deliver()
    tally.equal(liar.extend(liar.record(body=b"{}  "))[0], 200, "gamma is shown another history of alpha")
    gamma.stop()
    for node in others:
        node.start()
    alpha.start()
    desk = wait_until_signing(alpha)[0]
    tally.equal(file(desk, 50).status, 201, "alpha, which does not know, files")
    gamma.start()
    tally.check(wait_for(lambda: signing(desk) == "frozen"), "alpha sees its own fork", signing(desk))
    is_frozen(tally, desk, "alpha", "alpha")
    for title, answer in {
        "file": file(desk, 51),
        "suspend": desk.post("/api/v1/suspension", {"suspended": True}),
        "signing": desk.post("/api/v1/signing", {"reason": "I insist"}),
    }.items():
        tally.equal((answer.status, answer.problem), (409, "ownLogFrozen"), f"ownLogFrozen: {title}")
