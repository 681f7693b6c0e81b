//! When each source is polled: intervals, leases, back-off; `now` is an argument.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::{Hints, QuietHours, SourceId};

/// For how long a poll may take before its source falls due again without it.
pub const LEASE: Duration = Duration::from_secs(900);

/// Shortest wait after a server that asked for it without saying for how long.
const REFUSED_WAIT: Duration = Duration::from_secs(600);

/// When the sources of one process are due.
#[derive(Debug, Default)]
pub struct Schedule {
    due: BTreeMap<SourceId, Timestamp>,
}

impl Schedule {
    /// An empty schedule.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a source, or moves it.
    pub fn set(&mut self, source: SourceId, due: Timestamp) {
        self.due.insert(source, due);
    }

    /// Takes a source out.
    pub fn remove(&mut self, source: &SourceId) {
        self.due.remove(source);
    }

    /// The sources that are due, longest due first, at most `free` of them. Each is leased: it falls due again when its
    /// lease ends, unless `set` moves it before.
    pub fn take_due(&mut self, now: Timestamp, free: usize) -> Vec<SourceId> {
        let mut due: Vec<(Timestamp, SourceId)> =
            self.due.iter().filter(|(_, at)| **at <= now).map(|(source, at)| (*at, source.clone())).collect();
        due.sort();
        due.truncate(free);
        let lease = later(now, LEASE);
        for (_, source) in &due {
            self.due.insert(source.clone(), lease);
        }
        due.into_iter().map(|(_, source)| source).collect()
    }

    /// Moves everything, as the clock was moved.
    pub fn shift(&mut self, by: SignedDuration) {
        for due in self.due.values_mut() {
            *due = due.saturating_add(by).unwrap_or(*due);
        }
    }

    /// Gives sources that all fell due at once, because the clock was set forward, each a time of its own from `now`
    /// on, not later than `over`.
    pub fn spread_out(&mut self, now: Timestamp, over: Duration) {
        for (source, due) in self.due.iter_mut().filter(|(_, due)| **due <= now) {
            *due = later(now, spread(source, over));
        }
    }

    /// When the next source is due.
    pub fn next(&self) -> Option<Timestamp> {
        self.due.values().min().copied()
    }

    /// How many sources it has.
    pub fn len(&self) -> usize {
        self.due.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.due.is_empty()
    }
}

/// How long to wait after a good poll: the longest of the hints and the interval, within the limit.
pub fn wait_after_success(interval: Duration, hints: Hints, limit: Duration) -> Duration {
    let hinted = hints.fresh_for.unwrap_or_default().max(hints.ttl.unwrap_or_default());
    interval.max(hinted.min(limit.max(interval)))
}

/// The first time from `due` on that is not among the quiet hours, but not later than `latest` if that is later.
pub fn after_quiet_hours(quiet: QuietHours, due: Timestamp, latest: Timestamp) -> Timestamp {
    let next_hour = |time: Timestamp| {
        let second = (time.as_second().div_euclid(3_600) + 1).saturating_mul(3_600);
        Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
    };
    let mut time = due;
    while quiet.contains(time) && time < latest {
        time = next_hour(time).min(latest);
    }
    time
}

/// How long to wait after the `failures`-th failed poll in a row: twice as long each time, within the limit, and as
/// long as the server asks. `jitter`, from 0 to 1, adds up to a tenth, so that sources that failed together come back apart.
pub fn wait_after_failure(
    interval: Duration,
    failures: u32,
    retry_after: Option<Duration>,
    refused: bool,
    limit: Duration,
    jitter: f64,
) -> Duration {
    let first = if refused { interval.max(REFUSED_WAIT) } else { interval };
    let doubled = first.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1).min(16)).unwrap_or(u32::MAX));
    let floor = if refused { REFUSED_WAIT } else { Duration::ZERO };
    let wait = doubled.min(limit).max(floor);
    let jittered = wait + wait.mul_f64(jitter.clamp(0.0, 1.0) * 0.1);
    jittered.max(retry_after.unwrap_or_default().min(Duration::from_secs(2 * 86_400)))
}

/// Where a source starts within its first interval, so that sources do not all start at once: the same place each time.
pub fn spread(source: &SourceId, over: Duration) -> Duration {
    let hash = source
        .as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    // Short names differ in the low bits; multiplying once more carries that into the high ones.
    let mixed = (hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    over.mul_f64(f64::from(u32::try_from(mixed >> 40).unwrap_or(0)) / f64::from(1_u32 << 24))
}

/// A time later by a duration; the time itself at the end of all time.
pub fn later(time: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| time.checked_add(by).ok()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> SourceId {
        SourceId::new(name).unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_source_that_is_handed_out_is_leased() {
        let mut schedule = Schedule::new();
        schedule.set(id("a"), at(0));
        schedule.set(id("b"), at(5));
        schedule.set(id("c"), at(50));
        assert_eq!(schedule.take_due(at(10), 8), [id("a"), id("b")]);
        assert_eq!(schedule.take_due(at(11), 8), []);
        assert_eq!(schedule.next(), Some(at(50)));
        assert_eq!(schedule.take_due(at(10 + 900), 1), [id("c")]);
    }

    #[test]
    fn a_failing_source_waits_twice_as_long_each_time() {
        let wait = |failures| {
            wait_after_failure(Duration::from_secs(60), failures, None, false, Duration::from_secs(3600), 0.0).as_secs()
        };
        assert_eq!([1, 2, 3, 7, 40].map(wait), [60, 120, 240, 3600, 3600]);
    }

    #[test]
    fn a_server_that_asks_for_patience_gets_it() {
        let minute = Duration::from_secs(60);
        let asked = wait_after_failure(minute, 1, Some(Duration::from_secs(1800)), true, Duration::from_secs(900), 0.0);
        assert_eq!(asked.as_secs(), 1800);
        assert_eq!(wait_after_failure(minute, 1, None, true, Duration::from_secs(900), 0.0).as_secs(), 600);
    }

    #[test]
    fn hints_lengthen_the_interval_within_the_limit() {
        let hints = |fresh: u64, ttl: u64| Hints {
            fresh_for: Some(Duration::from_secs(fresh)),
            ttl: Some(Duration::from_secs(ttl)),
            ..Hints::default()
        };
        let wait = |hints| wait_after_success(Duration::from_secs(900), hints, Duration::from_secs(43_200)).as_secs();
        assert_eq!(wait(Hints::default()), 900);
        assert_eq!(wait(hints(60, 0)), 900);
        assert_eq!(wait(hints(7200, 3600)), 7200);
        assert_eq!(wait(hints(31_536_000, 0)), 43_200);
    }

    #[test]
    fn quiet_hours_are_waited_out_within_the_limit() {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut quiet = QuietHours::default();
        for hour in [0, 1, 2, 23] {
            quiet.add_hour(hour);
        }
        let after = |due, latest| after_quiet_hours(quiet, time(due), time(latest));
        let latest = "2024-03-17T12:00:00Z";
        assert_eq!(after("2024-03-15T22:59:59Z", latest), time("2024-03-15T22:59:59Z"));
        assert_eq!(after("2024-03-15T23:10:00Z", latest), time("2024-03-16T03:00:00Z"));
        assert_eq!(after("2024-03-15T23:10:00Z", "2024-03-16T00:30:00Z"), time("2024-03-16T00:30:00Z"));
        assert_eq!(after("2024-03-15T23:10:00Z", "2024-03-15T12:00:00Z"), time("2024-03-15T23:10:00Z"));
        let always = QuietHours::new(u32::MAX, 0);
        assert_eq!(after_quiet_hours(always, time("2024-03-15T12:00:00Z"), time(latest)), time(latest));
    }

    #[test]
    fn a_clock_that_is_set_forward_makes_each_source_due_once_and_not_all_at_once() {
        let mut schedule = Schedule::new();
        for n in 0..50 {
            schedule.set(id(&format!("source-{n}")), at(900 + n));
        }
        schedule.set(id("later"), at(90_000));
        schedule.spread_out(at(30_000), Duration::from_secs(60));
        let times: Vec<usize> = (0..=60).map(|second| schedule.take_due(at(30_000 + second), 99).len()).collect();
        assert_eq!(times.iter().sum::<usize>(), 50);
        assert!(times.iter().all(|count| *count < 10), "{times:?}");
    }

    #[test]
    fn starts_are_spread_within_the_interval() {
        let over = Duration::from_secs(900);
        let starts: Vec<u64> = (0..50).map(|n| spread(&id(&format!("source-{n}")), over).as_secs()).collect();
        assert!(starts.iter().all(|start| *start < 900));
        assert!(starts.iter().min().unwrap() + 500 < *starts.iter().max().unwrap());
    }
}
