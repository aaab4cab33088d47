//! The desk window's commands, free of any window (`usher_protocol::commands` declares them).
//!
//! Each runs on a thread that may block, because it may wait for the disk; one decision at a time.

use std::sync::PoisonError;

use usher_core::ids::{PersonId, SessionId, ShiftId};
use usher_protocol::{
    commands::{
        Accept, AskClosing, CloseCard, Command, ConnectDesk, Find, Gate, Handles, LeaveSession, LookAtDesk,
        OpenGuest, Scan, SetDoor, SetNames, StartSession, TurnAway,
    },
    limits::NAME_CHARS_MAX,
    window::{CardView, ClosingView, ConnectOutcome, DeskView, FindRow, FindView, WindowError},
};
use uuid::Uuid;

use crate::{
    Desk, Host,
    desk::{Seat, fault},
    holding::Hold,
    view,
};

/// The longest reading that is looked at, in bytes: the most that a QR code can hold is 4,296 characters.
const READING_BYTES_MAX: usize = 8 * 1024;
/// The most readings of one scan.
const READINGS_MAX: usize = 8;

impl<H: Host> Desk<H> {
    /// Runs `work` on the desk that stands at the door, where it may block, then pushes the view.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, WindowError> + Send + 'static,
    ) -> Result<T, WindowError> {
        self.work_here(move |desk| work(&desk.acting())).await
    }

    /// As [`Self::work`], on this desk, also while another is practised on.
    pub(crate) async fn work_here<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, WindowError> + Send + 'static,
    ) -> Result<T, WindowError> {
        let desk = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let one_at_a_time = desk.0.deciding.lock().unwrap_or_else(PoisonError::into_inner);
            let done = work(&desk);
            drop(one_at_a_time);
            desk.push();
            done
        });
        done.await.unwrap_or(Err(WindowError::NotReady))
    }

    /// Looks at the desk that stands at the door.
    pub(crate) async fn look_at_door<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Self) -> Result<T, WindowError> + Send + 'static,
    ) -> Result<T, WindowError> {
        self.look_only(move |desk| look(&desk.acting())).await
    }

    /// Looks at this desk, also while another is practised on.
    pub(crate) async fn look_only<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Self) -> Result<T, WindowError> + Send + 'static,
    ) -> Result<T, WindowError> {
        let desk = self.clone();
        tokio::task::spawn_blocking(move || look(&desk)).await.unwrap_or(Err(WindowError::NotReady))
    }

    /// The card with this id as the window shows it.
    pub(crate) fn shown(&self, id: Uuid) -> Result<CardView, WindowError> {
        let card = view::desk_view(self).card;
        card.filter(|card| card.id == id.to_string()).ok_or(WindowError::NotPossible)
    }
}

/// The readings that are looked at.
pub(crate) fn bounded(mut readings: Vec<String>) -> Vec<String> {
    readings.truncate(READINGS_MAX);
    readings.retain(|text| text.len() <= READING_BYTES_MAX);
    readings
}

pub(crate) fn uuid(text: &str) -> Result<Uuid, WindowError> {
    text.parse().map_err(|_| WindowError::BadCall)
}

impl<H: Host> Handles<LookAtDesk> for Desk<H> {
    async fn handle(&self, _: LookAtDesk) -> Result<DeskView, WindowError> {
        self.look_at_door(|desk| Ok(view::desk_view(desk))).await
    }
}

impl<H: Host> Handles<ConnectDesk> for Desk<H> {
    async fn handle(&self, args: ConnectDesk) -> Result<ConnectOutcome, WindowError> {
        let outcome = crate::connect::connect_desk(self, &args.address, &args.code).await;
        self.push();
        outcome
    }
}

impl<H: Host> Handles<StartSession> for Desk<H> {
    async fn handle(&self, args: StartSession) -> Result<DeskView, WindowError> {
        self.work(move |desk| {
            let session = SessionId(uuid(&args.session)?);
            let known = desk.files()?.sessions().map_err(|error| fault(&error))?;
            if !known.iter().any(|one| one.rules.id == session) {
                return Err(WindowError::NotPossible);
            }
            let old = desk.state().seat.clone();
            // One of several that is picked: they all stay served.
            let picked = old.served().len() > 1 && old.served().contains(&session);
            let mut also = if picked { old.served() } else { Vec::new() };
            desk.leave(Some(session), &also)?;
            also.retain(|one| *one != session);
            let initials: String = args.initials.trim().chars().take(NAME_CHARS_MAX).collect();
            let same_person = old.initials == initials;
            let shift = old.shift.filter(|_| same_person).unwrap_or_else(|| ShiftId(desk.fresh_id()));
            desk.keep_seat(Seat {
                session: Some(session),
                also,
                picked,
                last: Some(session),
                initials,
                shift: Some(shift),
                ..old
            })?;
            desk.open_held()?;
            desk.ring();
            Ok(view::desk_view(desk))
        })
        .await
    }
}

impl<H: Host> Handles<LeaveSession> for Desk<H> {
    async fn handle(&self, _: LeaveSession) -> Result<DeskView, WindowError> {
        self.work(|desk| {
            if desk.state().practice.is_some() {
                return Err(WindowError::NotPossible);
            }
            desk.leave(None, &[])?;
            let old = desk.state().seat.clone();
            desk.keep_seat(Seat { session: None, also: Vec::new(), picked: false, ..old })?;
            desk.ring();
            Ok(view::desk_view(desk))
        })
        .await
    }
}

impl<H: Host> Desk<H> {
    /// Leaves the session served, unless it is `next` too: the card is closed. Unused places are given back of all that is not served on.
    fn leave(&self, next: Option<SessionId>, served_on: &[SessionId]) -> Result<(), WindowError> {
        if self.state().seat.session.is_none() {
            return Ok(());
        }
        let kept: Vec<_> = next.iter().chain(served_on).copied().collect();
        self.give_back_but(&kept)?;
        if self.state().seat.session == next {
            return Ok(());
        }
        self.leave_stage()?;
        // A session that is started begins with letting in, and whoever waited is at no door any more.
        let mut state = self.state();
        (state.hold, state.out) = (Hold::default(), false);
        Ok(())
    }
}

impl<H: Host> Handles<SetDoor> for Desk<H> {
    async fn handle(&self, args: SetDoor) -> Result<DeskView, WindowError> {
        self.work(move |desk| {
            let old = desk.state().seat.clone();
            desk.keep_seat(Seat { door: Some(args.mode), ..old })?;
            Ok(view::desk_view(desk))
        })
        .await
    }
}

impl<H: Host> Handles<SetNames> for Desk<H> {
    async fn handle(&self, args: SetNames) -> Result<DeskView, WindowError> {
        self.work(move |desk| {
            let old = desk.state().seat.clone();
            desk.keep_seat(Seat { names_hidden: args.hidden, ..old })?;
            Ok(view::desk_view(desk))
        })
        .await
    }
}

impl<H: Host> Handles<Scan> for Desk<H> {
    async fn handle(&self, args: Scan) -> Result<Option<CardView>, WindowError> {
        self.work_here(move |desk| {
            // Asked again under the lock: the desk may have been locked while this waited for it.
            desk.may(Scan::NAME)?;
            let readings = bounded(args.readings);
            if desk.passes_over(&readings)? {
                return Ok(None);
            }
            let desk = desk.acting();
            let taken = desk.only_sees(args.found)
                || desk.hold_for_message(&readings, args.found)?
                || desk.ticks(&readings, args.found)?
                || desk.hold(&readings, args.found)?;
            if taken {
                return Ok(None);
            }
            let id = desk.read(&readings, args.found)?;
            id.map(|id| desk.shown(id)).transpose()
        })
        .await
    }
}

impl<H: Host> Handles<Accept> for Desk<H> {
    async fn handle(&self, args: Accept) -> Result<CardView, WindowError> {
        self.work(move |desk| {
            let id = desk.accept(uuid(&args.id)?, args.anyway)?;
            desk.to_stage(id)?;
            desk.shown(id)
        })
        .await
    }
}

impl<H: Host> Handles<TurnAway> for Desk<H> {
    async fn handle(&self, args: TurnAway) -> Result<CardView, WindowError> {
        self.work(move |desk| {
            let id = desk.turn_away(uuid(&args.id)?)?;
            desk.to_stage(id)?;
            desk.shown(id)
        })
        .await
    }
}

impl<H: Host> Handles<CloseCard> for Desk<H> {
    async fn handle(&self, args: CloseCard) -> Result<DeskView, WindowError> {
        self.work(move |desk| {
            // A card that is no longer on the stage was closed already: its time-out may come late.
            if desk.state().cards.current == Some(uuid(&args.id)?) {
                desk.close_current(false)?;
                desk.open_held()?;
            }
            Ok(view::desk_view(desk))
        })
        .await
    }
}

impl<H: Host> Handles<Find> for Desk<H> {
    async fn handle(&self, args: Find) -> Result<FindView, WindowError> {
        self.look_at_door(move |desk| {
            let who = desk.who()?;
            let session = desk.state().seat.session.ok_or(WindowError::NotReady)?;
            let found = desk.files()?.find(&who, &args.text, session).map_err(|error| fault(&error))?;
            let row = |one: &usher_replica::Found| FindRow {
                guest: view::guest_view(&one.guest),
                order: one.guest.order.clone(),
                status: one.status,
                near: one.near,
            };
            Ok(FindView { rows: found.guests.iter().map(row).collect(), more: found.more, code: found.code })
        })
        .await
    }
}

impl<H: Host> Handles<OpenGuest> for Desk<H> {
    async fn handle(&self, args: OpenGuest) -> Result<CardView, WindowError> {
        self.work(move |desk| {
            let id = desk.open_guest(PersonId(uuid(&args.person)?))?;
            desk.shown(id.ok_or(WindowError::NotPossible)?)
        })
        .await
    }
}

impl<H: Host> Handles<AskClosing> for Desk<H> {
    async fn handle(&self, _: AskClosing) -> Result<ClosingView, WindowError> {
        self.look_only(|desk| Ok(crate::closing::closing(desk))).await
    }
}
