//! One person at a session as this desk knows it: what others told, and its own log, also the part of it that the cached tables have
//! not absorbed yet.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use usher_core::{
    entry::{Basis, Body, Entry, Subject},
    fold::{Admitted, Effect, Group, Left, effect, pair},
    ids::{EntryHash, EntryKey, Epoch, PersonId, SessionId, StationId},
};

use crate::{Identified, Side, StoreError, absorb, groups, life::Life, log, people, row};

/// The kinds of entry by which somebody leaves.
const CHECK_OUT: u32 = 5;
const EXIT: u32 = 6;

/// Own entries by which people left that are not absorbed yet, as they count. Short: absorbing runs beside the door all the time.
pub(crate) struct Leavings(Vec<Entry>);

impl Leavings {
    pub(crate) fn of(side: &Side, who: &Identified) -> Result<Self, StoreError> {
        let sql = "SELECT seq, hash, bytes FROM entry WHERE epoch = ?1 AND seq > ?2 AND kind IN (?3, ?4) ORDER BY seq";
        let mut read = side.log.prepare_cached(sql)?;
        let mut found = Vec::new();
        for life in Life::all(&side.log, who.identity.station)? {
            let after = absorb::absorbed(&side.lists, life.i.epoch)?;
            let at = params![row::bits(life.i.epoch.0), row::bits(after), CHECK_OUT, EXIT];
            let mut rows = read.query(at)?;
            while let Some(one) = rows.next()? {
                let (seq, hash) = (row::number(one.get(0)?), EntryHash(one.get(1)?));
                // What was damaged on the disk counts for nothing.
                found.extend(log::intact(seq, hash, one.get(2)?).map(|one| life.place(one.entry)));
            }
        }
        Ok(Self(found))
    }

    /// The check-ins that they end.
    pub(crate) fn checked_out(&self) -> BTreeSet<EntryKey> {
        let of = |entry: &Entry| if let Body::CheckOut(out) = &entry.body { Some(out.of) } else { None };
        self.0.iter().filter_map(of).collect()
    }

    fn exits(&self, session: SessionId, person: PersonId) -> impl Iterator<Item = Left> {
        self.0.iter().filter_map(move |entry| match effect(entry, None) {
            Effect::Leaves(from, who, left) if (from, who) == (session, person) => Some(left),
            _ => None,
        })
    }
}

/// The group of one person at a session over everything known here.
pub(crate) fn group(
    side: &Side,
    who: &Identified,
    session: SessionId,
    subject: &[u8],
    leavings: &Leavings,
) -> Result<Group, StoreError> {
    let mut all = Vec::new();
    for name in people::names(&side.lists, subject, false)? {
        all.extend(named(side, who, session, &name, leavings)?);
    }
    groups::with_settled(&side.lists, Group::new(all))
}

/// The check-ins that name this subject.
fn named(
    side: &Side,
    who: &Identified,
    session: SessionId,
    subject: &[u8],
    leavings: &Leavings,
) -> Result<Vec<Admitted>, StoreError> {
    let others = groups::named(&side.lists, session, subject)?;
    let out = leavings.checked_out();
    let all = Group::new(others.into_iter().chain(own(&side.log, who.identity.station, session, subject)?));
    Ok(all
        .into_iter()
        .map(|one| Admitted { released: one.released || out.contains(&one.key), ..one })
        .collect())
}

/// Whether a standing check-in known here uses the seat that is held for this person.
pub(crate) fn uses_hold(
    side: &Side,
    who: &Identified,
    session: SessionId,
    person: PersonId,
) -> Result<bool, StoreError> {
    let name = row::subject(Subject::Person(person));
    let all = named(side, who, session, &name, &Leavings::of(side, who)?)?;
    Ok(all.iter().any(|one| one.basis == Basis::Held && !one.released))
}

/// The own check-ins that name this subject.
fn own(
    log: &Connection,
    station: StationId,
    session: SessionId,
    subject: &[u8],
) -> Result<Vec<Admitted>, StoreError> {
    let sql = "SELECT epoch, seq, hlc, basis, released_by IS NOT NULL FROM check_in WHERE session = ?1 AND subject = ?2";
    let mut read = log.prepare_cached(sql)?;
    let mut rows = read.query(params![row::id(&session.0), subject])?;
    let (mut found, lives) = (Vec::new(), Life::all(log, station)?);
    while let Some(one) = rows.next()? {
        let mut own = row::admitted(one, 0, station)?;
        if let Some(life) = lives.iter().find(|life| life.i == own.key.identity()) {
            own.key = life.key(own.key);
        }
        found.push(own);
    }
    Ok(found)
}

/// The check-ins on which one person is inside as far as this desk knows, the admission first. Who has left by an exit that is known
/// here is not inside, whether the server has bound the exit yet or not: coming back takes a right of its own (DESIGN section 5).
pub(crate) fn inside(
    side: &Side,
    who: &Identified,
    session: SessionId,
    subject: Subject,
) -> Result<Vec<Admitted>, StoreError> {
    inside_but(side, who, session, subject, &Leavings::of(side, who)?)
}

/// [`inside`], where the own entries by which people left were read before: for many persons at once.
pub(crate) fn inside_but(
    side: &Side,
    who: &Identified,
    session: SessionId,
    subject: Subject,
    leavings: &Leavings,
) -> Result<Vec<Admitted>, StoreError> {
    let mut inside = Vec::new();
    for name in people::names(&side.lists, &row::subject(subject), false)? {
        let mut standing = named(side, who, session, &name, leavings)?;
        standing.retain(|one| !one.released);
        if let (Some(person), false) = (row::person(&name)?, standing.is_empty()) {
            let mut exits = open_exits(&side.lists, session, person)?;
            exits.extend(leavings.exits(session, person));
            let ended: BTreeSet<_> = pair(&standing, &exits).into_iter().map(|(_, of)| of).collect();
            standing.retain(|one| !ended.contains(&one.key));
        }
        inside.extend(standing);
    }
    inside.sort_by_key(Admitted::order);
    Ok(inside)
}

/// The newest exit of a person known here that no Bind names.
pub(crate) fn last_exit(
    side: &Side,
    who: &Identified,
    session: SessionId,
    person: PersonId,
) -> Result<Option<EntryKey>, StoreError> {
    let mut exits = open_exits(&side.lists, session, person)?;
    exits.extend(Leavings::of(side, who)?.exits(session, person));
    Ok(exits.into_iter().max_by_key(Left::order).map(|exit| exit.key))
}

/// The exits of a person that `replica.db` knows and no Bind names.
fn open_exits(lists: &Connection, session: SessionId, person: PersonId) -> Result<Vec<Left>, StoreError> {
    let sql = "SELECT station, epoch, seq, hlc FROM exit WHERE session = ?1 AND person = ?2 AND bound = 0";
    let mut read = lists.prepare_cached(sql)?;
    let mut rows = read.query(params![row::id(&session.0), row::id(&person.0)])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()? {
        let station = StationId(row::uuid(&one.get::<_, Vec<u8>>(0)?)?);
        let key = EntryKey { station, epoch: Epoch(row::number(one.get(1)?)), seq: row::number(one.get(2)?) };
        found.push(Left { key, hlc: usher_core::clock::Hlc(row::number(one.get(3)?)) });
    }
    Ok(found)
}
