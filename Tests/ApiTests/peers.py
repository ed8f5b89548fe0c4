"""The peer endpoint against a peer that lies, and against whoever is no peer."""

import base64
import json
import os

import strangers
from client import ADMINISTRATOR
from harness import kinds_of, notice, volume, wait_for
from protocol import Key, PeerLink, checkpoint, client_context, envelope, header, seal
from table import body_bytes, read

ENTRIES = "/peer/v1/entries"
HEARTBEAT = "/peer/v1/heartbeat"


class Liar:
    """Holds a stopped node's keys and speaks for it to a running one."""

    def __init__(self, node, receiver):
        keys = node.folder / "keys"
        self.key = Key(base64.b64decode((keys / "node.key").read_text().strip()))
        self.certificate, self.tls_key = keys / "tls.crt", keys / "tls.key"
        self.author = node.party
        self.receiver = receiver.party
        self.mechanism = node.mechanism
        self.origin = f"parley/{self.mechanism}/{self.author}"
        self.link = PeerLink(receiver.peer_port, client_context(self.certificate, self.tls_key))
        # A push from far ahead is answered by the record that is expected.
        status, answer = self.push(1 << 40, [])
        assert status == 409 and answer["name"] == "notNext", answer
        self.size = answer["expected"]

    def note(self, size, root=b"\0" * 32, **more):
        return checkpoint(more.pop("key", self.key), more.pop("origin", self.origin), size, root, **more)

    def push(self, first, envelopes, note=None):
        note = self.note(first + len(envelopes)) if note is None else note
        push = {"first": first, "entries": [base64.b64encode(one).decode() for one in envelopes], "checkpoint": note}
        return self.link.post(ENTRIES, json.dumps(push).encode())

    def record(self, change=None, body=b"{}", sealed=None, key=None, **fields):
        """The record that would be next, but for what is changed; `change` maps its header's bytes."""
        made, commitment = seal(body)
        next_one = {"mechanism": self.mechanism, "author": self.author, "index": self.size, "audience": self.receiver}
        lines = header(made, commitment, **{**next_one, **fields})
        signed = "".join(line + "\n" for line in lines).encode()
        signed = change(signed) if change else signed
        return envelope(signed, (key or self.key).sign(signed), made if sealed is None else sealed)


def run(tally, mechanism):
    alpha, beta = mechanism["alpha"], mechanism["beta"]
    for node in mechanism.nodes.values():
        node.stop()
    journal, entries = alpha.journal(), alpha.entries()
    alpha.start()
    desk = alpha.desk(ADMINISTRATOR)
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
    with tally.group("peers: who is no peer is refused before any HTTP byte"):
        strangers.run(tally, mechanism, liar.certificate, liar.tls_key)
    with tally.group("peers: the journal is as it was, and what is right is taken"):
        alpha.stop()
        after = alpha.journal()
        tally.check(after[: len(journal)] == journal, "the journal's earlier bytes are as they were")
        # The start, the sign-in and deadlines that came; of the peer, nothing.
        grown = {kind for kind in kinds_of(after[len(journal) :])}
        tally.check(
            grown <= {"started", "tick", "command present"}, "the journal holds nothing of what was refused", str(grown)
        )
        theirs = [entry for entry in entries if entry.startswith("beta-")]
        tally.check(
            [entry for entry in alpha.entries() if entry.startswith("beta-")] == theirs,
            "the peer's records are as they were",
        )
        alpha.start()
        beta.start()
        desk, other = alpha.desk(ADMINISTRATOR), beta.desk(ADMINISTRATOR)
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


def malformed_pushes(liar):
    """By name: the status, and what was answered to each input."""
    size, record = liar.size, liar.record()
    header_length = int.from_bytes(record[:4], "big")
    signature_at = 4 + header_length
    sealed_at = signature_at + 64 + 4
    groups = {}

    def add(name, status, title, envelopes, first=size, note=None):
        groups.setdefault(name, (status, []))[1].append((title, *liar.push(first, envelopes, note)))

    # Envelopes.
    for cut in (0, 1, 3, 4, 71, 72, signature_at, sealed_at - 1, len(record) // 2, len(record) - 1):
        add("malformedEnvelope", 422, f"{cut} bytes of it", [record[:cut]])
    for length in (0, 1, header_length - 1, header_length + 1, 8193, 2**31, 2**32 - 1):
        add("malformedEnvelope", 422, f"a header of {length} bytes", [length.to_bytes(4, "big") + record[4:]])
    for length in (0, 1, 2**31, 2**32 - 1):
        add(
            "malformedEnvelope",
            422,
            f"a body of {length} bytes",
            [record[: sealed_at - 4] + length.to_bytes(4, "big") + record[sealed_at:]],
        )
    add("malformedEnvelope", 422, "a byte more", [record + b"\0"])
    add("malformedEnvelope", 422, "twice", [record + record])
    add(
        "malformedEnvelope",
        422,
        "too large",
        [envelope(record[4:signature_at], record[signature_at : sealed_at - 4], b"\0" * 100_000)],
    )
    # Headers, each with a signature that is right.
    changes = {
        "no first line": lambda h: h.split(b"\n", 1)[1],
        "another version": lambda h: h.replace(b"record v1", b"record v2"),
        "no last newline": lambda h: h[:-1],
        "one newline more": lambda h: h + b"\n",
        "carriage returns": lambda h: h.replace(b"\n", b"\r\n"),
        "capitals": lambda h: h.replace(b"author ", b"Author "),
        "two spaces": lambda h: h.replace(b"index ", b"index  "),
        "a leading zero": lambda h: h.replace(b"index ", b"index 0"),
        "a sign": lambda h: h.replace(b"index ", b"index +"),
        "an index beyond 2^53": lambda h: h.replace(f"index {size}".encode(), b"index 9007199254740993"),
        "lines in another order": lambda h: b"\n".join([*(l := h.split(b"\n"))[:1], l[2], l[1], *l[3:]]),
        "a line twice": lambda h: h.replace(b"relay ordinary\n", b"relay ordinary\nrelay ordinary\n"),
        "a line that nobody knows": lambda h: h.replace(b"relay", b"colour red\nrelay"),
        "another relay": lambda h: h.replace(b"ordinary", b"slow"),
        "not UTF-8": lambda h: h.replace(b"ordinary", b"\xff\xfe"),
        "an audience of nobody": lambda h: h.replace(b"audience alpha", b"audience "),
        "an audience twice": lambda h: h.replace(b"audience alpha", b"audience alpha,alpha"),
        "an audience out of order": lambda h: h.replace(b"audience alpha", b"audience gamma,alpha"),
        "a padding that is no class": lambda h: h.replace(b"padded 512", b"padded 513"),
        "a hash in capitals": lambda h: h.replace(b"sealed ", b"sealed A")[:-2] + b"\n",
        "a short hash": lambda h: h[:-2] + b"\n",
        "seen out of order": lambda h: h.replace(
            b"relay", b"seen gamma 1 " + b"0" * 64 + b"\nseen alpha 1 " + b"0" * 64 + b"\nrelay"
        ),
        "empty": lambda h: b"",
        "one byte": lambda h: b"\n",
        "zeros": lambda h: b"\0" * 300,
    }
    for title, change in changes.items():
        add("malformedHeader", 422, title, [liar.record(change)])
    for digit in "0123456789ab":
        add("wrongMechanism", 422, f"mechanism {digit}…", [liar.record(mechanism=digit * 64)])
    for author in ("nobody", "turkiye", "a", "alphabeta", "beta-", "betaa", "bet", "gamma2", "delta0", "x" * 32):
        add("unknownAuthor", 422, f"author {author}", [liar.record(author=author)])
    for audience in (
        "nobody",
        "a",
        "alpha,nobody",
        "alpha,zulu",
        "aaa,alpha",
        "beta,x",
        "gamma2",
        "alpha,beta,gamma,omega",
        "x" * 32,
        "alpha,delta0",
    ):
        add("unknownAudience", 422, f"audience {audience}", [liar.record(audience=audience)])
    for bit in (0, 1, 7, 8, 100, 255, 256, 300, 504, 511):
        broken = bytearray(record)
        broken[signature_at + bit // 8] ^= 1 << bit % 8
        add("badSignature", 422, f"bit {bit} of the signature", [bytes(broken)])
    add("badSignature", 422, "another key", [liar.record(key=Key(b"\1" * 32))])
    add("badSignature", 422, "no signature", [record[:signature_at] + b"\0" * 64 + record[signature_at + 64 :]])
    add(
        "badSignature",
        422,
        "a later index under the same signature",
        [
            (
                record.replace(f"index {size}\n".encode(), f"index {size + 1}\n".encode())
                if len(str(size)) == len(str(size + 1))
                else liar.record(key=Key(b"\2" * 32))
            )
        ],
    )
    for at in (0, 1, 10, 33, 36, 37, 40, 200, 511):
        broken = bytearray(record)
        broken[sealed_at + at] ^= 1
        add("wrongSealedBody", 422, f"byte {at} of the body", [bytes(broken)])
    for length in (1, 511, 1024):
        add("wrongSealedBody", 422, f"a body of {length} bytes instead", [liar.record(sealed=b"\0" * length)])
    # Order.
    for ahead in (1, 2, 3, 10, 64, 1000):
        add("notNext", 409, f"{ahead} too far", [], first=size + ahead)
    for ahead in (1, 2, 5, 1000):
        add("notNext", 409, f"a record that says it is {ahead} later", [liar.record(index=size + ahead)])
    add("notNext", 409, "a record that says it is the first", [liar.record(index=0)])
    add("notNext", 409, "the next one twice in one push", [record, record])
    # Checkpoints.
    right = liar.note(size + 1)
    for title, note in {
        "empty": "",
        "no signature": right.split("\n\n")[0] + "\n",
        "only a signature": right.split("\n\n")[1],
        "another key": liar.note(size + 1, key=Key(b"\3" * 32)),
        "another log": liar.note(size + 1, origin=f"parley/{liar.mechanism}/alpha"),
        "another mechanism": liar.note(size + 1, origin=f"parley/{'0' * 64}/beta"),
        "another size": liar.note(size + 2),
        "a smaller size": liar.note(size),
        "another name": liar.note(size + 1, name="somebody"),
        "a cosignature's algorithm": liar.note(size + 1, algorithm=b"\4"),
        "a root of 31 bytes": liar.note(size + 1, root=b"\0" * 31),
        "a root of 33 bytes": liar.note(size + 1, root=b"\0" * 33),
        "one more line": right.replace("\n\n", "\nmore\n\n"),
        "carriage returns": right.replace("\n", "\r\n"),
        "a hyphen for the dash": right.replace("\u2014", "-"),
        "no last newline": right[:-1],
        "a size with a zero": right.replace(f"\n{size + 1}\n", f"\n0{size + 1}\n"),
        "a signature cut short": right[:-10] + "\n",
        "seventeen signatures": right + right.split("\n\n")[1] * 16,
        "text after it": right + "x",
    }.items():
        add("badCheckpoint", 422, title, [record], note=note)
    add("badCheckpoint", 422, "one record fewer than the note says", [], first=size, note=liar.note(size + 1))
    for seed in range(10):
        add("checkpointMismatch", 422, f"root {seed}", [record], note=liar.note(size + 1, root=os.urandom(32)))
    add("checkpointMismatch", 422, "two records, and the root of neither", [record, liar.record(index=size + 1)])
    return groups


def malformed_fields(liar):
    right = {"first": liar.size, "entries": [], "checkpoint": liar.note(liar.size)}

    def without(*names):
        return {name: value for name, value in right.items() if name not in names}

    def where(name, value):
        return {**right, name: value}

    missing = [(ENTRIES, without(name), name) for name in right] + [
        (ENTRIES, where(name, None), name) for name in right
    ]
    missing += [
        (ENTRIES, {}, "first"),
        (ENTRIES, without("entries", "checkpoint"), "entries"),
        (HEARTBEAT, {}, "challenge"),
        (HEARTBEAT, {"challenge": None}, "challenge"),
    ]
    unknown = [
        (ENTRIES, {**right, name: 1}, name)
        for name in ("", "x", "First", "entry", "party", "receipt", "__proto__", "entries ")
    ]
    unknown += [(HEARTBEAT, {"challenge": "0" * 64, name: 1}, name) for name in ("x", "answer")]
    wrong = [(ENTRIES, where("first", value), "first") for value in ("1", 1.5, [], {}, True)]
    wrong += [(ENTRIES, where("entries", value), "entries") for value in ("x", 5, {})]
    wrong += [(ENTRIES, where("entries", [value]), "entries[0]") for value in (5, {}, "!", "A", "AA=A", "AAA", "A A=")]
    wrong += [
        (ENTRIES, where("checkpoint", 5), "checkpoint"),
        (HEARTBEAT, {"challenge": 5}, "challenge"),
        (ENTRIES, [], ""),
        (HEARTBEAT, "x", ""),
    ]
    out = [(ENTRIES, where("first", value), "first") for value in (-1, -2, -(2**40), -(2**53))]
    out += [(ENTRIES, where("entries", ["AAAA"] * count), "entries") for count in (65, 66, 100, 128, 1000, 10000)]
    words = [
        (HEARTBEAT, {"challenge": value}, "challenge")
        for value in (
            "",
            "0" * 63,
            "0" * 65,
            "F" * 64,
            "g" * 64,
            "0" * 128,
            " " * 64,
            "0x" + "0" * 62,
            "é" * 32,
            "0" * 62,
        )
    ]
    long = [
        (ENTRIES, where("checkpoint", "x" * length), "checkpoint")
        for length in (16385, 16386, 20000, 50000, 100000, 200000, 300000, 400000)
    ]
    long += [(HEARTBEAT, {"challenge": "0" * length}, "challenge") for length in (129, 2000)]
    return {
        "missing": missing,
        "unknownField": unknown,
        "wrongType": wrong,
        "outOfRange": out,
        "notAllowed": words,
        "tooLong": long,
    }
