//! The server and its command line.
//!
//! [`run`] serves an event over HTTP; [`cli`] is what the binary `usher-server` runs; [`import`] and [`carry`] read organisers' and desks' files. The rules
//! are in `usher-authority`, the database in `usher-authority-sqlite`; here are only the outside world's forms.

pub mod carry;
pub mod cli;
mod clock;
mod demo;
mod http;
pub mod import;
mod qr;
mod random;
mod roster_file;
pub mod run;
pub mod store;
