//! The pages for people and the health of the process for machines. They only read: no address of theirs changes
//! anything.

mod health;
mod host;
mod page;

use std::net::TcpListener;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;

use crate::store::Store;
use crate::telemetry::Vitals;

use host::Hosts;

/// Nothing is loaded from anywhere, but the one style sheet of this very server; nothing may frame it or be sent by it.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What the pages show, and to whom.
#[derive(Debug, Clone)]
pub struct Pages {
    /// The ledger.
    pub store: Store,
    /// The state of the process.
    pub vitals: Vitals,
    /// Names, beside loopback and plain addresses, by which the pages may be asked for.
    pub hosts: Vec<String>,
}

impl Pages {
    /// Serves on a bound socket until `stop` ends; requests that are being answered are answered.
    ///
    /// # Errors
    ///
    /// If the operating system refuses the socket.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, self.router()).with_graceful_shutdown(stop).await
    }

    fn router(self) -> Router {
        let hosts = Hosts::new(&self.hosts);
        Router::new()
            .route("/", get(page::claims))
            .route("/style.css", get(async || ([(CONTENT_TYPE, "text/css; charset=utf-8")], page::STYLE)))
            .route("/healthz", get(health::alive))
            .route("/readyz", get(health::ready))
            .route("/metrics", get(health::metrics))
            .layer(from_fn_with_state(hosts, host::known))
            .layer(from_fn(guarded))
            .with_state(self)
    }
}

/// Puts the rules for browsers on every answer.
async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let rules = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in rules {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
