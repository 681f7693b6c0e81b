//! `verify`: the ledger checked against itself.

use std::io::Write as _;
use std::process::ExitCode;

use crate::cli::arguments::Arguments;
use crate::cli::output::{Failure, out};
use crate::cli::setup;

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let result =
        setup::runtime()?.block_on(async { Ok::<_, Failure>(setup::store(&config).await?.verify().await?) })?;
    let mut out = out();
    for finding in &result.findings {
        writeln!(out, "{}: {}", finding.place, finding.what)?;
    }
    writeln!(
        out,
        "{} article versions, {} raw bodies and {} pruned ones, {} claims as told, {} quotes, {} changes checked: {}",
        result.articles,
        result.bodies,
        result.pruned,
        result.tellings,
        result.quotes,
        result.changes,
        if result.findings.is_empty() {
            "all in order".to_owned()
        } else {
            format!("{} findings", result.findings.len())
        }
    )?;
    out.flush()?;
    Ok(if result.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
