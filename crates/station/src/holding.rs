//! A scan while a form is open is held: never lost, and never typed into the form (UX section 3). By the desk, since the camera's codes do
//! not pass through the window.

use usher_core::entry::Found;
use usher_protocol::{
    commands::{Handles, HoldScans},
    window::{DeskView, WindowError},
};
use usher_replica::Ticket;
use uuid::Uuid;

use crate::{Desk, Host, desk::fault, scanning::Bench, view};

/// A scan that waits.
#[derive(Clone, Debug)]
pub(crate) struct HeldScan {
    readings: Vec<String>,
    found: Found,
    /// The guest's name; empty where unknown.
    name: String,
}

/// Whether scans are held, and the one that is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hold {
    /// A form is open.
    on: bool,
    scan: Option<HeldScan>,
    /// The card that the form showed: what waits opens once it has left the stage.
    card: Option<Uuid>,
}

impl Hold {
    /// The form put this card on the stage.
    pub(crate) const fn shows(&mut self, card: Uuid) {
        if self.on {
            self.card = Some(card);
        }
    }

    /// This card is to be seen before what waits is opened.
    pub(crate) const fn after(&mut self, card: Uuid) {
        self.card = Some(card);
    }

    /// The name of the guest who waits; none: nobody does.
    pub(crate) fn name(&self) -> Option<String> {
        self.scan.as_ref().map(|scan| scan.name.clone())
    }
}

impl<H: Host> Desk<H> {
    /// Holds the scan where a form is open; whether it did. The first one stays: its guest was told to wait.
    pub(crate) fn hold(&self, readings: &[String], found: Found) -> Result<bool, WindowError> {
        if !self.state().hold.on {
            return Ok(false);
        }
        let bench = self.bench()?;
        let ticket = bench.files.look_up(&bench.who, readings).map_err(|error| fault(&error))?;
        self.keep_scan(&bench, ticket, readings, found)?;
        Ok(true)
    }

    /// Keeps a scan until it can be opened. What is no ticket is not kept: silent and unrecorded, as ever.
    pub(crate) fn keep_scan(
        &self,
        bench: &Bench<'_>,
        ticket: Ticket,
        readings: &[String],
        found: Found,
    ) -> Result<(), WindowError> {
        if ticket == Ticket::NotATicket {
            return Ok(());
        }
        let guest = ticket.person().map(|id| bench.files.guest(id)).transpose();
        let guest = guest.map_err(|error| fault(&error))?.flatten();
        let name = guest.map(|guest| guest.name).unwrap_or_default();
        self.state().hold.scan.get_or_insert_with(|| HeldScan { readings: readings.to_vec(), found, name });
        Ok(())
    }

    /// Opens what is held once no form is open and nothing stands on the stage that should be seen first.
    pub(crate) fn open_held(&self) -> Result<(), WindowError> {
        // Nobody is let in at the door beneath a practice: its end opens what is held.
        if self.practising().is_some() {
            return Ok(());
        }
        let urgent = self.urgent();
        let mut state = self.state();
        let busy = urgent
            || state.hold.on
            || state.order.is_some()
            || (state.hold.card.is_some() && state.hold.card == state.cards.current);
        let held = if busy { None } else { state.hold.scan.take() };
        drop(state);
        match held {
            Some(scan) => self.read(&scan.readings, scan.found).map(drop),
            None => Ok(()),
        }
    }
}

impl<H: Host> Handles<HoldScans> for Desk<H> {
    async fn handle(&self, args: HoldScans) -> Result<DeskView, WindowError> {
        self.work(move |desk| {
            let mut state = desk.state();
            state.hold.on = args.held;
            if args.held {
                (state.hold.card, state.order, state.ready) = (None, None, None);
            }
            drop(state);
            desk.open_held()?;
            Ok(view::desk_view(desk))
        })
        .await
    }
}
