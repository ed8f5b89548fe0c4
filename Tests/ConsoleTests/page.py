"""What the console's tests do with a page: wait for, find and press parts of it, and run its modules."""
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as shown
from selenium.webdriver.support.ui import Select, WebDriverWait

WAIT_S = 90
# The control acts after 0.6 s; a page that is busy drawing may be late to see that.
HOLD_S = 2


def until(browser, condition, seconds=WAIT_S):
    # A part of the page may be made anew between finding it and asking it.
    return WebDriverWait(browser, seconds, ignored_exceptions=[StaleElementReferenceException]).until(condition)


def element(browser, selector):
    return until(browser, shown.visibility_of_element_located((By.CSS_SELECTOR, selector)))


def press(browser, selector):
    clickable = shown.element_to_be_clickable((By.CSS_SELECTOR, selector))

    def pressed(browser):
        found = clickable(browser)
        if found:
            # Out from under what stays in view while its side goes by, as it is when it is reached by keyboard.
            browser.execute_script("arguments[0].scrollIntoView({ block: 'nearest', inline: 'nearest' })", found)
            found.click()
        return bool(found)

    until(browser, pressed)


def hold(browser, selector):
    def held(browser):
        # An element that was made anew is found out before anything is pressed.
        found = shown.element_to_be_clickable((By.CSS_SELECTOR, selector))(browser)
        if found:
            ActionChains(browser).click_and_hold(found).pause(HOLD_S).release().perform()
        return bool(found)

    until(browser, held)


def hold_key(browser, key):
    ActionChains(browser).key_down(key).pause(HOLD_S).key_up(key).perform()


def write(browser, selector, text):
    def written(browser):
        box = shown.visibility_of_element_located((By.CSS_SELECTOR, selector))(browser)
        if box:
            box.clear()
            box.send_keys(text)
        return bool(box)

    until(browser, written)


def choose(browser, selector, value):
    """In a list, by the choice's value."""
    def chosen(browser):
        found = shown.visibility_of_element_located((By.CSS_SELECTOR, selector))(browser)
        if found:
            Select(found).select_by_value(value)
        return bool(found)

    until(browser, chosen)


def text_of(browser, selector):
    """The text of the first match as it is laid out, read in one go; empty while there is none to be seen."""
    return browser.execute_script(
        "const e = document.querySelector(arguments[0]); return e?.checkVisibility() ? e.innerText : ''", selector)


def of_each(browser, selector, expression):
    """What an expression of JavaScript says of each match, called `e`, read in one go: nothing is made anew in between."""
    return browser.execute_script(
        f"return [...document.querySelectorAll(arguments[0])].map((e) => {expression})", selector)


def everything(browser):
    """All that the page holds: its markup but for where things lie, in pixels, and what stands in its fields."""
    return browser.execute_script(
        "return document.documentElement.outerHTML.replace(/ style=\"[^\"]*\"/g, '') + ' '"
        " + [...document.querySelectorAll('input, textarea')].map((field) => field.value).join(' ')")


def in_page(browser, module, body, *arguments):
    """Runs `body` with the exports of one of the console's modules as `m` and `arguments` as `a`; its result, awaited."""
    done = browser.execute_async_script(
        f"const done = arguments[arguments.length - 1]; const a = [...arguments];"
        f"import(new URL('{module}', document.baseURI)).then(async (m) => done({{ value: await (async () => {{ {body} }})() }}))"
        f".catch((error) => done({{ error: String(error) }}));", *arguments)
    assert "error" not in done, done["error"]
    return done.get("value")


def dtg(moment):
    return moment.strftime("%d%H%MZ%b%y").upper()
