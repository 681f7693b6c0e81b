//! For how long an answer is fresh, and how long a server wants to be left alone (RFC 9111, RFC 9110 §10.2.3).

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderMap, HeaderValue, RETRY_AFTER};

/// What an answer says about how long it is good for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Freshness {
    /// How long from now it is fresh; none if it does not say.
    pub fresh_for: Option<Duration>,
}

/// Longest that any header is believed.
const LONGEST: u64 = 366 * 86_400;

/// Reads `Cache-Control`, `Age`, `Expires` and `Date`. The least fresh of several values wins; what cannot be read is
/// stale. `s-maxage` is for shared caches and does not count.
pub fn freshness(headers: &HeaderMap) -> Freshness {
    let ages: Vec<u64> = max_ages(headers);
    let lifetime = match ages.iter().min() {
        Some(least) => Some(*least),
        None => expires(headers),
    };
    let age = headers
        .get(AGE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split(',').next()?.trim().parse().ok());
    let left = lifetime.map(|lifetime| lifetime.saturating_sub(age.unwrap_or(0)).min(LONGEST));
    Freshness { fresh_for: left.map(Duration::from_secs) }
}

fn max_ages(headers: &HeaderMap) -> Vec<u64> {
    let values =
        headers.get_all(CACHE_CONTROL).iter().map(|value| String::from_utf8_lossy(value.as_bytes()).to_lowercase());
    let text: Vec<String> = values.collect();
    let text = text.join(",");
    let directive = |part: &str| -> Option<u64> {
        let (name, value) =
            part.trim().split_once('=').map_or((part.trim(), ""), |(name, value)| (name.trim(), value.trim()));
        match name {
            "no-cache" | "no-store" => Some(0),
            "max-age" => Some(seconds(value.trim_matches('"')).unwrap_or(0)),
            _ => None,
        }
    };
    text.split(',').filter_map(directive).collect()
}

/// A number of seconds; one that is too large is as large as any.
fn seconds(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

fn expires(headers: &HeaderMap) -> Option<u64> {
    let until = headers.get(EXPIRES)?;
    let from = headers.get(DATE).and_then(http_date);
    let left = http_date(until).zip(from).map(|(until, from)| until.as_second() - from.as_second());
    Some(left.and_then(|left| u64::try_from(left).ok()).unwrap_or(0))
}

/// `Retry-After` in seconds or as a date, measured from the answer's own `Date`. Nothing that makes no sense counts.
pub fn retry_after(headers: &HeaderMap, date: Option<&HeaderValue>) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?;
    if let Some(wait) = value.to_str().ok().and_then(|text| seconds(text.trim())) {
        return Some(Duration::from_secs(wait.min(LONGEST)));
    }
    let left = http_date(value)?.as_second() - date.and_then(http_date)?.as_second();
    u64::try_from(left).ok().map(|left| Duration::from_secs(left.min(LONGEST)))
}

fn http_date(value: &HeaderValue) -> Option<Timestamp> {
    crate::dates::date(value.to_str().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(pairs: &[(&'static str, &'static str)]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        freshness(&headers).fresh_for.map(|left| left.as_secs())
    }

    #[test]
    fn the_least_fresh_value_wins() {
        assert_eq!(fresh(&[("cache-control", "max-age=7200")]), Some(7200));
        assert_eq!(
            fresh(&[("cache-control", "Max-Age=\"600\", max-age=60"), ("cache-control", "s-maxage=1")]),
            Some(60)
        );
        assert_eq!(fresh(&[("cache-control", "max-age=oops")]), Some(0));
        assert_eq!(fresh(&[("cache-control", "no-cache")]), Some(0));
        assert_eq!(fresh(&[("cache-control", "public")]), None);
        assert_eq!(fresh(&[("cache-control", "max-age=7200"), ("age", "600")]), Some(6600));
        assert_eq!(fresh(&[("cache-control", "max-age=60"), ("age", "7200, 0")]), Some(0));
    }

    #[test]
    fn expires_counts_from_the_answers_own_date() {
        let date = ("date", "Wed, 23 Mar 2022 10:00:00 GMT");
        assert_eq!(fresh(&[date, ("expires", "Wed, 23 Mar 2022 10:30:00 GMT")]), Some(1800));
        assert_eq!(fresh(&[date, ("expires", "0")]), Some(0));
        assert_eq!(fresh(&[date, ("expires", "Wed, 23 Mar 2022 09:30:00 GMT")]), Some(0));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let wait = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
            headers.insert(DATE, HeaderValue::from_static("Wed, 23 Mar 2022 10:00:00 GMT"));
            retry_after(&headers, headers.get(DATE)).map(|wait| wait.as_secs())
        };
        assert_eq!(wait("1800"), Some(1800));
        assert_eq!(wait("Wed, 23 Mar 2022 10:10:00 GMT"), Some(600));
        assert_eq!(wait("-5"), None);
        assert_eq!(wait("soon"), None);
        assert_eq!(wait("99999999999999999999"), Some(LONGEST));
    }
}
