//! A ledger and a world for one source, with a clock that the test holds.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use tollwatch::config::Config;
use tollwatch::extract::Extractor;
use tollwatch::fetch::{Fetcher, Settings};
use tollwatch::model::{Source, SourceId, SourceState};
use tollwatch::poll::{Holds, Outcome, Report, Weather, World, once, turn};
use tollwatch::store::{MadeRequest, Store};
use tollwatch::view::LogEntry;

use crate::support::rss;

/// When the clock of a test starts.
pub fn start() -> Timestamp {
    "2024-03-15T12:00:00Z".parse().unwrap()
}

/// So many seconds after that.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(start().as_second() + seconds).unwrap()
}

/// A feed without entries.
pub fn empty_feed() -> String {
    rss(&[])
}

fn extractor() -> Arc<Extractor> {
    static BUILT: OnceLock<Arc<Extractor>> = OnceLock::new();
    let build = || {
        let config = Config::embedded().unwrap();
        Arc::new(Extractor::new(&config.languages, &config.conflicts))
    };
    Arc::clone(BUILT.get_or_init(build))
}

pub struct Bench {
    folder: tempfile::TempDir,
    pub source: Source,
    pub settings: Settings,
    pub world: World,
    pub log: Arc<Mutex<Vec<LogEntry>>>,
}

pub fn settings() -> Settings {
    Settings {
        contact: "https://example.org/bot".into(),
        timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_secs(5),
        max_body: 1_000_000,
        concurrency: 16,
        per_host: 1,
        per_host_delay: Duration::ZERO,
        max_redirects: 5,
        robots: true,
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        proxy: None,
    }
}

pub fn source(id: &str, feed: &str) -> Source {
    Source {
        id: SourceId::new(id).unwrap(),
        name: id.into(),
        feed: feed.parse().unwrap(),
        lang: None,
        conflicts: Vec::new(),
        kind: "newspaper".into(),
        enabled: true,
        interval: None,
        checks_certificate: true,
        article: None,
    }
}

impl Bench {
    pub async fn new(feed: &str) -> Self {
        Self::with(feed, settings()).await
    }

    pub async fn with(feed: &str, settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log: Arc<Mutex<Vec<LogEntry>>> = Arc::default();
        let world = world(folder.path(), &settings, &log).await;
        Self { folder, source: source("one", feed), settings, world, log }
    }

    /// As after a restart: only what is in the ledger is remembered.
    pub async fn restart(&mut self) {
        self.world.store.close().await;
        self.world = world(self.folder.path(), &self.settings, &self.log).await;
    }

    /// A poll as a person asks for it.
    pub async fn once(&self, seconds: i64) -> Report {
        once(&self.world, &self.source, at(seconds)).await.unwrap()
    }

    /// A poll as the daemon makes it.
    pub async fn turn(&self, seconds: i64) -> Report {
        turn(&self.world, &self.source, at(seconds)).await.unwrap()
    }

    pub async fn state(&self) -> SourceState {
        self.world.store.source_state(&self.source.id).await.unwrap()
    }

    /// Seconds from the start of the clock until the next poll.
    pub async fn due(&self) -> i64 {
        self.state().await.next_due.unwrap().as_second() - start().as_second()
    }

    pub async fn requests(&self) -> Vec<MadeRequest> {
        self.world.store.requests(&self.source.id).await.unwrap()
    }

    pub fn events(&self) -> Vec<String> {
        self.log.lock().unwrap().iter().map(|entry| entry.event.clone()).collect()
    }
}

async fn world(folder: &std::path::Path, settings: &Settings, log: &Arc<Mutex<Vec<LogEntry>>>) -> World {
    let store = Store::open(&format!("sqlite://{}", folder.join("ledger.db").display())).await.unwrap();
    let log = Arc::clone(log);
    World {
        fetcher: Fetcher::new(settings.clone()).unwrap(),
        store,
        extractor: extractor(),
        interval: Duration::from_secs(900),
        without_validators: Duration::from_secs(86_400),
        max_interval: Duration::from_secs(12 * 3_600),
        reread: Arc::new([]),
        keep_requests: Duration::from_secs(86_400),
        weather: Weather::default(),
        holds: Holds::default(),
        announce: Arc::new(move |entry: &LogEntry| log.lock().unwrap().push(entry.clone())),
    }
}

/// Why a poll failed.
pub fn failure(report: &Report) -> String {
    match &report.outcome {
        Outcome::Failed(reason) => reason.clone(),
        other => panic!("{other:?}"),
    }
}

/// A server that answers with these bytes, whatever they are, and says what it was asked.
pub struct Raw {
    pub address: SocketAddr,
    pub asked: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Raw {
    pub fn serve(answer: impl Fn(usize, &[u8], &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let raw = Self { address: listener.local_addr().unwrap(), asked: Arc::default() };
        let (asked, answer) = (Arc::clone(&raw.asked), Arc::new(answer));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let (asked, answer) = (Arc::clone(&asked), Arc::clone(&answer));
                thread::spawn(move || {
                    let mut head = Vec::new();
                    let mut chunk = [0; 4096];
                    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                        match stream.read(&mut chunk) {
                            Ok(0) | Err(_) => return,
                            Ok(read) => head.extend_from_slice(&chunk[..read]),
                        }
                    }
                    let count = {
                        let mut asked = asked.lock().unwrap();
                        asked.push(head.clone());
                        asked.len()
                    };
                    answer(count, &head, &mut stream);
                });
            }
        });
        raw
    }

    pub fn bytes(answer: Vec<u8>) -> Self {
        Self::serve(move |_, _, stream| drop(stream.write_all(&answer)))
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn count(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}
