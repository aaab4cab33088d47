//! Desks, a server, a network and disks in one process under one seed, checked by a naive oracle (DESIGN section 10).

pub mod chance;
pub mod clock;
pub mod desk;
pub mod event;
pub mod files;
pub mod server;
