//! A feed that tollwatch watches, and how it is doing.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::model::hints::Hints;
use crate::model::id::{ConflictId, LangCode, SourceId};

/// A feed as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its short name.
    pub id: SourceId,
    /// The outlet as people call it.
    pub name: String,
    /// The address of the feed.
    pub feed: Url,
    /// The language of its articles; detected from the text if absent.
    pub lang: Option<LangCode>,
    /// The conflicts it may speak of; all configured ones if empty. With `world` in the list, articles about other
    /// conflicts are recorded too.
    pub conflicts: Vec<ConflictId>,
    /// What it is: newspaper, agency, broadcaster, official, monitor …
    pub kind: String,
    /// Whether it is polled.
    pub enabled: bool,
    /// How often, if not as often as the others.
    pub interval: Option<Duration>,
    /// Whether its host must prove who it is.
    pub checks_certificate: bool,
    /// Where its articles keep their text, if the generic reader fails on them.
    pub article: Option<Selectors>,
}

/// CSS selectors into the article pages of one site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selectors {
    /// The element or elements that hold the body.
    pub body: Option<String>,
    /// Elements to cut out before reading.
    pub remove: Vec<String>,
    /// The headline.
    pub title: Option<String>,
    /// The date of publication.
    pub published: Option<String>,
    /// The byline.
    pub byline: Option<String>,
}

/// How a source is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SourceHealth {
    /// Not polled yet.
    #[default]
    New,
    /// The last poll worked.
    Ok,
    /// The last polls failed.
    Failing,
    /// It says that it is gone for good (410); it is not polled any more.
    Gone,
}

impl SourceHealth {
    /// The word used in the store and in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Ok => "ok",
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }
}

/// What kind of trouble a source is in, in a word for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It turns robots away.
    Blocked,
    /// Something else is at its address.
    NotAFeed,
    /// It asked to be left alone for a while.
    Waiting,
    /// Nobody answers.
    Unreachable,
    /// It answers with an error.
    Failing,
    /// Its address is none that may be asked.
    Forbidden,
    /// Its answer cannot be read.
    Broken,
}

impl Trouble {
    const ALL: [Self; 7] =
        [Self::Blocked, Self::NotAFeed, Self::Waiting, Self::Unreachable, Self::Failing, Self::Forbidden, Self::Broken];

    /// The words used in the store and in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::NotAFeed => "not a feed",
            Self::Waiting => "waiting",
            Self::Unreachable => "unreachable",
            Self::Failing => "failing",
            Self::Forbidden => "forbidden address",
            Self::Broken => "broken",
        }
    }

    /// The kind that these words mean.
    pub fn from_words(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == words)
    }
}

/// What is remembered of a source between polls and across restarts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceState {
    /// How it is doing.
    pub health: SourceHealth,
    /// The feed address to which the validators below belong.
    pub feed: Option<Url>,
    /// The `ETag` of the last good answer, byte for byte.
    pub etag: Option<Vec<u8>>,
    /// The `Last-Modified` of the last good answer, byte for byte.
    pub last_modified: Option<Vec<u8>>,
    /// The address that gave them; unknown if an older version noted them.
    pub validators_of: Option<Url>,
    /// What the last good answer, and the feed that it was or confirmed, said about when to come back.
    pub hints: Hints,
    /// When it was last asked.
    pub last_poll: Option<Timestamp>,
    /// When it last answered well.
    pub last_success: Option<Timestamp>,
    /// When it is asked next.
    pub next_due: Option<Timestamp>,
    /// Failures since the last success.
    pub failures: u32,
    /// Why the last poll failed, in words.
    pub last_error: Option<String>,
    /// What kind of trouble that is.
    pub trouble: Option<Trouble>,
    /// Where a permanent redirect leads, and since when it was seen.
    pub moved_to: Option<(Url, Timestamp)>,
    /// In how many polls in a row it was seen.
    pub moved_polls: u32,
    /// Before when the feed itself is not asked; a poll before that only reads articles again.
    pub feed_due: Option<Timestamp>,
    /// Why it is asked next when it is, in words.
    pub due_reason: Option<String>,
}
