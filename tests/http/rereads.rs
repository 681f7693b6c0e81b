//! Articles are read again while they are fresh: politely, and without losing anything when they are gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use tollwatch::model::{ConflictId, LangCode, Status};
use tollwatch::store::Filter;

use crate::bench::Bench;
use crate::support::{Answer, Site, page, rss};

const HOUR: i64 = 3_600;

/// A feed with one article, which answers as it is told to: 200 for its first text, 201 for an edited one.
fn site(answer: &Arc<AtomicU16>) -> Site {
    let answer = Arc::clone(answer);
    Site::serve(move |seen| {
        let host = seen.header("host").unwrap();
        if seen.path != "/a" {
            let feed = || Answer::ok("application/rss+xml", rss(&[format!("http://{host}/a")]));
            return if seen.path == "/feed" { feed() } else { Answer::status(404) };
        }
        let text = |killed: u32| {
            format!(
                "A missile struck the market of Kherson on Friday and killed {killed} people, Governor Oleksandr Prokudin said on Telegram."
            )
        };
        let told = |killed| Answer::ok("text/html", page("Market", "2024-03-15T12:00:00Z", &text(killed)));
        match answer.load(Ordering::Relaxed) {
            200 => told(12).with("ETag", "\"first\"").with("Last-Modified", "Fri, 15 Mar 2024 12:00:00 GMT"),
            201 => told(14).with("ETag", "\"second\""),
            status => Answer::status(status),
        }
    })
}

async fn watched(site: &Site) -> Bench {
    let mut bench = Bench::new(&site.url("/feed")).await;
    bench.world.reread = [1, 6, 24, 72].map(Duration::from_hours).into();
    bench.source.lang = Some(LangCode::new("en").unwrap());
    bench.source.conflicts = vec![ConflictId::new("russia-ukraine").unwrap()];
    bench.turn(0).await;
    assert_eq!(bench.events(), ["claim.new"]);
    bench
}

/// How many articles print each claim now.
async fn standing(bench: &Bench) -> Vec<(u64, Status)> {
    let claims = bench.world.store.claims(&Filter::default()).await.unwrap();
    let mut out: Vec<_> = claims.iter().map(|record| (record.claim.figure.bounds.midpoint(), record.status)).collect();
    out.sort_by_key(|(figure, _)| *figure);
    out
}

#[tokio::test]
async fn an_unchanged_article_is_asked_for_conditionally_at_each_age_and_changes_nothing() {
    let answer = Arc::new(AtomicU16::new(200));
    let site = site(&answer);
    let bench = watched(&site).await;
    answer.store(304, Ordering::Relaxed);
    for (hours, asked) in [(0, 1), (1, 2), (2, 2), (6, 3), (24, 4), (72, 5), (96, 5)] {
        bench.turn(hours * HOUR + 60).await;
        assert_eq!(site.asked("/a").len(), asked, "after {hours} hours");
    }
    for seen in &site.asked("/a")[1..] {
        assert_eq!(seen.header("if-none-match").as_deref(), Some("\"first\""));
        assert_eq!(seen.header("if-modified-since").as_deref(), Some("Fri, 15 Mar 2024 12:00:00 GMT"));
    }
    let again = bench.requests().await.into_iter().filter(|request| request.reason == "again");
    assert!(again.map(|request| request.status).all(|status| status.is_none_or(|status| status == 304)));
    assert_eq!(bench.events(), ["claim.new"]);
    assert_eq!(standing(&bench).await, [(12, Status::Current)]);
    assert_eq!(bench.world.store.verify().await.unwrap().articles, 1, "no version was added");
}

#[tokio::test]
async fn a_deleted_article_withdraws_nothing_and_is_not_asked_for_again() {
    for status in [404, 410] {
        let answer = Arc::new(AtomicU16::new(200));
        let site = site(&answer);
        let bench = watched(&site).await;
        answer.store(status, Ordering::Relaxed);
        for hours in [1, 6, 24, 72] {
            bench.turn(hours * HOUR + 60).await;
        }
        assert_eq!(site.asked("/a").len(), 2, "{status}");
        assert_eq!(bench.events(), ["claim.new"], "{status}");
        assert_eq!(standing(&bench).await, [(12, Status::Current)], "{status}");
        assert_eq!(bench.world.store.verify().await.unwrap().findings, []);
    }
}

#[tokio::test]
async fn an_article_that_cannot_be_had_is_tried_again_and_its_edit_is_not_missed() {
    let answer = Arc::new(AtomicU16::new(200));
    let site = site(&answer);
    let bench = watched(&site).await;
    answer.store(503, Ordering::Relaxed);
    bench.turn(HOUR + 60).await;
    assert_eq!(bench.events(), ["claim.new"]);
    answer.store(201, Ordering::Relaxed);
    bench.turn(HOUR + 60 + 901).await;
    assert_eq!(&bench.events()[1..], ["article.edited", "claim.withdrawn", "claim.new"]);
    assert_eq!(standing(&bench).await, [(12, Status::Withdrawn), (14, Status::Current)]);
    answer.store(410, Ordering::Relaxed);
    bench.turn(6 * HOUR + 60).await;
    assert_eq!(site.asked("/a").last().unwrap().header("if-none-match").as_deref(), Some("\"second\""));
    assert_eq!(standing(&bench).await, [(12, Status::Withdrawn), (14, Status::Current)], "gone as it was");
}
