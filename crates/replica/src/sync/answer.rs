//! What an answer means: first the feed, then what is acknowledged, granted and asked back.

use std::sync::atomic::Ordering;

use rusqlite::{Connection, TransactionBehavior, params};
use usher_core::{
    branch::Branch,
    chain::{AnswerProof, sha256},
    entry::Head,
    ids::Identity,
};
use usher_protocol::sync::{Change, Signed, SyncAnswer};

use super::{
    Applied, Outgoing, REFETCH_DUE, REFETCH_FIRST, REFETCH_ONCE_LEARNT, Receipt, SyncError,
    ask::unsent_lives, cursor, refetch, term,
};
use crate::{
    Identified, Replica, Side, StoreError, give_back, life::Life, lists, log, profiles, rebuild, rights, row,
    server_key::Trust,
};

impl Replica {
    /// Applies an answer: the feed and cursor in one transaction of `replica.db`, then what is acknowledged and granted in one of
    /// `log.db`. A crash between the two loses nothing: both are totals and come again.
    ///
    /// # Errors
    /// [`SyncError::Unsigned`] when the event's server signs its answers and this one is not; otherwise a fault of the files.
    pub fn apply_answer(
        &self,
        who: &Identified,
        sent: &Outgoing,
        answer: &SyncAnswer,
        receipt: Option<Receipt<'_>>,
        now_ms: i64,
    ) -> Result<Applied, SyncError> {
        let taken = self.take_answer(who, sent, answer, receipt, now_ms).inspect_err(|error| {
            if let SyncError::Store(error) = error {
                self.blame_lists(error);
            }
        });
        self.hear_of(answer.changes.iter().filter_map(|item| match &item.change {
            Change::Person(person) => Some(person),
            _ => None,
        }));
        taken
    }

    fn take_answer(
        &self,
        who: &Identified,
        sent: &Outgoing,
        answer: &SyncAnswer,
        receipt: Option<Receipt<'_>>,
        now_ms: i64,
    ) -> Result<Applied, SyncError> {
        let mut side = self.sync();
        let side = &mut *side;
        let before = term(&side.log)?;
        if answer.term < before || cursor(&side.lists)? != sent.cursor {
            return Ok(Applied { stale: true, ..Applied::default() });
        }
        let checked = check_signature(side, who, sent.life, answer, receipt);
        self.doubted.store(matches!(checked, Err(SyncError::Unsigned)), Ordering::Relaxed);
        let Checked { signed, trust } = checked?;
        if let Some(trust) = trust {
            // Before anything else that the answer says: from here on nothing of an earlier key is believed.
            let _turn = self.turn();
            trust.keep(&mut side.log)?;
        }
        let current = sent.life == who.identity;
        if current {
            // All that the server signed before this answer is held with it.
            let words = [give_back::receipt(&side.log)?, signed.clone()];
            apply_feed(&mut side.lists, sent, answer, words.iter().flatten(), now_ms)?;
            self.giving().hear(answer.term, answer.lacks.as_ref(), &sent.offered, sent.profiles_upto);
            self.no_profiles.store(answer.profiles.is_none(), Ordering::Relaxed);
        }
        if current && !answer.more && Life::of(&side.log, sent.life)?.since == 0 {
            // From here on held seats are used: what the feed took away before must not come back with a power cut.
            self.sync_lists()?;
        }
        let turn = self.turn();
        apply_line(&mut side.log, sent, current, answer, signed.as_ref())?;
        drop(turn);
        self.hear_branch(side, sent.life, answer)?;
        // What an earlier life is told says nothing about the one that is written: its turn comes next.
        let more = answer.more
            || !current
            || unsent_lives(&side.log, who)?
            || more_profiles(&side.log, sent, answer)?
            || answer.lacks.is_some() && (answer.term != before || !sent.said_all);
        let fenced = current && answer.fenced;
        Ok(Applied { changes: answer.changes.len(), more, stale: false, fenced, put_off: sent.put_off })
    }

    /// The server counts this life under another epoch from an entry on: so does this desk, from now on. Put back, it may count as the
    /// log what was a branch before. What was absorbed under the other name is counted anew.
    fn hear_branch(&self, side: &mut Side, life: Identity, answer: &SyncAnswer) -> Result<(), StoreError> {
        let before = Life::of(&side.log, life)?.branch;
        let now = match (&answer.branch, &before) {
            (Some(mark), _) => Some(mark.clone().of(life)),
            (None, Some(branch)) if !holds_past(&side.log, branch, answer.acknowledged)? => before.clone(),
            (None, _) => None,
        };
        if now != before {
            let _turn = self.turn();
            let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
            Life::set_branch(&tx, life.epoch, now.as_ref())?;
            rebuild::want(&tx)?;
            tx.commit()?;
        }
        self.count_afresh(side)
    }
}

/// Whether what the server holds is this life's own, and lies behind where the branch left: what both have in common says nothing.
fn holds_past(log: &Connection, branch: &Branch, held: Head) -> Result<bool, StoreError> {
    let own = log::hash_at(log, branch.of.epoch, held.seq)? == Some(held.hash);
    Ok(own && held.seq >= branch.fork.from)
}

/// An answer that is believed.
struct Checked {
    /// Its signature; none: nothing came with it, and none was wanted.
    signed: Option<Signed>,
    /// By which key it is believed; none: the event's server is of version 0.1 and signs nothing.
    trust: Option<Trust>,
}

/// Checks the answer's signature by the newest key of the server to which the answer leads.
fn check_signature(
    side: &Side,
    who: &Identified,
    life: Identity,
    answer: &SyncAnswer,
    receipt: Option<Receipt<'_>>,
) -> Result<Checked, SyncError> {
    let Some(trust) = Trust::of(&side.log, &side.lists, who.event, &answer.successions)? else {
        return Ok(Checked { signed: receipt.map(|receipt| receipt.signed.clone()), trust: None });
    };
    let receipt = receipt.ok_or(SyncError::Unsigned)?;
    let proof = AnswerProof::from_bytes(&receipt.signed.proof.0).map_err(|_| SyncError::Unsigned)?;
    let good = trust.signed(receipt.signed)
        && proof.event == who.event
        && proof.to == life
        && proof.body == sha256(receipt.body)
        && proof.term == answer.term
        && proof.acknowledged == answer.acknowledged;
    let signed = good.then(|| receipt.signed.clone()).ok_or(SyncError::Unsigned)?;
    Ok(Checked { signed: Some(signed), trust: Some(trust) })
}

fn apply_feed<'a>(
    connection: &mut Connection,
    sent: &Outgoing,
    answer: &SyncAnswer,
    mut words: impl Iterator<Item = &'a Signed>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for item in &answer.changes {
        lists::apply(&tx, item, answer.term)?;
    }
    words.try_for_each(|signed| give_back::keep_word(&tx, signed))?;
    sent.list.as_ref().map_or(Ok(()), |shown| give_back::forget_list_word(&tx, shown))?;
    // Only the end of the feed says how current this desk is: pages on the way there are old news.
    let synced = if answer.more { None } else { Some(now_ms) };
    tx.prepare_cached("UPDATE feed SET term = ?1, position = ?2, synced_ms = coalesce(?3, synced_ms)")?
        .execute(params![row::bits(answer.cursor.term), row::bits(answer.cursor.position), synced])?;
    Ok(tx.commit()?)
}

/// Takes in what is acknowledged, granted and recalled. Once a term after a restore has learnt what there is to learn, the lists are
/// to be fetched whole.
fn apply_line(
    connection: &mut Connection,
    sent: &Outgoing,
    current: bool,
    answer: &SyncAnswer,
    signed: Option<&Signed>,
) -> Result<(), StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let new_term = answer.term > term(&tx)?;
    let (proof, signature) = signed.map(|it| (&it.proof.0, &it.signature.0)).unzip();
    let sql = "UPDATE line SET term = ?1, receipt = coalesce(?2, receipt),
               receipt_signature = coalesce(?3, receipt_signature), refetch = ?4";
    let after = refetch_after(refetch(&tx)?, new_term, current && is_learnt(answer));
    tx.prepare_cached(sql)?.execute(params![row::bits(answer.term), proof, signature, after])?;
    if new_term {
        doubt_earlier(&tx, sent.life)?;
        profiles::send_again(&tx)?;
    }
    acknowledge(&tx, sent.life, answer)?;
    if current {
        profiles::hear(&tx, &sent.profiles, answer)?;
        for grant in &answer.grants {
            rights::raise(&tx, grant)?;
        }
        for total in &answer.recalls {
            rights::recall(&tx, total)?;
        }
    }
    Ok(tx.commit()?)
}

/// Whether there are profiles to be sent to a server that takes them. One that it did not deal with waits for the next quiet sync.
fn more_profiles(log: &Connection, sent: &Outgoing, answer: &SyncAnswer) -> Result<bool, StoreError> {
    let takes = answer.profiles.as_ref().is_some_and(|dealt| sent.profiles.is_empty() || !dealt.is_empty());
    Ok(takes && !profiles::unsent(log, 1)?.is_empty())
}

/// Whether the server has learnt all that there is to learn, and this desk all that there is.
const fn is_learnt(answer: &SyncAnswer) -> bool {
    !answer.learning && !answer.more && answer.lacks.is_none()
}

/// When the lists are to be fetched after an answer. What was due waits where the server was put back: until it has learnt, these lists
/// may be the last that hold what it lacks.
const fn refetch_after(before: i64, new_term: bool, learnt: bool) -> i64 {
    match before {
        REFETCH_FIRST => REFETCH_FIRST,
        REFETCH_ONCE_LEARNT if learnt => REFETCH_DUE,
        _ if new_term && learnt => REFETCH_DUE,
        _ if new_term => REFETCH_ONCE_LEARNT,
        before => before,
    }
}

/// A server that was put back may have lost the end of an earlier life, of which no answer speaks any more: each is offered whole once
/// more.
fn doubt_earlier(log: &Connection, life: Identity) -> Result<(), StoreError> {
    let sql = "UPDATE life SET acknowledged_seq = 0, acknowledged_hash = ?2
               WHERE epoch <> ?1 AND nr < (SELECT max(nr) FROM life)";
    log.prepare_cached(sql)?.execute(params![row::bits(life.epoch.0), Head::EMPTY.hash.0])?;
    Ok(())
}

/// What the server holds is what it says, if this desk wrote it that way. It may be less than before: a server put back to a backup
/// is sent the rest again. Held seats may be used from the answer on that brings the feed's end: until then the lists may give some that
/// were taken away before the server knew of this life. If it names another entry, the log was continued twice: it is sent whole, and the server tells the
/// branches apart.
fn acknowledge(log: &Connection, life: Identity, answer: &SyncAnswer) -> Result<(), StoreError> {
    let known = log::hash_at(log, life.epoch, answer.acknowledged.seq)?;
    let held = if known == Some(answer.acknowledged.hash) { answer.acknowledged } else { Head::EMPTY };
    let sql = "UPDATE life SET acknowledged_seq = ?2, acknowledged_hash = ?3, fenced = fenced OR ?4,
               since = CASE WHEN since = 0 AND ?2 > 0 AND NOT ?6 THEN ?5 ELSE since END WHERE epoch = ?1";
    log.prepare_cached(sql)?.execute(params![
        row::bits(life.epoch.0),
        row::bits(held.seq),
        held.hash.0,
        answer.fenced,
        row::bits(answer.term),
        answer.more
    ])?;
    Ok(())
}
