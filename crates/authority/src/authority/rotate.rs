//! The server's key is replaced by a new one (DESIGN section 10, *key rotated*; decision 0015).

use std::sync::PoisonError;

use ed25519_dalek::SigningKey;
use usher_core::succession::{OwnEnd, Succession, sign_succession};
use usher_protocol::{
    limits::SUCCESSIONS_MAX,
    sync::{Signed, SyncRequest},
};
use zeroize::Zeroizing;

use super::{
    Authority, OwnLog,
    awaiting::learning,
    rostered,
    setup::{event_row, server_record},
};
use crate::{
    Error, Fresh, Result, RosterLine,
    store::{EventRow, Look, Store, Txn},
};

/// What came of replacing the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The new key signs; it is the `number`th to take another's place.
    Done {
        /// 1 for the first.
        number: u64,
    },
    /// Nothing changed: desks are awaited since the server was put back, and what only they know of its earlier word would not be believed
    /// from the old key any more.
    Awaiting,
    /// Nothing changed: there were [`SUCCESSIONS_MAX`] already.
    TooMany,
}

impl<S: Store> Authority<S> {
    /// Makes a new signing key; the old one signs that it is replaced, and is forgotten, here and in the roster. No service and no other
    /// command may be at work on the database meanwhile: they would go on with the old one. `at_once`: also while desks are awaited.
    ///
    /// # Errors
    /// The store's own: the old key stays. The roster's: the new key signs already, and opening the database for the service writes the
    /// roster anew.
    pub fn rotate_key(&self, at_once: bool, mut fresh: Fresh<'_>) -> Result<Rotation> {
        let secret = Zeroizing::new(fresh.secret());
        let before = self.own();
        let done = self.write(|txn| self.replace_key(txn, &secret, at_once, fresh.now_ms));
        if !matches!(done, Ok(Rotation::Done { .. })) {
            *self.own.write().unwrap_or_else(PoisonError::into_inner) = before;
            return done;
        }
        let (row, chain) = self.store.read(|look| Ok((event_row(look)?, look.successions()?)))?;
        self.roster.keep_event(&row, &chain)?;
        done
    }

    fn replace_key(
        &self,
        txn: &mut dyn Txn,
        secret: &Zeroizing<[u8; 32]>,
        at_once: bool,
        now_ms: i64,
    ) -> Result<Rotation> {
        let own = self.own();
        if own.past.count() >= SUCCESSIONS_MAX {
            return Ok(Rotation::TooMany);
        }
        if !at_once && learning(txn, &own)? {
            return Ok(Rotation::Awaiting);
        }
        let says = statement(txn, &own, &SigningKey::from_bytes(secret), now_ms)?;
        let bytes = says.to_bytes();
        let signature = sign_succession(&own.key, &bytes);
        txn.put_succession(&Signed::new(bytes, &signature))?;
        let mut row = EventRow { key: secret.clone(), ..event_row(txn)? };
        row.record.server = Some(server_record(&row));
        txn.put_event(&row)?;
        self.adopt(&row, &txn.successions()?)?;
        Ok(Rotation::Done { number: says.number })
    }

    /// Whether a request shows that this server's key was replaced by one that it has not: it was put back to before that, without its
    /// roster, and desks that know the new key believe nothing that it says.
    #[must_use]
    pub fn lacks_its_key(&self, request: &SyncRequest) -> bool {
        !request.successions.is_empty() && self.own().is_replaced(request)
    }
}

fn statement(look: &dyn Look, own: &OwnLog, new: &SigningKey, at_ms: i64) -> Result<Succession> {
    let logs = look.logs()?.into_iter().filter(|(i, log)| i.station == own.i.station && log.head.seq > 0);
    Ok(Succession {
        event: own.event,
        number: own.past.count() as u64 + 1,
        old: own.public_key().to_bytes(),
        new: new.verifying_key().to_bytes(),
        ends: logs.map(|(own, log)| OwnEnd { own, head: log.head }).collect(),
        term: own.term,
        at_ms,
    })
}

/// Takes over the keys that the roster knows of and the database does not: it was put back to before they were made. Gives the whole
/// chain that leads to the key in `row`.
pub(super) fn catch_up(txn: &mut dyn Txn, lines: &[RosterLine], row: &mut EventRow) -> Result<Vec<Signed>> {
    let (held, kept) = (txn.successions()?, rostered::chain(lines));
    let Some(missing) = kept.strip_prefix(held.as_slice()).filter(|missing| !missing.is_empty()) else {
        return Ok(held);
    };
    missing.iter().try_for_each(|one| txn.put_succession(one))?;
    let key = rostered::newest_key(lines);
    row.key = Zeroizing::new(key.ok_or_else(|| Error::Damaged("the roster has no key".into()))?.0);
    row.record.server = Some(server_record(row));
    Ok(kept)
}

/// Whether the database and its roster name one line of keys, however far each knows it.
pub(super) fn agree(held: &[Signed], lines: &[RosterLine]) -> bool {
    let kept = rostered::chain(lines);
    let common = held.len().min(kept.len());
    held[..common] == kept[..common]
}
