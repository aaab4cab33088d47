//! The keys that the server has signed with, and how far the word of each counts (decision 0015).
//!
//! The newest counts without end. An earlier one may be in wrong hands: what it signs counts up to the ends that it named itself when
//! it was replaced, and not beyond.

use std::sync::Arc;

use ed25519_dalek::VerifyingKey;
use usher_core::{
    chain::{AnswerProof, verify_answer},
    ids::{EventId, Identity, Seq},
    succession::Succession,
};
use usher_protocol::{
    succession::{Step, lead},
    sync::{Signed, SyncRequest},
};

use super::OwnLog;
use crate::{Error, Result};

/// The keys before the newest, oldest first.
#[derive(Clone, Default)]
pub(super) struct PastKeys(Arc<Vec<Past>>);

struct Past {
    key: VerifyingKey,
    /// What it said of its successor.
    step: Step,
}

/// Who signed something.
enum By<'a> {
    Newest,
    Past(&'a Succession),
}

impl PastKeys {
    /// Reads the chain that leads to `newest`.
    pub(super) fn of(event: EventId, newest: VerifyingKey, chain: &[Signed]) -> Result<Self> {
        let Some(first) = chain.first() else { return Ok(Self::default()) };
        let damaged =
            || Error::Damaged("the keys that the server had do not lead to the one that it has".into());
        let first = Succession::from_bytes(&first.proof.0).map_err(|_| damaged())?;
        let mut key = VerifyingKey::from_bytes(&first.old).map_err(|_| damaged())?;
        let steps = lead(event, key, chain);
        if steps.len() != chain.len() || steps.last().is_none_or(|last| last.key != newest) {
            return Err(damaged());
        }
        let past = steps.into_iter().map(|step| {
            let next = step.key;
            Past { key: std::mem::replace(&mut key, next), step }
        });
        Ok(Self(Arc::new(past.collect())))
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }
}

impl OwnLog {
    pub(super) fn public_key(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// What the server itself once signed; none: it did not, or with a key that does not count for that any more.
    pub(super) fn genuine(&self, receipt: &Signed) -> Option<AnswerProof> {
        match self.read(receipt)? {
            (proof, By::Newest) => Some(proof),
            (proof, By::Past(says)) => says.covers(proof.own, proof.head).then_some(proof),
        }
    }

    /// What may say that something was forgotten. It is believed of an earlier key as well, up to the term in which that was replaced:
    /// to believe it costs waiting, once, and not to believe it may overfill a room. Nothing is taken over on its word.
    pub(super) fn warning(&self, receipt: &Signed) -> Option<AnswerProof> {
        match self.read(receipt)? {
            (proof, By::Newest) => Some(proof),
            (proof, By::Past(says)) => (proof.term <= says.term).then_some(proof),
        }
    }

    fn read(&self, receipt: &Signed) -> Option<(AnswerProof, By<'_>)> {
        let proof =
            AnswerProof::from_bytes(&receipt.proof.0).ok().filter(|proof| proof.event == self.event)?;
        let signed = |key| signed_by(receipt, key);
        let newest = self.public_key();
        if signed(&newest) {
            return Some((proof, By::Newest));
        }
        let past = self.past.0.iter().find(|past| signed(&past.key))?;
        Some((proof, By::Past(&past.step.says)))
    }

    /// The one key that the server signs, or signed, this entry of its log `own` with.
    pub(super) fn key_of(&self, own: Identity, seq: Seq) -> VerifyingKey {
        let goes_so_far =
            |past: &&Past| past.step.says.ends.iter().any(|end| end.own == own && seq <= end.head.seq);
        self.past.0.iter().find(goes_so_far).map_or_else(|| self.public_key(), |past| past.key)
    }

    /// How its key was replaced, for somebody who shows nothing that the newest key has signed.
    pub(super) fn news_of_keys(&self, request: &SyncRequest) -> Vec<Signed> {
        let newest = self.public_key();
        if self.past.0.is_empty() || request.receipt.as_ref().is_some_and(|word| signed_by(word, &newest)) {
            return Vec::new();
        }
        self.chain()
    }

    /// How its key was replaced, from the first time on.
    pub(super) fn chain(&self) -> Vec<Signed> {
        self.past.0.iter().map(|past| past.step.signed.clone()).collect()
    }

    /// What a later key signed, which took the place of the one that is the newest here: the server was put back to before that.
    pub(super) fn by_later_key(&self, request: &SyncRequest, word: &Signed) -> Option<AnswerProof> {
        let later = lead(self.event, self.public_key(), &request.successions);
        let known = later.iter().any(|step| signed_by(word, &step.key));
        AnswerProof::from_bytes(&word.proof.0).ok().filter(|proof| known && proof.event == self.event)
    }

    /// Whether a request shows that the newest key here was replaced.
    pub(super) fn is_replaced(&self, request: &SyncRequest) -> bool {
        !lead(self.event, self.public_key(), &request.successions).is_empty()
    }
}

fn signed_by(word: &Signed, key: &VerifyingKey) -> bool {
    word.signature().is_some_and(|signature| verify_answer(key, &word.proof.0, &signature))
}
