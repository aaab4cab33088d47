//! Every deliberate mistake with the configuration and the invariant that catch it.
use crate::configuration::Configuration;
/// All.
#[must_use]
pub fn mutants() -> Vec<Configuration> {
    vec![]
}
