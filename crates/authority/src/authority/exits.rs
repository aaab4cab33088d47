//! Exits whose check-in was not known at the door where somebody left: each is bound to an earlier check-in of the same person once
//! that has come (DESIGN section 5). The caller sees to it that nothing is awaited: after a restore the Binds are then back.

use std::collections::BTreeMap;

use usher_core::{
    entry::{Bind, Body, Subject},
    fold::{Left, pair},
    ids::{PersonId, SessionId},
};

use super::OwnLog;
use crate::{
    Result,
    store::{CheckInRow, Txn},
};

/// Binds what can be bound at one session.
pub(super) fn bind(txn: &mut dyn Txn, own: &OwnLog, session: SessionId, now_ms: i64) -> Result<()> {
    let mut left = BTreeMap::<PersonId, Vec<Left>>::new();
    for exit in txn.open_exits(session)? {
        if let Some(place) = exit.place {
            left.entry(place.person).or_default().push(Left { key: exit.key, hlc: place.hlc });
        }
    }
    for (person, exits) in left {
        let rows = txn.group(session, Subject::Person(person))?;
        let standing: Vec<_> = rows.iter().filter(|row| !row.released).map(CheckInRow::admitted).collect();
        for (exit, check_in) in pair(&standing, &exits) {
            own.append(txn, Body::Bind(Bind { exit, check_in }), now_ms)?;
        }
    }
    Ok(())
}
