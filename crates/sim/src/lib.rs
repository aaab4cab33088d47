//! Desks, a server, a network and disks in one process under one seed, checked by a naive oracle (DESIGN section 10).
//!
//! One [`run::run`] of a [`plan::Plan`]: steps, each with a random stream of its own, so that a failing plan can be cut short and
//! thinned; then everything is healed and [`checks`] looks at what must hold. To add something that happens: a function and a line
//! in a table of [`actions`]; something that must hold: a function called in [`checks::check`], or in the action that could
//! break it; a message: a variant of [`network::Parcel`]; a kind of entry: a variant of [`oracle::Said`].

pub mod actions;
pub mod chance;
pub mod checks;
pub mod clock;
pub mod desk;
pub mod event;
pub mod files;
pub mod hazard;
pub mod kinds;
mod machines;
pub mod network;
pub mod oracle;
pub mod plan;
pub mod report;
pub mod roster;
pub mod run;
pub mod seat;
pub mod server;
pub mod trace;
pub mod world;
