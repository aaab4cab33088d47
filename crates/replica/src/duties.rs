//! What a desk owes the server once it has heard from it: rights that were asked back, rights of sessions that it serves no longer,
//! and the word that it uses no held seat any more that was taken away. And what it would like: rights for the sessions it serves.

use rusqlite::{Connection, TransactionBehavior, params};
use usher_core::{
    capacity::refill,
    clock::Hlc,
    entry::{Body, Return},
    ids::SessionId,
};
use usher_protocol::{
    limits::{WANT_MAX, WANTS_PER_REQUEST_MAX},
    sync::Want,
};

use crate::{
    Identified, Replica, StoreError, holds, lists,
    log::{self, Stamp, append},
    rights, row,
};

/// How many rights a desk likes to have at least, so that a line of guests finds places when the network goes.
pub const PLACES_TARGET: u64 = 20;
/// Over which time its own rate is taken, in milliseconds: 5 minutes.
const RATE_MS: i64 = 300_000;
/// How many of its last entries are looked at for that.
const RATE_ENTRIES: u64 = 1_000;

impl Replica {
    /// Does what the desk owes; how many entries that took. `serving`: the sessions whose rights it keeps.
    ///
    /// # Errors
    /// A fault of the files; nothing was written then.
    pub fn do_duties(
        &self,
        who: &Identified,
        serving: impl IntoIterator<Item = SessionId>,
        stamp: Stamp,
    ) -> Result<u64, StoreError> {
        let serving: Vec<_> = serving.into_iter().collect();
        self.owed(who, &serving, stamp).inspect_err(|error| self.blame_lists(error))
    }

    fn owed(&self, who: &Identified, serving: &[SessionId], stamp: Stamp) -> Result<u64, StoreError> {
        let mut side = self.sync();
        let side = &mut *side;
        let ends = holds::to_end(&side.log, &side.lists)?;
        if !ends.is_empty() {
            // A power cut must not take back what the lists learnt and the log answers: a restored server may never tell it again
            // (seed 832739). A guest's turn does not wait for that.
            self.sync_lists()?;
        }
        let _turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut written = holds::end(&tx, &ends, who, stamp)?;
        for (session, left, owed) in spare(&tx)? {
            let back = if serving.contains(&session) { owed } else { left };
            written += give_back(&tx, who, session, back, stamp)?;
        }
        if written == 0 {
            return Ok(0);
        }
        let head = log::head(&tx, who.identity.epoch)?.0;
        tx.commit()?;
        self.note_mark(who, head);
        Ok(written)
    }

    /// Gives the unused rights of a session back; how many.
    ///
    /// # Errors
    /// A fault of the files; nothing was given back then.
    pub fn give_back(&self, who: &Identified, session: SessionId, stamp: Stamp) -> Result<u64, StoreError> {
        let side = &mut *self.door();
        let _turn = self.turn();
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let left = rights::of(&tx, session)?.available();
        give_back(&tx, who, session, left, stamp)?;
        let head = log::head(&tx, who.identity.epoch)?.0;
        tx.commit()?;
        self.note_mark(who, head);
        Ok(left)
    }
}

/// Sessions with rights left: how many, and how many of them the server asked for.
fn spare(log: &Connection) -> Result<Vec<(SessionId, u64, u64)>, StoreError> {
    let all = rights::all(log)?.into_iter().filter(|(_, rights)| rights.available() > 0);
    Ok(all.map(|(session, rights)| (session, rights.available(), rights.owed())).collect())
}

fn give_back(
    log: &Connection,
    who: &Identified,
    session: SessionId,
    rights: u64,
    stamp: Stamp,
) -> Result<u64, StoreError> {
    let Ok(rights @ 1..) = u32::try_from(rights) else { return Ok(0) };
    rights::part_with(log, session, rights)?;
    append(log, who, stamp, Body::Return(Return { session, rights }))?;
    Ok(1)
}

/// The rights that the desk would like for the sessions it serves: enough for twice its own rate, once it has less than half of that.
pub(crate) fn wants(
    log: &Connection,
    lists: &Connection,
    who: &Identified,
    serving: &[SessionId],
    now_ms: i64,
) -> Result<Vec<Want>, StoreError> {
    let mut wants = Vec::new();
    for session in serving.iter().take(WANTS_PER_REQUEST_MAX) {
        wants.extend(want(log, lists, who, *session, now_ms)?);
    }
    Ok(wants)
}

fn want(
    log: &Connection,
    lists: &Connection,
    who: &Identified,
    session: SessionId,
    now_ms: i64,
) -> Result<Option<Want>, StoreError> {
    let limited = lists::session(lists, session)?.is_some_and(|record| record.rules.capacity.is_some());
    let target = (recent(log, who, session, now_ms)? * 2).clamp(PLACES_TARGET, WANT_MAX);
    let rights = refill(rights::of(log, session)?.available(), target);
    Ok((limited && rights > 0).then_some(Want { session, rights }))
}

/// How many this desk let in lately.
fn recent(log: &Connection, who: &Identified, session: SessionId, now_ms: i64) -> Result<u64, StoreError> {
    let epoch = who.identity.epoch;
    let first = log::head(log, epoch)?.0.seq.saturating_sub(RATE_ENTRIES);
    let sql = "SELECT count(*) FROM check_in WHERE epoch = ?1 AND seq > ?2 AND session = ?3 AND hlc >= ?4";
    let since = Hlc::from_ms(now_ms.saturating_sub(RATE_MS));
    let at = params![row::bits(epoch.0), row::bits(first), row::id(&session.0), row::bits(since.0)];
    Ok(log.prepare_cached(sql)?.query_row(at, |row| row.get(0)).map(row::number)?)
}
