//! The configurations in which the design must hold, by group.

use crate::{configuration::Configuration, crossings, feature::Feature::*, reached::Reached};

/// Every configuration under the right rules.
#[must_use]
pub fn configurations() -> Vec<Configuration> {
    let groups = [
        ("core", core()),
        ("holds", holds()),
        ("overrides and capacity", capacity()),
        ("settlement and disks", settlement()),
        ("exits", exits()),
        ("restored server", restored()),
        ("closed epochs", closed()),
        ("merged and resolved", merged()),
        ("cancelled", cancelled()),
        ("revoked", revoked()),
        ("copied and put back", copied()),
        ("unlimited", unlimited()),
        ("two sessions", two_sessions()),
        ("restored, crossed", crossings::restored()),
        ("crossed", crossings::others()),
    ];
    groups.into_iter().flat_map(|(group, all)| all.into_iter().map(move |one| one.of(group))).collect()
}

fn new(name: &'static str) -> Configuration {
    Configuration::new(name)
}

fn core() -> Vec<Configuration> {
    use Reached::{Freed, FullHouse, HalfUploaded, OneAfterAnother, Refunded};
    vec![
        new("undo, checkout, return").with(&[Undo, CheckOut, Return]).entries(3).reaching(&[
            FullHouse,
            OneAfterAnother,
            Refunded,
            Freed,
        ]),
        new("two places").capacity(2).with(&[Undo, CheckOut]).reaching(&[FullHouse, OneAfterAnother]),
        new("pages and carry").with(&[Undo, CheckOut, Pages, Carry]).entries(3).grants(1).reaching(&[
            HalfUploaded,
            Refunded,
            Freed,
        ]),
    ]
}

fn holds() -> Vec<Configuration> {
    use Reached::{HoldFreed, HoldUsed, HoldUsedTwice};
    vec![
        new("one hold").with(&[Holds, Undo, CheckOut]).reaching(&[HoldUsed, HoldFreed, HoldUsedTwice]),
        new("hold and grants").capacity(2).with(&[Holds, Undo]).grants(1).reaching(&[HoldUsed, HoldFreed]),
        new("hold, epoch opened offline")
            .with(&[Holds, Offline, CheckOut, Undo])
            .reaching(&[HoldUsed, HoldFreed]),
        new("hold made again")
            .with(&[Holds, Undo])
            .positions(4)
            .grants(1)
            .people(1)
            .reaching(&[HoldFreed, HoldUsedTwice]),
    ]
}

fn capacity() -> Vec<Configuration> {
    use Reached::{Beyond, FullHouse, OneAfterAnother, TooMany};
    vec![
        new("optimistic").with(&[Optimistic, Undo, CheckOut]).reaching(&[Beyond, TooMany]),
        new("optimistic, hold, lowered")
            .with(&[Optimistic, Holds, Lower, Undo])
            .grants(1)
            .people(1)
            .reaching(&[Beyond, TooMany]),
        new("lowered, returns").capacity(2).with(&[Lower, Undo, Return]).reaching(&[Beyond, TooMany]),
        new("raised").with(&[Raise, Undo, CheckOut]).reaching(&[FullHouse, OneAfterAnother]),
    ]
}

fn settlement() -> Vec<Configuration> {
    use Reached::{Freed, HoldFreed, RecoveredPart, SettledExcess};
    vec![
        new("settled and back").with(&[Settle, Undo, CheckOut, Pages]).reaching(&[SettledExcess, Freed]),
        new("settled with hold")
            .capacity(2)
            .with(&[Settle, Holds, Pages])
            .grants(1)
            .nightly()
            .reaching(&[SettledExcess, HoldFreed]),
        new("disk recovered or settled")
            .with(&[Die, Recover, Settle, Undo, CheckOut])
            .nightly()
            .reaching(&[RecoveredPart, SettledExcess]),
        new("disk recovered or settled, no checkout")
            .with(&[Die, Recover, Settle, Undo])
            .grants(1)
            .reaching(&[RecoveredPart, SettledExcess]),
        new("disk recovered, hold")
            .with(&[Die, Recover, Holds, Undo, CheckOut])
            .grants(1)
            .entries(1)
            .reaching(&[HoldFreed]),
        new("disk recovered, three entries")
            .with(&[Die, Recover, Undo, CheckOut])
            .entries(3)
            .grants(1)
            .people(1)
            .reaching(&[RecoveredPart, Freed]),
    ]
}

fn exits() -> Vec<Configuration> {
    use Reached::{Bound, HoldUsed, OneAfterAnother};
    vec![
        new("exit and re-entry")
            .with(&[Exit, Undo, CheckOut])
            .entries(3)
            .people(1)
            .reaching(&[Bound, OneAfterAnother]),
        new("exit of a held seat")
            .with(&[Exit, Holds, Undo])
            .people(1)
            .grants(1)
            .reaching(&[Bound, HoldUsed]),
    ]
}

fn restored() -> Vec<Configuration> {
    use Reached::{Bound, FullHouse, HoldFreed, HoldUsed, Learned, Refunded, SettledExcess};
    let restored = |name| new(name).restores(1).reaching(&[Learned]);
    vec![
        restored("restored").entries(1).reaching(&[FullHouse]),
        restored("restored, undo, checkout")
            .with(&[Undo, CheckOut])
            .grants(1)
            .people(1)
            .reaching(&[Refunded]),
        restored("restored, late enrolment").with(&[Late]).entries(1).grants(1),
        restored("restored, epoch opened offline").with(&[Offline]).entries(1).grants(1),
        restored("restored twice").restores(2).entries(1).grants(1).people(1),
        restored("restored, hold, one desk").one_desk().with(&[Holds]).grants(1).reaching(&[HoldFreed]),
        restored("restored, hold").with(&[Holds]).entries(1).grants(1).people(1).reaching(&[HoldUsed]),
        restored("restored, exit").with(&[Exit, Undo]).grants(1).people(1).reaching(&[Bound]),
        restored("restored, optimistic, raised").with(&[Optimistic, Raise]).entries(1),
        restored("restored, hold undone, one desk").one_desk().with(&[Holds, Undo]).grants(1).entries(3),
        restored("restored, hold, offline")
            .with(&[Holds, Offline])
            .entries(1)
            .grants(1)
            .people(1)
            .reaching(&[HoldUsed]),
        restored("restored, settled, one desk").one_desk().with(&[Settle, Undo]).reaching(&[SettledExcess]),
        restored("restored, settled")
            .with(&[Settle, Die])
            .nightly()
            .entries(1)
            .grants(1)
            .people(1)
            .reaching(&[SettledExcess]),
    ]
}

fn closed() -> Vec<Configuration> {
    use Reached::{Closed, HoldFreed, HoldUsed, Learned, OneAfterAnother};
    let closed = |name| new(name).with(&[Close]).reaching(&[Closed]);
    vec![
        closed("closed").with(&[Undo, CheckOut, Return]).reaching(&[OneAfterAnother]),
        closed("closed, uploaded in pages").capacity(2).with(&[Pages, Undo]),
        closed("closed and opened again").with(&[Reopen, Undo, CheckOut]).reaching(&[OneAfterAnother]),
        closed("closed, hold").with(&[Holds]).reaching(&[HoldUsed, HoldFreed]),
        closed("closed, restored").restores(1).entries(1).reaching(&[Learned]),
    ]
}

fn merged() -> Vec<Configuration> {
    use Reached::{DoubleKept, HoldFreed, RecoveredPart, ResolvedFreed};
    let merged = |name| new(name).capacity(2).with(&[Merge]).reaching(&[DoubleKept]);
    vec![
        merged("merged and split").with(&[Undo, CheckOut]),
        merged("merged, resolved").with(&[Resolve, Undo]).reaching(&[ResolvedFreed]),
        merged("merged, two holds").held_people(2).positions(3).grants(1).entries(1).reaching(&[HoldFreed]),
        new("double resolved, disk recovered")
            .capacity(2)
            .people(1)
            .with(&[Resolve, Die, Recover, Undo])
            .reaching(&[ResolvedFreed, RecoveredPart]),
    ]
}

fn cancelled() -> Vec<Configuration> {
    use Reached::{HoldFreed, HoldUsed};
    let cancelled = |name| new(name).with(&[Cancel, Holds]).reaching(&[HoldUsed, HoldFreed]);
    vec![
        cancelled("cancelled").with(&[Undo, CheckOut]),
        cancelled("cancelled, two holds")
            .nightly()
            .capacity(2)
            .held_people(2)
            .positions(4)
            .entries(1)
            .grants(1),
    ]
}

fn revoked() -> Vec<Configuration> {
    use Reached::{Accepted, Closed, Disputed, HoldFreed, SettledExcess};
    let revoked = |name| new(name).with(&[Revoke]).reaching(&[Disputed, Accepted]);
    vec![
        revoked("revoked").with(&[Undo, CheckOut]),
        revoked("revoked, hold").with(&[Holds]).grants(1).reaching(&[HoldFreed]),
        revoked("revoked, closed").with(&[Close, Undo]).reaching(&[Closed]),
        revoked("revoked, settled").with(&[Settle]).reaching(&[SettledExcess]),
        revoked("revoked, optimistic").with(&[Optimistic, Undo]),
    ]
}

fn copied() -> Vec<Configuration> {
    use Reached::{ForkFound, HoldUsedTwice, RolledBack, TooMany};
    let copied = |name| new(name).with(&[Copy]).reaching(&[ForkFound, TooMany]);
    vec![
        copied("copied").with(&[Undo, CheckOut]),
        copied("copied, two places").capacity(2).with(&[Undo]),
        copied("copied, hold").with(&[Holds]).reaching(&[HoldUsedTwice]),
        new("disk put back").with(&[RollBack, Undo, CheckOut]).reaching(&[RolledBack]),
        new("disk put back, hold").with(&[RollBack, Holds]).reaching(&[RolledBack]),
    ]
}

fn unlimited() -> Vec<Configuration> {
    use Reached::{Beyond, FullHouse, HoldUsed, TooMany};
    let unlimited = |name| new(name).with(&[Unlimited]).reaching(&[Beyond, TooMany]);
    vec![
        unlimited("unlimited, capacity set").with(&[Undo, CheckOut]).reaching(&[FullHouse]),
        unlimited("unlimited, hold").with(&[Holds]).grants(1).people(1).reaching(&[HoldUsed]),
        unlimited("unlimited, hold, two persons").nightly().with(&[Holds]).grants(1).reaching(&[HoldUsed]),
        unlimited("unlimited, optimistic").with(&[Optimistic]),
    ]
}

fn two_sessions() -> Vec<Configuration> {
    use Reached::{AllFull, HoldUsed, OneAfterAnother};
    let two = |name| new(name).two_sessions().grants(1).reaching(&[AllFull]);
    vec![
        two("two sessions").with(&[Undo]).people(1),
        two("two sessions, two persons").reaching(&[AllFull]),
        two("two sessions, checkout").with(&[CheckOut]).people(1).reaching(&[OneAfterAnother]),
        two("two sessions, hold").with(&[Holds]).people(1).reaching(&[HoldUsed]),
    ]
}
