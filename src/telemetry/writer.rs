//! The thread that writes the log. Whatever holds it up holds up nobody else.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::model::Level;
use crate::telemetry::journald::Journal;
use crate::telemetry::{DROPPED, Form};
use crate::view::LogEntry;

/// How often a line is tried, and the pause between: a log that is restarted is back by then.
const TRIES: u32 = 25;
const PAUSE: Duration = Duration::from_millis(200);

/// What the thread is asked to do.
#[derive(Debug)]
pub(super) enum Message {
    /// Write a line; nobody waits for it.
    Line(Box<LogEntry>),
    /// Write lines, and tell whether all of them were written.
    Lines(Vec<LogEntry>, oneshot::Sender<bool>),
    /// Tell when everything before this is written.
    Flush(std::sync::mpsc::SyncSender<()>),
}

pub(super) fn write_all(form: Form, messages: &Receiver<Message>) {
    let mut writer = Writer { form, journal: Journal::default(), colour: std::io::stderr().is_terminal(), told: 0 };
    while let Ok(message) = messages.recv() {
        match message {
            Message::Line(entry) => {
                if !writer.write(&entry) {
                    DROPPED.fetch_add(1, Ordering::Relaxed);
                }
                writer.tell_dropped(&entry);
            }
            Message::Lines(entries, done) => {
                let written = entries.iter().all(|entry| writer.write(entry));
                // Who does not wait any more does not want to know.
                done.send(written).ok();
            }
            Message::Flush(done) => drop(done.try_send(())),
        }
    }
}

struct Writer {
    form: Form,
    journal: Journal,
    colour: bool,
    told: u64,
}

impl Writer {
    fn write(&mut self, entry: &LogEntry) -> bool {
        for _ in 0..TRIES {
            let written = match self.form {
                Form::Text => write_line(&text(entry, self.colour)),
                Form::Json => write_line(&crate::view::safe_json(&entry.json())),
                Form::Journald => self.journal.send(entry),
            };
            match written {
                Ok(()) => return true,
                // A reader that went away does not come back.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe && self.form != Form::Journald => {
                    return false;
                }
                Err(_) => std::thread::sleep(PAUSE),
            }
        }
        false
    }

    /// Says how many lines were dropped, once there is room again.
    fn tell_dropped(&mut self, last: &LogEntry) {
        let dropped = DROPPED.load(Ordering::Relaxed);
        if dropped == self.told {
            return;
        }
        let entry = LogEntry {
            seq: 0,
            at: last.at,
            level: Level::Warn,
            event: "log.dropped".to_owned(),
            message: format!("{} lines of the log were dropped; the ledger has every change", dropped - self.told),
            fields: serde_json::Map::new(),
        };
        if self.write(&entry) {
            self.told = dropped;
        }
    }
}

fn write_line(line: &str) -> std::io::Result<()> {
    let mut stderr = std::io::stderr().lock();
    stderr.write_all(format!("{line}\n").as_bytes())
}

/// A line for people: event and message. Whoever needs the time has it in `tollwatch log` and in the other forms.
fn text(entry: &LogEntry, colour: bool) -> String {
    let (event, message) = (&entry.event, crate::view::sanitised(&entry.message));
    if !colour {
        return format!("{event} {message}");
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
