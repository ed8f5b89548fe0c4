"""Why a conflict is one, what-if while a draft is dragged, and advice, in a real browser between two running nodes."""
import datetime
import os
import time

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By

from page import element, in_page, of_each, press, text_of, until, write
from test_legible import faint


def hours(count):
    moment = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) + datetime.timedelta(hours=count)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def photograph(browser, name):
    if folder := os.environ.get("PARLEY_SHOTS"):
        browser.save_screenshot(os.path.join(folder, f"{name}.png"))


def cancel(desk, notice):
    if desk.call("GET", f"notices/{notice['id']}")["status"] != "ended":
        desk.call("POST", f"notices/{notice['id']}/end", {"reason": "cancelled"})


@pytest.fixture()
def collision(floor, own_desk, other_desk):
    """{own, theirs, id}: an own notice and one of the other desk 15 km east of it, at the same time and height."""
    latitude = round(31.2 + int(time.time() * 10) % 9000 / 10_000, 4)
    own = own_desk.file("air-operation", [39.5, latitude], 2000, 5000, 9000, hours(3), hours(4), "ours")
    theirs = other_desk.file("air-operation", [39.66, latitude], 2000, 5000, 9000, hours(3), hours(4), "</text><script>1</script>")

    def found(_):
        return [c["id"] for c in own_desk.call("GET", "conflicts")["conflicts"]
                if {c["first"]["notice"], c["second"]["notice"]} == {own["id"], theirs["id"]}]

    id = until(floor, found)[0]
    yield {"own": own, "theirs": theirs, "id": id}
    cancel(own_desk, own)
    cancel(other_desk, theirs)


def open_conflict(browser, collision):
    press(browser, f"[data-conflict='{collision['id']}']")
    until(browser, lambda b: text_of(b, "#detail .why-words"))


def test_a_conflict_says_why_it_is_one_in_words_in_figures_and_in_a_picture(floor, collision):
    open_conflict(floor, collision)
    words = text_of(floor, "#detail .why-words")
    assert collision["own"]["id"] in words and collision["theirs"]["id"] in words
    assert "within every minimum" in words and "37.0 km are required" in words

    cells = lambda axis: of_each(floor, f".minima [data-axis={axis}] td", "e.innerText")
    # 20 nautical miles and 1,000 ft are the usual minima of two air operations.
    assert cells("horizontal")[1] == "37.0 km" and cells("horizontal")[0].startswith("11.")
    assert cells("vertical")[1] == "305 m (1000 ft)"
    assert cells("time")[0] == "overlap"
    assert len(floor.find_elements(By.CSS_SELECTOR, ".minima tr.broken")) == 3

    picture = "#detail .conflict-picture"
    # The other side's own finding may come at any time, and the picture is made anew with it.
    until(floor, lambda b: of_each(b, picture, "e.complete && e.naturalWidth > 0") == [True])
    assert of_each(floor, picture, "e.alt") == [" ".join(words.split())]
    photograph(floor, "conflict")
    press(floor, ".picture-button")
    element(floor, "#picture-larger .conflict-picture")
    photograph(floor, "conflict-enlarged")
    # STOP stays within reach beside it.
    assert floor.execute_script("""const b = document.getElementById('stop').getBoundingClientRect();
        return document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2).closest('#stop') !== null""")
    press(floor, "#picture-larger .close")
    until(floor, lambda b: not b.find_elements(By.CSS_SELECTOR, "#picture-larger"))
    assert faint(floor) == []


def test_the_picture_runs_nothing_and_is_of_the_newest_versions(floor, collision, own_desk):
    open_conflict(floor, collision)
    element(floor, "#detail .conflict-picture")
    first = of_each(floor, "#detail .conflict-picture", "e.src")[0]
    headers = floor.execute_async_script("""
        const [url, done] = arguments;
        fetch(url).then(async (r) => done([r.headers.get("content-type"), r.headers.get("content-security-policy"), await r.text()]));
        """, first)
    assert headers[0] == "image/svg+xml" and "default-src 'none'" in headers[1]
    assert "<script" not in headers[2]
    fields = {key: collision["own"][key] for key in ("kind", "volumes", "contact")}
    own_desk.call("POST", f"notices/{collision['own']['id']}/versions", {**fields, "remarks": "still there", "expectedVersion": 1})
    until(floor, lambda b: of_each(b, "#detail .conflict-picture", "e.src") not in ([], [first]))


def open_draft(browser, contact="Drag test"):
    press(browser, "#file-notice")
    for field, value in (("file-radius", "2500"), ("file-lower", "5000"), ("file-upper", "9000"), ("file-contact", contact)):
        write(browser, f"#{field}", value)


def pick_at(browser, offset):
    """Picks the position that lies so far from the middle of the map, in pixels; returns what the form has of it."""
    canvas = element(browser, ".map-frame canvas")
    press(browser, "#file-draw")
    ActionChains(browser).move_to_element_with_offset(canvas, *offset).click().perform()
    press(browser, "#file-draw")
    return element(browser, "#file-points").get_property("value")


def checked(browser):
    """Whether the answer that is shown is the answer to what the form says now."""
    return browser.execute_script(
        "return document.querySelector('.check')?.childElementCount > 0 && !document.querySelector('.check').classList.contains('before')")


def drag(browser, start, way):
    canvas = element(browser, ".map-frame canvas")
    chain = ActionChains(browser).move_to_element_with_offset(canvas, *start).click_and_hold()
    for _ in range(8):
        chain = chain.move_by_offset(way[0] / 8, way[1] / 8)
    chain.release().perform()


def test_a_draft_that_is_dragged_is_checked_at_each_movement_and_shows_what_it_would_collide_with(floor, own_desk, other_desk):
    press(floor, ".home")
    open_draft(floor)
    there = pick_at(floor, (160, 0))
    latitude, _, longitude, _ = there.split()
    start, end = (floor.find_element(By.ID, f"file-{name}").get_property("value") for name in ("start", "end"))
    moment = lambda group: datetime.datetime.strptime(group, "%d%H%MZ%b%y").strftime("%Y-%m-%dT%H:%M:%SZ")
    theirs = other_desk.file(
        "air-operation", [float(longitude), float(latitude)], 1000, 5000, 9000, moment(start), moment(end), "in the way")
    try:
        until(floor, lambda _: own_desk.has(f"notices/{theirs['id']}"))
        floor.execute_script("document.querySelector('#file-kind').value = 'air-operation'")
        pick_at(floor, (0, 0))
        until(floor, checked)
        # Each request that a drag makes, and how many are under way with it.
        floor.execute_script("""
            const real = window.fetch; window.most = 0; window.asked = 0; let now = 0;
            window.fetch = async (url, ...rest) => {
              if (!String(url).endsWith("/check")) return real(url, ...rest);
              window.asked += 1; now += 1; window.most = Math.max(window.most, now);
              try { return await real(url, ...rest); } finally { now -= 1; }
            };""")
        until(floor, lambda b: theirs["id"] not in text_of(b, ".check"))
        drag(floor, (0, 0), (160, 0))
        until(floor, lambda b: checked(b) and theirs["id"] in text_of(b, ".check .hits"))
        assert "Minimum" in text_of(floor, ".check .hits")
        until(floor, lambda b: theirs["id"] in text_of(b, ".draft-says"))
        photograph(floor, "draft-dragged")
        assert floor.execute_script("return [window.most, window.asked > 1]") == [1, True]
        here = element(floor, "#file-points").get_property("value").split()
        assert abs(float(here[0]) - float(latitude)) < 0.1 and abs(float(here[2]) - float(longitude)) < 0.1
        # It is the draft that moved, not the map under it.
        drag(floor, (160, 0), (-160, 0))
        until(floor, lambda b: checked(b) and theirs["id"] not in text_of(b, ".check"))
    finally:
        cancel(other_desk, theirs)
    press(floor, "#file-discard")


def test_only_the_newest_question_is_asked_next_and_only_its_answer_is_shown(floor):
    told = in_page(floor, "newest.js", """
        const log = [], answer = {};
        const asked = new m.Newest((value) => { log.push(`ask ${value}`); return new Promise((take, refuse) => { answer[value] = { take, refuse }; }); },
          { stale: () => log.push("stale"), answered: (a, v) => log.push(`${a} to ${v}`), failed: (e, v) => log.push(`${e} to ${v}`) });
        const settle = () => new Promise((done) => setTimeout(done));
        asked.put(1); asked.put(2); asked.put(3);
        answer[1].take("old"); await settle();
        answer[3].take("new"); await settle();
        log.push(asked.isCurrent);
        asked.put(4); log.push(asked.isCurrent); asked.drop(); answer[4].take("late"); await settle();
        asked.put(5); answer[5].refuse("no"); await settle();
        log.push(asked.isCurrent);
        return log;""")
    assert told == ["stale", "ask 1", "stale", "stale", "ask 3", "new to 3", True, "stale", "ask 4", False, "stale", "ask 5", "no to 5", False]


def test_a_shape_that_is_moved_keeps_its_size_also_across_the_antimeridian(floor):
    moved = in_page(floor, "geodesic.js", """
        const square = [[179.8, 10], [179.9, 10], [179.9, 10.1]];
        const there = m.shifted(square, [179.8, 10], [-179.95, 60]);
        const sides = (p) => [0, 1, 2].map((i) => m.inverse(p[i], p[(i + 1) % 3]).distanceM);
        return { there, before: sides(square), after: sides(there) };""")
    assert all(-180 <= longitude < -179 for longitude, _ in moved["there"])
    assert all(abs(a - b) < 0.01 * a for a, b in zip(moved["before"], moved["after"]))


def ask_advice(browser, **bounds):
    panel = "#detail .advice"
    until(browser, lambda b: b.find_elements(By.CSS_SELECTOR, panel))
    if not browser.find_elements(By.CSS_SELECTOR, f"{panel} details[open]"):
        press(browser, f"{panel} summary")
    for name, value in bounds.items():
        write(browser, f"{panel} input[id$='advice-{name}']", value)
    press(browser, f"{panel} [data-focus=advice-ask]")


def test_advice_within_bounds_goes_into_the_form_and_files_nothing_by_itself(floor, collision, own_desk):
    open_conflict(floor, collision)
    ask_advice(floor, earlier="1", later="1", within="0")
    until(floor, lambda b: "None within these bounds" in text_of(b, ".advice-state"))
    assert "permission" in text_of(floor, ".advice-result")
    assert floor.find_elements(By.CSS_SELECTOR, ".advice-option") == []

    # Wider: the windows are an hour, and ten minutes are to lie between them.
    ask_advice(floor, earlier="90", later="90", within="60")
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, ".advice-option"))
    assert "Cost" in text_of(floor, ".advice-option") and faint(floor) == []
    photograph(floor, "advice")
    options = of_each(floor, ".advice-option", "e.innerText")
    costs = [float(option.split("Cost ")[1].split(". ")[0]) for option in options]
    assert costs == sorted(costs)
    press(floor, ".advice-option [data-focus=advice-1]")
    element(floor, "#filing")
    assert "not filed" in text_of(floor, ".taken")
    until(floor, checked)
    photograph(floor, "advice-taken")
    assert collision["theirs"]["id"] not in text_of(floor, ".check")
    held = own_desk.call("GET", f"notices/{collision['own']['id']}")
    assert held["version"] == 1 and held["assurance"] == "conflict"

    press(floor, "#filing button[type=submit]")
    until(floor, lambda b: own_desk.call("GET", f"conflicts/{collision['id']}")["state"] == "cleared")


def test_a_draft_that_collides_is_offered_advice_which_its_next_change_outdates(floor, collision):
    [longitude, latitude] = collision["theirs"]["volumes"][0]["footprint"]["coordinates"]
    press(floor, "#file-notice")
    assert not element(floor, "#filing").find_elements(By.CSS_SELECTOR, ".advice:not([hidden])")
    floor.execute_script("document.querySelector('#file-kind').value = 'air-operation'")
    groups = [datetime.datetime.strptime(collision["theirs"]["volumes"][0][end], "%Y-%m-%dT%H:%M:%S.%fZ") for end in ("start", "end")]
    texts = [group.strftime("%d%H%MZ%b%y").upper() for group in groups]
    for field, value in (("radius", "2000"), ("lower", "5000"), ("upper", "9000"), ("start", texts[0]), ("end", texts[1]), ("contact", "Draft")):
        write(floor, f"#file-{field}", value)
    write(floor, "#file-points", f"{latitude} {longitude}")
    until(floor, lambda b: checked(b) and collision["theirs"]["id"] in text_of(b, ".check .hits"))
    ask_advice(floor, earlier="180", later="180", within="0")
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, ".advice-option"))
    press(floor, ".advice-option [data-focus=advice-1]")
    until(floor, lambda b: checked(b) and collision["theirs"]["id"] not in text_of(b, ".check"))
    assert element(floor, "#file-start").get_property("value") != texts[0]
    assert floor.find_elements(By.CSS_SELECTOR, ".advice-option") == []


def test_limits_that_are_no_numbers_are_not_asked_about(floor, collision):
    open_conflict(floor, collision)
    ask_advice(floor, earlier="soon")
    until(floor, lambda b: "as numbers" in text_of(b, "#detail .advice .problem"))


def test_advice_is_not_offered_for_what_is_not_ours_to_change(floor, collision):
    press(floor, f"[data-notice='{collision['theirs']['id']}']")
    until(floor, lambda b: collision["theirs"]["id"] in text_of(b, "#detail"))
    assert floor.find_elements(By.CSS_SELECTOR, "#detail .advice") == []
