//! What version 0.1.0 left behind, and what it says on the wire: `tests/fixtures/0.1.0`.

mod desk;
mod fixture;
mod later;
mod old_server;
mod server;
mod shapes;
mod supervisor;
