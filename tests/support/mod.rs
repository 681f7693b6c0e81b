//! What the tests share: a news site on loopback, a configuration for it, and the binary itself.
#![allow(dead_code, unreachable_pub, missing_debug_implementations, missing_docs, reason = "each test uses some of it")]
#![allow(clippy::format_push_string, reason = "readable beats fast here")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What the site answers.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn ok(kind: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, headers: vec![("Content-Type".into(), kind.into())], body: body.into() }
    }

    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// A request as the site saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub head: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<String> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    }
}

type Handler = dyn Fn(&Seen) -> Answer + Send + Sync;

/// A news site on loopback that remembers what it was asked.
#[derive(Clone)]
pub struct Site {
    pub address: SocketAddr,
    pub seen: Arc<Mutex<Vec<Seen>>>,
}

impl Site {
    pub fn serve(handler: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Self { address: listener.local_addr().unwrap(), seen: Arc::default() };
        let (seen, handler): (_, Arc<Handler>) = (Arc::clone(&site.seen), Arc::new(handler));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, handler) = (Arc::clone(&seen), Arc::clone(&handler));
                thread::spawn(move || drop(converse(stream, &seen, handler.as_ref())));
            }
        });
        site
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn asked(&self, path: &str) -> Vec<Seen> {
        self.seen.lock().unwrap().iter().filter(|seen| seen.path == path).cloned().collect()
    }
}

fn converse(mut stream: TcpStream, seen: &Mutex<Vec<Seen>>, handler: &Handler) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let path = head.split_whitespace().nth(1).unwrap_or("/").to_owned();
    let request = Seen { path, head };
    seen.lock().unwrap().push(request.clone());
    let answer = handler(&request);
    let mut out = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", answer.status);
    for (name, value) in &answer.headers {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    if answer.status != 304 {
        out.push_str(&format!("Content-Length: {}\r\n", answer.body.len()));
    }
    out.push_str("\r\n");
    stream.write_all(out.as_bytes())?;
    stream.write_all(&answer.body)?;
    stream.shutdown(std::net::Shutdown::Write)
}

/// A page as newsrooms make them.
pub fn page(title: &str, published: &str, text: &str) -> String {
    let paragraphs: Vec<String> = text.split("\n\n").map(|paragraph| format!("<p>{paragraph}</p>")).collect();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><title>{title}</title><meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"article:published_time\" content=\"{published}\"></head><body><nav><a href=\"/\">Home</a></nav>\
         <article><h1>{title}</h1>{}</article><footer>All rights reserved</footer></body></html>",
        paragraphs.join("")
    )
}

/// An RSS feed of links.
pub fn rss(links: &[String]) -> String {
    let items: Vec<String> = links
        .iter()
        .map(|link| format!("<item><title>Story</title><link>{link}</link><guid>{link}</guid><pubDate>Wed, 23 Mar 2022 10:00:00 GMT</pubDate></item>"))
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Feed</title>{}</channel></rss>",
        items.join("")
    )
}

/// A folder with a configuration for sources on loopback, and a ledger of its own.
pub struct Desk {
    pub folder: tempfile::TempDir,
}

impl Desk {
    pub fn new(sources: &[(&str, String)]) -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        let path = desk.folder.path();
        std::fs::create_dir(path.join("sources")).unwrap();
        let main = format!(
            "[store]\nurl = \"sqlite://{}\"\n[http]\nallow_networks = [\"127.0.0.0/8\"]\nper_host = 8\nper_host_delay = \"0s\"\ntimeout = \"5s\"\n\
             [schedule]\ninterval = \"1s\"\nmax_interval = \"1s\"\nreread = []\n[web]\nlisten = \"\"\n[log]\nformat = \"json\"\n",
            path.join("ledger.db").display()
        );
        std::fs::write(path.join("tollwatch.toml"), main).unwrap();
        let sources: Vec<String> = sources
            .iter()
            .map(|(id, feed)| format!("[[source]]\nid = \"{id}\"\nname = \"The {id}\"\nfeed = \"{feed}\"\nlang = \"en\"\nconflicts = [\"russia-ukraine\"]\n"))
            .collect();
        std::fs::write(path.join("sources/all.toml"), sources.join("\n")).unwrap();
        desk
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn ledger(&self) -> PathBuf {
        self.path().join("ledger.db")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = tollwatch(arguments);
        command.arg("--config").arg(self.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        outcome(&mut self.command(arguments))
    }

    pub fn start(&self) -> Child {
        self.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The claims as JSON objects without what depends on the clock or the order of reading.
    pub fn claims(&self) -> Vec<serde_json::Value> {
        let outcome = self.run(&["claims", "--json"]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let mut claims: Vec<serde_json::Value> =
            outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for claim in &mut claims {
            for key in ["first_seen", "url", "source", "publisher", "quote", "confidence"] {
                claim.as_object_mut().unwrap().remove(key);
            }
        }
        claims.sort_by_key(|claim| claim["id"].as_str().unwrap_or_default().to_owned());
        claims
    }
}

/// How a command ended.
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

pub fn tollwatch(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tollwatch"));
    command
        .args(arguments)
        .env_remove("TOLLWATCH_CONFIG")
        .env_remove("JOURNAL_STREAM")
        .env_remove("NOTIFY_SOCKET")
        .stdin(Stdio::null());
    command
}

pub fn outcome(command: &mut Command) -> Outcome {
    let output = command.output().unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs a command with text on its standard input.
pub fn fed(arguments: &[&str], input: &str) -> Outcome {
    let mut child =
        tollwatch(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
