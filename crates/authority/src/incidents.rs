//! Incidents, derived from what the store holds: never stored, each exactly once (DESIGN section 4).

use std::collections::BTreeMap;

use usher_core::{
    clock::SKEW_SHOWN_MS,
    entry::{Body, Entry, Subject},
    ids::{EntryKey, SessionId},
    incident::{Incident, IncidentKind, incident_id, session_incident_id},
};
use usher_protocol::enrol::Role;

use crate::{
    Result, derive,
    store::{CheckInRow, Look, ResolvedRow},
};

/// How many check-ins an over capacity incident names at most: the last ones.
const NAMED_MAX: u64 = 20;

/// An incident with what only a table knows about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The contradiction.
    pub incident: Incident,
    /// How many seats beyond the capacity, for an over capacity incident.
    pub over_by: Option<u64>,
    /// When it came to light where no check-in says so, milliseconds since 1970 UTC.
    pub at_ms: Option<i64>,
}

/// Every incident of the state that `look` shows that nobody settled yet.
pub(crate) fn derive(look: &dyn Look) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    doubles(look, &mut found)?;
    over_capacity(look, &mut found)?;
    unknown_admitted(look, &mut found)?;
    broken_chains(look, &mut found)?;
    clocks(look, &mut found)?;
    restored(look, &mut found)?;
    let mut open = Vec::new();
    for one in found {
        if !one.is_settled(look.resolved(one.incident.id)?) {
            open.push(one);
        }
    }
    Ok(open)
}

impl Found {
    /// Whether what a person decided settles it. An overshoot is settled for as many as were noted; more are another one to look at (P4).
    fn is_settled(&self, decided: Option<ResolvedRow>) -> bool {
        let seen = |row: ResolvedRow| self.over_by.zip(row.over_by).is_none_or(|(now, seen)| now <= seen);
        decided.is_some_and(seen)
    }
}

fn doubles(look: &dyn Look, found: &mut Vec<Found>) -> Result<()> {
    for (session, sums) in look.all_sums()? {
        if sums.tally.unsettled == 0 {
            continue;
        }
        for group in derive::doubled(look, session)? {
            let Some(admission) = group.admission() else { continue };
            let subject = look.check_in(admission.key)?.map(|row| row.subject);
            for (_, double) in group.unsettled() {
                let keys = vec![admission.key, double.key];
                found.push(at_entries(IncidentKind::DoubleAdmission, Some(session), subject, keys));
            }
        }
    }
    Ok(())
}

fn over_capacity(look: &dyn Look, found: &mut Vec<Found>) -> Result<()> {
    for row in look.sessions()? {
        let rules = row.record.rules;
        let Some(over_by) = over_by(look, rules.id, rules.capacity)? else { continue };
        let last = look.last_standing(rules.id, over_by.min(NAMED_MAX))?;
        let id = session_incident_id(IncidentKind::OverCapacity, rules.id);
        let entries = last.iter().rev().map(|row| row.key).collect();
        let incident = Incident {
            id,
            kind: IncidentKind::OverCapacity,
            session: Some(rules.id),
            subject: None,
            entries,
        };
        found.push(Found { incident, over_by: Some(over_by), at_ms: None });
    }
    Ok(())
}

/// How many seats beyond its capacity a session has taken; none: it is not over.
pub(crate) fn over_by(look: &dyn Look, session: SessionId, capacity: Option<u32>) -> Result<Option<u64>> {
    let occupied = look.sums(session)?.tally.occupied;
    Ok(capacity.and_then(|places| occupied.checked_sub(u64::from(places))).filter(|over| *over > 0))
}

fn unknown_admitted(look: &dyn Look, found: &mut Vec<Found>) -> Result<()> {
    for row in look.standing_codes()? {
        if is_unknown(look, &row)? {
            let (session, subject) = (Some(row.session), Some(row.subject));
            found.push(at_entries(IncidentKind::UnknownAdmitted, session, subject, vec![row.key]));
        }
    }
    Ok(())
}

/// Whether a check-in stands on a code that no list knows.
pub(crate) fn is_unknown(look: &dyn Look, row: &CheckInRow) -> Result<bool> {
    match row.subject {
        Subject::Code(code) if !row.released => Ok(!look.knows_code(code)?),
        _ => Ok(false),
    }
}

fn broken_chains(look: &dyn Look, found: &mut Vec<Found>) -> Result<()> {
    for (key, at_ms) in look.broken()? {
        let mut one = at_entries(IncidentKind::BrokenChain, None, None, vec![key]);
        one.at_ms = Some(at_ms);
        found.push(one);
    }
    Ok(())
}

/// One incident for each desk whose clock was far off when it last spoke. Its id is that of the log, not of an entry.
fn clocks(look: &dyn Look, found: &mut Vec<Found>) -> Result<()> {
    let newest: BTreeMap<_, _> = look.contacts()?.into_iter().collect();
    for (station, contact) in newest {
        let desk = look.station(station)?.is_some_and(|row| row.role == Role::Desk);
        if desk && contact.skew_ms.abs() > SKEW_SHOWN_MS {
            let log = EntryKey { station, epoch: contact.epoch, seq: 0 };
            let mut one = at_entries(IncidentKind::ClockFarOff, None, None, vec![log]);
            one.at_ms = Some(contact.at_ms);
            found.push(one);
        }
    }
    Ok(())
}

/// The server's log of this term goes on from an earlier one.
fn restored(look: &dyn Look, found: &mut Vec<Found>) -> Result<()> {
    let Some(event) = look.event()? else { return Ok(()) };
    let first = look.entry(event.own.key(1))?;
    let Some((row, entry)) =
        first.and_then(|row| Entry::from_bytes(&row.bytes).ok().map(|entry| (row, entry)))
    else {
        return Ok(());
    };
    if matches!(&entry.body, Body::OpenEpoch(open) if open.follows.is_some()) {
        let mut one = at_entries(IncidentKind::ServerRestored, None, None, vec![row.key]);
        one.at_ms = Some(row.received_ms);
        found.push(one);
    }
    Ok(())
}

fn at_entries(
    kind: IncidentKind,
    session: Option<SessionId>,
    subject: Option<Subject>,
    entries: Vec<EntryKey>,
) -> Found {
    let id = incident_id(kind, &entries);
    Found { incident: Incident { id, kind, session, subject, entries }, over_by: None, at_ms: None }
}
