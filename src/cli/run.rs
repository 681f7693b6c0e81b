//! `run`: the daemon.

use std::process::ExitCode;

use tracing::info;

use crate::cli::arguments::Arguments;
use crate::cli::output::Failure;
use crate::cli::setup;
use crate::config::Config;
use crate::daemon::{Daemon, Notifier, signals};

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let log = setup::log(arguments, &config);
    let result = setup::runtime()?.block_on(watch(arguments, config, &log));
    log.flush();
    result
}

async fn watch(arguments: &Arguments, config: Config, log: &crate::telemetry::Log) -> Result<ExitCode, Failure> {
    let signals = signals().map_err(|error| Failure::new("cannot listen to signals", &error))?;
    let store = setup::store(&config).await?;
    let world = setup::world(&config, store.clone(), log)?;
    let enabled = config.enabled().count();
    info!(event = "start", version = env!("CARGO_PKG_VERSION"), config = %config.origin, ledger = store.path(), sources = enabled, "tollwatch");
    let path = arguments.config.clone();
    let (kept, logged) = (store.clone(), log.clone());
    let daemon = Daemon {
        slots: config.http.concurrency,
        sources: config.sources,
        world,
        clock: setup::clock,
        notifier: Notifier::from_environment(),
        reload: Box::new(move || {
            let environment = crate::cli::environment::Environment::read();
            let config =
                Config::load(path.as_deref(), environment.config.as_deref()).map_err(|errors| errors.to_string())?;
            let world = setup::world(&config, kept.clone(), &logged).map_err(|failure| failure.to_string())?;
            Ok((world, config.sources))
        }),
    };
    let summary = daemon.run(signals).await?;
    store.close().await;
    info!(
        event = "stop",
        polls = summary.polls,
        failed = summary.failures,
        new_claims = summary.new_claims,
        "tollwatch"
    );
    Ok(ExitCode::SUCCESS)
}
