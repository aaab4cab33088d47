//! `check`: what is kept in tables is a cache of the log; this compares the two.

use std::path::Path;

use super::{Done, Problem, open, store_problem};

pub(super) fn check(data: &Path, rebuild: bool) -> Result<Done, Problem> {
    let server = open(data)?;
    let differences = server.check().map_err(store_problem)?;
    for difference in &differences {
        println!("{difference}");
    }
    match server.unread().map_err(store_problem)? {
        0 => {}
        count => println!(
            "Entries of a kind that only a later version knows: {count}. They are kept and passed on, and counted once this server is updated."
        ),
    }
    match (differences.len(), rebuild) {
        (0, false) => println!("The tables agree with the log."),
        (count, false) => {
            return Err(Problem::new(
                format!("{count} things in the tables differ from what the log says."),
                "The log is the truth. Run `usher-server check --rebuild` to make the tables anew from it.",
            ));
        }
        (count, true) => {
            server.rebuild().map_err(store_problem)?;
            println!("{count} differences were found; the tables were made anew from the log.");
        }
    }
    Ok(Done::Whole)
}
