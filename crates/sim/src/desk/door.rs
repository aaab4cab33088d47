//! What a volunteer does at a desk.

use usher_core::{
    entry::{DeclineReason, Found, UndoReason},
    ids::{EntryKey, PersonId},
};
use usher_replica::{
    Act, Asked, CheckedOut, Decided, Decision, Judged, Logged, NewGuest, StoreError, Ticket, WalkedIn,
};
use uuid::Uuid;

use super::{Card, Desk};

impl Desk {
    /// Asks the list about a code and judges; none: the session is not known here.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn scan(&self, code: &str, verdict: u128, now_ms: i64) -> Result<Option<(Card, Judged)>, StoreError> {
        let (files, who) = self.both()?;
        let Some(session) = self.serves else { return Ok(None) };
        let ticket: Ticket = files.look_up(who, &[code.to_owned()])?;
        let card = Card {
            verdict: Uuid::from_u128(verdict),
            asked: Asked { ticket, session, now_ms: self.stamp(now_ms).now_ms },
        };
        Ok(files.judge(who, &card.asked)?.map(|judged| (card, judged)))
    }

    /// Lets the guest in.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn let_in(&self, card: &Card, act: Act, now_ms: i64) -> Result<Decided, StoreError> {
        let (files, who) = self.both()?;
        files.let_in(who, &self.decision(card, act, now_ms))
    }

    /// Turns the guest away.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn turn_away(
        &self,
        card: &Card,
        reason: DeclineReason,
        now_ms: i64,
    ) -> Result<Option<EntryKey>, StoreError> {
        let (files, who) = self.both()?;
        files.turn_away(who, card.verdict, &card.asked, reason, self.shift, self.stamp(now_ms))
    }

    /// Takes an entry back; none: this log has no such entry.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn undo(&self, verdict: Uuid, of: EntryKey, now_ms: i64) -> Result<Option<EntryKey>, StoreError> {
        let (files, who) = self.both()?;
        files.undo(who, verdict, of, UndoReason::WrongPerson, self.shift, self.stamp(now_ms))
    }

    /// A guest found by name at the session that is served; none: nobody is served, or the list does not know the guest.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn find(&self, id: PersonId, verdict: u128, now_ms: i64) -> Result<Option<Card>, StoreError> {
        let files = self.files()?;
        let (Some(session), Some(_)) = (self.serves, files.guest(id)?) else { return Ok(None) };
        let ticket = Ticket::Person { id, revoked: false };
        let asked = Asked { ticket, session, now_ms: self.stamp(now_ms).now_ms };
        Ok(Some(Card { verdict: Uuid::from_u128(verdict), asked }))
    }

    /// Adds somebody who is called by the id, and lets them in where `let_in` says so.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn walk_in(
        &self,
        card: &Card,
        person: PersonId,
        let_in: bool,
        now_ms: i64,
    ) -> Result<WalkedIn, StoreError> {
        let (files, who) = self.both()?;
        let guest = NewGuest { id: person, name: &person.to_string(), email: "", kind: "Walk-in" };
        files.walk_in(who, &guest, &self.decision(card, Act::LetInAnyway, now_ms), let_in)
    }

    /// Counts the guest out.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn check_out(&self, card: &Card, now_ms: i64) -> Result<CheckedOut, StoreError> {
        let (files, who) = self.both()?;
        files.check_out(who, card.verdict, &card.asked, self.shift, self.stamp(now_ms))
    }

    /// Lets the guest back in.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn let_back_in(&self, card: &Card, now_ms: i64) -> Result<Decided, StoreError> {
        let (files, who) = self.both()?;
        files.let_back_in(who, &self.decision(card, Act::LetInAnyway, now_ms))
    }

    fn decision(&self, card: &Card, act: Act, now_ms: i64) -> Decision {
        Decision {
            verdict: card.verdict,
            asked: card.asked,
            act,
            found: Found::Camera,
            shift: self.shift,
            stamp: self.stamp(now_ms),
        }
    }

    /// One own entry, as it stands on the disk; none: it cannot be read, or is not there.
    #[must_use]
    pub fn entry(&self, key: EntryKey) -> Option<Logged> {
        let read = self.disk.aside(|| self.files()?.logged(key.identity(), key.seq - 1, 1));
        read.ok()?.into_iter().next()
    }
}
