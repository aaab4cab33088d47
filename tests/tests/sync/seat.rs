//! A desk as a person at it sees it: commands in, views out.

use std::{
    path::Path,
    sync::{Arc, Mutex, atomic::AtomicI64, atomic::Ordering},
    time::Duration,
};

use tokio::sync::watch;
use usher_core::clock::Reading;
use usher_protocol::{
    commands::{Accept, AskClosing, ConnectDesk, Handles, LookAtDesk, Scan, StartSession, UndoLetIn},
    enrol::Role,
    window::{CardOutcome, CardView, ClosingView, ConnectOutcome, DeskView, LinkView, SupervisorView},
};
use usher_station::{Desk, Host, Push, SystemHost};

use crate::event::Event;

/// How long a condition may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The real machine, with a wall clock that can be set wrong and views that can be waited for.
#[derive(Clone)]
pub(crate) struct TestHost {
    real: Arc<SystemHost<fn(Push)>>,
    wrong_by_ms: Arc<AtomicI64>,
    passed_ms: Arc<AtomicI64>,
    machine: u128,
    pub(crate) desk: Arc<watch::Sender<Option<DeskView>>>,
    pub(crate) supervisor: Arc<watch::Sender<Option<SupervisorView>>>,
}

impl TestHost {
    pub(crate) fn new() -> Self {
        let real: SystemHost<fn(Push)> = SystemHost::new(|_| {});
        let machine = real.machine();
        Self {
            real: Arc::new(real),
            wrong_by_ms: Arc::default(),
            passed_ms: Arc::default(),
            machine,
            desk: Arc::new(watch::Sender::new(None)),
            supervisor: Arc::new(watch::Sender::new(None)),
        }
    }

    /// The same on another computer.
    pub(crate) fn on(machine: u128) -> Self {
        Self { machine, ..Self::new() }
    }

    /// Sets the wall clock off by this much; the monotonic clock goes on.
    pub(crate) fn set_wrong_by(&self, ms: i64) {
        self.wrong_by_ms.store(ms, Ordering::Relaxed);
    }

    /// Lets time pass at this computer, by both of its clocks: two desks agree on the time only as well as the server answered them
    /// quickly, and a busy machine does not.
    pub(crate) fn pass(&self, ms: u32) {
        self.passed_ms.fetch_add(ms.into(), Ordering::Relaxed);
    }
}

impl Host for TestHost {
    fn reading(&self) -> Reading {
        let (real, passed_ms) = (self.real.reading(), self.passed_ms.load(Ordering::Relaxed));
        let wall_ms = real.wall_ms + self.wrong_by_ms.load(Ordering::Relaxed) + passed_ms;
        Reading { wall_ms, mono_ms: real.mono_ms + passed_ms.unsigned_abs(), ..real }
    }

    fn random(&self) -> u128 {
        self.real.random()
    }

    fn machine(&self) -> u128 {
        self.machine
    }

    fn push(&self, push: Push) {
        match push {
            Push::Desk(view) => drop(self.desk.send_replace(Some(*view))),
            Push::Supervisor(view) => drop(self.supervisor.send_replace(Some(*view))),
        }
    }
}

/// Waits until what is pushed satisfies `wanted`.
pub(crate) async fn until<T: Clone + std::fmt::Debug>(
    views: &watch::Sender<Option<T>>,
    what: &str,
    wanted: impl Fn(&T) -> bool,
) -> T {
    let mut views = views.subscribe();
    let waiting = views.wait_for(|view| view.as_ref().is_some_and(&wanted));
    let found = tokio::time::timeout(PATIENCE, waiting).await.ok().map(|view| view.unwrap().clone().unwrap());
    found.unwrap_or_else(|| panic!("waited in vain: {what}; last seen: {:#?}", views.borrow()))
}

pub(crate) struct Seat {
    pub(crate) desk: Desk<TestHost>,
    pub(crate) host: TestHost,
    _running: Arc<Mutex<usher_station::Running>>,
}

impl Seat {
    /// A desk on its own folder, with its loops running.
    pub(crate) fn open(folder: &Path) -> Self {
        Self::open_with(folder, TestHost::new())
    }

    pub(crate) fn open_with(folder: &Path, host: TestHost) -> Self {
        let desk = Desk::open(folder, host.clone());
        let running = Arc::new(Mutex::new(desk.run()));
        Self { desk, host, _running: running }
    }

    pub(crate) async fn connect(&self, address: &str, code: &str) -> ConnectOutcome {
        self.desk.handle(ConnectDesk { address: address.into(), code: code.into() }).await.unwrap()
    }

    /// A new desk at the door of a session, online.
    pub(crate) async fn at_door(event: &Event, url: &str, name: &str, session: &str) -> Self {
        let seat = Self::open(&event.folder(name));
        seat.enrol(url, &event.code(Role::Desk, name, 10)).await;
        seat.start(session).await;
        seat.until_online().await;
        seat
    }

    /// Connects and waits for the whole guest list.
    pub(crate) async fn enrol(&self, address: &str, code: &str) {
        assert_eq!(self.connect(address, code).await, ConnectOutcome::Connected);
        self.until("the guest list is here", |view| view.list.complete && !view.sessions.is_empty()).await;
    }

    pub(crate) async fn look(&self) -> DeskView {
        self.desk.handle(LookAtDesk {}).await.unwrap()
    }

    /// Serves a session by name, and waits for places where it has a limit.
    pub(crate) async fn start(&self, name: &str) {
        let view = self.look().await;
        let session = view.sessions.iter().find(|session| session.name == name).unwrap();
        let start = StartSession { session: session.id.clone(), initials: "AB".into() };
        self.desk.handle(start).await.unwrap();
    }

    pub(crate) async fn scan(&self, text: &str) -> CardView {
        let found = usher_core::entry::Found::Camera;
        let card = self.desk.handle(Scan { readings: vec![text.into()], found }).await.unwrap();
        card.unwrap()
    }

    /// Scans until this desk has places: what a volunteer does when told to wait.
    pub(crate) async fn let_in(&self, text: &str) -> CardView {
        let card = self.scan(text).await;
        assert_eq!(card.outcome, CardOutcome::LetIn, "{card:#?}");
        card
    }

    pub(crate) async fn accept(
        &self,
        id: &str,
        anyway: bool,
    ) -> Result<CardView, usher_protocol::window::WindowError> {
        self.desk.handle(Accept { id: id.into(), anyway }).await
    }

    pub(crate) async fn undo(&self, id: Option<&str>) -> CardView {
        self.desk.handle(UndoLetIn { id: id.map(Into::into), reason: None }).await.unwrap()
    }

    pub(crate) async fn closing(&self) -> ClosingView {
        self.desk.handle(AskClosing {}).await.unwrap()
    }

    pub(crate) async fn until(&self, what: &str, wanted: impl Fn(&DeskView) -> bool) -> DeskView {
        until(&self.host.desk, what, wanted).await
    }

    pub(crate) async fn until_online(&self) -> DeskView {
        self.until("online, and nothing waiting", |view| view.link == LinkView::Online && view.waiting == 0)
            .await
    }

    pub(crate) async fn until_offline(&self) -> DeskView {
        self.until("offline", |view| matches!(view.link, LinkView::Offline { .. })).await
    }

    pub(crate) async fn until_places(&self) -> DeskView {
        let some = |view: &DeskView| matches!(view.places, usher_protocol::window::PlacesView::Left { left, .. } if left > 0);
        self.until("places", some).await
    }
}
