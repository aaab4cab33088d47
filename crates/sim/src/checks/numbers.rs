//! P2 and I1 in the end: everybody counts the same, and what the oracle counts.

use usher_core::ids::SessionId;
use usher_protocol::records::SessionRecord;

use crate::{
    actions::is_revoked,
    desk::Desk,
    oracle::broken,
    world::{Outcome, World},
};

/// P2: the server's tables are what its entries say.
pub(super) fn tables(world: &World) -> Outcome {
    match world.server.authority().and_then(|authority| authority.check()) {
        Ok(differences) if differences.is_empty() => Ok(()),
        other => broken(format!("P2: {other:?}")),
    }
}

/// P2: server, every desk, and a desk that was made anew count what the oracle counts.
pub(super) fn counted(world: &mut World, session: SessionId) -> Outcome {
    let due = world.oracle.counts(session);
    let board = world.server.authority().and_then(|authority| authority.board(world.now_ms));
    let board = board.or_else(|error| broken(format!("no board in the end: {error}")))?;
    let row = board.sessions.iter().find(|row| row.id == session.to_string());
    if row.map(|row| (row.occupied, row.inside)) != Some(due) {
        return broken(format!("P2: the board of {session} says {row:?}, the oracle {due:?}"));
    }
    let (unsettled, open) = (row.map(|row| row.unsettled), world.oracle.doubles(session).len() as u64);
    if unsettled != Some(open) {
        return broken(format!("P2: the board of {session} has {unsettled:?} unsettled, the oracle {open}"));
    }
    if due.0 > due.1 {
        world.report.sometimes("somebody was let in twice");
    }
    let rules = world.server.authority().and_then(|authority| authority.sessions());
    let rules = rules.or_else(|error| broken(format!("no sessions in the end: {error}")))?;
    for (d, seat) in world.seats.iter().enumerate().filter(|(d, _)| !is_revoked(world, *d)) {
        let (Ok(files), Ok(who)) = (seat.desk.files(), seat.desk.who()) else { continue };
        let of = |all: &[SessionRecord]| all.iter().find(|one| one.rules.id == session).cloned();
        if !matches!(files.sessions(), Ok(known) if of(&known) == of(&rules)) {
            return broken(format!("P2: desk {d} knows other rules for {session} than the server"));
        }
        match files.known(who, session) {
            Ok(known) if (known.tally.occupied, known.tally.inside) == due => {}
            other => return broken(format!("P2: desk {d} says {other:?} of {session}, the oracle {due:?}")),
        }
    }
    Ok(())
}

/// A list that is taken from the beginning gives the same numbers as one that grew.
pub(super) fn fresh_list(world: &World) -> Outcome {
    let Ok(bytes) = world.server.snapshot() else { return broken("no snapshot in the end") };
    let Some(good) = (0..world.seats.len()).find(|d| !is_revoked(world, *d)) else { return Ok(()) };
    let mut fresh = Desk::new(good, world.seats[good].desk.disk.copy());
    let Ok(()) = fresh.start() else { return broken("a copied desk does not start") };
    let taken = fresh.take_snapshot(&bytes, world.now_ms);
    let (Ok(()), Ok(files), Ok(who)) = (taken, fresh.files(), fresh.who()) else {
        return broken("a copied desk takes no snapshot");
    };
    for session in &world.sessions {
        let due = world.oracle.counts(*session);
        match files.known(who, *session) {
            Ok(known) if (known.tally.occupied, known.tally.inside) == due => {}
            other => {
                return broken(format!("P2: a fresh list says {other:?} of {session}, the oracle {due:?}"));
            }
        }
    }
    Ok(())
}

/// A desk has all the rights that it was granted, and they are what its log says.
pub(super) fn rights_have_arrived(world: &mut World, d: usize) -> Outcome {
    if is_revoked(world, d) {
        return Ok(());
    }
    let desk = &world.seats[d].desk;
    let (Ok(files), Ok(who)) = (desk.files(), desk.who()) else { return broken("a desk is down in the end") };
    for session in &world.sessions {
        let known = files.known(who, *session).or_else(|error| broken(format!("desk {d}: {error}")))?;
        let due = world.oracle.granted(who.identity, *session);
        if known.rights.granted != due {
            return broken(format!("desk {d} knows of {} rights, {due} were granted", known.rights.granted));
        }
    }
    Ok(())
}
