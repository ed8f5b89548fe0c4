"""An HTTP relay before a node that understands the event stream: it loses, repeats, reorders and cuts single events.

Everything else passes as it is. What it does to the stream follows from its seed and the events that come.
"""
import http.client
import http.server
import random
import threading
import urllib.parse

HOPS = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "host"}


class Faults:
    """What happens to one event block after another; the relay asks under its lock."""

    KINDS = ("drop", "repeat", "swap", "old", "cut", "comment")

    def __init__(self, seed, share):
        self._random = random.Random(seed)
        self._share = share
        self.counts = dict.fromkeys(self.KINDS, 0)

    def choose(self):
        """One of the kinds, or None for an event that passes."""
        if self._random.random() >= self._share:
            return None
        kind = self._random.choice(self.KINDS)
        self.counts[kind] += 1
        return kind

    def below(self, count):
        return self._random.randrange(count)


class FaultyRelay:
    """Listens on a free loopback port. `faults` is what happens to events, or None; `held` keeps the streams silent."""

    def __init__(self, port):
        self.node_port = port
        self.faults = None
        self._lock = threading.Lock()
        self._flowing = threading.Event()
        self._flowing.set()
        self._seen = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def _serve(self):
                try:
                    outer._pass(self)
                except (OSError, http.client.HTTPException):
                    self.close_connection = True  # One side left: that is what a browser has to live with.

            do_GET = do_POST = do_DELETE = do_HEAD = _serve

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def hold(self):
        """Keeps every stream open and passes nothing of it; all other requests are answered."""
        self._flowing.clear()

    def mend(self):
        self.faults = None
        self._flowing.set()

    def close(self):
        self.mend()
        self._server.shutdown()
        self._server.server_close()

    def _pass(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)) or None
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in HOPS}
        node = http.client.HTTPConnection("127.0.0.1", self.node_port, timeout=60)
        try:
            node.request(handler.command, handler.path, body, headers)
            answer = node.getresponse()
            isStream = urllib.parse.urlsplit(handler.path).path == "/api/v1/events" and answer.status == 200
            data = None if isStream else answer.read()
            handler.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOPS | {"content-length", "date", "server"}:
                    handler.send_header(name, value)
            if isStream:
                handler.send_header("Transfer-Encoding", "chunked")
                handler.end_headers()
                self._stream(answer, handler)
            else:
                handler.send_header("Content-Length", str(len(data)))
                handler.end_headers()
                handler.wfile.write(data)
        finally:
            node.close()

    def _stream(self, answer, handler):
        def write(data):
            if data:
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                handler.wfile.flush()

        waiting = b""
        for block in blocks(answer):
            self._flowing.wait()
            for part in self._suffered(block):
                if part is None:
                    # In the middle of an event: the connection ends without the end of its body.
                    handler.close_connection = True
                    return
                # One that waits changes places with the next.
                if isinstance(part, tuple):
                    waiting += part[0]
                    continue
                write(part + waiting)
                waiting = b""
        write(waiting)
        handler.wfile.write(b"0\r\n\r\n")

    def _suffered(self, block):
        """What is passed on in place of a block; a tuple waits for the next, None cuts."""
        with self._lock:
            faults = self.faults
            kind = faults.choose() if faults else None
            self._seen = (self._seen + [block])[-200:]
            old = self._seen[faults.below(len(self._seen))] if kind == "old" else b""
            at = faults.below(len(block)) if kind == "cut" else 0
        match kind:
            case "drop": return []
            case "repeat": return [block, block]
            case "swap": return [(block,)]
            case "old": return [block, old]
            case "cut": return [block[:at], None]
            case "comment": return [b": nothing\n\n", block]
            case _: return [block]


def blocks(answer):
    """The events of a stream, each with the empty line that ends it."""
    block = b""
    while line := answer.readline():
        block += line
        if line == b"\n":
            yield block
            block = b""
