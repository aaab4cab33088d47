//! A desk that is lost: killed for good, and found again, read from its disk, or never seen again.

use tokio::{runtime::Handle, sync::watch};

use super::{
    beside::Beside,
    meanwhile::{Fate, Lost},
    volunteer::Volunteer,
};
use crate::real::{Failure, proxy::Line};

/// Works as planned, is lost, and meets its fate.
pub(super) fn carry_out(
    volunteer: &mut Volunteer,
    lost: &Lost,
    beside: &Beside,
    runtime: &Handle,
    done: &watch::Sender<u64>,
) -> Result<(), Failure> {
    let died = volunteer.take(&lost.steps, done).and_then(|()| die(volunteer, &lost.fate, beside));
    beside.gone.tell();
    died?;
    let Fate::Returns { at_step, steps } = &lost.fate else { return Ok(()) };
    beside.settled.wait(runtime);
    let _ = runtime.block_on(done.subscribe().wait_for(|done| done >= at_step));
    // It does not know yet that it was written off, and goes on with the places that it has.
    volunteer.restart()?;
    volunteer.carry_out(steps, done)
}

fn die(volunteer: &mut Volunteer, fate: &Fate, beside: &Beside) -> Result<(), Failure> {
    volunteer.turn(Line::Refuses)?;
    volunteer.die()?;
    if *fate == Fate::ByFile {
        volunteer.restart()?;
        beside.read_disk(volunteer.save()?);
        volunteer.die()?;
    }
    Ok(())
}
