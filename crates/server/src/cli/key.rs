//! `key rotate`: the server signs with a new key from now on (DESIGN section 10, *key rotated*).

use std::path::Path;

use usher_authority::{Error, Rotation};

use super::{Done, Problem, store_problem};
use crate::{
    run::{LockRefusal, ServingLock},
    store,
};

pub(super) fn rotate(data: &Path, now: bool) -> Result<Done, Problem> {
    if !data.exists() {
        return Err(store_problem(Error::NoDatabase { path: data.display().to_string() }));
    }
    let _stopped = ServingLock::take(data).map_err(in_use)?;
    match store::rotate_key(data, now).map_err(store_problem)? {
        Rotation::Done { number } => {
            println!("The server has a new key (change {number} of this event); the old one is not kept.");
            println!("Desks take the new one at their next contact. Next: usher-server serve.");
            println!(
                "Back up the database anew, and keep {}.roster: only there is the key outside it.",
                data.display()
            );
            Ok(Done::Whole)
        }
        Rotation::Awaiting => Err(Problem::new(
            "The key was not changed: desks are awaited since the server was put back.",
            "Let each of them sync, or settle it; or add --now, and what only they know of the server's earlier decisions is lost.",
        )),
        Rotation::TooMany => Err(Problem::new(
            "The key was not changed: it was changed too often in this event.",
            "Make a new event, and enrol the desks there.",
        )),
    }
}

fn in_use(refusal: LockRefusal) -> Problem {
    let remedy = match refusal {
        LockRefusal::Held(_) => "Stop it first, then run `usher-server key rotate` again, then start it.",
        LockRefusal::Io(..) => "Check who may write in the database's folder.",
    };
    Problem::new(format!("The key was not changed: {refusal}."), remedy)
}
