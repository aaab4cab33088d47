//! The slow stages of a camera's frames, on a thread of their own: one at a time, each on the frame that is new when its turn comes, so
//! that the quick ones of the next frames go on meanwhile.

use std::time::Duration;

use crate::engine::Found;
use crate::frame::Frame;
use crate::lane::{Lane, Outcome};
use crate::stage::{Evidence, Stage};

/// What takes longer is about a frame long gone, and its thread is left alone.
const ANSWER_MS: u64 = 500;

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
        let is_old = now_ms.saturating_sub(at_ms) >= ANSWER_MS;
        let answer = self.lane.answer(Duration::ZERO).filter(|_| !is_old);
        if is_old {
            self.lane.leave();
        }
        let outcome = answer.or(is_old.then_some(Outcome::Late))?;
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
