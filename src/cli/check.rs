//! `check`: what the configuration says, or everything that is wrong with it.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use crate::cli::arguments::{Arguments, CheckOptions};
use crate::cli::online;
use crate::cli::output::{Failure, out, table, told};
use crate::cli::outputs;
use crate::cli::setup;
use crate::config::{Config, write_default};
use crate::fetch::FetchError;

pub(super) fn run(arguments: &Arguments, options: &CheckOptions) -> Result<ExitCode, Failure> {
    if let Some(folder) = &options.write {
        return write(folder);
    }
    let config = setup::config(arguments)?;
    if options.online {
        return online::run(arguments, &config);
    }
    if options.quiet {
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = out();
    for line in sources(&config) {
        writeln!(out, "{line}")?;
    }
    let outputs = outputs::described(&config);
    if !outputs.is_empty() {
        writeln!(out)?;
    }
    for line in outputs {
        writeln!(out, "{line}")?;
    }
    let enabled = config.enabled().count();
    let places: usize = config.conflicts.iter().map(|conflict| conflict.places.len()).sum();
    let claimants: usize = config.conflicts.iter().map(|conflict| conflict.claimants.len()).sum();
    let languages: Vec<&str> = config.languages.iter().map(|language| language.code().as_str()).collect();
    writeln!(out)?;
    writeln!(
        out,
        "configuration OK ({}): {enabled} sources are polled, {} switched off; {} conflicts with {claimants} claimants and {places} places; languages: {}",
        config.origin,
        config.sources.len() - enabled,
        config.conflicts.len(),
        languages.join(", ")
    )?;
    writeln!(out, "ledger: {}", setup::store_url(&config)?)?;
    out.flush()?;
    for note in &config.notes {
        told(&format!("note: {note}"));
    }
    Ok(ExitCode::SUCCESS)
}

fn sources(config: &Config) -> Vec<String> {
    let rows: Vec<Vec<String>> = config
        .enabled()
        .map(|source| {
            let interval = source.interval.unwrap_or(config.schedule.interval);
            let conflicts: Vec<&str> = source.conflicts.iter().map(|conflict| conflict.as_str()).collect();
            let conflicts = if conflicts.is_empty() { "all".to_owned() } else { conflicts.join(" ") };
            let lang = source.lang.as_ref().map_or_else(|| "detected".to_owned(), ToString::to_string);
            vec![
                source.id.to_string(),
                format!("{} min", interval.as_secs().div_ceil(60)),
                lang,
                conflicts,
                FetchError::plain(&source.feed).to_string(),
            ]
        })
        .collect();
    table(&["source", "every", "lang", "conflicts", "feed"], &rows, setup::width())
}

fn write(folder: &Path) -> Result<ExitCode, Failure> {
    let written = write_default(folder).map_err(|error| Failure::of(&error))?;
    let mut out = out();
    for file in &written {
        writeln!(out, "{}", file.display())?;
    }
    out.flush()?;
    told(&format!("wrote {} files; use them with --config {}", written.len(), folder.display()));
    Ok(ExitCode::SUCCESS)
}
