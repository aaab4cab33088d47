//! See `usher_fuzz::decoders::proof`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| usher_fuzz::decoders::proof::take(bytes));
