//! What a server and its feed say about when to come back.

use std::time::Duration;

use jiff::Timestamp;

/// What a server and its feed say about when to come back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hints {
    /// For how long the last answer is fresh.
    pub fresh_for: Option<Duration>,
    /// For how long the feed asks to be left alone between two polls.
    pub ttl: Option<Duration>,
    /// When it asks not to be polled.
    pub quiet: QuietHours,
}

/// The hours and days of the week, in UTC, in which a feed asks not to be polled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QuietHours {
    /// One bit an hour, from midnight.
    hours: u32,
    /// One bit a day, from Monday.
    days: u8,
}

const HOURS: u32 = (1 << 24) - 1;
const DAYS: u8 = (1 << 7) - 1;

impl QuietHours {
    /// Those whose bits are set, from midnight and from Monday.
    pub fn new(hours: u32, days: u8) -> Self {
        Self { hours: hours & HOURS, days: days & DAYS }
    }

    /// The bits of the hours and of the days.
    pub fn bits(self) -> (u32, u8) {
        (self.hours, self.days)
    }

    /// Adds an hour, 0 to 23; 24 is midnight too. Others are none.
    pub fn add_hour(&mut self, hour: u32) {
        if hour <= 24 {
            self.hours |= 1 << (hour % 24);
        }
    }

    /// Adds a day, 0 for Monday to 6. Others are none.
    pub fn add_day(&mut self, day: u8) {
        if day < 7 {
            self.days |= 1 << day;
        }
    }

    /// Whether a time is in them.
    pub fn contains(self, time: Timestamp) -> bool {
        let hours = time.as_second().div_euclid(3_600);
        // The first of January 1970 was a Thursday.
        let (hour, day) = (hours.rem_euclid(24), (hours.div_euclid(24) + 3).rem_euclid(7));
        self.hours & (1 << hour) != 0 || self.days & (1 << day) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_days_are_those_of_utc() {
        let mut quiet = QuietHours::default();
        quiet.add_hour(3);
        quiet.add_day(5);
        let contains = |time: &str| quiet.contains(time.parse().unwrap());
        assert!(contains("2024-03-15T03:59:59Z") && !contains("2024-03-15T04:00:00Z"), "a Friday");
        assert!(contains("2024-03-16T00:00:00Z") && contains("2024-03-16T23:59:59Z"), "a Saturday");
        assert!(!contains("2024-03-17T00:00:00Z"), "a Sunday");
        assert_eq!(QuietHours::new(u32::MAX, u8::MAX).bits(), (HOURS, DAYS));
    }
}
