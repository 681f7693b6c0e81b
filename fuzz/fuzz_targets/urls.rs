//! Addresses: a canonical one has no fragment, a plain one no password, and the feeds of a page are addresses of the web.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tollwatch::feed::{canonical, discover};
use tollwatch::fetch::FetchError;
use url::Url;

fuzz_target!(|text: &str| {
    let base: Url = "https://post.example/a/b".parse().unwrap();
    if let Ok(url) = base.join(text) {
        assert!(!canonical(&url).contains('#'));
        let plain = FetchError::plain(&url);
        assert!(plain.username().is_empty() && plain.password().is_none());
    }
    for feed in discover(text, &base) {
        assert!(matches!(feed.scheme(), "http" | "https"));
    }
});
