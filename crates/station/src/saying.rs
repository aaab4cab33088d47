//! What a supervisor says to desks, and answers them.

use usher_core::ids::{SessionId, StationId};
use usher_protocol::{
    commands::{ComeToDesk, GivePlace, Handles, RefusePlace, SendMessage},
    decide::Decision,
    window::{DecideOutcome, WindowError},
};

use crate::{
    Host, Supervisor,
    decide::{id, session},
};

/// A message to one desk, without words.
const fn to(station: StationId) -> Decision {
    let text = String::new();
    Decision::Message { to: Some(station), session: None, urgent: false, text, comes: None, refuses: None }
}

impl<H: Host> Handles<SendMessage> for Supervisor<H> {
    async fn handle(&self, args: SendMessage) -> Result<DecideOutcome, WindowError> {
        let to = args.to.as_deref().map(id).transpose()?.map(StationId);
        let session = args.session.as_deref().map(id).transpose()?.map(SessionId);
        let (urgent, text) = (args.urgent, args.text);
        self.decide(Decision::Message { to, session, urgent, text, comes: None, refuses: None }).await
    }
}

impl<H: Host> Handles<ComeToDesk> for Supervisor<H> {
    async fn handle(&self, args: ComeToDesk) -> Result<DecideOutcome, WindowError> {
        let mut answer = to(StationId(id(&args.station)?));
        if let Decision::Message { comes, .. } = &mut answer {
            *comes = Some(args.asked_ms);
        }
        self.decide(answer).await
    }
}

impl<H: Host> Handles<GivePlace> for Supervisor<H> {
    async fn handle(&self, args: GivePlace) -> Result<DecideOutcome, WindowError> {
        let (session, to) = (session(&args.session)?, StationId(id(&args.station)?));
        let (capacity, asked_ms) = (args.capacity, args.asked_ms);
        self.decide(Decision::GivePlace { session, to, capacity, asked_ms }).await
    }
}

impl<H: Host> Handles<RefusePlace> for Supervisor<H> {
    async fn handle(&self, args: RefusePlace) -> Result<DecideOutcome, WindowError> {
        let mut answer = to(StationId(id(&args.station)?));
        if let Decision::Message { refuses, text, .. } = &mut answer {
            (*refuses, *text) = (Some(args.asked_ms), args.text);
        }
        self.decide(answer).await
    }
}
