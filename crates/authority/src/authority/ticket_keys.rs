//! The keys that tickets are signed with (decision 0020). The newest signs; earlier ones are good until they are withdrawn. Their public parts
//! stand in the event's record, the secret of the newest beside the server's own, in the database and in the roster.

use ed25519_dalek::SigningKey;
use usher_protocol::{
    limits::TICKET_KEYS_MAX,
    ticket::{Kid, TicketKey},
};
use zeroize::Zeroizing;

use super::{Authority, setup::event_row};
use crate::{
    Fresh, Result, RosterLine,
    store::{EventRow, Store, Txn},
};

/// What came of withdrawing a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// Its tickets are old ones from now on, at each desk from when it hears of it.
    Done,
    /// It was withdrawn before.
    Already,
    /// The event has no such key.
    Unknown,
}

impl<S: Store> Authority<S> {
    /// The keys, oldest first.
    ///
    /// # Errors
    /// The store's own.
    pub fn ticket_keys(&self) -> Result<Vec<TicketKey>> {
        Ok(self.event()?.ticket_keys)
    }

    /// Makes a new key, which signs from now on; earlier ones stay good. None: the event has had [`TICKET_KEYS_MAX`] already.
    ///
    /// # Errors
    /// The store's own. The roster's: the key is made, and opening the database for the service writes it into the roster.
    pub fn rotate_ticket_key(&self, mut fresh: Fresh<'_>) -> Result<Option<Kid>> {
        let secret = Zeroizing::new(fresh.secret());
        let made = self.write(|txn| add(txn, &secret, fresh.now_ms))?;
        self.keep_ticket_keys()?;
        Ok(made)
    }

    /// Withdraws a key. Where it was the newest, the next ticket is signed with a new one.
    ///
    /// # Errors
    /// As [`Self::rotate_ticket_key`].
    pub fn withdraw_ticket_key(&self, kid: Kid, now_ms: i64) -> Result<Withdrawal> {
        let done = self.write(|txn| withdraw(txn, kid, now_ms))?;
        self.keep_ticket_keys()?;
        Ok(done)
    }

    /// The key that signs tickets; made where there is none. None: as for [`Self::rotate_ticket_key`].
    pub(super) fn ticket_signing_key(&self, fresh: Fresh<'_>) -> Result<Option<SigningKey>> {
        let current = || self.store.read(|look| Ok(event_row(look)?.ticket_key));
        let key = match current()? {
            Some(key) => Some(key),
            None => self.rotate_ticket_key(fresh)?.and(current()?),
        };
        Ok(key.map(|key| SigningKey::from_bytes(&key)))
    }

    fn keep_ticket_keys(&self) -> Result<()> {
        let row = self.store.read(event_row)?;
        self.roster.keep_ticket_keys(&row)
    }
}

fn add(txn: &mut dyn Txn, secret: &Zeroizing<[u8; 32]>, now_ms: i64) -> Result<Option<Kid>> {
    let mut row = event_row(txn)?;
    if row.record.ticket_keys.len() >= TICKET_KEYS_MAX {
        return Ok(None);
    }
    let key = TicketKey::of(&SigningKey::from_bytes(secret).verifying_key(), now_ms);
    let kid = key.kid;
    row.record.ticket_keys.push(key);
    row.ticket_key = Some(secret.clone());
    txn.put_event(&row)?;
    Ok(Some(kid))
}

fn withdraw(txn: &mut dyn Txn, kid: Kid, now_ms: i64) -> Result<Withdrawal> {
    let mut row = event_row(txn)?;
    let Some(key) = row.record.ticket_keys.iter_mut().find(|key| key.kid == kid) else {
        return Ok(Withdrawal::Unknown);
    };
    if key.until_ms.is_some() {
        return Ok(Withdrawal::Already);
    }
    key.until_ms = Some(now_ms);
    row.ticket_key = row.ticket_key.filter(|secret| kid_of(secret) != kid);
    txn.put_event(&row)?;
    Ok(Withdrawal::Done)
}

fn kid_of(secret: &[u8; 32]) -> Kid {
    Kid::of(&SigningKey::from_bytes(secret).verifying_key())
}

/// Whether `held` does not know a key, or that it was withdrawn, which `kept` knows.
pub(super) fn lacks(held: &[TicketKey], kept: &[TicketKey]) -> bool {
    let as_far = |held: &TicketKey, key: &TicketKey| held.until_ms.is_some() || key.until_ms.is_none();
    !kept.iter().all(|key| held.iter().any(|held| held.kid == key.kid && as_far(held, key)))
}

/// Adds the keys that the roster knows of and the database does not: it was put back to before they were made, or is lost. Tickets that
/// were printed stay good.
pub(super) fn catch_up(lines: &[RosterLine], row: &mut EventRow) {
    let mut secrets: Vec<_> = row.ticket_key.take().into_iter().collect();
    for line in lines {
        let RosterLine::TicketKeys { keys, secret } = line else { continue };
        keys.iter().for_each(|key| merge(&mut row.record.ticket_keys, key));
        secrets.extend(secret.iter().map(|secret| Zeroizing::new(secret.0)));
    }
    row.record.ticket_keys.sort_by_key(|key| key.from_ms);
    let newest = row.record.ticket_keys.last().filter(|key| key.until_ms.is_none()).map(|key| key.kid);
    row.ticket_key = secrets.into_iter().find(|secret| Some(kid_of(secret)) == newest);
}

fn merge(keys: &mut Vec<TicketKey>, key: &TicketKey) {
    match keys.iter_mut().find(|held| held.kid == key.kid) {
        Some(held) => held.until_ms = held.until_ms.or(key.until_ms),
        None => keys.push(key.clone()),
    }
}
