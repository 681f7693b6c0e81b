//! Feed bytes → entries: RSS, RDF, Atom and JSON feeds, however broken, each entry once.

mod base64;
mod channel;
mod decode;
mod discover;
mod document;
mod draft;
mod elements;
mod identity;
mod instead;
mod json;
mod markup;
mod names;
mod references;
mod tag;
mod text;
mod value;

use std::time::Duration;

use thiserror::Error;
use url::Url;

use crate::feed::document::Document;
use crate::model::{EntryKey, FeedEntry, QuietHours};

pub use decode::decode;
pub use discover::discover;
pub use identity::canonical;
pub use instead::Instead;
pub use text::{plain, without_markup};

/// Most entries that one document gives; of more, the newest.
const MOST_ENTRIES: usize = 1_000;

/// What a feed says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// Its title as plain text.
    pub title: Option<String>,
    /// The page that it belongs to.
    pub site: Option<Url>,
    /// How long it asks to be left alone between two polls.
    pub ttl: Option<Duration>,
    /// When it asks not to be polled.
    pub quiet: QuietHours,
    /// The page of the same feed with the entries before these, if there is one.
    pub older: Option<Url>,
    /// Its entries, each once, in the order of the document; of too many the newest.
    pub entries: Vec<FeedEntry>,
    /// How many items the document had, with those that it repeats.
    pub items: usize,
    /// What was wrong with it, for people.
    pub notes: Vec<String>,
}

impl Feed {
    /// For each entry the keys under which an earlier poll may know it: its own, and that of its link if no other entry
    /// has the same. An entry with a new id that links to a known article is known.
    pub fn keys(&self) -> Vec<Vec<EntryKey>> {
        let link = |entry: &FeedEntry| entry.link.as_ref().and_then(identity::link_key);
        let mut uses = std::collections::BTreeMap::<EntryKey, usize>::new();
        for key in self.entries.iter().filter_map(link) {
            *uses.entry(key).or_default() += 1;
        }
        let other = |entry: &FeedEntry| link(entry).filter(|key| *key != entry.key && uses.get(key) == Some(&1));
        self.entries.iter().map(|entry| [entry.key.clone()].into_iter().chain(other(entry)).collect()).collect()
    }
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
        found: Instead,
    },
    /// A feed that nobody can read.
    #[error("the feed cannot be read: {reason}")]
    Broken {
        /// What is wrong.
        reason: String,
    },
}

/// Reads a feed that was fetched from `base`. Never panics; takes time and memory in proportion to the bytes.
///
/// # Errors
///
/// If it is no feed, or JSON that is broken. Of broken XML what can be read is read.
pub fn read(bytes: &[u8], content_type: Option<&str>, base: &Url) -> Result<Feed, FeedError> {
    let text = decode(bytes, content_type);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\0'));
    if text.is_empty() {
        return Err(FeedError::Empty);
    }
    if text.starts_with(['{', '[']) {
        return json::read(text, base).map(|document| feed(document, Vec::new()));
    }
    let document = if instead::is_page(text) { None } else { document::read(text, base) };
    let document = document.ok_or_else(|| FeedError::NotAFeed { found: Instead::of(text) })?;
    Ok(feed(document, notes(text)))
}

fn feed(document: Document, mut notes: Vec<String>) -> Feed {
    if document.is_cut {
        notes.push("the document is cut off: its last item was left out".to_owned());
    }
    Feed {
        title: document.channel.title.get().map(plain).filter(|title| !title.is_empty()),
        ttl: document.channel.ttl(),
        quiet: document.channel.quiet,
        site: document.channel.site,
        older: document.channel.older,
        items: document.count,
        entries: identity::entries(document.items),
        notes,
    }
}

fn notes(text: &str) -> Vec<String> {
    let mut notes = Vec::new();
    if text.contains(char::REPLACEMENT_CHARACTER) {
        notes.push("some bytes could not be decoded".to_owned());
    }
    if !text.starts_with('<') {
        notes.push("something stands before the feed".to_owned());
    }
    notes
}

/// The beginning of a text, at most so many bytes long.
fn cut(text: &str, longest: usize) -> &str {
    text.get(..text.floor_char_boundary(longest)).unwrap_or(text)
}
