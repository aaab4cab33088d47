//! The rights of a log that was continued twice (docs/decisions/0011): both copies of the desk hold what it had at the fork, so what
//! may still be admitted is what the one with more left may admit. The copies' check-ins are kept under two identities.

use usher_core::{
    branch::Branch,
    capacity::Rights,
    entry::{Basis, Body, Entry},
    ids::{EntryKey, Identity, SessionId},
};

use super::{placed, rights_at};
use crate::{Result, store::Look};

/// What the branches of the log `i` may still admit, the most of any of them; 0: it has none. Walks the log's common part: forks are
/// rare, and end when their desks have heard of them.
pub(super) fn most(look: &dyn Look, session: SessionId, i: Identity) -> Result<u64> {
    let mut most = 0;
    for (branch, log) in look.branches(i)? {
        let Some(course) = log.branch.filter(|_| !log.closed) else { continue };
        let common = spent_before(look, session, &course)?;
        let own = rights_at(look, session, branch)?;
        let all = Rights {
            granted: rights_at(look, session, i)?.granted,
            returned: common.returned + own.returned,
            admitted: common.admitted + own.admitted,
            refunded: common.refunded + own.refunded,
            recalled: 0,
        };
        most = most.max(all.available());
    }
    Ok(most)
}

/// What a branch spent and gave back before it left what it is a branch of: the log, and other branches after that. What is kept as
/// disputed stands behind what was published, and is as if unreceived.
fn spent_before(look: &dyn Look, session: SessionId, branch: &Branch) -> Result<Rights> {
    let (mut rights, mut at) = (Rights::default(), branch.of);
    for fork in branch.course() {
        let end = look.published_end(at)?.min(fork.from.saturating_sub(1));
        look.entries_of(at, 0, &mut |row| {
            if row.key.seq <= end {
                count(look, session, &placed(look, &row)?, &mut rights)?;
            }
            Ok(row.key.seq < end)
        })?;
        at.epoch = fork.epoch;
    }
    Ok(rights)
}

fn count(look: &dyn Look, session: SessionId, entry: &Entry, rights: &mut Rights) -> Result<()> {
    match &entry.body {
        Body::CheckIn(one) if one.session == session && one.basis == Basis::Grant => rights.admitted += 1,
        Body::Return(one) if one.session == session => rights.returned += u64::from(one.rights),
        Body::Undo(undo) if undo.refund && spent_a_right(look, session, undo.of)? => rights.refunded += 1,
        _ => {}
    }
    Ok(())
}

fn spent_a_right(look: &dyn Look, session: SessionId, of: EntryKey) -> Result<bool> {
    Ok(look.check_in(of)?.is_some_and(|row| row.session == session && row.basis == Basis::Grant))
}
