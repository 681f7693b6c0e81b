//! `webhook`: each change is posted to a server, signed as Standard Webhooks has it (standardwebhooks.com): `webhook-id`
//! is the key of the change, `webhook-timestamp` the time of this try, and `webhook-signature` is `v1,` and the base64 of
//! HMAC-SHA256 over `id.timestamp.body`.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ring::hmac;
use url::Url;

use crate::fetch::{FetchError, Fetcher};
use crate::model::Secret;
use crate::output::line;
use crate::output::refusal::Refusal;
use crate::store::KeyedChange;

/// Shortest key that a signature is worth something with, in bytes.
const SHORTEST_KEY: usize = 16;

/// A server.
pub(super) struct Webhook {
    fetcher: Fetcher,
    url: Url,
    key: hmac::Key,
    timeout: Duration,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl Webhook {
    pub(super) fn new(fetcher: Fetcher, url: &Secret, key: &Secret, timeout: Duration) -> Result<Self, String> {
        let url = Url::parse(url.expose().trim()).map_err(|_| "url holds no web address".to_owned())?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key_bytes(key)?);
        Ok(Self { fetcher, url, key, timeout })
    }

    /// Posts a change once.
    pub(super) async fn deliver(&self, change: &KeyedChange, now: Timestamp) -> Result<(), Refusal> {
        let body = line(change);
        let headers = [
            ("content-type", "application/json".to_owned()),
            ("webhook-id", change.key.to_string()),
            ("webhook-timestamp", now.as_second().to_string()),
            ("webhook-signature", self.signature(&change.key.to_string(), now.as_second(), &body)),
        ];
        self.fetcher.post(&self.url, &headers, body, self.timeout).await.map_err(|error| refusal(&error))
    }

    fn signature(&self, id: &str, seconds: i64, body: &str) -> String {
        let signed = hmac::sign(&self.key, format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(signed))
    }
}

/// The bytes of a key: of the text, or what stands in base64 after `whsec_`.
fn key_bytes(key: &Secret) -> Result<Vec<u8>, String> {
    let text = key.expose().trim();
    let bytes = match text.strip_prefix("whsec_") {
        Some(encoded) => STANDARD.decode(encoded).map_err(|_| "secret: after whsec_ comes base64".to_owned())?,
        None => text.as_bytes().to_vec(),
    };
    if bytes.len() < SHORTEST_KEY {
        return Err(format!("secret: a key of less than {SHORTEST_KEY} bytes is too short"));
    }
    Ok(bytes)
}

/// A server that says no to what is right will say no again: only a person can change that.
fn refusal(error: &FetchError) -> Refusal {
    let is_no = matches!(error, FetchError::Status { .. } | FetchError::Blocked { .. } | FetchError::Redirect { .. });
    let is_hopeless = is_no && !error.is_transient();
    Refusal { reason: error.to_string(), retry_after: error.retry_after(), is_hopeless }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_text_or_base64_after_its_prefix_and_long_enough() {
        let bytes = |text: &str| key_bytes(&Secret::new(text));
        assert_eq!(bytes("0123456789abcdef\n").unwrap(), b"0123456789abcdef");
        assert_eq!(bytes("whsec_MDEyMzQ1Njc4OWFiY2RlZg==").unwrap(), b"0123456789abcdef");
        for wrong in ["", "short", "whsec_", "whsec_???", "whsec_YQ=="] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_only_a_person_can_change_is_asked_again_seldom() {
        let answered = |status: u16| {
            let url = Url::parse("https://example.org/").unwrap();
            refusal(&FetchError::Status { url, status, retry_after: None }).is_hopeless
        };
        for passing in [408, 425, 429, 500, 502, 503, 504] {
            assert!(!answered(passing), "{passing}");
        }
        for refused in [400, 401, 403, 404, 405, 410, 413, 422] {
            assert!(answered(refused), "{refused}");
        }
    }
}
