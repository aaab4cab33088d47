//! See `usher_fuzz::decoders::participants`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| usher_fuzz::decoders::participants::take(bytes));
