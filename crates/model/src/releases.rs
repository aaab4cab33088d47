//! When a check-in is released, in truth and at the server (section 5, handover).

use crate::{
    mutant::Mutant,
    terms::{CheckIn, Entry, Key, desks},
    view::{Reach, View},
};

impl<'a> View<'a> {
    /// Whether any entry within `reach` of any log says so; the closure gets the name of what an Undo names.
    fn any_entry(&self, reach: Reach, says: impl Fn(&Self, usize, &Entry) -> bool) -> bool {
        desks().any(|desk| self.log(desk, reach).iter().any(|entry| says(self, desk, entry)))
    }

    /// Undone before it was handed over: the right went back to its desk.
    pub(crate) fn is_refunded(&self, key: Key, reach: Reach) -> bool {
        self.any_entry(reach, |view, desk, entry| match *entry {
            Entry::Undo { of, refund: true } => view.key(desk, of) == key,
            _ => false,
        })
    }

    /// Named by a CheckOut, or by an Undo after handover.
    fn is_taken_back(&self, key: Key, reach: Reach) -> bool {
        self.any_entry(reach, |view, desk, entry| match *entry {
            Entry::Undo { of, refund: false } => view.key(desk, of) == key,
            Entry::CheckOut { of } => of == key,
            _ => false,
        })
    }

    /// Released, as far as anybody wrote it down anywhere.
    pub(crate) fn is_released_in_truth(&self, key: Key) -> bool {
        let facts = &self.world.facts;
        self.is_refunded(key, Reach::Whole)
            || self.is_taken_back(key, Reach::Whole)
            || facts.binds.iter().any(|(_, bound)| *bound == key)
            || facts.resolved.contains(&key)
    }

    /// Section 5: "Every other release (later undo, CheckOut, Resolve) frees a seat only once the server holds that log up to a
    /// stated `handed` ≥ the check-in's seq."
    pub(crate) fn is_freed_by_server(&self, key: Key) -> bool {
        let server = &self.world.server;
        let handed = key.seq < server.epochs[usize::from(key.desk)].handed;
        let taken_back =
            self.is_taken_back(key, Reach::Counted) || server.binds.iter().any(|(_, bound)| *bound == key);
        let resolved = server.resolved.contains(&key);
        taken_back && (handed || self.follows(Mutant::ReleaseWithoutHandover))
            || resolved && (handed || self.follows(Mutant::ResolveWithoutHandover))
    }

    /// Released, as far as the server goes by it.
    pub(crate) fn is_released_at_server(&self, key: Key) -> bool {
        self.is_refunded(key, Reach::Counted) || self.is_freed_by_server(key)
    }

    /// The check-ins of a machine's log that the server counts as inside.
    pub(crate) fn standing(self, desk: usize) -> impl Iterator<Item = CheckIn> + 'a {
        let view = self;
        let discarded = desk > 0 && view.follows(Mutant::ForkBranchDiscarded) && view.is_forked();
        view.check_ins(desk)
            .filter(move |one| !discarded && view.is_counted(one.key) && !view.is_released_at_server(one.key))
    }

    /// All of them.
    pub(crate) fn all_standing(self) -> impl Iterator<Item = CheckIn> + 'a {
        let view = self;
        desks().flat_map(move |desk| view.standing(desk))
    }

    /// Unreleased check-ins that the server does not count: unsynced or disputed.
    pub(crate) fn unsynced(self, desk: usize) -> impl Iterator<Item = CheckIn> + 'a {
        let view = self;
        view.check_ins(desk)
            .filter(move |one| !view.is_counted(one.key) && !view.is_released_in_truth(one.key))
    }

    /// Section 4: a check-in beside another one of the same person, or of the person that a Merge says is the same.
    pub(crate) fn is_double(&self, one: &CheckIn) -> bool {
        let same = |person: u8| person == one.person || self.world.server.merged;
        self.all_standing()
            .any(|other| other.key != one.key && other.session == one.session && same(other.person))
    }
}
