"""The desk in a real browser: sign-in and its lockout, officers, terms and proposals, consoles, and what each role is offered."""
import json
import pathlib
import re
import sys
import time
import urllib.error

import pytest
from selenium.webdriver.common.by import By

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "ApiTests"))

import harness
import screenshot
from desk import Desk
from page import element, in_page, of_each, press, text_of, until, write

TERMS = {
    "parley": "terms v1", "name": "M", "version": 1, "effectiveAt": "2026-11-22T19:17:00Z", "sealing": "x-wing",
    "parties": [{"id": "a", "name": "A", "role": "principal", "address": "x:1"}, {"id": "b", "name": "B", "role": "principal", "address": "y:1"}],
    "kinds": [{"kind": "strike", "precedence": "immediate", "leadTimeS": 1800, "needsAcknowledgement": True},
              {"kind": "exercise", "precedence": "routine", "leadTimeS": 86400, "needsAcknowledgement": False}],
    "minima": [{"between": ["strike", "exercise"], "horizontalM": 5000, "verticalM": "all", "timeS": 1800},
               {"between": ["strike", "strike"], "horizontalM": 10000, "verticalM": 300, "timeS": 600}],
    "area": {"westDeg": 34.4, "southDeg": 31.4, "eastDeg": 43.6, "northDeg": 38.2}, "vertical": {"terrainFloorM": -430},
    "timing": {"heartbeatS": 30}, "readBack": {"tightM": 100}, "twoOfficers": {"removals": False, "kinds": []}}


def changed(**more):
    return json.loads(json.dumps(TERMS)) | more


def difference(browser, a, b):
    return [(each["change"], each["section"], each["item"], each["field"], each["from"], each["to"])
            for each in in_page(browser, "termsdiff.js", "return m.termsDifference(a[0], a[1])", a, b)]


def test_the_difference_of_two_terms_is_each_thing_that_was_added_removed_or_changed(floor):
    assert difference(floor, TERMS, changed(version=2, previous="ab")) == []
    # Neither the order of entries, of members, nor of the two kinds of a pair is a difference.
    turned = changed(minima=[{**row, "between": row["between"][::-1]} for row in TERMS["minima"][::-1]], parties=TERMS["parties"][::-1])
    assert difference(floor, TERMS, {name: turned[name] for name in sorted(turned)}) == []

    later = changed(sealing="none", timing={"heartbeatS": 10, "newS": 5}, contacts="line 4", vertical={})
    later["parties"][0]["address"] = "z:9"
    del later["kinds"][1]
    later["minima"][0] |= {"verticalM": 304.8}
    later["minima"].append({"between": ["exercise", "exercise"], "horizontalM": 1, "verticalM": 2, "timeS": 3})
    assert difference(floor, TERMS, later) == [
        ("changed", "mechanism", None, "sealing", "x-wing", "none"), ("added", "mechanism", None, "contacts", None, "line 4"),
        ("changed", "parties", "a", "address", "x:1", "z:9"), ("removed", "kinds", "exercise", None, TERMS["kinds"][1], None),
        ("changed", "minima", "exercise strike", "verticalM", "all", 304.8),
        ("added", "minima", "exercise exercise", None, None, later["minima"][-1]),
        ("removed", "vertical", None, "terrainFloorM", -430, None),
        ("changed", "timing", None, "heartbeatS", 30, 10), ("added", "timing", None, "newS", None, 5)]
    # The other way about, what was added is removed.
    back = difference(floor, later, TERMS)
    turn = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted(map(str, back)) == sorted(str((turn[c], s, i, f, to, was)) for c, s, i, f, was, to in difference(floor, TERMS, later))


def test_terms_warn_of_what_they_do_not_say_outright(floor):
    warned = lambda terms: [each["name"] for each in in_page(floor, "termsdiff.js", "return m.termsWarnings(a[0])", terms)]
    assert warned(TERMS) == ["pairsMissing", "oneOfficerRemoves", "noRoots", "noRoots", "noReadBack"]
    rooted = [{**party, "roots": {"threshold": 1, "keys": ["k"]}} for party in TERMS["parties"]]
    row = {"between": ["exercise", "exercise"], "horizontalM": 1, "verticalM": 2, "timeS": 3}
    assert warned(changed(parties=rooted, minima=[*TERMS["minima"], row], kinds=[{**kind, "needsAcknowledgement": True} for kind in TERMS["kinds"]],
                          twoOfficers={"removals": True, "kinds": []})) == []
    assert "notSealed" in warned(changed(sealing="none"))


def open_page(browser, name):
    press(browser, "[data-tab=desk]")
    press(browser, f"[data-page={name}]")
    element(browser, f"[data-page-shown={name}]")


def test_the_terms_in_force_are_shown_whole_and_the_minima_as_a_table(floor, own_desk):
    terms = own_desk.call("GET", "terms")
    open_page(floor, "terms")
    page = text_of(floor, "#desk-reader")
    assert terms["name"] in page and all(party["name"] in page and party["address"] in page for party in terms["parties"])
    assert len(floor.find_elements(By.CSS_SELECTOR, ".kinds tbody tr")) == len(terms["kinds"])
    assert len(floor.find_elements(By.CSS_SELECTOR, ".matrix td[data-pair]")) == len(terms["kinds"]) ** 2
    for pair in ("air-operation strike", "strike air-operation"):
        assert text_of(floor, f".matrix td[data-pair='{pair}']").split("\n") == ["37.0 km", "any altitude", "30 min"]
    # Every member has a name of its own in words.
    assert [field for field in of_each(floor, "#desk-reader dl.facts > dt", "e.textContent") if re.search(r"[a-z][A-Z]|S$", field)] == []
    assert "watch officer" in text_of(floor, "[data-terms=twoOfficers]") and text_of(floor, "[data-warning=noRoots]")
    # Over the map and not over alarms, STOP or the card.
    box = lambda selector: floor.find_element(By.CSS_SELECTOR, selector).rect
    assert box("#desk-reader") == box("#map")
    press(floor, "#desk-reader [data-focus=close]")
    until(floor, lambda b: not b.find_element(By.ID, "desk-reader").is_displayed())
    assert floor.switch_to.active_element.get_attribute("data-page") == "terms"


def test_proposals_are_shown_side_by_side_with_what_is_in_force_and_with_each_other(floor, own_desk, administrator, other_desk):
    terms = own_desk.call("GET", "terms")
    try:
        own_desk.call("GET", "terms/proposed")
    except urllib.error.HTTPError as problem:
        assert problem.code == 404
        press(floor, "[data-tab=desk]")
        element(floor, "[data-page=terms]")
        assert floor.find_elements(By.CSS_SELECTOR, "[data-page=proposals]") == []
        pytest.skip("this node takes no proposals of terms")
    nxt = {**terms, "version": 2, "previous": own_desk.call("GET", "status")["mechanism"]["id"]}
    theirs = Desk(other_desk.url, administrator.officer, administrator.passphrase)
    administrator.call("POST", "terms/proposed", {"terms": json.dumps({**nxt, "timing": {**terms["timing"], "climbS": 240}})})
    theirs.call("POST", "terms/proposed", {"terms": json.dumps({**nxt, "timing": {**terms["timing"], "climbS": 60}})})
    until(floor, lambda _: len(own_desk.call("GET", "terms/proposed")["proposals"]) == 2)
    open_page(floor, "proposals")
    until(floor, lambda b: "DIFFERENT VERSIONS" in text_of(b, ".proposals-agree"))
    row = lambda table: text_of(floor, f"{table} [data-difference='timing/climbS']")
    minutes = lambda seconds: f"{seconds // 60} min"
    was = minutes(terms["timing"]["climbS"])
    assert was in row("[data-proposal=alpha]") and "4 min" in row("[data-proposal=alpha]") and "1 min" in row("[data-proposal=bravo]")
    assert "CHANGED" in row("[data-proposal=alpha]")
    assert "4 min" in row("[data-between='alpha bravo']") and "1 min" in row("[data-between='alpha bravo']")
    # Who is no administrator is not asked for a proposal.
    assert floor.find_elements(By.ID, "propose-terms") == []
    theirs.call("POST", "terms/proposed", {"terms": json.dumps({**nxt, "timing": {**terms["timing"], "climbS": 240}})})
    until(floor, lambda b: "All proposals are the same" in text_of(b, ".proposals-agree"))
    assert len(floor.find_elements(By.CSS_SELECTOR, "[data-proposal]")) == 1


def test_an_administrator_proposes_a_file_of_terms(browser, relay, administrator, own_desk, tmp_path):
    if not own_desk.has("terms/proposed"):
        pytest.skip("this node takes no proposals of terms")
    screenshot.sign_in(browser, relay.url, administrator.officer, administrator.passphrase)
    open_page(browser, "proposals")
    file = tmp_path / "next.json"
    file.write_text("{}")
    element(browser, "#proposed-file").send_keys(str(file))
    press(browser, "#propose-terms button")
    until(browser, lambda b: "next version" in text_of(b, "#propose-terms .problem") or "terms" in text_of(b, "#propose-terms .problem"))
    terms = own_desk.call("GET", "terms")
    file.write_text(json.dumps({**terms, "version": 2, "previous": own_desk.call("GET", "status")["mechanism"]["id"], "name": "Proposed here"}))
    element(browser, "#proposed-file").send_keys(str(file))
    press(browser, "#propose-terms button")
    until(browser, lambda b: "Proposed here" in text_of(b, "[data-proposal~=alpha] [data-difference='mechanism/name']"))


def test_officers_are_added_by_administrators_and_the_desk_says_what_each_role_may(browser, relay, administrator, node):
    screenshot.sign_in(browser, relay.url, administrator.officer, administrator.passphrase)
    open_page(browser, "officers")
    until(browser, lambda b: administrator.officer in text_of(b, "#desk-reader"))
    name = f"night {int(time.time() * 10) % 10_000_000}"
    write(browser, "#new-officer", name)
    write(browser, "#new-passphrase", "five words of the night watch")
    browser.find_element(By.CSS_SELECTOR, "#new-role option[value=commander]").click()
    assert "rung last" in text_of(browser, "#add-officer")
    press(browser, "#add-officer button[type=submit]")
    until(browser, lambda b: "can sign in now" in text_of(b, "#desk-reader"))
    assert "commander" in text_of(browser, f"[data-officer='{name}']")
    assert Desk(node[0], name, "five words of the night watch").call("GET", "session")["role"] == "commander"
    # The same name again is refused in words.
    write(browser, "#new-officer", name)
    write(browser, "#new-passphrase", "another long passphrase")
    browser.find_element(By.CSS_SELECTOR, "#new-role option[value=auditor]").click()
    press(browser, "#add-officer button[type=submit]")
    until(browser, lambda b: text_of(b, "#desk-reader .problem"))


def test_who_does_not_administer_is_not_offered_to(floor):
    press(floor, "[data-tab=desk]")
    element(floor, "[data-page=terms]")
    assert floor.find_elements(By.CSS_SELECTOR, "[data-page=officers], [data-page=consoles]") == []
    assert floor.find_element(By.ID, "print").get_attribute("href").endswith("/api/v1/print")
    press(floor, "[data-page=units]")
    until(floor, lambda b: b.find_element(By.ID, "unit-name").is_displayed())


def test_this_console_is_enrolled_for_stop(browser, relay, administrator):
    screenshot.sign_in(browser, relay.url, administrator.officer, administrator.passphrase)
    open_page(browser, "consoles")
    write(browser, "#console-name", "Watch floor <b>7</b>")
    press(browser, "#enrol-console button")
    until(browser, lambda b: "is now Watch floor <b>7</b>" in text_of(b, "#desk-reader"))
    until(browser, lambda b: "Watch floor <b>7</b>" in of_each(b, "[data-console]", "e.textContent"))
    assert "Watch floor <b>7</b>" in administrator.call("GET", "consoles")["consoles"]


def test_a_lockout_says_for_how_long_and_another_officer_may_sign_in_meanwhile(browser, relay, administrator, node):
    name = f"locked {int(time.time() * 10) % 10_000_000}"
    administrator.call("POST", "officers", {"officer": name, "passphrase": "the right words after all", "role": "auditor"})
    browser.get(relay.url)
    for attempt in range(6):
        write(browser, "#officer", name)
        write(browser, "#passphrase", "certainly not these words")
        press(browser, ".signin-form button.primary")
        until(browser, lambda b: b.find_element(By.ID, "passphrase").get_property("value") == "")
    until(browser, lambda b: name in text_of(b, "#signin-problem"))
    left = lambda: text_of(browser, "#signin-lockout")
    assert re.search(r"Try again in \d min \d\d s, at \d\d:\d\d:\d\dZ", left())
    first = left()
    until(browser, lambda _: left() != first)
    write(browser, "#officer", node[1])
    write(browser, "#passphrase", node[2])
    press(browser, ".signin-form button.primary")
    until(browser, lambda b: b.find_element(By.ID, "floor").is_displayed())


# Notes what a page sends that could change anything.
SPY = """
  window.sent = [];
  const real = window.fetch;
  window.fetch = (url, options = {}) => { if ((options.method ?? "GET") !== "GET") window.sent.push(`${options.method} ${url}`); return real(url, options); };
"""


def press_everything(browser, selections):
    """Shows each selection in each tab and presses each button of it but sign-out and STOP; returns what the page has sent."""
    browser.execute_script(SPY)
    seen = set()
    for tab in of_each(browser, "[data-tab]", "e.hidden ? null : e.dataset.tab"):
        if tab is None:
            continue
        press(browser, f"[data-tab={tab}]")
        for selector in [None, *selections]:
            if selector is not None:
                found = [each for each in browser.find_elements(By.CSS_SELECTOR, selector) if each.is_displayed()]
                if not found:
                    continue
                browser.execute_script("arguments[0].click()", found[0])
                until(browser, lambda b: b.find_element(By.ID, "detail").text)
            names = of_each(browser, "#left button, #detail button", "e.checkVisibility() && !e.disabled ? (e.id || e.dataset.focus || e.className) + ' ' + e.textContent : null")
            for i, name in enumerate(names):
                if name is None or name in seen or "role=tab" in name or name.startswith("tab-"):
                    continue
                seen.add(name)
                # As it was found: what was pressed before may have shown something else.
                browser.execute_script(
                    "[...document.querySelectorAll('#left button, #detail button')].find((e) => (e.id || e.dataset.focus || e.className) + ' ' + e.textContent === arguments[0])?.click()", name)
    return seen, browser.execute_script("return window.sent")


def test_an_auditor_reads_everything_and_is_offered_no_act(browser, relay, administrator, other_desk, own_desk, node):
    name = "auditor"
    if name not in [each["officer"] for each in administrator.call("GET", "officers")["officers"]]:
        administrator.call("POST", "officers", {"officer": name, "passphrase": node[2], "role": "auditor"})
    notice = other_desk.file("strike", [40.7, 32.3], 900, 1000, 9000, harness.instant("+2h"), harness.instant("+3h"), "to be audited")
    call = other_desk.call("POST", "calls", {"mode": "drill", "role": "watch", "template": "comm-check", "fields": {"checkNumber": 9}})["call"]
    try:
        screenshot.sign_in(browser, relay.url, name, node[2])
        element(browser, f"[data-notice='{notice['id']}']")
        seen, sent = press_everything(browser, [f"[data-notice='{notice['id']}']", f"[data-call='{call['id']}']", "[data-presence]", "[data-conflict]"])
        assert sent == [], seen
        assert len(seen) > 8 and any(notice["id"] in each for each in seen)
        offered = "#acknowledge-call, #file-notice, #compose-call, #ask-presence, [data-focus=readBack], [data-focus=acknowledge], [data-focus=take], .guarded:not(#stop)"
        assert [each.get_attribute("outerHTML")[:120] for each in browser.find_elements(By.CSS_SELECTOR, offered) if each.is_displayed()] == []
    finally:
        other_desk.call("POST", f"notices/{notice['id']}/end", {"reason": "cancelled"})
        own_desk.call("POST", f"calls/{call['id']}/acknowledge", {"readBack": {}})


@pytest.fixture(scope="module")
def mediated():
    """A mechanism with a mediator: {party: its node}."""
    mechanism = harness.Mechanism({"mike": "mediator", "november": "principal", "oscar": "principal"}, heartbeat=2, stale_after=6)
    try:
        for node in mechanism.nodes.values():
            node.start()
        harness.wait_until_signing(*mechanism.nodes.values())
        yield mechanism
    finally:
        mechanism.close()


def test_a_mediators_console_offers_nothing_that_a_mediator_cannot_do(browser, mediated):
    desk = lambda party: Desk(f"http://127.0.0.1:{mediated[party].desk_port}", harness.OFFICER, harness.PASSPHRASE)
    mediator, principal = desk("mike"), desk("november")
    notice = principal.file("strike", [40.7, 32.3], 900, 1000, 9000, harness.instant("+2h"), harness.instant("+3h"), "opened to a mediator")
    principal.call("POST", "disclosures", {"record": notice["id"], "to": "mike"})
    until(browser, lambda _: any(each["isGenuine"] for each in mediator.call("GET", "disclosures")["disclosures"]))

    screenshot.sign_in(browser, mediator.url, harness.ADMINISTRATOR, harness.PASSPHRASE)
    open_page(browser, "disclosures")
    until(browser, lambda b: "what its author signed" in text_of(b, f"[data-disclosed='{notice['id']}']"))
    assert "November" in text_of(browser, f"[data-disclosed='{notice['id']}']")
    # STOP, its key, filing, presence, units, suspension, consoles that press STOP: all of them are for principals.
    cannot = "#stop, #file-notice, #ask-presence, #suspend, #unit-name, [data-page=consoles], [data-page=units], [data-focus=drill], [data-focus=readBack]"
    for tab in of_each(browser, "[data-tab]", "e.hidden ? null : e.dataset.tab"):
        if tab:
            press(browser, f"[data-tab={tab}]")
            assert [each.get_attribute("outerHTML")[:120] for each in browser.find_elements(By.CSS_SELECTOR, cannot) if each.is_displayed()] == [], tab
    # What it may: speak, and serve its own watch.
    press(browser, "[data-tab=watch]")
    until(browser, lambda b: b.find_elements(By.CSS_SELECTOR, "#duty button"))
    press(browser, "[data-tab=calls]")
    press(browser, "#compose-call")
    templates = of_each(browser, "#call-template option", "e.value")
    senders = {each["code"]: each["senders"] for each in mediator.call("GET", "templates")["structure"]}
    assert {senders[code] for code in templates if code in senders} == {"mediators", "everyone"}
