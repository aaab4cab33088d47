//! The rules of the server over a store trait.
