//! `tickets export`: one QR code for each guest, and a table that says whose it is.

use std::{
    fs,
    path::{Path, PathBuf},
};

use usher_authority::{Error, TicketRow};

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
    let tickets = tickets(&server, session.as_deref()).map_err(store_problem)?;
    fs::create_dir_all(&args.out).map_err(|error| file_problem(&args.out, "made", &error))?;
    let bar = Bar::new("drawing", tickets.len() as u64);
    let index_path = args.out.join("index.csv");
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
        let file = file_name(ticket, args.format);
        draw(&code, &args.out.join(&file), args.format)?;
        index.write_record([&ticket.name, &ticket.code, &file]).map_err(unwritten)?;
        bar.show(done as u64, tickets.len() as u64);
    }
    index.flush().map_err(|error| file_problem(&index_path, "written", &error))?;
    bar.end();
    println!("Wrote {} tickets and index.csv to {}.", tickets.len() - bad, args.out.display());
    Ok(if bad == 0 { Done::Whole } else { Done::Partly })
}

/// The session's title as the event has it.
fn session(server: &Server, wanted: &str) -> Result<String, Problem> {
    let sessions = server.sessions().map_err(store_problem)?;
    let folded = wanted.trim().to_lowercase();
    let found = sessions.iter().find(|session| session.name.to_lowercase() == folded);
    found.map(|session| session.name.clone()).ok_or_else(|| {
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

fn draw(code: &Modules, path: &PathBuf, format: TicketFormat) -> Result<(), Problem> {
    let written = match format {
        TicketFormat::Svg => fs::write(path, code.svg(MODULE_PIXELS as usize)),
        TicketFormat::Png => {
            code.png(MODULE_PIXELS).map_err(std::io::Error::other).and_then(|bytes| fs::write(path, bytes))
        }
    };
    written.map_err(|error| file_problem(path, "written", &error))
}

/// The guest's name in letters and digits of its own script, and a part of the id, so that namesakes have files of their own.
fn file_name(ticket: &TicketRow, format: TicketFormat) -> String {
    let mut name = String::new();
    for letter in ticket.name.chars() {
        if name.len() + letter.len_utf8() > NAME_BYTES_MAX {
            break;
        }
        if letter.is_alphanumeric() {
            name.push(letter);
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    let id = ticket.person_id.0.simple().to_string();
    let end = if format == TicketFormat::Png { "png" } else { "svg" };
    let name = name.trim_end_matches('-');
    let name = if name.is_empty() { "guest" } else { name };
    format!("{name}-{}.{end}", &id[..12])
}

#[cfg(test)]
mod tests {
    use super::*;
    use usher_core::ids::PersonId;

    fn named(name: &str) -> String {
        let ticket = TicketRow {
            person_id: PersonId(uuid::Uuid::from_u128(0xabcd_ef01_2345 << 80)),
            name: name.into(),
            email: String::new(),
            code: String::new(),
            kind: String::new(),
            sessions: Vec::new(),
            cancelled: false,
        };
        file_name(&ticket, TicketFormat::Png)
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
