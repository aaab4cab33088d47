//! What supervisors say of those who leave and come back: which check-in an exit ends, and whether a session's guests come and go.

use usher_core::ids::SessionId;
use usher_protocol::decide::{Decision, Refused};

use super::{
    Action,
    supervisor::{Said, decide},
};
use crate::{
    chance::Chance,
    oracle::{Broken, broken},
    world::{Outcome, World},
};

pub(super) const TABLE: &[Action] = &[
    Action { name: "bind an exit by hand", weight: 8, run: bind },
    Action { name: "change whether guests come and go", weight: 2, run: come_and_go },
];

/// An exit that ends nothing, and a check-in of the same person, however the names came together; now and then anybody's.
fn bind(world: &mut World, chance: &mut Chance) -> Outcome {
    world.watch()?;
    let own = !chance.one_in(4);
    let Some((exit, check_in)) = chance.pick(&world.oracle.unbound(own)) else { return Ok(()) };
    let fits = world.oracle.fits(exit, check_in);
    world.oracle.binds_by_hand(exit, check_in);
    let said = decide(world, &Decision::Bind { exit, check_in })?;
    world.watch()?;
    match said {
        Said::Done if !fits => broken(format!("{exit:?} was bound to {check_in:?}, which does not fit")),
        Said::Done => {
            world.note(format_args!(
                "  {} {} ends {} {}",
                exit.station, exit.seq, check_in.station, check_in.seq
            ));
            world.report.sometimes("an exit was bound by hand");
            world.oracle.bound_by_hand(exit, check_in);
            Ok(())
        }
        Said::Refused(Some(Refused::DoesNotFit)) if fits => {
            broken(format!("{exit:?} cannot be bound to {check_in:?}, which fits"))
        }
        Said::Refused(Some(why @ (Refused::Done | Refused::Unknown))) if !world.oracle.is_bound(exit) => {
            broken(format!("{exit:?} cannot be bound to {check_in:?}: {why:?}"))
        }
        Said::Refused(Some(Refused::DoesNotFit)) => {
            world.report.sometimes("an exit was not bound by hand to somebody else's check-in");
            Ok(())
        }
        Said::Refused(_) => Ok(()),
    }
}

/// Whether the guests of a session come and go is changed while the doors are open.
fn come_and_go(world: &mut World, chance: &mut Chance) -> Outcome {
    let Some(session) = chance.pick(&world.sessions) else { return Ok(()) };
    if !world.server.is_up() {
        return Ok(());
    }
    let allowed = !world.come_and_go.contains(&session);
    // It may be kept also where the server says that it failed.
    world.come_and_go_changed.insert(session);
    if let Said::Done = decide(world, &Decision::ReEntry { session, allowed })? {
        world.report.sometimes(if allowed {
            "guests come and go from now on"
        } else {
            "guests do not come and go any more"
        });
        if allowed {
            world.come_and_go.insert(session);
        } else {
            world.come_and_go.remove(&session);
        }
    }
    Ok(())
}

/// Whether guests come and go at a session, as the desk knows: a change reaches it with its list.
pub(super) fn comes_and_goes(world: &World, d: usize, session: SessionId) -> Result<bool, Broken> {
    if !world.come_and_go_changed.contains(&session) {
        return Ok(world.come_and_go.contains(&session));
    }
    let desk = &world.seats[d].desk;
    let read = desk.disk.aside(|| desk.files()?.sessions());
    if world.seats[d].torn && read.is_err() {
        // Nor can the desk, and says so.
        return Ok(world.come_and_go.contains(&session));
    }
    let all = read.or_else(|error| broken(format!("desk {d} cannot read its sessions: {error}")))?;
    Ok(all.iter().any(|one| one.rules.id == session && one.rules.re_entry))
}
