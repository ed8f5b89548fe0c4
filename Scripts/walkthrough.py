#!/usr/bin/env python3
"""Walks through the console as duty officers use it, and photographs each step.

Starts three nodes and two consoles, plays the founding case, and at each step checks what is on the screen and what the
node answers. The steps and their pictures are those of docs/operation.md.

    Scripts/walkthrough.py                  # writes docs/operation/*.webp and docs/console.png
    Scripts/walkthrough.py --out FOLDER     # writes the pictures there and leaves docs as it is
"""
import argparse
import base64
import datetime
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import time

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

ROOT = pathlib.Path(__file__).resolve().parents[1]
for folder in ("Scripts", "Tests/ApiTests", "Tests/ConsoleTests"):
    sys.path.append(str(ROOT / folder))

import harness
import screenshot
from desk import Desk
from page import choose, dtg, element, everything, hold, in_page, of_each, press, text_of, until, write
from relay import Relay

DOCS = ROOT / "docs"
OURS, THEIRS = "turkiye", "israel"
OFFICERS = {OURS: "demir", THEIRS: "peretz"}
# Of the terms: a peer unheard for so long is UNKNOWN. Long enough for a machine that does other work beside this.
HEARTBEAT_S, STALE_AFTER_S = 2, 12

# The step whose picture README shows, as docs/console.png.
README_SHOWS = "why"

SUBMIT = "#filing button[type=submit]"
STOP_OWN, STOP_THEIRS = "#stops .stop-own", "#stops .stop-theirs"


class Step:
    """One step: its name in files, its title in docs/operation.md, and what is done and checked.

    `run(walk)` returns the browser whose screen the picture is to be of.
    """

    def __init__(self, number, name, title, run):
        self.number, self.name, self.title, self.run = number, name, title, run

    @property
    def picture(self):
        return f"{self.number:02}-{self.name}.webp"


STEPS = []


def step(name, title):
    def registered(run):
        STEPS.append(Step(len(STEPS) + 1, name, title, run))
        return run

    return registered


class Walk:
    """Three nodes, a console at each principal's, and what one step leaves for the next."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.began = datetime.datetime.now(datetime.timezone.utc)
        self._browsers = []
        self.relay = None
        self.mechanism = harness.Mechanism(
            {"azerbaijan": "mediator", THEIRS: "principal", OURS: "principal"}, name="Example",
            heartbeat=HEARTBEAT_S, stale_after=STALE_AFTER_S)
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self):
        for party, officer in OFFICERS.items():
            harness.parley(
                "officer", "add", "--dir", self.mechanism[party].folder, "--name", officer, "--role", "watchOfficer",
                PARLEY_NEW_PASSPHRASE=harness.PASSPHRASE)
        for node in self.mechanism.nodes.values():
            node.start()
        harness.wait_until_signing(*self.mechanism.nodes.values())
        self.our_desk, self.their_desk = (self._desk(party) for party in (OURS, THEIRS))
        # Our console reaches its node by this, so that the node can be lost to it and to nobody else.
        self.relay = Relay("127.0.0.1", self.mechanism[OURS].desk_port)
        self.ours, self.theirs = self._browser(), self._browser()

    def _desk(self, party):
        return Desk(f"http://127.0.0.1:{self.mechanism[party].desk_port}", OFFICERS[party], harness.PASSPHRASE)

    def _browser(self):
        browser = screenshot.browser(1280, 720)
        self._browsers.append(browser)
        browser.set_script_timeout(120)
        # Nothing glides or flashes, so that a picture does not depend on when it was taken.
        browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
        return browser

    def take(self, each):
        """Does one step and photographs the screen that it names. Of a step that fails, both screens are kept."""
        try:
            browser = each.run(self)
            settle(browser)
            picture = capture(browser)
            (self.folder / each.picture).write_bytes(picture)
            if each.name == README_SHOWS:
                (self.folder / "console.png").write_bytes(capture(browser, "png"))
        except Exception:
            for party, browser in ((OURS, self.ours), (THEIRS, self.theirs)):
                self._keep(browser, f"failed-{each.number:02}-{each.name}-{party}.png")
            raise
        return picture

    def _keep(self, browser, name):
        try:
            (self.folder / name).write_bytes(capture(browser, "png"))
        except WebDriverException as problem:
            print(f"{name}: {problem.msg}", file=sys.stderr)

    def close(self):
        for browser in self._browsers:
            browser.quit()
        if self.relay:
            self.relay.close()
        peer = self.mechanism[THEIRS]
        if peer.is_running:
            # A step that failed may have left it stopped, and then it would not hear that it is to end.
            os.kill(peer.process.pid, signal.SIGCONT)
        self.mechanism.close()


def capture(browser, form="webp", **more):
    quality = {"quality": 75} if form == "webp" else {}
    return base64.b64decode(browser.execute_cdp_cmd("Page.captureScreenshot", {"format": form, **quality, **more})["data"])


def settle(browser):
    """Waits until two frames are drawn and the map has come to rest: two pictures of it in a row are the same."""
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    box = browser.execute_script(
        "const box = document.querySelector('.map-frame canvas')?.getBoundingClientRect();"
        " return box?.width ? { x: box.x, y: box.y, width: box.width, height: box.height, scale: 1 } : null")
    last = None

    def rests(_):
        nonlocal last
        now = capture(browser, clip=box)
        before, last = last, now
        return now == before

    if box:
        until(browser, rests)


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def in_hours(count):
    """On a whole minute, as officers write it."""
    return datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) + datetime.timedelta(hours=count)


def assurance_word(browser):
    return text_of(browser, "#assurance .assurance-word")


def alarm(browser, id, state):
    return browser.find_elements(By.CSS_SELECTOR, f"[data-alarm='{id}'].alarm-{state}")


def is_done(browser, card, name):
    return bool(browser.find_elements(By.CSS_SELECTOR, f"{card} [data-step={name}][data-done=true]"))


def checked(browser):
    """Whether the answer that is shown is the answer to what the form says now, and the form can be filed."""
    return browser.execute_script(
        "const check = document.querySelector('.check'); return check?.childElementCount > 0"
        " && !check.classList.contains('before') && !document.querySelector(arguments[0]).disabled", SUBMIT)


def to_the_overview(browser):
    """Nothing is selected, and the map shows the whole area."""
    browser.execute_script("document.querySelector('#detail .back')?.click()")
    press(browser, ".home")


def fill_in_sign_in(browser, url, officer):
    browser.get(url)
    write(browser, "#officer", officer)
    write(browser, "#passphrase", harness.PASSPHRASE)


def enter(browser):
    press(browser, ".signin-form button")
    until(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".map-frame[data-drawn=true]"))


@step("sign-in", "Sign in")
def signs_in(walk):
    fill_in_sign_in(walk.ours, f"http://127.0.0.1:{walk.relay.port}", OFFICERS[OURS])
    element(walk.ours, "#signin-stop .stop-button")
    assert walk.ours.find_element(By.ID, "passphrase").get_attribute("type") == "password"
    return walk.ours


def take_the_watch(browser, officer):
    press(browser, "[data-tab=watch]")
    press(browser, "#duty [data-focus=take]")
    until(browser, lambda b: f"On duty: {officer}" in text_of(b, "#duty"))
    press(browser, "[data-tab=notices]")


@step("quiet-floor", "Take the watch: the quiet floor")
def finds_the_floor_quiet(walk):
    enter(walk.ours)
    fill_in_sign_in(walk.theirs, walk.their_desk.url, OFFICERS[THEIRS])
    enter(walk.theirs)
    for browser, desk in ((walk.ours, walk.our_desk), (walk.theirs, walk.their_desk)):
        take_the_watch(browser, desk.officer)
        assert desk.call("GET", "watch")["onDuty"]["officer"] == desk.officer
        until(browser, lambda b: desk.officer in text_of(b, "#on-duty"))
        press(browser, "#detail .back")
    until(walk.ours, lambda b: assurance_word(b) == "NO KNOWN CONFLICT")
    until(walk.ours, lambda b: set(of_each(b, "#links [data-link]", "e.dataset.state")) == {"up"})
    assert not walk.ours.find_elements(By.CSS_SELECTOR, "#alarms [data-alarm]")
    assert walk.our_desk.call("GET", "assurance")["answer"] == "clear"
    assert walk.our_desk.call("GET", "notices")["notices"] == []
    return walk.ours


def fill(browser, lower, upper, **fields):
    """Altitudes as (value, unit and datum); the other fields as they are written."""
    for name, (value, datum) in {"lower": lower, "upper": upper}.items():
        write(browser, f"#file-{name}", value)
        choose(browser, f"#file-{name}-datum", datum)
    for name, text in fields.items():
        write(browser, f"#file-{name}", text)


@step("what-if", "Draw, and ask before you file")
def draws_a_presence(walk):
    browser = walk.ours
    write(browser, "#map-search", "Tiyas")
    element(browser, "#map-found li")
    browser.find_element(By.ID, "map-search").send_keys(Keys.ENTER)
    press(browser, ".maplibregl-ctrl-zoom-in")
    settle(browser)
    press(browser, "#file-notice")
    choose(browser, "#file-kind", "standing-presence")
    canvas = element(browser, ".map-frame canvas")
    press(browser, "#file-draw")
    # The centre of the circle, then its rim.
    for offset in ((0, 0), (48, 0)):
        ActionChains(browser).move_to_element_with_offset(canvas, *offset).click().perform()
    until(browser, lambda b: not b.find_element(By.ID, "file-undo").is_displayed())
    fill(
        browser, ("0", "feet.agl"), ("250", "flightLevel.flightLevel"), start=dtg(in_hours(1)), end=dtg(in_hours(72)),
        review=dtg(in_hours(48)), contact="T4 advance team, line 2")
    until(browser, checked)
    said = text_of(browser, ".check")
    assert "Nearest named place" in said and "km²" in said
    told = text_of(browser, ".telling")
    assert "About to be told to" in told and "Israel" in told
    assert walk.our_desk.call("GET", "notices")["notices"] == [], "nothing is filed by looking"
    browser.execute_script("document.querySelector('.check').scrollIntoView({ block: 'center' })")
    return browser


def file(browser):
    """Files what the form says; returns the notice's name."""
    press(browser, SUBMIT)
    return until(browser, lambda b: (found := re.match(r"(\S+) is FILED", text_of(b, ".just-filed"))) and found[1])


def clear_search(browser):
    """Takes the mark of what was searched for off the map."""
    ActionChains(browser).click(browser.find_element(By.ID, "map-search")).send_keys(Keys.ESCAPE).perform()


@step("filed", "File")
def files_it(walk):
    browser = walk.ours
    walk.presence = file(browser)
    until(browser, lambda _: walk.their_desk.has(f"notices/{walk.presence}"))
    held = walk.their_desk.call("GET", f"notices/{walk.presence}")
    assert held["volumes"] == walk.our_desk.call("GET", f"notices/{walk.presence}")["volumes"]
    fact = lambda b, name: text_of(b, f"#detail tbody[data-party={THEIRS}] [data-fact={name}]")
    until(browser, lambda b: "not yet" not in (fact(b, "evaluated") or "not yet"))
    assert "not yet" in fact(browser, "acknowledged")
    clear_search(browser)
    return browser


@step("rings", "The other desk rings")
def rings_the_other_desk(walk):
    browser = walk.theirs
    id = f"notice:{walk.presence}"
    until(browser, lambda b: alarm(b, id, "ringing"))
    press(browser, f"[data-alarm='{id}'] [data-focus=show]")
    until(browser, lambda b: walk.presence in text_of(b, "#detail"))
    [rung] = [each for each in walk.their_desk.call("GET", "alarms")["alarms"] if each["id"] == id]
    assert rung["state"] == "ringing"
    return browser


def read_back(browser, position, lower, start):
    """Writes what is read back, and sends it."""
    write(browser, "#read-position", position)
    write(browser, "#read-lower", lower[0])
    choose(browser, "#read-lower-datum", lower[1])
    write(browser, "#read-start", start)
    press(browser, "#read-back button[type=submit]")


@step("wrong-read-back", "A wrong read-back is refused")
def refuses_a_wrong_read_back(walk):
    browser = walk.theirs
    volume = walk.their_desk.call("GET", f"notices/{walk.presence}")["volumes"][0]
    longitude, latitude = volume["footprint"]["coordinates"]
    walk.written = (f"{latitude:.5f} {longitude:.5f}", ("0", "feet.agl"), dtg(instant(volume["start"])))
    press(browser, f"[data-alarm='notice:{walk.presence}'] [data-focus=readBack]")
    element(browser, "#read-back")
    # Not far off on the map, and 3.7 km too far east.
    read_back(browser, f"{latitude:.5f} {longitude + 0.04:.5f}", *walk.written[1:])
    said = until(browser, lambda b: text_of(b, "#read-result"))
    assert "REFUSED" in said and "POSITION" in said and "ALTITUDE" not in said
    assert f"{latitude:.5f} {longitude:.5f}" not in everything(browser), "what is asked for is not on the screen"
    until(walk.ours, lambda _: len(walk.our_desk.call("GET", f"notices/{walk.presence}")["readBacks"]) == 1)
    assert alarm(browser, f"notice:{walk.presence}", "ringing")
    return browser


@step("read-back", "The right read-back stops the ringing")
def accepts_the_right_one(walk):
    browser = walk.theirs
    read_back(browser, *walk.written)
    until(browser, lambda b: "ACCEPTED" in text_of(b, "#read-result"))
    until(browser, lambda b: not alarm(b, f"notice:{walk.presence}", "ringing"))
    return browser


@step("acknowledged", "The first desk sees it acknowledged")
def shows_it_acknowledged(walk):
    browser = walk.ours
    fact = f"#detail tbody[data-party={THEIRS}] [data-fact=acknowledged]"
    until(browser, lambda b: OFFICERS[THEIRS] in text_of(b, fact))
    said = walk.our_desk.call("GET", f"notices/{walk.presence}")["readBacks"]
    assert [each["accepted"] for each in said] == [False, True]
    browser.execute_script("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })", fact)
    press(walk.theirs, "#read-back button")
    return browser


@step("would-collide", "A draft that would collide")
def warns_of_a_collision(walk):
    browser = walk.theirs
    press(browser, "#file-notice")
    choose(browser, "#file-kind", "strike")
    fill(
        browser, ("0", "feet.agl"), ("250", "flightLevel.flightLevel"), points="34.53 37.68", radius="2500",
        start=dtg(in_hours(2)), end=dtg(in_hours(3)), contact="Air desk, line 1")
    until(browser, lambda b: checked(b) and walk.presence in text_of(b, ".check .hits"))
    assert "Minimum" in text_of(browser, ".check .hits")
    assert [each["id"] for each in walk.their_desk.call("GET", "notices")["notices"]] == [walk.presence]
    browser.execute_script("document.querySelector('.check .hits').scrollIntoView({ block: 'center' })")
    return browser


@step("conflict", "Conflict")
def finds_the_conflict(walk):
    walk.strike = file(walk.theirs)
    browser = walk.ours
    walk.conflict = until(browser, lambda _: next(
        (each["id"] for each in walk.our_desk.call("GET", "conflicts")["conflicts"] if len(each["foundBy"]) == 2), None))
    press(browser, f"[data-conflict='{walk.conflict}']")
    until(browser, lambda b: of_each(b, "#detail .conflict-picture", "e.complete && e.naturalWidth > 0") == [True])
    words = text_of(browser, "#detail .why-words")
    assert walk.strike in words and walk.presence in words and "are required" in words
    until(browser, lambda b: assurance_word(b) == "CONFLICT")
    assert walk.our_desk.call("GET", "assurance")["answer"] == "conflict"
    return browser


@step("why", "Why it is one")
def shows_the_picture_of_it(walk):
    browser = walk.ours
    [alt] = of_each(browser, "#detail .conflict-picture", "e.alt")
    assert walk.strike in alt and "5.0 km are required" in alt
    press(browser, "#detail .picture-button")
    until(browser, lambda b: of_each(b, "#picture-larger img", "e.complete && e.naturalWidth > 0") == [True])
    press(browser, "#picture-larger .close")
    until(browser, lambda b: not b.find_elements(By.CSS_SELECTOR, "#picture-larger"))
    # From the tops of both circles down to the windows.
    browser.execute_script(
        "document.querySelector('#detail .conflict-picture').scrollIntoView({ block: 'end' });"
        " document.getElementById('detail').scrollTop -= 40")
    return browser


@step("advice", "Ask for a way out")
def asks_for_advice(walk):
    browser = walk.ours
    panel = "#detail .advice"
    press(browser, f"{panel} summary")
    for name, value in {"earlier": "0", "later": "240", "within": "0"}.items():
        write(browser, f"{panel} input[id$='advice-{name}']", value)
    press(browser, f"{panel} [data-focus=advice-ask]")
    option = element(browser, f"{panel} .advice-option")
    browser.execute_script("arguments[0].scrollIntoView({ block: 'center' })", option)
    assert "permission" in text_of(browser, ".advice-result")
    return browser


@step("amend", "Take it into the form and check it")
def takes_the_advice(walk):
    browser = walk.ours
    press(browser, "#detail .advice-option [data-focus=advice-1]")
    element(browser, "#filing")
    assert "not filed" in text_of(browser, ".taken")
    until(browser, lambda b: checked(b) and walk.strike not in text_of(b, ".check"))
    assert walk.our_desk.call("GET", f"notices/{walk.presence}")["version"] == 1
    return browser


@step("conflict-over", "The conflict is over")
def ends_the_conflict(walk):
    browser = walk.ours
    press(browser, SUBMIT)
    until(browser, lambda b: "is FILED" in text_of(b, ".just-filed") and not b.find_elements(By.CSS_SELECTOR, "#conflicts [data-conflict]"))
    for desk in (walk.our_desk, walk.their_desk):
        until(browser, lambda _: desk.call("GET", f"conflicts/{walk.conflict}")["state"] == "cleared")
    # It no longer begins within two hours.
    until(browser, lambda b: not b.find_elements(By.CSS_SELECTOR, f"[data-soon='{walk.presence}']"))
    return browser


def acknowledge(desk, notice):
    """Reads a notice back as it is, as an officer of that desk."""
    held = desk.call("GET", f"notices/{notice}")
    volume = held["volumes"][0]
    answer = desk.call("POST", f"notices/{notice}/acknowledgements", {"version": held["version"], "readBack": {
        "position": held["referencePosition"]["position"], "lower": volume["altitude"]["lower"], "start": volume["start"]}})
    assert answer["accepted"]


@step("all-read-back", "Both sides have read back")
def reads_all_back(walk):
    browser = walk.ours
    acknowledge(walk.our_desk, walk.strike)
    acknowledge(walk.their_desk, walk.presence)
    until(browser, lambda b: assurance_word(b).startswith("NO KNOWN CONFLICT"))
    return browser


@step("stop", "STOP")
def presses_stop(walk):
    browser = walk.ours
    hold(browser, "#stop-here .stop-button")
    until(browser, lambda b: is_done(b, STOP_OWN, "received"))
    assert not is_done(browser, STOP_OWN, "heard")
    until(browser, lambda _: walk.their_desk.call("GET", "stops")["stops"])
    return browser


@step("stop-there", "STOP on the other screen")
def shows_stop_there(walk):
    element(walk.theirs, STOP_THEIRS)
    assert "stop-ringing" in element(walk.theirs, STOP_THEIRS).get_attribute("class")
    return walk.theirs


@step("stop-answered", "Heard, ordered, ceased")
def answers_stop(walk):
    press(walk.theirs, f"{STOP_THEIRS} [data-answer=heard]")
    until(walk.ours, lambda b: is_done(b, STOP_OWN, "heard"))
    until(walk.theirs, lambda b: b.find_elements(By.CSS_SELECTOR, f"{STOP_THEIRS}.stop-steady"))
    write(walk.theirs, f"{STOP_THEIRS} .stop-units", "Strike flight 1")
    for word in ("ordered", "ceaseReported"):
        press(walk.theirs, f"{STOP_THEIRS} [data-answer={word}]")
        until(walk.ours, lambda b: is_done(b, STOP_OWN, word))
    press(walk.ours, f"{STOP_OWN} [data-focus=effect]")
    until(walk.ours, lambda b: is_done(b, STOP_OWN, "effect"))
    [stop] = walk.our_desk.call("GET", "stops")["stops"]
    assert stop["isOpen"], "their word ends nothing"
    return walk.ours


@step("stop-lifted", "Lifted by the desk that pressed it")
def lifts_stop(walk):
    hold(walk.ours, f"{STOP_OWN} [data-lift=effectObserved]")
    for browser, card in ((walk.ours, STOP_OWN), (walk.theirs, STOP_THEIRS)):
        until(browser, lambda b: not b.find_elements(By.CSS_SELECTOR, card))
    [stop] = walk.their_desk.call("GET", "stops")["stops"]
    assert not stop["isOpen"]
    to_the_overview(walk.ours)
    until(walk.ours, lambda b: assurance_word(b).startswith("NO KNOWN CONFLICT"))
    return walk.ours


@step("link-lost", "The other node falls silent")
def loses_the_link(walk):
    browser = walk.ours
    # It holds its connections open and answers nothing: the outage that no reset announces.
    os.kill(walk.mechanism[THEIRS].process.pid, signal.SIGSTOP)
    until(browser, lambda b: assurance_word(b) == "UNKNOWN")
    until(browser, lambda b: of_each(b, f"#links [data-link={THEIRS}]", "e.dataset.state") not in ([], ["up"]))
    until(browser, lambda b: "Israel" in text_of(b, "#detail .reasons"))
    answer = walk.our_desk.call("GET", "assurance")
    assert answer["answer"] == "unknown" and THEIRS in [each["party"] for each in answer["reasons"]]
    return browser


@step("link-back", "Heard again")
def finds_the_link_again(walk):
    os.kill(walk.mechanism[THEIRS].process.pid, signal.SIGCONT)
    until(walk.ours, lambda b: assurance_word(b).startswith("NO KNOWN CONFLICT"))
    assert walk.our_desk.call("GET", "assurance")["answer"] in ("clear", "conditions")
    return walk.ours


@step("node-lost", "This screen has lost its node")
def loses_its_own_node(walk):
    browser = walk.ours
    walk.relay.cut()
    until(browser, lambda b: "LOST ITS NODE" in text_of(b, "#lost") and "Nothing shown here is current" in text_of(b, "#lost"))
    until(browser, lambda b: assurance_word(b) == "UNKNOWN")
    assert walk.our_desk.call("GET", "assurance")["answer"] in ("clear", "conditions"), "the node itself is well"
    return browser


@step("replay", "Replay")
def replays_the_watch(walk):
    browser = walk.ours
    walk.relay.mend()
    until(browser, lambda b: not b.find_element(By.ID, "lost").is_displayed())
    press(browser, "[data-tab=record]")
    press(browser, "[data-view=replay]")
    write(browser, "#replay-from", dtg(walk.began))
    write(browser, "#replay-to", dtg(in_hours(1)))
    press(browser, "[data-focus=replay-begin]")
    element(browser, ".replay-controls")
    records = walk.our_desk.call("GET", "record?kinds=finding")["records"]
    found = in_page(browser, "units.js", "return Math.max(...a[0].map((at) => Date.parse(at)))", [each["createdAt"] for each in records])
    at = lambda: float(browser.find_element(By.CSS_SELECTOR, ".replay-controls").get_attribute("data-at"))
    # From event to event, which ends the playing, to when the later of the two nodes had found the conflict.
    press(browser, "[data-focus=replay-next]")
    while at() > found:
        press(browser, "[data-focus=replay-back]")
    while at() < found:
        press(browser, "[data-focus=replay-next]")
    assert at() == found
    assert of_each(browser, ".map-body", "e.dataset.when") == ["replay"]
    # Of what is held now, the bar goes on telling.
    until(browser, lambda b: assurance_word(b) == "NO KNOWN CONFLICT")
    return browser


def speak(browser, language):
    press(browser, "#open-settings")
    choose(browser, "#settings-language", language)
    if browser.find_elements(By.ID, "lose-form"):
        press(browser, "#lose-form")
    until(browser, lambda b: b.execute_script("return document.documentElement.lang") == language)
    press(browser, "#settings .close")
    until(browser, lambda b: b.find_elements(By.CSS_SELECTOR, ".map-frame[data-drawn=true]"))


def shows_the_notice_in(walk, language, direction):
    """Our notice, and the assurance by its name in that language."""
    browser = walk.ours
    speak(browser, language)
    press(browser, "[data-tab=notices]")
    press(browser, f"[data-notice='{walk.presence}']")
    until(browser, lambda b: walk.presence in text_of(b, "#detail"))
    assert browser.execute_script("return document.documentElement.dir") == direction
    words = in_page(browser, f"catalogue/{language}.js", "return m.default.words['assurance.clear']")
    until(browser, lambda b: assurance_word(b) == words)
    # The timeline goes on where it was.
    until(browser, lambda b: {walk.presence, walk.strike} <= set(of_each(b, "#timeline [data-bar]", "e.dataset.bar")))
    return browser


@step("hebrew", "In Hebrew")
def speaks_hebrew(walk):
    press(walk.ours, "[data-focus=replay-leave]")
    return shows_the_notice_in(walk, "he", "rtl")


@step("arabic", "In Arabic")
def speaks_arabic(walk):
    return shows_the_notice_in(walk, "ar", "rtl")


@step("light", "By daylight")
def shows_the_light_theme(walk):
    browser = shows_the_notice_in(walk, "en", "ltr")
    press(browser, "#open-settings")
    press(browser, "#settings input[name=theme][value=light]")
    press(browser, "#settings .close")
    assert browser.execute_script("return document.documentElement.dataset.theme") == "light"
    ground = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert sum(int(value) for value in re.findall(r"\d+", ground)[:3]) > 3 * 200, ground
    return browser


def publish(folder):
    """Puts the pictures of a walk that has succeeded in place of those before."""
    shown = DOCS / "operation"
    shutil.rmtree(shown, ignore_errors=True)
    shown.mkdir()
    for each in STEPS:
        shutil.copy(folder / each.picture, shown / each.picture)
    shutil.copy(folder / "console.png", DOCS / "console.png")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, help="a folder for the pictures; docs stays as it is")
    arguments = parser.parse_args()
    folder = arguments.out or pathlib.Path(tempfile.mkdtemp(prefix="parley-walk-"))
    walk = Walk(folder)
    try:
        for each in STEPS:
            began = time.monotonic()
            picture = walk.take(each)
            print(f"{each.picture}: {len(picture) // 1024} KiB, {time.monotonic() - began:.1f} s", flush=True)
    except Exception:
        print(f"Both screens are in {folder}.", file=sys.stderr)
        raise
    finally:
        walk.close()
    if not arguments.out:
        publish(folder)
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
