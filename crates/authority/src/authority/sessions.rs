//! Sessions: the organiser's table, and what is set by hand.
//!
//! A session is recognised by its code; without one, or where the known session has none yet, by its name. Every change of the
//! rules raises `rev`; every capacity goes into the authority's own log as well. No session is ever deleted.

use std::collections::BTreeMap;

use usher_core::{
    entry::{Body, CapacitySet, StateSet},
    ids::{ActorId, SessionId},
    session::SessionRules,
};
use usher_protocol::{decide::Refused, limits::NAME_CHARS_MAX, records::SessionRecord};
use uuid::Uuid;

use super::Authority;
use crate::{
    Fresh, ImportProblem, ImportReport, ProblemKind, Result, SessionSpec,
    store::{Look, SessionRow, Store, Txn},
};

/// Who acts when the organiser's command line does.
pub(super) const ORGANISER: ActorId = ActorId(Uuid::nil());

/// How a spec compares with what is known.
enum Match {
    New,
    Known(Box<SessionRow>),
    Several,
}

impl<S: Store> Authority<S> {
    /// Imports sessions, all in one transaction. Running it again changes nothing.
    ///
    /// # Errors
    /// The store's own: nothing was imported then.
    pub fn import_sessions(&self, specs: &[SessionSpec], mut fresh: Fresh<'_>) -> Result<ImportReport> {
        self.write(|txn| {
            let mut report = ImportReport::default();
            let mut seen = BTreeMap::new();
            for (index, spec) in specs.iter().enumerate() {
                let done = self.import_session(txn, spec, &mut seen, index, &mut fresh)?;
                match done {
                    Ok(outcome) => report.count(outcome),
                    Err(kind) => report.problems.push(ImportProblem { index, kind }),
                }
            }
            self.set_holds(txn, fresh.now_ms)?;
            Ok(report)
        })
    }

    fn import_session(
        &self,
        txn: &mut dyn Txn,
        spec: &SessionSpec,
        seen: &mut BTreeMap<SessionId, usize>,
        index: usize,
        fresh: &mut Fresh<'_>,
    ) -> Result<Result<Outcome, ProblemKind>> {
        if let Err(kind) = sound(spec) {
            return Ok(Err(kind));
        }
        let known = match find(&txn.sessions()?, spec) {
            Match::Several => return Ok(Err(ProblemKind::AmbiguousSession { name: spec.name.clone() })),
            Match::Known(row) => Some(*row),
            Match::New => None,
        };
        let id = match &known {
            Some(row) => row.record.rules.id,
            None => self.new_session_id(txn, spec, fresh)?,
        };
        if let Some(first) = seen.insert(id, index) {
            seen.insert(id, first);
            return Ok(Err(ProblemKind::DuplicateSession { first }));
        }
        let row = merged(spec, known.as_ref(), id);
        if known.as_ref() == Some(&row) {
            return Ok(Ok(Outcome::Unchanged));
        }
        let capacity = row.record.rules.capacity;
        txn.put_session(&row)?;
        if known.as_ref().is_none_or(|before| before.record.rules.capacity != capacity) {
            let set = CapacitySet { session: id, capacity, actor: ORGANISER };
            self.own().append(txn, Body::CapacitySet(set), fresh.now_ms)?;
        }
        Ok(Ok(if known.is_some() { Outcome::Changed } else { Outcome::Added }))
    }

    /// The id of a new session: the same whenever this line is imported into this event.
    fn new_session_id(
        &self,
        look: &dyn Look,
        spec: &SessionSpec,
        fresh: &mut Fresh<'_>,
    ) -> Result<SessionId> {
        let key =
            spec.code.as_ref().map_or_else(|| format!("name {}", spec.name), |code| format!("code {code}"));
        let lasting = SessionId(self.lasting_id("session", &key.trim().to_lowercase()));
        Ok(if look.session(lasting)?.is_none() { lasting } else { SessionId(fresh.uuid()) })
    }

    /// Changes a session's rules, with the entry that says so where there is a kind for it, unless the settings are no longer those of the
    /// revision `seen`. Gives the revision of what stands now.
    pub(super) fn change(
        &self,
        session: SessionId,
        seen: Option<u64>,
        body: Option<Body>,
        now_ms: i64,
        change: impl FnOnce(&mut SessionRecord),
    ) -> Result<Result<u64, Refused>> {
        self.write(|txn| {
            let Some(before) = txn.session(session)? else { return Ok(Err(Refused::Unknown)) };
            if seen.is_some_and(|seen| seen != before.record.rules.rev) {
                return Ok(Err(Refused::DoesNotFit));
            }
            let mut after = before.clone();
            change(&mut after.record);
            if after != before {
                after.record.rules.rev += 1;
                txn.put_session(&after)?;
                if let Some(body) = body {
                    self.own().append(txn, body, now_ms)?;
                }
                self.set_holds(txn, now_ms)?;
            }
            Ok(Ok(after.record.rules.rev))
        })
    }
}

/// What became of one spec.
#[derive(Clone, Copy)]
pub(super) enum Outcome {
    Added,
    Changed,
    Unchanged,
}

impl ImportReport {
    pub(super) const fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Added => self.added += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
    }
}

fn sound(spec: &SessionSpec) -> Result<(), ProblemKind> {
    let long = |text: &str| text.chars().count() > NAME_CHARS_MAX;
    let max = NAME_CHARS_MAX;
    if long(&spec.name) {
        return Err(ProblemKind::TooLong { field: "name", max });
    }
    if long(&spec.room) {
        return Err(ProblemKind::TooLong { field: "room", max });
    }
    if spec.code.as_deref().is_some_and(long) {
        return Err(ProblemKind::TooLong { field: "code", max });
    }
    let good = !spec.name.trim().is_empty() && spec.ends_ms > spec.starts_ms;
    if good { Ok(()) } else { Err(ProblemKind::BadSession) }
}

fn find(known: &[SessionRow], spec: &SessionSpec) -> Match {
    let by_code =
        spec.code.as_deref().and_then(|code| known.iter().find(|row| row.code.as_deref() == Some(code)));
    if let Some(row) = by_code {
        return Match::Known(Box::new(row.clone()));
    }
    let mut by_name = known
        .iter()
        .filter(|row| same_name(&row.record.name, &spec.name) && (spec.code.is_none() || row.code.is_none()));
    match (by_name.next(), by_name.next()) {
        (None, _) => Match::New,
        (Some(row), None) => Match::Known(Box::new(row.clone())),
        (Some(_), Some(_)) => Match::Several,
    }
}

/// Names as people compare them: without the white space around them, upper or lower case.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

fn merged(spec: &SessionSpec, known: Option<&SessionRow>, id: SessionId) -> SessionRow {
    let before = known.map(|row| &row.record.rules);
    let mut rules = SessionRules {
        id,
        capacity: spec.capacity,
        starts_ms: spec.starts_ms,
        ends_ms: spec.ends_ms,
        late_after_ms: spec.late_after_ms,
        opens_before_ms: spec.opens_before_ms,
        ends_after_ms: spec.ends_after_ms,
        when_empty: spec.when_empty,
        open_to_all: spec.open_to_all,
        hold_seats: spec.hold_seats,
        hold_for_ms: spec.hold_for_ms,
        hand_out_all: before.is_some_and(|rules| rules.hand_out_all),
        re_entry: before.is_some_and(|rules| rules.re_entry),
        set: before.map_or(StateSet::Scheduled, |rules| rules.set),
        rev: before.map_or(1, |rules| rules.rev),
    };
    if before.is_some_and(|before| *before != rules) {
        rules.rev += 1;
    }
    let code = spec.code.clone().or_else(|| known.and_then(|row| row.code.clone()));
    let pause_words = known.map(|row| row.record.pause_words.clone()).unwrap_or_default();
    let (name, room) = (spec.name.trim().into(), spec.room.trim().into());
    SessionRow { record: SessionRecord { name, room, rules, pause_words }, code }
}
