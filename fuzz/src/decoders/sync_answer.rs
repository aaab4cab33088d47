//! A sync answer's body: what is read means the same when written again, and a desk takes it in, twice.

use usher_protocol::{
    limits::ANSWER_BYTES_MAX,
    sync::{Change, SyncAnswer},
};
use usher_replica::{StoreError, SyncError};

use super::seat::Seat;

/// Takes any bytes.
pub fn take(bytes: &[u8]) {
    if bytes.len() > ANSWER_BYTES_MAX {
        return;
    }
    let Ok(answer) = serde_json::from_slice::<SyncAnswer>(bytes) else { return };
    means_the_same(&answer);
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

/// A change that names a field twice is of no known kind. Written again it names it once, and may then be of one; from then on it stays.
fn means_the_same(answer: &SyncAnswer) {
    let again = written_again(answer);
    let known = answer.changes.iter().all(|item| !matches!(item.change, Change::Unknown(_)));
    assert!(!known || again.as_ref() == Some(answer), "{answer:?} became {again:?}");
    assert!(again.is_some(), "what is read can be written and read");
    assert_eq!(again.as_ref().and_then(written_again), again);
}

fn written_again(answer: &SyncAnswer) -> Option<SyncAnswer> {
    serde_json::from_slice(&serde_json::to_vec(answer).ok()?).ok()
}
