//! What I2 excuses: what the server cannot know yet, counted as narrowly as can be, or a mistake would hide behind it.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::{
    entry::{Basis, Subject},
    ids::{EntryKey, Identity, PersonId, SessionId},
};

use super::{Broken, Oracle, books::Books, books::Settled, broken};

/// What the server's worst case may fall short of the truth by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Excused {
    /// Unheard check-ins that nobody granted.
    pub without: u64,
    /// Unheard second uses of held seats.
    pub second: u64,
    /// What settled logs spent beyond what was said of them.
    pub risk: u64,
    /// Seats that the server gave on, and whose right a copy of the log has taken back as well.
    pub clones: u64,
}

/// Check-ins that stand.
type Standing = [(EntryKey, Subject)];

impl Books {
    /// How many held check-ins of a person take a seat, as the server knows.
    pub(super) fn uses(&self, session: SessionId, who: PersonId) -> usize {
        let all = self.ins.get(&session).into_iter().flatten();
        all.filter(|one| one.basis == Basis::Held && one.who == Subject::Person(who))
            .filter(|one| !self.is_free(one.key))
            .count()
    }
}

impl Oracle {
    /// I2: who is inside is within the server's worst case, but for what it cannot know of (DESIGN section 5).
    ///
    /// # Errors
    /// It is not, or the server counts otherwise than its entries say.
    pub fn check_worst(&self, session: SessionId, worst: u64, learning: bool) -> Result<Excused, Broken> {
        let counted = self.books.worst(session);
        if counted.all() != worst {
            return broken(format!(
                "P2: the server says that W of {session} is {worst}, its entries {counted:?}"
            ));
        }
        if learning || self.blind.is_some() {
            return Ok(Excused::default());
        }
        self.check_one_hold(session)?;
        let standing = self.counted(session);
        let excused = Excused {
            without: self.without_right(&standing),
            second: self.second_uses(session, &standing),
            risk: self.settlement_risk(session, &standing),
            clones: self.taken_back_twice(session),
        };
        let inside = standing.len() as u64;
        if inside > worst + excused.without + excused.second + excused.risk + excused.clones {
            return broken(format!(
                "I2: {inside} are in {session}, the server's worst case is {worst}, and all that it may not have heard of is {excused:?}"
            ));
        }
        Ok(excused)
    }

    /// Who may sit there as far as the server can know: what it holds counts as it takes it, what it has not heard of counts in truth.
    /// An end that it has not heard of hides nothing.
    fn counted(&self, session: SessionId) -> Vec<(EntryKey, Subject)> {
        let heard = self.books.ins.get(&session).into_iter().flatten();
        let heard = heard.filter(|one| !self.books.is_free(one.key) && !self.is_back_at_a_clone(one.key));
        let unheard = self.sitting(session).into_iter().filter(|(key, _)| !self.is_heard(key));
        heard.map(|one| (one.key, one.who)).chain(unheard).collect()
    }

    /// One copy of a log handed a check-in over, and the other, which had not, took it back with its right: clones' spending (decision
    /// 0011, *I5 forgets clones*). The server hears of it later; never, where what took it back stood in the part that was lost when the
    /// desk's files were put back (seed 845880).
    fn is_back_at_a_clone(&self, of: EntryKey) -> bool {
        let lost = self.lost.get(&of.identity()).is_some_and(|end| of.seq <= *end);
        (lost || self.is_copied(of)) && self.takes_back(of).any(|by| !self.is_heard(by))
    }

    /// As [`Self::is_back_at_a_clone`], and the seat was freed in another way: its guest left past another desk (seed 411).
    fn taken_back_twice(&self, session: SessionId) -> u64 {
        let heard = self.books.ins.get(&session).into_iter().flatten();
        heard.filter(|one| self.books.is_free(one.key) && self.is_back_at_a_clone(one.key)).count() as u64
    }

    /// Whether the entry stood in its log when that was copied to another computer.
    pub(super) fn is_copied(&self, key: EntryKey) -> bool {
        self.copied.get(&key.identity()).is_some_and(|end| key.seq <= *end)
    }

    fn is_heard(&self, key: &EntryKey) -> bool {
        self.books.keys.contains(key)
    }

    /// Unheard check-ins that nobody granted.
    fn without_right(&self, standing: &Standing) -> u64 {
        let without =
            |key: &EntryKey| matches!(self.basis_of(key), Some(Basis::OverGrant | Basis::Unlimited));
        standing.iter().filter(|(key, _)| !self.is_heard(key) && without(key)).count() as u64
    }

    fn held_uses<'a>(&self, standing: &'a Standing) -> BTreeMap<PersonId, Vec<&'a EntryKey>> {
        let mut uses = BTreeMap::<_, Vec<_>>::new();
        for (key, who) in standing {
            if let (Some(Basis::Held), Subject::Person(who)) = (self.basis_of(key), who) {
                uses.entry(*who).or_default().push(key);
            }
        }
        uses
    }

    /// A desk uses a held seat once, however often its guest comes back. Two computers that have one log cannot know of each other.
    fn check_held_once(
        &self,
        session: SessionId,
        uses: &BTreeMap<PersonId, Vec<&EntryKey>>,
    ) -> Result<(), Broken> {
        for (who, keys) in uses {
            let mut logs = BTreeSet::new();
            let again = keys.iter().find(|key| !logs.insert(key.identity()));
            if let Some(again) = again.filter(|key| !self.copied.contains_key(&key.identity())) {
                return broken(format!("I2: {again:?} uses the held seat of {who:?} at {session} once more"));
            }
        }
        Ok(())
    }

    /// Unheard held check-ins of a person beyond the first.
    fn second_uses(&self, session: SessionId, standing: &Standing) -> u64 {
        let beyond = |(who, uses): (PersonId, Vec<&EntryKey>)| {
            let unheard = uses.iter().filter(|key| !self.is_heard(key)).count();
            // A use that the server knows of has its seat; one that it does not know of has the held seat.
            let covered = usize::from(self.books.uses(session, who) == 0);
            unheard.saturating_sub(covered) as u64
        };
        self.held_uses(standing).into_iter().map(beyond).sum()
    }

    /// What settled logs may have spent beyond what the supervisor said, before their desks learned of it.
    fn settlement_risk(&self, session: SessionId, standing: &Standing) -> u64 {
        let all = self.books.settled.get(&session).into_iter().flatten();
        let beyond = all.map(|(i, settled)| {
            let seen = self.books.ins.get(&session).into_iter().flatten();
            let seen = seen.filter(|one| {
                one.basis == Basis::Grant
                    && one.key.identity() == *i
                    && one.key.seq > settled.after
                    && !self.books.is_free(one.key)
            });
            let spent = self.spent_behind(session, *i, settled, standing);
            spent.saturating_sub(settled.spent.max(seen.count() as u64))
        });
        beyond.sum::<u64>() + self.held_in_vain(session, standing)
    }

    /// Grant-based check-ins behind the settled end of a log, from before the desk learned of it, and no more than its rights were.
    fn spent_behind(&self, session: SessionId, i: Identity, settled: &Settled, standing: &Standing) -> u64 {
        let at_risk = |key: &EntryKey| {
            key.identity() == i
                && key.seq > settled.after
                && self.basis_of(key) == Some(Basis::Grant)
                && self.is_in_good_faith(key)
        };
        let real = standing.iter().filter(|(key, _)| at_risk(key)).count() as u64;
        let stake = self.stakes.get(&(session, i)).copied().flatten();
        stake.map_or(real, |stake| real.min(stake))
    }

    /// First uses, unheard, of held seats that were freed without asking the settled desk.
    fn held_in_vain(&self, session: SessionId, standing: &Standing) -> u64 {
        let in_vain = |(who, uses): (PersonId, Vec<&EntryKey>)| {
            let settled = |key: &EntryKey| self.books.settlement(session, key.identity()).is_some();
            let excused = |key: &&EntryKey| !self.is_heard(key) && settled(key) && self.is_in_good_faith(key);
            let first = self.books.uses(session, who) == 0 && !self.books.is_kept(session, who);
            u64::from(first && uses.iter().any(excused))
        };
        self.held_uses(standing).into_iter().map(in_vain).sum()
    }

    /// Whether the desk wrote it before it learned that its log takes no further rights.
    fn is_in_good_faith(&self, key: &EntryKey) -> bool {
        self.learnt.get(&key.identity()).is_none_or(|end| key.seq <= *end)
    }

    /// I3: what stands on grants and on the first uses of held seats never exceeds the most places that there ever were, but for what
    /// settled logs spent beyond what a supervisor said of them.
    ///
    /// # Errors
    /// It does.
    pub fn check_places(&self, session: SessionId) -> Result<(), Broken> {
        let standing = self.sitting(session);
        let uses = self.held_uses(&standing);
        self.check_held_once(session, &uses)?;
        if self.was_blind {
            return Ok(());
        }
        let most = self.places.get(&session).copied().unwrap_or(0);
        let on = |basis| standing.iter().filter(move |(key, _)| self.basis_of(key) == Some(basis));
        let (granted, held) = (on(Basis::Grant).count() as u64, uses.len() as u64);
        let settled = self.written_off.iter().filter(|((at, _), _)| *at == session);
        let beyond = settled.map(|((_, i), settled)| {
            self.spent_behind(session, *i, settled, &standing).saturating_sub(settled.spent)
        });
        let excused = beyond.sum::<u64>() + self.held_for_nothing(session, &standing);
        if granted + held > u64::from(most) + excused {
            return broken(format!(
                "I3: {granted} on grants and {held} on held seats are in {session}, which never had more than {most} places; \
                 {excused} are of settled logs"
            ));
        }
        Ok(())
    }

    /// People inside whose held seat was freed without asking the settled desk that let them in.
    fn held_for_nothing(&self, session: SessionId, standing: &Standing) -> u64 {
        let for_nothing = |(who, uses): (PersonId, Vec<&EntryKey>)| {
            let settled = |key: &EntryKey| self.written_off.contains_key(&(session, key.identity()));
            let excused = uses.iter().all(|key| settled(key) && self.is_in_good_faith(key));
            u64::from(excused && !self.books.is_kept(session, who))
        };
        self.held_uses(standing).into_iter().map(for_nothing).sum()
    }
}
