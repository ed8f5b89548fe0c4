"""A mechanism of three parties and one record of every kind, from fixed seeds."""
import json

import ed25519
from merkle import sha256

PARTIES = ["azerbaijan", "israel", "turkiye"]
SEEDS = {party: sha256(f"parley interop seed of {party}".encode()) for party in PARTIES}
KEYS = {party: ed25519.public_key(seed) for party, seed in SEEDS.items()}

FAR = {"between": ["strike", "standing-presence"], "horizontalM": 15000, "verticalM": "all", "timeS": 1800}
NEAR = {"between": ["strike", "air-operation"], "horizontalM": 20000, "verticalM": 1500.5, "timeS": 3600}


def kind(name, precedence, lead_time_s, needs_acknowledgement, standing):
    return {
        "kind": name,
        "precedence": precedence,
        "leadTimeS": lead_time_s,
        "needsAcknowledgement": needs_acknowledgement,
        "tightReadBack": needs_acknowledgement,
        "standing": standing,
    }


def party(name, port):
    return {
        "id": name,
        "name": name.capitalize(),
        "role": "mediator" if name == "azerbaijan" else "principal",
        "nodeKey": KEYS[name].hex(),
        "tlsKeyHash": sha256(f"parley interop TLS key of {name}".encode()).hex(),
        "address": f"node.{name}.example:{port}",
    }


def terms_file(version, previous, stale_after_s):
    terms = {
        "parley": "terms v1",
        "name": "Interoperation sample, Türkiye – Israel",
        "version": version,
        **({"previous": previous} if previous else {}),
        "effectiveAt": "2026-11-01T00:00:00Z",
        "parties": [party(name, 7401 + i) for i, name in enumerate(PARTIES)],
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
        },
        "readBack": {"tightM": 100, "looseM": 1000, "altitudeM": 100, "startS": 60},
    }
    return (json.dumps(terms, indent=1, ensure_ascii=False) + "\n").encode()


TERMS = terms_file(1, None, 6)
FINGERPRINT = sha256(TERMS)
MECHANISM = FINGERPRINT
NEXT_TERMS = terms_file(2, FINGERPRINT.hex(), 8)

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


def bodies(conflict):
    """(author, name of the record, relay class, officer, kind, content), each log in order of index."""
    position = {"conflict": conflict.hex(), "first": versioned(I_NOTICE, 1), "second": versioned(T_NOTICE, 1)}
    accept = {"fingerprint": FINGERPRINT.hex(), "terms": TERMS.decode()}
    read_back = {
        "position": T4,
        "lower": altitude(0.0, "metres", "agl"),
        "start": "2026-11-23T01:00:00.000000Z",
        "original": "37SDU6579320388",
    }
    until = "2027-01-20T00:00:00.000000Z"
    return [
        ("turkiye", "acceptance", "ordinary", None, "termsAcceptance", accept),
        ("israel", "acceptance of the other principal", "ordinary", None, "termsAcceptance", accept),
        ("turkiye", "standing presence", "ordinary", "Yzb. Kaya", "notice",
         notice("standing-presence", [PRESENCE], review_by=until)),
        ("israel", "strike in two volumes", "urgent", "Seren Levi", "notice", notice("strike", [STRIKE, CORRIDOR])),
        ("turkiye", "evaluated", "ordinary", None, "evaluated", {"party": "israel", "size": 2, "unreadable": [0]}),
        ("turkiye", "finding", "urgent", None, "finding", {**position, "proven": True}),
        ("turkiye", "acknowledgement", "ordinary", "Yzb. Kaya", "acknowledgement",
         {"notice": "israel-1", "version": 1, "readBack": read_back}),
        ("turkiye", "conflict position", "ordinary", "Yzb. Kaya", "conflictPosition",
         {**position, "stance": "settle", "conditions": ["No release north of 34°40' N"], "remarks": None}),
        ("turkiye", "amended presence", "urgent", "Yzb. Kaya", "notice",
         {**notice("standing-presence", [PRESENCE], 2, T_NOTICE, until), "kind": "standing-presence"}),
        ("turkiye", "link change", "ordinary", None, "linkChange", {"party": "israel", "state": "late"}),
        ("turkiye", "suspension", "urgent", "Yzb. Kaya", "suspension", {"suspended": True, "reason": None}),
        ("turkiye", "end", "ordinary", "Yzb. Kaya", "noticeEnd",
         {"notice": "turkiye-1", "version": 2, "reason": "over", "remarks": "Left by road"}),
        ("turkiye", "proposal of new terms", "ordinary", "Yzb. Kaya", "terms", {"terms": NEXT_TERMS.decode()}),
    ]
