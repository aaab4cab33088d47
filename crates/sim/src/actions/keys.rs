//! The server's key is replaced while it is down, as the organiser's command does it (decision 0015).

use usher_authority::Rotation;

use crate::{
    chance::Chance,
    hazard::Hazard,
    world::{Outcome, World},
};

/// The server was started; now and then its key is replaced before anybody is answered.
pub(super) fn rotate(world: &mut World, chance: &mut Chance) -> Outcome {
    // What a server had signed behind an end that it does not know of itself is not believed of a replaced key: decision 0015 says what
    // that costs, and the oracle knows no such loss.
    let hidden = world.hazards.contains(&Hazard::HiddenRestore) && world.put_back > 0;
    if !chance.one_in(5) || hidden || !world.server.is_up() {
        return Ok(());
    }
    world.rotations += 1;
    let done = world.server.with(world.now_ms, |authority, fresh| authority.rotate_key(false, fresh));
    match done {
        Ok(Rotation::Done { number }) => {
            world.note(format_args!("  the server has key {number}"));
            world.report.fault("server: key rotated");
            world.report.sometimes("the server's key was replaced");
            Ok(())
        }
        Ok(Rotation::Awaiting | Rotation::TooMany) => Ok(()),
        Err(error) => {
            // The command ends there; whether the new key was kept shows when the server is started.
            let failed = world.server_failed("replacing the key", &error);
            world.end_server(false, chance);
            failed
        }
    }
}
