"""Desks as programs use them: requests, the event stream with its times, terms with short ladders, and a proxy in front
of a node that can be closed to single peers."""

import contextlib
import datetime
import http.client
import json
import os
import pathlib
import socket
import threading
import time

import nodes

# The demanded time from the press to the ring at the other desk, and by a relay.
RINGS_WITHIN = 2
RELAYED_WITHIN = 5


class Refused(AssertionError):
    """An answer that is none of 2xx."""

    def __init__(self, path, status, body):
        super().__init__(f"{path}: {status} {body}")
        self.status = status
        self.name = body.get("name") if isinstance(body, dict) else None


class Desk:
    """An officer's connection to a node; signed in unless `officer` is `None`."""

    def __init__(self, node, officer="Duty officer", cookie=None):
        self.node = node
        self.cookie = cookie
        self.token = None
        self.connection = None
        if officer is not None:
            body = {"officer": officer, "passphrase": nodes.PASSPHRASE}
            self.token = self.post("session", body)["token"]

    def raw(self, method, path, body=None, headers=None, timeout=60):
        """Status, headers and bytes. Nothing is sent twice."""
        sent = {"Content-Type": "application/json"} if isinstance(body, (dict, list)) else {}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if self.cookie:
            sent["Cookie"] = f"parley_console={self.cookie}"
        sent.update(headers or {})
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.node.desk, timeout=timeout)
        try:
            self.connection.request(method, f"/api/v1/{path}", data, sent)
            response = self.connection.getresponse()
            return response.status, response.headers, response.read()
        except Exception:
            self.connection.close()
            self.connection = None
            raise

    def ask(self, method, path, body=None, **more):
        """The answer's JSON; anything but success is `Refused`. More in a second than the desk takes is asked again."""
        while True:
            status, _, data = self.raw(method, path, body, **more)
            if status != 429:
                break
            time.sleep(0.05)
        answer = json.loads(data) if data else None
        if not 200 <= status < 300:
            raise Refused(path, status, answer)
        return answer

    def get(self, path):
        try:
            return self.ask("GET", path)
        except http.client.RemoteDisconnected:
            # The node closes connections that stood idle. Reading again does no harm.
            return self.ask("GET", path)

    def post(self, path, body=None, **more):
        return self.ask("POST", path, body, **more)

    def refusal(self, path, body=None, **more):
        """Status and name of the refusal of a request that must be refused."""
        try:
            answer = self.post(path, body, **more)
        except Refused as refused:
            return refused.status, refused.name
        raise AssertionError(f"{path} is not refused: {answer}")

    def press(self, body=None, **more):
        return self.post("stop", body, **more)["stop"]

    def stop(self, id):
        return self.get(f"stops/{id}")["stop"]

    def lift(self, id, outcome="withdrawn"):
        return self.post(f"stops/{id}/lift", {"outcome": outcome})["stop"]


class Stream:
    """Every event of a desk's stream, each with the moment at which it came."""

    def __init__(self, desk):
        self.events = []
        self._changed = threading.Condition()
        self._ended = False
        self._connection = http.client.HTTPConnection("127.0.0.1", desk.node.desk, timeout=120)
        self._connection.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {desk.token}"})
        self._response = self._connection.getresponse()
        assert self._response.status == 200, self._response.status
        self._socket = self._connection.sock
        threading.Thread(target=self._read, daemon=True).start()
        # From its first event on, nothing is missed.
        self.wait("reset")

    def _read(self):
        event = {}
        try:
            for line in self._response:
                at = time.monotonic()
                line = line.decode().rstrip("\n")
                if line and not line.startswith(":"):
                    name, value = line.split(": ", 1)
                    event[name] = value
                elif event:
                    with self._changed:
                        self.events.append((at, event["event"], json.loads(event["data"])))
                        self._changed.notify_all()
                    event = {}
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def mark(self):
        """Events from here on are those that come from now on."""
        with self._changed:
            return len(self.events)

    def wait(self, name, matches=lambda data: True, since=0, seconds=60):
        """The moment and the data of the first such event."""
        deadline = time.monotonic() + seconds
        at = since
        with self._changed:
            while True:
                for moment, event, data in self.events[at:]:
                    at += 1
                    if event == name and matches(data):
                        return moment, data
                assert not self._ended, f"the stream of {name} has ended"
                left = deadline - time.monotonic()
                assert left > 0, f"no such {name} within {seconds} s: {self._last()}"
                self._changed.wait(left)

    def _last(self):
        return [(name, str(data)[:200]) for _, name, data in self.events[-8:] if name != "reset"]

    def rings(self, stop=None):
        with self._changed:
            found = [(at, data) for at, name, data in self.events if name == "stop-ring"]
        return [(at, data) for at, data in found if stop is None or data["stop"] == stop]

    def close(self):
        with contextlib.suppress(OSError, AttributeError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._connection.close()


class Proxy:
    """Stands in front of a node's endpoint for peers. Closed to a peer, it hangs up on that peer's process."""

    def __init__(self, node):
        self.node = node
        self.port = nodes.free_ports(1)[0]
        self.closed_to = []
        self._open = []
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", self.port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, (_, port) = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client, port), daemon=True).start()

    def _serve(self, client, port):
        owner = owner_of(port, self.port)
        with self._lock:
            if self._keeps_out(owner):
                client.close()
                return
        try:
            server = socket.create_connection(("127.0.0.1", self.node.peers), timeout=30)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        with self._lock:
            # It may have been closed to that peer since.
            if self._keeps_out(owner):
                client.close()
                server.close()
                return
            self._open.append((owner, client, server))
        for one, other in ((client, server), (server, client)):
            threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    def _keeps_out(self, owner):
        """Whoever has gone already cannot be told from those that are kept out, and comes again."""
        return bool(self.closed_to) and owner in [None, *(peer.process.pid for peer in self.closed_to if peer.process)]

    @staticmethod
    def _copy(one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close_to(self, *peers):
        with self._lock:
            self.closed_to = list(peers)
            owners = [None, *(peer.process.pid for peer in peers if peer.process)]
            for owner, *ends in self._open:
                for each in ends if peers and owner in owners else []:
                    with contextlib.suppress(OSError):
                        each.shutdown(socket.SHUT_RDWR)

    def end(self):
        self._listening.close()
        with self._lock:
            for _, *ends in self._open:
                for each in ends:
                    with contextlib.suppress(OSError):
                        each.shutdown(socket.SHUT_RDWR)
                    each.close()


def owner_of(local, remote):
    """The process of this machine that holds the end `local` of a connection to the port `remote`."""
    ends = f":{local:04X}", f":{remote:04X}"
    lines = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
    inode = next((f[9] for f in map(str.split, lines) if f[1].endswith(ends[0]) and f[2].endswith(ends[1])), None)
    for folder in pathlib.Path("/proc").glob("[0-9]*/fd"):
        with contextlib.suppress(OSError):
            if any(os.readlink(file) == f"socket:[{inode}]" for file in folder.iterdir()):
                return int(folder.parent.name)
    return None


def accept(folder, parties, timing=None, addresses=None, edit=None, sealing="x-wing", heartbeat=1, stale_after=3):
    """Draws up terms, changes them as `timing`, `addresses` by party and `edit` say, and has every node accept them."""
    terms = pathlib.Path(folder) / "terms.json"
    cards = [argument for node in parties for argument in ("--party", node.card)]
    nodes.parley(
        "terms", "draft", *cards, "--name", "Test", "--heartbeat", heartbeat, "--stale-after", stale_after, "--sealing",
        sealing, "--out", terms)
    draft = json.loads(terms.read_text())
    draft["timing"].update(timing or {})
    for party in draft["parties"]:
        party["address"] = (addresses or {}).get(party["id"], party["address"])
    if edit:
        edit(draft)
    terms.write_text(json.dumps(draft, indent=2, ensure_ascii=False))
    shown = nodes.fingerprint_shown(nodes.parley("terms", "show", terms).stdout)
    for node in parties:
        nodes.parley("terms", "accept", "--dir", node.folder, terms, "--fingerprint", shown)


def add_officer(node, name, role):
    nodes.parley(
        "officer", "add", "--dir", node.folder, "--name", name, "--role", role,
        env=nodes.environment(PARLEY_NEW_PASSPHRASE=nodes.PASSPHRASE))


@contextlib.contextmanager
def served(parties):
    """All of them run and sign; at the end none runs."""
    try:
        for node in parties:
            node.start()
        for node in parties:
            node.wait_until_it_signs()
        yield parties
    finally:
        for node in parties:
            node.stop()


def instant(**ahead):
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**ahead)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def volume(longitude=38.3, latitude=34.5, minutes=120, last=60, radius=1000):
    return {
        "footprint": {"type": "Point", "coordinates": [longitude, latitude], "radiusM": radius},
        "altitude": {
            "lower": {"value": 1000, "unit": "feet", "datum": "agl"},
            "upper": {"value": 20000, "unit": "feet", "datum": "amsl"},
        },
        "start": instant(minutes=minutes), "end": instant(minutes=minutes + last),
    }


def notice(kind="air-operation", **where):
    return {"mode": "real", "kind": kind, "contact": "ops desk", "volumes": [volume(**where)]}


def state_of(stop, party):
    return next(one["state"] for one in stop["addressees"] if one["party"] == party)
