//! Values that TOML knows no type for: durations, sizes, networks, addresses.

use std::net::IpAddr;
use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use crate::model::SecretSource;

/// Reads "30s", "15m", "12h", "7d", "250ms", also several in a row ("1h30m").
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let wrong =
        || format!("“{text}” is no duration; write a number and one of ms, s, m, h, d, such as \"30s\" or \"15m\"");
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let (number, unit, after) = split_number(rest).ok_or_else(wrong)?;
        let one_ms: u64 = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(wrong()),
        };
        let part_ms = number.checked_mul(one_ms).ok_or_else(wrong)?;
        total = total.checked_add(Duration::from_millis(part_ms)).ok_or_else(wrong)?;
        rest = after;
    }
    if text.is_empty() { Err(wrong()) } else { Ok(total) }
}

/// Reads for how long raw bodies are kept; empty means for ever.
pub(super) fn keep_bodies(text: &str) -> Result<Option<Duration>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let kept = duration(text)?;
    let days = kept.as_secs() / 86_400;
    let wrong = || "must be from \"1d\" to \"36500d\", or \"\" for ever".to_owned();
    if (1..=36_500).contains(&days) { Ok(Some(kept)) } else { Err(wrong()) }
}

/// Takes digits and the letters after them from the front of `text`.
fn split_number(text: &str) -> Option<(u64, &str, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, rest) = text.split_at_checked(digits)?;
    let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (unit, after) = rest.split_at_checked(letters)?;
    Some((number.parse().ok()?, unit, after))
}

/// Writes a duration the way it is read.
pub(super) fn in_words(duration: Duration) -> String {
    let ms = duration.as_millis();
    for (one_ms, unit) in [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")] {
        if ms >= one_ms && ms.is_multiple_of(one_ms) {
            return format!("{}{unit}", ms / one_ms);
        }
    }
    format!("{ms}ms")
}

/// Reads "10 MB", "512 kB", "4 MiB" as a count of bytes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let wrong =
        || format!("“{text}” is no size; write a number and one of B, kB, MB, GB, KiB, MiB, GiB, such as \"10 MB\"");
    let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at_checked(digits).ok_or_else(wrong)?;
    let unit_bytes: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.parse::<u64>().ok().and_then(|count| count.checked_mul(unit_bytes)).ok_or_else(wrong)
}

/// Reads "10.0.0.0/8", or a single address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let single = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse::<IpNet>()
        .ok()
        .or_else(single)
        .ok_or_else(|| format!("“{text}” is no address range; write one such as \"127.0.0.0/8\" or \"fd00::/8\""))
}

/// Reads the address of a feed: http or https, with a host, without user name.
pub(super) fn web_address(text: &str) -> Result<Url, String> {
    let example = "write one such as \"https://example.org/rss\"";
    let shown = shown(text);
    let url = Url::parse(text).map_err(|error| format!("“{shown}” is no web address ({error}); {example}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("“{shown}” has the scheme “{}”; only http and https are allowed", url.scheme()));
    }
    if !url.has_host() {
        return Err(format!("“{shown}” names no host; {example}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("“{shown}” holds a user name or password; leave them out, the log shows addresses"));
    }
    Ok(url)
}

/// An address as a message may show it: what stands before an @ may be a password.
fn shown(text: &str) -> String {
    let Some((before, after)) = text.rsplit_once('@') else { return text.to_owned() };
    let scheme = before.split_once("://").map_or("", |(scheme, _)| scheme);
    format!("{scheme}://…@{after}")
}

/// Reads what goes into the User-Agent: a web address, or a mail address.
pub(super) fn contact(text: &str) -> Result<String, String> {
    let is_mail = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    let is_clean = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '\\'));
    if is_clean && (is_mail || web_address(text).is_ok()) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "“{text}” is no contact; write a web or mail address that answers for this robot, such as \"https://example.org/bot\""
    ))
}

/// Reads where to listen; empty switches it off.
pub(super) fn listen(text: &str) -> Result<Option<SocketAddr>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| {
        format!("“{text}” is no address with a port; write one such as \"127.0.0.1:8787\" or \"[::1]:8787\", or \"\" to switch it off")
    })
}

/// Reads a proxy; empty means none.
pub(super) fn proxy(text: &str) -> Result<Option<SecretSource>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(credential) = credential(text, "proxy") {
        return credential.map(Some);
    }
    // It may hold a password, so it is not repeated.
    let wrong = || {
        "this is no proxy; write \"http://…\", \"https://…\" or \"socks5://…\" with host and port, or \"\" for none"
            .to_owned()
    };
    let url = Url::parse(text).map_err(|_| wrong())?;
    let known = matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h");
    if known && url.has_host() { Ok(Some(SecretSource::read(text))) } else { Err(wrong()) }
}

/// Reads `credential:NAME`, the name under which systemd hands a secret over; none if the text is no such name.
fn credential(text: &str, example: &str) -> Option<Result<SecretSource, String>> {
    let name = text.strip_prefix("credential:")?;
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let is_name = !name.is_empty() && !name.starts_with('.') && name.bytes().all(known);
    let wrong = || {
        format!("“{name}” is no name of a credential; write letters, digits and -, such as \"credential:{example}\"")
    };
    Some(if is_name { Ok(SecretSource::read(text)) } else { Err(wrong()) })
}

/// Reads the address of a webhook. Whoever knows it may be able to use it, so it is not repeated.
pub(super) fn hook(text: &str) -> Result<SecretSource, String> {
    let wrong = "this is no web address; write one such as \"https://example.org/hook\" without user name, or \"credential:NAME\"";
    let address = || if web_address(text).is_ok() { Ok(SecretSource::read(text)) } else { Err(wrong.to_owned()) };
    credential(text, "hook-address").unwrap_or_else(address)
}

/// Shortest key that a signature is worth something with, in bytes.
pub(super) const SHORTEST_KEY: usize = 16;

/// Reads what requests are signed with.
pub(super) fn signing_key(text: &str) -> Result<SecretSource, String> {
    let short = || {
        format!(
            "is too short to be a key; write at least {SHORTEST_KEY} characters, or better \"credential:NAME\" and keep it in a file of root's"
        )
    };
    let is_base64 = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
    let key = || match text.strip_prefix("whsec_") {
        Some(encoded) if !is_base64(encoded) => Err("is no key: after whsec_ comes base64".to_owned()),
        Some(encoded) if encoded.len() * 3 / 4 < SHORTEST_KEY => Err(short()),
        None if text.len() < SHORTEST_KEY => Err(short()),
        Some(_) | None => Ok(SecretSource::read(text)),
    };
    credential(text, "webhook-key").unwrap_or_else(key)
}

/// Reads where the ledger is kept; empty means the default place.
pub(super) fn store(text: &str) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let path = text.strip_prefix("sqlite:").map(|path| path.trim_start_matches("//"));
    if path.is_some_and(|path| !path.is_empty()) {
        return Ok(Some(text.to_owned()));
    }
    Err(format!("“{text}” is no store; write \"sqlite:///path/to/ledger.db\", or \"\" for the default place"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_a_number_and_a_unit() {
        let seconds = |text| duration(text).map(|d| d.as_secs_f64()).ok();
        assert_eq!(seconds("30s"), Some(30.0));
        assert_eq!(seconds("1h30m"), Some(5_400.0));
        assert_eq!(seconds("7d"), Some(604_800.0));
        assert_eq!(seconds("250ms"), Some(0.25));
        for wrong in
            ["", "30", "s", "-5s", "5 s", "5y", "1.5h", "99999999999999999999s", "99999999999999999d", "5s ", "5sé"]
        {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
        assert_eq!(in_words(Duration::from_mins(15)), "15m");
    }

    #[test]
    fn sizes_know_both_kinds_of_thousand() {
        assert_eq!(size("10 MB"), Ok(10_000_000));
        assert_eq!(size("512kB"), Ok(512_000));
        assert_eq!(size("4 MiB"), Ok(4_194_304));
        for wrong in ["", "10", "MB", "1.5 MB", "10 mb/s", "99999999999999 GB"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_feed_is_reached_by_http_without_password() {
        assert!(web_address("http://127.0.0.1:8000/rss?A=%7e").is_ok());
        for wrong in ["", "example.org/rss", "ftp://example.org/", "file:///etc/passwd", "https://u:p@example.org/"] {
            assert!(web_address(wrong).is_err(), "{wrong}");
        }
    }
}
