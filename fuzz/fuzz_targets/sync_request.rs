//! See `usher_fuzz::decoders::sync_request`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| usher_fuzz::decoders::sync_request::take(bytes));
