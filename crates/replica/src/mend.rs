//! Looking `log.db` through when a desk opens it: what can be made anew from the entries is mended; where something that rights depend
//! on changed on the disk, the log goes on with a new life, without rights (DESIGN 10, P7).

use rusqlite::{Connection, TransactionBehavior, params};
use usher_core::{
    chain::{hash_entry, verify_entry},
    entry::{Entry, Head},
    ids::{EntryHash, Epoch, Identity},
};

use crate::{Identified, Replica, StoreError, life::Life, log, profiles, row};

/// The number of the kind `CheckIn`.
const CHECK_IN: u32 = usher_core::entry::Kind::CheckIn.number();

impl Replica {
    /// Looks the log through and mends what can be mended; whether everything that rights depend on is as it was written.
    pub(crate) fn mend(&self, who: &Identified) -> Result<bool, StoreError> {
        let side = &mut *self.door();
        let _turn = self.turn();
        let term = side.lists.query_row("SELECT term FROM feed", [], |row| row.get(0))?;
        let tx = side.log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        whole_file(&tx)?;
        let entries = mend_entries(&tx, who)?;
        let line = mend_line(&tx, term)?;
        let lives = mend_lives(&tx)?;
        mend_check_ins(&tx, who.identity)?;
        forget_what_changed(&tx)?;
        profiles::forget_what_changed(&tx)?;
        forget_keys_that_changed(&tx)?;
        let sound = entries && line && lives && rights_are_whole(&tx)? && log_is_complete(&tx)?;
        tx.commit()?;
        if !sound {
            tracing::warn!(
                "what this desk's rights depend on changed on its disk: a new life of its log is due"
            );
        }
        Ok(sound)
    }
}

/// SQLite's own look at the file.
fn whole_file(log: &Connection) -> Result<(), StoreError> {
    let found: String = log.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged(format!("log.db: {found}"))) }
}

/// The columns beside an entry's bytes.
struct Columns {
    epoch: i64,
    seq: i64,
    kind: u32,
    hash: EntryHash,
    hlc: i64,
}

/// Corrects columns beside bytes that are still those that were signed. False: an entry of the life that is written is lost.
fn mend_entries(log: &Connection, who: &Identified) -> Result<bool, StoreError> {
    let mut read =
        log.prepare("SELECT epoch, seq, kind, hash, signature, hlc, bytes FROM entry ORDER BY epoch, seq")?;
    let mut rows = read.query([])?;
    let (mut lost, mut wrong) = (Vec::new(), Vec::new());
    let mut last = (0, 0);
    while let Some(one) = rows.next()? {
        let (epoch, seq): (i64, i64) = (one.get(0)?, one.get(1)?);
        let missing = if last.0 == epoch { seq != last.1 + 1 } else { seq != 1 };
        last = (epoch, seq);
        let right = right_columns(one, who)?;
        if missing || right.is_none() {
            tracing::error!(seq, "an entry of this desk's log was damaged on its disk");
            lost.push(epoch);
        }
        wrong.extend(right.filter(|right| !is_so(one, right)));
    }
    for right in wrong {
        let sql = "UPDATE entry SET kind = ?3, hash = ?4, hlc = ?5 WHERE epoch = ?1 AND seq = ?2";
        log.execute(sql, params![right.epoch, right.seq, right.kind, right.hash.0, right.hlc])?;
    }
    Ok(!lost.contains(&row::bits(who.identity.epoch.0)))
}

/// What should stand beside the bytes; none: the bytes are not what was written at that place.
fn right_columns(one: &rusqlite::Row<'_>, who: &Identified) -> Result<Option<Columns>, StoreError> {
    let bytes: Vec<u8> = one.get(6)?;
    let (epoch, seq) = (one.get(0)?, one.get(1)?);
    let hash = hash_entry(&bytes);
    let here = |entry: &Entry| row::bits(entry.epoch.0) == epoch && row::bits(entry.seq) == seq;
    let Some(entry) = Entry::from_bytes(&bytes).ok().filter(here) else { return Ok(None) };
    let kept = one.get::<_, [u8; 32]>(3).is_ok_and(|kept| EntryHash(kept) == hash);
    let signed = || {
        let signature = one.get::<_, [u8; 64]>(4);
        signature.is_ok_and(|signature| verify_entry(&who.key.verifying_key(), hash, &signature))
    };
    let (kind, hlc) = (entry.body.number(), row::bits(entry.hlc.0));
    Ok((kept || signed()).then_some(Columns { epoch, seq, kind, hash, hlc }))
}

fn is_so(one: &rusqlite::Row<'_>, right: &Columns) -> bool {
    one.get(2) == Ok(right.kind) && one.get(3) == Ok(right.hash.0) && one.get(5) == Ok(right.hlc)
}

/// The term comes again with the next answer; what the server signed is asked for again.
fn mend_line(log: &Connection, term: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE line SET term = ?1, receipt = NULL, receipt_signature = NULL,
               refetch = CASE refetch WHEN 3 THEN 3 ELSE 1 END
               WHERE NOT sum IS row_sum(term, receipt, receipt_signature, refetch)";
    Ok(log.execute(sql, [term])? == 0)
}

/// A life that is not known whole counts as handed over to its end, and is sent again from its beginning.
fn mend_lives(log: &Connection) -> Result<bool, StoreError> {
    let wrong = "NOT sum IS row_sum(epoch, nr, handed, acknowledged_seq, acknowledged_hash, fenced, branch_from, branch_epoch, branch_before, since)";
    let gone = log
        .execute(&format!("DELETE FROM life WHERE {wrong} AND epoch NOT IN (SELECT epoch FROM entry)"), [])?;
    let sql = format!(
        "UPDATE life SET handed = (SELECT max(seq) FROM entry WHERE entry.epoch = life.epoch), acknowledged_seq = 0,
         acknowledged_hash = ?1, branch_from = NULL, branch_epoch = NULL, branch_before = NULL, since = 0 WHERE {wrong}"
    );
    let mended = log.execute(&sql, [Head::EMPTY.hash.0])?;
    let mut read =
        log.prepare("SELECT DISTINCT epoch FROM entry WHERE epoch NOT IN (SELECT epoch FROM life)")?;
    let missing = read.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    for epoch in &missing {
        Life::begin(log, Epoch(row::number(*epoch)))?;
    }
    Ok(gone + mended + missing.len() == 0)
}

/// The fold's cache over own entries is made anew where a row changed or is missing.
fn mend_check_ins(log: &Connection, i: Identity) -> Result<(), StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM check_in
               WHERE NOT sum IS row_sum(epoch, seq, session, subject, hlc, basis, released_by, released_epoch))
               OR (SELECT count(*) FROM check_in) <> (SELECT count(*) FROM entry WHERE kind = ?1)";
    if !log.query_row(sql, [CHECK_IN], |row| row.get::<_, bool>(0))? {
        return Ok(());
    }
    log.execute("DELETE FROM check_in", [])?;
    for life in Life::all(log, i.station)? {
        for one in log::intact_after(log, life.i.epoch, 0, usize::MAX)? {
            log::apply_effect(log, &one.entry)?;
        }
    }
    Ok(())
}

/// What was decided about a card, and small settings: asked for again where they changed.
fn forget_what_changed(log: &Connection) -> Result<(), StoreError> {
    log.execute("DELETE FROM decision WHERE NOT sum IS row_sum(verdict, act, epoch, seq)", [])?;
    log.execute("DELETE FROM setting WHERE NOT sum IS row_sum(name, value)", [])?;
    Ok(())
}

/// A key of the server that changed is one that nobody has, and by it no answer and no list could be taken any more. What led to it comes
/// again from the key before, and the first key from the lists.
fn forget_keys_that_changed(log: &Connection) -> Result<(), StoreError> {
    let sql = "DELETE FROM server_key WHERE NOT sum IS row_sum(nr, public_key, statement, signature)";
    if log.execute(sql, [])? > 0 {
        tracing::error!("a key of the server was damaged on this disk: it is learnt again");
    }
    Ok(())
}

fn rights_are_whole(log: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM rights
                 WHERE NOT sum IS row_sum(session, granted, returned, admitted, refunded, recalled))
               AND NOT EXISTS (SELECT 1 FROM ended WHERE NOT sum IS row_sum(session, term, rev))";
    Ok(log.query_row(sql, [], |row| row.get(0))?)
}

/// Whether each life still has what was handed over and acknowledged of it.
fn log_is_complete(log: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM life WHERE max(handed, acknowledged_seq) >
               (SELECT coalesce(max(seq), 0) FROM entry WHERE entry.epoch = life.epoch))";
    Ok(log.query_row(sql, [], |row| row.get(0))?)
}
