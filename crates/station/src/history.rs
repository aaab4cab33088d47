//! What this desk did, read back from its log: the recent list after a restart, and the list of everything.

use usher_core::{
    entry::{Body, Entry, Found, Subject},
    ids::{EntryKey, Identity, Seq, SessionId},
    verdict::{Judgement, Verdict},
};
use usher_protocol::{
    records::SessionRecord,
    window::{CardOutcome, DonePage, DoneRow, RecentRow, RecentWhat},
};
use usher_replica::{Asked, Fate, Identified, Logged, Replica, StoreError, Ticket, entry_id};
use uuid::Uuid;

use crate::cards::{Card, Cards};

/// How many entries are read back for the recent list.
const ENTRIES: u64 = 60;
/// How many entries are looked at in one step of the list of everything.
const STEP: u64 = 200;
/// How many rows a page of that list has at least, where there are so many.
const PAGE_ROWS: usize = 50;

/// Reads the last cards back from the own log.
pub(crate) fn recall(files: &Replica, who: &Identified, cards: &mut Cards) -> Result<(), StoreError> {
    let head = files.head(who)?.seq;
    for logged in files.logged(who.identity, head.saturating_sub(ENTRIES), ENTRIES as usize)? {
        if let Body::CheckIn(_) | Body::Decline(_) | Body::WalkIn(_) = logged.entry.body
            && let Some((card, _)) = card(files, &logged.entry)?
        {
            cards.remember(card);
        }
    }
    Ok(())
}

/// A card for one own entry; none: it is about no guest.
pub(crate) fn card_of(files: &Replica, key: EntryKey) -> Result<Option<Card>, StoreError> {
    let found = files.logged(key.identity(), key.seq.saturating_sub(1), 1)?;
    let found = found.into_iter().find(|one| one.entry.seq == key.seq);
    let found = found.map_or(Ok(None), |one| card(files, &one.entry))?;
    Ok(found.map(|(card, _)| card))
}

/// A card for an own entry, and what its line says.
fn card(files: &Replica, entry: &Entry) -> Result<Option<(Card, RecentWhat)>, StoreError> {
    let key = entry.key();
    let Some((session, subject, what)) = about(files, entry)? else { return Ok(None) };
    let (ticket, guest) = match subject {
        Subject::Person(id) => (Ticket::Person { id, revoked: false }, files.guest(id)?),
        Subject::Code(digest) => (Ticket::Unknown(digest), None),
    };
    let (basis, found) = match &entry.body {
        Body::CheckIn(check_in) => (Some(check_in.basis), check_in.found),
        _ => (None, Found::Typed),
    };
    let outcome = match (what, files.fate(key)?) {
        (_, Fate::TakenBack) => CardOutcome::TakenBack,
        (_, Fate::Left) | (RecentWhat::CheckedOut, _) => CardOutcome::CheckedOut,
        (RecentWhat::TurnedAway, _) => CardOutcome::TurnedAway,
        (RecentWhat::Added, _) => CardOutcome::Open,
        _ => CardOutcome::LetIn,
    };
    // A re-entry took nothing that could be taken back.
    let undoable = matches!(outcome, CardOutcome::LetIn | CardOutcome::TurnedAway | CardOutcome::Open)
        && !matches!(entry.body, Body::ReEntry(_));
    let asked = Asked { ticket, session, now_ms: entry.hlc.ms() };
    let judgement = Judgement { verdict: Verdict::Registered, late_min: None, basis, override_basis: None };
    let what = if outcome == CardOutcome::TakenBack { RecentWhat::TakenBack } else { what };
    let wrote = undoable.then_some(key);
    let new = Card::new(entry_id(key), asked, found, judgement, guest);
    let added = what == RecentWhat::Added;
    Ok(Some((Card { outcome, wrote, added, closed: true, ..new }, what)))
}

/// Where, who and what an own entry is about; none: it is about no guest, or that is not known here.
fn about(files: &Replica, entry: &Entry) -> Result<Option<(SessionId, Subject, RecentWhat)>, StoreError> {
    Ok(match &entry.body {
        Body::CheckIn(one) => Some((one.session, one.subject, RecentWhat::LetIn)),
        Body::Decline(one) => Some((one.session, one.subject, RecentWhat::TurnedAway)),
        Body::Exit(one) => Some((one.session, Subject::Person(one.person), RecentWhat::CheckedOut)),
        Body::CheckOut(one) => {
            files.place_of(one.of)?.map(|(session, who)| (session, who, RecentWhat::CheckedOut))
        }
        Body::ReEntry(one) => files.place_of(one.of)?.map(|(session, who)| (session, who, RecentWhat::LetIn)),
        // With the check-in of its own commit it is one line. On the list is the guest for no session.
        Body::WalkIn(one) if files.partner(entry.key())?.is_none() => {
            Some((SessionId(Uuid::nil()), Subject::Person(one.person), RecentWhat::Added))
        }
        _ => None,
    })
}

/// What this desk did before the entry of this name, the newest first; without a name from the newest on.
pub(crate) fn page(files: &Replica, who: &Identified, before: Option<Uuid>) -> Result<DonePage, StoreError> {
    let from = match before {
        Some(id) => files.entry_of(who, id)?,
        None => Some(who.identity.key(Seq::MAX)),
    };
    let Some(from) = from else { return Ok(DonePage { rows: Vec::new(), more: false }) };
    let (lives, sessions) = (files.lives(who)?, files.sessions()?);
    let until_here = lives.iter().take_while(|life| life.epoch != from.epoch).count();
    let mut rows = Vec::new();
    for (nr, life) in lives.iter().enumerate().take(until_here + 1).rev() {
        let until = if life.epoch == from.epoch { from.seq } else { Seq::MAX };
        let left = earlier(files, &sessions, *life, until, &mut rows)?;
        if rows.len() >= PAGE_ROWS {
            return Ok(DonePage { rows, more: left > 0 || nr > 0 });
        }
    }
    Ok(DonePage { rows, more: false })
}

/// Adds rows of one life before `until`, newest first, until the page is full; gives how many entries are left before them.
fn earlier(
    files: &Replica,
    sessions: &[SessionRecord],
    life: Identity,
    until: Seq,
    rows: &mut Vec<DoneRow>,
) -> Result<u64, StoreError> {
    let mut left = files.length(life)?.min(until.saturating_sub(1));
    while left > 0 && rows.len() < PAGE_ROWS {
        let after = left.saturating_sub(STEP);
        for logged in files.logged(life, after, (left - after) as usize)?.iter().rev() {
            rows.extend(row(files, sessions, logged)?);
        }
        left = after;
    }
    Ok(left)
}

fn row(files: &Replica, sessions: &[SessionRecord], logged: &Logged) -> Result<Option<DoneRow>, StoreError> {
    let Some((card, what)) = card(files, &logged.entry)? else { return Ok(None) };
    let session = sessions.iter().find(|one| one.rules.id == card.session);
    Ok(Some(DoneRow {
        // A check-out is taken back by a new check-in, at its own line.
        undo: card.wrote.is_some() || what == RecentWhat::CheckedOut,
        row: RecentRow {
            id: card.id.to_string(),
            name: card.guest.map(|guest| guest.name).unwrap_or_default(),
            at_ms: card.at_ms,
            what,
        },
        session: session.map(|one| one.name.clone()).unwrap_or_default(),
        waiting: !logged.acknowledged,
    }))
}
