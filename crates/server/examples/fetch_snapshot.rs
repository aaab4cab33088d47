//! Enrols at a running server and fetches the snapshot, as a new desk does, to measure how long the server takes:
//! `usher-server enrol --name Probe --json`, then `cargo run -p usher-server --example fetch_snapshot -- URL CODE`.

use std::error::Error;

use data_encoding::HEXLOWER;
use ed25519_dalek::SigningKey;
use usher_core::{
    chain::{RequestProof, sha256, sign_enrolment},
    entry::Head,
    ids::{Epoch, MachineId},
};
use usher_protocol::{
    enrol::{EnrolAnswer, EnrolRequest, Role, normalise_code},
    limits::PROTOCOL,
    proof::{PROOF_HEADER, ProofHeaders, SIGNATURE_HEADER},
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(url), Some(code)) = (args.next(), args.next()) else {
        return Err("URL and CODE are wanted".into());
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder().no_zstd().no_proxy().build()?;
    let key = SigningKey::from_bytes(&random());
    let request = EnrolRequest {
        protocol: PROTOCOL,
        role: Role::Desk,
        public_key: HEXLOWER.encode(key.verifying_key().as_bytes()),
        signature: HEXLOWER.encode(&sign_enrolment(&key, &normalise_code(&code))),
        code,
        epoch: Epoch(1),
        machine: MachineId(uuid::Uuid::nil()),
    };
    let answer = http.post(format!("{url}/v1/enrol")).json(&request).send().await?;
    let enrolled: EnrolAnswer = answer.error_for_status()?.json().await?;
    let headers = ProofHeaders::sign(&proof(&enrolled, request.epoch), &key);
    let started = tokio::time::Instant::now();
    let request = http.post(format!("{url}/v1/snapshot")).header("accept-encoding", "zstd");
    let request = request.header(PROOF_HEADER, headers.proof).header(SIGNATURE_HEADER, headers.signature);
    let packed = request.send().await?.error_for_status()?.bytes().await?;
    let took = started.elapsed();
    let lines = zstd::decode_all(&packed[..])?.iter().filter(|byte| **byte == b'\n').count();
    println!("{lines} lines in {} bytes packed, {} ms", packed.len(), took.as_millis());
    Ok(())
}

fn proof(enrolled: &EnrolAnswer, epoch: Epoch) -> RequestProof {
    RequestProof {
        event: enrolled.event.id,
        station: enrolled.station,
        epoch,
        head: Head::EMPTY,
        handed: 0,
        term: enrolled.term,
        body: sha256(b""),
    }
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    if getrandom::fill(&mut bytes).is_err() {
        std::process::abort();
    }
    bytes
}
