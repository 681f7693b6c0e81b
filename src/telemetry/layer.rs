//! What libraries and this program say by `tracing`, as lines of the same log.

use std::fmt::{self, Write as _};

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use crate::model::Level;
use crate::telemetry::Log;
use crate::view::sanitised;

/// A layer that writes the events of this program into the log.
#[derive(Debug)]
pub struct Lines {
    log: Log,
    quietest: Level,
    clock: fn() -> Timestamp,
}

impl Lines {
    /// Writes what is at least as loud as `quietest` into `log`, at the times that `clock` gives.
    pub fn new(log: Log, quietest: Level, clock: fn() -> Timestamp) -> Self {
        Self { log, quietest, clock }
    }
}

fn level(metadata: &Metadata<'_>) -> Level {
    match *metadata.level() {
        tracing::Level::ERROR => Level::Error,
        tracing::Level::WARN => Level::Warn,
        tracing::Level::INFO => Level::Info,
        _ => Level::Debug,
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target().starts_with("tollwatch") && level(metadata) >= self.quietest
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let name = if line.event.is_empty() { level(event.metadata()).to_string() } else { line.event };
        let message = format!("{}{}", line.message, line.tail);
        self.log.say(level(event.metadata()), &name, &message, line.fields, (self.clock)());
    }
}

#[derive(Default)]
struct Line {
    event: String,
    message: String,
    /// The fields once more, for people.
    tail: String,
    fields: Map<String, Value>,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "event" => value.clone_into(&mut self.event),
            "message" => value.clone_into(&mut self.message),
            name => {
                // Writing into a string cannot fail.
                write!(self.tail, " · {name} {value}").ok();
                self.fields.insert(name.to_owned(), Value::String(sanitised(value)));
            }
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
