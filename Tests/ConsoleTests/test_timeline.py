"""The timeline in a real browser: what it draws, filters, chooses and moves, by hand and by keys."""
import datetime
import time

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from page import choose, element, in_page, of_each, press, text_of, until
from test_conflicts import cancel, photograph

HOUR = 3_600_000
DAY_2026_11_23 = 1_795_392_000_000


def at(minutes):
    moment = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) + datetime.timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture()
def pair(floor, own_desk, other_desk):
    """{own, theirs, id}: an own notice from 60 to 120 minutes from now, and one of the other desk that meets it from 90 on."""
    latitude = round(29.2 + int(time.time() * 10) % 9000 / 10_000, 4)
    own = own_desk.file("air-operation", [44.1, latitude], 2000, 5000, 9000, at(60), at(120), "ours")
    theirs = other_desk.file("strike", [44.12, latitude], 2000, 5000, 9000, at(90), at(150), "<b>theirs</b>")

    def found(_):
        return [c["id"] for c in own_desk.call("GET", "conflicts")["conflicts"]
                if {c["first"]["notice"], c["second"]["notice"]} == {own["id"], theirs["id"]}]

    id = until(floor, found)[0]
    for each in (own["id"], theirs["id"], id):
        until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, f"[data-bar='{each}']"))
    yield {"own": own, "theirs": theirs, "id": id}
    cancel(own_desk, own)
    cancel(other_desk, theirs)


def bar(browser, id):
    return browser.find_element(By.CSS_SELECTOR, f"[data-bar='{id}']")


def view(browser):
    return browser.execute_script("const { from, to } = document.querySelector('.tl-plot').dataset; return [Number(from), Number(to)]")


def focus(browser, id):
    until(browser, lambda b: b.execute_script(
        "const e = document.querySelector(`[data-bar='${arguments[0]}']`); e?.scrollIntoView({ block: 'center' }); e?.focus();"
        " return Boolean(e) && document.activeElement === e", id))


def scroll_to(browser, id):
    browser.execute_script("document.querySelector(`[data-bar='${arguments[0]}']`).scrollIntoView({ block: 'center' })", id)


def drag(browser, start, by_x, release=True):
    chain = ActionChains(browser).move_to_element(start).click_and_hold().move_by_offset(by_x // 2, 0).move_by_offset(by_x - by_x // 2, 0)
    (chain.release() if release else chain).perform()


def test_bars_are_packed_into_rows_and_only_those_in_view_are_found(floor):
    # Worked out by hand: A 0-10, B 5-15 and C 11-20 need two rows, C beside A; D 15-16 fits beside neither, as B ends at 15.
    rows = in_page(floor, "timelinemodel.js", """
        const bars = [["D", 15, 16], ["C", 11, 20], ["B", 5, 15], ["A", 0, 10]].map(([id, start, end]) => ({ id, start, end }));
        return m.packed(bars).map((row) => row.map((b) => b.id).join(""));""")
    assert rows == ["AC", "B", "D"]
    found = in_page(floor, "timelinemodel.js", """
        const row = [[0, 10], [20, 30], [40, 50], [60, 70]].map(([start, end], id) => ({ id, start, end }));
        return [[-5, -1], [10, 10], [11, 19], [25, 60], [71, 99]].map(([from, to]) => m.within(row, from, to).map((b) => b.id));""")
    assert found == [[], [0], [], [1, 2, 3], []]


def test_a_conflict_lies_where_both_take_place_or_between_them(floor):
    spans = in_page(floor, "timelinemodel.js", """
        const at = (h) => new Date(Date.UTC(2026, 10, 23, h)).toISOString();
        const notice = (id, ...windows) => ({ id, owner: "alpha", status: "current", volumes: windows.map(([a, b]) => ({ start: at(a), end: at(b) })) });
        const conflict = { id: "c", first: { notice: "a" }, second: { notice: "b" } };
        const bar = (a, b) => { const { start, end, overlap } = m.conflictBar(conflict, new Map([["a", a], ["b", b]])); return [start, end, overlap]; };
        return [
          bar(notice("a", [1, 5]), notice("b", [3, 8])),
          bar(notice("a", [1, 2]), notice("b", [4, 8])),
          bar(notice("a", [1, 3], [6, 9]), notice("b", [2, 7])),
          bar({ ...notice("a", [1, 2]), status: "overdue" }, notice("b", [4, 8])),
        ];""")
    hour = lambda n: DAY_2026_11_23 + n * HOUR
    assert spans == [[hour(3), hour(5), True], [hour(2), hour(4), False], [hour(2), hour(7), True], [hour(4), hour(8), True]]


def test_a_window_moves_by_whole_steps_and_keeps_its_length_or_its_other_end(floor):
    # From 10:00 to 12:00, in minutes since midnight; steps of five.
    moved = in_page(floor, "timelinemodel.js", """
        const held = { start: 600 * 60000, end: 720 * 60000 };
        const moves = [["whole", 7.6], ["whole", -8], ["begin", 31], ["begin", 500], ["end", -500], ["end", 62]];
        return moves.map(([part, by]) => m.movedWindow(held, part, by * 60000, 5 * 60000)).map(({ start, end }) => [start / 60000, end / 60000]);""")
    assert moved == [[610, 730], [590, 710], [630, 720], [719, 720], [600, 601], [600, 780]]


def test_notices_and_conflicts_are_bars_that_are_selected_with_map_and_lists(floor, pair):
    words = of_each(floor, f"[data-bar='{pair['own']['id']}']", "e.getAttribute('aria-label')")[0]
    assert pair["own"]["id"] in words and "AIR OPERATION" in words and "REAL" in words
    hatch = of_each(floor, f"[data-bar='{pair['own']['id']}'] .tl-hatch", "[e.getBoundingClientRect().width / e.parentElement.getBoundingClientRect().width]")[0][0]
    # Half of the hour is also the other's.
    assert 0.4 < hatch < 0.6
    press(floor, f"[data-bar='{pair['theirs']['id']}']")
    until(floor, lambda b: pair["theirs"]["id"] in text_of(b, "#detail .card-head"))
    until(floor, lambda b: of_each(b, ".tl-bar[aria-current]", "e.dataset.bar") == [pair["theirs"]["id"]])
    assert of_each(floor, "#notices [aria-current]", "e.dataset.notice") == [pair["theirs"]["id"]]
    press(floor, f"#conflicts [data-conflict='{pair['id']}']")
    until(floor, lambda b: of_each(b, ".tl-bar[aria-current]", "e.dataset.bar") == [pair["id"]])
    photograph(floor, "timeline")


def test_the_timeline_is_used_by_keyboard_alone_and_read_as_a_list(floor, pair):
    press(floor, f"[data-bar='{pair['own']['id']}']")
    focused = lambda b: b.execute_script("return document.activeElement.dataset.bar ?? ''")
    focus(floor, pair["own"]["id"])
    seen = [focused(floor)]
    # From one bar to the next in time; each says when it is.
    for _ in range(3):
        ActionChains(floor).send_keys(Keys.ARROW_RIGHT).perform()
        seen.append(focused(floor))
    assert len(set(seen)) >= 3 and all(seen), seen
    begins = floor.execute_script("return arguments[0].map((id) => document.querySelector(`[data-bar='${id}']`)?.bar.start ?? 0)", seen)
    assert [b for b in begins if b] == sorted(b for b in begins if b)
    before = view(floor)
    ActionChains(floor).send_keys("+").perform()
    until(floor, lambda b: view(b)[1] - view(b)[0] < (before[1] - before[0]) * 0.8)
    press(floor, "[data-focus=tl-table]")
    until(floor, lambda b: pair["own"]["id"] in text_of(b, ".tl-table"))
    assert not floor.find_element(By.CSS_SELECTOR, ".tl-plot").is_displayed()
    rows = of_each(floor, ".tl-table tbody tr", "e.innerText")
    assert any(pair["theirs"]["id"] in row and "STRIKE" in row for row in rows)
    press(floor, f".tl-table [data-row='{pair['theirs']['id']}'] button")
    until(floor, lambda b: pair["theirs"]["id"] in text_of(b, "#detail .card-head"))


def test_a_filter_says_how_many_it_hides(floor, pair, own_desk):
    standing = len(own_desk.call("GET", "notices?state=all&limit=5000")["notices"])
    choose(floor, "#tl-kind", "strike")
    until(floor, lambda b: not b.find_elements(By.CSS_SELECTOR, f"[data-bar='{pair['own']['id']}']"))
    shown = until(floor, lambda b: text_of(b, ".tl-hidden"))
    hidden = int("".join(c for c in shown if c.isdigit()))
    assert 1 <= hidden < standing + 1
    assert bar(floor, pair["theirs"]["id"])
    press(floor, ".tl-hidden")
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, f"[data-bar='{pair['own']['id']}']"))
    assert text_of(floor, ".tl-hidden") == ""


def test_a_stroke_along_the_axis_chooses_a_window_that_the_list_keeps_to(floor, pair):
    axis = floor.find_element(By.CSS_SELECTOR, ".tl-axis")
    box = axis.rect
    # The first tenth of the axis, which lies before now, where neither of the two is.
    ActionChains(floor).move_to_element_with_offset(axis, -int(box["width"] / 2) + 30, 0).click_and_hold().move_by_offset(15, 0).move_by_offset(15, 0).release().perform()
    until(floor, lambda b: text_of(b, ".window-note"))
    assert not of_each(floor, f"#notices [data-notice='{pair['own']['id']}']", "1")
    press(floor, "[data-focus=window-all]")
    until(floor, lambda b: of_each(b, f"#notices [data-notice='{pair['own']['id']}']", "1"))
    # By keys: a moment, then a window from it, then neither.
    floor.execute_script("arguments[0].focus()", axis)
    ActionChains(floor).send_keys(Keys.ARROW_RIGHT).perform()
    until(floor, lambda b: text_of(b, ".tl-flag"))
    ActionChains(floor).key_down(Keys.SHIFT).send_keys(Keys.ARROW_RIGHT).key_up(Keys.SHIFT).perform()
    until(floor, lambda b: text_of(b, ".tl-told"))
    ActionChains(floor).send_keys(Keys.ESCAPE).perform()
    until(floor, lambda b: not text_of(b, ".tl-told") and not text_of(b, ".tl-flag"))


def test_a_bar_of_ours_is_dragged_with_a_live_answer_and_opens_the_form_with_the_moved_times(floor, pair, own_desk):
    scroll_to(floor, pair["own"]["id"])
    per_hour = floor.execute_script("return arguments[0].getBoundingClientRect().width", bar(floor, pair["own"]["id"]))
    drag(floor, bar(floor, pair["own"]["id"]), int(per_hour / 4), release=False)
    until(floor, lambda b: pair["theirs"]["id"] in text_of(b, ".tl-says"))
    photograph(floor, "timeline-drag")
    # Three hours later it is clear of the other, and said so, while the node holds what it held.
    ActionChains(floor).move_by_offset(int(per_hour * 3), 0).perform()
    until(floor, lambda b: of_each(b, ".tl-says", "e.dataset.state") == ["current"] and pair["theirs"]["id"] not in text_of(b, ".tl-says"))
    assert "permission" in text_of(floor, ".tl-says")
    ActionChains(floor).release().perform()
    until(floor, lambda b: b.find_elements(By.ID, "filing"))
    stated = floor.find_element(By.ID, "file-start").get_property("value")
    assert stated and stated != in_page(floor, "units.js", "return m.dateTimeGroup(a[0])", pair["own"]["volumes"][0]["start"])
    now = own_desk.call("GET", f"notices/{pair['own']['id']}")
    assert now["version"] == 1 and now["volumes"][0]["start"] == pair["own"]["volumes"][0]["start"]
    # While the form is open nothing is moved, and a press of another bar does not throw the form away.
    press(floor, f"[data-bar='{pair['theirs']['id']}']")
    assert floor.find_elements(By.ID, "filing")


def test_the_same_by_keys_and_escape_leaves_it(floor, pair, own_desk):
    scroll_to(floor, pair["own"]["id"])
    focus(floor, pair["own"]["id"])
    ActionChains(floor).send_keys("m", Keys.ARROW_RIGHT, Keys.ARROW_RIGHT).perform()
    until(floor, lambda b: pair["theirs"]["id"] in text_of(b, ".tl-says"))
    ActionChains(floor).send_keys(Keys.ESCAPE).perform()
    until(floor, lambda b: text_of(b, ".tl-says") == "")
    assert not floor.find_elements(By.ID, "filing")
    ActionChains(floor).send_keys("m", Keys.ARROW_RIGHT, Keys.ENTER).perform()
    until(floor, lambda b: b.find_elements(By.ID, "filing"))
    moved = in_page(floor, "units.js", "return m.dateTimeGroup(Date.parse(a[0]) + 300000)", pair["own"]["volumes"][0]["start"])
    assert floor.find_element(By.ID, "file-start").get_property("value") == moved
    # Of the other side's nothing is taken.
    press(floor, "#filing .actions button[type=button]")
    focus(floor, pair["theirs"]["id"])
    ActionChains(floor).send_keys("m").perform()
    assert text_of(floor, ".tl-says") == ""


def test_a_notice_that_is_read_back_is_not_on_the_timeline(floor, pair):
    press(floor, f"[data-alarm='notice:{pair['theirs']['id']}'] [data-focus=readBack]")
    element(floor, "#read-back")
    until(floor, lambda b: not b.find_elements(By.CSS_SELECTOR, f"[data-bar='{pair['theirs']['id']}'], [data-bar='{pair['id']}']"))
    assert not of_each(floor, f"[data-bar='{pair['own']['id']}'] .tl-hatch", "1")


def test_five_thousand_notices_are_on_the_axis_and_only_what_is_in_view_is_made(floor):
    done = in_page(floor, "timeline.js", """
        const { Store } = await import(new URL('store.js', document.baseURI));
        const store = new Store();
        const now = Date.now();
        store.status = { party: { id: "alpha", role: "principal" }, utc: new Date(now).toISOString(), parties: [{ id: "alpha", name: "Alpha", role: "principal" }, { id: "bravo", name: "Bravo", role: "principal" }] };
        store.session = { role: "watchOfficer" };
        for (let i = 0; i < 5000; i++) {
          const start = now + ((i * 7919) % 10000 - 5000) * 60000;
          store.notices.set(`n-${i}`, { id: `n-${i}`, owner: i % 2 ? "alpha" : "bravo", kind: "strike", mode: "real", status: "current", conflicts: [], facts: [],
            volumes: [{ start: new Date(start).toISOString(), end: new Date(start + 3600000 * (1 + i % 5)).toISOString() }] });
        }
        const box = document.createElement("section");
        box.id = "many";
        Object.assign(box.style, { position: "fixed", inset: "0 0 auto 0", height: "300px", zIndex: 99, display: "flex", flexDirection: "column" });
        document.body.append(box);
        const update = m.mountTimeline(box, store);
        const frame = () => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
        const begun = performance.now();
        update();
        const first = performance.now() - begun;
        await frame();
        const plot = box.querySelector(".tl-plot");
        let longest = 0;
        for (let i = 0; i < 20; i++) {
          const at = performance.now();
          plot.dispatchEvent(new WheelEvent("wheel", { deltaX: 60, bubbles: true, cancelable: true }));
          await new Promise((r) => requestAnimationFrame(r));
          await 0;
          longest = Math.max(longest, performance.now() - at);
        }
        const bars = box.querySelectorAll(".tl-bar").length;
        box.remove();
        return { first, longest, bars };""")
    print(done)
    assert 10 < done["bars"] < 400, done
    assert done["first"] < 2_000 and done["longest"] < 1_000, done
