//! From a key that somebody trusts to the newest one, by the statements with which each key named the next
//! ([`usher_core::succession`]).

use ed25519_dalek::VerifyingKey;
use usher_core::{
    ids::EventId,
    succession::{Succession, verify_succession},
};

use crate::{limits::SUCCESSIONS_MAX, sync::Signed};

/// One key that took the place of another, believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the old key said.
    pub says: Succession,
    /// The statement as it was signed.
    pub signed: Signed,
    /// The new key.
    pub key: VerifyingKey,
}

/// The steps of `chain` that lead on from `key`: each signed by the key before it, of this event, and consecutive. What comes before
/// `key` is passed over; behind the first step that does not hold nothing is believed. Empty: nothing leads on from it.
#[must_use]
pub fn lead(event: EventId, key: VerifyingKey, chain: &[Signed]) -> Vec<Step> {
    let (mut steps, mut key): (Vec<Step>, _) = (Vec::new(), key);
    for signed in chain.iter().take(SUCCESSIONS_MAX) {
        let Some(step) = step(event, key, signed) else { if steps.is_empty() { continue } else { break } };
        if steps.last().is_some_and(|last| step.says.number != last.says.number + 1) {
            break;
        }
        key = step.key;
        steps.push(step);
    }
    steps
}

fn step(event: EventId, old: VerifyingKey, signed: &Signed) -> Option<Step> {
    let says = Succession::from_bytes(&signed.proof.0).ok()?;
    let good = says.event == event
        && says.old == old.to_bytes()
        && verify_succession(&old, &signed.proof.0, &signed.signature()?);
    let key = VerifyingKey::from_bytes(&says.new).ok()?;
    good.then(|| Step { says, signed: signed.clone(), key })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;
    use usher_core::succession::sign_succession;

    fn event(n: u8) -> EventId {
        EventId(format!("018f0000-0000-7000-8000-00000000000{n}").parse().unwrap())
    }

    fn key(n: u8) -> SigningKey {
        SigningKey::from_bytes(&[n; 32])
    }

    fn public(n: u8) -> VerifyingKey {
        key(n).verifying_key()
    }

    /// From key `old` to key `new`, signed by key `by`.
    fn signed(event: EventId, number: u64, old: u8, new: u8, by: u8) -> Signed {
        let (old, new) = (public(old).to_bytes(), public(new).to_bytes());
        let says = Succession { event, number, old, new, ends: Vec::new(), term: 1, at_ms: 1 };
        let bytes = says.to_bytes();
        let signature = sign_succession(&key(by), &bytes);
        Signed::new(bytes, &signature)
    }

    fn leads(from: u8, chain: &[Signed]) -> Option<VerifyingKey> {
        lead(event(1), public(from), chain).pop().map(|step| step.key)
    }

    #[test]
    fn a_chain_leads_from_any_of_its_keys_to_the_newest() {
        let chain =
            [signed(event(1), 1, 1, 2, 1), signed(event(1), 2, 2, 3, 2), signed(event(1), 3, 3, 4, 3)];
        for from in [1, 2, 3] {
            assert_eq!(leads(from, &chain), Some(public(4)));
        }
        assert_eq!(leads(4, &chain), None);
        assert_eq!(leads(9, &chain), None, "a key that is not of this event");
    }

    #[test]
    fn a_forged_foreign_or_missing_step_leads_nowhere() {
        assert_eq!(leads(1, &[signed(event(1), 1, 1, 2, 9)]), None, "signed by another key");
        assert_eq!(leads(1, &[signed(event(2), 1, 1, 2, 1)]), None, "of another event");
        let gap = [signed(event(1), 1, 1, 2, 1), signed(event(1), 3, 2, 3, 2)];
        assert_eq!(leads(1, &gap), Some(public(2)), "not consecutive");
        let broken =
            [signed(event(1), 1, 1, 2, 1), signed(event(1), 2, 2, 3, 9), signed(event(1), 3, 3, 4, 3)];
        assert_eq!(leads(1, &broken), Some(public(2)));
    }
}
