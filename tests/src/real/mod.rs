//! Real programs and the network between them: what the scripted door, the black box and the tests of old versions stand on.

pub mod clock;
pub mod desk;
mod exchange;
pub mod http;
pub mod organiser;
pub mod programs;
pub mod proxy;
pub mod supervisor;

use std::error::Error;

/// Why something could not be carried out, in words.
pub type Failure = Box<dyn Error + Send + Sync>;
