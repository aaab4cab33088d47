//! Walk-ins: a guest without a ticket, from the form to a card (UX section 4).

use usher_core::{clock::Hlc, entry::Found, ids::PersonId, verdict::Verdict};
use usher_protocol::{
    commands::{AddWalkIn, Handles},
    profile::Profile,
    window::{WalkInOutcome, WindowError},
};
use usher_replica::{Act, Asked, Decision, Judged, NewGuest, Ticket, WalkedIn};
use uuid::Uuid;

use crate::{Desk, Host, cards::Card, desk::fault, handlers::uuid, scanning::Bench};

impl<H: Host> Desk<H> {
    /// Adds the guest of a form, and lets them in where it says so. The form's id is that of the card: sent twice, it is one walk-in.
    fn walk_in(&self, form: Uuid, args: &AddWalkIn) -> Result<WalkInOutcome, WindowError> {
        let bench = self.bench()?;
        let name = [args.first.trim(), args.last.trim()].join(" ");
        if let Some(fault) = Profile::written(&name, &args.email, &args.kind, Hlc::default()).fault() {
            return Ok(WalkInOutcome::Invalid { why: fault });
        }
        let stamp = self.stamp();
        let guest =
            NewGuest { id: PersonId(self.fresh_id()), name: &name, email: &args.email, kind: &args.kind };
        let decision = Decision {
            verdict: form,
            asked: Asked { ticket: Ticket::NotATicket, session: bench.session, now_ms: stamp.now_ms },
            act: Act::LetInAnyway,
            found: Found::Search,
            shift: self.shift()?,
            stamp,
        };
        match bench
            .files
            .walk_in(&bench.who, &guest, &decision, args.let_in)
            .map_err(|error| fault(&error))?
        {
            WalkedIn::Added { person, key, let_in, judged } => {
                self.show_added(&bench, form, person, stamp.now_ms, *judged)?;
                if let Some(card) = self.state().cards.get_mut(form) {
                    (card.wrote, card.added) = (Some(key), true);
                }
                if let Some(key) = let_in {
                    self.became_green(form, key, stamp.now_ms);
                }
                self.ring();
                Ok(WalkInOutcome::Added { card: Box::new(self.shown(form)?) })
            }
            WalkedIn::NotNow(judged) => {
                if judged.judgement.verdict == Verdict::GrantEmpty {
                    // More places are asked for at once, as for a ticket.
                    self.ring();
                }
                Ok(WalkInOutcome::NotNow)
            }
            WalkedIn::Impossible => Err(WindowError::NotReady),
        }
    }

    /// Puts the card of whom the form added on the stage; the form that is sent twice has one.
    fn show_added(
        &self,
        bench: &Bench<'_>,
        form: Uuid,
        person: PersonId,
        now_ms: i64,
        judged: Judged,
    ) -> Result<(), WindowError> {
        if self.state().cards.get(form).is_some() {
            return self.to_stage(form);
        }
        self.close_current(true)?;
        let ticket = Ticket::Person { id: person, revoked: false };
        let card = self.card(Asked { ticket, session: bench.session, now_ms }, Found::Search, judged);
        self.state().hold.shows(form);
        self.state().cards.show(Card { id: form, ..card });
        self.needs_no_lesson();
        Ok(())
    }

    /// A guest who left the list with what was taken back is let in by this card no more.
    pub(crate) fn judge_taken_back(&self, bench: &Bench<'_>, card: &Card) -> Result<(), WindowError> {
        let judged = bench.files.judge(&bench.who, &card.asked(self.stamp().now_ms));
        let judged = judged.map_err(|error| fault(&error))?.filter(is_off_the_list);
        if let (Some(judged), Some(card)) = (judged, self.state().cards.get_mut(card.id)) {
            card.judgement = judged.judgement;
        }
        Ok(())
    }
}

fn is_off_the_list(judged: &Judged) -> bool {
    judged.guest.as_ref().is_some_and(|guest| guest.cancelled && guest.name.is_empty())
}

impl<H: Host> Handles<AddWalkIn> for Desk<H> {
    async fn handle(&self, args: AddWalkIn) -> Result<WalkInOutcome, WindowError> {
        self.work(move |desk| desk.walk_in(uuid(&args.form)?, &args)).await
    }
}
