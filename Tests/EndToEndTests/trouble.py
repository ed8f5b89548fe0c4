"""Links between real nodes that can be spoiled, each in its own way and each direction by itself.

Every ordered pair of nodes has a proxy of its own, which the asking node's `node.json` names as a route to the other. A
proxy keeps, by this machine's monotonic clock, which of the asker's questions had come through before an answer did: what
anybody can know of the answering node rests on that, so a checker can say until when the asker may call anything clear.
"""

import asyncio
import bisect
import contextlib
import dataclasses
import json
import random
import socket
import struct
import threading
import time

import nodes


@dataclasses.dataclass(frozen=True)
class Fault:
    """What a link does to bytes. `forth` is from the asker to the answerer, `back` the other way."""

    name: str
    # pass; hold: bytes wait and come late, as after lost packets; swallow: they are read and thrown away; unread: they are
    # not even taken, so that buffers fill.
    forth: str = "pass"
    back: str = "pass"
    # pass; hang: taken and never answered; refuse: reset at once.
    connections: str = "pass"
    # What happens to connections that stand when it begins.
    standing: str = "keep"
    # Seconds by which every byte is late, and bytes in a second.
    late_s: float = 0
    rate: int = 0
    # After so many bytes of a connection's answers, at random up to: reset, end (a cut in mid-message), flip (a bit).
    breaks: str = ""
    breaks_within: int = 4000

    @property
    def lets_answers_through(self):
        """Whether an asker can be answered in time by this link, if not always."""
        whole = self.forth == self.back == "pass" and self.connections == "pass"
        return whole and self.late_s < 1 and not self.rate


HEALTHY = Fault("healthy")
FAULTS = {fault.name: fault for fault in (
    Fault("cut", forth="hold", back="hold", connections="hang"),
    Fault("forth-cut", forth="hold"),
    Fault("back-cut", back="hold"),
    Fault("swallowed", forth="swallow", back="swallow"),
    Fault("half-open", connections="hang", standing="reset"),
    Fault("unread", forth="unread", back="unread"),
    Fault("refused", connections="refuse", standing="reset"),
    Fault("late", late_s=4),
    Fault("slow", rate=600),
    Fault("reset", breaks="reset"),
    Fault("truncated", breaks="end"),
    Fault("garbled", breaks="flip"),
)}


class Wires:
    """All proxies of one mechanism, served by one thread."""

    def __init__(self, seed=0):
        self.random = random.Random(seed)
        self.links = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def connect(self, asker, answerer):
        """A link by which `asker` reaches `answerer`. Before the asker starts."""
        link = Link(self, asker.party, answerer)
        self.links[asker.party, answerer.party] = link
        self.run(link.listen())
        return link

    def __getitem__(self, pair):
        return self.links[pair]

    def run(self, task):
        return asyncio.run_coroutine_threadsafe(task, self._loop).result(60)

    def set(self, fault, *pairs):
        """Spoils these links, or all of them."""
        for pair in pairs or self.links:
            self.run(self.links[pair].become(fault))

    def heal(self, *pairs):
        self.set(HEALTHY, *pairs)

    def end(self):
        for link in self.links.values():
            self.run(link.end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


class Link:
    """One node's way to another's endpoint for peers."""

    def __init__(self, wires, asker, answerer):
        self.wires = wires
        self.asker = asker
        self.answerer = answerer
        self.fault = HEALTHY
        self.port = None
        # What was asked last before an answer that came through, by when that came through: both only rise.
        self._through = []
        self._asked = []
        self._open = set()
        self._changed = asyncio.Condition()
        # How often it has done to bytes or connections what its faults say.
        self.spoiled = 0

    async def listen(self):
        for _ in range(20):
            port = nodes.free_ports(1)[0]
            with contextlib.suppress(OSError):
                self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
                self.port = port
                return
        raise OSError("no port to listen on")

    def evidence(self, at):
        """The latest moment at which the asker can have asked anything that had been answered by `at`; `None` if nothing
        had. Never earlier than the truth."""
        index = bisect.bisect_right(self._through, at)
        return self._asked[index - 1] if index else None

    async def become(self, fault):
        async with self._changed:
            before, self.fault = self.fault, fault
            for each in list(self._open):
                # What was swallowed or flipped is missing from a stream for good: no such connection outlives its fault.
                if fault.standing == "reset" or before.forth == "swallow" or before.connections == "hang":
                    each.reset()
            self._changed.notify_all()

    async def until(self, test):
        async with self._changed:
            await self._changed.wait_for(test)

    async def _accept(self, reader, writer):
        connection = Connection(self, reader, writer)
        self._open.add(connection)
        try:
            await connection.serve()
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(connection)
            connection.reset()

    def answered(self, asked):
        now = time.monotonic()
        if not self._asked or asked > self._asked[-1]:
            self._asked.append(asked)
            self._through.append(now)

    async def end(self):
        self._server.close()
        for each in list(self._open):
            each.reset()


class Connection:
    """One connection through a link: bytes are read at one end, wait if they must, and are written at the other."""

    def __init__(self, link, reader, writer):
        self.link = link
        self.ends = [writer]
        self.client = (reader, writer)
        self.asked = None
        self.answer_bytes = 0
        self.breaks_at = 1 + link.wires.random.randrange(link.fault.breaks_within)
        self.tasks = []

    async def serve(self):
        link = self.link
        if link.fault.connections == "refuse":
            link.spoiled += 1
            return
        if link.fault.connections == "hang":
            link.spoiled += 1
            await link.until(lambda: link.fault.connections != "hang")
            return
        server = await asyncio.open_connection("127.0.0.1", link.answerer.peers)
        self.ends.append(server[1])
        self.tasks = [
            asyncio.ensure_future(task) for task in (
                self._pump(self.client[0], server[1], "forth"), self._pump(server[0], self.client[1], "back"))]
        try:
            await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in self.tasks:
                task.cancel()
            await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _pump(self, reader, writer, direction):
        """Ends with the connection."""
        waiting = asyncio.Queue()
        writing = asyncio.ensure_future(self._write(waiting, writer, direction))
        try:
            while True:
                await self.link.until(lambda: self._does(direction) != "unread")
                data = await reader.read(65536)
                waiting.put_nowait((time.monotonic(), data, self.asked))
                if not data:
                    await writing
                    return
                if writing.done():
                    return
        finally:
            writing.cancel()

    def _does(self, direction):
        return self.link.fault.forth if direction == "forth" else self.link.fault.back

    async def _write(self, waiting, writer, direction):
        link = self.link
        while True:
            read_at, data, asked = await waiting.get()
            if not data:
                return
            if self._does(direction) != "pass":
                link.spoiled += 1
                if self._does(direction) == "swallow":
                    continue
                await link.until(lambda: self._does(direction) not in ("hold", "unread"))
            if (late := link.fault.late_s) > 0:
                link.spoiled += 1
                await self._wait_unless_healed(read_at + late - time.monotonic())
            if direction == "back" and link.fault.breaks:
                data = self._broken(data)
                if data is None:
                    return
            while data:
                step = max(1, link.fault.rate // 10) if link.fault.rate else len(data)
                # Before the bytes go: whoever reads them later finds this written.
                if direction == "forth":
                    self.asked = read_at
                elif asked is not None:
                    link.answered(asked)
                writer.write(data[:step])
                await writer.drain()
                data = data[step:]
                if data:
                    link.spoiled += 1
                    await self._wait_unless_healed(0.1)

    async def _wait_unless_healed(self, seconds):
        fault = self.link.fault
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.link.until(lambda: self.link.fault is not fault), max(0, seconds))

    def _broken(self, data):
        """What is left of an answer's bytes; `None` when the connection ends with it."""
        self.answer_bytes += len(data)
        if self.answer_bytes < self.breaks_at:
            return data
        self.link.spoiled += 1
        cut = max(0, len(data) - (self.answer_bytes - self.breaks_at) - 1)
        how = self.link.fault.breaks
        self.breaks_at = self.answer_bytes + 1 + self.link.wires.random.randrange(self.link.fault.breaks_within)
        if how == "flip":
            return data[:cut] + bytes([data[cut] ^ 0x10]) + data[cut + 1:]
        writer = self.client[1]
        writer.write(data[:cut])
        if how == "reset":
            self.reset()
        else:
            with contextlib.suppress(OSError, RuntimeError):
                writer.write_eof()
        return None

    def reset(self):
        """Both ends, with RST."""
        for writer in self.ends:
            end = writer.get_extra_info("socket")
            with contextlib.suppress(OSError, AttributeError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


def wire(wires, parties):
    """A link for every ordered pair, and a route to it in the asker's configuration. The address in the terms is one at
    which nobody listens.

    - Returns: addresses for the terms.
    """
    for asker in parties:
        file = asker.folder / "node.json"
        configuration = json.loads(file.read_text())
        configuration["routes"] = {
            answerer.party: [f"127.0.0.1:{wires.connect(asker, answerer).port}"]
            for answerer in parties if answerer is not asker}
        file.write_text(json.dumps(configuration))
    return {node.party: "127.0.0.1:1" for node in parties}


class Troublemaker(threading.Thread):
    """Spoils links at random, one after the other and sometimes several at once, and heals each again."""

    def __init__(self, wires, seed, kinds=tuple(FAULTS), longest=2.5):
        super().__init__(daemon=True)
        self.wires = wires
        self.random = random.Random(seed)
        self.kinds = [FAULTS[kind] for kind in kinds]
        self.longest = longest
        self.made = {}
        self.failure = None
        self._ends = threading.Event()
        self.start()

    def run(self):
        try:
            pairs = sorted(self.wires.links)
            while not self._ends.is_set():
                chosen = self.random.sample(pairs, self.random.randrange(1, len(pairs) + 1))
                fault = self.random.choice(self.kinds)
                before = sum(self.wires[pair].spoiled for pair in chosen)
                self.wires.set(fault, *chosen)
                self._ends.wait(self.random.uniform(0.1, self.longest))
                self.wires.heal(*chosen)
                if sum(self.wires[pair].spoiled for pair in chosen) > before:
                    self.made[fault.name] = self.made.get(fault.name, 0) + 1
                self._ends.wait(self.random.uniform(0, 2.5))
        except Exception as error:  # noqa: BLE001 - shown by whoever ends this thread
            self.failure = error

    def end(self):
        """Everything is healed after it."""
        self._ends.set()
        self.join(120)
        assert not self.is_alive(), "it does not end"
        self.wires.heal()
        assert self.failure is None, repr(self.failure)
