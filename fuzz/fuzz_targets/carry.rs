//! See `usher_fuzz::decoders::carry`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| usher_fuzz::decoders::carry::take(bytes));
