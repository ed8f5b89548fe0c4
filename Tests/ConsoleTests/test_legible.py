"""What is written on the screen stands out from its ground as WCAG 2.2 AA has it: 4.5 to 1, large letters 3 to 1."""
import pytest

from page import element, press, text_of, until

# Letters without enough contrast, of all that are seen and not disabled: [ratio, text, class].
FAINT = """
  // Colours come in several notations, of mixtures and animations as well; a canvas reads them all.
  const dot = document.createElement("canvas").getContext("2d", { willReadFrequently: true }), read = new Map();
  const rgba = (text) => { if (!read.has(text)) { dot.clearRect(0, 0, 1, 1); dot.fillStyle = text; dot.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = dot.getImageData(0, 0, 1, 1).data; read.set(text, [r, g, b, a / 255]); } return read.get(text); };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const v = c[i] / 255; return sum + weight * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); }, 0);
  const ground = (e) => { const layers = []; for (let at = e; at; at = at.parentElement) { const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return null; layers.push(rgba(style.backgroundColor)); if (layers.at(-1)[3] === 1) break; }
    return layers.reverse().reduce((under, top) => over(top, under), [0, 0, 0, 1]); };
  const faint = [];
  for (const e of document.querySelectorAll("#stops *, #bar *, #strip *, #left *, #detail *, #timeline *, #foot *, #settings *, #help *, #drill *")) {
    const own = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
    const box = e.getBoundingClientRect();
    if (!own || !e.checkVisibility() || box.width < 2 || e.closest(":disabled, .spoken, option, svg")) continue;
    const under = ground(e);
    if (!under) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(over(rgba(style.color), under)), light(under)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const px = parseFloat(style.fontSize);
    const isLarge = px >= 24 || (px >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faint.push([Number(ratio.toFixed(2)), own.slice(0, 40), e.className || e.tagName]);
  }
  return { faint, looked: document.querySelectorAll("#detail *, #left *").length };
"""


def faint(browser):
    found = browser.execute_script(FAINT)
    assert found["looked"] > 20
    return found["faint"]


@pytest.fixture(params=["dark", "light"])
def theme(request, floor):
    floor.execute_script("document.documentElement.dataset.theme = arguments[0]", request.param)
    yield request.param
    floor.execute_script("delete document.documentElement.dataset.theme")


def test_everything_of_the_hotline_can_be_read(floor, theme, other_desk, own_desk, no_stops):
    call = other_desk.call("POST", "calls", {"mode": "drill", "role": "watch", "template": "comm-check", "fields": {"checkNumber": 3}})["call"]
    try:
        press(floor, "#open-settings")
        element(floor, "#settings")
        assert faint(floor) == []
        press(floor, "#settings .close")
        press(floor, "#open-help")
        element(floor, "#help")
        assert faint(floor) == []
        press(floor, "#help .close")
        for tab, shown in (("calls", "#compose-call"), ("presence", "#ask-presence"), ("watch", "#duty")):
            press(floor, f"[data-tab={tab}]")
            element(floor, shown)
            assert faint(floor) == [], tab
        press(floor, "[data-tab=calls]")
        press(floor, f"[data-call='{call['id']}']")
        element(floor, "#detail .message")
        assert faint(floor) == []
        press(floor, "#compose-call")
        element(floor, "#compose")
        assert faint(floor) == []
        other_desk.call("POST", "stop", {})
        # While it flashes, in both of its looks.
        for look in range(2):
            until(floor, lambda b: b.find_element("css selector", "#stops .stop-theirs").value_of_css_property("background-color").count("179, 0, 27") == look)
            assert faint(floor) == []
        press(floor, "#stops [data-answer=heard]")
        until(floor, lambda b: "watch" in text_of(b, "#stops [data-step=heard]"))
        assert faint(floor) == []
    finally:
        own_desk.call("POST", f"calls/{call['id']}/acknowledge", {"readBack": {}})
