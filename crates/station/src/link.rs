//! The line to the server as the desk sees it, and the clock's anchor that comes with it.

use usher_core::clock::{Anchor, Reading, corrected_ms};
use usher_protocol::window::{LinkView, OfflineWhy};

/// Online, or offline since when; and what the server's clock said last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    view: LinkView,
    /// What corrects this computer's clock; none: no server was ever heard.
    pub(crate) anchor: Option<Anchor>,
}

impl Link {
    /// A desk that has just started has not heard the server yet.
    pub(crate) const fn starting(now: Reading, anchor: Option<Anchor>) -> Self {
        Self { view: LinkView::Offline { since_ms: now.wall_ms, why: OfflineWhy::NoAnswer }, anchor }
    }

    /// The corrected time.
    pub(crate) fn now_ms(&self, now: Reading) -> i64 {
        corrected_ms(now, self.anchor.as_ref())
    }

    /// The server answered, and gave its time.
    pub(crate) const fn heard(&mut self, now: Reading, server_ms: i64) {
        self.view = LinkView::Online;
        self.anchor = Some(Anchor { server_ms, wall_ms: now.wall_ms, mono_ms: now.mono_ms, boot: now.boot });
    }

    /// The server did not answer, or not as it should; whether that is news.
    pub(crate) fn lost(&mut self, now: Reading, why: OfflineWhy) -> bool {
        let before = self.view;
        self.view = offline(before, self.now_ms(now), why);
        self.view != before
    }

    /// As the windows show it.
    pub(crate) const fn view(&self) -> LinkView {
        self.view
    }

    /// Whether the last call was answered.
    pub(crate) const fn online(&self) -> bool {
        matches!(self.view, LinkView::Online)
    }
}

/// A line that is lost now, or was lost before: since when stays, why may change.
pub(crate) const fn offline(before: LinkView, now_ms: i64, why: OfflineWhy) -> LinkView {
    let since_ms = if let LinkView::Offline { since_ms, .. } = before { since_ms } else { now_ms };
    LinkView::Offline { since_ms, why }
}
