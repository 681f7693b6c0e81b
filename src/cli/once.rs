//! `once`: every source, one time.

use std::io::Write as _;
use std::process::ExitCode;

use tokio::task::JoinSet;

use crate::cli::arguments::Arguments;
use crate::cli::output::{Failure, TROUBLE, out};
use crate::cli::setup;
use crate::config::Config;
use crate::poll::{self, Outcome, Report};
use crate::store::StoreError;

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let log = setup::log(arguments, &config);
    let result = setup::runtime()?.block_on(poll_all(&config, &log));
    log.flush();
    let reports = result?;
    let mut out = out();
    for report in &reports {
        writeln!(out, "{}", line(report))?;
    }
    let failed = reports.iter().filter(|report| report.is_failure()).count();
    let sum = |pick: fn(&Report) -> usize| reports.iter().map(pick).sum::<usize>();
    writeln!(
        out,
        "{} sources polled, {failed} failed · {} articles read · {} new claims, {} known ones seen again",
        reports.len(),
        sum(|report| report.articles),
        sum(|report| report.new_claims),
        sum(|report| report.seen_claims)
    )?;
    out.flush()?;
    Ok(if failed > 0 { ExitCode::from(TROUBLE) } else { ExitCode::SUCCESS })
}

async fn poll_all(config: &Config, log: &crate::telemetry::Log) -> Result<Vec<Report>, Failure> {
    let store = setup::store(config).await?;
    let world = setup::world(config, store.clone(), log)?;
    let mut polls: JoinSet<Result<Report, StoreError>> = JoinSet::new();
    for source in config.enabled() {
        let (world, source) = (world.clone(), source.clone());
        polls.spawn(async move { poll::once(&world, &source, setup::clock()).await });
    }
    let mut reports = Vec::new();
    while let Some(done) = polls.join_next().await {
        let report = done.map_err(|error| Failure::new("a poll was broken off", &error))?;
        reports.push(report?);
    }
    store.close().await;
    reports.sort_by(|one, other| one.source.cmp(&other.source));
    Ok(reports)
}

fn line(report: &Report) -> String {
    let said = match &report.outcome {
        Outcome::Unchanged => "unchanged".to_owned(),
        Outcome::Changed => {
            format!("{} entries, {} articles read, {} new claims", report.entries, report.articles, report.new_claims)
        }
        Outcome::Failed(reason) => format!("failed: {reason}"),
    };
    let skipped = if report.skipped > 0 { format!(", {} skipped", report.skipped) } else { String::new() };
    crate::view::sanitised(&format!("{}: {said}{skipped}", report.source))
}
