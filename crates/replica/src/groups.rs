//! The fold's cache in `replica.db`: check-ins, what releases them, and the sums that they move.
//!
//! Check-ins are kept under the person that they name; a group is put together when it is asked for ([`crate::people`]), so that
//! Merge, Split and check-ins may come in any order.

use rusqlite::{Connection, OptionalExtension, params};
use usher_core::{
    entry::{Entry, Outcome},
    fold::{self, Admitted, Effect, Group, Left, Tally, second_of},
    ids::{EntryKey, IncidentId, PersonId, SessionId, StationId},
    incident::double_id,
};

use crate::{StoreError, lists, people, row};

/// The number from which on kinds are the server's.
const SERVER_KINDS: u32 = 32;

/// What an entry does to groups and sums, whoever wrote it.
pub(crate) fn apply(lists: &Connection, entry: &Entry) -> Result<(), StoreError> {
    // Only few kinds need to know who the server is.
    let server = if entry.body.number() >= SERVER_KINDS { lists::server(lists)? } else { None };
    match fold::effect(entry, server) {
        Effect::Admits(session, subject, one) => {
            let subject = row::subject(subject);
            moving(lists, session, &subject, |lists| insert(lists, session, &subject, &one))?;
            settle_pairs(lists, session, &subject)
        }
        Effect::Releases(of) => release(lists, of),
        Effect::Leaves(session, person, left) => leave(lists, session, person, left),
        Effect::Binds(exit, check_in) => {
            bind(lists, exit)?;
            release(lists, check_in)
        }
        Effect::Resolves(incident, outcome) => resolve(lists, incident, outcome),
        Effect::Merges(key, a, b) => people::merge(lists, key, a, b),
        Effect::Splits(merge) => people::split(lists, merge),
        Effect::Nothing => Ok(()),
    }
}

fn insert(lists: &Connection, session: SessionId, subject: &[u8], one: &Admitted) -> Result<(), StoreError> {
    let (station, epoch, seq) = row::key(one.key);
    let mut known =
        lists.prepare_cached("SELECT 1 FROM release WHERE station = ?1 AND epoch = ?2 AND seq = ?3")?;
    let released = known.exists(params![station, epoch, seq])?;
    let sql = "INSERT OR IGNORE INTO check_in
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, row_sum(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))";
    lists.prepare_cached(sql)?.execute(params![
        station,
        epoch,
        seq,
        row::id(&session.0),
        subject,
        row::bits(one.hlc.0),
        row::basis_number(one.basis),
        released
    ])?;
    Ok(())
}

fn release(lists: &Connection, of: EntryKey) -> Result<(), StoreError> {
    let (station, epoch, seq) = row::key(of);
    let at = params![station, epoch, seq];
    let sql = "INSERT OR IGNORE INTO release VALUES (?1, ?2, ?3, row_sum(?1, ?2, ?3))";
    lists.prepare_cached(sql)?.execute(at)?;
    let Some((session, subject)) = place(lists, of)? else { return Ok(()) };
    moving(lists, session, &subject, |lists| {
        let sql = "UPDATE check_in SET released = 1,
                     sum = row_sum(station, epoch, seq, session, subject, hlc, basis, 1)
                   WHERE station = ?1 AND epoch = ?2 AND seq = ?3";
        lists.prepare_cached(sql)?.execute(at)?;
        Ok(())
    })
}

/// At which session and for whom a check-in is.
pub(crate) fn place(lists: &Connection, of: EntryKey) -> Result<Option<(SessionId, Vec<u8>)>, StoreError> {
    let (station, epoch, seq) = row::key(of);
    let sql = "SELECT session, subject FROM check_in WHERE station = ?1 AND epoch = ?2 AND seq = ?3";
    let mut read = lists.prepare_cached(sql)?;
    let found: Option<(Vec<u8>, Vec<u8>)> =
        read.query_row(params![station, epoch, seq], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    found.map(|(session, subject)| Ok((SessionId(row::uuid(&session)?), subject))).transpose()
}

fn leave(lists: &Connection, session: SessionId, person: PersonId, left: Left) -> Result<(), StoreError> {
    let (station, epoch, seq) = row::key(left.key);
    let sql = "INSERT INTO exit VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, row_sum(?1, ?2, ?3, ?4, ?5, ?6, 0))
               ON CONFLICT (station, epoch, seq) DO UPDATE
               SET session = ?4, person = ?5, hlc = ?6, sum = row_sum(?1, ?2, ?3, ?4, ?5, ?6, bound)";
    lists.prepare_cached(sql)?.execute(params![
        station,
        epoch,
        seq,
        row::id(&session.0),
        row::id(&person.0),
        row::bits(left.hlc.0)
    ])?;
    Ok(())
}

fn bind(lists: &Connection, exit: EntryKey) -> Result<(), StoreError> {
    let (station, epoch, seq) = row::key(exit);
    let sql =
        "INSERT INTO exit VALUES (?1, ?2, ?3, NULL, NULL, NULL, 1, row_sum(?1, ?2, ?3, NULL, NULL, NULL, 1))
               ON CONFLICT (station, epoch, seq) DO UPDATE
               SET bound = 1, sum = row_sum(station, epoch, seq, session, person, hlc, 1)";
    lists.prepare_cached(sql)?.execute(params![station, epoch, seq])?;
    Ok(())
}

/// A person settled an incident; where it was one person, the later check-in gives its seat back.
fn resolve(lists: &Connection, incident: IncidentId, outcome: Outcome) -> Result<(), StoreError> {
    let keep = |lists: &Connection| {
        lists
            .prepare_cached("INSERT OR IGNORE INTO settled VALUES (?1, row_sum(?1))")?
            .execute([incident.0])?;
        Ok(())
    };
    let one_person = outcome == Outcome::OnePerson;
    if one_person {
        let sql = "INSERT OR IGNORE INTO one_person VALUES (?1, row_sum(?1))";
        lists.prepare_cached(sql)?.execute([incident.0])?;
    }
    let Some(second) = find_second(lists, incident)? else { return keep(lists) };
    match place(lists, second)? {
        Some((session, subject)) => moving(lists, session, &subject, keep)?,
        None => keep(lists)?,
    }
    if one_person { release(lists, second) } else { Ok(()) }
}

/// The later of the two check-ins that the incident is about. Walks all people with several: supervisors do this now and
/// then. What SQLite joins with `||` is text, which equals no blob: it is made one again.
fn find_second(lists: &Connection, incident: IncidentId) -> Result<Option<EntryKey>, StoreError> {
    let sql = "SELECT session, subject FROM check_in GROUP BY session, subject HAVING count(*) > 1
               UNION SELECT c.session, c.subject FROM merge m JOIN check_in c ON c.subject = CAST(x'00' || m.a AS BLOB)
               UNION SELECT c.session, c.subject FROM merge m JOIN check_in c ON c.subject = CAST(x'00' || m.b AS BLOB)";
    let mut read = lists.prepare_cached(sql)?;
    let rows = read.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    for (session, subject) in rows.collect::<Result<Vec<_>, _>>()? {
        let session = SessionId(row::uuid(&session)?);
        if let Some(second) = second_of(&people::check_ins(lists, session, &subject, true)?, incident) {
            return Ok(Some(second));
        }
    }
    Ok(None)
}

/// Check-ins that came, or came together, after the decision about them.
pub(crate) fn settle_pairs(lists: &Connection, session: SessionId, subject: &[u8]) -> Result<(), StoreError> {
    let group = people::check_ins(lists, session, subject, true)?;
    for (n, one) in group.iter().enumerate() {
        for other in &group[..n] {
            let incident = double_id(one.key, other.key);
            let known =
                lists.prepare_cached("SELECT 1 FROM one_person WHERE incident = ?1")?.exists([incident.0])?;
            if let (true, Some(second)) = (known, second_of(&[*one, *other], incident)) {
                release(lists, second)?;
            }
        }
    }
    Ok(())
}

/// Runs `change` on one group and moves the session's sum by the difference.
fn moving(
    lists: &Connection,
    session: SessionId,
    subject: &[u8],
    change: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let before = people::group(lists, session, subject)?.tally();
    change(lists)?;
    let after = people::group(lists, session, subject)?.tally();
    move_tally(lists, session, before, after)
}

/// Moves a session's sum by what became of a part of it.
pub(crate) fn move_tally(
    lists: &Connection,
    session: SessionId,
    before: Tally,
    after: Tally,
) -> Result<(), StoreError> {
    let sum = tally(lists, session)?.moved(before, after);
    let sql = "INSERT OR REPLACE INTO tally VALUES (?1, ?2, ?3, ?4, ?5, row_sum(?1, ?2, ?3, ?4, ?5))";
    lists.prepare_cached(sql)?.execute(params![
        row::id(&session.0),
        row::bits(sum.inside),
        row::bits(sum.occupied),
        row::bits(sum.unsettled),
        row::bits(sum.over_grant)
    ])?;
    Ok(())
}

/// The check-ins at a session that name this subject.
pub(crate) fn named(
    lists: &Connection,
    session: SessionId,
    subject: &[u8],
) -> Result<Vec<Admitted>, StoreError> {
    let sql =
        "SELECT station, epoch, seq, hlc, basis, released FROM check_in WHERE session = ?1 AND subject = ?2";
    let mut read = lists.prepare_cached(sql)?;
    let mut rows = read.query(params![row::id(&session.0), subject])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()? {
        let station = StationId(row::uuid(&one.get::<_, Vec<u8>>(0)?)?);
        found.push(row::admitted(one, 1, station)?);
    }
    Ok(found)
}

/// The same group, with those of its incidents that were settled.
pub(crate) fn with_settled(lists: &Connection, group: Group) -> Result<Group, StoreError> {
    let mut settled = Vec::new();
    for (incident, _) in group.incidents() {
        if lists.prepare_cached("SELECT 1 FROM settled WHERE incident = ?1")?.exists([incident.0])? {
            settled.push(incident);
        }
    }
    Ok(group.with_settled(settled))
}

/// The cached sum of a session.
pub(crate) fn tally(lists: &Connection, session: SessionId) -> Result<Tally, StoreError> {
    let mut read = lists
        .prepare_cached("SELECT inside, occupied, unsettled, over_grant FROM tally WHERE session = ?1")?;
    let sum = read.query_row(params![row::id(&session.0)], |row| {
        Ok(Tally {
            inside: row::number(row.get(0)?),
            occupied: row::number(row.get(1)?),
            unsettled: row::number(row.get(2)?),
            over_grant: row::number(row.get(3)?),
        })
    });
    Ok(sum.optional()?.unwrap_or_default())
}
