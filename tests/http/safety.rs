//! H: safety. The whole table of addresses is `tests/guard/spellings.txt`.

use std::net::TcpListener;

use tollwatch::fetch::Settings;

use crate::bench::{Bench, empty_feed, failure, settings};
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
