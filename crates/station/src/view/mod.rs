//! The desk's view, made of its files and state. Reads only; a fault of the files shows as the screen that says so.

mod card;
mod session;

use usher_protocol::window::{ClockView, DeskPhase, DeskView, EventView, HelpView, ListView, PlacesView};
use usher_replica::{Replica, StoreError};

pub(crate) use card::guest_view;
pub(crate) use session::places;

use crate::{Desk, Host, desk::fault, lesson, lock};

/// Everything that the window shows.
pub(crate) fn desk_view<H: Host>(desk: &Desk<H>) -> DeskView {
    let mut view = frame(desk);
    if let Ok(files) = &desk.0.files
        && let Err(error) = fill(desk, files, &mut view)
    {
        fault(&error);
        view.phase = DeskPhase::Broken { problem: error.problem() };
    }
    lock::cover(&mut view);
    view
}

/// What the view shows whatever the files say.
fn frame<H: Host>(desk: &Desk<H>) -> DeskView {
    let now_ms = desk.stamp().now_ms;
    let clock = ClockView { now_ms, skew_ms: desk.skew_ms() };
    let (door, ready) = (desk.door_mode(), desk.ready_view());
    let phase = match &desk.0.files {
        _ if desk.0.elsewhere => DeskPhase::OpenElsewhere,
        Err(problem) => DeskPhase::Broken { problem: *problem },
        Ok(_) => DeskPhase::Connect,
    };
    let (badges, lesson_offered) = (desk.0.badges.view(desk.event_label()), desk.offers_lesson());
    let (attended, pins, settings_open) =
        (desk.attended(), desk.has_pins(), desk.addressed().settings_open());
    let (addressed, help) = (desk.addressed(), help(desk));
    let message = addressed.message();
    let state = desk.state();
    DeskView {
        phase,
        event: None,
        desk: state.who.as_ref().map(|who| who.name.clone()).unwrap_or_default(),
        initials: state.seat.initials.clone(),
        sessions: Vec::new(),
        session: state.seat.session.or(state.seat.last).map(|id| id.to_string()),
        also: state.seat.also.iter().map(ToString::to_string).collect(),
        door,
        names_hidden: state.seat.names_hidden,
        out: state.out,
        link: state.link.view(),
        learning: state.learning,
        waiting: 0,
        list: ListView { people: 0, synced_ms: None, complete: false },
        places: PlacesView::NoLimit,
        room: None,
        clock,
        recent: state.cards.recent(),
        camera: state.camera.clone(),
        camera_set: state.camera_set.clone(),
        card: None,
        practice: state.practice.clone(),
        lesson_offered,
        ready,
        order: None,
        left_open: None,
        held_scan: state.hold.name(),
        not_saved: state.not_saved.clone(),
        badges,
        attended,
        pins,
        settings_open,
        scanner: state.scanner.clone(),
        message,
        help,
    }
}

/// Help at the desk at which it is called, also while another one is practised on.
fn help<H: Host>(desk: &Desk<H>) -> HelpView {
    let desk = desk.addressed();
    let event = desk.files().ok().and_then(|files| files.event().ok().flatten());
    let phone = event.map(|event| event.help_phone).unwrap_or_default();
    let state = desk.state();
    state.asking.help_view(phone)
}

fn fill<H: Host>(desk: &Desk<H>, files: &Replica, view: &mut DeskView) -> Result<(), StoreError> {
    let Some(who) = desk.state().who.clone() else { return Ok(()) };
    let (people, fetched, synced_ms) = files.list_state()?;
    // What is practised on was told in one answer, and never fetched.
    let complete = fetched || view.practice.is_some();
    view.list = ListView { people, synced_ms, complete };
    // What is practised is never sent.
    view.waiting = if view.practice.is_some() { 0 } else { files.waiting(who.identity)? };
    view.event = files.event()?.map(|event| EventView { name: event.name, time_zone: event.time_zone });
    let sessions = files.sessions()?;
    view.sessions = sessions.iter().map(|session| session::view(session, view.clock.now_ms)).collect();
    let serving = desk.state().seat.session;
    view.session = view.session.take().or_else(|| session::likely(&view.sessions, view.clock.now_ms));
    let loading = desk.state().loading;
    view.phase = match (complete, serving) {
        (false, _) => {
            DeskPhase::Loading { loaded: loading.map_or(0, |l| l.0), total: loading.map_or(0, |l| l.1) }
        }
        (true, None) => DeskPhase::Start,
        (true, Some(_)) => DeskPhase::Door,
    };
    if let Some(session) = sessions.iter().find(|session| Some(session.rules.id) == serving) {
        session::fill(files, &who, session, view)?;
    }
    view.order = crate::order::shown(desk, files, &who, view)?;
    card::fill(desk, files, &who, view)?;
    if let Some(practice) = &mut view.practice {
        practice.lesson = lesson::shown(desk, view.card.as_ref());
    }
    Ok(())
}
