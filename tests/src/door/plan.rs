//! The words of the plan: arrivals, what the plan says about each, and the steps of a desk. Who comes when is written in `script`.

use super::cast::Room;

/// What stands behind a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Registered,
    Unregistered,
    Cancelled,
    Unknown,
    OtherEvent,
    NotATicket,
    NoCode,
}

/// What the plan says will happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expect {
    /// Let in.
    In,
    /// Let in, or refused for want of a place.
    InOrNoPlace,
    /// The volunteer lets in without a registration.
    Anyway,
    /// The volunteer turns away.
    Away,
    /// Refused for what stands behind the code.
    Refused,
    /// Refused: already in.
    AlreadyIn,
    /// Shown again: silent within ten seconds, refused after.
    Again,
    /// Nothing is recorded.
    Silent,
}

/// One arrival.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) nr: usize,
    /// What the picture shows; none: no code is in it.
    pub(super) code: Option<String>,
    pub(super) standing: Standing,
    pub(super) expect: Expect,
}

/// One thing that is done at a desk.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// The desk serves this room from now on.
    Start(Room),
    Arrive(Arrival),
    /// The last guest let in to this room is taken back.
    Undo(Room),
    /// Everything is sent before the next step.
    Sync,
    /// `kill -9`, and started again on the same folder.
    Kill,
}

/// The steps of three desks in one act.
pub(super) type Act = [Vec<Step>; 3];

/// The whole plan.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) online: Act,
    pub(super) together: Act,
    pub(super) cut: Act,
    pub(super) healed: Act,
}

impl Script {
    /// Every arrival, in the order of the plan.
    pub(super) fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        let acts = [&self.online, &self.together, &self.cut, &self.healed];
        acts.into_iter().flatten().flatten().filter_map(|step| match step {
            Step::Arrive(arrival) => Some(arrival),
            _ => None,
        })
    }
}
