"""Each arrival of the plan is found in its desk's log, and each door entry of a log in the plan."""

from logs import name

NO_PLACE = {"grant_empty", "session_full"}
# How far a log is searched for an arrival when something else stands there.
AHEAD = 4


class Arrivals:
    """The arrivals of a plan, matched with the entries that they made."""

    def __init__(self, files, wrong):
        self.files, self.wrong = files, wrong
        self.rows = [row for row in files.plan if row["what"] == "arrival"]
        self.undos = [row for row in files.plan if row["what"] == "undo"]
        self.entry = {}  # number of an arrival → the entry that it made
        self.undone = 0
        self.digests = {}  # code → digest, for codes that nobody is known for
        numbers = sorted(row["arrival"] for row in self.rows)
        if numbers != list(range(1, len(numbers) + 1)):
            wrong("PLAN: the arrivals are not numbered 1, 2, 3 …")
        for desk, log in files.desks.items():
            self._walk(desk, [row for row in log if row["kind"] in ("check_in", "decline", "undo")])
        for desk in {row["desk"] for row in self.rows} - set(files.desks):
            wrong(f"MISSING: there is no export of {desk}")

    def _walk(self, desk, log):
        at = 0
        for row in self.files.plan:
            if row["desk"] != desk or row["what"] not in ("arrival", "undo"):
                continue
            fits = self._is_undo if row["what"] == "undo" else self._is_arrival
            found = next((i for i in range(at, min(at + AHEAD, len(log))) if fits(row, log[i])), None)
            if found is None or (found > at and self._may_be_silent(row)):
                self._without(row, desk)
                continue
            for extra in log[at:found]:
                self.wrong(f"UNPLANNED: {name(extra)} belongs to no arrival of the plan")
            at = found + 1
            self._with(row, log[found])
        for extra in log[at:]:
            self.wrong(f"UNPLANNED: {name(extra)} belongs to no arrival of the plan")

    def _is_undo(self, row, entry):
        undone = self.entry.get(row["arrival"])
        return entry["kind"] == "undo" and undone is not None and entry["of"] == undone["key"]

    def _is_arrival(self, row, entry):
        if entry["kind"] == "undo" or entry["session"] != row["session"]:
            return False
        if row["person_id"]:
            return entry["person_id"] == row["person_id"]
        if row["standing"] not in ("unknown", "other_event") or not entry["code_digest"]:
            return False
        known = self.digests.get(row["code"])
        return known == entry["code_digest"] if known else entry["code_digest"] not in self.digests.values()

    @staticmethod
    def _may_be_silent(row):
        return row["what"] == "arrival" and (row["expect"] == "silent" or (row["expect"] == "again" and row["again"] == "yes"))

    def _without(self, row, desk):
        what = "the undo of arrival" if row["what"] == "undo" else "arrival"
        if row["what"] == "arrival" and row["outcome"] == "let_in" and row["again"] != "yes":
            self.wrong(f"LOST: arrival {row['arrival']} was shown a green card at {desk}, and its log has no check-in of it")
        elif not self._may_be_silent(row):
            self.wrong(f"MISSING: {what} {row['arrival']} left nothing in the log of {desk}")

    def _with(self, row, entry):
        if row["what"] == "undo":
            self.undone += 1
            return
        self.entry[row["arrival"]] = entry
        if not row["person_id"]:
            self.digests[row["code"]] = entry["code_digest"]
        self._judge(row, entry)
        self._compare_with_told(row, entry)

    def _judge(self, row, entry):
        """What the plan says against what stands in the log."""
        let_in = entry["kind"] == "check_in"
        good = {
            "in": let_in,
            "anyway": let_in and entry["registered"] == "no",
            "in_or_no_place": let_in or entry["reason"] in NO_PLACE,
            "away": entry["reason"] == "not_registered",
            "refused": entry["reason"] in (row["standing"], f"{row['standing']}_ticket"),
            "already_in": entry["reason"] == "already_in",
            "again": entry["reason"] == "already_in",
        }.get(row["expect"], False)
        if not good:
            what = f"{entry['kind']} {entry['reason']}".strip()
            self.wrong(f"AGAINST THE PLAN: arrival {row['arrival']} ({row['standing']}, {row['expect']}) became {what}")
        if let_in and row["standing"] not in ("registered", "unregistered"):
            self.wrong(f"ADMITTED: arrival {row['arrival']} was let in on a ticket that is {row['standing']}")
        if let_in and (entry["registered"] == "yes") != (row["standing"] == "registered"):
            self.wrong(f"CHANGED: {name(entry)} says registered={entry['registered']} of a guest who is {row['standing']}")

    def _compare_with_told(self, row, entry):
        """What the volunteer saw against what stands in the log."""
        let_in = entry["kind"] == "check_in"
        if let_in != (row["outcome"] == "let_in") or (not let_in and entry["reason"] != row["verdict"]):
            told = f"{row['verdict']}, {row['outcome']}"
            kept = f"{entry['kind']} {entry['reason']}".strip()
            self.wrong(f"TOLD OTHERWISE: arrival {row['arrival']} was told {told!r} and the log keeps {kept!r}")

    def made(self, kind):
        """How many arrivals made an entry of this kind."""
        return sum(entry["kind"] == kind for entry in self.entry.values())
