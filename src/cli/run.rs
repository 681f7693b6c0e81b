//! `run`: the daemon.

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tracing::info;

use crate::cli::arguments::Arguments;
use crate::cli::environment::{Environment, passed_listener};
use crate::cli::output::Failure;
use crate::cli::setup;
use crate::config::{Config, WebConfig};
use crate::daemon::{Daemon, Notifier, Reload, Reloaded, signals};
use crate::store::Store;
use crate::telemetry::{Log, Vitals};
use crate::web::Pages;

/// Polls in flight for each request in flight: most polls with new articles wait for the pause of their host.
const POLLS_PER_REQUEST: usize = 4;

/// How long the end waits for threads that read pages; what they read is read again. With what the daemon, the ledger and
/// the log wait at most, it stays below ten seconds.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let config = setup::config(arguments)?;
    let log = setup::log(arguments, &config);
    let runtime = setup::runtime()?;
    let result = runtime.block_on(watch(arguments, config, &log));
    runtime.shutdown_timeout(PATIENCE);
    log.flush();
    result
}

async fn watch(arguments: &Arguments, config: Config, log: &Log) -> Result<ExitCode, Failure> {
    let signals = signals().map_err(|error| Failure::new("cannot listen to signals", &error))?;
    let store = setup::store(&config).await?;
    let listener = listener(&config.web)?;
    let vitals = Vitals::default();
    let pages = Pages { store: store.clone(), vitals: vitals.clone(), hosts: config.web.hosts.clone() };
    let world = setup::world(&config, store.clone(), log)?;
    let outputs = setup::outputs(&config, &world)?;
    let enabled = config.enabled().count();
    let served = listener.as_ref().and_then(|listener| listener.local_addr().ok());
    let served = served.map_or_else(|| "nowhere".to_owned(), |address| address.to_string());
    info!(event = "start", version = env!("CARGO_PKG_VERSION"), config = %config.origin, ledger = store.path(), sources = enabled, pages = served, "tollwatch");
    let daemon = Daemon {
        slots: config.http.concurrency.saturating_mul(POLLS_PER_REQUEST),
        min_free: config.store.min_free,
        keep_bodies: config.store.keep_bodies,
        sources: config.sources.clone(),
        world,
        clock: setup::clock,
        notifier: Notifier::from_environment(),
        vitals,
        log: Some(log.clone()),
        outputs,
        pages: listener.map(|listener| (pages, listener)),
        reload: reload(arguments, config, store.clone(), log.clone()),
    };
    let ended = daemon.run(signals).await;
    store.close().await;
    let summary = ended?;
    info!(
        event = "stop",
        polls = summary.polls,
        failed = summary.failures,
        new_claims = summary.new_claims,
        "tollwatch"
    );
    Ok(ExitCode::SUCCESS)
}

/// The socket of the pages: the one that systemd holds for us, which outlives this process, else one of our own.
fn listener(web: &WebConfig) -> Result<Option<TcpListener>, Failure> {
    let passed = passed_listener();
    let Some(address) = web.listen else { return Ok(None) };
    let bound = || {
        TcpListener::bind(address)
            .map_err(|error| Failure::new(&format!("cannot serve pages on {address} ([web] listen)"), &error))
    };
    passed.map_or_else(bound, Ok).map(Some)
}

/// Reads the configuration again and tells what it changes to the one in use.
fn reload(arguments: &Arguments, config: Config, store: Store, log: Log) -> Reload {
    let (path, in_use) = (arguments.config.clone(), Mutex::new(config));
    Arc::new(move || {
        let environment = Environment::read();
        let config =
            Config::load(path.as_deref(), environment.config.as_deref()).map_err(|errors| errors.to_string())?;
        let world = setup::world(&config, store.clone(), &log).map_err(|failure| failure.to_string())?;
        let outputs = setup::outputs(&config, &world).map_err(|failure| failure.to_string())?;
        let mut in_use = in_use.lock().unwrap_or_else(PoisonError::into_inner);
        let (changes, sources) = (in_use.changes(&config), config.sources.clone());
        *in_use = config;
        Ok(Reloaded { world, sources, outputs, changes })
    })
}
