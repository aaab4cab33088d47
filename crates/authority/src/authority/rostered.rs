//! What goes into the roster, and when: after it is committed, and before the first answer that depends on it. So the roster never
//! knows of more than the database has had, and a database that has less is an older one (DESIGN section 5, *Restored server*).

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use usher_core::ids::{Identity, StationId, Term};

use usher_protocol::{sync::Signed, ticket::TicketKey};

use super::ticket_keys;
use crate::{
    Result, Roster, RosterLine, Secret,
    store::{EventRow, Look, StationRow},
};

/// The roster, and which of its lines need not be written again.
pub(super) struct Rostered {
    roster: Box<dyn Roster>,
    known: Mutex<Option<Known>>,
}

/// What stands in the roster.
#[derive(Default)]
struct Known {
    /// With whether the credential was revoked.
    stations: BTreeSet<(StationId, bool)>,
    logs: BTreeSet<Identity>,
    mark: (Term, u64),
    event: bool,
    ticket_keys: Vec<TicketKey>,
    terms: BTreeSet<Term>,
}

impl Known {
    fn of(lines: &[RosterLine]) -> Self {
        let mut known = Self::default();
        for line in lines {
            known.add(line);
        }
        known
    }

    /// False: it says nothing new.
    fn add(&mut self, line: &RosterLine) -> bool {
        match line {
            RosterLine::Station { record, .. } => self.stations.insert((record.id, record.revoked)),
            RosterLine::Log(i) => self.logs.insert(*i),
            RosterLine::Mark { term, position } => {
                let newer = (*term, *position) > self.mark;
                self.mark = self.mark.max((*term, *position));
                newer
            }
            RosterLine::Event { .. } => !std::mem::replace(&mut self.event, true),
            RosterLine::Succession(_) => true,
            RosterLine::TicketKeys { keys, .. } => {
                std::mem::replace(&mut self.ticket_keys, keys.clone()) != *keys
            }
            RosterLine::Term { term, .. } => self.terms.insert(*term),
        }
    }
}

impl Rostered {
    pub(super) fn new(roster: Box<dyn Roster>) -> Self {
        Self { roster, known: Mutex::default() }
    }

    /// Every line.
    pub(super) fn lines(&self) -> Result<Vec<RosterLine>> {
        self.roster.lines()
    }

    /// Keeps a line, unless it stands there.
    pub(super) fn keep(&self, line: &RosterLine) -> Result<()> {
        let mut guard = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match guard.as_mut() {
            Some(known) => known,
            None => guard.insert(Known::of(&self.roster.lines()?)),
        };
        if !known.add(line) {
            return Ok(());
        }
        let kept = self.roster.keep(line);
        if kept.is_err() {
            // It may or may not stand there: looked at again next time.
            *guard = None;
        }
        kept
    }

    /// Keeps the event with its newest key and how the server came to it, and its term. Where another key stands there, it is taken out.
    pub(super) fn keep_event(&self, row: &EventRow, chain: &[Signed]) -> Result<()> {
        let (secret, key) = (Secret(*row.secret), Secret(*row.key));
        let mut lines = self.roster.lines()?;
        let replaced = newest_key(&lines).is_some_and(|kept| kept != key);
        let event = RosterLine::Event { record: row.record.clone(), secret, key };
        if replaced || chain.len() > self::chain(&lines).len() {
            lines.retain(|line| !matches!(line, RosterLine::Event { .. } | RosterLine::Succession(_)));
            lines.push(event);
            lines.extend(chain.iter().cloned().map(RosterLine::Succession));
            self.rewrite(&lines)?;
        } else {
            self.keep(&event)?;
        }
        self.keep_ticket_keys(row)?;
        self.keep(&RosterLine::Term { term: row.term, own: row.own })
    }

    /// Keeps the keys that tickets are signed with, where there are any.
    pub(super) fn keep_ticket_keys(&self, row: &EventRow) -> Result<()> {
        if row.record.ticket_keys.is_empty() {
            return Ok(());
        }
        let (keys, secret) =
            (row.record.ticket_keys.clone(), row.ticket_key.as_ref().map(|key| Secret(**key)));
        self.keep(&RosterLine::TicketKeys { keys, secret })
    }

    fn rewrite(&self, lines: &[RosterLine]) -> Result<()> {
        // Whether it was written shows only when it is read again.
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.roster.rewrite(lines)
    }

    /// Keeps a station as it is now.
    pub(super) fn keep_station(&self, row: &StationRow) -> Result<()> {
        let StationRow { record, role, actor, machine } = row.clone();
        self.keep(&RosterLine::Station { record, role, actor, machine })
    }

    /// Keeps that a log was heard of.
    pub(super) fn keep_log(&self, i: Identity) -> Result<()> {
        self.keep(&RosterLine::Log(i))
    }
}

/// How the server's key was replaced, as far as the roster knows.
pub(super) fn chain(lines: &[RosterLine]) -> Vec<Signed> {
    let kept = lines.iter().filter_map(|line| match line {
        RosterLine::Succession(signed) => Some(signed.clone()),
        _ => None,
    });
    kept.collect()
}

/// The newest key that the roster has.
pub(super) fn newest_key(lines: &[RosterLine]) -> Option<Secret> {
    lines.iter().rev().find_map(|line| match line {
        RosterLine::Event { key, .. } => Some(key.clone()),
        _ => None,
    })
}

/// Whether a line says of a database in `term` with a feed up to `end` that it is older than what was answered from it.
pub(super) fn is_ahead(line: &RosterLine, look: &dyn Look, in_term: Term, end: u64) -> Result<bool> {
    Ok(match line {
        RosterLine::Term { term, .. } => *term > in_term,
        RosterLine::Mark { term, position } => *term == in_term && *position > end,
        RosterLine::Station { record, .. } => {
            look.station(record.id)?.is_none_or(|row| record.revoked && !row.record.revoked)
        }
        RosterLine::Log(i) => look.log(*i)?.is_none(),
        RosterLine::Event { .. } => false,
        RosterLine::TicketKeys { keys, .. } => {
            look.event()?.is_some_and(|row| ticket_keys::lacks(&row.record.ticket_keys, keys))
        }
        RosterLine::Succession(signed) => !look.successions()?.contains(signed),
    })
}
