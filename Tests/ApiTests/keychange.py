"""A party's root keys put new keys in force: what the replaced ones open and sign from then on."""

import http.client
import json
import ssl

import merkle
from harness import parley, wait_for, wait_until_signing
from liar import ENTRIES, HEARTBEAT, Liar
from protocol import Key
from record import ROOTS, file
from statements import Statements

BEAT = json.dumps({"challenge": "0" * 64, "held": []}).encode()


def run(tally, sealed):
    """`beta` gets new keys; the other two run."""
    alpha, beta, delta = (sealed[party] for party in ("alpha", "beta", "delta"))
    for node in (alpha, beta, delta):
        if not node.is_running:
            node.start()
    desk, _, mediator = wait_until_signing(alpha, beta, delta)
    with tally.group("keys: a replaced key opens nothing and signs nothing"):
        beta.stop()
        # Its last record may have reached one of them only, or nobody.
        thieves = {node.party: Liar(beta, node).deliver() for node in (alpha, delta)}
        thief, size = thieves["alpha"], thieves["alpha"].size
        for party, liar in thieves.items():
            tally.equal(liar.link.post(HEARTBEAT, BEAT)[0], 200, f"{party} answers the key that is in force")
        note = change(sealed, beta, size)
        # A new TLS key opens nothing until its statement is there, so it is the old one that brings it.
        right = thief.note(size, merkle.root(thief.leaves[:size]))
        for party, watch in (("alpha", desk), ("delta", mediator)):
            status, answer = thieves[party].push(size, [], right, statements=[note])
            tally.equal(status, 200, f"{party} takes the statement {str(answer)[:200]}")
            alarm = wait_for(lambda: next((a for a in watch.get("/api/v1/alarms").json["alarms"] if a["kind"] == "keys"), None))
            tally.check(alarm and alarm["subject"] == "beta" and str(size) in alarm["sentence"], f"{party} rings for new keys", str(alarm))
            link = thieves[party].link
            for path, body in ((HEARTBEAT, BEAT), (ENTRIES, b"{}")):
                status, answer = link.post(path, body)
                tally.equal((status, answer.get("name")), (403, "unknownPeer"), f"{party} refuses the replaced key on an open connection: {path}")
            tally.equal(link.get("/peer/v1/logs")[0], 403, f"{party} shows it nothing")
            link.close()
            again_by_hand = watch.post("/api/v1/statements", {"note": note})
            tally.equal(again_by_hand.status, 200, f"{party} takes what is in force already once more, by hand")
            tally.check(is_shut_out(link), f"{party} answers the replaced key on a new connection with not one byte of HTTP")
        beta.start()
        other = wait_until_signing(beta)[0]
        id = file(other, 37, 30)
        tally.check(wait_for(lambda: desk.get(f"/api/v1/notices/{id}").status == 200), "what the new key signs is taken")
        facts = lambda: other.get(f"/api/v1/notices/{id}").json["facts"]
        tally.check(wait_for(lambda: facts()[0]["evaluatedAt"]), "receipted and evaluated")
        signed_by_old(tally, beta, alpha, thief, size)
        again(tally, sealed, beta, alpha, thief, note, size)


def change(sealed, node, size):
    """Prepares new keys, signs the statement as its root keys would, and puts them in force. Returns the note."""
    prepared = sealed.folder / "new-keys.json"
    parley("key", "new", "--dir", node.folder, "--out", prepared)
    keys = json.loads(prepared.read_text())
    made = Statements(node.mechanism, node.party, ROOTS)
    note = made.changed(
        **{"from": size, "sequence": keys["sequence"], "node": keys["node"], "tls": keys["tls"], "seal": keys["seal"]}
    )
    file = sealed.folder / "statement"
    file.write_text(note)
    parley("key", "activate", "--dir", node.folder, file)
    return note


def is_shut_out(link):
    try:
        link.post(HEARTBEAT, BEAT)
    except (ssl.SSLError, ConnectionError, http.client.HTTPException):
        return True
    return False


def signed_by_old(tally, beta, alpha, thief, size):
    """Whoever has the new TLS key and the old node key."""
    beta.stop()
    liar = Liar(beta, alpha)
    status, answer = liar.extend(liar.record(key=thief.key))
    tally.equal((status, answer.get("name")), (422, "badSignature"), "a record under the old key")
    status, answer = liar.push(liar.size, [liar.record()], liar.note(liar.size + 1, key=thief.key))
    tally.equal((status, answer.get("name")), (422, "badCheckpoint"), "a checkpoint beyond the change under the old key")
    beta.start()
    wait_until_signing(beta)


def again(tally, sealed, beta, alpha, thief, note, size):
    """The same statement, and others that it has overtaken."""
    beta.stop()
    liar = Liar(beta, alpha)
    right = liar.note(liar.size, merkle.root(liar.leaves[: liar.size]))
    status, answer = liar.push(liar.size, [], right, statements=[note] * 16)
    tally.equal(status, 200, f"a statement that is in force changes nothing, and hurts nothing {str(answer)[:200]}")
    made = Statements(beta.mechanism, "beta", ROOTS)
    seal = json.loads((sealed.folder / "new-keys.json").read_text())["seal"]
    fresh = Key(b"\x23" * 32).public.hex()
    for why, changes in {
        "its sequence is 1": {"sequence": 1},
        "one of its keys was replaced": {"node": thief.key.public.hex()},
        "nobody revokes to repudiate": {"from": size, "reason": "revocation"},
    }.items():
        statement = made.changed(**{"from": liar.size, "sequence": 2, "node": fresh, "seal": seal, **changes})
        status, answer = liar.push(liar.size, [], right, statements=[statement])
        tally.check(
            (status, answer.get("name")) == (422, "badStatement") and why in answer["detail"],
            f"badStatement: {why}",
            f"{status} {answer}",
        )
    beta.start()
    wait_until_signing(beta)
