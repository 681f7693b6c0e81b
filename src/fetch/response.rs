//! What a server answered well.

use tokio::sync::OwnedSemaphorePermit;
use url::Url;

use crate::fetch::Freshness;
use crate::fetch::request::Validators;

/// A good answer.
#[derive(Debug)]
pub enum Response {
    /// Nothing changed since the validators.
    NotModified(Box<Unchanged>),
    /// A body.
    Full(Box<Body>),
}

/// What a server says of a body that has not changed.
#[derive(Debug)]
pub struct Unchanged {
    /// What to ask with next time; what it leaves out stays as it was.
    pub validators: Validators,
    /// For how long it is fresh.
    pub freshness: Freshness,
    /// The address that answered, if every hop to it was permanent.
    pub moved: Option<Url>,
}

/// A body with what its answer said.
#[derive(Debug)]
pub struct Body {
    /// The address that answered.
    pub url: Url,
    /// That address, if every hop to it was permanent.
    pub moved: Option<Url>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// What to ask with next time.
    pub validators: Validators,
    /// For how long it is fresh.
    pub freshness: Freshness,
    /// The decoded bytes.
    pub bytes: Vec<u8>,
    /// The place that they take among large bodies; free for the next one when it is dropped.
    #[allow(dead_code, reason = "it is held, not read")]
    pub(crate) place: Option<OwnedSemaphorePermit>,
}
