//! Leaving and coming back (DESIGN sections 4 and 5).
//!
//! Where a session counts who leaves, a check-in that is known here ends with a `CheckOut`, and somebody whose check-in is not known
//! here leaves by an `Exit`, which frees nothing until the server has bound it. Coming back is then a new check-in with a right of
//! its own: also when the exit is not known here, so that a seat is counted twice rather than not at all. Where a session does not
//! count exits nobody is checked out, and coming back is a `ReEntry` on the check-in that stands, without a right.

use usher_core::{
    entry::{Body, CheckOut, Exit, ReEntry, Subject},
    ids::{EntryKey, ShiftId},
    verdict::Verdict,
};
use uuid::Uuid;

use crate::{
    Asked, Decided, Decision, Identified, Replica, Side, StoreError,
    decide::{self, CHECK_OUT, RE_ENTRY},
    here, judge, lists,
    log::{Stamp, append},
};

/// What became of somebody who leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckedOut {
    /// Committed, now or by an earlier call for the same verdict: a CheckOut, or an Exit where the check-in is not known here.
    Out(EntryKey),
    /// The session does not count who leaves; nothing was written.
    NotCounted,
    /// This desk does not know the session, or the subject cannot be recorded.
    Impossible,
}

impl Replica {
    /// Counts somebody out.
    ///
    /// # Errors
    /// A fault of the files; nothing was written then.
    pub fn check_out(
        &self,
        who: &Identified,
        verdict: Uuid,
        asked: &Asked,
        shift: ShiftId,
        stamp: Stamp,
    ) -> Result<CheckedOut, StoreError> {
        self.decide(who, |side| check_out(side, who, verdict, asked, shift, stamp))
    }

    /// Lets somebody in who is already in as far as this desk knows: somebody who comes back. `decision.act` does not matter.
    ///
    /// # Errors
    /// A fault of the files; nothing was written then, and the card must not turn green.
    pub fn let_back_in(&self, who: &Identified, decision: &Decision) -> Result<Decided, StoreError> {
        self.decide(who, |side| let_back_in(side, who, decision))
    }
}

fn check_out(
    side: &Side,
    who: &Identified,
    verdict: Uuid,
    asked: &Asked,
    shift: ShiftId,
    stamp: Stamp,
) -> Result<CheckedOut, StoreError> {
    if let Some(key) = decide::decided(&side.log, verdict, CHECK_OUT)? {
        return Ok(CheckedOut::Out(key));
    }
    let session = lists::session(&side.lists, asked.session)?;
    let (Some(session), Some(subject)) = (session, asked.ticket.subject()) else {
        return Ok(CheckedOut::Impossible);
    };
    if session.rules.re_entry {
        return Ok(CheckedOut::NotCounted);
    }
    let inside = here::inside(side, who, asked.session, subject)?;
    let body = match (inside.first(), subject) {
        (Some(one), _) => Body::CheckOut(CheckOut { of: one.key, shift }),
        (None, Subject::Person(person)) => match here::last_exit(side, who, asked.session, person)? {
            // One is enough until the check-in is known: a second one could end another person's on the same ticket.
            Some(exit) => return Ok(CheckedOut::Out(exit)),
            None => Body::Exit(Exit { person, session: asked.session, shift: Some(shift) }),
        },
        (None, Subject::Code(_)) => return Ok(CheckedOut::Impossible),
    };
    let key = append(&side.log, who, stamp, body)?.key();
    decide::remember(&side.log, verdict, CHECK_OUT, key)?;
    Ok(CheckedOut::Out(key))
}

fn let_back_in(side: &Side, who: &Identified, decision: &Decision) -> Result<Decided, StoreError> {
    if let Some(key) = decide::decided(&side.log, decision.verdict, RE_ENTRY)? {
        return Ok(Decided::LetIn(key));
    }
    let Some(judged) = judge::judge_on(side, who, &decision.asked)? else { return Ok(Decided::Impossible) };
    let Verdict::AlreadyCheckedIn(standby) = judged.judgement.verdict else {
        return Ok(Decided::Changed(Box::new(judged)));
    };
    let decided = if judged.session.rules.re_entry {
        let back = Body::ReEntry(ReEntry { of: standby.key, shift: Some(decision.shift) });
        Decided::LetIn(append(&side.log, who, decision.stamp, back)?.key())
    } else {
        match judge::judge_coming_back(side, who, &decision.asked)? {
            Some(judged) => decide::admit(side, who, decision, judged)?,
            None => Decided::Impossible,
        }
    };
    if let Decided::LetIn(key) = decided {
        decide::remember(&side.log, decision.verdict, RE_ENTRY, key)?;
    }
    Ok(decided)
}
