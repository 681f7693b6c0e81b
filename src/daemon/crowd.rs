//! A crowd of alike lines, kept short: when the network goes down, every source fails, and one line says it as well as
//! a hundred.

use std::time::Duration;

use tokio::time::Instant;

/// For how long lines are counted together.
const WINDOW: Duration = Duration::from_secs(60);
/// How many of them are told one by one.
const SINGLE: u32 = 5;

/// Counts the lines of one kind.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    since: Option<Instant>,
    told: u32,
    held: u32,
}

impl Crowd {
    /// Whether a line is told by itself; else it is held back and counted.
    pub(super) fn lets_pass(&mut self, now: Instant) -> bool {
        if self.held == 0 && self.since.is_none_or(|since| now.duration_since(since) >= WINDOW) {
            *self = Self { since: Some(now), ..Self::default() };
        }
        if self.told < SINGLE {
            self.told += 1;
            return true;
        }
        self.held += 1;
        false
    }

    /// How many lines were held back, once their time is over.
    pub(super) fn held_back(&mut self, now: Instant) -> Option<u32> {
        let over = self.since.is_some_and(|since| now.duration_since(since) >= WINDOW);
        if !over || self.held == 0 {
            return None;
        }
        let held = self.held;
        *self = Self::default();
        Some(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_lines_of_a_minute_are_told_and_the_rest_is_a_number() {
        let begun = Instant::now();
        let mut crowd = Crowd::default();
        let told = (0..88).filter(|n| crowd.lets_pass(begun + Duration::from_millis(n * 500))).count();
        assert_eq!(told, 5);
        assert_eq!(crowd.held_back(begun + Duration::from_secs(59)), None);
        assert_eq!(crowd.held_back(begun + Duration::from_secs(60)), Some(83));
        assert_eq!(crowd.held_back(begun + Duration::from_secs(61)), None);
        assert!(crowd.lets_pass(begun + Duration::from_secs(62)));
    }
}
