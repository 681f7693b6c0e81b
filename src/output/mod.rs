//! What leaves beside the log: each output takes the changes of the ledger in their order, each at least once, from where
//! it stopped. A new output is one file here, beside its keys in `config`.

mod appended;
mod command;
mod jsonl;
mod queue;
mod refusal;
mod webhook;

use jiff::Timestamp;
use std::time::Duration;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::config::{OutputConfig, OutputKind, Passes};
use crate::fetch::Fetcher;
use crate::model::{OutputId, Secret, SecretSource};
use crate::schedule::later;
use crate::store::{KeyedChange, OutputState, Store, StoreError};
use crate::view::shortened;

use command::Command;
use jsonl::Jsonl;
use queue::Queue;
use refusal::Refusal;
use webhook::Webhook;

/// Longest that an output waits, whatever it was asked for or the clock was set to.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// Where changes go, with what it has to go there.
#[derive(Debug)]
pub struct Output {
    id: OutputId,
    passes: Passes,
    from_oldest: bool,
    way: Way,
    queue: Queue,
}

/// How changes go there.
#[derive(Debug)]
enum Way {
    Jsonl(Jsonl),
    Webhook(Box<Webhook>),
    Command(Command),
}

/// What is to be done after a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// There may be more: go on.
    More,
    /// There is nothing until the next change.
    Idle,
    /// It failed: not before so long.
    Wait(Duration),
}

impl Output {
    /// Prepares an output; nothing is opened, asked or run yet. `secret` fetches secrets from where they are kept.
    ///
    /// # Errors
    ///
    /// If a secret is not there or is none, in words.
    pub fn new(
        config: &OutputConfig,
        fetcher: &Fetcher,
        secret: impl Fn(&SecretSource) -> Result<Secret, String>,
    ) -> Result<Self, String> {
        let id = &config.id;
        let named = |why: String| format!("output {id}: {why}");
        let way = match &config.kind {
            OutputKind::Jsonl { path } => Way::Jsonl(Jsonl::new(path)),
            OutputKind::Webhook { url, secret: key, timeout } => {
                let (url, key) = (secret(url).map_err(named)?, secret(key).map_err(named)?);
                Way::Webhook(Box::new(Webhook::new(fetcher.clone(), &url, &key, *timeout).map_err(named)?))
            }
            OutputKind::Command { command, timeout } => Way::Command(Command::new(command, *timeout)),
        };
        let (passes, from_oldest) = (config.passes.clone(), config.from_oldest);
        Ok(Self { id: id.clone(), passes, from_oldest, way, queue: Queue::default() })
    }

    /// Its short name.
    pub fn id(&self) -> &OutputId {
        &self.id
    }

    /// Makes it known to the ledger: what changes from now on is for it.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    pub async fn begin(&self, store: &Store) -> Result<(), StoreError> {
        store.begin_output(&self.id, self.from_oldest).await
    }

    /// Delivers what is next, once: a change, or as many as the output takes at once. A failure of the output is no error;
    /// it is remembered, and what was to be delivered stays first in the queue.
    ///
    /// # Errors
    ///
    /// If the ledger fails; what was delivered then may be delivered once more, with the same key.
    pub async fn turn(&mut self, store: &Store, now: Timestamp) -> Result<Turn, StoreError> {
        let Some(state) = store.output(&self.id).await? else {
            // Somebody had it forgotten.
            self.queue = Queue::default();
            self.begin(store).await?;
            return Ok(Turn::More);
        };
        self.queue.follow(state.done);
        if let Some(wait) = state.next_try.and_then(|next| left(next, now)) {
            return Ok(Turn::Wait(wait));
        }
        let is_end = self.queue.fill(store, &self.passes).await?;
        let changes = self.queue.front(self.way.at_once());
        if changes.is_empty() {
            if self.queue.done() > state.done {
                store.output_took(&self.id, self.queue.done()).await?;
            }
            return Ok(if is_end { Turn::Idle } else { Turn::More });
        }
        let begun = Instant::now();
        match self.way.deliver(changes, now).await {
            Ok(()) => {
                let count = changes.len();
                self.queue.taken(count);
                store.output_took(&self.id, self.queue.done()).await?;
                self.tell_recovered(&state);
                Ok(Turn::More)
            }
            Err(refusal) => self.failed(store, &state, &refusal, later(now, begun.elapsed())).await,
        }
    }

    async fn failed(
        &self,
        store: &Store,
        state: &OutputState,
        refusal: &Refusal,
        now: Timestamp,
    ) -> Result<Turn, StoreError> {
        let reason = shortened(&refusal.reason);
        if state.failures == 0 {
            warn!(
                event = "output.failing",
                output = self.id.as_str(),
                reason,
                "what it does not take waits in the ledger"
            );
        }
        let wait = refusal.wait(state.failures.saturating_add(1)).min(LONGEST_WAIT);
        store.output_failed(&self.id, &reason, later(now, wait)).await?;
        Ok(Turn::Wait(wait))
    }

    fn tell_recovered(&self, state: &OutputState) {
        if state.failures > 0 {
            info!(
                event = "output.recovered",
                output = self.id.as_str(),
                failures = state.failures,
                "it takes changes again"
            );
        }
    }
}

impl Way {
    /// How many changes it takes at once.
    fn at_once(&self) -> usize {
        match self {
            Self::Jsonl(_) => jsonl::AT_ONCE,
            Self::Webhook(_) | Self::Command(_) => 1,
        }
    }

    /// Delivers all of these changes, or says why not; then none of them counts as delivered.
    async fn deliver(&mut self, changes: &[KeyedChange], now: Timestamp) -> Result<(), Refusal> {
        match self {
            Self::Jsonl(file) => file.deliver(changes).await,
            Self::Webhook(server) => {
                for change in changes {
                    server.deliver(change, now).await?;
                }
                Ok(())
            }
            Self::Command(program) => {
                for change in changes {
                    program.deliver(change).await?;
                }
                Ok(())
            }
        }
    }
}

/// A change as a line: as `tollwatch log --json` prints it.
fn line(change: &KeyedChange) -> String {
    crate::view::safe_json(&change.entry.json())
}

/// How long it still is; none if it is time, or if the clock was set back so far that it is no measure.
fn left(next: Timestamp, now: Timestamp) -> Option<Duration> {
    let left = Duration::try_from(next.duration_since(now)).ok()?;
    (!left.is_zero() && left <= LONGEST_WAIT).then_some(left)
}
