"""Who is in which room, counted anew: doubles, seats, capacities, and the server's flags about them."""

from collections import defaultdict

from logs import name


def order(entry):
    """Of several check-ins of a person the first in this order is the admission."""
    return entry["hlc"], entry["station_id"], entry["epoch"], entry["number"]


class Rooms:
    """The rooms as all logs together say."""

    def __init__(self, files, arrivals, wrong):
        self.files, self.wrong = files, wrong
        self.entries = {row["key"]: row for rows in files.desks.values() for row in rows}
        undos = [row for row in self.entries.values() if row["kind"] == "undo"]
        self.undo_of = {row["of"]: row for row in undos}
        if len(self.undo_of) != len(undos):
            wrong("TWICE: a check-in was taken back twice")
        self.check_ins = [row for row in self.entries.values() if row["kind"] == "check_in"]
        self.capacity = {row["session"]: row["capacity"] for row in arrivals.rows}
        self.groups = defaultdict(list)
        for row in self.check_ins:
            if row["key"] not in self.undo_of:
                self.groups[row["session"], row["person_id"] or row["code_digest"]].append(row)
        for group in self.groups.values():
            group.sort(key=order)
        self.doubles = {row["key"] for group in self.groups.values() for row in group[1:]}

    def standing(self, session):
        """The check-ins of a room that were not taken back."""
        return [row for (where, _), group in self.groups.items() if where == session for row in group]

    def inside(self, session):
        """Distinct people in a room."""
        return sum(where == session for where, _ in self.groups)

    def seats_at(self, session, until_ms):
        """Seats taken in a room at a moment, and the most until then."""
        moves = [(row["wall_ms"], 1) for row in self.check_ins if row["session"] == session]
        moves += [(undo["wall_ms"], -1) for of, undo in self.undo_of.items() if self.entries[of]["session"] == session]
        taken = most = 0
        for at_ms, change in sorted(moves):
            if at_ms > until_ms:
                break
            taken += change
            most = max(most, taken)
        return taken, most

    def over_capacity(self):
        """Seats beyond the capacities: in the end, and at the worst moment."""
        over = 0
        for session, places in self.capacity.items():
            if places is None:
                continue
            _, most = self.seats_at(session, float("inf"))
            if most > places:
                over += most - places
                self.wrong(f"OVER CAPACITY: {session} has {places} places and held {most}")
        return over

    def check_flags(self):
        """The server's flags say what was counted here."""
        for row in self.files.server:
            if row["kind"] != "check_in" or row["key"] not in self.entries:
                continue
            self._flag(row, "double", row["key"] in self.doubles, "double admission")
            self._flag(row, "released", row["key"] in self.undo_of, "check-in that was taken back")
            self._flag(row, "unknown_ticket", bool(self.entries[row["key"]]["code_digest"]), "check-in on an unknown ticket")
        for session, places in self.capacity.items():
            flagged = sum(row["over_capacity"] == "yes" and row["session"] == session for row in self.files.server)
            beyond = max(0, len(self.standing(session)) - places) if places is not None else 0
            if flagged != beyond:
                self.wrong(f"NOT FLAGGED: {session} has {beyond} seats over capacity and the server flags {flagged}")

    def _flag(self, row, column, counted, what):
        if counted and row[column] != "yes":
            self.wrong(f"NOT FLAGGED: {name(row)} is a {what}, and the server does not say so")
        if not counted and row[column] == "yes":
            self.wrong(f"FLAGGED: {name(row)} is no {what}, and the server says that it is one")

    def check_knowledge(self):
        """No desk lets in whom it let in before; no desk refuses as already in who is not; strict rooms stay strict."""
        for row in self.check_ins:
            earlier = [one for one in self._same(row) if one["station_id"] == row["station_id"] and one["number"] < row["number"]]
            if any(not self._taken_back_before(one, row) for one in earlier):
                self.wrong(f"KNOWN: {name(row)} lets in a guest whom this desk had let in before")
            if row["basis"] == "over_grant":
                self.wrong(f"STRICT: {name(row)} was let in without a right")
        for row in self.entries.values():
            if row["kind"] == "decline" and row["reason"] == "already_in":
                if all(one["wall_ms"] > row["wall_ms"] for one in self._same(row)):
                    self.wrong(f"UNFOUNDED: {name(row)} refuses as already in who was never let in")

    def _same(self, row):
        who = row["person_id"] or row["code_digest"]
        return [one for one in self.check_ins
                if one is not row and one["session"] == row["session"] and who == (one["person_id"] or one["code_digest"])]

    def _taken_back_before(self, one, row):
        undo = self.undo_of.get(one["key"])
        return undo is not None and undo["number"] < row["number"]

    def check_inside(self):
        """What each desk said about each room in the end; gives the sum over the rooms."""
        told = defaultdict(set)
        for row in self.files.plan:
            if row["what"] == "inside":
                told[row["session"]].add((row["desk"], row["arrival"]))
        for session in self.capacity:
            counted = self.inside(session)
            if {desk for desk, _ in told[session]} != set(self.files.desks):
                self.wrong(f"ROOM: not every desk said how many are in {session}")
            for desk, people in sorted(told[session]):
                if people != counted:
                    self.wrong(f"ROOM: {desk} says that {people} are in {session}; counted {counted}")
        return sum(max((people for _, people in those), default=0) for those in told.values())
