//! Manners that outlive the process: a host that asked to be left alone is, rules that were read are believed for their
//! day, and every request is noted.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::OnceCell;
use url::Url;

use crate::fetch::{FetchError, Fetcher, Purpose, Refusal, Request, Response, Rules};
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
    world.holds.learn(world, now).await?;
    let hold = world.store.hold(&Fetcher::host(&url)).await?;
    let answer = match hold.filter(|hold| hold.until > now) {
        Some(hold) => {
            let left = hold.until.duration_since(now).as_secs();
            Err(FetchError::Held { url: FetchError::plain(&url), wait_s: u64::try_from(left).unwrap_or(0).max(1) })
        }
        None => asked(world, request, now).await?,
    };
    match &answer {
        Err(error) => remember(world, error, now).await?,
        Ok(_) if hold.is_some() => world.store.set_hold(&Fetcher::host(&url), None).await?,
        Ok(_) => {}
    }
    world.store.note_request(&noted(source, &url, reason, purpose, &answer, now)).await?;
    Ok(answer)
}

/// Remembers that a host asked to be left alone: the one that said so, wherever the request began.
async fn remember(world: &World, error: &FetchError, now: Timestamp) -> Result<(), StoreError> {
    let (FetchError::Status { url, .. }, Some(refusal)) = (error, error.refusal()) else { return Ok(()) };
    let host = Fetcher::host(url);
    let before = world.store.hold(&host).await?.map_or(0, |hold| hold.refusals);
    let wait = match refusal {
        Refusal::For(wait) => wait,
        Refusal::Unsaid => UNSAID_HOLD.saturating_mul(1_u32.checked_shl(before.min(16)).unwrap_or(u32::MAX)),
    };
    let hold = Hold { until: later(now, wait.min(LONGEST_HOLD)), refusals: before.saturating_add(1) };
    world.store.set_hold(&host, Some(hold)).await
}

/// The hosts that asked to be left alone before this process began: whatever leads to them must know.
#[derive(Debug, Clone, Default)]
pub struct Holds(Arc<OnceCell<()>>);

impl Holds {
    /// Tells the fetcher of them, once.
    async fn learn(&self, world: &World, now: Timestamp) -> Result<(), StoreError> {
        let learn = async || {
            for (host, hold) in world.store.holds(now).await? {
                let left = Duration::try_from(hold.until.duration_since(now)).unwrap_or_default();
                world.fetcher.hold(&host, left);
            }
            Ok(())
        };
        self.0.get_or_try_init(learn).await.copied()
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
        Ok(Response::NotModified(unchanged)) => (Some(304), 0, fresh_for(unchanged.freshness.fresh_for)),
        Err(FetchError::Status { status, retry_after, .. }) => {
            (Some(*status), 0, retry_after.map(|wait| wait.as_secs()))
        }
        Err(error) => (None, 0, error.retry_after().map(|wait| wait.as_secs())),
    };
    let outcome = answer.as_ref().err().map(ToString::to_string);
    let url = FetchError::plain(url).to_string();
    MadeRequest { at: now, source: source.id.clone(), url, reason: reason.to_owned(), status, bytes, outcome, wait_s }
}
