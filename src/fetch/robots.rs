//! What a host asks robots to leave alone (RFC 9309).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use robotxt::Robots;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;
use url::Url;

use crate::fetch::{FetchError, Response};

/// The name by which rules may address this program.
const AGENT: &str = "tollwatch";
/// For how long a robots.txt is believed.
const KEPT: Duration = Duration::from_secs(86_400);
/// For how long an unreachable one counts as a refusal before it is asked for again.
const RETRY: Duration = Duration::from_secs(3_600);
/// How much of one is read.
const LONGEST: usize = 500 * 1024;
/// Hosts remembered.
const MOST: usize = 5_000;

/// The rules of hosts asked lately.
#[derive(Debug, Default)]
pub(super) struct RobotsCache {
    known: Mutex<HashMap<Url, (Robots, Instant)>>,
    /// Who is being asked just now, so that nobody is asked twice.
    asking: Mutex<HashMap<Url, Arc<AsyncMutex<()>>>>,
}

/// Where a host keeps its rules.
pub(super) fn place(url: &Url) -> Option<Url> {
    let mut place = url.join("/robots.txt").ok()?;
    place.set_query(None);
    place.set_fragment(None);
    Some(FetchError::plain(&place))
}

impl RobotsCache {
    /// Whether an address may be read; none if the host's rules are not known.
    pub(super) fn ask(&self, place: &Url, url: &Url) -> Option<bool> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (robots, until) = known.get(place)?;
        (*until > Instant::now()).then(|| robots.is_url_allowed(url))
    }

    /// The lock that is held while a host is asked.
    pub(super) fn asking(&self, place: &Url) -> Arc<AsyncMutex<()>> {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        asking.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(asking.entry(place.clone()).or_default())
    }

    /// Takes in what a host answered: no rules mean that all is allowed, no answer that nothing is.
    pub(super) fn learn(&self, place: &Url, answer: Result<Response, FetchError>) {
        let (robots, kept) = match answer {
            Ok(Response::Full(body)) => {
                let text = body.bytes.get(..LONGEST.min(body.bytes.len())).unwrap_or_default();
                let is_page = body.content_type.as_deref().is_some_and(|kind| kind.contains("html"));
                (if is_page { Robots::allow_all() } else { Robots::parse(text, AGENT) }, KEPT)
            }
            Err(FetchError::Status { status: 429, .. }) => (Robots::disallow_all(), RETRY),
            Err(FetchError::Status { status, .. }) if (400..500).contains(&status) => (Robots::allow_all(), KEPT),
            Ok(Response::NotModified { .. }) | Err(FetchError::Redirect { .. }) => (Robots::allow_all(), KEPT),
            Err(_) => (Robots::disallow_all(), RETRY),
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            let now = Instant::now();
            known.retain(|_, (_, until)| *until > now);
        }
        if known.len() < MOST {
            known.insert(place.clone(), (robots, Instant::now() + kept));
        }
    }
}
