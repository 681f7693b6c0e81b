//! The address guard against a canary: whatever way an address that is not public is written, redirected to or answered by
//! a name server, nobody connects to it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use tollwatch::fetch::{FetchError, Fetcher, Guard, Purpose, Request, Settings};
use url::{Host, Url};

/// Spellings of addresses that are not public. The first of them lead to this machine, where the canary sits.
fn spellings() -> Vec<&'static str> {
    include_str!("guard/spellings.txt").lines().filter(|line| !line.starts_with('#')).collect()
}

fn settings() -> Settings {
    Settings {
        contact: "test@example.org".to_owned(),
        timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_secs(2),
        max_body: 100_000,
        concurrency: 16,
        per_host: 16,
        per_host_delay: Duration::ZERO,
        max_redirects: 5,
        robots: false,
        // Stands for the public internet.
        allow_networks: vec!["127.0.0.2/32".parse().unwrap()],
        proxy: None,
    }
}

/// Counts whoever connects.
fn canary(listener: TcpListener, hits: &Arc<AtomicUsize>) {
    let hits = hits.clone();
    thread::spawn(move || {
        listener.incoming().for_each(|_| {
            hits.fetch_add(1, Ordering::SeqCst);
        });
    });
}

/// A site that may be asked; it sends whoever asks for `/to/X` to the host X.
fn site(listener: TcpListener, port: u16) -> Arc<AtomicUsize> {
    let served = Arc::new(AtomicUsize::new(0));
    let count = served.clone();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = [0; 4096];
            let read = stream.read(&mut bytes).unwrap_or(0);
            let head = String::from_utf8_lossy(&bytes[..read]).into_owned();
            let path = head.split_whitespace().nth(1).unwrap_or("/").to_owned();
            count.fetch_add(1, Ordering::SeqCst);
            let answer = match path.strip_prefix("/to/") {
                Some(number) => format!(
                    "HTTP/1.1 302 X\r\nLocation: http://{}:{port}/x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
                    spellings()[number.parse::<usize>().unwrap()]
                ),
                None => "HTTP/1.1 200 X\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok".to_owned(),
            };
            stream.write_all(answer.as_bytes()).ok();
        }
    });
    served
}

/// Why a fetch was refused.
async fn refused(fetcher: &Fetcher, url: &str) -> Option<String> {
    // What is no address cannot be asked.
    let Ok(url) = Url::parse(url) else { return Some("not a public address, nor any".to_owned()) };
    let asked = fetcher.get(Request::new(url, Purpose::Feed)).await;
    asked.err().map(|error| told(&error))
}

fn told(error: &FetchError) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn no_spelling_reaches_the_canary_directly_by_redirect_or_by_name() {
    let hits = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("[::]:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    canary(listener, &hits);
    // The canary must be within reach of whoever is not guarded.
    drop(std::net::TcpStream::connect(("127.0.0.1", port)).unwrap());
    while hits.load(Ordering::SeqCst) == 0 {
        thread::yield_now();
    }
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    let door = listener.local_addr().unwrap();
    let served = site(listener, port);
    runtime().block_on(async {
        let plain = Fetcher::new(settings()).unwrap();
        for (number, spelling) in spellings().into_iter().enumerate() {
            let direct = refused(&plain, &format!("http://{spelling}:{port}/")).await;
            assert!(direct.as_ref().is_some_and(|why| why.contains("not a public address")), "{spelling}: {direct:?}");
            let redirect = refused(&plain, &format!("http://{door}/to/{number}")).await;
            let told = redirect
                .as_ref()
                .is_some_and(|why| why.contains("not a public address") || why.contains("leads to no address"));
            assert!(told, "{spelling}: {redirect:?}");
            let Ok(url) = Url::parse(&format!("http://{spelling}/")) else { continue };
            let address: IpAddr = match url.host() {
                Some(Host::Ipv4(address)) => address.into(),
                Some(Host::Ipv6(address)) => address.into(),
                other => panic!("{spelling} is {other:?}"),
            };
            let guard = Guard::answering(settings().allow_networks, Arc::new(move |_: &str| vec![address]));
            let named = Fetcher::guarded(settings(), guard).unwrap();
            let by_name = refused(&named, &format!("http://innocent.example:{port}/")).await;
            assert!(
                by_name.as_ref().is_some_and(|why| why.contains("not a public address")),
                "{spelling}: {by_name:?}"
            );
        }
    });
    assert!(spellings().len() >= 60);
    assert_eq!(served.load(Ordering::SeqCst), spellings().len(), "each redirect was followed as far as the guard");
    assert_eq!(hits.load(Ordering::SeqCst), 1, "nobody but the control reached the canary");
}

#[test]
fn a_name_server_that_changes_its_mind_leads_nobody_to_the_canary() {
    let hits = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let served = site(listener, port);
    // On the same port, so that a connection needs nothing but the wrong answer.
    canary(TcpListener::bind(("127.0.0.1", port)).unwrap(), &hits);
    canary(TcpListener::bind(("::1", port)).unwrap(), &hits);
    let asked = AtomicUsize::new(0);
    let (good, bad, worse): (IpAddr, IpAddr, IpAddr) =
        ("127.0.0.2".parse().unwrap(), "127.0.0.1".parse().unwrap(), "::1".parse().unwrap());
    let answers = move |_: &str| match asked.fetch_add(1, Ordering::SeqCst) % 5 {
        0 | 2 => vec![good],
        1 => vec![bad],
        3 => vec![good, bad],
        _ => vec![worse, good],
    };
    let guard = Guard::answering(settings().allow_networks, Arc::new(answers));
    let (mut answered, mut turned_away) = (0, 0);
    runtime().block_on(async {
        let fetcher = Fetcher::guarded(settings(), guard).unwrap();
        for number in 0..1_000 {
            match refused(&fetcher, &format!("http://n{number}.example:{port}/")).await {
                None => answered += 1,
                Some(why) => {
                    assert!(why.contains("not a public address"), "{why}");
                    turned_away += 1;
                }
            }
        }
    });
    assert_eq!((answered, turned_away), (400, 600));
    assert_eq!(served.load(Ordering::SeqCst), 400);
    assert_eq!(hits.load(Ordering::SeqCst), 0, "nobody reached the canary");
}
