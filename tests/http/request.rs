//! A: the shape of a request.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bench::{Bench, Raw, empty_feed, failure};
use crate::support::{Answer, Desk, Site, page, rss};

const TEXT: &str = "Shelling of Kherson on Friday killed three people and wounded eleven, the governor of the region said, and the power was off in two districts until the evening.";

/// A feed with one article, all of it with cookies.
fn site() -> Site {
    Site::serve(|seen| {
        let host = seen.header("host").unwrap();
        let answer = match seen.path.as_str() {
            "/feed" => Answer::status(302).with("Location", "/real"),
            "/real" => Answer::ok("application/rss+xml", rss(&[format!("http://{host}/article")])),
            "/article" => Answer::ok("text/html", page("Title of it", "2024-03-15T10:00:00Z", TEXT)),
            _ => Answer::status(404),
        };
        answer.with("Set-Cookie", "id=1; Path=/")
    })
}

#[tokio::test]
async fn a_requests_are_plain() {
    let site = site();
    let bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    bench.once(1_000).await;
    let seen = site.seen.lock().unwrap().clone();
    let mut paths: Vec<&str> = seen.iter().map(|seen| seen.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/article", "/feed", "/feed", "/real", "/real", "/robots.txt"], "A1: nothing else is asked for");
    let agent = format!("tollwatch/{} (+https://example.org/bot)", env!("CARGO_PKG_VERSION"));
    for one in &seen {
        assert!(one.head.starts_with("GET "), "A1: {}", one.head);
        assert_eq!(one.header("user-agent").as_deref(), Some(agent.as_str()), "A2");
        for name in ["cookie", "referer", "cache-control", "pragma", "a-im", "range", "if-range"] {
            assert_eq!(one.header(name), None, "A3, A4, A6, A9, B15: {}", one.head);
        }
        assert_eq!(one.header("accept-encoding").as_deref(), Some("gzip, deflate, br, zstd"), "A7");
        assert!(one.header("accept").unwrap().ends_with("*/*;q=0.1"), "A8");
    }
}

#[tokio::test]
async fn a5_the_target_is_byte_identical() {
    let target = "/Feed%7e/a?b=2&a=1&&x=%2f?y&Utm_Source=q";
    let raw = Raw::bytes(b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n".to_vec());
    let bench = Bench::new(&raw.url(target)).await;
    bench.once(0).await;
    let asked = String::from_utf8(raw.asked.lock().unwrap()[0].clone()).unwrap();
    assert_eq!(asked.split_whitespace().nth(1), Some(target));
}

#[test]
fn a10_checking_a_configuration_asks_for_nothing() {
    let site = site();
    let desk = Desk::new(&[("one", site.url("/feed"))]);
    assert_eq!(desk.run(&["check"]).code, 0);
    assert_eq!(site.seen.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn a11_a_password_goes_to_its_origin_only_and_is_not_told() {
    let other = Site::serve(|_| Answer::status(500));
    let to = other.url("/feed");
    let own = Site::serve(move |_| Answer::status(302).with("Location", &to));
    let url = own.url("/feed").replace("http://", "http://ann:secret@");
    let bench = Bench::new(&url).await;
    let report = bench.once(0).await;
    let basic = own.seen.lock().unwrap()[0].header("authorization");
    assert_eq!(basic.as_deref(), Some("Basic YW5uOnNlY3JldA=="));
    assert_eq!(other.seen.lock().unwrap()[0].header("authorization"), None);
    assert!(!failure(&report).contains("secret"));
    let requests = bench.requests().await;
    let told = format!("{:?} {requests:?}", bench.log.lock().unwrap());
    assert!(told.contains("source.failing") && !told.contains("secret"), "{told}");
}

#[tokio::test]
async fn e14_a_status_is_not_asked_for_again_and_a_reset_at_most_once() {
    let count = AtomicUsize::new(0);
    let site = Site::serve(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        Answer::status(500)
    });
    let bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    assert_eq!(site.seen.lock().unwrap().len(), 1);
    let raw = Raw::serve(|_, _, stream| drop(stream.flush()));
    let bench = Bench::new(&raw.url("/feed")).await;
    bench.once(0).await;
    assert!(raw.count() <= 2, "{}", raw.count());
    assert!(empty_feed().contains("<rss"));
}
