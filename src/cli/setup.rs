//! What commands share: configuration, ledger, world, runtime, times as people write them.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Runtime;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::cli::arguments::{Arguments, FilterOptions, LogForm, LogLevel};
use crate::cli::environment::Environment;
use crate::cli::output::{Failure, WRONG_CONFIG};
use crate::config::{Config, LogFormat};
use crate::extract::Extractor;
use crate::fetch::{Fetcher, Settings};
use crate::model::{ConflictId, Level, Outcome, PartyId, Secret, SecretSource, SourceId};
use crate::output::Output;
use crate::poll::Holds;
use crate::poll::Weather;
use crate::poll::World;
use crate::store::{Filter, Store};
use crate::telemetry::{Form, Lines, Log};
use crate::view::LogEntry;

/// Stack of the threads that parse pages: as deep as a page may be nested.
const STACK: usize = 16 << 20;

/// The time. Only the hand and the process read the clock.
pub(super) fn clock() -> Timestamp {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    Timestamp::now()
}

/// Reads the configuration that the arguments and the environment name.
pub(super) fn config(arguments: &Arguments) -> Result<Config, Failure> {
    let environment = Environment::read();
    Config::load(arguments.config.as_deref(), environment.config.as_deref())
        .map_err(|errors| Failure::plain(format!("the configuration is wrong:\n{errors}"), WRONG_CONFIG))
}

/// A runtime for commands that wait for things.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let builder = builder.enable_all().worker_threads(2).max_blocking_threads(4).thread_stack_size(STACK);
    builder.build().map_err(|error| Failure::new("cannot start", &error))
}

/// Where the configured ledger is.
pub(super) fn store_url(config: &Config) -> Result<String, Failure> {
    let url = config.store.url.clone().or_else(|| Environment::read().default_store(config.is_of_the_machine()));
    url.ok_or_else(|| {
        Failure::plain("there is no home for the ledger: set [store] url in the configuration, or $HOME", 1)
    })
}

/// Opens the configured ledger.
pub(super) async fn store(config: &Config) -> Result<Store, Failure> {
    Ok(Store::open(&store_url(config)?).await?)
}

/// Starts the log as configured, and lets the program's own events flow into it.
pub(super) fn log(arguments: &Arguments, config: &Config) -> Log {
    let stream = Environment::read().journal_stream;
    let detected = || Form::detect(stream.as_deref());
    let form = match (arguments.log_format, config.log.format) {
        (Some(LogForm::Text), _) | (None, LogFormat::Text) => Form::Text,
        (Some(LogForm::Json), _) | (None, LogFormat::Json) => Form::Json,
        (Some(LogForm::Journald), _) | (None, LogFormat::Journald) => Form::Journald,
        (Some(LogForm::Auto), _) | (None, LogFormat::Auto) => detected(),
    };
    let level = arguments.log_level.map_or(config.log.level, |level| match level {
        LogLevel::Debug => Level::Debug,
        LogLevel::Info => Level::Info,
        LogLevel::Warn => Level::Warn,
        LogLevel::Error => Level::Error,
    });
    started(form, level, level)
}

/// Starts a log that writes changes from `changes` on, and the program's own lines from `lines` on.
pub(super) fn started(form: Form, changes: Level, lines: Level) -> Log {
    let log = Log::start(form, changes);
    let subscriber = tracing_subscriber::registry().with(Lines::new(log.clone(), lines, clock));
    // Set once in a process; a second log of the same process keeps the first one's lines.
    drop(tracing::subscriber::set_global_default(subscriber));
    log
}

/// What polls work with, as configured.
pub(super) fn world(config: &Config, store: Store, log: &Log) -> Result<World, Failure> {
    let log = log.clone();
    let http = &config.http;
    let settings = Settings {
        contact: http.contact.clone(),
        timeout: http.timeout,
        connect_timeout: http.connect_timeout,
        max_body: http.max_body,
        concurrency: http.concurrency,
        per_host: http.per_host,
        per_host_delay: http.per_host_delay,
        max_redirects: http.max_redirects,
        robots: http.robots,
        allow_networks: http.allow_networks.clone(),
        proxy: http.proxy.as_ref().map(proxy).transpose()?,
    };
    Ok(World {
        fetcher: Fetcher::new(settings).map_err(|error| Failure::of(&error))?,
        store,
        extractor: Arc::new(extractor(config)),
        interval: config.schedule.interval,
        without_validators: config.schedule.without_validators,
        max_interval: config.schedule.max_interval,
        reread: config.schedule.reread.clone().into(),
        keep_requests: config.schedule.keep_requests,
        weather: Weather::default(),
        holds: Holds::default(),
        announce: Arc::new(move |entry: &LogEntry| log.announce(entry)),
    })
}

/// Where changes go beside the log, as configured.
pub(super) fn outputs(config: &Config, world: &World) -> Result<Vec<Output>, Failure> {
    let made = |output| Output::new(output, &world.fetcher, secret).map_err(|why| Failure::plain(why, WRONG_CONFIG));
    config.outputs.iter().map(made).collect()
}

/// A secret, from wherever it is kept.
fn secret(source: &SecretSource) -> Result<Secret, String> {
    match source {
        SecretSource::Here(secret) => Ok(secret.clone()),
        SecretSource::Credential(name) => Environment::read().credential(name),
    }
}

/// The address of the proxy, from wherever it is kept.
fn proxy(source: &SecretSource) -> Result<url::Url, Failure> {
    let secret = secret(source).map_err(|why| Failure::plain(format!("[http] proxy: {why}"), WRONG_CONFIG))?;
    let wrong = |_| Failure::plain("[http] proxy: the credential holds no address", WRONG_CONFIG);
    url::Url::parse(secret.expose().trim()).map_err(wrong)
}

/// The engine with the configured languages and conflicts.
pub(super) fn extractor(config: &Config) -> Extractor {
    Extractor::new(&config.languages, &config.conflicts)
}

/// A time as people write it: a day, a time, or a span back from now such as `36h` or `7d`.
pub(super) fn moment(text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let text = text.trim();
    let span = |unit: char, seconds: u64| -> Option<Timestamp> {
        let count: u64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        let back = SignedDuration::try_from(Duration::from_secs(count.checked_mul(seconds)?)).ok()?;
        now.checked_sub(back).ok()
    };
    let back = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)]
        .into_iter()
        .find_map(|(unit, seconds)| span(unit, seconds));
    back.or_else(|| crate::dates::date(text))
        .ok_or_else(|| Failure::plain(format!("“{text}” is no time: write a day (2024-03-15), a time (2024-03-15T12:00:00Z) or a span back from now (36h, 7d)"), 2))
}

/// A filter from its options.
pub(super) fn filter(options: &FilterOptions, limit: Option<u32>, now: Timestamp) -> Result<Filter, Failure> {
    let wrong = |error: &dyn std::error::Error| Failure::plain(error.to_string(), 2);
    Ok(Filter {
        conflict: options.conflict.as_deref().map(ConflictId::new).transpose().map_err(|error| wrong(&error))?,
        party: options.party.as_deref().map(PartyId::new).transpose().map_err(|error| wrong(&error))?,
        claimant: options.claimant.clone(),
        outcome: options.outcome.as_deref().and_then(Outcome::from_word),
        since: options.since.as_deref().map(|text| moment(text, now)).transpose()?,
        until: options.until.as_deref().map(|text| moment(text, now)).transpose()?,
        source: options.source.as_deref().map(SourceId::new).transpose().map_err(|error| wrong(&error))?,
        grep: options.grep.clone(),
        limit,
    })
}

/// The width that tables may have: the terminal's as it tells, and no limit where no person reads.
pub(super) fn width() -> usize {
    let columns = Environment::read().columns.unwrap_or(160);
    if crate::cli::output::for_a_person() { columns.max(60) } else { usize::MAX }
}
