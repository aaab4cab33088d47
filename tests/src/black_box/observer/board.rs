//! The supervisor's board over HTTP, spoken by hand.

use std::{collections::BTreeMap, io::BufRead};

use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Evidence, count::Counted};
use crate::real::{
    Failure,
    supervisor::{enrol, watch},
};

/// Enrols as a supervisor and takes the first board.
pub(super) fn fetch(evidence: &Evidence) -> Result<Value, Failure> {
    let seed = Sha256::digest(format!("the observer of seed {}", evidence.seed));
    let key = SigningKey::from_bytes(&seed.into());
    let who = enrol(evidence.server, &evidence.code, &key)?;
    for line in watch(evidence.server, &who, &key, br#"{"protocol":2}"#)?.body.lines() {
        if let Some(data) = line?.strip_prefix("data:") {
            return Ok(serde_json::from_str(data)?);
        }
    }
    Err("the board's stream ended without a board".into())
}

/// The board against the observer's own count.
pub(super) fn check(board: &Value, counts: &BTreeMap<String, Counted>, wrong: &mut Vec<String>) {
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
        let most = counted.places.map(|places| places + counted.held_twice);
        if most.is_some_and(|most| session["worst"].as_u64().is_none_or(|worst| worst > most)) {
            wrong.push(format!(
                "the worst case of {name} is {}, more than its places allow",
                session["worst"]
            ));
        }
    }
    let known = ["double_admission", "over_capacity"];
    for incident in incidents.iter().filter(|one| !known.contains(&one["kind"].as_str().unwrap_or_default()))
    {
        wrong.push(format!("an incident that nothing explains: {incident}"));
    }
}
