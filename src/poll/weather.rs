//! Whether the network is down, or only the host that was asked: no source is blamed for the first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use crate::fetch::{FetchError, Fetcher};
use crate::model::SourceId;

/// Since when each source that cannot be reached has not been heard of, as long as nobody else was heard of either.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    silent: Arc<Mutex<HashMap<SourceId, Instant>>>,
}

impl Weather {
    /// Whether a failure of a poll that began at `begun` is not the source's: no host at all has answered since, or
    /// since the source's first failure of this kind, and more than one was asked.
    pub(super) fn is_down(&self, source: &SourceId, error: &FetchError, begun: Instant, fetcher: &Fetcher) -> bool {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(error, FetchError::Network { .. }) || fetcher.hosts() < 2 {
            silent.remove(source);
            return false;
        }
        let since = *silent.entry(source.clone()).or_insert(begun);
        let others_answer = fetcher.has_answer_since(since);
        if others_answer {
            silent.remove(source);
        }
        !others_answer
    }

    pub(super) fn is_up(&self, source: &SourceId) {
        self.silent.lock().unwrap_or_else(PoisonError::into_inner).remove(source);
    }
}
