//! What passes between supervisors and desks: messages, and places for guests whom a desk had to refuse.

use usher_core::{
    clock::Hlc,
    entry::{Body, CapacitySet, Entry, Message, Subject},
    ids::{ActorId, Identity, SessionId, StationId},
};
use usher_protocol::{
    board::{BoardMessage, DeskAsks, DeskPlaceAsk},
    decide::{Decision, Refused},
    enrol::Role,
    limits::{MESSAGE_AGE_MS_MAX, MESSAGE_CHARS_MAX},
    sync::Asks,
};

use super::{
    Authority,
    board::person_name,
    grants::{give_a_place, has_free},
};
use crate::{
    Result,
    derive::decode,
    store::{Contact, Look, MessageRow, StationRow, Store},
};

/// How many messages the board lists at most.
const MESSAGES_MAX: u64 = 100;
/// How long a desk that is not heard any more is counted among those that a message is for, in milliseconds: 10 minutes.
const HEARD_MS: i64 = 600_000;

/// Whether words are short enough.
pub(super) fn fit(words: &str) -> bool {
    words.chars().count() <= MESSAGE_CHARS_MAX
}

/// The entry of a message. An answer to a call for help says who comes where its words do not.
pub(super) fn message(look: &dyn Look, decision: &Decision, actor: ActorId) -> Result<Result<Body, Refused>> {
    let Decision::Message { to, session, urgent, text, comes, refuses } = decision else {
        return Ok(Err(Refused::DoesNotFit));
    };
    let text = text.trim();
    let answers = comes.is_some() || refuses.is_some();
    if !fit(text) || (text.is_empty() && !answers) || (answers && to.is_none()) {
        return Ok(Err(Refused::DoesNotFit));
    }
    let is_desk = |id: &StationId| Ok::<_, crate::Error>(look.station(*id)?.is_some_and(in_use));
    let known = session.map_or(Ok(true), |id| look.session(id).map(|row| row.is_some()))?;
    if !known || !to.as_ref().map_or(Ok(true), is_desk)? {
        return Ok(Err(Refused::Unknown));
    }
    let text = if text.is_empty() && comes.is_some() { named(look, actor)? } else { text.to_owned() };
    let (to, session, urgent, comes, refuses) = (*to, *session, *urgent, *comes, *refuses);
    Ok(Ok(Body::Message(Message { to, urgent, text, actor, session, comes, refuses })))
}

fn in_use(row: StationRow) -> bool {
    row.role == Role::Desk && !row.record.revoked
}

/// The name of a supervisor; empty where unknown.
fn named(look: &dyn Look, actor: ActorId) -> Result<String> {
    let row = look.stations()?.into_iter().find(|row| row.actor == Some(actor));
    Ok(row.map(|row| row.record.name.chars().take(MESSAGE_CHARS_MAX).collect()).unwrap_or_default())
}

/// A place for a desk that asked.
#[derive(Clone, Copy)]
pub(super) struct Given {
    pub(super) session: SessionId,
    pub(super) to: StationId,
    pub(super) capacity: Option<u32>,
    pub(super) asked_ms: i64,
}

impl<S: Store> Authority<S> {
    /// Gives a desk one place, by raising the capacity where that was said: both or nothing, so that no other desk takes the place first. Gives
    /// the revision of the session's settings.
    pub(super) fn give_place(
        &self,
        given: Given,
        seen: Option<u64>,
        actor: ActorId,
        now_ms: i64,
    ) -> Result<Result<u64, Refused>> {
        let Given { session, to, capacity, asked_ms } = given;
        self.write(|txn| {
            let (Some(before), Some(mut contact)) = (txn.session(session)?, last_heard(txn, to)?) else {
                return Ok(Err(Refused::Unknown));
            };
            let (mut after, desk, to) = (before.clone(), to, Identity { station: to, epoch: contact.epoch });
            let rules = &mut after.record.rules;
            rules.capacity = capacity.or(rules.capacity);
            if seen.is_some_and(|seen| seen != rules.rev)
                || !asked_for(&contact, session, asked_ms, now_ms)
                || !has_free(txn, &self.own(), session, rules.capacity, to)?
            {
                return Ok(Err(Refused::DoesNotFit));
            }
            if after != before {
                after.record.rules.rev += 1;
                txn.put_session(&after)?;
                let set = CapacitySet { session, capacity, actor };
                self.own().append(txn, Body::CapacitySet(set), now_ms)?;
            }
            give_a_place(txn, &self.own(), session, to, now_ms)?;
            // It is answered: a second press gives no second place.
            contact.asks = contact.asks.map(|asks| Asks { place: None, ..asks });
            txn.put_contact(desk, &contact)?;
            self.set_holds(txn, now_ms)?;
            Ok(Ok(after.record.rules.rev))
        })
    }
}

/// Whether a desk asked for a place at this session at this time, and is still there: a place that nobody takes is lost to the others.
fn asked_for(contact: &Contact, session: SessionId, asked_ms: i64, now_ms: i64) -> bool {
    let asked = contact.asks.and_then(|asks| asks.place);
    let same = asked.is_some_and(|place| place.session == session && place.at_ms == asked_ms);
    same && is_there(contact, now_ms)
}

/// Whether a desk was heard lately.
const fn is_there(contact: &Contact, now_ms: i64) -> bool {
    contact.at_ms >= now_ms.saturating_sub(HEARD_MS)
}

/// What a desk in use last said; none: it was never heard.
fn last_heard(look: &dyn Look, desk: StationId) -> Result<Option<Contact>> {
    if !look.station(desk)?.is_some_and(in_use) {
        return Ok(None);
    }
    let mut all = look.contacts()?.into_iter().filter(|(station, _)| *station == desk);
    Ok(all.next_back().map(|(_, contact)| contact))
}

/// The messages of the last hours as a board lists them, the newest first. `desks`: each desk in use with what it last said.
pub(super) fn messages(
    look: &dyn Look,
    stations: &[StationRow],
    desks: &[(&StationRow, Option<&Contact>)],
    now_ms: i64,
) -> Result<Vec<BoardMessage>> {
    let since = Hlc::from_ms(now_ms.saturating_sub(MESSAGE_AGE_MS_MAX));
    let rows = look.messages(since, MESSAGES_MAX)?;
    let all = rows.into_iter().map(|row| listed(look, stations, desks, row, now_ms));
    Ok(all.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn listed(
    look: &dyn Look,
    stations: &[StationRow],
    desks: &[(&StationRow, Option<&Contact>)],
    row: MessageRow,
    now_ms: i64,
) -> Result<Option<BoardMessage>> {
    let Some((key, said)) = said(look, row)? else { return Ok(None) };
    let read = look.message_reads(row.key)?;
    let waits = desks.iter().filter(|(desk, heard)| {
        !read.contains(&desk.record.id) && is_for(&said, desk.record.id, *heard, now_ms)
    });
    let unread = waits.map(|(desk, _)| desk.record.name.clone()).collect();
    let by = stations.iter().find(|station| station.actor == Some(said.actor));
    let name = |id| stations.iter().find(|one| one.record.id == id).map(|one| one.record.name.clone());
    Ok(Some(BoardMessage {
        id: format!("{} {} {}", key.station, key.epoch, key.seq),
        at_ms: row.hlc.ms(),
        by: by.map(|station| station.record.name.clone()).unwrap_or_default(),
        to: said.to.map(|id| name(id).unwrap_or_else(|| id.to_string())),
        session: said.session.map(|id| id.to_string()),
        urgent: said.urgent,
        comes: said.comes.is_some(),
        refuses: said.refuses.is_some(),
        text: said.text,
        read: read.len() as u64,
        unread,
    }))
}

fn said(look: &dyn Look, row: MessageRow) -> Result<Option<(usher_core::ids::EntryKey, Message)>> {
    let Some(entry) = look.entry(row.key)? else { return Ok(None) };
    let Entry { body, .. } = decode(&entry.bytes)?;
    Ok(if let Body::Message(message) = body { Some((row.key, message)) } else { None })
}

/// Whether a message is for a desk, as far as the server can tell: one that it names, or one that was heard lately.
fn is_for(said: &Message, desk: StationId, heard: Option<&Contact>, now_ms: i64) -> bool {
    if let Some(to) = said.to {
        return to == desk;
    }
    heard.is_some_and(|heard| {
        is_there(heard, now_ms) && said.session.is_none_or(|session| heard.serves(session))
    })
}

/// What a desk asks for, without what was answered.
pub(super) fn asks(
    look: &dyn Look,
    desk: StationId,
    contact: Option<&Contact>,
    now_ms: i64,
) -> Result<Option<DeskAsks>> {
    let Some(asks) = contact.and_then(|contact| contact.asks) else { return Ok(None) };
    let since = Hlc::from_ms(now_ms.saturating_sub(MESSAGE_AGE_MS_MAX));
    let mut open = asks;
    // Its guest has gone, as far as can be told from here.
    open.place = open.place.filter(|_| contact.is_some_and(|contact| is_there(contact, now_ms)));
    for row in look.messages(since, MESSAGES_MAX)? {
        let Some((_, said)) = said(look, row)?.filter(|(_, said)| said.to == Some(desk)) else { continue };
        open.help_ms = open.help_ms.filter(|at_ms| said.comes != Some(*at_ms));
        open.place = open.place.filter(|place| said.refuses != Some(place.at_ms));
    }
    let place = open.place.map(|place| {
        let guest = place.person.map(|person| person_name(look, Subject::Person(person))).transpose()?;
        let session = place.session.to_string();
        Ok::<_, crate::Error>(DeskPlaceAsk { at_ms: place.at_ms, session, guest: guest.flatten() })
    });
    let open = DeskAsks { help_ms: open.help_ms, place: place.transpose()? };
    Ok(Some(open).filter(|open| *open != DeskAsks::default()))
}
