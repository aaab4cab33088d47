//! Looking at the state in memory.

use std::{cmp::Reverse, collections::BTreeMap};

use usher_core::{
    capacity::Rights,
    clock::Hlc,
    entry::{Checkpoint, Subject},
    fold::Merged,
    ids::{CodeDigest, EntryKey, Identity, IncidentId, PersonId, Seq, SessionId, StationId, Term},
};
use usher_protocol::sync::{BranchEntry, Change, EntryBytes, LogProof, Signed};

use super::{Item, State};
use crate::{
    Result,
    store::{
        AcceptedRow, CheckInRow, CodeRow, Contact, EndedRow, EntryRow, EventRow, Evidence, ExitRow, FeedRow,
        GoOn, HoldRow, HoldState, HoldsRev, LogRow, Look, MessageRow, PersonRow, Release, ResolvedRow,
        SessionRow, SessionSums, SettledRow, StationRow,
    },
};

impl State {
    fn change(&self, item: Item) -> Option<Change> {
        Some(match item {
            Item::Event => Change::Event(self.event.as_ref()?.record.clone()),
            Item::Session(id) => Change::Session(self.sessions.get(&id)?.record.clone()),
            Item::Person(id) => Change::Person(self.persons.get(&id)?.record.clone()),
            Item::Station(id) => Change::Station(self.stations.get(&id)?.record.clone()),
            Item::Entry(key) => self.entry_change(self.entries.get(&key)?),
            Item::Proof(i) => {
                let row = self.logs.get(&i)?;
                let (proof, signature) = row.proof.as_ref()?;
                let signed = Signed::new(proof.clone(), signature);
                Change::Proof(LogProof { log: i, head: row.head, signed })
            }
        })
    }

    fn entry_change(&self, row: &EntryRow) -> Change {
        let entry = EntryBytes(row.bytes.clone());
        match self.logs.get(&row.key.identity()).and_then(|log| log.branch.clone()) {
            Some(branch) => Change::Branch(BranchEntry { mark: branch.into(), entry }),
            None => Change::Entry(entry),
        }
    }

    fn ordered(&self) -> impl Iterator<Item = &PersonRow> {
        self.persons_order.iter().filter_map(|id| self.persons.get(id))
    }

    fn standing(&self) -> impl Iterator<Item = &CheckInRow> {
        self.check_ins.values().filter(|row| !row.released)
    }

    fn log_evidence(&self, i: Identity) -> impl Iterator<Item = &Evidence> {
        self.evidence.values().filter(move |row| row.key.identity() == i)
    }
}

impl Look for State {
    fn event(&self) -> Result<Option<EventRow>> {
        Ok(self.event.clone())
    }

    fn successions(&self) -> Result<Vec<Signed>> {
        Ok(self.successions.clone())
    }

    fn feed_end(&self) -> Result<u64> {
        Ok(self.end)
    }

    fn feed_len(&self) -> Result<u64> {
        Ok(self.feed.len() as u64)
    }

    fn feed(
        &self,
        after: u64,
        without: Option<Identity>,
        visit: &mut dyn FnMut(FeedRow) -> Result<GoOn>,
    ) -> Result<()> {
        for (position, item) in self.feed.range(after.saturating_add(1)..) {
            let own = match item {
                Item::Entry(key) => Some(key.identity()),
                Item::Proof(i) => Some(*i),
                _ => None,
            };
            if own.is_some() && own == without {
                continue;
            }
            let Some(change) = self.change(*item) else { continue };
            let bytes = serde_json::to_vec(&change).map_or(0, |json| json.len());
            if !visit(FeedRow { position: *position, change, bytes })? {
                break;
            }
        }
        Ok(())
    }

    fn session(&self, id: SessionId) -> Result<Option<SessionRow>> {
        Ok(self.sessions.get(&id).cloned())
    }

    fn sessions(&self) -> Result<Vec<SessionRow>> {
        let mut all: Vec<_> = self.sessions.values().cloned().collect();
        all.sort_by_key(|row| (row.record.rules.starts_ms, row.record.rules.id));
        Ok(all)
    }

    fn person(&self, id: PersonId) -> Result<Option<PersonRow>> {
        Ok(self.persons.get(&id).cloned())
    }

    fn person_by_code(&self, code: CodeDigest) -> Result<Option<PersonRow>> {
        Ok(self.persons.values().find(|row| row.record.code == Some(code)).cloned())
    }

    fn knows_code(&self, code: CodeDigest) -> Result<bool> {
        let has = |row: &PersonRow| row.record.code == Some(code) || row.record.revoked_codes.contains(&code);
        Ok(self.persons.values().any(has))
    }

    fn persons_like(&self, likeness: &[u8; 32]) -> Result<Vec<PersonRow>> {
        Ok(self.ordered().filter(|row| row.likeness.as_ref() == Some(likeness)).cloned().collect())
    }

    fn persons(&self, visit: &mut dyn FnMut(PersonRow) -> Result<GoOn>) -> Result<()> {
        visit_all(self.ordered(), visit)
    }

    fn person_count(&self) -> Result<u64> {
        Ok(self.persons.len() as u64)
    }

    fn station(&self, id: StationId) -> Result<Option<StationRow>> {
        Ok(self.stations.get(&id).cloned())
    }

    fn stations(&self) -> Result<Vec<StationRow>> {
        let mut all: Vec<_> = self.stations.values().cloned().collect();
        all.sort_by(|a, b| (&a.record.name, a.record.id).cmp(&(&b.record.name, b.record.id)));
        Ok(all)
    }

    fn contacts(&self) -> Result<Vec<(StationId, Contact)>> {
        let mut all: Vec<_> = self.contacts.iter().map(|(i, contact)| (i.station, contact.clone())).collect();
        all.sort_by_key(|(station, contact)| (*station, contact.at_ms, contact.epoch));
        Ok(all)
    }

    fn enrol_code(&self, digest: CodeDigest) -> Result<Option<CodeRow>> {
        Ok(self.codes.get(&digest).cloned())
    }

    fn log(&self, i: Identity) -> Result<Option<LogRow>> {
        Ok(self.logs.get(&i).cloned())
    }

    fn logs(&self) -> Result<Vec<(Identity, LogRow)>> {
        Ok(self.logs.iter().map(|(i, row)| (*i, row.clone())).collect())
    }

    fn branches(&self, i: Identity) -> Result<Vec<(Identity, LogRow)>> {
        let of = self.logs.iter().filter(|(_, row)| row.branch.as_ref().is_some_and(|branch| branch.of == i));
        Ok(of.map(|(at, row)| (*at, row.clone())).collect())
    }

    fn unreported(&self, term: Term) -> Result<Vec<(Identity, LogRow)>> {
        let of = self.logs.iter().filter(|(_, row)| row.reported < term);
        Ok(of.map(|(i, row)| (*i, row.clone())).collect())
    }

    fn entry(&self, key: EntryKey) -> Result<Option<EntryRow>> {
        Ok(self.entries.get(&key).cloned())
    }

    fn entries(&self, visit: &mut dyn FnMut(EntryRow) -> Result<GoOn>) -> Result<()> {
        let published = self.feed.values().filter_map(|item| match item {
            Item::Entry(key) => self.entries.get(key),
            _ => None,
        });
        visit_all(published, visit)
    }

    fn entries_after(&self, after: u64, visit: &mut dyn FnMut(u64, EntryRow) -> Result<GoOn>) -> Result<()> {
        for (position, item) in self.feed.range(after.saturating_add(1)..) {
            let Item::Entry(key) = item else { continue };
            let Some(row) = self.entries.get(key) else { continue };
            if !visit(*position, row.clone())? {
                break;
            }
        }
        Ok(())
    }

    fn entries_of(
        &self,
        i: Identity,
        after: u64,
        visit: &mut dyn FnMut(EntryRow) -> Result<GoOn>,
    ) -> Result<()> {
        let of = self.entries.range(i.key(after.saturating_add(1))..=i.key(u64::MAX));
        visit_all(of.map(|(_, row)| row), visit)
    }

    fn published_end(&self, i: Identity) -> Result<Seq> {
        let of_log = |item: &Item| match item {
            Item::Entry(key) if key.identity() == i => Some(key.seq),
            _ => None,
        };
        Ok(self.feed.values().filter_map(of_log).max().unwrap_or(0))
    }

    fn checkpoint(&self) -> Result<Option<Checkpoint>> {
        Ok(self.checkpoint.clone())
    }

    fn root(&self, position: u64) -> Result<Option<Checkpoint>> {
        let newest = self.roots.range(..=position).next_back();
        Ok(newest.map(|(position, root)| Checkpoint { position: *position, root: *root }))
    }

    fn evidence(&self, i: Identity) -> Result<Vec<Evidence>> {
        Ok(self.log_evidence(i).cloned().collect())
    }

    fn evidence_count(&self, i: Identity) -> Result<u64> {
        Ok(self.log_evidence(i).count() as u64)
    }

    fn broken(&self) -> Result<Vec<(EntryKey, i64)>> {
        let mut first: BTreeMap<Identity, (EntryKey, i64)> = BTreeMap::new();
        for row in self.evidence.values() {
            let found = first.entry(row.key.identity()).or_insert((row.key, row.received_ms));
            if found.0 == row.key {
                found.1 = found.1.min(row.received_ms);
            }
        }
        Ok(first.into_values().collect())
    }

    fn check_in(&self, key: EntryKey) -> Result<Option<CheckInRow>> {
        Ok(self.check_ins.get(&key).copied())
    }

    fn group(&self, session: SessionId, subject: Subject) -> Result<Vec<CheckInRow>> {
        let of = |row: &&CheckInRow| row.session == session && row.subject == subject;
        Ok(self.check_ins.values().filter(of).copied().collect())
    }

    fn doubled(&self, session: SessionId) -> Result<Vec<Subject>> {
        let mut counts: BTreeMap<Subject, u64> = BTreeMap::new();
        for row in self.standing().filter(|row| row.session == session) {
            *counts.entry(row.subject).or_default() += 1;
        }
        Ok(counts.into_iter().filter(|(_, count)| *count > 1).map(|(subject, _)| subject).collect())
    }

    fn last_standing(&self, session: SessionId, rows_max: u64) -> Result<Vec<CheckInRow>> {
        let mut rows: Vec<_> = self.standing().filter(|row| row.session == session).copied().collect();
        rows.sort_by_key(|row| Reverse((row.hlc, row.key)));
        rows.truncate(usize::try_from(rows_max).unwrap_or(usize::MAX));
        Ok(rows)
    }

    fn standing_codes(&self) -> Result<Vec<CheckInRow>> {
        Ok(self.standing().filter(|row| matches!(row.subject, Subject::Code(_))).copied().collect())
    }

    fn withheld(&self, i: Identity, up_to: u64) -> Result<Vec<CheckInRow>> {
        let of =
            |row: &&CheckInRow| row.key.identity() == i && row.key.seq <= up_to && row.released && !row.freed;
        Ok(self.check_ins.values().filter(of).copied().collect())
    }

    fn received_since(&self, station: StationId, since_ms: i64) -> Result<u64> {
        let of = |row: &&CheckInRow| row.key.station == station && row.received_ms >= since_ms;
        Ok(self.check_ins.values().filter(of).count() as u64)
    }

    fn check_ins(&self, visit: &mut dyn FnMut(CheckInRow) -> Result<GoOn>) -> Result<()> {
        visit_all(self.check_ins.values(), visit)
    }

    fn check_ins_of(
        &self,
        i: Identity,
        after: u64,
        visit: &mut dyn FnMut(CheckInRow) -> Result<GoOn>,
    ) -> Result<()> {
        let of = |row: &&CheckInRow| row.key.identity() == i && row.key.seq > after;
        visit_all(self.check_ins.values().filter(of), visit)
    }

    fn releases_of(&self, of: EntryKey) -> Result<Vec<Release>> {
        Ok(self.releases.iter().filter(|release| release.of == of).copied().collect())
    }

    fn sums(&self, session: SessionId) -> Result<SessionSums> {
        Ok(self.sums.get(&session).copied().unwrap_or_default())
    }

    fn all_sums(&self) -> Result<Vec<(SessionId, SessionSums)>> {
        Ok(self.sums.iter().map(|(id, sums)| (*id, *sums)).collect())
    }

    fn rights(&self, session: SessionId) -> Result<Vec<(Identity, Rights)>> {
        let of = self.rights.iter().filter(|((id, _), _)| *id == session);
        Ok(of.map(|((_, i), rights)| (*i, *rights)).collect())
    }

    fn hold(&self, session: SessionId, person: PersonId) -> Result<Option<HoldRow>> {
        Ok(self.holds.get(&(session, person)).copied())
    }

    fn holds(&self, session: SessionId, state: HoldState) -> Result<Vec<HoldRow>> {
        let of = |row: &&HoldRow| row.session == session && row.state == state;
        Ok(self.holds.values().filter(of).copied().collect())
    }

    fn holds_before(&self, session: SessionId, state: HoldState, term: Term) -> Result<Vec<HoldRow>> {
        Ok(self.holds(session, state)?.into_iter().filter(|row| row.rev.term < term).collect())
    }

    fn holds_freed(&self, session: SessionId) -> Result<HoldsRev> {
        Ok(self.holds_freed.get(&session).copied().unwrap_or_default())
    }

    fn holds_ended(&self, session: SessionId) -> Result<Vec<EndedRow>> {
        Ok(self.holds_ended.iter().filter(|((of, _), _)| *of == session).map(|(_, row)| *row).collect())
    }

    fn settled(&self, session: SessionId) -> Result<Vec<SettledRow>> {
        Ok(self.settled.iter().filter(|((of, _), _)| *of == session).map(|(_, row)| *row).collect())
    }

    fn resolved(&self, incident: IncidentId) -> Result<Option<ResolvedRow>> {
        Ok(self.resolved.get(&incident).copied())
    }

    fn all_resolved(&self) -> Result<Vec<ResolvedRow>> {
        Ok(self.resolved.values().copied().collect())
    }

    fn accepted(&self, station: StationId) -> Result<Vec<AcceptedRow>> {
        Ok(self.accepted.values().filter(|row| row.station == station).copied().collect())
    }

    fn merge(&self, key: EntryKey) -> Result<Option<Merged>> {
        Ok(self.merges.get(&key).copied())
    }

    fn merges_of(&self, person: PersonId) -> Result<Vec<Merged>> {
        Ok(self.merges.values().filter(|row| row.other(person, true).is_some()).copied().collect())
    }

    fn merges(&self) -> Result<Vec<Merged>> {
        Ok(self.merges.values().copied().collect())
    }

    fn exit(&self, key: EntryKey) -> Result<Option<ExitRow>> {
        Ok(self.exits.get(&key).copied())
    }

    fn messages(&self, since: Hlc, rows_max: u64) -> Result<Vec<MessageRow>> {
        let mut all: Vec<_> = self.messages.values().filter(|row| row.hlc >= since).copied().collect();
        all.sort_by_key(|row| Reverse((row.hlc, row.key)));
        all.truncate(usize::try_from(rows_max).unwrap_or(usize::MAX));
        Ok(all)
    }

    fn message_reads(&self, of: EntryKey) -> Result<Vec<StationId>> {
        Ok(self.message_reads.iter().filter(|(key, _)| *key == of).map(|(_, desk)| *desk).collect())
    }

    fn open_exits(&self, session: SessionId) -> Result<Vec<ExitRow>> {
        let inside = |person| {
            self.standing().any(|row| row.session == session && row.subject == Subject::Person(person))
        };
        let open = |row: &&ExitRow| {
            !row.bound && row.place.is_some_and(|place| place.session == session && inside(place.person))
        };
        Ok(self.exits.values().filter(open).copied().collect())
    }

    fn rights_of(&self, i: Identity) -> Result<Vec<(SessionId, Rights)>> {
        let of = self.rights.iter().filter(|((_, owner), _)| *owner == i);
        Ok(of.map(|((session, _), rights)| (*session, *rights)).collect())
    }
}

fn visit_all<'a, T: Clone + 'a>(
    rows: impl Iterator<Item = &'a T>,
    visit: &mut dyn FnMut(T) -> Result<GoOn>,
) -> Result<()> {
    for row in rows {
        if !visit(row.clone())? {
            break;
        }
    }
    Ok(())
}
