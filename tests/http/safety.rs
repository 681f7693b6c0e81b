//! H: safety. The whole table of addresses is `tests/guard/spellings.txt`.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use tollwatch::fetch::Settings;
use tollwatch::model::Source;
use tollwatch::poll::once;

use crate::bench::{Bench, at, empty_feed, failure, settings, source};
use crate::support::{Answer, Desk, Site, rss};

#[tokio::test]
async fn h1_only_the_web_is_asked() {
    for feed in ["file:///etc/passwd", "ftp://example.org/feed", "data:text/xml,<rss/>"] {
        let desk = Desk::new(&[("one", feed.to_owned())]);
        assert_eq!(desk.run(&["check"]).code, 78, "{feed}");
        let bench = Bench::new(feed).await;
        failure(&bench.once(0).await);
    }
    let site = Site::serve(|_| Answer::ok("text/xml", rss(&["file:///etc/passwd".to_owned()])));
    let bench = Bench::new(&site.url("/feed")).await;
    assert_eq!(bench.once(0).await.articles, 0);
}

#[tokio::test]
async fn h2_h3_h4_addresses_that_are_not_public_are_refused_in_every_spelling() {
    let site = Site::serve(|_| Answer::ok("text/xml", empty_feed()));
    let port = site.address.port();
    let closed = Settings { allow_networks: Vec::new(), ..settings() };
    for host in [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "127.1",
        "0177.0.0.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "[fd00::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "224.0.0.1",
    ] {
        let bench = Bench::with(&format!("http://{host}:{port}/feed"), closed.clone()).await;
        let reason = failure(&bench.once(0).await);
        assert!(reason.contains("not on the public internet"), "{host}: {reason}");
    }
    assert_eq!(site.seen.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn h5_a_proxy_may_be_private_and_is_not_gone_around() {
    let proxy = Site::serve(|_| Answer::ok("text/xml", empty_feed()));
    let through = |proxy: String| Settings { proxy: Some(proxy.parse().unwrap()), ..settings() };
    let bench = Bench::with("http://example.invalid/feed", through(proxy.url(""))).await;
    assert!(!bench.once(0).await.is_failure());
    assert_eq!(proxy.seen.lock().unwrap()[0].path, "http://example.invalid/feed");

    let direct = Site::serve(|_| Answer::ok("text/xml", empty_feed()));
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bench = Bench::with(&direct.url("/feed"), through(format!("http://{free}"))).await;
    failure(&bench.once(0).await);
    assert_eq!(direct.seen.lock().unwrap().len(), 0, "no way around it");

    let closed = Settings { allow_networks: Vec::new(), ..through(proxy.url("")) };
    let bench = Bench::with("http://10.0.0.1/feed", closed).await;
    assert!(failure(&bench.once(0).await).contains("not on the public internet"), "the rules for addresses hold");
}

#[tokio::test]
async fn h6_a_server_that_speaks_no_proper_tls_is_an_error() {
    let site = Site::serve(|_| Answer::ok("text/xml", empty_feed()));
    let bench = Bench::new(&site.url("/feed").replace("http:", "https:")).await;
    let reason = failure(&bench.once(0).await);
    assert!(reason.contains("cannot reach") || reason.contains("no answer"), "{reason}");
}

#[tokio::test]
async fn h8_what_a_parser_dies_of_is_a_failure_of_its_source() {
    let odd: [&[u8]; 3] = [
        "<rss version='2.0'><channel><managingEditor>Ä</managingEditor><item><title>x".as_bytes(),
        b"\xfe\xff\x00<\x00r\x00s\x00s",
        &[0xff; 64],
    ];
    for body in odd {
        let site = Site::serve(move |_| Answer::ok("application/rss+xml", body));
        let bench = Bench::new(&site.url("/feed")).await;
        bench.once(0).await;
        assert!(bench.state().await.last_poll.is_some());
    }
}

/// A server whose certificate nobody vouches for. Plain requests to it fail.
fn unvouched(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> (SocketAddr, Arc<AtomicUsize>) {
    let certificate = CertificateDer::from(include_bytes!("tls/certificate.der").to_vec());
    let key = PrivateKeyDer::try_from(include_bytes!("tls/key.der").to_vec()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let (listener, config) = (TcpListener::bind("127.0.0.1:0").unwrap(), Arc::new(config));
    let (address, asked) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            let mut head = [0; 4_096];
            let Ok(read) = stream.read(&mut head) else { continue };
            count.fetch_add(1, Ordering::SeqCst);
            let path = String::from_utf8_lossy(&head[..read]).split_whitespace().nth(1).unwrap_or_default().to_owned();
            drop(stream.write_all(&answer(&path)));
            stream.conn.send_close_notify();
            drop(stream.flush());
        }
    });
    (address, asked)
}

fn whole(kind: &str, body: &str) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\nContent-Length: {}", body.len());
    format!("{head}\r\n\r\n{body}").into_bytes()
}

#[tokio::test]
async fn h6_a_bad_certificate_is_an_error_unless_its_source_says_otherwise() {
    let (address, asked) = unvouched(move |path| match path {
        "/feed" => whole("text/xml", &empty_feed()),
        _ => whole("text/html", "<p>No feed</p>"),
    });
    let mut bench = Bench::new(&format!("https://{address}/feed")).await;
    let reason = failure(&bench.once(0).await);
    assert!(reason.contains("certificate"), "{reason}");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    bench.source.checks_certificate = false;
    assert!(!bench.once(1_000).await.is_failure());
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // Another source is no less careful, nor is this one where it is led to by another host.
    let other = source("two", &format!("https://{address}/feed"));
    assert!(failure(&once(&bench.world, &other, at(2_000)).await.unwrap()).contains("certificate"));
    let to = format!("https://{address}/feed");
    let site = Site::serve(move |_| Answer::status(302).with("Location", &to));
    let by_way = format!("http://localhost:{}/feed", site.address.port());
    let led = Source { checks_certificate: false, ..source("three", &by_way) };
    assert!(failure(&once(&bench.world, &led, at(2_000)).await.unwrap()).contains("certificate"));
}

#[test]
fn h6_the_opt_out_is_a_key_of_the_source() {
    let desk = Desk::new(&[("one", "https://news.example.org/feed".to_owned())]);
    let file = desk.path().join("sources/all.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}check_certificate = false\n")).unwrap();
    let config = tollwatch::config::Config::load(Some(desk.path()), None).unwrap();
    assert!(!config.sources[0].checks_certificate);
    std::fs::write(&file, text).unwrap();
    let config = tollwatch::config::Config::load(Some(desk.path()), None).unwrap();
    assert!(config.sources[0].checks_certificate);
}

#[tokio::test]
async fn c6_from_https_nothing_leads_to_http() {
    let plain = Site::serve(|_| Answer::ok("text/xml", empty_feed()));
    let to = plain.url("/feed");
    let (address, asked) = unvouched(move |_| {
        format!("HTTP/1.1 302 X\r\nLocation: {to}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").into_bytes()
    });
    let mut bench = Bench::new(&format!("https://{address}/feed")).await;
    bench.source.checks_certificate = false;
    assert!(failure(&bench.once(0).await).contains("from https to http"));
    assert_eq!((asked.load(Ordering::SeqCst), plain.seen.lock().unwrap().len()), (1, 0));
}
