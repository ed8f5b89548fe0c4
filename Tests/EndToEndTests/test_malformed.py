"""What is malformed on the command line is refused by name, with an exit code, and nothing of it is stored.

The table is malformed.json: at least ten inputs for every named error. What bodies the node itself refuses is tested
through the API; here those errors are shown to reach whoever typed the command.
"""

import contextlib
import json
import pathlib
import sqlite3

import pytest

import nodes
from nodes import REFUSED, UNUSABLE_FILE, USAGE, error

TABLE = json.loads((pathlib.Path(__file__).resolve().parent / "malformed.json").read_text())

RIGHT = {
    "--kind": "ground-movement", "--at": "34.5574N 38.3169E", "--radius-m": "100", "--lower": "GND",
    "--upper": "50 m AGL", "--from": "+3d", "--to": "+74h", "--contact": "Extension 1",
}


def rows():
    for name, texts in TABLE["coordinates"].items():
        for text in texts:
            yield name, "--at", {**RIGHT, "--at": text}, USAGE
    for name, texts in TABLE["altitudes"].items():
        for i, text in enumerate(texts):
            option = ("--lower", "--upper")[i % 2]
            yield name, option, {**RIGHT, option: text}, USAGE
    for name, texts in TABLE["times"].items():
        for i, text in enumerate(texts):
            option = ("--from", "--to", "--review-by")[i % 3]
            yield name, option, {**RIGHT, option: text}, USAGE
    for name, changes in TABLE["options"].items():
        for change in changes:
            options = {**RIGHT, **change.get("set", {})}
            yield name, None, {key: value for key, value in options.items() if key not in change.get("drop", [])}, USAGE
    node = TABLE["node"]
    for kind in node["unknownKind"]:
        yield "unknownKind", "kind", {**RIGHT, "--kind": kind}, REFUSED
    for radius in node["outOfRange"]:
        yield "outOfRange", "volumes[0].footprint.radiusM", {**RIGHT, "--radius-m": radius}, REFUSED
    for ring in node["selfCrossing"]:
        options = {key: value for key, value in RIGHT.items() if key != "--at"}
        yield "notAllowed", "volumes[0].footprint", {**options, "--polygon": ring}, REFUSED
    for lower, upper in node["altitudeReversed"]:
        yield "altitudeReversed", "volumes[0].altitude", {**RIGHT, "--lower": lower, "--upper": upper}, REFUSED
    for start, end in node["windowReversed"]:
        yield "notAllowed", "volumes[0].end", {**RIGHT, "--from": start, "--to": end}, REFUSED


def groups():
    grouped = {}
    for name, field, options, status in rows():
        grouped.setdefault((name, field if status == REFUSED else None, status), []).append((field, options))
    return [(*key, inputs) for key, inputs in grouped.items()]


def file(node, options, **more):
    # A value that begins with a minus must be joined to its option, an empty one must not.
    arguments = [[f"{key}={value}"] if value else [key, value] for key, value in options.items()]
    return node.run("notice", "file", "--json", *[part for option in arguments for part in option], **more)


def held(node):
    return [notice["id"] for notice in node.ask("notice", "list", "--state", "all")["notices"]]


@pytest.mark.parametrize(("name", "field", "status", "inputs"), groups(), ids=lambda value: value if isinstance(value, str) else "")
def test_it_is_refused_by_name_and_the_next_right_filing_succeeds(alone, name, field, status, inputs):
    assert len(inputs) >= 10
    before = held(alone)
    for option, options in inputs:
        done = file(alone, options, expect=None)
        assert done.returncode == status, f"{options}: {done.returncode} {done.stdout}{done.stderr}"
        found = error(done)
        assert found["name"] == name, f"{options}: {found}"
        assert done.stdout == "" and found["detail"] and found["exitCode"] == status
        if option:
            assert found["field"] == option, f"{options}: {found}"
    assert held(alone) == before
    # Apart from the others, so that the desk is not warned of its own notices.
    filed = json.loads(file(alone, {**RIGHT, "--from": f"+{80 + 3 * len(before)}h", "--to": f"+{81 + 3 * len(before)}h"}).stdout)
    assert held(alone) == before + [filed["notice"]["id"]]


def test_files_that_hold_no_notice_are_refused_by_name(alone, tmp_path):
    before = held(alone)
    path = tmp_path / "input.json"
    for text, arguments, name, status in [
        ("", "--fields", "notJSON", UNUSABLE_FILE),
        ("{", "--fields", "notJSON", UNUSABLE_FILE),
        ('{"kind":"strike","kind":"strike"}', "--fields", "notJSON", UNUSABLE_FILE),
        ("[]", "--fields", "wrongType", USAGE),
        ("{}", "--fields", "missing", REFUSED),
        ('{"kind":"strike","surprise":1}', "--fields", "missing", REFUSED),
        ('{"type":"Point","coordinates":[38,34,100]}', "--geojson", "unexpectedAltitude", USAGE),
        ('{"type":"Point","coordinates":[38,134]}', "--geojson", "latitudeOutOfRange", USAGE),
        ('{"type":"Point","coordinates":[238,34]}', "--geojson", "longitudeOutOfRange", USAGE),
        ('{"type":"MultiPoint","coordinates":[[38,34]]}', "--geojson", "unsupportedType", USAGE),
        ('{"type":"Point","coordinates":[38,34],"radius":5}', "--geojson", "unknownMember", USAGE),
        ('{"type":"Polygon","coordinates":[[[38,34],[39,34],[39,35],[38,35]]]}', "--geojson", "ringNotClosed", USAGE),
        ('{"type":"LineString","coordinates":[[38,34]]}', "--geojson", "tooFewPositions", USAGE),
        ('{"type":"Point"}', "--geojson", "missing", USAGE),
    ]:
        path.write_text(text)
        options = {arguments: path, **{key: value for key, value in RIGHT.items() if key != "--at"}}
        done = file(alone, options, expect=status)
        assert error(done)["name"] == name, f"{text}: {done.stderr}"
    path.unlink()
    assert error(file(alone, {"--fields": path}, expect=UNUSABLE_FILE))["name"] == "missing"
    assert held(alone) == before


def test_a_command_line_that_makes_no_sense_is_a_usage_error(alone):
    for arguments in [
        ("nonsense",), ("notice", "fly"), ("notice", "file", "--nonsense"), ("notice", "file", "--radius-m", "far"),
        ("notice", "end", "alpha-1"), ("notice", "end", "alpha-1", "--reason", "bored"), ("ack",), ("conflict", "settle"),
        ("serve",), ("init", "--party", "x"), ("notice", "list", "--state", "maybe"), ("terms", "draft"),
    ]:
        done = alone.run(*arguments, "--json", expect=USAGE)
        assert error(done)["name"] == "usage" and done.stdout == ""


def test_the_journal_holds_what_was_right_and_nothing_else(tmp_path):
    folder = tmp_path
    pair = [nodes.Node(folder, "alpha"), nodes.Node(folder, "bravo")]
    from conftest import accept_terms

    accept_terms(folder, pair)
    node = pair[0].start()
    try:
        pair[1].start()
        node.wait_until_it_signs()
        pair[1].stop()
        node.run("sign-in")
        wrong = [inputs[0][1] for _, _, _, inputs in groups()]
        for options in wrong:
            file(node, options, expect=None)
        file(node, RIGHT)
        for options in wrong:
            file(node, options, expect=None)
    finally:
        for each in pair:
            each.stop()
    with contextlib.closing(sqlite3.connect(f"file:{node.folder / 'parley.sqlite'}?mode=ro", uri=True)) as store:
        records = [json.loads(row[0]) for row in store.execute("SELECT bytes FROM journal ORDER BY sequence")]
    # A notice that was filed has a form of its own.
    filed = {"command": {"_0": {"file": {}}}}
    events = [filed if "filed" in record else record["event"] for record in records]
    commands = [next(iter(event["command"]["_0"])) for event in events if "command" in event]
    # Signing in shows that a person is there.
    assert [command for command in commands if command != "present"] == ["file"]
    assert {next(iter(event)) for event in events} <= {
        "started", "tick", "command", "pushed", "receipt", "heads", "heartbeat"}
