//! An item of a feed: what a source announces.

use jiff::Timestamp;
use url::Url;

/// What makes an entry the same entry in the next poll.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryKey(pub String);

/// One item of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its identity within the source.
    pub key: EntryKey,
    /// The article it links to.
    pub link: Option<Url>,
    /// Its headline as plain text.
    pub title: String,
    /// When it was published, if the date can be read.
    pub published: Option<Timestamp>,
    /// When it was last changed, if the feed says so.
    pub updated: Option<Timestamp>,
    /// The date as it was printed, for what cannot be read.
    pub published_raw: Option<String>,
    /// The summary as HTML or plain text, as the feed gave it.
    pub summary: Option<String>,
    /// The full text as HTML, where a feed carries it.
    pub content: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
}
