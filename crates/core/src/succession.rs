//! Successions: the server's key is replaced by a new one, and the old one says so (DESIGN section 9; decision 0015).
//!
//! The statement names how far each log of the server goes at that moment: what the old key signs of anything beyond is not the
//! server's word any more, whoever has the key.

use ed25519_dalek::{SigningKey, VerifyingKey};
use minicbor::{Decode, Encode};

use crate::{
    chain::{canonical, sign, verify},
    entry::Head,
    ids::{EventId, Identity, Term},
};

const SUCCESSION_WORD: &[u8] = b"usher succession v1\0";

/// What the old key signs when a new one takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Succession {
    /// The event.
    #[n(0)]
    pub event: EventId,
    /// 1 for the first in the event, then counting.
    #[n(1)]
    pub number: u64,
    /// The Ed25519 key that signed until now, and signs this.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub old: [u8; 32],
    /// The Ed25519 key that signs from now on.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub new: [u8; 32],
    /// The end of every log that the server has written, by identity: one for each term.
    #[n(4)]
    pub ends: Vec<OwnEnd>,
    /// The server's term.
    #[n(5)]
    pub term: Term,
    /// When, by the server's clock, milliseconds since 1970 UTC.
    #[n(6)]
    pub at_ms: i64,
}

/// How far one of the server's logs goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct OwnEnd {
    /// Which log.
    #[n(0)]
    pub own: Identity,
    /// Its end.
    #[n(1)]
    pub head: Head,
}

impl Succession {
    /// Canonical bytes: what is signed, stored and sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical(self)
    }

    /// Reads what [`Self::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are not a succession.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, minicbor::decode::Error> {
        minicbor::decode(bytes)
    }

    /// Whether the old key had signed before that the server's log `own` goes to `head`: up to the end that is named here.
    #[must_use]
    pub fn covers(&self, own: Identity, head: Head) -> bool {
        let end = self.ends.iter().find(|end| end.own == own);
        end.is_some_and(|end| head.seq < end.head.seq || head == end.head)
    }
}

/// Signs a succession's bytes with the old key.
#[must_use]
pub fn sign_succession(old: &SigningKey, statement: &[u8]) -> [u8; 64] {
    sign(old, SUCCESSION_WORD, statement)
}

/// Whether `signature` is that of `old` under a succession's bytes.
#[must_use]
pub fn verify_succession(old: &VerifyingKey, statement: &[u8], signature: &[u8; 64]) -> bool {
    verify(old, SUCCESSION_WORD, statement, signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{EntryHash, Epoch, StationId};
    use uuid::Uuid;

    const LOG: Identity = Identity { station: StationId(Uuid::from_u128(9)), epoch: Epoch(7) };

    fn head(seq: u64, byte: u8) -> Head {
        Head { seq, hash: EntryHash([byte; 32]) }
    }

    fn statement() -> Succession {
        Succession {
            event: EventId(Uuid::from_u128(1)),
            number: 1,
            old: SigningKey::from_bytes(&[1; 32]).verifying_key().to_bytes(),
            new: SigningKey::from_bytes(&[2; 32]).verifying_key().to_bytes(),
            ends: vec![OwnEnd { own: LOG, head: head(5, 5) }],
            term: 3,
            at_ms: 4,
        }
    }

    #[test]
    fn a_succession_reads_back_and_holds_for_the_old_key_and_its_own_word_only() {
        let bytes = statement().to_bytes();
        assert_eq!(Succession::from_bytes(&bytes).unwrap(), statement());
        let (old, new) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let signature = sign_succession(&old, &bytes);
        assert!(verify_succession(&old.verifying_key(), &bytes, &signature));
        assert!(!verify_succession(&new.verifying_key(), &bytes, &signature));
        let answer = crate::chain::sign_answer(&old, &bytes);
        assert!(!verify_succession(&old.verifying_key(), &bytes, &answer));
    }

    #[test]
    fn an_old_key_covers_its_logs_up_to_their_ends() {
        let statement = statement();
        assert!(statement.covers(LOG, head(4, 9)) && statement.covers(LOG, head(5, 5)));
        assert!(!statement.covers(LOG, head(5, 6)), "another entry in the last one's place");
        assert!(!statement.covers(LOG, head(6, 6)));
        assert!(!statement.covers(Identity { epoch: Epoch(8), ..LOG }, head(1, 1)), "a log begun since");
    }

    /// Frozen: a change is a new word and a new form.
    #[test]
    fn the_bytes_of_a_succession_stay() {
        let hex: String = statement().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let wanted = format!(
            "8750{:032x}015820{}5820{}81828250{:032x}0782055820{}0304",
            1,
            "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c",
            "8139770ea87d175f56a35466c34c7ecccb8d8a91b4ee37a25df60f5b8fc9b394",
            9,
            "05".repeat(32)
        );
        assert_eq!(hex, wanted);
    }
}
