//! The page and the health of the process, asked for as a browser and a monitor would.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod support;

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use support::{Answer, Desk, Site, page, rss};

const STORY: &str = "A missile struck the station of Kramatorsk on Tuesday, killing at least 12 people, the regional governor, Vadym Filashkin \
&lt;script&gt;alert(1)&lt;/script&gt;, said on Telegram.\n\nThe platforms were crowded with families who were waiting for an evening train.";

struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A port that nobody used a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn get(port: u16, path: &str, host: &str) -> String {
    let begun = Instant::now();
    let mut stream = loop {
        match TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))) {
            Ok(stream) => break stream,
            Err(error) => assert!(begun.elapsed() < Duration::from_secs(30), "{error}"),
        }
        sleep(Duration::from_millis(50));
    };
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Asks until the answer has this in it.
fn get_until(port: u16, path: &str, host: &str, wanted: &str) -> String {
    let begun = Instant::now();
    loop {
        let answer = get(port, path, host);
        if answer.contains(wanted) {
            return answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{answer}");
        sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_page_shows_claims_escaped_and_only_to_known_names() {
    let site = Site::serve(|seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/feed" => Answer::ok("application/rss+xml", rss(&[format!("http://{host}/a")])),
            "/a" => Answer::ok("text/html", page("Station", "2024-03-15T00:00:00Z", STORY)),
            _ => Answer::status(404),
        }
    });
    let desk = Desk::new(&[("wire", site.url("/feed"))]);
    let port = free_port();
    let config = std::fs::read_to_string(desk.path().join("tollwatch.toml")).unwrap();
    let listen = format!("listen = \"127.0.0.1:{port}\"\nhosts = [\"toll.example.org\"]");
    std::fs::write(desk.path().join("tollwatch.toml"), config.replace("listen = \"\"", &listen)).unwrap();
    let _daemon = Daemon(desk.start());

    let local = format!("127.0.0.1:{port}");
    assert!(get(port, "/healthz", &local).starts_with("HTTP/1.1 200"));
    let shown = get_until(port, "/", &local, "12 killed");
    assert!(shown.contains("content-security-policy: default-src 'none'"), "{shown}");
    assert!(!shown.contains("<script") && shown.contains("&lt;script&gt;"), "{shown}");
    assert!(get(port, "/readyz", &local).contains("ready: 1 sources, 0 failing"));
    // A claim is counted when its poll ends, a moment after it is in the ledger.
    get_until(port, "/metrics", &local, "\ntollwatch_claims_new_total 1\n");

    assert!(get(port, "/", "localhost").starts_with("HTTP/1.1 200"));
    assert!(get(port, "/", "toll.example.org").starts_with("HTTP/1.1 200"));
    for foreign in ["evil.example", "evil.example:80", "127.0.0.1.evil.example"] {
        assert!(get(port, "/", foreign).starts_with("HTTP/1.1 421"), "{foreign}");
    }
    assert!(get(port, "/nothing", &local).starts_with("HTTP/1.1 404"));
}
