//! What the organiser sets for the whole event: how doors begin, who is called, and the PINs. Each change goes down the feed to every desk.

use usher_core::ids::ActorId;
use usher_protocol::{
    limits::{NAME_CHARS_MAX, PHONE_CHARS_MAX, PINS_MAX},
    pin::{PinRecord, is_pin},
    records::EventRecord,
};

use super::{Authority, setup::event_row};
use crate::{Fresh, Result, store::Store};

/// What came of adding a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinAdded {
    /// It opens every desk from its next contact on.
    Done,
    /// It is no PIN: not 4 to 8 digits.
    NotAPin,
    /// Somebody has it: it could not be told whose word it was.
    Taken,
    /// Somebody of this name has one.
    NameTaken,
    /// The event has [`PINS_MAX`].
    TooMany,
}

impl<S: Store> Authority<S> {
    /// Whom desks name where the server cannot be reached; empty: nobody. Cut to [`PHONE_CHARS_MAX`].
    ///
    /// # Errors
    /// The store's own.
    pub fn set_help_phone(&self, phone: &str) -> Result<()> {
        let phone: String = phone.trim().chars().take(PHONE_CHARS_MAX).collect();
        self.change_event(|event| event.help_phone = phone)
    }

    /// Whether desks that chose nothing else let a clean Registered in at the scan.
    ///
    /// # Errors
    /// The store's own.
    pub fn set_fast_door(&self, fast: bool) -> Result<()> {
        self.change_event(|event| event.fast_door = fast)
    }

    /// Gives somebody a PIN.
    ///
    /// # Errors
    /// The store's own.
    pub fn add_pin(
        &self,
        name: &str,
        unlocks_only: bool,
        pin: &str,
        mut fresh: Fresh<'_>,
    ) -> Result<PinAdded> {
        if !is_pin(pin) {
            return Ok(PinAdded::NotAPin);
        }
        let name: String = name.trim().chars().take(NAME_CHARS_MAX).collect();
        let (actor, salt) = (ActorId(fresh.uuid()), (fresh.random)().to_be_bytes());
        // Slow on purpose: before the transaction.
        let taken = self.event()?.pins.iter().any(|record| record.opens(pin));
        let Some(record) = PinRecord::new(actor, name, unlocks_only, pin, salt) else {
            return Ok(PinAdded::NotAPin);
        };
        self.write(|txn| {
            let mut row = event_row(txn)?;
            if taken {
                return Ok(PinAdded::Taken);
            } else if row.record.pins.iter().any(|one| one.name == record.name) {
                return Ok(PinAdded::NameTaken);
            } else if row.record.pins.len() >= PINS_MAX {
                return Ok(PinAdded::TooMany);
            }
            row.record.pins.push(record);
            txn.put_event(&row)?;
            Ok(PinAdded::Done)
        })
    }

    /// Takes somebody's PIN away; false: nobody of this name has one.
    ///
    /// # Errors
    /// The store's own.
    pub fn remove_pin(&self, name: &str) -> Result<bool> {
        self.write(|txn| {
            let mut row = event_row(txn)?;
            let before = row.record.pins.len();
            row.record.pins.retain(|record| record.name != name.trim());
            let removed = row.record.pins.len() < before;
            if removed {
                txn.put_event(&row)?;
            }
            Ok(removed)
        })
    }

    fn change_event(&self, change: impl FnOnce(&mut EventRecord)) -> Result<()> {
        self.write(|txn| {
            let mut row = event_row(txn)?;
            change(&mut row.record);
            txn.put_event(&row)
        })
    }
}
