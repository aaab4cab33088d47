//! One look at a frame: how long it may take, what was read, and what its stages have shown for those behind them.

use std::time::{Duration, Instant};

use crate::clock;
use crate::code::{Code, Place, centre_most_first};
use crate::engine::Found;
use crate::frame::Frame;
use crate::lane::Outcome;
use crate::stage::{Evidence, Stage};
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
    /// It was passed over, because it still hangs on an earlier frame.
    Stuck,
}

/// What was made of a frame.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The codes that were read, each payload once, the one nearest to the middle first.
    pub codes: Vec<Code>,
    /// Where something stands that has a code's corners and grid but could not be read. Only where nothing was read.
    pub unread: Option<Place>,
    /// The stage that read the codes.
    pub stage: Option<Stage>,
    /// Processor time of the readers, without those that were given up on.
    pub cpu: Duration,
    /// Stages that panicked, hung or were passed over.
    pub mishaps: Vec<(Stage, Mishap)>,
    /// The budget ended before every stage had its turn.
    pub cut_short: bool,
}

/// A frame that is being looked at.
pub(crate) struct Look {
    frame: Frame,
    start: Instant,
    budget: Budget,
    seen: Evidence,
    reading: Reading,
}

impl Look {
    /// The time runs from here.
    pub(crate) fn at(frame: &Frame, budget: Budget) -> Self {
        let (seen, reading) = (Evidence::default(), Reading::default());
        Self { frame: frame.clone(), start: clock::now(), budget, seen, reading }
    }

    pub(crate) fn frame(&self) -> &Frame {
        &self.frame
    }

    pub(crate) fn seen(&self) -> &Evidence {
        &self.seen
    }

    pub(crate) fn codes(&self) -> &[Code] {
        &self.reading.codes
    }

    /// Whether a stage may read what those before it could not.
    pub(crate) fn is_worth(&self, stage: Stage) -> bool {
        stage.is_worth(&self.seen, self.reading.cpu)
    }

    /// What is left of the budget; none where it is spent, which the reading then says.
    pub(crate) fn time_left(&mut self) -> Option<Duration> {
        let spent = clock::now().saturating_duration_since(self.start);
        let left = self.budget.total.checked_sub(spent).filter(|left| !left.is_zero());
        self.reading.cut_short |= left.is_none();
        left
    }

    /// Takes in what came of a stage's turn; true when it read something.
    pub(crate) fn take(&mut self, stage: Stage, outcome: Outcome<Found>) -> bool {
        let mishap = match outcome {
            Outcome::Done(found, cpu) => {
                self.reading.cpu += cpu;
                return self.found(stage, found);
            }
            Outcome::Panicked(cpu) => {
                self.reading.cpu += cpu;
                Mishap::Panicked
            }
            Outcome::Late => Mishap::Late,
            Outcome::Stuck => Mishap::Stuck,
        };
        self.reading.mishaps.push((stage, mishap));
        false
    }

    fn found(&mut self, stage: Stage, found: Found) -> bool {
        self.seen.patterns += found.patterns;
        suspect::merge(&mut self.seen.suspects, found.suspects);
        suspect::merge(&mut self.seen.guesses, found.guesses);
        self.reading.unread = self.reading.unread.or(found.unread);
        if found.codes.is_empty() {
            return false;
        }
        self.reading.codes.extend(found.codes);
        self.reading.stage.get_or_insert(stage);
        true
    }

    /// What was made of the frame in all.
    pub(crate) fn over(self) -> Reading {
        let mut reading = self.reading;
        reading.codes = centre_most_first(reading.codes, self.frame.width(), self.frame.height());
        if !reading.codes.is_empty() {
            reading.unread = None;
        }
        reading
    }
}
