"""The card of a conflict: its words made from the node's figures, its picture, and the positions of both sides."""
from selenium.webdriver.common.by import By

from page import element, hold, in_page, of_each, press, text_of, until, write
from test_conflicts import collision  # The fixture of two notices that collide.

assert collision

WORDS = """
  const store = { party: (id) => ({ name: id.toUpperCase() }), notices: new Map() };
  const side = (owner) => ({ notice: `${owner}-1`, owner, kind: "strike", version: 2 });
  const conflict = { first: side("a"), second: side("b"), foundBy: ["b"] };
  const pair = { firstVolume: 0, secondVolume: 0, verdict: "proven",
    horizontal: { broken: true, distanceM: 11200, requiredM: 37040, lackM: 25840 },
    vertical: { broken: true, gapM: 100, requiredM: 304.8, lackM: 204.8 },
    time: { broken: true, gapS: 0, overlap: { start: "2026-11-22T19:17:00Z", end: "2026-11-22T20:17:00Z" }, requiredS: 600, lackS: 4200 } };
  const say = (changes, more = {}) => m.conflictSentences(conflict, { pairCount: 1, sentence: "NOT THIS", pairs: [{ ...pair, ...changes }], ...more }, store);
"""


def test_the_words_are_made_from_the_figures_and_never_from_the_nodes_english(floor):
    told = in_page(floor, "conflictwords.js", WORDS + "return say({})")
    assert told == [
        "A: STRIKE, a-1, version 2.", "B: STRIKE, b-1, version 2.", "They come within every minimum agreed for these two kinds.",
        "Distance: 11.2 km at the closest points, and 37.0 km are required. 25.8 km are lacking.",
        "Altitude: 100 m (328 ft) between their bands, and 305 m (1000 ft) are required. 205 m (672 ft) are lacking.",
        "Time: both are under way from 221917ZNOV26 to 222017ZNOV26. With the required 10 min between them, one of the two would have to move by 1 h 10 min."]


def test_each_axis_says_what_is_special_of_it(floor):
    told = in_page(floor, "conflictwords.js", WORDS + """
        return [
          say({ verdict: "undecided" })[2], say({ verdict: "separate" }, { pairCount: 0 })[2],
          say({ horizontal: { ...pair.horizontal, distanceM: 0 } })[3], say({ horizontal: { ...pair.horizontal, broken: false, distanceM: 40000 } })[3],
          say({ horizontal: { ...pair.horizontal, lackM: 0 } })[3],
          say({ vertical: { broken: true, gapM: -5, requiredM: null, lackM: null } })[4], say({ vertical: { ...pair.vertical, gapM: -5 } })[4],
          say({ time: { ...pair.time, overlap: { start: pair.time.overlap.start, end: null }, lackS: null } })[5],
          say({ time: { broken: true, gapS: 300, overlap: null, requiredS: 600, lackS: 300 } })[5]];""")
    assert "error bound" in told[0] and "found by B" in told[1]
    assert told[2].startswith("Distance: their areas overlap") and "keeps" in told[3] and "no more than" in told[4]
    assert told[5] == "Altitude: none separates these two kinds." and "bands meet" in told[6]
    assert "no end is stated" in told[7] and told[8] == "Time: 5 min between their windows, and 10 min are required. 5 min are lacking."


def open_card(browser, collision):
    press(browser, f"[data-conflict='{collision['id']}']")
    until(browser, lambda b: text_of(b, "#detail .why-words"))


def test_the_picture_has_the_ground_of_the_page_and_follows_it(floor, collision):
    open_card(floor, collision)
    sources = lambda: of_each(floor, "#detail .conflict-picture", "new URL(e.src).searchParams.get('ground')")
    drawn = lambda: of_each(floor, "#detail .conflict-picture", "e.complete && e.naturalWidth > 0") == [True]
    until(floor, lambda _: sources() == ["dark"] and drawn())
    floor.execute_script("document.documentElement.style.setProperty('--ground', '#ffffff')")
    until(floor, lambda _: sources() == ["light"] and drawn())
    floor.execute_script("document.documentElement.style.removeProperty('--ground')")
    until(floor, lambda _: sources() == ["dark"])
    assert collision["theirs"]["id"] in of_each(floor, "#detail .conflict-picture", "e.alt")[0]


def position_of(browser, party):
    return text_of(browser, f"[data-position-of={party}]")


def test_their_conditions_are_accepted_as_they_stand_and_bind_no_later_version(floor, collision, own_desk, other_desk):
    open_card(floor, collision)
    write(floor, "#conditions", "half written")
    words = ["Strike ends before 2100Z", "  Nobody\u202e below FL150  "]
    other_desk.call("POST", f"conflicts/{collision['id']}/positions", {"stance": "settle", "conditions": words, "remarks": "<b>our last word</b>"})
    until(floor, lambda b: "Strike ends before 2100Z" in position_of(b, "bravo"))
    assert "<b>our last word</b>" in position_of(floor, "bravo") and other_desk.officer in position_of(floor, "bravo")
    assert of_each(floor, "#conditions", "e.value") == ["half written"]

    state = lambda: own_desk.call("GET", f"conflicts/{collision['id']}")
    press(floor, "[data-accept=bravo]")
    assert state()["state"] == "open"
    hold(floor, "[data-accept=bravo]")
    until(floor, lambda _: state()["state"] == "settled")
    # To the letter, also where the letters cannot be shown.
    assert [each["conditions"] for each in state()["positions"]] == [words, words]
    until(floor, lambda _: other_desk.call("GET", f"conflicts/{collision['id']}")["state"] == "settled")
    until(floor, lambda b: "Strike ends before 2100Z" in text_of(b, "#detail .agreed"))
    assert floor.find_elements(By.CSS_SELECTOR, "[data-accept]") == []

    fields = {key: collision["theirs"][key] for key in ("kind", "volumes", "contact")}
    other_desk.call("POST", f"notices/{collision['theirs']['id']}/versions", {**fields, "remarks": "again", "expectedVersion": 1})
    until(floor, lambda b: "NO LONGER BOUND" in position_of(b, "bravo") and "NO LONGER BOUND" in position_of(b, "alpha"))
    assert floor.find_elements(By.CSS_SELECTOR, "[data-accept], .agreed, [data-position-of=alpha] [data-focus=withdraw]") == []
    until(floor, lambda b: "OPEN" in text_of(b, ".conflict-state"))


def test_conditions_are_proposed_withdrawn_and_a_conflict_disputed(floor, collision, other_desk):
    open_card(floor, collision)
    theirs = lambda: {each["party"]: each for each in other_desk.call("GET", f"conflicts/{collision['id']}")["positions"]}
    press(floor, "#detail [data-focus=settle]")
    until(floor, lambda b: "at least one condition" in text_of(b, ".conflict-actions .problem"))
    assert theirs() == {}
    write(floor, "#conditions", "First\n\n Second ")
    press(floor, "#detail [data-focus=settle]")
    until(floor, lambda _: theirs().get("alpha", {}).get("conditions") == ["First", "Second"])
    until(floor, lambda b: "signs conditions" in position_of(b, "alpha"))
    press(floor, "[data-position-of=alpha] [data-focus=withdraw]")
    until(floor, lambda _: theirs()["alpha"]["stance"] == "withdraw")
    until(floor, lambda b: not b.find_elements(By.CSS_SELECTOR, "[data-position-of=alpha] [data-focus=withdraw]"))
    press(floor, "#detail [data-focus=dispute]")
    until(floor, lambda _: theirs()["alpha"]["stance"] == "dispute")
    until(floor, lambda b: "DISPUTED" in text_of(b, ".conflict-state"))
