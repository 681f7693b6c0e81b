//! B: validators.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::bench::{Bench, Raw, empty_feed, failure};
use crate::support::{Answer, Site, rss};

/// A site that gives these answers, one after the other, and the last one for ever.
fn in_turn(answers: Vec<Answer>) -> Site {
    let count = AtomicUsize::new(0);
    Site::serve(move |seen| {
        if seen.path != "/feed" {
            return Answer::status(404);
        }
        let index = count.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
        answers[index].clone()
    })
}

fn feed() -> Answer {
    Answer::ok("application/rss+xml", empty_feed())
}

fn asked_with(site: &Site, index: usize) -> (Option<String>, Option<String>) {
    let seen = &site.asked("/feed")[index];
    (seen.header("if-none-match"), seen.header("if-modified-since"))
}

fn some(etag: &str, modified: &str) -> (Option<String>, Option<String>) {
    (Some(etag.to_owned()), Some(modified.to_owned()))
}

#[tokio::test]
async fn b1_b4_b5_the_pair_is_that_of_the_last_good_answer() {
    let site = in_turn(vec![
        feed().with("ETag", "\"1\"").with("Last-Modified", "Fri, 15 Mar 2024 10:00:00 GMT"),
        feed().with("ETag", "\"2\"").with("Last-Modified", "Fri, 15 Mar 2024 11:00:00 GMT"),
        feed().with("ETag", "\"3\""),
        feed(),
    ]);
    let bench = Bench::new(&site.url("/feed")).await;
    for seconds in 0..5 {
        bench.once(seconds * 1_000).await;
    }
    assert_eq!(asked_with(&site, 0), (None, None));
    assert_eq!(asked_with(&site, 1), some("\"1\"", "Fri, 15 Mar 2024 10:00:00 GMT"), "B1");
    assert_eq!(asked_with(&site, 2), some("\"2\"", "Fri, 15 Mar 2024 11:00:00 GMT"), "B4: the body was the same");
    assert_eq!(asked_with(&site, 3), (Some("\"3\"".to_owned()), None), "B5: the missing one is forgotten");
    assert_eq!(asked_with(&site, 4), (None, None), "B5");
}

#[tokio::test]
async fn b2_b3_odd_validators_are_given_back_byte_for_byte() {
    let odd: [(&[u8], &[u8]); 4] = [
        (b"W/\"weak\"", b"Fri Mar 15 10:00:00 2024"),
        (b"RSS-f3fd-unquoted", b"Tue, 19 Jan 2038 03:14:07 GMT"),
        (b"\"abc-gzip\"", b"yesterday, more or less"),
        (b"\"\xc3\xa4\xff\"", b"2024-03-15 10:00"),
    ];
    for (etag, modified) in odd {
        let body = empty_feed();
        let mut answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: ".to_vec();
        answer.extend_from_slice(etag);
        answer.extend_from_slice(b"\r\nLast-Modified: ");
        answer.extend_from_slice(modified);
        answer.extend_from_slice(format!("\r\nContent-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        let raw = Raw::bytes(answer);
        let bench = Bench::new(&raw.url("/feed")).await;
        bench.once(0).await;
        bench.once(1_000).await;
        let asked = raw.asked.lock().unwrap()[1].clone();
        let has = |bytes: &[u8]| asked.windows(bytes.len()).any(|window| window == bytes);
        assert!(has(&[b"if-none-match: ", etag, b"\r\n"].concat()), "{}", String::from_utf8_lossy(&asked));
        assert!(has(&[b"if-modified-since: ", modified, b"\r\n"].concat()), "{}", String::from_utf8_lossy(&asked));
    }
}

#[tokio::test]
async fn b6_a_304_brings_new_validators_and_freshness() {
    let site = in_turn(vec![
        feed().with("ETag", "\"1\"").with("Last-Modified", "Fri, 15 Mar 2024 10:00:00 GMT"),
        Answer::status(304).with("ETag", "\"2\"").with("Cache-Control", "max-age=7200"),
    ]);
    let bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    bench.once(1_000).await;
    assert_eq!(bench.due().await, 1_000 + 7_200, "D2");
    bench.once(2_000).await;
    assert_eq!(asked_with(&site, 2), some("\"2\"", "Fri, 15 Mar 2024 10:00:00 GMT"));
}

#[tokio::test]
async fn b7_failures_in_between_keep_the_validators() {
    for status in [429, 403, 404, 500, 503] {
        let site = in_turn(vec![feed().with("ETag", "\"1\""), Answer::status(status), feed()]);
        let mut bench = Bench::new(&site.url("/feed")).await;
        bench.once(0).await;
        bench.once(1_000).await;
        bench.restart().await;
        bench.once(1_000_000).await;
        assert_eq!(asked_with(&site, 2).0.as_deref(), Some("\"1\""), "{status}");
    }
}

#[tokio::test]
async fn b8_the_first_poll_after_a_restart_is_conditional() {
    let site = in_turn(vec![feed().with("ETag", "\"1\"")]);
    let mut bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    bench.restart().await;
    bench.once(1_000).await;
    assert_eq!(asked_with(&site, 1).0.as_deref(), Some("\"1\""));
}

#[tokio::test]
async fn b9_what_was_not_read_does_not_advance_the_validators() {
    let whole = empty_feed();
    let bad: [Vec<u8>; 3] = [
        format!("HTTP/1.1 200 OK\r\nETag: \"2\"\r\nContent-Length: 9999\r\n\r\n{whole}").into_bytes(),
        [b"HTTP/1.1 200 OK\r\nETag: \"2\"\r\nContent-Length: 2000000\r\n\r\n".to_vec(), vec![b' '; 2_000_000]].concat(),
        b"HTTP/1.1 200 OK\r\nETag: \"2\"\r\nContent-Type: text/html\r\nContent-Length: 28\r\n\r\n<html><body>no feed</body>   ".to_vec(),
    ];
    for bytes in bad {
        let raw = Raw::serve(move |count, _, stream| {
            let good =
                format!("HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: {}\r\n\r\n{}", whole_len(), empty_feed());
            let answer = if count == 2 { bytes.clone() } else { good.into_bytes() };
            drop(stream.write_all(&answer));
        });
        let bench = Bench::new(&raw.url("/feed")).await;
        bench.once(0).await;
        failure(&bench.once(1_000).await);
        bench.once(100_000).await;
        let asked = String::from_utf8_lossy(&raw.asked.lock().unwrap()[2]).into_owned();
        assert!(asked.contains("if-none-match: \"1\"\r\n"), "{asked}");
    }
}

fn whole_len() -> usize {
    empty_feed().len()
}

#[tokio::test]
async fn b10_an_item_that_could_not_be_read_holds_the_validators_back() {
    let serves = Arc::new(Mutex::new(false));
    let flag = Arc::clone(&serves);
    let site = Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        match seen.path.as_str() {
            "/feed" => Answer::ok("application/rss+xml", rss(&[format!("http://{host}/a")])).with("ETag", "\"1\""),
            "/a" if *flag.lock().unwrap() => Answer::ok("text/html", "<h1>Title of it</h1><p>Some text.</p>"),
            "/a" => Answer::status(503),
            _ => Answer::status(404),
        }
    });
    let bench = Bench::new(&site.url("/feed")).await;
    assert_eq!(bench.once(0).await.skipped, 1);
    assert_eq!(bench.state().await.etag, None);
    *serves.lock().unwrap() = true;
    assert_eq!(bench.once(1_000).await.articles, 1);
    assert_eq!(bench.state().await.etag.as_deref(), Some(b"\"1\"".as_slice()));
    assert_eq!(bench.once(2_000).await.articles, 0);
}

#[tokio::test]
async fn b11_a_304_to_an_unconditional_request_is_an_error() {
    let site = in_turn(vec![Answer::status(304)]);
    let bench = Bench::new(&site.url("/feed")).await;
    assert!(failure(&bench.once(0).await).contains("answered 304"));
}

#[tokio::test]
async fn b12_another_address_has_no_validators_yet() {
    let site = in_turn(vec![feed().with("ETag", "\"1\"")]);
    let mut bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    bench.source.feed = format!("{}?edited", site.url("/feed")).parse().unwrap();
    bench.once(1_000).await;
    assert_eq!(site.seen.lock().unwrap()[1].header("if-none-match"), None);
}

#[tokio::test]
async fn b13_validators_are_those_of_the_address_that_gave_them() {
    let count = AtomicUsize::new(0);
    let site = Site::serve(move |seen| match seen.path.as_str() {
        // Twice it leads to one place, then to another.
        "/feed" if count.fetch_add(1, Ordering::Relaxed) < 2 => Answer::status(302).with("Location", "/one"),
        "/feed" => Answer::status(302).with("Location", "/two"),
        _ => feed().with("ETag", "\"same\""),
    });
    let mut bench = Bench::new(&site.url("/feed")).await;
    for seconds in 0..4 {
        bench.restart().await;
        bench.once(seconds * 1_000).await;
    }
    let given = |path: &str| -> Vec<bool> {
        site.asked(path).iter().map(|seen| seen.header("if-none-match").is_some()).collect()
    };
    assert_eq!(given("/one"), [false, true]);
    assert_eq!(given("/two"), [false, true], "another place is asked for all it has, once");
    assert_eq!(given("/feed"), [false; 4]);
}
