//! The changes that an output has not taken yet: the ledger holds them, and this is the front of them.

use std::collections::VecDeque;

use crate::config::Passes;
use crate::store::{KeyedChange, Store, StoreError};

/// Changes read from the ledger at once.
const BATCH: u32 = 500;

/// The front of the queue.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// All changes up to this one were taken, or are not for the output.
    done: i64,
    /// All changes up to this one were read.
    read: i64,
    pending: VecDeque<KeyedChange>,
}

impl Queue {
    /// All changes up to this one need not be delivered any more.
    pub(super) fn done(&self) -> i64 {
        self.done
    }

    /// Goes on after what the ledger says is done. What this process knows to be done beyond that stays done, though the
    /// ledger could not be told.
    pub(super) fn follow(&mut self, done: i64) {
        if done > self.done {
            self.pending.retain(|change| change.entry.seq > done);
            (self.done, self.read) = (done, self.read.max(done));
        }
    }

    /// Reads on if nothing is at hand. Tells whether that was the end of the log.
    pub(super) async fn fill(&mut self, store: &Store, passes: &Passes) -> Result<bool, StoreError> {
        if !self.pending.is_empty() {
            return Ok(false);
        }
        let batch = store.keyed_changes_after(self.read, BATCH).await?;
        let Some(last) = batch.last().map(|change| change.entry.seq) else { return Ok(true) };
        self.read = last;
        self.pending.extend(batch.into_iter().filter(|change| passes.lets_pass(&change.entry)));
        if self.pending.is_empty() {
            self.done = last;
        }
        Ok(false)
    }

    /// The first ones, at most so many.
    pub(super) fn front(&mut self, most: usize) -> &[KeyedChange] {
        let pending: &[KeyedChange] = self.pending.make_contiguous();
        pending.get(..most.min(pending.len())).unwrap_or_default()
    }

    /// The first `count` were taken.
    pub(super) fn taken(&mut self, count: usize) {
        let last = self.pending.drain(..count.min(self.pending.len())).next_back();
        let last = last.map_or(self.done, |change| change.entry.seq);
        self.done = if self.pending.is_empty() { self.read } else { last };
    }
}
