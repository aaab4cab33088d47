//! `tickets export --signed`, `tickets revoke`, and the keys that tickets are signed with (decision 0020).

use std::{
    io,
    path::{Path, PathBuf},
};

use chrono_tz::Tz;
use usher_authority::{Revocation, SignedTicketRow, Withdrawal};
use usher_core::ids::SessionId;
use usher_protocol::limits::TICKET_KEYS_MAX;

use super::{
    Done, Problem, event, export,
    grammar::{TicketFormat, TicketsArgs},
    open,
    sheet::Bar,
    store_problem, tickets,
};
use crate::{clock, qr::Modules, store::fresh};

const HEADER: [&str; 6] = ["name", "email", "order", "kind", "cti", "signed_ticket"];

pub(super) fn export(data: &Path, args: &TicketsArgs) -> Result<Done, Problem> {
    let until = args.until.as_deref().map(|text| event::time(text, "leave --until out")).transpose()?;
    let server = open(data)?;
    let session = args.session.as_deref().map(|wanted| tickets::session(&server, wanted)).transpose()?;
    let session = session.map(|session| session.rules.id);
    let folder = args.pictures.as_deref().map(tickets::folder).transpose()?;
    let signer = fresh(|fresh| server.ticket_signer(until, fresh)).map_err(store_problem)?;
    let signer = signer.ok_or_else(too_many_keys)?;
    let all = server.person_count().map_err(store_problem)?;
    let (bar, mut done) = (Bar::new("signing", all), 0);
    let table = export::table(args.out.as_deref(), &header(folder), |csv| {
        server.export_signed_tickets(&signer, &mut |row| {
            done += 1;
            bar.show(done, all);
            if !is_booked(&row, session) {
                return Ok(());
            }
            let file = folder.map(|folder| picture(&row, folder, args.format)).transpose()?;
            Ok(csv.write_record(line(row).into_iter().chain(file))?)
        })
    });
    bar.end();
    table
}

fn header(pictures: Option<&Path>) -> Vec<&'static str> {
    HEADER.into_iter().chain(pictures.map(|_| "file")).collect()
}

fn line(row: SignedTicketRow) -> [String; 6] {
    [row.name, row.email, row.order, row.kind, row.id.to_string(), row.text]
}

fn is_booked(row: &SignedTicketRow, session: Option<SessionId>) -> bool {
    session.is_none_or(|session| row.sessions.contains(&session))
}

/// Draws a ticket; gives the file's name.
fn picture(row: &SignedTicketRow, folder: &Path, format: TicketFormat) -> io::Result<String> {
    let code = Modules::of(&row.text).map_err(io::Error::other)?;
    let file = tickets::file_name(&row.name, row.person_id, format);
    let path: PathBuf = folder.join(&file);
    let written = tickets::draw(&code, &path, format);
    written.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    Ok(file)
}

pub(super) fn keys(data: &Path) -> Result<Done, Problem> {
    let event = open(data)?.event().map_err(store_problem)?;
    let zone: Tz = event.time_zone.parse().unwrap_or(Tz::UTC);
    if event.ticket_keys.is_empty() {
        println!(
            "No ticket was signed yet. The first export makes a key: usher-server tickets export --signed."
        );
    }
    let newest = event.ticket_keys.last().map(|key| key.kid);
    for key in &event.ticket_keys {
        let state = match key.until_ms {
            Some(until) => format!("withdrawn {}", export::time(until, zone)),
            None if Some(key.kid) == newest => "signs".into(),
            None => "good".into(),
        };
        println!("{}  made {}  {state}", key.kid, export::time(key.from_ms, zone));
    }
    Ok(Done::Whole)
}

pub(super) fn rotate_key(data: &Path) -> Result<Done, Problem> {
    let server = open(data)?;
    let made = fresh(|fresh| server.rotate_ticket_key(fresh)).map_err(store_problem)?;
    let kid = made.ok_or_else(too_many_keys)?;
    println!("Tickets are signed with the new key {kid} from now on; those that are printed stay good.");
    println!(
        "Let every desk have contact once before new tickets are sent: usher-server tickets export --signed."
    );
    Ok(Done::Whole)
}

pub(super) fn withdraw_key(data: &Path, kid: &str) -> Result<Done, Problem> {
    let listed = "`usher-server tickets keys` lists them.";
    let key = kid.trim().to_lowercase().parse();
    let key = key.map_err(|_| Problem::new(format!("\"{kid}\" is no key's id."), listed))?;
    match open(data)?.withdraw_ticket_key(key, clock::now_ms()).map_err(store_problem)? {
        Withdrawal::Done => {
            println!("The tickets that {key} signed are old ones, at each desk from its next contact.");
            println!("Next: usher-server tickets export --signed, and send the new tickets.");
            Ok(Done::Whole)
        }
        Withdrawal::Already => {
            println!("{key} was withdrawn before.");
            Ok(Done::Whole)
        }
        Withdrawal::Unknown => Err(Problem::new(format!("The event has no key {key}."), listed)),
    }
}

pub(super) fn revoke(data: &Path, called: &str) -> Result<Done, Problem> {
    let server = open(data)?;
    match server.revoke_ticket(called).map_err(store_problem)? {
        Revocation::Done { name, id } => {
            println!(
                "The ticket {id} of {} is an old one, at each desk from its next contact.",
                shown(&name)
            );
            println!("The next export gives that guest a new one: usher-server tickets export --signed.");
            Ok(Done::Whole)
        }
        Revocation::Already { name, id } => {
            println!("The ticket {id} of {} was revoked before.", shown(&name));
            Ok(Done::Whole)
        }
        Revocation::Unknown => Err(Problem::new(
            format!("No guest on the list, and no guest's ticket, is called \"{called}\"."),
            "Name the ticket by its id or text, or the guest by e-mail address, name, code or person id. \
             Where the database was lost, import the guests again first: they get the tickets that they had.",
        )),
        Revocation::Several(count) => Err(Problem::new(
            format!("{count} guests are called \"{called}\"."),
            "Name the one ticket by its id, as the table of `tickets export --signed` has it.",
        )),
    }
}

const fn shown(name: &str) -> &str {
    if name.is_empty() { "a guest without a name" } else { name }
}

fn too_many_keys() -> Problem {
    Problem::new(
        format!("No key was made: the event has had {TICKET_KEYS_MAX} keys for tickets already."),
        "Use the newest key that is not withdrawn, or make a new event.",
    )
}
