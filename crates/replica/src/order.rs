//! One order's guests at the door together: found by the order's name, let in all or none (UX section 4, Group).

use rusqlite::params;
use usher_core::{
    entry::{Basis, Subject},
    ids::PersonId,
    verdict::Verdict,
};
use usher_protocol::window::FindStatus;

use crate::{
    Asked, Decided, Decision, Guest, Identified, Judged, Replica, Side, StoreError, Ticket, decide,
    find::stands,
    here::{self, Leavings},
    judge, row,
};

/// The most guests of one order that are shown.
pub const ORDER_GUESTS_MAX: usize = 50;

/// A guest of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The guest.
    pub guest: Guest,
    /// How the guest stands at the session.
    pub status: FindStatus,
    /// On which right they would be let in now, were they asked for as a clean Registered; none: they would not be.
    pub basis: Option<Basis>,
}

/// What became of letting several in at once.
#[derive(Clone, Debug)]
pub enum Together {
    /// All are in, one entry each, in the order in which they were asked; now or by an earlier call for the same verdicts.
    LetIn(Vec<usher_core::ids::EntryKey>),
    /// One of them can no longer be let in so; nothing was written.
    Changed(Box<Judged>),
    /// This desk does not know the session, or one of them cannot be recorded; nothing was written.
    Impossible,
}

impl Replica {
    /// The guests of an order as they stand at the session, by name; nobody for an order without a name.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn of_order(&self, who: &Identified, order: &str, asked: &Asked) -> Result<Vec<Member>, StoreError> {
        let side = self.door();
        let leavings = Leavings::of(&side, who)?;
        let ids = members(&side, order)?;
        let members = ids.into_iter().map(|id| member(&side, who, id, asked, &leavings));
        members.filter_map(Result::transpose).collect()
    }

    /// How many guests an order has, at most [`ORDER_GUESTS_MAX`].
    ///
    /// # Errors
    /// A fault of the files.
    pub fn order_size(&self, order: &str) -> Result<usize, StoreError> {
        Ok(members(&self.door(), order)?.len())
    }

    /// Lets several in by one durable transaction: a right and an entry each, or nobody.
    ///
    /// # Errors
    /// A fault of the files; nothing was written then.
    pub fn let_in_together(&self, who: &Identified, all: &[Decision]) -> Result<Together, StoreError> {
        self.decide(who, |side| {
            side.log.execute_batch("SAVEPOINT together")?;
            let done = each(side, who, all)?;
            if !matches!(done, Together::LetIn(_)) {
                side.log.execute_batch("ROLLBACK TO together")?;
            }
            side.log.execute_batch("RELEASE together")?;
            Ok(done)
        })
    }
}

fn member(
    side: &Side,
    who: &Identified,
    id: PersonId,
    asked: &Asked,
    leavings: &Leavings,
) -> Result<Option<Member>, StoreError> {
    let asked = Asked { ticket: Ticket::Person { id, revoked: false }, ..*asked };
    let Some(judged) = judge::judge_on(side, who, &asked)? else { return Ok(None) };
    let is_in = !here::inside_but(side, who, asked.session, Subject::Person(id), leavings)?.is_empty();
    let Some(guest) = judged.guest else { return Ok(None) };
    let cancelled = guest.cancelled || judged.judgement.verdict == Verdict::Cancelled;
    let status = stands(is_in, cancelled, judged.registered);
    let clean = judged.judgement.verdict == Verdict::Registered;
    Ok(Some(Member { guest, status, basis: judged.judgement.basis.filter(|_| clean) }))
}

fn each(side: &Side, who: &Identified, all: &[Decision]) -> Result<Together, StoreError> {
    let mut keys = Vec::with_capacity(all.len());
    for decision in all {
        match decide::let_in(side, who, decision)? {
            Decided::LetIn(key) => keys.push(key),
            Decided::Changed(judged) => return Ok(Together::Changed(judged)),
            Decided::Impossible => return Ok(Together::Impossible),
        }
    }
    Ok(Together::LetIn(keys))
}

/// The guests of an order, by name.
fn members(side: &Side, order: &str) -> Result<Vec<PersonId>, StoreError> {
    let mut read = side.lists.prepare_cached(
        "SELECT id FROM person WHERE ordered = ?1 AND ordered <> '' ORDER BY name, nr LIMIT ?2",
    )?;
    let ids = read.query_map(params![order, ORDER_GUESTS_MAX as i64], |row| row.get::<_, Vec<u8>>(0))?;
    ids.map(|id| Ok(PersonId(row::uuid(&id?)?))).collect()
}
