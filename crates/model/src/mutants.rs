//! Every deliberate mistake, with the configuration and the invariant that catch it.

use crate::{
    configuration::Configuration,
    feature::Feature::*,
    invariants::Invariant::{
        ClosedHoldsNone, GivenWithinP, OneRelease, RightsSuffice, WithinCapacity, WorstCase, WorstFalls,
    },
    mutant::Mutant::*,
};

/// Every mistake.
#[must_use]
pub fn mutants() -> Vec<Configuration> {
    let parts = [
        grants(),
        handover(),
        restored(),
        restored_holds(),
        overrides(),
        settlement(),
        disks(),
        held(),
        ended(),
        closed(),
        merged(),
        revoked(),
        copied(),
        unlimited(),
    ];
    parts.into_iter().flatten().collect()
}

/// What all of them start from.
fn base() -> Configuration {
    Configuration::new("")
}

fn grants() -> Vec<Configuration> {
    vec![
        base().under(DeltaGrant, WithinCapacity),
        base().restores(1).entries(1).under(StaleTermGrant, WithinCapacity),
        base().under(GrantBeyondP, GivenWithinP),
        base().two_sessions().grants(1).under(RightsPooled, RightsSuffice),
        base().with(&[Return]).entries(3).under(ReturnedStillSpent, RightsSuffice),
        base().with(&[Return]).under(RecallTakesAtOnce, WithinCapacity),
        base().with(&[Die]).under(Timeout, WithinCapacity),
    ]
}

fn handover() -> Vec<Configuration> {
    let undone = base().with(&[Undo, CheckOut]).entries(3);
    let disk = undone.clone().with(&[Die, Recover]);
    vec![
        undone.clone().under(RefundAfterHandover, OneRelease),
        undone.clone().with(&[Pages]).under(HandoverPerPage, OneRelease),
        undone.clone().with(&[Carry]).under(CarryWithoutHandover, OneRelease),
        disk.clone().under(ReleaseWithoutHandover, OneRelease),
        disk.capacity(2).people(1).with(&[Resolve]).under(ResolveWithoutHandover, OneRelease),
    ]
}

fn restored() -> Vec<Configuration> {
    let restored = base().restores(1).entries(1);
    vec![
        restored.clone().under(NoLearning, WithinCapacity),
        restored.clone().under(LearnFromStaleRequest, WorstCase),
        restored.clone().restores(2).under(TermBackupPlusOne, WorstCase),
        restored.clone().with(&[Late]).under(RosterBackupOnly, WithinCapacity),
        restored.clone().with(&[Offline]).under(RosterEnrolmentsOnly, WithinCapacity),
        base().restores(1).with(&[Exit, Undo]).grants(1).people(1).under(BindForgotten, WorstCase),
        restored.under(InvariantWhileLearning, WorstCase),
    ]
}

fn restored_holds() -> Vec<Configuration> {
    let held = base().restores(1).with(&[Holds]).grants(1);
    vec![
        held.clone().entries(1).under(HoldInLearning, WithinCapacity),
        held.clone().one_desk().entries(1).under(HoldsNotReported, WorstCase),
        held.clone().one_desk().with(&[Undo]).entries(3).under(HoldsAnnouncedAtOnce, WithinCapacity),
        held.one_desk().entries(3).under(RevisionWithoutTerm, WithinCapacity),
    ]
}

fn overrides() -> Vec<Configuration> {
    let override_ = base().with(&[Optimistic, Undo]);
    vec![
        override_.clone().entries(3).under(OverGrantRefunds, WorstCase),
        override_.clone().under(OverGrantUncounted, WorstCase),
        override_.under(OverGrantTakesRight, WorstCase),
    ]
}

fn settlement() -> Vec<Configuration> {
    let settled = base().with(&[Settle]);
    let held = settled.clone().with(&[Holds, Pages]).capacity(2).grants(1);
    vec![
        settled.clone().under(SettledStillAdmits, WorstCase),
        settled.clone().under(SettleWithoutFence, WorstCase),
        settled.clone().under(SettlementForgotten, WorstCase),
        settled.clone().two_sessions().grants(1).under(SettledEverywhere, WorstCase),
        held.under(SpentMaxAll, WorstCase),
        settled.with(&[Die]).restores(1).entries(1).grants(1).people(1).under(SettleBoundedByX, WorstCase),
    ]
}

fn disks() -> Vec<Configuration> {
    let disk = base().with(&[Recover, Undo, CheckOut]).entries(3);
    vec![
        disk.clone().under(RecoverWithoutFence, OneRelease),
        disk.clone().under(RecoverLiveDisk, OneRelease),
        disk.clone().with(&[Die]).under(RecoverTruncated, OneRelease),
        disk.clone().with(&[Die]).under(FenceZeroesRights, WithinCapacity),
        disk.with(&[Die, Holds]).entries(2).under(FenceEndsHolds, WorstCase),
    ]
}

fn held() -> Vec<Configuration> {
    let held = base().with(&[Holds]);
    vec![
        held.clone().under(HoldBeyondP, GivenWithinP),
        held.clone().with(&[Undo]).entries(3).under(UndoHeldToP, WorstCase),
        held.clone().with(&[CheckOut]).entries(3).under(CheckOutHeldToP, WorstCase),
        held.clone().grants(1).under(StaleHoldMessage, WorstCase),
        held.clone().with(&[Offline]).under(OfflineEpochKeepsHolds, WithinCapacity),
        held.clone().capacity(2).grants(1).under(HoldAnyBasis, WithinCapacity),
        held.with(&[Lower]).under(SecondUseRaisesW, WorstFalls),
    ]
}

fn ended() -> Vec<Configuration> {
    let held = base().with(&[Holds]);
    vec![
        held.clone().under(CutoffFreesAtOnce, WithinCapacity),
        held.clone().capacity(2).with(&[Pages]).under(CutoffByField, WorstCase),
        held.with(&[Cancel]).under(CancelFreesAtOnce, WithinCapacity),
    ]
}

fn closed() -> Vec<Configuration> {
    let closed = base().with(&[Close]);
    vec![
        closed.clone().under(ClosedStillAdmits, WorstCase),
        closed.clone().capacity(2).with(&[Pages]).under(CloseByAnnouncement, WorstCase),
        closed.clone().under(ClosedKeepsRights, ClosedHoldsNone),
        closed.clone().under(ClosedStillGranted, ClosedHoldsNone),
        closed.with(&[Reopen]).under(GrantFollowsMachine, WorstCase),
    ]
}

fn merged() -> Vec<Configuration> {
    let merged = base().capacity(2).with(&[Merge]);
    let held = merged.clone().held_people(2).positions(3).grants(1);
    vec![
        merged.under(MergeFreesSeat, WorstCase),
        held.clone().under(MergeFreesHold, WorstCase),
        held.clone().under(MergedHoldsCountOnce, WorstCase),
        held.one_desk().entries(1).positions(4).under(SplitRevivesHold, GivenWithinP),
    ]
}

fn revoked() -> Vec<Configuration> {
    let revoked = base().with(&[Revoke]);
    let held = revoked.clone().with(&[Holds]).grants(1);
    vec![
        revoked.clone().under(DisputedCounted, WithinCapacity),
        revoked.clone().restores(1).entries(1).grants(1).under(DisputedReports, WithinCapacity),
        revoked.clone().under(RevokedForgetsRights, WithinCapacity),
        revoked.with(&[Close]).under(DisputedCloses, WorstCase),
        held.clone().under(RevokedNotOpen, WorstCase),
        held.under(DisputedEndsHolds, WorstCase),
    ]
}

fn copied() -> Vec<Configuration> {
    let copied = base().capacity(2).with(&[Copy]);
    vec![
        copied.clone().under(ForkBranchDiscarded, WorstCase),
        copied.clone().capacity(3).under(ForkNotFenced, WorstCase),
        copied.clone().under(ForkOneAccount, WorstCase),
        copied.clone().under(CopiesRaiseW, WorstFalls),
        copied.clone().capacity(1).with(&[Close, Undo]).under(ForkClosedByOne, WorstCase),
        copied.capacity(1).with(&[Undo, CheckOut]).entries(3).under(CopiesReleaseOnce, OneRelease),
        base().with(&[RollBack]).under(RollBackKeepsEpoch, WithinCapacity),
    ]
}

fn unlimited() -> Vec<Configuration> {
    let unlimited = base().with(&[Unlimited]);
    vec![
        unlimited.clone().under(UnlimitedUncounted, WorstCase),
        unlimited.clone().under(UnlimitedAfterCapacity, WorstCase),
        unlimited.under(UnlimitedRaisesW, WorstFalls),
    ]
}
