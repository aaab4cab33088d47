//! What is going to happen beside the desks, from the seed alone: what a supervisor decides, a desk that is lost, logs that travel by
//! file, and a backup that is put back. Its dice are its own, so that the desks' evening stays what it was.

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::{
    doors::ROOMS,
    plan::{DESKS, Outage, Step, desk_steps, guest},
};
use crate::real::proxy::Line;

/// Sets these dice apart from the desks'.
const DICE: u64 = 0x6d65_616e_7768_696c;

/// One deed of the supervisor or the organiser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// A room, by its index, has so many places from now on.
    Places { room: usize, places: u64 },
    /// A door is opened or paused.
    Door { room: usize, open: bool },
    /// The board is looked at.
    Look,
    /// The lost desk is written off wherever it may have places; of these so many percent count as spent.
    Settle { guess: u64 },
    /// A log that a desk saved is imported: the newest, the one before it …
    Carry { back: usize },
    /// What the lost desk's disk held is imported.
    CarryLost,
    /// Once the server was put back: whatever it has forgotten of the decisions is decided again.
    Confirm,
}

/// What becomes of a lost desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is found, so many steps of all later, and goes on.
    Returns { at_step: u64, steps: Vec<Step> },
    /// Its log is read from its disk, and carried.
    ByFile,
    /// Nothing of it is ever seen again.
    Never,
}

/// A desk more, which is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// What it does before.
    pub(super) steps: Vec<Step>,
    pub(super) fate: Fate,
}

/// With which outages, counted from 0, the database is copied and put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Backup {
    pub(super) taken: usize,
    pub(super) put_back: usize,
}

/// Everything beside the desks. Nothing, where an earlier version takes part: it knows none of this.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Meanwhile {
    /// After how many steps of all the desks what is done.
    pub(super) office: Vec<(u64, Deed)>,
    pub(super) lost: Option<Lost>,
    pub(super) backup: Option<Backup>,
}

impl Meanwhile {
    pub(super) fn new(seed: u64, steps: usize, outages: &[Outage]) -> Self {
        let mut rng = StdRng::seed_from_u64(seed ^ DICE);
        let all = (DESKS * steps) as u64;
        let mut office = decisions(&mut rng, all);
        office.extend(
            (0..6).map(|_| (rng.random_range(all / 4..all), Deed::Carry { back: rng.random_range(0..3) })),
        );
        let backup = rng.random_bool(0.5).then(|| backup(&mut rng, outages)).flatten();
        let again = backup.map_or(0, |backup| outages[backup.put_back].until_step + 1);
        if backup.is_some() {
            office.push((again, Deed::Confirm));
        }
        let lost = rng.random_bool(0.6).then(|| lost(&mut rng, (steps, all, again), &mut office));
        office.sort_by_key(|(step, _)| *step);
        Self { office, lost, backup }
    }
}

/// Places are changed in two of the three rooms that have any, doors are paused for a while.
fn decisions(rng: &mut StdRng, all: u64) -> Vec<(u64, Deed)> {
    let limited: Vec<_> = (0..ROOMS.len()).filter(|room| ROOMS[*room].places.is_some()).collect();
    let stays = rng.random_range(0..limited.len());
    let mut deeds = Vec::new();
    for (_, room) in limited.iter().enumerate().filter(|(nr, _)| *nr != stays) {
        for percent in [rng.random_range(40..95), rng.random_range(60..160), rng.random_range(40..160)] {
            let places = ROOMS[*room].places.unwrap_or(0) * percent / 100;
            deeds.push((rng.random_range(all / 8..all), Deed::Places { room: *room, places }));
        }
    }
    for _ in 0..2 {
        let (room, from) = (rng.random_range(0..ROOMS.len()), rng.random_range(all / 8..all));
        deeds.push((from, Deed::Door { room, open: false }));
        deeds.push((from + rng.random_range(20..45), Deed::Door { room, open: true }));
    }
    deeds.extend((0..5).map(|_| (rng.random_range(all / 8..all), Deed::Look)));
    deeds
}

fn backup(rng: &mut StdRng, outages: &[Outage]) -> Option<Backup> {
    let last = outages.len().checked_sub(2).filter(|last| *last > 0)?;
    let taken = rng.random_range(0..last);
    Some(Backup { taken, put_back: rng.random_range(taken + 1..=last) })
}

/// `again`: from which step on the server forgets nothing more. A settlement that is forgotten and repeated means another part of
/// the log than the first: nobody could say from outside what counts then.
fn lost(rng: &mut StdRng, (steps, all, again): (usize, u64, u64), office: &mut Vec<(u64, Deed)>) -> Lost {
    let here = rng.random_range(steps / 8..steps / 3);
    let mut before = desk_steps(rng, here);
    // While there are places left, it gets some of a room without held seats: there is something to be lost.
    before.extend([Step::Serve(rng.random_range(0..2)), Step::Line(Line::Passes), Step::Wait(3_000)]);
    let first = alone(rng, before, Vec::new());
    let settle = rng.random_range(all / 2..all * 3 / 4).max(again + 1);
    office.push((settle, Deed::Settle { guess: [0, 50, 100, 150][rng.random_range(0..4)] }));
    let fate = match rng.random_range(0..4) {
        0..2 => {
            let at_step = (settle + rng.random_range(5..40)).min(all - all / 8);
            let then = desk_steps(rng, steps / 4);
            let more = alone(rng, Vec::new(), then);
            Fate::Returns { at_step, steps: more }
        }
        // What the server was the only one to know, and forgot, nobody but that desk can give back.
        2 if again == 0 => Fate::Never,
        _ => {
            office.push(((settle + rng.random_range(0..60)).saturating_sub(30).max(again), Deed::CarryLost));
            Fate::ByFile
        }
    };
    Lost { steps: first, fate }
}

/// Between the two, guests without a network.
fn alone(rng: &mut StdRng, before: Vec<Step>, then: Vec<Step>) -> Vec<Step> {
    let guests = (0..rng.random_range(2..7)).map(|_| Step::Scan(guest(rng))).collect::<Vec<_>>();
    before.into_iter().chain([Step::Line(Line::Refuses)]).chain(guests).chain(then).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::plan::Plan, *};

    fn of(seed: u64) -> Meanwhile {
        Meanwhile::new(seed, 140, &Plan::new(seed, 140).outages)
    }

    #[test]
    fn a_seed_is_one_evening_and_every_kind_comes() {
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        let all: Vec<_> = (0..60).map(of).collect();
        let fates: Vec<_> = all.iter().filter_map(|one| Some(&one.lost.as_ref()?.fate)).collect();
        let meets = |wanted: fn(&Fate) -> bool| fates.iter().any(|fate| wanted(fate));
        assert!(meets(|fate| matches!(fate, Fate::Returns { .. })));
        assert!(meets(|fate| *fate == Fate::ByFile) && meets(|fate| *fate == Fate::Never));
        assert!(all.iter().any(|one| one.backup.is_some() && one.lost.is_some()));
        assert!(all.iter().any(|one| one.backup.is_none() && one.lost.is_none()));
    }

    #[test]
    fn a_lost_desk_is_settled_after_the_server_was_put_back() {
        for seed in 0..60 {
            let (one, outages) = (of(seed), Plan::new(seed, 140).outages);
            let Some((backup, _)) = one.backup.zip(one.lost) else { continue };
            assert!(backup.taken < backup.put_back);
            let settled = one.office.iter().find(|(_, deed)| matches!(deed, Deed::Settle { .. }));
            assert!(settled.unwrap().0 > outages[backup.put_back].until_step, "seed {seed}");
        }
    }
}
