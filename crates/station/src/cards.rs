//! The cards of this desk: the one on the stage, those before it, and what each wrote.

use std::collections::VecDeque;

use usher_core::{
    entry::Found,
    ids::{EntryKey, SessionId},
    verdict::{Judgement, Verdict},
};
use usher_protocol::window::{CardOutcome, RecentRow, RecentWhat};
use usher_replica::{Asked, Guest, Ticket};
use uuid::Uuid;

/// How many cards are remembered: the recent list, and undo.
const CARDS_MAX: usize = 100;
/// How many rows the recent list has.
const RECENT_MAX: usize = 20;

/// A verdict that was shown, and what became of it.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    /// The verdict's id.
    pub(crate) id: Uuid,
    /// What stood at the door.
    pub(crate) ticket: Ticket,
    /// How it was found.
    pub(crate) found: Found,
    /// For which session.
    pub(crate) session: SessionId,
    /// Other sessions served that it could be for; with its own where that is not chosen yet.
    pub(crate) others: Vec<SessionId>,
    /// The volunteer has to choose the session first: nobody is let in, and no refusal is recorded.
    pub(crate) unchosen: bool,
    /// The guest is in already at another session that this desk serves: somebody decides.
    pub(crate) inside_elsewhere: bool,
    /// The answer.
    pub(crate) judgement: Judgement,
    /// The guest, where known.
    pub(crate) guest: Option<Guest>,
    /// When, by the corrected clock.
    pub(crate) at_ms: i64,
    /// What became of it.
    pub(crate) outcome: CardOutcome,
    /// The entry that it wrote and that can be taken back: a check-in, a refusal, or a walk-in that was only added.
    pub(crate) wrote: Option<EntryKey>,
    /// A walk-in that was added and not let in: with what it wrote the guest leaves the list again.
    pub(crate) added: bool,
    /// Whether it was closed: a refusal is recorded then.
    pub(crate) closed: bool,
    /// Shown again within seconds of its own green.
    pub(crate) again: bool,
    /// How many guests the order has that this one belongs to.
    pub(crate) order_size: usize,
    /// How many of the order were let in together, this guest included; 0: alone.
    pub(crate) party: u32,
    /// A real ticket while the desk practises.
    pub(crate) real: bool,
    /// The supervisor by whose word the guest was let in.
    pub(crate) by: Option<String>,
}

impl Card {
    /// A card on which nothing was decided yet.
    pub(crate) const fn new(
        id: Uuid,
        asked: Asked,
        found: Found,
        judgement: Judgement,
        guest: Option<Guest>,
    ) -> Self {
        Self {
            id,
            ticket: asked.ticket,
            found,
            session: asked.session,
            others: Vec::new(),
            unchosen: false,
            inside_elsewhere: false,
            judgement,
            guest,
            at_ms: asked.now_ms,
            outcome: CardOutcome::Open,
            wrote: None,
            added: false,
            closed: false,
            again: false,
            order_size: 0,
            party: 0,
            real: false,
            by: None,
        }
    }

    /// Whether somebody may still let the guest in on this card.
    pub(crate) const fn asks(&self) -> bool {
        self.judgement.basis.is_some()
            && !self.unchosen
            && matches!(self.outcome, CardOutcome::Open | CardOutcome::TakenBack)
    }

    /// What is judged again at the time `now_ms`.
    pub(crate) const fn asked(&self, now_ms: i64) -> Asked {
        Asked { ticket: self.ticket, session: self.session, now_ms }
    }

    /// Whether the guest's name is to be shown as a plain Registered.
    pub(crate) fn clean(&self) -> bool {
        self.judgement.verdict == Verdict::Registered
    }

    /// Whether the guest was in already when the card was made.
    pub(crate) const fn already_in(&self) -> bool {
        matches!(self.judgement.verdict, Verdict::AlreadyCheckedIn(_))
    }

    fn row(&self) -> Option<RecentRow> {
        let what = match self.outcome {
            CardOutcome::LetIn => RecentWhat::LetIn,
            CardOutcome::TurnedAway => RecentWhat::TurnedAway,
            CardOutcome::TakenBack => RecentWhat::TakenBack,
            CardOutcome::CheckedOut => RecentWhat::CheckedOut,
            CardOutcome::NotSaved { .. } | CardOutcome::NobodyOut | CardOutcome::NotCounted => return None,
            CardOutcome::Open if self.ticket == Ticket::NotATicket => return None,
            CardOutcome::Open if self.added => RecentWhat::Added,
            CardOutcome::Open if self.asks() || self.unchosen => RecentWhat::Undecided,
            CardOutcome::Open => RecentWhat::TurnedAway,
        };
        let name = self.guest.as_ref().map(|guest| guest.name.clone()).unwrap_or_default();
        Some(RecentRow { id: self.id.to_string(), name, at_ms: self.at_ms, what })
    }
}

/// The cards, newest last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cards {
    all: VecDeque<Card>,
    /// The card on the stage.
    pub(crate) current: Option<Uuid>,
    /// A card that asked and was replaced, and when.
    pub(crate) left_open: Option<(Uuid, i64)>,
    /// Who was checked out last.
    pub(crate) last_out: Option<Out>,
}

/// Somebody was checked out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Out {
    pub(crate) ticket: Ticket,
    pub(crate) session: SessionId,
    /// When, by the corrected clock.
    pub(crate) at_ms: i64,
    /// The card that said so.
    pub(crate) card: Uuid,
}

impl Cards {
    /// Puts a card on the stage.
    pub(crate) fn show(&mut self, card: Card) {
        self.current = Some(card.id);
        self.remember(card);
    }

    /// Remembers a card of an earlier time, among the others by its time.
    pub(crate) fn remember_earlier(&mut self, card: Card) {
        let at = self.all.iter().rposition(|other| other.at_ms <= card.at_ms).map_or(0, |at| at + 1);
        self.all.insert(at, card);
        self.forget_oldest();
    }

    /// Remembers a card without showing it.
    pub(crate) fn remember(&mut self, card: Card) {
        self.all.push_back(card);
        self.forget_oldest();
    }

    /// But never the one on the stage, which may be of an earlier time.
    fn forget_oldest(&mut self) {
        if self.all.len() > CARDS_MAX {
            let oldest = self.all.iter().position(|card| Some(card.id) != self.current);
            oldest.and_then(|at| self.all.remove(at));
        }
    }

    /// The card with this id.
    pub(crate) fn get(&self, id: Uuid) -> Option<&Card> {
        self.all.iter().rev().find(|card| card.id == id)
    }

    /// The card with this id, to be changed.
    pub(crate) fn get_mut(&mut self, id: Uuid) -> Option<&mut Card> {
        self.all.iter_mut().rev().find(|card| card.id == id)
    }

    /// The card on the stage.
    pub(crate) fn on_stage(&self) -> Option<&Card> {
        self.get(self.current?)
    }

    /// The newest card whose check-in can be taken back.
    pub(crate) fn last_let_in(&self) -> Option<&Card> {
        self.all.iter().rev().find(|card| card.outcome == CardOutcome::LetIn && card.wrote.is_some())
    }

    /// The card that wrote this entry.
    pub(crate) fn of_entry(&self, key: EntryKey) -> Option<&Card> {
        self.all.iter().rev().find(|card| card.wrote == Some(key))
    }

    /// The newest card of this ticket at one of these sessions.
    pub(crate) fn last_of(&self, ticket: &Ticket, sessions: &[SessionId]) -> Option<&Card> {
        self.all.iter().rev().find(|card| card.ticket == *ticket && sessions.contains(&card.session))
    }

    /// The recent list, newest first. The card on the stage is in it once it is decided.
    pub(crate) fn recent(&self) -> Vec<RecentRow> {
        let told = |card: &&Card| card.outcome != CardOutcome::Open || Some(card.id) != self.current;
        self.all.iter().rev().filter(told).filter_map(Card::row).take(RECENT_MAX).collect()
    }
}
