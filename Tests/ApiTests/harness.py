"""Real nodes in a temporary folder, and the tally of checks."""

import contextlib
import datetime
import hashlib
import json
import os
import selectors
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from client import ADMINISTRATOR, OFFICER, PASSPHRASE, Desk

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests/Support"))

from ports import free_ports

BINARY = os.environ.get("PARLEY_BINARY", str(ROOT / ".build/debug/parley"))


class Tally:
    """Counts checks; prints the failed ones, and a line for each group."""

    def __init__(self):
        self.passed = 0
        self.failures = []

    def check(self, holds, sentence, detail=""):
        if holds:
            self.passed += 1
        else:
            self.failures.append(sentence)
            print(f"  FAILED: {sentence}{f': {detail}' if detail else ''}", flush=True)
        return bool(holds)

    def equal(self, found, expected, sentence):
        return self.check(found == expected, sentence, f"found {found!r:.300}, expected {expected!r:.300}")

    @contextlib.contextmanager
    def group(self, title):
        begun, passed, failed = time.monotonic(), self.passed, len(self.failures)
        print(f"== {title}", flush=True)
        try:
            yield
        except Exception:
            import traceback

            self.check(False, f"{title}: the check itself broke", traceback.format_exc())
        print(
            f"   {self.passed - passed} passed, {len(self.failures) - failed} failed, {time.monotonic() - begun:.1f} s",
            flush=True,
        )


def parley(*arguments, **environment):
    """Runs the command and returns its JSON; a failure is an error."""
    done = subprocess.run(
        [BINARY, *map(str, arguments), "--json"],
        env={**os.environ, "PARLEY_PASSPHRASE": PASSPHRASE, **environment},
        capture_output=True,
        text=True,
        timeout=180,
    )
    if done.returncode != 0:
        raise RuntimeError(f"parley {arguments[0]}: {done.returncode}: {done.stderr}{done.stdout}")
    return json.loads(done.stdout) if done.stdout.strip() else None


class Node:
    """One party's folder, and its process while it runs."""

    def __init__(self, folder, party, role="principal", roots=()):
        self.folder = Path(folder)
        self.party = party
        self.role = role
        # Public root keys in hexadecimal; all of them have to sign.
        self.roots = roots
        self.desk_port, self.peer_port = free_ports(2)
        self.process = None
        self.log = None

    def create(self):
        parley(
            "init",
            "--party",
            self.party,
            "--name",
            self.party.capitalize(),
            "--role",
            self.role,
            "--dir",
            self.folder,
            "--desk",
            f"127.0.0.1:{self.desk_port}",
            "--peers",
            f"127.0.0.1:{self.peer_port}",
            "--officer",
            ADMINISTRATOR,
            *(part for root in self.roots for part in ("--root", root)),
        )
        parley(
            "officer",
            "add",
            "--dir",
            self.folder,
            "--name",
            OFFICER,
            "--role",
            "watchOfficer",
            PARLEY_NEW_PASSPHRASE=PASSPHRASE,
        )
        return self

    def start(self, **environment):
        """Returns once the desk answers; the server's own line says when it listens."""
        self.log = open(self.folder / "serve.log", "ab+")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--dir", str(self.folder), "--until-input-ends"],
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
        )
        self._wait_until_ready()
        self._drain_errors()
        return self

    def _wait_until_ready(self):
        waiting = selectors.DefaultSelector()
        waiting.register(self.process.stderr, selectors.EVENT_READ)
        seen, deadline = b"", time.monotonic() + 120
        while b"ready" not in seen:
            if not waiting.select(max(0, deadline - time.monotonic())):
                raise RuntimeError(f"{self.party} is not ready: {seen.decode()}")
            part = os.read(self.process.stderr.fileno(), 65536)
            if not part:
                raise RuntimeError(f"{self.party} ended: {seen.decode()}")
            seen += part
        self.log.write(seen)

    def _drain_errors(self):
        import threading

        process, log = self.process, self.log

        def drain():
            for part in iter(lambda: process.stderr.read1(65536), b""):
                log.write(part)
                log.flush()

        threading.Thread(target=drain, daemon=True).start()

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self):
        """Asks it to end, and waits until it has."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(90)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdin.close()
        self.process = None

    def kill(self):
        """Ends it as a loss of power of the process would."""
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process = None

    def desk(self, officer=OFFICER):
        """A signed-in desk; `None` for nobody."""
        desk = Desk(self.desk_port)
        if officer is not None:
            answer = desk.sign_in(officer)
            if answer.status != 200:
                raise RuntimeError(f"sign-in at {self.party}: {answer}")
        return desk

    @property
    def mechanism(self):
        """SHA-256 of the bytes of terms version 1, in hexadecimal."""
        return hashlib.sha256((self.folder / "terms.json").read_bytes()).hexdigest()

    def journal(self):
        """The journal's rows as bytes, of a node that is stopped."""
        return self._rows("SELECT bytes FROM journal ORDER BY sequence")

    def entries(self):
        """Every record held, by party and index, of a node that is stopped."""
        return self._rows("SELECT log || '-' || position || '-' || hex(envelope) FROM entry ORDER BY log, position")

    def envelopes(self, log):
        """Every record held of one log, in order, of a node that is stopped."""
        return self._rows("SELECT envelope FROM entry WHERE log = ? ORDER BY position", log)

    def _rows(self, query, *values):
        assert not self.is_running
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'parley.sqlite'}?mode=ro", uri=True)) as store:
            return [row[0] for row in store.execute(query, values)]


def kinds_of(journal):
    """What each journalled event is: `started`, `tick`, `command file`, …"""
    kinds = []
    for row in journal:
        record = json.loads(row)
        # A notice that was filed has a form of its own.
        if "filed" in record:
            kinds.append("command file")
            continue
        event = record["event"]
        kind = next(iter(event))
        kinds.append(f"command {next(iter(event[kind]['_0']))}" if kind == "command" else kind)
    return kinds


class Mechanism:
    """Several nodes under one terms document, in one temporary folder."""

    def __init__(self, parties, heartbeat=3, stale_after=60, name="API checks", sealing="x-wing", roots={}, edit=None):
        """`edit` changes the draft of the terms before anybody accepts it."""
        self.folder = Path(tempfile.mkdtemp(prefix="parley-api-"))
        self.nodes = {}
        for party, role in parties.items():
            self.nodes[party] = Node(self.folder / party, party, role, roots.get(party, ())).create()
        terms = self.folder / "terms.json"
        cards = [part for node in self.nodes.values() for part in ("--party", node.folder / "party.json")]
        drafted = parley(
            "terms",
            "draft",
            *cards,
            "--name",
            name,
            "--out",
            terms,
            "--heartbeat",
            heartbeat,
            "--stale-after",
            stale_after,
            "--sealing",
            sealing,
        )
        fingerprint = drafted["fingerprint"]
        if edit:
            draft = json.loads(terms.read_text())
            edit(draft)
            terms.write_text(json.dumps(draft, indent=2, ensure_ascii=False))
            fingerprint = hashlib.sha256(terms.read_bytes()).hexdigest()
        for node in self.nodes.values():
            parley("terms", "accept", "--dir", node.folder, terms, "--fingerprint", fingerprint)

    def __getitem__(self, party):
        return self.nodes[party]

    def close(self):
        for node in self.nodes.values():
            node.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def signing(desk):
    """`confirmed`, or why the node adds nothing to its log."""
    return desk.get("/api/v1/status").json["signing"]


def wait_until_signing(*nodes, seconds=120):
    """Waits until each of these running nodes signs, and returns a desk of each."""
    desks = [node.desk(ADMINISTRATOR) for node in nodes]
    if not wait_for(lambda: all(signing(desk) == "confirmed" for desk in desks), seconds):
        raise RuntimeError(f"not all sign: {[(node.party, signing(desk)) for node, desk in zip(nodes, desks)]}")
    return desks


def wait_for(question, seconds=60):
    """Asks until the answer is true, and returns it; `None` when it never was."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.02)
    return None


def instant(text):
    """`+2h`, `-30m` and `+3d` from now as RFC 3339."""
    unit = {"m": "minutes", "h": "hours", "d": "days"}[text[-1]]
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**{unit: float(text[:-1])})
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def volume(longitude=38.3169, latitude=34.5574, radius=1000, start="+2h", end="+3h"):
    return {
        "footprint": {"type": "Point", "coordinates": [longitude, latitude], "radiusM": radius},
        "altitude": {
            "lower": {"value": 1000, "unit": "feet", "datum": "agl"},
            "upper": {"value": 20000, "unit": "feet", "datum": "amsl"},
        },
        "start": instant(start),
        "end": instant(end),
    }


def notice(kind="air-operation", **more):
    """A notice that every node takes. Keyword arguments replace fields; `None` removes one."""
    fields = {"mode": "real", "kind": kind, "contact": "ops desk, line 4", "volumes": [volume()], **more}
    return {name: value for name, value in fields.items() if value is not None}
