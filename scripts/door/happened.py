"""What must have happened for the numbers to mean anything: the cut, the kill, the full room, the undos on each side."""

TICKETS_AT_TWO_DESKS = 20
UNSENT_AT_THE_KILL = 10
REFUSALS_IN_THE_FULL_ROOM = 5


class Happened:
    """Finds the happenings in what was recorded, not in what was announced."""

    def __init__(self, files, arrivals, rooms, wrong):
        self.files, self.arrivals, self.rooms, self.wrong = files, arrivals, rooms, wrong
        self.received = {row["key"]: row["received_ms"] for row in files.server}
        self.cuts = {}
        for row in files.plan:
            if row["what"] == "cut_start":
                self.cuts[row["desk"]] = [row["at_ms"], None]
            elif row["what"] == "cut_end" and row["desk"] in self.cuts:
                self.cuts[row["desk"]][1] = row["at_ms"]
        self.cuts = {desk: cut for desk, cut in self.cuts.items() if cut[1] is not None}

    def in_cut(self, entry):
        start, end = self.cuts.get(entry["desk"], (1, 0))
        return start <= entry["wall_ms"] <= end

    def check(self):
        """Checks all; gives (what, figure, at least) for the table."""
        self._check_cut()
        found = [
            ("desks cut off", len(self.cuts), 2),
            ("tickets let in at two desks across the cut", self._tickets_at_two_desks(), TICKETS_AT_TWO_DESKS),
            ("unsent entries at the kill", self._unsent_at_the_kill(), UNSENT_AT_THE_KILL),
            ("refusals in a room that filled in the cut", self._refusals_in_a_full_room(), REFUSALS_IN_THE_FULL_ROOM),
            ("undos before the handover", self._undos(before=True), 1),
            ("undos after the handover", self._undos(before=False), 1),
        ]
        for what, figure, least in found:
            if figure < least:
                self.wrong(f"DID NOT HAPPEN: {what}: {figure}, at least {least} are needed")
        return found

    def _check_cut(self):
        """What a desk wrote in its cut reached the server only afterwards."""
        for entry in self.rooms.entries.values():
            got = self.received.get(entry["key"])
            if got is not None and self.in_cut(entry) and got < self.cuts[entry["desk"]][1]:
                self.wrong(f"NO CUT: entry {entry['seq']} of {entry['desk']} reached the server during its cut")

    def _tickets_at_two_desks(self):
        tickets = 0
        for group in self.rooms.groups.values():
            desks = {row["desk"] for row in group}
            if len(desks) > 1:
                if any(self.in_cut(row) for row in group):
                    tickets += 1
                else:
                    self.wrong(f"DOUBLE WITHOUT A CUT: one ticket was let in at {' and '.join(sorted(desks))} with a network")
        return tickets

    def _unsent_at_the_kill(self):
        """Entries that a killed desk still had after its kill and that reached the server only after the cut."""
        most = 0
        for early in self.files.restarted:
            desk = early[0]["desk"] if early else ""
            kills = [row["at_ms"] for row in self.files.plan if row["what"] == "kill" and row["desk"] == desk]
            start, end = self.cuts.get(desk, (1, 0))
            for kill in (kill for kill in kills if start <= kill <= end):
                self._check_greens_before(desk, kill, {row["key"] for row in early})
                unsent = [row for row in early if row["acknowledged"] == "no" and row["wall_ms"] <= kill
                          and self.received.get(row["key"], end) >= end]
                goes_on = any(row["wall_ms"] > kill and self.in_cut(row) for row in self.files.desks.get(desk, []))
                if goes_on:
                    most = max(most, len(unsent))
        return most

    def _check_greens_before(self, desk, kill, kept):
        for row in self.arrivals.rows:
            entry = self.arrivals.entry.get(row["arrival"])
            if entry and row["desk"] == desk and row["done_ms"] <= kill and entry["key"] not in kept:
                self.wrong(f"LOST: arrival {row['arrival']} was answered before the kill and its entry was gone after it")

    def _refusals_in_a_full_room(self):
        if not self.cuts:
            return 0
        start = min(cut[0] for cut in self.cuts.values())
        end = max(cut[1] for cut in self.cuts.values())
        most = 0
        for session, places in self.rooms.capacity.items():
            if places is None or self.rooms.seats_at(session, start)[0] >= places or self.rooms.seats_at(session, end)[0] != places:
                continue
            refused = [row for row in self.rooms.entries.values()
                       if row["kind"] == "decline" and row["session"] == session and start <= row["wall_ms"] <= end
                       and row["reason"] in ("grant_empty", "session_full")]
            most = max(most, len(refused))
        return most

    def _undos(self, before):
        """Undos of check-ins that the server did not hold yet (the right comes back here), or held already (it does not)."""
        found = 0
        for of, undo in self.rooms.undo_of.items():
            got = self.received.get(of)
            if got is None:
                continue
            held = got < undo["wall_ms"]
            if held and undo["refund"] == "yes":
                self.wrong(f"REFUND: {undo['desk']} took a right back for an entry that the server held already (entry {undo['seq']})")
            if before:
                found += not held and undo["refund"] == "yes" and self.in_cut(undo)
            else:
                found += held and undo["refund"] == "no"
        return found
