//! The reader: stages in order until one has read something or the time is up.
//!
//! What a stage sees and cannot read is evidence for those behind it. It keeps no memory of earlier frames: stages that are spread over
//! successive frames, a region of interest and votes have their place here and in `stage`; what is held in view over time is in
//! `sighting`.

use std::time::Duration;

use crate::clock;
use crate::code::{Code, Place, centre_most_first};
use crate::engine::Found;
use crate::frame::Frame;
use crate::lane::{Lane, Outcome};
use crate::stage::{Evidence, LANES, Stage};
use crate::suspect;

/// How long a frame may be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    total: Duration,
}

impl Budget {
    /// What a desk can spare for a frame: 100 ms.
    pub const DESK: Self = Self { total: Duration::from_millis(100) };

    /// A budget of so many milliseconds on the clock, 1 to 60,000 (values outside are moved to the nearer end).
    #[must_use]
    pub const fn from_ms(ms: u64) -> Self {
        let bounded = if ms == 0 {
            1
        } else if ms > 60_000 {
            60_000
        } else {
            ms
        };
        Self { total: Duration::from_millis(bounded) }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::DESK
    }
}

/// What became of a stage that did not simply answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// It panicked; the panic was caught.
    Panicked,
    /// It was given up on at the deadline.
    Late,
    /// It was passed over, because its engine still hangs on an earlier frame.
    Stuck,
}

/// What was made of a frame.
#[derive(Debug, Default)]
pub struct Reading {
    /// The codes that were read, each payload once, the one nearest to the middle first.
    pub codes: Vec<Code>,
    /// Where something stands that has a code's corners and grid but could not be read. Only where nothing was read.
    pub unread: Option<Place>,
    /// The stage that read the codes.
    pub stage: Option<Stage>,
    /// Processor time of the readers, without those that were given up on.
    pub cpu: Duration,
    /// Stages that panicked, hung or were passed over; at most one entry each.
    pub mishaps: Vec<(Stage, Mishap)>,
    /// The budget ended before every stage had its turn.
    pub cut_short: bool,
}

/// Reads QR codes from frames. Owns up to three threads, started when they are first needed.
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
        let start = clock::now();
        let (mut reading, mut seen) = (Reading::default(), Evidence::default());
        for stage in Stage::ALL {
            if !stage.is_worth(&seen, reading.cpu) {
                continue;
            }
            let left = budget.total.saturating_sub(clock::now().saturating_duration_since(start));
            if left.is_zero() {
                reading.cut_short = true;
                break;
            }
            if self.look(stage, frame, left, (&mut reading, &mut seen)) {
                break;
            }
        }
        reading.codes = centre_most_first(reading.codes, frame.width(), frame.height());
        reading
    }

    /// One stage's turn; true when it read something.
    fn look(
        &mut self,
        stage: Stage,
        frame: &Frame,
        left: Duration,
        (reading, seen): (&mut Reading, &mut Evidence),
    ) -> bool {
        let (shared, suspects) = (frame.clone(), seen.suspects.clone());
        match self.lanes[stage.lane()].run(left, move || stage.run(&shared, &suspects)) {
            Outcome::Done(mut found, cpu) => {
                reading.cpu += cpu;
                seen.patterns += found.patterns;
                suspect::merge(&mut seen.suspects, std::mem::take(&mut found.suspects));
                reading.take(stage, found)
            }
            Outcome::Panicked(cpu) => {
                reading.cpu += cpu;
                reading.mishaps.push((stage, Mishap::Panicked));
                false
            }
            Outcome::Late => {
                reading.mishaps.push((stage, Mishap::Late));
                false
            }
            Outcome::Stuck => {
                reading.mishaps.push((stage, Mishap::Stuck));
                false
            }
        }
    }
}

impl Reading {
    fn take(&mut self, stage: Stage, found: Found) -> bool {
        if found.codes.is_empty() {
            self.unread = self.unread.or(found.unread);
            return false;
        }
        self.codes = found.codes;
        self.unread = None;
        self.stage = Some(stage);
        true
    }
}
