//! Held seats as this desk knows them (DESIGN section 5): used before a right, ended by an entry when the server takes them away.

use rusqlite::{Connection, OptionalExtension, params};
use usher_core::{
    entry::{Basis, Body, HoldsEnded, HoldsSet, Subject},
    ids::{PersonId, SessionId, Term},
};

use usher_protocol::{limits::HELD_PER_REQUEST_MAX, sync::HeldSeats};

use crate::{Identified, StoreError, log::Stamp, log::append, row};

/// A revision: the server's term, and a number within it. Later terms come after earlier ones.
type Rev = (Term, u64);

/// Takes in what a server in `term` said. Seats that an earlier term gave are news of the past: since then they may have been taken
/// away, so a desk that did not know them learns them only when they are given again (DESIGN section 5, *Restored server*).
pub(crate) fn set(lists: &Connection, set: &HoldsSet, term: Term) -> Result<(), StoreError> {
    let current = set.term >= term;
    let gone = set.off.iter().map(|person| (person, false));
    for (person, held) in set.on.iter().filter(|_| current).map(|person| (person, true)).chain(gone) {
        let sql = "INSERT INTO hold VALUES (?1, ?2, ?3, ?4, ?5, row_sum(?1, ?2, ?3, ?4, ?5))
                   ON CONFLICT (session, person) DO UPDATE SET term = ?3, rev = ?4, held = ?5, sum = excluded.sum WHERE (?3, ?4) > (term, rev)";
        lists.prepare_cached(sql)?.execute(params![
            row::id(&set.session.0),
            row::id(&person.0),
            row::bits(set.term),
            row::bits(set.rev),
            held
        ])?;
    }
    if !set.off.is_empty() {
        raise(lists, "cut", set.session, (set.term, set.rev))?;
    }
    Ok(())
}

/// Raises the revision of a session in `table`.
fn raise(
    connection: &Connection,
    table: &str,
    session: SessionId,
    (term, rev): Rev,
) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO {table} (session, term, rev) VALUES (?1, ?2, ?3) ON CONFLICT (session) DO UPDATE
         SET term = ?2, rev = ?3 WHERE (?2, ?3) > (term, rev)"
    );
    connection.prepare_cached(&sql)?.execute(params![
        row::id(&session.0),
        row::bits(term),
        row::bits(rev)
    ])?;
    Ok(())
}

/// Whether a seat is held for the person, by the server's word in the term `since` or a later one. A list of an earlier term may give seats
/// that were taken away without waiting for a life which the server had not answered by then, and a restored server has forgotten that
/// (seed 811009).
pub(crate) fn holds(
    lists: &Connection,
    session: SessionId,
    person: PersonId,
    since: Term,
) -> Result<bool, StoreError> {
    let sql = "SELECT held AND term >= ?3 FROM hold WHERE session = ?1 AND person = ?2";
    let mut read = lists.prepare_cached(sql)?;
    let at = params![row::id(&session.0), row::id(&person.0), row::bits(since)];
    let held = read.query_row(at, |row| row.get(0));
    Ok(held.optional()?.unwrap_or(false))
}

/// Whether the lists know of everything that this life said it let go of. A power cut may take back what they had learnt
/// (`synchronous=NORMAL`), never what the log said: until they have caught up, a seat in them may be one that was taken away.
pub(crate) fn are_current(
    log: &Connection,
    lists: &Connection,
    session: SessionId,
) -> Result<bool, StoreError> {
    Ok(revision(log, "ended", session)? <= revision(lists, "cut", session)?)
}

fn revision(connection: &Connection, table: &str, session: SessionId) -> Result<Option<Rev>, StoreError> {
    let mut read = connection.prepare_cached(&format!("SELECT term, rev FROM {table} WHERE session = ?1"))?;
    let found = read.query_row(params![row::id(&session.0)], |row| {
        Ok((row::number(row.get(0)?), row::number(row.get(1)?)))
    });
    Ok(found.optional()?)
}

/// The seats held by terms from `since` on and before `now`, by session: at most so many as a request may name.
pub(crate) fn of_earlier_terms(
    lists: &Connection,
    since: Term,
    now: Term,
) -> Result<Vec<HeldSeats>, StoreError> {
    let sql = "SELECT session, person FROM hold WHERE held AND term >= ?1 AND term < ?2 ORDER BY session, person LIMIT ?3";
    let mut read = lists.prepare_cached(sql)?;
    let at = params![row::bits(since), row::bits(now), HELD_PER_REQUEST_MAX as i64];
    let rows = read.query_map(at, |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
    let mut found = Vec::<HeldSeats>::new();
    for row in rows {
        let (session, person) = row?;
        let (session, person) = (SessionId(row::uuid(&session)?), PersonId(row::uuid(&person)?));
        match found.last_mut().filter(|last| last.session == session) {
            Some(last) => last.people.push(person),
            None => found.push(HeldSeats { session, people: vec![person] }),
        }
    }
    Ok(found)
}

/// H: how many seats of a session are held and not used. A used one is a seat taken; it must not count twice.
pub(crate) fn count(lists: &Connection, session: SessionId) -> Result<u64, StoreError> {
    let held = "SELECT person FROM hold WHERE session = ?1 AND held";
    let used = "SELECT 1 FROM check_in WHERE session = ?1 AND subject = ?2 AND basis = ?3 AND NOT released";
    let (mut read, mut used) = (lists.prepare_cached(held)?, lists.prepare_cached(used)?);
    let people = read.query_map([row::id(&session.0)], |row| row.get::<_, Vec<u8>>(0))?;
    let mut free = 0;
    for person in people {
        let subject = row::subject(Subject::Person(PersonId(row::uuid(&person?)?)));
        let by = params![row::id(&session.0), subject, row::basis_number(Basis::Held)];
        free += u64::from(!used.exists(by)?);
    }
    Ok(free)
}

/// The revisions of `table` by session. What changed on the disk ends nothing: it may name a revision that is still to come.
fn revisions(connection: &Connection, table: &str) -> Result<Vec<(SessionId, Rev)>, StoreError> {
    let sql = format!(
        "SELECT session, term, rev FROM {table} WHERE sum IS row_sum(session, term, rev) ORDER BY session"
    );
    let mut read = connection.prepare_cached(&sql)?;
    let rows = read.query_map([], |row| {
        Ok((row.get::<_, Vec<u8>>(0)?, (row::number(row.get(1)?), row::number(row.get(2)?))))
    })?;
    let session = |(id, rev): (Vec<u8>, _)| Ok((SessionId(row::uuid(&id)?), rev));
    rows.collect::<Result<Vec<_>, _>>()?.into_iter().map(session).collect()
}

/// What was taken away by sessions, where this life has not said yet that it uses no such seat any more.
pub(crate) fn to_end(log: &Connection, lists: &Connection) -> Result<Vec<(SessionId, Rev)>, StoreError> {
    let ended = revisions(log, "ended")?;
    let mut due = revisions(lists, "cut")?;
    due.retain(|(session, rev)| ended.iter().all(|(of, known)| of != session || known < rev));
    Ok(due)
}

/// Writes that no seat is used any more that was taken away; how many entries. The lists must hold the feed up to its end, and for good.
pub(crate) fn end(
    log: &Connection,
    due: &[(SessionId, Rev)],
    who: &Identified,
    stamp: Stamp,
) -> Result<u64, StoreError> {
    for (session, (term, rev)) in due {
        append(log, who, stamp, Body::HoldsEnded(HoldsEnded { session: *session, term: *term, rev: *rev }))?;
        raise(log, "ended", *session, (*term, *rev))?;
    }
    Ok(due.len() as u64)
}
