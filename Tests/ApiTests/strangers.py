"""Mutual TLS: who is no peer is refused before any HTTP byte, and no session is ever resumed."""

import json
import shutil
import socket
import ssl
import subprocess

from harness import Node
from protocol import client_context

HEARTBEAT = "/peer/v1/heartbeat"


def run(tally, mechanism, certificate, key):
    port = mechanism["alpha"].peer_port
    keys = certificate, key
    request = json.dumps({"challenge": "0" * 64, "held": []}).encode()
    http = (
        b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
        % (HEARTBEAT.encode(), len(request), request)
    )

    def attempt(context, session=None):
        """Everything that was answered above TLS, whether a session was resumed, and the session that came."""
        answer, reused, kept = b"", None, None
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
                with context.wrap_socket(plain, session=session) as secure:
                    reused = secure.session_reused
                    secure.sendall(http)
                    while part := secure.recv(65536):
                        answer += part
                        kept = secure.session or kept
        except (ssl.SSLError, ConnectionError, TimeoutError):
            pass
        return answer, reused, kept

    pinned = client_context(*keys)
    answer, _, session = attempt(pinned)
    tally.check(answer.startswith(b"HTTP/1.1 200"), "the pinned key is answered", answer[:100])

    # Others' keys: of the same name, of another mechanism, of this node itself.
    namesake = Node(mechanism.folder / "namesake", "beta").create()
    contexts = {
        "no certificate": client_context(),
        "another key under the same name": client_context(
            namesake.folder / "keys/tls.crt", namesake.folder / "keys/tls.key"
        ),
        "this node's own key": client_context(
            *(mechanism["alpha"].folder / "keys" / name for name in ("tls.crt", "tls.key"))
        ),
        "TLS 1.2 with the pinned key": client_context(*keys, version=ssl.TLSVersion.TLSv1_2),
        "TLS 1.2 without a certificate": client_context(version=ssl.TLSVersion.TLSv1_2),
    }
    for title, context in contexts.items():
        answer, _, _ = attempt(context)
        tally.equal(answer, b"", f"{title}: not one byte of HTTP")
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
        plain.sendall(http)
        answer = b""
        try:
            while part := plain.recv(65536):
                answer += part
        except ConnectionError:
            pass
    tally.check(b"HTTP" not in answer, "no TLS: not one byte of HTTP", answer[:100])

    # Sessions. A context that had the pinned key, and now another: whoever was let in by the session alone would pass.
    tally.check(session is not None, "TLS 1.3 gives session tickets, so that there is something to resume")
    if session is not None:
        answer, reused, _ = attempt(pinned, session)
        tally.equal(
            (answer[:12], reused), (b"HTTP/1.1 200", False), "a session is not resumed: the key is asked for again"
        )
        pinned.load_cert_chain(namesake.folder / "keys/tls.crt", namesake.folder / "keys/tls.key")
        answer, reused, _ = attempt(pinned, session)
        tally.equal((answer, bool(reused)), (b"", False), "a session with another key behind it: not one byte of HTTP")
    resumed_without_certificate(tally, mechanism, keys, port, http)


def resumed_without_certificate(tally, mechanism, keys, port, http):
    """Python cannot take a key away from a context; OpenSSL's own client can come back without one."""
    openssl = shutil.which("openssl")
    if openssl is None:
        print("   no openssl command: resuming without any certificate is not tried")
        return
    file = mechanism.folder / "session.pem"
    common = [openssl, "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_3", "-quiet", "-ign_eof"]

    def client(*more):
        return subprocess.run([*common, *map(str, more)], input=http, capture_output=True, timeout=120).stdout

    answer = client("-cert", keys[0], "-key", keys[1], "-sess_out", file)
    tally.check(b"200 OK" in answer and file.exists(), "a session is kept", answer[:100])
    if file.exists():
        tally.check(b"HTTP" not in client("-sess_in", file), "resumed without a certificate: not one byte of HTTP")


def pipelined(port, certificate, key, path, count, enough):
    """The statuses of empty posts that are sent without waiting for answers: of `count`, or of all up to the tenth that
    is `enough`, which a slow machine reaches late."""
    request = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}" % path.encode()
    statuses = []
    with socket.create_connection(("127.0.0.1", port), timeout=120) as plain:
        with client_context(certificate, key).wrap_socket(plain) as secure:
            answers = secure.makefile("rb")
            sent = 0
            while len(statuses) < count and statuses.count(enough) < 10:
                # Never more under way than the buffers of both ends hold.
                if sent < count and sent - len(statuses) <= 300:
                    secure.sendall(request * 300)
                    sent += 300
                if not (line := answers.readline()):
                    break
                statuses.append(int(line.split()[1]))
                length = 0
                while (line := answers.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                answers.read(length)
    return statuses
