//! What a sync is answered with: the feed after the cursor, what is acknowledged, granted, asked back and wanted.

use usher_core::{chain::RequestProof, entry::Head, ids::Identity};
use usher_protocol::{
    error::SERVICE,
    limits::{CHANGES_PER_ANSWER_MAX, PROTOCOL_OLDEST, PROTOCOL_PROOFS},
    sync::{BranchMark, Change, Cursor, GrantTotal, Positioned, SyncAnswer, SyncRequest},
};

use super::{Authority, OwnLog, awaiting::learning, learning::ends};
use crate::{
    Result,
    store::{LogRow, Look, Store},
};

/// About how many bytes of changes one answer carries, well below [`usher_protocol::limits::ANSWER_BYTES_MAX`].
const PAGE_BYTES_MAX: usize = 6 * 1024 * 1024;

/// One page of the feed.
struct Page {
    changes: Vec<Positioned>,
    position: u64,
    more: bool,
}

impl<S: Store> Authority<S> {
    /// What a desk's request is answered with, in the transaction that took it.
    pub(super) fn answer(
        &self,
        look: &dyn Look,
        proof: &RequestProof,
        request: &SyncRequest,
        at: Identity,
        now_ms: i64,
    ) -> Result<SyncAnswer> {
        let (own, i) = (self.own(), proof.identity());
        let page = page(look, &own, i, request)?;
        let (grants, recalls) = if page.more { (Vec::new(), Vec::new()) } else { totals(look, i)? };
        let log = look.log(at)?.unwrap_or(LogRow::empty(own.term));
        Ok(SyncAnswer {
            service: SERVICE.into(),
            term: own.term,
            acknowledged: known_end(look, at, &log, proof.head)?,
            changes: page.changes,
            cursor: Cursor { term: own.term, position: page.position },
            more: page.more,
            grants,
            recalls,
            server_ms: now_ms,
            oldest: PROTOCOL_OLDEST,
            fenced: log.fenced,
            branch: log.branch.map(BranchMark::from),
            lacks: awaits(look, &own, i)?.then(|| ends(look, &own, i)).transpose()?,
            learning: learning(look, &own)?,
            successions: own.news_of_keys(request),
            profiles: None,
            asks_kept: request.status.asks.is_some(),
        })
    }
}

/// The end of the log as the asking desk can know it: that of a desk whose files are an older copy lies before what is held, and an
/// entry that it never wrote would tell it nothing.
fn known_end(look: &dyn Look, at: Identity, log: &LogRow, claimed: Head) -> Result<Head> {
    let behind = claimed.seq > 0 && claimed.seq < log.head.seq;
    let held = behind && look.entry(at.key(claimed.seq))?.is_some_and(|row| row.hash == claimed.hash);
    Ok(if held { claimed } else { log.head })
}

/// Whether the log is one that is awaited.
fn awaits(look: &dyn Look, own: &OwnLog, i: Identity) -> Result<bool> {
    Ok(look.log(i)?.is_some_and(|log| log.reported < own.term))
}

/// The feed after the cursor, within bounds. A cursor of another term, or one beyond the end, reads from the beginning.
fn page(look: &dyn Look, own: &OwnLog, i: Identity, request: &SyncRequest) -> Result<Page> {
    let (end, cursor) = (look.feed_end()?, request.cursor);
    let ours = cursor.term == own.term && cursor.position <= end;
    let mut page = Page { changes: Vec::new(), position: end, more: false };
    let mut bytes = 0;
    look.feed(if ours { cursor.position } else { 0 }, Some(i), &mut |row| {
        // A station of version 0.1 would set every proof aside as something that it does not know.
        if request.protocol < PROTOCOL_PROOFS && matches!(row.change, Change::Proof(_)) {
            return Ok(true);
        }
        bytes += row.bytes;
        page.more = page.changes.len() == CHANGES_PER_ANSWER_MAX
            || (bytes > PAGE_BYTES_MAX && !page.changes.is_empty());
        if !page.more {
            page.changes.push(Positioned { position: row.position, change: row.change });
        }
        Ok(!page.more)
    })?;
    if let (true, Some(last)) = (page.more, page.changes.last()) {
        page.position = last.position;
    }
    Ok(page)
}

/// All rights ever granted to a log, and how many it should have returned where it has not.
fn totals(look: &dyn Look, i: Identity) -> Result<(Vec<GrantTotal>, Vec<GrantTotal>)> {
    let (mut grants, mut recalls) = (Vec::new(), Vec::new());
    for (session, rights) in look.rights_of(i)? {
        if rights.granted > 0 {
            grants.push(GrantTotal { session, total: rights.granted });
        }
        if rights.owed() > 0 {
            recalls.push(GrantTotal { session, total: rights.recalled });
        }
    }
    Ok((grants, recalls))
}
