//! Desks are revoked, go on without knowing, and come back; what they send is accepted or not; somebody uses a stolen credential.

use usher_core::{
    entry::Entry,
    ids::{Epoch, Identity},
};
use usher_protocol::{
    decide::{Decision, Refused},
    error::ErrorCode,
    sync::SyncRequest,
};
use usher_replica::NewLife;

use super::{
    Action, carrying,
    supervisor::{Said, decide},
    sync::come_again,
};
use crate::{
    chance::Chance,
    desk::{Desk, wire},
    hazard::Hazard,
    oracle::{Broken, broken},
    server::{Answer, Server, Wire},
    world::{Outcome, World},
};

/// How many requests a thief makes.
const THEFTS_MAX: u64 = 3;

pub(super) const TABLE: &[Action] = &[
    Action { name: "revoke a desk", weight: 16, run: revoke },
    Action { name: "accept what a revoked desk sent", weight: 8, run: accept },
    Action { name: "use a stolen credential", weight: 20, run: steal },
    Action { name: "repeat a revoked desk's request", weight: 30, run: repeat },
];

/// Whether the server holds the desk for revoked.
pub(crate) fn is(world: &World, d: usize) -> bool {
    world.seats[d].log.is_some_and(|log| world.oracle.is_revoked(log.station))
}

/// Two desks stay that nobody revokes.
fn revoke(world: &mut World, chance: &mut Chance) -> Outcome {
    let wanted = |hazard| world.hazards.contains(&hazard);
    if !wanted(Hazard::Revoke) || wanted(Hazard::Copy) || wanted(Hazard::RollBack) {
        return Ok(());
    }
    let good: Vec<_> =
        (0..world.seats.len()).filter(|d| world.seats[*d].log.is_some() && !is(world, *d)).collect();
    let Some(d) = chance.pick(&good).filter(|_| good.len() > 2 && world.server.is_up()) else {
        return Ok(());
    };
    let Some(log) = world.seats[d].log else { return Ok(()) };
    let done = world.server.authority().and_then(|authority| authority.revoke(log.station));
    world.watch()?;
    match done {
        Ok(true) => {
            world.note(format_args!("  desk {d} is revoked"));
            world.report.fault("people: a desk was revoked");
            world.oracle.revoked(log.station);
            Ok(())
        }
        // A server that was put back may not know the desk.
        Ok(false) => Ok(()),
        Err(error) => world.server_failed("revoking a desk", &error),
    }
}

/// Whether an answer tells a revoked desk so; whoever is revoked is told nothing else, and nobody else is.
pub(super) fn is_told(world: &mut World, wire: &Wire, answer: &Answer) -> Result<bool, Broken> {
    let Ok(presented) = wire.proof.read() else { return Ok(false) };
    let station = presented.proof.station;
    let told = matches!(answer, Err(ErrorCode::Revoked));
    if told != world.oracle.is_revoked(station) {
        return broken(format!("{station} is revoked: {}, and was told {answer:?}", !told));
    }
    if told {
        world.note(format_args!("  server to {station}: it is revoked"));
        took(world, &serde_json::from_slice(&wire.body).unwrap_or_default());
    }
    Ok(told)
}

/// The server keeps what a revoked desk sends.
pub(super) fn took(world: &mut World, request: &SyncRequest) {
    let entries = request.entries.iter().filter_map(|bytes| Entry::from_bytes(&bytes.0).ok());
    for entry in entries {
        world.oracle.took_disputed(entry.key());
    }
}

/// The logs of revoked desks.
fn logs(world: &World) -> Vec<Identity> {
    let revoked = (0..world.seats.len()).filter(|d| is(world, *d));
    revoked.flat_map(|d| world.seats[d].lives.iter().copied()).collect()
}

/// A supervisor accepts what a revoked desk has sent by now.
fn accept(world: &mut World, chance: &mut Chance) -> Outcome {
    world.watch()?;
    let all = logs(world);
    let sent: Vec<_> = all.iter().copied().filter(|log| world.oracle.is_disputed(*log)).collect();
    let Some(log) = chance.pick(if sent.is_empty() { &all } else { &sent }) else { return Ok(()) };
    let news = !sent.is_empty();
    if let (Said::Done, true) = (accept_one(world, log)?, news) {
        world.report.sometimes("what a revoked desk had sent was accepted");
    }
    Ok(())
}

fn accept_one(world: &mut World, log: Identity) -> Result<Said, Broken> {
    let said = decide(world, &Decision::Accept { log })?;
    world.watch()?;
    match &said {
        Said::Done => {
            world.note(format_args!("  what {} {} sent is accepted", log.station, log.epoch));
            world.oracle.check_all_accepted(log)?;
        }
        // Nothing is held of it.
        Said::Refused(Some(Refused::Unknown) | None) => {}
        Said::Refused(why) => return broken(format!("what {log:?} sent cannot be accepted: {why:?}")),
    }
    Ok(said)
}

/// In the end a supervisor accepts everything; whether there was anything.
pub(crate) fn accept_all(world: &mut World) -> Result<bool, Broken> {
    let logs = logs(world);
    for log in &logs {
        accept_one(world, *log)?;
    }
    Ok(!logs.is_empty())
}

/// A revoked desk has nothing more to hear, and its log comes by file.
pub(crate) fn strand(world: &mut World, d: usize) -> Outcome {
    carrying::bring(world, d)
}

/// Whoever has a revoked desk's files gives its rights back, ends its log and begins another: nothing of that counts, whether or not
/// the server keeps it. Done at a copy of the server, so that the desk itself may still come back. Not while the server does not know that
/// it was put back: what it once signed to that desk may tell it, whoever shows that (seed 302077).
fn steal(world: &mut World, chance: &mut Chance) -> Outcome {
    if world.oracle.is_blind() {
        return Ok(());
    }
    let fits = |d: &usize| is(world, *d) && world.seats[*d].desk.who.is_some();
    let from: Vec<_> = (0..world.seats.len()).filter(fits).collect();
    let Some(d) = chance.pick(&from).filter(|_| world.server.is_up()) else { return Ok(()) };
    let mut thief = Desk::new(d, world.seats[d].desk.disk.copy());
    let mut server = Server::on(world.server.disk.copy(), chance.bits());
    if thief.start().is_err() || server.start(world.now_ms).is_err() {
        return broken("copies of a revoked desk and of the server do not start");
    }
    // What a supervisor accepted counts once it is there, after a restore as well, whoever brings it (seed 820809).
    ask_as_thief(&thief, &mut server, world.now_ms)?;
    let before = shown(&server, world.now_ms)?;
    if let Err(error) = thief.begin_life(NewLife::Fenced, Epoch(chance.bits().max(1)), world.now_ms) {
        return broken(format!("a thief cannot begin a life: {error}"));
    }
    world.report.fault("malice: a stolen credential");
    (0..THEFTS_MAX).try_for_each(|_| ask_as_thief(&thief, &mut server, world.now_ms))?;
    let after = shown(&server, world.now_ms)?;
    if before == after { Ok(()) } else { broken(format!("a thief changed {before:?} to {after:?}")) }
}

fn ask_as_thief(thief: &Desk, server: &mut Server, now_ms: i64) -> Outcome {
    let sent = thief.request(now_ms).or_else(|error| broken(format!("a thief asks: {error}")))?;
    match server.sync(&wire(&sent), now_ms) {
        Ok(Err(ErrorCode::Revoked)) => Ok(()),
        answer => broken(format!("a thief was answered {answer:?}")),
    }
}

/// Whoever has listened sends once more what a revoked desk had sent, before it was revoked or after.
fn repeat(world: &mut World, chance: &mut Chance) -> Outcome {
    let of_revoked: Vec<_> = (0..world.old.len()).filter(|at| is(world, world.old[*at].0)).collect();
    let Some(at) = chance.pick(&of_revoked).filter(|_| world.server.is_up()) else { return Ok(()) };
    let (d, wire) = world.old[at].clone();
    come_again(world, d, &wire)
}

/// The end of the feed, and each session's worst case and whether somebody is awaited.
fn shown(server: &Server, now_ms: i64) -> Result<(u64, Vec<(u64, usize)>), Broken> {
    let read = server.authority().and_then(|it| Ok((it.feed_end()?, it.board(now_ms)?, it.check()?)));
    let (end, board, wrong) = read.or_else(|error| broken(format!("no board for a thief: {error}")))?;
    if !wrong.is_empty() {
        return broken(format!("P2: after a thief {wrong:?}"));
    }
    Ok((end.position, board.sessions.iter().map(|row| (row.worst, row.awaited.len())).collect()))
}
