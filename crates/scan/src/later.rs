//! The slow stages of a camera's frames, on a thread of their own: one at a time, each on the frame that is new when its turn comes, so
//! that the quick ones of the next frames go on meanwhile.

use std::time::Duration;

use crate::engine::Found;
use crate::frame::Frame;
use crate::lane::{Lane, Outcome};
use crate::stage::{Evidence, Stage};

/// What uses more processor time hangs, and its thread is left alone. Of processor time, so that a machine with other things to do
/// loses no ticket.
const ANSWER_CPU: Duration = Duration::from_millis(500);
/// Before this no answer is late, even where the processor time is not known.
const ANSWER_MS: u64 = 500;
/// What is older is about a guest who has gone on, whatever kept it.
const ANSWER_MS_MAX: u64 = 1_000;

/// What came of a slow stage's turn.
pub(crate) struct Late {
    pub(crate) stage: Stage,
    /// When its frame was taken, in milliseconds of the clock that the watch is told.
    pub(crate) at_ms: u64,
    pub(crate) outcome: Outcome<Found>,
}

/// The turns of the slow stages.
pub(crate) struct Later {
    lane: Lane<Found>,
    /// The stage and the time of the frame that it was given.
    given: Option<(Stage, u64)>,
    /// The stage that had its turn last.
    last: Option<Stage>,
}

impl Later {
    pub(crate) fn new() -> Self {
        Self { lane: Lane::new("scan-later"), given: None, last: None }
    }

    /// What came of the turn that was given last, as soon as that is known. Does not wait.
    pub(crate) fn answer(&mut self, now_ms: u64) -> Option<Late> {
        let (stage, at_ms) = self.given?;
        let age_ms = now_ms.saturating_sub(at_ms);
        let answer = self.lane.answer(Duration::ZERO).filter(|_| age_ms < ANSWER_MS_MAX);
        let over = answer.is_none() && is_over(age_ms, || self.lane.spent());
        if over {
            self.lane.leave();
        }
        let outcome = answer.or(over.then_some(Outcome::Late))?;
        self.given = None;
        Some(Late { stage, at_ms, outcome })
    }

    /// Gives the next stage its turn on a frame in which something was suspected, where none is at work.
    pub(crate) fn give(&mut self, frame: &Frame, seen: &Evidence, now_ms: u64) {
        if self.given.is_some() {
            return;
        }
        // One that still hangs on an earlier frame is passed over.
        for stage in turns(self.last, seen) {
            let (frame, suspects) = (frame.clone(), seen.places(stage).to_vec());
            if self.lane.give(stage, move || stage.run(&frame, &suspects)) {
                (self.given, self.last) = (Some((stage, now_ms)), Some(stage));
                return;
            }
        }
    }

    /// What is at work is about something that is no longer in view.
    pub(crate) fn forget(&mut self) {
        self.lane.leave();
        (self.given, self.last) = (None, None);
    }
}

/// Whether a turn that has no answer after so long will have none in time.
fn is_over(age_ms: u64, spent: impl FnOnce() -> Option<Duration>) -> bool {
    age_ms >= ANSWER_MS_MAX || (age_ms >= ANSWER_MS && spent().is_none_or(|spent| spent >= ANSWER_CPU))
}

/// The slow stages that have somewhere to look, from the one after `last` on: none waits for more than one turn of each other one,
/// however what is seen comes and goes.
fn turns(last: Option<Stage>, seen: &Evidence) -> impl Iterator<Item = Stage> {
    let from = Stage::ALL.into_iter().position(|stage| Some(stage) == last).map_or(0, |at| at + 1);
    let useful = |stage: &Stage| stage.is_slow() && !seen.places(*stage).is_empty();
    Stage::ALL.into_iter().cycle().skip(from).take(Stage::ALL.len()).filter(useful)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suspect::tests::upright;

    #[test]
    fn a_turn_is_given_up_for_what_it_used_and_not_for_what_others_did() {
        let over = |age_ms, spent: Option<u64>| is_over(age_ms, || spent.map(Duration::from_millis));
        assert!(!over(ANSWER_MS - 1, Some(10_000)) && !over(ANSWER_MS - 1, None));
        assert!(!over(ANSWER_MS_MAX - 1, Some(499)), "the machine has other things to do");
        assert!(over(ANSWER_MS, Some(500)), "it hangs");
        assert!(over(ANSWER_MS, None), "who knows");
        assert!(over(ANSWER_MS_MAX, Some(0)), "the guest has gone on");
    }

    #[test]
    fn every_stage_has_its_turn_while_guesses_come_and_go() {
        let seen = |guesses| Evidence { suspects: vec![upright()], guesses, ..Evidence::default() };
        let (with, without) = (seen(vec![upright()]), seen(Vec::new()));
        let mut last = None;
        let mut had = Vec::new();
        for frame in 0..8 {
            last = turns(last, if frame % 2 == 0 { &with } else { &without }).next();
            had.extend(last);
        }
        let slow = Stage::ALL.into_iter().filter(|stage| stage.is_slow());
        assert!(slow.clone().all(|stage| had.contains(&stage)), "{had:?}");
        assert_eq!(turns(None, &with).collect::<Vec<_>>(), slow.collect::<Vec<_>>());
        assert_eq!(turns(None, &Evidence::default()).count(), 0);
    }
}
