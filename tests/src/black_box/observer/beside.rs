//! What was done beside the desks: the board, paused doors, imported files, the server that was put back; and their figures.

use std::collections::BTreeMap;

use serde_json::json;

use super::{
    super::{
        Report,
        diary::{Carried, Diary, What},
    },
    Evidence, board,
    count::Counted,
    paused, places,
};

pub(super) fn check(counts: &BTreeMap<String, Counted>, evidence: &Evidence, report: &mut Report) {
    let diary = &evidence.diary;
    board::check(&evidence.board, counts, diary.put_back.is_some(), &mut report.wrong);
    for (room, at_first) in &evidence.rooms {
        places::check_kept(room, *at_first, &evidence.board, diary, &mut report.wrong);
    }
    paused::check(&evidence.said, &evidence.synced, diary, report);
    check_carried(&diary.carried, &mut report.wrong);
    tell(evidence, report);
}

/// A file that is imported again brings nothing.
fn check_carried(carried: &[Carried], wrong: &mut Vec<String>) {
    for one in carried.iter().filter(|one| one.again > 0) {
        wrong.push(format!(
            "TWICE: {} was imported again, and brought {} entries",
            one.file.display(),
            one.again
        ));
    }
}

fn tell(evidence: &Evidence, report: &mut Report) {
    let diary = &evidence.diary;
    let (lowered, raised) = changed(evidence);
    let noticed = evidence.board["incidents"].as_array().into_iter().flatten();
    let noticed = noticed.filter(|one| one["kind"] == json!("server_restored")).count();
    let brought = diary.carried.iter().filter(|one| one.brought > 0).count();
    let lost = |by_file: bool| u64::from(evidence.lost.is_some_and(|lost| lost.by_file == by_file));
    let was_settled = !diary.settled.is_empty();
    for (name, figure) in [
        ("places lowered", lowered),
        ("places raised", raised),
        ("lost desk written off, in how many rooms", diary.settled.len() as u64),
        ("lost desks that came back", u64::from(was_settled && evidence.lost.is_none())),
        ("lost desks that came by file", lost(true)),
        ("lost desks that stayed lost", lost(false)),
        ("files imported that brought entries", brought as u64),
        ("files imported after the network", (diary.carried.len() - brought) as u64),
        ("server put back", u64::from(diary.put_back.is_some())),
        ("lines that the backup lacked", diary.put_back.map_or(0, |back| back.lacked)),
        ("server put back, and a desk told", noticed as u64),
    ] {
        report.figures.push((name, figure));
    }
}

/// How often places were lowered and raised.
fn changed(evidence: &Evidence) -> (u64, u64) {
    let Diary { decided, .. } = &evidence.diary;
    let (mut lowered, mut raised) = (0, 0);
    for (room, at_first) in &evidence.rooms {
        let mut before = at_first.unwrap_or(0);
        for one in decided.iter().filter(|one| one.room == *room) {
            let What::Places(places) = one.what else { continue };
            lowered += u64::from(places < before);
            raised += u64::from(places > before);
            before = places;
        }
    }
    (lowered, raised)
}
