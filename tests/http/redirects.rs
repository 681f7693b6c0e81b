//! C: redirects.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bench::{Bench, empty_feed, failure};
use crate::support::{Answer, Site, rss};

const DAY: i64 = 86_400;

fn feed() -> Answer {
    Answer::ok("application/rss+xml", empty_feed())
}

/// A site whose `/feed` answers so; `/new` has the feed.
fn site(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Site {
    Site::serve(move |seen| match seen.path.as_str() {
        "/feed" => answer(),
        "/new" => feed(),
        "/page" => Answer::ok("text/html", "<html><body>Welcome</body></html>"),
        _ => Answer::status(404),
    })
}

#[tokio::test]
async fn c1_a_feed_is_asked_at_its_new_address_when_it_has_said_so_for_days() {
    for status in [301, 308] {
        let site = site(move || Answer::status(status).with("Location", "/new"));
        let mut bench = Bench::new(&site.url("/feed")).await;
        for day in 0..3 {
            bench.once(day * DAY).await;
        }
        assert_eq!(site.asked("/feed").len(), 3, "until then the configured address is asked");
        assert_eq!(bench.events(), ["source.moved"]);
        bench.restart().await;
        bench.once(3 * DAY).await;
        bench.once(4 * DAY).await;
        assert_eq!((site.asked("/feed").len(), site.asked("/new").len()), (3, 5));
        assert_eq!(bench.events(), ["source.moved"], "it is said once");
    }
}

#[tokio::test]
async fn c1_a_day_of_redirects_is_no_move() {
    let site = site(|| Answer::status(301).with("Location", "/new"));
    let bench = Bench::new(&site.url("/feed")).await;
    for hour in 0..8 {
        bench.once(hour * 3_600).await;
    }
    assert_eq!(site.asked("/feed").len(), 8);
    assert_eq!(bench.events(), Vec::<String>::new());
}

#[tokio::test]
async fn c2_a_passing_redirect_is_never_a_move() {
    for status in [302, 303, 307] {
        let site = site(move || Answer::status(status).with("Location", "/new"));
        let bench = Bench::new(&site.url("/feed")).await;
        for day in 0..5 {
            bench.once(day * DAY).await;
        }
        assert_eq!(site.asked("/feed").len(), 5, "{status}");
        assert_eq!(bench.events(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn c3_a_loop_ends_after_six_requests() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let site = Site::serve(move |_| {
        let next = counted.fetch_add(1, Ordering::Relaxed);
        Answer::status(302).with("Location", &format!("/{next}"))
    });
    let bench = Bench::new(&site.url("/feed")).await;
    assert!(failure(&bench.once(0).await).contains("too many"));
    assert_eq!(count.load(Ordering::Relaxed), 6);
}

#[tokio::test]
async fn c4_a_redirect_to_nowhere_is_an_error() {
    let nowhere =
        [None, Some("file:///etc/passwd"), Some("ftp://example.org/"), Some("javascript:alert(1)"), Some("http://")];
    for location in nowhere {
        let site = site(move || location.map_or(Answer::status(301), |to| Answer::status(301).with("Location", to)));
        let bench = Bench::new(&site.url("/feed")).await;
        assert!(failure(&bench.once(0).await).contains("redirects, but"), "{location:?}");
        assert_eq!(site.seen.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn c5_relative_and_cyrillic_addresses_are_resolved() {
    let site = Site::serve(|seen| match seen.path.as_str() {
        "/a/feed" => Answer::status(302).with("Location", "../лента?q=да"),
        "/%D0%BB%D0%B5%D0%BD%D1%82%D0%B0?q=%D0%B4%D0%B0" => feed(),
        _ => Answer::status(404),
    });
    let bench = Bench::new(&site.url("/a/feed")).await;
    assert!(!bench.once(0).await.is_failure(), "{:?}", site.seen.lock().unwrap());
}

#[tokio::test]
async fn c7_a_redirect_to_a_page_is_no_move() {
    let site = site(|| Answer::status(301).with("Location", "/page"));
    let bench = Bench::new(&site.url("/feed")).await;
    for day in 0..5 {
        failure(&bench.once(day * DAY).await);
    }
    assert_eq!(site.asked("/feed").len(), 5);
    assert_eq!(bench.events(), ["source.failing"]);
}

#[tokio::test]
async fn c8_every_hop_passes_the_guard_and_the_rules_of_its_host() {
    let site = site(|| Answer::status(302).with("Location", "http://10.0.0.1/feed"));
    let bench = Bench::new(&site.url("/feed")).await;
    assert!(failure(&bench.once(0).await).contains("not on the public internet"));

    let closed = Site::serve(|seen| match seen.path.as_str() {
        "/robots.txt" => Answer::ok("text/plain", "User-agent: *\nDisallow: /"),
        _ => Answer::ok("text/html", "<p>Not to be read</p>"),
    });
    let to = closed.url("/article");
    let open = Site::serve(move |seen| match seen.path.as_str() {
        "/feed" => Answer::ok("application/rss+xml", rss(&[format!("http://{}/go", seen.header("host").unwrap())])),
        "/go" => Answer::status(302).with("Location", &to),
        _ => Answer::status(404),
    });
    let bench = Bench::new(&open.url("/feed")).await;
    bench.once(0).await;
    assert_eq!(closed.asked("/robots.txt").len(), 1);
    assert_eq!(closed.asked("/article").len(), 0);
}
