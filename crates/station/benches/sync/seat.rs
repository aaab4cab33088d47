//! A desk over the real handlers and loops.

use std::{ops::Range, path::Path, sync::Arc};

use tokio::sync::watch;
use usher_core::entry::Found;
use usher_protocol::{
    commands::{ConnectDesk, Handles, LookAtDesk, Scan, StartSession},
    window::{CardOutcome, ConnectOutcome, DeskView, LinkView},
};
use usher_station::{Desk, Push, Running, SystemHost};

use crate::house::ticket;

type Show = Box<dyn Fn(Push) + Send + Sync>;

/// A desk, with what it shows.
pub(crate) struct Seat {
    desk: Desk<SystemHost<Show>>,
    /// How often it showed something, and what last.
    shown: Arc<watch::Sender<(u64, Option<DeskView>)>>,
    _running: Running,
}

impl Seat {
    /// The files of a folder, with the loops running.
    pub(crate) fn open(folder: &Path) -> Self {
        let shown = Arc::new(watch::Sender::new((0, None)));
        let keep = Arc::clone(&shown);
        let show = move |push| {
            if let Push::Desk(view) = push {
                keep.send_modify(|(count, last)| (*count, *last) = (*count + 1, Some(*view)));
            }
        };
        let desk = Desk::open(folder, SystemHost::new(Box::new(show) as Show));
        Self { _running: desk.run(), desk, shown }
    }

    /// Connects, and waits for the whole list.
    pub(crate) async fn enrol(&self, code: &str, people: usize) {
        let ask = ConnectDesk { address: String::new(), code: code.into() };
        assert_eq!(self.desk.handle(ask).await.unwrap(), ConnectOutcome::Connected);
        self.until(|view| view.list.complete && view.list.people == people as u64).await;
    }

    /// Serves a session.
    pub(crate) async fn start(&self, name: &str) {
        let view = self.desk.handle(LookAtDesk {}).await.unwrap();
        let session = view.sessions.iter().find(|session| session.name == name).unwrap().id.clone();
        self.desk.handle(StartSession { session, initials: "AB".into() }).await.unwrap();
    }

    /// Makes the desk ask the server, and waits until the answer is applied. Starting a session that is served already does that, and the
    /// desk shows itself once for each.
    pub(crate) async fn ask(&self, session: &str) {
        let before = self.shown.borrow().0;
        self.start(session).await;
        self.shown.subscribe().wait_for(|(count, _)| *count >= before + 2).await.unwrap();
    }

    /// Lets guests in by their tickets.
    pub(crate) async fn admit(&self, guests: Range<usize>) {
        for n in guests {
            let scan = Scan { readings: vec![ticket(n)], found: Found::Scanner };
            let card = self.desk.handle(scan).await.unwrap().unwrap();
            assert_eq!(card.outcome, CardOutcome::LetIn);
        }
    }

    /// Waits until everything was sent and the feed was read to its end after now.
    pub(crate) async fn until_idle(&self) -> DeskView {
        let before = self.desk.handle(LookAtDesk {}).await.unwrap().list.synced_ms;
        self.until(|view| view.waiting == 0 && view.list.synced_ms > before && view.link == LinkView::Online)
            .await
    }

    async fn until(&self, wanted: impl Fn(&DeskView) -> bool) -> DeskView {
        let mut shown = self.shown.subscribe();
        let found = shown.wait_for(|(_, view)| view.as_ref().is_some_and(&wanted)).await.unwrap();
        found.1.clone().unwrap()
    }
}
