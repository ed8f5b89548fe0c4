"""What has to hold of real nodes whatever happens to their links, disks, clocks and processes, read from outside.

Nothing here asks a node whether it is right. What an answer may rest on comes from the proxies that the bytes went through;
what collides is worked out anew from the notices' own geometry and the terms.
"""

import datetime
import hashlib
import http.client
import itertools
import json
import math
import sys
import threading
import time

import desks
import nodes
from invariants_record import Bundle

sys.path.insert(0, str(nodes.ROOT / "Tests/Interop"))
import records  # noqa: E402

GOOD = ("clear", "conditions")
# A statement of time is rounded to the microsecond, and two of this machine's clocks are compared.
ROUNDING_S = 0.02


# MARK: Collisions


def metres_between(one, other):
    """Along a great circle of a sphere: within 0.6 % of the geodesic."""
    (lon1, lat1), (lon2, lat2) = ([math.radians(value) for value in place] for place in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(half))


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Collisions:
    """Which circles collide, by the terms' minima. Pairs too close to a limit to be told apart here are neither."""

    def __init__(self, terms):
        self.mechanism = hashlib.sha256(terms.read_bytes()).digest()
        self.minima = {frozenset(row["between"]): row for row in json.loads(terms.read_text())["minima"]}
        self._known = {}

    def collide(self, one, other):
        """`True`, `False`, or `None` when it cannot be told; notices as the desk or a record's body has them."""
        if one["mode"] != other["mode"] or one["owner"] == other["owner"]:
            return False
        key = tuple(sorted((each["id"], each["version"]) for each in (one, other)))
        if key not in self._known:
            pairs = [self._meet(one, other, *pair) for pair in itertools.product(one["volumes"], other["volumes"])]
            self._known[key] = True if True in pairs else None if None in pairs else False
        return self._known[key]

    def _meet(self, one, other, a, b):
        minima = self.minima[frozenset((one["kind"], other["kind"]))]
        if minima["verticalM"] != "all" or any(v["footprint"]["type"] != "Point" for v in (a, b)):
            return None
        gap = max(instant(a["start"]) - instant(b["end"]), instant(b["start"]) - instant(a["end"]))
        if gap > minima["timeS"]:
            return False
        distance = metres_between(a["footprint"]["coordinates"], b["footprint"]["coordinates"])
        least = minima["horizontalM"] + sum(v["footprint"].get("radiusM", 0) for v in (a, b))
        return True if distance < least * 0.99 else False if distance > least * 1.01 else None

    def conflict(self, one, other):
        """The conflict's id, by section 7 of the protocol."""
        ids = [(owner, int(index)) for owner, index in (each["id"].rsplit("-", 1) for each in (one, other))]
        return records.conflict_id(self.mechanism, one["mode"], *ids).hex()

    def among(self, notices):
        """Ids of the conflicts that must stand, and of those that may."""
        must, may = set(), set()
        for one, other in self._near(notices):
            verdict = self.collide(one, other)
            if verdict is not False:
                (must if verdict else may).add(self.conflict(one, other))
        return must, may | must

    def _near(self, notices):
        """Every pair that can collide, and few others: circles of up to 20 km, on a grid of half a degree."""
        places = {}
        for notice in notices:
            [volume] = notice["volumes"]
            (longitude, latitude), radius = volume["footprint"]["coordinates"], volume["footprint"].get("radiusM", 0)
            assert radius <= 20_000 and abs(latitude) < 60, "the grid is too fine for that"
            places.setdefault((round(longitude * 2), round(latitude * 2)), []).append(notice)
        for (x, y), here in places.items():
            yield from itertools.combinations(here, 2)
            for there in ((x + 1, y), (x - 1, y + 1), (x, y + 1), (x + 1, y + 1)):
                yield from itertools.product(here, places.get(there, ()))


# MARK: Answers


class AnswerChecker:
    """Holds one node's answers against what they can rest on.

    - A clear ends `staleAfter` after the last question that a principal was asked before it answered.
    - A clear says until when it holds, not longer than that, and does not outlive it.
    - A clear is never said over a doubt that the test knows of, such as a suspended principal or a receipt for a notice that
      collides, from the moment on at which this node must know of it.
    - A clear is never said of a notice while one that collides with it is listed, just before and just after.
    """

    def __init__(self, party, evidence, stale_after_s, collisions):
        """`evidence` gives for each other principal the latest moment that an answer can rest on, by the moment of the
        answer: all of this machine's monotonic clock."""
        self.party = party
        self.evidence = evidence
        self.stale_after_s = stale_after_s
        self.collisions = collisions
        # From when on nothing may be clear, by the reason; and by notice, that notice may not.
        self.doubts = {}
        self.doubts_about = {}
        # When the node was started: what it knew before, it may not rest on.
        self.started = 0.0
        self.counts = {}
        # The names of every reason that was ever given.
        self.reasons = set()
        self.false = []
        # Clears of notices that collided with another one just before: false if both still stand just after.
        self._suspects = []

    def listed(self, held):
        """`held`: the notices that the node lists now, by id."""
        for subject, at, pair in self._suspects:
            if all(held.get(each["id"], {}).get("version") == each["version"] for each in pair):
                self.report(subject, at, "{} collides with {}".format(*(each["id"] for each in pair)))
        self._suspects = []

    def judge(self, subject, answer, begun, ended, held):
        """`answer`, about the notice `subject` or the mechanism as a whole, was asked for and came at these moments."""
        word = answer["answer"]
        self.counts[word] = self.counts.get(word, 0) + 1
        self.reasons |= {reason["name"] for reason in answer.get("reasons", ())}
        if word not in GOOD:
            if answer["validUntil"] is not None:
                self.report(subject, begun, f"{word} says until when it is good")
            return
        holds_s = answer["validForS"]
        if holds_s < 0 or abs(instant(answer["validUntil"]) - instant(answer["at"]) - holds_s) > ROUNDING_S:
            self.report(subject, begun, "it outlives the end that it names")
        for party, moment_of in self.evidence.items():
            asked = moment_of(ended)
            if asked is None or asked < self.started <= begun:
                self.report(subject, begun, f"{party} was never heard")
            elif begun > asked + self.stale_after_s:
                self.report(subject, begun, f"{party} was asked last {begun - asked:.3f} s ago")
            elif begun + holds_s > asked + self.stale_after_s + ROUNDING_S:
                late = begun + holds_s - asked - self.stale_after_s
                self.report(subject, begun, f"it names an end {late:.3f} s after {party}'s evidence ends")
        for doubt, since in [*list(self.doubts.items()), *self.doubts_about.get(subject, {}).items()]:
            if begun > since:
                self.report(subject, begun, doubt)
        ours = [held[subject]] if subject in held else [] if subject else [each for each in held.values() if each["owner"] == self.party]
        for one in ours:
            for other in held.values():
                if word == "clear" and self.collisions.collide(one, other):
                    self._suspects.append((subject, begun, (one, other)))

    def stream(self, events):
        """Events of the desk's stream, each with the moment at which it came: a clear there has its end with it."""
        ahead = time.time() - time.monotonic()
        for came, name, data in events:
            answer = data["status"]["assurance"] if name == "reset" else data if name == "assurance" else None
            if answer is None or answer["answer"] not in GOOD:
                continue
            until = instant(answer["validUntil"]) - ahead
            for party, moment_of in self.evidence.items():
                asked = moment_of(came)
                if asked is None or until > asked + self.stale_after_s + ROUNDING_S:
                    self.report(None, came, f"its stream names an end that {party}'s evidence does not reach")

    def report(self, subject, at, what):
        self.false.append(f"{self.party} at {at:.3f}, of {subject or 'the mechanism'}: clear, although {what}")


class Onlooker(AnswerChecker):
    """Asks one node again and again what it says, in a thread of its own."""

    def __init__(self, node, evidence, stale_after_s, collisions, pause_s=0.03, token=None, lists=True):
        """`lists` looks for collisions, which costs more the more notices there are. `token` is of a session that there is
        already; the node has to sign in slowly, on purpose."""
        super().__init__(node.party, evidence, stale_after_s, collisions)
        self.node = node
        self.token = token
        self.lists = lists
        self.pause_s = pause_s
        # Notices that are asked about, besides the mechanism as a whole.
        self.subjects = []
        self.failure = None
        self._latest = {}
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        desk = None
        while not self._ends.is_set():
            try:
                if desk is None:
                    desk = desks.Desk(self.node, officer=None if self.token else self.node.officer)
                    desk.token = self.token or desk.token
                self._look(desk)
            except (OSError, http.client.HTTPException, desks.Refused) as error:
                # Killed, stopped, full or not yet there: nothing is shown then. Its sessions go with it.
                if isinstance(error, desks.Refused) and error.status not in (401, 503, 507):
                    self.failure = error
                    return
                desk = self.token = None
            except Exception as error:  # noqa: BLE001 - shown by whoever ends this thread
                self.failure = error
                return
            self._ends.wait(self.pause_s)

    def _look(self, desk):
        listed = desk.get("notices?limit=5000")["notices"] if self.lists else []
        held = {notice["id"]: notice for notice in listed if notice["mode"] == "real"}
        self.listed(held)
        for subject in [None, *self.subjects]:
            if self.lists and subject is not None and subject not in held:
                continue
            begun = time.monotonic()
            answer = desk.get("assurance" if subject is None else f"notices/{subject}/assurance")
            ended = time.monotonic()
            self.judge(subject, answer, begun, ended, held)
            self._latest[subject] = (ended, answer["answer"], [reason["name"] for reason in answer["reasons"]])

    def latest(self, subject=None, since=0.0):
        """The newest answer, of those that came after `since`: its word, and the names of its reasons."""
        at, word, reasons = self._latest.get(subject, (0, None, []))
        return (word, reasons) if at > since else (None, [])

    def stop(self):
        self._ends.set()
        self._thread.join(120)
        assert not self._thread.is_alive(), f"{self.party} does not answer"
        assert self.failure is None, f"{self.party}: {self.failure!r}"

    def end(self):
        """Asserts that nothing was false.

        - Returns: how often it gave each answer.
        """
        self.stop()
        assert not self.false, "\n".join(self.false[:20])
        assert self.counts, f"{self.party} was never asked"
        return self.counts


# MARK: Agreement


def agree(principals, collisions, whole=False):
    """All these desks have the same notices and the same conflicts: those that follow from the notices' own geometry.

    - whole: the notices are read from each one's evidence of everything as well, which takes a node long.
    - Returns: ids of the conflicts that stand.
    """
    seen = []
    for desk in principals:
        party = desk.node.party
        notices = desk.get("notices?limit=5000")["notices"]
        if whole:
            bundle = Bundle.of(desk)
            bundle.reads_only_its_own()
            held = {(each["id"], each["version"]) for each in bundle.notices()}
            assert held == {(each["id"], each["version"]) for each in notices}, f"{party} lists other notices than it holds"
            notices = bundle.notices()
        must, may = collisions.among(notices)
        standing = {conflict["id"]: conflict for conflict in desk.get("conflicts")["conflicts"]}
        assert must <= set(standing) <= may, f"{party}: {sorted(must ^ set(standing))} of {len(must)}"
        sides = {id: (c["first"]["notice"], c["first"]["version"], c["second"]["notice"], c["second"]["version"], c["state"])
                 for id, c in standing.items()}
        seen.append((party, {(each["id"], each["version"]) for each in notices}, sides))
    for party, listed, sides in seen[1:]:
        assert listed == seen[0][1], f"{party} and {seen[0][0]} hold other notices: {sorted(listed ^ seen[0][1])[:5]}"
        assert sides == seen[0][2], f"{party} and {seen[0][0]} hold other conflicts"
    return set(seen[0][2])


def wait_until_even(principals, seconds=180):
    """Each holds all that the others have said, and knows that they hold all that it has said."""
    deadline = time.monotonic() + seconds
    while uneven := [found for desk in principals for found in uneven_links(desk)]:
        assert time.monotonic() < deadline, f"not even within {seconds} s: {uneven}"
        time.sleep(0.05)


def uneven_links(desk):
    for link in desk.get("links")["links"]:
        sizes = {name: link[name] for name in ("holdsOfOurs", "ourSize", "holdsOfTheirs", "theirSize")}
        if sizes["holdsOfOurs"] < sizes["ourSize"] or sizes["theirSize"] != sizes["holdsOfTheirs"]:
            yield f"{desk.node.party} with {link['party']}, {link['state']}", sizes
