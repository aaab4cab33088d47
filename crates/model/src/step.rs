//! The steps of the model, and the model itself.

use stateright::{Model, Property};

use crate::{
    configuration::Configuration,
    copies, desk, disputes,
    feature::Feature,
    growth, holds, invariants, network, pruning, restore, server,
    state::{Desk, Facts, Message, Server, World},
    supervisor,
    terms::{Basis, DESKS, Key, SESSIONS},
    view::View,
};

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names and fields are the words of DESIGN sections 2 and 4")]
#[expect(private_interfaces, reason = "callers show steps, and never take them apart")]
pub enum Step {
    // a desk writes
    Admit { desk: usize, session: u8, person: u8, basis: Basis },
    Undo { desk: usize, of: u8 },
    CheckOut { desk: usize, of: Key },
    Exit { desk: usize, session: u8, person: u8 },
    Return { desk: usize, session: u8 },
    Close { desk: usize },
    // the log leaves, and something comes back
    Send { desk: usize },
    SendPage { desk: usize, length: u8 },
    Carry { desk: usize },
    Reply { desk: usize },
    Deliver(Message),
    // the server gives
    Grant { desk: usize, session: u8 },
    MakeHold { session: u8, person: u8 },
    // the organiser and the supervisor decide
    EndHold { session: u8, person: u8 },
    Cancel { person: u8 },
    Merge,
    Split,
    Lower,
    Raise,
    SetCapacity,
    Bind { exit: Key, check_in: Key },
    Resolve { double: Key },
    Settle { desk: usize, spent: u8 },
    Recover { desk: usize, length: u8 },
    Revoke { desk: usize },
    Accept { desk: usize },
    // machines come and go
    Enrol { desk: usize },
    OpenOffline { desk: usize },
    Reopen,
    Die { desk: usize },
    Copy,
    RollBack { to: u8 },
    Backup,
    Restore,
    // what only wrong rules know
    TimeOut { desk: usize },
    Recall { desk: usize },
    ForgeReturn { desk: usize },
    ForgeReport { desk: usize },
}

impl Model for Configuration {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        let later = [Feature::Late, Feature::Offline, Feature::Reopen, Feature::Copy, Feature::RollBack];
        let second = self.desks == DESKS && !later.into_iter().any(|feature| self.has(feature));
        let here = [true, second];
        let mut capacity = [Some(self.capacity); SESSIONS];
        if self.has(Feature::Unlimited) {
            capacity[0] = None;
        }
        vec![World {
            desks: here.map(Desk::new),
            server: Server::new(capacity, here),
            network: Default::default(),
            backup: None,
            restores: 0,
            roster: here,
            facts: Facts::default(),
        }]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        let view = View::of(self, world);
        desk::offer(view, steps);
        network::offer(view, steps);
        server::offer(view, steps);
        holds::offer(view, steps);
        supervisor::offer(view, steps);
        disputes::offer(view, steps);
        copies::offer(view, steps);
        restore::offer(view, steps);
    }

    fn next_state(&self, before: &World, step: Step) -> Option<World> {
        let mut after = before.clone();
        take(self, before, &mut after, step);
        holds::free_ended(self, &mut after);
        pruning::drop_useless(self, &mut after);
        growth::note(self, before, &mut after, step);
        (after != *before).then_some(after)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        invariants::properties(self)
    }
}

/// Every module takes the steps that it offers.
fn take(rules: &Configuration, before: &World, after: &mut World, step: Step) {
    let view = View::of(rules, before);
    desk::take(view, after, step);
    network::take(view, after, step);
    server::take(view, after, step);
    holds::take(view, after, step);
    supervisor::take(view, after, step);
    disputes::take(view, after, step);
    copies::take(view, after, step);
    restore::take(view, after, step);
}
