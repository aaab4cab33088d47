//! A snapshot's stream, in pieces of any size. The first byte says how large they are, and whether the rest is the stream itself or only
//! its changes, which then get the head and end that make them whole: otherwise hardly any try would come further than the sum.

use sha2::{Digest, Sha256};
use usher_protocol::sync::{Cursor, SnapshotEnd, SnapshotHead};
use usher_replica::SnapshotError;

use super::{house::NOW_MS, seat::Seat};

/// Takes any bytes.
pub fn take(bytes: &[u8]) {
    let Some((how, stream)) = bytes.split_first() else { return };
    let made_whole = how & 128 != 0;
    let stream = if made_whole { whole(stream) } else { stream.to_vec() };
    if !stream.starts_with(b"{") {
        return;
    }
    let seat = Seat::open();
    let taken = load(&seat, &stream, 1 + usize::from(how & 127) * 16);
    let cut = matches!(taken, Err(SnapshotError::NotWhole));
    assert!(!(made_whole && cut), "a stream with the right end is whole");
    if taken.is_ok() {
        assert!(seat.replica.needs_snapshot().is_ok_and(|needs| !needs), "the lists are complete now");
    }
    seat.look_around();
}

fn load(seat: &Seat, stream: &[u8], step: usize) -> Result<(), SnapshotError> {
    let mut loading = seat.replica.begin_snapshot()?;
    for part in stream.chunks(step) {
        loading.take(part)?;
    }
    seat.replica.finish_snapshot(loading, NOW_MS)
}

/// The lines with their head and end.
fn whole(lines: &[u8]) -> Vec<u8> {
    let mut lines = lines.to_vec();
    if !lines.is_empty() && !lines.ends_with(b"\n") {
        lines.push(b'\n');
    }
    let changes = lines.iter().filter(|byte| **byte == b'\n').count() as u64;
    let cursor = Cursor { term: 1, position: changes };
    let sha256 = Sha256::digest(&lines).iter().map(|byte| format!("{byte:02x}")).collect();
    let head = SnapshotHead { service: "usher".into(), cursor, changes };
    let end = SnapshotEnd { end: changes, sha256, signed: None, successions: Vec::new() };
    [text(&head), lines, text(&end)].concat()
}

fn text(value: &impl serde::Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec(value).unwrap_or_default();
    text.push(b'\n');
    text
}
