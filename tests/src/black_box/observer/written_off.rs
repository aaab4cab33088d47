//! Lost desks: what was written off against what was real, and what a desk took with it.

use std::collections::HashSet;

use super::{
    super::diary::{Diary, Settled},
    Lost,
    tables::{Entry, cell, key},
};

/// What a settled log means for a room's count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Unseen {
    /// Seats that count beside the known check-ins: at least, and at most, where the log moved while it was settled.
    pub(super) seats: (u64, u64),
    /// By how much the worst case rose: more was said than the desk might have spent, as the server knew, or it let in more than said.
    pub(super) more: u64,
    /// How many more the desk let in than was said.
    pub(super) beyond: u64,
}

/// Counts what was written off in a room against the check-ins that stand at the server.
pub(super) fn count(room: &str, standing: &[&Entry], diary: &Diary) -> Unseen {
    let mut all = Unseen::default();
    for settled in diary.settled.iter().filter(|settled| settled.room == room) {
        let real = |held: &HashSet<String>| {
            standing.iter().filter(|entry| is_behind(entry, settled, held)).count() as u64
        };
        let (most, least) = (real(&settled.held.0), real(&settled.held.1));
        all.seats.0 += settled.spent.saturating_sub(most);
        all.seats.1 += settled.spent.saturating_sub(least);
        all.beyond += most.saturating_sub(settled.spent);
        all.more += settled.spent.saturating_sub(settled.outstanding) + most.saturating_sub(settled.spent);
    }
    all
}

/// Whether a check-in took a place that was written off.
pub(super) fn is_behind(entry: &Entry, settled: &Settled, held: &HashSet<String>) -> bool {
    cell(entry, "basis") == "grant"
        && settled.log == [cell(entry, "station_id"), cell(entry, "epoch")].join("/")
        && !held.contains(&key(entry))
}

/// What the server can know: everything but what a desk that is lost for good never sent. What was acknowledged is not excused, nor
/// anything once its disk came by file.
pub(super) fn known<'a>(logs: &'a [Vec<Entry>], server: &[Entry], lost: Option<Lost>) -> Vec<&'a Entry> {
    let held: HashSet<String> = server.iter().map(key).collect();
    let went_with_it = |desk: usize, entry: &Entry| {
        lost.is_some_and(|lost| lost.desk == desk && !lost.by_file)
            && cell(entry, "acknowledged") != "yes"
            && !held.contains(&key(entry))
    };
    let all = logs.iter().enumerate().flat_map(|(desk, log)| log.iter().map(move |entry| (desk, entry)));
    all.filter(|(desk, entry)| !went_with_it(*desk, entry)).map(|(_, entry)| entry).collect()
}

/// Whether a line must have been acknowledged to its desk in the end: a lost desk hears nothing any more.
pub(super) fn must_be_acknowledged(desk: usize, lost: Option<Lost>) -> bool {
    lost.is_none_or(|lost| lost.desk != desk)
}
