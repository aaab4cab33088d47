//! While a desk's computer is off, somebody tidies its folder up: a write-ahead log is deleted, with whatever stood only in there.

use usher_disk::Disk;

use super::{
    Action,
    disks::{marked, note_lost, sound},
};
use crate::{
    chance::Chance,
    desk::{Desk, FOLDER},
    hazard::Hazard,
    world::{Outcome, World},
};

pub(super) const TABLE: &[Action] = &[
    Action { name: "delete the lists' write-ahead log", weight: 2, run: of_lists },
    Action { name: "delete the log's write-ahead log", weight: 3, run: of_log },
];

/// Whether there was one.
fn delete(disk: &Disk, of: &str) -> bool {
    disk.take_away(&format!("{FOLDER}/{of}-shm"));
    disk.take_away(&format!("{FOLDER}/{of}-wal"))
}

/// The lists are older than they were, or half a checkpoint of them is left: the desk notices that their write-ahead log is gone, goes by
/// what it finds, and fetches them anew (seeds 302102, 600268).
fn of_lists(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = sound(world, chance)? else { return Ok(()) };
    world.end(d, false, chance);
    if delete(&world.seats[d].desk.disk, "replica.db") {
        world.report.fault("storage: the lists' write-ahead log deleted");
    }
    world.start(d)
}

/// The log is older than it was: the mark beside it tells, and it goes on with a new life, or the desk is enrolled anew. What had not
/// reached the server is lost, and no right of it comes back.
fn of_log(world: &mut World, chance: &mut Chance) -> Outcome {
    if !world.hazards.contains(&Hazard::RollBack) {
        return Ok(());
    }
    let Some(d) = sound(world, chance)? else { return Ok(()) };
    let Some(i) = world.seats[d].log else { return Ok(()) };
    let disk = world.seats[d].desk.disk.clone();
    // A mark that a power cut took back would not tell.
    if marked(&disk) != Some(world.oracle.last_of(i)) {
        return Ok(());
    }
    world.end(d, false, chance);
    if !delete(&disk, "log.db") {
        return world.start(d);
    }
    world.report.fault("storage: the log's write-ahead log deleted");
    if !opens(d, &disk) {
        // It says so and lets nobody in: the folder is emptied, and the desk enrolled anew.
        world.report.sometimes("a log without its write-ahead log was refused");
        for (name, _) in disk.files() {
            disk.take_away(&name);
        }
    }
    let before = std::mem::take(&mut world.seats[d].lives);
    world.seats[d].moved = true;
    // Somebody who has a better copy puts that back instead.
    world.seats[d].earlier = None;
    world.start(d)?;
    if world.seats[d].desk.who.is_none() {
        world.report.sometimes("a desk forgot that it was enrolled");
        // One that did not even start has still to notice.
        (world.seats[d].log, world.seats[d].moved) = (None, !world.seats[d].desk.is_up());
    }
    note_lost(world, d, before);
    Ok(())
}

/// Whether the files are such as a desk can open: half a checkpoint and no log of it make no database.
fn opens(d: usize, disk: &Disk) -> bool {
    let mut desk = Desk::new(d, disk.copy());
    desk.start().is_ok() && (desk.who.is_none() || desk.goes_on().is_ok())
}
