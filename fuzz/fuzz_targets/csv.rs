#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| livetrail_fuzz::csv::check(data));
