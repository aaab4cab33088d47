//! The store.

/// What keeps the server's data.
pub trait Store: Send + Sync {}
