"""Of every panel, in both themes and both directions of writing: axe-core finds no serious fault; nothing breaks the
Content-Security-Policy, and no request leaves the node."""
import importlib.resources
import json
import re
import urllib.parse
import urllib.request

import pytest

import screenshot
from page import element, until
from walk import panels

AXE = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text()

# What the page is told to look like, by what it keeps for the officer.
LOOKS = [("dark", "en"), ("light", "en"), ("dark", "he"), ("light", "ar")]

RUN = """
  const [scope, done] = arguments;
  const seen = scope.map((s) => document.querySelector(s)).filter((e) => e?.checkVisibility());
  axe.run({ include: seen.length > 0 ? seen : [document] }, { resultTypes: ["violations"] }).then(
    (found) => done(found.violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => [
      v.id, v.impact, v.help, v.nodes.slice(0, 4).map((n) => `${n.target.join(" ")}: ${n.any.concat(n.all, n.none).map((c) => c.message).join("; ").slice(0, 200)}`),
    ])),
    (error) => done([["axe", String(error)]]));
"""


def faults(browser, *scope):
    if not browser.execute_script("return 'axe' in globalThis"):
        browser.execute_script(AXE)
    return browser.execute_async_script(RUN, list(scope))


def looking(browser, relay, node, theme, language):
    """Signs in at a browser where the officer has chosen that theme and language."""
    browser.get(relay.url)
    element(browser, "#officer")
    chosen = json.dumps({"theme": theme, "language": language})
    for officer in ("", node[1]):
        browser.execute_script("localStorage.setItem(arguments[0], arguments[1])", f"parley.officer.{officer}", chosen)
    screenshot.sign_in(browser, relay.url, *node[1:])
    until(browser, lambda b: b.execute_script("return document.documentElement.lang") == language)


@pytest.fixture()
def something(other_desk, own_desk):
    """One of everything that can be listed."""
    import datetime
    at = lambda hours: (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    own = own_desk.file("air-operation", [42.5, 36.2], 2000, 5000, 9000, at(1), at(2), "ours")
    theirs = other_desk.file("air-operation", [42.6, 36.2], 2000, 5000, 9000, at(1), at(2), "theirs")
    call = other_desk.call("POST", "calls", {"mode": "drill", "role": "watch", "template": "comm-check", "fields": {"checkNumber": 3}})["call"]
    until(None, lambda _: own_desk.has(f"notices/{theirs['id']}") and own_desk.has(f"calls/{call['id']}")
          and any({c["first"]["notice"], c["second"]["notice"]} == {own["id"], theirs["id"]} for c in own_desk.call("GET", "conflicts")["conflicts"]))
    yield
    own_desk.call("POST", f"calls/{call['id']}/acknowledge", {"readBack": {}})
    for desk, notice in ((own_desk, own), (other_desk, theirs)):
        desk.call("POST", f"notices/{notice['id']}/end", {"reason": "cancelled"})


@pytest.fixture(autouse=True)
def as_before(browser):
    yield
    browser.execute_script("localStorage.clear()")


@pytest.mark.parametrize("theme,language", LOOKS)
def test_axe_finds_no_serious_fault_in_any_panel(browser, relay, node, something, theme, language):
    browser.get(relay.url)
    element(browser, "#officer")
    found = {}
    if serious := faults(browser):
        found["sign-in"] = serious
    looking(browser, relay, node, theme, language)
    for panel in panels(browser):
        # The frame is looked at once.
        if serious := faults(browser, *([] if panel == "floor" else [panel] if panel.startswith("#") else ["#lists", "#detail"])):
            found[panel] = serious
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


def test_nothing_breaks_the_policy_and_no_request_leaves_the_node(browser, relay, node, something):
    with urllib.request.urlopen(node[0]) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    directives = [each.split() for each in policy.split(";")]
    allowed = {source for _, *sources in directives for source in sources}
    assert allowed <= {"'self'", "'none'", "blob:", "data:"}

    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
        globalThis.violations = [];
        addEventListener("securitypolicyviolation", (e) => violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
        performance.setResourceTimingBufferSize(100000);
        """})["identifier"]
    try:
        screenshot.sign_in(browser, relay.url, *node[1:])
        seen = list(panels(browser))
        assert len(seen) > 12
        violations, urls = browser.execute_script(
            "return [violations, performance.getEntriesByType('resource').map((e) => e.name).concat(document.URL)]")
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script})
    assert violations == []
    outside = {url for url in urls if not re.match(r"(blob|data):", url)
               and urllib.parse.urlsplit(url).netloc != urllib.parse.urlsplit(relay.url).netloc}
    assert len(urls) > 20 and outside == set()
