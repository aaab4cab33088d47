//! Exits whose check-in was not known where they were written, and the Binds that name it. A Bind may come before its exit.

use usher_core::{
    fold::Left,
    ids::{EntryKey, PersonId, SessionId},
};

use crate::{
    Result,
    store::{ExitPlace, ExitRow, Txn},
};

pub(super) fn leave(txn: &mut dyn Txn, session: SessionId, person: PersonId, left: Left) -> Result<()> {
    let bound = txn.exit(left.key)?.is_some_and(|row| row.bound);
    let place = Some(ExitPlace { session, person, hlc: left.hlc });
    txn.put_exit(&ExitRow { key: left.key, place, bound })
}

pub(super) fn bind(txn: &mut dyn Txn, exit: EntryKey) -> Result<()> {
    let place = txn.exit(exit)?.and_then(|row| row.place);
    txn.put_exit(&ExitRow { key: exit, place, bound: true })
}
