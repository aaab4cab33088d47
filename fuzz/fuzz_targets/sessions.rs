//! See `usher_fuzz::decoders::sessions`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| usher_fuzz::decoders::sessions::take(bytes));
