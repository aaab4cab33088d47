//! The keys of the event's server: which one this desk believes, and how it came to that (decision 0015).
//!
//! The first is believed because the first list brings it. Each later one is believed because the one before has signed it. They stand in
//! `log.db`, durably: a desk never goes back to an earlier one, whatever becomes of the lists.

use ed25519_dalek::VerifyingKey;
use rusqlite::{Connection, TransactionBehavior, params};
use usher_core::{chain::verify_answer, ids::EventId, succession::Succession};
use usher_protocol::{
    succession::{Step, lead},
    sync::{EntryBytes, Signed},
};

use crate::{StoreError, lists, sums};

/// The key that this desk believes, and the newer ones to which something that the server sent leads from it.
#[derive(Debug)]
pub(crate) struct Trust {
    /// Not written down yet; none: it is.
    first: Option<VerifyingKey>,
    steps: Vec<Step>,
    newest: VerifyingKey,
}

impl Trust {
    /// What this desk has written down or, where that is nothing, the key that its lists name; none: neither knows the server.
    pub(crate) fn of(
        log: &Connection,
        lists: &Connection,
        event: EventId,
        chain: &[Signed],
    ) -> Result<Option<Self>, StoreError> {
        let known = newest(log)?;
        let Some(key) = known.map_or_else(|| lists::server_key(lists, Some(event)), |key| Ok(Some(key)))?
        else {
            return Ok(None);
        };
        let steps = lead(event, key, chain);
        let newest = steps.last().map_or(key, |step| step.key);
        Ok(Some(Self { first: known.is_none().then_some(key), steps, newest }))
    }

    /// The first list names its server's `key`, and how the server came to it.
    pub(crate) fn at_first_sight(event: EventId, key: VerifyingKey, chain: &[Signed]) -> Self {
        let oldest = chain.first().and_then(|one| Succession::from_bytes(&one.proof.0).ok());
        let oldest = oldest.and_then(|says| VerifyingKey::from_bytes(&says.old).ok()).unwrap_or(key);
        let steps = lead(event, oldest, chain);
        if steps.last().is_some_and(|last| last.key == key) {
            Self { first: Some(oldest), steps, newest: key }
        } else {
            Self { first: Some(key), steps: Vec::new(), newest: key }
        }
    }

    /// Whether the newest of the keys signed this answer's or list's proof.
    pub(crate) fn signed(&self, word: &Signed) -> bool {
        word.signature().is_some_and(|signature| verify_answer(&self.newest, &word.proof.0, &signature))
    }

    /// Writes down what is new.
    pub(crate) fn keep(&self, log: &mut Connection) -> Result<(), StoreError> {
        if self.first.is_none() && self.steps.is_empty() {
            return Ok(());
        }
        let tx = log.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let sql = "INSERT INTO server_key (public_key, statement, signature) VALUES (?1, ?2, ?3)";
        if let Some(first) = self.first {
            tx.execute(sql, params![first.to_bytes(), None::<Vec<u8>>, None::<Vec<u8>>])?;
        }
        for step in &self.steps {
            tracing::warn!(
                number = step.says.number,
                "the server has a new key, which the one before has signed"
            );
            tx.execute(sql, params![step.key.to_bytes(), step.signed.proof.0, step.signed.signature.0])?;
        }
        Ok(tx.commit()?)
    }
}

/// The newest key that is written down.
pub(crate) fn newest(log: &Connection) -> Result<Option<VerifyingKey>, StoreError> {
    let Some((key, _)) = rows(log)?.pop() else { return Ok(None) };
    let damaged = || StoreError::Damaged("the server's key cannot be read".into());
    let bytes = key.try_into().map_err(|_| damaged())?;
    VerifyingKey::from_bytes(&bytes).map(Some).map_err(|_| damaged())
}

/// How this desk came from the first key to the newest: what it shows to a server that answers with an earlier one.
pub(crate) fn chain(log: &Connection) -> Result<Vec<Signed>, StoreError> {
    Ok(rows(log)?.into_iter().filter_map(|(_, signed)| signed).collect())
}

type Row = (Vec<u8>, Option<Signed>);

fn rows(log: &Connection) -> Result<Vec<Row>, StoreError> {
    let sql = "SELECT public_key, statement, signature, sum IS row_sum(nr, public_key, statement, signature)
               FROM server_key ORDER BY nr";
    let mut read = log.prepare_cached(sql)?;
    let mut rows = read.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        sums::whole(row.get(3)?, "the server's key")?;
        let (statement, signature): (Option<Vec<u8>>, Option<Vec<u8>>) = (row.get(1)?, row.get(2)?);
        let signed = statement.zip(signature);
        let signed = signed
            .map(|(proof, signature)| Signed { proof: EntryBytes(proof), signature: EntryBytes(signature) });
        found.push((row.get(0)?, signed));
    }
    Ok(found)
}
