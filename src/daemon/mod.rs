//! The daemon: hands out what is due, takes back what is done, until told to stop.

mod announcer;
mod beside;
mod clockwork;
mod crowd;
mod notify;
mod outbox;
mod plan;
mod pruning;
mod room;
mod signals;
mod turn;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::sync::watch;

use crate::model::Source;
use crate::output::Output;
use crate::poll::World;
use crate::store::StoreError;
use crate::telemetry::{Log, Vitals};
use crate::web::Pages;

pub use notify::Notifier;
pub use signals::{Signal, signals};

/// Reads the configuration again: what it says now, or why it cannot be used.
pub type Reload = Arc<dyn Fn() -> Result<Reloaded, String> + Send + Sync>;

/// A configuration that was read again.
#[derive(Debug)]
pub struct Reloaded {
    /// What polls work with from now on.
    pub world: World,
    /// The sources that are polled from now on.
    pub sources: Vec<Source>,
    /// Where changes go beside the log from now on.
    pub outputs: Vec<Output>,
    /// What is other than before, in words.
    pub changes: Vec<String>,
}

/// What a run needs beside the world.
pub struct Daemon {
    /// What polls work with.
    pub world: World,
    /// The sources that are polled.
    pub sources: Vec<Source>,
    /// Polls in flight.
    pub slots: usize,
    /// Free bytes beside the ledger below which nothing is polled.
    pub min_free: u64,
    /// For how long raw bodies are kept; none if for ever.
    pub keep_bodies: Option<Duration>,
    /// Gives the time.
    pub clock: fn() -> Timestamp,
    /// Tells systemd.
    pub notifier: Notifier,
    /// Told how the run goes.
    pub vitals: Vitals,
    /// Where the changes of the ledger are logged from the ledger; none if `world.announce` does it.
    pub log: Option<Log>,
    /// Where the changes go beside the log.
    pub outputs: Vec<Output>,
    /// The pages, and the socket they are served on.
    pub pages: Option<(Pages, TcpListener)>,
    /// Reads the configuration again; an error keeps what there is.
    pub reload: Reload,
}

impl std::fmt::Debug for Daemon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Daemon").field("sources", &self.sources.len()).finish_non_exhaustive()
    }
}

/// Why a run ended by itself.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DaemonError {
    /// The ledger could not be read at the start.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A part of the daemon ended that must not.
    #[error("{what} ended by itself")]
    Ended {
        /// Which part.
        what: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Polls that worked.
    pub polls: u64,
    /// Polls that failed.
    pub failures: u64,
    /// Claims that the ledger did not know.
    pub new_claims: u64,
}

impl Daemon {
    /// Runs until a signal to stop comes, then lets the polls in flight end.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read at the start, or a part of the daemon ended by itself.
    pub async fn run(self, signals: Receiver<Signal>) -> Result<Summary, DaemonError> {
        turn::run(self, signals).await
    }
}

/// A channel of signals that a test can send into.
pub fn signal_channel() -> (tokio::sync::mpsc::Sender<Signal>, Receiver<Signal>) {
    channel(8)
}

/// Tells what runs beside the loop to come to its end.
#[derive(Debug, Clone)]
struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Until it is time to end; a daemon that is gone counts as that.
    async fn wait(mut self) {
        drop(self.0.wait_for(|stop| *stop).await);
    }
}

/// How long a stop waits for polls in flight, then for what they left to log and to answer.
const PATIENCE: Duration = Duration::from_secs(4);
const LAST_PATIENCE: Duration = Duration::from_secs(1);
