"""Calls between two running nodes, as the console shows, sends and acknowledges them."""
import datetime
import time

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from page import choose, dtg, element, everything, hold, in_page, of_each, press, text_of, until, write

HOSTILE = "<img src=x onerror=\"document.title='broken in'\"><b>bold</b>"


def soon():
    moment = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    return moment + datetime.timedelta(hours=3)


@pytest.fixture()
def hazard(other_desk):
    """A hazard that the other desk reports, with figures that no other message has."""
    latitude = round(34.1 + int(time.time() * 10) % 9000 / 10_000, 4)
    start = soon()
    altitude = lambda value, unit, datum: {"value": value, "unit": unit, "datum": datum}
    call = other_desk.call("POST", "calls", {
        "mode": "real", "role": "watch", "template": "hazard-aviation",
        "fields": {
            "hazard": "air-defence", "position": f"{latitude} 38.3169", "radius": 5000,
            "altitude": {"lower": altitude(3170, "feet", "amsl"), "upper": altitude(245, "flightLevel", "flightLevel")},
            "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"), "remarks": {"text": HOSTILE, "language": "en"}}})["call"]
    return call | {"latitude": latitude, "begins": start}


@pytest.fixture(autouse=True)
def answered(own_desk, other_desk):
    """Nothing is left waiting at either desk that could ring in another test."""
    yield
    for desk in (own_desk, other_desk):
        own = desk.call("GET", "status")["party"]["id"]
        for call in desk.call("GET", "calls?state=open")["calls"]:
            if call["from"] != own:
                desk.call("POST", f"calls/{call['id']}/acknowledge", {"readBack": call["message"].get("fields", {}) and {
                    name: call["message"]["fields"][name] for name in desk.call("GET", f"calls/{call['id']}/read-back")["asks"]}})


def open_call(browser, call, language="en"):
    press(browser, "[data-tab=calls]")
    choose(browser, "#reading-language", language)
    press(browser, f"[data-call='{call['id']}']")
    until(browser, lambda b: of_each(b, "#detail .message", "e.lang") == [language])


def boxes(browser, selector):
    """[left, right, top, text] of each match."""
    return browser.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map((e) => { const r = e.getBoundingClientRect();"
        " return [r.left, r.right, r.top, e.textContent]; })", selector)


def test_a_message_is_read_in_the_officers_own_language_and_the_choice_is_remembered(floor, hazard, relay, node):
    open_call(floor, hazard)
    message = text_of(floor, "#detail .message")
    assert "Bravo warns Alpha: hazard to aviation" in message and "air defence" in message
    assert "5000 m (2.70 NM)" in message and "3170 ft AMSL" in message and "FL245" in message
    assert dtg(hazard["begins"]) in message and f"{hazard['latitude']:.5f}N 38.31690E" in message
    assert HOSTILE in message and floor.find_elements(By.CSS_SELECTOR, "#detail img, #detail b") == []

    choose(floor, "#reading-language", "ru")
    until(floor, lambda b: "Bravo" in text_of(b, "#detail .message[lang=ru]"))
    floor.refresh()
    press(floor, "[data-tab=calls]")
    until(floor, lambda b: Select(b.find_element(By.ID, "reading-language")).first_selected_option.get_attribute("value") == "ru")
    choose(floor, "#reading-language", "en")


@pytest.mark.parametrize("language, warning", [("he", "סכנה לתעופה"), ("ar", "خطر على الطيران")])
def test_a_message_is_read_right_to_left_with_its_figures_in_their_own_order(floor, hazard, language, warning):
    open_call(floor, hazard, language)
    assert warning in text_of(floor, "#detail .message")
    assert of_each(floor, "#detail .message", "getComputedStyle(e).direction") == ["rtl"]
    # The page around it stays as it is.
    assert floor.find_element(By.ID, "detail").value_of_css_property("direction") == "ltr"

    until(floor, lambda b: "/" in text_of(b, "#detail .message [data-type=position]"))
    figures = "#detail .message .figures"
    styles = of_each(floor, figures, "[getComputedStyle(e).direction, getComputedStyle(e).unicodeBidi]")
    assert styles == [["ltr", "isolate"]] * 5
    # Each figure stands on the screen from left to right as it was written: its characters never step back.
    for text, steps in floor.execute_script("""
        return [...document.querySelectorAll("#detail .message .figures")].map((figure) => {
          const node = figure.firstChild;
          const range = document.createRange();
          const at = [...node.data].map((_, i) => { range.setStart(node, i); range.setEnd(node, i + 1);
            const box = range.getBoundingClientRect(); return [Math.round(box.top), box.left]; });
          return [node.data, at];
        });"""):
        lines = {}
        for top, left in steps:
            lines.setdefault(top, []).append(left)
        assert [top for top, _ in steps] == sorted(top for top, _ in steps), text
        assert all(lefts == sorted(lefts) for lefts in lines.values()), text
    shown = of_each(floor, figures, "e.innerText")
    assert shown[1:4] == ["5000 m (2.70 NM)", "3170 ft AMSL", "FL245"]
    assert shown[0].endswith(f"{hazard['latitude']:.5f}N 38.31690E")
    assert shown[4] == f"{dtg(hazard['begins'])} ({hazard['begins']:%Y-%m-%dT%H:%M:%SZ})"

    # The sentence runs from right to left: who sent it stands to the right of to whom, on the first line.
    sender, addressee = [box for box in boxes(floor, "#detail .message .words") if box[3] in ("Bravo", "Alpha")][:2]
    assert sender[3] == "Bravo" and addressee[3] == "Alpha"
    assert abs(sender[2] - addressee[2]) < 5 and sender[0] > addressee[1]


def test_an_acknowledgement_hides_what_it_asks_for_names_only_what_is_wrong_and_takes_what_is_right(floor, hazard, other_desk):
    open_call(floor, hazard)
    until(floor, lambda b: "/" in text_of(b, "#detail .message [data-type=position]"))
    grid = text_of(floor, "#detail .message [data-type=position]").split(" / ")[0]
    secrets = [f"{hazard['latitude']:.4f}", grid, "3170", "FL245", dtg(hazard["begins"])]
    assert [secret for secret in secrets if secret not in everything(floor)] == []
    press(floor, "#acknowledge-call")
    element(floor, "#call-read-back")
    assert [secret for secret in secrets if secret in everything(floor)] == []
    assert "5000 m" in text_of(floor, "#call-read-back .message")

    write(floor, "#call-read-position", f"{hazard['latitude'] + 0.02:.4f} 38.3169")
    write(floor, "#call-read-altitude-lower", "3170")
    write(floor, "#call-read-altitude-upper", "245")
    Select(element(floor, "#call-read-altitude-upper-datum")).select_by_visible_text("flight level")
    write(floor, "#call-read-start", dtg(hazard["begins"]))
    press(floor, "#call-read-back button[type=submit]")
    refusal = until(floor, lambda b: text_of(b, "#call-read-result"))
    assert "REFUSED" in refusal and "Position" in refusal and "Altitude" not in refusal and "Start" not in refusal
    assert f"{hazard['latitude']:.4f}" not in everything(floor)

    write(floor, "#call-read-position", f"{hazard['latitude']:.4f} 38.3169")
    press(floor, "#call-read-back button[type=submit]")
    until(floor, lambda b: "ACCEPTED" in text_of(b, "#call-read-result"))
    press(floor, "#call-read-back button")
    until(floor, lambda b: "not yet" not in (text_of(b, "#detail [data-party=alpha] [data-fact=acknowledged]") or "not yet"))
    facts = lambda: other_desk.call("GET", f"calls/{hazard['id']}")["call"]["facts"][0]
    until(floor, lambda _: facts()["acknowledgedBy"] == "watch")
    assert floor.find_elements(By.ID, "acknowledge-call") == []


def test_the_form_sends_a_template_with_its_typed_fields_and_shows_what_becomes_of_it(floor, other_desk):
    press(floor, "[data-tab=calls]")
    press(floor, "#compose-call")
    submit = "#compose button[type=submit]"
    assert not element(floor, submit).is_enabled()
    choose(floor, "#call-template", "fire-observed")
    choose(floor, "#call-weapon", "mortar")
    write(floor, "#call-origin", "37S DU 37331 24174")
    write(floor, "#call-time", "221917ZNOV26")
    write(floor, "#call-remarks", "شظايا")
    choose(floor, "#call-remarks-language", "ar")
    words = ["Alpha reports to Bravo", "mortar", "221917ZNOV26", "not stated"]
    until(floor, lambda b: all(word in text_of(b, "#compose .preview") for word in words))
    press(floor, submit)
    until(floor, lambda b: "mortar" in text_of(b, "#detail .call-text"))
    sent = other_desk_call(floor, other_desk, lambda c: c["message"].get("template") == "fire-observed")
    fields = sent["message"]["fields"]
    assert sent["precedence"] == "flash" and fields["weapon"] == "mortar" and fields["time"] == "2026-11-22T19:17:00.000000Z"
    # The grid square of one metre that holds Palmyra's T4 as the tests of notation have it: 34.5574 N 38.3169 E.
    assert fields["origin"]["position"] == pytest.approx([38.3169, 34.5574], abs=2e-5)
    assert fields["origin"]["original"] == "37S DU 37331 24174" and fields["remarks"] == {"text": "شظايا", "language": "ar"}
    assert "impact" not in fields

    fact = lambda name: text_of(floor, f"#detail [data-party=bravo] [data-fact={name}]")
    until(floor, lambda _: "not yet" not in (fact("evaluated") or "not yet"))
    assert "not yet" in fact("acknowledged")
    asks = other_desk.call("GET", f"calls/{sent['id']}/read-back")["asks"]
    other_desk.call("POST", f"calls/{sent['id']}/acknowledge", {"readBack": {name: fields[name] for name in asks}})
    until(floor, lambda _: other_desk.officer in fact("acknowledged"))


def other_desk_call(browser, desk, matches):
    found = lambda: [call for call in desk.call("GET", "calls")["calls"] if matches(call)]
    until(browser, lambda _: found())
    return max(found(), key=lambda call: call["createdAt"])


def test_free_text_names_its_language(floor, other_desk):
    press(floor, "[data-tab=calls]")
    press(floor, "#compose-call")
    words = f"Yangın var {time.time()}"
    choose(floor, "#call-template", "text")
    choose(floor, "#call-precedence", "priority")
    write(floor, "#call-text", words)
    choose(floor, "#call-text-language", "tr")
    press(floor, "#compose button[type=submit]")
    until(floor, lambda b: "Language: Turkish." in text_of(b, "#detail .call-text"))
    sent = other_desk_call(floor, other_desk, lambda c: c["message"].get("text") == words)
    assert sent["message"]["language"] == "tr"


def test_a_report_of_danger_is_sent_by_one_guarded_press(floor, other_desk):
    began = datetime.datetime.now(datetime.timezone.utc)
    press(floor, "[data-tab=calls]")
    assert [b.get_attribute("data-quick") for b in floor.find_elements(By.CSS_SELECTOR, "[data-quick]")] == [
        "distress", "aircraft-crossed", "ground-crossed", "vessel-crossed", "hazard-aviation"]
    hold(floor, "[data-quick=aircraft-crossed]")
    until(floor, lambda b: "There is no hostile intent" in text_of(b, "#detail .call-text"))
    sent = other_desk_call(floor, other_desk, lambda c: c["message"].get("template") == "aircraft-crossed")
    assert sent["precedence"] == "flash" and sent["mode"] == "real"
    assert datetime.datetime.fromisoformat(sent["createdAt"].replace("Z", "+00:00")) > began - datetime.timedelta(seconds=5)


def test_calls_stand_by_whom_they_wait_for_then_precedence_then_age(floor):
    at = lambda minute: f"2026-11-22T19:{minute:02}:00.000000Z"
    call = lambda name, sender, precedence, minute, done: {
        "id": name, "from": sender, "precedence": precedence, "createdAt": at(minute),
        "facts": [{"party": "b" if sender == "a" else "a", "acknowledgedAt": at(59) if done else None}]}
    calls = [
        call("answered-old", "b", "flash", 1, True), call("ours", "a", "flash", 2, False), call("routine", "b", "routine", 3, False),
        call("flash-new", "b", "flash", 5, False), call("flash-old", "b", "flash", 4, False), call("answered-new", "a", "flash", 6, True)]
    order = in_page(floor, "calls.js", """
        const store = { calls: new Map(a[0].map((c) => [c.id, c])), ownParty: { id: "a" } };
        return m.sortedCalls(store).map(({ call }) => call.id);""", calls)
    assert order == ["flash-old", "flash-new", "routine", "ours", "answered-new", "answered-old"]


def test_a_due_time_that_passed_without_word_reads_as_no_one_there(floor):
    at = "2026-11-22T19:17:00.000000Z"
    fact = {"party": "b", "receiptedAt": None, "lodgedAt": at, "lodgedWith": "m", "evaluatedAt": None, "acknowledgedAt": None,
            "acknowledgedBy": None, "mismatches": [], "noOneThere": True}
    rows = in_page(floor, "callcard.js", """
        const store = { party: (id) => ({ id, name: id.toUpperCase() }), status: null, ownParty: { id: "a" }, texts: null };
        const shown = m.callFacts({ createdAt: a[0], officer: "o", from: "a", facts: [a[1]], escalatedAt: a[0] }, store);
        return [...shown.querySelectorAll("[data-fact]")].map((row) => [row.dataset.fact, row.cells[1].textContent])
          .concat([[shown.querySelector(".no-one").textContent, shown.querySelector(".warning").textContent]]);""", at, fact)
    assert rows == [
        ["sent", "221917ZNOV26"], ["lodged", "221917ZNOV26"], ["receipted", "not yet"], ["evaluated", "not yet"], ["acknowledged", "not yet"],
        ["NO ONE THERE", "Passed up to the mediator 221917ZNOV26"]]
