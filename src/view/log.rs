//! A change as an entry of the log: one message for people, the fields for programs.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::model::{Change, ClaimRecord, Event, Level, Step};
use crate::view::claim::{ClaimView, StepView, claim_line, figure_words};
use crate::view::sanitise::{sanitised, sanitised_value, shortened};

/// One line of the change log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// Its place in the ledger's change log; 0 if the ledger does not hold it.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// How loud.
    pub level: Level,
    /// The stable name of the event, such as `claim.new`.
    pub event: String,
    /// What happened, for people.
    pub message: String,
    /// What happened, for programs.
    pub fields: Map<String, Value>,
}

impl From<&Change> for LogEntry {
    fn from(change: &Change) -> Self {
        let event = &change.event;
        Self {
            seq: change.seq,
            at: change.at,
            level: event.level(),
            event: event.name().to_owned(),
            message: message(event),
            fields: safe(fields(event)),
        }
    }
}

impl LogEntry {
    /// The text form: `claim.new NATO: 7,000–15,000 killed · …`.
    pub fn line(&self) -> String {
        format!("{} {}", self.event, self.message)
    }

    /// The JSON form: one object with `ts`, `level`, `event`, `message` and the fields.
    pub fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("ts".to_owned(), json!(self.at));
        object.insert("level".to_owned(), json!(self.level.to_string()));
        object.insert("event".to_owned(), json!(self.event));
        object.insert("message".to_owned(), json!(self.message));
        if self.seq > 0 {
            object.insert("seq".to_owned(), json!(self.seq));
        }
        for (key, value) in &self.fields {
            object.entry(key.clone()).or_insert_with(|| value.clone());
        }
        Value::Object(object)
    }

    /// A field as text, if it is there.
    pub fn field(&self, key: &str) -> Option<String> {
        match self.fields.get(key)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            Value::Array(items) => Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("+")),
            other @ (Value::Bool(_) | Value::Number(_) | Value::Object(_)) => Some(other.to_string()),
        }
    }
}

/// What the web wrote goes to terminals: nothing in it may act there.
fn safe(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.values_mut().for_each(sanitised_value);
    fields
}

fn message(event: &Event) -> String {
    let about = |record: &ClaimRecord| {
        let url = record.sightings.last().map(|sighting| format!(" · {}", sighting.url)).unwrap_or_default();
        format!("{}{url}", claim_line(&record.claim))
    };
    let text = match event {
        Event::ClaimNew { record } | Event::ClaimWithdrawn { record } | Event::ClaimRestored { record } => {
            about(record)
        }
        Event::ClaimSeen { record } => format!("{} · {}", about(record), seen(record)),
        Event::ClaimStep { record, step } => format!("{} · {}", about(record), stepped(record, step)),
        Event::ClaimDrift { record, wording } => format!("{} · {}", about(record), drifted(record, wording)),
        Event::ArticleEdited { url, removed, added, .. } => edited(url.as_str(), removed, added),
        Event::SourceFailing { source, reason, .. } => format!("{source}: {}", shortened(reason)),
        Event::SourceRecovered { source, failures, .. } => {
            format!("{source}: answers again after {failures} failed polls")
        }
        Event::SourceMoved { source, url, to } => format!("{source}: {url} has moved to {to}"),
        Event::SourceGone { source, url } => format!("{source}: {url} is gone for good and is not polled any more"),
    };
    sanitised(&text)
}

fn seen(record: &ClaimRecord) -> String {
    format!("{} sightings, {} independent", record.sighting_count, record.independent)
}

fn drifted(record: &ClaimRecord, wording: &str) -> String {
    let known = record.known_as.as_ref().map(|id| format!(", known as claim {id}")).unwrap_or_default();
    format!("printed as \"{}\"{known}", shortened(wording))
}

fn stepped(record: &ClaimRecord, step: &Step) -> String {
    let day = step.from_as_of.map(|day| format!(" as of {day}")).unwrap_or_default();
    let before = figure_words(&step.from, record.claim.outcomes);
    let printed = step.printed.map(|printed| format!(", though the article prints +{printed}")).unwrap_or_default();
    format!("{:+} since {before}{day}{printed}", step.difference)
}

fn edited(url: &str, removed: &[String], added: &[String]) -> String {
    let list = |items: &[String]| if items.is_empty() { "nothing".to_owned() } else { items.join("; ") };
    format!("{url} · no longer: {} · now: {}", shortened(&list(removed)), shortened(&list(added)))
}

fn fields(event: &Event) -> Map<String, Value> {
    let mut fields = Map::new();
    if let Some(record) = event.record()
        && let Ok(Value::Object(object)) = serde_json::to_value(ClaimView::from(record))
    {
        fields = object;
        fields.insert("claim".to_owned(), json!(record.id.as_str()));
        if let Some(sighting) = record.sightings.last() {
            fields.insert("url".to_owned(), json!(sighting.url.as_str()));
            fields.insert("source".to_owned(), json!(sighting.source.as_str()));
            fields.insert("publisher".to_owned(), json!(sighting.publisher));
            fields.insert("published".to_owned(), json!(sighting.published));
            fields.insert("quote".to_owned(), json!(sanitised(&sighting.quote.text)));
        }
    }
    let mut put = |key: &str, value: Value| {
        fields.insert(key.to_owned(), value);
    };
    match event {
        Event::ClaimStep { step, .. } => put("step", json!(StepView::from(step))),
        Event::ClaimDrift { wording, .. } => put("wording", json!(shortened(wording))),
        Event::ArticleEdited { source, url, removed, added } => {
            put("source", json!(source.as_str()));
            put("url", json!(url.as_str()));
            put("removed", json!(removed));
            put("added", json!(added));
        }
        Event::SourceFailing { source, url, reason } => {
            put("source", json!(source.as_str()));
            put("url", json!(url.as_str()));
            put("reason", json!(shortened(reason)));
        }
        Event::SourceRecovered { source, url, failures } => {
            put("source", json!(source.as_str()));
            put("url", json!(url.as_str()));
            put("failures", json!(failures));
        }
        Event::SourceMoved { source, url, to } => {
            put("source", json!(source.as_str()));
            put("url", json!(url.as_str()));
            put("to", json!(to.as_str()));
        }
        Event::SourceGone { source, url } => {
            put("source", json!(source.as_str()));
            put("url", json!(url.as_str()));
        }
        Event::ClaimNew { .. }
        | Event::ClaimSeen { .. }
        | Event::ClaimWithdrawn { .. }
        | Event::ClaimRestored { .. } => {}
    }
    fields
}
