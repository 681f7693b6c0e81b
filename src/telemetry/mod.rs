//! The log in its three forms: lines for a terminal, JSON, journald. Writing never holds up the daemon.

mod journald;
mod layer;
mod message_id;
mod vitals;
mod writer;

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::model::Level;
use crate::view::LogEntry;

use writer::Message;

pub use journald::journal_answers;
pub use layer::Lines;
pub use vitals::{Pulse, Vitals};

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
    /// journald's own protocol, with fields.
    Journald,
}

/// Lines that wait to be written; more are dropped and counted.
const QUEUE: usize = 10_000;

/// How long changes of the ledger wait between two looks at a full queue.
const FULL: Duration = Duration::from_millis(100);

/// How long a flush waits.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many lines were dropped because the log could not be written fast enough.
static DROPPED: AtomicU64 = AtomicU64::new(0);

/// How many lines of this process were dropped because the log could not take them in time.
pub fn dropped() -> u64 {
    DROPPED.load(Ordering::Relaxed)
}

/// Where the log goes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Log {
    queue: SyncSender<Message>,
    level: Level,
}

impl Form {
    /// journald if standard error is connected to it (`journal_stream` is `$JOURNAL_STREAM`), text on a terminal, JSON
    /// otherwise.
    pub fn detect(journal_stream: Option<&str>) -> Self {
        if journal_stream.is_some_and(journald::is_our_stderr) {
            Self::Journald
        } else if std::io::stderr().is_terminal() {
            Self::Text
        } else {
            Self::Json
        }
    }
}

impl Log {
    /// Starts the writer thread. What is quieter than `level` is not written.
    pub fn start(form: Form, level: Level) -> Self {
        let (queue, messages) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new().name("log".to_owned());
        // Without a thread the queue is closed, and every line counts as dropped.
        drop(thread.spawn(move || writer::write_all(form, &messages)));
        Self { queue, level }
    }

    /// Writes a line, if it is loud enough and there is room; else it is counted as dropped.
    pub fn announce(&self, entry: &LogEntry) {
        if entry.level < self.level {
            return;
        }
        if self.queue.try_send(Message::Line(Box::new(entry.clone()))).is_err() {
            DROPPED.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes lines that must not be dropped, waiting as long as the log does. Tells whether they were written.
    pub async fn written(&self, mut entries: Vec<LogEntry>) -> bool {
        entries.retain(|entry| entry.level >= self.level);
        let (done, written) = oneshot::channel();
        let mut message = Message::Lines(entries, done);
        loop {
            message = match self.queue.try_send(message) {
                Ok(()) => break,
                Err(TrySendError::Full(unsent)) => unsent,
                Err(TrySendError::Disconnected(_)) => return false,
            };
            tokio::time::sleep(FULL).await;
        }
        written.await.unwrap_or(false)
    }

    /// Writes a line that is no change of the ledger.
    pub fn say(
        &self,
        level: Level,
        event: &str,
        message: &str,
        fields: serde_json::Map<String, serde_json::Value>,
        now: Timestamp,
    ) {
        let message = crate::view::sanitised(message);
        self.announce(&LogEntry { seq: 0, at: now, level, event: event.to_owned(), message, fields });
    }

    /// Waits until what was said so far is written, for a second at most.
    pub fn flush(&self) {
        let (done, written) = sync_channel(1);
        // Nobody can do anything about a log that cannot be written any more.
        if self.queue.try_send(Message::Flush(done)).is_ok() {
            let _written = written.recv_timeout(PATIENCE);
        }
    }
}
