//! The desk's own log: appending signed entries, reading them back.

use rusqlite::{Connection, OptionalExtension, params};
use usher_core::{
    chain::{hash_entry, sign_entry},
    clock::{Hlc, Reading},
    entry::{Body, ENTRY_VERSION, Entry, Head},
    fold::{self, Effect},
    ids::{EntryHash, EntryKey, Epoch, Identity, Seq},
};

use crate::{Identified, Replica, StoreError, life::Life, row};

/// When something happens: the computer's clocks, and the corrected time made of them.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    /// The clocks as read.
    pub reading: Reading,
    /// The corrected time, milliseconds since 1970 UTC.
    pub now_ms: i64,
}

/// An entry of the own log as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The entry.
    pub entry: Entry,
    /// Hash of its bytes.
    pub hash: EntryHash,
    /// Whether the server acknowledged it.
    pub acknowledged: bool,
}

/// The end of the log of `epoch`, and the last logical time in it.
pub(crate) fn head(log: &Connection, epoch: Epoch) -> Result<(Head, Hlc), StoreError> {
    let mut read =
        log.prepare_cached("SELECT seq, hash, hlc FROM entry WHERE epoch = ?1 ORDER BY seq DESC LIMIT 1")?;
    let found = read.query_row([row::bits(epoch.0)], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, i64>(2)?))
    });
    Ok(match found.optional()? {
        Some((seq, hash, hlc)) => {
            (Head { seq: row::number(seq), hash: EntryHash(hash) }, Hlc(row::number(hlc)))
        }
        None => (Head::EMPTY, Hlc::default()),
    })
}

/// The hash of one own entry; none: there is no such entry.
pub(crate) fn hash_at(log: &Connection, epoch: Epoch, seq: Seq) -> Result<Option<EntryHash>, StoreError> {
    if seq == 0 {
        return Ok(Some(Head::EMPTY.hash));
    }
    let mut read = log.prepare_cached("SELECT hash FROM entry WHERE epoch = ?1 AND seq = ?2")?;
    let found = read.query_row(params![row::bits(epoch.0), row::bits(seq)], |row| row.get(0)).optional()?;
    Ok(found.map(EntryHash))
}

/// Appends an entry and its effect on the fold's cache. The caller's transaction makes both durable together.
pub(crate) fn append(
    log: &Connection,
    who: &Identified,
    stamp: Stamp,
    body: Body,
) -> Result<Entry, StoreError> {
    let (head, hlc) = head(log, who.identity.epoch)?;
    let entry = Entry {
        v: ENTRY_VERSION,
        event: who.event,
        station: who.identity.station,
        epoch: who.identity.epoch,
        seq: head.seq + 1,
        prev_hash: head.hash,
        hlc: hlc.tick(stamp.now_ms),
        wall_ms: stamp.reading.wall_ms,
        mono_ms: stamp.reading.mono_ms,
        boot_id: stamp.reading.boot,
        body,
    };
    insert(log, who, &entry)?;
    apply_effect(log, &entry)?;
    Ok(entry)
}

fn insert(log: &Connection, who: &Identified, entry: &Entry) -> Result<(), StoreError> {
    let bytes = entry.to_bytes();
    let hash = hash_entry(&bytes);
    let mut write = log.prepare_cached("INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    write.execute(params![
        row::bits(entry.epoch.0),
        row::bits(entry.seq),
        entry.body.number(),
        hash.0,
        sign_entry(&who.key, hash),
        row::bits(entry.hlc.0),
        bytes,
    ])?;
    Ok(())
}

pub(crate) fn apply_effect(log: &Connection, entry: &Entry) -> Result<(), StoreError> {
    // None of what only the server writes stands in a desk's log.
    match fold::effect(entry, None) {
        Effect::Admits(session, subject, one) => {
            let mut write =
                log.prepare_cached("INSERT INTO check_in (epoch, seq, session, subject, hlc, basis) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
            write.execute(params![
                row::bits(entry.epoch.0),
                row::bits(entry.seq),
                row::id(&session.0),
                row::subject(subject),
                row::bits(one.hlc.0),
                row::basis_number(one.basis),
            ])?;
        }
        Effect::Releases(of) if of.station == entry.station => {
            let sql = "UPDATE check_in SET released_by = ?3, released_epoch = ?4
                       WHERE epoch = ?1 AND seq = ?2 AND released_by IS NULL";
            let of = own_key(log, of)?;
            log.prepare_cached(sql)?.execute(params![
                row::bits(of.epoch.0),
                row::bits(of.seq),
                row::bits(entry.seq),
                row::bits(entry.epoch.0)
            ])?;
        }
        _ => {}
    }
    Ok(())
}

/// Under which key an own entry stands here that others may name by its branch.
fn own_key(log: &Connection, key: EntryKey) -> Result<EntryKey, StoreError> {
    let lives = Life::all(log, key.station)?;
    let of = lives.into_iter().find(|life| life.is_named(key.epoch));
    Ok(of.map_or(key, |life| life.i.key(key.seq)))
}

/// An own entry whose bytes are those that were signed at commit.
pub(crate) struct Intact {
    pub(crate) entry: Entry,
    pub(crate) bytes: Vec<u8>,
}

impl Intact {
    /// The end of a log that ends with it.
    pub(crate) fn head(&self) -> Head {
        Head { seq: self.entry.seq, hash: hash_entry(&self.bytes) }
    }
}

/// Own entries after `after`, at most `limit`, in order. One whose bytes changed on the disk is left out: sent, the server would take
/// it for another branch of the log; counted, it would say what never happened.
pub(crate) fn intact_after(
    log: &Connection,
    epoch: Epoch,
    after: Seq,
    limit: usize,
) -> Result<Vec<Intact>, StoreError> {
    let mut read =
        log.prepare_cached("SELECT seq, hash, bytes FROM entry WHERE epoch = ?1 AND seq > ?2 ORDER BY seq")?;
    let mut rows = read.query([row::bits(epoch.0), row::bits(after)])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()?.filter(|_| found.len() < limit) {
        let (seq, hash) = (row::number(one.get(0)?), EntryHash(one.get(1)?));
        found.extend(intact(seq, hash, one.get(2)?));
    }
    Ok(found)
}

/// The entry, if its bytes are those that have this hash.
pub(crate) fn intact(seq: Seq, hash: EntryHash, bytes: Vec<u8>) -> Option<Intact> {
    let same = hash_entry(&bytes) == hash;
    let entry = Entry::from_bytes(&bytes).ok().filter(|entry| same && entry.seq == seq)?;
    Some(Intact { entry, bytes })
}

/// One own entry.
pub(crate) fn entry(log: &Connection, key: EntryKey) -> Result<Option<Entry>, StoreError> {
    let mut read = log.prepare_cached("SELECT bytes FROM entry WHERE epoch = ?1 AND seq = ?2")?;
    let bytes: Option<Vec<u8>> =
        read.query_row(params![row::bits(key.epoch.0), row::bits(key.seq)], |row| row.get(0)).optional()?;
    bytes.map(|bytes| read_bytes(&bytes)).transpose()
}

pub(crate) fn read_bytes(bytes: &[u8]) -> Result<Entry, StoreError> {
    Entry::from_bytes(bytes).map_err(|error| StoreError::Damaged(error.to_string()))
}

impl Replica {
    /// How many own entries the server has not acknowledged, in all lives.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn waiting(&self, i: Identity) -> Result<u64, StoreError> {
        let side = self.door();
        let mut waiting = 0;
        for life in Life::all(&side.log, i.station)? {
            let (head, _) = head(&side.log, life.i.epoch)?;
            waiting += head.seq.saturating_sub(life.acknowledged.seq);
        }
        Ok(waiting)
    }

    /// The end of the own log.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn head(&self, who: &Identified) -> Result<Head, StoreError> {
        Ok(head(&self.door().log, who.identity.epoch)?.0)
    }

    /// How many entries one life of the own log has.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn length(&self, i: Identity) -> Result<Seq, StoreError> {
        Ok(head(&self.door().log, i.epoch)?.0.seq)
    }

    /// Own entries of one life after number `after`, at most `limit`, in order: for lists and exports. What was damaged on the disk
    /// is left out.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn logged(&self, i: Identity, after: Seq, limit: usize) -> Result<Vec<Logged>, StoreError> {
        let side = self.door();
        let acknowledged = Life::of(&side.log, i)?.acknowledged.seq;
        let read = |one: Intact| Logged {
            hash: one.head().hash,
            acknowledged: one.entry.seq <= acknowledged,
            entry: one.entry,
        };
        Ok(intact_after(&side.log, i.epoch, after, limit)?.into_iter().map(read).collect())
    }

    /// Every life of the own log, the first one first.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn lives(&self, who: &Identified) -> Result<Vec<Identity>, StoreError> {
        let lives = Life::all(&self.door().log, who.identity.station)?;
        Ok(lives.into_iter().map(|life| life.i).collect())
    }
}
