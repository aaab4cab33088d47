//! Which picture is shown at which time: the pure half of the folder source. It knows names and milliseconds, no files.

use std::ffi::OsString;

/// How pictures are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How long each picture is in view, in milliseconds. 0: each picture is one frame, as fast as frames are asked for.
    pub picture_ms: u64,
    /// Milliseconds from frame to frame while a picture is in view; at least 1.
    pub frame_ms: u64,
    /// How long an empty frame is in view after each picture, in milliseconds. Makes the same ticket count again.
    pub gap_ms: u64,
    /// After the last picture: begin anew, or end.
    pub at_end: AtEnd,
}

/// What follows the last picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtEnd {
    /// The first one again.
    Loop,
    /// Nothing.
    Stop,
}

impl Default for Pace {
    /// A picture every one and a half seconds at ten frames a second, for ever.
    fn default() -> Self {
        Self { picture_ms: 1_500, frame_ms: 100, gap_ms: 0, at_end: AtEnd::Loop }
    }
}

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Load and show the picture that follows.
    Advance,
    /// Show the picture in view once more.
    Again,
    /// Show an empty frame.
    Blank,
    /// Nothing is due for so many milliseconds.
    Wait(u64),
}

/// The clock of a player. Times are milliseconds since the player began.
#[derive(Debug, Default)]
pub(super) struct Player {
    /// When the picture in view came into view.
    shown_at: Option<u64>,
    /// When the next frame is due.
    frame_at: u64,
}

impl Player {
    /// What is due at `now_ms`.
    pub(super) fn step(&mut self, pace: Pace, now_ms: u64) -> Step {
        if now_ms < self.frame_at {
            return Step::Wait(self.frame_at - now_ms);
        }
        let Some(shown_at) = self.shown_at else { return Step::Advance };
        let in_view_ms = now_ms.saturating_sub(shown_at);
        if in_view_ms >= pace.picture_ms.saturating_add(pace.gap_ms) {
            return Step::Advance;
        }
        self.frame_at = now_ms.saturating_add(pace.frame_ms.max(1));
        if in_view_ms < pace.picture_ms { Step::Again } else { Step::Blank }
    }

    /// A picture came into view at `now_ms`.
    pub(super) fn shown(&mut self, pace: Pace, now_ms: u64) {
        self.shown_at = Some(now_ms);
        let whole_ms = pace.picture_ms.saturating_add(pace.gap_ms);
        self.frame_at = now_ms.saturating_add(pace.frame_ms.max(1).min(whole_ms));
    }
}

/// The name that follows `current` in sorted order: names may have come and gone since. `None` at the end.
pub(super) fn following<'a>(names: &'a [OsString], current: Option<&OsString>) -> Option<&'a OsString> {
    names.iter().filter(|name| current.is_none_or(|c| *name > c)).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { picture_ms: 300, frame_ms: 100, gap_ms: 150, at_end: AtEnd::Loop };

    #[test]
    fn a_picture_is_shown_at_frame_rate_then_a_gap_then_the_next() {
        let mut player = Player::default();
        assert_eq!(player.step(PACE, 1_000), Step::Advance);
        player.shown(PACE, 1_000);
        assert_eq!(player.step(PACE, 1_040), Step::Wait(60));
        assert_eq!(player.step(PACE, 1_100), Step::Again);
        assert_eq!(player.step(PACE, 1_200), Step::Again);
        assert_eq!(player.step(PACE, 1_300), Step::Blank);
        assert_eq!(player.step(PACE, 1_399), Step::Wait(1));
        assert_eq!(player.step(PACE, 1_400), Step::Blank);
        assert_eq!(player.step(PACE, 1_500), Step::Advance);
    }

    #[test]
    fn without_a_time_per_picture_nothing_waits() {
        let pace = Pace { picture_ms: 0, gap_ms: 0, ..PACE };
        let mut player = Player::default();
        for _ in 0..5 {
            assert_eq!(player.step(pace, 7), Step::Advance);
            player.shown(pace, 7);
        }
    }

    #[test]
    fn the_following_name_is_found_in_a_folder_that_changes() {
        let names = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
        let b = OsString::from("b");
        assert_eq!(following(&names(&["c", "a", "b"]), Some(&b)), Some(&OsString::from("c")));
        assert_eq!(following(&names(&["c", "a"]), Some(&b)), Some(&OsString::from("c")), "b was removed");
        assert_eq!(following(&names(&["a", "b"]), Some(&b)), None);
        assert_eq!(following(&names(&["b", "a"]), None), Some(&OsString::from("a")));
        assert_eq!(following(&[], None), None);
    }
}
