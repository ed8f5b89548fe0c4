"""Alarms, their history, read-back by plotting, and STOP as two consoles show it, in real browsers between two running nodes."""
import datetime
import re
import time

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

import screenshot
from page import dtg, element, everything, hold, in_page, of_each, press, text_of, until, write

AT = "2026-11-22T19:{:02}:00.000000Z"

# A panel of alarms over a store of its own, with tones and a live region that only note what reaches them.
PANEL = """
  const { Store } = await import(new URL("store.js", document.baseURI));
  const store = new Store();
  store.session = { officer: "o", role: "watchOfficer" };
  store.apply("status", { utc: a[0], party: { id: "a", name: "A", role: "principal" }, parties: [] });
  const place = document.createElement("div"), spoken = document.createElement("div"), rung = [];
  const show = m.mountAlarms(place, store, { spoken, tones: { locked: false, unlock() {}, ring: (precedence) => rung.push(precedence) } });
  const says = () => [...spoken.children].map((line) => line.textContent);
"""


def alarm(name, precedence, minute, state="ringing", **more):
    return {"id": name, "kind": "notice", "card": "notice", "precedence": precedence, "subject": name, "party": None, "raisedAt": AT.format(minute),
            "rangAt": AT.format(minute), "dueAt": None, "rung": 0, "roles": ["watch"], "state": state, "acknowledgedBy": None, "sentence": f"{name}.", **more}


def at_whole_minute(minutes):
    moment = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    return moment + datetime.timedelta(minutes=minutes)


def rfc(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_alarms_stand_by_precedence_then_age(floor):
    alarms = [
        alarm("routine", "routine", 1), alarm("flash-new", "flash", 9), alarm("flash-old", "flash", 8, "acknowledged"), alarm("over", "flash", 1, "cleared"),
        alarm("priority", "priority", 2), alarm("immediate", "immediate", 3, "acknowledged")]
    order = in_page(floor, "alarms.js", "return m.standing({ alarms: new Map(a[0].map((each) => [each.id, each])) }).map((each) => each.id)", alarms)
    assert order == ["flash-old", "flash-new", "immediate", "priority", "routine"]


def test_each_ring_is_announced_once_and_sounds_until_it_is_acknowledged(floor):
    ringing = alarm("n-1", "priority", 1)
    told = in_page(floor, "alarms.js", PANEL + """
        const after = (value) => { store.event("alarm", value); show(); show(); show(); return [says().length, rung.at(-1)]; };
        return [after(a[1]), after({ ...a[1] }), after({ ...a[1], rangAt: a[0], rung: 1 }), after({ ...a[1], state: "acknowledged" }),
          after({ ...a[1], state: "cleared" }), [says()[0], place.querySelectorAll("[data-alarm]").length]];""", AT.format(30), ringing)
    assert told[:5] == [[1, "priority"], [1, "priority"], [2, "priority"], [2, None], [2, None]]
    assert told[5] == ["PRIORITY alarm. n-1.", 0]


def test_a_due_time_is_counted_down_and_then_up(floor):
    told = in_page(floor, "alarms.js", PANEL + """
        const shown = (utc) => { store.apply("status", { ...store.status, utc }); store.event("alarm", { ...a[1] }); show(); return place.querySelector(".due").textContent; };
        return [shown(a[2]), shown(a[3])];""", AT.format(0), alarm("n-1", "priority", 0, dueAt=AT.format(17)), AT.format(10), AT.format(20))
    # The clock goes on meanwhile.
    assert re.fullmatch(r"due in (7 min 00|6 min [345]\d) s · 221917ZNOV26", told[0])
    assert re.fullmatch(r"OVERDUE by 3 min [012]\d s · 221917ZNOV26", told[1])


def test_what_is_being_read_back_says_nothing_of_when_it_is_due(floor):
    told = in_page(floor, "alarms.js", PANEL + """
        store.event("alarm", a[1]);
        show();
        const before = place.querySelectorAll(".due").length;
        store.select({ type: "readBack", id: "n-1" });
        show();
        return [before, place.querySelectorAll(".due").length, place.textContent.includes("n-1.")];""", AT.format(0), alarm("n-1", "priority", 0, dueAt=AT.format(17)))
    assert told == [1, 0, False]


def test_every_kind_of_alarm_has_its_word_and_its_action_card(floor, own_desk):
    kinds = own_desk.call("GET", "openapi.json")["components"]["schemas"]["Alarm"]["properties"]["kind"]["enum"]
    cards = own_desk.call("GET", "cards")["cards"]
    words = in_page(floor, "catalogue/en.js", "return m.default.words")
    assert len(kinds) > 20
    assert [kind for kind in kinds if f"alarm.{kind}" not in words] == []
    assert [kind for kind in kinds if not any(card["code"] == kind and card["do"] and card["ends"] for card in cards)] == []


def test_no_press_acknowledges_more_than_one_alarm(floor, own_desk, other_desk):
    start = at_whole_minute(90)
    notices = [other_desk.file("strike", [40.1, 33.3 + i / 100], 900, 1000, 9000, rfc(start), rfc(start + datetime.timedelta(hours=1)), "one of two") for i in range(2)]
    try:
        cards = [f"[data-alarm='notice:{notice['id']}']" for notice in notices]
        for card in cards:
            element(floor, card)
        buttons = "#alarms [data-focus=acknowledge]"
        assert of_each(floor, buttons, "e.closest('[data-alarm]') !== null") == [True] * len(floor.find_elements(By.CSS_SELECTOR, "#alarms .alarm-ringing"))
        press(floor, f"{cards[0]} [data-focus=acknowledge]")
        until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, f"{cards[0]}.alarm-acknowledged"))
        assert own_desk.officer in text_of(floor, cards[0])
        assert floor.find_element(By.CSS_SELECTOR, cards[0]).value_of_css_property("animation-name") == "none"
        assert floor.find_elements(By.CSS_SELECTOR, f"{cards[1]}.alarm-ringing")
    finally:
        for notice in notices:
            other_desk.call("POST", f"notices/{notice['id']}/end", {"reason": "cancelled"})


def test_an_alarm_that_is_over_leaves_the_list_and_stays_in_the_history(floor, own_desk, other_desk):
    start = at_whole_minute(100)
    notice = other_desk.file("strike", [40.3, 33.6], 900, 1000, 9000, rfc(start), rfc(start + datetime.timedelta(hours=1)), "for the history")
    alarm_id = f"notice:{notice['id']}"
    card = f"[data-alarm='{alarm_id}']"
    press(floor, f"{card} [data-focus=acknowledge]")
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, f"{card}.alarm-acknowledged"))
    past = f"[data-past-alarm='{alarm_id}']"
    press(floor, "#open-alarm-history")
    element(floor, "#alarm-history")
    assert floor.find_elements(By.CSS_SELECTOR, past) == []
    other_desk.call("POST", f"notices/{notice['id']}/end", {"reason": "cancelled"})
    # The history that is open takes it in as it leaves the list.
    until(floor, lambda b: not b.find_elements(By.CSS_SELECTOR, card) and own_desk.officer in text_of(b, past))
    assert "strike" in text_of(floor, past) and "IMMEDIATE" in text_of(floor, past)
    # A page that has just been opened has it from the node.
    floor.refresh()
    press(floor, "#open-alarm-history")
    until(floor, lambda b: own_desk.officer in text_of(b, past))


def plot(browser, offset):
    """Picks the position so far from the middle of the map, in pixels; returns what stands in the field then."""
    press(browser, "#read-back .pair button")
    canvas = element(browser, ".map-frame canvas")
    before = browser.find_element(By.ID, "read-position").get_property("value")
    ActionChains(browser).move_to_element_with_offset(canvas, *offset).click().perform()
    until(browser, lambda b: b.find_element(By.ID, "read-position").get_property("value") not in ("", before))
    return browser.find_element(By.ID, "read-position").get_property("value")


def test_a_position_is_plotted_on_a_map_that_does_not_show_it_wrong_first_and_then_right(floor, other_desk):
    press(floor, ".home")
    press(floor, "#file-notice")
    # What stands at this pixel of the whole area, as the form for filing has it.
    there = (70, -40)
    press(floor, "#file-draw")
    ActionChains(floor).move_to_element_with_offset(element(floor, ".map-frame canvas"), *there).click().perform()
    text = element(floor, "#file-points").get_property("value").strip()
    latitude, _, longitude, _ = text.split()
    press(floor, "#file-discard")

    start = at_whole_minute(133)
    notice = other_desk.file("strike", [float(longitude), float(latitude)], 1500, 7350, 21450, rfc(start), rfc(start + datetime.timedelta(hours=1)), "plot this")
    try:
        press(floor, f"[data-notice='{notice['id']}']")
        until(floor, lambda b: "7,350" in text_of(b, "#detail"))
        due = own_due(floor, notice)
        secrets = [latitude[:-1], longitude[:-1], "7,350", "7350", dtg(start), due, *of_each(floor, "#detail .position span", "e.innerText")]
        assert dtg(start) in everything(floor)
        press(floor, "#detail [data-focus=readBack]")
        element(floor, "#read-back")
        # Panels that draw with the next frame leave it out then.
        settle(floor)
        assert where(floor, secrets) == []

        wrong = plot(floor, (there[0] + 90, there[1] + 60))
        assert wrong != text
        write(floor, "#read-lower", "7350")
        Select(element(floor, "#read-lower-datum")).select_by_visible_text("ft AMSL")
        write(floor, "#read-start", dtg(start))
        press(floor, "#read-back button[type=submit]")
        refusal = until(floor, lambda b: text_of(b, "#read-result"))
        assert "REFUSED" in refusal and "POSITION" in refusal and "ALTITUDE" not in refusal and "START" not in refusal
        # What the officer wrote stands in its own fields; the position stands nowhere.
        assert [each for each in where(floor, secrets) if each[0] not in ("7350", dtg(start))] == []

        # The map is turned to the whole area as before, so the same pixel is the same place.
        assert plot(floor, there) == text
        press(floor, "#read-back button[type=submit]")
        until(floor, lambda b: "ACCEPTED" in text_of(b, "#read-result"))
        until(floor, lambda _: len(other_desk.call("GET", f"notices/{notice['id']}")["readBacks"]) == 2)
        said = other_desk.call("GET", f"notices/{notice['id']}")["readBacks"]
        assert [(each["accepted"], [m if isinstance(m, str) else m["field"] for m in each["mismatches"]]) for each in said] == [(False, ["position"]), (True, [])]
        press(floor, "#read-back button")
    finally:
        other_desk.call("POST", f"notices/{notice['id']}/end", {"reason": "cancelled"})


def settle(browser):
    """Waits until two frames have been drawn."""
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")


def where(browser, secrets):
    """Each of them that the page holds, with what stands before and after it."""
    page = everything(browser)
    return [(secret, page[max(0, page.index(secret) - 160):page.index(secret) + 60]) for secret in secrets if secret in page]


def own_due(browser, notice):
    """The date-time group by which this notice is to be read back, as its alarm has it."""
    card = f"[data-alarm='notice:{notice['id']}'] .due bdi"
    until(browser, lambda b: text_of(b, card))
    return text_of(browser, card)


@pytest.fixture()
def second_console(other_desk):
    """The other desk's console, in a browser of its own."""
    driver = screenshot.browser(1280, 720)
    driver.set_script_timeout(120)
    try:
        screenshot.sign_in(driver, other_desk.url, other_desk.officer, other_desk.passphrase)
        yield driver
    finally:
        driver.quit()


OWN, THEIRS = "#stops .stop-own", "#stops .stop-theirs"


def is_done(browser, card, step):
    return bool(browser.find_elements(By.CSS_SELECTOR, f"{card} [data-step={step}][data-done=true]"))


def test_two_consoles_follow_one_stop_from_the_press_to_the_effect(floor, second_console, no_stops, own_desk, other_desk):
    began = time.monotonic()
    hold(floor, "#stop-here .stop-button")
    element(second_console, THEIRS)
    print(f"on the other console {time.monotonic() - began:.1f} s after the button was gone for, which is held for 2 s")
    assert of_each(second_console, f"{THEIRS} [data-rung]", "[e.dataset.rung, e.dataset.done]")[0] == ["0", "true"]
    # Nobody answers, so it climbs there and here, each rung with its time.
    for browser, card in ((second_console, THEIRS), (floor, OWN)):
        until(browser, lambda b: of_each(b, f"{card} [data-rung='1']", "e.dataset.done") == ["true"])
        assert of_each(browser, f"{card} [data-rung='1'] bdi", "/^\\d\\d:\\d\\d:\\d\\dZ$/.test(e.innerText)") == [True]
        assert "watch officer" in text_of(browser, f"{card} [data-rung='0']")

    press(second_console, f"{THEIRS} [data-answer=heard]")
    until(floor, lambda b: is_done(b, OWN, "heard") and other_desk.officer in text_of(b, f"{OWN} [data-step=heard]"))
    until(second_console, lambda b: b.find_elements(By.CSS_SELECTOR, f"{THEIRS}.stop-steady"))
    write(second_console, f"{THEIRS} .stop-units", "Battery 1")
    for word in ("ordered", "ceaseReported"):
        press(second_console, f"{THEIRS} [data-answer={word}]")
        until(floor, lambda b: is_done(b, OWN, word) and "Battery 1" in text_of(b, f"{OWN} [data-step={word}]"))
    press(floor, f"{OWN} [data-focus=effect]")
    until(second_console, lambda b: is_done(b, THEIRS, "effect") and own_desk.officer in text_of(b, f"{THEIRS} [data-step=effect]"))
    hold(floor, f"{OWN} [data-lift=effectObserved]")
    for browser, card in ((floor, OWN), (second_console, THEIRS)):
        until(browser, lambda b: not b.find_elements(By.CSS_SELECTOR, card))


def test_the_times_of_the_rungs_are_the_nodes_or_reckoned_from_the_agreed_times(floor):
    told = in_page(floor, "stopladder.js", """
        const stop = { id: "s", round: 1, rung: 1, openedAt: a[0] };
        const terms = { timing: { stopNextRoleS: 15, stopTopS: 60 } };
        const at = (stop, rings, known) => m.rungs(stop, { stopRings: new Map(rings), terms: known }).map((rung) => [rung.isReached, rung.at && (rung.at - Date.parse(a[0])) / 1000]);
        return [at(stop, [], terms), at(stop, [], null), at({ ...stop, round: 2 }, [], terms), at({ ...stop, round: 2 }, [["s 2 1", a[1]]], terms)];""",
                   AT.format(0), AT.format(10))
    assert told == [
        [[True, 0], [True, 15], [False, 60]], [[True, 0], [True, None], [False, None]],
        [[True, None], [True, None], [False, None]], [[True, 585], [True, 600], [False, 645]]]
