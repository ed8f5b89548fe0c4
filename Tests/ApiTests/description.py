"""The OpenAPI description: complete, valid, and held against every answer that the other checks see."""

import copy
import json
import re

import jsonschema_rs
from schemathesis.specs.openapi.definitions import OPENAPI_31

from harness import ROOT

FILE = ROOT / "Sources/NodeHTTP/Console/openapi.json"
EVENTS = {
    "reset": "Snapshot",
    "notice": "Notice",
    "conflict": "Conflict",
    "alarm": "Alarm",
    "link": "Link",
    "assurance": "Assurance",
    "stop": "Stop",
    "stop-ring": "StopRing",
    "call": "Call",
    "presence": "Presence",
    "passing": "Passing",
    "watch": "Watch",
    "private-check": "PrivateCheck",
    "sealed-plans": "SealedPlans",
}


PARAMETER = re.compile(r"\{([a-z]+)\}")

# What the server routes as one path: the resources of a log, whose names have slashes in them.
LOG_ROUTE = ("GET", "/api/v1/logs/**")
LOG_PATHS = {
    ("GET", f"/api/v1/logs/{{log}}/{rest}")
    for rest in (
        "checkpoint",
        "tile/{level}/{index}",
        "tile/{level}/{index}.p/{width}",
        "tile/entries/{index}",
        "tile/entries/{index}.p/{width}",
    )
}


def _matching(parameter):
    """Of a tile's index the groups are parted by slashes."""
    return "[x0-9/]+" if parameter[1] == "index" else "[^/]+"


class Description:
    def __init__(self):
        self.document = json.loads(FILE.read_text())
        self.strict = copy.deepcopy(self.document)
        # Clients must bear with members they do not know; the check must not.
        for name, schema in self.strict["components"]["schemas"].items():
            if name != "Problem":
                _close(schema)
        for path in self.strict["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if status.startswith("2"):
                        _close(answer)
        self.patterns = [
            (
                re.compile(
                    "^" + PARAMETER.sub(_matching, re.escape(path).replace(r"\{", "{").replace(r"\}", "}")) + "$"
                ),
                path,
            )
            for path in self.document["paths"]
        ]
        # Paths with fewer parameters first, and longer ones: the more exact.
        self.patterns.sort(key=lambda pair: (pair[1].count("{") - 2 * (".p/" in pair[1]), -len(pair[1])))
        self.validators = {}
        self.answered = set()
        self.named = set()

    def operations(self):
        return {(method.upper(), path) for path, methods in self.document["paths"].items() for method in methods}

    def fault(self, method, target, answer):
        """What the description does not allow about an answer; `None` when it does."""
        path = target.split("?")[0]
        found = next((known for pattern, known in self.patterns if pattern.match(path)), None)
        if found is None or method.lower() not in self.document["paths"][found]:
            nowhere = answer.status == 404 and answer.problem == "noSuchPath"
            # One route takes all that may name a part of a log.
            nowhere |= path.startswith("/api/v1/logs/") and answer.problem in ("noSuchLog", "noSuchTile")
            return None if nowhere or answer.status == 403 and answer.problem == "crossSite" else "not in the description"
        responses = self.strict["paths"][found][method.lower()]["responses"]
        if str(answer.status) not in responses:
            return f"status {answer.status} is not described"
        response = responses[str(answer.status)]
        if "$ref" in response:
            response = self.strict["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        for name, header in response.get("headers", {}).items():
            if header.get("required") and name.lower() not in answer.headers:
                return f"no {name}"
        if answer.status < 300:
            self.answered.add((method, found))
        elif answer.problem:
            self.named.add(answer.problem)
        if "content" not in response:
            return None if not answer.body else "a body that is not described"
        type = answer.headers.get("content-type", "").split(";")[0]
        if type not in response["content"]:
            return f"content type {type!r} is not described"
        if not type.endswith("json"):
            return None
        return self._fault_of(response["content"][type]["schema"], answer.json)

    def event_fault(self, name, data):
        if name not in EVENTS:
            return f"event {name!r} is not described"
        return self._fault_of({"$ref": f"#/components/schemas/{EVENTS[name]}"}, data)

    def _fault_of(self, schema, value):
        key = json.dumps(schema)
        if key not in self.validators:
            whole = {**schema, "components": self.strict["components"]}
            self.validators[key] = jsonschema_rs.Draft202012Validator(whole)
        error = next(self.validators[key].iter_errors(value), None)
        return error and f"{error.message[:300]} at {list(error.instance_path)}"


def _close(schema):
    """Forbids, in place, whatever an object's schema does not name."""
    if isinstance(schema, list):
        for element in schema:
            _close(element)
    elif isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for member in schema.values():
            _close(member)


def routes():
    """Every route that the server's sources add, as the description writes paths."""
    found = set()
    for source in sorted((ROOT / "Sources/NodeHTTP").glob("*.swift")):
        for group, method, path in re.findall(
            r'\b(api|router)\.(get|post|put|patch|delete|head)\("([^"]*)"', source.read_text()
        ):
            whole = ("/api/v1/" if group == "api" else "/") + path.lstrip("/")
            found.add((method.upper(), re.sub(r":([a-z]+)", r"{\1}", whole)))
    assert LOG_ROUTE in found
    # The console's files are not described.
    return found - {("GET", "/"), ("GET", "/**"), LOG_ROUTE} | LOG_PATHS


def problem_names():
    """Every problem's name in the sources that answer officers."""
    names = set()
    for source in (ROOT / "Sources/NodeHTTP").glob("*.swift"):
        text = source.read_text()
        names |= set(re.findall(r'name: "([A-Za-z]+)"', text))
        names |= set(re.findall(r'\b(?:missing|conflict|forbidden|bad)\("([A-Za-z]+)"', text))
    return names


def run(tally, description):
    with tally.group("description: valid and complete"):
        validator = jsonschema_rs.validator_for(OPENAPI_31)
        error = next(validator.iter_errors(description.document), None)
        tally.check(error is None, "openapi.json is valid OpenAPI 3.1", str(error)[:500])
        try:
            import openapi_spec_validator

            openapi_spec_validator.validate(description.document)
            tally.check(True, "openapi-spec-validator takes it")
        except ImportError:
            print("   openapi-spec-validator is not installed: the metaschema alone was asked")
        described, served = description.operations(), routes()
        tally.equal(served - described, set(), "every route is described")
        tally.equal(described - served, set(), "every described path is a route")
        text = json.dumps(description.document)
        references = set(re.findall(r'"\$ref": "#/components/(\w+)/(\w+)"', text))
        known = {(kind, name) for kind, members in description.document["components"].items() for name in members}
        tally.equal(references - known, set(), "every reference leads somewhere")
        tally.equal(
            {k for k in known - references if k[0] != "securitySchemes"} - {("schemas", name) for name in EVENTS.values()},
            set(),
            "nothing is described for nobody",
        )
        ids = [o["operationId"] for path in description.document["paths"].values() for o in path.values()]
        tally.equal(len(ids), len(set(ids)), "operation ids are unique")
        for method, path in sorted(described):
            operation = description.document["paths"][path][method.lower()]
            open_to_all = operation.get("security") == []
            tally.check(
                open_to_all or "401" in operation["responses"], f"{method} {path} says what happens to strangers"
            )
            # STOP takes any body: what cannot be read of it is left out.
            if operation.get("requestBody", {}).get("required"):
                tally.check(
                    {"400", "413", "415"} <= set(operation["responses"]),
                    f"{method} {path} says what happens to bad bodies",
                )
        words = set(re.findall(r'"([A-Za-z]+)"', text))
        # What only peers are told, what a bug would be called, and what stands outside every described path.
        elsewhere = {
            "unknownPeer",
            "badReceipt",
            "staleChallenge",
            "logFrozen",
            "badCheckpoint",
            "checkpointMismatch",
            "notNext",
            "internal",
            "noSuchPath",
            "methodNotAllowed",
            "notARelay",
            "badRelay",
        }
        tally.equal(problem_names() - words - elsewhere, set(), "every problem's name is described")


# Only a log of 256 records has full tiles; narrower ones are asked for here, full ones in the store's own tests.
FULL_TILES = {
    ("GET", "/api/v1/logs/{log}/tile/entries/{index}"),
    ("GET", "/api/v1/logs/{log}/tile/{level}/{index}"),
}


def finish(tally, description):
    """After everything else has run."""
    with tally.group("description: what the run has shown of it"):
        tally.equal(
            description.operations() - description.answered - {("GET", "/api/v1/events")} - FULL_TILES,
            set(),
            "every operation has succeeded at least once",
        )
        described = set(problem_names()) & set(re.findall(r"[A-Za-z]+", json.dumps(description.document)))
        print("   problems that no request of this run met:", *sorted(described - description.named))
