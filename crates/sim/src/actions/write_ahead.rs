//! While a desk's computer is off, somebody tidies its folder up: a write-ahead log is deleted, with whatever stood only in there.

use usher_disk::Disk;

use super::{
    Action,
    disks::{is_sound, marked, note_lost, sound},
};
use crate::{
    chance::Chance,
    desk::{Desk, FOLDER},
    hazard::Hazard,
    oracle::Broken,
    world::{Outcome, World},
};

pub(super) const TABLE: &[Action] = &[
    Action { name: "delete the lists' write-ahead log", weight: 4, run: of_lists },
    Action { name: "delete the log's write-ahead log", weight: 3, run: of_log },
    Action { name: "delete both write-ahead logs", weight: 2, run: of_both },
    Action { name: "read the lists for long", weight: 16, run: read_for_long },
];

/// Whether there was one.
fn delete(disk: &Disk, of: &str) -> bool {
    disk.take_away(&format!("{FOLDER}/{of}-shm"));
    disk.take_away(&format!("{FOLDER}/{of}-wal"))
}

/// A sound desk, where there is one rather one whose lists are being read: a checkpoint is half a one there.
fn read_or_sound(world: &mut World, chance: &mut Chance) -> Result<Option<usize>, Broken> {
    let read = |world: &World, d: &usize| is_sound(world, *d) && world.seats[*d].desk.is_read();
    let read: Vec<_> = (0..world.seats.len()).filter(|d| read(world, d)).collect();
    let Some(d) = chance.pick(&read) else { return sound(world, chance) };
    world.compare(d)?;
    Ok(Some(d))
}

/// The lists are older than they were, or half a checkpoint of them is left: the desk notices that their write-ahead log is gone, goes by
/// what it finds, and fetches them anew (seeds 302102, 600268).
fn of_lists(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = read_or_sound(world, chance)? else { return Ok(()) };
    end_beside_a_reader(world, d, chance)?;
    delete_lists(world, d);
    world.start(d)
}

fn delete_lists(world: &mut World, d: usize) {
    if delete(&world.seats[d].desk.disk, "replica.db") {
        world.seats[d].torn = true;
        world.report.fault("storage: the lists' write-ahead log deleted");
    }
}

/// A guest is judged while others' entries come in: a checkpoint in this time is half a one.
fn read_for_long(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = sound(world, chance)? else { return Ok(()) };
    match world.seats[d].desk.read_for_long() {
        Ok(()) => Ok(()),
        Err(error) => world.failed(d, "reading the lists", &error),
    }
}

fn end_beside_a_reader(world: &mut World, d: usize, chance: &mut Chance) -> Outcome {
    match world.seats[d].desk.half_checkpoint() {
        Ok(true) => world.report.sometimes("a checkpoint of the lists was half a one"),
        Ok(false) => {}
        Err(error) => world.failed(d, "a checkpoint", &error)?,
    }
    world.end(d, false, chance);
    Ok(())
}

/// The log is older than it was: the mark beside it tells, and it goes on with a new life, or the desk is enrolled anew. What had not
/// reached the server is lost, and no right of it comes back.
fn of_log(world: &mut World, chance: &mut Chance) -> Outcome {
    lose_log(world, chance, false)
}

/// Everything that looks superfluous is deleted.
fn of_both(world: &mut World, chance: &mut Chance) -> Outcome {
    lose_log(world, chance, true)
}

fn lose_log(world: &mut World, chance: &mut Chance, lists_too: bool) -> Outcome {
    if !world.hazards.contains(&Hazard::RollBack) {
        return Ok(());
    }
    let Some(d) = read_or_sound(world, chance)? else { return Ok(()) };
    let Some(i) = world.seats[d].log else { return Ok(()) };
    let disk = world.seats[d].desk.disk.clone();
    // A mark that a power cut took back would not tell.
    if marked(&disk) != Some(world.oracle.last_of(i)) {
        return Ok(());
    }
    end_beside_a_reader(world, d, chance)?;
    if lists_too {
        delete_lists(world, d);
    }
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
