"""Nodes with a clock that a test moves, a disk that it fills, and a machine that stands still."""

import contextlib
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import threading

import pytest

import nodes

CLOCK = pathlib.Path(__file__).with_name("trouble_clock.c")


class Party(nodes.Node):
    """A node whose process can be started behind other commands, with other arguments and another environment."""

    prefix = ()
    arguments = ()
    environment = {}

    def begin(self):
        """Without waiting for its desk."""
        self.log = open(self.folder.parent / f"{self.party}.serve.log", "ab")
        self.process = subprocess.Popen(
            [*self.prefix, nodes.BINARY, "serve", "--dir", str(self.folder), "--until-input-ends", *self.arguments],
            env=nodes.environment(**self.environment), stdin=subprocess.PIPE, stdout=self.log, stderr=self.log)
        return self

    def start(self, seconds=120):
        self.begin()
        nodes.wait_for(f"{self.party}'s desk answers", self.answers, seconds)
        return self

    def answers(self):
        assert self.process.poll() is None, (self.folder.parent / f"{self.party}.serve.log").read_text()[-2000:]
        return super().answers()

    @contextlib.contextmanager
    def standing_still(self):
        """As a machine does that is out of memory or whose disk hangs."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


def last(seconds):
    """How long a fault lasts is its own measure, not a wait for anything."""
    threading.Event().wait(max(0, seconds))


class Clock:
    """One node's time of day, which the test sets; its clock since boot is the machine's."""

    def __init__(self, node):
        """Before the node starts."""
        compiler = shutil.which("clang") or shutil.which("cc")
        self.can_move = compiler is not None
        self.ahead_s = 0.0
        if not self.can_move:
            print("no C compiler: no clock is moved")
            return
        folder = node.folder.parent
        library, self._file = folder / "clock.so", folder / f"{node.party}.clock"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, CLOCK, "-ldl"], check=True)
        self._file.write_bytes(bytes(8))
        node.environment = {"LD_PRELOAD": str(library), "PARLEY_CLOCK_AHEAD": str(self._file)}

    def set(self, ahead_s):
        """Ahead of the machine's, or behind it."""
        self.ahead_s = ahead_s
        if self.can_move:
            # In place, because the node has it mapped.
            with open(self._file, "r+b", buffering=0) as file:
                file.write(struct.pack("<q", round(ahead_s * 1e9)))


class SmallDisk:
    """A file system of its own over a node's folder, which nobody else sees; it holds what was there, and outlives the
    node's process."""

    def __init__(self, node, mebibytes=24):
        self.node = node
        script = (
            'cp -a "$1" "$1.copy" && mount -t tmpfs -o size="$2"m none "$1" && cp -a "$1.copy/." "$1/" && echo ready && cat')
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh", str(node.folder), str(mebibytes)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if self._holder.stdout.readline() != b"ready\n":
            print(f"no file system can be mounted here: skipped ({self._holder.stderr.read().decode().strip()})")
            pytest.skip("no file system can be mounted here")
        self.folder = pathlib.Path(f"/proc/{self._holder.pid}/root{node.folder}")
        node.prefix = ("nsenter", f"--mount=/proc/{self._holder.pid}/ns/mnt", "--")

    def fill(self):
        """To the last byte."""
        with open(self.folder / "filling", "wb", buffering=0) as file:
            for size in (1 << 16, 1 << 10, 1):
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"x" * size)

    def free(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.folder / "filling")

    def end(self):
        """What is on it lies in the node's folder then, where everybody sees it. The node has ended."""
        self.free()
        shutil.copytree(self.folder, self.node.folder, dirs_exist_ok=True)
        self._holder.stdin.close()
        self._holder.wait(10)
        self.node.prefix = ()

