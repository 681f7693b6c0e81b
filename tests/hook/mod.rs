//! A server that changes are posted to, and a check of their signatures that shares nothing with the program.
#![allow(dead_code, unreachable_pub, missing_debug_implementations, missing_docs, reason = "each test uses some of it")]
#![allow(clippy::format_push_string, reason = "readable beats fast here")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use sha2::{Digest as _, Sha256};

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Post {
    pub line: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
    /// The status that it was answered with.
    pub status: u16,
}

impl Post {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn seq(&self) -> i64 {
        self.json()["seq"].as_i64().unwrap()
    }

    /// The key of the change.
    pub fn key(&self) -> String {
        self.header("webhook-id").to_owned()
    }

    /// Whether it is signed with this key, by an HMAC-SHA256 worked out as RFC 2104 has it.
    pub fn is_signed_with(&self, key: &[u8]) -> bool {
        let signed = format!("{}.{}.{}", self.header("webhook-id"), self.header("webhook-timestamp"), self.body);
        self.header("webhook-signature") == format!("v1,{}", base64(&hmac_sha256(key, signed.as_bytes())))
    }
}

pub fn hmac_sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    let short: Vec<u8> = if key.len() > 64 { Sha256::digest(key).to_vec() } else { key.to_vec() };
    block[..short.len()].copy_from_slice(&short);
    let pad = |with: u8| block.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
    let inner = Sha256::digest([pad(0x36), text.to_vec()].concat());
    Sha256::digest([pad(0x5c), inner.to_vec()].concat()).to_vec()
}

pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(*group.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

type Answer = dyn Fn(usize, &Post) -> (u16, Vec<(&'static str, String)>) + Send + Sync;

/// The server. What it answers may be changed while it runs.
#[derive(Clone)]
pub struct Hook {
    pub address: SocketAddr,
    pub posts: Arc<Mutex<Vec<Post>>>,
    answer: Arc<Mutex<Arc<Answer>>>,
}

impl Hook {
    pub fn serve(answer: impl Fn(usize, &Post) -> (u16, Vec<(&'static str, String)>) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let answer: Arc<Answer> = Arc::new(answer);
        let hook = Self {
            address: listener.local_addr().unwrap(),
            posts: Arc::default(),
            answer: Arc::new(Mutex::new(answer)),
        };
        let served = hook.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let hook = served.clone();
                thread::spawn(move || drop(hook.converse(stream)));
            }
        });
        hook
    }

    /// Answers always the same.
    pub fn answering(status: u16) -> Self {
        Self::serve(move |_, _| (status, Vec::new()))
    }

    pub fn answer(&self, status: u16) {
        *self.answer.lock().unwrap() = Arc::new(move |_, _| (status, Vec::new()));
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn posts(&self) -> Vec<Post> {
        self.posts.lock().unwrap().clone()
    }

    /// Those that it said it took.
    pub fn taken(&self) -> Vec<Post> {
        self.posts().into_iter().filter(|post| post.status == 200).collect()
    }

    fn converse(&self, mut stream: TcpStream) -> std::io::Result<()> {
        loop {
            let Some(mut post) = read(&mut stream)? else { return Ok(()) };
            let answer = Arc::clone(&self.answer.lock().unwrap());
            let count = self.posts.lock().unwrap().len();
            let (status, headers) = answer(count, &post);
            if is_gone(&stream) {
                // Whoever does not wait for the answer cannot know that it was taken: so it was not.
                return Ok(());
            }
            post.status = status;
            self.posts.lock().unwrap().push(post);
            let mut out = format!("HTTP/1.1 {status} X\r\nContent-Length: 2\r\n");
            for (name, value) in headers {
                out.push_str(&format!("{name}: {value}\r\n"));
            }
            out.push_str("\r\nok");
            stream.write_all(out.as_bytes())?;
        }
    }
}

/// Whether the other side was killed meanwhile.
fn is_gone(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let end = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    match end {
        Ok(read) => read == 0,
        Err(error) => error.kind() != std::io::ErrorKind::WouldBlock,
    }
}

fn read(stream: &mut TcpStream) -> std::io::Result<Option<Post>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk[..read]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while bytes.len() < end + 4 + length {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
    let body = String::from_utf8(bytes[end + 4..end + 4 + length].to_vec()).unwrap();
    Ok(Some(Post { line, headers, body, status: 0 }))
}
