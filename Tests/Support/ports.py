"""Ports of loopback for nodes that tests start, for all test processes of this machine at once."""

import contextlib
import fcntl
import os
import pathlib
import socket
import tempfile


# Names among the abstract Unix sockets by which this process holds its ports, as `parley demo` and `parley replay` do
# (Sources/parley/Local/LocalPorts.swift).
CLAIMS = []


def claim(port):
    each = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        each.bind(f"\0parley-port-{port}")
    except OSError:
        each.close()
        raise
    CLAIMS.append(each)


def free_ports(count):
    """Ports of loopback that nobody listens on and that nobody else is given: not by the system to an outgoing
    connection, which could have one while its node is down, and in turn to all test processes of this machine."""
    lowest, end = 10_000, int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    found = []
    with open(pathlib.Path(tempfile.gettempdir()) / f"parley-test-ports-{os.getuid()}", "a+") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        turn.seek(0)
        port = int(turn.read() or lowest)
        while len(found) < count:
            port = port + 1 if lowest <= port < end - 1 else lowest
            with contextlib.suppress(OSError), socket.socket() as each:
                each.bind(("127.0.0.1", port))
                claim(port)
                found.append(port)
        turn.truncate(0)
        turn.write(str(port))
    return found
