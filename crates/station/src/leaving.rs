//! Leaving and coming back: checking somebody out, by the card or by a scan at a door where people leave, and letting somebody back in
//! (DESIGN sections 4 and 5, UX section 4).

use usher_core::entry::Found;
use usher_protocol::{
    commands::{CheckOut, Handles, LetBackIn, SetOut},
    leaving::LeaveOutcome,
    window::{CardOutcome, CardView, DeskView, WindowError},
};
use usher_replica::{Act, Asked, CheckedOut, Decision, Ticket};
use uuid::Uuid;

use crate::{
    Desk, Host,
    cards::{Card, Out},
    desk::fault,
    handlers::uuid,
    scanning::Bench,
    view,
};

/// A code shown again so soon after its guest was checked out says so again, and is not recorded a second time.
const AGAIN_MS: i64 = 10_000;

impl<H: Host> Desk<H> {
    /// Checks the guest of a card out.
    fn check_out(&self, id: Uuid) -> Result<LeaveOutcome, WindowError> {
        let bench = self.bench()?;
        let card = self.state().cards.get(id).cloned().ok_or(WindowError::NotPossible)?;
        let outcome = self.write_out(&bench, id, &card.asked(self.stamp().now_ms))?;
        if matches!(outcome, LeaveOutcome::CheckedOut { .. }) {
            self.left(id, &outcome);
            self.to_stage(id)?;
        }
        Ok(outcome)
    }

    /// A code was read at a door where people leave: the card that says what became of it.
    pub(crate) fn scan_out(&self, readings: &[String], found: Found) -> Result<Uuid, WindowError> {
        let bench = self.bench()?;
        let ticket = bench.files.look_up(&bench.who, readings).map_err(|error| fault(&error))?;
        let now_ms = self.stamp().now_ms;
        if let Some(id) = self.just_left(ticket, now_ms) {
            self.to_stage(id)?;
            return Ok(id);
        }
        let session = self.leaves_where(&bench, ticket, now_ms)?;
        self.close_current(true)?;
        let asked = Asked { ticket, session, now_ms };
        let judged = bench.files.judge(&bench.who, &asked).map_err(|error| fault(&error))?;
        let card = self.card(asked, found, judged.ok_or(WindowError::NotReady)?);
        let id = card.id;
        let outcome = self.write_out(&bench, id, &asked)?;
        self.state().cards.show(card);
        self.left(id, &outcome);
        self.needs_no_lesson();
        Ok(id)
    }

    /// The card of whoever was checked out by this code a moment ago.
    fn just_left(&self, ticket: Ticket, now_ms: i64) -> Option<Uuid> {
        let mut state = self.state();
        let last = state.cards.last_out?;
        let same = last.ticket == ticket && state.seat.served().contains(&last.session);
        if !same || !(0..=AGAIN_MS).contains(&now_ms.saturating_sub(last.at_ms)) {
            return None;
        }
        state.cards.get_mut(last.card)?.again = true;
        Some(last.card)
    }

    /// The card says what became of the leaving. No refusal is recorded of somebody who left, and what let them in is over.
    fn left(&self, id: Uuid, outcome: &LeaveOutcome) {
        let now_ms = self.stamp().now_ms;
        if let Some(card) = self.state().cards.get_mut(id) {
            card.outcome = match outcome {
                LeaveOutcome::CheckedOut { .. } => CardOutcome::CheckedOut,
                LeaveOutcome::NotCounted => CardOutcome::NotCounted,
                LeaveOutcome::Nobody => CardOutcome::NobodyOut,
            };
            (card.at_ms, card.closed, card.wrote, card.again) = (now_ms, true, None, false);
        }
    }

    /// Takes a check-out back. The seat may be somebody else's by now, so it is a new check-in with a right of its own, on a card
    /// of its own: where there is no right, that card says so.
    pub(crate) fn undo_check_out(&self, bench: &Bench<'_>, card: &Card) -> Result<Uuid, WindowError> {
        let asked = card.asked(self.stamp().now_ms);
        let judged = bench.files.judge(&bench.who, &asked).map_err(|error| fault(&error))?;
        let back = self.card(asked, card.found, judged.ok_or(WindowError::NotReady)?);
        let (id, possible) = (back.id, back.asks());
        self.close_current(true)?;
        let mut state = self.state();
        state.cards.last_out = None;
        state.cards.show(back);
        drop(state);
        if possible {
            self.decide(bench, id, Act::LetInAnyway)?;
        }
        Ok(id)
    }

    fn write_out(
        &self,
        bench: &Bench<'_>,
        verdict: Uuid,
        asked: &Asked,
    ) -> Result<LeaveOutcome, WindowError> {
        let out = bench.files.check_out(&bench.who, verdict, asked, self.shift()?, self.stamp());
        match out.map_err(|error| fault(&error))? {
            CheckedOut::Out(_) => {
                let at_ms = asked.now_ms;
                self.state().cards.last_out =
                    Some(Out { ticket: asked.ticket, session: asked.session, at_ms, card: verdict });
                self.ring();
                self.goodbye(bench, asked.ticket)
            }
            CheckedOut::NotCounted => Ok(LeaveOutcome::NotCounted),
            CheckedOut::Impossible => Ok(LeaveOutcome::Nobody),
        }
    }

    fn goodbye(&self, bench: &Bench<'_>, ticket: Ticket) -> Result<LeaveOutcome, WindowError> {
        let guest =
            ticket.person().map(|id| bench.files.guest(id)).transpose().map_err(|error| fault(&error))?;
        let guest = guest.flatten();
        Ok(LeaveOutcome::CheckedOut { name: guest.map(|guest| guest.name).unwrap_or_default() })
    }

    /// Lets the guest of a card back in who is already in as far as this desk knows.
    fn let_back_in(&self, id: Uuid) -> Result<Uuid, WindowError> {
        let bench = self.bench()?;
        let card = self.state().cards.get(id).cloned().ok_or(WindowError::NotPossible)?;
        if !card.already_in() || card.outcome != CardOutcome::Open {
            return Err(WindowError::NotPossible);
        }
        let stamp = self.stamp();
        let (asked, found, shift) = (card.asked(stamp.now_ms), card.found, self.shift()?);
        let decision = Decision { verdict: id, asked, act: Act::LetInAnyway, found, shift, stamp };
        self.decided(id, bench.files.let_back_in(&bench.who, &decision), stamp.now_ms)?;
        let sessions = bench.files.sessions().map_err(|error| fault(&error))?;
        if sessions.iter().any(|session| session.rules.id == card.session && session.rules.re_entry)
            && let Some(card) = self.state().cards.get_mut(id)
        {
            // Nothing was taken that could be taken back.
            card.wrote = None;
        }
        Ok(id)
    }
}

impl<H: Host> Handles<CheckOut> for Desk<H> {
    async fn handle(&self, args: CheckOut) -> Result<LeaveOutcome, WindowError> {
        self.work(move |desk| desk.check_out(uuid(&args.id)?)).await
    }
}

impl<H: Host> Handles<SetOut> for Desk<H> {
    async fn handle(&self, args: SetOut) -> Result<DeskView, WindowError> {
        self.work(move |desk| {
            let session = desk.bench()?.session;
            let sessions = desk.files()?.sessions().map_err(|error| fault(&error))?;
            let counted = sessions.iter().any(|one| one.rules.id == session && !one.rules.re_entry);
            if args.out && !counted {
                return Err(WindowError::NotPossible);
            }
            desk.leave_stage()?;
            desk.state().out = args.out;
            desk.open_held()?;
            Ok(view::desk_view(desk))
        })
        .await
    }
}

impl<H: Host> Handles<LetBackIn> for Desk<H> {
    async fn handle(&self, args: LetBackIn) -> Result<CardView, WindowError> {
        self.work(move |desk| {
            let id = desk.let_back_in(uuid(&args.id)?)?;
            desk.to_stage(id)?;
            desk.shown(id)
        })
        .await
    }
}
