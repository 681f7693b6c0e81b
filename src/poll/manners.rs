//! Manners that outlive the process: a host that asked to be left alone is, rules that were read are believed for their
//! day, and every request is noted.

use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::fetch::{FetchError, Fetcher, Purpose, Request, Response, Rules};
use crate::model::Source;
use crate::poll::World;
use crate::schedule::later;
use crate::store::{Hold, KeptRobots, MadeRequest, StoreError};

/// For how long a host is left alone that does not say for how long; twice as long each time.
const UNSAID_HOLD: Duration = Duration::from_secs(600);
/// Longest that a host is left alone.
const LONGEST_HOLD: Duration = Duration::from_secs(2 * 86_400);

/// Asks for a feed or an article of a source.
pub(super) async fn get(
    world: &World,
    source: &Source,
    request: Request,
    reason: &str,
    now: Timestamp,
) -> Result<Result<Response, FetchError>, StoreError> {
    let (url, purpose) = (request.url.clone(), request.purpose);
    let host = Fetcher::host(&url);
    let hold = world.store.hold(&host).await?;
    let answer = match hold.filter(|hold| hold.until > now) {
        Some(hold) => {
            let left = hold.until.duration_since(now).as_secs();
            Err(FetchError::Held { url: FetchError::plain(&url), wait_s: u64::try_from(left).unwrap_or(0).max(1) })
        }
        None => asked(world, request, now).await?,
    };
    match (refusal(&answer, hold), &answer) {
        (Some(hold_for), _) => {
            let refusals = hold.map_or(0, |hold| hold.refusals).saturating_add(1);
            world.store.set_hold(&host, Some(Hold { until: later(now, hold_for), refusals })).await?;
        }
        (None, Ok(_)) if hold.is_some() => world.store.set_hold(&host, None).await?,
        (None, _) => {}
    }
    world.store.note_request(&noted(source, &url, reason, purpose, &answer, now)).await?;
    Ok(answer)
}

/// For how long the host wants to be left alone.
fn refusal(answer: &Result<Response, FetchError>, before: Option<Hold>) -> Option<Duration> {
    let Err(FetchError::Status { status, retry_after, .. }) = answer else { return None };
    let repeats = before.map_or(0, |hold| hold.refusals).min(16);
    let unsaid = || UNSAID_HOLD.saturating_mul(1_u32.checked_shl(repeats).unwrap_or(u32::MAX));
    match (status, retry_after) {
        (429 | 503, Some(wait)) => Some((*wait).min(LONGEST_HOLD)),
        (429, None) => Some(unsaid().min(LONGEST_HOLD)),
        _ => None,
    }
}

/// Asks, with the rules of the host as they are remembered; remembers those that had to be read.
async fn asked(world: &World, request: Request, now: Timestamp) -> Result<Result<Response, FetchError>, StoreError> {
    let rules = Some(&request.url).filter(|_| request.purpose == Purpose::Article);
    let unknown = rules.and_then(|url| world.fetcher.rules(url)).filter(|(_, known)| known.is_none());
    let Some((place, _)) = unknown else { return Ok(world.fetcher.get(request).await) };
    if let Some(kept) = world.store.robots(&place).await?.filter(|kept| kept.until > now) {
        let left = Duration::try_from(kept.until.duration_since(now)).unwrap_or_default();
        world.fetcher.believe(&place, rules_of(kept), left);
        return Ok(world.fetcher.get(request).await);
    }
    let url = request.url.clone();
    let answer = world.fetcher.get(request).await;
    if let Some((place, Some((rules, left)))) = world.fetcher.rules(&url) {
        world.store.keep_robots(&place, &kept(rules, later(now, left))).await?;
    }
    Ok(answer)
}

fn rules_of(kept: KeptRobots) -> Rules {
    match (kept.verdict.as_str(), kept.file) {
        ("file", Some(file)) => Rules::File(file),
        ("nothing", _) => Rules::Nothing,
        _ => Rules::Everything,
    }
}

fn kept(rules: Rules, until: Timestamp) -> KeptRobots {
    let (verdict, file) = match rules {
        Rules::File(file) => ("file", Some(file)),
        Rules::Everything => ("all", None),
        Rules::Nothing => ("nothing", None),
    };
    KeptRobots { verdict: verdict.to_owned(), file, until }
}

fn noted(
    source: &Source,
    url: &Url,
    reason: &str,
    purpose: Purpose,
    answer: &Result<Response, FetchError>,
    now: Timestamp,
) -> MadeRequest {
    let fresh_for = |fresh: Option<Duration>| fresh.filter(|_| purpose == Purpose::Feed).map(|left| left.as_secs());
    let (status, bytes, wait_s) = match answer {
        Ok(Response::Full(body)) => (Some(200), body.bytes.len() as u64, fresh_for(body.freshness.fresh_for)),
        Ok(Response::NotModified { freshness, .. }) => (Some(304), 0, fresh_for(freshness.fresh_for)),
        Err(FetchError::Status { status, retry_after, .. }) => {
            (Some(*status), 0, retry_after.map(|wait| wait.as_secs()))
        }
        Err(error) => (None, 0, error.retry_after().map(|wait| wait.as_secs())),
    };
    let outcome = answer.as_ref().err().map(ToString::to_string);
    let url = FetchError::plain(url).to_string();
    MadeRequest { at: now, source: source.id.clone(), url, reason: reason.to_owned(), status, bytes, outcome, wait_s }
}
