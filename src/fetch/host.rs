//! Manners: how often one host is asked, and that it is left alone when it says so.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::fetch::FetchError;

/// For how long a host is left alone that asked for it without saying how long.
pub(super) const UNSAID_HOLD: Duration = Duration::from_secs(600);
/// Longest that a host is left alone at its own word.
const LONGEST_HOLD: Duration = Duration::from_secs(2 * 86_400);
/// Longest pause between two requests that a host's rules may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Hosts remembered; the ones not asked for longest are forgotten first.
const MOST_HOSTS: usize = 20_000;

/// The pace of every host.
#[derive(Debug)]
pub(super) struct Hosts {
    at_once: usize,
    delay: Duration,
    known: Mutex<HashMap<String, Host>>,
}

#[derive(Debug, Clone)]
struct Host {
    slots: Arc<Semaphore>,
    /// When the next request may start.
    next: Instant,
    /// Between the starts of two requests.
    pause: Duration,
    /// Until when none may start at all.
    held: Option<Instant>,
}

/// The right to one request; given back when dropped.
#[derive(Debug)]
pub(super) struct Turn<'h> {
    hosts: &'h Hosts,
    key: String,
    _slot: OwnedSemaphorePermit,
}

impl Turn<'_> {
    /// The request starts now: whatever it waited for since its turn came, the next one waits as long from here.
    pub(super) fn begin(&self) {
        self.hosts.with(&self.key, |host| host.next = host.next.max(Instant::now() + host.pause));
    }
}

impl Hosts {
    pub(super) fn new(at_once: usize, delay: Duration) -> Self {
        Self { at_once: at_once.max(1), delay, known: Mutex::new(HashMap::new()) }
    }

    /// Waits until the host of an address may be asked.
    pub(super) async fn turn(&self, url: &Url) -> Result<Turn<'_>, FetchError> {
        let key = key(url);
        let slots = self.with(&key, |host| Arc::clone(&host.slots));
        let slot = slots.acquire_owned().await.map_err(|_| FetchError::Closed)?;
        let start = self.with(&key, |host| {
            let now = Instant::now();
            if let Some(held) = host.held.filter(|held| *held > now) {
                return Err(held - now);
            }
            let start = host.next.max(now);
            host.next = start + host.pause;
            Ok(start)
        });
        match start {
            Ok(start) => sleep_until(start).await,
            Err(wait) => return Err(held(url, wait)),
        }
        // Whoever was asked before may have said in the meantime that the host is to be left alone.
        let still = self.with(&key, |host| host.held.and_then(|until| until.checked_duration_since(Instant::now())));
        match still.filter(|wait| !wait.is_zero()) {
            Some(wait) => Err(held(url, wait)),
            None => Ok(Turn { hosts: self, key, _slot: slot }),
        }
    }

    /// How many hosts were asked.
    pub(super) fn len(&self) -> usize {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Leaves a host alone for a while.
    pub(super) fn hold(&self, key: &str, wait: Duration) {
        let until = Instant::now() + wait.min(LONGEST_HOLD);
        self.with(key, |host| host.held = Some(host.held.map_or(until, |held| held.max(until))));
    }

    /// Lets more time pass between two requests to a host, as its rules ask.
    pub(super) fn slow_down(&self, url: &Url, pause: Duration) {
        let pause = self.delay.max(pause.min(LONGEST_PAUSE));
        self.with(&key(url), |host| host.pause = pause);
    }

    fn with<T>(&self, key: &str, act: impl FnOnce(&mut Host) -> T) -> T {
        // A panic elsewhere leaves the map as it was: each change of it is one assignment.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_HOSTS && !known.contains_key(key) {
            let now = Instant::now();
            known.retain(|_, host| host.next > now || host.held.is_some_and(|held| held > now));
        }
        let slots = || Arc::new(Semaphore::new(self.at_once));
        let fresh = || Host { slots: slots(), next: Instant::now(), pause: self.delay, held: None };
        act(known.entry(key.to_owned()).or_insert_with(fresh))
    }
}

fn held(url: &Url, wait: Duration) -> FetchError {
    FetchError::Held { url: FetchError::plain(url), wait_s: wait.as_secs().max(1) }
}

/// Scheme apart: a host is a host. A port makes another one, as on a machine that serves several sites.
pub(super) fn key(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn requests_to_one_host_start_a_delay_apart() {
        let hosts = Hosts::new(2, Duration::from_secs(2));
        let url = Url::parse("http://example.org/a").unwrap();
        let begun = Instant::now();
        for expected in [0, 2, 4] {
            let _turn = hosts.turn(&url).await.unwrap();
            assert_eq!(begun.elapsed(), Duration::from_secs(expected));
        }
        let _other = hosts.turn(&Url::parse("http://example.com/").unwrap()).await.unwrap();
        assert_eq!(begun.elapsed(), Duration::from_secs(4));
    }

    #[tokio::test(start_paused = true)]
    async fn the_pause_counts_from_the_start_and_may_be_longer() {
        let hosts = Hosts::new(1, Duration::from_secs(2));
        let url = Url::parse("http://example.org/a").unwrap();
        let turn = hosts.turn(&url).await.unwrap();
        tokio::time::advance(Duration::from_secs(5)).await;
        turn.begin();
        drop(turn);
        let begun = Instant::now();
        drop(hosts.turn(&url).await.unwrap());
        assert_eq!(begun.elapsed(), Duration::from_secs(2));
        hosts.slow_down(&url, Duration::from_secs(10));
        drop(hosts.turn(&url).await.unwrap());
        drop(hosts.turn(&url).await.unwrap());
        assert_eq!(begun.elapsed(), Duration::from_secs(2 + 2 + 10));
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_asks_for_it_is_left_alone() {
        let hosts = Hosts::new(1, Duration::ZERO);
        let url = Url::parse("http://example.org/a").unwrap();
        hosts.hold(&key(&url), Duration::from_secs(1800));
        assert!(matches!(hosts.turn(&url).await, Err(FetchError::Held { wait_s: 1800, .. })));
        tokio::time::advance(Duration::from_secs(1801)).await;
        assert!(hosts.turn(&url).await.is_ok());
    }
}
