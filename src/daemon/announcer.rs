//! Tells the log what the ledger holds: the ledger comes first, the log second, each change in its order and none left
//! out. What a crash kept from the log is told after the restart; so a change may be told twice, but never not at all.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;
use tracing::debug;

use crate::daemon::Stop;
use crate::daemon::crowd::Crowd;
use crate::model::Level;
use crate::store::{Store, StoreError};
use crate::telemetry::Log;
use crate::view::LogEntry;

/// Changes taken from the ledger at once.
const BATCH: u32 = 500;
/// How long a change waits at most that nobody pointed to, such as one of another process.
const LOOK: Duration = Duration::from_secs(5);

/// Reads the change log of the ledger and writes the log of the daemon.
pub(super) struct Announcer {
    store: Store,
    log: Log,
    news: watch::Receiver<()>,
    clock: fn() -> Timestamp,
    told: i64,
    failing: Crowd,
    recovered: Crowd,
}

impl Announcer {
    /// Goes on where the last process stopped.
    pub(super) async fn new(
        store: Store,
        log: Log,
        news: watch::Receiver<()>,
        clock: fn() -> Timestamp,
    ) -> Result<Self, StoreError> {
        let told = store.announced().await?;
        Ok(Self { store, log, news, clock, told, failing: Crowd::default(), recovered: Crowd::default() })
    }

    /// Tells what comes until the end, and then the rest.
    pub(super) async fn run(mut self, stop: Stop) {
        let mut stopping = std::pin::pin!(stop.wait());
        loop {
            self.look().await;
            tokio::select! {
                Ok(()) = self.news.changed() => {}
                () = tokio::time::sleep(LOOK) => {}
                () = &mut stopping => break,
            }
        }
        self.look().await;
    }

    async fn look(&mut self) {
        if let Err(error) = self.catch_up().await {
            // The polls meet the same failure and say so; nothing is lost, it is told when the ledger answers again.
            debug!(event = "log.waits", reason = %error, "the ledger could not be read");
        }
    }

    async fn catch_up(&mut self) -> Result<(), StoreError> {
        loop {
            let batch = self.store.changes_after(self.told, BATCH).await?;
            let Some(last) = batch.last().map(|entry| entry.seq) else { break };
            let mut lines: Vec<LogEntry> = batch.into_iter().filter(|entry| self.lets_pass(entry)).collect();
            lines.extend(self.summaries());
            if !self.log.written(lines).await {
                return Ok(());
            }
            self.told = last;
            self.store.set_announced(last).await?;
        }
        let rest: Vec<LogEntry> = self.summaries();
        if !rest.is_empty() {
            // A number that could not be told is not worth another try.
            let _told = self.log.written(rest).await;
        }
        Ok(())
    }

    fn lets_pass(&mut self, entry: &LogEntry) -> bool {
        match entry.event.as_str() {
            "source.failing" => self.failing.lets_pass(Instant::now()),
            "source.recovered" => self.recovered.lets_pass(Instant::now()),
            _ => true,
        }
    }

    fn summaries(&mut self) -> Vec<LogEntry> {
        let now = Instant::now();
        let failing = self.failing.held_back(now).map(|count| (Level::Warn, "source.failing", count, "began to fail"));
        let recovered =
            self.recovered.held_back(now).map(|count| (Level::Info, "source.recovered", count, "recovered"));
        let told = |(level, event, count, what): (Level, &str, u32, &str)| LogEntry {
            seq: 0,
            at: (self.clock)(),
            level,
            event: event.to_owned(),
            message: format!("{count} more sources {what} within the minute; `tollwatch sources` lists them"),
            fields: serde_json::Map::new(),
        };
        [failing, recovered].into_iter().flatten().map(told).collect()
    }
}
