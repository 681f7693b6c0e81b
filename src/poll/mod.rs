//! One source, once: ask its feed, read what is new, record what it says.

mod article;
mod manners;
mod report;
mod saved;
mod settle;
mod weather;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;
use tracing::warn;
use url::Url;

use crate::extract::Extractor;
use crate::feed::{self, Feed};
use crate::fetch::{Body, FetchError, Fetcher, Freshness, Purpose, Request, Response, Validators};
use crate::model::{EntryKey, FeedEntry, Source, SourceHealth, SourceState, Trouble};
use crate::schedule::Hints;
use crate::store::{Store, StoreError};
use crate::view::LogEntry;

pub use report::{Outcome, Report};
pub use saved::{Dated, Form, Moment, Saved, read_saved};
pub use weather::Weather;

/// Most new entries that one poll reads; what is left is read by the next.
const MOST_ENTRIES: usize = 200;
/// Most articles that one poll reads again.
const MOST_REREADS: u32 = 20;

/// What a poll works with. Cheap to clone.
#[derive(Clone)]
pub struct World {
    /// Asks servers.
    pub fetcher: Fetcher,
    /// The ledger.
    pub store: Store,
    /// Finds claims.
    pub extractor: Arc<Extractor>,
    /// How often sources are polled that do not say so themselves.
    pub interval: Duration,
    /// How far back-off may go.
    pub max_interval: Duration,
    /// At which ages articles are read again.
    pub reread: Arc<[Duration]>,
    /// For how long requests are remembered.
    pub keep_requests: Duration,
    /// Whether the network is there.
    pub weather: Weather,
    /// Told of every change as soon as it is in the ledger.
    pub announce: Arc<dyn Fn(&LogEntry) + Send + Sync>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("store", &self.store).finish_non_exhaustive()
    }
}

/// What the feed of a source answered.
enum Answer {
    Unchanged(Validators, Freshness, Option<Url>),
    Changed(Box<Feed>, Box<Body>),
}

/// Why a poll brought nothing.
enum Failure {
    Fetch(FetchError),
    Feed(feed::FeedError),
}

impl Failure {
    fn reason(&self) -> String {
        match self {
            Self::Fetch(error) => error.to_string(),
            Self::Feed(error) => error.to_string(),
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Fetch(error) => error.retry_after(),
            Self::Feed(_) => None,
        }
    }

    fn is_refusal(&self) -> bool {
        matches!(self, Self::Fetch(FetchError::Status { status: 429 | 403, .. } | FetchError::Held { .. }))
    }

    fn trouble(&self) -> Trouble {
        match self {
            Self::Fetch(error) => match error {
                FetchError::Status { status: 401 | 403 | 407 | 451, .. } | FetchError::Robots { .. } => {
                    Trouble::Blocked
                }
                FetchError::Status { status: 429, .. } | FetchError::Held { .. } | FetchError::NoRules { .. } => {
                    Trouble::Waiting
                }
                FetchError::Status { .. } | FetchError::Redirect { .. } => Trouble::Failing,
                FetchError::Blocked { .. } => Trouble::Forbidden,
                FetchError::TooBig { .. } | FetchError::Decode { .. } => Trouble::Broken,
                FetchError::Setup { .. }
                | FetchError::Closed
                | FetchError::Timeout { .. }
                | FetchError::Network { .. } => Trouble::Unreachable,
            },
            Self::Feed(error) => match error {
                feed::FeedError::NotAFeed { found: feed::Instead::Challenge } => Trouble::Blocked,
                feed::FeedError::NotAFeed { .. } | feed::FeedError::Empty => Trouble::NotAFeed,
                feed::FeedError::Broken { .. } => Trouble::Broken,
            },
        }
    }

    fn is_gone(&self) -> bool {
        matches!(self, Self::Fetch(error) if error.is_gone())
    }
}

/// Polls a source once: asks its feed, reads what is new and what is to be read again. A feed or page that fails is part
/// of the report, not an error. A feed that is gone for good is not asked.
///
/// # Errors
///
/// If the ledger fails; then whatever was recorded before stays, and the rest is read by the next poll.
pub async fn once(world: &World, source: &Source, now: Timestamp) -> Result<Report, StoreError> {
    let state = remembered(world, source).await?;
    poll(world, source, state, now).await
}

/// The same for whom nobody waits: a feed whose last answer is still fresh is not asked, and only articles are read again.
///
/// # Errors
///
/// As `once`.
pub async fn turn(world: &World, source: &Source, now: Timestamp) -> Result<Report, StoreError> {
    let state = remembered(world, source).await?;
    // Under a clock that was set back, what was to come is no measure.
    let is_known_time = state.last_poll.is_none_or(|poll| poll <= now);
    if state.health == SourceHealth::Ok && is_known_time && state.feed_due.is_some_and(|due| due > now) {
        let mut report = Report::new(source.id.clone());
        reread(world, source, now, &mut report).await?;
        settle::look_again(world, source, state, now, &mut report).await?;
        return Ok(report);
    }
    poll(world, source, state, now).await
}

/// The state of a source; what belongs to an address that it had before is forgotten.
async fn remembered(world: &World, source: &Source) -> Result<SourceState, StoreError> {
    let state = world.store.source_state(&source.id).await?;
    if state.feed.as_ref() == Some(&source.feed) {
        return Ok(state);
    }
    let health = if state.health == SourceHealth::Gone { SourceHealth::Failing } else { state.health };
    let (failures, last_error) = (state.failures, state.last_error);
    Ok(SourceState { feed: Some(source.feed.clone()), health, failures, last_error, ..SourceState::default() })
}

async fn poll(world: &World, source: &Source, mut state: SourceState, now: Timestamp) -> Result<Report, StoreError> {
    let mut report = Report::new(source.id.clone());
    if state.health == SourceHealth::Gone {
        report.outcome =
            Outcome::Failed("it said that it is gone for good (410), and is not asked any more".to_owned());
        return Ok(report);
    }
    let begun = Instant::now();
    match ask(world, source, &state, now).await? {
        Ok(Answer::Unchanged(validators, freshness, moved)) => {
            world.weather.is_up(&source.id);
            state.etag = validators.etag.or(state.etag);
            state.last_modified = validators.last_modified.or(state.last_modified);
            report.outcome = Outcome::Unchanged;
            reread(world, source, now, &mut report).await?;
            let hints = Hints { fresh_for: freshness.fresh_for, ttl: None };
            settle::succeed(world, source, state, hints, moved, now, &mut report).await?;
        }
        Ok(Answer::Changed(feed, body)) => {
            world.weather.is_up(&source.id);
            let all_read = read_new(world, source, &feed, now, &mut report).await?;
            if all_read {
                state.etag.clone_from(&body.validators.etag);
                state.last_modified.clone_from(&body.validators.last_modified);
            }
            report.outcome = Outcome::Changed;
            reread(world, source, now, &mut report).await?;
            let hints = Hints { fresh_for: body.freshness.fresh_for, ttl: feed.ttl };
            settle::succeed(world, source, state, hints, body.moved.clone(), now, &mut report).await?;
        }
        Err(Failure::Fetch(error)) if world.weather.is_down(&source.id, &error, begun, &world.fetcher) => {
            settle::excuse(world, source, state, error.to_string(), now, &mut report).await?;
        }
        Err(Failure::Fetch(error @ FetchError::Held { .. })) => {
            settle::wait(world, source, state, &error, now, &mut report).await?;
        }
        Err(failure) => settle::fail(world, source, state, &failure, now, &mut report).await?,
    }
    Ok(report)
}

async fn ask(
    world: &World,
    source: &Source,
    state: &SourceState,
    now: Timestamp,
) -> Result<Result<Answer, Failure>, StoreError> {
    let validators = Validators { etag: state.etag.clone(), last_modified: state.last_modified.clone() };
    let request = Request { url: settle::address(source, state, now), purpose: Purpose::Feed, validators };
    let body = match manners::get(world, source, request, "feed", now).await? {
        Ok(Response::NotModified { validators, freshness, moved }) => {
            return Ok(Ok(Answer::Unchanged(validators, freshness, moved)));
        }
        Ok(Response::Full(body)) => body,
        Err(error) => return Ok(Err(Failure::Fetch(error))),
    };
    let read = article::off_the_workers(move || {
        let feed = feed::read(&body.bytes, body.content_type.as_deref(), &body.url);
        feed.map(|feed| Answer::Changed(Box::new(feed), body))
    });
    let broken_off = || feed::FeedError::Broken { reason: "reading it was broken off".to_owned() };
    Ok(read.await.unwrap_or_else(|| Err(broken_off())).map_err(Failure::Feed))
}

/// Reads the entries that were not read before. Tells whether none is left for the next poll.
async fn read_new(
    world: &World,
    source: &Source,
    feed: &Feed,
    now: Timestamp,
    report: &mut Report,
) -> Result<bool, StoreError> {
    let keys = feed.keys();
    let flat: Vec<EntryKey> = keys.iter().flatten().cloned().collect();
    let mut seen = world.store.seen(&source.id, &flat).await?.into_iter();
    let mut new: Vec<(&FeedEntry, &[EntryKey])> = Vec::new();
    for (entry, keys) in feed.entries.iter().zip(&keys) {
        if !seen.by_ref().take(keys.len()).fold(false, |any, one| any | one) {
            new.push((entry, keys.as_slice()));
        }
    }
    report.entries = feed.entries.len();
    if new.len() == feed.entries.len() && world.store.has_entries(&source.id).await? {
        let (event, what) = if new.is_empty() {
            ("feed.empty", "the feed has no entries any more")
        } else {
            ("feed.gap", "the feed has nothing that it had at the last poll; entries may have been missed")
        };
        warn!(event, source = source.id.as_str(), "{what}");
    }
    // Feeds list the newest first; the ledger reads better in the order of events.
    new.reverse();
    let mut all_read = new.len() <= MOST_ENTRIES;
    for (entry, keys) in new.into_iter().take(MOST_ENTRIES) {
        match article::read_entry(world, source, entry, now, report).await? {
            article::Read::Done => {
                for key in keys.iter().filter(|key| **key != entry.key) {
                    world.store.mark_seen(&source.id, key, now).await?;
                }
            }
            article::Read::Later => all_read = false,
        }
    }
    Ok(all_read)
}

async fn reread(world: &World, source: &Source, now: Timestamp, report: &mut Report) -> Result<(), StoreError> {
    for due in world.store.rereads(&source.id, now, MOST_REREADS).await? {
        article::reread(world, source, &due, now, report).await?;
    }
    Ok(())
}
