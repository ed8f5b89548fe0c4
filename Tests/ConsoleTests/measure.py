#!/usr/bin/env python3
"""Measures the console in a real browser against two nodes that it starts: first paint, filing to ring, panning over many
notices, memory over a long stream. Prints figures with the machine's load; judges nothing.

    Tests/ConsoleTests/measure.py [paint] [ring] [pan] [soak] [--tries N] [--notices N] [--minutes M]
"""
import argparse
import contextlib
import datetime
import os
import pathlib
import statistics
import sys
import time
import urllib.error

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "ApiTests"), str(HERE.parents[1] / "Scripts")]

import harness
import screenshot
from desk import Desk
from page import element, until
from selenium.webdriver import ActionChains


def at(hours):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def figures(name, values, unit):
    values = sorted(values)
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"{name}: p50 {statistics.median(values):.0f} {unit}, worst {values[-1]:.0f} {unit}, of {len(values)}; "
          f"load {load} on {os.cpu_count()} cores", flush=True)


class Measured:
    def __init__(self, arguments):
        self.tries, self.notices, self.minutes = arguments.tries, arguments.notices, arguments.minutes
        self.mechanism = harness.Mechanism({"alpha": "principal", "bravo": "principal"}, heartbeat=2, stale_after=6)
        for node in self.mechanism.nodes.values():
            node.start()
        harness.wait_until_signing(*self.mechanism.nodes.values())
        self.ours, self.theirs = (Desk(f"http://127.0.0.1:{self.mechanism[party].desk_port}", harness.OFFICER, harness.PASSPHRASE)
                                  for party in ("alpha", "bravo"))
        self.browser = screenshot.browser(1280, 720)
        self.browser.set_script_timeout(120)

    def close(self):
        self.browser.quit()
        self.mechanism.close()

    def enter(self):
        self.browser.delete_all_cookies()
        screenshot.sign_in(self.browser, self.ours.url, harness.OFFICER, harness.PASSPHRASE)

    def paint(self):
        """Of the sign-in page and of the floor, each in a page of its own with an empty cache."""
        self.browser.execute_cdp_cmd("Network.enable", {})
        self.browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
        timing = """const [done] = arguments; const read = () => { const paints = performance.getEntriesByType("paint");
            paints.length > 1 ? done(paints.map((p) => p.startTime)) : setTimeout(read, 20); }; read();"""
        for name in ("sign-in page", "floor"):
            first, content = [], []
            for _ in range(self.tries):
                self.browser.get("about:blank")
                self.browser.get(self.ours.url)
                element(self.browser, "#officer" if name == "sign-in page" else "#bar")
                paints = self.browser.execute_async_script(timing)
                first.append(paints[0])
                content.append(paints[-1])
                if paints[0] > 2_000:
                    self.tell_what_was_slow()
            figures(f"first paint, {name}", first, "ms")
            figures(f"first content, {name}", content, "ms")
            if name == "sign-in page":
                self.enter()
        self.browser.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": False})

    def tell_what_was_slow(self):
        for row in self.browser.execute_script("""
            return performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
              .map((e) => [e.name.replace(location.origin, ""), ...[e.startTime, e.connectStart, e.requestStart, e.responseStart, e.responseEnd].map(Math.round)])
              .sort((a, b) => b[5] - b[1] - (a[5] - a[1])).slice(0, 6);"""):
            print("  slow: {}: asked at {}, connected from {}, sent at {}, answered from {} to {} ms".format(*row), flush=True)

    def ring(self):
        """From the other desk's sending of the request to the alarm's element on this screen, by the machine's one clock."""
        self.enter()
        self.browser.execute_script("""
            globalThis.rang = {};
            new MutationObserver(() => { for (const e of document.querySelectorAll("#alarms [data-alarm^='notice:']"))
              rang[e.dataset.alarm] ??= performance.timeOrigin + performance.now(); }).observe(document.getElementById("alarms"), { childList: true, subtree: true });""")
        took = []
        for n in range(self.tries):
            begun = time.time() * 1000
            notice = self.theirs.file("strike", [36 + n / 50, 33.5], 500, 1000, 2000, at(2), at(3), "measured")["id"]
            rang = until(self.browser, lambda b: b.execute_script("return globalThis.rang[arguments[0]] ?? null", f"notice:{notice}"))
            took.append(rang - begun)
            self.theirs.call("POST", f"notices/{notice}/end", {"reason": "cancelled"})
        figures("filing to ring", took, "ms")

    def pan(self):
        begun = time.monotonic()
        for n in range(self.notices):
            self.theirs.file("air-operation", [35.6 + n % 70 / 12, 32.3 + n // 70 / 14], 2500, 1000 + 10 * (n % 7), 2000, at(1 + n % 7), at(3 + n % 7), "one of many")
        until(None, lambda _: len(self.ours.call("GET", "notices")["notices"]) >= self.notices, 600)
        print(f"{self.notices} notices filed and held at both after {time.monotonic() - begun:.0f} s", flush=True)
        self.enter()
        until(self.browser, lambda b: b.execute_script("return document.querySelectorAll('#notices [data-notice]').length") > 0)
        self.browser.execute_script("""
            globalThis.tasks = []; new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: "longtask" });
            globalThis.frames = []; let last = performance.now();
            const frame = (now) => { frames.push(now - last); last = now; requestAnimationFrame(frame); }; requestAnimationFrame(frame);""")
        canvas = element(self.browser, ".map-frame canvas")
        for turn in range(self.tries):
            dx, dy = ((160, 40), (-160, -40), (40, -90), (-40, 90))[turn % 4]
            hand = ActionChains(self.browser, duration=40).move_to_element(canvas).click_and_hold()
            for _ in range(6):
                hand = hand.move_by_offset(dx // 6, dy // 6)
            hand.release().pause(0.4).perform()
        tasks, frames = self.browser.execute_script("return [tasks, frames]")
        print(f"long tasks while panning: {len(tasks)}, of those over 200 ms {sum(task > 200 for task in tasks)}")
        figures("long task while panning", tasks or [0], "ms")
        figures("frame while panning", frames, "ms")

    def soak(self):
        """What two desks do in hours, as fast as the nodes take it, through the real stream."""
        self.enter()
        self.browser.execute_cdp_cmd("Performance.enable", {})
        self.browser.execute_cdp_cmd("HeapProfiler.enable", {})
        end = time.monotonic() + self.minutes * 60
        events, next_look, held = 0, 0, []
        while True:
            if time.monotonic() >= next_look:
                # Twice: what the first one frees may hold more.
                for _ in range(2):
                    self.browser.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
                metrics = {each["name"]: each["value"] for each in self.browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]}
                print(f"{events} acts, heap {metrics['JSHeapUsedSize'] / 2 ** 20:.1f} MiB, {metrics['Nodes']:.0f} nodes, "
                      f"{metrics['JSEventListeners']:.0f} listeners, {self.browser.execute_script('return document.querySelectorAll(`*`).length')} elements; "
                      f"load {os.getloadavg()[0]:.1f}", flush=True)
                if time.monotonic() >= end:
                    return
                next_look = min(end, time.monotonic() + max(20, self.minutes * 60 / 12))
            notice = self.theirs.file("air-operation", [36 + events % 40 / 10, 33.5], 2000, 1000, 2000, at(1), at(3), "of the soak")
            fields = {name: notice[name] for name in ("kind", "volumes", "contact")} | {"remarks": f"amended {events}", "expectedVersion": 1}
            self.theirs.call("POST", f"notices/{notice['id']}/versions", fields)
            alarm = f"notice:{notice['id']}"
            until(None, lambda _: self.ours.has(f"notices/{notice['id']}"))
            ringing = [each["id"] for each in self.ours.call("GET", "alarms")["alarms"] if each["state"] == "ringing"]
            for each in ringing[:5]:
                # Its cause may have ended since the list was asked for.
                with contextlib.suppress(urllib.error.HTTPError):
                    self.ours.call("POST", f"alarms/{each}/acknowledge")
            call = self.theirs.call("POST", "calls", {"mode": "drill", "role": "watch", "template": "comm-check", "fields": {"checkNumber": 3}})["call"]["id"]
            until(None, lambda _: self.ours.has(f"calls/{call}"))
            self.ours.call("POST", f"calls/{call}/acknowledge", {"readBack": {}})
            held.append(notice["id"])
            # What an officer does meanwhile: opens one, and goes back.
            self.browser.execute_script("document.querySelector('#notices [data-notice]')?.click(); setTimeout(() => document.getElementById('assurance').click(), 300)")
            if len(held) > 20:
                self.theirs.call("POST", f"notices/{held.pop(0)}/end", {"reason": "cancelled"})
            events += 6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["paint", "ring", "pan", "soak", []], default=["paint", "ring", "pan", "soak"])
    parser.add_argument("--tries", type=int, default=20)
    parser.add_argument("--notices", type=int, default=5_000)
    parser.add_argument("--minutes", type=float, default=10)
    arguments = parser.parse_args()
    measured = Measured(arguments)
    try:
        for part in arguments.parts:
            getattr(measured, part)()
    finally:
        measured.close()


if __name__ == "__main__":
    main()
