//! Web archives: the pages among their records.

use std::io::{BufRead, Read as _};

use jiff::Timestamp;
use url::Url;
use warc::{BufferedBody, Record, RecordType, WarcHeader, WarcReader};

use crate::cli::backfill::files::{Articles, LONGEST, Next};
use crate::model::EntryKey;
use crate::poll::{Form, Saved};

/// The pages of an archive.
pub(super) fn articles(input: impl BufRead + 'static, name: String) -> Articles {
    let mut records = WarcReader::new(input).iter_records();
    let (mut at, mut broken) = (0_u64, false);
    Box::new(move || {
        while !broken {
            at += 1;
            match records.next() {
                None => return Next::End,
                Some(Ok(record)) => {
                    if let Some(saved) = page(&record, format!("{name}#{at}")) {
                        return Next::Article(Box::new(saved));
                    }
                }
                Some(Err(error)) => {
                    // The reader has lost its place: nothing behind it can be trusted.
                    broken = true;
                    return Next::Unreadable(format!("record {at}: {error}"));
                }
            }
        }
        Next::End
    })
}

/// The page in a record, if it is one that was answered well.
fn page(record: &Record<BufferedBody>, key: String) -> Option<Saved> {
    let url = record.header(WarcHeader::TargetURI)?;
    let url = Url::parse(url.trim_matches(['<', '>'])).ok()?;
    let (content_type, bytes) = if *record.warc_type() == RecordType::Response {
        answered(record.body())?
    } else if *record.warc_type() == RecordType::Resource {
        (record.header(WarcHeader::ContentType)?.into_owned(), record.body().to_vec())
    } else {
        return None;
    };
    if !content_type.to_ascii_lowercase().contains("html") {
        return None;
    }
    let saved_at = Timestamp::from_second(record.date().timestamp()).ok();
    Some(Saved {
        key: EntryKey(key),
        url: Some(url),
        form: Form::Page,
        content_type: Some(content_type),
        bytes,
        saved_at,
    })
}

/// Media type and decoded body of a recorded answer.
fn answered(raw: &[u8]) -> Option<(String, Vec<u8>)> {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n")?;
    let (head, body) = (String::from_utf8_lossy(raw.get(..end)?).into_owned(), raw.get(end + 4..)?);
    let header = |name: &str| {
        head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    if head.split_whitespace().nth(1) != Some("200") {
        return None;
    }
    let chunked = header("transfer-encoding").is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    // Some archivers keep the header and write the body joined.
    let body = if chunked { joined(body).unwrap_or_else(|| body.to_vec()) } else { body.to_vec() };
    let body = match header("content-encoding").as_deref() {
        Some("gzip" | "x-gzip") => read(flate2::read::MultiGzDecoder::new(body.as_slice())).unwrap_or(body),
        Some("deflate") => read(flate2::read::ZlibDecoder::new(body.as_slice())).unwrap_or(body),
        Some("br") => read(brotli_decompressor::Decompressor::new(body.as_slice(), 4096)).unwrap_or(body),
        Some(_) | None => body,
    };
    Some((header("content-type")?, body))
}

fn read(input: impl std::io::Read) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    input.take(LONGEST).read_to_end(&mut out).ok()?;
    Some(out)
}

/// The body of a chunked answer, if it is one.
fn joined(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = body.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(body.get(..end)?).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(out);
        }
        let start = end + 2;
        out.extend_from_slice(body.get(start..start.checked_add(size)?)?);
        body = body.get(start + size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_answer_is_unpacked() {
        let raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<p>a\r\n4\r\n</p>\r\n0\r\n\r\n";
        assert_eq!(answered(raw), Some(("text/html".to_owned(), b"<p>a</p>".to_vec())));
        assert_eq!(answered(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nno"), None);
    }
}
