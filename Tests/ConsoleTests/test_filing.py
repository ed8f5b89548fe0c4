"""Filing in a real browser: drawn, typed or taken from a file, several volumes, drafts that survive, and what the other node has of it."""
import datetime
import json
import re
import time

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions as shown

import harness
import screenshot
from desk import Desk
from page import choose, dtg, element, in_page, of_each, press, text_of, until, write
from test_conflicts import cancel, checked, photograph
from test_legible import faint

SUBMIT = "#filing button[type=submit]"


def moment(hours):
    """Far from all else that these tests file, on a whole minute."""
    now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    return now + datetime.timedelta(hours=hours)


def value(browser, selector):
    return browser.find_element(By.CSS_SELECTOR, selector).get_property("value")


def open_form(browser, **fields):
    press(browser, "#file-notice")
    element(browser, "#filing")
    for name, text in {"lower": "5000", "upper": "9000", "contact": "Filing test", **fields}.items():
        write(browser, f"#file-{name}", text)


def draw(browser, *offsets, finish=True):
    """Draws by clicks at so many pixels from the middle of the map."""
    canvas = element(browser, ".map-frame canvas")
    press(browser, "#file-draw")
    for offset in offsets:
        ActionChains(browser).move_to_element_with_offset(canvas, *offset).click().perform()
    if finish:
        press(browser, "#file-draw")


def discard(browser):
    press(browser, "#file-discard")
    until(browser, lambda b: not b.find_elements(By.ID, "filing"))


def can_file(browser):
    return until(browser, lambda b: checked(b) and shown.element_to_be_clickable((By.CSS_SELECTOR, SUBMIT))(b))


def volumes_at(desk, id):
    return desk.call("GET", f"notices/{id}")["volumes"]


def filed_id(browser):
    return until(browser, lambda b: (found := re.match(r"(\S+) is FILED", text_of(b, ".just-filed"))) and found[1])


def ring_of(points_text):
    """[[lon, lat]] of lines as the form writes them."""
    found = re.findall(r"([\d.]+) N ([\d.]+) E", points_text)
    return [[float(longitude), float(latitude)] for latitude, longitude in found]


def test_an_officer_draws_an_area_types_times_sees_the_what_if_and_the_other_node_has_exactly_that(floor, own_desk, other_desk):
    start, end = moment(30), moment(31)
    begun = time.monotonic()
    open_form(floor, start=dtg(start), end=dtg(end))
    choose(floor, "#file-shape", "polygon")
    draw(floor, (-60, -50), (70, -40), (60, 60), (-50, 40))
    until(floor, lambda b: value(b, "#file-points").count("\n") == 3)
    drawn = value(floor, "#file-points")
    can_file(floor)
    assert "Nearest named place" in text_of(floor, ".check") and "km²" in text_of(floor, ".check")
    assert "asks for at least" in text_of(floor, ".check")
    told = text_of(floor, ".telling")
    assert "About to be told to" in told and "Bravo" in told and dtg(start) in told and "4 corners" in told and "REAL" in told
    assert faint(floor) == []
    photograph(floor, "filing-drawn")
    press(floor, SUBMIT)
    id = filed_id(floor)
    taken = time.monotonic() - begun
    try:
        until(floor, lambda _: other_desk.has(f"notices/{id}"))
        [held] = volumes_at(other_desk, id)
        [ring] = held["footprint"]["coordinates"]
        assert held["footprint"]["type"] == "Polygon" and ring[0] == ring[-1]
        # The form shows five decimals, and files what was clicked: the same to a rounding of the last shown digit.
        for shown_at, filed_at in zip(ring_of(drawn), ring[:-1], strict=True):
            assert all(abs(a - b) <= 0.0000051 for a, b in zip(shown_at, filed_at))
        instant = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        assert (instant(held["start"]), instant(held["end"])) == (start, end)
        # What becomes of it stands first, and comes by itself.
        until(floor, lambda b: "not yet" not in text_of(b, "#detail [data-fact=receipted]"))
        photograph(floor, "filing-filed")
    finally:
        cancel(own_desk, {"id": id})
    print(f"drawn, checked and filed by a browser in {taken:.1f} s")
    assert taken < 60


def test_the_other_node_has_to_the_last_digit_what_was_filed_here(floor, own_desk, other_desk):
    start = moment(33)
    open_form(floor, start=dtg(start), end=dtg(moment(34)))
    choose(floor, "#file-shape", "line")
    write(floor, "#file-points", "34.1234567 36.7654321\n34.2 36.9")
    can_file(floor)
    press(floor, SUBMIT)
    id = filed_id(floor)
    until(floor, lambda _: other_desk.has(f"notices/{id}"))
    assert volumes_at(other_desk, id) == volumes_at(own_desk, id)
    [held] = volumes_at(other_desk, id)
    assert held["footprint"]["coordinates"] == [[36.7654321, 34.1234567], [36.9, 34.2]]
    assert held["original"] == "34.1234567 36.7654321\n34.2 36.9"
    cancel(own_desk, {"id": id})


def test_drawing_is_undone_given_up_and_ended_by_mouse(floor):
    open_form(floor)
    choose(floor, "#file-shape", "corridor")
    draw(floor, (-80, 0), (0, 30), (80, 0), finish=False)
    until(floor, lambda b: value(b, "#file-points").count("\n") == 2)
    press(floor, "#file-undo")
    until(floor, lambda b: value(b, "#file-points").count("\n") == 1)
    press(floor, "#file-give-up")
    until(floor, lambda b: value(b, "#file-points") == "" and not b.find_element(By.ID, "file-undo").is_displayed())
    # A circle: the centre, then the rim; the rim can be pulled afterwards.
    choose(floor, "#file-shape", "circle")
    draw(floor, (0, 0), (50, 0), finish=False)
    until(floor, lambda b: not b.find_element(By.ID, "file-undo").is_displayed())
    first = int(value(floor, "#file-radius"))
    assert first != 5000
    until(floor, checked)
    canvas = element(floor, ".map-frame canvas")
    ActionChains(floor).move_to_element_with_offset(canvas, 50, 0).click_and_hold().move_by_offset(20, 0).move_by_offset(30, 0).release().perform()
    until(floor, lambda b: abs(int(value(b, "#file-radius")) / first - 2) < 0.1)
    choose(floor, "#file-shape", "point")
    draw(floor, (-30, -30), finish=False)
    until(floor, lambda b: text_of(b, "#file-draw") == "Draw on the map" and "\n" not in value(b, "#file-points"))
    until(floor, checked)
    discard(floor)


def test_an_area_is_drawn_by_keyboard_alone(floor):
    open_form(floor)
    choose(floor, "#file-shape", "polygon")
    keys = lambda *pressed: ActionChains(floor).send_keys(*pressed).perform()
    floor.execute_script("document.getElementById('file-draw').focus()")
    keys(Keys.ENTER)
    until(floor, lambda b: b.execute_script("return document.activeElement.closest('.map-frame') !== null"))
    element(floor, ".draw-hint")
    assert of_each(floor, ".map-body > .cross", "e.hidden") == [False]
    corners = lambda: ring_of(value(floor, "#file-points"))

    def put(n):
        """Whether there are so many corners by now, each at its own place: the map glides to where a key sends it."""
        keys(Keys.SPACE)
        until(floor, lambda _: len(corners()) == n)
        if len({tuple(corner) for corner in corners()}) == n:
            return True
        keys(Keys.BACKSPACE)
        until(floor, lambda _: len(corners()) == n - 1)
        return False

    for n, way in enumerate((Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_LEFT, Keys.ARROW_UP), start=1):
        until(floor, lambda _: put(n))
        keys(way)
    keys(Keys.BACKSPACE)
    until(floor, lambda _: len(corners()) == 3)
    photograph(floor, "filing-keyboard")
    keys(Keys.ENTER)
    until(floor, lambda b: b.execute_script("return document.activeElement.id") == "file-draw")
    assert len({tuple(corner) for corner in corners()}) == 3
    until(floor, checked)
    discard(floor)


def test_positions_in_every_notation_are_read_and_kept_as_written(floor, own_desk):
    open_form(floor, start=dtg(moment(36)), end=dtg(moment(37)))
    choose(floor, "#file-shape", "polygon")
    text = "34 33 26.6 N 38 19 0.8 E\nN3433.444 E03849.014\n37SDU3733184174\n434LK47"
    write(floor, "#file-points", text)
    until(floor, lambda b: "GARS" in text_of(b, ".understood"))
    said = text_of(floor, ".understood")
    assert all(name in said for name in ("degrees, minutes and seconds", "degrees and minutes", "MGRS", "GARS")) and "may be off by" in said
    write(floor, "#file-points", "34.5 38.3\nnowhere in particular")
    until(floor, lambda b: text_of(b, "#file-points-problem").startswith("Line 2"))
    box = floor.find_element(By.ID, "file-points")
    assert box.get_attribute("aria-invalid") == "true" and "file-points-problem" in box.get_attribute("aria-describedby")
    assert not floor.find_element(By.CSS_SELECTOR, SUBMIT).is_enabled()
    choose(floor, "#file-shape", "circle")
    write(floor, "#file-points", "37SDU3733124174")
    write(floor, "#file-radius", "700")
    can_file(floor)
    press(floor, SUBMIT)
    id = filed_id(floor)
    [held] = volumes_at(own_desk, id)
    assert held["original"] == "37SDU3733124174" and held["footprint"]["radiusM"] == 700
    cancel(own_desk, {"id": id})


def test_a_notice_of_several_volumes_is_written_amended_and_keeps_what_is_not_touched(floor, own_desk):
    open_form(floor, start=dtg(moment(40)), end=dtg(moment(41)), points="35.1 38.5")
    write(floor, "#file-radius", "1500")
    press(floor, "#file-volume-add")
    until(floor, lambda b: value(b, "#file-points") == "")
    until(floor, lambda b: "of volume 2" in text_of(b, ".incomplete"))
    choose(floor, "#file-shape", "corridor")
    write(floor, "#file-points", "35.2 38.6\n35.4 38.9")
    write(floor, "#file-radius", "900")
    press(floor, "#file-volume-copy")
    write(floor, "#file-start", dtg(moment(42)))
    until(floor, lambda b: "ends before it begins" in text_of(b, "#file-end-problem"))
    # What is wrong is said also while another volume is in hand.
    press(floor, "[data-volume='0']")
    until(floor, lambda b: "LOOK HERE" in text_of(b, "[data-volume='2']") and "Volume 3" in text_of(b, "#filing .filing-end .problem"))
    press(floor, "[data-volume='2']")
    press(floor, "#file-volume-remove")
    until(floor, lambda b: len(b.find_elements(By.CSS_SELECTOR, "[data-volume]")) == 2)
    press(floor, "#file-volume-putBack")
    write(floor, "#file-end", dtg(moment(43)))
    can_file(floor)
    photograph(floor, "filing-volumes")
    assert "3 volumes" in text_of(floor, ".telling")
    press(floor, SUBMIT)
    id = filed_id(floor)
    before = volumes_at(own_desk, id)
    assert [v["footprint"]["type"] for v in before] == ["Point", "LineString", "LineString"]

    press(floor, "#detail [data-focus=amend]")
    element(floor, "#filing")
    assert value(floor, "#file-points").startswith("35.1")
    press(floor, "[data-volume='1']")
    write(floor, "#file-upper", "9500")
    can_file(floor)
    press(floor, SUBMIT)
    until(floor, lambda _: own_desk.call("GET", f"notices/{id}")["version"] == 2)
    after = volumes_at(own_desk, id)
    assert (after[0], after[2]) == (before[0], before[2])
    assert after[1] == {**before[1], "altitude": {**before[1]["altitude"], "upper": {"value": 9500, "unit": "feet", "datum": "amsl"}}}
    cancel(own_desk, {"id": id})


def test_times_as_groups_and_in_the_picker_say_the_same_and_nothing_is_converted(floor):
    open_form(floor)
    write(floor, "#file-start", "221917ZNOV26")
    assert value(floor, "#file-start-picker") == "2026-11-22T19:17"
    assert "Sunday" in text_of(floor, "#file-start-help")
    floor.execute_script("""
        const picker = document.getElementById("file-start-picker");
        picker.value = "2027-01-05T04:06";
        picker.dispatchEvent(new Event("input", { bubbles: true }));""")
    assert value(floor, "#file-start") == "050406ZJAN27"
    write(floor, "#file-start", "311200ZNOV26")
    until(floor, lambda b: "221917ZNOV26" in text_of(b, "#file-start-problem"))
    assert value(floor, "#file-start-picker") == ""
    discard(floor)


def test_a_kind_says_what_it_is_and_a_standing_one_asks_for_its_review(floor, own_desk):
    open_form(floor, points="33.2 38.1")
    choose(floor, "#file-kind", "strike")
    until(floor, lambda b: "Lead time agreed: 30 min" in text_of(b, ".kind-help") and "read back" in text_of(b, ".kind-help"))
    press(floor, ".kind-minima summary")
    assert "STANDING PRESENCE" in text_of(floor, ".kind-minima") and "any altitude" in text_of(floor, ".kind-minima")
    assert not floor.find_element(By.ID, "file-review").is_displayed()
    choose(floor, "#file-kind", "standing-presence")
    write(floor, "#file-review", "soon")
    until(floor, lambda b: "221917ZNOV26" in text_of(b, "#file-review-problem"))
    review = moment(72)
    write(floor, "#file-review", dtg(review))
    can_file(floor)
    press(floor, SUBMIT)
    id = filed_id(floor)
    assert own_desk.call("GET", f"notices/{id}")["reviewBy"].startswith(review.strftime("%Y-%m-%dT%H:%M"))
    cancel(own_desk, {"id": id})


def test_short_notice_is_said_before_filing(floor):
    open_form(floor, points="33.4 38.1", start=dtg(moment(0.2)), end=dtg(moment(1)))
    choose(floor, "#file-kind", "strike")
    until(floor, lambda b: checked(b) and "SHORTER than the 30 min" in text_of(b, ".check"))
    discard(floor)


def test_a_place_that_is_not_where_the_geometry_is_is_refused_until_confirmed(floor, own_desk):
    open_form(floor, points="33.6 38.2", place="Palmyra Airport", start=dtg(moment(45)), end=dtg(moment(46)))
    can_file(floor)
    before = len(own_desk.call("GET", "notices")["notices"])
    press(floor, SUBMIT)
    until(floor, lambda b: "km from the geometry" in text_of(b, "#file-place-problem") or "no place called" in text_of(b, "#file-place-problem"))
    assert "km from the geometry" in text_of(floor, "#file-place-problem")
    assert "NOT FILED" in text_of(floor, ".filing-end .problem")
    assert len(own_desk.call("GET", "notices")["notices"]) == before
    photograph(floor, "filing-place")
    press(floor, "#file-place-confirmed")
    # Another geometry has to be confirmed anew.
    write(floor, "#file-points", "33.61 38.2")
    until(floor, lambda b: not b.find_element(By.ID, "file-place-confirmed").is_displayed())
    can_file(floor)
    press(floor, SUBMIT)
    until(floor, lambda b: "km from the geometry" in text_of(b, "#file-place-problem"))
    press(floor, "#file-place-confirmed")
    can_file(floor)
    press(floor, SUBMIT)
    cancel(own_desk, {"id": filed_id(floor)})


def test_a_half_typed_draft_survives_looking_at_something_else(floor, own_desk):
    other = own_desk.file("exercise", [42.1, 31.1], 500, 1000, 2000, *(moment(h).strftime("%Y-%m-%dT%H:%M:%SZ") for h in (50, 51)), "looked at")
    try:
        open_form(floor, points="34.9 39.9\n34.8", remarks="half typ")
        choose(floor, "#file-shape", "polygon")
        press(floor, f"[data-notice='{other['id']}']")
        until(floor, lambda b: other["id"] in text_of(b, "#detail"))
        assert not floor.find_elements(By.ID, "filing")
        photograph(floor, "filing-put-aside")
        press(floor, "[data-draft=new]")
        element(floor, "#filing")
        assert value(floor, "#file-points") == "34.9 39.9\n34.8" and value(floor, "#file-remarks") == "half typ"
        assert value(floor, "#file-shape") == "polygon" and "goes on here" in text_of(floor, ".continued")
        discard(floor)
        assert not floor.find_elements(By.CSS_SELECTOR, "[data-draft]")
        press(floor, "#file-notice")
        until(floor, lambda b: value(b, "#file-points") == "")
    finally:
        cancel(own_desk, other)


def test_a_lost_node_stops_filing_says_why_and_loses_nothing(floor, relay):
    open_form(floor, points="35.6 39.9", remarks="kept")
    can_file(floor)
    relay.cut()
    until(floor, lambda b: "lost its node" in text_of(b, ".barred") and not b.find_element(By.CSS_SELECTOR, SUBMIT).is_enabled())
    relay.mend()
    until(floor, lambda b: not b.find_element(By.ID, "lost").is_displayed())
    can_file(floor)
    assert text_of(floor, ".barred") == "" and value(floor, "#file-remarks") == "kept"
    discard(floor)


@pytest.fixture()
def strict():
    """Two desks whose terms want a second officer for a strike."""
    mechanism = harness.Mechanism(
        {"echo": "principal", "golf": "principal"}, heartbeat=2, stale_after=6, edit=lambda terms: terms["twoOfficers"].update(kinds=["strike"]))
    try:
        for node in mechanism.nodes.values():
            node.start()
        harness.wait_until_signing(*mechanism.nodes.values())
        yield {name: Desk(f"http://127.0.0.1:{node.desk_port}", harness.OFFICER, harness.PASSPHRASE) for name, node in mechanism.nodes.items()}
    finally:
        mechanism.close()


def test_what_waits_for_a_second_officer_is_said_not_to_be_filed(browser, strict):
    desk = strict["echo"]
    screenshot.sign_in(browser, desk.url, desk.officer, desk.passphrase)
    open_form(browser, points="35.6 39.9", start=dtg(moment(5)), end=dtg(moment(6)))
    can_file(browser)
    assert "second officer" not in text_of(browser, ".telling")
    choose(browser, "#file-kind", "strike")
    until(browser, lambda b: checked(b) and "before a second officer" in text_of(b, ".telling"))
    press(browser, SUBMIT)
    until(browser, lambda b: "NOT FILED YET" in text_of(b, ".just-filed"))
    assert desk.call("GET", "notices")["notices"] == [] and len(desk.call("GET", "watch")["pending"]) == 1


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_form_keeps_its_buttons_in_view_and_fits_its_side(floor, size, direction):
    floor.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False})
    try:
        floor.execute_script("document.documentElement.dir = arguments[0]", direction)
        open_form(floor, points="35.6 39.9")
        can_file(floor)
        for top in (0, 10_000):
            floor.execute_script("document.getElementById('detail').scrollTop = arguments[0]", top)
            box = floor.execute_script("return document.querySelector(arguments[0]).getBoundingClientRect().toJSON()", SUBMIT)
            side = floor.execute_script("return document.getElementById('detail').getBoundingClientRect().toJSON()")
            assert side["top"] < box["top"] and box["bottom"] <= side["bottom"] + 1
        photograph(floor, f"filing-{direction}-{size[0]}")
        # Nothing is wider than the side that holds it.
        assert floor.execute_script("const d = document.getElementById('detail'); return d.scrollWidth <= d.clientWidth")
        discard(floor)
    finally:
        floor.execute_script("document.documentElement.dir = 'ltr'")
        floor.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 1280, "height": 720, "deviceScaleFactor": 1, "mobile": False})


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Ranges</name><Style id="s"/>
 <Folder><TimeSpan><begin>2026-01-01</begin></TimeSpan>
 <Placemark><name>Range A</name><description>for the map</description><styleUrl>#s</styleUrl>
  <TimeSpan><begin>2027-03-01T06:00:00Z</begin><end>2027-03-01T11:30:00+03:00</end></TimeSpan>
  <Polygon><outerBoundaryIs><LinearRing><coordinates>
   38.10,34.10,0 38.30,34.10,0
   38.30,34.25,0 38.10,34.10,0 </coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
 <Placemark><name>Both</name><MultiGeometry><Point><coordinates>38.5,34.5,1200</coordinates></Point>
  <LineString><coordinates>38.5,34.5 38.9,34.6</coordinates></LineString></MultiGeometry></Placemark>
 </Folder><NetworkLink><Link><href>http://example.org/x.kml</href></Link></NetworkLink></Document></kml>"""

SQUARE = [[[38.1, 34.1], [38.2, 34.1], [38.2, 34.2], [38.1, 34.1]]]


def read_file(browser, text, name="zone.kml"):
    """What the page makes of such a file: its shapes and notes, or the words of its refusal."""
    return in_page(browser, "geofile.js", """
        const file = new File([a[0]], a[1]);
        try { return await m.readGeoFile(file); } catch (problem) {
          if (problem.constructor.name !== "FileProblem") throw problem;
          return problem.message; }""", text, name)


def test_a_kml_file_is_read_with_its_times_and_says_what_is_not_taken_over(floor):
    read = read_file(floor, KML)
    area, point, line = read["shapes"]
    assert area["footprint"] == {"type": "Polygon", "coordinates": [[[38.1, 34.1], [38.3, 34.1], [38.3, 34.25], [38.1, 34.1]]], "radiusM": 0}
    assert (area["start"], area["end"]) == ("2027-03-01T06:00:00.000Z", "2027-03-01T08:30:00.000Z")
    assert point["footprint"]["coordinates"] == [38.5, 34.5] and line["footprint"]["coordinates"] == [[38.5, 34.5], [38.9, 34.6]]
    assert area["original"] == "zone.kml: Range A" and point["start"] is None
    notes = " ".join(read["notes"])
    assert all(word in notes for word in ("description", "Heights", "NetworkLink", "TimeSpan of a Folder", "+03:00"))


@pytest.mark.parametrize("text, said", [
    ("<kml><Placemark>", "not well-formed XML"),
    ("<gpx></gpx>", "its root is “gpx”"),
    ('<!DOCTYPE kml [<!ENTITY a "aaaa">]><kml>&a;</kml>', "document type"),
    ("<kml><Placemark><Point><coordinates>38.5, 34.5</coordinates></Point></Placemark></kml>", "without spaces"),
    ("<kml><Placemark><name>Z</name><Point/></Placemark></kml>", "Z has no coordinates"),
    ("<kml><Placemark><name>H</name><Polygon><outerBoundaryIs/><innerBoundaryIs/></Polygon></Placemark></kml>", "H has a hole"),
    ("<kml/>", "no shape"),
    ("PK\x03\x04", "packed"), ("", "empty"), ("lat;lon", "neither"), ('{"type": ', "not JSON"),
    (json.dumps({"type": "Point", "coordinates": [34, 138]}), "Longitude stands first"),
    (json.dumps({"type": "Point", "coordinates": [1e400, 1]}).replace("Infinity", "1e400"), "not a longitude"),
    (json.dumps({"type": "Polygon", "coordinates": SQUARE + SQUARE}), "has a hole"),
    (json.dumps({"type": "LineString", "coordinates": [[n / 100, 1] for n in range(1200)]}), "more than 1000"),
    (json.dumps({"type": "MultiPoint", "coordinates": [[n / 10, 1] for n in range(70)]}), "more than 64"),
    (json.dumps({"type": "Point", "coordinates": [34, 38], "crs": {"properties": {"name": "EPSG:28404"}}}), "another coordinate system"),
    ('{"type":"Point","coordinates":[1,2],"pad":"' + "x" * 1_100_000 + '"}', "at most 1 MiB"),
], ids=lambda each: each if len(each) < 25 else "")
def test_a_file_that_cannot_be_taken_is_refused_with_its_fault_named(floor, text, said):
    read = read_file(floor, text)
    assert isinstance(read, str) and said in read


def drop(browser, selector, name, text):
    """As if the officer let go of such a file there."""
    browser.execute_script("""
        const [selector, name, text] = arguments;
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], name));
        const options = { bubbles: true, cancelable: true, dataTransfer };
        window.dropped = !document.querySelector(selector).dispatchEvent(new DragEvent("drop", options));
        """, selector, name, text)


def test_a_dropped_file_becomes_volumes_and_a_hostile_name_stays_harmless(floor, tmp_path):
    open_form(floor)
    hostile = "<img src=x onerror=\"document.title='broken in'\">\u202e"
    shape = {"type": "Feature", "properties": {"name": hostile, hostile: 1}, "geometry": {"type": "MultiPolygon", "coordinates": [SQUARE, [[[39, 35], [39.2, 35], [39.2, 35.2], [39, 35]]]]}}
    drop(floor, "#map", f"{hostile}.geojson", json.dumps(shape))
    until(floor, lambda b: "2 shapes taken over" in text_of(b, ".geo-said"))
    assert floor.execute_script("return window.dropped") is True
    assert "broken" not in floor.title and not floor.find_elements(By.CSS_SELECTOR, "#filing img")
    assert "\u202e" not in text_of(floor, "#filing") and "<img" in text_of(floor, ".geo-said")
    assert len(floor.find_elements(By.CSS_SELECTOR, "[data-volume]")) == 2
    until(floor, checked)
    photograph(floor, "filing-dropped")
    drop(floor, "#filing", "bad.kml", "<kml>")
    until(floor, lambda b: "not well-formed" in text_of(b, "#file-problem"))
    # The button takes a file as well.
    path = tmp_path / "more.kml"
    path.write_text(KML)
    floor.find_element(By.ID, "file-chooser").send_keys(str(path))
    until(floor, lambda b: len(b.find_elements(By.CSS_SELECTOR, "[data-volume]")) == 5)
    discard(floor)
    drop(floor, "#map", "zone.kml", KML)
    assert floor.execute_script("return window.dropped") is True, "a file that is dropped must not take the page away"
