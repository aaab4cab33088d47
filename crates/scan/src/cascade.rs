//! The reader of one picture: stages in order until one has read something or the time is up.
//!
//! What a stage sees and cannot read is evidence for those behind it. It keeps no memory of earlier frames: that is in `watch`.

use crate::engine::Found;
use crate::frame::Frame;
use crate::lane::Lane;
use crate::reading::{Budget, Look, Reading};
use crate::stage::{LANES, Stage};
use crate::suspect::Suspect;

/// Reads QR codes from single pictures. Owns up to three threads, started when they are first needed.
pub struct Reader {
    lanes: [Lane<Found>; LANES],
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// A reader with the whole cascade.
    #[must_use]
    pub fn new() -> Self {
        Self { lanes: ["scan-search", "scan-quircs", "scan-rqrr"].map(Lane::new) }
    }

    /// Looks at a frame until a stage has read something, all have looked, or the budget is spent. Returns within the
    /// budget whatever a stage does, give or take what the scheduler adds.
    pub fn read(&mut self, frame: &Frame, budget: Budget) -> Reading {
        let mut look = Look::at(frame, budget);
        self.try_each(Stage::ALL, &mut look);
        look.over()
    }

    /// Stages in turn until one has read something or the budget is spent; true when one has.
    pub(crate) fn try_each(&mut self, stages: impl IntoIterator<Item = Stage>, look: &mut Look) -> bool {
        stages.into_iter().any(|stage| {
            look.is_worth(stage) && self.run(stage, look, move |frame, seen| stage.run(frame, seen))
        })
    }

    /// A stage's turn, within what is left of the budget; true when it read something.
    pub(crate) fn run(
        &mut self,
        stage: Stage,
        look: &mut Look,
        work: impl FnOnce(&Frame, &[Suspect]) -> Found + Send + 'static,
    ) -> bool {
        let Some(left) = look.time_left() else { return false };
        let (frame, suspects) = (look.frame().clone(), look.seen().places(stage).to_vec());
        let outcome = self.lanes[stage.lane()].run(stage, left, move || work(&frame, &suspects));
        look.take(stage, outcome)
    }
}
