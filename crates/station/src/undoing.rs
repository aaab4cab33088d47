//! Taking back what this desk did, from a card or from the list of everything it did (UX section 4).

use usher_core::{entry::UndoReason, ids::EntryKey};
use usher_protocol::{
    commands::{AskDone, Handles, UndoLetIn},
    window::{CardOutcome, CardView, DonePage, WindowError},
};
use uuid::Uuid;

use crate::{Desk, Host, cards::Card, desk::fault, handlers::uuid, history, scanning::Bench};

impl<H: Host> Desk<H> {
    /// Takes back what a card wrote, or an entry of the list; without an id the last let-in.
    fn undo(&self, id: Option<Uuid>, reason: UndoReason) -> Result<Uuid, WindowError> {
        let bench = self.bench()?;
        let card = match id {
            Some(id) => self.card_of(&bench, id)?,
            None => self.state().cards.last_let_in().cloned(),
        };
        let card = card.ok_or(WindowError::NotPossible)?;
        if card.outcome == CardOutcome::CheckedOut {
            return self.undo_check_out(&bench, &card);
        }
        // A card that was taken back, or let in by a re-entry, has nothing more to take back.
        let of = card.wrote.ok_or(WindowError::NotPossible)?;
        // A refusal on the stage came first, so its entry stands first.
        if self.state().cards.current != Some(card.id) {
            self.close_current(true)?;
        }
        self.write_undo(&bench, card.id, of, reason)?;
        if self.state().cards.get(card.id).is_none() {
            self.state().cards.remember_earlier(card.clone());
        }
        self.to_stage(card.id)?;
        if let Some(card) = self.state().cards.get_mut(card.id) {
            (card.outcome, card.wrote, card.again) = (CardOutcome::TakenBack, None, false);
        }
        self.judge_taken_back(&bench, &card)?;
        self.ring();
        Ok(card.id)
    }

    fn write_undo(
        &self,
        bench: &Bench<'_>,
        verdict: Uuid,
        of: EntryKey,
        reason: UndoReason,
    ) -> Result<(), WindowError> {
        let undone = bench.files.undo(&bench.who, verdict, of, reason, self.shift()?, self.stamp());
        undone.map_err(|error| fault(&error))?.map(drop).ok_or(WindowError::NotPossible)
    }

    /// The card with this id, or a card for the entry with this name: the one that wrote it, or one made of the log.
    fn card_of(&self, bench: &Bench<'_>, id: Uuid) -> Result<Option<Card>, WindowError> {
        if let Some(card) = self.state().cards.get(id) {
            return Ok(Some(card.clone()));
        }
        let Some(key) = bench.files.entry_of(&bench.who, id).map_err(|error| fault(&error))? else {
            return Ok(None);
        };
        if let Some(card) = self.state().cards.of_entry(key) {
            return Ok(Some(card.clone()));
        }
        history::card_of(bench.files, key).map_err(|error| fault(&error))
    }
}

impl<H: Host> Handles<UndoLetIn> for Desk<H> {
    async fn handle(&self, args: UndoLetIn) -> Result<CardView, WindowError> {
        self.work(move |desk| {
            let id = args.id.as_deref().map(uuid).transpose()?;
            let id = desk.undo(id, args.reason.unwrap_or(UndoReason::Other))?;
            desk.shown(id)
        })
        .await
    }
}

impl<H: Host> Handles<AskDone> for Desk<H> {
    async fn handle(&self, args: AskDone) -> Result<DonePage, WindowError> {
        self.look_at_door(move |desk| {
            let (files, who) = (desk.files()?, desk.who()?);
            let before = args.before.as_deref().map(uuid).transpose()?;
            history::page(files, &who, before).map_err(|error| fault(&error))
        })
        .await
    }
}
