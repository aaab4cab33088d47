//! Features that meet: what each group does alone, two at a time.
//!
//! Copies are not crossed with restores and settlement. There I2 excuses all that a clone spends, and nothing is left to check:
//! one copy's report ends the wait for its epoch, while only the other knows the newest grant.

use crate::{
    configuration::Configuration,
    feature::Feature::*,
    reached::Reached::{
        self, Accepted, AllFull, Beyond, Closed, Disputed, DoubleKept, ForkFound, HoldFreed, HoldUsed,
        Learned, ResolvedFreed, RolledBack, SettledExcess,
    },
};

/// What is too large to be exhausted is looked at so far.
const NIGHTLY_STATES_MAX: usize = 30_000_000;

fn crossed(name: &'static str, reached: &[Reached]) -> Configuration {
    Configuration::new(name).reaching(reached)
}

/// A restored server meets everything else.
pub(crate) fn restored() -> Vec<Configuration> {
    let restored = |name, reached: &[Reached]| {
        crossed(name, reached).restores(1).entries(1).grants(1).reaching(&[Learned])
    };
    let held = |name| restored(name, &[HoldUsed]).with(&[Holds]).people(1);
    vec![
        restored("restored, revoked", &[Disputed]).with(&[Revoke]),
        restored("restored, revoked, undo", &[Accepted]).with(&[Revoke, Undo]).entries(2).people(1).nightly(),
        held("restored, revoked, hold").with(&[Revoke]).nightly(),
        restored("restored, merged, two holds", &[])
            .with(&[Merge])
            .capacity(2)
            .held_people(2)
            .positions(3)
            .nightly(),
        held("restored, merged, two holds, one desk")
            .with(&[Merge])
            .one_desk()
            .people(2)
            .capacity(2)
            .grants(0)
            .held_people(2)
            .positions(3),
        restored("restored, merged, resolved", &[DoubleKept]).with(&[Merge, Resolve]).capacity(2),
        restored("restored, resolved", &[ResolvedFreed]).with(&[Resolve]).capacity(2).people(1),
        held("restored, cancelled, one desk").with(&[Cancel, Undo]).one_desk().entries(2),
        held("restored, cancelled").with(&[Cancel]).nightly(),
        held("restored, lowered, hold").with(&[Lower]).reaching(&[Beyond]).nightly(),
        restored("restored, unlimited", &[Beyond]).with(&[Unlimited]),
        restored("restored, disk", &[]).with(&[Die, Recover, Undo]).people(1),
        held("restored, disk, hold").with(&[Die, Recover]).nightly(),
        restored("restored, two sessions", &[AllFull]).two_sessions().people(1),
        restored("restored, closed, offline", &[Closed]).with(&[Close, Offline]),
        restored("restored, opened again", &[Closed]).with(&[Close, Reopen]),
        held("restored, closed, hold").with(&[Close]).reaching(&[Closed]).nightly(),
        restored("restored, put back", &[RolledBack]).with(&[RollBack]).capacity(2).entries(2),
        held("restored, put back, hold").with(&[RollBack]).entries(2),
        restored("restored, return", &[]).with(&[Return, Undo]).entries(2).people(1),
    ]
    .into_iter()
    .map(bound_nightly)
    .collect()
}

/// Everything else, two or three at a time.
pub(crate) fn others() -> Vec<Configuration> {
    let parts = [settled(), revoked(), closed(), copied(), rest()];
    parts.into_iter().flatten().map(bound_nightly).collect()
}

fn bound_nightly(one: Configuration) -> Configuration {
    if one.nightly { one.bounded(NIGHTLY_STATES_MAX) } else { one }
}

fn settled() -> Vec<Configuration> {
    let settled = |name| crossed(name, &[SettledExcess]).with(&[Settle]);
    vec![
        settled("settled, closed").with(&[Close, Undo]).grants(1).nightly(),
        settled("settled, optimistic").with(&[Optimistic]).grants(1).nightly(),
        settled("settled, exit").with(&[Exit]).people(1),
        settled("settled, merged, resolved").with(&[Resolve, Merge]).capacity(2).grants(1),
        settled("settled, unlimited").with(&[Unlimited]).grants(1).people(1),
        settled("settled, two sessions").two_sessions().grants(1).people(1),
    ]
}

fn revoked() -> Vec<Configuration> {
    let revoked = |name| crossed(name, &[Accepted]).with(&[Revoke]);
    vec![
        crossed("revoked, copied", &[Disputed]).with(&[Revoke, Copy]),
        revoked("revoked, disk").with(&[Die, Recover, Undo]).people(1),
        revoked("revoked, exit").with(&[Exit, Undo]).people(1),
        revoked("revoked, pages").with(&[Pages, Undo, CheckOut]).entries(3).people(1).grants(1),
        revoked("revoked, hold, offline").with(&[Offline, Holds]).grants(1).reaching(&[HoldFreed]),
        revoked("revoked, lowered").with(&[Lower, Undo, Return]).capacity(2).reaching(&[Beyond]),
        revoked("revoked, unlimited").with(&[Unlimited]).grants(1).nightly(),
        revoked("revoked, closed, two sessions").with(&[Close]).two_sessions().grants(1).people(1),
    ]
}

fn closed() -> Vec<Configuration> {
    let closed = |name| crossed(name, &[Closed]).with(&[Close]);
    vec![
        closed("closed, disk").with(&[Die, Recover, Undo, CheckOut]).people(1),
        closed("closed, exit").with(&[Exit, Undo]).people(1),
        closed("closed, hold cancelled").with(&[Cancel, Holds, Undo]).grants(1).nightly(),
        closed("closed, opened again, hold").with(&[Reopen, Holds, Undo]).grants(1).reaching(&[HoldFreed]),
    ]
}

fn copied() -> Vec<Configuration> {
    let copied = |name| crossed(name, &[ForkFound]).with(&[Copy]);
    vec![
        copied("copied, pages").with(&[Pages, Undo]).entries(3).people(1),
        copied("copied, exit").with(&[Exit, Undo]).people(1),
        copied("copied, optimistic").with(&[Optimistic, Undo]),
        copied("copied, closed").with(&[Close, Undo]).reaching(&[Closed]),
        copied("copied, return").with(&[Return, Undo]),
        copied("copied, disk").with(&[Die, Recover, Undo]).people(1),
        copied("copied, unlimited").with(&[Unlimited]).grants(1),
        copied("copied, two sessions").two_sessions().with(&[Undo]).grants(1).people(1),
        copied("copied, merged, two holds")
            .with(&[Merge])
            .capacity(2)
            .held_people(2)
            .positions(3)
            .grants(1)
            .entries(1)
            .nightly(),
    ]
}

fn rest() -> Vec<Configuration> {
    vec![
        crossed("unlimited, disk", &[Beyond]).with(&[Unlimited, Die, Recover, Undo]).people(1),
        crossed("two sessions, hold, two persons", &[AllFull, HoldFreed])
            .two_sessions()
            .with(&[Holds])
            .grants(1)
            .positions(3),
        crossed("two sessions, merged, one entry", &[HoldFreed])
            .two_sessions()
            .one_desk()
            .with(&[Merge])
            .held_people(2)
            .capacity(2)
            .grants(0)
            .entries(1)
            .positions(4),
        crossed("two sessions, merged, one desk", &[HoldFreed])
            .two_sessions()
            .one_desk()
            .with(&[Merge])
            .held_people(2)
            .capacity(2)
            .grants(1)
            .positions(5)
            .nightly(),
        crossed("merged, exit", &[DoubleKept]).with(&[Merge, Exit, Undo]).capacity(2),
        crossed("lowered, hold cancelled", &[Beyond]).with(&[Lower, Holds, Cancel, Undo]).grants(1).people(1),
        crossed("optimistic, exit", &[Beyond]).with(&[Optimistic, Exit, Undo]).people(1),
    ]
}
