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
    turn: usize,
}

impl Later {
    pub(crate) fn new() -> Self {
        Self { lane: Lane::new("scan-later"), given: None, turn: 0 }
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
        let useful = |stage: &Stage| stage.is_slow() && !seen.places(*stage).is_empty();
        let slow: Vec<Stage> = Stage::ALL.into_iter().filter(useful).collect();
        // One that still hangs on an earlier frame is passed over.
        for _ in 0..slow.len() {
            let stage = slow[self.turn % slow.len()];
            self.turn = (self.turn + 1) % slow.len();
            let (frame, suspects) = (frame.clone(), seen.places(stage).to_vec());
            if self.lane.give(stage, move || stage.run(&frame, &suspects)) {
                self.given = Some((stage, now_ms));
                return;
            }
        }
    }

    /// What is at work is about something that is no longer in view.
    pub(crate) fn forget(&mut self) {
        self.lane.leave();
        (self.given, self.turn) = (None, 0);
    }
}
