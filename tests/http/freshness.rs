//! D: freshness and schedule.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use tollwatch::poll::once;

use crate::bench::{Bench, at, empty_feed, settings, source};
use crate::support::{Answer, Site};

const DATE: &str = "Fri, 15 Mar 2024 12:00:00 GMT";

/// Seconds until the next poll after an answer with these headers.
async fn wait(headers: &[(&str, &str)], body: &str) -> i64 {
    let mut answer = Answer::ok("application/rss+xml", body).with("ETag", "\"1\"");
    for (name, value) in headers {
        answer = answer.with(name, value);
    }
    let site = Site::serve(move |_| answer.clone());
    let bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    bench.due().await
}

async fn fresh(headers: &[(&str, &str)]) -> i64 {
    wait(headers, &empty_feed()).await
}

async fn asks_for(channel: &str) -> i64 {
    wait(&[], &empty_feed().replace("<title>Feed</title>", &format!("<title>Feed</title>{channel}"))).await
}

#[tokio::test]
async fn d1_a_fresh_answer_is_not_asked_for_again() {
    let site = Site::serve(|_| Answer::ok("application/rss+xml", empty_feed()).with("Cache-Control", "max-age=7200"));
    let mut bench = Bench::new(&site.url("/feed")).await;
    // Articles are read again in between: that alone must not ask for the feed.
    bench.world.reread = Arc::new([Duration::from_secs(1_800)]);
    bench.turn(0).await;
    for seconds in [1_800, 3_600, 5_400, 7_199] {
        bench.turn(seconds).await;
        assert_eq!(site.asked("/feed").len(), 1, "{seconds}");
    }
    bench.turn(7_200).await;
    assert_eq!(site.asked("/feed").len(), 2);
}

#[tokio::test]
async fn d3_age_counts() {
    assert_eq!(fresh(&[("Cache-Control", "max-age=7200"), ("Age", "600")]).await, 6_600);
    assert_eq!(fresh(&[("Cache-Control", "max-age=7200"), ("Age", "99999")]).await, 900);
    assert_eq!(fresh(&[("Cache-Control", "max-age=7200"), ("Age", "600, 0")]).await, 6_600);
}

#[tokio::test]
async fn d4_expires_counts_from_the_date_in_every_form() {
    for until in ["Fri, 15 Mar 2024 14:00:00 GMT", "Friday, 15-Mar-24 14:00:00 GMT", "Fri Mar 15 14:00:00 2024"] {
        assert_eq!(fresh(&[("Date", DATE), ("Expires", until)]).await, 7_200, "{until}");
    }
    for stale in ["0", "-1", "Fri, 15 Mar 2024 11:00:00 GMT", "soon"] {
        assert_eq!(fresh(&[("Date", DATE), ("Expires", stale)]).await, 900, "{stale}");
    }
    assert_eq!(fresh(&[("Date", DATE), ("Expires", DATE), ("Cache-Control", "max-age=7200")]).await, 7_200);
}

#[tokio::test]
async fn d5_d6_the_least_fresh_directive_wins_in_any_spelling() {
    assert_eq!(fresh(&[("Cache-Control", "MAX-AGE=\"7200\" , public")]).await, 7_200);
    assert_eq!(fresh(&[("Cache-Control", "max-age=7200"), ("Cache-Control", "max-age=1800")]).await, 1_800);
    assert_eq!(fresh(&[("Cache-Control", "max-age=soon")]).await, 900);
    assert_eq!(fresh(&[("Cache-Control", "max-age=99999999999999999999999")]).await, 12 * 3_600);
    assert_eq!(fresh(&[("Cache-Control", "s-maxage=7200")]).await, 900, "D6");
    assert_eq!(fresh(&[("Cache-Control", "s-maxage=60, max-age=7200")]).await, 7_200, "D6");
    assert_eq!(fresh(&[("Cache-Control", "no-cache, max-age=7200")]).await, 900, "D6");
    assert_eq!(fresh(&[("Cache-Control", "no-store")]).await, 900, "D6");
}

#[tokio::test]
async fn d7_d8_ttl_counts_within_the_limit() {
    assert_eq!(asks_for("<ttl>120</ttl>").await, 7_200);
    assert_eq!(asks_for("<ttl>999999</ttl>").await, 12 * 3_600, "D7");
    assert_eq!(fresh(&[("Cache-Control", "max-age=31536000")]).await, 12 * 3_600, "D7");
    for odd in ["0", "-5", "often", ""] {
        assert_eq!(asks_for(&format!("<ttl>{odd}</ttl>")).await, 900, "{odd}");
    }
}

#[tokio::test]
async fn d10_the_longest_hint_counts_and_its_reason_is_kept() {
    let feed = empty_feed().replace("<title>Feed</title>", "<ttl>60</ttl>");
    assert_eq!(wait(&[("Cache-Control", "max-age=1800")], &feed).await, 3_600);
    let site = Site::serve(|_| Answer::ok("application/rss+xml", empty_feed()).with("Cache-Control", "max-age=7200"));
    let bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    assert_eq!(bench.state().await.due_reason.unwrap(), "the server says that its answer is fresh for 7200 s");
}

#[tokio::test]
async fn d12_d13_a_poll_is_due_after_its_interval_whoever_restarts() {
    let site = Site::serve(|_| Answer::ok("application/rss+xml", empty_feed()).with("ETag", "\"1\""));
    let mut bench = Bench::new(&site.url("/feed")).await;
    bench.turn(0).await;
    assert_eq!(bench.due().await, 900, "D12");
    for minute in 1..=5 {
        bench.restart().await;
        bench.turn(minute * 120).await;
    }
    assert_eq!(site.asked("/feed").len(), 1, "D13");
}

#[tokio::test]
async fn d16_an_address_is_never_asked_twice_at_once() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (inside, highest) = (Arc::clone(&now), Arc::clone(&most));
    let site = Site::serve(move |_| {
        highest.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        sleep(Duration::from_millis(50));
        inside.fetch_sub(1, Ordering::SeqCst);
        Answer::ok("application/rss+xml", empty_feed())
    });
    let bench = Bench::with(&site.url("/feed"), tollwatch::fetch::Settings { per_host: 8, ..settings() }).await;
    let other = source("two", &site.url("/feed"));
    let (one, two) = tokio::join!(once(&bench.world, &bench.source, at(0)), once(&bench.world, &other, at(0)));
    assert!(!one.unwrap().is_failure() && !two.unwrap().is_failure());
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn d18_a_poll_by_hand_is_conditional_and_waits_when_told_to() {
    let count = AtomicUsize::new(0);
    let site = Site::serve(move |_| match count.fetch_add(1, Ordering::Relaxed) {
        0 => {
            Answer::ok("application/rss+xml", empty_feed()).with("ETag", "\"1\"").with("Cache-Control", "max-age=7200")
        }
        _ => Answer::status(429).with("Retry-After", "1800"),
    });
    let bench = Bench::new(&site.url("/feed")).await;
    bench.once(0).await;
    bench.once(10).await;
    assert_eq!(site.asked("/feed")[1].header("if-none-match").as_deref(), Some("\"1\""));
    bench.once(20).await;
    bench.once(1_809).await;
    assert_eq!(site.asked("/feed").len(), 2);
}

#[tokio::test]
async fn d2_d8_what_was_said_still_holds_when_nothing_changed() {
    let count = AtomicUsize::new(0);
    let site = Site::serve(move |_| match count.fetch_add(1, Ordering::Relaxed) {
        0 => Answer::ok("application/rss+xml", empty_feed().replace("<title>", "<ttl>120</ttl><title>"))
            .with("ETag", "\"1\"")
            .with("Cache-Control", "max-age=3600"),
        1 => Answer::status(304),
        _ => Answer::status(304).with("Cache-Control", "max-age=10800"),
    });
    let mut bench = Bench::new(&site.url("/feed")).await;
    for (seconds, wait) in [(0, 7_200), (7_200, 7_200), (14_400, 10_800)] {
        bench.restart().await;
        bench.turn(seconds).await;
        assert_eq!(bench.due().await, seconds + wait);
    }
    assert_eq!(site.asked("/feed").len(), 3);
}

#[tokio::test]
async fn d9_quiet_hours_and_days_are_waited_out_within_the_limit() {
    // The clock starts on a Friday at noon.
    let hours = |from: u32, to: u32| -> String {
        let hours: Vec<String> = (from..to).map(|hour| format!("<hour>{hour}</hour>")).collect();
        hours.concat()
    };
    assert_eq!(asks_for(&format!("<skipHours>{}</skipHours>", hours(12, 15))).await, 3 * 3_600);
    assert_eq!(asks_for(&format!("<skipHours>{}</skipHours>", hours(13, 15))).await, 900);
    assert_eq!(asks_for(&format!("<skipHours>{}</skipHours>", hours(0, 24))).await, 12 * 3_600, "D7");
    assert_eq!(asks_for("<skipDays><day>friday</day></skipDays>").await, 12 * 3_600);
    assert_eq!(asks_for("<skipDays><day>Saturday</day><day>Someday</day></skipDays>").await, 900);
    for (frequency, wait) in [("1", 3_600), ("2", 1_800), ("0", 3_600), ("60", 900)] {
        let period =
            format!("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>{frequency}</sy:updateFrequency>");
        assert_eq!(asks_for(&period).await, wait, "{frequency}");
    }
}

#[tokio::test]
async fn d11_a_server_that_says_nothing_is_asked_once_a_day_unless_its_interval_is_set() {
    let wait = async |headers: &[(&str, &str)], interval: Option<u64>| {
        let mut answer = Answer::ok("application/rss+xml", empty_feed());
        for (name, value) in headers {
            answer = answer.with(name, value);
        }
        let site = Site::serve(move |_| answer.clone());
        let mut bench = Bench::new(&site.url("/feed")).await;
        bench.source.interval = interval.map(Duration::from_secs);
        bench.turn(0).await;
        bench.due().await
    };
    assert_eq!(wait(&[], None).await, 86_400);
    assert_eq!(wait(&[], Some(600)).await, 600);
    assert_eq!(wait(&[("ETag", "1")], None).await, 900);
    assert_eq!(wait(&[("Last-Modified", "yesterday")], None).await, 900);
    assert_eq!(wait(&[("Cache-Control", "max-age=1800")], None).await, 1_800, "it says otherwise");
}
