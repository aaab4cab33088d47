//! The reading thread: frames in, codes out, at most one scan for a code held in view.

use usher_scan::{Budget, Event, Frame, Sighting, Watch};

use super::{
    hints::Hints,
    latest::Latest,
    telling::{Counter, Telling, Wants},
};

/// A frame, and the stretch without interruption that it belongs to.
pub(super) struct Shot {
    pub(super) frame: Frame,
    /// Another number than before: the source was away so long that what is in view now is new.
    pub(super) stretch: u64,
    /// When it was taken, in milliseconds since the camera started.
    pub(super) at_ms: u64,
}

/// Reads until no more frames come.
pub(super) fn run(shots: &Latest<Shot>, counter: &dyn Counter, telling: &Telling) {
    let mut seen = Seen::default();
    while let Some(shot) = shots.take() {
        let wants = counter.wants();
        seen.turn_to(wants, shot.stretch);
        if wants == Wants::Nothing {
            telling.hints(false, false);
            continue;
        }
        let reading = seen.watch.read(&shot.frame, Budget::DESK, shot.at_ms);
        for (stage, mishap) in &reading.mishaps {
            tracing::debug!(stage = stage.name(), ?mishap, "a reader gave no answer");
        }
        let event = seen.sighting.see(&reading, shot.at_ms);
        let (two_codes, unread) = seen.hints.see(&reading, event.as_ref(), shot.at_ms);
        telling.hints(two_codes, unread);
        if let Some(Event::Code(code)) = event {
            counter.take(code.shown(), wants);
        }
    }
}

/// What was in view, as long as it means the same.
#[derive(Default)]
struct Seen {
    watch: Watch,
    sighting: Sighting,
    hints: Hints,
    wants: Wants,
    stretch: u64,
}

impl Seen {
    /// A code held up before the session began, or before the camera was unplugged, counts anew.
    fn turn_to(&mut self, wants: Wants, stretch: u64) {
        if (self.wants, self.stretch) != (wants, stretch) {
            let mut watch = std::mem::take(&mut self.watch);
            watch.forget();
            *self = Self { watch, wants, stretch, ..Self::default() };
        }
    }
}
