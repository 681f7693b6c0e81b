//! Whether the ledger can take more: room on its disk, and whether it failed lately. Each change is told once.

use tracing::{error, info};

use crate::store::StoreError;

/// What is known of the ledger's state.
#[derive(Debug, Default)]
pub(super) struct Room {
    full: bool,
    failing: bool,
    mute: bool,
}

impl Room {
    /// Takes note of the free space.
    pub(super) fn measure(&mut self, free_bytes: Option<u64>, min_free: u64) {
        let full = free_bytes.is_some_and(|free| free < min_free);
        let free_mb = free_bytes.unwrap_or(0) / 1_000_000;
        match (self.full, full) {
            (false, true) => {
                error!(
                    event = "store.full",
                    free_mb,
                    min_free_mb = min_free / 1_000_000,
                    "nothing is polled until there is room on the disk of the ledger"
                );
            }
            (true, false) => info!(event = "store.recovered", free_mb, "there is room again, polls go on"),
            (true, true) | (false, false) => {}
        }
        self.full = full;
    }

    /// Takes note of a poll whose results could not be recorded.
    pub(super) fn failed(&mut self, source: &str, failure: &StoreError) {
        let cause = std::error::Error::source(failure).map(|cause| format!(": {cause}")).unwrap_or_default();
        let reason = format!("{failure}{cause}");
        if self.failing {
            tracing::debug!(event = "store.error", source, reason, "still");
        } else {
            error!(event = "store.error", source, reason, "nothing is lost; what could not be recorded is read again");
        }
        self.failing = true;
    }

    /// Takes note of a poll whose results were recorded.
    pub(super) fn worked(&mut self) {
        if self.failing {
            info!(event = "store.recovered", "the ledger can be written again, polls go on");
        }
        self.failing = false;
    }

    /// Takes note of whether the ledger gave its write lock when asked for it.
    pub(super) fn beat(&mut self, answered_well: bool) {
        self.mute = !answered_well;
    }

    /// How many polls may be in flight: none without room, and one to try with while the ledger fails.
    pub(super) fn slots(&self, slots: usize) -> usize {
        match (self.full, self.failing) {
            (true, _) => 0,
            (false, true) => slots.min(1),
            (false, false) => slots,
        }
    }

    /// Why polls do not go on, in words.
    pub(super) fn trouble(&self) -> Option<String> {
        let told = match (self.full, self.failing, self.mute) {
            (true, _, _) => "no room on the disk of the ledger",
            (false, true, _) => "the ledger cannot be written",
            (false, false, true) => "the ledger is locked",
            (false, false, false) => return None,
        };
        Some(told.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_stops_polls_and_room_lets_them_go_on() {
        let mut room = Room::default();
        assert_eq!((room.slots(64), room.trouble()), (64, None));
        room.measure(Some(9), 10);
        assert_eq!(room.slots(64), 0);
        room.measure(Some(10), 10);
        assert_eq!((room.slots(64), room.trouble()), (64, None));
        room.measure(None, 10);
        assert_eq!(room.slots(64), 64);
    }

    #[test]
    fn a_ledger_that_fails_is_tried_with_one_poll() {
        let mut room = Room::default();
        room.failed("a", &StoreError::UnknownStore { url: "x".to_owned() });
        assert_eq!((room.slots(64), room.trouble().is_some()), (1, true));
        room.worked();
        assert_eq!((room.slots(64), room.trouble()), (64, None));
    }
}
