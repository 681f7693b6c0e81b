//! Raw bodies that are old enough are dropped; what they proved stays, and nothing else may go.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a test may fail loudly, and prints what it measured"
)]

mod claims;
mod support;

use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::date;
use sqlx::SqlitePool;
use tollwatch::store::{Reading, Store};

use claims::{claim, reading};
use support::Desk;

fn at(day: i8) -> Timestamp {
    format!("2024-03-{day:02}T12:00:00Z").parse().unwrap()
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn opened(file: &Path) -> Store {
    Store::open(&format!("sqlite://{}", file.display())).await.unwrap()
}

async fn bare(file: &Path) -> SqlitePool {
    SqlitePool::connect_with(sqlx::sqlite::SqliteConnectOptions::new().filename(file).foreign_keys(false))
        .await
        .unwrap()
}

async fn number(pool: &SqlitePool, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

/// An article with a claim and a body that does not compress.
fn article(n: usize, bytes: usize) -> Reading {
    let mut one = reading(
        &format!("https://paper.example/{n}"),
        n,
        vec![claim(400_000 + u64::try_from(n).unwrap(), date(2024, 3, 1))],
    );
    let mut seed = u64::try_from(n).unwrap() + 1;
    let mut byte = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[3]
    };
    one.raw = (0..bytes).map(|_| byte()).collect();
    one
}

/// Articles of the 1st to the 4th of March, of which those of the first two days were pruned.
async fn pruned_ledger(file: &Path) -> Store {
    let store = opened(file).await;
    for n in 1..=4 {
        store.record_article(&article(n, 100), at(i8::try_from(n).unwrap())).await.unwrap();
    }
    assert_eq!(store.prune_bodies(at(3), 1, at(20)).await.unwrap(), 1, "no more than asked for");
    assert_eq!(store.prune_bodies(at(3), 10, at(20)).await.unwrap(), 1);
    assert_eq!(store.prune_bodies(at(3), 10, at(20)).await.unwrap(), 0);
    store
}

#[test]
fn old_bodies_go_and_texts_quotes_and_digests_stay() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        let store = pruned_ledger(&file).await;
        let checked = store.verify().await.unwrap();
        assert_eq!(checked.findings, []);
        assert_eq!((checked.articles, checked.bodies, checked.pruned, checked.quotes), (4, 2, 2, 4));
        let pool = bare(&file).await;
        assert_eq!(number(&pool, "SELECT sum(article) FROM bodies").await, 3 + 4);
        assert_eq!(
            number(&pool, "SELECT count(*) FROM articles WHERE length(raw_sha256) = 32 AND text <> ''").await,
            4
        );
        for sql in ["DELETE FROM pruned", "UPDATE pruned SET at = ''"] {
            assert!(sqlx::raw_sql(sql).execute(&pool).await.is_err(), "{sql}");
        }
    });
}

#[test]
fn a_body_that_went_or_changed_in_another_way_is_found() {
    let damage = [
        ("DELETE FROM bodies WHERE article = 3", "article version 3", "is missing"),
        ("UPDATE bodies SET body = x'' WHERE article = 4", "article version 4", "SHA-256"),
        (
            "INSERT INTO pruned VALUES (3, '2024-03-20T12:00:00.000Z', zeroblob(32)); DELETE FROM bodies WHERE article = 3",
            "article version 3",
            "digest",
        ),
        (
            "DROP TRIGGER pruned_stay; UPDATE pruned SET article = 3 WHERE article = 1; DELETE FROM bodies WHERE article = 3",
            "article version 3",
            "digest",
        ),
        ("DROP TRIGGER pruned_remain; DELETE FROM pruned WHERE article = 1", "article version 1", "is missing"),
        (
            "DROP TRIGGER pruned_stay; UPDATE pruned SET at = '2024-03-21T12:00:00.000Z' WHERE article = 2",
            "article version 2",
            "digest",
        ),
        ("INSERT INTO bodies VALUES (1, x'0300')", "article version 1", "recorded as pruned"),
    ];
    block_on(async {
        for (sql, place, what) in damage {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("ledger.db");
            pruned_ledger(&file).await.close().await;
            let pool = bare(&file).await;
            sqlx::raw_sql(sql).execute(&pool).await.unwrap();
            pool.close().await;
            let found = opened(&file).await.verify().await.unwrap().findings;
            let named = found.iter().any(|one| one.place.starts_with(place) && one.what.contains(what));
            assert!(named, "{sql}: {found:?}");
        }
    });
}

#[test]
fn the_room_of_what_was_dropped_is_used_again() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        let store = opened(&file).await;
        let pool = bare(&file).await;
        let record = async |from: usize, day: i8| {
            let readings: Vec<Reading> = (from..from + 200).map(|n| article(n, 20_000)).collect();
            store.record_articles(&readings, at(day)).await.unwrap();
        };
        record(0, 1).await;
        let full = number(&pool, "PRAGMA page_count").await;
        let begun = Instant::now();
        let mut rounds = 0;
        while store.prune_bodies(at(2), 50, at(3)).await.unwrap() == 50 {
            rounds += 1;
        }
        let (took, free) = (begun.elapsed(), number(&pool, "PRAGMA freelist_count").await);
        record(200, 3).await;
        let after = number(&pool, "PRAGMA page_count").await;
        eprintln!(
            "200 bodies of 20 kB dropped in {rounds} transactions, {} ms; {free} of {full} pages free; {after} pages after 200 more articles",
            took.as_millis()
        );
        assert!(free > full * 8 / 10, "{free} of {full}");
        assert!(after < full * 12 / 10, "{after} pages, {full} before");
        let checked = store.verify().await.unwrap();
        assert_eq!((checked.findings.len(), checked.bodies, checked.pruned), (0, 200, 200));
    });
}

#[test]
fn the_daemon_drops_what_is_old_enough_at_its_start() {
    let desk = Desk::new(&[]);
    let config = std::fs::read_to_string(desk.path().join("tollwatch.toml")).unwrap();
    let main = config.replacen("[http]", "keep_bodies = \"30d\"\n[http]", 1);
    std::fs::write(desk.path().join("tollwatch.toml"), main).unwrap();
    block_on(async {
        let store = opened(&desk.ledger()).await;
        let readings: Vec<Reading> = (0..120).map(|n| article(n, 500)).collect();
        store.record_articles(&readings, at(1)).await.unwrap();
        #[allow(clippy::disallowed_methods, reason = "the daemon goes by the clock of this machine")]
        store.record_article(&article(500, 500), Timestamp::now()).await.unwrap();
        store.close().await;
    });
    let log = desk.path().join("log");
    let mut daemon = desk.command(&["run"]).stderr(std::fs::File::create(&log).unwrap()).spawn().unwrap();
    let begun = Instant::now();
    let told = || std::fs::read_to_string(&log).unwrap();
    while !told().contains("store.pruned") {
        assert!(begun.elapsed() < Duration::from_secs(30), "{}", told());
        std::thread::sleep(Duration::from_millis(50));
    }
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    assert_eq!(told().matches("store.pruned").count(), 1);
    assert!(told().contains("\"bodies\":\"120\"") || told().contains("bodies 120"), "{}", told());
    let verified = desk.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}", verified.stdout);
    assert!(verified.stdout.contains("121 article versions, 1 raw bodies and 120 pruned ones"), "{}", verified.stdout);
}
