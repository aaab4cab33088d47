//! The supervisor's client: enrols with the supervisor's role and listens to the board. The credential stays on this side of
//! the window, in Rust and in a file of its owner's only.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ed25519_dalek::SigningKey;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use usher_core::{
    chain::{RequestProof, sha256},
    entry::Head,
    ids::{Epoch, EventId, StationId, Term},
};
use usher_protocol::{
    board::{Board, BoardAsk},
    commands::{ConnectSupervisor, Gate, Handles, LookAtBoard},
    enrol::Role,
    limits::PROTOCOL,
    proof::ProofHeaders,
    window::{ConnectOutcome, ConnectRefusal, LinkView, OfflineWhy, SupervisorView, WindowError},
};
use usher_replica::Backoff;

use crate::{
    Host, Push,
    client::{CallError, Client},
    connect::{Tried, enrol},
    link::offline,
};

const CREDENTIAL: &str = "supervisor.json";
/// The longest event of the stream, in bytes.
const EVENT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The credential as kept. No `Debug`: it holds the key.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credential {
    event: EventId,
    station: StationId,
    epoch: Epoch,
    term: Term,
    secret_key: String,
    address: String,
    fingerprint: Option<String>,
}

struct State {
    credential: Option<Credential>,
    link: LinkView,
    board: Option<Board>,
    /// When the board came, by the monotonic clock: its age is counted on the server's clock, not on this computer's.
    came_ms: u64,
}

struct Inner<H> {
    host: H,
    file: PathBuf,
    state: Mutex<State>,
    bell: Notify,
    tried: Tried,
}

/// A supervisor's seat. Clones share everything.
pub struct Supervisor<H>(Arc<Inner<H>>);

impl<H> Clone for Supervisor<H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<H> std::fmt::Debug for Supervisor<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Supervisor").finish_non_exhaustive()
    }
}

impl<H: Host> Supervisor<H> {
    /// Opens the seat kept in `folder`; without a credential its view asks to connect.
    pub fn open(folder: &Path, host: H) -> Self {
        let file = folder.join(CREDENTIAL);
        let credential = fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let link = LinkView::Offline { since_ms: host.reading().wall_ms, why: OfflineWhy::NoAnswer };
        let state = Mutex::new(State { credential, link, board: None, came_ms: 0 });
        Self(Arc::new(Inner { host, file, state, bell: Notify::new(), tried: Tried::default() }))
    }

    /// Listens to the board until the task is aborted.
    pub async fn run(self) {
        let mut backoff = Backoff::default();
        loop {
            let Some(credential) = self.state().credential.clone() else {
                self.0.bell.notified().await;
                continue;
            };
            let heard = self.listen(&credential).await;
            if self.lost(heard.as_ref().map_or_else(CallError::why_offline, |()| OfflineWhy::NoAnswer)) {
                backoff.succeed();
            }
            if let Err(error) = heard {
                tracing::info!(%error, "no board this time");
            }
            let wait_ms = backoff.fail(self.0.host.random() as u64);
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }

    /// The board that is shown, and how many milliseconds ago it came; none: there is none.
    pub(crate) fn shown<T>(&self, look: impl FnOnce(&Board, i64) -> T) -> Option<T> {
        let now_ms = self.0.host.reading().mono_ms;
        let state = self.state();
        let age_ms = i64::try_from(now_ms.saturating_sub(state.came_ms)).unwrap_or(i64::MAX);
        state.board.as_ref().map(|board| look(board, age_ms))
    }

    /// What this window decided gave the session's settings this revision: the next decision may come before the next board.
    pub(crate) fn note_rev(&self, session: &str, rev: u64) {
        let mut state = self.state();
        let shown =
            state.board.as_mut().and_then(|board| board.sessions.iter_mut().find(|one| one.id == session));
        if let Some(shown) = shown {
            shown.rev = shown.rev.max(Some(rev));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn credential(&self) -> Option<Credential> {
        self.state().credential.clone()
    }

    fn view(&self) -> SupervisorView {
        let reading = self.0.host.reading();
        let state = self.state();
        let since_ms = i64::try_from(reading.mono_ms.saturating_sub(state.came_ms)).unwrap_or(i64::MAX);
        let now_ms =
            state.board.as_ref().map_or(reading.wall_ms, |board| board.at_ms.saturating_add(since_ms));
        SupervisorView {
            connected: state.credential.is_some(),
            link: state.link,
            board: state.board.clone(),
            now_ms,
        }
    }

    fn push(&self) {
        self.0.host.push(Push::Supervisor(Box::new(self.view())));
    }

    /// The board stays, dated; whether the server was heard until now.
    fn lost(&self, why: OfflineWhy) -> bool {
        let now_ms = self.0.host.reading().wall_ms;
        let (before, after) = {
            let mut state = self.state();
            let before = state.link;
            state.link = offline(before, now_ms, why);
            (before, state.link)
        };
        if before != after {
            self.push();
        }
        before == LinkView::Online
    }

    async fn listen(&self, credential: &Credential) -> Result<(), CallError> {
        let client = credential.client()?;
        let setup = |why: &str| CallError::Setup(why.into());
        let ask = BoardAsk { protocol: PROTOCOL };
        let body = serde_json::to_vec(&ask).map_err(|error| setup(&error.to_string()))?;
        let proof = credential.proof(&body).ok_or_else(|| setup("the credential is damaged"))?;
        let answer = client.stream("v1/board", &proof, body).await?;
        let mut parts = answer.bytes_stream();
        let mut rest = Vec::new();
        while let Some(part) = parts.next().await {
            rest.extend_from_slice(&part?);
            while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = rest.drain(..=end).collect();
                self.line(&line);
            }
            if rest.len() > EVENT_BYTES_MAX {
                return Err(CallError::NoAnswer("an event of the board is too long".into()));
            }
        }
        Ok(())
    }

    /// One line of the stream: a board, a heartbeat, or the rest of the framing.
    fn line(&self, line: &[u8]) {
        let Some(data) = line.strip_prefix(b"data:") else { return };
        match serde_json::from_slice::<Board>(data) {
            Ok(board) => {
                let came_ms = self.0.host.reading().mono_ms;
                let mut state = self.state();
                (state.board, state.link, state.came_ms) = (Some(board), LinkView::Online, came_ms);
                drop(state);
                self.push();
            }
            Err(error) => tracing::warn!(%error, "a board could not be read"),
        }
    }

    fn keep(&self, credential: &Credential) -> std::io::Result<()> {
        let folder = self.0.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let next = self.0.file.with_extension("next");
        write_private(&next, &serde_json::to_vec(credential)?)?;
        fs::rename(&next, &self.0.file)
    }
}

/// Writes a file that its owner alone may read.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

impl Credential {
    pub(crate) fn client(&self) -> Result<Client, CallError> {
        let url = self.address.parse().map_err(|_| CallError::Setup("the server's address".into()))?;
        Client::new(url, self.fingerprint.as_deref())
    }

    pub(crate) fn proof(&self, body: &[u8]) -> Option<ProofHeaders> {
        let seed = data_encoding::HEXLOWER.decode(self.secret_key.as_bytes()).ok()?;
        let key = SigningKey::from_bytes(&seed.try_into().ok()?);
        let proof = RequestProof {
            event: self.event,
            station: self.station,
            epoch: self.epoch,
            head: Head::EMPTY,
            handed: 0,
            term: self.term,
            body: sha256(body),
        };
        Some(ProofHeaders::sign(&proof, &key))
    }
}

impl<H: Host> Gate for Supervisor<H> {}

impl<H: Host> Handles<LookAtBoard> for Supervisor<H> {
    async fn handle(&self, _: LookAtBoard) -> Result<SupervisorView, WindowError> {
        Ok(self.view())
    }
}

impl<H: Host> Handles<ConnectSupervisor> for Supervisor<H> {
    async fn handle(&self, args: ConnectSupervisor) -> Result<ConnectOutcome, WindowError> {
        let granted =
            match enrol(&self.0.host, &self.0.tried, Role::Supervisor, &args.address, &args.code).await {
                Ok(granted) => granted,
                Err(why) => return Ok(ConnectOutcome::Refused { why }),
            };
        let credential = Credential {
            event: granted.answer.event.id,
            station: granted.answer.station,
            epoch: granted.epoch,
            term: granted.answer.term,
            secret_key: data_encoding::HEXLOWER.encode(&granted.key.to_bytes()),
            address: granted.address,
            fingerprint: granted.fingerprint,
        };
        if let Err(error) = self.keep(&credential) {
            tracing::error!(%error, "the supervisor's credential could not be kept");
            return Ok(ConnectOutcome::Refused { why: ConnectRefusal::Disk });
        }
        self.state().credential = Some(credential);
        self.0.bell.notify_one();
        self.push();
        Ok(ConnectOutcome::Connected)
    }
}
