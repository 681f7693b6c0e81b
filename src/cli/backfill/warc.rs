//! Web archives: the pages among their records. Nothing in a record decides how much of it is held in memory.

use std::io::{self, BufRead, Read as _};

use jiff::Timestamp;
use url::Url;

use crate::cli::backfill::files::{Articles, LONGEST, Next};
use crate::model::EntryKey;
use crate::poll::{Form, Moment, Saved};

/// Most bytes of the header of a record.
const MOST_HEADER: u64 = 64 << 10;

/// The pages of an archive.
pub(super) fn articles(input: impl BufRead + 'static, name: String) -> Articles {
    let mut reader = Reader { input, left: 0 };
    let (mut at, mut broken) = (0_u64, false);
    Box::new(move || {
        while !broken {
            at = at.saturating_add(1);
            match reader.page(&name, at) {
                Ok(Found::Page(saved)) => return Next::Article(saved),
                Ok(Found::Other) => {}
                Ok(Found::End) => return Next::End,
                Err(reason) => {
                    // The reader has lost its place: nothing behind it can be trusted.
                    broken = true;
                    return Next::Unreadable(format!("record {at}: {reason}"));
                }
            }
        }
        Next::End
    })
}

/// Reads the records of an archive one after another.
struct Reader<R> {
    input: R,
    /// Bytes of the record that were not read.
    left: u64,
}

/// What a record is.
enum Found {
    /// A page that was answered well.
    Page(Box<Saved>),
    /// Anything else.
    Other,
    /// There is no more.
    End,
}

/// The header of a record.
struct Header(Vec<(String, String)>);

impl Header {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl<R: BufRead> Reader<R> {
    /// What the next record is.
    fn page(&mut self, name: &str, at: u64) -> Result<Found, String> {
        let Some(header) = self.header()? else { return Ok(Found::End) };
        let kind = header.get("WARC-Type").unwrap_or_default().to_ascii_lowercase();
        if !matches!(kind.as_str(), "response" | "resource") || self.left > LONGEST {
            return Ok(Found::Other);
        }
        let body = self.body()?;
        let read = || {
            let url = header.get("WARC-Target-URI")?;
            let url = Url::parse(url.trim_matches(['<', '>'])).ok()?;
            let (content_type, bytes) =
                if kind == "response" { answered(&body)? } else { (header.get("Content-Type")?.to_owned(), body) };
            if !content_type.to_ascii_lowercase().contains("html") {
                return None;
            }
            let saved_at = header.get("WARC-Date").and_then(|date| date.parse::<Timestamp>().ok());
            Some(Saved {
                key: EntryKey(format!("{name}#{at}")),
                url: Some(url),
                form: Form::Page,
                content_type: Some(content_type),
                bytes,
                saved_at: saved_at.map(Moment::Told),
            })
        };
        Ok(read().map_or(Found::Other, |saved| Found::Page(Box::new(saved))))
    }

    /// The next header, behind what is left of the record before it.
    fn header(&mut self) -> Result<Option<Header>, String> {
        let skipped = io::copy(&mut (&mut self.input).take(self.left), &mut io::sink()).map_err(in_words)?;
        if skipped < self.left {
            return Err("the archive ends in the middle of the record before it".to_owned());
        }
        self.left = 0;
        let (mut lines, mut bytes) = (Vec::new(), 0_u64);
        loop {
            let mut line = Vec::new();
            let most = MOST_HEADER.saturating_sub(bytes);
            let read = (&mut self.input).take(most).read_until(b'\n', &mut line).map_err(in_words)?;
            bytes = bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            match (line.trim_ascii().is_empty(), lines.is_empty()) {
                _ if most == 0 => return Err("its header has no end".to_owned()),
                (true, true) if read == 0 => return Ok(None),
                _ if read == 0 => return Err("the archive ends in the middle of its header".to_owned()),
                // Between records there are empty lines.
                (true, true) => bytes = 0,
                (true, false) => break,
                (false, _) => lines.push(String::from_utf8_lossy(line.trim_ascii()).into_owned()),
            }
        }
        if !lines.first().is_some_and(|first| first.starts_with("WARC/")) {
            return Err("it does not begin as a record of a web archive".to_owned());
        }
        let field =
            |line: &String| line.split_once(':').map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()));
        let header = Header(lines.iter().skip(1).filter_map(field).collect());
        let length = header.get("Content-Length").and_then(|length| length.parse().ok());
        self.left = length.ok_or("it does not say how long it is")?;
        Ok(Some(header))
    }

    fn body(&mut self) -> Result<Vec<u8>, String> {
        let mut body = Vec::new();
        (&mut self.input).take(self.left).read_to_end(&mut body).map_err(in_words)?;
        if (body.len() as u64) < self.left {
            return Err("the archive ends in the middle of it".to_owned());
        }
        self.left = 0;
        Ok(body)
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is what a failed read gives")]
fn in_words(error: io::Error) -> String {
    error.to_string()
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
    use std::io::BufReader;

    use super::*;

    fn record(kind: &str, url: &str, body: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2024-03-17T08:00:00Z\r\nWARC-Target-URI: {url}\r\nContent-Length: {}\r\n\r\n{body}\r\n\r\n",
            body.len()
        )
    }

    /// The bodies of the pages, and what went wrong.
    fn read(archive: impl std::io::Read + 'static) -> (Vec<String>, Vec<String>) {
        let mut articles = articles(BufReader::new(archive), "a".to_owned());
        let (mut pages, mut trouble) = (Vec::new(), Vec::new());
        loop {
            match articles() {
                Next::Article(saved) => pages.push(String::from_utf8(saved.bytes).unwrap()),
                Next::Unreadable(reason) => trouble.push(reason),
                Next::End => return (pages, trouble),
            }
        }
    }

    const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>a\r\n\r\nWARC/1.0</p>";

    #[test]
    fn a_recorded_answer_is_unpacked() {
        let raw = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<p>a\r\n4\r\n</p>\r\n0\r\n\r\n";
        assert_eq!(answered(raw), Some(("text/html".to_owned(), b"<p>a</p>".to_vec())));
        assert_eq!(answered(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nno"), None);
    }

    #[test]
    fn only_pages_come_out_of_an_archive() {
        let image = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nPNG";
        let all = [
            record("warcinfo", "urn:x", "software: x"),
            record("request", "https://a.example/", "GET / HTTP/1.1\r\n\r\n"),
            record("response", "<https://a.example/>", PAGE),
            record("response", "https://a.example/i", image),
            record("response", "no address", PAGE),
        ];
        let (pages, trouble) = read(std::io::Cursor::new(all.concat()));
        assert_eq!(pages, ["<p>a\r\n\r\nWARC/1.0</p>"]);
        assert_eq!(trouble, Vec::<String>::new());
    }

    #[test]
    fn a_broken_archive_gives_what_stands_before_the_break_and_says_where_it_is() {
        let good = record("response", "https://a.example/", PAGE);
        for (rest, why) in [
            ("garbage\r\n\r\n", "does not begin as a record"),
            ("WARC/1.0\r\nWARC-Type: response\r\n\r\n", "how long"),
            ("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 18446744073709551615\r\n\r\nx", "in the middle"),
            ("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99\r\n\r\nx", "in the middle"),
            ("WARC/1.0\r\nWARC-Type", "in the middle"),
        ] {
            let (pages, trouble) = read(std::io::Cursor::new(format!("{good}{rest}")));
            assert_eq!((pages.len(), trouble.len()), (1, 1), "{rest}: {trouble:?}");
            assert!(
                trouble[0].starts_with("record 2: ") && trouble[0].contains(why) || trouble[0].contains("record 3"),
                "{trouble:?}"
            );
        }
    }

    #[test]
    fn a_record_or_header_without_end_is_not_held_in_memory() {
        let huge = "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 1000000000\r\n\r\n";
        let long = std::io::Cursor::new(huge).chain(std::io::repeat(b'x').take(1_000_000_000));
        let (pages, trouble) = read(long.chain(std::io::Cursor::new(record("response", "https://a.example/", PAGE))));
        assert_eq!((pages.len(), trouble.len()), (1, 0), "{trouble:?}");
        let (pages, trouble) = read(std::io::Cursor::new("WARC/1.0\r\n").chain(std::io::repeat(b'x')));
        assert_eq!((pages.len(), trouble), (0, vec!["record 1: its header has no end".to_owned()]));
    }
}
