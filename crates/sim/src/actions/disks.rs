//! Desks' files are copied to other computers, put back to older copies of themselves, and lost in part.

use std::collections::BTreeSet;

use usher_core::ids::{Identity, Seq};
use usher_disk::Disk;

use super::Action;
use crate::{
    chance::Chance,
    desk::{Desk, FOLDER},
    hazard::Hazard,
    network::Link,
    seat::Seat,
    world::{Outcome, World},
};

/// How many desks there are at most.
const SEATS_MAX: usize = 10;

pub(super) const TABLE: &[Action] = &[
    Action { name: "copy a desk's files aside", weight: 10, run: set_aside },
    Action { name: "put a desk's databases back", weight: 11, run: roll_back },
    Action { name: "copy a desk to another computer", weight: 5, run: copy },
    Action { name: "lose a desk's lists", weight: 2, run: lose_lists },
    Action { name: "another version at a desk", weight: 4, run: version },
];

/// A desk whose files can be copied: it runs, its disk is sound, and all that it wrote is known.
pub(super) fn sound(world: &mut World, chance: &mut Chance) -> Result<Option<usize>, crate::oracle::Broken> {
    let Some(d) = world.running(chance).filter(|d| is_sound(world, *d)) else { return Ok(None) };
    world.compare(d)?;
    Ok(Some(d))
}

pub(super) fn is_sound(world: &World, d: usize) -> bool {
    let seat = &world.seats[d];
    !seat.moved && !seat.desk.disk.is_halted() && seat.desk.disk.struck() == seat.struck_before
}

fn set_aside(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.hazards.contains(&Hazard::RollBack) {
        return Ok(());
    }
    if let Some(d) = sound(world, chance)?.filter(|d| !world.seats[*d].torn) {
        world.seats[d].earlier = Some(world.seats[d].desk.disk.copy());
    }
    Ok(())
}

/// The number that the mark beside the databases names.
pub(super) fn marked(disk: &Disk) -> Option<Seq> {
    let mark = disk.bytes(&format!("{FOLDER}/log.mark"))?;
    Some(u64::from_be_bytes(mark.get(24..32)?.try_into().ok()?))
}

/// The databases become an older copy of themselves; the mark beside them stays, and tells.
fn roll_back(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.hazards.contains(&Hazard::RollBack) {
        return Ok(());
    }
    let kept = (0..world.seats.len()).filter(|d| world.seats[*d].earlier.is_some());
    let kept: Vec<_> = kept.filter(|d| world.seats[*d].desk.who.is_some()).collect();
    let Some(d) = chance.pick(&kept).filter(|d| is_sound(world, *d)) else { return Ok(()) };
    world.compare(d)?;
    let Some(i) = world.seats[d].log else { return Ok(()) };
    let (end, disk) = (world.oracle.last_of(i), world.seats[d].desk.disk.clone());
    // A mark that a power cut took back would not tell.
    if marked(&disk) != Some(end) {
        return Ok(());
    }
    let Some(earlier) = world.seats[d].earlier.take() else { return Ok(()) };
    let mark = disk.bytes(&format!("{FOLDER}/log.mark")).unwrap_or_default();
    world.end(d, false, chance);
    earlier.put(&format!("{FOLDER}/log.mark"), &mark);
    swap(world, d, earlier);
    world.report.fault("storage: databases put back");
    world.seats[d].moved = true;
    let before = world.seats[d].lives.clone();
    world.start(d)?;
    note_lost(world, d, before);
    Ok(())
}

/// What is gone of the lives that a desk had. Those that its files do not have at all are lost from their beginning.
pub(super) fn note_lost(world: &mut World, d: usize, before: BTreeSet<Identity>) {
    for i in before {
        let end =
            if world.seats[d].lives.contains(&i) { world.seats[d].frozen.get(&i).copied() } else { Some(0) };
        if let Some(end) = end {
            world.oracle.lost(i, end);
            world.lost.push((i, end));
        }
    }
}

fn swap(world: &mut World, d: usize, disk: Disk) {
    let old = std::mem::replace(&mut world.seats[d].desk.disk, disk);
    world.report.disk(&old.counts());
    world.seats[d].struck_before = 0;
}

/// The same files go on at a second computer while the first one goes on as well.
fn copy(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.hazards.contains(&Hazard::Copy) || world.seats.len() >= SEATS_MAX {
        return Ok(());
    }
    let Some(d) = sound(world, chance)? else { return Ok(()) };
    let number = world.seats.len();
    let mut seat = Seat::new(Desk::new(number, world.seats[d].desk.disk.copy()));
    seat.moved = true;
    (seat.desk.serves, seat.log) = (world.seats[d].desk.serves, world.seats[d].log);
    seat.torn = world.seats[d].torn;
    seat.lives.clone_from(&world.seats[d].lives);
    seat.frozen.clone_from(&world.seats[d].frozen);
    seat.lives.iter().for_each(|i| world.oracle.copied(*i, world.oracle.last_of(*i)));
    world.seats.push(seat);
    world.net.links.push(Link::GOOD);
    world.report.fault("storage: a desk was copied to another computer");
    world.start(number)
}

/// What the server told is gone: it is fetched again, and nothing else is lost.
fn lose_lists(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = sound(world, chance)? else { return Ok(()) };
    world.end(d, false, chance);
    delete_lists(&world.seats[d].desk.disk);
    world.report.fault("storage: lists lost");
    world.start(d)
}

fn delete_lists(disk: &Disk) {
    for name in ["replica.db", "replica.db-wal", "replica.db-shm"] {
        disk.take_away(&format!("{FOLDER}/{name}"));
    }
}

/// The app is ended, and started in an older or the newest version.
fn version(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    world.seats[d].guests.clear();
    world.seats[d].desk.stop();
    let older = chance.one_in(2);
    world.seats[d].desk.protocol = older.then_some(1);
    world.report.fault(if older { "process: an older version" } else { "process: the newest version" });
    world.start(d)
}
