//! Bodies: read in chunks and decoded under a cap, so that no bomb goes off.

use std::io::Read as _;
use std::sync::Arc;

use reqwest::header::CONTENT_ENCODING;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

use crate::fetch::FetchError;

/// The codings that are asked for; each is decoded here.
pub(super) const CODINGS: &str = "gzip, deflate, br, zstd";

/// From how many bytes on a body is a large one, and how many of those there may be at once: feeds and pages are far
/// smaller, and what many servers send at the same moment must fit into the memory of the daemon.
const LARGE: u64 = 1 << 20;
pub(super) const MOST_LARGE: usize = 4;

/// Codings that a server may stack on each other.
const MOST_CODINGS: usize = 3;

/// The bytes of a body, with the place that they take if they are many.
pub(super) type Read = (Vec<u8>, Option<OwnedSemaphorePermit>);

/// Reads and decodes a body of at most `limit` bytes, both as sent and as decoded. A large one waits for a place.
pub(super) async fn read(
    mut answer: reqwest::Response,
    url: &Url,
    limit: u64,
    large: &Arc<Semaphore>,
) -> Result<Read, FetchError> {
    let place = async || large.clone().acquire_owned().await.map_err(|_| FetchError::Closed);
    let mut held = None;
    let too_big = || FetchError::TooBig { url: FetchError::plain(url), limit };
    let codings = codings(&answer);
    if answer.content_length().is_some_and(|length| length > limit) {
        return Err(too_big());
    }
    let mut sent = Vec::new();
    loop {
        let chunk = answer.chunk().await;
        let chunk =
            chunk.map_err(|source| FetchError::Decode { url: FetchError::plain(url), why: innermost(&source) })?;
        let Some(chunk) = chunk else { break };
        if (sent.len() as u64).saturating_add(chunk.len() as u64) > limit {
            return Err(too_big());
        }
        sent.extend_from_slice(&chunk);
        if held.is_none() && sent.len() as u64 > LARGE {
            held = Some(place().await?);
            let whole = answer.content_length().unwrap_or(0).min(limit);
            sent.reserve_exact(usize::try_from(whole).unwrap_or(0).saturating_sub(sent.len()));
        }
    }
    let failed = |failure| match failure {
        Failure::TooBig => too_big(),
        Failure::Broken(why) => FetchError::Decode { url: FetchError::plain(url), why },
    };
    if held.is_none() && limit > LARGE && !is_plain(&sent, &codings) {
        match decoded(&sent, &codings, LARGE) {
            // It is larger than it looked.
            Err(Failure::TooBig) => held = Some(place().await?),
            done => return done.map(|bytes| (bytes, None)).map_err(failed),
        }
    }
    if is_plain(&sent, &codings) {
        return Ok((sent, held));
    }
    decoded(&sent, &codings, limit).map(|bytes| (bytes, held)).map_err(failed)
}

/// Whether the bytes are what they were sent as. A body that is gzip although nobody said so is gzip.
fn is_plain(sent: &[u8], codings: &[String]) -> bool {
    codings.is_empty() && !sent.starts_with(&[0x1f, 0x8b, 8])
}

fn innermost(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = cause.to_string();
        next = cause.source();
    }
    text
}

fn codings(answer: &reqwest::Response) -> Vec<String> {
    let values = answer.headers().get_all(CONTENT_ENCODING).iter();
    let text: Vec<String> = values.map(|value| String::from_utf8_lossy(value.as_bytes()).to_lowercase()).collect();
    text.join(",")
        .split(',')
        .map(|coding| coding.trim().to_owned())
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .collect()
}

enum Failure {
    TooBig,
    Broken(String),
}

/// Undoes the codings, the last one first; without any, the bytes are gzip.
fn decoded(sent: &[u8], codings: &[String], limit: u64) -> Result<Vec<u8>, Failure> {
    if codings.len() > MOST_CODINGS {
        return Err(Failure::Broken("too many codings on each other".to_owned()));
    }
    let mut codings = codings.iter().map(String::as_str).rev();
    let mut bytes = decoded_once(sent, codings.next().unwrap_or("gzip"), limit)?;
    for coding in codings {
        bytes = decoded_once(&bytes, coding, limit)?;
    }
    Ok(bytes)
}

fn decoded_once(bytes: &[u8], coding: &str, limit: u64) -> Result<Vec<u8>, Failure> {
    match coding {
        "gzip" | "x-gzip" => inflated(flate2::read::MultiGzDecoder::new(bytes), limit),
        "deflate" => deflated(bytes, limit),
        "br" => inflated(brotli_decompressor::Decompressor::new(bytes, 8192), limit),
        "zstd" => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(bytes);
            inflated(decoder.map_err(|error| Failure::Broken(error.to_string()))?, limit)
        }
        other => Err(Failure::Broken(format!("its coding “{other}” was not asked for"))),
    }
}

/// Deflate with its zlib wrapper, as the standard has it, or raw, as some servers send it.
fn deflated(bytes: &[u8], limit: u64) -> Result<Vec<u8>, Failure> {
    match inflated(flate2::read::ZlibDecoder::new(bytes), limit) {
        Err(Failure::Broken(_)) => inflated(flate2::read::DeflateDecoder::new(bytes), limit),
        done => done,
    }
}

fn inflated(decoder: impl std::io::Read, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    let read = decoder.take(limit.saturating_add(1)).read_to_end(&mut out);
    read.map_err(|error| Failure::Broken(error.to_string()))?;
    if out.len() as u64 > limit { Err(Failure::TooBig) } else { Ok(out) }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn decode(sent: &[u8], codings: &[&str]) -> Result<Vec<u8>, String> {
        let codings: Vec<String> = codings.iter().map(ToString::to_string).collect();
        decoded(sent, &codings, 1_000_000).map_err(|failure| match failure {
            Failure::TooBig => "too big".to_owned(),
            Failure::Broken(why) => why,
        })
    }

    #[test]
    fn every_coding_that_is_asked_for_is_decoded() {
        let mut members = gzip(b"one ");
        members.extend(gzip(b"two"));
        assert_eq!(decode(&members, &["x-gzip"]).unwrap(), b"one two");
        assert!(!is_plain(&members, &[]));
        assert_eq!(decode(&members, &[]).unwrap(), b"one two");
        assert_eq!(decode(&gzip(&gzip(b"twice")), &["gzip", "gzip"]).unwrap(), b"twice");
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        raw.write_all(b"raw").unwrap();
        assert_eq!(decode(&raw.finish().unwrap(), &["deflate"]).unwrap(), b"raw");
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(b"zlib").unwrap();
        assert_eq!(decode(&zlib.finish().unwrap(), &["deflate"]).unwrap(), b"zlib");
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let bomb = gzip(&vec![0; 50_000_000]);
        assert!(bomb.len() < 100_000);
        assert_eq!(decode(&bomb, &["gzip"]).unwrap_err(), "too big");
    }

    #[test]
    fn a_cut_body_is_an_error() {
        let whole = gzip(&b"some text that is long enough to be cut".repeat(100));
        assert!(decode(&whole[..whole.len() - 9], &["gzip"]).is_err());
        assert!(decode(b"plain", &["br"]).is_err());
        assert!(decode(b"plain", &["lzma"]).is_err());
    }
}
