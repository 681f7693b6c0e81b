//! What a poll brought.

use jiff::Timestamp;

use crate::model::SourceId;

/// What a poll of one source brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Which source.
    pub source: SourceId,
    /// How it went.
    pub outcome: Outcome,
    /// Entries in the feed.
    pub entries: usize,
    /// Articles read that were new or changed.
    pub articles: usize,
    /// Claims that the ledger did not know.
    pub new_claims: usize,
    /// Claims that it knew.
    pub seen_claims: usize,
    /// Articles that could not be read, with the reason.
    pub skipped: usize,
    /// When it is polled again.
    pub next_due: Option<Timestamp>,
}

/// How a poll went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The feed says that nothing changed.
    Unchanged,
    /// The feed was read.
    Changed,
    /// It could not be read.
    Failed(String),
}

impl Report {
    pub(super) fn new(source: SourceId) -> Self {
        Self {
            source,
            outcome: Outcome::Unchanged,
            entries: 0,
            articles: 0,
            new_claims: 0,
            seen_claims: 0,
            skipped: 0,
            next_due: None,
        }
    }

    /// Whether the feed could not be read.
    pub fn is_failure(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_))
    }
}
