"""Signing in: wrong passphrases, lockout, tokens that are over."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from client import ADMINISTRATOR, OFFICER, PASSPHRASE, Desk

CLOCK = Path(__file__).with_name("shifted_clock.c")


def run(tally, node):
    """`node` runs; its watch officer is locked out afterwards."""
    with tally.group("sign-in: wrong names and passphrases, lockout"):
        desk = Desk(node.desk_port)
        for name in ("nobody", "", "WATCH", "watch ", " watch", "watch\u0000", "w\u0430tch", "x" * 64, "admin", "root"):
            answer = desk.sign_in(name)
            tally.check(
                answer.status == 401 and answer.problem == "wrongNameOrPassphrase", f"no officer {name!r}", repr(answer)
            )
        wrong = ("", "x", PASSPHRASE + " ", PASSPHRASE.upper())
        for passphrase in wrong:
            answer = desk.sign_in(OFFICER, passphrase)
            tally.check(
                answer.status == 401 and answer.problem == "wrongNameOrPassphrase",
                f"not the passphrase {passphrase!r}",
                repr(answer),
            )
        tally.equal(desk.sign_in(OFFICER).status, 200, "four wrong ones do not lock out")
        token = desk.token
        for passphrase in (*wrong, "y" * 1024):
            tally.equal(
                desk.sign_in(OFFICER, passphrase).problem, "wrongNameOrPassphrase", "five wrong ones are told so"
            )
        for passphrase in (PASSPHRASE, *wrong, PASSPHRASE, "y", "z", "a", "b"):
            answer = desk.sign_in(OFFICER, passphrase)
            tally.check(
                answer.status == 423 and answer.problem == "lockedOut",
                "after five wrong ones nobody signs in by that name",
                repr(answer),
            )
        tally.equal(Desk(node.desk_port, token).get("/api/v1/session").status, 200, "who was signed in stays so")
        tally.equal(Desk(node.desk_port).sign_in(ADMINISTRATOR).status, 200, "other officers are not locked out")

    with tally.group("sign-in: tokens that are over"):
        desk = node.desk(ADMINISTRATOR)
        answer = desk.get("/api/v1/session")
        tally.equal(
            (answer.json["officer"], answer.json["role"]), (ADMINISTRATOR, "administrator"), "the session says who"
        )
        tally.check("token" not in answer.json, "the session does not repeat the token")
        tally.equal(desk.request("DELETE", "/api/v1/session").status, 204, "an officer signs out")
        answer = desk.get("/api/v1/session")
        tally.check(
            answer.status == 401 and answer.problem == "notSignedIn", "the token is worthless after that", repr(answer)
        )
        held = node.desk(ADMINISTRATOR)
        cookie = held.sign_in(ADMINISTRATOR).headers["set-cookie"]
        for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"):
            tally.check(part in cookie, f"the cookie is {part}", cookie)
        node.stop()
        node.start()
        tally.equal(held.get("/api/v1/session").problem, "notSignedIn", "a token does not outlive the node's process")


def run_with_clock(tally, node):
    """`node` is stopped; it runs here with a clock that the check moves."""
    with tally.group("sign-in: what ends by time"):
        compiler = shutil.which("clang") or shutil.which("cc")
        if compiler is None:
            print("   no C compiler: the clock cannot be moved, skipped")
            return
        with tempfile.TemporaryDirectory(prefix="parley-clock-") as folder:
            library, shift = Path(folder) / "clock.so", Path(folder) / "shift"
            subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, CLOCK, "-ldl"], check=True)
            shift.write_bytes((0).to_bytes(8, "little"))

            def move(seconds):
                # In place, because the node has it mapped.
                with open(shift, "r+b") as file:
                    file.write(seconds.to_bytes(8, "little"))

            node.start(LD_PRELOAD=str(library), PARLEY_CLOCK_SHIFT=str(shift))
            try:
                desk = node.desk(ADMINISTRATOR)
                signed_in = time.monotonic()
                locked = Desk(node.desk_port)
                for _ in range(5):
                    locked.sign_in(OFFICER, "not the passphrase")
                since = time.monotonic()
                tally.equal(locked.sign_in(OFFICER).problem, "lockedOut", "the officer is locked out")
                # What a slow machine has taken for it counts as well.
                move(280 - int(time.monotonic() - since))
                tally.equal(locked.sign_in(OFFICER).problem, "lockedOut", "and still is after 280 s")
                move(301)
                tally.equal(locked.sign_in(OFFICER).status, 200, "but not after five minutes")
                move(12 * 3600 - 60 - int(time.monotonic() - signed_in))
                tally.equal(desk.get("/api/v1/session").status, 200, "a session lasts for twelve hours")
                move(12 * 3600 + 1)
                answer = desk.get("/api/v1/session")
                tally.check(answer.status == 401 and answer.problem == "notSignedIn", "and no longer", repr(answer))
                tally.equal(
                    desk.post("/api/v1/suspension", {"suspended": True}).problem,
                    "notSignedIn",
                    "nor for anything that writes",
                )
            finally:
                node.stop()
