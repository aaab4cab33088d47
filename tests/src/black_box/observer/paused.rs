//! Paused doors: a desk that has asked the server since a door was paused lets nobody in there until it is opened.

use super::super::{
    Report,
    diary::{Diary, What},
    said::{Heard, Said},
};

/// From when to when a room was surely paused, milliseconds since 1970 UTC.
struct Pause<'a> {
    room: &'a str,
    from_ms: i64,
    until_ms: i64,
}

/// `synced`: by desk, from when to when it asked the server and had everything in the end.
pub(super) fn check(said: &[Said], synced: &[Vec<(i64, i64)>], diary: &Diary, report: &mut Report) {
    let pauses = pauses(diary);
    let knows = |row: &Said, pause: &Pause<'_>| {
        row.room == pause.room
            && row.done_ms < pause.until_ms
            && synced[row.desk].iter().any(|(from, until)| *from > pause.from_ms && *until <= row.at_ms)
    };
    let (mut refused, mut known) = (0, 0);
    for row in said {
        refused += u64::from(row.heard == Heard::Refused("session_paused".into()));
        if !pauses.iter().any(|pause| knows(row, pause)) {
            continue;
        }
        known += 1;
        if row.heard == (Heard::LetIn { again: false }) {
            let (desk, room) = (row.desk + 1, row.room);
            report
                .wrong
                .push(format!("PAUSED: desk {desk} knew that {room} is, and let in (row {})", row.nr));
        }
    }
    report.figures.push(("refused at a paused door", refused));
    report.figures.push(("asked of a desk that knew of the pause", known));
}

/// A server that was put back may have forgotten a pause: it ends there.
fn pauses(diary: &Diary) -> Vec<Pause<'_>> {
    let mut all = Vec::new();
    for (nr, paused) in diary.decided.iter().enumerate() {
        if paused.what != (What::Door { open: false }) {
            continue;
        }
        let (room, from_ms) = (paused.room.as_str(), paused.done_ms);
        let later = diary.decided[nr + 1..].iter();
        let opened = later.filter(|one| one.room == room && one.what == What::Door { open: true });
        let back = diary.put_back.filter(|back| back.until_ms >= paused.asked_ms).map(|back| back.from_ms);
        let ends = opened.map(|one| one.asked_ms).chain(back);
        all.push(Pause { room, from_ms, until_ms: ends.min().unwrap_or(i64::MAX) });
    }
    all
}
