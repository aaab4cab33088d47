//! Decisions on a card, each one durable transaction of `log.db` (reserve before write, DESIGN section 5).
//!
//! A decision names the verdict it is about, so that deciding twice is one entry; accepting judges again inside its
//! transaction, so that a guest let in elsewhere, or a right spent, in the meantime is noticed.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use usher_core::{
    entry::{Basis, Body, CheckIn, Decline, DeclineReason, Entry, Found, Head, OverrideReason},
    ids::{ActorId, EntryKey, Epoch, ShiftId},
    verdict::{Judgement, Verdict},
};
use uuid::Uuid;

use crate::{
    Asked, Identified, Judged, Replica, Side, StoreError, judge,
    log::{self, Stamp, append},
    rights, row,
};

/// What was decided about a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Let in a clean Registered.
    LetIn,
    /// Let in whatever can be accepted at all.
    LetInAnyway,
    /// Let in whom the desk refuses, by a supervisor's word.
    Override {
        /// Whose word.
        by: ActorId,
        /// Why.
        reason: OverrideReason,
    },
}

impl Act {
    /// On which right this lets in; none: it does not.
    fn basis(self, judgement: &Judgement) -> Option<Basis> {
        match self {
            Self::LetIn if judgement.verdict != Verdict::Registered => None,
            Self::LetIn | Self::LetInAnyway => judgement.basis,
            // What was refused a moment ago may be clean now.
            Self::Override { .. } => judgement.basis.or(judgement.override_basis),
        }
    }

    /// By whose word, and why, as the check-in says it.
    fn word(self, judgement: &Judgement) -> (Option<ActorId>, Option<u8>) {
        match self {
            Self::Override { by, reason } if judgement.verdict.can_be_overridden() => {
                (Some(by), Some(reason.number()))
            }
            _ => (None, None),
        }
    }
}

/// A decision to let somebody in.
#[derive(Clone, Copy, Debug)]
pub struct Decision {
    /// The id of the verdict that was shown.
    pub verdict: Uuid,
    /// What is judged again.
    pub asked: Asked,
    /// How far the volunteer went.
    pub act: Act,
    /// How the guest was found.
    pub found: Found,
    /// Who sits at the desk.
    pub shift: ShiftId,
    /// When.
    pub stamp: Stamp,
}

/// What became of a decision to let somebody in.
#[derive(Clone, Debug)]
pub enum Decided {
    /// Committed, now or by an earlier call for the same verdict.
    LetIn(EntryKey),
    /// Judged again, it no longer holds; nothing was written.
    Changed(Box<Judged>),
    /// This desk does not know the session, or the subject cannot be recorded.
    Impossible,
}

pub(crate) const LET_IN: i64 = 0;
const TURN_AWAY: i64 = 1;
pub(crate) const UNDO: i64 = 2;
pub(crate) const CHECK_OUT: i64 = 3;
pub(crate) const RE_ENTRY: i64 = 4;
/// Kept under the name of an entry ([`entry_id`](crate::entry_id)), not of a verdict: by what it was taken back.
pub(crate) const TAKEN_BACK: i64 = 5;
pub(crate) const WALK_IN: i64 = 6;

impl Replica {
    /// Lets somebody in: judge again, take one right, append, commit.
    ///
    /// # Errors
    /// A fault of the files; nothing was written then, and the card must not turn green.
    pub fn let_in(&self, who: &Identified, decision: &Decision) -> Result<Decided, StoreError> {
        self.decide(who, |side| let_in(side, who, decision))
    }

    /// Runs `work` as one durable transaction of `log.db`.
    pub(crate) fn decide<T>(
        &self,
        who: &Identified,
        work: impl FnOnce(&Side) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let side = &mut *self.door();
        let _turn = self.turn();
        begin(&side.log)?;
        let decided = work(side).and_then(|done| with_head(&side.log, who, done));
        let (decided, head) = end(&side.log, decided)?;
        self.note_mark(who, head);
        Ok(decided)
    }

    /// Records that somebody was turned away; none when that cannot be recorded (no subject).
    ///
    /// # Errors
    /// A fault of the files; nothing was written then.
    pub fn turn_away(
        &self,
        who: &Identified,
        verdict: Uuid,
        asked: &Asked,
        reason: DeclineReason,
        shift: ShiftId,
        stamp: Stamp,
    ) -> Result<Option<EntryKey>, StoreError> {
        let Some(subject) = asked.ticket.subject() else { return Ok(None) };
        let body = Body::Decline(Decline { session: asked.session, subject, reason, shift });
        self.once(who, verdict, TURN_AWAY, |log| append(log, who, stamp, body)).map(Some)
    }

    /// Appends an entry of another kind, such as a note.
    ///
    /// # Errors
    /// A fault of the files; nothing was written then.
    pub fn note(&self, who: &Identified, body: Body, stamp: Stamp) -> Result<EntryKey, StoreError> {
        let side = &mut *self.door();
        let _turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let key = append(&tx, who, stamp, body)?.key();
        let head = log::head(&tx, who.identity.epoch)?.0;
        tx.commit()?;
        self.note_mark(who, head);
        Ok(key)
    }

    /// Runs `write` unless the verdict was decided this way before; gives the entry either way.
    fn once(
        &self,
        who: &Identified,
        verdict: Uuid,
        act: i64,
        write: impl FnOnce(&Connection) -> Result<Entry, StoreError>,
    ) -> Result<EntryKey, StoreError> {
        let side = &mut *self.door();
        let _turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if let Some(key) = decided(&tx, verdict, act)? {
            return Ok(key);
        }
        let key = write(&tx)?.key();
        remember(&tx, verdict, act, key)?;
        let head = log::head(&tx, who.identity.epoch)?.0;
        tx.commit()?;
        self.note_mark(who, head);
        Ok(key)
    }
}

fn with_head<T>(log: &Connection, who: &Identified, done: T) -> Result<(T, Head), StoreError> {
    Ok((done, log::head(log, who.identity.epoch)?.0))
}

fn begin(log: &Connection) -> Result<(), StoreError> {
    Ok(log.prepare_cached("BEGIN IMMEDIATE")?.execute([]).map(drop)?)
}

/// Commits what a decision wrote; rolls back on a fault.
fn end<T>(log: &Connection, decided: Result<T, StoreError>) -> Result<T, StoreError> {
    let committed = decided.and_then(|decided| {
        log.prepare_cached("COMMIT")?.execute([])?;
        Ok(decided)
    });
    if committed.is_err() && !log.is_autocommit() {
        // A failed roll-back leaves the transaction to the connection's own clean-up; the fault itself is what counts.
        if let Err(error) = log.execute_batch("ROLLBACK") {
            tracing::warn!(%error, "rolling back failed");
        }
    }
    committed
}

/// Judges again and writes the check-in that the judgement allows, once for each verdict.
pub(crate) fn let_in(side: &Side, who: &Identified, decision: &Decision) -> Result<Decided, StoreError> {
    let before = decided(&side.log, decision.verdict, LET_IN)?;
    if let Some(key) = before
        && decided(&side.log, decision.verdict, UNDO)?.is_none()
        && decided(&side.log, decision.verdict, CHECK_OUT)?.is_none()
    {
        return Ok(Decided::LetIn(key));
    }
    let Some(judged) = judge::judge_on(side, who, &decision.asked)? else { return Ok(Decided::Impossible) };
    let done = admit(side, who, decision, judged)?;
    if let Decided::LetIn(key) = done {
        if before.is_some() {
            forget_release(&side.log, decision.verdict)?;
        }
        remember(&side.log, decision.verdict, LET_IN, key)?;
    }
    Ok(done)
}

/// Writes the check-in that the judgement allows: one right, one entry.
pub(crate) fn admit(
    side: &Side,
    who: &Identified,
    decision: &Decision,
    judged: Judged,
) -> Result<Decided, StoreError> {
    let Some(subject) = decision.asked.ticket.subject() else { return Ok(Decided::Impossible) };
    let Some(basis) = decision.act.basis(&judged.judgement) else {
        return Ok(Decided::Changed(Box::new(judged)));
    };
    if basis == Basis::Grant {
        rights::spend(&side.log, decision.asked.session)?;
    }
    let (override_by, override_reason) = decision.act.word(&judged.judgement);
    let body = Body::CheckIn(CheckIn {
        session: decision.asked.session,
        subject,
        basis,
        found: decision.found,
        registered: judged.registered,
        late: judged.judgement.late_min.is_some(),
        rev: judged.session.rules.rev,
        shift: decision.shift,
        override_by,
        override_reason,
    });
    Ok(Decided::LetIn(append(&side.log, who, decision.stamp, body)?.key()))
}

/// The entry that an earlier decision of this kind wrote for the verdict.
pub(crate) fn decided(log: &Connection, verdict: Uuid, act: i64) -> Result<Option<EntryKey>, StoreError> {
    let sql =
        "SELECT d.epoch, d.seq, i.station FROM decision d, identity i WHERE d.verdict = ?1 AND d.act = ?2";
    let mut read = log.prepare_cached(sql)?;
    let found = read.query_row(params![row::id(&verdict), act], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?))
    });
    let Some((epoch, seq, station)) = found.optional()? else { return Ok(None) };
    let station = usher_core::ids::StationId(row::uuid(&station)?);
    Ok(Some(EntryKey { station, epoch: Epoch(row::number(epoch)), seq: row::number(seq) }))
}

/// A let-in after an undo can be taken back again, and after a check-out it can end again.
fn forget_release(log: &Connection, verdict: Uuid) -> Result<(), StoreError> {
    log.prepare_cached("DELETE FROM decision WHERE verdict = ?1 AND act IN (?2, ?3)")?.execute(params![
        row::id(&verdict),
        UNDO,
        CHECK_OUT
    ])?;
    Ok(())
}

/// Remembers what a verdict was decided to.
pub(crate) fn remember(log: &Connection, verdict: Uuid, act: i64, key: EntryKey) -> Result<(), StoreError> {
    let mut write = log.prepare_cached(
        "INSERT OR REPLACE INTO decision (verdict, act, epoch, seq) VALUES (?1, ?2, ?3, ?4)",
    )?;
    write.execute(params![row::id(&verdict), act, row::bits(key.epoch.0), row::bits(key.seq)])?;
    Ok(())
}
