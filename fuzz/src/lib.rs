//! What the fuzzer runs. The decoders stand in a module that `tests/tests/corpus.rs` takes as its own, so that the corpus passes
//! without the nightly compiler as well.

pub mod decoders;
