//! The configurations in which the design must hold, by group.

use crate::{
    configuration::{Configuration, Feature::*},
    reached::Reached,
};

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
        ("crossed", crossed()),
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
            .reaching(&[SettledExcess, HoldFreed]),
        new("disk recovered or settled")
            .with(&[Die, Recover, Settle, Undo, CheckOut])
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
        restored("restored, settled")
            .with(&[Settle, Die])
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
        cancelled("cancelled, two holds").capacity(2).held_people(2).positions(4).entries(1).grants(1),
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
        unlimited("unlimited, hold").with(&[Holds]).grants(1).reaching(&[HoldUsed]),
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

fn crossed() -> Vec<Configuration> {
    let r = |name| new(name).restores(1).entries(1).grants(1);
    vec![
        r("x restored revoked").with(&[Revoke]),
        r("x restored revoked undo").with(&[Revoke, Undo]).entries(2).people(1),
        r("x restored revoked hold").with(&[Revoke, Holds]).people(1),
        r("x restored merged holds").with(&[Merge]).capacity(2).held_people(2).positions(3),
        r("x restored merged holds one desk")
            .with(&[Merge])
            .one_desk()
            .capacity(2)
            .held_people(2)
            .positions(4),
        r("x restored cancel").with(&[Cancel, Holds]).people(1),
        r("x restored cancel one desk").with(&[Cancel, Holds, Undo]).one_desk().entries(2),
        r("x restored copy").with(&[Copy]).grants(2),
        r("x restored copy undo").with(&[Copy, Undo]).entries(2).people(1),
        r("x restored copy hold").with(&[Copy, Holds]).people(1),
        r("x restored unlimited").with(&[Unlimited]),
        r("x restored resolved").with(&[Resolve]).capacity(2).people(1),
        r("x restored merge resolve").with(&[Merge, Resolve]).capacity(2),
        r("x restored disks").with(&[Die, Recover, Undo]).people(1),
        r("x restored disks hold").with(&[Die, Recover, Holds]).people(1),
        r("x restored two sessions").two_sessions().people(1),
        r("x restored closed holds").with(&[Close, Holds]).people(1),
        r("x restored closed offline").with(&[Close, Offline]),
        r("x restored reopened").with(&[Close, Reopen]),
        r("x restored put back").with(&[RollBack]).entries(2),
        r("x restored put back hold").with(&[RollBack, Holds]).entries(2).people(1),
        r("x restored lowered hold").with(&[Lower, Holds]).people(1),
        r("x restored return").with(&[Return, Undo]).entries(2).people(1),
        new("x settled closed").with(&[Settle, Close, Undo]).grants(1),
        new("x settled copy").with(&[Settle, Copy]),
        new("x settled copy hold").with(&[Settle, Copy, Holds]).grants(1).people(1),
        new("x settled optimistic").with(&[Settle, Optimistic]).grants(1),
        new("x settled exit").with(&[Settle, Exit]).people(1),
        new("x settled resolve merge").with(&[Settle, Resolve, Merge]).capacity(2).grants(1),
        new("x revoked copy").with(&[Revoke, Copy]),
        new("x revoked disks").with(&[Revoke, Die, Recover, Undo]).people(1),
        new("x revoked exit").with(&[Revoke, Exit, Undo]).people(1),
        new("x revoked pages undo checkout")
            .with(&[Revoke, Pages, Undo, CheckOut])
            .entries(3)
            .people(1)
            .grants(1),
        new("x revoked offline hold").with(&[Revoke, Offline, Holds]).grants(1),
        new("x closed disks").with(&[Close, Die, Recover, Undo, CheckOut]).people(1),
        new("x closed exit").with(&[Close, Exit, Undo]).people(1),
        new("x closed cancel holds").with(&[Close, Cancel, Holds, Undo]).grants(1),
        new("x closed reopened hold").with(&[Close, Reopen, Holds, Undo]).grants(1),
        new("x copy pages").with(&[Copy, Pages, Undo]).entries(3).people(1),
        new("x copy exit").with(&[Copy, Exit, Undo]).people(1),
        new("x copy optimistic").with(&[Copy, Optimistic, Undo]),
        new("x copy closed").with(&[Copy, Close, Undo]),
        new("x copy return").with(&[Copy, Return, Undo]),
        new("x copy disks").with(&[Copy, Die, Recover, Undo]).people(1),
        new("x copy merge holds")
            .with(&[Copy, Merge])
            .capacity(2)
            .held_people(2)
            .positions(3)
            .grants(1)
            .entries(1),
        new("x unlimited settle").with(&[Unlimited, Settle]).grants(1).people(1),
        new("x unlimited revoke").with(&[Unlimited, Revoke]).grants(1),
        new("x unlimited copy").with(&[Unlimited, Copy]).grants(1),
        new("x unlimited disks").with(&[Unlimited, Die, Recover, Undo]).people(1),
        new("x sessions hold two persons").two_sessions().with(&[Holds]).grants(1).positions(3),
        new("x sessions settle").two_sessions().with(&[Settle]).grants(1).people(1),
        new("x sessions copy").two_sessions().with(&[Copy, Undo]).grants(1).people(1),
        new("x sessions revoke close").two_sessions().with(&[Revoke, Close]).grants(1).people(1),
        new("x sessions merge")
            .two_sessions()
            .with(&[Merge])
            .grants(1)
            .one_desk()
            .held_people(2)
            .capacity(2)
            .positions(5),
        new("x merged exits").with(&[Merge, Exit, Undo]).capacity(2),
        new("x lowered hold cancel").with(&[Lower, Holds, Cancel, Undo]).grants(1).people(1),
        new("x lowered revoked").with(&[Lower, Revoke, Undo, Return]).capacity(2),
        new("x optimistic exits").with(&[Optimistic, Exit, Undo]).people(1),
    ]
    .into_iter()
    .map(|c| c.bounded(4_000_000))
    .collect()
}
