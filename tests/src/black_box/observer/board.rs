//! The supervisor's board over HTTP, spoken by hand.

use std::{collections::BTreeMap, io::BufRead, net::SocketAddr};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Evidence, count::Counted};
use crate::real::{
    Failure,
    http::{Answer, post},
};

/// The epoch under which the observer asks: it writes no log.
const EPOCH: u64 = 1;

/// Enrols as a supervisor and takes the first board.
pub(super) fn fetch(evidence: &Evidence) -> Result<Value, Failure> {
    let seed = Sha256::digest(format!("the observer of seed {}", evidence.seed));
    let key = SigningKey::from_bytes(&seed.into());
    let who = enrol(evidence.server, &evidence.code, &key)?;
    let proof = proof(&who, b"{}")?;
    let signature = sign(&key, b"usher request v1\0", &proof);
    let (proof, signature) = (BASE64URL_NOPAD.encode(&proof), BASE64URL_NOPAD.encode(&signature));
    let headers = [("usher-proof", proof.as_str()), ("usher-signature", signature.as_str())];
    for line in ask(evidence.server, "/v1/board", &headers, b"{}")?.body.lines() {
        if let Some(data) = line?.strip_prefix("data:") {
            return Ok(serde_json::from_str(data)?);
        }
    }
    Err("the board's stream ended without a board".into())
}

fn enrol(server: SocketAddr, code: &str, key: &SigningKey) -> Result<Value, Failure> {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let body = json!({
        // The oldest that a server takes.
        "protocol": 1,
        "code": code,
        "role": "supervisor",
        "public_key": HEXLOWER.encode(key.verifying_key().as_bytes()),
        "signature": HEXLOWER.encode(&sign(key, b"usher enrol v1\0", plain.as_bytes())),
        "epoch": format!("{EPOCH:016x}"),
        "machine": "00000000-0000-0000-0000-000000000001",
    });
    Ok(serde_json::from_str(&ask(server, "/v1/enrol", &[], body.to_string().as_bytes())?.text()?)?)
}

fn sign(key: &SigningKey, word: &[u8], message: &[u8]) -> [u8; 64] {
    key.sign(&[word, message].concat()).to_bytes()
}

/// A request that must be answered.
fn ask(server: SocketAddr, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, Failure> {
    let json = ("content-type", "application/json");
    let answer = post(server, path, &[&[json], headers].concat(), body)?;
    if answer.status == 200 { Ok(answer) } else { Err(format!("{path}: {}", answer.status).into()) }
}

/// The proof of a request, in CBOR: who asks, an empty log's end, the term, and the body's SHA-256.
fn proof(who: &Value, body: &[u8]) -> Result<Vec<u8>, Failure> {
    let id = |value: &Value| -> Result<Vec<u8>, Failure> {
        let text = value.as_str().ok_or("an id is missing")?.replace('-', "");
        Ok(HEXLOWER.decode(text.as_bytes())?)
    };
    let mut out = vec![0x87];
    bytes(&mut out, &id(&who["event"]["id"])?);
    bytes(&mut out, &id(&who["station"])?);
    head(&mut out, 0, EPOCH);
    out.push(0x82);
    head(&mut out, 0, 0);
    bytes(&mut out, &[0; 32]);
    head(&mut out, 0, 0);
    head(&mut out, 0, who["term"].as_u64().ok_or("the term is missing")?);
    bytes(&mut out, &Sha256::digest(body));
    Ok(out)
}

fn bytes(out: &mut Vec<u8>, content: &[u8]) {
    head(out, 2, content.len() as u64);
    out.extend_from_slice(content);
}

/// The head of a CBOR item in its shortest form.
fn head(out: &mut Vec<u8>, kind: u8, value: u64) {
    let kind = kind << 5;
    match value {
        0..24 => out.push(kind | value as u8),
        24..=0xff => out.extend([kind | 24, value as u8]),
        0x100..=0xffff => {
            out.push(kind | 25);
            out.extend((value as u16).to_be_bytes());
        }
        0x1_0000..=0xffff_ffff => {
            out.push(kind | 26);
            out.extend((value as u32).to_be_bytes());
        }
        _ => {
            out.push(kind | 27);
            out.extend(value.to_be_bytes());
        }
    }
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
