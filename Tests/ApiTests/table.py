"""Reads the tables of malformed input: what stands in the JSON files, made into requests.

A value may be written shortly: "@+2h" is a time from now, "@volume" a volume that is right, "@airfield:3" the name of
the third airfield of the base map, {"@repeat": [text, n]}, {"@copies": [value, n]}, {"@with": [object, changes]},
{"@ring": [n, longitude, latitude, radius]} and {"@walk": [longitude, latitude, east, north, n]} positions in degrees,
{"@nest": [open, n, middle, close]} and {"@join": [parts]} texts, {"hex": digits} bytes.
"""

import json
import math
import re
from pathlib import Path

from client import ADMINISTRATOR, PASSPHRASE
from harness import ROOT, instant, notice, volume

FOLDER = Path(__file__).resolve().parent
AIRFIELDS = (ROOT / "Sources/NodeHTTP/Console/data/levant/airfields.csv").read_text().splitlines()[1:]


def read(name):
    return json.loads((FOLDER / name).read_text())


def expand(value):
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [expand(element) for element in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        name, of = next(iter(value.items()))
        if name == "@repeat":
            return of[0] * of[1]
        if name == "@copies":
            return [expand(of[0]) for _ in range(of[1])]
        if name == "@with":
            return {**expand(of[0]), **expand(of[1])}
        if name == "@ring":
            return _ring(*of)
        if name == "@walk":
            east, north = of[2:4]
            return [[round(of[0] + i * east, 7), round(of[1] + i * north, 7)] for i in range(of[4])]
        if name == "@nest":
            return of[0] * of[1] + of[2] + of[3] * of[1]
        if name == "@join":
            return "".join(expand(part) for part in of)
    return {name: expand(member) for name, member in value.items()}


def _text(value):
    if re.fullmatch(r"@[+-]\d+[mhd]", value):
        return instant(value[1:])
    if value == "@volume":
        return volume()
    if value.startswith("@airfield:"):
        return AIRFIELDS[int(value[10:])].split(",")[1]
    return value


def _ring(count, longitude, latitude, radius):
    ring = [
        [
            round(longitude + radius * math.cos(2 * math.pi * i / count), 9),
            round(latitude + radius * math.sin(2 * math.pi * i / count), 9),
        ]
        for i in range(count)
    ]
    return ring + ring[:1]


def body_bytes(value):
    """A body of the second table: bytes as they go over the wire."""
    if isinstance(value, dict) and "hex" in value:
        return bytes.fromhex(value["hex"])
    return expand(value).encode("utf-8", "surrogatepass")


RIGHT = {
    "file": lambda: notice(),
    "check": lambda: notice(),
    "amend": lambda: notice(mode=None, expectedVersion=1),
    "end": lambda: {"reason": "cancelled"},
    "acknowledge": lambda: {
        "version": 1,
        "readBack": {
            "position": [38.3169, 34.5574],
            "lower": {"value": 1000, "unit": "feet", "datum": "agl"},
            "start": instant("+2h"),
        },
    },
    "position": lambda: {"stance": "settle", "conditions": ["The strike stays south of 34.5 N."]},
    "suspend": lambda: {"suspended": True},
    "signing": lambda: {"reason": "first start"},
    "statement": lambda: {"note": "no statement at all"},
    "signIn": lambda: {"officer": ADMINISTRATOR, "passphrase": PASSPHRASE},
    "officer": lambda: {"officer": "second", "passphrase": PASSPHRASE, "role": "watchOfficer"},
}

PATHS = {
    "file": "/api/v1/notices",
    "check": "/api/v1/check",
    "amend": "/api/v1/notices/{id}/versions",
    "end": "/api/v1/notices/{id}/end",
    "acknowledge": "/api/v1/notices/{id}/acknowledgements",
    "position": "/api/v1/conflicts/{id}/positions",
    "suspend": "/api/v1/suspension",
    "signing": "/api/v1/signing",
    "statement": "/api/v1/statements",
    "signIn": "/api/v1/session",
    "officer": "/api/v1/officers",
}


def path_of(operation, ids, id=None):
    """`id` is one of the names in `ids`, or stands for itself."""
    if id is None:
        id = {"acknowledge": "theirs", "position": "conflict"}.get(operation, "own")
    return PATHS[operation].replace("{id}", ids.get(id, id))


def send(desk, entry, ids):
    """Makes the request that one line of the table means."""
    if "get" in entry:
        return desk.get(entry["get"])
    if "post" in entry:
        return desk.post(entry["post"])
    path = path_of(entry["on"], ids, entry.get("id"))
    if "body" in entry:
        return desk.request("POST", path, raw=json.dumps(entry["body"]).encode())
    body = RIGHT[entry["on"]]()
    for place in entry.get("drop", []):
        holder, name = _place(body, place)
        del holder[name]
    for place, value in entry.get("set", {}).items():
        holder, name = _place(body, place)
        holder[name] = expand(value)
    return desk.post(path, body)


def _place(body, place):
    *way, last = place.split(".")
    for step in way:
        body = body[int(step)] if isinstance(body, list) else body[step]
    return body, int(last) if isinstance(body, list) else last
