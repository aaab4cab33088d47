//! Held seats whose time is over (DESIGN section 5, *Held seats*). The clock decides only when the server says so: a seat that it takes
//! away is free when every open log has ended its holds, as after a cutoff by hand.

use usher_core::ids::{PersonId, SessionId};

use super::{Authority, OwnLog, awaiting::awaited, holds};
use crate::{
    Result,
    store::{HoldState, Look, Store},
};

impl<S: Store> Authority<S> {
    /// Takes away the held seats of every session whose time for them is over at `now_ms`; false: there are none. Costs little when
    /// there is nothing to do: to be called every second or so.
    ///
    /// # Errors
    /// The store's own: nothing was taken away then.
    pub fn cut_off_overdue_holds(&self, now_ms: i64) -> Result<bool> {
        if self.store.read(|look| overdue(look, &self.own(), now_ms))?.is_empty() {
            return Ok(false);
        }
        self.write(|txn| {
            let own = self.own();
            for (session, people) in overdue(txn, &own, now_ms)? {
                holds::write(txn, &own, session, &[], &people, now_ms)?;
            }
            self.tend(txn, now_ms)?;
            self.commit_feed(txn, now_ms)
        })?;
        self.mark_feed()?;
        Ok(true)
    }
}

/// Who still has a held seat after its time, by session. A session that the server still learns about keeps what it has.
fn overdue(look: &dyn Look, own: &OwnLog, now_ms: i64) -> Result<Vec<(SessionId, Vec<PersonId>)>> {
    let mut found = Vec::new();
    for row in look.sessions()? {
        let rules = row.record.rules;
        if rules.held_until_ms().is_none_or(|until_ms| now_ms < until_ms) {
            continue;
        }
        let people: Vec<_> =
            look.holds(rules.id, HoldState::On)?.into_iter().map(|hold| hold.person).collect();
        if !people.is_empty() && awaited(look, own, rules.id)?.is_empty() {
            found.push((rules.id, people));
        }
    }
    Ok(found)
}
