//! The desk: its files, its state, and the loops beside it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use usher_core::{
    clock::{Anchor, skew_ms},
    ids::{EntryKey, Epoch, MachineId, SessionId, ShiftId},
};
use usher_protocol::{
    limits::{PROTOCOL, PROTOCOL_OLDEST},
    window::{
        Attended, CameraSettings, CameraView, DoorMode, LessonStep, NotSaved, PracticeView, ScannerSettings,
        StoreProblem, WindowError,
    },
};
use usher_replica::{Identified, NewLife, Replica, Stamp, StoreError};
use uuid::Uuid;

use crate::{
    Host, Push,
    asking::Asking,
    badges::Badges,
    cards::Cards,
    connect::Tried,
    holding::Hold,
    lesson::{TAUGHT, Taught},
    link::Link,
    order::OpenOrder,
    pins::Tries,
    practice,
    ready::Seen,
    scanner::SCANNER,
    sync_loop, view,
};

/// The name of the setting that survives a restart.
const SEAT: &str = "seat";
const ANCHOR: &str = "anchor";

/// Who sits where: survives a restart, so that the desk goes on in the same session, person and mode.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seat {
    /// The session served.
    pub(crate) session: Option<SessionId>,
    /// The sessions served beside it.
    #[serde(default)]
    pub(crate) also: Vec<SessionId>,
    /// The session served was picked from among these as the usual one.
    #[serde(default)]
    pub(crate) picked: bool,
    /// The session served last, to be preselected.
    pub(crate) last: Option<SessionId>,
    /// The initials.
    pub(crate) initials: String,
    /// The shift's random id.
    pub(crate) shift: Option<ShiftId>,
    /// Fast door or ask first; none: as the event says.
    pub(crate) door: Option<DoorMode>,
    /// Names are shown as initials.
    #[serde(default)]
    pub(crate) names_hidden: bool,
    /// Who stands before the screen.
    #[serde(default)]
    pub(crate) attended: Attended,
}

impl Seat {
    /// Every session served, the usual one first.
    pub(crate) fn served(&self) -> Vec<SessionId> {
        let also = self.also.iter().filter(|_| self.session.is_some());
        self.session.iter().chain(also).copied().collect()
    }
}

/// What the desk knows beside its files.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) who: Option<Arc<Identified>>,
    pub(crate) seat: Seat,
    /// People leave by this door: every scan checks out. Not kept: a desk that starts lets people in.
    pub(crate) out: bool,
    pub(crate) link: Link,
    pub(crate) loading: Option<(u64, u64)>,
    pub(crate) cards: Cards,
    /// The order that is shown, to let in several at once.
    pub(crate) order: Option<OpenOrder>,
    /// What the check before opening has seen; none: it is not open.
    pub(crate) ready: Option<Seen>,
    /// This desk's guests are made up.
    pub(crate) practice: Option<PracticeView>,
    /// What of the first minute is taught here now.
    pub(crate) lesson: Option<LessonStep>,
    /// Who needs no first minute any more.
    pub(crate) taught: Taught,
    /// What was learned of the keyboard scanner.
    pub(crate) scanner: Option<ScannerSettings>,
    /// Scans that wait while a form is open.
    pub(crate) hold: Hold,
    pub(crate) camera: CameraView,
    pub(crate) camera_set: CameraSettings,
    pub(crate) not_saved: Option<NotSaved>,
    pub(crate) tries: Tries,
    /// Settings are open until then, by the computer's monotonic clock.
    pub(crate) settings_until_ms: Option<u64>,
    /// The server said that it waits for desks since it was put back to an older state.
    pub(crate) learning: bool,
    /// The version of the protocol that the server was found to take.
    pub(crate) protocol: u32,
    /// What supervisors are asked for.
    pub(crate) asking: Asking,
    /// Messages that were read, where that could not be written.
    pub(crate) put_aside: BTreeSet<EntryKey>,
}

pub(crate) struct Inner<H> {
    pub(crate) host: Arc<H>,
    pub(crate) files: Result<Replica, StoreProblem>,
    pub(crate) elsewhere: bool,
    pub(crate) state: Mutex<State>,
    // The desk that is practised on, while one is.
    practice: Mutex<Option<Desk<H>>>,
    /// Of a desk that is practised on: the one whose door it covers.
    pub(crate) covers: Option<Weak<Self>>,
    // One decision at a time: two keys on one card must not race each other.
    pub(crate) deciding: Mutex<()>,
    // For the sync loop: there is something to send or to fetch.
    pub(crate) bell: Notify,
    // For the absorbing loop: the own log may have grown.
    pub(crate) grown: Notify,
    pub(crate) folder: PathBuf,
    pub(crate) tried: Tried,
    pub(crate) badges: Badges,
}

/// A desk. Clones share everything.
pub struct Desk<H>(pub(crate) Arc<Inner<H>>);

impl<H> Clone for Desk<H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<H> std::fmt::Debug for Desk<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("folder", &self.0.folder).finish_non_exhaustive()
    }
}

impl<H: Host> Desk<H> {
    /// Opens the desk in `folder`. Always gives a desk: when the files cannot be used, its view says why.
    pub fn open(folder: &Path, host: H) -> Self {
        // What a practice left that was not ended is worth nothing.
        practice::forget(folder);
        Self::over(folder, Arc::new(host), None)
    }

    /// Opens the desk in `folder`, to practise on where it `covers` another one.
    pub(crate) fn over(folder: &Path, host: Arc<H>, covers: Option<Weak<Inner<H>>>) -> Self {
        let opened = Replica::open(folder);
        if let Err(error) = &opened {
            tracing::error!(%error, "the desk's files cannot be used");
        }
        let elsewhere = matches!(opened, Err(StoreError::OpenElsewhere));
        let opened = opened.and_then(|files| Ok((restore(&files, &*host)?, files)));
        let (state, files) = match opened {
            Ok((state, files)) => (state, Ok(files)),
            Err(error) => (State::empty(&*host), Err(error.problem())),
        };
        let badges = Badges::restored(files.as_ref().ok());
        let state = Mutex::new(state);
        let (deciding, bell, grown, folder) = (Mutex::new(()), Notify::new(), Notify::new(), folder.into());
        Self(Arc::new(Inner {
            host,
            files,
            elsewhere,
            state,
            practice: Mutex::default(),
            covers,
            deciding,
            bell,
            grown,
            folder,
            tried: Tried::default(),
            badges,
        }))
    }

    /// Runs the sync loop, the wake stream, the absorbing loop, the printing and the look at the printer until the returned handle is dropped. Needs a tokio runtime.
    #[must_use]
    pub fn run(&self) -> Running {
        Running(vec![
            tokio::spawn(sync_loop::run(self.clone())),
            tokio::spawn(crate::wake::run(self.clone())),
            tokio::spawn(crate::absorb_loop::run(self.clone())),
            tokio::spawn(crate::printing::run(self.clone())),
            tokio::spawn(crate::printer_watch::run(self.clone())),
        ])
    }

    /// The desk that stands at the door now: this one, or the one that is practised on.
    pub(crate) fn acting(&self) -> Self {
        self.practising().clone().unwrap_or_else(|| self.clone())
    }

    /// The desk that is practised on, while one is.
    pub(crate) fn practising(&self) -> MutexGuard<'_, Option<Self>> {
        self.0.practice.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the loops beside the door: something was written, is wanted, or may be fetched.
    pub(crate) fn ring(&self) {
        self.0.grown.notify_one();
        self.0.bell.notify_one();
    }

    /// Pushes the view to the windows.
    pub(crate) fn push(&self) {
        self.0.host.push(Push::Desk(Box::new(view::desk_view(&self.acting()))));
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The files, or why there are none.
    pub(crate) fn files(&self) -> Result<&Replica, WindowError> {
        self.0.files.as_ref().map_err(|problem| WindowError::Store { problem: *problem })
    }

    pub(crate) fn who(&self) -> Result<Arc<Identified>, WindowError> {
        self.state().who.clone().ok_or(WindowError::NotReady)
    }

    /// Now: the clocks, and the corrected time.
    pub(crate) fn stamp(&self) -> Stamp {
        let reading = self.0.host.reading();
        Stamp { reading, now_ms: self.state().link.now_ms(reading) }
    }

    /// The server does not know the protocol spoken so far: the one before it, where there is one.
    pub(crate) fn speak_older(&self) -> bool {
        let mut state = self.state();
        let older = state.protocol > PROTOCOL_OLDEST;
        state.protocol -= u32::from(older);
        older
    }

    pub(crate) fn fresh_id(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.host.random().to_le_bytes()).into_uuid()
    }

    /// How far this computer's clock is off, in milliseconds; positive: slow.
    pub(crate) fn skew_ms(&self) -> i64 {
        skew_ms(self.0.host.reading(), self.state().link.anchor.as_ref())
    }

    pub(crate) fn keep_seat(&self, seat: Seat) -> Result<(), WindowError> {
        self.files()?.keep_setting(SEAT, &seat).map_err(|error| fault(&error))?;
        self.state().seat = seat;
        Ok(())
    }

    /// Keeps the clock's anchor when it moved by more than a second, or a minute passed: a restart while offline then knows the
    /// time.
    pub(crate) fn keep_anchor(&self, before: Option<Anchor>) {
        let Some(anchor) = self.state().link.anchor else { return };
        let moved = before.is_none_or(|old| {
            (old.offset_ms() - anchor.offset_ms()).abs() > 1_000 || anchor.server_ms - old.server_ms > 60_000
        });
        if let (true, Ok(files)) = (moved, self.files())
            && let Err(error) = files.keep_setting(ANCHOR, &anchor)
        {
            tracing::warn!(%error, "the clock's anchor could not be kept");
        }
    }
}

/// A fault of the files as the windows name it, logged once here.
pub(crate) fn fault(error: &StoreError) -> WindowError {
    tracing::error!(%error, "the desk's files failed");
    WindowError::Store { problem: error.problem() }
}

impl State {
    fn empty<H: Host>(host: &H) -> Self {
        Self {
            who: None,
            seat: Seat::default(),
            link: Link::starting(host.reading(), None),
            loading: None,
            cards: Cards::default(),
            order: None,
            ready: None,
            practice: None,
            lesson: None,
            taught: Taught::default(),
            scanner: None,
            hold: Hold::default(),
            camera: CameraView::default(),
            camera_set: CameraSettings::default(),
            not_saved: None,
            tries: Tries::default(),
            settings_until_ms: None,
            learning: false,
            out: false,
            protocol: PROTOCOL,
            asking: Asking::default(),
            put_aside: BTreeSet::new(),
        }
    }
}

fn restore<H: Host>(files: &Replica, host: &H) -> Result<State, StoreError> {
    let mut state = State::empty(host);
    let anchor = files.setting(ANCHOR)?;
    state.link = Link::starting(host.reading(), anchor);
    state.seat = files.setting(SEAT)?.unwrap_or_default();
    state.taught = files.setting(TAUGHT)?.unwrap_or_default();
    state.scanner = files.setting(SCANNER)?;
    state.asking = Desk::<H>::called_before(files)?;
    state.camera_set = crate::camera::kept(files);
    if let Some(who) = files.identity()? {
        let who = go_on(files, who, host, &state)?;
        crate::history::recall(files, &who, &mut state.cards)?;
        state.who = Some(Arc::new(who));
    }
    Ok(state)
}

/// The desk's log goes on; on another computer, or from an older copy of its files, a new one is begun without rights.
fn go_on<H: Host>(
    files: &Replica,
    who: Identified,
    host: &H,
    state: &State,
) -> Result<Identified, StoreError> {
    let machine = MachineId(Uuid::from_u128(host.machine()));
    if files.goes_on(&who, machine)? {
        return Ok(who);
    }
    tracing::warn!("these files are a copy, or older than what this desk wrote: a new log is begun");
    let reading = host.reading();
    let stamp = Stamp { reading, now_ms: state.link.now_ms(reading) };
    files.begin_life(&who, NewLife::Copied, Epoch(host.random() as u64), machine, stamp)
}

/// The loops beside a desk; they end when this is dropped.
#[derive(Debug)]
pub struct Running(Vec<tokio::task::JoinHandle<()>>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.iter().for_each(tokio::task::JoinHandle::abort);
    }
}
