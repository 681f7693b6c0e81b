//! Ledgers that older versions wrote: each opens, is in order, and goes on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

#[path = "../claims/mod.rs"]
mod claims;

use std::path::{Path, PathBuf};

use jiff::civil::date;
use tollwatch::model::Bounds;
use tollwatch::store::{Filter, Found, Store};

use claims::{claim, reading, small_ledger};

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

async fn opened(file: &Path) -> Store {
    Store::open(&format!("sqlite://{}", file.display())).await.unwrap()
}

fn kept(format: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/stores/{format}.db"))
}

/// The format of a file: bytes 60 to 63 of its header.
fn format_of(file: &Path) -> u32 {
    let bytes = std::fs::read(file).unwrap();
    u32::from_be_bytes(bytes[60..64].try_into().unwrap())
}

/// Opens a copy of a kept store.
async fn copied(format: u32, folder: &Path) -> Store {
    let file = folder.join("ledger.db");
    std::fs::copy(kept(format), &file).unwrap();
    assert_eq!(format_of(&file), format);
    opened(&file).await
}

async fn goes_on(store: &Store) {
    let more = reading("https://paper.example/more", 1, vec![claim(999_999, date(2024, 3, 14))]);
    let entries = store.record_article(&more, "2024-03-26T12:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(store.verify().await.unwrap().findings, []);
}

#[test]
fn a_store_of_the_first_format_opens_and_goes_on() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = copied(1, folder.path()).await;
        let verified = store.verify().await.unwrap();
        assert_eq!(verified.findings, []);
        assert_eq!((verified.articles, verified.bodies, verified.quotes, verified.changes), (8, 8, 14, 18));
        let claims = store.claims(&Filter::default()).await.unwrap();
        assert_eq!(claims.len(), 8);
        let attack = claims.iter().find(|record| record.claim.figure.bounds == Bounds::AtLeast(12)).unwrap();
        assert!(matches!(store.claim(attack.id.as_str()).await.unwrap(), Found::One(_)));
        let step = store.series(&Filter::default()).await.unwrap().into_iter().find_map(|series| series.latest_step());
        assert_eq!(step.unwrap().difference, 1_160);
        goes_on(&store).await;
    });
}

#[test]
fn a_store_of_today_opens_and_goes_on_for_ever() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = copied(9, folder.path()).await;
        let verified = store.verify().await.unwrap();
        assert_eq!(verified.findings, []);
        assert_eq!((verified.articles, verified.bodies, verified.pruned, verified.quotes), (6, 5, 1, 7));
        // The same articles give the same ids in every version.
        let fresh = folder.path().join("fresh.db");
        small_ledger(&fresh).await;
        let fresh = opened(&fresh).await;
        assert_eq!(store.claims(&Filter::default()).await.unwrap(), fresh.claims(&Filter::default()).await.unwrap());
        assert_eq!(store.series(&Filter::default()).await.unwrap(), fresh.series(&Filter::default()).await.unwrap());
        goes_on(&store).await;
    });
}

#[test]
fn the_newest_format_is_kept() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        opened(&file).await.close().await;
        let newest = format_of(&file);
        assert!(kept(newest).exists(), "keep one: cargo test --test stores -- --ignored");
    });
}

#[test]
#[ignore = "writes a file of the repository, when the format has changed"]
fn a_store_of_this_format_is_written() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        small_ledger(&file).await;
        let kept = kept(format_of(&file));
        if !kept.exists() {
            std::fs::copy(&file, kept).unwrap();
        }
    });
}
