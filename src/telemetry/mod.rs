//! The log in its three forms: lines for a terminal, JSON, journald. Writing never holds up the daemon.

mod journald;
mod layer;

use std::io::{IsTerminal as _, Write as _};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::Level;
use crate::view::LogEntry;

pub use layer::Lines;

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

/// Where the log goes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Log {
    queue: SyncSender<Message>,
    dropped: &'static AtomicU64,
    level: Level,
}

#[derive(Debug)]
enum Message {
    Entry(Box<LogEntry>),
    Flush(SyncSender<()>),
}

/// How many lines were dropped because the log could not be written fast enough.
static DROPPED: AtomicU64 = AtomicU64::new(0);

/// The log of this process.
static LOG: OnceLock<Log> = OnceLock::new();

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
        let (queue, lines) = sync_channel(QUEUE);
        let writer: std::io::Result<JoinHandle<()>> =
            std::thread::Builder::new().name("log".to_owned()).spawn(move || write_all(form, &lines));
        // Without a thread the queue is closed, and every line counts as dropped.
        drop(writer);
        let log = Self { queue, dropped: &DROPPED, level };
        drop(LOG.set(log.clone()));
        log
    }

    /// Writes a change, if it is loud enough.
    pub fn announce(&self, entry: &LogEntry) {
        if entry.level < self.level {
            return;
        }
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) =
            self.queue.try_send(Message::Entry(Box::new(entry.clone())))
        {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Writes a line that is no change of the ledger.
    pub fn say(&self, level: Level, event: &str, message: &str, now: Timestamp) {
        let message = crate::view::sanitised(message);
        self.announce(&LogEntry {
            seq: 0,
            at: now,
            level,
            event: event.to_owned(),
            message,
            fields: serde_json::Map::new(),
        });
    }

    /// Waits until what was said so far is written, for a few seconds at most.
    pub fn flush(&self) {
        let (done, written) = sync_channel(1);
        if self.queue.send(Message::Flush(done)).is_ok() {
            // Nobody can do anything about a log that cannot be written any more.
            let _written = written.recv_timeout(Duration::from_secs(5));
        }
    }
}

fn write_all(form: Form, lines: &Receiver<Message>) {
    let mut journal = journald::Journal::default();
    let colour = std::io::stderr().is_terminal();
    while let Ok(message) = lines.recv() {
        match message {
            Message::Entry(entry) => {
                // A log that cannot be written must not stop the work: the ledger holds every change.
                drop(match form {
                    Form::Text => write_line(&text(&entry, colour)),
                    Form::Json => write_line(&entry.json().to_string()),
                    Form::Journald => journal.send(&entry),
                });
                let dropped = DROPPED.swap(0, Ordering::Relaxed);
                if dropped > 0 {
                    drop(write_line(&format!("{dropped} lines of the log were dropped")));
                }
            }
            Message::Flush(done) => drop(done.try_send(())),
        }
    }
}

fn write_line(line: &str) -> std::io::Result<()> {
    let mut stderr = std::io::stderr().lock();
    stderr.write_all(format!("{line}\n").as_bytes())
}

/// A line for people: event and message. Whoever needs the time has it in `tollwatch log` and in the other forms.
fn text(entry: &LogEntry, colour: bool) -> String {
    let (event, message) = (&entry.event, &entry.message);
    if !colour {
        return entry.line();
    }
    let paint = match (entry.level, event.as_str()) {
        (Level::Error, _) => "31;1",
        (Level::Warn, _) => "33",
        (Level::Debug, _) => "2",
        (Level::Info, "claim.new") => "32;1",
        (Level::Info, "claim.step") => "36;1",
        (Level::Info, _) => "1",
    };
    format!("\u{1b}[{paint}m{event}\u{1b}[0m {message}")
}
