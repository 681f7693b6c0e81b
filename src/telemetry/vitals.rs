//! What the process knows of itself: for the status line, the health pages and the metrics.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

/// The state of the running process, shared by who changes it and who shows it. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Vitals {
    pulse: Arc<Mutex<Pulse>>,
}

/// One look at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pulse {
    /// When the process was ready.
    pub started: Option<Timestamp>,
    /// Sources that are polled.
    pub sources: usize,
    /// Of them, those whose last poll failed.
    pub failing: usize,
    /// Polls in flight.
    pub in_flight: usize,
    /// Polls that worked since the start.
    pub polls: u64,
    /// Polls that failed since the start.
    pub failures: u64,
    /// Articles read since the start.
    pub articles: u64,
    /// Claims new to the ledger since the start.
    pub new_claims: u64,
    /// When the last poll ended.
    pub last_poll: Option<Timestamp>,
    /// When the ledger last answered that it can be written.
    pub last_beat: Option<Timestamp>,
    /// Why nothing is polled at the moment, in words.
    pub paused: Option<String>,
    /// Free bytes where the ledger is.
    pub free_bytes: Option<u64>,
}

impl Vitals {
    /// How things are.
    pub fn look(&self) -> Pulse {
        self.pulse().clone()
    }

    /// Changes something.
    pub fn change(&self, change: impl FnOnce(&mut Pulse)) {
        change(&mut self.pulse());
    }

    fn pulse(&self) -> MutexGuard<'_, Pulse> {
        // Plain numbers are whole even if somebody panicked while holding them.
        self.pulse.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
