//! Where pushed views wait for their window. Only the newest of each waits, so that a burst of changes or a slow window costs one
//! view and not a queue of them.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use usher_protocol::window::{DeskView, SupervisorView};
use usher_station::Push;

/// Between two views of a window at least so long goes by: every change within it travels in one view.
const GAP: Duration = Duration::from_millis(25);

/// The newest view of a window, if any was pushed yet.
pub(crate) type News<V> = watch::Receiver<Option<Arc<V>>>;

/// The newest view of each window.
#[derive(Debug)]
pub(crate) struct Outbox {
    desk: watch::Sender<Option<Arc<DeskView>>>,
    supervisor: watch::Sender<Option<Arc<SupervisorView>>>,
}

impl Outbox {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { desk: watch::Sender::new(None), supervisor: watch::Sender::new(None) })
    }

    /// Takes what a desk or supervisor pushes. Never waits.
    pub(crate) fn put(&self, push: Push) {
        match push {
            Push::Desk(view) => drop(self.desk.send_replace(Some(Arc::from(view)))),
            Push::Supervisor(view) => drop(self.supervisor.send_replace(Some(Arc::from(view)))),
        }
    }

    pub(crate) fn desk(&self) -> News<DeskView> {
        self.desk.subscribe()
    }

    pub(crate) fn supervisor(&self) -> News<SupervisorView> {
        self.supervisor.subscribe()
    }
}

/// Shows the newest view whenever there is one, until the outbox is gone.
pub(crate) async fn deliver<V>(mut news: News<V>, show: impl Fn(&V)) {
    while news.changed().await.is_ok() {
        let newest = news.borrow_and_update().clone();
        if let Some(view) = newest {
            show(&view);
        }
        tokio::time::sleep(GAP).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use usher_protocol::window::{LinkView, OfflineWhy};

    use super::*;

    fn board(now_ms: i64) -> Push {
        let link = LinkView::Offline { since_ms: 0, why: OfflineWhy::NoAnswer };
        Push::Supervisor(Box::new(SupervisorView { connected: true, link, board: None, now_ms }))
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_costs_two_views_and_the_last_one_arrives() {
        let outbox = Outbox::new();
        let shown = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&shown);
        let news = outbox.supervisor();
        let delivering =
            tokio::spawn(deliver(news, move |view: &SupervisorView| seen.lock().unwrap().push(view.now_ms)));
        outbox.put(board(1));
        tokio::task::yield_now().await;
        for now_ms in 2..=100 {
            outbox.put(board(now_ms));
            tokio::task::yield_now().await;
        }
        drop(outbox);
        delivering.await.unwrap();
        assert_eq!(*shown.lock().unwrap(), [1, 100]);
    }

    #[test]
    fn a_desks_view_never_reaches_the_supervisors_side() {
        let outbox = Outbox::new();
        let (desk, supervisor) = (outbox.desk(), outbox.supervisor());
        outbox.put(board(1));
        assert!(supervisor.borrow().is_some());
        assert!(desk.borrow().is_none());
    }
}
