//! Why there is no good answer, in words an operator understands.

use std::time::Duration;

use thiserror::Error;
use url::Url;

/// A request without a good answer. Addresses in it carry no user name or password.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The machine cannot do TLS, or the proxy is unusable.
    #[error("cannot set up requests to the web: check the proxy, and that the package ca-certificates is installed")]
    Setup {
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The fetcher is being shut down.
    #[error("no more requests are made")]
    Closed,
    /// Too slow.
    #[error("no answer from {url} within {limit_s} s")]
    Timeout {
        /// Who.
        url: Url,
        /// The limit, in seconds.
        limit_s: u64,
    },
    /// A status that is no answer.
    #[error("{url} answered {status}")]
    Status {
        /// Who.
        url: Url,
        /// The HTTP status.
        status: u16,
        /// For how long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// A redirect that is not followed.
    #[error("{url} redirects, but {why}")]
    Redirect {
        /// Who.
        url: Url,
        /// Why it is not followed.
        why: &'static str,
    },
    /// An address that tollwatch does not ask.
    #[error("{url} is not on the public internet ({why}); list its range in [http] allow_networks if it is meant")]
    Blocked {
        /// Which.
        url: Url,
        /// What is wrong with it.
        why: String,
    },
    /// Too large.
    #[error("{url} sent more than {limit} bytes")]
    TooBig {
        /// Who.
        url: Url,
        /// The limit, in bytes after decompression.
        limit: u64,
    },
    /// A body that is not what its headers say.
    #[error("{url} sent a body that cannot be decoded: {why}")]
    Decode {
        /// Who.
        url: Url,
        /// What is wrong.
        why: String,
    },
    /// robots.txt refuses it.
    #[error("the robots.txt of {url} asks not to read it")]
    Robots {
        /// Which.
        url: Url,
    },
    /// robots.txt cannot be read, which forbids everything for now.
    #[error("the robots.txt of {url} cannot be read, so that nothing is read there for another {wait_s} s")]
    NoRules {
        /// Which.
        url: Url,
        /// How long still, in seconds.
        wait_s: u64,
    },
    /// The host asked to be left alone for a while.
    #[error("the host of {url} asked to be left alone for another {wait_s} s")]
    Held {
        /// Which.
        url: Url,
        /// How long still, in seconds.
        wait_s: u64,
    },
    /// No connection, or a broken one.
    #[error("cannot reach {url}: {what}")]
    Network {
        /// Who.
        url: Url,
        /// What failed: the name, the connection, TLS.
        what: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
}

/// A wish to be left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// For so long.
    For(Duration),
    /// For a while.
    Unsaid,
}

impl FetchError {
    /// Whether the next poll may well succeed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Timeout { .. } | Self::Network { .. } | Self::Held { .. } | Self::NoRules { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            Self::Setup { .. }
            | Self::Closed
            | Self::Redirect { .. }
            | Self::Blocked { .. }
            | Self::TooBig { .. }
            | Self::Decode { .. }
            | Self::Robots { .. } => false,
        }
    }

    /// For how long the server wants to be left alone, if it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::Held { wait_s, .. } | Self::NoRules { wait_s, .. } => Some(Duration::from_secs(*wait_s)),
            Self::Setup { .. }
            | Self::Closed
            | Self::Timeout { .. }
            | Self::Redirect { .. }
            | Self::Blocked { .. }
            | Self::TooBig { .. }
            | Self::Decode { .. }
            | Self::Robots { .. }
            | Self::Network { .. } => None,
        }
    }

    /// Whether the server was not even asked, because it or its rules are to be left alone.
    pub fn is_before_asking(&self) -> bool {
        matches!(self, Self::Held { .. } | Self::NoRules { .. })
    }

    /// Whether nothing came back at all, not even a refusal: the name or the way to the host was not found.
    pub fn is_silence(&self) -> bool {
        use std::io::ErrorKind::{AddrNotAvailable, HostUnreachable, NetworkDown, NetworkUnreachable, TimedOut};
        let Self::Network { source, .. } = self else { return false };
        let mut next: Option<&(dyn std::error::Error + 'static)> = Some(source);
        let mut is_lost = source.is_timeout();
        while let Some(cause) = next {
            let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
            is_lost |= kind.is_some_and(|kind| {
                [AddrNotAvailable, HostUnreachable, NetworkDown, NetworkUnreachable, TimedOut].contains(&kind)
            });
            // What the resolver says has no kind.
            is_lost |= cause.to_string() == "dns error";
            next = cause.source();
        }
        source.is_connect() && is_lost
    }

    /// Whether the server asks to be left alone, and for how long if it says so.
    pub fn refusal(&self) -> Option<Refusal> {
        let Self::Status { status, retry_after, .. } = self else { return None };
        match (status, retry_after) {
            (403 | 429 | 503, Some(wait)) => Some(Refusal::For(*wait)),
            (429, None) => Some(Refusal::Unsaid),
            _ => None,
        }
    }

    /// Whether the server says that it is gone for good.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status: 410, .. })
    }

    /// Whether the page is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Status { status: 404 | 410, .. })
    }

    /// An address without the name and password in it, as it may be shown.
    pub fn plain(url: &Url) -> Url {
        let mut plain = url.clone();
        // Both fail only for addresses that cannot have a user at all.
        let removed = plain.set_username("").and_then(|()| plain.set_password(None));
        removed.map_or_else(|()| url.clone(), |()| plain)
    }

    pub(super) fn timeout(url: &Url, limit: Duration) -> Self {
        Self::Timeout { url: Self::plain(url), limit_s: limit.as_secs() }
    }

    pub(super) fn redirect(url: &Url, why: &'static str) -> Self {
        Self::Redirect { url: Self::plain(url), why }
    }

    /// Reads what the client says: a guard's refusal, a timeout, or the innermost reason.
    pub(super) fn network(url: &Url, limit: Duration, source: reqwest::Error) -> Self {
        let plain = Self::plain(url);
        let chain = chain(&source);
        if let Some(refused) = chain.iter().find(|text| text.contains(super::guard::REFUSED)) {
            return Self::Blocked { url: plain, why: refused.clone() };
        }
        if source.is_timeout() && !source.is_connect() {
            return Self::timeout(url, limit);
        }
        let what = chain.last().cloned().unwrap_or_default();
        Self::Network { url: plain, what, source: source.without_url() }
    }
}

fn chain(error: &dyn std::error::Error) -> Vec<String> {
    let mut out = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        out.push(cause.to_string());
        next = cause.source();
    }
    out
}
