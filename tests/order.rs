//! Order does not matter: the same articles in any order, in one, two or four polls at once, give the same ledger.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod claims;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use tollwatch::model::{Bounds, Claim, Outcome, Outcomes, Scope};
use tollwatch::store::{Filter, Reading, Store};

use claims::{claim, reading};

/// One way to tell one of a few claims that are hard to tell apart.
fn told() -> impl Strategy<Value = Claim> {
    let numbers = prop_oneof![Just(427_840_u64), Just(428_000), Just(427_000), Just(12), Just(3)];
    let hedges = 0..4_u8;
    let days = 0..24_i64;
    let dated =
        prop_oneof![4 => Just((true, 0_u16)), 3 => Just((false, 0)), 2 => Just((true, 4)), 1 => Just((true, 1))];
    let scopes = prop_oneof![4 => Just(Scope::Cumulative), 3 => Just(Scope::Incident), 1 => Just(Scope::Period)];
    let outcomes = prop_oneof![3 => Just(Outcome::Casualties), 1 => Just(Outcome::Killed)];
    (numbers, hedges, days, dated, scopes, outcomes, 0..2_u8).prop_map(
        |(n, hedge, day, dated, scope, outcome, name)| {
            let day = jiff::civil::date(2024, 3, 1).checked_add(day.days()).unwrap();
            let mut claim = claim(n, day);
            claim.figure.bounds = if hedge == 1 { Bounds::AtLeast(n) } else { Bounds::Exact(n) };
            claim.figure.approx = hedge == 2;
            (claim.as_of_stated, claim.as_of_days) = dated;
            claim.outcomes = Outcomes::only(outcome);
            claim.scope = scope;
            claim.since = match scope {
                Scope::Cumulative => Some(jiff::civil::date(2022, 2, 24)),
                Scope::Period => day.yesterday().ok(),
                Scope::Incident => Some(day),
            };
            claim.place = (scope == Scope::Incident).then(|| "Kherson".to_owned());
            if name == 1 {
                "General Staff".clone_into(&mut claim.claimant.as_mut().unwrap().name);
            }
            claim
        },
    )
}

/// Articles with one to three claims; every other one is a copy of the one before.
fn articles() -> impl Strategy<Value = Vec<Reading>> {
    prop::collection::vec(prop::collection::vec(told(), 1..3), 2..14).prop_map(|articles| {
        let mut out = Vec::new();
        for (at, claims) in articles.into_iter().enumerate() {
            out.push(reading(&format!("https://wire.example/{at}"), at, claims.clone()));
            if at % 3 == 0 {
                out.push(reading(&format!("https://copy.example/{at}"), at, claims));
            }
        }
        out
    })
}

async fn recorded(readings: Vec<Reading>, polls: usize) -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = if polls == 1 {
        "sqlite::memory:".to_owned()
    } else {
        format!("sqlite://{}", folder.path().join("ledger.db").display())
    };
    let store = Store::open(&url).await.unwrap();
    let readings = Arc::new(readings);
    let tasks: Vec<_> = (0..polls)
        .map(|poll| {
            let (store, readings) = (store.clone(), Arc::clone(&readings));
            async move {
                for (at, reading) in readings.iter().enumerate().filter(|(at, _)| at % polls == poll) {
                    let now = Timestamp::from_second(1_710_000_000 + i64::try_from(at).unwrap()).unwrap();
                    store.record_article(reading, now).await.unwrap();
                }
            }
        })
        .collect();
    let mut set = tokio::task::JoinSet::new();
    for task in tasks {
        set.spawn(task);
    }
    set.join_all().await;
    (store, folder)
}

/// All that the ledger holds, but for what tells in which order it was read.
async fn held(store: &Store) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for record in store.claims(&Filter::default()).await.unwrap() {
        let claim = &record.claim;
        out.insert(format!(
            "{} {} {:?} {:?} {:?} {:?} {:?} {} {:?} {} {} {:?}",
            record.id,
            record.series,
            record.known_as,
            claim.figure,
            claim.since,
            claim.as_of,
            claim.claimant,
            claim.outcomes,
            claim.place,
            record.sighting_count,
            record.independent,
            record.status
        ));
    }
    for one in store.series(&Filter::default()).await.unwrap() {
        let whole = store.one_series(&one.id).await.unwrap().unwrap();
        let points: BTreeSet<String> =
            whole.points.iter().map(|point| format!("{} {:?} {}", point.claim, point.as_of, point.figure)).collect();
        out.insert(format!("{} {} {points:?}", one.id, one.count));
    }
    out
}

/// Few cases in the ordinary run; `PROPTEST_CASES=1000` tries more.
fn config() -> ProptestConfig {
    let asked = ProptestConfig::default();
    let cases = if asked.cases == 256 { 32 } else { asked.cases };
    ProptestConfig { cases, max_shrink_iters: 300, failure_persistence: None, ..asked }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_same_articles_in_any_order_give_the_same_ledger(
        (straight, shuffled) in articles().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        polls in prop_oneof![Just(1_usize), Just(2), Just(4)],
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
        runtime.block_on(async {
            let ((one, _), (other, _folder)) = (recorded(straight, 1).await, recorded(shuffled, polls).await);
            let (held_by_one, held_by_other) = (held(&one).await, held(&other).await);
            let difference: Vec<&String> = held_by_one.symmetric_difference(&held_by_other).collect();
            assert!(difference.is_empty(), "{difference:#?}");
            assert_eq!(other.verify().await.unwrap().findings, []);
        });
    }
}
