"""A mechanism of three parties and one record of every kind, from fixed seeds."""
import json
import pathlib

import ed25519
import statements
from merkle import sha256
from notes import ED25519, b64, key_id, signature_line

PARTIES = ["azerbaijan", "israel", "turkiye"]
SEEDS = {party: sha256(f"parley interop seed of {party}".encode()) for party in PARTIES}
STOP_SEEDS = {party: sha256(f"parley interop STOP seed of {party}".encode()) for party in PARTIES}
KEYS = {party: ed25519.public_key(seed) for party, seed in SEEDS.items()}

# X-Wing public keys of fixed seeds, made once by swift-crypto: nothing here computes with them.
SEAL_KEYS = json.loads(pathlib.Path(__file__).with_name("seal-keys.json").read_text(encoding="utf-8"))
# Any 1952 bytes are an ML-DSA-65 public key; these are nobody's.
POST_QUANTUM_KEY = b"".join(sha256(f"parley interop ML-DSA key {i}".encode()) for i in range(61))
ROOT_SEEDS = {
    "israel": [sha256(b"parley interop root seed of israel")],
    "turkiye": [sha256(f"parley interop root seed {i} of turkiye".encode()) for i in range(3)],
}
ROOTS = {
    party: {"threshold": len(seeds) // 2 + 1, "keys": [ed25519.public_key(seed).hex() for seed in seeds]}
    for party, seeds in ROOT_SEEDS.items()
}

CHECK = sha256(b"a proposal of a private check").hex()
CHECK_KEYS = [{"party": party, "key": sha256(f"a key of {party}".encode()).hex()} for party in ("israel", "turkiye")]

FAR = {"between": ["strike", "standing-presence"], "horizontalM": 15000, "verticalM": "all", "timeS": 1800}
NEAR = {"between": ["strike", "air-operation"], "horizontalM": 20000, "verticalM": 1500.5, "timeS": 3600}


def kind(name, precedence, lead_time_s, needs_acknowledgement, standing):
    return {
        "kind": name,
        "precedence": precedence,
        "leadTimeS": lead_time_s,
        "needsAcknowledgement": needs_acknowledgement,
        "needsPassingOn": name == "strike",
        "tightReadBack": needs_acknowledgement,
        "standing": standing,
    }


def party(name, port, sealing):
    fields = {
        "id": name,
        "name": name.capitalize(),
        "role": "mediator" if name == "azerbaijan" else "principal",
        "nodeKey": KEYS[name].hex(),
        "stopKey": ed25519.public_key(STOP_SEEDS[name]).hex(),
        "tlsKeyHash": sha256(f"parley interop TLS key of {name}".encode()).hex(),
        "address": f"node.{name}.example:{port}",
    }
    if sealing == "x-wing":
        fields["sealKey"] = SEAL_KEYS[name]["publicKey"]
    if name == "turkiye":
        fields["postQuantumKeyHash"] = sha256(POST_QUANTUM_KEY).hex()
    if name in ROOTS:
        fields["roots"] = ROOTS[name]
    return fields


def terms_file(version, previous, stale_after_s, sealing):
    terms = {
        "parley": "terms v1",
        "name": "Interoperation sample, Türkiye – Israel",
        "version": version,
        **({"previous": previous} if previous else {}),
        "effectiveAt": "2026-11-01T00:00:00Z",
        "sealing": sealing,
        "parties": [party(name, 7401 + i, sealing) for i, name in enumerate(PARTIES)],
        "kinds": [
            kind("standing-presence", "priority", 0, True, True),
            kind("strike", "flash", 3600, True, False),
            kind("air-operation", "immediate", 7200, False, False),
        ],
        "minima": [FAR, NEAR],
        "area": {"westDeg": 32.5, "southDeg": 31.0, "eastDeg": 43.0, "northDeg": 38.0},
        "vertical": {"terrainFloorM": -430, "terrainCeilingM": 3100, "pressureBoundM": 1500.0},
        "timing": {
            "heartbeatS": 2,
            "staleAfterS": stale_after_s,
            "skewMaxS": 5,
            "unstaffedAfterS": 3600,
            "acknowledgeFlashS": 60,
            "acknowledgeImmediateS": 300,
            "acknowledgePriorityS": 900,
            "acknowledgeRoutineS": 3600,
            "acknowledgeMarginS": 600,
            "climbS": 300,
            "stopNextRoleS": 15,
            "stopTopS": 60,
            "commCheckS": 28800,
            "shiftS": 28800,
        },
        "readBack": {"tightM": 100, "looseM": 1000, "altitudeM": 100, "startS": 60},
        "twoOfficers": {"removals": True, "kinds": ["strike"]},
    }
    return (json.dumps(terms, indent=1, ensure_ascii=False) + "\n").encode()


TERMS = terms_file(1, None, 6, "none")
FINGERPRINT = sha256(TERMS)
MECHANISM = FINGERPRINT
NEXT_TERMS = terms_file(2, FINGERPRINT.hex(), 8, "x-wing")



def public_keys(name):
    """New Ed25519 node key and TLS key hash."""
    return {
        "node": ed25519.public_key(sha256(f"parley interop seed {name}".encode())).hex(),
        "tls": sha256(f"parley interop TLS key {name}".encode()).hex(),
    }


ROTATION = statements.key_change(
    MECHANISM, "turkiye", sequence=1, start=10, reason="rotation", seal="-", **public_keys("two of turkiye"))

T4 = [38.6274, 34.5225]


def altitude(value, unit, datum):
    return {"value": value, "unit": unit, "datum": datum}


def volume(footprint, lower, upper, start, end, original=None):
    fields = {"footprint": footprint, "altitude": {"lower": lower, "upper": upper}, "start": start, "end": end}
    return {**fields, "original": original} if original else fields


RING = [[38.6, 34.5], [38.66, 34.5], [38.66, 34.55], [38.6, 34.55], [38.6, 34.5]]
PRESENCE = volume(
    {"type": "Polygon", "coordinates": [RING], "radiusM": 500.0},
    altitude(0.0, "metres", "agl"),
    altitude(120.5, "metres", "agl"),
    "2026-11-22T00:00:00.000000Z",
    "2026-12-20T00:00:00.000000Z",
    "T4 / Tiyas, 37S DU 65 20 and 500 m around \"the wire\"",
)
STRIKE = volume(
    {"type": "Point", "coordinates": T4, "radiusM": 5000.0},
    altitude(0.0, "metres", "agl"),
    altitude(250.0, "flightLevel", "flightLevel"),
    "2026-11-23T01:00:00.000000Z",
    "2026-11-23T01:30:00.000001Z",
)
CORRIDOR = volume(
    {"type": "LineString", "coordinates": [[35.5, 33.0], [37.25, 34.0], T4], "radiusM": 9260.0},
    altitude(15000.0, "feet", "amsl"),
    altitude(9144.0, "metres", "ellipsoid"),
    "2026-11-23T00:30:00.000000Z",
    "2026-11-23T01:00:00.000000Z",
)

T_NOTICE, I_NOTICE = ("turkiye", 1), ("israel", 1)


def name(notice):
    return f"{notice[0]}-{notice[1]}"


def versioned(notice, version):
    return {"notice": name(notice), "version": version}


def notice(kind_name, volumes, version=1, of=None, review_by=None):
    fields = {
        "notice": name(of) if of else None,
        "version": version,
        "kind": kind_name,
        "volumes": volumes,
        "contact": "Watch officer, +90 312 000 0000",
        "remarks": "Sınır hattı; tab\there, newline\nthere, \u0001, \u2028 and 🛰",
    }
    return {**fields, "reviewBy": review_by} if review_by else fields


CALL = {
    "role": "watch", "precedence": "flash", "template": "aircraft-unnotified",
    "fields": {"position": {"position": T4, "original": "37S DU 65793 20388"}, "course": 275},
}


def stop_text(author, nonce, created_at, kind, content):
    """docs/protocol.md section 15."""
    lines = [
        "parley stop v1", MECHANISM.hex(), author, sha256(nonce)[:16].hex(), created_at, kind,
        json.dumps(content, ensure_ascii=False, separators=(",", ":"))]
    return "".join(line + "\n" for line in lines)


def stop_note(author, text):
    seed = STOP_SEEDS[author]
    name = f"parley/{MECHANISM.hex()}/{author}/stop"
    identifier = key_id(name, ED25519, ed25519.public_key(seed))
    return text + "\n" + signature_line(name, identifier, ed25519.sign(seed, text.encode()))


STOP_PRESS = stop_text(
    "turkiye", b"press", "2026-11-22T19:27:00.000000Z", "stop", {"mode": "real", "officer": "Bnb. Demir"})
STOP_ID = sha256(STOP_PRESS.encode()).hex()
STOP = stop_note("turkiye", STOP_PRESS)
STOP_ANSWER = stop_note("israel", stop_text(
    "israel", b"answer", "2026-11-22T19:27:04.000000Z", "answer",
    {"stop": STOP_ID, "to": STOP_ID, "answer": "ordered", "officer": "Seren Levi", "units": ["140 Filo"]}))
STOP_LIFT = stop_note("turkiye", stop_text(
    "turkiye", b"lift", "2026-11-22T19:31:00.000000Z", "lift",
    {"stop": STOP_ID, "outcome": "effectObserved", "officer": "Bnb. Demir"}))


def bodies(conflict):
    """(author, name of the record, relay class, officer, kind, content), each log in order of index."""
    position = {"conflict": conflict.hex(), "first": versioned(I_NOTICE, 1), "second": versioned(T_NOTICE, 1)}
    accept = {"fingerprint": FINGERPRINT.hex(), "terms": TERMS.decode()}
    accept_with_key = {**accept, "postQuantumKey": b64(POST_QUANTUM_KEY)}
    rotation = statements.note(ROTATION, ROOT_SEEDS["turkiye"][1:])
    lodged = {
        "party": "turkiye", "size": 9, "root": sha256(b"a root").hex(), "silent": "israel", "attempts": 12,
        "firstAttemptAt": "2026-11-22T19:20:00.000000Z", "lastAttemptAt": "2026-11-22T19:31:00.500000Z",
        "lastContactAt": "2026-11-22T19:18:59.000001Z"}
    read_back = {
        "position": T4,
        "lower": altitude(0.0, "metres", "agl"),
        "start": "2026-11-23T01:00:00.000000Z",
        "original": "37SDU6579320388",
    }
    leaf = sha256(b"a leaf").hex()
    until = "2027-01-20T00:00:00.000000Z"
    return [
        ("turkiye", "acceptance", "ordinary", None, "termsAcceptance", accept_with_key),
        ("israel", "acceptance of the other principal", "ordinary", None, "termsAcceptance", accept),
        ("turkiye", "standing presence", "ordinary", "Yzb. Kaya", "notice",
         notice("standing-presence", [PRESENCE], review_by=until)),
        ("israel", "strike in two volumes", "urgent", "Seren Levi", "notice", notice("strike", [STRIKE, CORRIDOR])),
        ("turkiye", "evaluated", "ordinary", None, "evaluated", {"party": "israel", "size": 2, "unreadable": [0]}),
        ("turkiye", "finding", "urgent", None, "finding", {**position, "proven": True}),
        ("turkiye", "acknowledgement", "ordinary", "Yzb. Kaya", "acknowledgement",
         {"notice": "israel-1", "version": 1, "leaf": leaf, "readBack": read_back}),
        ("turkiye", "conflict position", "ordinary", "Yzb. Kaya", "conflictPosition",
         {**position, "stance": "settle", "conditions": ["No release north of 34°40' N"], "remarks": None}),
        ("turkiye", "amended presence", "urgent", "Yzb. Kaya", "notice",
         {**notice("standing-presence", [PRESENCE], 2, T_NOTICE, until), "kind": "standing-presence"}),
        ("turkiye", "link change", "ordinary", None, "linkChange", {"party": "israel", "state": "late"}),
        ("turkiye", "suspension", "urgent", "Yzb. Kaya", "suspension", {"suspended": True, "reason": None}),
        ("turkiye", "end", "ordinary", "Yzb. Kaya", "noticeEnd",
         {"notice": "turkiye-1", "version": 2, "reason": "over", "remarks": "Left by road"}),
        ("turkiye", "proposal of new terms", "ordinary", "Yzb. Kaya", "terms", {"terms": NEXT_TERMS.decode()}),
        ("turkiye", "key change", "ordinary", None, "keyChange", {"statement": rotation}),
        ("turkiye", "cover", "ordinary", None, "cover", {"noise": b64(sha256(b"noise") + b"!")}),
        ("azerbaijan", "acceptance of the mediator", "ordinary", None, "termsAcceptance", accept),
        ("azerbaijan", "lodged", "ordinary", None, "lodged", lodged),
        ("azerbaijan", "lodged, never heard", "ordinary", None, "lodged", {**lodged, "lastContactAt": None}),
        ("turkiye", "message", "ordinary", "Yzb. Kaya", "message", CALL),
        ("turkiye", "message in free text", "ordinary", "Yzb. Kaya", "message",
         {"role": "command", "precedence": "priority", "text": "Hat açık mı?", "language": "tr", "about": "turkiye-1"}),
        ("israel", "acknowledgement of a message", "ordinary", "Seren Levi", "acknowledgement",
         {"message": "turkiye-13", "readBack": {"position": {"position": T4, "original": "37S DU 65793 20388"}}}),
        ("israel", "presence query", "urgent", "Seren Levi", "presenceQuery",
         {"volume": STRIKE, "precedence": "immediate", "remarks": "Before the strike"}),
        ("turkiye", "presence answer", "urgent", "Yzb. Kaya", "presenceAnswer",
         {"query": "israel-3", "answer": "none", "affiliated": "covered",
          "validUntil": "2026-11-23T03:00:00.000000Z"}),
        ("turkiye", "passed on", "ordinary", "Yzb. Kaya", "passedOn",
         {"notice": versioned(I_NOTICE, 1), "leaf": leaf, "reached": 1, "of": 2, "units": ["1. Tabur"]}),
        ("turkiye", "comm check", "ordinary", None, "commCheck",
         {"party": "israel", "message": "turkiye-14", "answeredAfterMs": 41250}),
        ("turkiye", "handover", "ordinary", "Bnb. Demir", "handover",
         {"from": "Yzb. Kaya", "to": "Bnb. Demir", "items": 3}),
        ("turkiye", "disclosure", "ordinary", "Bnb. Demir", "disclosure",
         {"record": "turkiye-13", "key": sha256(b"a content key").hex()}),
        ("turkiye", "STOP", "urgent", "Bnb. Demir", "stop", {"note": STOP}),
        ("israel", "answer to a STOP", "urgent", "Seren Levi", "stopAnswer", {"note": STOP_ANSWER}),
        ("turkiye", "lift of a STOP", "urgent", "Bnb. Demir", "stopEffect", {"note": STOP_LIFT}),
        ("turkiye", "message of a private check", "ordinary", None, "privateCheck",
         {"check": CHECK, "message": "commit", "part": 0, "parts": 1, "bytes": b64(b"any bytes, of one message")}),
        ("israel", "key of a private check", "ordinary", None, "privateCheckDeposit",
         {"check": CHECK, "with": "turkiye", "deadline": "2026-11-22T20:00:00.000000Z", "key": CHECK_KEYS[0]["key"]}),
        ("azerbaijan", "both keys of a private check", "ordinary", None, "privateCheckRelease",
         {"check": CHECK, "keys": CHECK_KEYS}),
    ]
