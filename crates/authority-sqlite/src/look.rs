//! Looking at the tables.

use rusqlite::Connection;
use usher_authority::{
    Result,
    store::{
        AcceptedRow, CheckInRow, CodeRow, Contact, EndedRow, EntryRow, EventRow, Evidence, ExitRow, FeedRow,
        GoOn, HoldRow, HoldState, HoldsRev, LogRow, Look, MessageRow, PersonRow, Release, ResolvedRow,
        SessionRow, SessionSums, SettledRow, StationRow,
    },
};
use usher_core::{
    capacity::Rights,
    clock::Hlc,
    entry::{Checkpoint, Subject},
    fold::Merged,
    ids::{CodeDigest, EntryHash, EntryKey, Identity, IncidentId, PersonId, Seq, SessionId, StationId, Term},
};

use usher_protocol::sync::{EntryBytes, Signed};

use crate::{
    feed, rows,
    sql::{
        all, col, hlc, identity, key, key_params, log_params, number, one, ordered, rights, subject,
        subject_params, unsigned, uuid, visit,
    },
};

/// The tables within one transaction.
pub(crate) struct Tables<'a>(pub(crate) &'a Connection);

const SESSION: &str = "SELECT record, code FROM sessions";
const PERSON: &str = "SELECT record, code, likeness FROM persons";
const STATION: &str = "SELECT record, role, actor, machine FROM stations";

impl Look for Tables<'_> {
    fn event(&self) -> Result<Option<EventRow>> {
        one(self.0, rows::EVENT, [], rows::event)
    }

    fn successions(&self) -> Result<Vec<Signed>> {
        all(self.0, "SELECT statement, signature FROM successions ORDER BY number", [], |row| {
            Ok(Signed { proof: EntryBytes(col(row, 0)?), signature: EntryBytes(col(row, 1)?) })
        })
    }

    fn feed_end(&self) -> Result<u64> {
        number(self.0, "SELECT position FROM feed_end", [])
    }

    fn feed_len(&self) -> Result<u64> {
        feed::len(self.0)
    }

    fn feed(
        &self,
        after: u64,
        without: Option<Identity>,
        visit: &mut dyn FnMut(FeedRow) -> Result<GoOn>,
    ) -> Result<()> {
        feed::after(self.0, after, without, visit)
    }

    fn session(&self, id: SessionId) -> Result<Option<SessionRow>> {
        one(self.0, &format!("{SESSION} WHERE id = ?1"), [id.0.as_bytes()], rows::session)
    }

    fn sessions(&self) -> Result<Vec<SessionRow>> {
        all(self.0, &format!("{SESSION} ORDER BY starts_ms, id"), [], rows::session)
    }

    fn person(&self, id: PersonId) -> Result<Option<PersonRow>> {
        one(self.0, &format!("{PERSON} WHERE id = ?1"), [id.0.as_bytes()], rows::person)
    }

    fn person_by_code(&self, code: CodeDigest) -> Result<Option<PersonRow>> {
        let sql = format!("{PERSON} WHERE n = (SELECT person FROM codes WHERE digest = ?1 AND current = 1)");
        one(self.0, &sql, [code.0], rows::person)
    }

    fn knows_code(&self, code: CodeDigest) -> Result<bool> {
        Ok(number(self.0, "SELECT EXISTS (SELECT 1 FROM codes WHERE digest = ?1)", [code.0])? == 1)
    }

    fn persons_like(&self, likeness: &[u8; 32]) -> Result<Vec<PersonRow>> {
        all(self.0, &format!("{PERSON} WHERE likeness = ?1 ORDER BY n"), [likeness], rows::person)
    }

    fn persons(&self, show: &mut dyn FnMut(PersonRow) -> Result<GoOn>) -> Result<()> {
        visit(self.0, &format!("{PERSON} ORDER BY n"), [], |row| show(rows::person(row)?))
    }

    fn person_count(&self) -> Result<u64> {
        number(self.0, "SELECT count(*) FROM persons", [])
    }

    fn station(&self, id: StationId) -> Result<Option<StationRow>> {
        one(self.0, &format!("{STATION} WHERE id = ?1"), [id.0.as_bytes()], rows::station)
    }

    fn stations(&self) -> Result<Vec<StationRow>> {
        all(self.0, &format!("{STATION} ORDER BY name, id"), [], rows::station)
    }

    fn contacts(&self) -> Result<Vec<(StationId, Contact)>> {
        all(self.0, &format!("{} ORDER BY station, at_ms, epoch", rows::CONTACT), [], rows::contact)
    }

    fn enrol_code(&self, digest: CodeDigest) -> Result<Option<CodeRow>> {
        let sql = "SELECT role, name, expires_ms, used_by FROM enrol_codes WHERE digest = ?1";
        one(self.0, sql, [digest.0], rows::code)
    }

    fn log(&self, i: Identity) -> Result<Option<LogRow>> {
        one(self.0, &format!("{} WHERE station = ?1 AND epoch = ?2", rows::LOG), log_params(i), rows::log)
    }

    fn logs(&self) -> Result<Vec<(Identity, LogRow)>> {
        let sql = format!("{} ORDER BY station, epoch", rows::LOG);
        all(self.0, &sql, [], |row| Ok((identity(row, 6)?, rows::log(row)?)))
    }

    fn branches(&self, i: Identity) -> Result<Vec<(Identity, LogRow)>> {
        let sql = format!("{} WHERE station = ?1 AND branch_of = ?2 ORDER BY epoch", rows::LOG);
        all(self.0, &sql, log_params(i), |row| Ok((identity(row, 6)?, rows::log(row)?)))
    }

    fn unreported(&self, term: Term) -> Result<Vec<(Identity, LogRow)>> {
        let sql = format!("{} WHERE reported < ?1 ORDER BY station, epoch", rows::LOG);
        all(self.0, &sql, [term as i64], |row| Ok((identity(row, 6)?, rows::log(row)?)))
    }

    fn entry(&self, key: EntryKey) -> Result<Option<EntryRow>> {
        let sql = format!("{} WHERE station = ?1 AND epoch = ?2 AND seq = ?3", rows::ENTRY);
        one(self.0, &sql, key_params(key), rows::entry)
    }

    fn entries(&self, show: &mut dyn FnMut(EntryRow) -> Result<GoOn>) -> Result<()> {
        let sql = format!("{} WHERE position > 0 ORDER BY position", rows::ENTRY);
        visit(self.0, &sql, [], |row| show(rows::entry(row)?))
    }

    fn entries_after(&self, after: u64, show: &mut dyn FnMut(u64, EntryRow) -> Result<GoOn>) -> Result<()> {
        let sql = format!("{} WHERE position > ?1 ORDER BY position", rows::ENTRY);
        visit(self.0, &sql, [after as i64], |row| show(unsigned(row, 8)?, rows::entry(row)?))
    }

    fn entries_of(
        &self,
        i: Identity,
        after: u64,
        show: &mut dyn FnMut(EntryRow) -> Result<GoOn>,
    ) -> Result<()> {
        let sql = format!("{} WHERE station = ?1 AND epoch = ?2 AND seq > ?3 ORDER BY seq", rows::ENTRY);
        let (station, epoch) = log_params(i);
        visit(self.0, &sql, (station, epoch, after as i64), |row| show(rows::entry(row)?))
    }

    fn published_end(&self, i: Identity) -> Result<Seq> {
        // Backwards from the end: what is not published is little.
        let sql = "SELECT seq FROM entries WHERE station = ?1 AND epoch = ?2 AND position IS NOT NULL
                   ORDER BY seq DESC LIMIT 1";
        number(self.0, sql, log_params(i))
    }

    fn checkpoint(&self) -> Result<Option<Checkpoint>> {
        one(self.0, "SELECT position, root FROM checkpoint", [], |row| {
            Ok(Checkpoint { position: unsigned(row, 0)?, root: EntryHash(col(row, 1)?) })
        })
    }

    fn root(&self, position: u64) -> Result<Option<Checkpoint>> {
        let sql = "SELECT position, root FROM roots WHERE position <= ?1 ORDER BY position DESC LIMIT 1";
        one(self.0, sql, [i64::try_from(position).unwrap_or(i64::MAX)], |row| {
            Ok(Checkpoint { position: unsigned(row, 0)?, root: EntryHash(col(row, 1)?) })
        })
    }

    fn evidence(&self, i: Identity) -> Result<Vec<Evidence>> {
        let sql = "SELECT station, epoch, seq, hash, bytes, received_ms FROM evidence
                   WHERE station = ?1 AND epoch = ?2 ORDER BY seq, hash";
        all(self.0, sql, log_params(i), rows::evidence)
    }

    fn evidence_count(&self, i: Identity) -> Result<u64> {
        number(self.0, "SELECT count(*) FROM evidence WHERE station = ?1 AND epoch = ?2", log_params(i))
    }

    fn broken(&self) -> Result<Vec<(EntryKey, i64)>> {
        let sql = "SELECT station, epoch, seq, min(received_ms) FROM evidence AS e
                   WHERE seq = (SELECT min(seq) FROM evidence WHERE station = e.station AND epoch = e.epoch)
                   GROUP BY station, epoch ORDER BY station, epoch";
        all(self.0, sql, [], |row| Ok((key(row, 0)?, col(row, 3)?)))
    }

    fn check_in(&self, key: EntryKey) -> Result<Option<CheckInRow>> {
        let sql = format!("{} WHERE station = ?1 AND epoch = ?2 AND seq = ?3", rows::CHECK_IN);
        one(self.0, &sql, key_params(key), rows::check_in)
    }

    fn group(&self, session: SessionId, subject: Subject) -> Result<Vec<CheckInRow>> {
        let (kind, bytes) = subject_params(subject);
        let sql = format!(
            "{} WHERE session = ?1 AND subject_kind = ?2 AND subject = ?3 ORDER BY station, epoch, seq",
            rows::CHECK_IN
        );
        all(self.0, &sql, (session.0.as_bytes(), kind, bytes), rows::check_in)
    }

    fn doubled(&self, session: SessionId) -> Result<Vec<Subject>> {
        let sql = "SELECT subject_kind, subject FROM check_ins WHERE session = ?1 AND released = 0
                   GROUP BY subject_kind, subject HAVING count(*) > 1 ORDER BY subject_kind, subject";
        all(self.0, sql, [session.0.as_bytes()], |row| subject(row, 0))
    }

    fn last_standing(&self, session: SessionId, rows_max: u64) -> Result<Vec<CheckInRow>> {
        let sql = format!(
            "{} WHERE session = ?1 AND released = 0
             ORDER BY hlc DESC, station DESC, epoch DESC, seq DESC LIMIT ?2",
            rows::CHECK_IN
        );
        let limit = i64::try_from(rows_max).unwrap_or(i64::MAX);
        all(self.0, &sql, (session.0.as_bytes(), limit), rows::check_in)
    }

    fn standing_codes(&self) -> Result<Vec<CheckInRow>> {
        let sql = format!(
            "{} WHERE subject_kind = 1 AND released = 0 ORDER BY station, epoch, seq",
            rows::CHECK_IN
        );
        all(self.0, &sql, [], rows::check_in)
    }

    fn withheld(&self, i: Identity, up_to: u64) -> Result<Vec<CheckInRow>> {
        let sql = format!(
            "{} WHERE station = ?1 AND epoch = ?2 AND seq <= ?3 AND released = 1 AND freed = 0 ORDER BY seq",
            rows::CHECK_IN
        );
        let up_to = i64::try_from(up_to).unwrap_or(i64::MAX);
        let (station, epoch) = log_params(i);
        all(self.0, &sql, (station, epoch, up_to), rows::check_in)
    }

    fn received_since(&self, station: StationId, since_ms: i64) -> Result<u64> {
        let sql = "SELECT count(*) FROM check_ins WHERE station = ?1 AND received_ms >= ?2";
        number(self.0, sql, (station.0.as_bytes(), since_ms))
    }

    fn check_ins(&self, show: &mut dyn FnMut(CheckInRow) -> Result<GoOn>) -> Result<()> {
        let sql = format!("{} ORDER BY station, epoch, seq", rows::CHECK_IN);
        visit(self.0, &sql, [], |row| show(rows::check_in(row)?))
    }

    fn check_ins_of(
        &self,
        i: Identity,
        after: u64,
        show: &mut dyn FnMut(CheckInRow) -> Result<GoOn>,
    ) -> Result<()> {
        let sql = format!("{} WHERE station = ?1 AND epoch = ?2 AND seq > ?3 ORDER BY seq", rows::CHECK_IN);
        let (station, epoch) = log_params(i);
        visit(self.0, &sql, (station, epoch, after as i64), |row| show(rows::check_in(row)?))
    }

    fn releases_of(&self, of: EntryKey) -> Result<Vec<Release>> {
        let sql = "SELECT station, epoch, seq, refund FROM releases
                   WHERE of_station = ?1 AND of_epoch = ?2 AND of_seq = ?3 ORDER BY station, epoch, seq";
        all(self.0, sql, key_params(of), |row| Ok(Release { of, by: key(row, 0)?, refund: col(row, 3)? }))
    }

    fn sums(&self, session: SessionId) -> Result<SessionSums> {
        let sql = format!("{} WHERE session = ?1", rows::SUMS);
        Ok(one(self.0, &sql, [session.0.as_bytes()], rows::sums)?.unwrap_or_default())
    }

    fn all_sums(&self) -> Result<Vec<(SessionId, SessionSums)>> {
        let sql = format!("{} ORDER BY session", rows::SUMS);
        all(self.0, &sql, [], |row| Ok((SessionId(uuid(row, 5)?), rows::sums(row)?)))
    }

    fn rights(&self, session: SessionId) -> Result<Vec<(Identity, Rights)>> {
        let sql = "SELECT station, epoch, granted, returned, admitted, refunded, recalled FROM rights
                   WHERE session = ?1 ORDER BY station, epoch";
        all(self.0, sql, [session.0.as_bytes()], |row| Ok((identity(row, 0)?, rights(row, 2)?)))
    }

    fn hold(&self, session: SessionId, person: PersonId) -> Result<Option<HoldRow>> {
        let sql = format!("{} WHERE session = ?1 AND person = ?2", rows::HOLD);
        one(self.0, &sql, (session.0.as_bytes(), person.0.as_bytes()), rows::hold)
    }

    fn holds(&self, session: SessionId, state: HoldState) -> Result<Vec<HoldRow>> {
        let sql = format!("{} WHERE session = ?1 AND state = ?2 ORDER BY person", rows::HOLD);
        all(self.0, &sql, (session.0.as_bytes(), rows::hold_state_number(state)), rows::hold)
    }

    fn holds_before(&self, session: SessionId, state: HoldState, term: Term) -> Result<Vec<HoldRow>> {
        let sql = format!("{} WHERE session = ?1 AND state = ?2 AND term < ?3 ORDER BY person", rows::HOLD);
        let params = (session.0.as_bytes(), rows::hold_state_number(state), term as i64);
        all(self.0, &sql, params, rows::hold)
    }

    fn holds_freed(&self, session: SessionId) -> Result<HoldsRev> {
        let sql = "SELECT term, rev FROM holds_freed WHERE session = ?1";
        Ok(one(self.0, sql, [session.0.as_bytes()], |row| rows::holds_rev(row, 0))?.unwrap_or_default())
    }

    fn holds_ended(&self, session: SessionId) -> Result<Vec<EndedRow>> {
        let sql =
            "SELECT station, epoch, term, rev FROM holds_ended WHERE session = ?1 ORDER BY station, epoch";
        all(self.0, sql, [session.0.as_bytes()], rows::ended)
    }

    fn settled(&self, session: SessionId) -> Result<Vec<SettledRow>> {
        let sql = "SELECT station, epoch, after, spent, seen FROM settled WHERE session = ?1
                   ORDER BY station, epoch";
        all(self.0, sql, [session.0.as_bytes()], rows::settled)
    }

    fn resolved(&self, incident: IncidentId) -> Result<Option<ResolvedRow>> {
        one(self.0, &format!("{} WHERE incident = ?1", rows::RESOLVED), [incident.0], rows::resolved)
    }

    fn all_resolved(&self) -> Result<Vec<ResolvedRow>> {
        all(self.0, &format!("{} ORDER BY incident", rows::RESOLVED), [], rows::resolved)
    }

    fn accepted(&self, station: StationId) -> Result<Vec<AcceptedRow>> {
        let sql = "SELECT station, seq, hash FROM accepted WHERE station = ?1 ORDER BY seq, hash";
        all(self.0, sql, [station.0.as_bytes()], rows::accepted)
    }

    fn merge(&self, key: EntryKey) -> Result<Option<Merged>> {
        let sql = format!("{} WHERE station = ?1 AND epoch = ?2 AND seq = ?3", rows::MERGE);
        one(self.0, &sql, key_params(key), rows::merge)
    }

    fn merges_of(&self, person: PersonId) -> Result<Vec<Merged>> {
        // A union of two indexed searches: with OR the planner may read the whole table.
        let sql =
            format!("{0} WHERE a = ?1 UNION {0} WHERE b = ?1 ORDER BY station, epoch, seq", rows::MERGE);
        all(self.0, &sql, [person.0.as_bytes()], rows::merge)
    }

    fn merges(&self) -> Result<Vec<Merged>> {
        all(self.0, &format!("{} ORDER BY station, epoch, seq", rows::MERGE), [], rows::merge)
    }

    fn exit(&self, key: EntryKey) -> Result<Option<ExitRow>> {
        let sql = format!("{} WHERE station = ?1 AND epoch = ?2 AND seq = ?3", rows::EXIT);
        one(self.0, &sql, key_params(key), rows::exit)
    }

    fn messages(&self, since: Hlc, rows_max: u64) -> Result<Vec<MessageRow>> {
        let sql = "SELECT station, epoch, seq, hlc FROM messages WHERE hlc >= ?1
                   ORDER BY hlc DESC, station DESC, epoch DESC, seq DESC LIMIT ?2";
        let params = (ordered(since.0), i64::try_from(rows_max).unwrap_or(i64::MAX));
        all(self.0, sql, params, |row| Ok(MessageRow { key: key(row, 0)?, hlc: hlc(row, 3)? }))
    }

    fn message_reads(&self, of: EntryKey) -> Result<Vec<StationId>> {
        let sql =
            "SELECT desk FROM message_reads WHERE station = ?1 AND epoch = ?2 AND seq = ?3 ORDER BY desk";
        all(self.0, sql, key_params(of), |row| Ok(StationId(uuid(row, 0)?)))
    }

    fn open_exits(&self, session: SessionId) -> Result<Vec<ExitRow>> {
        let sql = format!(
            "{} WHERE session = ?1 AND bound = 0 AND EXISTS (
               SELECT 1 FROM check_ins WHERE session = ?1 AND subject_kind = 0 AND subject = exits.person AND released = 0)
             ORDER BY station, epoch, seq",
            rows::EXIT
        );
        all(self.0, &sql, [session.0.as_bytes()], rows::exit)
    }

    fn rights_of(&self, i: Identity) -> Result<Vec<(SessionId, Rights)>> {
        let sql = "SELECT session, granted, returned, admitted, refunded, recalled FROM rights
                   WHERE station = ?1 AND epoch = ?2 ORDER BY session";
        all(self.0, sql, log_params(i), |row| Ok((SessionId(uuid(row, 0)?), rights(row, 1)?)))
    }
}
