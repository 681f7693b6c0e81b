//! One source, once: ask its feed, read what is new, record what it says.

mod article;
mod entries;
mod failure;
mod manners;
mod report;
mod saved;
mod settle;
mod weather;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::extract::Extractor;
use crate::feed::{self, Feed};
use crate::fetch::{Body, FetchError, Fetcher, Purpose, Request, Response, Unchanged, Validators};
use crate::model::{Hints, Source, SourceHealth, SourceState};
use crate::poll::failure::Failure;
use crate::poll::settle::Success;
use crate::store::{Store, StoreError};
use crate::view::LogEntry;

pub use manners::Holds;
pub use report::{Outcome, Report};
pub use saved::{Dated, Form, Moment, Saved, read_saved};
pub use weather::Weather;

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
    /// How often sources are polled that do not say so themselves either, and whose servers give nothing to ask
    /// conditionally by and do not say when to come back.
    pub without_validators: Duration,
    /// How far back-off may go.
    pub max_interval: Duration,
    /// At which ages articles are read again.
    pub reread: Arc<[Duration]>,
    /// For how long requests are remembered.
    pub keep_requests: Duration,
    /// Whether the network is there.
    pub weather: Weather,
    /// Which hosts asked to be left alone before this process began.
    pub holds: Holds,
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
    Unchanged(Box<Unchanged>),
    Changed(Box<Feed>, Box<Body>),
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
        entries::reread(world, source, now, &mut report).await?;
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
        Ok(Answer::Unchanged(unchanged)) => {
            let Unchanged { validators, freshness, moved } = *unchanged;
            world.weather.is_up(&source.id);
            state.etag = validators.etag.or(state.etag);
            state.last_modified = validators.last_modified.or(state.last_modified);
            state.validators_of = validators.of.or(state.validators_of);
            report.outcome = Outcome::Unchanged;
            entries::reread(world, source, now, &mut report).await?;
            // What the feed said still holds, and so does what its server said and says no more.
            let hints = Hints { fresh_for: freshness.fresh_for.or(state.hints.fresh_for), ..state.hints };
            let success = Success { hints, moved, is_conditional: true };
            settle::succeed(world, source, state, success, now, &mut report).await?;
        }
        Ok(Answer::Changed(feed, body)) => {
            world.weather.is_up(&source.id);
            let hints = Hints { fresh_for: body.freshness.fresh_for, ttl: feed.ttl, quiet: feed.quiet };
            let success = Success { hints, moved: body.moved, is_conditional: !body.validators.is_empty() };
            let all_read = entries::read_new(world, source, *feed, &body.url, now, &mut report).await?;
            if all_read {
                (state.etag, state.last_modified) = (body.validators.etag, body.validators.last_modified);
                state.validators_of = body.validators.of;
            }
            report.outcome = Outcome::Changed;
            entries::reread(world, source, now, &mut report).await?;
            settle::succeed(world, source, state, success, now, &mut report).await?;
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
    let of = state.validators_of.clone();
    let validators = Validators { etag: state.etag.clone(), last_modified: state.last_modified.clone(), of };
    let request = Request {
        validators,
        checks_certificate: source.checks_certificate,
        ..Request::new(settle::address(source, state, now), Purpose::Feed)
    };
    let body = match manners::get(world, source, request, "feed", now).await? {
        Ok(Response::NotModified(unchanged)) => return Ok(Ok(Answer::Unchanged(unchanged))),
        Ok(Response::Full(body)) => body,
        Err(error) => return Ok(Err(Failure::Fetch(error))),
    };
    let read = off_the_workers(move || {
        let feed = feed::read(&body.bytes, body.content_type.as_deref(), &body.url);
        // The bytes were read; what is long remembered is not to hold them.
        feed.map(|feed| Answer::Changed(Box::new(feed), Box::new(Body { bytes: Vec::new(), place: None, ..*body })))
    });
    let broken_off = || feed::FeedError::Broken { reason: "reading it was broken off".to_owned() };
    Ok(read.await.unwrap_or_else(|| Err(broken_off())).map_err(Failure::Feed))
}

/// Runs what takes long on a thread of its own, so that the loop goes on. `None` if it panicked.
async fn off_the_workers<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}
