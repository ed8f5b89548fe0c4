"""Statements of root keys: docs/protocol.md section 13."""
import re

import ed25519
import notes

HASH = "[0-9a-f]{64}"
NUMBER = "(0|[1-9][0-9]{0,15})"
PARTY = "[a-z][a-z0-9-]{0,31}"
KEYS = f"node (?P<node>{HASH})\ntls (?P<tls>{HASH})\nseal (?P<seal>-|[A-Za-z0-9+/]{{1622}}==)\n"
HEAD = f"mechanism (?P<mechanism>{HASH})\nparty (?P<party>{PARTY})\nsequence (?P<sequence>{NUMBER})\n"
KEY_CHANGE = re.compile(
    f"parley key change v1\n{HEAD}from (?P<from>{NUMBER})\nreason (?P<reason>rotation|revocation)\n{KEYS}")
EPOCH = re.compile(
    f"parley epoch v1\n{HEAD}epoch (?P<epoch>{NUMBER})\nfirst (?P<first>{NUMBER} {HASH})\n"
    f"second (?P<second>{NUMBER} {HASH})\n{KEYS}")


class Refused(Exception):
    pass


def _head(mechanism, party, sequence):
    return f"mechanism {mechanism.hex()}\nparty {party}\nsequence {sequence}\n"


def _keys(node, tls, seal):
    return f"node {node}\ntls {tls}\nseal {seal}\n"


def key_change(mechanism, party, *, sequence, start, reason, node, tls, seal):
    return (
        "parley key change v1\n" + _head(mechanism, party, sequence) + f"from {start}\nreason {reason}\n"
        + _keys(node, tls, seal))


def epoch(mechanism, party, *, sequence, number, first, second, node, tls, seal):
    """`first` and `second` are (size, root)."""
    return (
        "parley epoch v1\n" + _head(mechanism, party, sequence) + f"epoch {number}\n"
        f"first {first[0]} {first[1].hex()}\nsecond {second[0]} {second[1].hex()}\n" + _keys(node, tls, seal))


def key_name(text):
    fields = read(text)
    return f"parley/{fields['mechanism']}/{fields['party']}/root"


def line(text, seed, name=None):
    name = name or key_name(text)
    identifier = notes.key_id(name, notes.ED25519, ed25519.public_key(seed))
    return notes.signature_line(name, identifier, ed25519.sign(seed, text.encode()))


def note(text, seeds):
    return text + "\n" + "".join(line(text, seed) for seed in seeds)


def read(text):
    match = KEY_CHANGE.fullmatch(text) or EPOCH.fullmatch(text)
    if not match:
        raise Refused("malformed")
    fields = match.groupdict()
    low = [1, 1 if "from" in fields else 0]
    numbers = [int(fields["sequence"]), int(fields.get("from", 0))]
    if any(not bottom <= value <= 2**53 for bottom, value in zip(low, numbers)):
        raise Refused("out of range")
    if "epoch" in fields:
        heads = [(int(size), root) for size, root in (fields[name].split(" ") for name in ("first", "second"))]
        if not 1 <= int(fields["epoch"]) <= 1000 or not heads[0] < heads[1]:
            raise Refused("out of range")
        if any(not 1 <= size <= 2**53 for size, _ in heads):
            raise Refused("out of range")
    return fields


def signers(encoded, terms):
    """The root keys that signed, as `terms` (the parsed file) demands; `Refused` names what is wrong otherwise."""
    text, signatures = notes.split_note(encoded)
    fields = read(text)
    party = {party["id"]: party for party in terms["parties"]}.get(fields["party"])
    if party is None:
        raise Refused("unknownParty")
    if "roots" not in party:
        raise Refused("noRoots")
    if not ed25519.is_usable(bytes.fromhex(fields["node"])):
        raise Refused("unusableNodeKey")
    if (fields["seal"] == "-") != (terms["sealing"] == "none"):
        raise Refused("sealingDiffers")
    for other in terms["parties"]:
        if fields["node"] in other.get("roots", {"keys": []})["keys"]:
            raise Refused("keyOfAnother")
        mine = other["id"] == fields["party"]
        if not mine and (fields["node"] == other["nodeKey"] or fields["tls"] == other["tlsKeyHash"]
                         or fields["seal"] == other.get("sealKey")):
            raise Refused("keyOfAnother")
    found = set()
    name = key_name(text)
    for signer, identifier, signature in signatures:
        for key in party["roots"]["keys"]:
            if (signer, identifier) == (name, notes.key_id(name, notes.ED25519, bytes.fromhex(key))):
                if not ed25519.is_valid(bytes.fromhex(key), text.encode(), signature):
                    raise Refused("badSignature")
                found.add(key)
    if len(found) < party["roots"]["threshold"]:
        raise Refused("tooFewSignatures")
    return sorted(found)
