"""The peer endpoint against a peer that lies, and against whoever is no peer."""

import base64
import json

import logs
import merkle
import statements
import strangers
from client import ADMINISTRATOR
from harness import kinds_of, notice, volume, wait_for, wait_until_signing
from liar import ENTRIES, HEARTBEAT, Liar
from protocol import Key
from pushes import malformed_fields, malformed_pushes
from table import body_bytes, read


def run(tally, mechanism, roots):
    """`roots` are the private root keys of beta."""
    alpha, beta = mechanism["alpha"], mechanism["beta"]
    for node in mechanism.nodes.values():
        node.stop()
    journal, entries = alpha.journal(), alpha.entries()
    alpha.start()
    desk = alpha.desk(ADMINISTRATOR)
    # Nobody else is there to confirm the size of its log, and while it does not sign, others may offer it records.
    desk.post("/api/v1/signing", {"reason": "the other nodes are stopped"})
    # Our own log may grow meanwhile: a node puts on record that a link has changed.
    of_peers = lambda: {party: size for party, size in desk.records().items() if party != "alpha"}
    before, alarms = of_peers(), alarms_about(desk)
    liar = Liar(beta, alpha)
    with tally.group("peers: malformed pushes"):
        tally.equal(liar.size, before["beta"], "a push from too far ahead is told what is expected")
        status, answer = liar.push(liar.size, [liar.record()])
        tally.check(
            (status, answer.get("name")) == (422, "checkpointMismatch"),
            "the record that is next, under a false root, fails at the root alone",
            str(answer),
        )
        for name, (expected, pushes) in malformed_pushes(liar).items():
            tally.check(len(pushes) >= 10, f"{name}: at least ten inputs", str(len(pushes)))
            for title, status, answer in pushes:
                tally.check(
                    status == expected and answer.get("name") == name,
                    f"{name}: {title}",
                    f"{status} {str(answer)[:200]}",
                )
            tally.equal(of_peers(), before, f"no peer's log has grown after: {name}")
    with tally.group("peers: root statements of every wrong kind"):
        refuse_statements(tally, mechanism, liar, roots)
        tally.equal(of_peers(), before, "no peer's log has grown")
    with tally.group("peers: malformed requests"):
        for name, bodies in read("not-json.json").items():
            for body in bodies:
                raw = body_bytes(body)
                for path in (ENTRIES, HEARTBEAT) if len(raw) < 4096 else (ENTRIES,):
                    status, answer = liar.link.post(path, raw)
                    tally.check(
                        status == 400 and answer["name"] == name, f"{name}: {path} {raw[:60]!r}", f"{status} {answer}"
                    )
        for name, inputs in malformed_fields(liar).items():
            tally.check(len(inputs) >= 10, f"{name}: at least ten inputs", str(len(inputs)))
            for path, body, field in inputs:
                status, answer = liar.link.post(path, json.dumps(body).encode())
                right = status == 400 and answer.get("name") == name and answer.get("field") == field
                tally.check(right, f"{name}: {path} {str(body)[:80]}", f"{status} {answer}")
        for size in (1024 * 1024 + 1, 1024 * 1024 + 100, 2 * 1024 * 1024):
            status, answer = liar.link.post(ENTRIES, b'{"a":"' + b"x" * (size - 8) + b'"}')
            tally.equal((status, answer.get("name")), (413, "tooLarge"), f"tooLarge: {size} bytes")
        tally.equal(of_peers(), before, "no peer's log has grown")
        tally.equal(alarms_about(desk), alarms, "nothing of it rings as a record or a log")
    with tally.group("peers: more in a second than a peer may ask"):
        statuses = strangers.pipelined(alpha.peer_port, liar.certificate, liar.tls_key, HEARTBEAT, 6000, enough=429)
        tally.check(429 in statuses, "tooManyRequests: some of many requests at once", f"{len(statuses)}, {set(statuses)}")
        tally.check(set(statuses) <= {400, 429}, "and the others are answered", str(set(statuses)))
        status, _ = liar.link.post(HEARTBEAT, json.dumps({"challenge": "0" * 64, "held": []}).encode())
        tally.equal(status, 200, "a second later the peer is answered again")
    with tally.group("peers: the logs that a node holds"):
        logs.at_peers(tally, liar, alpha)
    with tally.group("peers: who is no peer is refused before any HTTP byte"):
        strangers.run(tally, mechanism, liar.certificate, liar.tls_key)
    with tally.group("peers: the journal is as it was, and what is right is taken"):
        alpha.stop()
        after = alpha.journal()
        tally.check(after[: len(journal)] == journal, "the journal's earlier bytes are as they were")
        # The start, the sign-in, deadlines that came, and a push of what was held; of what was refused, nothing.
        grown = {kind for kind in kinds_of(after[len(journal) :])}
        tally.check(
            grown <= {"started", "tick", "command present", "command signUnconfirmed", "pushed"}, "the journal holds nothing of what was refused", str(grown)
        )
        theirs = [entry for entry in entries if entry.startswith("beta-")]
        tally.check(
            [entry for entry in alpha.entries() if entry.startswith("beta-")] == theirs,
            "the peer's records are as they were",
        )
        for node in mechanism.nodes.values():
            node.start()
        desk, other = wait_until_signing(alpha, beta)
        # Alpha may have been suspended, and resumed just before the other nodes were stopped.
        wait_for(lambda: other.records()["alpha"] >= desk.records()["alpha"])
        filed = other.post("/api/v1/notices", notice(volumes=[volume(-70, -45)])).json["notice"]["id"]
        tally.check(
            wait_for(lambda: desk.get(f"/api/v1/notices/{filed}").status == 200), "a filing of the real peer arrives"
        )
        receipted = wait_for(
            lambda: next(
                iter(
                    fact
                    for fact in other.get(f"/api/v1/notices/{filed}").json["facts"]
                    if fact["party"] == "alpha" and fact["receiptedAt"]
                ),
                None,
            )
        )
        tally.check(receipted, "and is receipted")
        both = lambda: all(desk.records()[party] == other.records()[party] for party in ("alpha", "beta"))
        tally.check(wait_for(both), "both hold the same of each other")


def alarms_about(desk):
    return [
        one["id"]
        for one in desk.get("/api/v1/alarms?all=true").json["alarms"]
        if one["kind"] in ("unreadable", "frozen", "notice", "conflict")
    ]




def refuse_statements(tally, mechanism, liar, roots):
    keys = {
        party: Key(base64.b64decode((node.folder / "keys/node.key").read_text().strip())).public.hex()
        for party, node in mechanism.nodes.items()
    }
    own = keys.pop(liar.party)
    made = statements.Statements(liar.mechanism, liar.party, roots)
    right = liar.note(liar.size, merkle.root(liar.leaves[: liar.size]))
    for why, notes in statements.wrong(made, liar.size, own, list(keys.values())).items():
        tally.check(len(notes) >= 10 or why.startswith("a new key"), f"badStatement, {why}: at least ten inputs", str(len(notes)))
        for title, note in notes.items():
            status, answer = liar.push(liar.size, [], right, statements=[note])
            tally.check(
                (status, answer.get("name")) == (422, "badStatement") and why in answer["detail"],
                f"badStatement, {why}: {title}",
                f"{status} {str(answer)[:300]}",
            )
    # One that is wrong beside others: nothing of the request is taken.
    status, answer = liar.push(liar.size, [liar.record()], statements=["x"] * 16)
    tally.equal((status, answer.get("name")), (422, "badStatement"), "sixteen statements beside a record")
    status, answer = liar.push(liar.size, [], right)
    tally.check(status == 200 and "receipt" in answer, "without a statement the same push is receipted", f"{status} {answer}")
