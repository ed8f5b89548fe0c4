"""Records, checkpoints and Ed25519 signatures as docs/protocol.md has them, written anew: a peer that can lie."""

import base64
import datetime
import hashlib
import http.client
import json
import ssl
import struct
import time

# RFC 8032, section 5.1, as its own appendix writes it: for tests only, in no constant time.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    p, q, r, s = f - e, d - c, d + c, f + e
    return p * q % P, r * s % P, q * r % P, p * s % P


def _times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _root(y):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return P - x if x & 1 else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (_root(BASE_Y), BASE_Y, 1, _root(BASE_Y) * BASE_Y % P)


def _encode(point):
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Key:
    def __init__(self, seed):
        digest = hashlib.sha512(seed).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.prefix = digest[32:]
        self.public = _encode(_times(self.scalar, BASE))

    def sign(self, message):
        def number(data):
            return int.from_bytes(hashlib.sha512(data).digest(), "little") % L

        r = number(self.prefix + message)
        point = _encode(_times(r, BASE))
        s = (r + number(point + self.public + message) * self.scalar) % L
        return point + s.to_bytes(32, "little")


def header(sealed, commitment, **fields):
    """The lines of a record's open header. `fields` are mechanism, author, index and audience; others replace."""
    fields = {
        "mechanism": None,
        "author": None,
        "index": None,
        "audience": None,
        "terms": 1,
        "relay": "ordinary",
        "padded": len(sealed),
        "commitment": commitment.hex(),
        "sealed": hashlib.sha256(sealed).hexdigest(),
        **fields,
    }
    return ["parley record v1", *(f"{name} {value}" for name, value in fields.items())]


def seal(body, salt=b"\7" * 32):
    """The sealed body and the commitment to it."""
    plain = b"\0" + salt + struct.pack(">I", len(body)) + body
    length = 512
    while length < len(plain):
        length *= 2
    return plain.ljust(length, b"\0"), hashlib.sha256(b"parley/body-commitment/v1\n" + salt + body).digest()


def envelope(signed, signature, sealed):
    return struct.pack(">I", len(signed)) + signed + signature + struct.pack(">I", len(sealed)) + sealed


def checkpoint(key, origin, size, root, name=None, algorithm=b"\1"):
    """A signed note over a log's head."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    name = name or origin
    key_id = hashlib.sha256(name.encode() + b"\n" + algorithm + key.public).digest()[:4]
    return f"{text}\n\u2014 {name} {base64.b64encode(key_id + key.sign(text.encode())).decode()}\n"


def cosignature(key, holder, origin, size, root, seconds=None, name=None, algorithm=b"\4"):
    """A receipt: C2SP tlog-cosignature."""
    seconds = int(time.time()) if seconds is None else seconds
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    name = name or f"parley/{holder}"
    key_id = hashlib.sha256(name.encode() + b"\n" + algorithm + key.public).digest()[:4]
    blob = struct.pack(">Q", seconds) + key.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
    return f"{text}\n\u2014 {name} {base64.b64encode(key_id + blob).decode()}\n"


def heartbeat(key, party, challenge, size, holds, fingerprint, **more):
    """A node's signed answer to a challenge, as JSON has it, without heads."""
    utc = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fields = {"party": party, "challenge": challenge, "utc": utc, "size": size, "holds": holds, "human": 1}
    fields |= {"suspended": "no", "terms": fingerprint, **more}
    text = "".join(f"{line}\n" for line in ["parley heartbeat v1", *(f"{n} {v}" for n, v in fields.items())])
    return {"answer": text, "signature": base64.b64encode(key.sign(text.encode())).decode()}


def root_note(text, keys, mechanism, party, name=None, algorithm=b"\1"):
    """A statement with one line for each root key."""
    name = name or f"parley/{mechanism}/{party}/root"
    note = text + "\n"
    for key in keys:
        key_id = hashlib.sha256(name.encode() + b"\n" + algorithm + key.public).digest()[:4]
        note += f"\u2014 {name} {base64.b64encode(key_id + key.sign(text.encode())).decode()}\n"
    return note


def client_context(certificate=None, key=None, version=ssl.TLSVersion.TLSv1_3):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = context.maximum_version = version
    if certificate:
        context.load_cert_chain(certificate, key)
    return context


class PeerLink:
    """A connection to a node's peer port under one certificate."""

    def __init__(self, port, context):
        self.port = port
        self.context = context
        self.connection = None

    def post(self, path, raw, patient=True):
        """Status and JSON. A patient link asks again when it has asked too often."""
        status, data = self._request("POST", path, raw, patient)
        return status, json.loads(data) if data else {}

    def get(self, path):
        """Status and bytes."""
        return self._request("GET", path, None, True)

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def _request(self, method, path, raw, patient):
        attempt = 0
        while True:
            attempt += 1
            if self.connection is None:
                self.connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.context, timeout=60)
            try:
                self.connection.request(method, path, raw, {"Content-Type": "application/json"} if raw else {})
                response = self.connection.getresponse()
                data = response.read()
                if response.status == 429 and patient:
                    # More in a second than a peer may ask.
                    time.sleep(0.1)
                    attempt = 0
                    continue
                return response.status, data
            except (http.client.HTTPException, ConnectionError):
                self.close()
                if attempt == 2:
                    raise
