//! `sources`: every source with how it is doing.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;

use jiff::Timestamp;
use serde_json::json;

use crate::cli::arguments::{Arguments, SourcesOptions};
use crate::cli::output::{Failure, out, table};
use crate::cli::setup;
use crate::config::Config;
use crate::fetch::FetchError;
use crate::model::{Source, SourceHealth, SourceId, SourceState, Trouble};
use crate::store::{MadeRequest, SourceRow};

pub(super) fn run(arguments: &Arguments, options: &SourcesOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    if let Some(unknown) = options.ids.iter().find(|id| !config.sources.iter().any(|source| source.id.as_str() == *id))
    {
        return Err(Failure::plain(format!("no source is called “{unknown}”"), 2));
    }
    if options.requests {
        return requests(&config, options);
    }
    let rows = setup::runtime()?.block_on(async { Ok::<_, Failure>(setup::store(&config).await?.sources().await?) })?;
    let known: BTreeMap<SourceId, SourceRow> = rows.into_iter().map(|row| (row.source.clone(), row)).collect();
    let listed = config.sources.iter().filter(|source| is_listed(source, options));
    let mut out = out();
    if options.json {
        for source in listed {
            writeln!(out, "{}", crate::view::safe_json(&as_json(source, known.get(&source.id))))?;
        }
    } else {
        let now = setup::clock();
        let rows: Vec<Vec<String>> = listed.map(|source| row(source, known.get(&source.id), now)).collect();
        for line in table(
            &[
                "source",
                "state",
                "last poll",
                "last success",
                "next due",
                "because",
                "failures",
                "articles",
                "claims",
                "why",
            ],
            &rows,
            setup::width(),
        ) {
            writeln!(out, "{line}")?;
        }
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn is_listed(source: &Source, options: &SourcesOptions) -> bool {
    let is_named = options.ids.iter().any(|id| source.id.as_str() == id);
    is_named || options.ids.is_empty() && (options.all || source.enabled)
}

/// What was asked for, request by request.
fn requests(config: &Config, options: &SourcesOptions) -> Result<ExitCode, Failure> {
    let made = setup::runtime()?.block_on(async {
        let store = setup::store(config).await?;
        let mut made = Vec::new();
        for source in config.sources.iter().filter(|source| is_listed(source, options)) {
            made.extend(store.requests(&source.id).await?);
        }
        Ok::<_, Failure>(made)
    })?;
    let mut out = out();
    if options.json {
        for one in &made {
            let value = json!({
                "at": one.at, "source": one.source.as_str(), "reason": one.reason, "status": one.status,
                "bytes": one.bytes, "wait_s": one.wait_s, "url": one.url, "outcome": one.outcome,
            });
            writeln!(out, "{value}")?;
        }
    } else {
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let row = |one: &MadeRequest| {
            vec![
                one.at.to_string(),
                one.source.to_string(),
                one.reason.clone(),
                number(one.status.map(u64::from)),
                one.bytes.to_string(),
                number(one.wait_s),
                one.url.clone(),
                one.outcome.clone().unwrap_or_default(),
            ]
        };
        let rows: Vec<Vec<String>> = made.iter().map(row).collect();
        let head = ["at", "source", "for", "status", "bytes", "wait s", "url", "what went wrong"];
        for line in table(&head, &rows, setup::width()) {
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
        "feed": FetchError::plain(&source.feed).as_str(),
        "enabled": source.enabled,
        "state": state.map_or("new", |state| state.health.as_str()),
        "last_poll": state.and_then(|state| state.last_poll),
        "last_success": state.and_then(|state| state.last_success),
        "next_due": state.and_then(|state| state.next_due),
        "due_reason": state.and_then(|state| state.due_reason.clone()),
        "trouble": state.and_then(|state| state.trouble).map(Trouble::as_str),
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
    let moved = state.and_then(|state| state.moved_to.as_ref());
    let moved = moved.map(|(url, since)| format!("says since {since} that it moved to {}", FetchError::plain(url)));
    let in_words = match (health, state.and_then(|state| state.trouble)) {
        _ if !source.enabled => "off",
        (SourceHealth::Gone, _) => "gone",
        (_, Some(trouble)) => trouble.as_str(),
        (SourceHealth::New, None) => "not polled yet",
        (SourceHealth::Ok, None) if moved.is_some() => "moved",
        (SourceHealth::Ok | SourceHealth::Failing, None) => health.as_str(),
    };
    vec![
        source.id.to_string(),
        in_words.to_owned(),
        ago(state.and_then(|state| state.last_poll)),
        ago(state.and_then(|state| state.last_success)),
        due,
        state.map(because).unwrap_or_default(),
        state.map_or(0, |state| state.failures).to_string(),
        row.map_or(0, |row| row.articles).to_string(),
        row.map_or(0, |row| row.claims).to_string(),
        state.and_then(|state| state.last_error.clone()).or(moved).unwrap_or_default(),
    ]
}

/// Why a source is polled next when it is.
fn because(state: &SourceState) -> String {
    let reason = state.due_reason.clone().unwrap_or_default();
    let only_articles = state.next_due.zip(state.feed_due).is_some_and(|(next, feed)| next < feed);
    if only_articles { format!("articles are read again; the feed waits: {reason}") } else { reason }
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
