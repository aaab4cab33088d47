//! Name badges: what is to be printed, what failed, and the codes that were shown here. The printer itself is asked in `printing`.
//!
//! A badge's QR code carries the code of the ticket that the guest showed: the list on a desk has only its digest, so that a stolen
//! desk prints no tickets (decision 0002). Codes are kept in memory, and only the last ones; a guest found by name has none.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Notify;
use usher_core::ids::PersonId;
use usher_labels::{Label, LabelSize};
use usher_protocol::window::{
    BadgeFailed, BadgeProblem, BadgeSettings, BadgeSize, BadgesView, CardOutcome, EventLabel, WindowError,
};
use usher_replica::{Guest, Replica, StoreError, Ticket};
use uuid::Uuid;

use crate::{Desk, Host, scanning::Bench};

/// The name of the setting that survives a restart.
const SETTING: &str = "badges";
/// The most badges that wait; a printer that stands still must not fill the memory.
const WAITING_MAX: usize = 20;
/// The most failed badges that are remembered.
const FAILED_MAX: usize = 20;
/// Of how many guests the shown code, and that they had a badge, is remembered.
const GUESTS_MAX: usize = 200;

/// A badge that is to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The card's verdict id; a test label has one of its own.
    pub(crate) id: Uuid,
    pub(crate) label: Label,
    /// A test label is nobody's.
    pub(crate) test: bool,
}

/// The desk's badges.
#[derive(Debug, Default)]
pub(crate) struct Badges {
    state: Mutex<State>,
    /// There is something to print.
    pub(crate) wanted: Notify,
    /// The printer is to be asked how it is, or no more.
    pub(crate) look: Notify,
}

#[derive(Debug, Default)]
struct State {
    set: BadgeSettings,
    waiting: VecDeque<Wanted>,
    printing: Option<Wanted>,
    failed: VecDeque<(Wanted, BadgeProblem)>,
    codes: VecDeque<(PersonId, String)>,
    // Who had a badge at the door already: somebody let in again keeps it.
    had: VecDeque<PersonId>,
    // The event's template, where the last badge could not follow it.
    plain_for: Option<Value>,
}

/// What is kept of the settings. The window's own form may change; this one stays readable.
#[derive(Serialize, Deserialize)]
struct Kept {
    printer: Option<String>,
    on_let_in: bool,
    /// The size that is built in, and whether the event's label goes before it. Version 0.1 knew only the size.
    size: LabelSize,
    #[serde(default)]
    event: bool,
}

impl Kept {
    fn of(set: &BadgeSettings) -> Self {
        let (size, event) = match set.size {
            BadgeSize::Event => (LabelSize::default(), true),
            BadgeSize::W90H54 => (LabelSize::W90H54, false),
            BadgeSize::W62H29 => (LabelSize::W62H29, false),
        };
        Self { printer: set.printer.clone(), on_let_in: set.on_let_in, size, event }
    }

    fn set(self) -> BadgeSettings {
        let size = match self.size {
            _ if self.event => BadgeSize::Event,
            LabelSize::W90H54 => BadgeSize::W90H54,
            LabelSize::W62H29 => BadgeSize::W62H29,
        };
        BadgeSettings { printer: self.printer, on_let_in: self.on_let_in, size }
    }
}

impl Badges {
    /// With the settings that the desk's files have.
    pub(crate) fn restored(files: Option<&Replica>) -> Self {
        let kept = files.map(|files| files.setting::<Kept>(SETTING)).transpose().unwrap_or_else(|error| {
            tracing::warn!(%error, "the settings of the badges could not be read");
            None
        });
        let badges = Self::default();
        if let Some(kept) = kept.flatten() {
            badges.state().set = kept.set();
        }
        badges
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How this desk prints.
    pub(crate) fn set(&self) -> BadgeSettings {
        self.state().set.clone()
    }

    /// Keeps how this desk prints.
    pub(crate) fn keep(&self, files: &Replica, set: BadgeSettings) -> Result<(), StoreError> {
        files.keep_setting(SETTING, &Kept::of(&set))?;
        self.state().set = set;
        self.look.notify_one();
        Ok(())
    }

    /// Whether the last badge could not follow the event's template.
    pub(crate) fn plain_for(&self, template: &Value) -> bool {
        self.state().plain_for.as_ref() == Some(template)
    }

    /// A badge was laid out; with the event's template, where that could not be followed.
    pub(crate) fn laid_out(&self, plain_for: Option<Value>) {
        self.state().plain_for = plain_for;
    }

    /// What the window shows, with the event's label.
    pub(crate) fn view(&self, event: Option<EventLabel>) -> BadgesView {
        let state = self.state();
        let failed = state.failed.back().map(|(badge, why)| BadgeFailed {
            id: badge.id.to_string(),
            name: if badge.test { String::new() } else { badge.label.name.clone() },
            why: why.clone(),
            more: count(state.failed.len() - 1),
        });
        let waiting = count(state.waiting.len() + usize::from(state.printing.is_some()));
        BadgesView { set: state.set.clone(), waiting, failed, event }
    }

    /// Lets a badge wait for the printer. One that waits already waits once; what it failed by before is over.
    pub(crate) fn wait(&self, badge: Wanted) {
        let mut state = self.state();
        state.failed.retain(|(failed, _)| failed.id != badge.id);
        let same = |one: &Wanted| one.id == badge.id;
        if state.waiting.iter().chain(&state.printing).any(same) {
            return;
        }
        if state.waiting.len() >= WAITING_MAX {
            state.fail(badge, BadgeProblem::TooMany);
            return;
        }
        state.waiting.push_back(badge);
        drop(state);
        self.wanted.notify_one();
    }

    /// The next badge, at the printer from now on.
    pub(crate) fn next(&self) -> Option<Wanted> {
        let mut state = self.state();
        state.printing = state.waiting.pop_front();
        state.printing.clone()
    }

    /// What became of the badge at the printer.
    pub(crate) fn done(&self, outcome: Result<(), BadgeProblem>) {
        let mut state = self.state();
        if let (Some(badge), Err(why)) = (state.printing.take(), outcome) {
            state.fail(badge, why);
        }
    }

    /// A failed badge was seen, and so were those before it.
    pub(crate) fn seen(&self, id: Uuid) {
        let mut state = self.state();
        if let Some(at) = state.failed.iter().position(|(badge, _)| badge.id == id) {
            state.failed.drain(..=at);
        }
    }

    /// A badge that failed.
    pub(crate) fn failed(&self, id: Uuid) -> Option<Wanted> {
        self.state().failed.iter().find(|(badge, _)| badge.id == id).map(|(badge, _)| badge.clone())
    }

    fn remember(&self, person: PersonId, code: String) {
        let mut state = self.state();
        state.codes.retain(|(of, _)| *of != person);
        state.codes.push_back((person, code));
        if state.codes.len() > GUESTS_MAX {
            state.codes.pop_front();
        }
    }

    fn code(&self, person: PersonId) -> Option<String> {
        self.state().codes.iter().find(|(of, _)| *of == person).map(|(_, code)| code.clone())
    }

    /// Whether this is the guest's first badge here.
    fn first(&self, person: PersonId) -> bool {
        let mut state = self.state();
        if state.had.contains(&person) {
            return false;
        }
        state.had.push_back(person);
        if state.had.len() > GUESTS_MAX {
            state.had.pop_front();
        }
        true
    }

    /// What stands on a guest's badge.
    fn label(&self, guest: &Guest, event: String) -> Label {
        Label {
            name: guest.name.clone(),
            organisation: guest.organisation.clone(),
            kind: guest.kind.clone(),
            event,
            code: self.code(guest.id),
        }
    }
}

impl State {
    fn fail(&mut self, badge: Wanted, why: BadgeProblem) {
        self.failed.push_back((badge, why));
        if self.failed.len() > FAILED_MAX {
            self.failed.pop_front();
        }
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

impl<H: Host> Desk<H> {
    /// Remembers the code by which a guest was found, for the badge.
    pub(crate) fn note_code(&self, bench: &Bench<'_>, ticket: Ticket, readings: &[String]) {
        let Some(id) = ticket.person() else { return };
        let found = |text: &&String| {
            readings.len() == 1
                || bench.files.look_up(&bench.who, &[(*text).clone()]).is_ok_and(|one| one == ticket)
        };
        if let Some(code) = readings.iter().find(found) {
            self.0.badges.remember(id, code.trim().to_owned());
        }
    }

    /// After the commit of a let-in: lets the guest's first badge wait for the printer, where this desk does so. Never fails the
    /// let-in, and never waits.
    pub(crate) fn badge_on_let_in(&self, card: Uuid) {
        let set = self.0.badges.set();
        if !(set.on_let_in && set.printer.is_some()) {
            return;
        }
        let card = self.state().cards.get(card).cloned();
        let Some(card) = card.filter(|card| card.outcome == CardOutcome::LetIn) else { return };
        if let Some(guest) = card.guest.as_ref().filter(|guest| self.0.badges.first(guest.id)) {
            let label = self.0.badges.label(guest, self.event_name());
            self.0.badges.wait(Wanted { id: card.id, label, test: false });
        }
    }

    /// The event's name; empty while the event is not here.
    pub(crate) fn event_name(&self) -> String {
        let event = self.files().ok().and_then(|files| files.event().ok().flatten());
        event.map(|event| event.name).unwrap_or_default()
    }

    /// The badge of a card's guest, or one that failed before.
    pub(crate) fn badge(&self, id: Uuid) -> Result<Wanted, WindowError> {
        if let Some(failed) = self.0.badges.failed(id) {
            return Ok(failed);
        }
        let guest = self.state().cards.get(id).and_then(|card| card.guest.clone());
        let guest = guest.ok_or(WindowError::NotPossible)?;
        Ok(Wanted { id, label: self.0.badges.label(&guest, self.event_name()), test: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn badge(n: u128) -> Wanted {
        Wanted {
            id: Uuid::from_u128(n),
            label: Label { name: n.to_string(), ..Label::default() },
            test: false,
        }
    }

    #[test]
    fn a_printer_that_stands_still_fills_nothing() {
        let badges = Badges::default();
        (0..1_000).for_each(|n| badges.wait(badge(n)));
        assert_eq!(badges.view(None).waiting, count(WAITING_MAX));
        let failed = badges.view(None).failed.unwrap();
        assert_eq!((failed.name.as_str(), failed.why, failed.more), ("999", BadgeProblem::TooMany, 19));
    }

    #[test]
    fn one_badge_waits_once_and_printing_it_again_takes_its_failure_away() {
        let badges = Badges::default();
        badges.wait(badge(1));
        badges.wait(badge(1));
        assert_eq!((badges.next(), badges.view(None).waiting), (Some(badge(1)), 1));
        badges.wait(badge(1));
        assert_eq!(badges.view(None).waiting, 1, "it is at the printer");
        badges.done(Err(BadgeProblem::OutOfPaper));
        assert_eq!((badges.view(None).waiting, badges.failed(Uuid::from_u128(1))), (0, Some(badge(1))));
        badges.wait(badge(1));
        assert_eq!((badges.view(None).waiting, badges.view(None).failed), (1, None));
        badges.next();
        badges.done(Ok(()));
        assert_eq!(badges.view(None), BadgesView::default());
        assert_eq!(badges.next(), None);
    }

    #[test]
    fn a_seen_failure_goes_with_those_before_it_and_leaves_later_ones() {
        let badges = Badges::default();
        for n in 1..=3 {
            badges.wait(badge(n));
            badges.next();
            badges.done(Err(BadgeProblem::Slow));
        }
        badges.seen(Uuid::from_u128(2));
        let left = badges.view(None).failed.unwrap();
        assert_eq!((left.name.as_str(), left.more), ("3", 0));
        badges.seen(Uuid::from_u128(9));
        assert!(badges.view(None).failed.is_some());
    }

    #[test]
    fn codes_are_of_the_last_guests_and_a_first_badge_is_first_once() {
        let badges = Badges::default();
        let person = |n| PersonId(Uuid::from_u128(n));
        (0..=GUESTS_MAX as u128).for_each(|n| badges.remember(person(n), format!("code {n}")));
        badges.remember(person(5), "newer".into());
        assert_eq!((badges.code(person(0)), badges.code(person(5)).unwrap().as_str()), (None, "newer"));
        assert!(badges.first(person(1)) && !badges.first(person(1)) && badges.first(person(2)));
    }
}
