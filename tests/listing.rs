//! What a ledger answers when it is asked for lists: pages give the same as the whole, and the same whatever the filter.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod claims;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use jiff::{Timestamp, ToSpan};
use tempfile::TempDir;
use tollwatch::model::{Claim, ClaimRecord, Scope, Series, SeriesId, SourceId};
use tollwatch::store::{ChangeFilter, Filter, Reading, Store};

use claims::{claim, reading};

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn second(at: usize) -> Timestamp {
    Timestamp::from_second(1_710_000_000 + i64::try_from(at / 3).unwrap()).unwrap()
}

/// 1,260 claims in 60 series, three articles a second, some days undated, some articles changed later.
async fn fill(file: &Path) {
    let store = Store::open(&format!("sqlite://{}", file.display())).await.unwrap();
    let mut same_second = Vec::new();
    for at in 0..210_usize {
        let claims: Vec<Claim> = (0..6)
            .map(|kind| {
                let number = at * 6 + kind;
                let day = jiff::civil::date(2022, 3, 1).checked_add(i64::try_from(number / 7).unwrap().days()).unwrap();
                let mut claim = claim(u64::try_from(11_001 + number * 3).unwrap(), day);
                claim.place = Some(format!("Place {}", number % 60));
                if number.is_multiple_of(97) {
                    (claim.scope, claim.since, claim.as_of) = (Scope::Incident, None, None);
                }
                claim
            })
            .collect();
        let url = format!("https://paper.example/{}", if at % 50 == 49 { at - 7 } else { at });
        let mut one: Reading = reading(&url, at, claims);
        one.source = SourceId::new(if at % 9 == 0 { "north" } else { "south" }).unwrap();
        same_second.push(one);
        if at % 3 == 2 {
            store.record_articles(&same_second, second(at)).await.unwrap();
            same_second.clear();
        }
    }
    store.close().await;
}

/// A copy of that ledger, which is filled once for all tests.
async fn filled() -> (Store, TempDir) {
    static FILLED: OnceLock<TempDir> = OnceLock::new();
    let folder = FILLED.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.db");
        std::thread::spawn(move || block_on(fill(&file))).join().unwrap();
        folder
    });
    let own = tempfile::tempdir().unwrap();
    let file = own.path().join("ledger.db");
    std::fs::copy(folder.path().join("ledger.db"), &file).unwrap();
    (Store::open(&format!("sqlite://{}", file.display())).await.unwrap(), own)
}

async fn paged(store: &Store, filter: &Filter) -> Vec<ClaimRecord> {
    let (mut pages, mut out) = (store.claim_pages(filter).await.unwrap(), Vec::new());
    loop {
        let page = pages.next().await.unwrap();
        if page.is_empty() {
            return out;
        }
        out.extend(page);
    }
}

fn filters() -> Vec<Filter> {
    let source = |id: &str| Some(SourceId::new(id).unwrap());
    vec![
        Filter::default(),
        Filter { limit: Some(1_001), ..Filter::default() },
        Filter { limit: Some(0), ..Filter::default() },
        Filter { since: Some(second(100)), ..Filter::default() },
        Filter { since: Some(second(10)), until: Some(second(170)), ..Filter::default() },
        Filter { until: Some(second(150)), limit: Some(7), ..Filter::default() },
        Filter { source: source("north"), ..Filter::default() },
        Filter { grep: Some("LOST 120".into()), ..Filter::default() },
        Filter { claimant: Some("general staff".into()), ..Filter::default() },
        Filter { claimant: Some("nobody".into()), ..Filter::default() },
    ]
}

#[test]
fn pages_of_claims_are_the_list_of_claims() {
    block_on(async {
        let (store, _folder) = filled().await;
        for filter in filters() {
            let whole = store.claims(&filter).await.unwrap();
            assert_eq!(paged(&store, &filter).await, whole, "{filter:?}");
        }
        let all = paged(&store, &Filter::default()).await;
        assert_eq!(all.len(), 1_260);
        let mut pages = store.claim_pages(&Filter::default()).await.unwrap();
        let page = pages.next().await.unwrap();
        let addresses = pages.addresses(&page).await.unwrap();
        for record in page.iter().step_by(97) {
            let sightings = store.sightings(&record.id).await.unwrap();
            let urls: Vec<String> = sightings.iter().map(|sighting| sighting.url.to_string()).collect();
            assert_eq!(addresses[&record.id], urls);
        }
    });
}

/// The series of claims, worked out by hand.
fn by_hand(claims: &[ClaimRecord]) -> BTreeMap<SeriesId, Vec<&ClaimRecord>> {
    let mut out: BTreeMap<SeriesId, Vec<&ClaimRecord>> = BTreeMap::new();
    let is_point =
        |record: &&ClaimRecord| record.known_as.is_none() && record.status == tollwatch::model::Status::Current;
    for record in claims.iter().filter(is_point) {
        out.entry(record.series.clone()).or_default().push(record);
    }
    for figures in out.values_mut() {
        figures.sort_by_key(|record| (record.claim.as_of, record.first_seen, record.id.clone()));
    }
    out
}

#[test]
fn series_are_listed_by_their_newest_figure_with_all_that_was_counted() {
    block_on(async {
        let (store, _folder) = filled().await;
        let all = store.claims(&Filter::default()).await.unwrap();
        let (expected, listed) = (by_hand(&all), store.series(&Filter::default()).await.unwrap());
        assert_eq!(listed.len(), expected.len());
        assert!(listed.len() >= 60, "{}", listed.len());
        let newest = |series: &Series| series.points.last().unwrap().as_of;
        assert!(listed.is_sorted_by(|one, other| newest(one) >= newest(other)));
        for series in &listed {
            let figures = &expected[&series.id];
            assert_eq!(series.count as usize, figures.len());
            let ids: Vec<_> = figures.iter().map(|record| &record.id).collect();
            let shown: Vec<_> = series.points.iter().map(|point| &point.claim).collect();
            assert_eq!(shown, ids[ids.len().saturating_sub(8)..]);
            let whole = store.one_series(&series.id).await.unwrap().unwrap();
            assert_eq!(whole.points.iter().map(|point| &point.claim).collect::<Vec<_>>(), ids);
        }
        for filter in filters() {
            let wanted = Filter { limit: None, ..filter.clone() };
            let passing = store.claims(&wanted).await.unwrap();
            let (expected, mut found) = (by_hand(&passing), store.series_ids(&wanted).await.unwrap());
            let limited = store.series_ids(&filter).await.unwrap();
            assert_eq!(limited, found[..limited.len()]);
            found.sort();
            assert_eq!(found, expected.into_keys().collect::<Vec<_>>(), "{filter:?}");
        }
    });
}

#[test]
fn the_log_is_read_from_any_place_by_kind_and_time() {
    block_on(async {
        let (store, _folder) = filled().await;
        let last = store.last_change().await.unwrap();
        let all = store.changes(0, u32::MAX, &ChangeFilter::default()).await.unwrap();
        assert_eq!(i64::try_from(all.len()).unwrap(), last);
        let kinds = [None, Some("claim.new"), Some("claim.withdrawn"), Some("source.gone")];
        for event in kinds {
            for since in [None, Some(second(0)), Some(second(133)), Some(second(9_999))] {
                let filter = ChangeFilter { event: event.map(str::to_owned), since };
                let passes = |seq: &i64| {
                    let entry = &all[usize::try_from(seq - 1).unwrap()];
                    event.is_none_or(|event| entry.event == event) && since.is_none_or(|since| entry.at >= since)
                };
                let expected: Vec<i64> = (1..=last).filter(passes).collect();
                for newest in [None, Some(0), Some(1), Some(10), Some(u32::MAX)] {
                    let begin = store.changes_begin(&filter, newest).await.unwrap();
                    let mut found: Vec<i64> = Vec::new();
                    loop {
                        let after = found.last().copied().unwrap_or(begin);
                        let some = store.changes(after, 100, &filter).await.unwrap();
                        if some.is_empty() {
                            break;
                        }
                        found.extend(some.iter().map(|entry| entry.seq));
                    }
                    let count = newest.map_or(expected.len(), |newest| expected.len().min(newest as usize));
                    assert!(
                        found == expected[expected.len() - count..],
                        "{filter:?} {newest:?}: {} found",
                        found.len()
                    );
                }
            }
        }
    });
}
