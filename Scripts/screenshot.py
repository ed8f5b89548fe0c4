#!/usr/bin/env python3
"""Writes a picture of a running node's console: signs in, waits until the map is drawn, saves a PNG.

Needs Debian's chromium and chromium-driver, and selenium. The passphrase is read from PARLEY_PASSPHRASE so that it
does not stand in the process list.

    PARLEY_PASSPHRASE=... Scripts/screenshot.py --url http://127.0.0.1:8443 --officer demir --out console.png
"""
import argparse
import os
import sys

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as shown
from selenium.webdriver.support.ui import WebDriverWait

WAIT_S = 60


def browser(width, height):
    """Headless Chromium with software GL, its page exactly `width` × `height`."""
    options = webdriver.ChromeOptions()
    for flag in (
        "--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
        "--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1", "--ignore-certificate-errors",
        f"--window-size={width},{height}",
    ):
        options.add_argument(flag)
    options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    service = webdriver.ChromeService(executable_path=os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
    return driver


def sign_in(driver, url, officer, passphrase):
    driver.get(url)
    wait = WebDriverWait(driver, WAIT_S)
    wait.until(shown.element_to_be_clickable((By.ID, "officer"))).send_keys(officer)
    driver.find_element(By.ID, "passphrase").send_keys(passphrase)
    driver.find_element(By.CSS_SELECTOR, ".signin-form button").click()
    wait.until(shown.visibility_of_element_located((By.ID, "floor")))
    wait.until(shown.presence_of_element_located((By.CSS_SELECTOR, ".map-frame[data-drawn=true]")))
    wait.until(lambda d: d.find_element(By.CSS_SELECTOR, "#party .own").text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default=os.environ.get("PARLEY_DESK_URL"), help="the desk's address")
    parser.add_argument("--officer", default=os.environ.get("PARLEY_OFFICER"))
    parser.add_argument("--out", default="docs/console.png")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=720)
    parser.add_argument("--press", action="append", default=[], metavar="SELECTOR", help="press these first, in order")
    arguments = parser.parse_args()
    passphrase = os.environ.get("PARLEY_PASSPHRASE")
    if not (arguments.url and arguments.officer and passphrase):
        parser.error("give --url and --officer (or PARLEY_DESK_URL, PARLEY_OFFICER) and set PARLEY_PASSPHRASE")

    driver = browser(arguments.width, arguments.height)
    try:
        sign_in(driver, arguments.url, arguments.officer, passphrase)
        for selector in arguments.press:
            WebDriverWait(driver, WAIT_S).until(shown.element_to_be_clickable((By.CSS_SELECTOR, selector))).click()
        # Two frames, so that what was pressed is laid out and drawn.
        driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        driver.save_screenshot(arguments.out)
    except TimeoutException:
        for entry in driver.get_log("browser"):
            print(entry["message"], file=sys.stderr)
        print("The console was not drawn in time.", file=sys.stderr)
        return 1
    finally:
        driver.quit()
    print(arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
