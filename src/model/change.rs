//! What the log says: one change, one event.

use std::fmt;

use jiff::Timestamp;
use url::Url;

use crate::model::id::SourceId;
use crate::model::record::{ClaimRecord, Step};

/// Something that changed, in the order of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its place in the change log; 0 until the store has given it one.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// What changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A claim not seen before.
    ClaimNew {
        /// The claim.
        record: Box<ClaimRecord>,
    },
    /// A claim not seen before in a series that already had a figure.
    ClaimStep {
        /// The claim.
        record: Box<ClaimRecord>,
        /// What it changed.
        step: Step,
    },
    /// Another article prints a known claim.
    ClaimSeen {
        /// The claim.
        record: Box<ClaimRecord>,
    },
    /// Another article prints a known claim with another hedge or outcome.
    ClaimDrift {
        /// The claim.
        record: Box<ClaimRecord>,
        /// How the article words it.
        wording: String,
    },
    /// No article prints the claim any more.
    ClaimWithdrawn {
        /// The claim.
        record: Box<ClaimRecord>,
    },
    /// An article prints a withdrawn claim again.
    ClaimRestored {
        /// The claim.
        record: Box<ClaimRecord>,
    },
    /// A new version of an article changed its claims.
    ArticleEdited {
        /// Where it came from.
        source: SourceId,
        /// The article.
        url: Url,
        /// Claims that the old version printed and the new one does not, in words.
        removed: Vec<String>,
        /// Claims that only the new version prints, in words.
        added: Vec<String>,
    },
    /// A source began to fail.
    SourceFailing {
        /// Which.
        source: SourceId,
        /// Its address.
        url: Url,
        /// Why, in words.
        reason: String,
    },
    /// A failing source works again.
    SourceRecovered {
        /// Which.
        source: SourceId,
        /// Its address.
        url: Url,
        /// How many polls had failed.
        failures: u32,
    },
    /// A source moved for good.
    SourceMoved {
        /// Which.
        source: SourceId,
        /// Where it was.
        url: Url,
        /// Where it is.
        to: Url,
    },
    /// A source is gone for good.
    SourceGone {
        /// Which.
        source: SourceId,
        /// Where it was.
        url: Url,
    },
}

impl Event {
    /// The stable name, such as `claim.new`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ClaimNew { .. } => "claim.new",
            Self::ClaimStep { .. } => "claim.step",
            Self::ClaimSeen { .. } => "claim.seen",
            Self::ClaimDrift { .. } => "claim.drift",
            Self::ClaimWithdrawn { .. } => "claim.withdrawn",
            Self::ClaimRestored { .. } => "claim.restored",
            Self::ArticleEdited { .. } => "article.edited",
            Self::SourceFailing { .. } => "source.failing",
            Self::SourceRecovered { .. } => "source.recovered",
            Self::SourceMoved { .. } => "source.moved",
            Self::SourceGone { .. } => "source.gone",
        }
    }

    /// Every name that `name` can give.
    pub const NAMES: [&'static str; 11] = [
        "claim.new",
        "claim.step",
        "claim.seen",
        "claim.drift",
        "claim.withdrawn",
        "claim.restored",
        "article.edited",
        "source.failing",
        "source.recovered",
        "source.moved",
        "source.gone",
    ];

    /// How loud it is.
    pub fn level(&self) -> Level {
        match self {
            Self::ClaimSeen { .. } => Level::Debug,
            Self::SourceFailing { .. } | Self::SourceGone { .. } => Level::Warn,
            Self::ClaimNew { .. }
            | Self::ClaimStep { .. }
            | Self::ClaimDrift { .. }
            | Self::ClaimWithdrawn { .. }
            | Self::ClaimRestored { .. }
            | Self::ArticleEdited { .. }
            | Self::SourceRecovered { .. }
            | Self::SourceMoved { .. } => Level::Info,
        }
    }

    /// The claim it is about, if it is about one.
    pub fn record(&self) -> Option<&ClaimRecord> {
        match self {
            Self::ClaimNew { record }
            | Self::ClaimStep { record, .. }
            | Self::ClaimSeen { record }
            | Self::ClaimDrift { record, .. }
            | Self::ClaimWithdrawn { record }
            | Self::ClaimRestored { record } => Some(record),
            Self::ArticleEdited { .. }
            | Self::SourceFailing { .. }
            | Self::SourceRecovered { .. }
            | Self::SourceMoved { .. }
            | Self::SourceGone { .. } => None,
        }
    }
}

/// How loud a line of the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For those who look closely.
    Debug,
    /// News.
    Info,
    /// Something an operator may have to look at.
    Warn,
    /// Something an operator must look at.
    Error,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        })
    }
}
