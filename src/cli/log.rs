//! `log`: the change log.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::arguments::{Arguments, LogOptions};
use crate::cli::output::{Failure, out};
use crate::cli::setup;
use crate::daemon::signals;
use crate::store::{Filter, Store};
use crate::view::LogEntry;

/// How often `--follow` looks for new changes.
const LOOK: Duration = Duration::from_millis(500);

pub(super) fn run(arguments: &Arguments, options: &LogOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let since = options.since.as_deref().map(|text| setup::moment(text, setup::clock())).transpose()?;
    let filter = Filter { since, limit: options.limit, ..Filter::default() };
    setup::runtime()?.block_on(async {
        let store = setup::store(&config).await?;
        let mut last = print(&store, options, &filter, 0).await?;
        if !options.follow {
            return Ok(ExitCode::SUCCESS);
        }
        let mut signals = signals().map_err(|error| Failure::new("cannot listen to signals", &error))?;
        let rest = Filter { limit: None, ..filter };
        loop {
            tokio::select! {
                _ = signals.recv() => return Ok(ExitCode::SUCCESS),
                () = tokio::time::sleep(LOOK) => last = print(&store, options, &rest, last).await?,
            }
        }
    })
}

/// Prints the changes after a place in the log and tells how far it came.
async fn print(store: &Store, options: &LogOptions, filter: &Filter, after: i64) -> Result<i64, Failure> {
    let newest = store.last_change().await?;
    let entries = store.changes(after, options.event.as_deref(), None, filter).await?;
    let mut out = out();
    for entry in &entries {
        writeln!(out, "{}", line(entry, options.json))?;
    }
    out.flush()?;
    Ok(entries.last().map_or(newest, |entry| entry.seq.max(newest)))
}

fn line(entry: &LogEntry, json: bool) -> String {
    if json {
        crate::view::safe_json(&entry.json())
    } else {
        format!("{} {}", entry.at.strftime("%Y-%m-%d %H:%M:%S"), crate::view::sanitised(&entry.line()))
    }
}
