//! Other desks of the event, without a window: the same desk code, driven from the test.

use usher_core::entry::Found;
use usher_protocol::{
    commands::{ConnectDesk, Handles, LookAtDesk, Scan, StartSession},
    window::{CardOutcome, ConnectOutcome, DeskView, PlacesView},
};
use usher_station::{Desk, Push, Running, SystemHost};

use crate::{
    scene::Scene,
    server::Server,
    trouble::{Context, Done, demand, until},
};

/// A desk that serves *Opening*. Dropping it is losing it.
pub(crate) struct OtherDesk {
    desk: Desk<SystemHost<fn(Push)>>,
    _running: Running,
}

impl OtherDesk {
    /// Enrols it and waits until it has places.
    pub(crate) async fn open(scene: &Scene, server: &Server, name: &str) -> Done<Self> {
        let host: SystemHost<fn(Push)> = SystemHost::new(drop);
        let desk = Desk::open(&scene.path(name), host);
        let other = Self { _running: desk.run(), desk };
        let (address, code) = (server.address(), server.code("desk", name)?.code);
        let outcome = other.desk.handle(ConnectDesk { address, code }).await.doing("connect")?;
        demand(outcome == ConnectOutcome::Connected, || format!("{name} could not connect: {outcome:?}"))?;
        let listed =
            other.look("the guest list", |view| view.list.complete && !view.sessions.is_empty()).await?;
        let opening = listed.sessions.iter().find(|session| session.name == "Opening");
        let session = opening.ok_or("there is no Opening")?.id.clone();
        other.desk.handle(StartSession { session, initials: String::new() }).await.doing("start")?;
        let some = |view: &DeskView| matches!(view.places, PlacesView::Left { left, .. } if left > 0);
        other.look("places", some).await?;
        Ok(other)
    }

    /// Lets somebody in.
    pub(crate) async fn let_in(&self, ticket: &str) -> Done {
        let scan = Scan { readings: vec![ticket.to_owned()], found: Found::Scanner };
        let card = self.desk.handle(scan).await.doing("scan")?;
        let outcome = card.map(|card| card.outcome);
        demand(outcome == Some(CardOutcome::LetIn), || format!("{ticket} was not let in: {outcome:?}"))
    }

    /// Waits until everything was sent.
    pub(crate) async fn sent(&self) -> Done {
        self.look("everything sent", |view| view.waiting == 0).await.map(drop)
    }

    async fn look(&self, what: &str, wanted: impl Fn(&DeskView) -> bool) -> Done<DeskView> {
        until(&format!("another desk has {what}"), async || {
            self.desk.sync_soon();
            let view = self.desk.handle(LookAtDesk {}).await.doing("look")?;
            Ok(Some(view).filter(|view| wanted(view)))
        })
        .await
    }
}
