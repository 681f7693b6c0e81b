//! The main file: store, network, schedule, pages, log. Every key has a default.

use std::net::SocketAddr;
use std::time::Duration;

use crate::model::Level;
use crate::model::SecretSource;
use ipnet::IpNet;

/// Where the ledger is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// `sqlite://PATH`; none if the default place decides.
    pub url: Option<String>,
    /// Free bytes below which nothing is polled.
    pub min_free: u64,
    /// For how long raw bodies are kept; none if for ever.
    pub keep_bodies: Option<Duration>,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { url: None, min_free: 64_000_000, keep_bodies: None }
    }
}

/// How tollwatch behaves towards other people's servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpConfig {
    /// A web or mail address that answers for this robot; goes into the User-Agent.
    pub contact: String,
    /// How long one whole response may take.
    pub timeout: Duration,
    /// How long a connection may take to stand.
    pub connect_timeout: Duration,
    /// The largest body in bytes, after decompression.
    pub max_body: u64,
    /// Requests in flight.
    pub concurrency: usize,
    /// How many of them may go to one host.
    pub per_host: usize,
    /// The pause between the starts of two requests to one host.
    pub per_host_delay: Duration,
    /// How many redirects are followed.
    pub max_redirects: usize,
    /// Whether robots.txt is honoured for article pages.
    pub robots: bool,
    /// Address ranges that may be asked beside the public ones.
    pub allow_networks: Vec<IpNet>,
    /// The address of the proxy that all requests go through; it may hold a password.
    pub proxy: Option<SecretSource>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            contact: "https://example.org/bot".to_owned(),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_body: 10_000_000,
            concurrency: 64,
            per_host: 1,
            per_host_delay: Duration::from_secs(2),
            max_redirects: 5,
            robots: true,
            allow_networks: Vec::new(),
            proxy: None,
        }
    }
}

/// When sources are polled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleConfig {
    /// The wait between two polls of a source that has no interval of its own.
    pub interval: Duration,
    /// The wait where nothing is set, the server gives nothing to ask conditionally by, and says nothing else.
    pub without_validators: Duration,
    /// The longest wait that failures may lead to.
    pub max_interval: Duration,
    /// The ages at which an article is read again, youngest first; empty if never.
    pub reread: Vec<Duration>,
    /// For how long requests are remembered.
    pub keep_requests: Duration,
}

impl Default for ScheduleConfig {
    fn default() -> Self {
        let reread = [1, 6, 24, 72].map(Duration::from_hours).to_vec();
        Self {
            interval: Duration::from_mins(15),
            without_validators: Duration::from_hours(24),
            max_interval: Duration::from_hours(12),
            reread,
            keep_requests: Duration::from_hours(24 * 7),
        }
    }
}

/// The pages for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebConfig {
    /// Where they are served; none if they are off.
    pub listen: Option<SocketAddr>,
    /// Names, beside localhost and plain addresses, by which they may be asked for.
    pub hosts: Vec<String>,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self { listen: Some(SocketAddr::from(([127, 0, 0, 1], 8787))), hosts: Vec::new() }
    }
}

/// The shape of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// journald under systemd, text on a terminal, JSON otherwise.
    #[default]
    Auto,
    /// The journal's own protocol, with fields.
    Journald,
    /// One line for people.
    Text,
    /// One object a line.
    Json,
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogConfig {
    /// Its shape.
    pub format: LogFormat,
    /// The quietest lines that are written.
    pub level: Level,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Auto, level: Level::Info }
    }
}

/// The tables of the main file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Settings {
    pub(super) store: StoreConfig,
    pub(super) http: HttpConfig,
    pub(super) schedule: ScheduleConfig,
    pub(super) web: WebConfig,
    pub(super) log: LogConfig,
}
