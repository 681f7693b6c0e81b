//! Dates: no panic, and what is read can be written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tollwatch::dates::date;

fuzz_target!(|text: &str| {
    if let Some(time) = date(text) {
        assert_eq!(date(&time.to_string()), Some(time));
    }
});
