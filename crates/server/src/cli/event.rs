//! `event create` and `demo create`.

use std::path::Path;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use usher_authority::NewEvent;
use usher_protocol::limits::{NAME_CHARS_MAX, PHONE_CHARS_MAX};

use super::{
    Done, Problem,
    grammar::{DoorArg, EventSetArgs},
    import, open, store_problem,
};
use crate::{
    clock, demo,
    store::{self, Server, fresh},
};

pub(super) fn create(data: &Path, name: &str, time_zone: &str, fast_door: bool) -> Result<Done, Problem> {
    make(data, name, time_zone, fast_door)?;
    println!("Made the event \"{}\" in {}.", name.trim(), data.display());
    println!("Next: usher-server import sessions FILE.csv, then import participants FILE.csv, then serve.");
    Ok(Done::Whole)
}

pub(super) fn demo(data: &Path, around: Option<&str>) -> Result<Done, Problem> {
    let given = |text| time(text, "leave --around out for the current time");
    let around_ms = around.map_or_else(|| Ok(clock::now_ms()), given)?;
    let server = make(data, demo::NAME, demo::TIME_ZONE, true)?;
    let sessions =
        import::store_sessions(&server, demo::sessions_csv(around_ms).as_bytes(), &Default::default())?;
    let guests = import::store_participants(&server, demo::GUESTS_CSV, &Default::default())?;
    server.set_help_phone(demo::HELP_PHONE).map_err(store_problem)?;
    fresh(|fresh| server.add_pin(demo::SUPERVISOR, false, demo::PIN, fresh)).map_err(store_problem)?;
    sessions.print("sessions");
    guests.print("participants");
    println!("Supervisor's PIN at its desks: {}", demo::PIN);
    println!("Made the demo event in {}. Next: usher-server --data {0} serve", data.display());
    Ok(if sessions.bad + guests.bad == 0 { Done::Whole } else { Done::Partly })
}

pub(super) fn set(data: &Path, args: &EventSetArgs) -> Result<Done, Problem> {
    let server = open(data)?;
    if let Some(phone) = &args.help_phone {
        if phone.trim().chars().count() > PHONE_CHARS_MAX || phone.chars().any(char::is_control) {
            let what = format!("A number has at most {PHONE_CHARS_MAX} characters on one line.");
            return Err(Problem::new(what, "Shorten it, for example --help-phone \"+34 600 123 456\"."));
        }
        server.set_help_phone(phone).map_err(store_problem)?;
    }
    if let Some(door) = args.door {
        server.set_fast_door(door == DoorArg::Fast).map_err(store_problem)?;
    }
    println!("Set. Each desk takes it over at its next contact.");
    Ok(Done::Whole)
}

fn make(data: &Path, name: &str, time_zone: &str, fast_door: bool) -> Result<Server, Problem> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        let what = format!("An event's name has 1 to {NAME_CHARS_MAX} characters on one line.");
        return Err(Problem::new(what, "Choose another, for example --name \"Open Days\"."));
    }
    let zone: Tz = time_zone.trim().parse().map_err(|_| {
        Problem::new(
            format!("\"{time_zone}\" is no time zone that is known."),
            "Write continent and city as in Europe/Madrid or America/New_York.",
        )
    })?;
    let event = NewEvent { name: name.into(), time_zone: zone.name().into(), fast_door };
    store::create(data, &event).map_err(store_problem)
}

/// A time as the command line has it, milliseconds since 1970 UTC; `or`: what else can be done.
pub(super) fn time(text: &str, or: &str) -> Result<i64, Problem> {
    let read =
        DateTime::parse_from_rfc3339(text.trim()).map(|time| time.with_timezone(&Utc).timestamp_millis());
    read.map_err(|_| {
        let what = format!("\"{text}\" is no time that is understood.");
        Problem::new(what, format!("Write it as 2026-11-20T10:00:00+01:00, or {or}."))
    })
}
