//! `enrol`: a one-time code, as words, as a QR code, or as JSON for scripts.

use std::{io::IsTerminal, path::Path};

use serde::Serialize;
use usher_authority::EnrolmentCode;
use usher_protocol::{enrol::Role, limits::NAME_CHARS_MAX, setup::Setup};

use super::{Done, Problem, grammar::EnrolArgs, open, store_problem};
use crate::{qr::Modules, run, store::fresh};

/// Where desks look for the server when nothing else is known.
const USUAL_ADDRESS: &str = "http://127.0.0.1:8080";

#[derive(Serialize)]
struct Printed<'a> {
    code: &'a str,
    role: Role,
    name: &'a str,
    expires_ms: i64,
    address: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
    setup: String,
}

pub(super) fn enrol(data: &Path, args: &EnrolArgs) -> Result<Done, Problem> {
    let name = args.name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        let what = format!("A station's name has 1 to {NAME_CHARS_MAX} characters on one line.");
        return Err(Problem::new(what, "Choose another, for example --name \"Desk 1\"."));
    }
    let address = address(data, args.address.as_deref())?;
    let fingerprint = fingerprint(data, &address)?;
    let server = open(data)?;
    let ttl_ms = i64::from(args.minutes) * 60_000;
    let role = args.role.into();
    let made = fresh(|fresh| server.make_enrolment_code(role, name, ttl_ms, fresh)).map_err(store_problem)?;
    let setup = Setup { address, code: made.code.clone(), fingerprint };
    if args.json {
        print_json(&setup, role, name, &made)
    } else {
        print_words(&setup, role, name, args.minutes)
    }
}

fn print_json(setup: &Setup, role: Role, name: &str, made: &EnrolmentCode) -> Result<Done, Problem> {
    let printed = Printed {
        code: &made.code,
        role,
        name,
        expires_ms: made.expires_ms,
        address: &setup.address,
        fingerprint: setup.fingerprint.as_deref(),
        setup: setup.to_text(),
    };
    let text = serde_json::to_string(&printed);
    println!("{}", text.map_err(|error| Problem::new(error.to_string(), "Leave --json out."))?);
    Ok(Done::Whole)
}

fn print_words(setup: &Setup, role: Role, name: &str, minutes: u32) -> Result<Done, Problem> {
    let text = setup.to_text();
    let window = if role == Role::Desk { "Connect this desk" } else { "Connect the supervisor window" };
    println!("{name}: one-time code {}, good for {minutes} min.", setup.code);
    println!(
        "In the Usher app, at \"{window}\", show this to the camera, or type the address and the code:\n"
    );
    let too_long = |_| Problem::new("The address is too long for a QR code.", "Give a shorter --address.");
    println!("{}", Modules::of(&text).map_err(too_long)?.half_blocks(std::io::stdout().is_terminal()));
    println!("address  {}\ncode     {}", setup.address, setup.code);
    if let Some(fingerprint) = &setup.fingerprint {
        println!("server   {fingerprint}");
    }
    println!("setup    {text}");
    Ok(Done::Whole)
}

fn usual_address() -> String {
    eprintln!(
        "note: no server of this database is running; if it will not listen on {USUAL_ADDRESS}, give --address"
    );
    USUAL_ADDRESS.into()
}

/// What was given, or where the server of this database listens.
fn address(data: &Path, given: Option<&str>) -> Result<String, Problem> {
    let address = match given {
        Some(given) => given.trim().trim_end_matches('/').to_owned(),
        None => run::running(data).map_or_else(usual_address, |here| here.address),
    };
    let host =
        address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or_default();
    if host.is_empty() || host.contains(['/', '?', '#', '&', '@']) || host.contains(char::is_whitespace) {
        let what = format!("{address} is no address that a desk can use.");
        return Err(Problem::new(
            what,
            "Write it as https://192.0.2.7:8443, or http://127.0.0.1:8080 on this computer.",
        ));
    }
    if host.starts_with("0.0.0.0") || host.starts_with("[::]") {
        let what = format!(
            "The server listens on every address of this computer ({address}); a desk needs one of them."
        );
        return Err(Problem::new(what, "Name it, for example --address https://192.0.2.7:8443."));
    }
    Ok(address)
}

/// Only the certificate that the server made itself is pinned; a given one is checked the usual way.
fn fingerprint(data: &Path, address: &str) -> Result<Option<String>, Problem> {
    if !address.starts_with("https://") || run::running(data).is_some_and(|here| !here.own_certificate) {
        return Ok(None);
    }
    run::own_fingerprint(data).map_err(|error| {
        Problem::new(
            error.to_string(),
            "Restore the certificate's file, or remove it and its key and start the server anew.",
        )
    })
}
