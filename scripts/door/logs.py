"""Logs against the server: nothing lost, nothing twice, nothing changed, no gaps."""

from files import DOOR_KINDS

NOTHING = "0" * 64
SAME = ["kind", "session_id", "basis", "wall_ms", "at_ms", "hash"]


def name(row):
    return f"{row.get('desk') or row.get('station')} entry {row['seq']} ({row['kind']})"


def check_chain(desk, rows, wrong):
    """Numbers 1, 2, 3 … and each entry holding the hash of the one before."""
    before = NOTHING
    for expected, row in enumerate(rows, start=1):
        if row["number"] != expected:
            wrong(f"GAP: the log of {desk} has entry {row['seq']} where entry {expected} should stand")
            return
        if row["prev_hash"] != before:
            wrong(f"CHANGED: {name(row)} does not follow from the entry before: its prev_hash is another")
        if len(row["hash"]) != 64 or set(row["hash"]) - set("0123456789abcdef"):
            wrong(f"CHANGED: {name(row)} has no hash of 64 digits")
        before = row["hash"]
    if len({(row["station_id"], row["epoch"]) for row in rows}) > 1:
        wrong(f"MIXED: the export of {desk} holds entries of several logs")


def check_server(files, wrong):
    """Compares every door entry of every desk with the server's export; gives how many are lost on either side."""
    held = {}
    for row in files.server:
        if row["key"] in held:
            wrong(f"TWICE: {name(row)} stands twice in the server's export")
        held[row["key"]] = row
    lost = 0
    own = {}
    for rows in files.desks.values():
        for row in rows:
            if row["key"] in own:
                wrong(f"TWICE: {name(row)} stands twice in a desk's export")
            own[row["key"]] = row
            if row["acknowledged"] != "yes":
                wrong(f"WAITING: {name(row)} was never acknowledged")
            if row["kind"] in DOOR_KINDS:
                lost += not compare(row, held.get(row["key"]), wrong)
    for row in files.server:
        if row["key"] not in own:
            lost += 1
            wrong(f"LOST: {name(row)} is on the server and in no desk's log")
    return lost


def compare(row, held, wrong):
    """Whether the server holds an entry as its desk wrote it."""
    if held is None:
        promise = ", although the server acknowledged it" if row["acknowledged"] == "yes" else ""
        wrong(f"LOST: {name(row)} is not in the server's export{promise}")
        return False
    same = list(SAME)
    if row["kind"] == "undo":
        # The desk's export names only the entry that is taken back; the server adds what that one was about.
        same.remove("session_id")
        same.append("of")
    else:
        same.append("code_digest" if row["code_digest"] else "person_id")
    different = [column for column in same if row[column] != held[column]]
    if different:
        wrong(f"CHANGED: {name(row)} differs on the server in {', '.join(different)}")
    return not different


def check_restarted(files, wrong):
    """What a killed desk still had is the beginning of what it has in the end."""
    for early in files.restarted:
        if not early:
            wrong("LOST: a desk came back from its kill with an empty log")
            continue
        desk = early[0]["desk"]
        check_chain(f"{desk} after its kill", early, wrong)
        final = {row["key"]: row["hash"] for row in files.desks.get(desk, [])}
        for row in early:
            if final.get(row["key"]) != row["hash"]:
                wrong(f"LOST: {name(row)} was there after the kill and is not in the final log")
