//! Getting bytes from the web: every request passes the address guard and its host's pacer, and no answer is larger or
//! slower than the limits.

mod body;
mod error;
mod freshness;
mod guard;
mod host;
mod post;
mod request;
mod response;
mod robots;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ipnet::IpNet;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, DATE, LOCATION};
use tokio::sync::Mutex as AsyncMutex;
use tokio::sync::OnceCell;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use url::Url;

pub use error::{FetchError, Refusal};
pub use freshness::{Freshness, freshness, retry_after};
pub use guard::{Answers, Guard, is_public};
pub use request::{Purpose, Request, Validators};
pub use response::{Body, Response, Unchanged};
pub use robots::Rules;

use host::Hosts;
use robots::RobotsCache;

/// What a fetcher needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the operator can be reached; goes into the User-Agent.
    pub contact: String,
    /// For one whole response.
    pub timeout: Duration,
    /// For the connection alone.
    pub connect_timeout: Duration,
    /// Most bytes of one body, after decompression.
    pub max_body: u64,
    /// Requests in flight.
    pub concurrency: usize,
    /// Of them to one host.
    pub per_host: usize,
    /// Between the starts of two requests to one host.
    pub per_host_delay: Duration,
    /// Redirects followed in one request.
    pub max_redirects: usize,
    /// Whether robots.txt holds for article pages.
    pub robots: bool,
    /// Address ranges that may be asked although they are not public.
    pub allow_networks: Vec<IpNet>,
    /// An HTTP(S) or SOCKS5 proxy.
    pub proxy: Option<Url>,
}

/// Asks servers. Cheap to clone; clones share pace and limits.
#[derive(Debug, Clone)]
pub struct Fetcher {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    client: reqwest::Client,
    /// For sources whose hosts need not prove who they are, if there are any.
    trusting: OnceCell<reqwest::Client>,
    settings: Settings,
    guard: Guard,
    hosts: Hosts,
    robots: RobotsCache,
    slots: Semaphore,
    /// Places for large bodies.
    large: Arc<Semaphore>,
    /// Who is asked for just now, so that nobody is asked twice at once.
    asking: Mutex<HashMap<Url, Arc<AsyncMutex<()>>>>,
    /// When any host last answered.
    answered: Mutex<Option<Instant>>,
}

/// One hop that asks to go on elsewhere, or the last answer.
enum Hop {
    Redirect { to: Url, permanent: bool },
    Answer(reqwest::Response),
}

impl Fetcher {
    /// Prepares to ask servers; asks none yet.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up on this machine, or the proxy is unusable.
    pub fn new(settings: Settings) -> Result<Self, FetchError> {
        let guard = Guard::new(settings.allow_networks.clone());
        Self::guarded(settings, guard)
    }

    /// The same behind a given guard.
    ///
    /// # Errors
    ///
    /// If TLS cannot be set up on this machine, or the proxy is unusable.
    pub fn guarded(settings: Settings, guard: Guard) -> Result<Self, FetchError> {
        // Only the first caller of a process installs it; all want the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = builder(&settings, &guard).and_then(reqwest::ClientBuilder::build);
        let client = client.map_err(|source| FetchError::Setup { source })?;
        let hosts = Hosts::new(settings.per_host, settings.per_host_delay);
        let slots = Semaphore::new(settings.concurrency.max(1));
        Ok(Self {
            inner: Arc::new(Inner {
                client,
                trusting: OnceCell::new(),
                guard,
                hosts,
                robots: RobotsCache::default(),
                slots,
                large: Arc::new(Semaphore::new(body::MOST_LARGE)),
                asking: Mutex::default(),
                answered: Mutex::default(),
                settings,
            }),
        })
    }

    /// Asks for one thing, following redirects. An article page that robots.txt refuses is not asked for.
    ///
    /// # Errors
    ///
    /// If there is no good answer within the limits; the error says whether to try again and when.
    pub async fn get(&self, request: Request) -> Result<Response, FetchError> {
        let lock = self.asking(&request.url);
        let _asking = lock.lock().await;
        self.follow(request, self.inner.settings.timeout).await
    }

    /// The name under which the pace of an address' host is kept.
    pub fn host(url: &Url) -> String {
        host::key(url)
    }

    /// Whether any host answered since then, however it answered.
    pub fn has_answer_since(&self, then: Instant) -> bool {
        self.inner.answered.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|last| last > then)
    }

    /// Leaves a host alone for a while, by the name that `host` gives.
    pub fn hold(&self, host: &str, wait: Duration) {
        self.inner.hosts.hold(host, wait);
    }

    /// How many hosts were asked.
    pub fn hosts(&self) -> usize {
        self.inner.hosts.len()
    }

    /// Where the rules for an address are, if there are any for it, and what they are known to be.
    pub fn rules(&self, url: &Url) -> Option<(Url, Option<(Rules, Duration)>)> {
        let place = robots::place(url).filter(|_| self.inner.settings.robots)?;
        let known = self.inner.robots.rules(&place);
        Some((place, known))
    }

    /// Takes over rules that were read before.
    pub fn believe(&self, place: &Url, rules: Rules, kept: Duration) {
        self.inner.robots.believe(place, rules, kept);
    }

    fn asking(&self, url: &Url) -> Arc<AsyncMutex<()>> {
        let mut asking = self.inner.asking.lock().unwrap_or_else(PoisonError::into_inner);
        asking.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(asking.entry(url.clone()).or_default())
    }

    async fn follow(&self, request: Request, limit: Duration) -> Result<Response, FetchError> {
        let mut url = request.url.clone();
        let mut all_permanent = true;
        for hop in 0..=self.inner.settings.max_redirects {
            if request.purpose == Purpose::Article && self.inner.settings.robots {
                Box::pin(self.ask_robots(&url, !request.trusts(&url))).await?;
            }
            // Who waits for a host takes no place from those who ask others.
            let turn = self.inner.hosts.turn(&url).await?;
            let _slot = self.inner.slots.acquire().await.map_err(|_| FetchError::Closed)?;
            turn.begin();
            let asked = timeout(limit, self.hop(&url, &request));
            match asked.await.map_err(|_| FetchError::timeout(&url, limit))?? {
                Hop::Answer(answer) => {
                    let moved = (hop > 0 && all_permanent).then(|| url.clone());
                    let read = timeout(limit, self.read(answer, &url, moved, &request));
                    return read.await.map_err(|_| FetchError::timeout(&url, limit))?;
                }
                Hop::Redirect { to, permanent } => {
                    if url.scheme() == "https" && to.scheme() == "http" {
                        return Err(FetchError::redirect(&url, "it leads from https to http"));
                    }
                    all_permanent &= permanent;
                    url = to;
                }
            }
        }
        Err(FetchError::redirect(&request.url, "there are too many of them"))
    }

    /// One request, without following where it leads.
    async fn hop(&self, url: &Url, request: &Request) -> Result<Hop, FetchError> {
        self.inner.guard.check(url)?;
        let client = if request.trusts(url) { self.trusting().await? } else { &self.inner.client };
        let answer = client.get(url.clone()).headers(request.headers(url)).send().await;
        let answer = answer.map_err(|source| FetchError::network(url, self.inner.settings.timeout, source))?;
        *self.inner.answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        let status = answer.status();
        let is_redirect = matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308);
        if !is_redirect {
            return Ok(Hop::Answer(answer));
        }
        let location =
            answer.headers().get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let location = location.ok_or_else(|| FetchError::redirect(url, "it does not say where to"))?;
        let to = url.join(&location).map_err(|_| FetchError::redirect(url, "it leads to no address"))?;
        if !matches!(to.scheme(), "http" | "https") {
            return Err(FetchError::redirect(url, "it leads to something that is not the web"));
        }
        Ok(Hop::Redirect { to, permanent: matches!(status.as_u16(), 301 | 308) })
    }

    async fn trusting(&self) -> Result<&reqwest::Client, FetchError> {
        let build = async || {
            let builder = builder(&self.inner.settings, &self.inner.guard)?;
            builder.tls_danger_accept_invalid_certs(true).build()
        };
        self.inner.trusting.get_or_try_init(build).await.map_err(|source| FetchError::Setup { source })
    }

    async fn read(
        &self,
        answer: reqwest::Response,
        url: &Url,
        moved: Option<Url>,
        request: &Request,
    ) -> Result<Response, FetchError> {
        let status = answer.status();
        let validators = Validators::read(answer.headers(), url);
        let freshness = freshness(answer.headers());
        if status == StatusCode::NOT_MODIFIED {
            if !request.validators.are_of(url) {
                return Err(FetchError::Status { url: FetchError::plain(url), status: 304, retry_after: None });
            }
            return Ok(Response::NotModified(Box::new(Unchanged { validators, freshness, moved })));
        }
        if status != StatusCode::OK {
            let wait = retry_after(answer.headers(), answer.headers().get(DATE));
            let error = FetchError::Status { url: FetchError::plain(url), status: status.as_u16(), retry_after: wait };
            match error.refusal() {
                Some(Refusal::For(wait)) => self.inner.hosts.hold(&host::key(url), wait),
                Some(Refusal::Unsaid) => self.inner.hosts.hold(&host::key(url), host::UNSAID_HOLD),
                None => {}
            }
            return Err(error);
        }
        let content_type =
            answer.headers().get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let (bytes, place) = body::read(answer, url, self.inner.settings.max_body, &self.inner.large).await?;
        let url = url.clone();
        Ok(Response::Full(Box::new(Body { url, moved, content_type, validators, freshness, bytes, place })))
    }

    /// Reads a host's robots.txt at most once a day and asks it about an address.
    ///
    /// # Errors
    ///
    /// If the address is not to be read.
    pub async fn ask_robots(&self, url: &Url, checks_certificate: bool) -> Result<(), FetchError> {
        let Some(place) = robots::place(url) else { return Ok(()) };
        let lock = self.inner.robots.asking(&place);
        let _asking = lock.lock().await;
        let known = self.inner.robots.ask(&place, url);
        let allowed = if let Some(allowed) = known {
            allowed
        } else {
            let request = Request { checks_certificate, ..Request::new(place.clone(), Purpose::Robots) };
            let answer = self.follow(request, self.inner.settings.timeout).await;
            if let Err(held @ FetchError::Held { .. }) = answer {
                return Err(held);
            }
            self.inner.robots.learn(&place, answer);
            self.inner.robots.ask(&place, url).unwrap_or(false)
        };
        if let Some(pause) = self.inner.robots.pause(&place) {
            self.inner.hosts.slow_down(url, pause);
        }
        match self.inner.robots.rules(&place) {
            _ if allowed => Ok(()),
            Some((Rules::Nothing, left)) => {
                Err(FetchError::NoRules { url: FetchError::plain(url), wait_s: left.as_secs().max(1) })
            }
            Some(_) | None => Err(FetchError::Robots { url: FetchError::plain(url) }),
        }
    }
}

/// A client that follows no redirect, sends nothing that was not asked for, and connects only where the guard lets it.
fn builder(settings: &Settings, guard: &Guard) -> Result<reqwest::ClientBuilder, reqwest::Error> {
    let agent = format!("tollwatch/{} (+{})", env!("CARGO_PKG_VERSION"), settings.contact);
    let builder = reqwest::Client::builder()
        .user_agent(agent)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(settings.connect_timeout)
        .timeout(settings.timeout)
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(1)
        .dns_resolver(Arc::new(guard.clone()))
        .no_proxy();
    match &settings.proxy {
        Some(proxy) => Ok(builder.proxy(reqwest::Proxy::all(proxy.as_str())?)),
        None => Ok(builder),
    }
}
