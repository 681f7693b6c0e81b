//! A street of servers on loopback, each with an address of its own: good ones, and rude ones of every kind.
#![allow(dead_code, unreachable_pub, missing_debug_implementations, missing_docs, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

pub mod rude;

use std::io::Read as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A request as its server saw it.
#[derive(Debug, Clone)]
pub struct Ask {
    pub at: Instant,
    /// How many came before it.
    pub count: usize,
    pub path: String,
    pub head: String,
}

/// What the house of this number answers.
pub type Handler = dyn Fn(usize, &Ask, &mut TcpStream) + Send + Sync;

pub struct Street {
    port: u16,
    /// What each house was asked.
    log: Arc<Vec<Mutex<Vec<Ask>>>>,
}

/// The address of a house: all of them are on the loopback of a Linux machine.
fn address(house: usize) -> Ipv4Addr {
    let [_, _, high, low] = u32::try_from(house).unwrap().to_be_bytes();
    Ipv4Addr::new(127, 1, high, low)
}

impl Street {
    pub fn open(houses: usize, handler: impl Fn(usize, &Ask, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let log: Vec<Mutex<Vec<Ask>>> = (0..houses).map(|_| Mutex::default()).collect();
        let street = Self { port: listener.local_addr().unwrap().port(), log: Arc::new(log) };
        let (log, handler): (_, Arc<Handler>) = (Arc::clone(&street.log), Arc::new(handler));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, handler) = (Arc::clone(&log), Arc::clone(&handler));
                let visit = move || visit(stream, &log, handler.as_ref());
                thread::Builder::new().stack_size(1 << 20).spawn(visit).unwrap();
            }
        });
        street
    }

    pub fn url(&self, house: usize, path: &str) -> String {
        format!("http://{}{path}", SocketAddr::new(IpAddr::V4(address(house)), self.port))
    }

    pub fn asked(&self, house: usize) -> Vec<Ask> {
        self.log[house].lock().unwrap().clone()
    }
}

fn visit(mut stream: TcpStream, log: &[Mutex<Vec<Ask>>], handler: &Handler) {
    let at = Instant::now();
    let Ok(SocketAddr::V4(own)) = stream.local_addr() else { return };
    let [.., high, low] = own.ip().octets();
    let house = usize::from(high) << 8 | usize::from(low);
    let Some(log) = log.get(house) else { return };
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
    let (mut bytes, mut chunk) = (Vec::new(), [0; 2_048]);
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") && bytes.first().is_none_or(|first| *first == b'G') {
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => break,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let path = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let ask = {
        let mut log = log.lock().unwrap();
        let ask = Ask { at, count: log.len(), path, head };
        log.push(ask.clone());
        ask
    };
    handler(house, &ask, &mut stream);
}
