//! What systemd is told (`sd_notify`): ready, status, watchdog, stopping. Without systemd it all goes nowhere.

use std::time::Duration;

use sd_notify::NotifyState;

/// Tells systemd how the daemon is doing.
#[derive(Debug, Clone, Default)]
pub struct Notifier {
    /// How often the watchdog wants to hear, if it does.
    watchdog: Option<Duration>,
}

impl Notifier {
    /// Reads what systemd asks for.
    pub fn from_environment() -> Self {
        Self { watchdog: sd_notify::watchdog_enabled() }
    }

    /// How long the loop may sleep at most: a third of the watchdog's time.
    pub(super) fn interval(&self) -> Duration {
        self.watchdog.map_or(super::LONGEST_SLEEP, |limit| limit / 3)
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

    /// A status line, and a sign of life for the watchdog: it comes from the loop itself, so that it proves progress.
    pub(super) fn status(&self, text: &str) {
        if self.watchdog.is_some() {
            tell(&[NotifyState::Watchdog, NotifyState::Status(text)]);
        } else {
            tell(&[NotifyState::Status(text)]);
        }
    }
}

/// A manager that cannot be told is told again soon enough.
fn tell(state: &[NotifyState<'_>]) {
    drop(sd_notify::notify(state));
}
