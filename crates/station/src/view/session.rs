//! The sessions in the desk's view: how each stands, and the room and places of the one that is served.

use usher_core::{ids::SessionId, session::Phase};
use usher_protocol::{
    records::SessionRecord,
    window::{DeskView, PhaseView, PlacesView, RoomView, SessionView},
};
use usher_replica::{Identified, Known, PLACES_TARGET, Replica, StoreError};

/// The session to preselect at a desk that has served none: the open one that started last, otherwise the next to start.
pub(super) fn likely(sessions: &[SessionView], now_ms: i64) -> Option<String> {
    let open = sessions
        .iter()
        .filter(|session| session.phase == PhaseView::Open)
        .max_by_key(|session| session.starts_ms);
    let next = || sessions.iter().find(|session| session.starts_ms > now_ms);
    open.or_else(next).map(|session| session.id.clone())
}

/// A session as it stands now.
pub(super) fn view(session: &SessionRecord, now_ms: i64) -> SessionView {
    SessionView {
        id: session.rules.id.to_string(),
        name: session.name.clone(),
        room: session.room.clone(),
        starts_ms: session.rules.starts_ms,
        ends_ms: session.rules.ends_ms,
        phase: match session.rules.phase(now_ms) {
            Phase::Scheduled { opens_ms } => PhaseView::Scheduled { opens_ms },
            Phase::Open => PhaseView::Open,
            Phase::Paused => PhaseView::Paused,
            Phase::Ended { ended_ms } => PhaseView::Ended { ended_ms },
        },
        capacity: session.rules.capacity,
        re_entry: session.rules.re_entry,
        pause_words: session.pause_words.clone(),
    }
}

/// The room and the places here of the session that is served.
pub(super) fn fill(
    files: &Replica,
    who: &Identified,
    session: &SessionRecord,
    view: &mut DeskView,
) -> Result<(), StoreError> {
    let known = files.known(who, session.rules.id)?;
    view.places = places_of(session, &known);
    let as_of_ms = view.list.synced_ms.unwrap_or(view.clock.now_ms);
    let (inside, capacity, held) = (known.tally.inside, session.rules.capacity, known.held);
    view.room = Some(RoomView { inside, capacity, held, as_of_ms });
    Ok(())
}

fn places_of(session: &SessionRecord, known: &Known) -> PlacesView {
    match session.rules.capacity {
        None => PlacesView::NoLimit,
        Some(_) => PlacesView::Left { left: known.rights.available(), target: PLACES_TARGET },
    }
}

/// The places that this desk has for a session.
pub(crate) fn places(files: &Replica, who: &Identified, id: SessionId) -> Result<PlacesView, StoreError> {
    let session = files.sessions()?.into_iter().find(|session| session.rules.id == id);
    let Some(session) = session else { return Ok(PlacesView::NoLimit) };
    Ok(places_of(&session, &files.known(who, id)?))
}
