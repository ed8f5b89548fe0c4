"""What a lying peer pushes, and what its requests have instead of what they should have."""

import os

import merkle
from liar import ENTRIES, HEARTBEAT, signed
from protocol import Key, envelope


def malformed_pushes(liar):
    """By name: the status, and what was answered to each input."""
    size, record = liar.size, liar.record()
    header_length = int.from_bytes(record[:4], "big")
    signature_at = 4 + header_length
    sealed_at = signature_at + 64 + 4
    groups = {}

    def add(name, status, title, envelopes, first=size, note=None, **more):
        groups.setdefault(name, (status, []))[1].append((title, *liar.push(first, envelopes, note, **more)))

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
        [envelope(record[4:signature_at], record[signature_at : sealed_at - 4], b"\0" * 200_000)],
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
        "65 signatures": right + right.split("\n\n")[1] * 64,
        "text after it": right + "x",
    }.items():
        add("badCheckpoint", 422, title, [record], note=note)
    add("badCheckpoint", 422, "one record fewer than the note says", [], first=size, note=liar.note(size + 1))
    for seed in range(10):
        add("checkpointMismatch", 422, f"root {seed}", [record], note=liar.note(size + 1, root=os.urandom(32)))
    add("checkpointMismatch", 422, "two records, and the root of neither", [record, liar.record(index=size + 1)])
    leaves = liar.leaves[:size] + [merkle.leaf(signed(record))]
    truth = liar.note(size + 1, merkle.root(leaves))
    for title, proof in forged(merkle.consistency(size, leaves), leaves).items():
        add("checkpointMismatch", 422, f"the right root, and a proof with {title}", [record], note=truth, consistency=proof)
    # Logs.
    for epoch in (1, 2, 3, 9, 10, 11, 99, 100, 999, 1000):
        add("wrongEpoch", 422, f"epoch {epoch}", [record], log=f"{liar.party}/{epoch}")
    for party in ("nobody", "a", "bet", "betaa", "turkiye", "x" * 32, "beta-1", "alph", "gamma2", "delta0"):
        add("unknownPeer", 422, f"the log of {party}", [record], log=party)
    for first in (0, 1, 2, 3, 5, 8, 100, 1000, 1 << 40, 1 << 53):
        add("ownLogOffered", 422, f"the receiver's own log from {first}", [record], first=first, log=liar.receiver)
    for first in (0, 1):
        for log in ("gamma", "delta"):
            add("badCheckpoint", 422, f"{log}'s log from {first} under our own checkpoint", [record], first=first, log=log)
    return groups


def forged(proof, leaves):
    """Proofs that a tree does not continue, made from the right one."""
    flipped = {
        f"bit {bit} of hash {at} turned": proof[:at] + [_flip(proof[at], bit)] + proof[at + 1 :]
        for at, bit in ((0, 0), (0, 255), (len(proof) - 1, 0), (len(proof) - 1, 130))
    }
    others = {
        f"the hashes of another tree {seed}": [os.urandom(32) for _ in proof] for seed in range(3)
    }
    return {
        **flipped,
        **others,
        "one hash fewer": proof[:-1] or [b"\0" * 32] * 2,
        "the first hash missing": proof[1:] or [b"\1" * 32] * 3,
        "one hash more": proof + [b"\0" * 32],
        "one hash more in front": [b"\0" * 32] + proof,
        "only zeros": [b"\0" * 32] * len(proof),
        "128 hashes": [b"\7" * 32] * 128,
        "the leaves themselves": leaves[:100],
    }


def malformed_fields(liar):
    right = liar.request(liar.size, [])
    beat = {"challenge": "0" * 64, "held": [{"log": liar.party, "size": 1}]}

    def without(*names):
        return {name: value for name, value in right.items() if name not in names}

    def where(name, value):
        return {**right, name: value}

    def holding(*held):
        return {**beat, "held": list(held)}

    def held(**changes):
        changed = {**beat["held"][0], **changes}
        return holding({name: value for name, value in changed.items() if value is not None})

    missing = [(ENTRIES, without(name), name) for name in right]
    missing += [(ENTRIES, where(name, None), name) for name in right]
    missing += [
        (ENTRIES, {}, "log"),
        (ENTRIES, without("entries", "checkpoint"), "entries"),
        (HEARTBEAT, {}, "challenge"),
        (HEARTBEAT, {"challenge": None}, "challenge"),
        (HEARTBEAT, {"challenge": "0" * 64}, "held"),
        (HEARTBEAT, {**beat, "held": None}, "held"),
        (HEARTBEAT, held(log=None), "held[0].log"),
        (HEARTBEAT, held(size=None), "held[0].size"),
        (HEARTBEAT, holding({}), "held[0].log"),
        (HEARTBEAT, holding(beat["held"][0], {}), "held[1].log"),
    ]
    unknown = [
        (ENTRIES, {**right, name: 1}, name)
        for name in ("", "x", "First", "entry", "party", "receipt", "__proto__", "entries ", "proof", "statement", "root")
    ]
    unknown += [(HEARTBEAT, {**beat, name: 1}, name) for name in ("x", "answer", "heads", "log")]
    unknown += [(HEARTBEAT, held(**{name: 1}), f"held[0].{name}") for name in ("x", "party", "root", "Log", "note")]
    wrong = [(ENTRIES, where("first", value), "first") for value in ("1", 1.5, [], {}, True)]
    wrong += [(ENTRIES, where("entries", value), "entries") for value in ("x", 5, {})]
    wrong += [(ENTRIES, where("entries", [value]), "entries[0]") for value in (5, {}, "!", "A", "AA=A", "AAA", "A A=")]
    wrong += [(ENTRIES, where("log", value), "log") for value in (5, 0, True, [], {}, ["beta"], {"party": "beta"})]
    wrong += [(ENTRIES, where("consistency", value), "consistency") for value in ("", "x", 5, True, {}, {"0": "x"})]
    wrong += [(ENTRIES, where("statements", value), "statements") for value in ("", "x", 5, True, {}, {"0": "x"})]
    wrong += [(ENTRIES, where("statements", [value]), "statements[0]") for value in (5, 1.5, True, [], {}, ["x"])]
    wrong += [(ENTRIES, where("statements", ["x", None]), "statements[1]")]
    wrong += [(HEARTBEAT, {**beat, "held": value}, "held") for value in ("x", "", 5, True, {}, beat["held"][0])]
    wrong += [(HEARTBEAT, holding(value), "held[0]") for value in ("beta", 5, True, [], [[]], 1.5)]
    wrong += [(HEARTBEAT, held(log=value), "held[0].log") for value in (5, True, [], {})]
    wrong += [(HEARTBEAT, held(size=value), "held[0].size") for value in ("1", 1.5, True, [], {})]
    wrong += [
        (ENTRIES, where("checkpoint", 5), "checkpoint"),
        (HEARTBEAT, {**beat, "challenge": 5}, "challenge"),
        (ENTRIES, [], ""),
        (HEARTBEAT, "x", ""),
    ]
    out = [(ENTRIES, where("first", value), "first") for value in (-1, -2, -(2**40), -(2**53))]
    out += [(ENTRIES, where("entries", ["AAAA"] * count), "entries") for count in (257, 258, 300, 512, 1000, 10000)]
    hash = "A" * 43 + "="
    out += [(ENTRIES, where("consistency", [hash] * count), "consistency") for count in (129, 130, 200, 1000, 10000)]
    out += [(ENTRIES, where("statements", ["x"] * count), "statements") for count in (17, 18, 64, 100, 1000, 10000)]
    out += [(HEARTBEAT, holding(*beat["held"] * count), "held") for count in (17, 18, 32, 64, 100, 128, 256)]
    out += [(HEARTBEAT, held(size=value), "held[0].size") for value in (-1, -2, -(2**40), -(2**53))]
    words = [
        (HEARTBEAT, {**beat, "challenge": value}, "challenge")
        for value in (
            "",
            "0" * 63,
            "0" * 65,
            "F" * 64,
            "g" * 64,
            "0" * 128,
            " " * 64,
            "0x" + "0" * 62,
            "\u00e9" * 32,
            "0" * 62,
        )
    ]
    names = ("", "Beta", "beta/", "beta/0", "beta/01", "beta/1001", "beta//1", "beta/1/2", "1beta", "be ta", "b\u00e9ta")
    names += ("beta ", "/1", "beta/-1", "beta/x", "beta.1", "beta/18446744073709551616", "x" * 33)
    words += [(ENTRIES, where("log", name), "log") for name in names]
    words += [(HEARTBEAT, held(log=name), "held[0].log") for name in names]
    hashes = (5, True, None, [], {}, "", "!", "AAAA", "A" * 42 + "==", "A" * 44, "A" * 43, "0" * 64, hash + hash, hash + "\n")
    words += [(ENTRIES, where("consistency", [value]), "consistency") for value in hashes]
    words += [(ENTRIES, where("consistency", [hash, hash, "x"]), "consistency")]
    long = [
        (ENTRIES, where("checkpoint", "x" * length), "checkpoint")
        for length in (16385, 16386, 20000, 50000, 100000, 200000, 300000, 400000)
    ]
    long += [(ENTRIES, where("log", "x" * length), "log") for length in (65, 100, 1000, 100000)]
    long += [(HEARTBEAT, held(log="x" * length), "held[0].log") for length in (65, 100, 1000, 10000)]
    long += [(HEARTBEAT, {**beat, "challenge": "0" * length}, "challenge") for length in (129, 2000)]
    return {
        "missing": missing,
        "unknownField": unknown,
        "wrongType": wrong,
        "outOfRange": out,
        "notAllowed": words,
        "tooLong": long,
    }


def _flip(hash, bit):
    flipped = bytearray(hash)
    flipped[bit // 8] ^= 1 << bit % 8
    return bytes(flipped)
