//! A sync answer's body: what is read means the same when written again, and a desk takes it in, twice.

use usher_protocol::{limits::ANSWER_BYTES_MAX, sync::SyncAnswer};
use usher_replica::{StoreError, SyncError};

use super::seat::Seat;

/// Takes any bytes.
pub fn take(bytes: &[u8]) {
    if bytes.len() > ANSWER_BYTES_MAX {
        return;
    }
    let Ok(answer) = serde_json::from_slice::<SyncAnswer>(bytes) else { return };
    let again = serde_json::to_vec(&answer).ok();
    let again = again.and_then(|text| serde_json::from_slice(&text).ok());
    assert_eq!(again.as_ref(), Some(&answer));
    let seat = Seat::open();
    let sent = seat.ask();
    for _ in 0..2 {
        let applied = seat.apply(&sent, &answer, bytes);
        let told =
            matches!(applied, Ok(()) | Err(SyncError::Unsigned | SyncError::Store(StoreError::Damaged(_))));
        assert!(told, "an answer that can be read ended in {applied:?}");
    }
    seat.look_around();
}
