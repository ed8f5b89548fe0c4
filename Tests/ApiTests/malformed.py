"""What is malformed is refused by name, changes nothing, and does not stop what is right."""

import json

from client import ADMINISTRATOR, OFFICER, Desk
from harness import kinds_of, notice, signing, volume, wait_for
from table import PATHS, RIGHT, body_bytes, path_of, read, send

# The requests that write something, and `check`, which reads a notice in the same way.
WRITING = list(PATHS)

# Ids of the right form for a node that has met nobody.
STRANGERS = {"theirs": "beta-2", "conflict": "0" * 64, "alarm": "link:beta"}


def run_table(tally, stage, desk, ids, filing, title=lambda group: group["title"]):
    """Every group of one stage: each input refused as it says, then one right filing.

    `filing` files something right and returns the answer, or is `None` where the party files nothing.
    """
    for group in read("malformed.json"):
        if group.get("stage", "alone") != stage:
            continue
        before = desk.stated()
        tally.check(len(group["inputs"]) >= 10, f"{group['title']}: at least ten inputs")
        for entry in group["inputs"]:
            answer = send(desk, entry, ids)
            sentence = f"{group['name']} ({group['title']}): {json.dumps(entry)[:160]}"
            right = answer.status == group["status"] and answer.problem == group["name"]
            if right and "field" in entry:
                right = answer.field == entry["field"]
            if right and "detail" in group:
                right = group["detail"] in answer.json["detail"]
            tally.check(right, sentence, repr(answer))
        unchanged(tally, desk, before, group["title"])
        if filing:
            tally.equal(
                filing().status, 201, f"after {group['name']} ({group['title']}) the next right filing succeeds"
            )


def unchanged(tally, desk, before, title):
    tally.equal(desk.stated(), before, f"nothing was stated by: {title}")


class Alone:
    """One node that nobody talks to but us: its journal must hold exactly what we asked for rightly."""

    def __init__(self, tally, node):
        self.tally = tally
        self.node = node
        self.signed_in = 0
        self.filings = 0

    def run(self):
        with self.tally.group("signing: nothing before somebody answers for the log's size"):
            self.unconfirmed()
            self.node.stop()
        # The acceptance of the terms is on record now.
        journal, entries = self.node.journal(), self.node.entries()
        self.node.start()
        desk = self.node.desk(ADMINISTRATOR)
        self.signed_in = 1
        self.desk = desk
        self.tally.equal(signing(desk), "unconfirmed", "signing: a restart has to be confirmed again")
        desk.post(PATHS["signing"], RIGHT["signing"]())
        own = self.file()
        self.ids = {**STRANGERS, "own": own.json["notice"]["id"]}
        with self.tally.group("malformed: fields, geometry, terms, queries"):
            run_table(self.tally, "alone", desk, self.ids, self.file)
        with self.tally.group("malformed: not strict JSON, every request that writes"):
            self.not_json()
        with self.tally.group("malformed: the worst bodies, every request that writes"):
            self.worst_bodies()
        with self.tally.group("malformed: too large"):
            self.too_large()
        with self.tally.group("malformed: not declared as JSON"):
            self.content_types()
        with self.tally.group("malformed: nobody signed in, another site, another role"):
            self.nobody()
        with self.tally.group("malformed: the journal holds what was right and nothing else"):
            self.node.stop()
            self.compare(journal, entries)

    def unconfirmed(self):
        """A first start, alone: every request that would add to its log is refused until an administrator answers."""
        tally = self.tally
        self.node.start()
        desk, watch = self.node.desk(ADMINISTRATOR), self.node.desk(OFFICER)
        tally.equal(signing(desk), "unconfirmed", "a node that has started alone signs nothing")
        tally.equal(desk.records()["alpha"], 0, "not even its acceptance of the terms")
        before = desk.stated()
        for operation in ("file", "amend", "end", "acknowledge", "position", "suspend"):
            for _ in range(2):
                answer = desk.post(path_of(operation, {**STRANGERS, "own": "alpha-1"}), RIGHT[operation]())
                tally.check(
                    (answer.status, answer.problem) == (409, "sizeNotConfirmed"),
                    f"sizeNotConfirmed: {operation}",
                    repr(answer),
                )
        tally.equal(desk.post("/api/v1/check", notice()).status, 200, "a draft can be checked all the same")
        assurance = desk.get("/api/v1/assurance").json
        tally.equal(assurance["answer"], "unknown", "assurance is unknown")
        tally.check("notSigning" in [one["name"] for one in assurance["reasons"]], "because it does not sign", str(assurance))
        unchanged(tally, desk, before, "requests to a node that does not sign")
        answer = watch.post(PATHS["signing"], RIGHT["signing"]())
        tally.equal((answer.status, answer.problem), (403, "notAllowed"), "a watch officer cannot let it sign")
        tally.equal(signing(desk), "unconfirmed", "and has not")
        answer = desk.post(PATHS["signing"], {"reason": "the other nodes do not exist yet"})
        tally.equal((answer.status, answer.json["signing"]), (200, "confirmed"), "an administrator can")
        alarm = next((a for a in desk.get("/api/v1/alarms").json["alarms"] if a["kind"] == "unconfirmedSize"), {})
        tally.equal((alarm.get("state"), alarm.get("precedence")), ("ringing", "immediate"), "and it rings")
        tally.check("the other nodes do not exist yet" in alarm.get("sentence", ""), "with the reason", str(alarm))
        tally.check(wait_for(lambda: desk.records()["alpha"] == 1), "the acceptance of the terms is on record")
        answer = desk.post(PATHS["signing"], RIGHT["signing"]())
        tally.equal((answer.status, answer.problem), (409, "alreadyConfirmed"), "once is enough")

    def file(self):
        self.filings += 1
        # Apart from each other, so that the desk is not warned of its own notices.
        return self.desk.post("/api/v1/notices", notice(volumes=[volume(34 + self.filings * 0.08, 35)]))

    def still_files(self, title, before):
        unchanged(self.tally, self.desk, before, title)
        self.tally.equal(self.file().status, 201, f"after {title} the next right filing succeeds")

    def not_json(self):
        for name, bodies in read("not-json.json").items():
            before = self.desk.stated()
            self.tally.check(len(bodies) >= 10, f"{name}: at least ten inputs")
            for body in bodies:
                raw = body_bytes(body)
                for operation in WRITING:
                    answer = self.desk.post(path_of(operation, self.ids), raw=raw)
                    self.tally.check(
                        answer.status == 400 and answer.problem == name,
                        f"{name}: {operation} {raw[:60]!r}",
                        repr(answer),
                    )
            self.still_files(name, before)

    def worst_bodies(self):
        """Fifty bodies made from a right one, for each request. None of them may be taken, none may hurt."""
        for operation in WRITING:
            before = self.desk.stated()
            bodies = worst(json.dumps(RIGHT[operation]()).encode())
            self.tally.check(len(bodies) >= 50, f"{operation}: at least fifty bodies", str(len(bodies)))
            for raw in bodies:
                answer = self.desk.post(path_of(operation, self.ids), raw=raw)
                self.tally.check(
                    400 <= answer.status < 500 and answer.problem is not None,
                    f"{operation} refuses {raw[:80]!r}",
                    repr(answer),
                )
            self.still_files(f"the worst bodies for {operation}", before)

    def too_large(self):
        limit, before = 1024 * 1024, self.desk.stated()
        for size in (limit + 1, limit + 2, limit + 1000, 2 * limit):
            for operation in ("file", "amend", "signIn"):
                body = b'{"a":"' + b"x" * (size - 8) + b'"}'
                answer = Desk(self.node.desk_port, self.desk.token).post(path_of(operation, self.ids), raw=body)
                self.tally.check(
                    answer.status == 413 and answer.problem == "tooLarge",
                    f"tooLarge: {operation}, {size} bytes",
                    repr(answer),
                )
        exact = b'{"a":"' + b"x" * (limit - 8) + b'"}'
        answer = self.desk.post(path_of("file", self.ids), raw=exact)
        self.tally.check(answer.status == 400 and answer.problem == "missing", "1 MiB is read", repr(answer))
        self.still_files("tooLarge", before)

    def content_types(self):
        before = self.desk.stated()
        types = (
            None,
            "",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/json",
            "application/xml",
            "application/jsonp",
            "application/problem+json",
            "json",
            "*/*",
            "application/json5; charset=utf-8",
        )
        for operation in ("file", "suspend", "signIn"):
            for type in types:
                raw = json.dumps(RIGHT[operation]()).encode()
                answer = self.desk.post(path_of(operation, self.ids), raw=raw, headers={"Content-Type": type})
                self.tally.check(
                    answer.status == 415 and answer.problem == "notJSON",
                    f"notJSON: {operation} as {type!r}",
                    repr(answer),
                )
        self.still_files("notJSON", before)

    def nobody(self):
        before = self.desk.stated()
        tokens = (
            None,
            "",
            "x",
            self.desk.token[:-1],
            self.desk.token + "=",
            self.desk.token.lower(),
            " " + self.desk.token[1:],
            "null",
            "undefined",
            "A" * 44,
            "0" * 10000,
        )
        for token in tokens:
            for operation in [each for each in WRITING if each != "signIn"]:
                answer = Desk(self.node.desk_port, token).post(path_of(operation, self.ids), RIGHT[operation]())
                self.tally.check(
                    answer.status == 401 and answer.problem == "notSignedIn",
                    f"notSignedIn: {operation}, {str(token)[:20]!r}",
                    repr(answer),
                )
        cookie = {"Cookie": f"parley_session={self.desk.token}"}
        nobody = Desk(self.node.desk_port)
        for operation in WRITING:
            answer = nobody.post(path_of(operation, self.ids), RIGHT[operation](), headers=cookie)
            self.tally.check(
                answer.status == 403 and answer.problem == "crossSite", f"crossSite: {operation}", repr(answer)
            )
        for method, path in (("DELETE", "/api/v1/session"), ("POST", "/api/v1/alarms/x/acknowledge")):
            answer = nobody.request(method, path, headers=cookie)
            self.tally.check(
                answer.status == 403 and answer.problem == "crossSite", f"crossSite: {method} {path}", repr(answer)
            )
        self.tally.equal(nobody.get("/api/v1/session", headers=cookie).status, 200, "the cookie alone may read")
        answer = nobody.post("/api/v1/check", notice(), headers={**cookie, "X-Parley": "1"})
        self.tally.equal(answer.status, 200, "the cookie with X-Parley may write")
        watch = self.node.desk(OFFICER)
        self.signed_in += 1
        for name in ("third", "a", "b", "c", "d", "e", "f", "g", "h"):
            answer = watch.post("/api/v1/officers", {**RIGHT["officer"](), "officer": name})
            self.tally.check(
                answer.status == 403 and answer.problem == "notAllowed", f"notAllowed: add {name}", repr(answer)
            )
        answer = watch.get("/api/v1/officers")
        self.tally.check(
            answer.status == 403 and answer.problem == "notAllowed", "notAllowed: list officers", repr(answer)
        )
        self.still_files("nobody signed in", before)

    def compare(self, journal, entries):
        after = self.node.journal()
        self.tally.check(after[: len(journal)] == journal, "the journal's earlier bytes are as they were")
        kinds = [kind for kind in kinds_of(after[len(journal) :]) if kind != "tick"]
        expected = {"started": 1, "command present": self.signed_in, "command file": self.filings, "command signUnconfirmed": 1}
        found = {kind: kinds.count(kind) for kind in set(kinds)}
        self.tally.equal(found, expected, "the journal grew by what was right and nothing else")
        held = self.node.entries()
        self.tally.check(set(entries) <= set(held), "the records' earlier bytes are as they were")
        # That its links are down it puts on record by itself, once it has been alone for long enough.
        added = [kind for kind in map(kind_of, set(held) - set(entries)) if kind != "linkChange"]
        self.tally.equal(added, ["notice"] * self.filings, "one record for each right filing, and no other of an officer")


def kind_of(entry):
    """Of a record as `Node.entries` gives it, whose body is not sealed: padding follows mode byte, salt and length."""
    envelope = bytes.fromhex(entry.rsplit("-", 1)[1])
    plain = envelope[4 + int.from_bytes(envelope[:4], "big") + 64 + 4 :]
    return json.loads(plain[37 : 37 + int.from_bytes(plain[33:37], "big")])["kind"]


def worst(right):
    """Truncations, flips and everything that parsers disagree on; none of them a right body."""
    text = right.decode()
    bodies = [right[:cut] for cut in (0, 1, 2, len(right) // 4, len(right) // 2, len(right) - 2, len(right) - 1)]
    bodies += [b"[" * depth + right + b"]" * depth for depth in (1, 25, 100, 5000)]
    bodies += [b'{"a":' * depth + right + b"}" * depth for depth in (1, 25, 100, 5000)]
    bodies += [right + end for end in (b"x", b"{}", b",", b"\0", b"\xff", right)]
    bodies += [start + right for start in (b"\xef\xbb\xbf", b"\0", b",", b"\xff\xfe", b"/**/", b")]}'\n")]
    bodies += [
        right.replace(b'"', b"'"),
        right.replace(b":", b"="),
        right.replace(b"}", b"]"),
        right.replace(b"}", b",}"),
    ]
    bodies += [text.encode("utf-16"), text.encode("utf-16-be"), text.encode("utf-32"), right[::-1]]
    first = text[1 : text.index(":")]
    for more in (
        f"{first}:1",
        '"x":1',
        '"x":null',
        '"__proto__":{}',
        '"":0',
        '"x":' + "9" * 400,
        '"x":1e999',
        '"x":NaN',
        '"x":"\\ud800"',
        '"x":"\\udfff\\ud800"',
        '"x":"\x01"',
        '"x":' + '{"y":' * 2000 + "1" + "}" * 2000,
        '"x":-0x1',
        '"x":"' + "y" * 900_000 + '"',
    ):
        bodies.append((text[:-1] + "," + more + "}").encode("utf-8", "surrogatepass"))
    bodies += [
        b"null",
        b"true",
        b"0",
        b'""',
        b"[]",
        b"{}",
        b'{"x":{}}',
        b"\x1f\x8b\x08\0\0\0\0\0",
        b"\0" * 100,
        b"\x80" * 100,
    ]
    bodies.append(b'{"a":"' + b"x" * (2 * 1024 * 1024) + b'"}')
    return bodies
