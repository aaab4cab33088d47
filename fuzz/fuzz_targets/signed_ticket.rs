//! See `usher_fuzz::decoders::signed_ticket`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| usher_fuzz::decoders::signed_ticket::take(bytes));
