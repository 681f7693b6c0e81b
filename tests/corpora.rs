//! The corpora of the fuzz targets, read once by each target's own function.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "../fuzz/fuzz_targets/short/mod.rs"]
mod short;

use std::fs;
use std::path::Path;

use tollwatch::config::Config;
use tollwatch::dates::date;
use tollwatch::extract::{Document, Extractor};
use tollwatch::feed::{self, canonical, discover};
use tollwatch::fetch::FetchError;
use tollwatch::scrape;
use url::Url;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    assert!(!files.is_empty(), "{target}");
    files
}

fn texts(target: &str) -> Vec<String> {
    corpus(target).iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
}

fn base() -> Url {
    "https://post.example/2024/03/15/story".parse().unwrap()
}

#[test]
fn feeds_and_pages_are_read() {
    for bytes in corpus("feed") {
        if let Ok(feed) = feed::read(&bytes, None, &base()) {
            assert_eq!(feed.keys().len(), feed.entries.len());
        }
    }
    for bytes in corpus("html") {
        let html = scrape::decode(&bytes, Some("text/html"));
        let page = scrape::read(&html, Some(&base()), None);
        assert!(page.article.text.len() <= html.len() * 4 + 64);
    }
}

#[test]
fn dates_can_be_written_and_read_again() {
    for time in texts("dates").iter().filter_map(|text| date(text)) {
        assert_eq!(date(&time.to_string()), Some(time));
    }
}

#[test]
fn canonical_addresses_have_no_fragment_and_plain_ones_no_password() {
    for text in texts("urls") {
        if let Ok(url) = base().join(&text) {
            assert!(!canonical(&url).contains('#'));
            let plain = FetchError::plain(&url);
            assert!(plain.username().is_empty() && plain.password().is_none());
        }
        assert!(discover(&text, &base()).iter().all(|feed| matches!(feed.scheme(), "http" | "https")));
    }
}

#[test]
fn rules_are_read() {
    for bytes in corpus("robots") {
        let robots = robotxt::Robots::parse(&bytes, "tollwatch");
        assert!(robots.is_url_allowed(&base()) || !bytes.is_empty());
    }
}

#[test]
fn configurations_are_read_or_refused_with_words() {
    let folder = short::folder();
    assert!(short::load(folder.path(), "").is_ok());
    for text in texts("config") {
        if let Err(errors) = short::load(folder.path(), &text) {
            assert!(!errors.to_string().is_empty());
        }
    }
}

#[test]
fn quotes_stand_where_they_say() {
    let config = Config::embedded().unwrap();
    let engine = Extractor::new(&config.languages, &config.conflicts);
    for text in texts("extract") {
        let published = Some("2024-03-15".parse().unwrap());
        let document = Document { text: &text, title: "", published, lang: None, conflicts: &[], publisher: None };
        for claim in engine.extract(&document).claims {
            assert_eq!(text.get(claim.quote.span.clone()), Some(claim.quote.text.as_str()));
        }
    }
}
