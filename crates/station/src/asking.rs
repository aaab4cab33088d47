//! What this desk asks supervisors for: that somebody comes, and a place for a guest whom it had to refuse (UX sections 3 and 4).
//!
//! It travels in the status of each sync until it is answered or withdrawn; the answer is a message to this desk that names the question by
//! its time.

use usher_core::{
    ids::{PersonId, SessionId},
    verdict::Verdict,
};
use usher_protocol::{
    commands::{AskPlace, CallHelp, Handles},
    sync::{Asks, PlaceAsked},
    window::{CardOutcome, DeskView, HelpAsked, HelpView, PlaceAsk, WindowError},
};
use usher_replica::{Heard, Ticket};
use uuid::Uuid;

use crate::{
    Desk, Host,
    cards::{Card, Cards},
    desk::fault,
    handlers::uuid,
    view,
};

/// For how long a place is asked for, in milliseconds: 5 minutes. Its guest has gone by then.
const PLACE_MS_MAX: i64 = 5 * 60_000;
/// The setting under which a call for help survives a restart.
const HELP: &str = "help_called";

/// A call for help.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Help {
    at_ms: i64,
    told_ms: Option<i64>,
    comes: Option<String>,
}

/// A question for a place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    card: Uuid,
    session: SessionId,
    person: Option<PersonId>,
    at_ms: i64,
    told: bool,
    refused: Option<String>,
}

impl Place {
    /// Whether its guest may still stand there.
    const fn is_young(&self, now_ms: i64) -> bool {
        now_ms.saturating_sub(self.at_ms) < PLACE_MS_MAX
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking {
    help: Option<Help>,
    place: Option<Place>,
}

impl Asking {
    /// A call that was made before a restart: told again, since nobody knows whether it was.
    pub(crate) fn restored(help_ms: Option<i64>) -> Self {
        Self { help: help_ms.map(|at_ms| Help { at_ms, told_ms: None, comes: None }), place: None }
    }

    /// What is asked for and not answered.
    pub(crate) fn status(&self, cards: &Cards, now_ms: i64) -> Option<Asks> {
        let help_ms = self.help.as_ref().filter(|help| help.comes.is_none()).map(|help| help.at_ms);
        let place = self.place.as_ref().filter(|place| {
            place.refused.is_none()
                && place.is_young(now_ms)
                && cards.get(place.card).is_some_and(Card::lacks_place)
        });
        let place = place.map(|place| PlaceAsked {
            at_ms: place.at_ms,
            session: place.session,
            person: place.person,
        });
        Some(Asks { help_ms, place }).filter(|asks| *asks != Asks::default())
    }

    /// The server has this.
    fn told(&mut self, asks: Asks, now_ms: i64) {
        if let Some(help) = self.help.as_mut().filter(|help| Some(help.at_ms) == asks.help_ms) {
            help.told_ms = help.told_ms.or(Some(now_ms));
        }
        let asked = asks.place.map(|place| place.at_ms);
        if let Some(place) = self.place.as_mut().filter(|place| Some(place.at_ms) == asked) {
            place.told = true;
        }
    }

    /// Takes the answers among the messages.
    fn hear(&mut self, heard: &[Heard]) {
        for Heard { said, .. } in heard {
            if let Some(help) = self.help.as_mut().filter(|help| said.comes == Some(help.at_ms)) {
                help.comes = Some(said.text.clone());
            }
            if let Some(place) = self.place.as_mut().filter(|place| said.refuses == Some(place.at_ms)) {
                place.refused = Some(said.text.clone());
            }
        }
    }

    /// Whether a message is an answer to something else than what was asked last: it is not shown.
    pub(crate) fn is_stale(&self, heard: &Heard) -> bool {
        let (help, place) = (self.help.as_ref().map(|it| it.at_ms), self.place.as_ref().map(|it| it.at_ms));
        heard.said.comes.is_some_and(|of| help != Some(of))
            || heard.said.refuses.is_some_and(|of| place != Some(of))
    }

    /// The card for whose guest a place is asked.
    pub(crate) fn place_card(&self) -> Option<Uuid> {
        self.place.as_ref().map(|place| place.card)
    }

    /// The question for a place as its card shows it.
    pub(crate) fn of_card(&self, card: Uuid, now_ms: i64) -> Option<PlaceAsk> {
        let place = self.place.as_ref().filter(|place| place.card == card)?;
        // What nobody answered in time is asked no more, and can be asked again.
        if place.refused.is_none() && !place.is_young(now_ms) {
            return None;
        }
        Some(PlaceAsk { at_ms: place.at_ms, told: place.told, refused: place.refused.clone() })
    }

    /// Help as the window shows it.
    pub(crate) fn help_view(&self, phone: String) -> HelpView {
        let asked = self.help.clone().map(|help| HelpAsked {
            at_ms: help.at_ms,
            told_ms: help.told_ms,
            comes: help.comes,
        });
        HelpView { phone, asked }
    }

    /// Somebody comes, and the desk knows it.
    pub(crate) fn help_ended(&mut self) {
        self.help = None;
    }
}

impl Card {
    /// Whether its guest is refused for want of a place, and nothing was decided since.
    pub(crate) fn lacks_place(&self) -> bool {
        self.outcome == CardOutcome::Open
            && self.judgement.basis.is_none()
            && matches!(
                self.judgement.verdict,
                Verdict::GrantEmpty | Verdict::SessionFull | Verdict::SeatsHeld { .. }
            )
    }

    /// Whether a place can be asked for: for one who is on the list.
    pub(crate) fn may_ask_for_place(&self) -> bool {
        self.lacks_place() && matches!(self.ticket, Ticket::Person { .. } | Ticket::Signed { .. })
    }
}

impl<H: Host> Desk<H> {
    fn call_help(&self, on: bool) -> Result<(), WindowError> {
        let called = self.state().asking.help.is_some();
        if called == on {
            return Ok(());
        }
        let stamp = self.stamp();
        let help_ms = on.then_some(stamp.now_ms);
        self.state().asking.help = Asking::restored(help_ms).help;
        self.ring();
        let (files, who) = (self.files()?, self.who()?);
        files.keep_setting(HELP, &help_ms).map_err(|error| fault(&error))?;
        let shift = self.state().seat.shift;
        if on {
            files.note_help(&who, shift, stamp).map_err(|error| fault(&error))?;
        }
        Ok(())
    }

    /// The call for help that was made before a restart.
    pub(crate) fn called_before(files: &usher_replica::Replica) -> Result<Asking, usher_replica::StoreError> {
        Ok(Asking::restored(files.setting::<Option<i64>>(HELP)?.flatten()))
    }

    /// Help came, or was told to come: the call survives no restart.
    pub(crate) fn end_help(&self) {
        self.state().asking.help_ended();
        let kept = self
            .files()
            .and_then(|files| files.keep_setting(HELP, &None::<i64>).map_err(|error| fault(&error)));
        if kept.is_err() {
            tracing::warn!("a call for help that was answered may be made again after a restart");
        }
    }

    fn ask_place(&self, id: Uuid, on: bool) -> Result<(), WindowError> {
        let at_ms = self.stamp().now_ms;
        let mut state = self.state();
        if !on {
            state.asking.place.take_if(|place| place.card == id);
            drop(state);
            self.ring();
            return Ok(());
        }
        let online = state.link.online() && state.practice.is_none();
        let card = state.cards.get(id).filter(|card| online && card.may_ask_for_place());
        let card = card.ok_or(WindowError::NotPossible)?;
        let (session, person) = (card.session, card.ticket.person());
        let open = state.asking.place.as_ref().is_some_and(|place| place.card == id && place.is_young(at_ms));
        if !open {
            state.asking.place = Some(Place { card: id, session, person, at_ms, told: false, refused: None });
        }
        drop(state);
        self.ring();
        Ok(())
    }

    /// After a sync: what the server has of what was asked, and what was answered.
    pub(crate) fn hear_answers(&self, kept: Option<Asks>) {
        let heard = self.unread();
        let now_ms = self.stamp().now_ms;
        let mut state = self.state();
        if let Some(asks) = kept {
            state.asking.told(asks, now_ms);
        }
        state.asking.hear(&heard);
    }
}

impl<H: Host> Handles<CallHelp> for Desk<H> {
    async fn handle(&self, args: CallHelp) -> Result<DeskView, WindowError> {
        self.work_here(move |desk| {
            desk.call_help(args.on)?;
            Ok(view::desk_view(&desk.acting()))
        })
        .await
    }
}

impl<H: Host> Handles<AskPlace> for Desk<H> {
    async fn handle(&self, args: AskPlace) -> Result<DeskView, WindowError> {
        self.work(move |desk| {
            desk.ask_place(uuid(&args.id)?, args.on)?;
            Ok(view::desk_view(desk))
        })
        .await
    }
}
