//! Time and randomness as arguments: nothing here reads a clock or makes an id by itself.

use uuid::Uuid;

/// The moment of a call and a source of random bits for it.
pub struct Fresh<'a> {
    /// The server's clock, milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// 128 random bits at each call, from a source fit for secrets.
    pub random: &'a mut dyn FnMut() -> u128,
}

impl Fresh<'_> {
    /// A random id, in the form of a version 4 UUID.
    pub(crate) fn uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes((self.random)().to_be_bytes()).into_uuid()
    }

    /// 32 random bytes.
    pub(crate) fn secret(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&(self.random)().to_be_bytes());
        bytes[16..].copy_from_slice(&(self.random)().to_be_bytes());
        bytes
    }
}
