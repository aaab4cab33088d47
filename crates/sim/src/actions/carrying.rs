//! Logs travel by file: *Save unsent log* at a desk, `carry import` at the server; files may be torn, and come late.

use data_encoding::HEXLOWER;
use usher_authority::Proven;
use usher_core::chain::{sha256, verify_request};
use usher_protocol::sync::SyncRequest;

use super::{Action, revoked};
use crate::{
    chance::Chance,
    desk::carried,
    oracle::broken,
    world::{Outcome, World},
};

/// How many files there are.
const STICKS_MAX: usize = 8;

pub(super) const TABLE: &[Action] = &[
    Action { name: "save a log to a file", weight: 5, run: save },
    Action { name: "import a saved log", weight: 7, run: import },
];

fn save(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(d) = world.running(chance) else { return Ok(()) };
    let mut file = match world.seats[d].desk.carry(world.now_ms) {
        Ok(file) => file,
        Err(error) => return world.failed(d, "saving its log", &error),
    };
    carried(&file).iter().for_each(|(_, proof)| world.oracle.left(proof.identity(), proof.handed));
    world.report.fault("carry: a log was saved");
    if chance.one_in(3) {
        file.truncate(usize::try_from(chance.below(file.len() as u64)).unwrap_or(0));
        world.report.fault("carry: torn");
    }
    if world.sticks.len() == STICKS_MAX {
        world.sticks.remove(0);
    }
    world.sticks.push(file);
    Ok(())
}

/// A file of any age is taken in, once more or for the first time.
fn import(world: &mut World, chance: &mut Chance) -> Outcome {
    if world.sticks.is_empty() || !world.server.is_up() {
        return Ok(());
    }
    let at = usize::try_from(chance.below(world.sticks.len() as u64)).unwrap_or(0);
    let file = world.sticks[at].clone();
    take_in(world, &file)
}

/// Whatever a desk has is saved and taken in, page by page.
pub(super) fn bring(world: &mut World, d: usize) -> Outcome {
    match world.seats[d].desk.carry(world.now_ms) {
        Ok(file) => {
            carried(&file).iter().for_each(|(_, proof)| world.oracle.left(proof.identity(), proof.handed));
            take_in(world, &file)
        }
        Err(error) => world.failed(d, "saving its log", &error),
    }
}

fn take_in(world: &mut World, file: &[u8]) -> Outcome {
    for (page, proof) in carried(file) {
        let credential = match world.server.authority().and_then(|it| it.credential(proof.station)) {
            Ok(Some(credential)) => credential,
            // A server that was put back may not know the desk.
            Ok(None) => return Ok(()),
            Err(error) => return world.server_failed("a credential", &error),
        };
        let Ok(signature) = page.signature.0.clone().try_into() else {
            return broken("a page has no signature");
        };
        if !verify_request(&credential.key, &page.proof.0, &signature) || sha256(&page.body.0) != proof.body {
            return broken(format!("a saved page is not signed: {}", HEXLOWER.encode(&page.proof.0)));
        }
        let Ok(request) = serde_json::from_slice::<SyncRequest>(&page.body.0) else {
            return broken("a saved page cannot be read");
        };
        let proven = Proven { proof: &proof, bytes: &page.proof.0, signature: &signature };
        let now_ms = world.now_ms;
        let taken = world.server.with(now_ms, |it, fresh| it.take_carried(proven, &request, fresh));
        world.watch()?;
        match &taken {
            Ok(taken) if taken.disputed => revoked::took(world, &request),
            Ok(_) => world.oracle.took(&proof),
            Err(_) => {}
        }
        match taken {
            Ok(taken) if taken.entries > 0 => world.report.fault("carry: news by file"),
            Ok(_) => world.report.sometimes("a file brought nothing new"),
            Err(error) => return world.server_failed("an import of a log", &error),
        }
    }
    Ok(())
}
