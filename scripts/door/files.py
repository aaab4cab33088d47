"""The files of a scripted door, read and turned into numbers. Nothing is judged here but whether a file can be read."""

import csv
import sys
from datetime import datetime
from pathlib import Path

PLAN = ("order what arrival desk act at_ms done_ms session capacity code person_id standing expect pictures read verdict "
        "outcome again").split()
DESK = ("station_id desk epoch seq kind at_ms hlc wall_ms session_id session person_id code_digest basis late registered of "
        "refund reason rights acknowledged initials prev_hash hash").split()
SERVER = ("at kind session person code station basis late registered released double over_capacity unknown_ticket received "
          "desk_clock session_id person_id code_digest station_id epoch seq of hash").split()

# The kinds of entry that the server's export shows; the others change no seat.
DOOR_KINDS = {"check_in", "check_out", "undo", "decline", "walk_in", "exit", "re_entry"}


def stop(words):
    """Ends the count: it cannot be made."""
    print(f"the count cannot be made: {words}", file=sys.stderr)
    raise SystemExit(2)


def table(path, columns):
    """The lines of a CSV file as dictionaries."""
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            lines = csv.DictReader(file)
            missing = [column for column in columns if column not in (lines.fieldnames or [])]
            if missing:
                stop(f"{path} has no column {', '.join(missing)}")
            return list(lines)
    except OSError as error:
        stop(f"{path}: {error.strerror}")
    except (UnicodeDecodeError, csv.Error) as error:
        stop(f"{path} is no CSV file in UTF-8: {error}")


def number(row, column, path):
    """A whole number in a cell; nothing where the cell is empty."""
    text = row[column]
    if text == "":
        return None
    try:
        return int(text)
    except ValueError:
        stop(f"{path}: {column} is {text!r} and no number")


def moment(text, path):
    """Milliseconds since 1970 of a time such as 2026-11-20T10:00:00.000+01:00."""
    try:
        return round(datetime.fromisoformat(text).timestamp() * 1000)
    except ValueError:
        stop(f"{path}: {text!r} is no time")


def key(row):
    """What an entry is called everywhere: station/epoch/number."""
    return f"{row['station_id']}/{row['epoch']}/{row['seq']}"


class Files:
    """Everything that the count looks at."""

    def __init__(self, folder):
        folder = Path(folder)
        self.plan = self._plan(folder / "plan.csv")
        self.server = self._server(folder / "server.csv")
        self.desks = {}
        for path in sorted(folder.glob("desk-*.csv")):
            rows = self._desk(path)
            name = rows[0]["desk"] if rows else path.stem
            if name in self.desks:
                stop(f"{path} is a second export of {name}")
            self.desks[name] = rows
        if len(self.desks) < 2:
            stop(f"{folder} has fewer than two exports desk-*.csv")
        self.restarted = [self._desk(path) for path in sorted(folder.glob("restarted-*.csv"))]

    @staticmethod
    def _plan(path):
        rows = table(path, PLAN)
        for row in rows:
            for column in ("order", "arrival", "at_ms", "done_ms", "capacity"):
                row[column] = number(row, column, path)
        return sorted(rows, key=lambda row: row["order"])

    @staticmethod
    def _server(path):
        rows = table(path, SERVER)
        for row in rows:
            row["key"] = key(row)
            row["received_ms"] = moment(row["received"], path)
            row["wall_ms"] = moment(row["desk_clock"], path)
            row["at_ms"] = moment(row["at"], path)
        return rows

    @staticmethod
    def _desk(path):
        rows = table(path, DESK)
        for row in rows:
            row["key"] = key(row)
            for column in ("at_ms", "hlc", "wall_ms"):
                row[column] = number(row, column, path)
            row["number"] = number(row, "seq", path)
        return rows
