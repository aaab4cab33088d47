//! What closing the window now would leave behind.

use usher_core::session::Phase;
use usher_protocol::window::ClosingView;

use crate::{Desk, Host};

/// Whether a session is being served, and what waits to be sent. A desk whose files fail has nothing to keep open for.
pub(crate) fn closing<H: Host>(desk: &Desk<H>) -> ClosingView {
    let (who, served) = {
        let state = desk.state();
        (state.who.clone(), state.seat.served())
    };
    let (Ok(files), Some(who)) = (desk.files(), who) else {
        return ClosingView { serving: false, waiting: 0 };
    };
    let now_ms = desk.stamp().now_ms;
    let sessions = files.sessions().unwrap_or_default();
    let over = |id| {
        let rules = sessions.iter().map(|one| &one.rules).find(|rules| rules.id == id);
        rules.is_none_or(|rules| matches!(rules.phase(now_ms), Phase::Ended { .. }))
    };
    let serving = served.into_iter().any(|id| !over(id));
    ClosingView { serving, waiting: files.waiting(who.identity).unwrap_or_default() }
}
