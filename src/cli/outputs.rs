//! `outputs`: where changes go beside the log, and how far each output came.

use std::io::Write as _;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::cli::arguments::{Arguments, OutputsOptions};
use crate::cli::output::{Failure, out, table, told};
use crate::cli::setup;
use crate::config::{Config, OutputConfig};
use crate::model::OutputId;
use crate::store::{OutputState, Store};

/// Changes looked at at once for the one to be skipped.
const BATCH: u32 = 500;

pub(super) fn run(arguments: &Arguments, options: &OutputsOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    setup::runtime()?.block_on(async {
        let store = setup::store(&config).await?;
        if let Some(id) = &options.retry {
            store.retry_output(&known(&store, id).await?).await?;
            told(&format!("{id} is tried again within seconds, if the daemon runs"));
        } else if let Some(id) = &options.skip {
            skip(&store, &config, &known(&store, id).await?).await?;
        } else if let Some(id) = &options.forget {
            store.forget_output(&known(&store, id).await?).await?;
            told(&format!("{id} is forgotten; if it is configured, it begins as a new one"));
        } else {
            list(&store, &config, options.json).await?;
        }
        store.close().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// An output that the ledger knows.
async fn known(store: &Store, id: &str) -> Result<OutputId, Failure> {
    let unknown = || Failure::plain(format!("the ledger knows no output “{id}”; the daemon makes it known"), 2);
    let id = OutputId::new(id).map_err(|_| unknown())?;
    store.output(&id).await?.map(|_| id.clone()).ok_or_else(unknown)
}

/// Lets an output go on after the change that it does not take.
async fn skip(store: &Store, config: &Config, id: &OutputId) -> Result<(), Failure> {
    let passes = config.outputs.iter().find(|output| output.id == *id).map(|output| output.passes.clone());
    let passes = passes.unwrap_or_default();
    let mut after = store.output(id).await?.map_or(0, |state| state.done);
    loop {
        let changes = store.changes_after(after, BATCH).await?;
        let Some(last) = changes.last().map(|change| change.seq) else {
            told(&format!("no change waits for {id}"));
            return Ok(());
        };
        if let Some(change) = changes.iter().find(|change| passes.lets_pass(change)) {
            store.output_took(id, change.seq).await?;
            told(&format!("{id} goes on after change {}: {}", change.seq, crate::view::sanitised(&change.line())));
            return Ok(());
        }
        after = last;
    }
}

/// A configured output, or one that the ledger still knows.
struct Row<'a> {
    id: String,
    config: Option<&'a OutputConfig>,
    state: Option<OutputState>,
    behind: i64,
}

/// Every output with its state; those first that are configured.
async fn rows<'a>(store: &Store, config: &'a Config) -> Result<Vec<Row<'a>>, Failure> {
    let (newest, mut states) = (store.last_change().await?, store.outputs().await?);
    let mut rows = Vec::new();
    for output in &config.outputs {
        let at = states.iter().position(|state| state.output == output.id.as_str());
        let state = at.map(|at| states.remove(at));
        let unknown = if output.from_oldest { newest } else { 0 };
        let behind = state.as_ref().map_or(unknown, |state| newest - state.done).max(0);
        rows.push(Row { id: output.id.to_string(), config: Some(output), state, behind });
    }
    rows.extend(states.into_iter().map(|state| {
        let behind = (newest - state.done).max(0);
        Row { id: state.output.clone(), config: None, state: Some(state), behind }
    }));
    Ok(rows)
}

async fn list(store: &Store, config: &Config, as_json: bool) -> Result<(), Failure> {
    let rows = rows(store, config).await?;
    let mut out = out();
    if as_json {
        for row in &rows {
            writeln!(out, "{}", crate::view::safe_json(&row.json()))?;
        }
    } else {
        let cells: Vec<Vec<String>> = rows.iter().map(Row::cells).collect();
        let head = ["output", "kind", "to", "state", "behind", "failures", "next try", "why"];
        for line in table(&head, &cells, setup::width()) {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(())
}

impl Row<'_> {
    fn state_in_words(&self) -> &'static str {
        match (self.config, &self.state) {
            (None, _) => "not configured",
            (Some(_), None) => "not begun",
            (Some(_), Some(state)) if state.failures > 0 => "failing",
            (Some(_), Some(_)) => "ok",
        }
    }

    fn cells(&self) -> Vec<String> {
        let state = self.state.as_ref();
        vec![
            self.id.clone(),
            self.config.map_or("", |config| config.kind.name()).to_owned(),
            self.config.map(|config| config.kind.place()).unwrap_or_default(),
            self.state_in_words().to_owned(),
            self.behind.to_string(),
            state.map_or(0, |state| state.failures).to_string(),
            state.and_then(|state| state.next_try).map(|next| next.to_string()).unwrap_or_default(),
            state.and_then(|state| state.last_error.clone()).unwrap_or_default(),
        ]
    }

    fn json(&self) -> Value {
        let state = self.state.as_ref();
        json!({
            "output": self.id,
            "kind": self.config.map(|config| config.kind.name()),
            "to": self.config.map(|config| config.kind.place()),
            "state": self.state_in_words(),
            "done": state.map(|state| state.done),
            "behind": self.behind,
            "failures": state.map_or(0, |state| state.failures),
            "next_try": state.and_then(|state| state.next_try),
            "last_error": state.and_then(|state| state.last_error.clone()),
        })
    }
}

/// The outputs of a configuration, for people.
pub(super) fn described(config: &Config) -> Vec<String> {
    let list = |what: &str, names: Vec<&str>| (!names.is_empty()).then(|| format!("{what} {}", names.join(" ")));
    let row = |output: &OutputConfig| {
        let passes = &output.passes;
        let filters = [
            list("events", passes.events.iter().map(String::as_str).collect()),
            list("conflicts", passes.conflicts.iter().map(|id| id.as_str()).collect()),
            list("parties", passes.parties.iter().map(|id| id.as_str()).collect()),
        ];
        let filters: Vec<String> = filters.into_iter().flatten().collect();
        let filters = if filters.is_empty() { "every change".to_owned() } else { filters.join("; ") };
        vec![output.id.to_string(), output.kind.name().to_owned(), output.kind.place(), filters]
    };
    let rows: Vec<Vec<String>> = config.outputs.iter().map(row).collect();
    if rows.is_empty() { Vec::new() } else { table(&["output", "kind", "to", "gets"], &rows, setup::width()) }
}

/// What is wrong with the outputs of a ledger, and how the others do.
pub(super) async fn doing(store: &Store, config: &Config) -> Result<(bool, String), Failure> {
    let rows = rows(store, config).await?;
    let told = |row: &Row<'_>| {
        let why = row.state.as_ref().and_then(|state| state.last_error.clone());
        let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
        format!("{}: {}, behind by {}{why}", row.id, row.state_in_words(), row.behind)
    };
    let is_well = rows.iter().all(|row| row.config.is_none() || row.state_in_words() != "failing");
    Ok((is_well, rows.iter().map(told).collect::<Vec<_>>().join("; ")))
}
