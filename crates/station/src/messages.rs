//! What supervisors say to this desk (UX section 4, *Message*).
//!
//! An ordinary message is a strip beside the door. An urgent one is to be seen before the next guest: from the moment that it is here a
//! scan is held, as it is while a form is open, and opens once the message was read. By the desk, since the camera's codes do not
//! pass through the window. The card that stands is not touched; the window covers it once its time is over, or after some seconds.

use std::sync::Weak;

use usher_core::{
    entry::Found,
    ids::{EntryKey, Epoch, StationId},
};
use usher_protocol::{
    commands::{Handles, ReadMessage},
    limits::MESSAGE_AGE_MS_MAX,
    window::{Attended, DeskView, MessageView, WindowError},
};
use usher_replica::Heard;

use crate::{Desk, Host, desk::fault, view};

impl<H: Host> Desk<H> {
    /// The desk at which messages arrive: the one that is covered while this one is practised on.
    pub(crate) fn addressed(&self) -> Self {
        self.0.covers.as_ref().and_then(Weak::upgrade).map_or_else(|| self.clone(), Self)
    }

    /// The messages that nobody here has read, the urgent ones first. Files that cannot be read say so elsewhere.
    pub(crate) fn unread(&self) -> Vec<Heard> {
        let (Ok(files), Ok(who)) = (self.files(), self.who()) else { return Vec::new() };
        let since_ms = self.stamp().now_ms.saturating_sub(MESSAGE_AGE_MS_MAX);
        let served = self.state().seat.served();
        let mut heard = files.unread(&who, &served, since_ms).unwrap_or_else(|error| {
            tracing::warn!(%error, "messages could not be read");
            Vec::new()
        });
        heard.retain(|one| !self.state().put_aside.contains(&one.key));
        heard.sort_by_key(|one| !one.said.urgent);
        heard
    }

    /// The message to be shown, with how many wait behind it.
    ///
    /// None while guests serve themselves, or nobody stands there: it is not for them, and nobody could say that it was read.
    pub(crate) fn message(&self) -> Option<MessageView> {
        if self.attended() != Attended::Volunteer {
            return None;
        }
        let mut heard = self.unread();
        heard.retain(|one| !self.state().asking.is_stale(one));
        let more = u32::try_from(heard.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let first = heard.into_iter().next()?;
        Some(MessageView {
            id: name(first.key),
            urgent: first.said.urgent,
            refused: first.said.refuses.map(|_| self.refused_guest()),
            comes: first.said.comes.is_some(),
            text: first.said.text,
            at_ms: first.at_ms,
            more,
        })
    }

    fn refused_guest(&self) -> String {
        let state = self.state();
        let card = state.asking.place_card().and_then(|id| state.cards.get(id));
        card.and_then(|card| card.guest.as_ref()).map(|guest| guest.name.clone()).unwrap_or_default()
    }

    /// Whether an urgent message is to be seen before the next guest.
    pub(crate) fn urgent(&self) -> bool {
        self.message().is_some_and(|message| message.urgent)
    }

    /// Holds the scan while an urgent message waits; whether it did.
    pub(crate) fn hold_for_message(&self, readings: &[String], found: Found) -> Result<bool, WindowError> {
        if !self.urgent() {
            return Ok(false);
        }
        let bench = self.bench()?;
        let ticket = bench.files.look_up(&bench.who, readings).map_err(|error| fault(&error))?;
        self.keep_scan(&bench, ticket, readings, found)?;
        Ok(true)
    }

    /// The message was read. Where that cannot be written, the door goes on all the same: it is put aside until a restart.
    fn read_message(&self, id: &str) -> Result<(), WindowError> {
        let of = key(id).ok_or(WindowError::BadCall)?;
        let read = self.unread().into_iter().find(|one| one.key == of);
        let Some(read) = read else { return Ok(()) };
        let (files, who, shift) = (self.files()?, self.who()?, self.state().seat.shift);
        if let Err(error) = files.read_message(&who, of, shift, self.stamp()) {
            tracing::error!(%error, "that a message was read could not be written");
            self.state().put_aside.insert(of);
        }
        if read.said.comes.is_some() && !self.state().asking.is_stale(&read) {
            self.end_help();
        }
        self.ring();
        Ok(())
    }
}

/// A message's name in the window.
fn name(key: EntryKey) -> String {
    format!("{} {} {}", key.station, key.epoch, key.seq)
}

fn key(name: &str) -> Option<EntryKey> {
    let mut parts = name.split(' ');
    let station = StationId(parts.next()?.parse().ok()?);
    let epoch = Epoch(u64::from_str_radix(parts.next()?, 16).ok()?);
    Some(EntryKey { station, epoch, seq: parts.next()?.parse().ok()? })
}

impl<H: Host> Handles<ReadMessage> for Desk<H> {
    async fn handle(&self, args: ReadMessage) -> Result<DeskView, WindowError> {
        self.work_here(move |desk| {
            desk.read_message(&args.id)?;
            desk.open_held()?;
            Ok(view::desk_view(&desk.acting()))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_by_the_name_that_the_window_has() {
        let station = StationId(uuid::Uuid::from_u128(7));
        let of = EntryKey { station, epoch: Epoch(u64::MAX), seq: 3 };
        assert_eq!(key(&name(of)), Some(of));
        assert_eq!([key(""), key("7 7 7"), key(&name(of)[..30])], [None; 3]);
    }
}
