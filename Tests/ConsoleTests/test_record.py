"""The record in a real browser: five facts, joint timeline, replay, evidence and the logs' heads."""
import base64
import datetime
import os
import pathlib
import subprocess
import time

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from page import choose, element, everything, in_page, of_each, press, text_of, until, write
from test_conflicts import cancel, photograph

HOSTILE = "<img src=x onerror=\"document.title='broken in'\">\u202eyrassecen"
AUDIT = pathlib.Path(os.environ.get("PARLEY_AUDIT", pathlib.Path(__file__).resolve().parents[2] / ".build/debug/parley-audit"))

# A day of records as the node gives them, newest last. Told by hand:
#   08:00 alpha files alpha-1 (10:00-12:00, point 40 E 34 N); 08:10 bravo files bravo-1 (11:00-13:00)
#   08:11 both found to collide by alpha, not proven, 08:12 by bravo, proven; 08:20 alpha signs "stay north", 08:25 bravo the same: settled
#   08:30 alpha amends to version 2 (14:00-15:00): the settlement bound version 1, and nobody finds version 2 colliding
#   08:40 alpha finds version 2 colliding all the same, not proven; 08:45 bravo disputes that
#   09:00 bravo ends bravo-1. alpha-1 is never ended: overdue after 15:00
#   alpha-9 is of a standing kind, 07:00-20:00, to be confirmed by 09:30: unconfirmed after that
DAY = """
  const at = (time) => `2026-11-23T${time}:00.000000Z`;
  const volume = (start, end, lon) => ({ footprint: { type: "Point", coordinates: [lon, 34], radiusM: 1000 }, altitude: {}, start: at(start), end: at(end) });
  const record = (id, time, kind, content, more = {}) => ({ id, log: id.split("-")[0], author: id.split("-")[0], kind, createdAt: at(time), mode: "real",
    officer: "Kaya", secondOfficer: null, audience: ["alpha", "bravo"], readable: true, content, ...more });
  const notice = (version, start, end, lon, more = {}) => ({ version, kind: "strike", contact: "x", volumes: [volume(start, end, lon)], ...more });
  const sides = (a) => ({ conflict: "c1", first: { notice: "alpha-1", version: a }, second: { notice: "bravo-1", version: 1 } });
  const day = [
    record("alpha-9", "06:50", "notice", notice(1, "07:00", "20:00", 41, { kind: "standing-presence", reviewBy: at("09:30") })),
    record("alpha-1", "08:00", "notice", notice(1, "10:00", "12:00", 40)),
    record("bravo-1", "08:10", "notice", notice(1, "11:00", "13:00", 40.5)),
    record("alpha-2", "08:11", "finding", { ...sides(1), proven: false }),
    record("bravo-2", "08:12", "finding", { ...sides(1), proven: true }),
    record("alpha-3", "08:20", "conflictPosition", { ...sides(1), stance: "settle", conditions: ["stay north"] }),
    record("bravo-3", "08:25", "conflictPosition", { ...sides(1), stance: "settle", conditions: ["stay north"] }),
    record("alpha-4", "08:30", "notice", notice(2, "14:00", "15:00", 40, { notice: "alpha-1" })),
    record("alpha-5", "08:40", "finding", { ...sides(2), proven: false }),
    record("bravo-4", "08:45", "conflictPosition", { ...sides(2), stance: "dispute" }),
    record("bravo-5", "09:00", "noticeEnd", { notice: "bravo-1", version: 1, reason: "cancelled" }),
    // Nobody ends or changes another party's notice, and what cannot be read counts for nothing.
    record("bravo-6", "09:05", "noticeEnd", { notice: "alpha-1", version: 2, reason: "over" }),
    record("bravo-7", "09:06", "notice", notice(3, "01:00", "02:00", 10, { notice: "alpha-1" })),
    record("bravo-8", "09:07", null, null, { readable: false }),
  ];
"""


def at(minutes):
    moment = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) + datetime.timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_stood_at_a_moment_follows_from_the_records_alone(floor):
    states = in_page(floor, "replaymodel.js", DAY + """
        // As the node gives them: newest first.
        const newestFirst = [...day].reverse();
        return ["06:00", "08:05", "08:10", "08:11", "08:20", "08:25", "08:30", "08:40", "08:45", "09:00", "09:30", "09:31", "15:00", "15:01"].map((time) => {
          const { notices, conflicts } = m.replayState(newestFirst, Date.parse(at(time)));
          return [time, [...notices.values()].map((n) => `${n.id} v${n.version} ${n.status}`).sort().join(", "),
            [...conflicts.values()].map((c) => `${c.state} ${c.foundBy.join("+")}${c.proven ? "" : "?"}`).join()];
        });""")
    standing = "alpha-9 v1 current"
    assert states == [
        ["06:00", "", ""],
        ["08:05", f"alpha-1 v1 current, {standing}", ""],
        ["08:10", f"alpha-1 v1 current, {standing}, bravo-1 v1 current", ""],
        ["08:11", f"alpha-1 v1 current, {standing}, bravo-1 v1 current", "open alpha?"],
        ["08:20", f"alpha-1 v1 current, {standing}, bravo-1 v1 current", "open alpha+bravo"],
        ["08:25", f"alpha-1 v1 current, {standing}, bravo-1 v1 current", "settled alpha+bravo"],
        ["08:30", f"alpha-1 v2 current, {standing}, bravo-1 v1 current", ""],
        ["08:40", f"alpha-1 v2 current, {standing}, bravo-1 v1 current", "open alpha?"],
        ["08:45", f"alpha-1 v2 current, {standing}, bravo-1 v1 current", "disputed alpha?"],
        ["09:00", f"alpha-1 v2 current, {standing}, bravo-1 v1 ended", ""],
        ["09:30", f"alpha-1 v2 current, {standing}, bravo-1 v1 ended", ""],
        ["09:31", "alpha-1 v2 current, alpha-9 v1 unconfirmed, bravo-1 v1 ended", ""],
        ["15:00", "alpha-1 v2 current, alpha-9 v1 unconfirmed, bravo-1 v1 ended", ""],
        ["15:01", "alpha-1 v2 overdue, alpha-9 v1 unconfirmed, bravo-1 v1 ended", ""],
    ]


def test_a_checkpoint_says_who_holds_how_much_and_since_when(floor):
    # The time in a cosignature is 8 bytes, big-endian: 0x6b03f280 s is 2026-11-23T08:00:00Z.
    read = in_page(floor, "recordlogs.js", """
        const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
        const cosignature = base64([1, 2, 3, 4, 0, 0, 0, 0, 0x6b, 0x03, 0xf2, 0x80, ...new Array(64).fill(7)]);
        const origin = `parley/${"ab".repeat(32)}/turkiye/2`;
        const note = `${origin}\\n412\\n${base64(new Array(32).fill(0xfe))}\\n\\n— ${origin} ${base64(new Array(68).fill(1))}\\n— parley/israel ${cosignature}\\n— other/israel ${cosignature}\\n`;
        return [m.parseCheckpoint(note), m.parseCheckpoint("not a note")];""")
    assert read == [{"log": "turkiye/2", "party": "turkiye", "epoch": 2, "size": 412, "root": "fe" * 32, "isSigned": True,
                     "cosigned": [{"holder": "israel", "at": 1795420800000}]}, None]


@pytest.fixture()
def story(floor, own_desk, other_desk):
    """{own, theirs, id}: a notice of ours and one of the other desk that collide, all of it told and found by both."""
    latitude = round(28.2 + int(time.time() * 10) % 9000 / 10_000, 4)
    own = own_desk.file("air-operation", [46.1, latitude], 2000, 5000, 9000, at(60), at(120), "ours")
    theirs = other_desk.file("strike", [46.12, latitude], 2000, 5000, 9000, at(90), at(150), HOSTILE)

    def found(_):
        return [c["id"] for c in own_desk.call("GET", "conflicts")["conflicts"]
                if {c["first"]["notice"], c["second"]["notice"]} == {own["id"], theirs["id"]} and len(c["foundBy"]) == 2]

    id = until(floor, found)[0]
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, f"[data-notice='{theirs['id']}']"))
    yield {"own": own, "theirs": theirs, "id": id}
    cancel(own_desk, own)
    cancel(other_desk, theirs)


def open_view(browser, name):
    press(browser, "[data-tab=record]")
    press(browser, f"[data-view={name}]")


def shown_records(browser):
    return of_each(browser, ".record-list > li", "[e.dataset.record, e.dataset.kind]")


def test_the_joint_timeline_says_who_signed_what_newest_first_and_is_filtered(floor, story, own_desk):
    press(floor, f"[data-notice='{story['own']['id']}']")
    press(floor, "#detail [data-focus=in-record]")
    expected = own_desk.call("GET", f"record?notice={story['own']['id']}")["records"]
    until(floor, lambda b: [id for id, _ in shown_records(b)] == [r["id"] for r in expected])
    times = [r["createdAt"] for r in expected]
    assert times == sorted(times, reverse=True) and len(expected) >= 3
    assert {"notice", "finding"} <= {kind for _, kind in shown_records(floor)}
    said = of_each(floor, f"[data-record='{story['own']['record']}']", "e.textContent")[0]
    assert "Told of AIR OPERATION" in said and story["own"]["id"] in said and "Alpha" in said and "watch" in said
    assert "come too close" in of_each(floor, ".record[data-kind=finding]", "e.textContent")[0]
    photograph(floor, "record")

    # By author and kind; what the other side wrote is shown and does nothing.
    press(floor, "[data-focus=record-filter]")
    press(floor, "[data-focus=record-clear]")
    choose(floor, "#record-author", "bravo")
    choose(floor, "#record-kinds", "notice")
    until(floor, lambda b: (rows := shown_records(b)) and rows[0] == [story["theirs"]["record"], "notice"] and {kind for _, kind in rows} == {"notice"})
    assert "signed by Bravo" in text_of(floor, ".record-chosen")
    assert all("Bravo" in head for head in of_each(floor, ".record-head", "e.textContent"))
    # By conflict, and by an interval that nothing was written in.
    choose(floor, "#record-author", "")
    choose(floor, "#record-kinds", "")
    write(floor, "#record-conflict", story["id"])
    press(floor, ".record-filter button[type=submit]")
    until(floor, lambda b: {story["own"]["record"], story["theirs"]["record"]} <= {id for id, _ in shown_records(b)})
    write(floor, "#record-to", "010000ZJAN26")
    press(floor, ".record-filter button[type=submit]")
    until(floor, lambda b: shown_records(b) == [])
    assert "broken in" not in floor.title


def test_a_record_that_comes_while_the_list_is_read_is_announced_and_not_pushed_in(floor, story, own_desk):
    open_view(floor, "records")
    until(floor, lambda b: shown_records(b))
    before = shown_records(floor)[0]
    late = own_desk.file("strike", [46.9, 27.0], 900, 1000, 2000, at(600), at(620), "late")
    try:
        press(floor, "[data-focus=record-newer]")
        until(floor, lambda b: late["record"] in [id for id, _ in shown_records(b)])
        assert before in shown_records(floor)
    finally:
        cancel(own_desk, late)


def test_every_kind_of_record_has_a_sentence_and_what_cannot_be_read_says_so(floor):
    words = in_page(floor, "recordlist.js", """
        const store = { status: null, party: (id) => ({ id, name: id }), texts: null, stops: new Map(), notices: new Map(), conflicts: new Map(), calls: new Map() };
        const side = { notice: "x-1", version: 1 }, at = "2026-11-23T08:00:00.000000Z";
        const volume = { footprint: {}, start: at, end: at };
        const stop = (kind, content) => ({ note: `parley stop v1\\nm\\nx\\nn\\n${at}\\n${kind}\\n${JSON.stringify(content)}\\n\\n— sig\\n` });
        const contents = { termsAcceptance: { fingerprint: "ab".repeat(32) }, keyChange: {}, cover: {}, terms: {},
          lodged: { party: "x", size: 3, silent: "y", attempts: 4 }, notice: { version: 2, notice: "x-1", kind: "strike", volumes: [volume] },
          noticeEnd: { notice: "x-1", version: 2, reason: "over" }, evaluated: { party: "x", size: 4, unreadable: [2] },
          acknowledgement: { notice: "x-1", version: 1, readBack: { position: [1, 2], lower: { value: 5, unit: "feet", datum: "amsl" }, start: at } },
          finding: { first: side, second: side, proven: false }, conflictPosition: { first: side, second: side, stance: "settle", conditions: [a[0]] },
          linkChange: { party: "x", state: "down" }, suspension: { suspended: true }, message: { role: "watch", text: a[0], language: "en", precedence: "flash" },
          presenceQuery: { volume }, presenceAnswer: { query: "x-3", answer: "none", validUntil: at }, passedOn: { notice: side, reached: 1, of: 2, units: [] },
          commCheck: { party: "x", message: "x-4" }, handover: { from: a[0], to: "b", items: 2 }, disclosure: { record: "x-5" },
          stop: stop("stop", { mode: "real", words: { text: a[0] } }), stopAnswer: stop("answer", { stop: "cd".repeat(32), answer: "heard" }),
          stopEffect: stop("lift", { stop: "cd".repeat(32) }) };
        const row = (kind, content, readable = true) => m.recordRow({ id: "x-9", author: "x", audience: ["y"], kind, content, readable, createdAt: at, officer: a[0] }, store);
        const told = Object.entries(contents).map(([kind, content]) => [kind, row(kind, content)]);
        return { markup: told.some(([, r]) => r.querySelector("img, b, script")),
          sealed: row(null, null, false).innerText, odd: row("later", { anything: 1 }).textContent, broken: row("stop", { note: "nonsense" }).textContent,
          sentences: told.map(([kind, r]) => [kind, r.querySelector(".record-sentence").textContent]) };""", HOSTILE)
    assert len(words["sentences"]) == 23 and not words["markup"]
    for kind, sentence in words["sentences"]:
        assert len(sentence) > 10 and "{" not in sentence and "?" not in sentence and "said." not in sentence and "undefined" not in sentence, (kind, sentence)
        assert "\u202e" not in sentence
    assert "cannot read" in words["sealed"] and "later" in words["odd"] and "stop" in words["broken"]


def test_the_five_facts_name_the_records_that_state_them(floor, story, own_desk):
    press(floor, f"[data-notice='{story['own']['id']}']")
    judged = f"#detail tbody[data-party=bravo] [data-fact=evaluated] .fact-record"
    named = until(floor, lambda b: text_of(b, judged))
    assert text_of(floor, "#detail [data-fact=filed] .fact-record") == story["own"]["record"]
    record = next(r for r in own_desk.call("GET", "record?kinds=evaluated&author=bravo&limit=500")["records"] if r["id"] == named)
    index = int(story["own"]["record"].rsplit("-", 1)[1])
    assert record["content"]["party"] == "alpha" and record["content"]["size"] > index
    assert "not yet" in text_of(floor, "#detail tbody[data-party=bravo] [data-fact=passedOn]")


def test_an_interval_is_replayed_on_the_map_and_left_again(floor, story, own_desk, other_desk):
    open_view(floor, "replay")
    write(floor, "#replay-from", in_page(floor, "units.js", "return m.dateTimeGroup(Date.parse(a[0]) - 120000)", story["own"]["createdAt"]))
    write(floor, "#replay-to", in_page(floor, "units.js", "return m.dateTimeGroup(Date.now() + 4 * 3600000)"))
    press(floor, "[data-focus=replay-begin]")
    element(floor, ".replay-controls")
    # The map says so, unmistakably, and draws what stood then: at the beginning neither of the two.
    until(floor, lambda b: of_each(b, ".map-body", "e.dataset.when") == ["replay"])
    press(floor, "[data-focus=replay-play]")
    until(floor, lambda b: text_of(b, "[data-focus=replay-play]") == "Play")
    photograph(floor, "replay")
    clock = lambda b: int(b.find_element(By.CSS_SELECTOR, ".replay-controls").get_attribute("data-at"))
    # Forward from event to event until the end of the interval: each is later than the one before.
    press(floor, ".replay-controls [data-focus=replay-play]")
    ActionChains(floor).send_keys("p", Keys.HOME).perform()
    seen = [clock(floor)]
    for _ in range(60):
        ActionChains(floor).send_keys(Keys.ARROW_RIGHT).perform()
        if clock(floor) == seen[-1]:
            break
        seen.append(clock(floor))
    assert len(seen) > 4 and seen == sorted(set(seen)), seen
    filed = in_page(floor, "units.js", "return Date.parse(a[0])", story["own"]["createdAt"])
    assert filed in seen
    # What is still to come was held at no time: four hours on end now.
    assert seen[-1] <= in_page(floor, "store.js", "return Date.now()")
    # What happens now goes on meanwhile: a notice of the other side rings.
    # Seven minutes past an hour: no tick of the timeline has that label.
    begins = 300 + (7 - datetime.datetime.now().minute) % 60
    late = other_desk.file("strike", [46.9, 27.6], 900, 1000, 2000, at(begins), at(begins + 20), "late")
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, f"[data-alarm='notice:{late['id']}']"))
    # Reading it back ends the replay, and the list keeps nothing: both would show what is to be read back.
    press(floor, "[data-view=records]")
    press(floor, "[data-focus=record-newer]")
    start = in_page(floor, "units.js", "return m.dateTimeGroup(a[0])", late["volumes"][0]["start"])
    until(floor, lambda b: any(start in row for row in of_each(b, ".record-list > li", "e.textContent")))
    press(floor, f"[data-alarm='notice:{late['id']}'] [data-focus=readBack]")
    until(floor, lambda b: not b.find_element(By.CSS_SELECTOR, ".replay-controls").is_displayed())
    until(floor, lambda b: of_each(b, ".map-body", "e.dataset.when") == ["now"])
    until(floor, lambda b: text_of(b, ".record-cover") and start not in everything(b))
    cancel(other_desk, late)


def downloads(browser, folder):
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})


def taken(browser, folder, name):
    return until(browser, lambda _: (file := folder / name).exists() and not list(folder.glob("*.crdownload")) and file.stat().st_size > 0 and file)


def audited(floor, path, *more):
    """What parley-audit says of a bundle: its exit code."""
    fingerprint = in_page(floor, "api.js", "return (await m.api.status()).mechanism.id")
    return subprocess.run([AUDIT, path, "--mechanism", fingerprint, *more], capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("bodies", ["open", "withheld", "sealed"])
def test_a_bundle_taken_from_the_page_is_one_that_a_stranger_accepts(floor, story, tmp_path, bodies):
    downloads(floor, tmp_path)
    press(floor, f"[data-notice='{story['own']['id']}']")
    open_view(floor, "evidence")
    press(floor, "input[name=scope][value=notice]")
    assert floor.find_element(By.ID, "evidence-notice").get_property("value") == story["own"]["id"]
    press(floor, f"input[name=bodies][value={bodies}]")
    press(floor, "[data-focus=evidence-export]")
    until(floor, lambda b: "KiB" in text_of(b, ".evidence-done"))
    bundle = taken(floor, tmp_path, "parley-evidence.tar")
    if not AUDIT.exists():
        pytest.skip(f"not built: {AUDIT}")
    answer = audited(floor, bundle)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    # A checker that accepts anything would prove nothing.
    spoilt = bytearray(bundle.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    bundle.write_bytes(spoilt)
    assert audited(floor, bundle).returncode == 1


def test_a_bundle_that_cannot_be_made_says_why(floor, story):
    open_view(floor, "evidence")
    press(floor, "input[name=scope][value=notice]")
    write(floor, "#evidence-notice", "bravo-99999")
    press(floor, "[data-focus=evidence-export]")
    until(floor, lambda b: "bravo-99999" in text_of(b, ".evidence-form .problem"))
    floor.execute_script("document.querySelector('input[value=interval]').scrollIntoView({ block: 'center' })")
    press(floor, "input[name=scope][value=interval]")
    write(floor, "#evidence-from", "tomorrow")
    press(floor, "[data-focus=evidence-export]")
    until(floor, lambda b: "221917ZNOV26" in text_of(b, ".evidence-form .problem"))


def test_a_statement_is_offered_only_while_there_is_something_to_state(floor, story, own_desk, other_desk, tmp_path):
    downloads(floor, tmp_path)
    press(floor, f"[data-notice='{story['own']['id']}']")
    open_view(floor, "evidence")
    until(floor, lambda b: "CONFLICT" in text_of(b, "#detail .assurance-answer") and "NO KNOWN" not in text_of(b, "#assurance"))
    for button in ("statement-notice", "statement-all"):
        assert not floor.find_element(By.CSS_SELECTOR, f"[data-focus={button}]").is_displayed()
    cancel(own_desk, story["own"])
    cancel(other_desk, story["theirs"])
    until(floor, lambda b: "NO KNOWN CONFLICT" in text_of(b, "#assurance"))
    floor.execute_script("document.querySelector('[data-focus=statement-all]').scrollIntoView({ block: 'center' })")
    press(floor, "[data-focus=statement-all]")
    note = taken(floor, tmp_path, "parley-assurance-mechanism.note").read_text()
    assert note.startswith("parley assurance v1\n") and "\nparty alpha\n" in note and "\nanswer NO KNOWN CONFLICT" in note
    assert "neither permission nor immunity" in note


def test_the_heads_of_the_logs_are_told_in_words(floor, story, own_desk):
    open_view(floor, "logs")
    until(floor, lambda b: "has signed that it holds all of it" in text_of(b, "[data-log=alpha] [data-holder=bravo]"))
    photograph(floor, "logs")
    note = floor.execute_async_script(
        "const done = arguments[0]; fetch('/api/v1/logs/alpha/checkpoint').then((r) => r.text()).then(done)")
    root = base64.b64decode(note.split("\n")[2]).hex()
    press(floor, "[data-log=alpha] .log-root summary")
    # Records may come in between; then the page follows.
    until(floor, lambda b: text_of(b, "[data-log=alpha] .log-root-full"))
    shown = text_of(floor, "[data-log=alpha] .log-root-full").replace(" ", "")
    size = int(note.split("\n")[1])
    if f" {size} record" in text_of(floor, "[data-log=alpha]"):
        assert shown == root
    assert len(shown) == 64
    assert "does not say that anybody there has read them" in text_of(floor, "#record")
