#!/usr/bin/env python3
"""The independent count of a scripted door: count.py DIR

DIR holds plan.csv (who came where, what the plan says, what the desks told), server.csv (the server's export) and for each desk
desk-N.csv (its log as it exported it), and restarted-N.csv (the log of a killed desk as it was when it came back). Nothing else
is read, and nothing here is shared with Usher. Python 3.9 or newer, no packages.

Exits with 0 when every figure agrees and everything that must happen did happen, with 1 when not, with 2 when it cannot count.
"""

import sys

# The folder of a checkout is no place for what Python makes of these files.
sys.dont_write_bytecode = True

from arrivals import Arrivals
from files import DOOR_KINDS, Files, stop
from happened import Happened
from logs import check_chain, check_restarted, check_server
from rooms import Rooms

WRONG_SHOWN = 40


def told_figures(files, arrivals, inside):
    """The figures as the volunteers saw them."""
    greens = [row for row in arrivals.rows if row["outcome"] == "let_in" and row["again"] != "yes"]
    refused = [row for row in arrivals.rows if row["outcome"] in ("open", "turned_away") and row["verdict"] != "not_a_ticket"]
    return {
        "arrivals": len(arrivals.rows),
        "codes read": sum(row["read"] == "yes" for row in arrivals.rows),
        "admitted": len(greens),
        "declined": len(refused),
        "taken back": len(arrivals.undos),
        "people inside": inside,
    }


def rows_of(rows, kind):
    return [row for row in rows if row["kind"] == kind]


def desk_figures(files):
    """The figures as the desks' logs have them."""
    rows = [row for log in files.desks.values() for row in log]
    return {
        "admitted": len(rows_of(rows, "check_in")),
        "declined": len(rows_of(rows, "decline")),
        "taken back": len(rows_of(rows, "undo")),
        "door entries": sum(row["kind"] in DOOR_KINDS for row in rows),
    }


def server_figures(files):
    """The figures as the server gives them, with its own flags."""
    check_ins = rows_of(files.server, "check_in")
    return {
        "admitted": len(check_ins),
        "declined": len(rows_of(files.server, "decline")),
        "taken back": len(rows_of(files.server, "undo")),
        "door entries": len(files.server),
        "people inside": sum(row["released"] == "no" and row["double"] == "no" for row in check_ins),
        "duplicates found": sum(row["double"] == "yes" for row in check_ins),
        "over capacity": sum(row["over_capacity"] == "yes" for row in check_ins),
        "unknown tickets admitted": sum(row["unknown_ticket"] == "yes" for row in check_ins),
    }


def counted_figures(arrivals, rooms, over, lost):
    """The figures as they are counted here, from the arrivals and their entries."""
    admitted = [row for row in arrivals.rows if arrivals.entry.get(row["arrival"], {}).get("kind") == "check_in"]
    return {
        "arrivals": len({row["arrival"] for row in arrivals.rows}),
        "codes read": sum(row["standing"] != "no_code" for row in arrivals.rows),
        "admitted": len(admitted),
        "declined": arrivals.made("decline"),
        "taken back": arrivals.undone,
        "door entries": len(arrivals.entry) + arrivals.undone,
        "people inside": sum(rooms.inside(session) for session in rooms.capacity),
        "duplicates found": len(rooms.doubles),
        "over capacity": over,
        "unknown tickets admitted": sum(row["standing"] not in ("registered", "unregistered") for row in admitted),
        "lost": lost,
    }


def print_table(columns, wrong):
    """One line for each figure; a figure that differs anywhere is wrong."""
    print(f"{'':28}{'door told':>10}{'desks':>10}{'server':>10}{'counted':>10}")
    for figure, counted in columns[-1].items():
        cells = [column.get(figure) for column in columns]
        same = all(cell is None or cell == counted for cell in cells)
        line = "".join(f"{'–' if cell is None else cell:>10}" for cell in cells)
        print(f"{figure:28}{line}{'' if same else '   DIFFERS'}")
        if not same:
            wrong(f"DIFFERS: {figure}: {line.split()} (door told, desks, server, counted)")


def main():
    if len(sys.argv) != 2:
        stop("give one folder: count.py DIR")
    files, problems = Files(sys.argv[1]), []
    wrong = problems.append
    for desk, rows in files.desks.items():
        check_chain(desk, rows, wrong)
    lost = check_server(files, wrong)
    check_restarted(files, wrong)
    arrivals = Arrivals(files, wrong)
    rooms = Rooms(files, arrivals, wrong)
    rooms.check_flags()
    rooms.check_knowledge()
    over, inside = rooms.over_capacity(), rooms.check_inside()
    counted = counted_figures(arrivals, rooms, over, lost)
    if not arrivals.rows:
        wrong("PLAN: nobody arrived")
    print_table([told_figures(files, arrivals, inside), desk_figures(files), server_figures(files), counted], wrong)
    print()
    for what, figure, least in Happened(files, arrivals, rooms, wrong).check():
        print(f"{what:58}{figure:>6}   (at least {least})")
    print()
    for words in problems[:WRONG_SHOWN]:
        print(words)
    if len(problems) > WRONG_SHOWN:
        print(f"… and {len(problems) - WRONG_SHOWN} more")
    print("the count DIFFERS" if problems else "the count agrees")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
