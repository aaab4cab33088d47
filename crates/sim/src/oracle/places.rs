//! Who is inside, counted by looking at everything that was answered, and the invariants of DESIGN section 5 about it.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    entry::{Basis, Outcome, Subject},
    ids::{EntryKey, Identity, SessionId},
};

use super::{Broken, Oracle, Said, broken};

impl Oracle {
    /// The check-ins at a session that nothing has ended.
    #[must_use]
    pub fn standing(&self, session: SessionId) -> Vec<(EntryKey, Subject)> {
        let over = self.over();
        let ins = self.said.iter().filter_map(|(key, said)| match said {
            Said::In(at, who) if *at == session && !over.contains(key) => Some((*key, *who)),
            _ => None,
        });
        ins.collect()
    }

    /// Check-ins that are over: taken back, left, or the same person as another one.
    fn over(&self) -> BTreeSet<EntryKey> {
        let out =
            self.said.values().filter_map(|said| if let Said::Out(of) = said { Some(*of) } else { None });
        let same = self.resolved.iter().filter(|(_, outcome)| **outcome == Outcome::OnePerson);
        out.chain(same.map(|((one, other), _)| self.later(*one, *other))).collect()
    }

    fn later(&self, one: EntryKey, other: EntryKey) -> EntryKey {
        if self.order(one) > self.order(other) { one } else { other }
    }

    fn order(&self, key: EntryKey) -> (Option<usher_core::clock::Hlc>, EntryKey) {
        (self.facts.get(&key).map(|(_, hlc)| *hlc), key)
    }

    /// Seats taken, and distinct people.
    #[must_use]
    pub fn counts(&self, session: SessionId) -> (u64, u64) {
        let standing = self.standing(session);
        let people: BTreeSet<_> = standing.iter().map(|(_, who)| *who).collect();
        (standing.len() as u64, people.len() as u64)
    }

    /// How many double admissions nobody has settled.
    #[must_use]
    pub fn doubles(&self, session: SessionId) -> u64 {
        let mut groups = BTreeMap::<Subject, Vec<EntryKey>>::new();
        for (key, who) in self.standing(session) {
            groups.entry(who).or_default().push(key);
        }
        let of_group = |mut group: Vec<EntryKey>| {
            group.sort_by_key(|key| self.order(*key));
            let first = group[0];
            let settled =
                |other: &&EntryKey| self.resolved.contains_key(&(first.min(**other), first.max(**other)));
            group[1..].iter().filter(|other| !settled(other)).count() as u64
        };
        groups.into_values().map(of_group).sum()
    }

    fn basis_of(&self, key: &EntryKey) -> Option<Basis> {
        self.facts.get(key).map(|(basis, _)| *basis)
    }

    /// I3: what stands on grants and on the first uses of held seats never exceeds the most places that there ever were. Not where a
    /// log was settled: what it had spent by then is a supervisor's guess (DESIGN section 5, I3, *forced settlement*).
    ///
    /// # Errors
    /// It does.
    pub fn check_places(&self, session: SessionId) -> Result<(), Broken> {
        let Some(Some(most)) = self.places.get(&session) else { return Ok(()) };
        if self.uncertain.contains(&session) || self.settled.keys().any(|(of, _)| *of == session) {
            return Ok(());
        }
        let standing = self.standing(session);
        let on = |basis| standing.iter().filter(move |(key, _)| self.basis_of(key) == Some(basis));
        let granted = on(Basis::Grant).count();
        let held = on(Basis::Held).map(|(_, who)| *who).collect::<BTreeSet<_>>().len();
        if granted + held > *most as usize {
            return broken(format!(
                "I3: {granted} on grants and {held} on held seats are in {session}, and it never had more than {most} places"
            ));
        }
        Ok(())
    }

    fn is_heard(&self, key: &EntryKey) -> bool {
        key.seq <= self.acknowledged.get(&key.identity()).copied().unwrap_or(0)
    }

    /// I2: who is inside is within the server's worst case, but for what it cannot know of (DESIGN section 5).
    ///
    /// # Errors
    /// It is not.
    pub fn check_worst(&self, session: SessionId, worst: u64) -> Result<(), Broken> {
        if self.uncertain.contains(&session) {
            return Ok(());
        }
        let standing = self.standing(session);
        let unheard: Vec<_> = standing.iter().filter(|(key, _)| !self.is_heard(key)).copied().collect();
        let without = unheard.iter().filter(|(key, _)| {
            matches!(self.basis_of(key), Some(Basis::OverGrant | Basis::Unlimited) | None)
        });
        let without = without.count() as u64;
        let second = self.second_uses(&standing);
        let risk = unheard.iter().filter(|(key, _)| self.is_settlement_risk(session, key)).count() as u64;
        let inside = standing.len() as u64;
        if inside > worst + without + second + risk {
            return broken(format!(
                "I2: {inside} are in {session}, the server's worst case is {worst}; it has not heard of {without} without a right, \
                 {second} second uses of held seats and {risk} of settled logs"
            ));
        }
        Ok(())
    }

    /// Unheard second uses of one held seat: those of a person beyond the first, of which the server may have heard.
    fn second_uses(&self, standing: &[(EntryKey, Subject)]) -> u64 {
        let mut uses = BTreeMap::<Subject, (u64, u64)>::new();
        for (key, who) in standing.iter().filter(|(key, _)| self.basis_of(key) == Some(Basis::Held)) {
            let (heard, unheard) = uses.entry(*who).or_default();
            *(if self.is_heard(key) { heard } else { unheard }) += 1;
        }
        uses.values()
            .map(|(heard, unheard)| if *heard > 0 { *unheard } else { unheard.saturating_sub(1) })
            .sum()
    }

    /// Whether a right was spent that a supervisor has written off, and the server has not heard of it.
    fn is_settlement_risk(&self, session: SessionId, key: &EntryKey) -> bool {
        let settled = self.settled.get(&(session, key.identity()));
        matches!(self.basis_of(key), Some(Basis::Grant | Basis::Held))
            && settled.is_some_and(|after| key.seq > *after)
    }

    /// Whether this desk already let the subject in, and that stands.
    #[must_use]
    pub fn admitted_by(&self, i: Identity, session: SessionId, who: Subject) -> Option<EntryKey> {
        let standing = self.standing(session);
        standing.iter().find(|(key, one)| key.station == i.station && *one == who).map(|(key, _)| *key)
    }
}
