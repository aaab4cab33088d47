//! Every deliberate mistake. Those under "readings" are ways in which the design's text was once read, or says it now; the
//! checker refutes them.

/// Makes [`Mutant`], so that each mistake is named and described in one place.
macro_rules! mutants {
    ($($(#[doc = $text:literal])+ $name:ident,)+) => {
        /// A wrong rule that the model can follow instead of the right one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Mutant {
            $($(#[doc = $text])+ $name,)+
        }

        impl Mutant {
            /// Every mistake there is.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name on the command line and in the tables.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            /// What it does, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($text),+).trim_ascii(),)+ }
            }
        }
    };
}

mutants! {
    // grants
    /// A grant message adds one right instead of stating the total.
    DeltaGrant,
    /// A grant of an older term is taken.
    StaleTermGrant,
    /// Grants are given whatever P is.
    GrantBeyondP,
    /// A right of any session admits to any session.
    RightsPooled,
    /// A returned right is spent all the same.
    ReturnedStillSpent,
    /// The server counts a recall as returned when it sends it.
    RecallTakesAtOnce,
    /// The rights of a dead desk are reclaimed after a while.
    Timeout,
    // handover
    /// An Undo refunds also when its check-in has left the desk.
    RefundAfterHandover,
    /// A paged upload hands over page by page.
    HandoverPerPage,
    /// A carry file leaves without `handed` being committed.
    CarryWithoutHandover,
    /// A release frees the seat whether or not the check-in was handed over.
    ReleaseWithoutHandover,
    /// A resolved double admission frees its seat whether or not it was handed over.
    ResolveWithoutHandover,
    // restored server
    /// A restored server grants at once.
    NoLearning,
    /// A request of an older term counts as a report.
    LearnFromStaleRequest,
    /// The new term is the backup's plus one, so that two restores of one backup share it.
    TermBackupPlusOne,
    /// The roster is the backup's; an epoch enrolled after it is forgotten.
    RosterBackupOnly,
    /// A backup's Binds are forgotten, and an exit is bound to another check-in than before.
    BindForgotten,
    // overrides
    /// The Undo of an over_grant check-in refunds a right.
    OverGrantRefunds,
    /// Over_grant check-ins take no seat.
    OverGrantUncounted,
    /// The server charges an over_grant check-in to the desk's rights.
    OverGrantTakesRight,
    // settlement
    /// A desk goes on admitting after it learned that its epoch is settled.
    SettledStillAdmits,
    /// Settling does not fence: the desk is not told, and gets grants as before.
    SettleWithoutFence,
    /// What a settlement said was spent is forgotten.
    SettlementForgotten,
    /// Settling an epoch for one session takes its rights for every session.
    SettledEverywhere,
    // recovered disks
    /// A log from a machine that goes on is believed to its end, without a Fence.
    RecoverWithoutFence,
    /// A Fence alone takes the epoch's rights out of the worst case.
    FenceZeroesRights,
    // held seats
    /// A hold that is taken away is free at once.
    CutoffFreesAtOnce,
    /// A cutoff is acknowledged by a field of the request instead of an entry of the log.
    CutoffByField,
    /// A cancelled registration's seat is free at once.
    CancelFreesAtOnce,
    /// The Undo of a held check-in gives its seat to everybody.
    UndoHeldToP,
    /// The CheckOut of a held check-in gives its seat to everybody, while the person may come again on the hold.
    CheckOutHeldToP,
    /// Holds are made whatever P is.
    HoldBeyondP,
    /// An older message brings a hold back.
    StaleHoldMessage,
    /// An epoch opened without the server knows the machine's holds.
    OfflineEpochKeepsHolds,
    // closed epochs
    /// A desk goes on admitting in a closed epoch.
    ClosedStillAdmits,
    /// The announcement of a CloseEpoch closes the epoch before the log is in.
    CloseByAnnouncement,
    /// A closed epoch keeps its rights.
    ClosedKeepsRights,
    /// The server goes on granting to a closed epoch, and counts it.
    ClosedStillGranted,
    /// A late grant for a closed epoch is taken by the epoch after it on the same machine.
    GrantFollowsMachine,
    // Merge, Split, Resolve
    /// Merge makes one seat of two admissions at once.
    MergeFreesSeat,
    /// Merge frees the second hold at once.
    MergeFreesHold,
    /// After a Merge one held check-in stands for both holds.
    MergedHoldsCountOnce,
    /// Split gives a freed hold back without a place for it.
    SplitRevivesHold,
    // revocation
    /// Disputed entries count as received, so that a thief can return rights.
    DisputedCounted,
    /// A `HoldsEnded` among disputed entries answers for its epoch.
    DisputedEndsHolds,
    /// A revoked epoch's rights leave the worst case.
    RevokedForgetsRights,
    /// A revoked epoch is not asked whether its holds have ended.
    RevokedNotOpen,
    /// The report of a revoked epoch ends the wait for it, so that a thief can end learning.
    DisputedReports,
    /// A CloseEpoch among disputed entries closes the epoch.
    DisputedCloses,
    // copied and rolled back machines
    /// The second branch of a fork is thrown away.
    ForkBranchDiscarded,
    /// A fork is noted, and the epoch goes on.
    ForkNotFenced,
    /// A CloseEpoch in one branch closes a forked epoch.
    ForkClosedByOne,
    /// Both branches of a fork are charged to one account of rights.
    ForkOneAccount,
    /// A machine whose disk was put back goes on in its old epoch.
    RollBackKeepsEpoch,
    // unlimited
    /// Check-ins of a session without a limit take no seat once it has one.
    UnlimitedUncounted,
    /// A desk that knows the capacity goes on as if there were none.
    UnlimitedAfterCapacity,
    // readings
    /// Holds are made while learning.
    HoldInLearning,
    /// A hold counts as used by a check-in of any basis.
    HoldAnyBasis,
    /// A settlement's `spent` is compared with check-ins of every basis.
    SpentMaxAll,
    /// `HoldsEnded` names a position without its term.
    RevisionWithoutTerm,
    /// The roster file has only epochs that were enrolled by the server.
    RosterEnrolmentsOnly,
    /// A recovered disk that lost its end is believed to its end.
    RecoverTruncated,
    /// A log from the disk of a machine that goes on is believed to its end.
    RecoverLiveDisk,
    /// A report has no holds.
    HoldsNotReported,
    /// I2 is asked also while learning.
    InvariantWhileLearning,
    /// A fenced epoch is not asked whether its holds have ended.
    FenceEndsHolds,
    /// I6 makes no exception for the second use of a hold.
    SecondUseRaisesW,
    /// I6 makes no exception for check-ins without a limit (the design's text as it stands).
    UnlimitedRaisesW,
    /// I5 makes no exception for copied machines (the design's text as it stands).
    CopiesReleaseOnce,
    /// I6 makes no exception for copied machines (the design's text as it stands).
    CopiesRaiseW,
    /// The risk of a settlement is bounded by X, also while learning.
    SettleBoundedByX,
    /// A restored server announces the backup's holds at once.
    HoldsAnnouncedAtOnce,
}
