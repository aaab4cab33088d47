//! *Connect*: a one-time code becomes this desk's credential.

use std::sync::{Arc, Mutex, PoisonError};

use ed25519_dalek::SigningKey;
use usher_core::{
    chain::{sha256, sign_enrolment},
    ids::{Epoch, Identity, MachineId},
};
use usher_protocol::{
    enrol::{EnrolAnswer, EnrolRequest, Role, normalise_code},
    error::{ErrorCode, SERVICE},
    limits::{PROTOCOL, PROTOCOL_OLDEST},
    setup::Setup,
    window::{ConnectOutcome, ConnectRefusal, WindowError},
};
use usher_replica::{Enrolled, Identified};
use uuid::Uuid;

use crate::{
    Desk, Host,
    address::read_address,
    client::{CallError, Client},
    desk::fault,
};

/// Enrols the desk. The key is made here and never leaves.
pub(crate) async fn connect_desk<H: Host>(
    desk: &Desk<H>,
    address: &str,
    code: &str,
) -> Result<ConnectOutcome, WindowError> {
    let files = desk.files()?;
    if desk.state().who.is_some() {
        return Ok(ConnectOutcome::Connected);
    }
    let granted = match enrol(&*desk.0.host, &desk.0.tried, Role::Desk, address, code).await {
        Ok(granted) => granted,
        Err(why) => return Ok(ConnectOutcome::Refused { why }),
    };
    let Some(who) = identified(&granted) else {
        return Ok(ConnectOutcome::Refused { why: ConnectRefusal::NotUsher });
    };
    desk.state().link.heard(desk.0.host.reading(), granted.answer.server_ms);
    let enrolled = Enrolled { who: who.clone(), term: granted.answer.term };
    if let Err(error) = files.enrol(&enrolled, desk.stamp()) {
        fault(&error);
        return Ok(ConnectOutcome::Refused { why: ConnectRefusal::Disk });
    }
    desk.keep_anchor(None);
    desk.state().who = Some(Arc::new(who));
    desk.ring();
    Ok(ConnectOutcome::Connected)
}

/// What an enrolment gave, with the key that it was made for.
pub(crate) struct Granted {
    pub(crate) key: SigningKey,
    pub(crate) epoch: Epoch,
    pub(crate) machine: MachineId,
    pub(crate) address: String,
    pub(crate) fingerprint: Option<String>,
    pub(crate) answer: EnrolAnswer,
}

/// The key that a code was presented with last. When the answer is lost the server has enrolled that key: the same code again must
/// come with the same key, or it is refused as used.
#[derive(Default)]
pub(crate) struct Tried(Mutex<Option<(String, SigningKey, Epoch)>>);

impl Tried {
    /// The key and epoch for this code, fresh unless it was tried just before.
    fn for_code<H: Host>(&self, host: &H, code: &str) -> (SigningKey, Epoch) {
        let mut tried = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, key, epoch) = match tried.take().filter(|(before, ..)| before == code) {
            Some(same) => tried.insert(same),
            None => tried.insert((code.to_owned(), fresh_key(host), Epoch(fresh_epoch(host)))),
        };
        (key.clone(), *epoch)
    }
}

/// Presents the code. `code` may be a whole setup string, which names address and fingerprint too.
pub(crate) async fn enrol<H: Host>(
    host: &H,
    tried: &Tried,
    role: Role,
    address: &str,
    code: &str,
) -> Result<Granted, ConnectRefusal> {
    let typed = Setup { address: address.into(), code: code.into(), fingerprint: None };
    let setup = Setup::from_text(code).unwrap_or(typed);
    let url = read_address(&setup.address)?;
    let code = normalise_code(&setup.code);
    let (key, epoch) = tried.for_code(host, &code);
    let machine = MachineId(Uuid::from_u128(host.machine()));
    let mut request = EnrolRequest {
        protocol: PROTOCOL,
        signature: data_encoding::HEXLOWER.encode(&sign_enrolment(&key, &code)),
        public_key: data_encoding::HEXLOWER.encode(key.verifying_key().as_bytes()),
        code,
        role,
        epoch,
        machine,
    };
    let client = Client::new(url.clone(), setup.fingerprint.as_deref()).map_err(|error| refusal(&error))?;
    let answer: EnrolAnswer = loop {
        match client.call_plain("v1/enrol", &request).await {
            // As the sync loop does: enrolling is the same in every version so far.
            Err(CallError::Refused(ErrorCode::ServerTooOld)) if request.protocol > PROTOCOL_OLDEST => {
                request.protocol -= 1;
            }
            answered => break answered.map_err(|error| refusal(&error))?,
        }
    };
    if answer.service != SERVICE || answer.role != role {
        return Err(ConnectRefusal::NotUsher);
    }
    Ok(Granted { key, epoch, machine, address: url.into(), fingerprint: setup.fingerprint, answer })
}

/// A key from 256 fresh bits, mixed so that a weak half of the source would not show.
fn fresh_key<H: Host>(host: &H) -> SigningKey {
    let bits = [host.random().to_le_bytes(), host.random().to_le_bytes()].concat();
    SigningKey::from_bytes(&sha256(&bits))
}

/// Never zero, so that an epoch can be told from none.
fn fresh_epoch<H: Host>(host: &H) -> u64 {
    (host.random() as u64).max(1)
}

fn identified(granted: &Granted) -> Option<Identified> {
    let answer = &granted.answer;
    let secret = data_encoding::HEXLOWER.decode(answer.event_secret.as_bytes()).ok()?;
    Some(Identified {
        event: answer.event.id,
        identity: Identity { station: answer.station, epoch: granted.epoch },
        name: answer.name.clone(),
        machine: granted.machine,
        key: granted.key.clone(),
        event_secret: secret.try_into().ok()?,
        address: granted.address.clone(),
        fingerprint: granted.fingerprint.clone(),
    })
}

fn refusal(error: &CallError) -> ConnectRefusal {
    tracing::warn!(%error, "connecting failed");
    match error {
        CallError::NoAnswer(_) | CallError::Setup(_) => ConnectRefusal::NoAnswer,
        CallError::WrongServer => ConnectRefusal::WrongServer,
        CallError::NotUsher(_) => ConnectRefusal::NotUsher,
        CallError::Refused(code) => refused(*code),
    }
}

const fn refused(code: ErrorCode) -> ConnectRefusal {
    match code {
        ErrorCode::CodeUnknown => ConnectRefusal::CodeUnknown,
        ErrorCode::CodeUsed => ConnectRefusal::CodeUsed,
        ErrorCode::CodeExpired => ConnectRefusal::CodeExpired,
        ErrorCode::WrongRole => ConnectRefusal::WrongRole,
        ErrorCode::TooManyTries => ConnectRefusal::TooManyTries,
        ErrorCode::ClientTooOld => ConnectRefusal::AppTooOld,
        ErrorCode::ServerTooOld => ConnectRefusal::ServerTooOld,
        _ => ConnectRefusal::ServerFault,
    }
}
