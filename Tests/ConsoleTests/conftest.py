"""What the console's tests share: a running node given by environment variables, a relay before it, a browser.

PARLEY_DESK_URL, PARLEY_OFFICER, PARLEY_PASSPHRASE: the desk whose console is tested, of a principal.
PARLEY_ADMINISTRATOR: an administrator of that desk, with the same passphrase.
PARLEY_OTHER_DESK_URL, PARLEY_OTHER_OFFICER, PARLEY_OTHER_PASSPHRASE: another principal's, which files to it.
PARLEY_LONE_DESK_URL, PARLEY_LONE_OFFICER, PARLEY_LONE_PASSPHRASE: an administrator's, whose node nobody answers.
PARLEY_SHOTS: a folder for a picture of each test's last screen.
"""
import os
import pathlib
import sys
import time
import urllib.parse

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Scripts"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import screenshot
from desk import Desk
from relay import Relay


def variables(*names):
    values = [os.environ.get(name) for name in names]
    missing = [name for name, value in zip(names, values) if not value]
    if missing:
        pytest.skip(f"not set: {', '.join(missing)}")
    return values


@pytest.fixture(scope="session")
def node():
    """(url, officer, passphrase) of the desk under test."""
    return variables("PARLEY_DESK_URL", "PARLEY_OFFICER", "PARLEY_PASSPHRASE")


@pytest.fixture(scope="session")
def other_desk():
    return Desk(*variables("PARLEY_OTHER_DESK_URL", "PARLEY_OTHER_OFFICER", "PARLEY_OTHER_PASSPHRASE"))


@pytest.fixture(scope="session")
def own_desk(node):
    """The API of the desk under test, as its officer."""
    return Desk(*node)


@pytest.fixture(scope="session")
def administrator(node):
    """The API of the desk under test, as its administrator."""
    name, = variables("PARLEY_ADMINISTRATOR")
    return Desk(node[0], name, node[2])


@pytest.fixture(scope="session")
def relief(node, administrator):
    """(officer, passphrase) of a second officer of the desk under test."""
    officer, passphrase = "relief", "another four quiet words"
    if officer not in [each["officer"] for each in administrator.call("GET", "officers")["officers"]]:
        administrator.call("POST", "officers", {"officer": officer, "passphrase": passphrase, "role": "watchOfficer"})
    return officer, passphrase


@pytest.fixture()
def no_stops(own_desk, other_desk):
    """No STOP is open, before and after."""
    def withdraw():
        for desk in (own_desk, other_desk):
            own = desk.call("GET", "status")["party"]["id"]
            for stop in desk.call("GET", "stops")["stops"]:
                if stop["isOpen"] and stop["author"] == own:
                    desk.call("POST", f"stops/{stop['id']}/lift", {"outcome": "withdrawn"})
        # At both desks: the lift has to reach the other one.
        deadline = time.monotonic() + 60
        while any(stop["isOpen"] for desk in (own_desk, other_desk) for stop in desk.call("GET", "stops")["stops"]):
            assert time.monotonic() < deadline, "a STOP stays open"
            time.sleep(0.05)

    withdraw()
    yield
    withdraw()


@pytest.fixture()
def lone_desk():
    return Desk(*variables("PARLEY_LONE_DESK_URL", "PARLEY_LONE_OFFICER", "PARLEY_LONE_PASSPHRASE"))


@pytest.fixture()
def relay(node):
    parts = urllib.parse.urlsplit(node[0])
    made = Relay(parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme])
    # The host's name stays as it was, so that a node that checks it is content.
    made.url = f"{parts.scheme}://{parts.hostname}:{made.port}"
    yield made
    made.close()


@pytest.fixture(scope="session")
def chromium():
    driver = screenshot.browser(1280, 720)
    driver.set_script_timeout(120)
    yield driver
    driver.quit()


@pytest.fixture()
def browser(chromium, relay, request):
    """A browser that nobody has signed in with."""
    chromium.delete_all_cookies()
    chromium.get("about:blank")
    chromium.get_log("browser")
    yield chromium
    folder = os.environ.get("PARLEY_SHOTS")
    if folder:
        chromium.save_screenshot(os.path.join(folder, f"{request.node.name}.png"))
    relay.mend()


@pytest.fixture()
def floor(browser, relay, node):
    """A browser whose officer is on the watch floor, with the map drawn."""
    screenshot.sign_in(browser, relay.url, *node[1:])
    return browser
