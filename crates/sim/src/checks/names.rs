//! In the end every desk calls everybody whom a desk added by the same name: that of the server, which has every name that a desk still has.

use std::collections::BTreeMap;

use usher_core::{entry::Body, ids::PersonId};
use usher_protocol::sync::Change;

use crate::{
    actions::is_revoked,
    oracle::{Broken, broken},
    world::{Outcome, World},
};

/// Every walk-in's name reached every desk.
pub(super) fn everywhere(world: &mut World) -> Outcome {
    let known = at_server(world)?;
    for d in (0..world.seats.len()).filter(|d| !is_revoked(world, *d)) {
        let desk = &world.seats[d].desk;
        let (Ok(files), Ok(lives)) = (desk.files(), desk.lives()) else {
            return broken("a desk is down in the end");
        };
        for (person, name) in &known {
            match files.guest(*person) {
                Ok(Some(guest)) if guest.name == *name => {}
                other => return broken(format!("desk {d} calls {person} {other:?}, the server {name:?}")),
            }
        }
        for logged in lives.iter().flat_map(|(_, log)| log) {
            let Body::WalkIn(walk_in) = &logged.entry.body else { continue };
            if let (Ok(Some(guest)), None) = (files.guest(walk_in.person), known.get(&walk_in.person)) {
                return broken(format!("desk {d} alone knows the name of {}: {guest:?}", walk_in.person));
            }
        }
    }
    if known.values().any(String::is_empty) {
        world.report.sometimes("a walk-in was taken back everywhere");
    }
    Ok(())
}

fn at_server(world: &World) -> Result<BTreeMap<PersonId, String>, Broken> {
    let stream =
        world.server.snapshot().or_else(|error| broken(format!("no snapshot in the end: {error}")))?;
    let changes = stream.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    let added = changes.filter_map(|change| match change {
        Change::Person(person) if person.profile.is_some() => Some((person.id, person.name)),
        _ => None,
    });
    Ok(added.collect())
}
