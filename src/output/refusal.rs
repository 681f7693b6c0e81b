//! Why something was not taken, and when it is offered again.

use std::time::Duration;

/// The first wait after a failure; twice as long each time.
const FIRST: Duration = Duration::from_secs(1);
/// The longest wait that doubling leads to.
const LONGEST: Duration = Duration::from_secs(600);
/// The wait after a failure that only a person can cure.
const HOPELESS: Duration = Duration::from_secs(3_600);

/// Why something was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// In words.
    pub(super) reason: String,
    /// For how long the other side wants to be left alone.
    pub(super) retry_after: Option<Duration>,
    /// Whether the same again will most likely be refused again.
    pub(super) is_hopeless: bool,
}

impl Refusal {
    /// A failure that may pass by itself.
    pub(super) fn passing(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), retry_after: None, is_hopeless: false }
    }

    /// How long to wait after so many failures in a row.
    pub(super) fn wait(&self, failures: u32) -> Duration {
        let doubled = FIRST.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1).min(16)).unwrap_or(u32::MAX));
        let wait = if self.is_hopeless { HOPELESS } else { doubled.min(LONGEST) };
        wait.max(self.retry_after.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_as_long_up_to_a_limit() {
        let passing = Refusal::passing("down");
        let waits: Vec<u64> = [1, 2, 3, 10, 11, 40].map(|failures| passing.wait(failures).as_secs()).into();
        assert_eq!(waits, [1, 2, 4, 512, 600, 600]);
        let told = Refusal { retry_after: Some(Duration::from_secs(1_800)), ..passing.clone() };
        assert_eq!(told.wait(1).as_secs(), 1_800);
        let hopeless = Refusal { is_hopeless: true, ..passing };
        assert_eq!(hopeless.wait(1).as_secs(), 3_600);
    }
}
