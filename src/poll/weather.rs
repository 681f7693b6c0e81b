//! Whether the network is down, or only the host that was asked: no source is blamed for the first, and each time is told
//! once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tracing::{info, warn};

use crate::fetch::{FetchError, Fetcher};
use crate::model::SourceId;

/// What is known of the network. Cheap to clone; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    sky: Arc<Mutex<Sky>>,
}

#[derive(Debug, Default)]
struct Sky {
    /// When each source that cannot be reached was first tried in vain; once others were heard of, when it last was.
    silent: HashMap<SourceId, Instant>,
    is_down: bool,
}

impl Weather {
    /// Whether a failure of a poll that began at `begun` is not the source's: nothing came back, no host at all has
    /// answered since, or since the source's first failure of this kind, and more than one was asked.
    pub(super) fn is_down(&self, source: &SourceId, error: &FetchError, begun: Instant, fetcher: &Fetcher) -> bool {
        if is_answer(error) {
            self.is_up(source);
            return false;
        }
        let mut sky = self.sky();
        let is_silence = error.is_silence() || matches!(error, FetchError::Timeout { .. });
        if !is_silence || fetcher.hosts() < 2 {
            sky.silent.remove(source);
            return false;
        }
        let since = *sky.silent.entry(source.clone()).or_insert(begun);
        if fetcher.has_answer_since(since) {
            // The next failure is its own as well if others answer until then.
            sky.silent.insert(source.clone(), begun);
            return false;
        }
        if !std::mem::replace(&mut sky.is_down, true) {
            let reason = error.to_string();
            warn!(
                event = "network.down",
                source = source.as_str(),
                reason,
                "no host answers; no source is blamed, and polls go on"
            );
        }
        true
    }

    /// Takes note that a source was reached.
    pub(super) fn is_up(&self, source: &SourceId) {
        let mut sky = self.sky();
        sky.silent.remove(source);
        if std::mem::take(&mut sky.is_down) {
            info!(event = "network.up", source = source.as_str(), "hosts answer again");
        }
    }

    fn sky(&self) -> MutexGuard<'_, Sky> {
        // A panic elsewhere leaves it whole: each change of it is one assignment.
        self.sky.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an error comes from a host, and not from the way to it.
fn is_answer(error: &FetchError) -> bool {
    matches!(
        error,
        FetchError::Status { .. } | FetchError::Redirect { .. } | FetchError::TooBig { .. } | FetchError::Decode { .. }
    )
}
