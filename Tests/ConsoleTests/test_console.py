"""The console in a real browser against a running node: see conftest.py for what it needs."""
import datetime
import json
import os
import re
import time

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions as shown
from selenium.webdriver.support.ui import Select

import screenshot
from desk import Desk
from page import dtg, element, everything, in_page, of_each, press, text_of, until, write

HOSTILE = "<img src=x onerror=\"document.title='broken in'\"><b>bold</b> \u202etxet lasrever"


@pytest.fixture()
def strike(other_desk):
    """A strike that the other desk has just filed, far from all else, with figures that no other notice has."""
    latitude = round(33.1 + int(time.time() * 10) % 9000 / 10_000, 4)
    moment = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    start = moment + datetime.timedelta(minutes=47)
    end = start + datetime.timedelta(minutes=21)
    text = lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ")
    notice = other_desk.file("strike", [40.8137, latitude], 1500, 6350, 21450, text(start), text(end), HOSTILE)
    notice |= {"begins": start, "latitude": latitude}
    yield notice
    other_desk.call("POST", f"notices/{notice['id']}/end", {"reason": "cancelled"})


def fill_read_back(browser, position, lower, start):
    for field, value in (("read-position", position), ("read-lower", lower), ("read-start", start)):
        write(browser, f"#{field}", value)
    Select(element(browser, "#read-lower-datum")).select_by_visible_text("ft AMSL")
    press(browser, "#read-back button[type=submit]")


def open_read_back(browser, notice):
    press(browser, f"[data-alarm='notice:{notice['id']}'] [data-focus=readBack]")
    element(browser, "#read-back")


def test_a_wrong_passphrase_is_refused_and_shows_nothing(browser, relay, node):
    browser.get(relay.url)
    element(browser, "#officer").send_keys(node[1])
    element(browser, "#passphrase").send_keys("certainly not the passphrase")
    press(browser, ".signin-form button")
    until(browser, lambda b: "wrong" in b.find_element(By.ID, "signin-problem").text)
    assert not browser.find_element(By.ID, "floor").is_displayed()
    until(browser, lambda b: b.find_element(By.ID, "passphrase").get_attribute("value") == "")


def test_the_map_is_drawn_and_nothing_breaks_the_content_security_policy(floor):
    canvas = floor.find_element(By.CSS_SELECTOR, ".map-frame canvas")
    assert canvas.size["width"] > 300 and canvas.size["height"] > 300
    # A canvas on which nothing was drawn has one colour.
    colours = floor.execute_async_script("""
        const [png, done] = arguments;
        const picture = new Image();
        picture.onload = () => {
          const context = Object.assign(document.createElement("canvas"), { width: 64, height: 64 }).getContext("2d");
          context.drawImage(picture, 0, 0, 64, 64);
          done(new Set(new Uint32Array(context.getImageData(0, 0, 64, 64).data.buffer)).size);
        };
        picture.src = "data:image/png;base64," + png;
        """, canvas.screenshot_as_base64)
    assert colours > 8
    assert "Natural Earth" in floor.find_element(By.CSS_SELECTOR, ".sources").text
    complaints = [entry["message"] for entry in floor.get_log("browser")
                  if entry["level"] == "SEVERE" and "/api/v1/session" not in entry["message"]]
    assert complaints == []


def test_the_zulu_clock_shows_the_nodes_time(floor):
    def is_right(browser):
        clock = re.match(r"(\d\d):(\d\d):(\d\d)", text_of(browser, ".zulu"))
        if clock is None:
            return False
        at = datetime.datetime.now(datetime.timezone.utc)
        hours, minutes, seconds = map(int, clock.groups())
        apart = abs((hours * 60 + minutes) * 60 + seconds - ((at.hour * 60 + at.minute) * 60 + at.second))
        return min(apart, 86400 - apart) <= 5

    # It is drawn once a second, as far as the page gets to it.
    until(floor, is_right)


def test_a_notice_from_the_other_desk_rings_until_it_is_acknowledged(floor, strike):
    alarm = f"[data-alarm='notice:{strike['id']}']"
    element(floor, alarm)
    looks = lambda: of_each(floor, alarm, "e.className")
    assert "alarm-ringing" in looks()[0]
    assert "ringing" in text_of(floor, "#alarms h2")
    press(floor, f"{alarm} [data-focus=acknowledge]")
    until(floor, lambda _: "alarm-acknowledged" in looks()[0])


def test_the_read_back_hides_the_answer_names_only_the_wrong_field_and_accepts_the_right_one(floor, strike):
    press(floor, f"[data-notice='{strike['id']}']")
    until(floor, lambda b: "6,350" in b.find_element(By.ID, "detail").text)
    spoken = of_each(floor, "#detail .position span", "e.innerText")
    secrets = [f"{strike['latitude']:.4f}", "6,350", dtg(strike["begins"]), *spoken]
    assert len(spoken) >= 2 and [secret for secret in secrets if secret not in everything(floor)] == []

    open_read_back(floor, strike)
    assert [secret for secret in [*secrets, "6350"] if secret in everything(floor)] == []

    # 0.01 degrees of latitude is 1.1 km.
    fill_read_back(floor, f"{strike['latitude'] + 0.01:.4f} 40.8137", "6350", dtg(strike["begins"]))
    refusal = until(floor, lambda b: b.find_element(By.ID, "read-result").text)
    assert "REFUSED" in refusal and "POSITION" in refusal
    assert "ALTITUDE" not in refusal and "START" not in refusal
    assert f"{strike['latitude']:.4f}" not in everything(floor)

    fill_read_back(floor, f"{strike['latitude']:.4f} 40.8137", "6350", dtg(strike["begins"]))
    until(floor, lambda b: "ACCEPTED" in b.find_element(By.ID, "read-result").text)
    press(floor, "#read-back button")
    until(floor, lambda b: "REFUSED" in b.find_element(By.ID, "detail").text)


def test_a_read_back_with_another_altitude_and_start_is_refused_for_both(floor, strike):
    open_read_back(floor, strike)
    fill_read_back(floor, f"{strike['latitude']:.4f} 40.8137", "9900", dtg(strike["begins"] + datetime.timedelta(hours=5)))
    refusal = until(floor, lambda b: b.find_element(By.ID, "read-result").text)
    assert "ALTITUDE" in refusal and "START" in refusal and "POSITION" not in refusal


def test_what_a_peer_wrote_is_shown_as_text(floor, strike):
    press(floor, f"[data-notice='{strike['id']}']")
    until(floor, lambda b: "<b>bold</b>" in b.find_element(By.ID, "detail").text)
    assert floor.find_elements(By.CSS_SELECTOR, "#detail img, #detail b") == []
    assert "\u202e" not in everything(floor)
    assert "broken in" not in floor.title


def test_assurance_is_one_of_four_phrases_and_never_reads_as_permission(floor):
    word = until(floor, lambda b: b.find_element(By.CSS_SELECTOR, ".assurance-word").text)
    assert word in ("NO KNOWN CONFLICT", "NO KNOWN CONFLICT UNDER CONDITIONS", "CONFLICT", "UNKNOWN")
    page = floor.find_element(By.TAG_NAME, "body").text
    assert "A notice is neither permission nor immunity." in page
    assert re.search(r"\b(safe|clear|ok|okay)\b", page, re.IGNORECASE) is None
    # Green would mean "go": no part of the word has more green in it than red and blue.
    colour = floor.find_element(By.CSS_SELECTOR, ".assurance-word").value_of_css_property("color")
    red, green, blue = (int(part) for part in re.findall(r"\d+", colour)[:3])
    assert green <= max(red, blue)


def test_a_console_whose_connection_is_cut_says_so_and_recovers(floor, relay):
    relay.cut()
    until(floor, lambda b: b.find_element(By.ID, "lost").is_displayed())
    assert "LOST ITS NODE" in text_of(floor, "#lost")
    until(floor, lambda b: text_of(b, ".assurance-word") == "UNKNOWN")
    assert "stale" in floor.find_element(By.TAG_NAME, "body").get_attribute("class")
    relay.mend()
    until(floor, lambda b: not b.find_element(By.ID, "lost").is_displayed())


def test_a_console_whose_node_falls_silent_says_so(floor, relay):
    relay.stall()
    until(floor, lambda b: b.find_element(By.ID, "lost").is_displayed())
    until(floor, lambda b: text_of(b, ".assurance-word") == "UNKNOWN")
    relay.mend()
    until(floor, lambda b: not b.find_element(By.ID, "lost").is_displayed())


def test_filing_shows_what_it_would_tell_and_then_files(floor):
    press(floor, "#file-notice")
    write(floor, "#file-points", "36.2134 40.1122")
    for field, value in (("file-radius", "2500"), ("file-lower", "1200"), ("file-upper", "4300"), ("file-contact", "Console test")):
        write(floor, f"#{field}", value)
    submit = "#filing button[type=submit]"
    until(floor, shown.element_to_be_clickable((By.CSS_SELECTOR, submit)))
    until(floor, lambda b: "About to be told to" in text_of(b, ".telling"))
    press(floor, submit)
    until(floor, lambda b: "Console test" in b.find_element(By.ID, "detail").text)

    press(floor, "#detail [data-focus=end]")
    until(floor, lambda b: "removes a warning" in text_of(b, ".confirm"))
    press(floor, ".confirm input[value=cancelled]")
    press(floor, ".confirm button[type=submit]")
    until(floor, lambda b: "ENDED" in b.find_element(By.ID, "detail").text)


def test_what_happened_to_a_notice_is_shown_as_separate_facts_with_time_and_signer(floor, node, strike):
    def rows():
        return dict(of_each(floor, "#detail [data-fact]", "[e.dataset.fact, e.innerText]"))

    def known():
        """The facts once the other side has receipted and judged it, in whichever order its two answers came."""
        found = rows()
        return all("not yet" not in found.get(name, "not yet") for name in ("receipted", "evaluated")) and found

    start = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=9)
    text = lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ")
    desk = Desk(*node)
    own = desk.file("strike", [36.1, 30.2], 900, 1000, 2000, text(start), text(start + datetime.timedelta(hours=1)), "ours")
    try:
        press(floor, f"[data-notice='{own['id']}']")
        shown = until(floor, lambda _: known())
    finally:
        desk.call("POST", f"notices/{own['id']}/end", {"reason": "cancelled"})
    assert list(shown) == ["filed", "receipted", "evaluated", "acknowledged", "passedOn"]
    assert re.search(r"Filed.*\d{6}Z.*Alpha.*watch", shown["filed"], re.DOTALL)
    assert re.search(r"Received.*\d{6}Z.*Bravo", shown["receipted"], re.DOTALL)
    assert re.search(r"Judged.*\d{6}Z.*Bravo", shown["evaluated"], re.DOTALL)
    assert "not yet" in shown["acknowledged"] and "Bravo" not in shown["acknowledged"]

    # Of another's notice: nobody tells this desk about receipts.
    press(floor, f"[data-notice='{strike['id']}']")
    shown = until(floor, lambda _: "Bravo" in (found := rows()).get("filed", "") and found)
    assert list(shown) == ["filed", "evaluated", "acknowledged", "passedOn"]


def test_a_record_that_is_lodged_is_never_shown_as_received(floor):
    at = "2026-11-22T19:17:00.000000Z"
    fact = {"party": "x", "receiptedAt": None, "lodgedAt": at, "lodgedWith": "m", "evaluatedAt": None,
            "acknowledgedAt": None, "acknowledgedBy": None, "attestedBy": "x"}
    notice = {"version": 2, "createdAt": at, "owner": "y", "officer": "o", "facts": [fact], "readBacks": [], "passedOn": [],
              "id": "y-1", "record": "y-2"}
    rows = in_page(floor, "facts.js", f"""
        const store = {{ party: (id) => ({{ id, name: id.toUpperCase() }}), status: null, ownParty: {{ id: "y" }} }};
        const shown = m.noticeFacts({json.dumps(notice)}, store);
        return [...shown.querySelectorAll("[data-fact]")].map((row) => [row.dataset.fact, [...row.cells].map((cell) => cell.textContent)]);""")
    assert rows == [
        ["filed", ["Version 2 filed", "221917ZNOV26", "Yoy-2"]],
        ["lodged", ["Lodged, not received", "221917ZNOV26", "M"]],
        ["receipted", ["Received", "not yet", "\u2014"]],
        ["evaluated", ["Judged", "not yet", "\u2014"]],
        ["acknowledged", ["Read back", "not yet", "\u2014"]],
        ["passedOn", ["Passed on", "not yet", "\u2014"]],
    ]


def test_an_alarm_says_of_what_kind_it_is(floor, strike):
    until(floor, lambda b: text_of(b, f"[data-alarm='notice:{strike['id']}'] .alarm-kind") == "NOTICE")


def test_a_node_that_does_not_sign_says_so_and_what_ends_it(browser, lone_desk):
    screenshot.sign_in(browser, lone_desk.url, lone_desk.officer, lone_desk.passphrase)
    element(browser, "#unsigned")
    banner = text_of(browser, "#unsigned")
    assert "SIGNS NOTHING" in banner and "have not confirmed" in banner
    assert "Ended by" in banner and "administrator" in banner
    until(browser, lambda b: text_of(b, ".assurance-word") == "UNKNOWN")
    if shots := os.environ.get("PARLEY_SHOTS"):
        browser.save_screenshot(os.path.join(shots, "unsigned.png"))
    lone_desk.call("POST", "signing", {"reason": "the test answers for it"})
    until(browser, lambda b: not b.find_element(By.ID, "unsigned").is_displayed())
    kind = "[data-alarm='unconfirmedSize:charlie']"
    until(browser, lambda b: "the test answers for it" in text_of(b, kind))
    until(browser, lambda b: text_of(b, f"{kind} .alarm-kind") == "LOG SIZE")


def test_every_reason_for_not_signing_has_its_words(floor):
    words = in_page(floor, "catalogue/en.js", "return m.default.words")
    for state in ("unconfirmed", "behind", "frozen"):
        assert all(words.get(f"signing.{state}{part}") for part in ("", ".title", ".ends"))


def test_the_form_is_reached_and_left_by_keyboard_alone(floor):
    floor.execute_script("document.activeElement.blur()")
    focused = lambda: floor.execute_script("return document.activeElement.id")
    # What has the focus may be made anew at any time, so keys go to whatever has it.
    for _ in range(60):
        ActionChains(floor).send_keys(Keys.TAB).perform()
        if focused() == "file-notice":
            break
    assert focused() == "file-notice"
    assert of_each(floor, "#file-notice", "getComputedStyle(e).outlineStyle") == ["solid"]
    ActionChains(floor).send_keys(Keys.ENTER).perform()
    until(floor, lambda _: focused() == "file-kind")


def test_the_event_reader_takes_its_text_in_any_pieces(floor):
    text = ": hello\\r\\n\\r\\nid: e1-7\\r\\nevent: notice\\r\\ndata: {\\\"a\\\":\\r\\ndata: 1}\\r\\n\\r\\ndata: x\\n\\n"
    seen = in_page(floor, "stream.js", f"""
        const text = "{text}";
        return [1, 2, 3, 7, text.length].map((size) => {{
          const seen = [];
          const parser = new m.EventParser((event) => seen.push(event));
          for (let i = 0; i < text.length; i += size) parser.push(text.slice(i, i + size));
          return seen;
        }});""")
    expected = [{"type": "notice", "data": "{\"a\":\n1}", "id": "e1-7"}, {"type": "message", "data": "x", "id": None}]
    assert seen == [expected] * 5


def test_an_event_that_came_before_is_known_by_its_number_within_one_epoch(floor):
    pairs = [("e1-7", "e1-7"), ("e1-6", "e1-7"), ("e1-10", "e1-9"), ("e2-1", "e1-9")]
    assert [in_page(floor, "stream.js", f"return m.isOld('{a}', '{b}')") for a, b in pairs] == [True, True, False, False]


def test_times_are_read_as_date_time_groups_and_never_guessed(floor):
    texts = ["221917ZNOV26", "22 1917Z nov 26", "2026-11-22T19:17:00Z", "311200ZNOV26", "222460ZNOV26", "221917NOV26", "noon"]
    read = in_page(floor, "units.js", f"return {texts!r}.map(m.parseTime)")
    assert read == ["2026-11-22T19:17:00.000Z", "2026-11-22T19:17:00.000Z", "2026-11-22T19:17:00Z", None, None, None, None]


def test_no_words_of_the_interface_can_be_taken_for_permission(floor):
    words = in_page(floor, "catalogue/en.js", "return Object.values(m.default.words).flatMap((each) => typeof each === 'string' ? each : Object.values(each))")
    assert len(words) > 100
    assert [each for each in words if re.search(r"\b(safe|safely|clear|ok|okay|approved|permitted)\b", each, re.IGNORECASE)] == []
