//! What a poll means for its source: how it is doing, when it is asked next and why.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::fetch::FetchError;
use crate::model::{Event, Hints, Source, SourceHealth, SourceState, Trouble};
use crate::poll::failure::Failure;
use crate::poll::{Outcome, Report, World};
use crate::schedule::{after_quiet_hours, later, wait_after_failure, wait_after_success};
use crate::store::StoreError;

/// In how many polls in a row, over how long, a feed must say that it moved before it is asked at its new address.
const MOVES: u32 = 3;
const MOVES_OVER: Duration = Duration::from_secs(2 * 86_400);

/// The address at which a feed is asked: where it moved to, once that is beyond doubt.
pub(super) fn address(source: &Source, state: &SourceState, now: Timestamp) -> Url {
    let moved = state.moved_to.as_ref().filter(|_| is_settled(state, now));
    moved.map_or_else(|| source.feed.clone(), |(to, _)| to.clone())
}

fn is_settled(state: &SourceState, now: Timestamp) -> bool {
    let since = state.moved_to.as_ref().map(|(_, since)| later(*since, MOVES_OVER));
    state.moved_polls >= MOVES && since.is_some_and(|since| since <= now)
}

/// What an answer that worked said.
pub(super) struct Success {
    pub(super) hints: Hints,
    /// Where permanent redirects led.
    pub(super) moved: Option<Url>,
    /// Whether it gave something to ask conditionally by.
    pub(super) is_conditional: bool,
}

/// After a poll that worked.
pub(super) async fn succeed(
    world: &World,
    source: &Source,
    mut state: SourceState,
    success: Success,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), StoreError> {
    let Success { hints, moved, is_conditional } = success;
    let was_settled = is_settled(&state, now);
    let known = state.moved_to.as_ref().filter(|(url, _)| moved.as_ref().is_none_or(|moved| moved == url));
    (state.moved_to, state.moved_polls) = match (moved, known) {
        // The new address answers itself.
        (None, Some(known)) if was_settled => (Some(known.clone()), state.moved_polls),
        (Some(_), Some(known)) => (Some(known.clone()), state.moved_polls.saturating_add(1)),
        (Some(moved), None) => (Some((moved, now)), 1),
        (None, _) => (None, 0),
    };
    let plain = |url: &Url| FetchError::plain(url);
    let event = match (state.health, &state.moved_to) {
        (SourceHealth::Failing | SourceHealth::Gone, _) => Some(Event::SourceRecovered {
            source: source.id.clone(),
            url: plain(&source.feed),
            failures: state.failures,
        }),
        (SourceHealth::New | SourceHealth::Ok, Some((to, _))) if is_settled(&state, now) && !was_settled => {
            Some(Event::SourceMoved { source: source.id.clone(), url: plain(&source.feed), to: plain(to) })
        }
        (SourceHealth::New | SourceHealth::Ok, _) => None,
    };
    let interval = source.interval.unwrap_or(world.interval);
    let says_nothing = !is_conditional && hints.fresh_for.is_none() && hints.ttl.is_none();
    let is_silent = says_nothing && source.interval.is_none();
    let wait = if is_silent {
        world.without_validators.max(interval)
    } else {
        wait_after_success(interval, hints, world.max_interval)
    };
    let feed_due = after_quiet_hours(hints.quiet, later(now, wait), later(now, world.max_interval));
    // An article that is to be read again soon is not made to wait for a feed that is fresh for long.
    let look = world.reread.first().map_or(wait, |next| wait.min((*next).max(interval)));
    let state = SourceState {
        health: SourceHealth::Ok,
        last_poll: Some(now),
        last_success: Some(now),
        next_due: Some(if look < wait { later(now, look) } else { feed_due }),
        feed_due: Some(feed_due),
        due_reason: Some(if is_silent {
            "the server gives no ETag, no Last-Modified and no time to come back".to_owned()
        } else if feed_due > later(now, wait) {
            "the feed asks not to be polled in these hours".to_owned()
        } else {
            reason(interval, hints, wait)
        }),
        hints,
        failures: 0,
        last_error: None,
        trouble: None,
        ..state
    };
    record(world, source, state, event, now, report).await
}

fn reason(interval: Duration, hints: Hints, wait: Duration) -> String {
    let (fresh, ttl) = (hints.fresh_for.unwrap_or_default(), hints.ttl.unwrap_or_default());
    let limited = if wait < fresh.max(ttl) { ", as far as [schedule] max_interval goes" } else { "" };
    if wait <= interval {
        "its interval".to_owned()
    } else if fresh >= ttl {
        format!("the server says that its answer is fresh for {} s{limited}", fresh.as_secs())
    } else {
        format!("the feed asks to be left alone for {} s{limited}", ttl.as_secs())
    }
}

/// After a poll before the feed is due, which only read articles again.
pub(super) async fn look_again(
    world: &World,
    source: &Source,
    state: SourceState,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), StoreError> {
    let interval = source.interval.unwrap_or(world.interval);
    let look = world.reread.first().map_or(interval, |next| (*next).max(interval));
    let next_due = state.feed_due.map(|due| due.min(later(now, look)));
    record(world, source, SourceState { next_due, ..state }, None, now, report).await
}

/// After a poll that failed.
pub(super) async fn fail(
    world: &World,
    source: &Source,
    state: SourceState,
    failure: &Failure,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), StoreError> {
    let reason = failure.reason();
    report.outcome = Outcome::Failed(reason.clone());
    let failures = state.failures.saturating_add(1);
    let interval = source.interval.unwrap_or(world.interval);
    // The source's own name and the count decide the jitter: the same in every run, different for each source.
    let jitter =
        f64::from((failures.wrapping_mul(7).wrapping_add(u32::try_from(source.id.as_str().len()).unwrap_or(0))) % 10)
            / 10.0;
    let asked = failure.retry_after();
    let wait = wait_after_failure(interval, failures, asked, failure.is_refusal(), world.max_interval, jitter);
    let gone = failure.is_gone();
    let url = FetchError::plain(&source.feed);
    let event = match (gone, state.health) {
        (true, SourceHealth::Gone) | (false, SourceHealth::Failing | SourceHealth::Gone) => None,
        (true, _) => Some(Event::SourceGone { source: source.id.clone(), url }),
        (false, _) => Some(Event::SourceFailing { source: source.id.clone(), url, reason: reason.clone() }),
    };
    let due = Some(later(now, wait)).filter(|_| !gone);
    let why = match asked {
        _ if gone => "it says that it is gone for good".to_owned(),
        Some(asked) => format!("the server asks to be left alone for {} s", asked.as_secs()),
        None if failures == 1 => "the last poll failed".to_owned(),
        None => format!("the last {failures} polls failed, each wait is longer than the one before"),
    };
    let state = SourceState {
        health: if gone { SourceHealth::Gone } else { SourceHealth::Failing },
        last_poll: Some(now),
        next_due: due,
        feed_due: due,
        due_reason: Some(why),
        failures,
        last_error: Some(reason),
        trouble: Some(failure.trouble()),
        // An address that does not answer may have been the wrong one: the configured one is asked again.
        moved_to: state.moved_to.filter(|_| state.moved_polls < MOVES),
        moved_polls: if state.moved_polls < MOVES { state.moved_polls } else { 0 },
        ..state
    };
    record(world, source, state, event, now, report).await
}

/// After a poll that was not made because the host asked to be left alone, which is no failure of the source.
pub(super) async fn wait(
    world: &World,
    source: &Source,
    state: SourceState,
    held: &FetchError,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), StoreError> {
    report.outcome = Outcome::Failed(held.to_string());
    let interval = source.interval.unwrap_or(world.interval);
    let due = Some(later(now, held.retry_after().unwrap_or(interval)));
    let (why, trouble) = (Some(held.to_string()), Some(Trouble::Waiting));
    let state = SourceState { next_due: due, feed_due: due, due_reason: why, trouble, ..state };
    record(world, source, state, None, now, report).await
}

/// After a poll that failed because nobody can be reached: the source is as it was, and is asked again as usual.
pub(super) async fn excuse(
    world: &World,
    source: &Source,
    state: SourceState,
    reason: String,
    now: Timestamp,
    report: &mut Report,
) -> Result<(), StoreError> {
    report.outcome = Outcome::Failed(reason);
    let due = Some(later(now, source.interval.unwrap_or(world.interval)));
    let why = Some("no host could be reached, which is not counted against the source".to_owned());
    let state = SourceState { last_poll: Some(now), next_due: due, feed_due: due, due_reason: why, ..state };
    record(world, source, state, None, now, report).await
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
    world.store.forget_requests(&source.id, now, world.keep_requests).await
}
