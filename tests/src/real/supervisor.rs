//! A supervisor's requests, spoken by hand, as every version since 0.1.0 makes them.

use std::net::SocketAddr;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    Failure,
    http::{Answer, post},
};

/// The epoch under which the supervisor asks: it writes no log.
const EPOCH: u64 = 1;

/// Enrols under a one-time code; what the server answers.
///
/// # Errors
/// Nobody answers, or not in time; or the server refuses.
pub fn enrol(server: SocketAddr, code: &str, key: &SigningKey) -> Result<Value, Failure> {
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

/// Watches the board as whom [`enrol`] made: its events follow.
///
/// # Errors
/// As of [`enrol`].
pub fn watch(server: SocketAddr, who: &Value, key: &SigningKey, body: &[u8]) -> Result<Answer, Failure> {
    let proof = proof(who, body)?;
    let signature = sign(key, b"usher request v1\0", &proof);
    let (proof, signature) = (BASE64URL_NOPAD.encode(&proof), BASE64URL_NOPAD.encode(&signature));
    let headers = [("usher-proof", proof.as_str()), ("usher-signature", signature.as_str())];
    ask(server, "/v1/board", &headers, body)
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
