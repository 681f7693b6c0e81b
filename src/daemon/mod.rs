//! The daemon: hands out what is due, takes back what is done, until told to stop.

mod notify;
mod signals;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{error, info};

use crate::model::{Source, SourceHealth, SourceId};
use crate::poll::{self, Report, World};
use crate::schedule::{Schedule, later, spread};
use crate::store::StoreError;

pub use notify::Notifier;
pub use signals::{Signal, signals};

/// How long a stop waits for polls in flight.
const PATIENCE: Duration = Duration::from_secs(8);
/// How long a source waits after the ledger failed under its poll.
const LEDGER_WAIT: Duration = Duration::from_secs(30);
/// Longest sleep of the loop, so that a clock that jumped is noticed.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// What makes the loop turn.
enum Event {
    /// Some source is due.
    Due,
    /// A poll ended.
    Polled(Box<Polled>),
    /// New sources are to be taken over.
    Reload,
    /// The end.
    Stop,
}

struct Polled {
    source: SourceId,
    result: Option<Result<Report, StoreError>>,
}

/// Reads the configuration again: a new world and its sources, or why there are none.
pub type Reload = Box<dyn FnMut() -> Result<(World, Vec<Source>), String> + Send>;

/// What a run needs beside the world.
pub struct Daemon {
    /// What polls work with.
    pub world: World,
    /// The sources that are polled.
    pub sources: Vec<Source>,
    /// Polls in flight.
    pub slots: usize,
    /// Gives the time.
    pub clock: fn() -> Timestamp,
    /// Tells systemd.
    pub notifier: Notifier,
    /// Reads the configuration again; an error keeps what there is.
    pub reload: Reload,
}

impl std::fmt::Debug for Daemon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Daemon").field("sources", &self.sources.len()).finish_non_exhaustive()
    }
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Polls that worked.
    pub polls: u64,
    /// Polls that failed.
    pub failures: u64,
    /// Claims that the ledger did not know.
    pub new_claims: u64,
}

struct Loop {
    daemon: Daemon,
    sources: BTreeMap<SourceId, Source>,
    schedule: Schedule,
    polls: JoinSet<Polled>,
    summary: Summary,
}

impl Daemon {
    /// Runs until a signal to stop comes, then lets the polls in flight end.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read at the start.
    pub async fn run(self, mut signals: Receiver<Signal>) -> Result<Summary, StoreError> {
        let mut running = Loop {
            sources: self
                .sources
                .iter()
                .filter(|source| source.enabled)
                .map(|source| (source.id.clone(), source.clone()))
                .collect(),
            daemon: self,
            schedule: Schedule::new(),
            polls: JoinSet::new(),
            summary: Summary::default(),
        };
        running.plan().await?;
        Notifier::ready();
        loop {
            running.hand_out();
            running.report_status();
            match running.next_event(&mut signals).await {
                Event::Due => {}
                Event::Polled(polled) => running.take_back(*polled),
                Event::Reload => running.reload().await?,
                Event::Stop => break,
            }
        }
        Notifier::stopping();
        running.finish().await;
        Ok(running.summary)
    }
}

impl Loop {
    fn now(&self) -> Timestamp {
        (self.daemon.clock)()
    }

    /// When each source is due: as the ledger remembers, so that a restart asks nobody twice; new ones spread out.
    async fn plan(&mut self) -> Result<(), StoreError> {
        let now = self.now();
        self.schedule = Schedule::new();
        for source in self.sources.values() {
            let state = self.daemon.world.store.source_state(&source.id).await?;
            if state.health == SourceHealth::Gone
                && state.feed.as_ref() == Some(&source.feed)
                && state.next_due.is_some_and(|due| due > now)
            {
                continue;
            }
            let interval = source.interval.unwrap_or(self.daemon.world.interval);
            let same_feed = state.feed.as_ref() == Some(&source.feed);
            // A clock that was set back must not keep a source waiting for ever.
            let latest = later(now, self.daemon.world.max_interval.max(interval));
            let fresh = || later(now, spread(&source.id, interval.min(Duration::from_secs(60))));
            let due = state.next_due.filter(|_| same_feed).map_or_else(fresh, |due| due.min(latest));
            self.schedule.set(source.id.clone(), due);
        }
        Ok(())
    }

    fn hand_out(&mut self) {
        let free = self.daemon.slots.saturating_sub(self.polls.len());
        let now = self.now();
        for id in self.schedule.take_due(now, free) {
            let Some(source) = self.sources.get(&id).cloned() else { continue };
            let world = self.daemon.world.clone();
            self.polls.spawn(async move {
                let result = poll::once(&world, &source, now).await;
                Polled { source: source.id, result: Some(result) }
            });
        }
    }

    async fn next_event(&mut self, signals: &mut Receiver<Signal>) -> Event {
        let wait = self.wait();
        let full = self.polls.len() >= self.daemon.slots;
        let watchdog = self.daemon.notifier.interval();
        tokio::select! {
            signal = signals.recv() => match signal {
                Some(Signal::Reload) => Event::Reload,
                Some(Signal::Stop) | None => Event::Stop,
            },
            Some(done) = self.polls.join_next(), if !self.polls.is_empty() => match done {
                Ok(polled) => Event::Polled(Box::new(polled)),
                Err(failure) => {
                    error!(event = "poll.panicked", reason = %failure, "a poll was broken off; its source falls due again when its lease ends");
                    Event::Due
                }
            },
            () = sleep_until(Instant::now() + wait.min(watchdog)), if !full || watchdog < LONGEST_SLEEP => Event::Due,
        }
    }

    /// Until the next source is due.
    fn wait(&self) -> Duration {
        let now = self.now();
        let until = self.schedule.next().map(|due| due.duration_since(now)).unwrap_or(SignedDuration::MAX);
        Duration::try_from(until).unwrap_or(Duration::ZERO).clamp(Duration::from_millis(1), LONGEST_SLEEP)
    }

    fn take_back(&mut self, polled: Polled) {
        let now = self.now();
        match polled.result {
            Some(Ok(report)) => {
                self.summary.polls += u64::from(!report.is_failure());
                self.summary.failures += u64::from(report.is_failure());
                self.summary.new_claims += report.new_claims as u64;
                tracing::debug!(
                    event = "poll.done",
                    source = report.source.as_str(),
                    entries = report.entries,
                    articles = report.articles,
                    new = report.new_claims,
                    seen = report.seen_claims,
                    "polled"
                );
                if let Some(due) = report.next_due {
                    self.schedule.set(polled.source, due);
                }
            }
            Some(Err(failure)) => {
                let cause = std::error::Error::source(&failure).map(|cause| format!(": {cause}")).unwrap_or_default();
                error!(event = "store.error", source = polled.source.as_str(), reason = %format!("{failure}{cause}"), "nothing was lost; the source is polled again");
                self.summary.failures += 1;
                self.schedule.set(polled.source, later(now, LEDGER_WAIT));
            }
            None => {}
        }
    }

    async fn reload(&mut self) -> Result<(), StoreError> {
        Notifier::reloading();
        match (self.daemon.reload)() {
            Ok((world, sources)) => {
                let before = self.sources.len();
                self.daemon.world = world;
                self.sources = sources
                    .into_iter()
                    .filter(|source| source.enabled)
                    .map(|source| (source.id.clone(), source))
                    .collect();
                self.plan().await?;
                info!(event = "config.reloaded", before, now = self.sources.len(), "sources");
            }
            Err(reason) => {
                error!(event = "config.rejected", reason = reason.as_str(), "the configuration in use stays");
            }
        }
        Notifier::ready();
        Ok(())
    }

    fn report_status(&self) {
        let summary = self.summary;
        self.daemon.notifier.status(&format!(
            "{} sources, {} in flight; {} polls, {} failed, {} new claims",
            self.sources.len(),
            self.polls.len(),
            summary.polls,
            summary.failures,
            summary.new_claims
        ));
    }

    /// Lets polls in flight end within the patience; what is broken off is read again after the next start.
    async fn finish(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while let Ok(Some(done)) = timeout_at(deadline, self.polls.join_next()).await {
            if let Ok(polled) = done {
                self.take_back(polled);
            }
        }
        self.polls.shutdown().await;
    }
}

/// A channel of signals that a test can send into.
pub fn signal_channel() -> (tokio::sync::mpsc::Sender<Signal>, Receiver<Signal>) {
    channel(8)
}
