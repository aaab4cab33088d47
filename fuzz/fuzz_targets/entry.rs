//! See `usher_fuzz::decoders::entry`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| usher_fuzz::decoders::entry::take(bytes));
