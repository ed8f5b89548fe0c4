"""The watch floor: what is always in view, panels that keep their sizes, banners, languages, keys and settings."""
import datetime
import time

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import screenshot
from page import choose, element, in_page, of_each, press, text_of, until, write

LANGUAGES = ["en", "tr", "he", "ar", "az", "ru"]


def rfc(hours):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture()
def file_notice(other_desk):
    """Files a notice of the other desk that begins in an hour; all of them are ended afterwards."""
    filed = []

    def file(mode="real"):
        altitude = lambda value: {"value": value, "unit": "feet", "datum": "amsl"}
        position = [39.4, round(31.2 + int(time.time() * 10) % 9000 / 10_000, 4)]
        volume = {"footprint": {"type": "Point", "coordinates": position, "radiusM": 1200},
                  "altitude": {"lower": altitude(1000), "upper": altitude(9000)}, "start": rfc(1), "end": rfc(1.5)}
        notice = other_desk.call("POST", "notices", {"mode": mode, "kind": "strike", "volumes": [volume], "contact": "Test cell"})["notice"]
        filed.append(notice["id"])
        return notice["id"]

    yield file
    for notice in filed:
        other_desk.call("POST", f"notices/{notice}/end", {"reason": "cancelled"})


@pytest.fixture()
def floor(floor):
    """A floor on which nobody has chosen anything before; the page is as large as it was."""
    yield floor
    floor.execute_script("localStorage.clear()")
    resize(floor, 1280, 720)


def resize(browser, width, height):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
    until(browser, lambda b: b.execute_script("return innerWidth") == width)


def speak(browser, language):
    press(browser, "#open-settings")
    choose(browser, "#settings-language", language)
    until(browser, lambda b: b.execute_script("return document.documentElement.lang") == language)
    press(browser, "#settings .close")


# Parts of the bar that leave the page, lie over one another, or whose words are cut off.
FAULTS = """
  const faults = [];
  const seen = (e) => e.checkVisibility() && !e.closest("[inert], .spoken") && e.getBoundingClientRect().width > 1;
  const parts = [...document.querySelectorAll("#bar > *, #links > *, #soon-all, .soon-list > :not(:has([inert])) > *, #foot > *")].filter((e) => seen(e) && !e.parentElement.inert);
  const box = (e) => e.getBoundingClientRect();
  const name = (e) => e.id || e.className || e.textContent.slice(0, 20);
  for (const e of parts) {
    const b = box(e);
    if (b.left < -0.5 || b.right > innerWidth + 0.5 || b.top < -0.5 || b.bottom > innerHeight + 0.5) faults.push(`${name(e)} leaves the page`);
    for (const other of parts) {
      const o = box(other);
      if (e !== other && !e.contains(other) && !other.contains(e)
        && Math.min(b.right, o.right) - Math.max(b.left, o.left) > 1 && Math.min(b.bottom, o.bottom) - Math.max(b.top, o.top) > 1) faults.push(`${name(e)} lies over ${name(other)}`);
    }
  }
  for (const e of document.querySelectorAll("#bar .assurance-word, #bar .zulu, #bar .dtg, #links .link, #soon-all, .soon-list > :not([inert]) .soon-chip, #on-duty, #stop .guard-words, #tabs button"))
    if (seen(e) && (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline" || e.scrollHeight > e.clientHeight + 2 && getComputedStyle(e).display !== "inline")) faults.push(`${name(e)} is cut off: ${e.textContent.slice(0, 40)}`);
  const bar = box(document.getElementById("bar"));
  for (const e of document.querySelectorAll(".assurance > *, .assurance-text > *")) if (seen(e) && (box(e).top < bar.top - 0.5 || box(e).bottom > bar.bottom + 0.5)) faults.push(`${name(e)} leaves the bar`);
  return faults;"""


@pytest.mark.parametrize("width, height", [(1280, 720), (1920, 1080)])
def test_nothing_in_the_bar_is_cut_off_or_covered_in_any_language(floor, file_notice, width, height):
    notice = file_notice()
    resize(floor, width, height)
    press(floor, f"[data-notice='{notice}']")
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, f"[data-soon='{notice}']"))
    for language in LANGUAGES:
        speak(floor, language)
        until(floor, lambda b: text_of(b, "#notice-assurance .assurance-word"))
        assert floor.execute_script(FAULTS) == [], language


def test_what_starts_soon_is_in_view_whatever_is_listed(floor, file_notice):
    press(floor, "[data-tab=calls]")
    notice = file_notice()
    chip = f"[data-soon='{notice}']"
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, chip))
    said = floor.execute_script("return document.querySelector(arguments[0]).textContent", chip)
    assert "STRIKE" in said and "in 59 min" in said and "missing" in said
    assert text_of(floor, "#soon-all").startswith("Within two hours: ")
    press(floor, "#soon-all")
    element(floor, f"[data-board='{notice}']")


def test_both_assurances_stand_side_by_side_and_say_all_when_pressed(floor, file_notice):
    assert "No notice is selected" in text_of(floor, "#notice-assurance")
    notice = file_notice()
    press(floor, f"[data-notice='{notice}']")
    until(floor, lambda b: f"Notice {notice}" in text_of(b, "#notice-assurance"))
    until(floor, lambda b: " for " in text_of(b, "#notice-assurance .assurance-note") or "reason" in text_of(b, "#notice-assurance .assurance-note"))
    for button in ("#assurance", "#notice-assurance"):
        press(floor, button)
        until(floor, lambda b: "What this does not cover" in text_of(b, "#assurance-more"))
        assert "Ended by:" in text_of(floor, "#assurance-more") or "Why" not in text_of(floor, "#assurance-more")
        ActionChains(floor).send_keys(Keys.ESCAPE).perform()
        until(floor, lambda b: text_of(b, "#assurance-more") == "")
        assert floor.switch_to.active_element.get_attribute("id") == button[1:]
        # The notice stays selected.
        assert f"Notice {notice}" in text_of(floor, "#notice-assurance")


def test_panels_are_sized_and_folded_by_keyboard_and_remembered_for_the_officer(floor, relay, node, relief):
    width = lambda: floor.execute_script("return Math.round(document.getElementById('left').getBoundingClientRect().width)")
    before = width()
    bar = element(floor, "#left-size")
    assert bar.get_attribute("role") == "separator" and 20 <= int(bar.get_attribute("aria-valuenow")) <= 30
    for _ in range(4):
        bar.send_keys(Keys.ARROW_RIGHT)
    until(floor, lambda _: width() > before + 80)
    sized = width()
    floor.find_element(By.ID, "detail-size").send_keys(Keys.ENTER)
    until(floor, lambda b: not b.find_element(By.ID, "detail").is_displayed())
    assert "folded" in floor.find_element(By.ID, "detail-size").get_attribute("aria-valuetext")

    floor.refresh()
    element(floor, "#left-size")
    until(floor, lambda b: width() == sized and not b.find_element(By.ID, "detail").is_displayed())
    # What is asked for is shown.
    press(floor, "#file-notice")
    element(floor, "#file-points")

    floor.delete_all_cookies()
    screenshot.sign_in(floor, relay.url, *relief)
    until(floor, lambda _: width() == before)


def test_panels_are_sized_by_the_pointer(floor):
    width = lambda: floor.execute_script("return document.getElementById('detail').getBoundingClientRect().width")
    before = width()
    bar = element(floor, "#detail-size")
    ActionChains(floor).move_to_element_with_offset(bar, 0, 100).click_and_hold().move_by_offset(-60, 0).move_by_offset(-60, 0).release().perform()
    until(floor, lambda _: before + 90 < width() < before + 150)
    ActionChains(floor).move_to_element(bar).click().perform()
    until(floor, lambda b: not b.find_element(By.ID, "detail").is_displayed())


def test_a_browser_that_keeps_nothing_still_sizes_panels(floor):
    sizes = in_page(floor, "preferences.js", """
        const set = Storage.prototype.setItem, get = Storage.prototype.getItem;
        const tried = [];
        try {
          Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
          const full = new m.Preferences("somebody");
          full.set("layout", { sizes: { left: 40 } });
          tried.push(full.get("layout").sizes.left);
          Storage.prototype.getItem = () => { throw new DOMException("no", "SecurityError"); };
          tried.push(new m.Preferences("somebody").get("layout", "none"));
          Storage.prototype.getItem = () => "{ not JSON";
          tried.push(new m.Preferences("somebody").get("layout", "none"));
        } finally {
          Object.assign(Storage.prototype, { setItem: set, getItem: get });
        }
        return tried;""")
    assert sizes == [40, "none", "none"]


def test_what_rings_is_never_folded_away(floor, file_notice):
    floor.find_element(By.ID, "alarms-size").send_keys(Keys.ENTER)
    notice = file_notice()
    element(floor, f"[data-alarm='notice:{notice}']")


def test_a_drill_cannot_be_missed(floor, file_notice):
    assert not floor.find_element(By.ID, "drill").is_displayed()
    notice = file_notice("drill")
    until(floor, lambda b: "1 drill notice" in text_of(b, "#drill"))
    assert "no forces move" in text_of(floor, "#drill") and "LOOKING AT" not in text_of(floor, "#drill")
    press(floor, f"[data-notice='{notice}']")
    until(floor, lambda b: "WHAT YOU ARE LOOKING AT IS A DRILL" in text_of(b, "#drill"))
    assert floor.execute_script("return getComputedStyle(document.getElementById('detail')).borderStyle") == "dashed"


def test_nothing_on_a_screen_that_has_lost_its_node_looks_current(floor, relay, file_notice):
    notice = file_notice()
    press(floor, f"[data-notice='{notice}']")
    until(floor, lambda b: b.find_elements(By.CSS_SELECTOR, f"[data-soon='{notice}']"))
    relay.cut()
    until(floor, lambda b: b.find_element(By.ID, "lost").is_displayed())
    answers = "#bar .assurance-word, #detail .assurance-answer, .board-assurance"
    until(floor, lambda b: {words.strip("? ") for words in of_each(b, answers, "e.textContent")} == {"UNKNOWN"})
    assert "not known" in text_of(floor, "#soon-all")
    running = "#floor [data-tick], #strip [data-tick], #clock [data-tick]"
    frozen = of_each(floor, running, "e.textContent")
    said = text_of(floor, "#lost")
    until(floor, lambda b: text_of(b, "#lost") != said)
    assert of_each(floor, running, "e.textContent") == frozen and len(frozen) > 5
    looks = of_each(floor, "#floor, #strip, #clock", "getComputedStyle(e).filter")
    assert all("grayscale(1)" in look for look in looks)
    assert set(of_each(floor, "#clock [data-tick], .row-when[data-tick], .link-age", "getComputedStyle(e).textDecorationLine")) == {"line-through"}
    relay.mend()
    until(floor, lambda b: not b.find_element(By.ID, "lost").is_displayed())
    until(floor, lambda b: of_each(b, running, "e.textContent") != frozen)


def test_the_language_changes_at_once_without_losing_the_stream(floor, file_notice):
    streams = "return performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/events')).length"
    before = floor.execute_script(streams)
    for language, direction in (("he", "rtl"), ("ar", "rtl"), ("ru", "ltr"), ("en", "ltr")):
        speak(floor, language)
        assert floor.execute_script("return document.documentElement.dir") == direction
        said = in_page(floor, "i18n.js", "return [m.t('notices.title'), m.t('disclaimer')]")
        until(floor, lambda b: said[0] in text_of(b, "#notices h2") and said[1] in text_of(b, "#foot"))
    notice = file_notice()
    element(floor, f"[data-notice='{notice}']")
    assert floor.execute_script(streams) == before
    # One map and one listener of keys, not one for each language.
    assert len(floor.find_elements(By.CSS_SELECTOR, ".map-frame canvas")) == 1
    floor.find_element(By.TAG_NAME, "body").send_keys("?")
    assert len(floor.find_elements(By.CSS_SELECTOR, "#help")) == 1


def test_the_language_is_remembered_and_figures_keep_their_order(floor, file_notice):
    notice = file_notice()
    speak(floor, "ar")
    floor.refresh()
    until(floor, lambda b: b.execute_script("return document.documentElement.lang") == "ar")
    press(floor, f"[data-notice='{notice}']")
    element(floor, "#detail .position")
    assert set(of_each(floor, "#detail .position, #clock, .map-frame", "getComputedStyle(e).direction")) == {"ltr"}
    assert floor.execute_script("return document.getElementById('left').getBoundingClientRect().left > document.getElementById('detail').getBoundingClientRect().left")
    cards = floor.execute_async_script("const done = arguments[0]; fetch('/api/v1/cards?language=ar').then((r) => r.json()).then((c) => done(c.headings ?? {}))")
    assert cards


def test_a_form_is_not_lost_by_changing_the_language_without_saying_so(floor):
    press(floor, "#file-notice")
    write(floor, "#file-contact", "half written")
    press(floor, "#open-settings")
    choose(floor, "#settings-language", "tr")
    until(floor, lambda b: "is lost" in text_of(b, "#settings [role=alertdialog]"))
    assert floor.find_element(By.ID, "file-contact").get_attribute("value") == "half written"
    press(floor, "#settings [role=alertdialog] button")
    assert floor.execute_script("return [document.documentElement.lang, document.getElementById('settings-language').value]") == ["en", "en"]
    choose(floor, "#settings-language", "tr")
    press(floor, "#lose-form")
    until(floor, lambda b: b.execute_script("return document.documentElement.lang") == "tr")


def test_the_language_can_be_chosen_before_signing_in(browser, relay, node):
    browser.get(relay.url)
    element(browser, "#officer").send_keys(node[1])
    choose(browser, "#signin-language", "he")
    until(browser, lambda b: b.execute_script("return document.documentElement.dir") == "rtl")
    assert element(browser, "#officer").get_attribute("value") == node[1]
    element(browser, "#passphrase").send_keys(node[2])
    press(browser, ".signin-form button[type=submit]")
    element(browser, "#floor")
    assert browser.execute_script("return document.documentElement.lang") == "he"
    browser.execute_script("localStorage.clear()")


def test_local_clocks_are_chosen_and_kept(floor):
    press(floor, "#open-settings")
    write(floor, "#zone", "Asia/Nowhere")
    press(floor, "#add-zone button")
    until(floor, lambda b: "no such time zone" in text_of(b, "#settings"))
    write(floor, "#zone", "Asia/Baku")
    press(floor, "#add-zone button")
    baku = lambda: (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=4)).strftime("%H:%M")
    until(floor, lambda b: baku() in text_of(b, "[data-zone='Asia/Baku']"))
    floor.refresh()
    until(floor, lambda b: "Baku" in text_of(b, "#clock"))


def test_keys_go_to_panels_but_not_while_something_is_written(floor):
    body = floor.find_element(By.TAG_NAME, "body")
    body.send_keys("?")
    sheet = element(floor, "#help")
    assert "F8" in sheet.text and "F6" in sheet.text
    # STOP stays within reach beside the sheet.
    assert floor.execute_script("const b = document.getElementById('stop').getBoundingClientRect(); return document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2).closest('#stop') !== null")
    ActionChains(floor).send_keys(Keys.ESCAPE).perform()
    until(floor, lambda b: not b.find_elements(By.CSS_SELECTOR, "#help"))
    for key, panel in (("c", "#calls"), ("w", "#board"), ("m", "#map"), ("n", "#notices")):
        ActionChains(floor).send_keys(key).perform()
        until(floor, lambda b: b.execute_script("return document.querySelector(arguments[0]).contains(document.activeElement)", panel))
    press(floor, "#file-notice")
    write(floor, "#file-contact", "wnc?")
    assert floor.find_element(By.ID, "file-contact").get_attribute("value") == "wnc?"
    assert floor.find_elements(By.CSS_SELECTOR, "#help") == [] and floor.find_element(By.ID, "file-contact").is_displayed()


def test_the_focus_can_go_round_all_panels_from_within_a_form(floor):
    press(floor, "#file-notice")
    floor.execute_script("document.getElementById('file-contact').focus()")
    places = []
    for _ in range(12):
        ActionChains(floor).send_keys(Keys.F6).perform()
        places.append(floor.execute_script("return document.activeElement.closest('#bar, #strip, #alarms, #tabs, #notices-panel, #map, #timeline, #detail')?.id"))
    assert {"bar", "strip", "alarms", "tabs", "notices-panel", "map", "detail"} <= set(places)


def test_volume_never_reaches_stop_and_flash(floor):
    strengths = in_page(floor, "tones.js", """
        const heard = [];
        const ramp = AudioParam.prototype.linearRampToValueAtTime;
        AudioParam.prototype.linearRampToValueAtTime = function (value) { if (value > 0) heard.push(value); return this; };
        const tones = new m.Tones();
        tones.volume = 0;
        const of = {};
        for (const name of Object.keys(m.patterns)) {
          heard.length = 0;
          await Promise.race([tones.test(name), new Promise((resume) => setTimeout(resume, 500))]);
          of[name] = Math.max(0, ...heard);
        }
        AudioParam.prototype.linearRampToValueAtTime = ramp;
        return of;""")
    assert strengths["priority"] == strengths["immediate"] == strengths["routine"] == 0
    assert strengths["stop"] == strengths["flash"] > 0.2
