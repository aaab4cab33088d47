//! Who stands before the screen: a volunteer, a guest who serves themselves, or nobody. What the desk does for each is decided here and not
//! in the window: codes from the camera do not pass the window.

use usher_core::entry::NoteKind;
use usher_protocol::{
    commands::{CloseSettings, Gate, Handles, LockDesk, OpenSettings, ServeThemselves, UnlockDesk},
    window::{Attended, DeskView, PinOutcome, WindowError},
};

use crate::{
    Desk, Host,
    desk::Seat,
    holding::Hold,
    pins::{Checked, Wanted},
    view,
};

/// What can be asked of a locked desk.
const NOBODY: &[&str] = &["look", "unlock", "lock", "closing", "know_code"];
/// What a guest can ask of a desk.
const GUEST: &[&str] = &["look", "unlock", "scan", "know_code", "close"];
/// What wants open settings, where the event has PINs. All else a volunteer may.
const SETTINGS: &[&str] = &["set_door", "set_names", "set_printer"];
/// Settings that nobody closed are closed after so long, in milliseconds.
const SETTINGS_MS: u64 = 5 * 60_000;
/// The value of a note about the mode that stands for self-service ([`NoteKind::Mode`]).
const SELF_SERVICE: i64 = 2;

impl<H: Host> Gate for Desk<H> {
    fn may(&self, name: &str) -> Result<(), WindowError> {
        let allowed = match self.attended() {
            Attended::Nobody => NOBODY.contains(&name),
            Attended::Guest => GUEST.contains(&name),
            Attended::Volunteer => !SETTINGS.contains(&name) || self.settings_open(),
        };
        if allowed { Ok(()) } else { Err(WindowError::Locked) }
    }
}

impl<H: Host> Desk<H> {
    pub(crate) fn attended(&self) -> Attended {
        self.state().seat.attended
    }

    /// Whether settings can be changed now.
    pub(crate) fn settings_open(&self) -> bool {
        let now_ms = self.0.host.reading().mono_ms;
        let opened = self.state().settings_until_ms.is_some_and(|until| now_ms < until);
        opened || !self.has_pins()
    }

    /// Gives the screen to nobody or to guests. Only where somebody can take it back.
    fn give_to(&self, to: Attended, note: (NoteKind, i64)) -> Result<DeskView, WindowError> {
        if !self.has_pins() || self.state().seat.session.is_none() {
            return Err(WindowError::NotPossible);
        }
        self.end_practice()?;
        self.leave_stage()?;
        let mut state = self.state();
        (state.hold, state.settings_until_ms, state.out) = (Hold::default(), None, false);
        let old = state.seat.clone();
        drop(state);
        self.keep_seat(Seat { attended: to, ..old })?;
        self.note(note.0, Some(note.1));
        Ok(view::desk_view(self))
    }

    /// A volunteer has the screen again.
    fn take_back(&self) -> Result<(), WindowError> {
        self.leave_stage()?;
        let old = self.state().seat.clone();
        let note = match old.attended {
            Attended::Volunteer => return Ok(()),
            Attended::Nobody => (NoteKind::Lock, 0),
            Attended::Guest => (NoteKind::Mode, i64::from(!self.fast_door())),
        };
        self.keep_seat(Seat { attended: Attended::Volunteer, ..old })?;
        self.note(note.0, Some(note.1));
        Ok(())
    }
}

impl<H: Host> Handles<LockDesk> for Desk<H> {
    async fn handle(&self, _: LockDesk) -> Result<DeskView, WindowError> {
        self.work_here(|desk| desk.give_to(Attended::Nobody, (NoteKind::Lock, 1))).await
    }
}

impl<H: Host> Handles<ServeThemselves> for Desk<H> {
    async fn handle(&self, _: ServeThemselves) -> Result<DeskView, WindowError> {
        self.work_here(|desk| desk.give_to(Attended::Guest, (NoteKind::Mode, SELF_SERVICE))).await
    }
}

impl<H: Host> Handles<UnlockDesk> for Desk<H> {
    async fn handle(&self, args: UnlockDesk) -> Result<PinOutcome, WindowError> {
        match self.check_pin(args.pin, Wanted::Unlock).await? {
            // The event lost its PINs since: a lock that nobody can open would be worse than none (decision 0025).
            Checked::No(PinOutcome::NoPins) if self.attended() != Attended::Volunteer => {}
            Checked::No(why) => return Ok(why),
            Checked::Opens(_) => {}
        }
        self.work_here(|desk| desk.take_back()).await?;
        Ok(PinOutcome::Opened)
    }
}

impl<H: Host> Handles<OpenSettings> for Desk<H> {
    async fn handle(&self, args: OpenSettings) -> Result<PinOutcome, WindowError> {
        if self.settings_open() {
            return Ok(PinOutcome::Opened);
        }
        if let Checked::No(why) = self.check_pin(args.pin, Wanted::Unlock).await? {
            return Ok(why);
        }
        let until_ms = self.0.host.reading().mono_ms.saturating_add(SETTINGS_MS);
        self.state().settings_until_ms = Some(until_ms);
        self.push();
        Ok(PinOutcome::Opened)
    }
}

impl<H: Host> Handles<CloseSettings> for Desk<H> {
    async fn handle(&self, _: CloseSettings) -> Result<DeskView, WindowError> {
        self.state().settings_until_ms = None;
        self.push();
        self.look_at_door(|desk| Ok(view::desk_view(desk))).await
    }
}

/// Takes out of the view what nobody before this screen should see.
pub(crate) fn cover(view: &mut DeskView) {
    if view.attended == Attended::Volunteer {
        return;
    }
    (view.recent, view.order, view.left_open, view.held_scan) = (Vec::new(), None, None, None);
    if let Some(failed) = &mut view.not_saved {
        failed.name.clear();
    }
    view.badges.failed = None;
    match view.attended {
        Attended::Nobody => view.card = None,
        // The guest's own card, without what is said to volunteers only.
        _ => {
            if let Some(card) = &mut view.card {
                card.actions.clear();
                card.choices.clear();
                if let Some(guest) = &mut card.guest {
                    guest.note.clear();
                    guest.flags.clear();
                    guest.attention = false;
                }
            }
        }
    }
}
