//! Pages: no panic, no hang, on the stack that the daemon gives.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tollwatch::scrape::{decode, read};

fuzz_target!(|bytes: &[u8]| {
    let url = "https://post.example/2024/03/15/story".parse().unwrap();
    let html = decode(bytes, Some("text/html"));
    let page = read(&html, Some(&url), None);
    assert!(page.article.text.len() <= html.len() * 4 + 64);
});
