//! When old raw bodies are dropped: at the start, and then every few hours, a few at a time while no poll is in flight.

use std::time::Duration;

use tokio::time::Instant;
use tracing::{debug, info};

use crate::store::StoreError;

/// Bodies dropped in one transaction: few enough that nobody waits for it.
pub(super) const AT_ONCE: u32 = 50;
/// The wait between two rounds, each of which goes on until nothing is old enough.
const ROUND: Duration = Duration::from_secs(6 * 3_600);
/// How long a part of a round waits for a moment without polls; then it is done among them.
const CALM: Duration = Duration::from_secs(600);

/// What is known of the round that is under way, or of the next one.
#[derive(Debug)]
pub(super) struct Pruning {
    /// Since when there is something to do.
    since: Instant,
    in_flight: bool,
    dropped: u64,
}

impl Pruning {
    /// The first round begins at once.
    pub(super) fn new(now: Instant) -> Self {
        Self { since: now, in_flight: false, dropped: 0 }
    }

    /// Whether it is the moment to drop some.
    pub(super) fn begin(&mut self, now: Instant, is_calm: bool) -> bool {
        let waited = now.checked_duration_since(self.since);
        let begins = !self.in_flight && waited.is_some_and(|waited| is_calm || waited >= CALM);
        self.in_flight |= begins;
        begins
    }

    /// Takes note of how many were dropped.
    pub(super) fn ended(&mut self, now: Instant, result: Result<u64, StoreError>) {
        match result {
            Ok(dropped) => {
                self.dropped += dropped;
                (self.in_flight, self.since) = (false, now);
                if dropped < u64::from(AT_ONCE) {
                    self.end_round(now);
                }
            }
            Err(error) => {
                // The polls meet the same failure and say so.
                debug!(event = "store.pruned", reason = %error, "not now");
                self.broken_off(now);
            }
        }
    }

    /// The round goes on a while later.
    pub(super) fn broken_off(&mut self, now: Instant) {
        (self.in_flight, self.since) = (false, now + CALM);
    }

    fn end_round(&mut self, now: Instant) {
        let bodies = std::mem::take(&mut self.dropped);
        if bodies > 0 {
            info!(event = "store.pruned", bodies, "raw bodies were old enough to be dropped");
        }
        self.since = now + ROUND;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_goes_on_until_nothing_is_left_and_the_next_one_waits() {
        let begun = Instant::now();
        let after = |seconds: u64| begun + Duration::from_secs(seconds);
        let mut pruning = Pruning::new(begun);
        assert!(!pruning.begin(begun, false), "a poll is in flight");
        assert!(pruning.begin(begun, true));
        assert!(!pruning.begin(after(1), true), "one at a time");
        pruning.ended(after(1), Ok(u64::from(AT_ONCE)));
        assert!(pruning.begin(after(1), true));
        pruning.ended(after(2), Ok(3));
        assert!(!pruning.begin(after(3), true));
        assert!(pruning.begin(after(2) + ROUND, true));
    }

    #[test]
    fn where_polls_never_rest_it_is_done_among_them() {
        let begun = Instant::now();
        let mut pruning = Pruning::new(begun);
        assert!(!pruning.begin(begun + CALM / 2, false));
        assert!(pruning.begin(begun + CALM, false));
    }
}
