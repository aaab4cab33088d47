#!/usr/bin/env python3
"""Lets guests of one session in at a desk without a window, and waits until the server knows: the demo's second desk."""

import argparse
import csv
import json
import subprocess
import sys
import time

PATIENCE_S = 60


class Desk:
    """`usher-desk`, one JSON line for each command and answer."""

    def __init__(self, binary, data):
        self.process = subprocess.Popen([binary, "--data", data], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.number = 0

    def call(self, name, **args):
        self.number += 1
        self.process.stdin.write(json.dumps({"id": self.number, "call": name, "args": args}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise SystemExit(f"busy desk: {name} failed: {answer['error']}")
        return answer["ok"]

    def until(self, what, wanted):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            found = wanted(self.call("look"))
            if found:
                return found
            time.sleep(0.05)
        raise SystemExit(f"busy desk: waited in vain: {what}")


def main():
    parser = argparse.ArgumentParser()
    for name in ("desk", "data", "address", "tickets", "code", "session"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--guests", type=int, required=True)
    args = parser.parse_args()
    desk = Desk(args.desk, args.data)
    desk.call("connect", address=args.address, code=args.code)
    sessions = desk.until("the guest list", lambda view: view["list"]["complete"] and view["sessions"])
    session = next(one["id"] for one in sessions if one["name"] == args.session)
    desk.call("start", session=session, initials="MK")
    with open(args.tickets, encoding="utf-8") as table:
        codes = [row["code"] for row in csv.DictReader(table)]
    inside = 0
    for code in codes:
        if inside == args.guests:
            break
        desk.until("places", lambda view: view["places"].get("left", 1) > 0)
        card = desk.call("scan", readings=[code], found="scanner")
        if card["outcome"]["kind"] == "open" and "let_in" in card["actions"]:
            card = desk.call("accept", id=card["id"], anyway=False)
        inside += card["outcome"]["kind"] == "let_in"
    desk.call("sync")
    desk.call("quit")
    desk.process.wait(timeout=PATIENCE_S)
    print(f"busy desk: {inside} let in")


if __name__ == "__main__":
    sys.exit(main())
