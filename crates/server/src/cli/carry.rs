//! `carry import`: a desk's log from a file, taken as if the network had brought it. Running it again changes nothing.

use std::{fs::File, path::Path};

use usher_authority::{Proven, SavedLog};
use usher_core::chain::{sha256, verify_request};
use usher_protocol::{
    carry::{CARRY_VERSION, CarryEnd, CarryHead},
    sync::{Signed, SyncRequest},
};

use super::{Done, Problem, file_problem, open, store_problem};
use crate::{
    carry::{CarryFault, CarryPart, CarryReader, Page},
    store::{Server, fresh},
};

/// What came of a file.
#[derive(Default)]
struct Carried {
    entries: u64,
    pages: u64,
    disputed: bool,
    end: Option<CarryEnd>,
}

pub(super) fn import(data: &Path, path: &Path) -> Result<Done, Problem> {
    let server = open(data)?;
    let (mut lines, head) = begin(&server, path)?;
    let mut carried = Carried::default();
    let taken = take_pages(&server, &mut lines, &mut carried);
    println!("{} new entries of {} were taken from {}.", carried.entries, head.name, path.display());
    if carried.disputed {
        println!("Its credential was revoked: a supervisor has to accept them before they count.");
    }
    taken?;
    match carried.end {
        Some(end) if end.end == carried.pages => Ok(Done::Whole),
        _ => Err(Problem::new(
            format!("{} ends early: what was whole in it was taken.", path.display()),
            "Save the log at the desk again, and import that file.",
        )),
    }
}

/// Reads a saved log without taking it in; calls `each` with what the server signed to the desk.
pub(super) fn saved(
    server: &Server,
    path: &Path,
    each: &mut dyn FnMut(&Signed) -> Result<(), Problem>,
) -> Result<SavedLog, Problem> {
    let (mut lines, head) = begin(server, path)?;
    let (mut saved, mut pages) = (SavedLog::default(), 0);
    loop {
        match lines.part()? {
            Some(CarryPart::Page(page)) => {
                let request = signed_request(server, &lines, &page)?;
                saved.add(&page.proof, &request);
                request.words().try_for_each(&mut *each)?;
                pages += 1;
            }
            Some(CarryPart::End(end)) if end.end == pages => return Ok(saved),
            _ if saved.ends_early() => return Ok(saved),
            _ => {
                let what =
                    format!("{} ends early: nothing of the log of {} is in it.", path.display(), head.name);
                return Err(Problem::new(what, "Save the log at the desk again."));
            }
        }
    }
}

/// Opens a file and reads its first line.
fn begin<'a>(server: &Server, path: &'a Path) -> Result<(Lines<'a>, CarryHead), Problem> {
    let file = File::open(path).map_err(|error| file_problem(path, "read", &error))?;
    let mut lines = Lines { reader: CarryReader::new(file), path };
    let head = head(server, &mut lines)?;
    Ok((lines, head))
}

struct Lines<'a> {
    reader: CarryReader<File>,
    path: &'a Path,
}

impl Lines<'_> {
    fn head(&mut self) -> Result<CarryHead, Problem> {
        self.reader.head().map_err(|fault| self.problem(&fault))
    }

    fn part(&mut self) -> Result<Option<CarryPart>, Problem> {
        self.reader.part().map_err(|fault| self.problem(&fault))
    }

    fn problem(&self, fault: &CarryFault) -> Problem {
        match fault {
            CarryFault::Read(error) => file_problem(self.path, "read", error),
            what => self.unusable(&what.to_string()),
        }
    }

    fn unusable(&self, what: &str) -> Problem {
        Problem::new(
            format!("Line {} of {} {what}.", self.reader.line(), self.path.display()),
            "Save the log at the desk again with \"Save unsent log\", and import that file as it is.",
        )
    }
}

fn head(server: &Server, lines: &mut Lines<'_>) -> Result<CarryHead, Problem> {
    let head = lines.head()?;
    if head.carry > CARRY_VERSION {
        return Err(Problem::new("A newer Usher saved this log.", "Update this server first."));
    }
    if head.event != server.event().map_err(store_problem)?.id {
        return Err(Problem::new(
            format!("This is the log of {} of another event.", head.name),
            "Name that event's database with --data.",
        ));
    }
    Ok(head)
}

fn take_pages(server: &Server, lines: &mut Lines<'_>, carried: &mut Carried) -> Result<(), Problem> {
    while let Some(part) = lines.part()? {
        match part {
            CarryPart::End(end) => {
                carried.end = Some(end);
                break;
            }
            CarryPart::Page(page) => take_page(server, lines, &page, carried)?,
        }
        carried.pages += 1;
    }
    Ok(())
}

fn take_page(server: &Server, lines: &Lines<'_>, page: &Page, carried: &mut Carried) -> Result<(), Problem> {
    let request = signed_request(server, lines, page)?;
    let proven = Proven { proof: &page.proof, bytes: &page.proof_bytes, signature: &page.signature };
    let taken = fresh(|fresh| server.take_carried(proven, &request, fresh)).map_err(store_problem)?;
    carried.entries += taken.entries;
    carried.disputed |= taken.disputed;
    Ok(())
}

/// What a page asks, if a desk of this event signed it.
fn signed_request(server: &Server, lines: &Lines<'_>, page: &Page) -> Result<SyncRequest, Problem> {
    let credential = server.credential(page.proof.station).map_err(store_problem)?;
    let signed = credential.is_some_and(|one| verify_request(&one.key, &page.proof_bytes, &page.signature));
    if !signed || sha256(&page.body) != page.proof.body {
        return Err(lines.unusable("is not what a desk of this event signed"));
    }
    page.request().map_err(|fault| lines.problem(&fault))
}
