//! Bodies: read in chunks and decoded under a cap, so that no bomb goes off.

use std::io::Read;

use reqwest::header::CONTENT_ENCODING;
use url::Url;

use crate::fetch::FetchError;

/// The codings that are asked for; each is decoded here.
pub(super) const CODINGS: &str = "gzip, deflate, br, zstd";

/// Codings that a server may stack on each other.
const MOST_CODINGS: usize = 3;

/// Reads and decodes a body of at most `limit` bytes, both as sent and as decoded.
pub(super) async fn read(mut answer: reqwest::Response, url: &Url, limit: u64) -> Result<Vec<u8>, FetchError> {
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
    }
    decoded(sent, &codings, limit).map_err(|failure| match failure {
        Failure::TooBig => too_big(),
        Failure::Broken(why) => FetchError::Decode { url: FetchError::plain(url), why },
    })
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

/// Undoes the codings, the last one first. A body that is gzip although nobody said so is gzip.
fn decoded(sent: Vec<u8>, codings: &[String], limit: u64) -> Result<Vec<u8>, Failure> {
    if codings.len() > MOST_CODINGS {
        return Err(Failure::Broken("too many codings on each other".to_owned()));
    }
    let mut bytes = sent;
    for coding in codings.iter().rev() {
        bytes = match coding.as_str() {
            "gzip" | "x-gzip" => inflated(flate2::read::MultiGzDecoder::new(bytes.as_slice()), limit)?,
            "deflate" => deflated(&bytes, limit)?,
            "br" => inflated(brotli_decompressor::Decompressor::new(bytes.as_slice(), 8192), limit)?,
            "zstd" => {
                let decoder = ruzstd::decoding::StreamingDecoder::new(bytes.as_slice());
                inflated(decoder.map_err(|error| Failure::Broken(error.to_string()))?, limit)?
            }
            other => return Err(Failure::Broken(format!("its coding “{other}” was not asked for"))),
        };
    }
    if codings.is_empty() && bytes.starts_with(&[0x1f, 0x8b, 8]) {
        bytes = inflated(flate2::read::MultiGzDecoder::new(bytes.as_slice()), limit)?;
    }
    Ok(bytes)
}

/// Deflate with its zlib wrapper, as the standard has it, or raw, as some servers send it.
fn deflated(bytes: &[u8], limit: u64) -> Result<Vec<u8>, Failure> {
    match inflated(flate2::read::ZlibDecoder::new(bytes), limit) {
        Err(Failure::Broken(_)) => inflated(flate2::read::DeflateDecoder::new(bytes), limit),
        done => done,
    }
}

fn inflated(decoder: impl Read, limit: u64) -> Result<Vec<u8>, Failure> {
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

    fn decode(sent: Vec<u8>, codings: &[&str]) -> Result<Vec<u8>, String> {
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
        assert_eq!(decode(members.clone(), &["x-gzip"]).unwrap(), b"one two");
        assert_eq!(decode(members, &[]).unwrap(), b"one two");
        assert_eq!(decode(gzip(&gzip(b"twice")), &["gzip", "gzip"]).unwrap(), b"twice");
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        raw.write_all(b"raw").unwrap();
        assert_eq!(decode(raw.finish().unwrap(), &["deflate"]).unwrap(), b"raw");
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        zlib.write_all(b"zlib").unwrap();
        assert_eq!(decode(zlib.finish().unwrap(), &["deflate"]).unwrap(), b"zlib");
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let bomb = gzip(&vec![0; 50_000_000]);
        assert!(bomb.len() < 100_000);
        assert_eq!(decode(bomb, &["gzip"]).unwrap_err(), "too big");
    }

    #[test]
    fn a_cut_body_is_an_error() {
        let whole = gzip(&b"some text that is long enough to be cut".repeat(100));
        assert!(decode(whole[..whole.len() - 9].to_vec(), &["gzip"]).is_err());
        assert!(decode(b"plain".to_vec(), &["br"]).is_err());
        assert!(decode(b"plain".to_vec(), &["lzma"]).is_err());
    }
}
