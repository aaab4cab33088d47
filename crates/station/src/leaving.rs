//! Leaving and coming back: checking somebody out, by the card or by a scan at a door where people leave, and letting somebody back in
//! (DESIGN sections 4 and 5, UX section 4).

use usher_core::verdict::Verdict;
use usher_protocol::{
    commands::{CheckOut, Handles, LetBackIn, ScanOut},
    leaving::LeaveOutcome,
    window::{CardOutcome, CardView, WindowError},
};
use usher_replica::{Act, Asked, CheckedOut, Decided, Decision, Ticket};
use uuid::Uuid;

use crate::{Desk, Host, cards::Out, desk::fault, handlers::uuid, scanning::Bench};

/// A code shown again so soon after its guest was checked out says so again, and is not recorded a second time.
const AGAIN_MS: i64 = 10_000;

impl<H: Host> Desk<H> {
    /// Checks the guest of a card out.
    fn check_out(&self, id: Uuid) -> Result<LeaveOutcome, WindowError> {
        let bench = self.bench()?;
        let card = self.state().cards.get(id).cloned().ok_or(WindowError::NotPossible)?;
        let outcome = self.write_out(&bench, id, &card.asked(self.stamp().now_ms))?;
        if matches!(outcome, LeaveOutcome::CheckedOut { .. })
            && let Some(card) = self.state().cards.get_mut(id)
        {
            // No refusal is recorded of somebody who left, and what let them in is over.
            (card.closed, card.let_in) = (true, None);
        }
        Ok(outcome)
    }

    /// A code was read at a door where people leave.
    fn scan_out(&self, readings: &[String]) -> Result<LeaveOutcome, WindowError> {
        let bench = self.bench()?;
        let ticket = bench.files.look_up(&bench.who, readings).map_err(|error| fault(&error))?;
        let (session, now_ms) = (bench.session, self.stamp().now_ms);
        let last = self.state().cards.last_out;
        let again = last.is_some_and(|out| {
            out.ticket == ticket && out.session == session && now_ms.saturating_sub(out.at_ms) <= AGAIN_MS
        });
        if again {
            return self.goodbye(&bench, ticket);
        }
        self.close_current(true)?;
        self.write_out(&bench, self.fresh_id(), &Asked { ticket, session, now_ms })
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
                    Some(Out { ticket: asked.ticket, session: asked.session, at_ms });
                self.ring();
                self.goodbye(bench, asked.ticket)
            }
            CheckedOut::NotCounted => Ok(LeaveOutcome::NotCounted),
            CheckedOut::Impossible => Ok(LeaveOutcome::Nobody),
        }
    }

    fn goodbye(&self, bench: &Bench<'_>, ticket: Ticket) -> Result<LeaveOutcome, WindowError> {
        let guest = match ticket {
            Ticket::Person { id, .. } => bench.files.guest(id).map_err(|error| fault(&error))?,
            _ => None,
        };
        Ok(LeaveOutcome::CheckedOut { name: guest.map(|guest| guest.name).unwrap_or_default() })
    }

    /// Lets the guest of a card back in who is already in as far as this desk knows.
    fn let_back_in(&self, id: Uuid) -> Result<Uuid, WindowError> {
        let bench = self.bench()?;
        let card = self.state().cards.get(id).cloned().ok_or(WindowError::NotPossible)?;
        let already_in = matches!(card.judgement.verdict, Verdict::AlreadyCheckedIn(_));
        if !already_in || card.outcome != CardOutcome::Open {
            return Err(WindowError::NotPossible);
        }
        let stamp = self.stamp();
        let (asked, found, shift) = (card.asked(stamp.now_ms), card.found, self.shift()?);
        let decision = Decision { verdict: id, asked, act: Act::LetInAnyway, found, shift, stamp };
        self.came_back(id, bench.files.let_back_in(&bench.who, &decision), stamp.now_ms)?;
        let sessions = bench.files.sessions().map_err(|error| fault(&error))?;
        if sessions.iter().any(|session| session.rules.id == card.session && session.rules.re_entry)
            && let Some(card) = self.state().cards.get_mut(id)
        {
            // Nothing was taken that could be taken back.
            card.let_in = None;
        }
        Ok(id)
    }

    fn came_back(
        &self,
        id: Uuid,
        decided: Result<Decided, usher_replica::StoreError>,
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
}

impl<H: Host> Handles<CheckOut> for Desk<H> {
    async fn handle(&self, args: CheckOut) -> Result<LeaveOutcome, WindowError> {
        self.work(move |desk| desk.check_out(uuid(&args.id)?)).await
    }
}

impl<H: Host> Handles<ScanOut> for Desk<H> {
    async fn handle(&self, args: ScanOut) -> Result<LeaveOutcome, WindowError> {
        self.work(move |desk| desk.scan_out(&crate::handlers::bounded(args.readings))).await
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
