//! Notices when somebody sets the clock: the schedule goes by the clock, and waits must not grow by a jump.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Less than this is how clocks drift and how loops sleep.
const NOTICED: SignedDuration = SignedDuration::from_secs(30);

/// The clock and a stopwatch that started together.
#[derive(Debug)]
pub(super) struct Clockwork {
    wall: Timestamp,
    steady: Instant,
}

impl Clockwork {
    pub(super) fn new(wall: Timestamp, steady: Instant) -> Self {
        Self { wall, steady }
    }

    /// By how much the clock was set since the last look, if it was.
    pub(super) fn jump(&mut self, wall: Timestamp, steady: Instant) -> Option<SignedDuration> {
        let passed: Duration = steady.duration_since(self.steady);
        let shown = wall.duration_since(self.wall);
        *self = Self::new(wall, steady);
        let jump = SignedDuration::try_from(passed).map_or(SignedDuration::ZERO, |passed| shown.saturating_sub(passed));
        (jump.abs() >= NOTICED).then_some(jump)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_is_told_from_one_that_runs() {
        let (wall, steady) = (Timestamp::UNIX_EPOCH, Instant::now());
        let mut clockwork = Clockwork::new(wall, steady);
        let at = |seconds: i64| wall + SignedDuration::from_secs(seconds);
        let after = |seconds: u64| steady + Duration::from_secs(seconds);
        assert_eq!(clockwork.jump(at(60), after(60)), None);
        assert_eq!(clockwork.jump(at(60 + 10 + 172_800), after(70)), Some(SignedDuration::from_hours(48)));
        assert_eq!(clockwork.jump(at(60 + 20 - 86_400), after(80)), Some(SignedDuration::from_hours(-72)));
        assert_eq!(clockwork.jump(at(60 + 50 - 86_400), after(110)), None);
    }
}
