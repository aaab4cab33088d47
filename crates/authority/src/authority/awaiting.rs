//! Whose word is awaited: the logs that may hold what this term of the server does not know of, and what their reports teach
//! (DESIGN section 5, *Restored server*).

use std::collections::BTreeSet;

use usher_core::{
    chain::RequestProof,
    ids::{Identity, SessionId},
};
use usher_protocol::sync::SyncRequest;

use super::{Authority, OwnLog, holds, relayed};
use crate::{
    Result,
    store::{LogRow, Look, Store, Txn},
};

impl<S: Store> Authority<S> {
    /// What a request says for a server that has forgotten something: others' logs, grants, and whether that is all. Gives whether its log
    /// has reported with it.
    pub(super) fn learn(
        &self,
        txn: &mut dyn Txn,
        proof: &RequestProof,
        request: &SyncRequest,
        now_ms: i64,
    ) -> Result<bool> {
        let (own, i) = (self.own(), proof.identity());
        if txn.log(i)?.is_none_or(|log| log.reported >= own.term) {
            return Ok(false);
        }
        relayed::take(txn, &own, &request.relayed, now_ms)?;
        self.learn_grants(txn, i, request, now_ms)?;
        holds::learn(txn, &own, &request.holds, now_ms)?;
        // A request made in an earlier term may have been overtaken by what that term gave: it teaches, but does not complete.
        let reported = proof.term == own.term && request.all_given_back.unwrap_or(true);
        if reported {
            let log = txn.log(i)?.unwrap_or(LogRow::empty(own.term));
            txn.put_log(i, &LogRow { reported: own.term, ..log })?;
        }
        Ok(reported)
    }

    /// Where logs were awaited for these sessions and no longer are, what was decided and learnt of held seats meanwhile counts from now
    /// on: the last one has reported, or is closed.
    pub(super) fn go_on_after(
        &self,
        txn: &mut dyn Txn,
        waited: &BTreeSet<SessionId>,
        now_ms: i64,
    ) -> Result<()> {
        if waited.is_subset(&waiting(txn, &self.own())?) {
            return Ok(());
        }
        self.set_holds(txn, now_ms)
    }
}

/// The desks' logs that may hold rights or holds for the session which this term does not know of: nothing is granted or held
/// until each of them has reported or is settled.
pub(super) fn awaited(look: &dyn Look, own: &OwnLog, session: SessionId) -> Result<Vec<Identity>> {
    awaited_of(look, &may_be_awaited(look, own)?, session)
}

/// The sessions for which any log is awaited.
pub(super) fn waiting(look: &dyn Look, own: &OwnLog) -> Result<BTreeSet<SessionId>> {
    let (all, mut found) = (may_be_awaited(look, own)?, BTreeSet::new());
    if all.is_empty() {
        return Ok(found);
    }
    for row in look.sessions()? {
        let session = row.record.rules.id;
        if !awaited_of(look, &all, session)?.is_empty() {
            found.insert(session);
        }
    }
    Ok(found)
}

/// Whether any log is awaited for any session.
pub(super) fn learning(look: &dyn Look, own: &OwnLog) -> Result<bool> {
    Ok(!waiting(look, own)?.is_empty())
}

/// The logs that have not reported in this term and could: each is awaited for every session that it is not settled for.
fn may_be_awaited(look: &dyn Look, own: &OwnLog) -> Result<Vec<Identity>> {
    let could =
        |i: &Identity, log: &LogRow| i.station != own.i.station && !log.closed && log.branch.is_none();
    let all = look.unreported(own.term)?.into_iter();
    Ok(all.filter(|(i, log)| could(i, log)).map(|(i, _)| i).collect())
}

fn awaited_of(look: &dyn Look, all: &[Identity], session: SessionId) -> Result<Vec<Identity>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let settled = look.settled(session)?;
    Ok(all.iter().filter(|i| settled.iter().all(|row| row.i != **i)).copied().collect())
}
