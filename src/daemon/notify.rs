//! What systemd is told (`sd_notify`): ready, status, watchdog, reloading, stopping. Without systemd it all goes nowhere.

use std::time::Duration;

use sd_notify::NotifyState;
use tokio::time::Instant;

/// Longest sleep of the loop, so that a clock that jumped and a disk that filled are noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);

/// Tells systemd how the daemon is doing.
#[derive(Debug, Clone, Default)]
pub struct Notifier {
    /// How often the watchdog wants to hear, if it does.
    watchdog: Option<Duration>,
    pinged: Option<Instant>,
    status: String,
}

impl Notifier {
    /// Reads what systemd asks for.
    pub fn from_environment() -> Self {
        Self { watchdog: sd_notify::watchdog_enabled(), ..Self::default() }
    }

    /// How long the loop may sleep at most: a third of the watchdog's time.
    pub(super) fn interval(&self) -> Duration {
        self.watchdog.map_or(LONGEST_SLEEP, |limit| limit / 3).min(LONGEST_SLEEP)
    }

    pub(super) fn ready() {
        tell(&[NotifyState::Ready]);
    }

    pub(super) fn reloading() {
        match NotifyState::monotonic_usec_now() {
            Ok(now) => tell(&[NotifyState::Reloading, now]),
            Err(_) => tell(&[NotifyState::Reloading]),
        }
    }

    pub(super) fn stopping() {
        tell(&[NotifyState::Stopping]);
    }

    /// A sign of life for the watchdog: it comes from the loop itself, and only while the ledger answers, so that it
    /// proves progress.
    pub(super) fn alive(&mut self, now: Instant) {
        let Some(limit) = self.watchdog else { return };
        if self.pinged.is_none_or(|pinged| now.duration_since(pinged) >= limit / 6) {
            self.pinged = Some(now);
            tell(&[NotifyState::Watchdog]);
        }
    }

    /// The line of `systemctl status`, when it changes.
    pub(super) fn status(&mut self, text: String) {
        if self.status != text {
            tell(&[NotifyState::Status(&text)]);
            self.status = text;
        }
    }
}

/// A manager that cannot be told is told again soon enough.
fn tell(state: &[NotifyState<'_>]) {
    drop(sd_notify::notify(state));
}
