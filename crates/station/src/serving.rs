//! Several sessions at one desk: which of them a ticket is for. The guest's booking says it where it can; where it says several or none,
//! the volunteer chooses on the card, and nobody is let in before. A session that was picked as the usual one counts without that.

use usher_core::{ids::SessionId, verdict::Verdict};
use usher_protocol::{
    commands::{ChooseSession, Handles, ServeAlso},
    limits::SERVED_MAX,
    window::{CardOutcome, CardView, DeskView, WindowError},
};
use usher_replica::{Act, Asked, Judged, Ticket};
use uuid::Uuid;

use crate::{
    Desk, Host,
    desk::{Seat, fault},
    handlers::uuid,
    scanning::Bench,
    view,
};

/// What a guest would be told at one of the sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Good, and there is a place.
    Good { booked: bool },
    /// No place now, though it is open and the guest is not in.
    NoPlace { booked: bool },
    /// Only as an exception: not booked, or not on the list yet.
    Exception,
    /// In already.
    Inside,
    /// Not open now, or nothing to do with this session: the ticket itself is refused.
    Refused { booked: bool },
}

impl Standing {
    fn of(judged: &Judged) -> Self {
        let booked = judged.registered;
        match judged.judgement.verdict {
            Verdict::Registered => Self::Good { booked },
            Verdict::GrantEmpty | Verdict::SessionFull | Verdict::SeatsHeld { .. } => {
                Self::NoPlace { booked }
            }
            Verdict::NotRegistered | Verdict::SignedUnknown if judged.judgement.basis.is_some() => {
                Self::Exception
            }
            Verdict::AlreadyCheckedIn(_) => Self::Inside,
            _ => Self::Refused { booked },
        }
    }
}

/// Which of the sessions served a ticket is for; numbers are places in their list, the usual one first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    at: usize,
    /// What the volunteer may choose; without `at` where that is chosen already.
    others: Vec<usize>,
    /// Somebody has to choose first.
    unchosen: bool,
    /// Nothing speaks for another session: a fast door may let in.
    sure: bool,
    /// In already at one of them.
    inside: bool,
}

/// Chooses. `picked`: the first was picked as the usual one, and counts where it is one of several.
fn choose(standings: &[Standing], picked: bool) -> Choice {
    let places = |wanted: &dyn Fn(Standing) -> bool| -> Vec<usize> {
        (0..standings.len()).filter(|at| wanted(standings[*at])).collect()
    };
    let inside = places(&|one| one == Standing::Inside);
    let booked =
        places(&|one| matches!(one, Standing::Good { booked: true } | Standing::NoPlace { booked: true }));
    let open = places(&|one| matches!(one, Standing::Good { .. }));
    let fits = if booked.is_empty() { open.clone() } else { booked };
    if !fits.is_empty() {
        let with_place: Vec<usize> = fits.iter().copied().filter(|at| open.contains(at)).collect();
        let best = if with_place.is_empty() { fits.clone() } else { with_place };
        let sure = inside.is_empty() && (fits.len() == 1 || (picked && best.contains(&0)));
        return Choice { inside: !inside.is_empty(), ..among(&best, fits, picked, sure) };
    }
    let exceptions = places(&|one| one == Standing::Exception);
    match (inside.first(), exceptions.is_empty()) {
        (Some(_), _) => among(&inside[..1], Vec::new(), picked, false),
        (None, false) => among(&exceptions, exceptions.clone(), picked, false),
        (None, true) => {
            let booked = places(&|one| one == Standing::Refused { booked: true });
            let at = booked.first().copied().unwrap_or(0);
            Choice { at, others: Vec::new(), unchosen: false, sure: true, inside: false }
        }
    }
}

fn among(best: &[usize], mut all: Vec<usize>, picked: bool, sure: bool) -> Choice {
    let usual = picked && best.contains(&0);
    let at = if usual { 0 } else { best.first().copied().unwrap_or(0) };
    let unchosen = best.len() > 1 && !usual;
    if !unchosen {
        all.retain(|other| *other != at);
    }
    Choice { at, others: all, unchosen, sure: sure && !unchosen, inside: false }
}

/// A ticket at the door, judged for the session that it is for.
pub(crate) struct Met {
    pub(crate) asked: Asked,
    pub(crate) judged: Judged,
    /// As [`Card::others`](crate::cards::Card::others).
    pub(crate) others: Vec<SessionId>,
    pub(crate) unchosen: bool,
    pub(crate) sure: bool,
    pub(crate) inside: bool,
}

impl<H: Host> Desk<H> {
    /// Judges a ticket for every session served, and chooses.
    pub(crate) fn for_which(
        &self,
        bench: &Bench<'_>,
        ticket: Ticket,
        now_ms: i64,
    ) -> Result<Met, WindowError> {
        let (served, picked) = {
            let state = self.state();
            (state.seat.served(), state.seat.picked)
        };
        let mut judged = Vec::new();
        for session in served {
            let asked = Asked { ticket, session, now_ms };
            let one = bench.files.judge(&bench.who, &asked).map_err(|error| fault(&error))?;
            // A session that is not on the list any more is nobody's.
            judged.extend(one.map(|one| (asked, one)));
        }
        let standings: Vec<Standing> = judged.iter().map(|(_, one)| Standing::of(one)).collect();
        let Choice { at, others, unchosen, sure, inside } =
            choose(&standings, picked || standings.len() == 1);
        let others = others.iter().map(|other| judged[*other].0.session).collect();
        let (asked, judged) = judged.into_iter().nth(at).ok_or(WindowError::NotReady)?;
        Ok(Met { asked, judged, others, unchosen, sure, inside })
    }

    /// The session where a ticket's guest is in and is counted out; the usual one where there is none.
    pub(crate) fn leaves_where(
        &self,
        bench: &Bench<'_>,
        ticket: Ticket,
        now_ms: i64,
    ) -> Result<SessionId, WindowError> {
        for session in self.state().seat.served() {
            let judged = bench.files.judge(&bench.who, &Asked { ticket, session, now_ms });
            let judged = judged.map_err(|error| fault(&error))?;
            let inside = |one: &Judged| Standing::of(one) == Standing::Inside && !one.session.rules.re_entry;
            if judged.as_ref().is_some_and(inside) {
                return Ok(session);
            }
        }
        Ok(bench.session)
    }

    /// The volunteer says which session an open card is for. On a fast door whoever is good there is let in by that.
    fn choose_session(&self, id: Uuid, session: SessionId) -> Result<Uuid, WindowError> {
        let bench = self.bench()?;
        let card = self.state().cards.get(id).cloned().ok_or(WindowError::NotPossible)?;
        if card.outcome != CardOutcome::Open || !card.others.contains(&session) {
            return Err(WindowError::NotPossible);
        }
        let asked = Asked { session, ..card.asked(self.stamp().now_ms) };
        let judged = bench.files.judge(&bench.who, &asked).map_err(|error| fault(&error))?;
        let judged = judged.ok_or(WindowError::NotReady)?;
        if judged.judgement.verdict == Verdict::GrantEmpty {
            self.ring();
        }
        if let Some(card) = self.state().cards.get_mut(id) {
            card.others.retain(|other| *other != session);
            if !card.unchosen {
                card.others.push(card.session);
            }
            (card.session, card.judgement, card.unchosen, card.at_ms) =
                (session, judged.judgement, false, asked.now_ms);
        }
        let card = self.state().cards.get(id).cloned().ok_or(WindowError::NotPossible)?;
        if self.goes_in_at_once(&card) {
            self.decide(&bench, id, Act::LetIn)?;
        }
        Ok(id)
    }

    /// Serves other sessions beside the usual one; places of those that it serves no more are given back.
    fn serve_also(&self, sessions: &[String]) -> Result<(), WindowError> {
        let main = self.bench()?.session;
        let known = self.files()?.sessions().map_err(|error| fault(&error))?;
        let mut also: Vec<SessionId> = Vec::new();
        for session in sessions {
            let session = SessionId(uuid(session)?);
            if !known.iter().any(|one| one.rules.id == session) {
                return Err(WindowError::NotPossible);
            }
            if session != main && !also.contains(&session) {
                also.push(session);
            }
        }
        if also.len() >= SERVED_MAX || self.state().practice.is_some() {
            return Err(WindowError::NotPossible);
        }
        self.leave_stage()?;
        let kept: Vec<_> = std::iter::once(main).chain(also.iter().copied()).collect();
        self.give_back_but(&kept)?;
        let old = self.state().seat.clone();
        self.keep_seat(Seat { also, picked: false, ..old })?;
        self.open_held()?;
        self.ring();
        Ok(())
    }

    /// Gives the places of every session served back, but of those in `kept`.
    pub(crate) fn give_back_but(&self, kept: &[SessionId]) -> Result<(), WindowError> {
        let who = self.who()?;
        let served = self.state().seat.served();
        for session in served.into_iter().filter(|one| !kept.contains(one)) {
            self.files()?.give_back(&who, session, self.stamp()).map_err(|error| fault(&error))?;
        }
        Ok(())
    }
}

impl<H: Host> Handles<ServeAlso> for Desk<H> {
    async fn handle(&self, args: ServeAlso) -> Result<DeskView, WindowError> {
        self.work(move |desk| desk.serve_also(&args.sessions).map(|()| view::desk_view(desk))).await
    }
}

impl<H: Host> Handles<ChooseSession> for Desk<H> {
    async fn handle(&self, args: ChooseSession) -> Result<CardView, WindowError> {
        self.work(move |desk| {
            let id = desk.choose_session(uuid(&args.id)?, SessionId(uuid(&args.session)?))?;
            desk.to_stage(id)?;
            desk.shown(id)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Standing = Standing::Good { booked: true };
    const OPEN: Standing = Standing::Good { booked: false };
    const FULL: Standing = Standing::NoPlace { booked: true };
    const EXCEPTION: Standing = Standing::Exception;
    const INSIDE: Standing = Standing::Inside;
    const LATER: Standing = Standing::Refused { booked: true };
    const REFUSED: Standing = Standing::Refused { booked: false };

    /// Where, of what may be chosen, whether somebody must, whether a fast door may let in.
    fn chosen(standings: &[Standing], picked: bool) -> (usize, Vec<usize>, bool, bool) {
        let Choice { at, others, unchosen, sure, .. } = choose(standings, picked);
        (at, others, unchosen, sure)
    }

    #[test]
    fn a_booking_chooses_where_it_is_the_only_one() {
        assert_eq!(chosen(&[EXCEPTION, GOOD], false), (1, vec![], false, true));
        assert_eq!(chosen(&[EXCEPTION, GOOD], true), (1, vec![], false, true), "before the usual one");
        assert_eq!(chosen(&[OPEN, GOOD], false), (1, vec![], false, true), "before what is open to all");
        assert_eq!(
            chosen(&[REFUSED, FULL], false),
            (1, vec![], false, true),
            "where it is full the card says so"
        );
        assert_eq!(chosen(&[REFUSED, LATER], false).0, 1, "and where it is not open yet");
    }

    #[test]
    fn of_several_the_volunteer_chooses_or_the_picked_one_counts() {
        assert_eq!(chosen(&[GOOD, GOOD, EXCEPTION], false), (0, vec![0, 1], true, false));
        assert_eq!(chosen(&[GOOD, GOOD, EXCEPTION], true), (0, vec![1], false, true));
        assert_eq!(
            chosen(&[EXCEPTION, GOOD, GOOD], true),
            (1, vec![1, 2], true, false),
            "the picked one is none of them"
        );
        assert_eq!(chosen(&[FULL, GOOD], true), (1, vec![0], false, false), "there are places, and it asks");
        assert_eq!(chosen(&[FULL, FULL], false), (0, vec![0, 1], true, false));
    }

    #[test]
    fn booked_for_none_is_an_exception_that_is_chosen_too() {
        assert_eq!(chosen(&[EXCEPTION, EXCEPTION], false), (0, vec![0, 1], true, false));
        assert_eq!(chosen(&[EXCEPTION, EXCEPTION], true), (0, vec![1], false, false));
        assert_eq!(chosen(&[REFUSED, EXCEPTION], false), (1, vec![], false, false));
        assert_eq!(chosen(&[REFUSED, REFUSED], false), (0, vec![], false, true), "no ticket at all");
    }

    #[test]
    fn whoever_is_in_at_one_is_asked_before_the_other() {
        assert_eq!(chosen(&[INSIDE, GOOD], false), (1, vec![], false, false));
        assert_eq!(chosen(&[EXCEPTION, INSIDE], false), (1, vec![], false, false));
        assert_eq!(chosen(&[INSIDE, INSIDE], false).0, 0);
    }
}
