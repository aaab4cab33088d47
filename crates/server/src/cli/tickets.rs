//! `tickets export`: one QR code for each guest, and a table that says whose it is.

use std::{fs, io, path::Path};

use usher_authority::{Error, TicketRow};
use usher_core::ids::PersonId;
use usher_protocol::records::SessionRecord;

use super::{
    Done, Problem, file_problem,
    grammar::{TicketFormat, TicketsArgs},
    open, store_problem,
};
use crate::{cli::sheet::Bar, qr::Modules, store::Server};

/// Pixels on each side of a module: enough for a phone's screen and a printer.
const MODULE_PIXELS: u32 = 10;
/// The longest part of a file's name that is made from the guest's, in bytes; with the rest it stays below every file system's bound.
const NAME_BYTES_MAX: usize = 120;

pub(super) fn export(data: &Path, args: &TicketsArgs) -> Result<Done, Problem> {
    let server = open(data)?;
    let session = args.session.as_deref().map(|wanted| session(&server, wanted)).transpose()?;
    let tickets =
        tickets(&server, session.as_ref().map(|session| session.name.as_str())).map_err(store_problem)?;
    let out = folder(args.out.as_deref().unwrap_or(Path::new(".")))?;
    let bar = Bar::new("drawing", tickets.len() as u64);
    let index_path = out.join("index.csv");
    let unwritten = |error: csv::Error| file_problem(&index_path, "written", &error.into());
    let mut index = csv::Writer::from_path(&index_path).map_err(unwritten)?;
    index.write_record(["name", "code", "file"]).map_err(unwritten)?;
    let mut bad = 0_usize;
    for (done, ticket) in tickets.iter().enumerate() {
        let Ok(code) = Modules::of(&ticket.code) else {
            eprintln!(
                "{}: the ticket code is too long for a QR code; give the guest a shorter one",
                ticket.name
            );
            bad += 1;
            continue;
        };
        let file = file_name(&ticket.name, ticket.person_id, args.format);
        let path = out.join(&file);
        draw(&code, &path, args.format).map_err(|error| file_problem(&path, "written", &error))?;
        index.write_record([&ticket.name, &ticket.code, &file]).map_err(unwritten)?;
        bar.show(done as u64, tickets.len() as u64);
    }
    index.flush().map_err(|error| file_problem(&index_path, "written", &error))?;
    bar.end();
    println!("Wrote {} tickets and index.csv to {}.", tickets.len() - bad, out.display());
    Ok(if bad == 0 { Done::Whole } else { Done::Partly })
}

/// The folder at `path`, made where it does not exist.
pub(super) fn folder(path: &Path) -> Result<&Path, Problem> {
    fs::create_dir_all(path).map_err(|error| file_problem(path, "made", &error))?;
    Ok(path)
}

/// The session of this title.
pub(super) fn session(server: &Server, wanted: &str) -> Result<SessionRecord, Problem> {
    let sessions = server.sessions().map_err(store_problem)?;
    let folded = wanted.trim().to_lowercase();
    let found = sessions.iter().find(|session| session.name.to_lowercase() == folded);
    found.cloned().ok_or_else(|| {
        let names: Vec<_> = sessions.iter().take(50).map(|session| format!("\"{}\"", session.name)).collect();
        Problem::new(
            format!("The event has no session \"{wanted}\"."),
            format!("Its sessions: {}.", names.join(", ")),
        )
    })
}

fn tickets(server: &Server, session: Option<&str>) -> Result<Vec<TicketRow>, Error> {
    let mut tickets = Vec::new();
    server.export_tickets(&mut |ticket| {
        let booked = session.is_none_or(|session| ticket.sessions.iter().any(|title| title == session));
        if booked && !ticket.cancelled && !ticket.code.is_empty() {
            tickets.push(ticket);
        }
        Ok(())
    })?;
    Ok(tickets)
}

/// Writes a QR code as a picture or a drawing.
pub(super) fn draw(code: &Modules, path: &Path, format: TicketFormat) -> io::Result<()> {
    match format {
        TicketFormat::Svg => fs::write(path, code.svg(MODULE_PIXELS as usize)),
        TicketFormat::Png => {
            code.png(MODULE_PIXELS).map_err(io::Error::other).and_then(|bytes| fs::write(path, bytes))
        }
    }
}

/// The guest's name in letters and digits of its own script, and a part of the id, so that namesakes have files of their own.
pub(super) fn file_name(guest: &str, id: PersonId, format: TicketFormat) -> String {
    let mut name = String::new();
    for letter in guest.chars() {
        if name.len() + letter.len_utf8() > NAME_BYTES_MAX {
            break;
        }
        if letter.is_alphanumeric() {
            name.push(letter);
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    let id = id.0.simple().to_string();
    let end = if format == TicketFormat::Png { "png" } else { "svg" };
    let name = name.trim_end_matches('-');
    let name = if name.is_empty() { "guest" } else { name };
    format!("{name}-{}.{end}", &id[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> String {
        file_name(name, PersonId(uuid::Uuid::from_u128(0xabcd_ef01_2345 << 80)), TicketFormat::Png)
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        assert_eq!(named("../../etc/passwd"), "etc-passwd-abcdef012345.png");
        assert_eq!(named("Ada  Lovelace"), "Ada-Lovelace-abcdef012345.png");
        assert_eq!(named("李 小龙"), "李-小龙-abcdef012345.png");
        assert_eq!(named(".. \u{0}:*"), "guest-abcdef012345.png");
        assert!(named(&"ж".repeat(400)).len() < 160);
    }
}
