//! Sending something to an address that the operator configured. It passes the address guard as everything does, but
//! waits for no other request and follows no redirect.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::time::timeout;
use url::Url;

use crate::fetch::{FetchError, Fetcher, retry_after};

/// Most of an answer that is read, so that its connection can be used again.
const MOST_READ: usize = 64 * 1024;

impl Fetcher {
    /// Posts a body once. Errors name the host alone, for the rest of the address may be a secret.
    ///
    /// # Errors
    ///
    /// Unless the answer is a success (2xx) that came within `limit`.
    pub async fn post(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        body: String,
        limit: Duration,
    ) -> Result<(), FetchError> {
        let shown = host_alone(url);
        self.inner.guard.check(&shown)?;
        let request = self.inner.client.post(url.clone()).headers(written(headers)).body(body).timeout(limit);
        let asked = timeout(limit, request.send()).await.map_err(|_| FetchError::timeout(&shown, limit))?;
        let mut answer = asked.map_err(|source| FetchError::network(&shown, limit, source))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(FetchError::redirect(&shown, "what is sent goes to the configured address and no other"));
        }
        if !status.is_success() {
            let wait = retry_after(answer.headers(), answer.headers().get("date"));
            return Err(FetchError::Status { url: shown, status: status.as_u16(), retry_after: wait });
        }
        // It was taken, whatever else the server has to say.
        let mut read = 0;
        while let Ok(Ok(Some(chunk))) = timeout(limit, answer.chunk()).await {
            read += chunk.len();
            if read > MOST_READ {
                break;
            }
        }
        Ok(())
    }
}

fn written(headers: &[(&'static str, String)]) -> HeaderMap {
    let header = |(name, value): &(&'static str, String)| {
        Some((HeaderName::from_static(name), HeaderValue::from_str(value).ok()?))
    };
    headers.iter().filter_map(header).collect()
}

fn host_alone(url: &Url) -> Url {
    let mut shown = FetchError::plain(url);
    shown.set_path("");
    shown.set_query(None);
    shown.set_fragment(None);
    shown
}
