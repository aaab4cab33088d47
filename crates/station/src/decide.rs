//! The supervisor's decisions, sent to the server, which alone decides.

use usher_core::ids::{Epoch, Identity, PersonId, SessionId, StationId};
use usher_protocol::{
    commands::{
        AllowReEntry, FindPersons, HandOutAll, Handles, HoldSeats, MergePersons, ResolveIncident,
        SetCapacity, SetSessionState, SettleDesk, SplitPersons,
    },
    decide::{DecideAnswer, Decision, Refused, SeenBoard},
    error::ErrorCode,
    people::{FoundPerson, PeopleAnswer, PeopleRequest},
    window::{DecideOutcome, DecideRefusal, OfflineWhy, WindowError},
};

use crate::{Host, Supervisor, client::CallError};

impl<H: Host> Supervisor<H> {
    /// What the board shows of what is decided; none: there is none.
    fn seen(&self, decision: &Decision) -> Option<SeenBoard> {
        let set = decision.session_set().map(|id| id.to_string());
        self.shown(|board, age_ms| {
            let session = board.sessions.iter().find(|session| Some(&session.id) == set.as_ref());
            let rev = session.and_then(|session| session.rev);
            SeenBoard { at_ms: board.at_ms.saturating_add(age_ms), rev }
        })
    }

    pub(crate) async fn decide(&self, decision: Decision) -> Result<DecideOutcome, WindowError> {
        let credential = self.credential().ok_or(WindowError::NotReady)?;
        let body = decision.to_body(self.seen(&decision).as_ref()).map_err(|_| WindowError::BadCall)?;
        let proof = credential.proof(&body).ok_or(WindowError::NotReady)?;
        let sent = match credential.client() {
            Ok(client) => client.call::<DecideAnswer>("v1/decide", &proof, body).await,
            Err(error) => Err(error),
        };
        Ok(match sent {
            Ok(answered) => {
                if let Some((session, rev)) = decision.session_set().zip(answered.answer.rev) {
                    self.note_rev(&session.to_string(), rev);
                }
                answered.answer.refused.map_or(DecideOutcome::Done, |why| refused(words(why)))
            }
            Err(error) => {
                tracing::info!(%error, "a decision did not reach the server");
                refused(unreached(&error))
            }
        })
    }
}

const fn refused(why: DecideRefusal) -> DecideOutcome {
    DecideOutcome::Refused { why }
}

const fn words(why: Refused) -> DecideRefusal {
    match why {
        Refused::Unknown => DecideRefusal::Unknown,
        Refused::Done => DecideRefusal::Done,
        Refused::Learning => DecideRefusal::Learning,
        Refused::DoesNotFit => DecideRefusal::DoesNotFit,
    }
}

const fn unreached(error: &CallError) -> DecideRefusal {
    if let CallError::Refused(ErrorCode::BadRequest) = error {
        // What it cannot read is a decision that came later than it.
        return DecideRefusal::ServerTooOld;
    }
    match error.why_offline() {
        OfflineWhy::Revoked => DecideRefusal::Revoked,
        _ => DecideRefusal::Offline,
    }
}

pub(crate) fn id<T: std::str::FromStr>(text: &str) -> Result<T, WindowError> {
    text.parse().map_err(|_| WindowError::BadCall)
}

pub(crate) fn session(text: &str) -> Result<SessionId, WindowError> {
    id(text).map(SessionId)
}

impl<H: Host> Handles<SettleDesk> for Supervisor<H> {
    async fn handle(&self, args: SettleDesk) -> Result<DecideOutcome, WindowError> {
        let epoch = u64::from_str_radix(&args.epoch, 16).map_err(|_| WindowError::BadCall)?;
        let log = Identity { station: StationId(id(&args.station)?), epoch: Epoch(epoch) };
        let (session, spent, reason) = (session(&args.session)?, args.spent, args.reason);
        self.decide(Decision::Settle { log, session, spent, reason }).await
    }
}

impl<H: Host> Handles<ResolveIncident> for Supervisor<H> {
    async fn handle(&self, args: ResolveIncident) -> Result<DecideOutcome, WindowError> {
        let (incident, outcome, over_by) = (id(&args.incident)?, args.outcome, args.over_by);
        self.decide(Decision::Resolve { incident, outcome, over_by }).await
    }
}

impl<H: Host> Handles<FindPersons> for Supervisor<H> {
    async fn handle(&self, args: FindPersons) -> Result<Vec<FoundPerson>, WindowError> {
        let credential = self.credential().ok_or(WindowError::NotReady)?;
        let body =
            serde_json::to_vec(&PeopleRequest { text: args.text }).map_err(|_| WindowError::BadCall)?;
        let proof = credential.proof(&body).ok_or(WindowError::NotReady)?;
        let client = credential.client().map_err(|_| WindowError::NotReady)?;
        match client.call::<PeopleAnswer>("v1/people", &proof, body).await {
            Ok(answered) => Ok(answered.answer.people),
            Err(error) => {
                tracing::info!(%error, "a search did not reach the server");
                Err(WindowError::NotReady)
            }
        }
    }
}

impl<H: Host> Handles<MergePersons> for Supervisor<H> {
    async fn handle(&self, args: MergePersons) -> Result<DecideOutcome, WindowError> {
        let (a, b) = (PersonId(id(&args.stays)?), PersonId(id(&args.same)?));
        self.decide(Decision::Merge { a, b }).await
    }
}

impl<H: Host> Handles<SplitPersons> for Supervisor<H> {
    async fn handle(&self, args: SplitPersons) -> Result<DecideOutcome, WindowError> {
        let epoch = u64::from_str_radix(&args.epoch, 16).map_err(|_| WindowError::BadCall)?;
        let log = Identity { station: StationId(id(&args.station)?), epoch: Epoch(epoch) };
        self.decide(Decision::Split { merge: log.key(args.seq) }).await
    }
}

impl<H: Host> Handles<AllowReEntry> for Supervisor<H> {
    async fn handle(&self, args: AllowReEntry) -> Result<DecideOutcome, WindowError> {
        let session = session(&args.session)?;
        self.decide(Decision::ReEntry { session, allowed: args.allowed }).await
    }
}

impl<H: Host> Handles<SetCapacity> for Supervisor<H> {
    async fn handle(&self, args: SetCapacity) -> Result<DecideOutcome, WindowError> {
        self.decide(Decision::Capacity { session: session(&args.session)?, capacity: args.capacity }).await
    }
}

impl<H: Host> Handles<SetSessionState> for Supervisor<H> {
    async fn handle(&self, args: SetSessionState) -> Result<DecideOutcome, WindowError> {
        let (session, state, words) = (session(&args.session)?, args.state, args.words);
        self.decide(Decision::State { session, state, words }).await
    }
}

impl<H: Host> Handles<HandOutAll> for Supervisor<H> {
    async fn handle(&self, args: HandOutAll) -> Result<DecideOutcome, WindowError> {
        self.decide(Decision::HandOut { session: session(&args.session)?, all: args.all }).await
    }
}

impl<H: Host> Handles<HoldSeats> for Supervisor<H> {
    async fn handle(&self, args: HoldSeats) -> Result<DecideOutcome, WindowError> {
        self.decide(Decision::HoldSeats { session: session(&args.session)?, hold: args.hold }).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_cannot_read_a_decision_is_older_and_not_away() {
        assert_eq!(unreached(&CallError::Refused(ErrorCode::BadRequest)), DecideRefusal::ServerTooOld);
        assert_eq!(unreached(&CallError::Refused(ErrorCode::Revoked)), DecideRefusal::Revoked);
        assert_eq!(unreached(&CallError::NoAnswer(String::new())), DecideRefusal::Offline);
    }
}
