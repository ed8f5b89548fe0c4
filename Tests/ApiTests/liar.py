"""A peer that lies: it holds a stopped node's keys, pushes in its name, and answers in its place."""

import base64
import http.server
import json
import ssl
import threading

import merkle
from protocol import Key, PeerLink, checkpoint, client_context, cosignature, envelope, header, heartbeat, seal

ENTRIES = "/peer/v1/entries"
HEARTBEAT = "/peer/v1/heartbeat"


class Identity:
    """The keys of a node, and the log that it has written; the node is stopped while this is read."""

    def __init__(self, node):
        keys = node.folder / "keys"
        self.key = Key(base64.b64decode((keys / "node.key").read_text().strip()))
        self.certificate, self.tls_key = keys / "tls.crt", keys / "tls.key"
        self.party = node.party
        self.mechanism = node.mechanism
        self.origin = f"parley/{self.mechanism}/{self.party}"
        self.envelopes = node.envelopes(self.party)
        self.leaves = [merkle.leaf(signed(one)) for one in self.envelopes]

    def note(self, size, root=b"\0" * 32, **more):
        """A checkpoint of the log."""
        return checkpoint(more.pop("key", self.key), more.pop("origin", self.origin), size, root, **more)


def signed(envelope):
    """The header in an envelope: the log's entry."""
    return envelope[4 : 4 + int.from_bytes(envelope[:4], "big")]


class Liar(Identity):
    """Speaks for a stopped node to a running one."""

    def __init__(self, node, receiver):
        super().__init__(node)
        self.receiver = receiver.party
        self.link = PeerLink(receiver.peer_port, client_context(self.certificate, self.tls_key))
        # A push from far ahead is answered by the record that is expected.
        status, answer = self.push(1 << 40, [])
        assert status == 409 and answer["name"] == "notNext", answer
        self.size = answer["expected"]

    def request(self, first, envelopes, note=None, log=None, consistency=(), statements=()):
        return {
            "log": self.party if log is None else log,
            "first": first,
            "entries": [base64.b64encode(one).decode() for one in envelopes],
            "checkpoint": self.note(first + len(envelopes)) if note is None else note,
            "consistency": [base64.b64encode(one).decode() for one in consistency],
            "statements": list(statements),
        }

    def push(self, first, envelopes, note=None, **more):
        return self.link.post(ENTRIES, json.dumps(self.request(first, envelopes, note, **more)).encode())

    def record(self, change=None, body=b"{}", sealed=None, key=None, **fields):
        """The record that would be next, but for what is changed; `change` maps its header's bytes."""
        made, commitment = seal(body)
        next_one = {"mechanism": self.mechanism, "author": self.party, "index": self.size, "audience": self.receiver}
        lines = header(made, commitment, **{**next_one, **fields})
        signed = "".join(line + "\n" for line in lines).encode()
        signed = change(signed) if change else signed
        return envelope(signed, (key or self.key).sign(signed), made if sealed is None else sealed)

    def deliver(self):
        """Pushes what of its log the stopped node had not delivered yet, so that the receiver holds all of it."""
        whole = len(self.leaves)
        if self.size < whole:
            proof = merkle.consistency(self.size, self.leaves) if self.size else []
            note = self.note(whole, merkle.root(self.leaves))
            status, answer = self.push(self.size, self.envelopes[self.size :], note, consistency=proof)
            assert status == 200, answer
            self.size = whole
        return self

    def extend(self, record, **more):
        """Pushes a record that is next, with everything as it should be."""
        leaves = self.leaves[: self.size] + [merkle.leaf(signed(record))]
        proof = merkle.consistency(self.size, leaves) if self.size else []
        note = self.note(len(leaves), merkle.root(leaves))
        return self.push(self.size, [record], note, **{"consistency": proof, **more})


class Impostor(Identity):
    """Answers at a stopped node's peer port as a node would, but for what `receipt` and `heads` make of it."""

    def __init__(self, node, other, receipt=None):
        """`receipt` makes one of a size and a root; without it they are right."""
        super().__init__(node)
        self.other = other.party
        self.other_origin = f"parley/{self.mechanism}/{other.party}"
        # What of the other's log it says that it holds; what has come since, by index.
        self.held = [merkle.leaf(signed(one)) for one in node.envelopes(other.party)]
        self.receipt = receipt or self.right_receipt
        self.heads = lambda: []
        self.holds = None
        self.asked = []
        self.pushed = 0
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.tls_key)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        impostor = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = impostor.answer(self.path, body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def finish_request(self, request, address):
                # In the thread of the one connection, so that a slow handshake holds up nobody else.
                super().finish_request(context.wrap_socket(request, server_side=True), address)

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", node.peer_port), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, path, body):
        if path == HEARTBEAT:
            self.asked.append(body)
            holds = len(self.held) if self.holds is None else self.holds
            made = heartbeat(self.key, self.party, body["challenge"], len(self.leaves), holds, self.mechanism)
            return 200, {**made, "heads": self.heads()}
        if body["log"] != self.other or body["first"] > len(self.held):
            return 409, {"expected": len(self.held)}
        entries = [base64.b64decode(one) for one in body["entries"]]
        self.held[body["first"] :] = [merkle.leaf(signed(one)) for one in entries]
        self.pushed += 1
        return 200, {"receipt": self.receipt(len(self.held), merkle.root(self.held))}

    def right_receipt(self, size, root):
        return cosignature(self.key, self.party, self.other_origin, size, root)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
