//! The first minute: three made-up tickets on a practice, offered to somebody new at this desk and never in a guest's way. It is offered,
//! not begun, so that a ticket is still the first thing after *Start*; a real ticket ends it and is judged as usual (UX section 8).

use serde::{Deserialize, Serialize};
use usher_core::entry::Found;
use usher_protocol::{
    commands::{Handles, Learn},
    window::{CardOutcome, CardView, DeskView, LessonGo, LessonStep, LessonView, PracticeKind, WindowError},
};
use usher_replica::Ticket;

use crate::{Desk, Host, desk::fault, practice::Said, view};

/// The name of the setting that survives a restart.
pub(crate) const TAUGHT: &str = "taught";
/// Of how many people is remembered that they need no first minute: the least recent is forgotten.
const TAUGHT_MAX: usize = 64;

/// Who learned at this desk, did not want to, or let guests in here: by initials, the least recent first. Whoever gives none is one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Taught(Vec<String>);

impl Taught {
    fn knows(&self, initials: &str) -> bool {
        self.0.iter().any(|one| *one == key(initials))
    }

    fn with(&self, initials: &str) -> Self {
        let others = self.0.iter().filter(|one| **one != key(initials));
        let all: Vec<_> = others.cloned().chain([key(initials)]).collect();
        Self(all[all.len().saturating_sub(TAUGHT_MAX)..].to_vec())
    }
}

/// Small and capital letters are one person.
fn key(initials: &str) -> String {
    initials.trim().to_lowercase()
}

/// The ticket that a step shows; none after the last.
const fn shows(step: LessonStep) -> Option<PracticeKind> {
    match step {
        LessonStep::Welcome => Some(PracticeKind::Booked),
        LessonStep::Ask => Some(PracticeKind::AlreadyIn),
        LessonStep::Anyway => Some(PracticeKind::NotBooked),
        LessonStep::Help => None,
    }
}

const fn next(step: LessonStep) -> Option<LessonStep> {
    match step {
        LessonStep::Welcome => Some(LessonStep::Ask),
        LessonStep::Ask => Some(LessonStep::Anyway),
        LessonStep::Anyway => Some(LessonStep::Help),
        LessonStep::Help => None,
    }
}

/// Whether what a step asks for was done with its card. Without a card there is nothing to do.
fn done(step: LessonStep, card: Option<&CardView>) -> bool {
    let Some(card) = card else { return true };
    match step {
        LessonStep::Welcome => card.outcome == CardOutcome::LetIn,
        LessonStep::Anyway => matches!(card.outcome, CardOutcome::LetIn | CardOutcome::TurnedAway),
        LessonStep::Ask | LessonStep::Help => true,
    }
}

/// How far the first minute is, with this card on the stage.
pub(crate) fn shown<H: Host>(desk: &Desk<H>, card: Option<&CardView>) -> Option<LessonView> {
    let step = desk.state().lesson?;
    Some(LessonView { step, done: done(step, card) })
}

impl<H: Host> Desk<H> {
    /// Whether whoever sits here may want to learn: somebody new at a door at which no guest was seen yet.
    pub(crate) fn offers_lesson(&self) -> bool {
        let state = self.state();
        self.0.covers.is_none() && state.seat.session.is_some() && !state.taught.knows(&state.seat.initials)
    }

    /// Whoever sits here needs no first minute any more. That this cannot be kept must stop nobody: it is offered again then.
    pub(crate) fn needs_no_lesson(&self) {
        if !self.offers_lesson() {
            return;
        }
        let mut state = self.state();
        let taught = state.taught.with(&state.seat.initials);
        state.taught = taught.clone();
        drop(state);
        if let Ok(files) = self.files()
            && let Err(error) = files.keep_setting(TAUGHT, &taught)
        {
            tracing::warn!(%error, "it could not be kept who needs no first minute");
        }
    }

    /// A code while somebody learns: a ticket ends the first minute, so that the door judges it; anything else is passed over. Whether it was.
    pub(crate) fn passes_over(&self, readings: &[String]) -> Result<bool, WindowError> {
        if self.acting().state().lesson.is_none() {
            return Ok(false);
        }
        let ticket = self.files()?.look_up(&*self.who()?, readings).map_err(|error| fault(&error))?;
        if ticket == Ticket::NotATicket {
            return Ok(true);
        }
        // The guest comes first: what could not be thrown away or kept is in the log file.
        if let Err(error) = self.end_practice() {
            tracing::warn!(%error, "the first minute did not end cleanly");
        }
        Ok(false)
    }

    fn begin_lesson(&self) -> Result<(), WindowError> {
        self.end_practice()?;
        self.leave_stage()?;
        self.begin_practice(Said::default())?;
        self.acting().teach(LessonStep::Welcome)
    }

    /// Goes on to the next step, or back to the door. A step that is not done yet stays.
    fn next_lesson(&self) -> Result<(), WindowError> {
        let at_practice = self.acting();
        let view = view::desk_view(&at_practice);
        let lesson = view.practice.and_then(|practice| practice.lesson);
        let lesson = lesson.filter(|lesson| lesson.done).ok_or(WindowError::NotPossible)?;
        match next(lesson.step) {
            Some(step) => at_practice.teach(step),
            None => self.end_lesson(),
        }
    }

    /// Ends the first minute, or says that it is not wanted.
    fn end_lesson(&self) -> Result<(), WindowError> {
        self.end_practice()?;
        self.needs_no_lesson();
        self.open_held()
    }

    /// Shows the ticket of a step at a desk that is practised on.
    fn teach(&self, step: LessonStep) -> Result<(), WindowError> {
        self.close_current(false)?;
        self.state().lesson = Some(step);
        let tickets = self.state().practice.clone().map(|practice| practice.tickets).unwrap_or_default();
        let ticket = tickets.into_iter().find(|ticket| Some(ticket.kind) == shows(step));
        ticket.map_or(Ok(()), |ticket| self.read(&[ticket.code], Found::Scanner).map(drop))
    }
}

impl<H: Host> Handles<Learn> for Desk<H> {
    async fn handle(&self, args: Learn) -> Result<DeskView, WindowError> {
        self.work_here(move |desk| {
            match args.go {
                LessonGo::Begin => desk.begin_lesson()?,
                LessonGo::Next => desk.next_lesson()?,
                LessonGo::End => desk.end_lesson()?,
            }
            Ok(view::desk_view(&desk.acting()))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_apart_by_their_initials_and_the_least_recent_is_forgotten() {
        let taught = Taught::default().with("AB").with("");
        assert!(taught.knows(" ab ") && taught.knows("") && !taught.knows("A"));
        let many = (0..TAUGHT_MAX).fold(taught.with("ab"), |taught, n| taught.with(&n.to_string()));
        assert!(!many.knows("") && !many.knows("ab") && many.knows("0"));
        assert_eq!(many.0.len(), TAUGHT_MAX);
    }
}
