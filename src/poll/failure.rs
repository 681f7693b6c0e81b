//! Why a poll brought nothing, and what that means.

use std::time::Duration;

use crate::feed::{FeedError, Instead};
use crate::fetch::FetchError;
use crate::model::Trouble;

/// Why a poll brought nothing.
pub(super) enum Failure {
    Fetch(FetchError),
    Feed(FeedError),
}

impl Failure {
    pub(super) fn reason(&self) -> String {
        match self {
            Self::Fetch(error) => error.to_string(),
            Self::Feed(error) => error.to_string(),
        }
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fetch(error) => error.retry_after(),
            Self::Feed(_) => None,
        }
    }

    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::Fetch(FetchError::Status { status: 429 | 403, .. } | FetchError::Held { .. }))
    }

    pub(super) fn is_gone(&self) -> bool {
        matches!(self, Self::Fetch(error) if error.is_gone())
    }

    pub(super) fn trouble(&self) -> Trouble {
        match self {
            Self::Fetch(error) => match error {
                FetchError::Status { status: 401 | 403 | 407 | 451, .. } | FetchError::Robots { .. } => {
                    Trouble::Blocked
                }
                FetchError::Status { status: 429, .. } | FetchError::Held { .. } | FetchError::NoRules { .. } => {
                    Trouble::Waiting
                }
                FetchError::Status { .. } | FetchError::Redirect { .. } => Trouble::Failing,
                FetchError::Blocked { .. } => Trouble::Forbidden,
                FetchError::TooBig { .. } | FetchError::Decode { .. } => Trouble::Broken,
                FetchError::Setup { .. }
                | FetchError::Closed
                | FetchError::Timeout { .. }
                | FetchError::Network { .. } => Trouble::Unreachable,
            },
            Self::Feed(error) => match error {
                FeedError::NotAFeed { found: Instead::Challenge } => Trouble::Blocked,
                FeedError::NotAFeed { .. } | FeedError::Empty => Trouble::NotAFeed,
                FeedError::Broken { .. } => Trouble::Broken,
            },
        }
    }
}
