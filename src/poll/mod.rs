//! One source, once: ask its feed, read what is new, record what it says.

mod article;
mod report;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::extract::Extractor;
use crate::feed::{self, Feed};
use crate::fetch::{Body, FetchError, Fetcher, Freshness, Purpose, Request, Response, Validators};
use crate::model::{Event, FeedEntry, Source, SourceHealth, SourceState};
use crate::schedule::{Hints, later, wait_after_failure, wait_after_success};
use crate::store::{Store, StoreError};
use crate::view::LogEntry;

pub use report::{Outcome, Report};

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
    Unchanged(Validators, Freshness),
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

    fn is_gone(&self) -> bool {
        matches!(self, Self::Fetch(error) if error.is_gone())
    }
}

/// Polls a source once. A feed or page that fails is part of the report, not an error.
///
/// # Errors
///
/// If the ledger fails; then whatever was recorded before stays, and the rest is read by the next poll.
pub async fn once(world: &World, source: &Source, now: Timestamp) -> Result<Report, StoreError> {
    let mut state = world.store.source_state(&source.id).await?;
    if state.feed.as_ref() != Some(&source.feed) {
        // Validators belong to the address that gave them.
        state =
            SourceState { feed: Some(source.feed.clone()), etag: None, last_modified: None, moved_to: None, ..state };
    }
    let mut report = Report::new(source.id.clone());
    match ask(world, source, &state).await {
        Ok(Answer::Unchanged(validators, freshness)) => {
            state.etag = validators.etag.or(state.etag);
            state.last_modified = validators.last_modified.or(state.last_modified);
            report.outcome = Outcome::Unchanged;
            reread(world, source, now, &mut report).await?;
            succeed(world, source, state, Hints { fresh_for: freshness.fresh_for, ttl: None }, None, now, &mut report)
                .await?;
        }
        Ok(Answer::Changed(feed, body)) => {
            let all_read = read_new(world, source, &feed.entries, now, &mut report).await?;
            if all_read {
                state.etag.clone_from(&body.validators.etag);
                state.last_modified.clone_from(&body.validators.last_modified);
            }
            report.outcome = Outcome::Changed;
            reread(world, source, now, &mut report).await?;
            let hints = Hints { fresh_for: body.freshness.fresh_for, ttl: feed.ttl };
            succeed(world, source, state, hints, body.moved.clone(), now, &mut report).await?;
        }
        Err(failure) => fail(world, source, state, &failure, now, &mut report).await?,
    }
    Ok(report)
}

async fn ask(world: &World, source: &Source, state: &SourceState) -> Result<Answer, Failure> {
    let validators = Validators { etag: state.etag.clone(), last_modified: state.last_modified.clone() };
    let request = Request { url: source.feed.clone(), purpose: Purpose::Feed, validators };
    match world.fetcher.get(request).await.map_err(Failure::Fetch)? {
        Response::NotModified { validators, freshness } => Ok(Answer::Unchanged(validators, freshness)),
        Response::Full(body) => {
            let (body, feed) = article::off_the_workers(move || {
                let feed = feed::read(&body.bytes, body.content_type.as_deref(), &body.url);
                (body, feed)
            })
            .await
            .ok_or_else(|| Failure::Feed(feed::FeedError::Broken { reason: "reading it was broken off".to_owned() }))?;
            feed.map(|feed| Answer::Changed(Box::new(feed), body)).map_err(Failure::Feed)
        }
    }
}

/// Reads the entries that were not read before. Tells whether none is left for the next poll.
async fn read_new(
    world: &World,
    source: &Source,
    entries: &[FeedEntry],
    now: Timestamp,
    report: &mut Report,
) -> Result<bool, StoreError> {
    let keys: Vec<_> = entries.iter().map(|entry| entry.key.clone()).collect();
    let seen = world.store.seen(&source.id, &keys).await?;
    // Feeds list the newest first; the ledger reads better in the order of events.
    let mut new: Vec<&FeedEntry> = entries.iter().zip(seen).filter(|(_, seen)| !seen).map(|(entry, _)| entry).collect();
    new.reverse();
    report.entries = entries.len();
    let mut all_read = new.len() <= MOST_ENTRIES;
    for entry in new.into_iter().take(MOST_ENTRIES) {
        match article::read_entry(world, source, entry, now, report).await? {
            article::Read::Done => {}
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

async fn succeed(
    world: &World,
    source: &Source,
    state: SourceState,
    hints: Hints,
    moved: Option<Url>,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), StoreError> {
    let interval = source.interval.unwrap_or(world.interval);
    let mut wait = wait_after_success(interval, hints, world.max_interval);
    if let Some(next) = world.reread.first() {
        // An article that is to be read again soon is not made to wait for a feed that is fresh for long.
        wait = wait.min((*next).max(interval));
    }
    let event = match (state.health, &moved) {
        (SourceHealth::Failing | SourceHealth::Gone, _) => Some(Event::SourceRecovered {
            source: source.id.clone(),
            url: source.feed.clone(),
            failures: state.failures,
        }),
        (SourceHealth::New | SourceHealth::Ok, Some(to)) if state.moved_to.as_ref().map(|(url, _)| url) != Some(to) => {
            Some(Event::SourceMoved { source: source.id.clone(), url: source.feed.clone(), to: to.clone() })
        }
        (SourceHealth::New | SourceHealth::Ok, _) => None,
    };
    let since = state.moved_to.as_ref().filter(|(url, _)| Some(url) == moved.as_ref()).map_or(now, |(_, since)| *since);
    let state = SourceState {
        health: SourceHealth::Ok,
        last_poll: Some(now),
        last_success: Some(now),
        next_due: Some(later(now, wait)),
        failures: 0,
        last_error: None,
        moved_to: moved.map(|url| (url, since)),
        ..state
    };
    record(world, source, state, event, now, report).await
}

async fn fail(
    world: &World,
    source: &Source,
    state: SourceState,
    failure: &Failure,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), StoreError> {
    let reason = failure.reason();
    let failures = state.failures.saturating_add(1);
    let interval = source.interval.unwrap_or(world.interval);
    // The source's own name and the count decide the jitter: the same in every run, different for each source.
    let jitter =
        f64::from((failures.wrapping_mul(7).wrapping_add(u32::try_from(source.id.as_str().len()).unwrap_or(0))) % 10)
            / 10.0;
    let wait =
        wait_after_failure(interval, failures, failure.retry_after(), failure.is_refusal(), world.max_interval, jitter);
    let gone = failure.is_gone();
    let event = match (gone, state.health) {
        (true, SourceHealth::Gone) | (false, SourceHealth::Failing | SourceHealth::Gone) => None,
        (true, _) => Some(Event::SourceGone { source: source.id.clone(), url: source.feed.clone() }),
        (false, _) => {
            Some(Event::SourceFailing { source: source.id.clone(), url: source.feed.clone(), reason: reason.clone() })
        }
    };
    report.outcome = Outcome::Failed(reason.clone());
    let wait = if gone { Duration::from_secs(30 * 86_400) } else { wait };
    let state = SourceState {
        health: if gone { SourceHealth::Gone } else { SourceHealth::Failing },
        last_poll: Some(now),
        next_due: Some(later(now, wait)),
        failures,
        last_error: Some(reason),
        ..state
    };
    record(world, source, state, event, now, report).await
}

async fn record(
    world: &World,
    source: &Source,
    state: SourceState,
    event: Option<Event>,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), StoreError> {
    report.next_due = state.next_due;
    for entry in world.store.record_poll(&source.id, &state, event, now).await? {
        (world.announce)(&entry);
    }
    Ok(())
}
