//! The desk's view, made of its files and state. Reads only; a fault of the files shows as the screen that says so.

use usher_core::{entry::Basis, ids::SessionId, session::Phase, session::WhenEmpty, verdict::Verdict};
use usher_protocol::{
    records::SessionRecord,
    window::{
        BookingView, CardAction, CardOutcome, CardView, ClockView, DeskPhase, DeskView, EventView, GuestView,
        HelpView, LeftOpen, ListView, PhaseView, PlacesView, RoomView, SessionChoice, SessionView,
        VerdictView,
    },
};
use usher_replica::{Guest, Identified, Known, PLACES_TARGET, Replica, StoreError};

use crate::{Desk, Host, cards::Card, desk::fault, lesson, lock};

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
    view.sessions = sessions.iter().map(|session| session_view(session, view.clock.now_ms)).collect();
    let serving = desk.state().seat.session;
    view.session = view.session.take().or_else(|| likely(&view.sessions, view.clock.now_ms));
    let loading = desk.state().loading;
    view.phase = match (complete, serving) {
        (false, _) => {
            DeskPhase::Loading { loaded: loading.map_or(0, |l| l.0), total: loading.map_or(0, |l| l.1) }
        }
        (true, None) => DeskPhase::Start,
        (true, Some(_)) => DeskPhase::Door,
    };
    if let Some(session) = sessions.iter().find(|session| Some(session.rules.id) == serving) {
        fill_room(files, &who, session, view)?;
    }
    view.order = crate::order::shown(desk, files, &who, view)?;
    fill_cards(desk, files, &who, view)?;
    if let Some(practice) = &mut view.practice {
        practice.lesson = lesson::shown(desk, view.card.as_ref());
    }
    Ok(())
}

/// The session to preselect at a desk that has served none: the open one that started last, otherwise the next to start.
fn likely(sessions: &[SessionView], now_ms: i64) -> Option<String> {
    let open = sessions
        .iter()
        .filter(|session| session.phase == PhaseView::Open)
        .max_by_key(|session| session.starts_ms);
    let next = || sessions.iter().find(|session| session.starts_ms > now_ms);
    open.or_else(next).map(|session| session.id.clone())
}

fn fill_room(
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

fn fill_cards<H: Host>(
    desk: &Desk<H>,
    files: &Replica,
    who: &Identified,
    view: &mut DeskView,
) -> Result<(), StoreError> {
    let state = desk.state();
    let (card, left) = (state.cards.on_stage().cloned(), state.cards.left_open);
    let left = left.and_then(|(id, at_ms)| Some((state.cards.get(id)?.clone(), at_ms)));
    drop(state);
    view.card = card.map(|card| card_view(desk, files, who, &card, view)).transpose()?;
    view.left_open = left.filter(|(card, _)| card.asks()).map(|(card, at_ms)| LeftOpen {
        id: card.id.to_string(),
        name: card.guest.as_ref().map(|guest| guest.name.clone()).unwrap_or_default(),
        action: if card.clean() { CardAction::LetIn } else { CardAction::LetInAnyway },
        at_ms,
    });
    Ok(())
}

fn card_view<H: Host>(
    desk: &Desk<H>,
    files: &Replica,
    who: &Identified,
    card: &Card,
    view: &DeskView,
) -> Result<CardView, StoreError> {
    let session = view.sessions.iter().find(|session| session.id == card.session.to_string());
    Ok(CardView {
        id: card.id.to_string(),
        verdict: verdict_view(desk, files, who, card)?,
        outcome: card.outcome,
        guest: card.guest.as_ref().map(guest_view),
        session: session.map(|session| session.name.clone()).unwrap_or_default(),
        choices: choices(card, view),
        unchosen: card.unchosen,
        at_ms: card.at_ms,
        late_min: card.judgement.late_min,
        held: card.judgement.basis == Some(Basis::Held),
        actions: actions(desk, card, session.is_some_and(|session| session.re_entry), view.pins),
        others_ms: view.list.synced_ms,
        party: card.party,
        let_in_by: card.by.clone(),
        again: card.again,
        place: desk.state().asking.of_card(card.id, view.clock.now_ms),
    })
}

/// Nothing is to be chosen any more once something was decided.
fn choices(card: &Card, view: &DeskView) -> Vec<SessionChoice> {
    let of = |id: &SessionId| view.sessions.iter().find(|session| session.id == id.to_string());
    let others = card.others.iter().filter(|_| card.outcome == CardOutcome::Open).filter_map(of);
    let choice = |session: &SessionView| SessionChoice {
        id: session.id.clone(),
        name: session.name.clone(),
        room: session.room.clone(),
    };
    others.map(choice).collect()
}

fn actions<H: Host>(desk: &Desk<H>, card: &Card, re_entry: bool, pins: bool) -> Vec<CardAction> {
    if card.unchosen {
        return if card.outcome == CardOutcome::Open { vec![CardAction::TurnAway] } else { Vec::new() };
    }
    let mut actions = own_actions(card, re_entry);
    if pins && card.can_be_overridden() && !card.asks() && card.outcome == CardOutcome::Open {
        actions.insert(0, CardAction::Supervisor);
    }
    let state = desk.state();
    let can_ask =
        state.link.online() && state.practice.is_none() && state.asking.place_card() != Some(card.id);
    if can_ask && card.may_ask_for_place() {
        actions.push(CardAction::AskPlace);
    }
    drop(state);
    let here = matches!(card.outcome, CardOutcome::LetIn | CardOutcome::Open);
    if card.order_size > 1 && here && (card.clean() || card.already_in()) {
        actions.push(CardAction::WholeOrder);
    }
    // A walk-in that was only added leaves the list again.
    if card.added && card.wrote.is_some() && card.outcome == CardOutcome::Open {
        actions.insert(0, CardAction::Undo);
    }
    actions
}

fn own_actions(card: &Card, re_entry: bool) -> Vec<CardAction> {
    let let_in = if card.clean() { CardAction::LetIn } else { CardAction::LetInAnyway };
    match card.outcome {
        // Who was checked out since, or came back without a right of their own, has no check-in here to take back.
        CardOutcome::LetIn | CardOutcome::TurnedAway if card.wrote.is_some() => vec![CardAction::Undo],
        CardOutcome::LetIn | CardOutcome::TurnedAway => Vec::new(),
        // Who was turned away for a reason that stands is not let in because the refusal is taken back.
        CardOutcome::TakenBack if card.asks() => vec![let_in],
        CardOutcome::TakenBack => Vec::new(),
        CardOutcome::CheckedOut => vec![CardAction::Undo],
        CardOutcome::Open if card.asks() => vec![CardAction::TurnAway, let_in],
        // Where guests come and go nobody is counted out.
        CardOutcome::Open if card.already_in() && re_entry => vec![CardAction::LetBackIn],
        CardOutcome::Open if card.already_in() => vec![CardAction::CheckOut, CardAction::LetBackIn],
        CardOutcome::Open if card.judgement.verdict == Verdict::UnknownTicket => {
            vec![CardAction::Find, CardAction::WalkIn]
        }
        CardOutcome::Open if card.judgement.verdict == Verdict::OtherEvent => vec![CardAction::Find],
        CardOutcome::NotSaved { .. } => vec![let_in],
        CardOutcome::Open | CardOutcome::NobodyOut | CardOutcome::NotCounted => Vec::new(),
    }
}

fn verdict_view<H: Host>(
    desk: &Desk<H>,
    files: &Replica,
    who: &Identified,
    card: &Card,
) -> Result<VerdictView, StoreError> {
    let rules =
        || files.sessions().map(|all| all.into_iter().find(|session| session.rules.id == card.session));
    if card.real {
        return Ok(VerdictView::PracticeOnly);
    }
    Ok(match card.judgement.verdict {
        Verdict::Registered => VerdictView::Registered,
        Verdict::NotRegistered => VerdictView::NotRegistered { booked: booking(files, card)? },
        Verdict::AlreadyCheckedIn(standby) => {
            let here = standby.key.station == who.identity.station;
            let desk = if here { Some(who.name.clone()) } else { files.station_name(standby.key.station)? };
            VerdictView::AlreadyIn { at_ms: standby.at_ms, desk: desk.unwrap_or_default(), here }
        }
        Verdict::SessionFull => VerdictView::SessionFull {
            capacity: rules()?.and_then(|session| session.rules.capacity).unwrap_or_default(),
        },
        Verdict::GrantEmpty => VerdictView::GrantEmpty {
            online: desk.state().link.online(),
            optimistic: rules()?.is_some_and(|session| session.rules.when_empty == WhenEmpty::Optimistic),
        },
        Verdict::SeatsHeld { until_ms } => VerdictView::SeatsHeld { until_ms },
        Verdict::SessionNotOpen { opens_ms } => VerdictView::SessionNotOpen { opens_ms },
        Verdict::SessionPaused => VerdictView::SessionPaused,
        Verdict::SessionEnded { ended_ms } => VerdictView::SessionEnded { ended_ms },
        Verdict::Cancelled => VerdictView::Cancelled,
        Verdict::Revoked => VerdictView::Revoked,
        Verdict::Expired(valid) => VerdictView::Expired { from_ms: valid.from_ms, until_ms: valid.until_ms },
        Verdict::UnknownTicket => VerdictView::UnknownTicket,
        Verdict::SignedUnknown => VerdictView::SignedUnknown,
        Verdict::ForgedTicket => VerdictView::Forged,
        Verdict::OtherEvent => VerdictView::OtherEvent,
        Verdict::NotATicket => VerdictView::NotATicket,
    })
}

/// The guest's booking elsewhere that is next or still running, for "Booked for Hall B, 10:00".
fn booking(files: &Replica, card: &Card) -> Result<Option<BookingView>, StoreError> {
    let Some(guest) = &card.guest else { return Ok(None) };
    let booked = files.bookings(guest.id)?;
    let all = files.sessions()?;
    let next = all
        .into_iter()
        .find(|session| booked.contains(&session.rules.id) && session.rules.ends_ms > card.at_ms);
    Ok(next.map(|session| BookingView {
        name: session.name,
        room: session.room,
        starts_ms: session.rules.starts_ms,
    }))
}

/// A guest as shown.
pub(crate) fn guest_view(guest: &Guest) -> GuestView {
    GuestView {
        id: guest.id.to_string(),
        name: guest.name.clone(),
        organisation: guest.organisation.clone(),
        kind: guest.kind.clone(),
        note: guest.note.clone(),
        flags: guest.flags.clone(),
        attention: guest.attention,
    }
}

fn session_view(session: &SessionRecord, now_ms: i64) -> SessionView {
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
