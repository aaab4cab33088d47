//! The conformance suite of stores: what the contract in [`crate::store`] says, tried on each of them.
