//! One order's guests let in together (UX section 4, Group). A scan ticks while they are shown.

use std::collections::BTreeSet;

use usher_core::{
    entry::{Basis, Found},
    ids::{EntryKey, PersonId, SessionId},
    verdict::{Judgement, Verdict},
};
use usher_protocol::{
    commands::{AdmitOrder, CloseOrder, Handles, OpenOrder as OpenOrderCommand, TickGuest},
    window::{CardOutcome, DeskView, FindStatus, OrderGuest, OrderView, WindowError},
};
use usher_replica::{Act, Asked, Decision, Identified, Member, Replica, StoreError, Ticket, Together};
use uuid::Uuid;

use crate::{Desk, Host, cards::Card, desk::fault, handlers::uuid, scanning::Bench, view};

/// The order on the screen.
#[derive(Clone, Debug)]
pub(crate) struct OpenOrder {
    /// The session of that card.
    session: SessionId,
    /// The card that it was opened from.
    card: Uuid,
    /// Of which showing this is: the verdicts of its guests are named after it, so that each showing decides anew.
    round: Uuid,
    order: String,
    ticked: BTreeSet<PersonId>,
    /// Shown again because one of those who were ticked could no longer be let in.
    changed: bool,
}

impl<H: Host> Desk<H> {
    /// How many guests an order has; a fault of the files counts as none: the card must come.
    pub(crate) fn order_size(&self, order: &str) -> usize {
        self.files()
            .ok()
            .and_then(|files| files.order_size(order).map_err(|error| fault(&error)).ok())
            .unwrap_or(0)
    }

    fn open_order(&self, id: Uuid) -> Result<(), WindowError> {
        let card = self.state().cards.get(id).cloned().filter(|card| !card.unchosen);
        let card = card.ok_or(WindowError::NotPossible)?;
        let bench = Bench { session: card.session, ..self.bench()? };
        let order = card.guest.as_ref().map(|guest| guest.order.clone()).unwrap_or_default();
        let guests = self.guests(&bench, &order)?;
        if guests.is_empty() {
            return Err(WindowError::NotPossible);
        }
        let ticked = self.first_ticks(&bench, &guests)?;
        self.state().order = Some(OpenOrder {
            session: bench.session,
            card: id,
            round: self.fresh_id(),
            order,
            ticked,
            changed: false,
        });
        Ok(())
    }

    fn guests(&self, bench: &Bench<'_>, order: &str) -> Result<Vec<Member>, WindowError> {
        let asked = self.asked_of_order(bench);
        bench.files.of_order(&bench.who, order, &asked).map_err(|error| fault(&error))
    }

    fn asked_of_order(&self, bench: &Bench<'_>) -> Asked {
        Asked { ticket: Ticket::NotATicket, session: bench.session, now_ms: self.stamp().now_ms }
    }

    /// All who can be let in, as far as this desk has places for them.
    fn first_ticks(&self, bench: &Bench<'_>, guests: &[Member]) -> Result<BTreeSet<PersonId>, WindowError> {
        let rights = bench.files.rights(bench.session).map_err(|error| fault(&error))?;
        let mut left = rights.available();
        let fits = |guest: &&Member| match guest.basis {
            Some(Basis::Grant) if left == 0 => false,
            Some(Basis::Grant) => {
                left -= 1;
                true
            }
            Some(_) => true,
            None => false,
        };
        Ok(guests.iter().filter(fits).map(|guest| guest.guest.id).collect())
    }

    /// Whether a scan only ticked somebody of the order that is shown, or waits until that is done with.
    pub(crate) fn ticks(&self, readings: &[String], found: Found) -> Result<bool, WindowError> {
        let Some(open) = self.state().order.clone() else { return Ok(false) };
        let bench = Bench { session: open.session, ..self.bench()? };
        let ticket = bench.files.look_up(&bench.who, readings).map_err(|error| fault(&error))?;
        let guests = self.guests(&bench, &open.order)?;
        let one = guests.iter().find(|one| ticket.person() == Some(one.guest.id));
        match one {
            Some(guest) => {
                self.note_code(&bench, ticket, readings);
                self.tick(guest.guest.id, guest.basis.is_some());
            }
            None => self.keep_scan(&bench, ticket, readings, found)?,
        }
        Ok(true)
    }

    fn tick(&self, person: PersonId, ticked: bool) {
        if let Some(open) = &mut self.state().order {
            open.changed = false;
            if ticked {
                open.ticked.insert(person);
            } else {
                open.ticked.remove(&person);
            }
        }
    }

    /// Lets in all who are ticked, or nobody.
    fn admit_order(&self) -> Result<(), WindowError> {
        let open = self.state().order.clone().ok_or(WindowError::NotPossible)?;
        let bench = Bench { session: open.session, ..self.bench()? };
        let mut guests = self.guests(&bench, &open.order)?;
        guests.retain(|guest| open.ticked.contains(&guest.guest.id));
        if guests.is_empty() {
            return Err(WindowError::NotPossible);
        }
        let opener = self.state().cards.get(open.card).cloned();
        let decisions =
            guests.iter().map(|guest| self.decision(&bench, &open, opener.as_ref(), guest.guest.id));
        let decisions = decisions.collect::<Result<Vec<_>, _>>()?;
        let together = bench.files.let_in_together(&bench.who, &decisions).map_err(|error| fault(&error))?;
        match together {
            Together::LetIn(keys) => self.all_in(&open, &guests, &decisions, &keys),
            Together::Changed(_) => self.show_changed(&bench, open),
            Together::Impossible => Err(WindowError::NotPossible),
        }
    }

    /// The opener's own verdict where that is still to be decided; otherwise one for each person and showing, so that deciding twice is
    /// one entry each.
    fn decision(
        &self,
        bench: &Bench<'_>,
        open: &OpenOrder,
        opener: Option<&Card>,
        id: PersonId,
    ) -> Result<Decision, WindowError> {
        let own =
            opener.filter(|card| card.asks() && card.guest.as_ref().is_some_and(|guest| guest.id == id));
        let asked = Asked { ticket: Ticket::Person { id, revoked: false }, ..self.asked_of_order(bench) };
        Ok(Decision {
            verdict: own
                .map_or_else(|| Uuid::from_u128(open.round.as_u128() ^ id.0.as_u128()), |card| card.id),
            asked,
            act: Act::LetIn,
            found: own.map_or(Found::Group, |card| card.found),
            shift: self.shift()?,
            stamp: self.stamp(),
        })
    }

    /// All are in: each has a card that can be taken back, and the stage says how many.
    fn all_in(
        &self,
        open: &OpenOrder,
        guests: &[Member],
        decisions: &[Decision],
        keys: &[EntryKey],
    ) -> Result<(), WindowError> {
        let now_ms = self.stamp().now_ms;
        for ((guest, decision), key) in guests.iter().zip(decisions).zip(keys) {
            if self.state().cards.get(decision.verdict).is_none() {
                let card = self.group_card(guest, decision, now_ms);
                self.state().cards.remember(card);
            }
            self.became_green(decision.verdict, *key, now_ms);
        }
        let mut state = self.state();
        state.order = None;
        let opener_in = state.cards.get(open.card).is_some_and(|card| card.outcome == CardOutcome::LetIn);
        let shown =
            if opener_in { Some(open.card) } else { decisions.first().map(|decision| decision.verdict) };
        let with_opener = opener_in && !decisions.iter().any(|decision| decision.verdict == open.card);
        drop(state);
        let Some(shown) = shown else { return Ok(()) };
        self.to_stage(shown)?;
        if let Some(card) = self.state().cards.get_mut(shown) {
            card.party = keys.len() as u32 + u32::from(with_opener);
            (card.at_ms, card.again) = (now_ms, false);
        }
        self.state().hold.after(shown);
        Ok(())
    }

    fn group_card(&self, guest: &Member, decision: &Decision, now_ms: i64) -> Card {
        let judgement = Judgement {
            verdict: Verdict::Registered,
            late_min: None,
            basis: guest.basis,
            override_basis: None,
        };
        let asked = Asked { now_ms, ..decision.asked };
        let guest = Some(guest.guest.clone());
        Card { closed: true, ..Card::new(decision.verdict, asked, decision.found, judgement, guest) }
    }

    /// Somebody was let in elsewhere or places were spent meanwhile: the order is shown as it is now.
    fn show_changed(&self, bench: &Bench<'_>, open: OpenOrder) -> Result<(), WindowError> {
        let guests = self.guests(bench, &open.order)?;
        let can = self.first_ticks(bench, &guests)?;
        let ticked = open.ticked.intersection(&can).copied().collect();
        self.state().order = Some(OpenOrder { ticked, changed: true, ..open });
        Ok(())
    }
}

/// The order as the window shows it.
pub(crate) fn shown<H: Host>(
    desk: &Desk<H>,
    files: &Replica,
    who: &Identified,
    view: &DeskView,
) -> Result<Option<OrderView>, StoreError> {
    let state = desk.state();
    let Some(open) = state.order.clone() else { return Ok(None) };
    drop(state);
    let asked = Asked { ticket: Ticket::NotATicket, session: open.session, now_ms: view.clock.now_ms };
    let guests = files.of_order(who, &open.order, &asked)?;
    let row = |one: &Member| OrderGuest {
        person: one.guest.id.to_string(),
        name: one.guest.name.clone(),
        kind: one.guest.kind.clone(),
        status: one.status,
        ticked: open.ticked.contains(&one.guest.id) && one.status != FindStatus::In,
        can: one.basis.is_some(),
    };
    let needs =
        guests.iter().filter(|one| one.basis == Some(Basis::Grant) && open.ticked.contains(&one.guest.id));
    Ok(Some(OrderView {
        card: open.card.to_string(),
        order: open.order.clone(),
        needs: needs.count() as u64,
        guests: guests.iter().map(row).collect(),
        places: view::places(files, who, open.session)?,
        changed: open.changed,
    }))
}

impl<H: Host> Handles<OpenOrderCommand> for Desk<H> {
    async fn handle(&self, args: OpenOrderCommand) -> Result<DeskView, WindowError> {
        self.work(move |desk| desk.open_order(uuid(&args.id)?).map(|()| view::desk_view(desk))).await
    }
}

impl<H: Host> Handles<TickGuest> for Desk<H> {
    async fn handle(&self, args: TickGuest) -> Result<DeskView, WindowError> {
        self.work(move |desk| {
            desk.tick(PersonId(uuid(&args.person)?), args.ticked);
            Ok(view::desk_view(desk))
        })
        .await
    }
}

impl<H: Host> Handles<AdmitOrder> for Desk<H> {
    async fn handle(&self, _: AdmitOrder) -> Result<DeskView, WindowError> {
        self.work(|desk| desk.admit_order().map(|()| view::desk_view(desk))).await
    }
}

impl<H: Host> Handles<CloseOrder> for Desk<H> {
    async fn handle(&self, _: CloseOrder) -> Result<DeskView, WindowError> {
        self.work(|desk| {
            desk.state().order = None;
            desk.open_held()?;
            Ok(view::desk_view(desk))
        })
        .await
    }
}
