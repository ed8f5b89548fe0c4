"""Root statements that hold, and others that are refused, each with the name of what is wrong."""
import json

import ed25519
import samples
import statements
from merkle import sha256

M, ROOTS = samples.MECHANISM, samples.ROOT_SEEDS
TERMS = {"terms": json.loads(samples.TERMS), "nextTerms": json.loads(samples.NEXT_TERMS)}
HEADS = {"first": (7, sha256(b"one history")), "second": (9, sha256(b"another history"))}
SEAL = samples.SEAL_KEYS["turkiye"]["publicKey"]


def change(party="turkiye", mechanism=M, **fields):
    usual = {"sequence": 1, "start": 10, "reason": "rotation", "seal": "-", **samples.public_keys("new")}
    return statements.key_change(mechanism, party, **{**usual, **fields})


def epoch(**fields):
    usual = {"sequence": 2, "number": 1, "seal": "-", **HEADS, **samples.public_keys("new")}
    return statements.epoch(M, "turkiye", **{**usual, **fields})


def swapped(text, seed):
    """A line under another text's signature."""
    return statements.line(change(sequence=99), seed)


def cases():
    """(title, terms, note, refusal or None)."""
    one, two, three = ROOTS["turkiye"]
    lone = ROOTS["israel"][0]
    stranger = sha256(b"parley interop seed of nobody")
    usual = change()
    yield "rotation under two of three", "terms", statements.note(usual, [one, three]), None
    yield "rotation under all three, in another order", "terms", statements.note(usual, [three, one, two]), None
    yield "revocation under one of one", "terms", statements.note(
        change("israel", sequence=2**53, start=1, reason="revocation", **samples.public_keys("other")), [lone]), None
    yield "a sealing key", "nextTerms", statements.note(change(seal=SEAL), [one, two]), None
    yield "an epoch", "terms", statements.note(epoch(), [two, three]), None
    yield "an epoch of two heads of one size", "terms", statements.note(
        epoch(first=(8, bytes(32)), second=(8, bytes([255]) * 32), number=1000), [two, three]), None
    yield "lines of strangers among them", "terms", (
        usual + "\n" + statements.line(usual, stranger) + statements.line(usual, one)
        + statements.line(usual, two, "parley/else") + statements.line(usual, two)), None
    yield "one key's line twice beside another's", "terms", statements.note(usual, [one, one, two]), None

    yield "one of three", "terms", statements.note(usual, [one]), "tooFewSignatures"
    yield "one key three times", "terms", statements.note(usual, [one, one, one]), "tooFewSignatures"
    yield "a stranger beside one of three", "terms", statements.note(usual, [one, stranger]), "tooFewSignatures"
    yield "another party's root key", "terms", statements.note(usual, [one, lone]), "tooFewSignatures"
    yield "the node's key instead of a root key", "terms", statements.note(
        usual, [samples.SEEDS["turkiye"], one]), "tooFewSignatures"
    yield "a line under another name", "terms", usual + "\n" + statements.line(
        usual, one, "parley/root") + statements.line(usual, two), "tooFewSignatures"
    yield "a line of another text", "terms", usual + "\n" + swapped(usual, one) + statements.line(
        usual, two), "badSignature"
    yield "two good lines and a bad one", "terms", statements.note(usual, [one, two]) + swapped(
        usual, three), "badSignature"
    yield "a party without root keys", "terms", statements.note(change("azerbaijan"), [one, two]), "noRoots"
    yield "an unknown party", "terms", statements.note(change("syria"), [one, two]), "unknownParty"
    yield "another mechanism", "terms", statements.note(
        change(mechanism=sha256(b"another")), [one, two]), "wrongMechanism"
    yield "a sealing key where nothing is sealed", "terms", statements.note(
        change(seal=SEAL), [one, two]), "sealingDiffers"
    yield "no sealing key where bodies are sealed", "nextTerms", statements.note(usual, [one, two]), "sealingDiffers"
    for title, node in [("order 1", (1).to_bytes(32, "little")), ("order 4", bytes(32)),
                        ("order 2", (ed25519.P - 1).to_bytes(32, "little")),
                        ("not canonical", (ed25519.P + 3).to_bytes(32, "little"))]:
        yield f"a node key of {title}" if "order" in title else "a node key that is not canonical", "terms", (
            statements.note(change(node=node.hex()), [one, two])), "unusableNodeKey"
    yield "the counterparty's node key", "terms", statements.note(
        change(node=samples.KEYS["israel"].hex()), [one, two]), "keyOfAnother"
    yield "a root key as node key", "terms", statements.note(
        change(node=ed25519.public_key(one).hex()), [one, two]), "keyOfAnother"
    for title, text in [
        ("sequence 0", change(sequence=0)), ("a sequence over 2^53", change(sequence=2**53 + 1)),
        ("from index 0", change(start=0)), ("a negative index", change(start=-1)), ("an index 010", change(start="010")),
        ("another reason", change(reason="whim")), ("a short node key", change(node="00" * 31)),
        ("a TLS hash in capitals", change(tls="AB" * 32)), ("no seal line", change().rsplit("seal", 1)[0]),
        ("an empty seal", change(seal="")), ("a seal key cut short", change(seal=SEAL[:-4])),
        ("a space more", change().replace("party ", "party  ")), ("a line more", change() + "later 1\n"),
        ("a line twice", change().replace("reason rotation\n", "reason rotation\n" * 2)),
        ("two lines exchanged", change().replace("from 10\nreason rotation\n", "reason rotation\nfrom 10\n")),
        ("version 2", change().replace(" v1", " v2")), ("epoch 0", epoch(number=0)), ("epoch 1001", epoch(number=1001)),
        ("heads out of order", epoch(first=HEADS["second"], second=HEADS["first"])),
        ("one head twice", epoch(first=HEADS["second"])), ("a head of size 0", epoch(first=(0, bytes(32)))),
    ]:
        name = f"parley/{M.hex()}/turkiye/root"
        yield title, "terms", text + "\n" + statements.line(text, one, name) + statements.line(
            text, two, name), "malformed"


def verdict(encoded, terms):
    """The signers, or the name of the refusal."""
    try:
        text = encoded.split("\n\n")[0] + "\n"
        if statements.read(text)["mechanism"] != M.hex():
            return [], "wrongMechanism"
        return statements.signers(encoded, TERMS[terms]), None
    except statements.Refused as refusal:
        name = str(refusal)
        return [], name if name[0].islower() and " " not in name else "malformed"


def vectors():
    rows = []
    for title, terms, encoded, refusal in cases():
        signers, found = verdict(encoded, terms)
        assert found == refusal, (title, found, refusal)
        rows.append({"title": title, "terms": terms, "note": encoded, "refusal": refusal, "signers": signers})
    assert len({row["title"] for row in rows}) == len(rows)
    return rows
