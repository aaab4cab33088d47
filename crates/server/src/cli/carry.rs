//! `carry import`: a desk's log from a file, taken as if the network had brought it. Running it again changes nothing.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use usher_authority::Proven;
use usher_core::chain::{RequestProof, sha256, verify_request};
use usher_protocol::{
    carry::{CARRY_LINE_BYTES_MAX, CARRY_VERSION, CarryEnd, CarryHead, CarryPage},
    error::SERVICE,
    sync::SyncRequest,
};

use super::{Done, Problem, file_problem, open, store_problem};
use crate::store::{Server, fresh};

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
    let file = File::open(path).map_err(|error| file_problem(path, "read", &error))?;
    let mut lines = Lines { reader: BufReader::new(file), path, number: 0 };
    let head = head(&server, &mut lines)?;
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

struct Lines<'a> {
    reader: BufReader<File>,
    path: &'a Path,
    number: u64,
}

impl Lines<'_> {
    /// The next whole line; none: the file ends, or ends within a line.
    fn next(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let mut line = Vec::new();
        let most = CARRY_LINE_BYTES_MAX as u64 + 1;
        let read = self.reader.by_ref().take(most).read_until(b'\n', &mut line);
        read.map_err(|error| file_problem(self.path, "read", &error))?;
        self.number += 1;
        if line.len() > CARRY_LINE_BYTES_MAX {
            return Err(self.problem("is longer than a line of such a file can be"));
        }
        Ok(line.ends_with(b"\n").then_some(line))
    }

    fn problem(&self, what: &str) -> Problem {
        Problem::new(
            format!("Line {} of {} {what}.", self.number, self.path.display()),
            "Save the log at the desk again with \"Save unsent log\", and import that file as it is.",
        )
    }
}

fn head(server: &Server, lines: &mut Lines<'_>) -> Result<CarryHead, Problem> {
    let line = lines.next()?.unwrap_or_default();
    let head = serde_json::from_slice(&line).ok().filter(|head: &CarryHead| head.service == SERVICE);
    let Some(head) = head else { return Err(lines.problem("is not the beginning of a desk's saved log")) };
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
    while let Some(line) = lines.next()? {
        if let Ok(end) = serde_json::from_slice::<CarryEnd>(&line) {
            carried.end = Some(end);
            break;
        }
        let page = serde_json::from_slice::<CarryPage>(&line);
        let page = page.map_err(|_| lines.problem("cannot be read"))?;
        take_page(server, lines, &page, carried)?;
        carried.pages += 1;
    }
    Ok(())
}

fn take_page(
    server: &Server,
    lines: &Lines<'_>,
    page: &CarryPage,
    carried: &mut Carried,
) -> Result<(), Problem> {
    let unreadable = || lines.problem("cannot be read");
    let proof = RequestProof::from_bytes(&page.proof.0).map_err(|_| unreadable())?;
    let signature: [u8; 64] = page.signature.0.as_slice().try_into().map_err(|_| unreadable())?;
    let credential = server.credential(proof.station).map_err(store_problem)?;
    let signed = credential.is_some_and(|one| verify_request(&one.key, &page.proof.0, &signature));
    if !signed || sha256(&page.body.0) != proof.body {
        return Err(lines.problem("is not what a desk of this event signed"));
    }
    let request: SyncRequest = serde_json::from_slice(&page.body.0).map_err(|_| unreadable())?;
    let proven = Proven { proof: &proof, bytes: &page.proof.0, signature: &signature };
    let taken = fresh(|fresh| server.take_carried(proven, &request, fresh.now_ms)).map_err(store_problem)?;
    carried.entries += taken.entries;
    carried.disputed |= taken.disputed;
    Ok(())
}
