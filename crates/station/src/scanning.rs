//! From a code to a card, and from a card to an entry (DESIGN section 7, UX sections 1 to 4).

use usher_core::{entry::Found, ids::SessionId, verdict::Verdict};
use usher_protocol::window::{Attended, CardOutcome, DoorMode, NotSaved, WindowError};
use usher_replica::{Act, Asked, Decided, Decision, Guest, Identified, Judged, Replica, StoreError, Ticket};
use uuid::Uuid;

use crate::{Desk, Host, cards::Card, desk::fault, serving::Met};

/// A code shown again so soon after its own green stays green, silent and unrecorded (DESIGN section 7).
const AGAIN_MS: i64 = 10_000;

/// A camera and a scanner that see one code this close together are one look at it.
const SAME_LOOK_MS: i64 = 1_500;

/// What a decision on a card needs, gathered once.
pub(crate) struct Bench<'a> {
    pub(crate) files: &'a Replica,
    pub(crate) who: std::sync::Arc<Identified>,
    pub(crate) session: SessionId,
}

impl<H: Host> Desk<H> {
    pub(crate) fn bench(&self) -> Result<Bench<'_>, WindowError> {
        let files = self.files()?;
        let state = self.state();
        let who = state.who.clone().ok_or(WindowError::NotReady)?;
        let session = state.seat.session.ok_or(WindowError::NotReady)?;
        Ok(Bench { files, who, session })
    }

    /// A code was read. Where people leave by this door, its guest is checked out; a real ticket does nothing while the desk practises.
    pub(crate) fn read(&self, readings: &[String], found: Found) -> Result<Option<Uuid>, WindowError> {
        if self.is_real_ticket(readings) {
            return self.show_practice_only(found).map(Some);
        }
        let out = self.state().out;
        if out { self.scan_out(readings, found).map(Some) } else { self.scan(readings, found) }
    }

    /// Closes the card before it, judges, and on a fast door lets a clean Registered in.
    fn scan(&self, readings: &[String], found: Found) -> Result<Option<Uuid>, WindowError> {
        let bench = self.bench()?;
        let ticket = bench.files.look_up(&bench.who, readings).map_err(|error| fault(&error))?;
        self.note_code(&bench, ticket, readings);
        self.meet(&bench, ticket, found)
    }

    /// A real ticket while the desk practises: said, each time, and nothing else.
    fn show_practice_only(&self, found: Found) -> Result<Uuid, WindowError> {
        let bench = self.bench()?;
        let asked = Asked { ticket: Ticket::NotATicket, session: bench.session, now_ms: self.stamp().now_ms };
        let judged = bench.files.judge(&bench.who, &asked).map_err(|error| fault(&error))?;
        let judgement = judged.ok_or(WindowError::NotReady)?.judgement;
        self.close_current(true)?;
        let card = Card { real: true, ..Card::new(self.fresh_id(), asked, found, judgement, None) };
        let id = card.id;
        self.state().cards.show(card);
        Ok(id)
    }

    /// A guest was picked from the search: a card as if scanned, but nobody is let in by it.
    pub(crate) fn open_guest(&self, id: usher_core::ids::PersonId) -> Result<Option<Uuid>, WindowError> {
        let bench = self.bench()?;
        self.meet(&bench, Ticket::Person { id, revoked: false }, Found::Search)
    }

    fn meet(&self, bench: &Bench<'_>, ticket: Ticket, found: Found) -> Result<Option<Uuid>, WindowError> {
        let now_ms = self.stamp().now_ms;
        if let Some(id) = self.shown_again(&ticket, found, now_ms) {
            self.to_stage(id)?;
            return Ok(Some(id));
        }
        self.close_current(true)?;
        self.state().order = None;
        let Met { asked, judged, others, unchosen, sure, inside } = self.for_which(bench, ticket, now_ms)?;
        if judged.judgement.verdict == Verdict::GrantEmpty {
            // More places are asked for at once; when they come, the card on the stage says so.
            self.ring();
        }
        let card = Card { others, unchosen, inside_elsewhere: inside, ..self.card(asked, found, judged) };
        let id = card.id;
        let at_once = sure && self.goes_in_at_once(&card);
        self.state().hold.shows(id);
        self.state().cards.show(card);
        if at_once {
            self.decide(bench, id, Act::LetIn)?;
        }
        if ticket != Ticket::NotATicket {
            self.needs_no_lesson();
        }
        Ok(Some(id))
    }

    /// Whether its guest is let in without anybody's hand: read as a ticket, clean, and in nowhere else at this desk.
    pub(crate) fn goes_in_at_once(&self, card: &Card) -> bool {
        let read = card.found != Found::Search && !card.inside_elsewhere;
        read && card.clean() && self.lets_in_at_once() && !asks_first(card)
    }

    /// A card for a judgement, with how large the guest's order is.
    pub(crate) fn card(&self, asked: Asked, found: Found, judged: Judged) -> Card {
        let order = judged.guest.as_ref().map(|guest| guest.order.as_str());
        let order_size = order.map_or(0, |order| self.order_size(order));
        Card { order_size, ..Card::new(self.fresh_id(), asked, found, judged.judgement, judged.guest) }
    }

    /// The card to show again: the same code within seconds of its own green, the same look by camera and scanner at once, or
    /// another look at the same thing that is no ticket.
    fn shown_again(&self, ticket: &Ticket, found: Found, now_ms: i64) -> Option<Uuid> {
        let mut state = self.state();
        let card = state.cards.last_of(ticket, &state.seat.served())?;
        let (age_ms, current) = (now_ms.saturating_sub(card.at_ms), state.cards.current == Some(card.id));
        let again = match card.outcome {
            // A clock that was put back makes nothing young again.
            CardOutcome::LetIn => (0..=AGAIN_MS).contains(&age_ms),
            CardOutcome::Open if current => {
                (*ticket == Ticket::NotATicket && !card.real)
                    || (found != card.found && (0..=SAME_LOOK_MS).contains(&age_ms))
            }
            _ => false,
        };
        let id = card.id;
        if !again {
            return None;
        }
        if let Some(card) = state.cards.get_mut(id) {
            card.again = true;
        }
        Some(id)
    }

    /// Puts an earlier card back on the stage. A refusal that stands there is closed first, and so recorded.
    pub(crate) fn to_stage(&self, id: Uuid) -> Result<(), WindowError> {
        if self.state().cards.current != Some(id) {
            self.close_current(true)?;
        }
        self.state().hold.shows(id);
        self.state().cards.current = Some(id);
        Ok(())
    }

    /// Whether a clean Registered is let in by the scan; where guests serve themselves nobody is there to ask.
    fn lets_in_at_once(&self) -> bool {
        self.fast_door() || self.attended() == Attended::Guest
    }

    pub(crate) fn fast_door(&self) -> bool {
        self.door_mode() == DoorMode::FastDoor
    }

    /// The desk's own choice, or the event's.
    pub(crate) fn door_mode(&self) -> DoorMode {
        if let Some(mode) = self.state().seat.door {
            return mode;
        }
        let event = self.files().ok().and_then(|files| files.event().ok().flatten());
        if event.is_none_or(|event| event.fast_door) { DoorMode::FastDoor } else { DoorMode::AskFirst }
    }

    /// Lets the guest of a card in. An exception needs `anyway`; the habit key never admits one.
    pub(crate) fn accept(&self, id: Uuid, anyway: bool) -> Result<Uuid, WindowError> {
        let bench = self.bench()?;
        let card = self.state().cards.get(id).cloned().ok_or(WindowError::NotPossible)?;
        if card.outcome == CardOutcome::LetIn {
            return Ok(id);
        }
        let act = if anyway { Act::LetInAnyway } else { Act::LetIn };
        let retried = matches!(card.outcome, CardOutcome::NotSaved { .. });
        if !(card.asks() || retried) || !(card.clean() || anyway) {
            return Err(WindowError::NotPossible);
        }
        self.decide(&bench, id, act)?;
        Ok(id)
    }

    pub(crate) fn decide(&self, bench: &Bench<'_>, id: Uuid, act: Act) -> Result<(), WindowError> {
        let card = self.state().cards.get(id).cloned().ok_or(WindowError::NotPossible)?;
        let stamp = self.stamp();
        let decision = Decision {
            verdict: id,
            asked: card.asked(stamp.now_ms),
            act,
            found: card.found,
            shift: self.shift()?,
            stamp,
        };
        self.decided(id, bench.files.let_in(&bench.who, &decision), stamp.now_ms)
    }

    /// What became of a decision shows on its card.
    pub(crate) fn decided(
        &self,
        id: Uuid,
        decided: Result<Decided, StoreError>,
        now_ms: i64,
    ) -> Result<(), WindowError> {
        match decided {
            Ok(Decided::LetIn(key)) => self.became_green(id, key, now_ms),
            Ok(Decided::Changed(judged)) => self.judged_again(id, *judged),
            Ok(Decided::Impossible) => return Err(WindowError::NotPossible),
            Err(error) => self.failed(id, &error),
        }
        Ok(())
    }

    /// Only here does a card turn green, and a badge wait for the printer: after the commit.
    pub(crate) fn became_green(&self, id: Uuid, key: usher_core::ids::EntryKey, now_ms: i64) {
        let mut state = self.state();
        state.not_saved = None;
        state.cards.left_open.take_if(|(open, _)| *open == id);
        // Whoever is in again can be checked out again at once.
        state.cards.last_out = None;
        if let Some(card) = state.cards.get_mut(id) {
            (card.outcome, card.wrote, card.at_ms, card.closed) =
                (CardOutcome::LetIn, Some(key), now_ms, true);
        }
        drop(state);
        self.badge_on_let_in(id);
        self.ring();
    }

    fn judged_again(&self, id: Uuid, judged: Judged) {
        let mut state = self.state();
        if let Some(card) = state.cards.get_mut(id) {
            card.judgement = judged.judgement;
            card.outcome = CardOutcome::Open;
        }
    }

    fn failed(&self, id: Uuid, error: &StoreError) {
        tracing::error!(%error, "a check-in could not be saved");
        let problem = error.problem();
        let mut state = self.state();
        let mut name = String::new();
        if let Some(card) = state.cards.get_mut(id) {
            card.outcome = CardOutcome::NotSaved { problem };
            name = card.guest.as_ref().map(|guest| guest.name.clone()).unwrap_or_default();
        }
        state.not_saved = Some(NotSaved { name, problem });
    }

    /// Judges guests again who wait for places, after a sync may have brought some: the one on the stage, and the one for whom a
    /// supervisor was asked. Nobody is let in by this: the card asks, or, once the next guest stands there, the strip does.
    pub(crate) fn judge_waiting(&self) -> Result<(), WindowError> {
        let state = self.state();
        let asked = state.asking.place_card();
        let waits = |card: &&Card| {
            card.lacks_place() && (card.judgement.verdict == Verdict::GrantEmpty || asked == Some(card.id))
        };
        let on_stage = state.cards.on_stage().filter(waits).map(|card| card.id);
        let aside = asked.and_then(|id| state.cards.get(id)).filter(waits).map(|card| card.id);
        drop(state);
        on_stage
            .into_iter()
            .chain(aside.filter(|id| Some(*id) != on_stage))
            .try_for_each(|id| self.judge_once_more(id))
    }

    fn judge_once_more(&self, id: Uuid) -> Result<(), WindowError> {
        let Some(card) = self.state().cards.get(id).cloned() else { return Ok(()) };
        let bench = self.bench()?;
        let now_ms = self.stamp().now_ms;
        let judged = bench.files.judge(&bench.who, &card.asked(now_ms)).map_err(|error| fault(&error))?;
        let mut state = self.state();
        let on_stage = state.cards.current == Some(id);
        // It may have been let in meanwhile.
        let (Some(judged), Some(card)) = (judged, state.cards.get_mut(id).filter(|card| card.lacks_place()))
        else {
            return Ok(());
        };
        card.judgement = judged.judgement;
        if card.asks() && !on_stage {
            state.cards.left_open = Some((id, now_ms));
        }
        Ok(())
    }

    /// Turns the guest of a card away, and says so in the log.
    pub(crate) fn turn_away(&self, id: Uuid) -> Result<Uuid, WindowError> {
        let bench = self.bench()?;
        let card = self.state().cards.get(id).cloned().ok_or(WindowError::NotPossible)?;
        if !(card.asks() || card.unchosen) {
            return Err(WindowError::NotPossible);
        }
        // Where no session was chosen there is none that refused.
        if !card.unchosen {
            self.record_refusal(&bench, &card)?;
        }
        let mut state = self.state();
        state.cards.left_open.take_if(|(open, _)| *open == id);
        if let Some(card) = state.cards.get_mut(id) {
            (card.outcome, card.closed) = (CardOutcome::TurnedAway, true);
        }
        Ok(id)
    }

    fn record_refusal(&self, bench: &Bench<'_>, card: &Card) -> Result<(), WindowError> {
        let Some(reason) = card.judgement.verdict.decline_reason() else { return Ok(()) };
        let stamp = self.stamp();
        let asked = card.asked(stamp.now_ms);
        let written = bench.files.turn_away(&bench.who, card.id, &asked, reason, self.shift()?, stamp);
        let written = written.map_err(|error| fault(&error))?;
        // A walk-in that is refused stays what can be taken back: with it the guest leaves the list.
        if let Some(card) = self.state().cards.get_mut(card.id) {
            card.wrote = card.wrote.or(written);
        }
        self.ring();
        Ok(())
    }

    /// Clears what stands at the door, for something that covers it or another session: the card, an order and the check before opening.
    pub(crate) fn leave_stage(&self) -> Result<(), WindowError> {
        self.close_current(false)?;
        let mut state = self.state();
        (state.order, state.ready, state.cards.left_open) = (None, None, None);
        Ok(())
    }

    /// Clears the stage. A refusal is recorded by itself; a card that asked stays undecided, and can still be answered when it
    /// was `replaced` by the next scan.
    pub(crate) fn close_current(&self, replaced: bool) -> Result<(), WindowError> {
        let Some(card) = self.state().cards.on_stage().cloned() else { return Ok(()) };
        let at_ms = self.stamp().now_ms;
        let mut state = self.state();
        state.cards.current = None;
        if card.closed || card.outcome != CardOutcome::Open {
            return Ok(());
        }
        if let Some(card) = state.cards.get_mut(card.id) {
            card.closed = true;
        }
        if card.unchosen {
            return Ok(());
        }
        if card.asks() {
            state.cards.left_open = replaced.then_some((card.id, at_ms));
            return Ok(());
        }
        drop(state);
        // A refusal that cannot be recorded lets nobody in and must not stop the next guest; the log says it.
        if let Err(error) = self.bench().and_then(|bench| self.record_refusal(&bench, &card)) {
            tracing::error!(%error, "a refusal could not be recorded");
        }
        Ok(())
    }

    pub(crate) fn shift(&self) -> Result<usher_core::ids::ShiftId, WindowError> {
        self.state().seat.shift.ok_or(WindowError::NotReady)
    }
}

/// A flag or note on the guest always asks (DESIGN section 7).
pub(crate) fn asks_first(card: &Card) -> bool {
    card.judgement.verdict == Verdict::Registered && card.guest.as_ref().is_some_and(Guest::asks)
}
