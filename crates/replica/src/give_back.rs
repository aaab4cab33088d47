//! Giving a restored server back what it lacks: others' entries and the server's own, by their writers' proofs (DESIGN section 5).
//!
//! The desk's own lives need nothing here: the server acknowledges less than before, and they are sent again.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use usher_core::{
    chain::{AnswerProof, hash_entry},
    ids::{Epoch, Identity, PersonId, Seq, StationId, Term},
};
use usher_protocol::{
    limits::{RELAYED_BYTES_MAX, RELAYED_PER_REQUEST_MAX},
    sync::{EntryBytes, LogEnd, LogProof, Relayed, Signed},
};

use crate::{StoreError, lists, row};

/// What the server of this term lacks, and what was offered to it since it said so.
#[derive(Debug, Default)]
pub(crate) struct Giving {
    pub(crate) term: Term,
    pub(crate) lacks: Option<Vec<LogEnd>>,
    /// Offered and answered: not offered again, whatever came of it.
    pub(crate) offered: BTreeMap<Identity, Seq>,
    /// Up to whom the lists' profiles were offered and answered.
    pub(crate) profiles_upto: Option<PersonId>,
    /// The last request gave something back, and no answer came so far: on a line on which all that does not arrive, this desk's own
    /// entries still may. The next request goes without.
    pub(crate) unanswered: bool,
}

/// A part of what the server lacks, and whether nothing is left behind it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    pub(crate) relayed: Vec<Relayed>,
    pub(crate) ends: Vec<(Identity, Seq)>,
    pub(crate) last: bool,
    /// Nothing is given back with this request, since the last time that brought no answer.
    pub(crate) put_off: bool,
}

/// How much a request carries.
#[derive(Clone, Copy, Default)]
struct Size {
    entries: usize,
    bytes: usize,
}

impl Size {
    fn of(entries: &[EntryBytes]) -> Self {
        Self { entries: entries.len(), bytes: entries.iter().map(|entry| entry.0.len()).sum() }
    }

    fn with(self, other: Self) -> Self {
        Self { entries: self.entries + other.entries, bytes: self.bytes + other.bytes }
    }

    fn fits(self, entries_max: usize) -> bool {
        self.entries <= entries_max && self.bytes <= RELAYED_BYTES_MAX
    }
}

impl Giving {
    /// Takes in what an answer in `term` says. What was offered to a server of another term may not be what this one lacks.
    pub(crate) fn hear(
        &mut self,
        term: Term,
        lacks: Option<&Vec<LogEnd>>,
        answered: &[(Identity, Seq)],
        profiles_upto: Option<PersonId>,
    ) {
        let same = term == self.term;
        if !same {
            *self = Self { term, ..Self::default() };
        }
        for (log, seq) in answered.iter().filter(|_| same) {
            let offered = self.offered.entry(*log).or_default();
            *offered = (*offered).max(*seq);
        }
        if same {
            self.profiles_upto = self.profiles_upto.max(profiles_upto);
        }
        self.lacks = lacks.cloned();
        self.unanswered = false;
    }

    /// The next part to give back; none: the server has not said that it lacks anything.
    pub(crate) fn next(&mut self, lists: &Connection, own: StationId) -> Result<Option<Part>, StoreError> {
        let put_off = std::mem::take(&mut self.unanswered);
        let Some(lacks) = &self.lacks else { return Ok(None) };
        if put_off {
            return Ok(Some(Part { put_off, ..Part::default() }));
        }
        let mut part = Part { last: true, ..Part::default() };
        let mut filled = Size::default();
        for (log, end, proof) in known_ends(lists, own)? {
            let held = lacks.iter().find(|one| one.log == log).map_or(0, |one| one.seq);
            let after = held.max(self.offered.get(&log).copied().unwrap_or(0));
            if end <= after {
                continue;
            }
            let entries = entries(lists, log, held, end)?;
            let size = Size::of(&entries);
            if !size.fits(RELAYED_PER_REQUEST_MAX) {
                // Waiting for a part that can never be sent would keep the server from giving places for ever.
                tracing::error!(station = %log.station, size.entries, "the server lacks more of a log than one request can give back");
                continue;
            }
            if !part.relayed.is_empty() && !filled.with(size).fits(RELAYED_PER_REQUEST_MAX / 3) {
                part.last = false;
                continue;
            }
            filled = filled.with(size);
            part.ends.push((log, end));
            part.relayed.push(Relayed { log, entries, proof });
        }
        Ok(Some(part))
    }
}

/// The proven ends of every log but one's own, by log and then by number.
fn known_ends(lists: &Connection, own: StationId) -> Result<Vec<(Identity, Seq, Signed)>, StoreError> {
    let sql = "SELECT station, epoch, seq, proof, signature FROM proof WHERE station <> ?1 ORDER BY station, epoch, seq";
    let mut read = lists.prepare_cached(sql)?;
    let mut rows = read.query(params![row::id(&own.0)])?;
    let mut found = Vec::new();
    while let Some(one) = rows.next()? {
        let station = StationId(row::uuid(&one.get::<_, Vec<u8>>(0)?)?);
        let log = Identity { station, epoch: Epoch(row::number(one.get(1)?)) };
        let signed = Signed { proof: EntryBytes(one.get(3)?), signature: EntryBytes(one.get(4)?) };
        found.push((log, row::number(one.get(2)?), signed));
    }
    Ok(found)
}

/// Keeps what the server signed as the proof of its own log's end, once all up to there is held here: by it a later server, which
/// has forgotten it, can be given it back. What it signs next may be of another log.
pub(crate) fn keep_word(lists: &Connection, signed: &Signed) -> Result<(), StoreError> {
    let Ok(proof) = AnswerProof::from_bytes(&signed.proof.0) else { return Ok(()) };
    let (log, head) = (proof.own, proof.head);
    match lists::entry_bytes(lists, log.key(head.seq))? {
        Some(bytes) if hash_entry(&bytes) == head.hash => {
            lists::keep_proof(lists, &LogProof { log, head, signed: signed.clone() })
        }
        _ => Ok(()),
    }
}

/// Copies what proves the server's logs from lists that are about to go, as far as `next` holds the entries; and what it signed of
/// those lists, where that was not shown yet. Lists that go because they are damaged keep no new ones away: what cannot be read of them
/// is lost.
pub(crate) fn carry_words_over(lists: &Connection, next: &Connection) -> Result<(), StoreError> {
    let Some(server) = lists::server(next)? else { return Ok(()) };
    for signed in if_readable(words_of(lists, server))?.unwrap_or_default() {
        keep_word(next, &signed)?;
    }
    let shown = if_readable(list_word(lists))?.flatten();
    shown.as_ref().map_or(Ok(()), |word| note_list_word(next, word))
}

/// What proves a server's logs.
fn words_of(lists: &Connection, server: StationId) -> Result<Vec<Signed>, StoreError> {
    let mut read =
        lists.prepare("SELECT proof, signature FROM proof WHERE station = ?1 ORDER BY epoch, seq")?;
    let rows = read.query_map([row::id(&server.0)], |row| {
        Ok(Signed { proof: EntryBytes(row.get(0)?), signature: EntryBytes(row.get(1)?) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn if_readable<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Err(error) if error.is_of_the_content() => {
            tracing::warn!(%error, "left aside: the lists are damaged");
            Ok(None)
        }
        read => read.map(Some),
    }
}

/// The entries of a log behind `after` up to `end`. Where one of them is missing here the server takes none, and knows that there is such a
/// log.
fn entries(lists: &Connection, log: Identity, after: Seq, end: Seq) -> Result<Vec<EntryBytes>, StoreError> {
    let sql =
        "SELECT bytes FROM entry WHERE station = ?1 AND epoch = ?2 AND seq > ?3 AND seq <= ?4 ORDER BY seq";
    let mut read = lists.prepare_cached(sql)?;
    let at = params![row::id(&log.station.0), row::bits(log.epoch.0), row::bits(after), row::bits(end)];
    let rows = read.query_map(at, |row| row.get(0).map(EntryBytes))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What the server signed last.
pub(crate) fn receipt(log: &Connection) -> Result<Option<Signed>, StoreError> {
    let mut read =
        log.prepare_cached("SELECT receipt, receipt_signature FROM line WHERE receipt IS NOT NULL")?;
    let found = read.query_row([], |row| {
        Ok(Signed { proof: EntryBytes(row.get(0)?), signature: EntryBytes(row.get(1)?) })
    });
    Ok(found.optional()?)
}

/// What the server signed of the list here, the earliest first; none once it has answered requests that showed that.
pub(crate) fn list_word(lists: &Connection) -> Result<Option<Signed>, StoreError> {
    let mut read = lists.prepare_cached("SELECT proof, signature FROM list_word ORDER BY rowid LIMIT 1")?;
    let found = read.query_row([], |row| {
        Ok(Signed { proof: EntryBytes(row.get(0)?), signature: EntryBytes(row.get(1)?) })
    });
    Ok(found.optional()?)
}

/// The list that is being taken bears this word.
pub(crate) fn note_list_word(lists: &Connection, word: &Signed) -> Result<(), StoreError> {
    let sql = "INSERT INTO list_word VALUES (?1, ?2, row_sum(?1, ?2))";
    lists.execute(sql, params![word.proof.0, word.signature.0])?;
    Ok(())
}

/// The server has answered what showed this word: from here on its answer speaks for that as well.
pub(crate) fn forget_list_word(lists: &Connection, shown: &Signed) -> Result<(), StoreError> {
    lists.prepare_cached("DELETE FROM list_word WHERE proof = ?1")?.execute([&shown.proof.0])?;
    Ok(())
}
