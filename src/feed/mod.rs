//! Feed bytes → entries: RSS, Atom, RDF and JSON feeds, decoded, repaired where they are broken, each entry once.

mod decode;
mod entry;
mod json;
mod repair;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use thiserror::Error;
use url::Url;

use crate::model::FeedEntry;

pub use decode::decode;
pub use entry::{canonical, plain, without_markup};

/// Most entries that one document gives; the first ones count.
const MOST_ENTRIES: usize = 1_000;

/// Deepest nesting of elements that is parsed.
const DEEPEST: usize = 512;

/// What a feed says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// Its title.
    pub title: Option<String>,
    /// How long it asks to be left alone between two polls.
    pub ttl: Option<Duration>,
    /// Its entries, each once, in the order of the document.
    pub entries: Vec<FeedEntry>,
    /// What had to be repaired, for people.
    pub notes: Vec<String>,
}

/// Why bytes are no feed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FeedError {
    /// Nothing at all.
    #[error("the answer is empty")]
    Empty,
    /// Something else.
    #[error("this is no feed but {found}")]
    NotAFeed {
        /// What it seems to be.
        found: &'static str,
    },
    /// A feed that nobody can read.
    #[error("the feed cannot be read: {reason}")]
    Broken {
        /// What is wrong.
        reason: String,
    },
}

/// Reads a feed that was fetched from `base`.
///
/// # Errors
///
/// If it is no feed, or too broken.
pub fn read(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Result<Feed, FeedError> {
    let text = decode(bytes, content_type);
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if text.is_empty() {
        return Err(FeedError::Empty);
    }
    if text.starts_with(['{', '[']) {
        return json::read(text, base);
    }
    let Some(start) = feed_start(text) else { return Err(FeedError::NotAFeed { found: kind(text) }) };
    let text = text.get(start..).unwrap_or_default();
    if is_too_deep(text) {
        return Err(FeedError::Broken { reason: format!("its elements are nested more than {DEEPEST} deep") });
    }
    parsed(text, base).or_else(|reason| repaired(text, base, reason))
}

/// Where the feed begins: behind what a server put before it.
fn feed_start(text: &str) -> Option<usize> {
    let head: String = text.chars().take(100_000).collect::<String>().to_ascii_lowercase();
    let root =
        ["<rss", "<feed", "<rdf:rdf", "<atom:feed", "<channel"].into_iter().filter_map(|root| head.find(root)).min()?;
    let page = head.find("<html").or_else(|| head.find("<body"));
    if page.is_some_and(|page| page < root) {
        return None;
    }
    let declaration = head.get(..root).and_then(|before| before.find("<?xml"));
    Some(declaration.unwrap_or(root))
}

fn kind(text: &str) -> &'static str {
    let head: String = text.chars().take(5_000).collect::<String>().to_ascii_lowercase();
    let is_challenge = ["captcha", "just a moment", "checking your browser", "cf-challenge", "access denied"]
        .iter()
        .any(|word| head.contains(word));
    if is_challenge {
        "a page that asks whether this is a robot"
    } else if head.contains("<html") || head.contains("<!doctype html") || head.contains("<body") {
        "a web page"
    } else if head.starts_with('<') {
        "some other XML"
    } else {
        "plain text"
    }
}

/// One linear scan for the depth of nesting, so that no parser has to find out the hard way.
fn is_too_deep(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut depth: usize = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if *byte != b'<' {
            continue;
        }
        match bytes.get(at + 1) {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'!' | b'?') => {}
            Some(next) if next.is_ascii_alphabetic() => {
                depth += 1;
                if depth > DEEPEST * 4 {
                    return true;
                }
            }
            Some(_) | None => {}
        }
        if let Some(close) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'>'))
            && close > 0
            && bytes.get(at + close - 1) == Some(&b'/')
        {
            depth = depth.saturating_sub(1);
        }
    }
    false
}

fn parsed(text: &str, base: &Url) -> Result<Feed, String> {
    // The parser panics on some input; what it leaves behind is dropped with it.
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        let parser = feed_rs::parser::Builder::new().base_uri(Some(base.as_str())).sanitize_content(false);
        let parser = parser.id_generator(|_, _, _| String::new());
        parser.timestamp_parser(|text| crate::dates::date(text).and_then(to_chrono)).build().parse(text.as_bytes())
    }));
    match attempt {
        Ok(Ok(feed)) => Ok(entry::feed(feed, base)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the parser gave up on it".to_owned()),
    }
}

fn to_chrono(time: jiff::Timestamp) -> Option<chrono::DateTime<chrono::Utc>> {
    chrono::DateTime::from_timestamp(time.as_second(), 0)
}

/// The same after repair; if that does not help, the items one by one.
fn repaired(text: &str, base: &Url, reason: String) -> Result<Feed, FeedError> {
    let mended = repair::mended(text);
    let note = format!("repaired: {reason}");
    if let Ok(mut feed) = parsed(&mended, base) {
        feed.notes.push(note);
        return Ok(feed);
    }
    let mut feed = Feed::default();
    for item in repair::items(&mended).into_iter().take(MOST_ENTRIES) {
        if let Ok(one) = parsed(&item, base) {
            feed.title = feed.title.or(one.title);
            feed.entries.extend(one.entries);
        }
    }
    if feed.entries.is_empty() {
        return Err(FeedError::Broken { reason });
    }
    feed.notes.push(format!("read item by item: {reason}"));
    entry::once(&mut feed.entries);
    Ok(feed)
}
