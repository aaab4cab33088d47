//! How the core's values stand in SQLite's columns.
//!
//! SQLite's integers are signed: unsigned 64-bit values are stored with their bits unchanged, and never compared in SQL where
//! the sign would matter (sequence numbers and logical times stay far below 2^63).

use rusqlite::{Row, types::ToSql};
use usher_core::{
    clock::Hlc,
    entry::{Basis, Subject},
    fold::Admitted,
    ids::{CodeDigest, EntryKey, Epoch, PersonId, StationId},
};
use uuid::Uuid;

use crate::StoreError;

/// The bits of an unsigned number in SQLite's signed one.
pub(crate) const fn bits(number: u64) -> i64 {
    number.cast_signed()
}

/// The unsigned number behind SQLite's signed one.
pub(crate) const fn number(bits: i64) -> u64 {
    bits.cast_unsigned()
}

/// An id as its 16 bytes.
pub(crate) fn id(id: &Uuid) -> impl ToSql + '_ {
    id.as_bytes().as_slice()
}

/// An id from its 16 bytes.
pub(crate) fn uuid(bytes: &[u8]) -> Result<Uuid, StoreError> {
    Uuid::from_slice(bytes).map_err(|_| StoreError::Damaged("an id has not 16 bytes".into()))
}

/// An entry's key as three columns.
pub(crate) fn key(key: EntryKey) -> (Vec<u8>, i64, i64) {
    (key.station.0.as_bytes().to_vec(), bits(key.epoch.0), bits(key.seq))
}

/// The person that a subject's bytes name; none: a code.
pub(crate) fn person(subject: &[u8]) -> Result<Option<PersonId>, StoreError> {
    match subject.split_first() {
        Some((0, id)) => uuid(id).map(|id| Some(PersonId(id))),
        _ => Ok(None),
    }
}

/// The subject of these bytes.
pub(crate) fn subject_of(bytes: &[u8]) -> Result<Subject, StoreError> {
    if let Some(person) = person(bytes)? {
        return Ok(Subject::Person(person));
    }
    let digest = bytes.get(1..).and_then(|digest| digest.try_into().ok());
    digest
        .map(|digest| Subject::Code(CodeDigest(digest)))
        .ok_or_else(|| StoreError::Damaged("a subject".into()))
}

/// A subject as one byte for its kind and then its id or digest.
pub(crate) fn subject(subject: Subject) -> Vec<u8> {
    match subject {
        Subject::Person(person) => [&[0], person.0.as_bytes().as_slice()].concat(),
        Subject::Code(digest) => [&[1], digest.0.as_slice()].concat(),
    }
}

/// The basis by its frozen number.
pub(crate) const fn basis_number(basis: Basis) -> i64 {
    basis as i64
}

/// The basis of a frozen number.
pub(crate) fn basis(number: i64) -> Result<Basis, StoreError> {
    Ok(match number {
        0 => Basis::Grant,
        1 => Basis::Held,
        2 => Basis::Unlimited,
        3 => Basis::OverGrant,
        _ => return Err(StoreError::Damaged(format!("no basis has number {number}"))),
    })
}

/// A check-in of `station` from columns epoch, seq, hlc, basis, released, starting at column `first`.
pub(crate) fn admitted(row: &Row<'_>, first: usize, station: StationId) -> Result<Admitted, StoreError> {
    let key = EntryKey { station, epoch: Epoch(number(row.get(first)?)), seq: number(row.get(first + 1)?) };
    Ok(Admitted {
        key,
        hlc: Hlc(number(row.get(first + 2)?)),
        basis: basis(row.get(first + 3)?)?,
        released: row.get(first + 4)?,
    })
}
