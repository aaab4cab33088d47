//! The capacity protocol of DESIGN section 5 as a model for the `stateright` checker.
//!
//! Two desks, a server, a network that loses, repeats and reorders, people who come and leave, supervisors, accidents: every
//! order of steps is tried, and after each the invariants of the design are asked. [`configurations()`] lists what is explored;
//! [`mutants()`] lists deliberate mistakes, each of which a named invariant must notice, or the invariants would prove nothing.
//!
//! Read `terms` and `state` first, then `arithmetic` and `seats` (what is counted), then the steps: `desk`, `network`,
//! `server`, `holds`, `supervisor`, `disputes`, `copies`, `restore`. `invariants` and `excuses` say what must
//! be true, `reached` what must have happened somewhere. `docs/model.md` has the tables, and what is not modelled.

mod arithmetic;
mod check;
mod configuration;
mod configurations;
mod copies;
mod crossings;
mod desk;
mod disputes;
mod excuses;
mod feature;
mod growth;
mod holds;
mod invariants;
mod mutant;
mod mutants;
mod network;
mod pruning;
mod reached;
mod releases;
mod report;
mod restore;
mod seats;
mod server;
mod state;
mod step;
mod supervisor;
mod terms;
mod view;
mod words;

pub use check::{Outcome, check, shortest};
pub use configuration::Configuration;
pub use configurations::configurations;
pub use feature::Feature;
pub use invariants::Invariant;
pub use mutant::Mutant;
pub use mutants::mutants;
pub use reached::Reached;
pub use report::{documented, heading, row};
pub use state::World;
pub use step::Step;
