"""Nodes on networks of their own, and the wire between them in this process: packets are lost, late, doubled, out of order,
or cut one way, as the test says. Where this machine lets us have no networks, tests are skipped.

A proxy ends every connection itself, so what a node's own TCP does when packets vanish is seen here only. The wire is a
TUN device in each node's network, so that nothing but packets of IP is passed and no kernel module has to know how to lose
them.
"""

import contextlib
import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import socket
import struct
import subprocess
import threading
import time

import pytest

import desks
from trouble_nodes import Party

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000


class Network:
    """A network that one node has for itself: loopback, and one end of the wire."""

    def __init__(self, number):
        self.address = f"10.77.0.{number}"
        script = (
            f'ip link set lo up && ip tuntap add dev wire mode tun && ip addr add {self.address}/24 dev wire && '
            "ip link set wire mtu 1400 up && echo ready && cat")
        try:
            self._holder = subprocess.Popen(
                ["unshare", "--net", "sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE)
            ready = self._holder.stdout.readline() == b"ready\n"
        except OSError:
            ready = False
        if not ready:
            print("no network can be made here: skipped")
            pytest.skip("no network can be made here")
        self.path = f"/proc/{self._holder.pid}/ns/net"
        self.tun = self.inside(self._open_tun)

    @staticmethod
    def _open_tun():
        tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH14x", b"wire", IFF_TUN | IFF_NO_PI))
        return tun

    def inside(self, act):
        """What `act` makes belongs to this network. A thread of its own goes there, and ends there."""
        made = []

        def run():
            with open(self.path) as network:
                if ctypes.CDLL(None, use_errno=True).setns(network.fileno(), CLONE_NEWNET) != 0:
                    made.append(OSError(ctypes.get_errno(), "setns"))
                    return
            try:
                made.append(act())
            except OSError as error:
                made.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        if isinstance(made[0], OSError):
            raise made[0]
        return made[0]

    def connect(self, port, timeout=20):
        """To loopback of this network."""
        return self.inside(lambda: socket.create_connection(("127.0.0.1", port), timeout=timeout))

    def end(self):
        with contextlib.suppress(OSError):
            os.close(self.tun)
        self._holder.stdin.close()
        self._holder.wait(10)


class Apart(Party):
    """A node in a network of its own. Its desk is reached from here by the same port as there."""

    def __init__(self, folder, party, network, role="principal"):
        super().__init__(folder, party, role)
        self.network = network
        self.prefix = ("nsenter", f"--net={network.path}", "--")
        self.address = f"{network.address}:{self.peers}"
        file = self.folder / "node.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), "peers": self.address, "address": self.address}))
        self._listening = socket.create_server(("127.0.0.1", self.desk), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            try:
                far = self.network.connect(self.desk)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=desks.Proxy._copy, args=(one, other), daemon=True).start()

    def end(self):
        self._listening.close()


class Wire(threading.Thread):
    """Passes packets between networks, as each ordered pair of addresses is said to do."""

    def __init__(self, networks, seed=0):
        super().__init__(daemon=True)
        self.random = random.Random(seed)
        self.networks = {network.address: network for network in networks}
        # By (from, to): share lost, seconds late and up to how much later, share doubled.
        self.loss, self.late, self.doubled = {}, {}, {}
        self.lost = self.passed = self.reordered = 0
        # By (from, to), when the last packet with contents came through.
        self.last = {}
        self._waiting = []
        self._number = 0
        self._ends = threading.Event()
        self.start()

    def cut(self, *pairs):
        for pair in pairs:
            self.loss[pair] = 1.0

    def spoil(self, loss, late, doubled, *pairs):
        for pair in pairs:
            self.loss[pair], self.late[pair], self.doubled[pair] = loss, late, doubled

    def heal(self):
        self.loss, self.late, self.doubled = {}, {}, {}

    def run(self):
        poll = select.poll()
        tuns = {}
        for network in self.networks.values():
            poll.register(network.tun, select.POLLIN)
            tuns[network.tun] = network
        while not self._ends.is_set():
            wait = 50 if not self._waiting else max(0, min(50, (self._waiting[0][0] - time.monotonic()) * 1000))
            for tun, _ in poll.poll(wait):
                with contextlib.suppress(BlockingIOError):
                    while True:
                        self._take(os.read(tun, 65536))
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                self._give(*heapq.heappop(self._waiting)[1:])

    def _take(self, packet):
        if packet[0] >> 4 != 4:
            return
        pair = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])
        if pair[1] not in self.networks:
            return
        if self.random.random() < self.loss.get(pair, 0):
            self.lost += 1
            return
        for _ in range(2 if self.random.random() < self.doubled.get(pair, 0) else 1):
            least, most = self.late.get(pair, (0, 0))
            self._number += 1
            heapq.heappush(
                self._waiting, (time.monotonic() + self.random.uniform(least, most), self._number, pair, packet))

    def _give(self, number, pair, packet):
        self.reordered += any(waiting[1] < number and waiting[2] == pair for waiting in self._waiting)
        header = (packet[0] & 15) * 4
        if len(packet) - header - (packet[header + 12] >> 4) * 4 > 0:
            # Before it goes, so that whoever reads it later finds this.
            self.last[pair] = time.monotonic()
        with contextlib.suppress(OSError):
            os.write(self.networks[pair[1]].tun, packet)
            self.passed += 1

    def end(self):
        self._ends.set()
        self.join(10)
