//! F4: a supervisor's PIN lets in whom the desk refuses, also without a network (UX section 4, *Supervisor let-in*). Who, and why, stands in
//! the log.

use usher_core::{entry::Body, ids::EntryKey};
use usher_protocol::{
    commands::{Command, Gate, Handles, LetInByPin},
    pin::PinRecord,
    window::{CardOutcome, OverrideOutcome, WindowError},
};
use usher_replica::Act;
use uuid::Uuid;

use crate::{
    Desk, Host,
    cards::Card,
    handlers::uuid,
    pins::{Checked, Wanted},
    scanning::Bench,
};

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
        let wrote = self.state().cards.get(id).and_then(|card| card.wrote);
        // Where a place came in time nobody's word was needed, and none is written.
        if wrote.is_some_and(|key| by_word(&bench, key))
            && let Some(card) = self.state().cards.get_mut(id)
        {
            card.by = Some(supervisor.name.clone());
        }
        self.to_stage(id)
    }
}

/// Whether this entry says that a supervisor's word let somebody in. What cannot be read is not said on the card; the log has it.
fn by_word(bench: &Bench<'_>, key: EntryKey) -> bool {
    let logged = bench.files.logged(key.identity(), key.seq.saturating_sub(1), 1).unwrap_or_default();
    let body = logged.first().map(|one| &one.entry.body);
    matches!(body, Some(Body::CheckIn(check_in)) if check_in.override_by.is_some())
}

impl<H: Host> Handles<LetInByPin> for Desk<H> {
    async fn handle(&self, args: LetInByPin) -> Result<OverrideOutcome, WindowError> {
        let id = uuid(&args.id)?;
        let supervisor = match self.check_pin(args.pin.clone(), Wanted::LetIn).await? {
            Checked::No(why) => return Ok(OverrideOutcome::Pin { why }),
            Checked::Opens(who) => who,
        };
        self.work(move |desk| {
            // Asked again under the lock: the desk may have been locked while the PIN was looked at.
            desk.may(LetInByPin::NAME)?;
            desk.let_in_by(id, &supervisor, &args)?;
            Ok(OverrideOutcome::Decided { card: Box::new(desk.shown(id)?) })
        })
        .await
    }
}
