//! The cards in the desk's view: the one on the stage with its verdict and what can be done, and the one that was left open.

use usher_core::{entry::Basis, ids::SessionId, session::WhenEmpty, verdict::Verdict};
use usher_protocol::window::{
    BookingView, CardAction, CardOutcome, CardView, DeskView, GuestView, LeftOpen, SessionChoice,
    SessionView, VerdictView,
};
use usher_replica::{Guest, Identified, Replica, StoreError};

use crate::{Desk, Host, cards::Card};

/// The card on the stage, and who a scan has replaced.
pub(super) fn fill<H: Host>(
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
