//! `sources`: every source with how it is doing.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;

use crate::cli::arguments::{Arguments, SourcesOptions};
use crate::cli::output::{Failure, out, table};
use crate::cli::setup;
use crate::model::{Source, SourceHealth, SourceId};
use crate::store::SourceRow;

pub(super) fn run(arguments: &Arguments, options: &SourcesOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let rows = setup::runtime()?.block_on(async { Ok::<_, Failure>(setup::store(&config).await?.sources().await?) })?;
    let known: BTreeMap<SourceId, SourceRow> = rows.into_iter().map(|row| (row.source.clone(), row)).collect();
    let listed = config.sources.iter().filter(|source| options.all || source.enabled);
    let mut out = out();
    if options.json {
        for source in listed {
            writeln!(out, "{}", as_json(source, known.get(&source.id)))?;
        }
    } else {
        let now = setup::clock();
        let rows: Vec<Vec<String>> = listed.map(|source| row(source, known.get(&source.id), now)).collect();
        for line in table(
            &["source", "state", "last poll", "last success", "next due", "failures", "articles", "claims", "why"],
            &rows,
            setup::width(),
        ) {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn as_json(source: &Source, row: Option<&SourceRow>) -> serde_json::Value {
    let state = row.map(|row| &row.state);
    json!({
        "source": source.id.as_str(),
        "name": source.name,
        "feed": source.feed.as_str(),
        "enabled": source.enabled,
        "state": state.map_or("new", |state| state.health.as_str()),
        "last_poll": state.and_then(|state| state.last_poll),
        "last_success": state.and_then(|state| state.last_success),
        "next_due": state.and_then(|state| state.next_due),
        "failures": state.map_or(0, |state| state.failures),
        "last_error": state.and_then(|state| state.last_error.clone()),
        "moved_to": state.and_then(|state| state.moved_to.as_ref()).map(|(url, _)| url.as_str()),
        "articles": row.map_or(0, |row| row.articles),
        "claims": row.map_or(0, |row| row.claims),
    })
}

fn row(source: &Source, row: Option<&SourceRow>, now: Timestamp) -> Vec<String> {
    let state = row.map(|row| &row.state);
    let ago = |time: Option<Timestamp>| {
        time.map_or_else(|| "never".to_owned(), |time| format!("{} ago", span(now.as_second() - time.as_second())))
    };
    let health = state.map_or(SourceHealth::New, |state| state.health);
    let due = match (health, state.and_then(|state| state.next_due)) {
        (SourceHealth::Gone, _) => "not any more".to_owned(),
        (_, Some(due)) if due > now => format!("in {}", span(due.as_second() - now.as_second())),
        (_, Some(_)) => "now".to_owned(),
        (_, None) => "at the start".to_owned(),
    };
    let moved = state.and_then(|state| state.moved_to.as_ref()).map(|(url, _)| format!("moved to {url}"));
    vec![
        source.id.to_string(),
        if source.enabled { health.as_str().to_owned() } else { "off".to_owned() },
        ago(state.and_then(|state| state.last_poll)),
        ago(state.and_then(|state| state.last_success)),
        due,
        state.map_or(0, |state| state.failures).to_string(),
        row.map_or(0, |row| row.articles).to_string(),
        row.map_or(0, |row| row.claims).to_string(),
        state.and_then(|state| state.last_error.clone()).or(moved).unwrap_or_default(),
    ]
}

/// Seconds as people say them.
fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}
