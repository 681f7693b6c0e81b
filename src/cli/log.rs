//! `log`: the change log.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use crate::cli::arguments::{Arguments, LogOptions};
use crate::cli::output::{Failure, out};
use crate::cli::setup;
use crate::daemon::signals;
use crate::store::{ChangeFilter, Store};
use crate::view::LogEntry;

/// How often `--follow` looks for new changes.
const LOOK: Duration = Duration::from_millis(500);
/// Changes that are read at once.
const AT_ONCE: u32 = 500;

pub(super) fn run(arguments: &Arguments, options: &LogOptions) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let since = options.since.as_deref().map(|text| setup::moment(text, setup::clock())).transpose()?;
    let filter = ChangeFilter { event: options.event.clone(), since };
    setup::runtime()?.block_on(async {
        let store = setup::store(&config).await?;
        let begin = store.changes_begin(&filter, options.limit).await?;
        let mut last = print(&store, options.json, &filter, begin).await?;
        if !options.follow {
            return Ok(ExitCode::SUCCESS);
        }
        let mut signals = signals().map_err(|error| Failure::new("cannot listen to signals", &error))?;
        loop {
            tokio::select! {
                _ = signals.recv() => return Ok(ExitCode::SUCCESS),
                () = tokio::time::sleep(LOOK) => last = print(&store, options.json, &filter, last).await?,
            }
        }
    })
}

/// Prints the changes after a place in the log and tells how far it came.
async fn print(store: &Store, json: bool, filter: &ChangeFilter, after: i64) -> Result<i64, Failure> {
    // What comes while this prints is printed by the next look.
    let newest = store.last_change().await?;
    let (mut out, mut last) = (out(), after);
    loop {
        let entries = store.changes(last, AT_ONCE, filter).await?;
        for entry in &entries {
            writeln!(out, "{}", line(entry, json))?;
        }
        let Some(end) = entries.last() else { break };
        last = end.seq;
    }
    out.flush()?;
    Ok(last.max(newest))
}

fn line(entry: &LogEntry, json: bool) -> String {
    if json {
        crate::view::safe_json(&entry.json())
    } else {
        format!("{} {}", entry.at.strftime("%Y-%m-%d %H:%M:%S"), crate::view::sanitised(&entry.line()))
    }
}
