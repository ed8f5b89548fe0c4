"""Hostile text in every field of every record that another side can fill, at the fields' limits: shown, and harmless."""
import datetime
import os
import urllib.error

import pytest

import harness
import screenshot
from desk import Desk
from page import element, of_each, press, until
from relay import Relay

# In every text, so that it is found on the screen.
SIGN = "Xq"
MARKUP = f"{SIGN}<img src=x onerror=\"globalThis.broken=1\"><script>globalThis.broken=1</script><svg onload=globalThis.broken=1>" \
         "<a href=javascript:broken=1 style=position:fixed>&lt;b&gt;</a>]]>--><style>*{display:none}</style>\"' onclick='broken=1"
TEXTS = {
    "markup": MARKUP,
    "bidi": f"{SIGN}\u202eelppa\u202c \u2066in\u2069 \u2067out\u2069 \u200f\u061c\u200eabc \u202bdef",
    "zero width": f"{SIGN}\u200bb\u200bc\ufeffd\u2060e\u00ad\u180ef \u0007\u001b[31m\u009b",
    "unbroken": SIGN + "W" * 8_190,
    "lines": f"{SIGN}\n\n" + "\n".join(f"line {n}" for n in range(300)) + "\r\n\u2028\u2029end",
    "right to left": f"{SIGN} שלום العربية 123 — " + "مرحبا " * 300,
    "emoji": f"{SIGN} 👩‍👩‍👧‍👦🏴‍☠️ Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢ " + "🛑" * 400,
}


def cut(text, limit):
    """As much of a text as a field takes, in bytes of UTF-8."""
    return text.encode()[:limit].decode(errors="ignore")


def tolerable(text):
    """Without what a field of one line refuses."""
    return "".join(c for c in text if c.isprintable())


def taken(send, texts, limit):
    """Sends each of the texts at its limit, or what is left of it when the node refuses it; how many it took as they were."""
    whole = 0
    for text in texts:
        for tried in (cut(text, limit), cut(tolerable(text), limit), cut(tolerable(text), limit - 2).strip()):
            try:
                send(tried)
                whole += tried == cut(text, limit)
                break
            except urllib.error.HTTPError as problem:
                assert problem.code in (400, 409, 413), problem.read()
    return whole


@pytest.fixture(scope="module")
def pair():
    """Two principals whose terms have hostile names: whoever drafts them sets them."""
    def edit(terms):
        terms["parties"][1]["name"] = cut(f"שלום {tolerable(MARKUP)}", 60)

    made = harness.Mechanism({"golf": "principal", "hotel": "principal"}, heartbeat=2, stale_after=6,
                             name=cut(tolerable(MARKUP), 90), edit=edit)
    try:
        for node in made.nodes.values():
            node.start()
        harness.wait_until_signing(*made.nodes.values())
        yield made
    finally:
        made.close()


@pytest.fixture()
def relay(pair):
    """In place of that before the common desk."""
    made = Relay("127.0.0.1", pair["golf"].desk_port)
    yield made
    made.close()


def at(hours):
    moment = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0) + datetime.timedelta(hours=hours)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def volume(n, original=None):
    altitude = lambda value: {"value": value, "unit": "feet", "datum": "amsl"}
    made = {"footprint": {"type": "Point", "coordinates": [38 + n, 34.5], "radiusM": 2000},
            "altitude": {"lower": altitude(2000), "upper": altitude(9000)}, "start": at(1), "end": at(3)}
    return made | ({"original": original} if original else {})


def fill_everything(ours, theirs, administrator):
    """Every kind of record from the other side, each of its texts hostile in turn."""
    texts = list(TEXTS.values())
    notice = lambda **more: theirs.call("POST", "notices", {
        "mode": "drill", "kind": "air-operation", "contact": "cell", "volumes": [volume(0)], **more})["notice"]
    whole = 0
    for field in ("contact", "remarks", "onBehalfOf"):
        whole += taken(lambda text: notice(**{field: text}), texts, 2_000)
    whole += taken(lambda text: notice(volumes=[volume(0, text)]), texts, 2_000)
    whole += taken(lambda text: notice(contact=text, remarks=text, onBehalfOf=text, volumes=[volume(0, text)]), texts, 2_000)

    whole += taken(lambda text: theirs.call("POST", "calls", {
        "mode": "drill", "role": "watch", "precedence": "routine", "text": text, "language": "en"}), texts, 7_000)
    entries = {"personnel-recovery": "unit", "assistance-request": "contact", "distress": "frequency", "aircraft-down": "callsign"}
    for template, field in entries.items():
        whole += taken(lambda text: theirs.call("POST", "calls", {
            "mode": "drill", "role": "watch", "template": template, "fields": {field: text}}), texts[:4], 120)
    whole += taken(lambda text: theirs.call("POST", "calls", {
        "mode": "drill", "role": "watch", "template": "distress", "fields": {"remarks": {"text": text, "language": "en"}}}), texts, 2_000)

    whole += taken(lambda text: theirs.call("POST", "presence", {"mode": "drill", "volume": volume(3, text), "remarks": text}), texts, 2_000)
    asked = ours.call("POST", "presence", {"mode": "drill", "volume": volume(4)})["presence"]["id"]
    until(None, lambda _: theirs.has(f"presence/{asked}"))
    taken(lambda text: theirs.call("POST", f"presence/{asked}/answer", {
        "answer": "some", "affiliated": "covered", "validUntil": at(5), "remarks": text}), texts[:1], 2_000)

    own = ours.call("POST", "notices", {"mode": "drill", "kind": "air-operation", "contact": "cell", "volumes": [volume(0)]})["notice"]["id"]
    until(None, lambda _: theirs.has(f"notices/{own}"))
    conflicts = until(None, lambda _: theirs.call("GET", "conflicts")["conflicts"])
    for conflict, text in zip(conflicts, texts * 2):
        taken(lambda each: theirs.call("POST", f"conflicts/{conflict['id']}/positions", {
            "stance": "settle", "conditions": [each] * 4, "remarks": each}), [text], 2_000)

    for n, text in enumerate(texts):
        taken(lambda each: theirs.call("POST", "units", {"unit": each}), [text], 120)
    units = theirs.call("GET", "units")["units"]
    theirs.call("POST", "passing/concerns", {"notice": own, "version": 1, "units": units})
    theirs.call("POST", "passing", {"notice": own, "version": 1, "units": units[:3], "disclose": True})

    # An officer's name goes into every record that the officer signs.
    for text in (MARKUP, TEXTS["bidi"], TEXTS["unbroken"]):
        def act(name):
            administrator.call("POST", "officers", {"officer": name, "passphrase": harness.PASSPHRASE, "role": "watchOfficer"})
            Desk(theirs.url, name, harness.PASSPHRASE).call("POST", "calls", {
                "mode": "drill", "role": "watch", "template": "comm-check", "fields": {"checkNumber": 3}})
        taken(act, [text], 64)
    return whole


# All that is wrong with what is on the screen.
WRONGS = """
  const sign = arguments[0];
  const wrongs = [];
  if ("broken" in globalThis) wrongs.push("a script ran");
  for (const e of document.querySelectorAll("[onclick], [onload], [onerror], [style*='position: fixed'], img[src='x'], a[href^=javascript], body style, body script, .peer *"))
    wrongs.push(`injected ${e.outerHTML.slice(0, 80)}`);
  const hidden = /[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u2067\\u206a-\\u206f\\ufeff]/;
  let found = 0;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const e = node.parentElement;
    const box = e.getBoundingClientRect();
    if (!e.checkVisibility() || box.width === 0) continue;
    if (hidden.test(node.data)) wrongs.push(`unseen characters in ${e.className || e.tagName}: ${JSON.stringify(node.data.slice(0, 60))}`);
    if (!node.data.includes(sign)) continue;
    found += 1;
    let at = e, isolated = false;
    for (; at && at !== document.body && !isolated; at = at.parentElement)
      isolated = ["isolate", "plaintext", "isolate-override"].includes(getComputedStyle(at).unicodeBidi) && getComputedStyle(at).display.startsWith("inline") || at.matches("bdi, .peer, input, textarea, option");
    // Letters from left to right in such a sentence stay where they are in any case.
    if (!isolated && /[\\u0590-\\u08ff]/.test(node.data) && !/\\u2068[^\\u2069]*[\\u0590-\\u08ff]/.test(node.data)) wrongs.push(`not isolated in ${e.tagName} ${e.className} of ${e.closest("[id]")?.id}: ${node.data.slice(0, 40)}`);
  }
  for (const e of document.querySelectorAll("#bar, #strip, #left, #alarms, #notices-panel, #notices, #conflicts, #calls, #presence, #board, #record, #desk, #detail, #stops, #timeline, #foot, .notice-row, .conflict-row, .call-row, .alarm"))
    if (e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && !["auto", "scroll"].includes(getComputedStyle(e).overflowX) | e.scrollWidth > e.clientWidth + 1)
      wrongs.push(`${e.id || e.className} is ${e.scrollWidth} wide in ${e.clientWidth}`);
  if (document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight) wrongs.push("the page scrolls");
  return { wrongs, found };
"""


def wrongs(browser, where, all_found):
    seen = browser.execute_script(WRONGS, SIGN)
    all_found[where] = all_found.get(where, 0) + seen["found"]
    return {f"{where}: {each}" for each in seen["wrongs"]}


def shot(browser, name):
    if folder := os.environ.get("PARLEY_SHOTS"):
        browser.save_screenshot(os.path.join(folder, f"hostile-{name}.png"))


def test_hostile_text_in_every_field_is_shown_harmless(browser, pair):
    golf, hotel = pair["golf"], pair["hotel"]
    ours, theirs = (Desk(f"http://127.0.0.1:{node.desk_port}", harness.OFFICER, harness.PASSPHRASE) for node in (golf, hotel))
    administrator = Desk(theirs.url, harness.ADMINISTRATOR, harness.PASSPHRASE)
    assert fill_everything(ours, theirs, administrator) > 20
    size = lambda desk: len(desk.call("GET", "notices")["notices"]) + len(desk.call("GET", "calls")["calls"]) + len(desk.call("GET", "presence")["presence"])
    until(None, lambda _: size(ours) == size(theirs))

    screenshot.sign_in(browser, ours.url, ours.officer, ours.passphrase)
    found, bad = {}, set()
    until(browser, lambda b: len(of_each(b, "#notices [data-notice]", "1")) > 20)
    bad |= wrongs(browser, "floor", found)
    shot(browser, "floor")
    rows = {"notices": "#notices [data-notice]", "calls": "#calls [data-call]", "presence": "#presence [data-presence]", "watch": "#board [data-board]"}
    for tab, selector in rows.items():
        press(browser, f"[data-tab={tab}]")
        bad |= wrongs(browser, f"tab {tab}", found)
        for key in of_each(browser, selector, "e.dataset.focus"):
            browser.execute_script("document.querySelector(arguments[0]).click()", f"{selector}[data-focus='{key}']")
            until(browser, lambda b: of_each(b, "#detail h2", "1"))
            bad |= wrongs(browser, f"card of {tab}", found)
        shot(browser, tab)
    press(browser, "[data-tab=notices]")
    for key in of_each(browser, "#conflicts [data-conflict]", "e.dataset.conflict"):
        browser.execute_script("document.querySelector(arguments[0]).click()", f"[data-conflict='{key}']")
        until(browser, lambda b: of_each(b, "#detail .positions", "1"))
        bad |= wrongs(browser, "card of conflicts", found)
    shot(browser, "conflict")

    stop = theirs.call("POST", "stop", {"text": cut(MARKUP + TEXTS["unbroken"], 2_000), "language": "en"})["stop"]["id"]
    element(browser, "#stops [data-stop]")
    bad |= wrongs(browser, "STOP", found)
    shot(browser, "stop")
    theirs.call("POST", f"stops/{stop}/lift", {"outcome": "withdrawn"})
    theirs.call("POST", "suspension", {"suspended": True, "reason": cut(MARKUP, 2_000)})
    until(browser, lambda b: of_each(b, "#links [data-state=suspended]", "1"))
    bad |= wrongs(browser, "suspension", found)
    theirs.call("POST", "suspension", {"suspended": False})
    assert not bad, f"{len(bad)}: " + "\n".join(sorted(bad)[:60])
    # What was looked at was really there.
    assert [where for where in ("card of notices", "card of calls", "card of presence", "card of conflicts", "STOP") if not found.get(where)] == []
    print(found)
