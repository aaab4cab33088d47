//! `pins`: with what supervisors unlock desks and let guests in whom a desk refuses.

use std::path::Path;

use usher_authority::PinAdded;
use usher_protocol::limits::{NAME_CHARS_MAX, PIN_DIGITS, PINS_MAX};

use super::{Done, Problem, open, store_problem};
use crate::{random, store::fresh};

/// How many digits a PIN has that nobody chose.
const MADE_DIGITS: u32 = 6;
/// How often one is made anew that somebody has already.
const MADE_TRIES: usize = 20;

pub(super) fn add(data: &Path, name: &str, unlocks_only: bool, pin: Option<&str>) -> Result<Done, Problem> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        let what = format!("A name has 1 to {NAME_CHARS_MAX} characters on one line.");
        return Err(Problem::new(what, "Give another, for example --name Maria."));
    }
    let server = open(data)?;
    let add =
        |pin: &str| fresh(|fresh| server.add_pin(name, unlocks_only, pin, fresh)).map_err(store_problem);
    let (added, pin) = match pin {
        Some(pin) => (add(pin)?, pin.to_owned()),
        None => made(add)?,
    };
    match added {
        PinAdded::Done => {
            println!("PIN of {name}: {pin}");
            let what = if unlocks_only { "unlocks desks" } else { "unlocks desks and lets guests in" };
            println!("It {what}, from each desk's next contact on. It is not shown again: write it down.");
            Ok(Done::Whole)
        }
        problem => Err(refused(problem, name)),
    }
}

/// Makes PINs until one is free.
fn made(add: impl Fn(&str) -> Result<PinAdded, Problem>) -> Result<(PinAdded, String), Problem> {
    let mut last = (PinAdded::Taken, String::new());
    for _ in 0..MADE_TRIES {
        let number = random::bits() % 10_u128.pow(MADE_DIGITS);
        let pin = format!("{number:0width$}", width = MADE_DIGITS as usize);
        last = (add(&pin)?, pin);
        if last.0 != PinAdded::Taken {
            break;
        }
    }
    Ok(last)
}

fn refused(why: PinAdded, name: &str) -> Problem {
    let (least, most) = (PIN_DIGITS.start(), PIN_DIGITS.end());
    match why {
        PinAdded::NotAPin => Problem::new(
            format!("A PIN has {least} to {most} digits from 0 to 9 and nothing else."),
            "Choose another, or leave --pin out: one is made then.",
        ),
        PinAdded::NameTaken => Problem::new(
            format!("{name} has a PIN already."),
            format!("Take it away first: usher-server pins remove \"{name}\"."),
        ),
        PinAdded::TooMany => Problem::new(
            format!("The event has {PINS_MAX} PINs, and no more fit."),
            "Take one away first: `usher-server pins list` names them.",
        ),
        _ => Problem::new("Somebody has this PIN.", "Choose another, or leave --pin out: one is made then."),
    }
}

pub(super) fn list(data: &Path) -> Result<Done, Problem> {
    let event = open(data)?.event().map_err(store_problem)?;
    if event.pins.is_empty() {
        println!("Nobody has a PIN: desks cannot be locked, and refuse whom they refuse.");
        println!("Next: usher-server pins add --name Maria");
    }
    for pin in &event.pins {
        let what = if pin.unlocks_only { "unlocks desks" } else { "unlocks desks, lets guests in" };
        println!("{}  {what}", pin.name);
    }
    Ok(Done::Whole)
}

pub(super) fn remove(data: &Path, name: &str) -> Result<Done, Problem> {
    if open(data)?.remove_pin(name).map_err(store_problem)? {
        println!("The PIN of {} opens nothing any more, from each desk's next contact on.", name.trim());
        return Ok(Done::Whole);
    }
    let what = format!("Nobody called \"{}\" has a PIN.", name.trim());
    Err(Problem::new(what, "`usher-server pins list` names who has one."))
}
