//! The world as the arithmetic and the rules read it: logs, prefixes of them, and the check-ins therein.

use crate::{
    configuration::Configuration,
    mutant::Mutant,
    state::{Epoch, World},
    terms::{CheckIn, Entry, Key, desks},
};

/// A world under the rules of a configuration.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) rules: &'a Configuration,
    pub(crate) world: &'a World,
}

/// How much of each log is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All that was ever written: the truth.
    Whole,
    /// The acknowledged prefix that counts: what the server goes by.
    Counted,
}

impl<'a> View<'a> {
    pub(crate) fn of(rules: &'a Configuration, world: &'a World) -> Self {
        Self { rules, world }
    }

    pub(crate) fn follows(&self, mutant: Mutant) -> bool {
        self.rules.follows(mutant)
    }

    /// The log of a machine; a copy's begins with what it shares with desk 0.
    pub(crate) fn log(&self, desk: usize, reach: Reach) -> &'a [Entry] {
        let log = &self.world.desks[desk].log;
        match reach {
            Reach::Whole => log,
            Reach::Counted => &log[..usize::from(self.world.server.epochs[desk].counted)],
        }
    }

    /// How many entries at the head of this log are another machine's as well.
    pub(crate) fn shared(&self, desk: usize) -> u8 {
        self.world.desks[desk].copy.unwrap_or(0)
    }

    /// The desk whose epoch this machine writes in: itself, or desk 0 for its copy.
    pub(crate) fn identity(&self, desk: usize) -> usize {
        if self.world.desks[desk].copy.is_some() { 0 } else { desk }
    }

    /// What the server knows of the epoch that this machine writes in.
    pub(crate) fn epoch(&self, desk: usize) -> &'a Epoch {
        &self.world.server.epochs[self.identity(desk)]
    }

    /// The name of an entry; what a copy shares has one name.
    pub(crate) fn key(&self, desk: usize, seq: u8) -> Key {
        let desk = if seq < self.shared(desk) { self.identity(desk) } else { desk };
        Key { desk: desk as u8, seq }
    }

    /// The check-ins in a machine's log, those it shares included.
    pub(crate) fn check_ins_known(self, desk: usize) -> impl Iterator<Item = CheckIn> + 'a {
        let view = self;
        view.log(desk, Reach::Whole).iter().enumerate().filter_map(move |(seq, entry)| match *entry {
            Entry::CheckIn { session, person, basis } => {
                Some(CheckIn { key: view.key(desk, seq as u8), session, person, basis })
            }
            _ => None,
        })
    }

    /// The check-ins that a machine wrote, each only once in the world.
    pub(crate) fn check_ins(self, desk: usize) -> impl Iterator<Item = CheckIn> + 'a {
        self.check_ins_known(desk).filter(move |one| usize::from(one.key.desk) == desk)
    }

    /// Every check-in there is.
    pub(crate) fn all_check_ins(self) -> impl Iterator<Item = CheckIn> + 'a {
        let view = self;
        desks().flat_map(move |desk| view.check_ins(desk))
    }

    /// Whether the server goes by this entry.
    pub(crate) fn is_counted(&self, key: Key) -> bool {
        key.seq < self.world.server.epochs[usize::from(key.desk)].counted
    }

    /// Whether both branches of the copied epoch have arrived: "evidence of a clone".
    pub(crate) fn is_forked(&self) -> bool {
        self.world.desks[1]
            .copy
            .is_some_and(|shared| self.world.server.epochs.iter().all(|branch| branch.counted > shared))
    }

    /// The machines whose logs the server holds for this epoch: one, unless a fork was found.
    pub(crate) fn branches(&self, epoch: usize) -> &'static [usize] {
        match (epoch, self.world.desks[1].copy) {
            (0, Some(_)) if self.is_forked() => &[0, 1],
            (0, Some(shared)) if self.world.server.epochs[1].counted > shared => &[1],
            (0, _) => &[0],
            (_, Some(_)) => &[],
            _ => &[1],
        }
    }

    /// `Settle { i, session, … }` names a session; here it is the first.
    pub(crate) fn is_settled(&self, epoch: usize, session: u8) -> bool {
        let everywhere = session == 0 || self.follows(Mutant::SettledEverywhere);
        self.world.server.epochs[epoch].settled.is_some() && everywhere
    }

    /// Section 5: an acknowledged CloseEpoch; of a forked epoch, in every branch.
    pub(crate) fn is_closed(&self, epoch: usize) -> bool {
        let known = &self.world.server.epochs[epoch];
        let disputed = known.disputed.is_some() && self.follows(Mutant::DisputedCloses);
        let reach = if disputed { Reach::Whole } else { Reach::Counted };
        let mut branches = self.branches(epoch).iter();
        let ends = |desk: &usize| self.log(*desk, reach).contains(&Entry::CloseEpoch);
        let closed =
            if self.follows(Mutant::ForkClosedByOne) { branches.any(ends) } else { branches.all(ends) };
        known.mistakes.closing || closed && !self.branches(epoch).is_empty()
    }

    /// Section 5: "not settled, not closed by an acknowledged CloseEpoch, not recovered whole. Fenced or revoked epochs are
    /// still open." Settled is an epoch for one session.
    pub(crate) fn is_open(&self, epoch: usize, session: u8) -> bool {
        let known = &self.world.server.epochs[epoch];
        let wrongly_shut = known.fenced && self.follows(Mutant::FenceEndsHolds)
            || known.revoked && self.follows(Mutant::RevokedNotOpen);
        known.known
            && !self.is_settled(epoch, session)
            && !known.whole
            && !self.is_closed(epoch)
            && !wrongly_shut
    }
}
