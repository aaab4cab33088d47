//! The one place of the server that takes randomness from the operating system.

/// 128 bits fit for secrets.
#[must_use]
pub(crate) fn bits() -> u128 {
    let mut bytes = [0; 16];
    if let Err(error) = getrandom::fill(&mut bytes) {
        // Keys and codes made without randomness would be worse than none: there is no way to go on.
        tracing::error!(%error, "the operating system gives no random numbers");
        std::process::abort();
    }
    u128::from_be_bytes(bytes)
}
