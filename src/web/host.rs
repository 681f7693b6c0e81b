//! Which `Host` a request may name. A foreign site that lets its own name point to this machine could otherwise read the
//! pages through its visitors' browsers.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Names that may be asked for.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    named: Arc<[String]>,
}

impl Hosts {
    pub(super) fn new(named: &[String]) -> Self {
        Self { named: named.iter().map(|name| name.to_ascii_lowercase()).collect() }
    }

    /// Loopback, the names that are configured, and plain addresses, which no name can be made to stand for.
    fn knows(&self, host: &str) -> bool {
        let name = without_port(host).to_ascii_lowercase();
        let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        name == "localhost" || address.is_ok() || self.named.contains(&name)
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() => {
            // The colons of a bare IPv6 address end in no port.
            if name.contains(':') && !name.ends_with(']') { host } else { name }
        }
        Some(_) | None => host,
    }
}

/// Refuses requests for other names.
pub(super) async fn known(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let named = request.headers().get(HOST).and_then(|value| value.to_str().ok());
    let named = named.or_else(|| request.uri().host());
    if named.is_some_and(|host| hosts.knows(host)) {
        return next.run(request).await;
    }
    let refusal = "this server does not answer for that name: ask for localhost, or put the name into [web] hosts\n";
    (StatusCode::MISDIRECTED_REQUEST, refusal).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_and_configured_names_are_known() {
        let hosts = Hosts::new(&["Toll.example.org".to_owned()]);
        for known in [
            "localhost",
            "localhost:8787",
            "127.0.0.1:8787",
            "[::1]:8787",
            "[::1]",
            "::1",
            "toll.example.org",
            "192.168.1.7:80",
        ] {
            assert!(hosts.knows(known), "{known}");
        }
        for foreign in [
            "evil.example",
            "evil.example:8787",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
            ":8787",
            "[::1].evil:1",
        ] {
            assert!(!hosts.knows(foreign), "{foreign}");
        }
    }
}
