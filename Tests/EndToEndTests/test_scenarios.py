"""`parley replay`: what happened once, played against real nodes, and every way in which a file can be wrong."""

import copy
import json
import subprocess

import jsonschema_rs
import pytest

import conftest
import nodes
from nodes import BINARY, REFUSED, ROOT, UNUSABLE_FILE, USAGE, Node, error, parley, wait_for

SCENARIOS = ROOT / "Scenarios"
SCHEMA = jsonschema_rs.validator_for(json.loads((SCENARIOS / "scenario.schema.json").read_text()))
FILES = sorted(path for path in SCENARIOS.glob("*.json") if not path.name.endswith(".schema.json"))
CASES = {"deir-ez-zor-2016", "il-20-2018", "khasham-2018", "kunduz-2015", "world-central-kitchen-2024"}


def notice(latitude, longitude):
    return {
        "kind": "ground-movement", "contact": "Line 1",
        "volumes": [{
            "footprint": {"type": "Point", "coordinates": [longitude, latitude], "radiusM": 500},
            "altitude": {
                "lower": {"value": 0, "unit": "metres", "datum": "agl"},
                "upper": {"value": 100, "unit": "metres", "datum": "agl"}},
            "start": "T+0:30:00", "end": "T+1:30:00"}],
    }


def party(name, role="principal"):
    return {"id": name, "name": name.capitalize(), "role": role, "officers": [f"Watch of {name}", f"Relief of {name}"]}


# A link that is cut, a node that is killed, hours that are skipped, and what each desk must and must not be shown.
WORLD = {
    "format": "parley scenario 1", "name": "world", "title": "The world", "summary": "Everything that no desk does.",
    "start": "2020-01-01T00:00:00Z", "scale": 10,
    "sources": [{"id": "nobody", "publication": "Nobody", "title": "Invented", "date": "2020"}],
    "history": [
        {"id": "late", "at": "T+1:00:00", "what": "It was noticed.", "certainty": "uncertain", "sources": ["nobody"]}],
    "terms": {"heartbeatS": 20, "staleAfterS": 60},
    "parties": [party("alpha"), party("bravo"), party("mike", "mediator")],
    "steps": [
        {"as": "move", "at": "T+0:00:00", "do": "file", "by": "alpha", "with": notice(34.6, 38.3), "says": "files"},
        {"at": "T+0:00:10", "do": "file", "by": "bravo", "with": {**notice(34.6, 38.3), "kind": "nonsense"},
         "refused": "unknownKind", "says": "is refused"},
        {"at": "T+0:00:20", "do": "check", "by": "bravo", "with": notice(34.6, 38.3),
         "answers": {"collisions": [{"notice": "@move", "owner": "alpha"}]}, "says": "checks"},
        {"as": "cut", "at": "T+0:00:40", "do": "cut", "with": {"between": ["alpha", "bravo"]}, "says": "cuts the link"},
        {"as": "restored", "at": "T+0:03:00", "do": "restore", "with": {"between": ["alpha", "bravo"]},
         "says": "mends the link"},
        {"as": "killed", "at": "T+0:04:30", "do": "kill", "with": {"node": "bravo"}, "says": "kills a node"},
        {"as": "back", "at": "T+0:06:30", "do": "start", "with": {"node": "bravo"}, "says": "starts it again"},
        {"at": "T+0:08:00", "do": "skip", "with": {"to": "T+1:40:00"}, "says": "an hour and a half"},
        {"at": "T+1:41:00", "do": "signIn", "by": "alpha", "with": {"officer": "Relief of alpha"}, "says": "relieves"},
        {"as": "ended", "at": "T+1:41:20", "do": "end", "by": "alpha", "on": "@move", "says": "ends it",
         "with": {"officer": "Watch of alpha"}},
        {"as": "suspended", "at": "T+1:41:40", "do": "suspend", "by": "bravo", "says": "suspends"},
    ],
    "expect": [
        {"id": "rings", "means": "rings", "at": "bravo", "see": "alarm", "of": "@move", "with": {"kind": "notice"},
         "by": "T+0:00:30", "before": "late", "earlier": "0:59:30"},
        {"id": "cut-at-alpha", "means": "rings", "at": "alpha", "see": "alarm", "after": "@cut",
         "with": {"kind": "link", "subject": "bravo"}, "by": "T+0:02:30"},
        {"id": "cut-at-bravo", "means": "rings", "at": "bravo", "see": "alarm", "after": "@cut",
         "with": {"kind": "link", "subject": "alpha"}, "by": "T+0:02:30"},
        {"id": "only-that-link", "means": "stays up", "at": "alpha", "see": "alarm", "after": "@cut",
         "with": {"kind": "link", "subject": "mike"}, "never": True, "by": "T+0:03:00"},
        {"id": "mended", "means": "is up", "at": "alpha", "see": "link", "after": "@restored",
         "with": {"party": "bravo", "state": "up"}, "by": "T+0:04:20"},
        {"id": "killed", "means": "rings", "at": "alpha", "see": "alarm", "after": "@killed",
         "with": {"kind": "link", "subject": "bravo"}, "by": "T+0:06:20"},
        {"id": "unknown", "means": "doubts", "at": "alpha", "see": "assurance", "of": "@move",
         "with": {"answer": "unknown", "reasons": [{"name": "evidenceStale", "party": "bravo"}]}, "after": "@killed",
         "by": "T+0:06:20"},
        {"id": "remembered", "means": "still has it", "at": "bravo", "see": "notice", "of": "@move", "after": "@back",
         "with": {"version": {"atLeast": 1}, "ended": None}, "by": "T+0:08:00"},
        {"id": "overdue", "means": "rings its owner", "at": "alpha", "see": "alarm", "of": "@move",
         "with": {"kind": "overdue"}, "by": "T+1:40:50"},
        {"id": "ended", "means": "has ended", "at": "bravo", "see": "notice", "of": "@move", "after": "@ended",
         "with": {"status": {"oneOf": ["ended", "over"]}, "ended": {"exists": True}}, "by": "T+1:42:00"},
        {"id": "suspended", "means": "is told", "at": "alpha", "see": "alarm", "after": "@suspended",
         "with": {"kind": "suspension"}, "by": "T+1:42:10"},
    ],
}


def write(folder, scenario):
    path = folder / "scenario.json"
    path.write_text(json.dumps(scenario))
    return path


def play(path, tmp_path, expect=nodes.DONE):
    env = nodes.environment(TMPDIR=str(tmp_path))
    done = parley("replay", path, "--json", env=env, expect=None, timeout=900)
    assert done.returncode == expect, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
    left = [each.name for each in tmp_path.iterdir() if each.name.startswith("parley-replay")]
    assert left == []
    return json.loads(done.stdout)


def test_every_case_that_is_asked_for_has_a_scenario_whose_facts_have_sources():
    assert {path.stem for path in FILES} == CASES
    for path in FILES:
        scenario = json.loads(path.read_text())
        assert scenario["name"] == path.stem
        assert any("url" in source for source in scenario["sources"])
        assert any("before" in expectation for expectation in scenario["expect"])
        used = {source for fact in scenario["history"] for source in fact["sources"]}
        assert used == {source["id"] for source in scenario["sources"]}, path.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_case_of_history_rings_the_desks_that_it_must_and_as_much_earlier(path, tmp_path):
    asked = json.loads(path.read_text())
    report = play(path, tmp_path)
    assert report["passed"]
    shown = {each["id"]: each for each in report["expectations"]}
    assert set(shown) == {each["id"] for each in asked["expect"]}
    for expectation in asked["expect"]:
        if "earlier" in expectation:
            days, _, clock = expectation["earlier"].rpartition("d")
            hours, minutes, seconds = map(int, clock.split(":"))
            least = ((int(days or 0) * 24 + hours) * 60 + minutes) * 60 + seconds
            assert shown[expectation["id"]]["earlierS"] >= least > 0


def test_what_happens_to_the_world_around_the_nodes_is_shown_at_the_desks(tmp_path):
    report = play(write(tmp_path, WORLD), tmp_path)
    assert report["passed"] and len(report["steps"]) == len(WORLD["steps"])


def test_an_expectation_that_is_not_met_fails_the_replay_and_is_named(tmp_path):
    asked = copy.deepcopy(WORLD)
    asked["steps"] = asked["steps"][:3]
    kept = asked["expect"][0]
    asked["expect"] = [
        kept,
        {**kept, "id": "impossible", "with": {"kind": "notice", "sentence": "Something that Parley never says."}},
        {**kept, "id": "too-early", "earlier": "1:00:00"},
        {"id": "forbidden", "means": "rings", "at": "bravo", "see": "alarm", "of": "@move", "never": True,
         "by": "T+0:00:30"},
        {"id": "elsewhere", "means": "rings", "at": "mike", "see": "alarm", "of": "@move", "by": "T+0:00:30"},
    ]
    report = play(write(tmp_path, asked), tmp_path, expect=REFUSED)
    assert not report["passed"]
    assert {each["id"]: each["passed"] for each in report["expectations"]} == {
        "rings": True, "impossible": False, "too-early": False, "forbidden": False, "elsewhere": False}


def test_a_step_that_fails_fails_the_replay_and_is_named(tmp_path):
    asked = copy.deepcopy(WORLD)
    asked["steps"] = asked["steps"][:3]
    asked["steps"][1]["refused"] = "windowReversed"
    asked["steps"][2]["answers"] = {"collisions": [{"owner": "mike"}]}
    asked["expect"] = asked["expect"][:1]
    report = play(write(tmp_path, asked), tmp_path, expect=REFUSED)
    assert [step["passed"] for step in report["steps"]] == [True, False, False]
    assert report["steps"][1]["failure"].startswith("unknownKind")
    assert all(each["passed"] for each in report["expectations"])


def test_files_are_valid_by_their_schema():
    for path in FILES:
        assert [str(each) for each in SCHEMA.iter_errors(json.loads(path.read_text()))] == [], path.name
    assert SCHEMA.is_valid(WORLD)


def changed(change):
    scenario = copy.deepcopy(WORLD)
    change(scenario)
    return scenario


# What is wrong, where it is said to be wrong, and whether a schema can see it.
WRONG = [
    ("another format", lambda s: s.update(format="parley scenario 2"), "format", True),
    ("an unknown member", lambda s: s.update(colour="red"), "colour", True),
    ("no name", lambda s: s.pop("name"), "name", True),
    ("a name that is no label", lambda s: s.update(name="The World"), "name", True),
    ("a start that is no time", lambda s: s.update(start="yesterday"), "start", True),
    ("too fast a clock", lambda s: s.update(scale=1001), "scale", True),
    ("no sources", lambda s: s.update(sources=[]), "sources", True),
    ("an address that is none", lambda s: s["sources"][0].update(url="example.org"), "sources[0].url", True),
    ("a source twice", lambda s: s["sources"].append(s["sources"][0]), "sources[1].id", False),
    ("a fact without a source", lambda s: s["history"][0].update(sources=["rumour"]), "history[0].sources[0]", False),
    ("a fact of another certainty", lambda s: s["history"][0].update(certainty="sure"), "history[0].certainty", True),
    ("a time without its sign", lambda s: s["history"][0].update(at="0:10:00"), "history[0].at", True),
    ("a time of 70 minutes", lambda s: s["history"][0].update(at="T+0:70:00"), "history[0].at", True),
    ("a timing that terms lack", lambda s: s["terms"].update(lunchS=1), "terms.lunchS", True),
    ("one principal", lambda s: s["parties"][1].update(role="mediator"), "parties", False),
    ("a party twice", lambda s: s["parties"][1].update(id="alpha"), "parties[1].id", False),
    ("an officer twice", lambda s: s["parties"][0].update(officers=["A", "A"]), "parties[0].officers[1]", True),
    ("the replay's own account", lambda s: s["parties"][0].update(officers=["Replay"]), "parties[0].officers[0]", True),
    ("an unknown act", lambda s: s["steps"][0].update(do="bomb"), "steps[0].do", True),
    ("nobody who acts", lambda s: s["steps"][0].pop("by"), "steps[0].by", False),
    ("a desk that cuts a link", lambda s: s["steps"][3].update(by="alpha"), "steps[3].by", False),
    ("a party that is not there", lambda s: s["steps"][0].update(by="charlie"), "steps[0].by", False),
    ("an act on nothing", lambda s: s["steps"][9].pop("on"), "steps[9].on", False),
    ("an act on what is not made", lambda s: s["steps"][9].update(on="@walk"), "steps[9].on", False),
    ("an act on a step that makes nothing", lambda s: s["steps"][9].update(on="@cut"), "steps[9].on", False),
    ("a label twice", lambda s: s["steps"][3].update({"as": "move"}), "steps[3].as", False),
    ("steps out of order", lambda s: s["steps"][2].update(at="T+0:00:05"), "steps[2].at", False),
    ("a step before a skip's end", lambda s: s["steps"][8].update(at="T+1:00:00"), "steps[8].at", False),
    ("a skip back", lambda s: s["steps"][7]["with"].update(to="T+0:01:00"), "steps[7].with.to", False),
    ("a link of one end", lambda s: s["steps"][3]["with"].update(between=["alpha"]), "steps[3].with.between", False),
    ("a body with a wrong time", lambda s: s["steps"][0]["with"]["volumes"][0].update(start="T+half past"),
     "steps[0].with.volumes[0].start", False),
    ("a body that speaks of nothing", lambda s: s["steps"][0]["with"].update(remarks="@walk"),
     "steps[0].with.remarks", False),
    ("an unknown sight", lambda s: s["expect"][0].update(see="light"), "expect[0].see", True),
    ("something that is not made", lambda s: s["expect"][0].update(of="@walk"), "expect[0].of", False),
    ("a deadline before it is made", lambda s: s["expect"][0].update(by="T-0:00:01"), "expect[0].by", False),
    ("earlier than nothing", lambda s: s["expect"][1].update(earlier="0:01:00"), "expect[1].before", True),
    ("earlier than no fact", lambda s: s["expect"][0].update(before="never"), "expect[0].before", False),
    ("never, and before", lambda s: s["expect"][0].update(never=True), "expect[0].before", False),
]


@pytest.mark.parametrize("what, change, field, by_schema", WRONG, ids=[row[0] for row in WRONG])
def test_what_is_wrong_with_a_file_is_named_and_nothing_is_played(what, change, field, by_schema, tmp_path):
    scenario = changed(change)
    refused = error(parley("replay", "--check", write(tmp_path, scenario), "--json", expect=UNUSABLE_FILE))
    assert refused["name"] == "badScenario"
    assert refused["field"] == field, refused
    assert SCHEMA.is_valid(scenario) != by_schema


def test_a_file_that_is_missing_or_no_json_is_named(tmp_path):
    parley("replay", tmp_path / "none.json", expect=UNUSABLE_FILE)
    for text in ("", "{", '{"format": 1, "format": 2}', "[]"):
        path = tmp_path / "scenario.json"
        path.write_text(text)
        assert parley("replay", path, "--json", expect=UNUSABLE_FILE).returncode == UNUSABLE_FILE


def test_a_node_on_a_scaled_clock_shows_it_and_warns(tmp_path):
    pair = [Node(tmp_path, "alpha"), Node(tmp_path, "bravo")]
    conftest.accept_terms(tmp_path, pair, "--effective-at", "2016-01-01T00:00:00Z")
    node = pair[0]
    for wrong in (["--clock-scale", "0"], ["--clock-scale", "1001"], ["--clock-start", "noon"], ["--clock-start", "@1"]):
        parley("serve", "--dir", node.folder, *wrong, expect=USAGE)
    log = open(node.folder / "serve.log", "ab")
    node.process = subprocess.Popen(
        [BINARY, "serve", "--dir", str(node.folder), "--until-input-ends", "--clock-scale", "50", "--clock-start",
         "2016-09-17T12:55:00Z"],
        env=nodes.environment(), stdin=subprocess.PIPE, stdout=log, stderr=log)
    node.log = log
    try:
        wait_for("the desk answers", node.answers, 120)
        status = node.ask("status")
        assert status["clockScale"] == 50
        assert "2016-09-17T12:55" <= status["utc"] < "2016-09-17T14"
        # Ten minutes of its time are twelve seconds.
        wait_for("its time goes faster", lambda: node.ask("status")["utc"] > "2016-09-17T13:05")
    finally:
        node.stop()
    assert "never for real use" in (node.folder / "serve.log").read_text()


def test_an_ordinary_node_shows_that_its_clock_is_not_scaled(alone):
    assert alone.ask("status")["clockScale"] == 1
    assert not any("clock" in line for line in parley("serve", "--help").stdout.splitlines())
