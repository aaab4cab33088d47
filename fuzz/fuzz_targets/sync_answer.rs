//! See `usher_fuzz::decoders::sync_answer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| usher_fuzz::decoders::sync_answer::take(bytes));
