//! The snapshot for a new desk: the whole feed as lines, with what proves that it is whole (see
//! [`usher_protocol::sync::SnapshotHead`]). Compression and transport are the server's.

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};
use usher_protocol::{
    error::SERVICE,
    sync::{Cursor, SnapshotEnd, SnapshotHead},
};

use super::Authority;
use crate::{
    Error, Result,
    store::{FeedRow, GoOn, Store},
};

impl<S: Store> Authority<S> {
    /// Shows what the feed says behind position `after`, item by item, until `visit` says stop; gives where the feed ends. For those
    /// who count on their own what the tables say.
    ///
    /// # Errors
    /// What `visit` gives, or the store's own.
    pub fn feed_after(&self, after: u64, visit: &mut dyn FnMut(FeedRow) -> Result<GoOn>) -> Result<Cursor> {
        self.store.read(|look| {
            let cursor = Cursor { term: self.own().term, position: look.feed_end()? };
            if cursor.position > after {
                look.feed(after, None, visit)?;
            }
            Ok(cursor)
        })
    }

    /// Writes the feed as it stands now, line by line, each with its newline, and says where in the feed that is. One
    /// consistent state, streamed: a slow reader holds up nobody, but keeps the database from tidying its log meanwhile.
    ///
    /// # Errors
    /// [`Error::Output`] with what `write` gave, or the store's own.
    pub fn snapshot(&self, write: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> Result<Cursor> {
        self.store.read(|look| {
            let cursor = Cursor { term: self.own().term, position: look.feed_end()? };
            let head = SnapshotHead { service: SERVICE.into(), cursor, changes: look.feed_len()? };
            write(&line(&head)?)?;
            let mut hash = Sha256::new();
            let mut lines = 0;
            look.feed(0, None, &mut |row| {
                let line = line(&row.change)?;
                hash.update(&line);
                lines += 1;
                write(&line)?;
                Ok(true)
            })?;
            write(&line(&SnapshotEnd { end: lines, sha256: HEXLOWER.encode(&hash.finalize()) })?)?;
            Ok(cursor)
        })
    }
}

fn line(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value).map_err(|why| Error::Output(why.into()))?;
    line.push(b'\n');
    Ok(line)
}
