//! A sync request's body: what is read means the same when written again, and the server takes it, twice, whatever its entries are.

use usher_core::{
    chain::{RequestProof, hash_entry, sha256},
    entry::{Entry, Head},
};
use usher_protocol::{limits::REQUEST_BYTES_MAX, sync::SyncRequest};

use super::house::{self, House};

/// Takes any bytes.
pub fn take(bytes: &[u8]) {
    if bytes.len() > REQUEST_BYTES_MAX {
        return;
    }
    let Ok(request) = serde_json::from_slice::<SyncRequest>(bytes) else { return };
    let again = serde_json::to_vec(&request).ok();
    let again = again.and_then(|text| serde_json::from_slice(&text).ok());
    assert_eq!(again.as_ref(), Some(&request));
    let Some(proof) = proof(&request, bytes) else { return };
    let (_disk, server) = House::get().open();
    house::sync(&server, &proof, &request);
    house::sync(&server, &proof, &request);
    house::look_around(&server);
}

/// What the desk that wrote the last readable entry would have signed.
fn proof(request: &SyncRequest, body: &[u8]) -> Option<RequestProof> {
    let readable = |bytes: &Vec<u8>| Some((Entry::from_bytes(bytes).ok()?, hash_entry(bytes)));
    let (last, hash) = request.entries.iter().rev().find_map(|bytes| readable(&bytes.0))?;
    Some(RequestProof {
        event: last.event,
        station: last.station,
        epoch: last.epoch,
        head: Head { seq: last.seq, hash },
        handed: last.seq,
        term: request.cursor.term,
        body: sha256(body),
    })
}
