"""The watch, passing on and presence in a real browser between two running nodes."""
import datetime
import json
import time
import urllib.error

import pytest
from selenium.webdriver.common.by import By

import screenshot
from desk import Desk
from page import dtg, element, hold, in_page, of_each, press, text_of, until, write


def moment(hours):
    return datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) + datetime.timedelta(hours=hours)


def rfc(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def circle(latitude, longitude=41.1):
    altitude = lambda value: {"value": value, "unit": "feet", "datum": "amsl"}
    return {"footprint": {"type": "Point", "coordinates": [longitude, latitude], "radiusM": 4000},
            "altitude": {"lower": altitude(0), "upper": altitude(60000)}, "start": rfc(moment(0)), "end": rfc(moment(2))}


def apart():
    """A latitude that no other test of the same hour uses."""
    return round(31.0 + int(time.time() * 10) % 9000 / 10_000, 4)


@pytest.fixture()
def soon_notice(other_desk):
    notice = other_desk.file("strike", [40.2, apart()], 1500, 1000, 20000, rfc(moment(1)), rfc(moment(1.5)), "within two hours")
    yield notice
    other_desk.call("POST", f"notices/{notice['id']}/end", {"reason": "cancelled"})


def test_a_notice_is_not_yet_reached_by_each_unit_until_somebody_says_so(floor, own_desk, soon_notice):
    press(floor, "[data-tab=watch]")
    press(floor, f"[data-board='{soon_notice['id']}']")
    until(floor, lambda b: "NOT YET REACHED" in text_of(b, "#passing"))
    unit = f"3 Coy {int(time.time())}"
    press(floor, "#detail .back")
    press(floor, "[data-tab=watch]")
    write(floor, "#unit-name", unit)
    press(floor, "#units form button")
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, f"[data-unit='{unit}']"))
    try:
        press(floor, f"[data-board='{soon_notice['id']}']")
        row = f"#passing [data-unit='{unit}']"
        until(floor, lambda b: "NOT YET REACHED" in text_of(b, row))
        press(floor, f"{row} [data-pass]")
        until(floor, lambda b: "NOT YET REACHED" not in text_of(b, row) and own_desk.officer in text_of(b, row))
        held = [each for each in own_desk.call("GET", "units")["own"] if each.get("notice", {}).get("notice") == soon_notice["id"]]
        assert [(reached["unit"], reached["by"], reached["isDisclosed"]) for reached in held[0]["reached"]] == [(unit, own_desk.officer, False)]
    finally:
        own_desk.call("POST", "units/remove", {"unit": unit})


def test_the_board_shows_what_starts_within_two_hours_and_what_is_missing(floor, soon_notice):
    press(floor, "[data-tab=watch]")
    row = f"[data-board='{soon_notice['id']}']"
    until(floor, lambda b: "not read back" in text_of(b, row))
    text = text_of(floor, row)
    assert "STRIKE" in text and dtg(moment(1))[:2] in text and "begins in" in text and "Alpha" in text


def test_no_answer_on_the_board_outlives_its_evidence_or_the_connection(floor):
    entry = {"notice": "a-1", "version": 1, "owner": "a", "kind": "strike", "mode": "real", "start": rfc(moment(1)), "end": rfc(moment(2)),
             "isUnderWay": False, "assurance": "clear", "shown": "NO KNOWN CONFLICT", "conflicts": [], "notAcknowledged": [], "notPassedOn": []}
    words = in_page(floor, "board.js", f"""
        const {{ Store }} = await import(new URL("store.js", document.baseURI));
        const shown = async (validForS, agoMs, lost, waitMs) => {{
          const store = new Store();
          const place = document.createElement("div");
          const show = m.mountBoard(place, store);
          store.apply("board", [{{ ...{json.dumps(entry)}, validForS, at: new Date(Date.now() - agoMs).toISOString() }}]);
          if (lost) store.setLost(Date.now());
          show();
          await new Promise((resume) => setTimeout(resume, waitMs));
          const word = place.querySelector(".board-assurance");
          word.tick();
          return word.textContent;
        }};
        return [await shown(60, 0, false, 0), await shown(60, 0, true, 0), await shown(0.05, 0, false, 100), await shown(60, 61_000, false, 0)];""")
    assert words == ["NO KNOWN CONFLICT", "UNKNOWN", "UNKNOWN", "UNKNOWN"]


def test_the_watch_is_taken_and_handed_over_item_by_item(floor, relay, own_desk, relief, soon_notice):
    press(floor, "[data-tab=watch]")
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, "#duty [data-focus=take]") or "On duty:" in text_of(b, "#duty"))
    if floor.find_elements(By.CSS_SELECTOR, "#duty [data-focus=take]"):
        press(floor, "#duty [data-focus=take]")
    until(floor, lambda b: f"On duty: {own_desk.officer}" in text_of(b, "#duty"))
    write(floor, "#handover-to", relief[0])
    press(floor, ".handover-offer button")
    until(floor, lambda b: "not accepted yet" in text_of(b, "#duty"))
    # What opens meanwhile joins, so the notice is among them once it has come.
    items = lambda: [item["id"] for item in own_desk.call("GET", "watch")["handover"]["items"]]
    until(floor, lambda _: any(soon_notice["id"] in item for item in items()))
    # Who hands over cannot accept.
    assert floor.find_elements(By.CSS_SELECTOR, "#duty [data-focus^=accept]") == []

    floor.delete_all_cookies()
    screenshot.sign_in(floor, relay.url, *relief)
    press(floor, "[data-tab=watch]")
    element(floor, "#duty .items")
    assert not element(floor, "#duty [data-focus=complete]").is_enabled()
    left = lambda: of_each(floor, "#duty [data-focus^='accept ']", "e.dataset.focus")
    while waiting := left():
        press(floor, f"#duty [data-focus='{waiting[0]}']")
        until(floor, lambda _: waiting[0] not in left())
    press(floor, "#duty [data-focus=complete]")
    until(floor, lambda b: f"On duty: {relief[0]}" in text_of(b, "#duty"))

    # And back, so that every test finds the same officer.
    desk = Desk(own_desk.url, *relief)
    desk.call("POST", "watch/handover", {"to": own_desk.officer})

    def complete(_):
        for item in own_desk.call("GET", "watch")["handover"]["items"]:
            if not item["isAccepted"]:
                own_desk.call("POST", "watch/handover/accept", {"item": item["id"]})
        try:
            return own_desk.call("POST", "watch/handover/complete")
        except urllib.error.HTTPError as problem:
            # Something has joined meanwhile.
            assert json.loads(problem.read())["name"] == "itemsLeft"
            return None

    until(floor, complete)
    until(floor, lambda b: f"On duty: {own_desk.officer}" in text_of(b, "#duty"))


def test_suspension_is_guarded_and_shown_on_both_sides_until_it_ends(floor, own_desk, other_desk):
    press(floor, "[data-tab=watch]")
    write(floor, "#suspension-reason", "a test")
    press(floor, "#suspend")
    assert own_desk.call("GET", "status")["suspended"] is False
    try:
        hold(floor, "#suspend")
        until(floor, lambda b: "WE HAVE SUSPENDED" in text_of(b, "#suspension"))
        link = lambda: [each["state"] for each in other_desk.call("GET", "links")["links"] if each["party"] == "alpha"]
        until(floor, lambda _: link() == ["suspended"])
        hold(floor, "#suspend")
        until(floor, lambda b: "We have not suspended" in text_of(b, "#suspension"))
    finally:
        if own_desk.call("GET", "status")["suspended"]:
            own_desk.call("POST", "suspension", {"suspended": False})


def test_presence_is_asked_answered_and_contradicted_by_what_comes_later(floor, other_desk):
    latitude = apart()
    press(floor, "[data-tab=presence]")
    press(floor, "#ask-presence")
    write(floor, "#ask-position", f"{latitude} 41.1")
    write(floor, "#ask-radius", "4000")
    press(floor, "#ask button[type=submit]")
    until(floor, lambda b: "no answer yet" in text_of(b, "#detail"))
    mine = lambda: [each for each in other_desk.call("GET", "presence")["presence"] if each["query"]["volume"]["footprint"]["coordinates"] == [41.1, latitude]]
    until(floor, lambda _: mine())
    query = mine()[0]
    assert query["query"]["volume"]["footprint"]["radiusM"] == 4000
    other_desk.call("POST", f"presence/{query['id']}/answer", {"answer": "none", "affiliated": "notCovered", "validUntil": rfc(moment(2))})
    until(floor, lambda b: "NONE STATED" in text_of(b, "#detail [data-answer-of=bravo]"))
    assert "does NOT speak for affiliated forces" in text_of(floor, "#detail") and "holds until" in text_of(floor, "#detail")

    notice = other_desk.file("air-operation", [41.1, latitude], 1000, 1000, 9000, rfc(moment(0.5)), rfc(moment(1)), "after a none")
    try:
        until(floor, lambda b: f"CONTRADICTED BY {notice['id']}" in text_of(b, "#detail [data-answer-of=bravo]").replace("\n", " "))
        until(floor, lambda b: "CONTRADICTED" in text_of(b, f"[data-presence='{query['id']}']"))
    finally:
        other_desk.call("POST", f"notices/{notice['id']}/end", {"reason": "cancelled"})


def test_an_answer_about_presence_says_for_whom_it_speaks_and_until_when(floor, other_desk):
    query = other_desk.call("POST", "presence", {"mode": "real", "volume": circle(apart())})["presence"]
    press(floor, "[data-tab=presence]")
    press(floor, f"[data-presence='{query['id']}']")
    element(floor, "#presence-answer")
    # Nothing is chosen beforehand.
    assert floor.find_elements(By.CSS_SELECTOR, "#presence-answer input[type=radio]:checked") == []
    press(floor, "#presence-answer input[value=some]")
    press(floor, "#presence-answer input[value=covered]")
    until_time = moment(1)
    write(floor, "#presence-until", dtg(until_time))
    press(floor, "#presence-answer button[type=submit]")
    answers = lambda: other_desk.call("GET", f"presence/{query['id']}")["presence"]["answers"]
    until(floor, lambda _: answers())
    answer = answers()[0]
    assert (answer["answer"], answer["affiliated"], answer["validUntil"]) == ("some", "covered", until_time.strftime("%Y-%m-%dT%H:%M:%S.000000Z"))
    until(floor, lambda b: not b.find_elements(By.ID, "presence-answer"))


def test_declining_to_say_leaves_nothing_said(floor, other_desk):
    query = other_desk.call("POST", "presence", {"mode": "real", "volume": circle(apart())})["presence"]
    press(floor, "[data-tab=presence]")
    press(floor, f"[data-presence='{query['id']}']")
    press(floor, "#presence-answer input[value=decline]")
    assert not element(floor, "#presence-until").is_enabled()
    press(floor, "#presence-answer button[type=submit]")
    until(floor, lambda _: other_desk.call("GET", f"presence/{query['id']}")["presence"]["answers"])
    answer = other_desk.call("GET", f"presence/{query['id']}")["presence"]["answers"][0]
    assert (answer["answer"], answer["affiliated"], answer["validUntil"]) == ("decline", None, None)


def test_every_alarm_has_its_card_folded_beside_it(floor, own_desk, soon_notice):
    try:
        cards = own_desk.call("GET", "cards")
    except Exception as problem:
        pytest.skip(f"this node gives no action cards: {problem}")
    card = f"[data-alarm='notice:{soon_notice['id']}'] .action-card"
    element(floor, card)
    assert of_each(floor, f"{card} ol", "e.checkVisibility()") == [False]
    press(floor, f"{card} summary")
    steps = next(each["do"] for each in cards["cards"] if each["code"] == "notice")
    until(floor, lambda b: [step for step in steps if step not in text_of(b, card)] == [])


def test_tabs_are_reached_and_changed_by_keyboard(floor):
    press(floor, "[data-tab=notices]")
    floor.switch_to.active_element.send_keys("\ue014")
    assert floor.switch_to.active_element.get_attribute("id") == "tab-calls"
    assert element(floor, "#calls").is_displayed() and not floor.find_element(By.ID, "notices-panel").is_displayed()
    floor.switch_to.active_element.send_keys("\ue012")
    assert floor.switch_to.active_element.get_attribute("id") == "tab-notices"


def test_an_act_that_waits_for_a_second_officer_is_not_offered_to_who_asked_for_it(floor):
    at = "2026-11-22T19:17:00.000000Z"
    pending = [{"id": 1, "by": "asked", "at": at, "sentence": "asked wants to end notice a-1."}, {"id": 2, "by": "other", "at": at, "sentence": "<b>x</b>"}]
    offered = in_page(floor, "watch.js", """
        const store = { watch: { pending: a[0] }, session: { officer: "asked" }, acts: true, links: new Map(), status: null, ownParty: null, passing: null };
        const shown = m.watchEntries(store).find((entry) => entry.key === "pending").build();
        return [...shown.querySelectorAll("[data-pending]")].map((act) => [act.querySelector("p").textContent,
          [...act.querySelectorAll("button")].map((button) => button.dataset.focus), act.querySelectorAll("b").length]);""", pending)
    assert offered == [["asked wants to end notice a-1.", ["withdraw 1"], 0], ["<b>x</b>", ["approve 2", "withdraw 2"], 0]]


def test_countdowns_follow_a_node_whose_clock_runs_faster(floor):
    gained = in_page(floor, "store.js", """
        const store = new m.Store();
        store.apply("status", { utc: "2026-11-22T19:17:00Z", clockScale: 60 });
        const start = [store.now(), performance.now()];
        // Long enough that a pause between the two clocks' readings counts for little.
        await new Promise((resume) => setTimeout(resume, 3000));
        return (store.now() - start[0]) / (performance.now() - start[1]);""")
    assert gained == pytest.approx(60, rel=0.05)
