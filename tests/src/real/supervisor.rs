//! A supervisor over HTTP, spoken by hand: enrolled once, asks for boards and decides.

use std::{io::BufRead, net::SocketAddr};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    Failure, clock,
    http::{Answer, post},
};

/// The epoch under which supervisors ask: they write no log.
const EPOCH: u64 = 1;

/// A supervisor's credential.
#[derive(Debug)]
pub struct Supervisor {
    server: SocketAddr,
    key: SigningKey,
    who: Value,
}

impl Supervisor {
    /// Enrols with a one-time code; the key comes from `word`.
    ///
    /// # Errors
    /// Nobody answers, or the code is refused.
    pub fn enrol(server: SocketAddr, code: &str, word: &str) -> Result<Self, Failure> {
        let key = SigningKey::from_bytes(&Sha256::digest(word).into());
        let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let body = json!({
            // The oldest that a server takes.
            "protocol": 1,
            "code": code,
            "role": "supervisor",
            "public_key": HEXLOWER.encode(key.verifying_key().as_bytes()),
            "signature": HEXLOWER.encode(&sign(&key, b"usher enrol v1\0", plain.as_bytes())),
            "epoch": format!("{EPOCH:016x}"),
            "machine": "00000000-0000-0000-0000-000000000001",
        });
        let who = ask(server, "/v1/enrol", &[], body.to_string().as_bytes())?.text()?;
        Ok(Self { server, key, who: serde_json::from_str(&who)? })
    }

    /// A board that was computed after this call began: one that others were shown before may still lie there.
    ///
    /// # Errors
    /// The server does not give one.
    pub fn board(&self) -> Result<Value, Failure> {
        let asked_ms = clock::wall_ms();
        for line in self.watch(br#"{"protocol":2}"#)?.body.lines() {
            let Some(board) = line?.strip_prefix("data:").map(serde_json::from_str::<Value>).transpose()?
            else {
                continue;
            };
            if board["at_ms"].as_i64() >= Some(asked_ms) {
                return Ok(board);
            }
        }
        Err("the board's stream ended without a board".into())
    }

    /// Watches the board: its events follow.
    ///
    /// # Errors
    /// Nobody answers, or not in time; or the server refuses.
    pub fn watch(&self, body: &[u8]) -> Result<Answer, Failure> {
        self.ask("/v1/board", body)
    }

    /// What the server said when it was enrolled.
    #[must_use]
    pub const fn enrolled(&self) -> &Value {
        &self.who
    }

    /// Decides; why not, in the server's word.
    ///
    /// # Errors
    /// The server gives no answer: whether it was decided is not known.
    pub fn decide(&self, decision: &Value) -> Result<Option<String>, Failure> {
        let answer = self.ask("/v1/decide", decision.to_string().as_bytes())?.text()?;
        let answer: Value = serde_json::from_str(&answer)?;
        match &answer["refused"] {
            Value::Null if answer["service"] == json!("usher") => Ok(None),
            Value::String(why) => Ok(Some(why.clone())),
            _ => Err(format!("/v1/decide: {answer}").into()),
        }
    }

    fn ask(&self, path: &str, body: &[u8]) -> Result<Answer, Failure> {
        let proof = proof(&self.who, body)?;
        let signature = sign(&self.key, b"usher request v1\0", &proof);
        let (proof, signature) = (BASE64URL_NOPAD.encode(&proof), BASE64URL_NOPAD.encode(&signature));
        let headers = [("usher-proof", proof.as_str()), ("usher-signature", signature.as_str())];
        ask(self.server, path, &headers, body)
    }
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
