#!/usr/bin/env python3
"""Walks through the demo's windows by WebDriver, saves a screenshot of each screen, and fails where a screen does not say what it should.

Standard library only: the W3C protocol is a few JSON calls to tauri-driver.
"""

import argparse
import base64
import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

PATIENCE_S = 60
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """One WebDriver session on the real app, over one connection: tauri-driver passes a `Connection: close` on, and the
    driver behind it then resets what comes next."""

    def __init__(self, port, app):
        self.wire = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        capabilities = {"alwaysMatch": {"tauri:options": {"application": str(app)}}}
        self.session = self.until("the app starts", lambda: self.open(capabilities))

    def open(self, capabilities):
        try:
            return self.call("POST", "/session", {"capabilities": capabilities})["sessionId"]
        except (http.client.HTTPException, ConnectionError):
            # The driver does not listen yet, or the one behind it does not.
            self.wire.close()
            return None

    def call(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        self.wire.request(method, path, data, {"Content-Type": "application/json"})
        answer = self.wire.getresponse()
        value = json.load(answer)["value"]
        if answer.status != 200:
            raise SystemExit(f"tour: {method} {path}: {value}")
        return value

    def on(self, method, path, body=None):
        return self.call(method, f"/session/{self.session}{path}", body)

    def run(self, script, *args):
        return self.on("POST", "/execute/sync", {"script": script, "args": list(args)})

    def until(self, what, wanted):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = wanted()
            if found:
                return found
            time.sleep(0.1)
        raise SystemExit(f"tour: waited in vain: {what}")

    def text(self, testid):
        return self.run("const e = document.querySelector(`[data-testid=\"${arguments[0]}\"]`); return e ? e.innerText : null", testid)

    def says(self, testid, *words):
        """Waits until the element shows one of the words."""
        def shown():
            text = self.text(testid) or ""
            return next((word for word in words if word.casefold() in text.casefold()), None)
        return self.until(f"{testid} says {' or '.join(words)}; it says {self.text(testid)!r}", shown)

    def element(self, testid):
        return self.on("POST", "/element", {"using": "css selector", "value": f'[data-testid="{testid}"]'})[ELEMENT]

    def click(self, testid):
        self.until(f"{testid} is there", lambda: self.text(testid) is not None)
        self.on("POST", f"/element/{self.element(testid)}/click", {})

    def fill(self, testid, text):
        """Fills a field as pasting does: keys at WebDriver's speed would be taken for a scanner's, and rightly so."""
        self.until(f"{testid} is there", lambda: self.text(testid) is not None)
        self.run("""const field = document.querySelector(`[data-testid="${arguments[0]}"]`);
            field.focus(); field.value = arguments[1]; field.dispatchEvent(new Event("input", { bubbles: true }));""", testid, text)

    def painted(self):
        """Waits for two frames: what scrolls is painted after the words are in the page."""
        self.on("POST", "/execute/async", {"script": "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));", "args": []})

    def shot(self, path):
        self.painted()
        path.write_bytes(base64.b64decode(self.on("GET", "/screenshot")))
        print(f"   {path.name}")

    def window(self, title_part):
        """Switches to the window whose page address has `title_part`."""
        def switched():
            for handle in self.on("GET", "/window/handles"):
                self.on("POST", "/window", {"handle": handle})
                if title_part in self.on("GET", "/url"):
                    return True
            return False
        self.until(f"the {title_part} window", switched)

    def end(self):
        try:
            self.on("DELETE", "")
        except (http.client.HTTPException, OSError, SystemExit):
            pass


def desk(browser, args):
    browser.window("desk")
    browser.says("connect", "Connect this desk")
    browser.shot(args.shots / "1-connect.png")
    browser.fill("connect-address", args.address)
    browser.fill("connect-code", args.desk_code)
    browser.click("connect-go")
    browser.says("start", "Opening keynote")
    browser.shot(args.shots / "2-start.png")
    session = browser.run("return [...document.querySelectorAll('[data-testid^=\"session-\"]')].find(e => e.innerText.includes('Opening keynote'))?.dataset.testid")
    browser.click(session)
    browser.click("start-go")
    browser.says("chip-link", "Online")
    # The camera plays tickets: the first that is booked turns the card green, once it is committed.
    browser.until("a guest is let in", lambda: browser.run(
        "return document.querySelector('[data-testid=\"card\"][data-outcome=\"let_in\"]') !== null"))
    browser.says("card-title", "Come in")
    browser.says("chip-room", "of 300")
    browser.shot(args.shots / "3-let-in.png")
    browser.says("recent-0", ":")
    browser.shot(args.shots / "4-door.png")


def supervisor(browser, args):
    browser.window("supervisor")
    browser.says("connect", "Connect")
    browser.shot(args.shots / "5-supervisor-connect.png")
    browser.fill("connect-address", args.address)
    browser.fill("connect-code", args.supervisor_code)
    browser.click("connect-go")
    browser.says("supervisor", "Opening keynote")
    browser.until("the board counts the guests", lambda: browser.run(
        "return [...document.querySelectorAll('[data-testid^=\"board-room-\"]')].some(e => Number(e.dataset.inside) > 0)"))
    browser.says("supervisor", "Desk 1")
    browser.says("supervisor", "At worst")
    browser.shot(args.shots / "6-board.png")


def main():
    parser = argparse.ArgumentParser()
    for name in ("driver", "app", "data", "pictures", "shots"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    for name in ("address", "desk-code", "supervisor-code"):
        parser.add_argument(f"--{name}", required=True)
    args = parser.parse_args()
    args.shots.mkdir(parents=True, exist_ok=True)
    port, native = free_port(), free_port()
    surroundings = dict(os.environ, USHER_DATA_DIR=str(args.data), USHER_WINDOW="both", USHER_PICTURES=str(args.pictures),
                        USHER_PICTURE_MS="2500")
    driver = subprocess.Popen([args.driver, "--port", str(port), "--native-port", str(native)], env=surroundings)
    browser = None
    try:
        browser = Browser(port, args.app)
        desk(browser, args)
        supervisor(browser, args)
    finally:
        if browser:
            browser.end()
        driver.terminate()
        driver.wait(timeout=10)
    print("tour: all screens said what they should")


if __name__ == "__main__":
    sys.exit(main())
