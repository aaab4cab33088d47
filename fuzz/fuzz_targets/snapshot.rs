//! See `usher_fuzz::decoders::snapshot`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| usher_fuzz::decoders::snapshot::take(bytes));
