"""Every panel of the console in turn, as far as there is something in it: what checks of the whole screen go through."""
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from page import element, of_each, press, until

ROWS = {"notices": "#notices [data-notice]", "calls": "#calls [data-call]", "presence": "#presence [data-presence]"}
FORMS = {"notices": "#file-notice", "calls": "#compose-call", "presence": "#ask-presence"}
SHEETS = {"assurance": "#assurance-more", "open-help": "#help", "open-settings": "#settings"}


def panels(browser):
    """Yields the name of each panel once it is open."""
    yield "floor"
    for tab in filter(None, of_each(browser, "#tabs [data-tab]", "e.hidden ? null : e.dataset.tab")):
        press(browser, f"#tabs [data-tab={tab}]")
        until(browser, lambda b: of_each(b, f"#tabs [data-tab={tab}]", "e.getAttribute('aria-selected')") == ["true"])
        yield f"tab {tab}"
        for view in of_each(browser, "#lists .panel:not([hidden]) [data-view]", "e.dataset.view"):
            press(browser, f"#lists .panel:not([hidden]) [data-view={view}]")
            yield f"tab {tab}, {view}"
        if tab in ROWS:
            yield from card(browser, ROWS[tab])
        if tab == "notices":
            yield from card(browser, "#conflicts [data-conflict]")
        if tab in FORMS and of_each(browser, FORMS[tab], "e.checkVisibility()") == [True]:
            press(browser, FORMS[tab])
            until(browser, lambda b: of_each(b, "#detail form", "1"))
            yield f"form of {tab}"
            browser.execute_script("""(document.querySelector("#file-discard")
              ?? [...document.querySelectorAll("#detail form .actions button[type=button]")].at(-1))?.click()""")
            until(browser, lambda b: not of_each(b, "#detail form", "1"))
    press(browser, "#tabs [data-tab=notices]")
    for button, sheet in SHEETS.items():
        press(browser, f"#{button}")
        until(browser, lambda b: of_each(b, sheet, "e.checkVisibility()") == [True])
        yield sheet
        ActionChains(browser).send_keys(Keys.ESCAPE).perform()
        until(browser, lambda b: True not in of_each(b, sheet, "e.checkVisibility()"))
    if of_each(browser, "#alarms [data-focus=readBack]", "1"):
        press(browser, "#alarms [data-focus=readBack]")
        element(browser, "#read-back")
        yield "read-back"


def card(browser, rows):
    """The first row that can be opened."""
    for key in of_each(browser, f"{rows}:not(:disabled)", "e.dataset.focus")[:1]:
        press(browser, f"{rows}[data-focus='{key}']")
        until(browser, lambda b: of_each(b, "#detail h2", "1"))
        yield f"card of {rows}"
