//! The desk without a window: what a desk does, over a small [`Host`], with sync over HTTP beside it.
//!
//! The desktop app, the headless desk and the tests drive the same [`Desk`]; the supervisor's window drives [`Supervisor`].
//! Windows, cameras and pictures stay outside.

mod absorb_loop;
mod address;
mod asking;
mod badges;
mod camera;
mod cards;
mod client;
mod closing;
mod connect;
mod decide;
mod desk;
mod export;
mod handlers;
mod health;
mod history;
mod holding;
mod host;
mod leaving;
mod lesson;
mod line;
mod link;
mod lock;
mod messages;
mod order;
mod overriding;
mod paper;
mod pinned;
mod pins;
mod practice;
mod printer_watch;
mod printing;
mod ready;
mod records;
mod renewal;
mod save_places;
mod saying;
mod scanner;
mod scanning;
mod serving;
mod supervise;
mod sync_loop;
mod system;
mod undoing;
mod view;
mod wake;
mod walk_ins;

pub use desk::{Desk, Running};
pub use host::{Health, Host, Push};
pub use supervise::Supervisor;
pub use system::SystemHost;
