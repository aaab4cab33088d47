//! F4: a supervisor's PIN lets in whom the desk refuses, also without a network (UX section 4, *Supervisor let-in*). Who, and why, stands in
//! the log.

use usher_protocol::{
    commands::{Handles, LetInByPin},
    pin::PinRecord,
    window::{CardOutcome, OverrideOutcome, PinOutcome, WindowError},
};
use usher_replica::Act;
use uuid::Uuid;

use crate::{Desk, Host, cards::Card, handlers::uuid, pins::Checked};

impl Card {
    /// Whether a supervisor's word can still let the guest in on this card.
    pub(crate) fn can_be_overridden(&self) -> bool {
        !self.real
            && !self.unchosen
            && self.judgement.override_basis.is_some()
            && matches!(self.outcome, CardOutcome::Open | CardOutcome::NotSaved { .. })
    }
}

impl<H: Host> Desk<H> {
    fn let_in_by(&self, id: Uuid, supervisor: &PinRecord, args: &LetInByPin) -> Result<(), WindowError> {
        let bench = self.bench()?;
        let card = self.state().cards.get(id).cloned().ok_or(WindowError::NotPossible)?;
        // A place may have come while the PIN was typed: the guest is let in on it then.
        if !card.can_be_overridden() && !card.asks() {
            return Err(WindowError::NotPossible);
        }
        self.decide(&bench, id, Act::Override { by: supervisor.actor, reason: args.reason })?;
        if let Some(card) = self.state().cards.get_mut(id)
            && card.outcome == CardOutcome::LetIn
        {
            card.by = Some(supervisor.name.clone());
        }
        self.to_stage(id)
    }
}

impl<H: Host> Handles<LetInByPin> for Desk<H> {
    async fn handle(&self, args: LetInByPin) -> Result<OverrideOutcome, WindowError> {
        let id = uuid(&args.id)?;
        let supervisor = match self.check_pin(args.pin.clone()).await? {
            Checked::No(why) => return Ok(OverrideOutcome::Pin { why }),
            Checked::Opens(who) if who.unlocks_only => {
                return Ok(OverrideOutcome::Pin { why: PinOutcome::UnlocksOnly });
            }
            Checked::Opens(who) => who,
        };
        self.work(move |desk| {
            desk.let_in_by(id, &supervisor, &args)?;
            Ok(OverrideOutcome::Decided { card: Box::new(desk.shown(id)?) })
        })
        .await
    }
}
