//! What a desk says to the server, and takes from it.

use ed25519_dalek::SigningKey;
use usher_core::{
    chain::{RequestProof, sign_enrolment},
    clock::Anchor,
    ids::{Epoch, Identity},
};
use usher_protocol::{
    carry::CarryPage,
    enrol::{EnrolAnswer, EnrolRequest, Role, normalise_code},
    limits::PROTOCOL,
    sync::{StationStatus, SyncAnswer},
};
use usher_replica::{
    Applied, Asking, Enrolled, Identified, Outgoing, Receipt, SnapshotError, StoreError, SyncError,
};

use super::{ANCHOR, Desk};
use crate::{chance::Chance, server::Reply};

impl Desk {
    /// Takes a snapshot of the server's feed.
    ///
    /// # Errors
    /// A fault of the files, or a snapshot that is not whole.
    pub fn take_snapshot(&mut self, bytes: &[u8], now_ms: i64) -> Result<(), SnapshotError> {
        self.reader = None;
        let files = self.files()?;
        let mut loading = files.begin_snapshot()?;
        loading.take(bytes)?;
        files.finish_snapshot(loading, self.stamp(now_ms).now_ms)
    }

    /// The request that enrols it under a one-time code, and the key that it is made for.
    #[must_use]
    pub fn enrol_request(&self, code: &str, chance: &mut Chance) -> (SigningKey, EnrolRequest) {
        let mut seed = [0; 32];
        seed.iter_mut().for_each(|byte| *byte = chance.bits() as u8);
        let key = SigningKey::from_bytes(&seed);
        let code = normalise_code(code);
        let request = EnrolRequest {
            protocol: PROTOCOL,
            signature: data_encoding::HEXLOWER.encode(&sign_enrolment(&key, &code)),
            public_key: data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes()),
            code,
            role: Role::Desk,
            epoch: Epoch(chance.bits().max(1)),
            machine: self.machine,
        };
        (key, request)
    }

    /// Keeps what enrolment gave.
    ///
    /// # Errors
    /// A fault of the files; nothing was kept then.
    pub fn enrol(
        &mut self,
        key: SigningKey,
        request: &EnrolRequest,
        answer: &EnrolAnswer,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let secret = data_encoding::HEXLOWER.decode(answer.event_secret.as_bytes()).unwrap_or_default();
        let who = Identified {
            event: answer.event.id,
            identity: Identity { station: answer.station, epoch: request.epoch },
            name: answer.name.clone(),
            machine: request.machine,
            key,
            event_secret: secret.try_into().unwrap_or([0; 32]),
            address: "http://127.0.0.1:1/".into(),
            fingerprint: None,
        };
        self.hear(answer.server_ms, now_ms)?;
        self.files()?.enrol(&Enrolled { who: who.clone(), term: answer.term }, self.stamp(now_ms))?;
        self.who = Some(who);
        Ok(())
    }

    /// Corrects the clock by what the server says, and keeps that where it changed.
    fn hear(&mut self, server_ms: i64, now_ms: i64) -> Result<(), StoreError> {
        let reading = self.clock.read(now_ms);
        let anchor =
            Anchor { server_ms, wall_ms: reading.wall_ms, mono_ms: reading.mono_ms, boot: reading.boot };
        let moved = self.anchor.is_none_or(|old| {
            old.boot != anchor.boot || (old.offset_ms() - anchor.offset_ms()).abs() > 1_000
        });
        self.anchor = Some(anchor);
        if moved { self.files()?.keep_setting(ANCHOR, &anchor) } else { Ok(()) }
    }

    /// *Save unsent log*: the carry file.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn carry(&self, now_ms: i64) -> Result<Vec<u8>, StoreError> {
        let (files, who) = self.both()?;
        let mut file = Vec::new();
        let status = StationStatus::default();
        files.carry(who, &status, self.stamp(now_ms).now_ms, &mut |line| {
            file.extend_from_slice(line);
            Ok(())
        })?;
        Ok(file)
    }

    /// The next sync request.
    ///
    /// # Errors
    /// A fault of the files.
    pub fn request(&self, now_ms: i64) -> Result<Outgoing, StoreError> {
        let (files, who) = self.both()?;
        let wall_ms = self.clock.read(now_ms).wall_ms;
        let status = StationStatus { wall_ms, session: self.serves, ..StationStatus::default() };
        let now_ms = self.stamp(now_ms).now_ms;
        files.next_request(
            who,
            Asking { serving: self.serves.into_iter().collect(), status, protocol: self.protocol, now_ms },
        )
    }

    /// Applies an answer to a request.
    ///
    /// # Errors
    /// A fault of the files, or an answer that the server did not sign.
    pub fn apply(&mut self, sent: &Outgoing, reply: &Reply, now_ms: i64) -> Result<Applied, SyncError> {
        let answer: SyncAnswer = serde_json::from_slice(&reply.body)
            .map_err(|error| StoreError::Damaged(format!("the answer cannot be read: {error}")))?;
        self.hear(answer.server_ms, now_ms)?;
        let (files, who) = self.both()?;
        let receipt = Receipt { signed: &reply.signed, body: &reply.body };
        files.apply_answer(who, sent, &answer, Some(receipt), self.stamp(now_ms).now_ms)
    }
}

/// The pages of a carry file that are whole; the last line may be torn.
#[must_use]
pub fn carried(file: &[u8]) -> Vec<(CarryPage, RequestProof)> {
    let whole = file.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let lines = file[..whole].split(|byte| *byte == b'\n');
    let pages = lines.filter_map(|line| serde_json::from_slice::<CarryPage>(line).ok());
    pages.filter_map(|page| RequestProof::from_bytes(&page.proof.0).ok().map(|proof| (page, proof))).collect()
}
