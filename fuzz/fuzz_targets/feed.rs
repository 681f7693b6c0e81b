//! Feed bytes: no panic, no hang, and entries that each have a key of their own.
#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use tollwatch::feed::read;

fuzz_target!(|bytes: &[u8]| {
    let base = "https://post.example/feed".parse().unwrap();
    if let Ok(feed) = read(bytes, None, &base) {
        let keys: HashSet<_> = feed.entries.iter().map(|entry| entry.key.clone()).collect();
        assert_eq!(keys.len(), feed.entries.len());
        assert_eq!(feed.keys().len(), feed.entries.len());
    }
});
