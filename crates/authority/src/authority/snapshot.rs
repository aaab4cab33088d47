//! The snapshot for a new desk: the whole feed as lines, with what proves that it is whole (see
//! [`usher_protocol::sync::SnapshotHead`]). Compression and transport are the server's.

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};
use usher_core::entry::Head;
use usher_protocol::{
    error::SERVICE,
    sync::{Change, Cursor, SnapshotEnd, SnapshotHead},
};

use super::{Authority, learning::sign, setup::event_row};
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
    /// consistent state, streamed: a slow reader holds up nobody, but keeps the database from tidying its log meanwhile. It is
    /// signed, to everybody: a desk that has seen nothing else can prove what the server knew (DESIGN section 5, *Restored server*).
    ///
    /// # Errors
    /// [`Error::Output`] with what `write` gave, or the store's own.
    pub fn snapshot(&self, write: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> Result<Cursor> {
        let own = self.own();
        self.store.read(|look| {
            let cursor = Cursor { term: own.term, position: look.feed_end()? };
            let head = SnapshotHead { service: SERVICE.into(), cursor, changes: look.feed_len()? };
            write(&line(&head)?)?;
            let mut hash = Sha256::new();
            let mut lines = 0;
            let mut show = |change: &Change| {
                let line = line(change)?;
                hash.update(&line);
                lines += 1;
                Ok::<_, Error>(write(&line)?)
            };
            // The event first, wherever it stands in the feed: a desk heeds the server's entries once it knows who the server is.
            show(&Change::Event(event_row(look)?.record))?;
            look.feed(0, None, &mut |row| {
                let shown = matches!(row.change, Change::Event(_));
                if shown { Ok(true) } else { show(&row.change).map(|()| true) }
            })?;
            let body: [u8; 32] = hash.finalize().into();
            let signed = Some(sign(look, &own, own.i, Head::EMPTY, body)?);
            let (sha256, successions) = (HEXLOWER.encode(&body), own.chain());
            write(&line(&SnapshotEnd { end: lines, sha256, signed, successions })?)?;
            Ok(cursor)
        })
    }
}

fn line(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value).map_err(|why| Error::Output(why.into()))?;
    line.push(b'\n');
    Ok(line)
}
