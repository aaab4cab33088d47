//! What supervisors say to this desk: messages that came down the feed, and the notes that they were read.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use usher_core::{
    clock::Hlc,
    entry::{Body, Entry, Message, Note, NoteKind},
    ids::{EntryKey, Epoch, SessionId, ShiftId, StationId},
};

use crate::{
    Identified, Replica, Side, StoreError,
    life::Life,
    lists::{self, from_json, to_json},
    log::{Stamp, append, read_bytes},
    row,
};

/// The setting under which stands what was read: with its note in one commit, so that a restart shows it no more.
const READ: &str = "messages_read";
/// How many of them are remembered: more than a desk is sent in the hours for which one is shown.
const READ_MAX: usize = 500;
/// How many unread ones are given: whoever has not read so many reads the oldest first.
const HEARD_MAX: usize = 200;

/// A message for this desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The entry.
    pub key: EntryKey,
    /// When it was written, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// What it says.
    pub said: Message,
}

/// Keeps where a message stands.
pub(crate) fn keep(lists: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let (station, epoch, seq) = row::key(entry.key());
    let sql = "INSERT OR IGNORE INTO message VALUES (?1, ?2, ?3, ?4, row_sum(?1, ?2, ?3, ?4))";
    lists.prepare_cached(sql)?.execute(params![station, epoch, seq, row::bits(entry.hlc.0)])?;
    Ok(())
}

impl Replica {
    /// The messages for this desk that were written at or after `since_ms`, and since it was enrolled, and that nobody here has read; the
    /// oldest first. Those for a session only while it is one that is `served`.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn unread(
        &self,
        who: &Identified,
        served: &[SessionId],
        since_ms: i64,
    ) -> Result<Vec<Heard>, StoreError> {
        let side = self.door();
        let keys = since(&side.lists, since_ms)?;
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let (read, enrolled) = (read(&side.log)?, enrolled(&side, who)?);
        let mut found = Vec::new();
        for (key, hlc) in keys.into_iter().filter(|(key, hlc)| *hlc >= enrolled && !read.contains(key)) {
            let bytes = lists::entry_bytes(&side.lists, key)?;
            let entry = bytes.map(|bytes| read_bytes(&bytes)).transpose()?;
            if let Some(Body::Message(said)) = entry.map(|entry| entry.body)
                && is_for(&said, who.identity.station, served)
            {
                found.push(Heard { key, at_ms: hlc.ms(), said });
            }
            if found.len() == HEARD_MAX {
                break;
            }
        }
        Ok(found)
    }

    /// Notes that a message was read here. It is not given as unread any more, also after a restart.
    ///
    /// # Errors
    /// A fault of the files: nothing was written.
    pub fn read_message(
        &self,
        who: &Identified,
        of: EntryKey,
        shift: Option<ShiftId>,
        stamp: Stamp,
    ) -> Result<(), StoreError> {
        self.decide(who, |side| {
            let mut known: Vec<EntryKey> = known(&side.log)?;
            if known.contains(&of) {
                return Ok(());
            }
            known.push(of);
            let first = known.len().saturating_sub(READ_MAX);
            let sql = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)";
            side.log.prepare_cached(sql)?.execute(params![READ, to_json(&&known[first..])?])?;
            let note = Note { kind: NoteKind::MessageRead, value: None, of: Some(of), shift };
            append(&side.log, who, stamp, Body::Note(note)).map(drop)
        })
    }

    /// Notes that help was asked for here.
    ///
    /// # Errors
    /// A fault of the files: nothing was written.
    pub fn note_help(
        &self,
        who: &Identified,
        shift: Option<ShiftId>,
        stamp: Stamp,
    ) -> Result<(), StoreError> {
        let note = Note { kind: NoteKind::HelpAsked, value: None, of: None, shift };
        self.decide(who, |side| append(&side.log, who, stamp, Body::Note(note)).map(drop))
    }
}

/// Where messages stand that were written since then, the oldest first.
fn since(lists: &Connection, since_ms: i64) -> Result<Vec<(EntryKey, Hlc)>, StoreError> {
    let sql =
        "SELECT station, epoch, seq, hlc FROM message WHERE hlc >= ?1 ORDER BY hlc, station, epoch, seq";
    let mut read = lists.prepare_cached(sql)?;
    let mut rows = read.query([row::bits(Hlc::from_ms(since_ms).0)])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()? {
        let station = StationId(row::uuid(&one.get::<_, Vec<u8>>(0)?)?);
        let key = EntryKey { station, epoch: Epoch(row::number(one.get(1)?)), seq: row::number(one.get(2)?) };
        found.push((key, Hlc(row::number(one.get(3)?))));
    }
    Ok(found)
}

fn known(log: &Connection) -> Result<Vec<EntryKey>, StoreError> {
    let mut read = log.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    let text: Option<String> = read.query_row([READ], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| from_json(&text).ok()).unwrap_or_default())
}

fn read(log: &Connection) -> Result<BTreeSet<EntryKey>, StoreError> {
    Ok(known(log)?.into_iter().collect())
}

/// When this desk began: what was said before was not said to it.
fn enrolled(side: &Side, who: &Identified) -> Result<Hlc, StoreError> {
    let lives = Life::all(&side.log, who.identity.station)?;
    let Some(first) = lives.first() else { return Ok(Hlc::default()) };
    let mut read = side.log.prepare_cached("SELECT hlc FROM entry WHERE epoch = ?1 AND seq = 1")?;
    let hlc = read.query_row([row::bits(first.i.epoch.0)], |row| row.get(0)).optional()?;
    Ok(hlc.map_or(Hlc::default(), |hlc| Hlc(row::number(hlc))))
}

fn is_for(said: &Message, desk: StationId, served: &[SessionId]) -> bool {
    said.to.is_none_or(|to| to == desk) && said.session.is_none_or(|session| served.contains(&session))
}
