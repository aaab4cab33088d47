//! The fold: what a set of entries says about who is inside (DESIGN section 4).
//!
//! Its unit is the *group*: the check-ins of one subject at one session. The first unreleased one in (hlc, station, epoch, seq)
//! order is the admission, the others are double admissions that keep their seats until a supervisor says otherwise. Sessions
//! are sums over groups, so a store keeps the groups as rows, calls [`Group::tally`], and caches only sums. [`Ledger`] is the
//! same fold in memory. Order of arrival and repetition never matter.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    clock::Hlc,
    entry::{Basis, Body, Entry, Outcome, Subject},
    ids::{EntryKey, IncidentId, SessionId, StationId},
    incident::double_id,
};

/// One check-in as the fold sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// The check-in.
    pub key: EntryKey,
    /// Its logical time.
    pub hlc: Hlc,
    /// On which right.
    pub basis: Basis,
    /// Whether an Undo, a CheckOut or a bound exit names it.
    pub released: bool,
}

impl Admitted {
    /// What the order of check-ins is decided by.
    #[must_use]
    pub const fn order(&self) -> (Hlc, EntryKey) {
        (self.hlc, self.key)
    }
}

/// The check-ins of one subject at one session, in any order, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group(Vec<Admitted>);

impl Group {
    /// A group of `check_ins`; of two with the same key, released wins.
    #[must_use]
    pub fn new(check_ins: impl IntoIterator<Item = Admitted>) -> Self {
        let mut by_key: BTreeMap<EntryKey, Admitted> = BTreeMap::new();
        for one in check_ins {
            let kept = by_key.entry(one.key).or_insert(one);
            kept.released |= one.released;
        }
        let mut group: Vec<_> = by_key.into_values().collect();
        group.sort_by_key(Admitted::order);
        Self(group)
    }

    /// The unreleased check-ins, first the admission.
    pub fn standing(&self) -> impl Iterator<Item = &Admitted> {
        self.0.iter().filter(|one| !one.released)
    }

    /// The check-in that counts as the admission.
    #[must_use]
    pub fn admission(&self) -> Option<&Admitted> {
        self.standing().next()
    }

    /// The double admissions: unreleased check-ins beside the admission.
    pub fn doubles(&self) -> impl Iterator<Item = &Admitted> {
        self.standing().skip(1)
    }

    /// What the group adds to its session.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let standing = self.standing().count() as u64;
        Tally {
            inside: standing.min(1),
            occupied: standing,
            unsettled: standing.saturating_sub(1),
            over_grant: self.standing().filter(|one| one.basis == Basis::OverGrant).count() as u64,
        }
    }
}

impl IntoIterator for Group {
    type Item = Admitted;
    type IntoIter = std::vec::IntoIter<Admitted>;

    /// Every check-in, released or not, in order.
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A session in numbers that are never merged into one (DESIGN section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Distinct people inside.
    pub inside: u64,
    /// Seats taken: unreleased check-ins.
    pub occupied: u64,
    /// Double admissions that nobody settled yet.
    pub unsettled: u64,
    /// Unreleased check-ins without a right.
    pub over_grant: u64,
}

impl Tally {
    /// The session's sum after one of its groups went from `before` to `after`.
    #[must_use]
    pub const fn moved(self, before: Self, after: Self) -> Self {
        Self {
            inside: self.inside + after.inside - before.inside,
            occupied: self.occupied + after.occupied - before.occupied,
            unsettled: self.unsettled + after.unsettled - before.unsettled,
            over_grant: self.over_grant + after.over_grant - before.over_grant,
        }
    }
}

/// What an entry means to the fold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A check-in stands for a subject at a session.
    Admits(SessionId, Subject, Admitted),
    /// The named entry is released, if it is a check-in.
    Releases(EntryKey),
    /// A person settled the incident.
    Resolves(IncidentId, Outcome),
    /// No count changes.
    Nothing,
}

/// What `entry` means to the fold. An Undo counts only for its own station's entries; a Bind and a Resolve only from the server
/// (DESIGN section 4).
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
        Body::Bind(bind) if from_server => Effect::Releases(bind.check_in),
        Body::Resolve(resolve) if from_server => Effect::Resolves(resolve.incident, resolve.outcome),
        _ => Effect::Nothing,
    }
}

/// Which check-in of a subject gives its seat back when the double admission `incident` turns out to have been one person: the
/// later of the two. None: the incident is about other check-ins.
#[must_use]
pub fn second_of(group: &[Admitted], incident: IncidentId) -> Option<EntryKey> {
    let pairs =
        group.iter().enumerate().flat_map(|(n, one)| group[..n].iter().map(move |other| (one, other)));
    let mut found = pairs.filter(|(one, other)| double_id(one.key, other.key) == incident);
    found.next().map(|(one, other)| if one.order() > other.order() { one.key } else { other.key })
}

/// The fold of a set of entries, in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    server: Option<StationId>,
    groups: BTreeMap<(SessionId, Subject), BTreeMap<EntryKey, Admitted>>,
    releases: BTreeSet<EntryKey>,
    one_person: BTreeSet<IncidentId>,
}

impl Ledger {
    /// An empty fold that believes `server` what only the server writes.
    #[must_use]
    pub fn of(server: StationId) -> Self {
        Self { server: Some(server), ..Self::default() }
    }

    /// Takes one entry into account; a repeated one changes nothing.
    pub fn apply(&mut self, entry: &Entry) {
        match effect(entry, self.server) {
            Effect::Admits(session, subject, one) => {
                self.groups.entry((session, subject)).or_default().entry(one.key).or_insert(one);
            }
            Effect::Releases(of) => {
                self.releases.insert(of);
            }
            Effect::Resolves(incident, Outcome::OnePerson) => {
                self.one_person.insert(incident);
            }
            Effect::Resolves(..) | Effect::Nothing => {}
        }
    }

    /// The check-ins of one subject at one session.
    #[must_use]
    pub fn group(&self, session: SessionId, subject: Subject) -> Group {
        self.groups.get(&(session, subject)).map(|group| self.settled(group)).unwrap_or_default()
    }

    fn settled(&self, group: &BTreeMap<EntryKey, Admitted>) -> Group {
        let all: Vec<_> = group.values().copied().collect();
        let seconds: BTreeSet<_> =
            self.one_person.iter().filter_map(|incident| second_of(&all, *incident)).collect();
        let released = |one: &Admitted| self.releases.contains(&one.key) || seconds.contains(&one.key);
        Group::new(all.iter().map(|one| Admitted { released: released(one), ..*one }))
    }

    /// Every group, with its session and subject.
    pub fn groups(&self) -> impl Iterator<Item = (SessionId, Subject, Group)> + '_ {
        self.groups.iter().map(|((session, subject), group)| (*session, *subject, self.settled(group)))
    }

    /// The sum of one session.
    #[must_use]
    pub fn tally(&self, session: SessionId) -> Tally {
        let groups = self.groups().filter(|(of, ..)| *of == session);
        groups.fold(Tally::default(), |sum, (.., group)| sum.moved(Tally::default(), group.tally()))
    }
}

#[cfg(test)]
mod tests;
