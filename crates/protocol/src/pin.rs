//! PINs of supervisors, as desks know them: they guard settings and exceptions against mistakes.
//!
//! A desk must tell a right PIN from a wrong one without a network, so the hashes are on its disk. A PIN has few digits, and whoever has
//! the disk can try them all, whatever one try costs (issue 4, line 1): it guards against mistakes, not against thieves.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordVerifier, phc::PasswordHash},
};
use serde::{Deserialize, Serialize};
use usher_core::ids::ActorId;

use crate::limits::PIN_DIGITS;

/// One supervisor's PIN.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinRecord {
    /// The random id under which exceptions are recorded.
    pub actor: ActorId,
    /// Whose it is, as lists show it.
    pub name: String,
    /// It unlocks desks and lets nobody in: for volunteers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlocks_only: bool,
    /// Argon2id of the PIN, as a PHC string.
    pub hash: String,
}

impl std::fmt::Debug for PinRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PinRecord")
            .field("actor", &self.actor)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl PinRecord {
    /// The record of `pin`; none: [`is_pin`] says that it is none.
    #[must_use]
    pub fn new(actor: ActorId, name: String, unlocks_only: bool, pin: &str, salt: [u8; 16]) -> Option<Self> {
        let hash = is_pin(pin).then(|| hashed(pin, salt))??;
        Some(Self { actor, name, unlocks_only, hash })
    }

    /// Whether this is the PIN. Takes tens of milliseconds of processor, and 19 MiB, on purpose.
    #[must_use]
    pub fn opens(&self, pin: &str) -> bool {
        let Ok(hash) = PasswordHash::new(&self.hash) else { return false };
        is_pin(pin) && costs().verify_password(pin.as_bytes(), &hash).is_ok()
    }
}

/// Whether a text can be a PIN: [`PIN_DIGITS`] digits from 0 to 9.
#[must_use]
pub fn is_pin(text: &str) -> bool {
    PIN_DIGITS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Argon2id with OWASP's first choice for the least memory: 19 MiB, two passes, one lane.
fn costs() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

fn hashed(pin: &str, salt: [u8; 16]) -> Option<String> {
    use argon2::password_hash::CustomizedPasswordHasher as _;
    let (costs, version) = (costs(), Some(Version::V0x13 as u32));
    let hash =
        costs.hash_password_customized(pin.as_bytes(), &salt, Some("argon2id"), version, Params::DEFAULT);
    hash.ok().map(|hash| hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(pin: &str) -> Option<PinRecord> {
        let actor = ActorId("00000000-0000-0000-0000-000000000007".parse().ok()?);
        PinRecord::new(actor, "Maria".into(), false, pin, [7; 16])
    }

    #[test]
    fn a_pin_opens_its_own_record_and_no_other_does() {
        let Some(record) = record("2580") else { panic!("a PIN") };
        assert!(record.hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", record.hash);
        assert!(record.opens("2580"));
        for wrong in ["2581", "02580", "258", "", "2580 ", "٢٥٨٠"] {
            assert!(!record.opens(wrong), "{wrong:?}");
        }
        assert!(!format!("{record:?}").contains("argon2"));
    }

    #[test]
    fn what_is_no_pin_has_no_record_and_a_broken_hash_opens_to_nothing() {
        for none in ["", "123", "123456789", "12a4", "１２３４"] {
            assert_eq!(record(none), None, "{none:?}");
        }
        let Some(record) = record("2580") else { panic!("a PIN") };
        for hash in ["", "2580", "$argon2id$", "$argon2id$v=19$m=19456,t=2,p=1$AA$"] {
            assert!(!PinRecord { hash: hash.into(), ..record.clone() }.opens("2580"), "{hash}");
        }
    }
}
