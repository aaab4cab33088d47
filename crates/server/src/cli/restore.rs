//! `restore`: an event whose database is lost comes back from the roster that stood beside it.

use std::path::Path;

use usher_protocol::enrol::Role;

use super::{Done, Problem, store_problem};
use crate::store;

pub(super) fn restore(data: &Path) -> Result<Done, Problem> {
    let server = store::restore(data).map_err(store_problem)?;
    let event = server.event().map_err(store_problem)?;
    let desks = server.credentials().map_err(store_problem)?;
    println!(
        "The event \"{}\" is back in {}, with the keys that its desks trust.",
        event.name,
        data.display()
    );
    println!("These desks are awaited. Places are given out again once each has synced, or was settled:");
    for desk in desks.iter().filter(|desk| desk.role == Role::Desk && !desk.revoked) {
        println!("  {}", desk.name);
    }
    println!(
        "Next: usher-server import sessions and import participants, with the same files as before, then serve."
    );
    Ok(Done::Whole)
}
