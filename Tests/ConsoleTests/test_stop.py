"""STOP in a real browser between two running nodes: the button, its ladder, and the banner of the other side's."""
import time

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from page import element, hold, hold_key, in_page, of_each, press, text_of, until, write

pytestmark = pytest.mark.usefixtures("no_stops")

OWN = "#stops .stop-own"
THEIRS = "#stops .stop-theirs"


def open_stops(desk, author):
    return [stop for stop in desk.call("GET", "stops")["stops"] if stop["isOpen"] and stop["author"] == author]


def one_stop(browser, desk, author):
    """The one open STOP of that author as that desk has it, once it has."""
    until(browser, lambda _: open_stops(desk, author))
    stops = open_stops(desk, author)
    assert len(stops) == 1
    return stops[0]


def done(browser, step, card=OWN):
    """Whether a step of the ladder is shown as done."""
    return bool(browser.find_elements(By.CSS_SELECTOR, f"{card} [data-step={step}][data-done=true]"))


def test_the_button_held_sends_a_stop_whose_ladder_is_shown_from_sent_to_lifted(floor, other_desk, own_desk):
    hold(floor, "#stop-here .stop-button")
    until(floor, lambda b: done(b, "sent"))
    theirs = one_stop(floor, other_desk, "alpha")
    assert theirs["officer"] == own_desk.officer and theirs["area"] is None
    assert "Bravo" in text_of(floor, OWN) and "no area named" in text_of(floor, OWN)
    until(floor, lambda b: done(b, "received"))
    assert not done(floor, "heard")

    answer = lambda word, **more: other_desk.call("POST", f"stops/{theirs['id']}/answer", {"answer": word, **more})
    answer("heard")
    until(floor, lambda b: done(b, "heard"))
    assert other_desk.officer in text_of(floor, f"{OWN} [data-step=heard]")
    answer("ordered", units=["Battery 1"])
    until(floor, lambda b: "Battery 1" in text_of(b, f"{OWN} [data-step=ordered]"))
    answer("ceaseReported", units=["Battery 1"])
    until(floor, lambda b: done(b, "ceaseReported"))

    # Their word ends nothing: only what is seen here, and then only the lifting.
    assert floor.find_elements(By.CSS_SELECTOR, f"{OWN} [data-lift=effectObserved]") == []
    press(floor, f"{OWN} [data-focus=goesOn]")
    until(floor, lambda b: "It goes on" in text_of(b, f"{OWN} [data-step=effect][data-done=true]"))
    until(floor, lambda _: one_stop(floor, other_desk, "alpha")["state"] == "ringing")
    press(floor, f"{OWN} [data-focus=effect]")
    until(floor, lambda b: "Effect observed" in text_of(b, f"{OWN} [data-step=effect][data-done=true]"))
    assert open_stops(own_desk, "alpha")
    hold(floor, f"{OWN} [data-lift=effectObserved]")
    until(floor, lambda b: not b.find_elements(By.CSS_SELECTOR, OWN))
    until(floor, lambda _: not open_stops(other_desk, "alpha"))

    press(floor, "[data-tab=calls]")
    press(floor, f"[data-over-stop='{theirs['id']}']")
    until(floor, lambda b: "Lifted: effect observed" in text_of(b, "#detail"))


def test_one_press_or_a_double_click_sends_nothing_and_a_second_press_does(floor, own_desk):
    button = element(floor, "#stop-here .stop-button")
    ActionChains(floor).double_click(button).perform()
    assert of_each(floor, "#stop-here .stop-button", "[e.dataset.guard, e.innerText]") == [["armed", "PRESS AGAIN"]]
    assert open_stops(own_desk, "alpha") == []
    # If the first of these still finds it armed, it is the second press; if those four seconds are over, it arms anew.
    ActionChains(floor).pause(0.7).click(button).pause(0.7).click(button).perform()
    assert one_stop(floor, own_desk, "alpha")["officer"] == own_desk.officer


def test_the_key_held_sends_from_within_a_text_field_and_writes_nothing_into_it(floor, own_desk):
    press(floor, "#file-notice")
    box = element(floor, "#file-contact")
    box.send_keys("cell")
    ActionChains(floor).key_down(Keys.F8).pause(0.1).key_up(Keys.F8).perform()
    assert open_stops(own_desk, "alpha") == []
    hold_key(floor, Keys.F8)
    one_stop(floor, own_desk, "alpha")
    until(floor, lambda b: done(b, "sent"))
    assert box.get_attribute("value") == "cell"


def test_a_stop_of_the_other_side_lies_across_the_screen_and_flashes_until_it_is_heard(floor, other_desk):
    pressed = time.monotonic()
    stop = other_desk.call("POST", "stop", {"text": "<b>Fire</b> on our patrol", "language": "en"})["stop"]
    card = element(floor, THEIRS)
    rang = time.monotonic() - pressed
    print(f"on the other screen after {rang:.2f} s")
    assert rang < 10
    assert "stop-ringing" in card.get_attribute("class")
    assert card.value_of_css_property("animation-name") == "stop-flash"
    assert card.size["width"] == floor.execute_script("return innerWidth") and card.location["y"] == 0
    assert "<b>Fire</b> on our patrol" in card.text and card.find_elements(By.TAG_NAME, "b") == []
    answers = ["heard", "ordered", "ceaseReported", "notOurs", "cannot"]
    assert of_each(floor, f"{THEIRS} [data-answer]", "e.dataset.answer") == answers

    press(floor, f"{THEIRS} [data-answer=heard]")
    until(floor, lambda b: "stop-steady" in b.find_element(By.CSS_SELECTOR, THEIRS).get_attribute("class"))
    assert floor.find_element(By.CSS_SELECTOR, THEIRS).value_of_css_property("animation-name") == "none"
    until(floor, lambda _: one_stop(floor, other_desk, "bravo")["addressees"][0]["state"] == "heard")

    # What is half written outlives another press of theirs.
    write(floor, f"{THEIRS} .stop-units", "Battery 1, 3 Coy")
    other_desk.call("POST", "stop", {"text": "again", "language": "en"})
    until(floor, lambda b: "pressed again 1 times" in text_of(b, THEIRS))
    assert of_each(floor, f"{THEIRS} .stop-units", "e.value") == ["Battery 1, 3 Coy"]
    press(floor, f"{THEIRS} [data-answer=ordered]")
    until(floor, lambda _: one_stop(floor, other_desk, "bravo")["addressees"][0]["state"] == "ordered")
    said = [message for message in one_stop(floor, other_desk, "bravo")["messages"] if message.get("answer") == "ordered"]
    assert said[-1]["units"] == ["Battery 1", "3 Coy"]
    other_desk.call("POST", f"stops/{stop['id']}/lift", {"outcome": "withdrawn"})
    until(floor, lambda b: not b.find_elements(By.CSS_SELECTOR, THEIRS))


def test_while_the_node_does_not_answer_the_screen_says_that_nothing_is_sent_and_sends_again(floor, relay, own_desk):
    relay.cut()
    hold(floor, "#stop-here .stop-button")
    until(floor, lambda b: "NOT SENT YET" in text_of(b, "#stop-saying"))
    assert "TELEPHONE" in text_of(floor, "#stop-saying")
    assert open_stops(own_desk, "alpha") == []
    relay.mend()
    until(floor, lambda b: not b.find_element(By.ID, "stop-saying").is_displayed())
    one_stop(floor, own_desk, "alpha")


def test_before_sign_in_a_console_that_is_not_enrolled_says_that_nothing_was_sent(browser, relay, own_desk):
    browser.get(relay.url)
    element(browser, "#officer")
    hold(browser, "#signin-stop .stop-button")
    until(browser, lambda b: "WAS NOT SENT" in text_of(b, "#stop-saying"))
    assert "not enrolled" in text_of(browser, "#stop-saying")
    assert open_stops(own_desk, "alpha") == []


def test_before_sign_in_an_enrolled_console_sends_and_is_recorded_as_such(browser, relay, administrator, own_desk):
    browser.get(relay.url)
    element(browser, "#officer")
    enrolled = browser.execute_async_script("""
        const [officer, passphrase, done] = arguments;
        const ask = (method, path, body) => fetch("/api/v1/" + path, { method, body: body && JSON.stringify(body),
          headers: { "X-Parley": "1", ...(body ? { "Content-Type": "application/json" } : {}) } });
        ask("POST", "session", { officer, passphrase })
          .then(() => ask("POST", "consoles", { console: "Desk 2" }))
          .then((answer) => ask("DELETE", "session").then(() => done(answer.status)));
        """, administrator.officer, administrator.passphrase)
    assert enrolled == 201
    browser.refresh()
    element(browser, "#officer")
    hold(browser, "#signin-stop .stop-button")
    until(browser, lambda b: "STOP SENT" in text_of(b, "#stop-saying"))
    stop = one_stop(browser, own_desk, "alpha")
    assert stop["officer"] is None and stop["station"] == "Desk 2"


def test_a_stop_sounds_like_nothing_else_and_silences_the_rest(floor):
    patterns = in_page(floor, "tones.js", """
        const tones = new m.Tones();
        const heard = [];
        tones.ring("flash"); heard.push(tones.pattern);
        tones.ringStop(true); heard.push(tones.pattern);
        tones.ring("routine"); heard.push(tones.pattern);
        tones.ringStop(false); heard.push(tones.pattern);
        return heard;""")
    assert patterns == ["flash", "stop", "stop", "routine"]


def test_an_answer_of_the_node_never_takes_back_what_an_event_has_shown(floor):
    kept = in_page(floor, "store.js", """
        const store = new m.Store();
        store.fill("stops", [{ id: "s", n: 1 }]);
        store.event("stop", { id: "s", n: 2 });
        store.fill("stops", [{ id: "s", n: 1 }, { id: "t", n: 1 }]);
        store.event("alarm", { id: "a", state: "cleared" });
        store.apply("alarm", { id: "a", state: "acknowledged" });
        return [...[...store.stops.values()].map((s) => [s.id, s.n]), store.alarms.get("a").state];""")
    assert kept == [["s", 2], ["t", 1], "cleared"]


def test_the_steps_of_a_ladder_show_who_said_what_and_leave_out_what_nobody_said(floor):
    at = "2026-11-22T19:17:00.000000Z"
    message = lambda kind, author, **more: {"id": kind + author, "kind": kind, "author": author, "createdAt": at, "receivedBy": [], **more}
    stop = {"openedAt": at, "messages": [
        message("stop", "a", receivedBy=[]),
        message("answer", "b", answer="heard", officer="Aydın", units=[], remarks=None),
        message("answer", "b", answer="cannot", officer="Aydın", units=[], remarks="already fired")]}
    shown = in_page(floor, "stopladder.js", "return m.steps(a[0], a[1]).map((s) => [s.name, s.done, s.by ?? null, s.notes ?? '', s.isNow])",
                    stop, {"party": "b", "state": "cannot", "relays": ["m"]})
    assert shown == [
        ["sent", True, None, "", False], ["handedToRelay", True, None, "m", False], ["received", True, None, "", False],
        ["heard", True, "Aydın", "", False], ["ordered", False, None, "", False], ["ceaseReported", False, None, "", False],
        ["cannot", True, "Aydın", "already fired", True]]
