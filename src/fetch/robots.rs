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
    known: Mutex<HashMap<Url, Known>>,
    /// Who is being asked just now, so that nobody is asked twice.
    asking: Mutex<HashMap<Url, Arc<AsyncMutex<()>>>>,
}

#[derive(Debug)]
struct Known {
    robots: Robots,
    pause: Option<Duration>,
    rules: Rules,
    until: Instant,
}

/// What a host's robots.txt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rules {
    /// This.
    File(Vec<u8>),
    /// There is none, so that everything may be read.
    Everything,
    /// It cannot be had, so that nothing may be read.
    Nothing,
}

impl Rules {
    fn robots(&self) -> Robots {
        match self {
            Self::File(text) => Robots::parse(text, AGENT),
            Self::Everything => Robots::allow_all(),
            Self::Nothing => Robots::disallow_all(),
        }
    }

    /// `Crawl-delay`, which the standard leaves out and many write: that of the groups for this program, else that of
    /// the groups for everybody.
    fn pause(&self) -> Option<Duration> {
        let Self::File(text) = self else { return None };
        let text = String::from_utf8_lossy(text);
        let (mut own, mut every) = (None, None);
        let (mut is_own, mut is_every, mut has_rules) = (false, false, false);
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((name, value)) = line.split_once(':') else { continue };
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
            if name == "user-agent" {
                if std::mem::take(&mut has_rules) {
                    (is_own, is_every) = (false, false);
                }
                is_own |= value.to_ascii_lowercase().starts_with(AGENT);
                is_every |= value == "*";
                continue;
            }
            has_rules = true;
            let seconds = value.parse::<f64>().ok().filter(|_| name == "crawl-delay");
            let Some(pause) = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()) else { continue };
            if is_own {
                own = own.max(Some(pause));
            }
            if is_every {
                every = every.max(Some(pause));
            }
        }
        own.or(every)
    }
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
        let known = known.get(place).filter(|known| known.until > Instant::now())?;
        Some(known.robots.is_url_allowed(url))
    }

    /// The rules of a host and for how long they are still believed, if they are known.
    pub(super) fn rules(&self, place: &Url) -> Option<(Rules, Duration)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(place)?;
        let left = known.until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        Some((known.rules.clone(), left))
    }

    /// The lock that is held while a host is asked.
    pub(super) fn asking(&self, place: &Url) -> Arc<AsyncMutex<()>> {
        let mut asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        asking.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(asking.entry(place.clone()).or_default())
    }

    /// The pause between two requests that a host asks for.
    pub(super) fn pause(&self, place: &Url) -> Option<Duration> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(place)?.pause
    }

    /// Takes in what a host answered: no rules mean that all is allowed, no answer that nothing is.
    pub(super) fn learn(&self, place: &Url, answer: Result<Response, FetchError>) {
        let (rules, kept) = match answer {
            Ok(Response::Full(body)) => {
                let text = body.bytes.get(..LONGEST.min(body.bytes.len())).unwrap_or_default();
                let is_page = body.content_type.as_deref().is_some_and(|kind| kind.contains("html"));
                (if is_page { Rules::Everything } else { Rules::File(text.to_vec()) }, KEPT)
            }
            Err(FetchError::Status { status: 429, .. }) => (Rules::Nothing, RETRY),
            Err(FetchError::Status { status, .. }) if (400..500).contains(&status) => (Rules::Everything, KEPT),
            Ok(Response::NotModified(_)) | Err(FetchError::Redirect { .. }) => (Rules::Everything, KEPT),
            Err(_) => (Rules::Nothing, RETRY),
        };
        self.believe(place, rules, kept);
    }

    /// Believes rules for a while.
    pub(super) fn believe(&self, place: &Url, rules: Rules, kept: Duration) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            let now = Instant::now();
            known.retain(|_, known| known.until > now);
        }
        if known.len() < MOST {
            let (robots, pause) = (rules.robots(), rules.pause());
            known.insert(place.clone(), Known { robots, pause, rules, until: Instant::now() + kept.min(KEPT) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crawl_delay_is_that_of_the_own_group_else_of_everybodys() {
        let pause = |text: &str| Rules::File(text.as_bytes().to_vec()).pause().map(|pause| pause.as_secs_f64());
        assert_eq!(pause("User-agent: *\nDisallow: /a\nCrawl-delay: 10 # please\n"), Some(10.0));
        let groups = "User-agent: other\nCrawl-delay: 99\n\nUser-Agent: x\nUser-Agent: Tollwatch\nCrawl-Delay: 2.5\n\nUser-agent: *\ncrawl-delay: 9";
        assert_eq!(pause(groups), Some(2.5));
        for odd in ["User-agent: *\nCrawl-delay: soon", "User-agent: *\nCrawl-delay: -1", "Crawl-delay: 5", ""] {
            assert_eq!(pause(odd), None, "{odd}");
        }
    }
}
