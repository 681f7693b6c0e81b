//! A daemon within the test, whose clock and configuration the test holds.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tollwatch::config::Config;
use tollwatch::daemon::{Daemon, Reload};
use tollwatch::store::Store;

pub(crate) fn daemon(config: &Config, store: Store, clock: fn() -> Timestamp, reload: Reload) -> Daemon {
    let settings = tollwatch::fetch::Settings {
        contact: "test".to_owned(),
        timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_secs(5),
        max_body: 1_000_000,
        concurrency: 8,
        per_host: 8,
        per_host_delay: Duration::ZERO,
        max_redirects: 5,
        robots: false,
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        proxy: None,
    };
    let world = tollwatch::poll::World {
        fetcher: tollwatch::fetch::Fetcher::new(settings).unwrap(),
        store,
        extractor: Arc::new(tollwatch::extract::Extractor::new(&config.languages, &config.conflicts)),
        interval: Duration::from_secs(1),
        without_validators: Duration::from_secs(1),
        max_interval: Duration::from_secs(43_200),
        reread: Vec::new().into(),
        announce: Arc::new(|_| {}),
        keep_requests: Duration::from_secs(3_600),
        weather: tollwatch::poll::Weather::default(),
        holds: tollwatch::poll::Holds::default(),
    };
    tollwatch::daemon::Daemon {
        world,
        sources: config.sources.clone(),
        slots: 8,
        min_free: 0,
        keep_bodies: None,
        clock,
        notifier: tollwatch::daemon::Notifier::default(),
        vitals: tollwatch::telemetry::Vitals::default(),
        log: None,
        outputs: Vec::new(),
        pages: None,
        reload,
    }
}
