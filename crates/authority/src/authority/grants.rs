//! Giving rights: the size of a grant is [`Room::grant_size`](usher_core::capacity::Room::grant_size), computed in the same
//! transaction in which the Grant entry is written (DESIGN section 5, I3).

use usher_core::{
    entry::{Body, Grant},
    ids::{Identity, SessionId},
};
use usher_protocol::{
    limits::WANT_MAX,
    sync::{SyncRequest, Want},
};

use super::Authority;
use crate::{
    Result,
    derive::{rights_at, room},
    store::{Look, Store, Txn},
};

/// How lately a desk must have been heard to share in the size of grants, in milliseconds: 10 minutes.
const LATELY_MS: i64 = 600_000;

impl<S: Store> Authority<S> {
    /// Answers the wants of the log `i`. A log that we hold nothing of, or that contradicts itself, is given nothing.
    pub(super) fn give(
        &self,
        txn: &mut dyn Txn,
        i: Identity,
        request: &SyncRequest,
        now_ms: i64,
    ) -> Result<()> {
        if request.wants.is_empty() || txn.log(i)?.is_none() || txn.evidence_count(i)? > 0 {
            return Ok(());
        }
        for want in &request.wants {
            self.give_one(txn, i, *want, known_total(request, want.session), now_ms)?;
        }
        Ok(())
    }

    fn give_one(&self, txn: &mut dyn Txn, i: Identity, want: Want, known: u64, now_ms: i64) -> Result<()> {
        let Some(session) = txn.session(want.session)? else { return Ok(()) };
        let granted = rights_at(txn, want.session, i)?.granted;
        // What was given in an answer that got lost is on its way: it counts against the want.
        let missing = want.rights.min(WANT_MAX).saturating_sub(granted.saturating_sub(known));
        let weights = desks_serving(txn, want.session, i, now_ms)?;
        let size = room(txn, want.session, session.record.rules.capacity)?.grant_size(missing, 1, weights);
        if size == 0 {
            return Ok(());
        }
        let grant = Grant { session: want.session, to: i, total: granted + size, term: self.own.term };
        self.own.append(txn, Body::Grant(grant), now_ms)
    }
}

fn known_total(request: &SyncRequest, session: SessionId) -> u64 {
    request.grants.iter().filter(|grant| grant.session == session).map(|grant| grant.total).max().unwrap_or(0)
}

/// How many desks share: those that lately synced while serving the session, and the one that asks.
fn desks_serving(look: &dyn Look, session: SessionId, asking: Identity, now_ms: i64) -> Result<u64> {
    let contacts = look.contacts()?;
    let others = contacts.iter().filter(|(station, contact)| {
        let lately = contact.at_ms >= now_ms.saturating_sub(LATELY_MS);
        *station != asking.station && lately && contact.session == Some(session)
    });
    Ok(others.count() as u64 + 1)
}
