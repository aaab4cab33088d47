//! PINs: who opens what, and how soon the next may be tried (UX section 4, *Supervisor let-in*).

use usher_core::entry::{Body, Note, NoteKind};
use usher_protocol::{
    pin::{PinRecord, is_pin},
    window::{PinOutcome, WindowError},
};

use crate::{Desk, Host, desk::fault};

/// After a wrong PIN the next one is looked at so much later, in milliseconds; twice as long with each, up to a minute.
const WAIT_MS: u64 = 1_000;
const WAIT_MS_MAX: u64 = 60_000;

/// Wrong PINs in a row. Not kept: a restart takes longer than the waits are worth.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tries {
    wrong: u32,
    /// The computer's monotonic clock from which on the next is looked at, in milliseconds.
    from_ms: u64,
}

impl Tries {
    /// Begins a try at `now_ms`: it counts as wrong until it is known to be right, so that two at once do not pass for one.
    fn begin(&mut self, now_ms: u64) -> Result<u64, PinOutcome> {
        let wait_ms = self.from_ms.saturating_sub(now_ms);
        if wait_ms > 0 {
            return Err(PinOutcome::Wait { wait_ms });
        }
        let wait_ms = WAIT_MS_MAX.min(WAIT_MS << self.wrong.min(16));
        (self.wrong, self.from_ms) = (self.wrong + 1, now_ms.saturating_add(wait_ms));
        Ok(wait_ms)
    }
}

/// What a PIN is typed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// To unlock the desk, or open its settings: anybody's is good for that.
    Unlock,
    /// To let a guest in: a supervisor's.
    LetIn,
}

/// What a PIN is good for.
pub(crate) enum Checked {
    /// It is this supervisor's.
    Opens(PinRecord),
    /// It opens nothing.
    No(PinOutcome),
}

impl<H: Host> Desk<H> {
    /// Whether the event has PINs, as far as it can be read: what cannot be read opens nothing.
    pub(crate) fn has_pins(&self) -> bool {
        !self.pins().is_ok_and(|pins| pins.is_empty())
    }

    fn pins(&self) -> Result<Vec<PinRecord>, WindowError> {
        let event = self.files()?.event().map_err(|error| fault(&error))?;
        Ok(event.map(|event| event.pins).unwrap_or_default())
    }

    /// Whose PIN this is. Takes a while for each PIN of the event, beside the door: nothing that decides waits for it.
    pub(crate) async fn check_pin(&self, pin: String, wanted: Wanted) -> Result<Checked, WindowError> {
        self.look_only(move |desk| {
            let pins = desk.pins()?;
            if pins.is_empty() {
                return Ok(Checked::No(PinOutcome::NoPins));
            }
            let now_ms = desk.0.host.reading().mono_ms;
            let wait_ms = match desk.state().tries.begin(now_ms) {
                Ok(wait_ms) => wait_ms,
                Err(wait) => return Ok(Checked::No(wait)),
            };
            if let Some(found) = pins.into_iter().find(|record| is_pin(&pin) && record.opens(&pin)) {
                if found.unlocks_only && wanted == Wanted::LetIn {
                    // It ends no waits: typed between two guesses it would make each the first.
                    return Ok(Checked::No(PinOutcome::UnlocksOnly));
                }
                desk.state().tries = Tries::default();
                return Ok(Checked::Opens(found));
            }
            desk.note(NoteKind::WrongPin, None);
            Ok(Checked::No(PinOutcome::Wrong { wait_ms }))
        })
        .await
    }

    /// Writes a note into the log. What cannot be noted is not held up by it.
    pub(crate) fn note(&self, kind: NoteKind, value: Option<i64>) {
        let Ok(who) = self.who() else { return };
        let body = Body::Note(Note { kind, value, of: None, shift: self.state().seat.shift });
        let written = self.files().map(|files| files.note(&who, body, self.stamp()));
        if let Ok(Err(error)) = written {
            tracing::warn!(%error, ?kind, "could not be noted");
        }
        self.ring();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_pin_makes_the_next_wait_twice_as_long_up_to_a_minute() {
        let mut tries = Tries::default();
        let mut now_ms = 5;
        let mut waits = Vec::new();
        for _ in 0..9 {
            let wait_ms = tries.begin(now_ms).unwrap();
            assert_eq!(tries.begin(now_ms), Err(PinOutcome::Wait { wait_ms }), "two at once are one");
            assert_eq!(tries.begin(now_ms + wait_ms - 1), Err(PinOutcome::Wait { wait_ms: 1 }));
            now_ms += wait_ms;
            waits.push(wait_ms / 1_000);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
