"""The map in a real browser: its moment, its symbols and filters, minima, search, read-out, measuring, keyboard, and many notices."""
import datetime
import pathlib
import re
import time

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from page import element, in_page, of_each, press, text_of, until
from test_conflicts import cancel, hours, photograph

VECTORS = next(
    (file for folder in pathlib.Path(__file__).resolve().parents if (file := folder / "shared/vectors/geodesic/GeodTest-100.dat").exists()), None)


LONGEST_TASK_MS = 200


def hold_store(browser):
    """Gives the page's store and the map's state to later scripts, as `store`; waits for the clock to ask it for the time."""
    in_page(browser, "store.js", """
        await new Promise((done) => {
          const real = m.Store.prototype.now;
          m.Store.prototype.now = function () { globalThis.store = this; m.Store.prototype.now = real; done(); return real.call(this); };
        });""")


@pytest.fixture()
def held(floor):
    hold_store(floor)
    yield floor
    floor.execute_script("store.setMapTime(null); store.setReplay(null); store.select(null)")


@pytest.fixture()
def presence(own_desk):
    """An own air operation that begins in two hours and lasts one."""
    latitude = round(33.2 + int(time.time() * 10) % 9000 / 10_000, 4)
    notice = own_desk.file("air-operation", [41.2, latitude], 4000, 5000, 9000, hours(2), hours(3), "for the map")
    yield notice
    cancel(own_desk, notice)


def dtg(browser):
    return text_of(browser, ".map-moment")


def test_the_map_says_plainly_when_it_shows_another_moment_and_goes_back_to_now(held):
    slider = element(held, "#map-time")
    assert text_of(held, ".map-when") == "" and of_each(held, ".map-body", "e.dataset.when") == ["now"]
    for _ in range(2):
        slider.send_keys(Keys.PAGE_UP)
    slider.send_keys(Keys.ARROW_RIGHT)
    until(held, lambda b: "NOT NOW" in text_of(b, ".map-when"))
    shown, now = held.execute_script("return [store.mapTime, store.now()]")
    assert shown % 300_000 == 0 and abs(shown - now - 125 * 60_000) <= 300_000
    group = datetime.datetime.fromtimestamp(shown / 1000, datetime.timezone.utc).strftime("%d%H%MZ%b%y").upper()
    assert group == dtg(held) and group in text_of(held, ".map-when")
    assert slider.get_attribute("aria-valuetext") == group
    frame = "return getComputedStyle(document.querySelector('.map-body'), '::after').borderTopStyle"
    assert held.execute_script(frame) == "dashed"
    photograph(held, "map-not-now")
    press(held, ".map-when button")
    until(held, lambda b: text_of(b, ".map-when") == "")
    assert held.execute_script("return store.mapTime") is None and held.execute_script(frame) != "dashed"


def test_what_is_under_way_follows_the_moment(floor):
    told = in_page(floor, "mapmoment.js", """
        const notice = (status, ended) => ({ status, ended, volumes: [
          { start: "2026-11-22T10:00:00Z", end: "2026-11-22T11:00:00Z" }, { start: "2026-11-22T12:00:00Z", end: "2026-11-22T13:00:00Z" }] });
        const at = (hour) => Date.parse(`2026-11-22T${hour}:00Z`) / 1000;
        const says = (its) => ["09:59", "10:00", "13:00", "13:01"].map((hour) => m.isUnderWay(m.timesOf(its), at(hour)));
        return [says(notice("current", null)), says(notice("overdue", null)), says(notice("ended", { at: "2026-11-22T12:30:00Z" }))];""")
    assert told == [[False, True, True, False], [False, True, True, True], [False, True, False, False]]


def test_what_filters_hide_is_counted_on_the_map_and_can_be_shown_again(held, presence):
    press(held, f"[data-notice='{presence['id']}']")
    press(held, "#map-layers-button")
    press(held, "[data-choice=kind-air-operation]")
    until(held, lambda b: "HIDDEN" in text_of(b, ".map-hidden"))
    counted = held.execute_script("return [...store.notices.values()].filter((n) => n.status !== 'ended' && n.kind === 'air-operation').length")
    assert re.match(rf"{counted} NOTICES? (IS|ARE) HIDDEN", text_of(held, ".map-hidden"))
    photograph(held, "map-hidden")
    # Focus stays where it was although the sheet was filled anew.
    assert held.execute_script("return document.activeElement.dataset.choice") == "kind-air-operation"
    held.execute_script("document.querySelector('.map-hidden button').click()")
    until(held, lambda b: text_of(b, ".map-hidden") == "")
    assert of_each(held, "[data-choice=kind-air-operation]", "e.checked") == [True]
    # What begins later is hidden too when the officer wants only what is under way.
    press(held, "[data-choice=others-hidden]")
    until(held, lambda b: "HIDDEN" in text_of(b, ".map-hidden"))
    press(held, "[data-choice=others-faint]")
    until(held, lambda b: text_of(b, ".map-hidden") == "")
    ActionChains(held).send_keys(Keys.ESCAPE).perform()
    until(held, lambda b: text_of(b, "#map-layers") == "")
    assert held.execute_script("return document.activeElement.id") == "map-layers-button"


def test_every_agreed_kind_has_its_own_symbol_and_an_unknown_one_a_neutral_one(held, own_desk):
    kinds = [row["kind"] for row in own_desk.call("GET", "terms")["kinds"]]
    symbols = in_page(held, "mapsymbols.js", "return a[0].map((kind) => JSON.stringify(m.kindSymbol(kind)))", [*kinds, "kite-festival", "constructor"])
    assert len(set(symbols[:-2])) == len(kinds) and symbols[-1] == symbols[-2] and symbols[-1] not in symbols[:-2]
    press(held, "#map-legend-button")
    assert len(of_each(held, "#map-legend li", "e.innerText")) >= len(kinds)
    assert "DRILL" in text_of(held, "#map-legend").upper()
    photograph(held, "map-legend")
    press(held, "#map-legend-button")


def test_rings_are_as_far_from_a_notice_as_the_terms_demand(floor, own_desk):
    terms = own_desk.call("GET", "terms")
    rings = in_page(floor, "minimarings.js", """
        const { inverse } = await import(new URL("geodesic.js", document.baseURI));
        const footprint = { type: "Point", coordinates: [38, 35], radiusM: 2000 };
        const notice = { kind: "strike", volumes: [{ footprint }, { footprint: { ...footprint, coordinates: [38.05, 35] } }] };
        return m.minimaRings(notice, a[0]).map(({ properties, geometry }) => ({ ...properties,
          nearest: Math.min(...geometry.coordinates.map((p) => Math.min(...notice.volumes.map((v) => inverse(v.footprint.coordinates, p).distanceM)))) }));""", terms)
    # Of a strike: 5 km to what stands or moves on the ground, 10 km to other fires, 20 NM to aircraft, 75 km to missiles.
    assert sorted({ring["distanceM"] for ring in rings}) == [5000, 10000, 37040, 75000]
    for ring in rings:
        # One outline around both circles: no point of it lies nearer to either than the minimum and its radius.
        assert abs(ring["nearest"] - ring["distanceM"] - 2000) < 0.02 * ring["nearest"]
    names = {ring["distanceM"]: ring["label"] for ring in rings}
    assert names[75000] == "75.0 km to MISSILE LAUNCH" and names[37040].startswith("37.0 km to AIR OPERATION")
    # A pair that the terms leave out takes the largest distance of all.
    assert in_page(floor, "minimarings.js", "return m.horizontalMinimum(a[0], 'strike', 'kite-festival')", terms) == 75000


def test_words_that_the_map_would_draw_wrongly_are_left_out(floor):
    # It neither joins Arabic letters nor turns Hebrew ones around.
    assert in_page(floor, "mapfeatures.js", "return a.slice(0, -1).map((words) => m.drawable(words, '5 km'))",
                   "STRIKE", "HAVA ƏMƏLİYYATI", "УДАР", "ضربة", "תקיפה", "5 كم") == ["STRIKE", "HAVA ƏMƏLİYYATI", "УДАР", "5 km", "5 km", "5 km"]


def test_measured_distances_and_bearings_are_those_of_others(floor):
    if VECTORS is None:
        pytest.skip("no shared/vectors/geodesic/GeodTest-100.dat")
    # C. F. F. Karney's test set: latitude, longitude and azimuth at both ends, distance (GeographicLib, to nanometres).
    rows = [list(map(float, line.split())) for line in VECTORS.read_text().splitlines()]
    ours = in_page(floor, "geodesic.js", "return a[0].map((r) => m.measured([r[1], r[0]], [r[4], r[3]]))", rows)
    pairs = [(row, own) for row, own in zip(rows, ours) if own]
    # Nearly opposite points are left out by the method, and said to be.
    assert len(pairs) > 80 and all(row[7] > 179 or row[6] > 19_000_000 for row, own in zip(rows, ours) if not own)
    for row, own in pairs:
        assert abs(own["distanceM"] - row[6]) < 0.001
        assert row[6] < 1 or abs((own["bearingDeg"] - row[2] + 180) % 360 - 180) < 0.0001


def click_map(browser, x, y):
    ActionChains(browser).move_to_element_with_offset(element(browser, ".map-frame canvas"), x, y).click().perform()


def test_measuring_by_clicks_and_by_the_cross(held):
    press(held, "#map-measure-button")
    click_map(held, -90, 20)
    click_map(held, -10, 20)
    until(held, lambda b: len(of_each(b, ".map-measure li", "e.innerText")) == 1)
    # On one screen line due east.
    assert re.fullmatch(r"\d+(\.\d)? km · \d+(\.\d)? NM · 0(89|90)°", of_each(held, ".map-measure li", "e.innerText")[0])
    canvas = element(held, ".map-frame canvas")
    canvas.send_keys(Keys.ARROW_UP)
    until(held, lambda b: text_of(b, ".cursor").startswith("At the cross"))
    canvas.send_keys(Keys.ENTER)
    until(held, lambda b: len(of_each(b, ".map-measure li", "e.innerText")) == 2)
    assert "first to the last" in text_of(held, ".measure-total")
    photograph(held, "map-measured")
    canvas.send_keys(Keys.BACKSPACE)
    until(held, lambda b: len(of_each(b, ".map-measure li", "e.innerText")) == 1)
    press(held, "#map-measure-button")
    assert text_of(held, ".map-measure") == ""


def test_a_position_in_any_notation_or_an_airfield_is_found_by_keys(held):
    box = element(held, "#map-search")
    # Palmyra's tower, as docs and vectors have it: the same place in four notations.
    for text in ("37SDU3733124174", "34 33.444N 038 19.014E", "34.5574 N 38.3169 E", "437LK"):
        box.send_keys(text)
        found = until(held, lambda b: of_each(b, "#map-found li", "e.innerText"))
        assert "34°" in found[0] and "038°" in found[0], text
        assert "within" in found[0] if text == "437LK" else "34°33.4" in found[0] and "038°19.0" in found[0], text
        box.send_keys(Keys.ESCAPE)
        assert text_of(held, "#map-found") == ""
    box.send_keys("palmyra")
    until(held, lambda b: "Palmyra" in text_of(b, "#map-found"))
    box.send_keys(Keys.ENTER)
    canvas = element(held, ".map-frame canvas")
    # The cross in the middle then stands where the airfield is: OSPR, 34.5574 N 38.3167 E.
    held.execute_script("document.querySelector('.map-frame canvas').focus()")
    canvas.send_keys("v")
    until(held, lambda b: re.search(r"34\.5[56]\d+ N 38\.3[12]\d+ E", text_of(b, ".cursor")))
    photograph(held, "map-found")
    box.send_keys(Keys.ESCAPE)
    box.send_keys("nowhere at all")
    until(held, lambda b: "No airfield" in text_of(b, ".map-search-says"))
    box.send_keys(Keys.ESCAPE)


def test_the_read_out_has_every_notation_with_one_question_under_way(held, own_desk):
    held.execute_script("""
        const real = window.fetch; window.most = 0; window.asked = 0; let now = 0;
        window.fetch = async (url, ...rest) => {
          if (!String(url).includes("/coordinates")) return real(url, ...rest);
          window.asked += 1; now += 1; window.most = Math.max(window.most, now);
          try { return await real(url, ...rest); } finally { now -= 1; }
        };""")
    canvas = element(held, ".map-frame canvas")
    begun = time.monotonic()
    chain = ActionChains(held, duration=10).move_to_element_with_offset(canvas, -60, -40)
    for _ in range(40):
        chain = chain.move_by_offset(2, 1)
    chain.perform()
    spent = time.monotonic() - begun
    read = lambda name: text_of(held, f".cursor [data-notation={name}]")
    until(held, lambda _: re.fullmatch(r"\d\d[A-Z]{3}\d{10}", read("mgrs")) and re.fullmatch(r"\d{3}[A-Z]{2}\d\d", read("gars")))
    most, asked = held.execute_script("return [most, asked]")
    assert most == 1 and 1 <= asked <= 12 * spent + 3
    said = own_desk.call("GET", "coordinates?text=" + read("decimalDegrees").replace(" ", "%20"))["notations"]
    assert [said[name] for name in ("degreesMinutes", "mgrs", "gars")] == [read(name) for name in ("degreesMinutes", "mgrs", "gars")]


def test_by_keyboard_the_map_is_moved_and_what_is_under_the_cross_is_taken(held, presence):
    press(held, f"[data-notice='{presence['id']}']")
    until(held, lambda b: presence["id"] in text_of(b, "#detail"))
    held.execute_script("store.select(null)")
    box = element(held, "#map-search")
    longitude, latitude = presence["volumes"][0]["footprint"]["coordinates"]
    box.send_keys(f"{latitude} N {longitude} E")
    until(held, lambda b: of_each(b, "#map-found li", "e.innerText"))
    box.send_keys(Keys.ENTER)
    held.execute_script("document.querySelector('.map-frame canvas').focus()")
    canvas = element(held, ".map-frame canvas")
    canvas.send_keys("+")
    until(held, lambda b: presence["id"] in text_of(b, ".under"))
    photograph(held, "map-cross")
    canvas.send_keys(Keys.ENTER)
    until(held, lambda b: presence["id"] in text_of(b, "#detail") or held.execute_script("return document.activeElement.closest('.under') !== null"))
    if presence["id"] not in text_of(held, "#detail"):
        held.execute_script("[...document.querySelectorAll('.under button')].find((e) => e.innerText.includes(arguments[0])).click()", presence["id"])
    until(held, lambda b: presence["id"] in text_of(b, "#detail"))
    box.send_keys(Keys.ESCAPE)


def test_a_view_that_was_turned_to_a_notice_does_not_give_its_place_away_while_it_is_read_back(held, other_desk):
    theirs = other_desk.file("strike", [40.9, 33.4], 1500, 5000, 9000, hours(1), hours(2), "to be read back")
    try:
        press(held, f"[data-notice='{theirs['id']}']")
        centre = lambda b: b.execute_script("document.querySelector('.map-frame canvas').focus()") or text_of(b, ".cursor [data-notation=decimalDegrees]")
        element(held, ".map-frame canvas").send_keys("m")
        until(held, lambda b: re.search(r"33\.4\d+ N 40\.9\d+ E|33\.39\d+ N 40\.[89]\d+ E", centre(b)))
        press(held, f"[data-alarm='notice:{theirs['id']}'] [data-focus=readBack]")
        element(held, "#read-back")
        element(held, ".map-frame canvas").send_keys("m")
        until(held, lambda b: abs(float(centre(b).split()[0]) - 33.4) > 0.5)
        assert theirs["id"] not in text_of(held, ".under")
        press(held, "#read-back button:not([type=submit]):last-of-type")
    finally:
        cancel(other_desk, theirs)


def test_a_replay_has_an_unmistakable_frame_and_notices_of_its_own(held, presence):
    until(held, lambda b: b.execute_script("return store.notices.has(arguments[0])", presence["id"]))
    held.execute_script("""
        const notice = store.notices.get(arguments[0]);
        store.setReplay({ at: store.now() - 86400e3, notices: new Map([["then-1", { ...notice, id: "then-1" }]]), conflicts: new Map() });""", presence["id"])
    until(held, lambda b: "REPLAY" in text_of(b, ".map-when"))
    assert of_each(held, ".map-body", "e.dataset.when") == ["replay"] and of_each(held, "#map-time", "e.disabled") == [True]
    assert in_page(held, "mapmoment.js", "return [...m.shown(store).notices.keys()]") == ["then-1"]
    photograph(held, "map-replay")
    held.execute_script("store.setReplay(null)")
    until(held, lambda b: text_of(b, ".map-when") == "")


MANY = """
  const args = arguments;
  const [count, done] = args;
  const parties = store.status.parties.filter((p) => p.role !== "mediator").map((p) => p.id);
  const kinds = store.terms.kinds.map((each) => each.kind);
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const base = store.notices.get(args[2] ?? store.notices.keys().next().value);
  for (let i = 0; i < count; i++) {
    const at = [34 + random() * 10, 31.5 + random() * 7], start = store.now() + (random() * 60 - 12) * 3600e3;
    const footprint = [
      { type: "Point", coordinates: at, radiusM: 1000 + random() * 15000 },
      { type: "Polygon", coordinates: [[at, [at[0] + 0.2, at[1]], [at[0] + 0.25, at[1] + 0.2], [at[0] + 0.05, at[1] + 0.25], at]], radiusM: 0 },
      { type: "LineString", coordinates: [at, [at[0] + 0.3, at[1] + 0.1], [at[0] + 0.5, at[1] + 0.3]], radiusM: 3000 }][i % 3];
    store.notices.set(`load-${i}`, { ...base, id: `load-${i}`, owner: parties[i % parties.length], kind: kinds[i % kinds.length],
      conflicts: [], facts: [], referencePosition: { ...base.referencePosition, position: at },
      volumes: [{ ...base.volumes[0], footprint, start: new Date(start).toISOString(), end: new Date(start + (1 + random() * 20) * 3600e3).toISOString() }] });
  }
  window.frames_ = [];
  new PerformanceObserver((list) => {
    for (const frame of list.getEntries()) for (const script of frame.scripts) frames_.push([Math.round(script.duration), script.invoker, script.sourceURL.split("/").pop()]);
  }).observe({ type: "long-animation-frame" });
  store.changed();
  done();
"""


def pan(browser):
    """Long scripts of the map while it is panned to and fro: [[milliseconds, what called it, file]]."""
    browser.execute_script("frames_.length = 0")
    chain = ActionChains(browser, duration=16).move_to_element_with_offset(element(browser, ".map-frame canvas"), 0, 0).click_and_hold()
    for way in [(6, 2)] * 20 + [(-9, -3)] * 20:
        chain = chain.move_by_offset(*way)
    chain.release().perform()
    browser.execute_async_script("const done = arguments[0]; requestIdleCallback(() => done(), { timeout: 60000 })")
    return [frame for frame in browser.execute_script("return frames_") if frame[2].startswith("map") and frame[0] > LONGEST_TASK_MS]


def test_five_thousand_notices_pan_without_long_tasks_of_the_map(held, presence):
    until(held, lambda b: b.execute_script("return store.notices.has(arguments[0])", presence["id"]))
    held.execute_script("""
        window.handed = [];
        const { prototype } = maplibregl.GeoJSONSource, real = prototype.updateData;
        prototype.updateData = function (change) { handed.push(change.add.map((each) => each.properties.id)); return real.call(this, change); };""")
    held.execute_async_script(MANY, 5000)
    # Areas and marks of every notice, in pieces.
    until(held, lambda b: b.execute_script("return new Set(handed.flat()).size >= 5000"))
    assert held.execute_script("return handed.length") > 4
    # Another program of this machine may hold one of them up.
    assert [] in (pan(held) for _ in range(3))
    photograph(held, "map-many")
    held.execute_script("handed.length = 0; store.notices.set('load-5', { ...store.notices.get('load-5'), version: 2 }); store.changed()")
    until(held, lambda b: b.execute_script("return handed.length >= 2"))
    assert set(held.execute_script("return handed.flat()")) <= {"load-5", presence["id"]}
