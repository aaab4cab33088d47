//! `erase`: everything personal about one guest goes, here and at every desk; entries, counts and chains stay.

use std::path::Path;

use usher_core::ids::PersonId;

use super::{Done, Problem, open, store_problem};
use crate::clock;

pub(super) fn erase(data: &Path, person: PersonId) -> Result<Done, Problem> {
    let server = open(data)?;
    if server.erase_person(person, clock::now_ms()).map_err(store_problem)? {
        println!(
            "Erased here. Each desk erases the name with its next contact; backups, files that were saved, and tables that were exported before still have it."
        );
        return Ok(Done::Whole);
    }
    Err(Problem::new(
        format!("Nobody on the guest list has the id {person}."),
        "`usher-server export guests` lists the ids in its last column.",
    ))
}
