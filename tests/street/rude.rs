//! Servers that are rude in every known way, and how often each may be asked nevertheless.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Ask;

/// A way to be rude.
pub struct Way {
    pub name: &'static str,
    /// How it is to be treated.
    pub manners: Manners,
    /// What it does with the stream; it is closed afterwards.
    pub answer: fn(&Ask, &mut TcpStream),
}

/// How often a feed may be asked.
#[derive(Debug, Clone, Copy)]
pub enum Manners {
    /// It fails: twice as long a wait each time, up to a limit; so many requests a poll.
    BackOff(usize),
    /// It says for how many seconds it wants to be left alone.
    Wait(u64),
    /// It refuses and does not say for how long: ten minutes, and twice as long each time.
    Refusal,
    /// It is gone for good.
    Gone,
    /// It answers well: as often as other feeds.
    Interval,
}

impl Manners {
    /// The most requests within so many seconds.
    pub fn most(self, seconds: u64, interval: u64, limit: u64) -> usize {
        let (each, first, doubles) = match self {
            Self::BackOff(each) => (each, interval, true),
            Self::Wait(wait) => (1, wait.max(interval), false),
            Self::Refusal => (1, interval.max(600), true),
            Self::Gone => return 1,
            Self::Interval => (1, interval, false),
        };
        let (mut polls, mut at, mut wait) = (0, 0, first);
        while at <= seconds {
            polls += 1;
            at += wait;
            if doubles {
                wait = (wait * 2).min(limit.max(first));
            }
        }
        polls * each
    }
}

const FEED: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Feed</title></channel></rss>";
const HTML: &str = "<html><head><title>Welcome</title></head><body><p>Our site has a new look.</p></body></html>";
const CHALLENGE: &str = "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>";

/// Writes what it can: a client that hangs up is its own business.
fn send(stream: &mut TcpStream, bytes: &[u8]) -> bool {
    stream.write_all(bytes).is_ok()
}

/// A whole answer. The headers end with a line break each.
fn whole(stream: &mut TcpStream, status: u16, headers: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    send(stream, &[head.as_bytes(), body].concat());
}

fn status(stream: &mut TcpStream, status: u16, headers: &str) {
    whole(stream, status, headers, b"");
}

fn page(stream: &mut TcpStream, status: u16, body: &str) {
    whole(stream, status, "Content-Type: text/html\r\n", body.as_bytes());
}

fn feed(stream: &mut TcpStream, headers: &str, body: &[u8]) {
    whole(stream, 200, &format!("Content-Type: application/rss+xml\r\n{headers}"), body);
}

/// Goes on until the client has had enough, or a minute is over.
fn drip(stream: &mut TcpStream, bytes: &[u8]) {
    for _ in 0..600 {
        sleep(Duration::from_millis(100));
        if !send(stream, bytes) {
            return;
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// 64 MiB of blanks in 64 kB.
fn gzip_bomb() -> &'static [u8] {
    static BOMB: OnceLock<Vec<u8>> = OnceLock::new();
    BOMB.get_or_init(|| gzip(&vec![b' '; 64 << 20]))
}

/// 1 GiB of blanks in 32 kB: a frame of blocks that each say one byte and how often it comes.
pub fn zstd_bomb() -> Vec<u8> {
    let mut bomb = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38];
    for block in 0..8_192_u32 {
        let head = u32::from(block == 8_191) | 1 << 1 | (128 << 10) << 3;
        bomb.extend_from_slice(&head.to_le_bytes()[..3]);
        bomb.push(b' ');
    }
    bomb
}

/// An element within an element, so many times.
fn nested(times: usize) -> Vec<u8> {
    let head = "<rss version=\"2.0\"><channel><item><title>Deep</title><description>";
    [head.as_bytes(), &b"<b>".repeat(times)].concat()
}

const LAUGHS: &str = "<!DOCTYPE r [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\
    <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">\
    <!ENTITY x SYSTEM \"file:///etc/passwd\">]><rss version=\"2.0\"><channel><title>&d;&x;</title></channel></rss>";

const fn way(name: &'static str, manners: Manners, answer: fn(&Ask, &mut TcpStream)) -> Way {
    Way { name, manners, answer }
}

use Manners::{BackOff, Gone, Interval, Refusal, Wait};

/// Every way, in the order of the statements: refusals, errors, redirects, bodies, what is no feed, what goes too far.
pub const WAYS: &[Way] = &[
    way("429 with seconds", Wait(1_800), |_, stream| status(stream, 429, "Retry-After: 1800\r\n")),
    way("429 with a date", Wait(1_800), |_, stream| {
        let headers = "Date: Fri, 15 Mar 2024 12:00:00 GMT\r\nRetry-After: Fri, 15 Mar 2024 12:30:00 GMT\r\n";
        status(stream, 429, headers);
    }),
    way("429 for ever", Wait(2 * 86_400), |_, stream| status(stream, 429, "Retry-After: 1000000000000\r\n")),
    way("429 without a wait", Refusal, |_, stream| status(stream, 429, "")),
    way("429 with a wait that makes no sense", Refusal, |_, stream| status(stream, 429, "Retry-After: -5\r\n")),
    way("503 with seconds", Wait(1_800), |_, stream| status(stream, 503, "Retry-After: 1800\r\n")),
    way("503 without a wait", BackOff(1), |_, stream| status(stream, 503, "")),
    way("403", BackOff(1), |_, stream| status(stream, 403, "")),
    way("401", BackOff(1), |_, stream| status(stream, 401, "WWW-Authenticate: Basic realm=\"x\"\r\n")),
    way("404", BackOff(1), |_, stream| status(stream, 404, "")),
    way("410", Gone, |_, stream| status(stream, 410, "")),
    way("418", BackOff(1), |_, stream| status(stream, 418, "")),
    way("500", BackOff(1), |_, stream| status(stream, 500, "")),
    way("599", BackOff(1), |_, stream| status(stream, 599, "")),
    way("206 that nobody asked for", BackOff(1), |_, stream| whole(stream, 206, "", FEED.as_bytes())),
    way("226 that nobody asked for", BackOff(1), |_, stream| whole(stream, 226, "IM: feed\r\n", FEED.as_bytes())),
    way("304 that nobody asked for", BackOff(1), |_, stream| {
        send(stream, b"HTTP/1.1 304 X\r\nConnection: close\r\nETag: \"1\"\r\n\r\n");
    }),
    way("a loop", BackOff(6), |_, stream| status(stream, 302, "Location: /feed\r\n")),
    way("an endless chain", BackOff(6), |ask, stream| {
        status(stream, 301, &format!("Location: /feed?{}\r\n", ask.count));
    }),
    way("a redirect to nowhere", BackOff(1), |_, stream| status(stream, 301, "")),
    way("a redirect to a file", BackOff(1), |_, stream| status(stream, 302, "Location: file:///etc/passwd\r\n")),
    way("a redirect to the neighbourhood", BackOff(1), |_, stream| {
        status(stream, 302, "Location: http://169.254.169.254/latest/meta-data/\r\n");
    }),
    way("a redirect to a page", BackOff(2), |ask, stream| match ask.path.as_str() {
        "/feed" => status(stream, 301, "Location: /\r\n"),
        _ => page(stream, 200, HTML),
    }),
    way("a page", BackOff(1), |_, stream| page(stream, 200, HTML)),
    way("a challenge", BackOff(1), |_, stream| page(stream, 200, CHALLENGE)),
    way("a challenge, accepted", BackOff(1), |_, stream| page(stream, 202, CHALLENGE)),
    way("nothing", BackOff(1), |_, stream| feed(stream, "", b"")),
    way("204", BackOff(1), |_, stream| send204(stream)),
    way("noise", BackOff(1), |_, stream| feed(stream, "", &[0xff; 4_096])),
    way("a bomb of gzip", BackOff(1), |_, stream| feed(stream, "Content-Encoding: gzip\r\n", gzip_bomb())),
    way("a bomb of gzip that does not say so", BackOff(1), |_, stream| feed(stream, "", gzip_bomb())),
    way("a bomb of zstd", BackOff(1), |_, stream| feed(stream, "Content-Encoding: zstd\r\n", &zstd_bomb())),
    way("a coding that nobody asked for", BackOff(1), |_, stream| {
        feed(stream, "Content-Encoding: lzma\r\n", FEED.as_bytes());
    }),
    way("a coding that it does not have", BackOff(1), |_, stream| {
        feed(stream, "Content-Encoding: gzip\r\n", FEED.as_bytes());
    }),
    way("cut gzip", BackOff(1), |_, stream| {
        let body = gzip(&FEED.repeat(50).into_bytes());
        feed(stream, "Content-Encoding: gzip\r\n", &body[..body.len() - 9]);
    }),
    way("a body without end", BackOff(1), |_, stream| {
        send(stream, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = [b"10000\r\n".as_slice(), &[b' '; 65_536], b"\r\n"].concat();
        while send(stream, &chunk) {}
    }),
    way("a body that is said to be too long", BackOff(1), |_, stream| {
        send(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<rss>");
    }),
    way("a short body", BackOff(1), |_, stream| {
        send(stream, format!("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{FEED}").as_bytes());
    }),
    way("cut chunks", BackOff(1), |_, stream| {
        let head = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{FEED}\r\n", FEED.len());
        send(stream, head.as_bytes());
    }),
    way("a trickle", BackOff(1), |_, stream| {
        send(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        drip(stream, b" ");
    }),
    way("a head without end", BackOff(1), |_, stream| {
        send(stream, b"HTTP/1.1 200 OK\r\n");
        drip(stream, b"X-A: y\r\n");
    }),
    way("silence", BackOff(1), |_, stream| drip(stream, b"")),
    way("hanging up", BackOff(1), |_, _| {}),
    way("300 headers", BackOff(1), |_, stream| {
        send(stream, format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-A: y\r\n".repeat(300)).as_bytes());
    }),
    way("another protocol", BackOff(1), |_, stream| {
        send(stream, b"SSH-2.0-OpenSSH_9.2\r\n\x00\x01\x02\xff\r\n\r\n");
    }),
    way("deep nesting", Interval, |_, stream| feed(stream, "ETag: \"1\"\r\n", &nested(20_000))),
    way("laughs", Interval, |_, stream| feed(stream, "ETag: \"1\"\r\n", LAUGHS.as_bytes())),
    way("good and bad by turns", Interval, |ask, stream| match ask.count % 2 {
        0 => feed(stream, "ETag: \"1\"\r\n", FEED.as_bytes()),
        _ => status(stream, 500, ""),
    }),
    way("cookies, odd validators and dates", Interval, |_, stream| {
        let headers = "Set-Cookie: id=1\r\nETag: W/\"\u{fc}\"\r\nLast-Modified: tomorrow\r\nExpires: -1\r\nCache-Control: max-age=soon\r\n";
        feed(stream, headers, FEED.as_bytes());
    }),
];

fn send204(stream: &mut TcpStream) {
    send(stream, b"HTTP/1.1 204 X\r\nConnection: close\r\n\r\n");
}
