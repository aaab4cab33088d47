//! The fold: what a set of entries says about who is inside (DESIGN section 4).
//!
//! Its unit is the *group*: the check-ins of one person at one session, where persons that a Merge says are one count as one. The
//! first unreleased check-in in (hlc, station, epoch, seq) order is the admission, the others are double admissions that keep
//! their seats until a supervisor says otherwise. Sessions are sums over groups, so a store keeps check-ins as rows, calls
//! [`Group::tally`], and caches only sums. [`Ledger`] is the same fold in memory. Order of arrival and repetition never matter.

mod group;
mod leaving;
mod ledger;
mod merges;

pub use group::{Admitted, Group, Tally};
pub use leaving::{Left, pair};
pub use ledger::Ledger;
pub use merges::{Merged, linked};

use crate::{
    entry::{Body, Entry, Outcome, Subject},
    ids::{EntryKey, IncidentId, PersonId, SessionId, StationId},
    incident::double_id,
};

/// What an entry means to the fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A check-in stands for a subject at a session.
    Admits(SessionId, Subject, Admitted),
    /// The named entry is released, if it is a check-in.
    Releases(EntryKey),
    /// A person settled the incident.
    Resolves(IncidentId, Outcome),
    /// Somebody left whose check-in was not known where it was written: no count changes until a Bind names both.
    Leaves(SessionId, PersonId, Left),
    /// The exit ends the check-in: (exit, check-in).
    Binds(EntryKey, EntryKey),
    /// This entry says that two persons are one.
    Merges(EntryKey, PersonId, PersonId),
    /// The named Merge is taken back.
    Splits(EntryKey),
    /// No count changes.
    Nothing,
}

/// What `entry` means to the fold. An Undo counts only for its own station's entries; a Bind, a Resolve, a Merge and a Split only
/// from the server (DESIGN section 4).
#[must_use]
pub fn effect(entry: &Entry, server: Option<StationId>) -> Effect {
    let from_server = server == Some(entry.station);
    match &entry.body {
        Body::CheckIn(c) => {
            let one = Admitted { key: entry.key(), hlc: entry.hlc, basis: c.basis, released: false };
            Effect::Admits(c.session, c.subject, one)
        }
        Body::Undo(undo) if undo.of.station == entry.station => Effect::Releases(undo.of),
        Body::CheckOut(out) => Effect::Releases(out.of),
        Body::Exit(exit) => {
            Effect::Leaves(exit.session, exit.person, Left { key: entry.key(), hlc: entry.hlc })
        }
        Body::Bind(bind) if from_server => Effect::Binds(bind.exit, bind.check_in),
        Body::Resolve(resolve) if from_server => Effect::Resolves(resolve.incident, resolve.outcome),
        Body::Merge(merge) if from_server => Effect::Merges(entry.key(), merge.a, merge.b),
        Body::Split(split) if from_server => Effect::Splits(split.merge),
        _ => Effect::Nothing,
    }
}

/// Which check-in of a person gives its seat back when the double admission `incident` turns out to have been one person: the
/// later of the two. None: the incident is about other check-ins.
#[must_use]
pub fn second_of(group: &[Admitted], incident: IncidentId) -> Option<EntryKey> {
    let pairs =
        group.iter().enumerate().flat_map(|(n, one)| group[..n].iter().map(move |other| (one, other)));
    let mut found = pairs.filter(|(one, other)| double_id(one.key, other.key) == incident);
    found.next().map(|(one, other)| if one.order() > other.order() { one.key } else { other.key })
}

#[cfg(test)]
mod tests;
