//! The supervisor's board against what the observer counted.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::count::Counted;

/// The board against the observer's own count.
pub(super) fn check(
    board: &Value,
    counts: &BTreeMap<String, Counted>,
    was_put_back: bool,
    wrong: &mut Vec<String>,
) {
    let none = Vec::new();
    let sessions = board["sessions"].as_array().unwrap_or(&none);
    let incidents = board["incidents"].as_array().unwrap_or(&none);
    for (name, counted) in counts {
        let Some(session) = sessions.iter().find(|one| one["name"] == json!(name)) else {
            wrong.push(format!("the board has no {name}"));
            continue;
        };
        let of = |kind: &str| {
            let here =
                incidents.iter().filter(|one| one["session"] == json!(name) && one["kind"] == json!(kind));
            here.count() as u64
        };
        for (what, says, is) in [
            ("inside", session["inside"].as_u64(), counted.inside),
            ("occupied", session["occupied"].as_u64(), counted.occupied),
            ("unsettled", session["unsettled"].as_u64(), counted.doubles()),
            ("over_grant", session["over_grant"].as_u64(), 0),
            ("double admissions to settle", Some(of("double_admission")), counted.doubles()),
            ("over capacity to settle", Some(of("over_capacity")), u64::from(counted.over() > 0)),
        ] {
            if says != Some(is) {
                wrong.push(format!("COUNT: {what} of {name}: the board says {says:?}, it is {is}"));
            }
        }
        check_worst(name, session, counted, wrong);
        let over = incidents
            .iter()
            .filter(|one| one["session"] == json!(name) && one["kind"] == json!("over_capacity"))
            .find(|one| one["over_by"].as_u64() != Some(counted.over()));
        if let Some(incident) = over {
            let (says, is) = (&incident["over_by"], counted.over());
            wrong.push(format!("COUNT: {name} is over its places by {says}, the board says, and it is {is}"));
        }
        let most = counted.most();
        if most.is_some_and(|most| session["worst"].as_u64().is_none_or(|worst| worst > most)) {
            wrong.push(format!(
                "the worst case of {name} is {}, more than its places allow",
                session["worst"]
            ));
        }
    }
    check_incidents(incidents, was_put_back, wrong);
}

/// The worst case is made of what is taken, what was written off and never seen, what desks may still use, and what is held.
fn check_worst(name: &str, session: &Value, counted: &Counted, wrong: &mut Vec<String>) {
    let says = |key: &str| session[key].as_u64().unwrap_or(u64::MAX / 8);
    // A server of 0.1.0 holds no seats, and says nothing of them.
    let held = session.get("held").map_or(0, |_| says("held"));
    let sure = counted.occupied + says("outstanding") + held;
    let (least, most) = (sure + counted.unseen.seats.0, sure + counted.unseen.seats.1);
    if !(least..=most).contains(&says("worst")) {
        let worst = &session["worst"];
        wrong
            .push(format!("COUNT: the worst case of {name} is {worst}, and its parts are {least} to {most}"));
    }
}

/// Every incident has a reason; and that the server was put back is said once.
fn check_incidents(incidents: &[Value], was_put_back: bool, wrong: &mut Vec<String>) {
    let put_back = incidents.iter().filter(|one| one["kind"] == json!("server_restored")).count();
    if put_back > usize::from(was_put_back) {
        wrong.push(format!("the board says {put_back} times that the server was put back"));
    }
    let known = ["double_admission", "over_capacity", "server_restored"];
    for incident in incidents.iter().filter(|one| !known.contains(&one["kind"].as_str().unwrap_or_default()))
    {
        wrong.push(format!("an incident that nothing explains: {incident}"));
    }
}
