//! After a restart: the recent list is read back from the log.

use std::collections::HashMap;

use usher_core::{
    entry::{Body, CheckIn, Decline, Found, Subject},
    ids::EntryKey,
    verdict::{Judgement, Verdict},
};
use usher_protocol::window::CardOutcome;
use usher_replica::{Identified, Logged, Replica, StoreError, Ticket};
use uuid::Uuid;

use crate::cards::{Card, Cards};

/// How many entries are read back.
const ENTRIES: u64 = 60;

/// Reads the last cards back from the own log.
pub(crate) fn recall(files: &Replica, who: &Identified, cards: &mut Cards) -> Result<(), StoreError> {
    let head = files.head(who)?.seq;
    let mut made: Vec<(EntryKey, Card)> = Vec::new();
    let mut over: HashMap<EntryKey, CardOutcome> = HashMap::new();
    for logged in files.logged(who.identity, head.saturating_sub(ENTRIES), ENTRIES as usize)? {
        match &logged.entry.body {
            Body::Undo(undo) => drop(over.insert(undo.of, CardOutcome::TakenBack)),
            Body::CheckOut(out) => drop(over.insert(out.of, CardOutcome::CheckedOut)),
            _ => made.extend(card(files, &logged)?.map(|card| (logged.entry.key(), card))),
        }
    }
    for (key, mut card) in made {
        if let Some(outcome) = over.remove(&key) {
            (card.outcome, card.let_in) = (outcome, None);
        }
        cards.remember(card);
    }
    Ok(())
}

fn card(files: &Replica, logged: &Logged) -> Result<Option<Card>, StoreError> {
    let key = logged.entry.key();
    let (session, subject, outcome, basis, found) = match &logged.entry.body {
        Body::CheckIn(CheckIn { session, subject, basis, found, .. }) => {
            (*session, *subject, CardOutcome::LetIn, Some(*basis), *found)
        }
        Body::Decline(Decline { session, subject, .. }) => {
            (*session, *subject, CardOutcome::TurnedAway, None, Found::Typed)
        }
        _ => return Ok(None),
    };
    let (ticket, guest) = match subject {
        Subject::Person(id) => (Ticket::Person { id, revoked: false }, files.guest(id)?),
        Subject::Code(digest) => (Ticket::Unknown(digest), None),
    };
    Ok(Some(Card {
        id: id_of(key),
        ticket,
        found,
        session,
        judgement: Judgement { verdict: Verdict::Registered, late_min: None, basis },
        guest,
        at_ms: logged.entry.hlc.ms(),
        outcome,
        let_in: (outcome == CardOutcome::LetIn).then_some(key),
        closed: true,
        again: false,
    }))
}

/// An id for a card that was read back: the same after every restart, so that undoing it twice is one entry.
fn id_of(key: EntryKey) -> Uuid {
    Uuid::from_u128(key.station.0.as_u128() ^ (u128::from(key.epoch.0) << 64) ^ u128::from(key.seq))
}
