//! `stations`: who is enrolled, when it was last heard, and how one is refused from now on.

use std::path::Path;

use chrono::DateTime;
use chrono_tz::Tz;
use usher_authority::Credential;
use usher_protocol::{board::BoardStation, enrol::Role};

use super::{Done, Problem, grammar::StationsCommand, open, store_problem};
use crate::{clock, store::Server};

pub(super) fn stations(data: &Path, command: Option<StationsCommand>) -> Result<Done, Problem> {
    let server = open(data)?;
    match command {
        None | Some(StationsCommand::List) => list(&server),
        Some(StationsCommand::Revoke { name }) => revoke(&server, name.trim()),
    }
}

fn list(server: &Server) -> Result<Done, Problem> {
    let known = server.credentials().map_err(store_problem)?;
    if known.is_empty() {
        println!("No station is enrolled yet. Next: usher-server enrol --name \"Desk 1\"");
        return Ok(Done::Whole);
    }
    let board = server.board(clock::now_ms()).map_err(store_problem)?;
    let zone: Tz = board.time_zone.parse().unwrap_or(Tz::UTC);
    println!("{:<24} {:<11} {:<8} {:<20} {:>7}  id", "name", "role", "state", "last heard", "waiting");
    for one in &known {
        let id = one.station.to_string();
        print_line(one, board.stations.iter().find(|station| station.id == id), zone);
    }
    Ok(Done::Whole)
}

fn print_line(one: &Credential, seen: Option<&BoardStation>, zone: Tz) {
    let role = if one.role == Role::Desk { "desk" } else { "supervisor" };
    let state = if one.revoked { "revoked" } else { "enrolled" };
    let heard = seen.and_then(|station| DateTime::from_timestamp_millis(station.last_contact_ms?));
    let heard = heard
        .map_or_else(|| "–".into(), |time| time.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string());
    let waiting = seen.map_or_else(|| "–".into(), |station| station.waiting.to_string());
    println!("{:<24} {role:<11} {state:<8} {heard:<20} {waiting:>7}  {}", one.name, one.station);
}

fn revoke(server: &Server, name: &str) -> Result<Done, Problem> {
    let known = server.credentials().map_err(store_problem)?;
    let meant: Vec<_> =
        known.iter().filter(|one| one.name == name || one.station.to_string() == name).collect();
    let in_force: Vec<_> = meant.iter().filter(|one| !one.revoked).collect();
    match in_force[..] {
        [one] => {
            server.revoke(one.station).map_err(store_problem)?;
            println!(
                "{} is refused from now on. What it has sent stays; what it still holds can be sent, and waits for a decision.",
                one.name
            );
            Ok(Done::Whole)
        }
        [] if meant.is_empty() => Err(Problem::new(
            format!("No station is called \"{name}\"."),
            "`usher-server stations` lists them.",
        )),
        [] => {
            println!("\"{name}\" was revoked before.");
            Ok(Done::Whole)
        }
        _ => Err(Problem::new(
            format!("{} stations are called \"{name}\".", in_force.len()),
            "Give the id instead of the name; `usher-server stations` lists both.",
        )),
    }
}
