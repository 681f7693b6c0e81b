//! E: refusals and errors.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tollwatch::model::{SourceHealth, Trouble};
use tollwatch::poll::once;

use crate::bench::{Bench, Raw, at, empty_feed, failure, source};
use crate::support::{Answer, Site, page, rss};

fn always(answer: Answer) -> Site {
    Site::serve(move |_| answer.clone())
}

/// Asks at these times, restarting each time, and tells how often the site was asked.
async fn asked_at(site: &Site, times: &[i64]) -> Vec<usize> {
    let mut bench = Bench::new(&site.url("/feed")).await;
    let mut out = Vec::new();
    for time in times {
        bench.once(*time).await;
        bench.restart().await;
        out.push(site.seen.lock().unwrap().len());
    }
    out
}

#[tokio::test]
async fn e1_a_host_that_asks_for_it_is_left_alone_by_all() {
    let site = Site::serve(|seen| match seen.path.as_str() {
        "/feed" => Answer::status(429).with("Retry-After", "1800"),
        _ => Answer::ok("application/rss+xml", empty_feed()),
    });
    let bench = Bench::new(&site.url("/feed")).await;
    let other = source("two", &site.url("/other"));
    bench.once(0).await;
    let report = once(&bench.world, &other, at(1_790)).await.unwrap();
    assert!(failure(&report).contains("asked to be left alone"));
    assert_eq!(site.seen.lock().unwrap().len(), 1, "no request of any kind");
    assert_eq!(bench.due().await, 1_800);
    let waiting = bench.world.store.source_state(&other.id).await.unwrap();
    assert_eq!((waiting.failures, waiting.trouble), (0, Some(Trouble::Waiting)), "it is not its own fault");
    let mut bench = bench;
    bench.restart().await;
    assert!(!once(&bench.world, &other, at(1_800)).await.unwrap().is_failure());
}

#[tokio::test]
async fn e2_e3_e6_the_wait_may_be_a_date_or_come_with_503_and_holds_over_restarts() {
    let date = "Fri, 15 Mar 2024 12:30:00 GMT";
    let said = |status: u16, wait: &str| {
        always(Answer::status(status).with("Date", "Fri, 15 Mar 2024 12:00:00 GMT").with("Retry-After", wait))
    };
    for (status, wait) in [(429, "1800"), (429, date), (503, "1800"), (503, date)] {
        assert_eq!(asked_at(&said(status, wait), &[0, 60, 1_799, 1_800]).await, [1, 1, 1, 2], "{status} {wait}");
    }
}

#[tokio::test]
async fn e4_an_unsaid_wait_is_ten_minutes_and_doubles() {
    let site = always(Answer::status(429));
    assert_eq!(asked_at(&site, &[0, 599, 600, 1_799, 1_800, 4_199, 4_200]).await, [1, 1, 2, 2, 3, 3, 4]);
}

#[tokio::test]
async fn e5_a_wait_that_makes_no_sense_is_as_if_it_were_not_said_or_two_days() {
    for odd in ["-5", "soon", ""] {
        let site = always(Answer::status(429).with("Retry-After", odd));
        assert_eq!(asked_at(&site, &[0, 599, 600]).await, [1, 1, 2], "{odd}");
    }
    let site = always(Answer::status(429).with("Retry-After", "1000000000000"));
    let days = 2 * 86_400;
    assert_eq!(asked_at(&site, &[0, days - 1, days]).await, [1, 1, 2]);
}

#[tokio::test]
async fn e9_failures_wait_longer_each_time_and_a_success_forgets_them() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let dead = format!("http://{free}/feed");
    let broken = always(Answer::ok("application/rss+xml", "no feed at all"));
    let mut places = vec![dead, broken.url("/feed"), "http://nowhere.invalid/feed".to_owned()];
    let sites: Vec<Site> = [404, 403, 500].into_iter().map(|status| always(Answer::status(status))).collect();
    places.extend(sites.iter().map(|site| site.url("/feed")));
    places.push(always(Answer::status(500)).url("/feed").replace("http:", "https:"));
    for place in places {
        let bench = Bench::new(&place).await;
        let mut now = 0;
        let mut last = 0;
        for failures in 1..=9 {
            failure(&bench.once(now).await);
            let wait = bench.due().await - now;
            assert!(wait * 11 / 10 >= last && wait >= 900, "{place} {failures}: {wait} after {last}");
            assert!(wait <= 12 * 3_600 * 11 / 10 && (failures < 9 || wait >= 12 * 3_600), "{place}: {wait}");
            (last, now) = (wait, now + wait);
        }
        assert_eq!(bench.events(), ["source.failing"], "one episode");
    }
    let works = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&works);
    let site = Site::serve(move |_| {
        let good = || Answer::ok("text/xml", empty_feed()).with("ETag", "\"1\"");
        if flag.load(Ordering::Relaxed) { good() } else { Answer::status(500) }
    });
    let bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    bench.once(1_000).await;
    works.store(true, Ordering::Relaxed);
    bench.once(5_000).await;
    assert_eq!((bench.due().await, bench.state().await.failures), (5_900, 0));
    assert_eq!(bench.events(), ["source.failing", "source.recovered"]);
}

#[tokio::test]
async fn e10_a_feed_that_is_gone_is_not_asked_again() {
    let site = always(Answer::status(410));
    let mut bench = Bench::new(&site.url("/feed")).await;
    assert_eq!(bench.once(0).await.next_due, None);
    for day in [1, 40, 400] {
        bench.restart().await;
        assert!(failure(&bench.turn(day * 86_400).await).contains("gone for good"));
        bench.once(day * 86_400).await;
    }
    assert_eq!(site.seen.lock().unwrap().len(), 1);
    assert_eq!((bench.events(), bench.state().await.health), (vec!["source.gone".to_owned()], SourceHealth::Gone));
    bench.source.feed = site.url("/elsewhere").parse().unwrap();
    bench.once(0).await;
    assert_eq!(site.seen.lock().unwrap().len(), 2, "another address is another feed");
}

#[tokio::test]
async fn e11_when_no_host_answers_no_source_is_blamed() {
    let bench = Bench::new("http://one.invalid/feed").await;
    let two = source("two", "http://two.invalid/feed");
    // With a single host there is nobody to compare it with.
    once(&bench.world, &two, at(0)).await.unwrap();
    for minute in 1..=5 {
        failure(&bench.once(minute * 900).await);
        failure(&once(&bench.world, &two, at(minute * 900)).await.unwrap());
    }
    let state = bench.state().await;
    assert_eq!((state.health, state.failures), (SourceHealth::New, 0));
    assert_eq!(bench.due().await, 5 * 900 + 900);
    // Then others answer, and it still does not.
    let site = always(Answer::ok("text/xml", empty_feed()));
    once(&bench.world, &source("three", &site.url("/feed")), at(6_000)).await.unwrap();
    failure(&bench.once(6_300).await);
    assert_eq!(bench.state().await.failures, 1);
}

#[tokio::test]
async fn e12_e13_what_is_no_feed_is_said_to_be_none() {
    let html = "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>";
    let answers = [
        (Answer::ok("text/html", html), "robot"),
        (Answer { status: 202, ..Answer::ok("text/html", html) }, "answered 202"),
        (Answer::ok("text/html", "<html><body>Welcome to our site</body></html>"), "no feed"),
        (Answer::ok("application/rss+xml", ""), ""),
        (Answer::status(204), "answered 204"),
    ];
    for (answer, word) in answers {
        let site = always(answer.with("ETag", "\"1\""));
        let bench = Bench::new(&site.url("/feed")).await;
        let reason = failure(&bench.once(0).await);
        assert!(reason.contains(word), "{reason}");
        assert_eq!(bench.state().await.etag, None);
        assert_eq!(bench.events(), ["source.failing"]);
    }
}

#[tokio::test]
async fn e13_e15_an_empty_feed_is_accepted_and_failures_change_nothing_that_is_stored() {
    let count = AtomicUsize::new(0);
    let site = Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        let text =
            "Shelling of Kherson on Friday killed three people and wounded eleven, the governor of the region said.";
        match seen.path.as_str() {
            "/feed" => match count.fetch_add(1, Ordering::Relaxed) {
                0 => Answer::ok("application/rss+xml", rss(&[format!("http://{host}/a"), format!("http://{host}/b")])),
                1 => Answer::status(500),
                2 => Answer::ok("application/rss+xml", "no feed at all"),
                _ => Answer::ok("application/rss+xml", empty_feed()),
            },
            "/a" | "/b" => Answer::ok("text/html", page("Title of it", "2024-03-15T10:00:00Z", text)),
            _ => Answer::status(404),
        }
    });
    let bench = Bench::new(&site.url("/feed")).await;
    assert_eq!(bench.once(0).await.articles, 2);
    let before = bench.world.store.sources().await.unwrap()[0].articles;
    failure(&bench.once(1_000).await);
    failure(&bench.once(10_000).await);
    assert!(!bench.once(100_000).await.is_failure(), "E13");
    assert_eq!(bench.world.store.sources().await.unwrap()[0].articles, before);
    assert_eq!(before, 2);
}

#[tokio::test]
async fn g7_too_many_headers_and_odd_ones_are_no_panic() {
    let many = "X-A: y\r\n".repeat(300);
    let raw = Raw::bytes(format!("HTTP/1.1 200 OK\r\n{many}Content-Length: 0\r\n\r\n").into_bytes());
    let bench = Bench::new(&raw.url("/feed")).await;
    failure(&bench.once(0).await);
    let body = empty_feed();
    let head = b"HTTP/1.1 200 OK\r\nX-Odd: \xff\xfe\r\nCache-Control: \xff\r\nContent-Type: \xc3\x28\r\n".to_vec();
    let rest = format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes();
    let raw = Raw::bytes([head, rest].concat());
    let bench = Bench::new(&raw.url("/feed")).await;
    assert!(!bench.once(0).await.is_failure());
}

#[tokio::test]
async fn e8_a_403_with_a_wait_is_a_429_and_without_one_it_is_no_haste() {
    let site = always(Answer::status(403).with("Retry-After", "1800"));
    assert_eq!(asked_at(&site, &[0, 60, 1_799, 1_800]).await, [1, 1, 1, 2]);
    let site = always(Answer::status(403));
    let mut bench = Bench::new(&site.url("/feed")).await;
    bench.source.interval = Some(std::time::Duration::from_secs(10));
    bench.once(0).await;
    assert_eq!(bench.due().await / 60, 10);
}

#[tokio::test]
async fn e1_e6_whoever_asked_to_be_left_alone_is_not_asked_by_a_detour_either() {
    let busy = always(Answer::status(429).with("Retry-After", "1800"));
    let to = busy.url("/feed");
    let site = always(Answer::status(302).with("Location", &to));
    let mut bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    bench.restart().await;
    bench.once(600).await;
    assert_eq!((site.seen.lock().unwrap().len(), busy.seen.lock().unwrap().len()), (2, 1));
    let direct = source("two", &busy.url("/other"));
    assert!(failure(&once(&bench.world, &direct, at(700)).await.unwrap()).contains("left alone"));
    bench.restart().await;
    bench.once(1_800).await;
    assert_eq!(busy.seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn e9_e11_a_host_that_refuses_is_there_and_is_blamed_at_once() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let hangs_up = Raw::serve(|_, _, _| {});
    let good = always(Answer::ok("text/xml", empty_feed()));
    for feed in [format!("http://{free}/feed"), hangs_up.url("/feed")] {
        let bench = Bench::new(&feed).await;
        once(&bench.world, &source("two", &good.url("/feed")), at(0)).await.unwrap();
        for failures in 1..=3 {
            bench.once(failures * 10_000).await;
            assert_eq!(i64::from(bench.state().await.failures), failures, "{feed}");
        }
    }
}
