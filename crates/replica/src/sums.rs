//! Sums over the rows of `log.db` that no entry's hash covers, and over all of `replica.db`: a byte that changed on the disk is noticed
//! (DESIGN 10, P7).
//!
//! In `log.db` triggers write them (log/0004), and reads compare them. In `replica.db` it is mostly the statement that writes the row
//! (replica/0006 and 0007), and they are compared when a desk starts ([`crate::mend_lists`]). They are against accidents: whoever can write
//! the file can write the sum.

use rusqlite::{
    Connection,
    functions::{Context, FunctionFlags},
    types::ValueRef,
};
use sha2::{Digest, Sha256};

use crate::StoreError;

/// Gives SQLite the function `row_sum(…)`.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("row_sum", -1, flags, |columns| Ok(sum(columns)))
}

/// The first 64 bits of SHA-256 over the values, each with its kind and length.
fn sum(columns: &Context<'_>) -> i64 {
    let mut hash = Sha256::new();
    for n in 0..columns.len() {
        match columns.get_raw(n) {
            ValueRef::Null => hash.update([0]),
            ValueRef::Integer(number) => take(&mut hash, 1, &number.to_be_bytes()),
            ValueRef::Real(number) => take(&mut hash, 2, &number.to_be_bytes()),
            ValueRef::Text(text) => take(&mut hash, 3, text),
            ValueRef::Blob(bytes) => take(&mut hash, 4, bytes),
        }
    }
    let digest: [u8; 32] = hash.finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

fn take(hash: &mut Sha256, kind: u8, bytes: &[u8]) {
    hash.update([kind]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}

/// Refuses a row whose sum does not fit.
pub(crate) fn whole(fits: bool, what: &str) -> Result<(), StoreError> {
    if fits { Ok(()) } else { Err(StoreError::Damaged(format!("{what} was changed on the disk"))) }
}
