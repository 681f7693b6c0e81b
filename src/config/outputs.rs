//! Output blocks: where changes go beside the log.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::config::main_file::{choice, duration};
use crate::config::nearest::hint;
use crate::config::table::{Found, Table};
use crate::config::value;
use crate::model::ConflictId;
use crate::model::Event;
use crate::model::OutputId;
use crate::model::PartyId;
use crate::model::SecretSource;
use crate::view::LogEntry;

/// Where changes go, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputConfig {
    /// Its short name, under which the ledger knows how far it came.
    pub id: OutputId,
    /// What gets them, and how.
    pub kind: OutputKind,
    /// Which of them.
    pub passes: Passes,
    /// Whether a new output gets what the ledger holds already.
    pub from_oldest: bool,
}

/// What gets the changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputKind {
    /// A file of JSON Lines that is only ever added to.
    Jsonl {
        /// Which.
        path: PathBuf,
    },
    /// A server that each change is posted to.
    Webhook {
        /// Its address, which may itself be a secret.
        url: SecretSource,
        /// What each request is signed with.
        secret: SecretSource,
        /// How long one request may take.
        timeout: Duration,
    },
    /// A program that is run for each change.
    Command {
        /// The program and its arguments.
        command: Vec<String>,
        /// How long one run may take.
        timeout: Duration,
    },
}

impl OutputKind {
    /// The word in the configuration.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Jsonl { .. } => "jsonl",
            Self::Webhook { .. } => "webhook",
            Self::Command { .. } => "command",
        }
    }

    /// Where the changes go, without what may be secret: of an address only the host, of a command only the program.
    pub fn place(&self) -> String {
        match self {
            Self::Jsonl { path } => path.display().to_string(),
            Self::Webhook { url: SecretSource::Credential(name), .. } => format!("credential:{name}"),
            Self::Webhook { url: SecretSource::Here(url), .. } => {
                url::Url::parse(url.expose()).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
            }
            Self::Command { command, .. } => command.first().cloned().unwrap_or_default(),
        }
    }
}

/// Which changes an output gets; what is empty lets all pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passes {
    /// The names of events.
    pub events: Vec<String>,
    /// The conflicts that claims belong to.
    pub conflicts: Vec<ConflictId>,
    /// The sides whose people claims are about.
    pub parties: Vec<PartyId>,
}

impl Passes {
    /// Whether a change passes. One that belongs to no conflict or side passes where none is asked for.
    pub fn lets_pass(&self, entry: &LogEntry) -> bool {
        let is_among = |wanted: &mut dyn Iterator<Item = &str>, key: &str| {
            let value = entry.field(key);
            let mut wanted = wanted.peekable();
            wanted.peek().is_none() || wanted.any(|one| Some(one) == value.as_deref())
        };
        (self.events.is_empty() || self.events.contains(&entry.event))
            && is_among(&mut self.conflicts.iter().map(ConflictId::as_str), "conflict")
            && is_among(&mut self.parties.iter().map(PartyId::as_str), "party")
    }
}

/// An output with the places that other files are checked against.
#[derive(Debug)]
pub(super) struct ReadOutput {
    pub(super) id: Found<OutputId>,
    pub(super) conflicts: Vec<Found<ConflictId>>,
    pub(super) parties: Vec<Found<PartyId>>,
    /// The file it writes, if it writes one.
    pub(super) path: Option<Found<PathBuf>>,
    /// The output, unless something of it is missing.
    pub(super) output: Option<OutputConfig>,
}

/// The kinds there are.
const KINDS: [(&str, Kind); 3] = [("jsonl", Kind::Jsonl), ("webhook", Kind::Webhook), ("command", Kind::Command)];

#[derive(Debug, Clone, Copy)]
enum Kind {
    Jsonl,
    Webhook,
    Command,
}

/// Reads every `[[outputs]]` of the main file.
pub(super) fn read_outputs(root: &mut Table<'_>) -> Vec<ReadOutput> {
    root.tables("outputs").into_iter().filter_map(read_output).collect()
}

fn read_output(mut table: Table<'_>) -> Option<ReadOutput> {
    let id = table.required_read("id", "\"desk\"", |text| OutputId::new(text).map_err(|error| error.to_string()));
    let kind = table.required_read("kind", "\"jsonl\"", |text| choice(text, &KINDS));
    let mut path = None;
    let kind = kind.and_then(|kind| match kind.value {
        Kind::Jsonl => {
            path = read_path(&mut table);
            Some(OutputKind::Jsonl { path: path.as_ref()?.value.clone() })
        }
        Kind::Webhook => read_webhook(&mut table),
        Kind::Command => read_command(&mut table),
    });
    let events = events(&mut table);
    let conflicts = ids(&mut table, "conflicts", ConflictId::new);
    let parties = ids(&mut table, "parties", PartyId::new);
    let begin = table.read("begin", "a word", |text| choice(text, &[("newest", false), ("oldest", true)]));
    table.finish("");
    let id = id?;
    let passes = Passes {
        events,
        conflicts: conflicts.iter().map(|found| found.value.clone()).collect(),
        parties: parties.iter().map(|found| found.value.clone()).collect(),
    };
    let from_oldest = begin.is_some_and(|begin| begin.value);
    let output = kind.map(|kind| OutputConfig { id: id.value.clone(), kind, passes, from_oldest });
    Some(ReadOutput { id, conflicts, parties, path, output })
}

fn read_path(table: &mut Table<'_>) -> Option<Found<PathBuf>> {
    let example = "/var/lib/tollwatch/changes.jsonl";
    let found = table.required_read("path", &format!("\"{example}\""), |text| absolute(text, example))?;
    if let Some(folder) = found.value.parent().filter(|folder| !folder.is_dir()) {
        table.note("path", &found.at, format_args!("there is no folder {} here; make it", folder.display()));
    }
    Some(found)
}

fn read_webhook(table: &mut Table<'_>) -> Option<OutputKind> {
    let url = table.required_read("url", "\"https://example.org/hook\"", value::hook);
    let secret = table.required_read("secret", "\"credential:webhook-key\"", value::signing_key);
    let timeout = duration(table, "timeout", &TIMEOUTS).unwrap_or(Duration::from_secs(10));
    Some(OutputKind::Webhook { url: url?.value, secret: secret?.value, timeout })
}

fn read_command(table: &mut Table<'_>) -> Option<OutputKind> {
    let example = "[\"/usr/local/bin/on-change\"]";
    table.expect("command", example);
    let found = table.texts("command");
    let timeout = duration(table, "timeout", &TIMEOUTS).unwrap_or(Duration::from_secs(30));
    let found = found?;
    let Some(program) = found.value.first() else {
        table.wrong(
            "command",
            &found.at,
            format_args!("is empty; name a program and its arguments, such as {example}"),
        );
        return None;
    };
    match absolute(program.value, "/usr/local/bin/on-change") {
        Ok(path) => note_program(table, &path, program),
        Err(message) => table.wrong("command", &program.at, message),
    }
    Some(OutputKind::Command { command: found.value.iter().map(|text| text.value.to_owned()).collect(), timeout })
}

/// The machine on which a configuration is checked need not be the one on which it is used.
fn note_program(table: &Table<'_>, path: &Path, program: &Found<&str>) {
    use std::os::unix::fs::PermissionsExt as _;
    let name = program.value;
    match std::fs::metadata(path) {
        Ok(found) if found.is_file() && found.permissions().mode() & 0o111 != 0 => {}
        Ok(_) => table.note("command", &program.at, format_args!("{name} is no program that can be run; chmod +x it")),
        Err(error) => table.note("command", &program.at, format_args!("{name} cannot be found here ({error})")),
    }
    let told = format_args!(
        "the unit tollwatch.service lets no other program run; a drop-in with ExecPaths={name} does (systemd/examples/outputs.conf)"
    );
    table.note("command", &program.at, told);
}

/// How long one request or one run may take.
const TIMEOUTS: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_mins(10);

fn absolute(text: &str, example: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_absolute() {
        Ok(path)
    } else {
        Err(format!("“{text}” is no whole path; write one such as \"{example}\""))
    }
}

fn events(table: &mut Table<'_>) -> Vec<String> {
    let mut events = Vec::new();
    for text in table.texts("events").map(|found| found.value).unwrap_or_default() {
        if Event::NAMES.contains(&text.value) {
            events.push(text.value.to_owned());
        } else {
            let hint = hint(text.value, &Event::NAMES);
            table.wrong("events", &text.at, format_args!("there is no event “{}”{hint}", text.value));
        }
    }
    events
}

fn ids<'a, T, E: std::fmt::Display>(
    table: &mut Table<'a>,
    key: &'a str,
    read: impl Fn(&str) -> Result<T, E>,
) -> Vec<Found<T>> {
    let mut ids = Vec::new();
    for text in table.texts(key).map(|found| found.value).unwrap_or_default() {
        match read(text.value) {
            Ok(value) => ids.push(Found { value, at: text.at }),
            Err(error) => table.wrong(key, &text.at, error),
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Level;

    #[test]
    fn what_no_filter_names_passes() {
        let entry = |event: &str, conflict: Option<&str>, party: Option<&str>| {
            let fields = serde_json::json!({ "conflict": conflict, "party": party });
            let serde_json::Value::Object(fields) = fields else { panic!() };
            let at = jiff::Timestamp::UNIX_EPOCH;
            LogEntry { seq: 1, at, level: Level::Info, event: event.to_owned(), message: String::new(), fields }
        };
        let passes = |events: &[&str], conflicts: &[&str], parties: &[&str], entry: &LogEntry| {
            let passes = Passes {
                events: events.iter().map(ToString::to_string).collect(),
                conflicts: conflicts.iter().map(|id| ConflictId::new(id).unwrap()).collect(),
                parties: parties.iter().map(|id| PartyId::new(id).unwrap()).collect(),
            };
            passes.lets_pass(entry)
        };
        let new = entry("claim.new", Some("sudan"), Some("sudan-army"));
        let failing = entry("source.failing", None, None);
        assert!(passes(&[], &[], &[], &new) && passes(&[], &[], &[], &failing));
        assert!(passes(&["claim.new", "claim.step"], &["sudan"], &["sudan-army", "rsf"], &new));
        assert!(!passes(&["claim.step"], &[], &[], &new));
        assert!(!passes(&[], &["russia-ukraine"], &[], &new));
        assert!(!passes(&[], &[], &["rsf"], &new));
        assert!(!passes(&[], &["sudan"], &[], &failing));
        assert!(passes(&["source.failing"], &[], &[], &failing));
    }
}
