"""The command, nodes that serve, and a watch whose lines can be waited for."""

import json
import os
import pathlib
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "Tests/Support"))

from ports import free_ports

BINARY = os.environ.get("PARLEY_BINARY", str(ROOT / ".build/debug/parley"))
PASSPHRASE = "four quiet words here"

# The exit codes that `parley --help` documents.
DONE, REFUSED, USAGE, UNREACHABLE, NOT_SIGNED_IN, FOUND, STEP_FAILED, UNUSABLE_FILE = range(8)
INTERRUPTED = 130


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return {**kept, "PARLEY_PASSPHRASE": PASSPHRASE, **more}


def parley(*arguments, expect=DONE, env=None, cwd=None, timeout=180):
    """Runs the command to its end. `expect` is its exit code; `None` leaves that to the caller."""
    done = subprocess.run(
        [BINARY, *map(str, arguments)], env=env or environment(), cwd=cwd, timeout=timeout, text=True,
        stdin=subprocess.DEVNULL, capture_output=True)
    if expect is not None:
        assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def answer(*arguments, **options):
    """The command's JSON."""
    return json.loads(parley(*arguments, "--json", **options).stdout)


def error(done):
    """The named error of a command that was given `--json`."""
    return json.loads(done.stderr)["error"]


def wait_for(what, test, seconds=60):
    deadline = time.monotonic() + seconds
    while True:
        value = test()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def children(process_id):
    """Processes that this one started."""
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == process_id and fields[0] != "Z":
            found.append(int(status.parent.name))
    return sorted(found)


def is_alive(process_id):
    try:
        return pathlib.Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Node:
    """One party's node, made and served by the command."""

    def __init__(self, folder, party, role="principal", officer="Duty officer", more=()):
        self.folder = pathlib.Path(folder) / party
        self.party = party
        self.officer = officer
        self.desk, self.peers = free_ports(2)
        self.process = None
        self.made = parley(
            "init", "--party", party, "--name", party.capitalize(), "--role", role, "--dir", self.folder,
            "--desk", f"127.0.0.1:{self.desk}", "--peers", f"127.0.0.1:{self.peers}", "--officer", officer, *more)

    @property
    def card(self):
        return self.folder / "party.json"

    def start(self):
        self.log = open(self.folder / "serve.log", "ab")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--dir", str(self.folder), "--until-input-ends"], env=environment(),
            stdin=subprocess.PIPE, stdout=self.log, stderr=self.log)
        wait_for(f"{self.party}'s desk answers", self.answers, 120)
        return self

    def answers(self):
        assert self.process.poll() is None, (self.folder / "serve.log").read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.desk}/healthz", timeout=2) as response:
                return response.status == 200
        except OSError:
            return False

    def wait_until_it_signs(self, seconds=120):
        """After a start a node signs nothing before its peers have confirmed how much of its log they hold."""
        wait_for(f"{self.party} may sign", lambda: self.ask("status")["signing"] == "confirmed", seconds)
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(90)
        self.process.stdin.close()
        self.log.close()
        self.process = None

    def run(self, *arguments, **options):
        env = environment(PARLEY_DIR=str(self.folder), PARLEY_OFFICER=self.officer)
        return parley(*arguments, env=options.pop("env", env), **options)

    def ask(self, *arguments, **options):
        return json.loads(self.run(*arguments, "--json", **options).stdout)

    def watch(self, *arguments):
        return Watch(self, *arguments)


class Watch:
    """`parley watch`, read line by line as it prints."""

    def __init__(self, node, *arguments):
        env = environment(PARLEY_DIR=str(node.folder), PARLEY_OFFICER=node.officer)
        self.process = subprocess.Popen(
            [BINARY, "watch", *arguments], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        self.seen = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def line(self, what, matches, seconds=60, since=0):
        """The first line that matches, of all that it has printed since the one numbered `since`."""
        deadline = time.monotonic() + seconds
        while True:
            for line in self.seen[since:]:
                since += 1
                if matches(line):
                    return line
            try:
                line = self.lines.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"not within {seconds} s: {what}") from None
            assert line is not None, f"the watch has ended before: {what}"
            self.seen.append(line)

    def event(self, what, matches, seconds=60, since=0):
        """The data of the first event that matches, of a watch in JSON."""

        def test(line):
            event = json.loads(line)
            return matches(event["event"], event["data"])

        return json.loads(self.line(what, test, seconds, since))["data"]

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(30)


def fingerprint_shown(text):
    """The groups of four digits on the last line of `terms show`."""
    digits = text.strip().splitlines()[-1].strip()
    assert re.fullmatch(r"([0-9a-f]{4} ){15}[0-9a-f]{4}", digits), digits
    return digits
