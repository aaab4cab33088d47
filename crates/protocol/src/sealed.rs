//! Profiles in a carry file: encrypted under a key made from the event's secret, so that a stick that is lost names nobody (DESIGN section 4).
//!
//! XChaCha20-Poly1305. The nonce is made of the text itself under the secret, so that no randomness is needed and no two texts share one.

use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305, XNonce};
use usher_core::chain::digest_code;

use crate::{profile::ProfileRecord, sync::EntryBytes};

/// The most profiles in one page of a carry file. A page holds at most half as many entries, and each walk-in has one.
pub const PROFILES_PER_PAGE_MAX: usize = 1_000;

const KEY: &str = "usher profiles key v1\0";
const NONCE: &str = "usher profiles nonce v1\0";
const BOUND: &[u8] = b"usher profiles v1";
const NONCE_BYTES: usize = 24;

/// Encrypts profiles; none: there are none.
#[must_use]
pub fn seal(secret: &[u8; 32], profiles: &[ProfileRecord]) -> Option<EntryBytes> {
    if profiles.is_empty() {
        return None;
    }
    let text = serde_json::to_string(profiles).ok()?;
    let nonce = digest_code(secret, &format!("{NONCE}{text}"));
    let nonce = XNonce::try_from(&nonce.0[..NONCE_BYTES]).ok()?;
    let mut sealed = text.into_bytes();
    cipher(secret).encrypt_in_place(&nonce, BOUND, &mut sealed).ok()?;
    Some(EntryBytes([nonce.as_slice(), &sealed].concat()))
}

/// What was sealed under this event's secret; none: it was not, or was changed since.
#[must_use]
pub fn open(secret: &[u8; 32], sealed: &EntryBytes) -> Option<Vec<ProfileRecord>> {
    let (nonce, text) = sealed.0.split_at_checked(NONCE_BYTES)?;
    let mut text = text.to_vec();
    cipher(secret).decrypt_in_place(&XNonce::try_from(nonce).ok()?, BOUND, &mut text).ok()?;
    let mut profiles: Vec<ProfileRecord> = serde_json::from_slice(&text).ok()?;
    profiles.truncate(PROFILES_PER_PAGE_MAX);
    Some(profiles)
}

fn cipher(secret: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&digest_code(secret, KEY).0.into())
}

#[cfg(test)]
mod tests {
    use usher_core::clock::Hlc;

    use super::*;
    use crate::profile::Profile;

    #[test]
    fn only_the_events_secret_opens_what_was_sealed_and_no_changed_byte_passes() {
        let person = "018f0000-0000-7000-8000-000000000001".parse().unwrap();
        let all = [ProfileRecord { person, profile: Profile::written("Xanthippe", "", "", Hlc(1)) }];
        let sealed = seal(&[7; 32], &all).unwrap();
        assert!(!sealed.0.windows(9).any(|part| part == b"Xanthippe"));
        assert_eq!(open(&[7; 32], &sealed).as_deref(), Some(&all[..]));
        assert_eq!((open(&[8; 32], &sealed), seal(&[7; 32], &[])), (None, None));
        for at in 0..sealed.0.len() {
            let mut changed = sealed.clone();
            changed.0[at] ^= 1;
            assert_eq!(open(&[7; 32], &changed), None, "byte {at}");
        }
        assert_eq!(open(&[7; 32], &EntryBytes(vec![1; 20])), None);
    }
}
