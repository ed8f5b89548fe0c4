"""What README promises: two parties, from empty folders to a ring at the other desk."""

import stat

import nodes
from nodes import FOUND, NOT_SIGNED_IN, REFUSED, UNREACHABLE, UNUSABLE_FILE, Node, error, parley

STRIKE = [
    "--kind", "strike", "--at", "37SDU3733124174", "--radius-m", 3000, "--lower", "GND", "--upper", "FL250",
    "--from", "+120m", "--to", "+180m", "--contact", "Watch officer, extension 11",
]
PRESENCE = [
    "--kind", "standing-presence", "--at", "34°33.0'N 038°21.0'E", "--radius-m", 500, "--lower", "GND",
    "--upper", "50 m AGL", "--from", "+5m", "--to", "+2d", "--review-by", "+2d", "--contact", "Extension 4400",
]


def test_two_parties_set_up_file_ring_read_back_and_settle_by_the_command_line_alone(tmp_path):
    turkiye, israel = Node(tmp_path, "turkiye"), Node(tmp_path, "israel")
    for key in (turkiye.folder / "keys").glob("*.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    again = parley(
        "init", "--party", "turkiye", "--name", "T", "--role", "principal", "--dir", turkiye.folder,
        "--desk", "127.0.0.1:1", "--peers", "127.0.0.1:2", "--officer", "x", "--json", expect=UNUSABLE_FILE)
    assert error(again)["name"] == "alreadyANode"

    terms = tmp_path / "terms.json"
    draft = ["terms", "draft", "--party", turkiye.card, "--party", israel.card, "--name", "Syria", "--out", terms]
    parley(*draft, "--heartbeat", 1, "--stale-after", 3)
    assert error(parley(*draft, "--json", expect=UNUSABLE_FILE))["name"] == "exists"
    shown = parley("terms", "show", terms).stdout
    assert "Syria, version 1" in shown and "5000 m, at any altitude, 30 min" in shown
    digits = nodes.fingerprint_shown(shown)

    accept = ["terms", "accept", "--dir", turkiye.folder, terms, "--fingerprint"]
    other = ("1" if digits[0] == "0" else "0") + digits[1:]
    assert error(parley(*accept, other, "--json", expect=REFUSED))["name"] == "fingerprintDiffers"
    assert not (turkiye.folder / "terms.json").exists()
    stranger = Node(tmp_path, "stranger")
    refused = parley(
        "terms", "accept", "--dir", stranger.folder, terms, "--fingerprint", digits, "--json", expect=REFUSED)
    assert error(refused)["name"] == "notOurTerms"
    parley("serve", "--dir", stranger.folder, expect=UNUSABLE_FILE)
    for node in (turkiye, israel):
        parley("terms", "accept", "--dir", node.folder, terms, "--fingerprint", digits)
        assert (node.folder / "terms.json").read_bytes() == terms.read_bytes()

    assert error(turkiye.run("status", "--json", expect=UNREACHABLE))["name"] == "unreachable"
    try:
        turkiye.start()
        israel.start()
        play(turkiye, israel)
    finally:
        turkiye.stop()
        israel.stop()


def play(turkiye, israel):
    anonymous = nodes.environment(PARLEY_DIR=str(turkiye.folder), PARLEY_PASSPHRASE="")
    refused = turkiye.run("notice", "list", "--json", env=anonymous, expect=NOT_SIGNED_IN)
    assert error(refused)["name"] == "notSignedIn"
    turkiye.run("sign-in")
    session = next(turkiye.folder.glob("session-*"))
    assert stat.S_IMODE(session.stat().st_mode) == 0o600
    # The session is enough from here on.
    turkiye.run("notice", "list", env=anonymous)
    israel.run("sign-in")
    for node in (turkiye, israel):
        node.wait_until_it_signs()

    watch, plain = turkiye.watch("--json"), turkiye.watch()
    try:
        watch.event("the watch begins", lambda name, data: name == "reset")
        plain.line("the watch begins", lambda line: line.startswith("Watching "))
        presence = turkiye.ask("notice", "file", *PRESENCE)["notice"]["id"]
        israel_sees(israel, presence)

        check = israel.ask("check", *STRIKE, expect=FOUND)
        assert [hit["notice"] for hit in check["collisions"]] == [presence]
        assert israel.ask("notice", "list", "--party", "israel")["notices"] == []

        filed = israel.ask("notice", "file", *STRIKE)
        strike = filed["notice"]["id"]
        assert [hit["notice"] for hit in filed["collisions"]] == [presence]
        ring = watch.event(
            "the strike rings", lambda name, data: name == "alarm" and data["subject"] == strike)
        assert ring["state"] == "ringing" and ring["kind"] == "notice"
        conflict = watch.event(
            "the conflict rings", lambda name, data: name == "alarm" and data["kind"] == "conflict")["subject"]
        plain.line("the bell", lambda line: "\a" in line)
    finally:
        watch.close()
        plain.close()
    assert [each["id"] for each in israel.ask("conflict", "list")["conflicts"]] == [conflict]
    assert [each["id"] for each in turkiye.ask("conflict", "list")["conflicts"]] == [conflict]

    start = turkiye.ask("notice", "show", strike)["volumes"][0]["start"]
    ack = ["ack", strike, "--lower", "GND", "--start", start, "--position"]
    wrong = turkiye.run(*ack, "37SDU3733133174", expect=FOUND)
    assert "position" in wrong.stdout and "24174" not in wrong.stdout + wrong.stderr
    assert "37SDU" not in turkiye.run("alarm", "list").stdout
    turkiye.run(*ack, "34 33 26.6 N 38 19 0.8 E")
    nodes.wait_for("Israel sees both read-backs", lambda: [
        each["accepted"] for each in israel.ask("notice", "show", strike)["readBacks"]] == [False, True])

    assert israel.ask("assurance", strike)["shown"] == "CONFLICT"
    condition = "Nothing below 3,000 ft within 5 km of the airfield"
    turkiye.run("conflict", "settle", conflict[:12], "--condition", condition)
    israel.run("conflict", "settle", conflict, "--condition", condition)
    for node in (turkiye, israel):
        nodes.wait_for("settled", lambda node=node: node.ask("conflict", "show", conflict)["state"] == "settled")
    israel.run("unit", "add", "140 Squadron")
    israel.run("pass", "concerns", f"{strike}@1", "140 Squadron")
    turkiye.run("pass", "concerns", f"{strike}@1", "--none")
    assert israel.ask("assurance", strike)["answer"] == "unknown"
    israel.run("pass", "on", f"{strike}@1", "140 Squadron")
    nodes.wait_for("conditions are shown", lambda: israel.ask("assurance", strike)["answer"] == "conditions")
    # Evidence may have been late for a moment in between.
    nodes.wait_for("the condition is printed", lambda: condition in israel.run("assurance", strike).stdout)

    stale = israel.run("notice", "amend", strike, "--version", 7, "--from", "+3d", "--to", "+74h", "--json", expect=REFUSED)
    assert error(stale)["name"] == "staleVersion"
    moved = israel.ask("notice", "amend", strike, "--from", "+3d", "--to", "+74h")
    assert moved["notice"]["version"] == 2 and moved["collisions"] == []
    for node in (turkiye, israel):
        nodes.wait_for("cleared", lambda node=node: node.ask("conflict", "list")["conflicts"] == [])
    nodes.wait_for("version 2", lambda: turkiye.ask("notice", "show", strike)["version"] == 2)
    start = turkiye.ask("notice", "show", strike)["volumes"][0]["start"]
    turkiye.run("ack", strike, "--position", "34.5574N 38.3169E", "--lower", "0 m AGL", "--start", start)
    # An amendment is passed on anew.
    turkiye.run("pass", "concerns", f"{strike}@2", "--none")
    israel.run("pass", "concerns", f"{strike}@2", "140 Squadron")
    israel.run("pass", "on", f"{strike}@2", "140 Squadron")
    nodes.wait_for("clear", lambda: israel.ask("assurance", strike)["shown"] == "NO KNOWN CONFLICT")

    turkiye.run("suspend", "--reason", "test")
    nodes.wait_for("suspended is unknown", lambda: israel.ask("assurance", strike)["answer"] == "unknown")
    turkiye.run("resume")
    israel.run("notice", "end", strike, "--reason", "cancelled")
    nodes.wait_for("ended there", lambda: turkiye.ask("notice", "show", strike)["status"] == "ended")
    alarms = turkiye.ask("alarm", "list")["alarms"]
    ended = next(alarm["id"] for alarm in alarms if alarm["kind"] == "ended")
    assert turkiye.ask("alarm", "ack", ended)["alarm"]["acknowledgedBy"] == turkiye.officer


def israel_sees(israel, presence):
    nodes.wait_for("Israel holds the presence", lambda: [
        notice["id"] for notice in israel.ask("notice", "list")["notices"]] == [presence])


def test_a_watch_rings_for_a_filing_and_says_when_it_cannot_hear_its_node(pair):
    turkiye, israel = pair
    turkiye.run("sign-in")
    until = turkiye.watch("--until-ring", "--json")
    # Signing in at the other desk and its link may ring before; the strike must.
    until.event("the watch begins", lambda name, data: name == "reset")
    israel.run("notice", "file", *STRIKE)
    assert until.process.wait(60) == FOUND
    watch = turkiye.watch("--json")
    try:
        watch.event("the watch begins", lambda name, data: name == "reset")
        turkiye.stop()
        first = watch.process.stderr.readline()
        assert "stream" in first or "NOT WATCHING" in first
        turkiye.start()
        watch.event("it watches again", lambda name, data: name == "reset", since=len(watch.seen))
    finally:
        watch.close()


def test_what_was_filed_survives_a_killed_node(pair):
    turkiye, israel = pair
    strike = israel.ask("notice", "file", *STRIKE)["notice"]["id"]
    second = parley("serve", "--dir", israel.folder, "--json", expect=UNUSABLE_FILE)
    assert error(second)["name"] == "locked"
    israel.stop(how=nodes.signal.SIGKILL)
    israel.start()
    assert [notice["id"] for notice in israel.ask("notice", "list")["notices"]] == [strike]


def test_officers_are_added_by_an_administrator_while_the_node_runs_and_in_its_folder_while_it_does_not(pair):
    turkiye, _ = pair
    new = nodes.environment(
        PARLEY_DIR=str(turkiye.folder), PARLEY_OFFICER=turkiye.officer, PARLEY_NEW_PASSPHRASE="another long one")
    turkiye.run("officer", "add", "--name", "Second", "--role", "watchOfficer", env=new)
    second = nodes.environment(
        PARLEY_DIR=str(turkiye.folder), PARLEY_OFFICER="Second", PARLEY_PASSPHRASE="another long one",
        PARLEY_NEW_PASSPHRASE="and one more of them")
    turkiye.run("status", env=second)
    refused = turkiye.run("officer", "add", "--name", "Third", "--json", env=second, expect=NOT_SIGNED_IN)
    assert error(refused)["name"] == "notAllowed"
    turkiye.stop()
    turkiye.run("officer", "add", "--name", "Third", "--role", "watchOfficer", env=new)
    turkiye.start()
    third = {**second, "PARLEY_OFFICER": "Third", "PARLEY_PASSPHRASE": "another long one"}
    turkiye.run("status", env=third)
    wrong = {**second, "PARLEY_OFFICER": "Third", "PARLEY_PASSPHRASE": "not the right one"}
    (turkiye.folder / "session-Third").unlink()
    refused = turkiye.run("status", "--json", env=wrong, expect=NOT_SIGNED_IN)
    assert error(refused)["name"] == "wrongNameOrPassphrase"
