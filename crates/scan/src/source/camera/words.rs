//! What a camera's error means. nokhwa hands on the system's words; the number in them tells the cases apart.

use crate::source::SourceError;

/// When the error came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// While the camera was looked for or opened.
    Open,
    /// While frames were coming.
    Run,
}

const NOT_PERMITTED: i32 = 1;
const NO_ENTRY: i32 = 2;
const NO_ADDRESS: i32 = 6;
const NO_ACCESS: i32 = 13;
const BUSY: i32 = 16;
const NO_DEVICE: i32 = 19;

pub(super) fn in_words(phase: Phase, said: &str) -> SourceError {
    let detail = said.to_owned();
    match (phase, os_error(said)) {
        (_, Some(BUSY)) => SourceError::Busy { detail },
        (_, Some(NOT_PERMITTED | NO_ACCESS)) => SourceError::Forbidden { detail },
        (Phase::Open, Some(NO_ENTRY | NO_ADDRESS | NO_DEVICE)) => SourceError::NoCamera { detail },
        (Phase::Run, Some(NO_ADDRESS | NO_DEVICE)) => SourceError::Unplugged { detail },
        // nokhwa's own spelling, when no offered format matches the wish.
        _ if said.contains("Fufill") || said.contains("Fulfill") => SourceError::Format { detail },
        _ => SourceError::Broken { detail },
    }
}

/// The number in `… (os error 16)`.
fn os_error(said: &str) -> Option<i32> {
    said.rsplit_once("(os error ")?.1.split_once(')')?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_its_own_words() {
        let code = |phase, said| in_words(phase, said).code();
        let open = Phase::Open;
        assert_eq!(
            code(open, "Could not open device 0: V4L2 Error: No such file or directory (os error 2)"),
            "no-camera"
        );
        assert_eq!(
            code(open, "Could not open device stream: Device or resource busy (os error 16)"),
            "camera-busy"
        );
        assert_eq!(code(open, "V4L2 Error: Permission denied (os error 13)"), "camera-forbidden");
        assert_eq!(code(open, "Cannot fulfill request: Failed to Fufill"), "camera-format");
        assert_eq!(
            code(Phase::Run, "Could not capture frame: No such device (os error 19)"),
            "camera-unplugged"
        );
        assert_eq!(code(Phase::Run, "something else"), "camera-broken");
        assert_eq!(code(Phase::Run, "odd (os error x)"), "camera-broken");
    }
}
