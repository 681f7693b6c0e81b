//! What is asked for, and the headers that say so.

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use url::Url;

use crate::fetch::FetchError;
use crate::fetch::body::CODINGS;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The address.
    pub url: Url,
    /// What for.
    pub purpose: Purpose,
    /// What the last answer said about itself.
    pub validators: Validators,
    /// Whether the host of the address must prove who it is. Other hosts, to which it may lead, always must.
    pub checks_certificate: bool,
}

impl Request {
    /// Asks for whatever is there, of a host that proves who it is.
    pub fn new(url: Url, purpose: Purpose) -> Self {
        Self { url, purpose, validators: Validators::default(), checks_certificate: true }
    }

    /// Whether this hop of it goes to a host that need not prove who it is.
    pub(super) fn trusts(&self, hop: &Url) -> bool {
        !self.checks_certificate && hop.host() == self.url.host()
    }

    /// The headers of a hop of it.
    pub(super) fn headers(&self, hop: &Url) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(self.purpose.accepts()));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(CODINGS));
        if self.validators.are_of(hop) {
            let given = [(IF_NONE_MATCH, &self.validators.etag), (IF_MODIFIED_SINCE, &self.validators.last_modified)];
            for (name, bytes) in given {
                if let Some(value) = bytes.as_ref().and_then(|bytes| HeaderValue::from_bytes(bytes).ok()) {
                    headers.insert(name, value);
                }
            }
        }
        headers
    }
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A feed, which a person configured.
    Feed,
    /// An article page, to which robots.txt applies.
    Article,
    /// A robots.txt itself.
    Robots,
}

impl Purpose {
    fn accepts(self) -> &'static str {
        match self {
            Self::Feed => {
                "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
            }
            Self::Article => "text/html, application/xhtml+xml, */*;q=0.1",
            Self::Robots => "text/plain, */*;q=0.1",
        }
    }
}

/// What a server gave to recognise a version by, byte for byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<Vec<u8>>,
    /// `Last-Modified`.
    pub last_modified: Option<Vec<u8>>,
    /// The address whose answer they describe, without a password: no other is asked with them. Without it they go
    /// wherever the request leads.
    pub of: Option<Url>,
}

impl Validators {
    /// Whether there is nothing to recognise a version by.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }

    /// Whether an answer of this address can be recognised by them.
    pub(super) fn are_of(&self, url: &Url) -> bool {
        !self.is_empty() && self.of.as_ref().is_none_or(|of| *of == FetchError::plain(url))
    }

    /// Those of an answer of this address.
    pub(super) fn read(headers: &HeaderMap, url: &Url) -> Self {
        let bytes = |name: HeaderName| headers.get(name).map(|value| value.as_bytes().to_vec());
        Self { etag: bytes(ETAG), last_modified: bytes(LAST_MODIFIED), of: Some(FetchError::plain(url)) }
    }
}
