//! Everything that can happen. A new action is a function and a line in one of the tables.

mod by_hand;
mod carrying;
mod clocks;
mod disks;
mod door;
mod duties;
mod failures;
mod keys;
mod leaving;
mod malice;
mod noted;
mod office;
mod persons;
mod restores;
mod revoked;
mod supervisor;
mod sync;
mod walk_ins;
mod write_ahead;

use crate::{
    chance::Chance,
    world::{Outcome, World},
};

pub(crate) use office::SUPERVISOR;
pub use restores::Backup;
pub(crate) use restores::settle_the_lost;
pub(crate) use revoked::{accept_all, is as is_revoked, strand};
pub(crate) use sync::{apply_all, deliver, enrol, fetch_list, is_torn};

/// Something that can happen.
#[derive(Clone, Copy, Debug)]
pub struct Action {
    /// What it is called in traces and reports.
    pub name: &'static str,
    /// How often it comes, in comparison with the others.
    pub weight: u64,
    /// What it does. It draws all its choices from the step's own stream.
    pub run: fn(&mut World, &mut Chance) -> Outcome,
}

const TABLES: [&[Action]; 17] = [
    door::TABLE,
    leaving::TABLE,
    sync::TABLE,
    failures::TABLE,
    clocks::TABLE,
    office::TABLE,
    supervisor::TABLE,
    persons::TABLE,
    restores::TABLE,
    carrying::TABLE,
    disks::TABLE,
    malice::TABLE,
    revoked::TABLE,
    write_ahead::TABLE,
    by_hand::TABLE,
    noted::TABLE,
    walk_ins::TABLE,
];

/// One of them, by weight.
#[must_use]
pub fn choose(chance: &mut Chance) -> Action {
    let all = || TABLES.iter().flat_map(|table| table.iter());
    let mut left = chance.below(all().map(|action| action.weight).sum());
    for action in all() {
        if left < action.weight {
            return *action;
        }
        left -= action.weight;
    }
    door::TABLE[0]
}
