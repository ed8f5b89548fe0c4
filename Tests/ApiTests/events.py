"""The event stream: order, resumption, reset, keep-alives."""

import http.client
import json
import queue
import re
import threading
import time

from client import PASSPHRASE, Desk
from harness import notice, volume, wait_for


class Stream:
    """Reads one stream in a thread of its own."""

    def __init__(self, desk, last=None, after=None):
        self.items = queue.Queue()
        self.ended = False
        self.connection = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=120)
        headers = {"Authorization": f"Bearer {desk.token}"} if desk.token else {}
        if last is not None:
            headers["Last-Event-ID"] = last
        path = "/api/v1/events" + (f"?after={after}" if after is not None else "")
        self.connection.request("GET", path, headers=headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.socket = self.connection.sock
        if self.status == 200:
            threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        event = {}
        try:
            for line in self.response:
                line = line.decode().rstrip("\n")
                if line.startswith(":"):
                    self.items.put(("comment", None, line))
                elif line:
                    name, value = line.split(": ", 1)
                    event[name] = value
                elif event:
                    self.items.put((event["event"], event["id"], json.loads(event["data"])))
                    event = {}
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass
        self.ended = True
        self.items.put(None)

    def next(self, seconds=60, comments=False):
        """The next event as (name, id, data); `None` when the time is over or the stream is."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                item = self.items.get(timeout=max(0.001, deadline - time.monotonic()))
            except queue.Empty:
                return None
            if item is None or comments or item[0] != "comment":
                return item

    def until(self, wanted, seconds=60):
        """Every event up to the first that `wanted` takes, that one included; `None` when it does not come."""
        events, deadline = [], time.monotonic() + seconds
        while time.monotonic() < deadline:
            event = self.next(deadline - time.monotonic())
            if event is None:
                return None
            events.append(event)
            if wanted(event):
                return events
        return None

    def close(self):
        import socket

        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):
            pass
        self.connection.close()


def number(id):
    return int(id.rsplit("-", 1)[1])


def is_notice(id):
    return lambda event: event[0] == "notice" and event[2]["id"] == id


def run(tally, description, node, desk, other_party):
    """`desk` is a signed-in desk of `node`, `other_party` one of another party's. Returns the newest event's id."""
    with tally.group("events: order, resumption, reset"):
        stream = Stream(desk)
        tally.equal(stream.status, 200, "the stream opens")
        tally.equal(
            stream.response.getheader("content-type"), "text/event-stream", "its type is that of server-sent events"
        )
        tally.equal(stream.next(comments=True)[0], "comment", "it greets")
        name, first, snapshot = stream.next()
        tally.equal(name, "reset", "a new stream begins with reset")
        tally.check(re.fullmatch(r"[0-9a-f]{8}-[0-9]+", first), "ids are epoch and sequence", first)
        tally.equal(
            [one["id"] for one in snapshot["notices"]],
            [one["id"] for one in desk.get("/api/v1/notices").json["notices"]],
            "the snapshot has what stands",
        )

        # Another client of the same desk, then the other party.
        seen = [(name, first, snapshot)]
        colleague = Desk(node.desk_port, desk.token)
        filed = [
            colleague.post("/api/v1/notices", notice(volumes=[volume(33 + i, 31)])).json["notice"]["id"]
            for i in range(3)
        ]
        filed.append(other_party.post("/api/v1/notices", notice(volumes=[volume(33, 30)])).json["notice"]["id"])
        for id in filed:
            if not any(is_notice(id)(event) for event in seen[1:]):
                events = stream.until(is_notice(id))
                tally.check(events is not None, f"{id} arrives, whoever filed it")
                seen += events or []
        numbers = [number(id) for _, id, _ in seen]
        tally.equal(numbers, list(range(numbers[0], numbers[0] + len(numbers))), "ids rise by one, without gaps")
        tally.equal(len({id.rsplit("-", 1)[0] for _, id, _ in seen}), 1, "the epoch stays")
        for name, id, data in seen:
            fault = description.event_fault(name, data)
            tally.check(fault is None, f"event {name} is as described", fault)

        for cut in (0, 1, len(seen) // 2, len(seen) - 2):
            missed = seen[cut + 1 :]
            for how in ({"last": seen[cut][1]}, {"after": seen[cut][1]}):
                again = Stream(desk, **how)
                got = [again.next() for _ in missed]
                tally.check(got == missed, f"resuming at {cut} by {next(iter(how))} gives exactly what was missed")
                again.close()
        newest = seen[-1][1]
        again = Stream(desk, last=newest)
        id = colleague.post("/api/v1/notices", notice(volumes=[volume(33, 29)])).json["notice"]["id"]
        events = again.until(is_notice(id))
        tally.check(
            events and number(events[0][1]) == number(newest) + 1, "resuming at the newest goes on with the next"
        )
        tally.check(events and all(event[0] != "reset" for event in events), "and has no reset")
        again.close()

        epoch, last = newest.rsplit("-", 1)
        unknown = (
            f"{epoch}-{int(last) + 100000}",
            f"{epoch}-18446744073709551615",
            f"{epoch}-99999999999999999999",
            f"{epoch}--1",
            f"{epoch}-",
            f"{epoch}-x",
            epoch,
            "00000000-1",
            f"-{last}",
            "x",
            "-",
            "0",
            f"{epoch.upper()}x-{last}",
            f"{last}-{epoch}",
        )
        for id in unknown:
            for how in ({"last": id}, {"after": id}):
                again = Stream(desk, **how)
                event = again.next()
                tally.check(
                    event and event[0] == "reset",
                    f"an id that the node does not know gets reset: {id} by {next(iter(how))}",
                    str(event)[:200],
                )
                again.close()
        tally.equal(Stream(Desk(node.desk_port)).status, 401, "nobody listens without signing in")
        stream.close()

    with tally.group("events: keep-alives, and no more streams of one officer than the limit"):
        quiet = Stream(desk)
        times = []
        while len(times) < 3 and quiet.next(8, comments=True):
            # The greeting, the reset and whatever happens meanwhile count as signs of life too.
            times.append(time.monotonic())
        comment = None
        deadline = time.monotonic() + 60
        while comment is None and time.monotonic() < deadline:
            item = quiet.next(8, comments=True)
            comment = item if item and item[0] == "comment" else None
        tally.check(comment is not None, "a quiet stream is kept alive by comments")
        quiet.close()
        streams = [Stream(desk) for _ in range(12)]
        tally.equal([stream.status for stream in streams], [200] * 12, "one officer's further streams are taken")
        tally.check(
            wait_for(lambda: [stream.ended for stream in streams] == [True] * 4 + [False] * 8),
            "for each beyond the eighth, that officer's oldest ends", str([stream.ended for stream in streams]))
        for stream in streams:
            stream.close()

        def opens():
            stream = Stream(desk)
            stream.close()
            return stream.status == 200

        tally.check(wait_for(opens), "streams that were closed make room")
    with tally.group("events: no more streams of all officers than the limit"):
        crowded(tally, node, desk)
    return newest


def crowded(tally, node, desk):
    listeners = []
    for i in range(9):
        name = f"listener-{i}"
        account = {"officer": name, "passphrase": PASSPHRASE, "role": "auditor"}
        tally.equal(desk.post("/api/v1/officers", account).status, 201, f"{name} is added")
        listeners.append(Desk(node.desk_port))
        tally.equal(listeners[-1].sign_in(name).status, 200, f"{name} signs in")

    streams = []

    def one_more(listener):
        streams.append(Stream(listener))
        return streams[-1].status == 200

    # Streams of before that were closed leave when the node next writes to them.
    for listener in listeners[:8]:
        for _ in range(8):
            tally.check(wait_for(lambda: one_more(listener)), "there is room for 64")
    late = Stream(listeners[8])
    tally.equal(late.status, 503, "there is none for one more")
    tally.equal(json.loads(late.response.read())["name"], "tooManyStreams", "and it says why")
    tally.equal(late.response.getheader("Retry-After"), "1", "and when to ask again")
    tally.check(one_more(listeners[0]), "an officer's own oldest still makes room for a further one of his")
    for stream in streams:
        stream.close()
    tally.check(wait_for(lambda: Stream(listeners[8]).status == 200), "those that were closed make room")


def after_restart(tally, desk, old_id):
    with tally.group("events: after a restart"):
        stream = Stream(desk, last=old_id)
        event = stream.next()
        tally.check(event and event[0] == "reset", "an id of an earlier run gets reset", str(event)[:200])
        tally.check(event and event[1].split("-")[0] != old_id.split("-")[0], "the epoch is a new one")
        stream.close()
