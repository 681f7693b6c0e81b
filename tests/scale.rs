//! A ledger of a million sightings: `cargo test --release --test scale -- --ignored --nocapture` prints what it measures;
//! `TOLLWATCH_SIGHTINGS` sets another size.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test may fail loudly"
)]
#![allow(clippy::disallowed_methods, reason = "the size is for the person who runs the test")]
#![allow(clippy::print_stderr, reason = "figures for the person who runs the test")]

mod claims;

use std::time::Instant;

use jiff::{Timestamp, ToSpan};
use tollwatch::model::Claim;
use tollwatch::store::{Filter, Reading, Store};

use claims::{claim, reading};

/// Claims that an article prints.
const CLAIMS: usize = 10;
/// Sightings of a claim.
const SIGHTINGS: usize = 50;
/// Series that the claims belong to.
const SERIES: usize = 500;

/// The claims are numbered; so many in a row are printed by one article, and each article is one of many on them.
fn article(at: usize) -> Reading {
    let block = at / SIGHTINGS;
    let claims: Vec<Claim> = (block * CLAIMS..(block + 1) * CLAIMS)
        .map(|number| {
            let (series, point) = (number % SERIES, number / SERIES);
            let day = jiff::civil::date(2022, 3, 1).checked_add(i64::try_from(point).unwrap().days()).unwrap();
            let mut claim = claim(u64::try_from(10_007 + number).unwrap(), day);
            claim.place = Some(format!("Place {series}"));
            claim
        })
        .collect();
    reading(&format!("https://paper-{}.example/{block}", at % SIGHTINGS), at, claims)
}

async fn record(store: &Store, articles: std::ops::Range<usize>) -> f64 {
    let begun = Instant::now();
    let all: Vec<usize> = articles.collect();
    let mut took = 0.0;
    for batch in all.chunks(100) {
        let readings: Vec<Reading> = batch.iter().map(|at| article(*at)).collect();
        let now = Timestamp::from_second(1_600_000_000 + i64::try_from(batch[0]).unwrap() * 600).unwrap();
        let begun = Instant::now();
        store.record_articles(&readings, now).await.unwrap();
        took += begun.elapsed().as_secs_f64();
    }
    eprintln!("  {} articles, {:.0} s", all.len(), begun.elapsed().as_secs_f64());
    took * 1e6 / (all.len() * CLAIMS) as f64
}

async fn timed<T>(what: &str, work: impl AsyncFn() -> T) -> T {
    let out = work().await;
    let mut times = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        drop(work().await);
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    eprintln!("{what}: {:.1} ms", times[2]);
    out
}

#[test]
#[ignore = "takes minutes and gigabytes; it is run when the store changes"]
fn a_million_sightings_answer_as_quickly_as_ten_thousand() {
    let wanted: usize = std::env::var("TOLLWATCH_SIGHTINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger.db");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&format!("sqlite://{}", file.display())).await.unwrap();
        let few = 10_000 / CLAIMS;
        record(&store, 0..few).await;
        let early = record(&store, few..few + 1_000).await;
        let many = wanted / CLAIMS;
        record(&store, few + 1_000..many).await;
        let late = record(&store, many..many + 1_000).await;
        eprintln!(
            "a new sighting: {early:.0} µs at 10,000, {late:.0} µs at {wanted} ({:+.0} %)",
            (late / early - 1.0) * 100.0
        );
        let since =
            Timestamp::from_second(1_600_000_000 + i64::try_from(many + 1_000).unwrap() * 600 - 86_400).unwrap();
        let recent = Filter { since: Some(since), ..Filter::default() };
        let found = timed("claims --since a day", async || store.claims(&recent).await.unwrap()).await;
        eprintln!("  {} claims", found.len());
        let hundred = Filter { limit: Some(100), ..Filter::default() };
        let series = timed("series, the newest hundred", async || store.series(&hundred).await.unwrap()).await;
        eprintln!("  {} series of {} figures", series.len(), series[0].count);
        timed("series, all", async || store.series(&Filter::default()).await.unwrap()).await;
        timed("show", async || {
            store.claim(found[0].id.as_str()).await.unwrap();
            store.one_series(&found[0].series).await.unwrap();
            store.changes(0, None, Some(&found[0].id), &Filter::default()).await.unwrap()
        })
        .await;
        store.close().await;
        let bytes = std::fs::metadata(&file).unwrap().len();
        eprintln!("{bytes} bytes, {} a sighting", bytes / u64::try_from(wanted + 1_000 * CLAIMS).unwrap());
    });
}
