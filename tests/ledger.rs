//! What a ledger promises: nothing is lost, nothing is changed unseen, stores of older versions open.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

mod claims;

use jiff::Timestamp;
use jiff::civil::date;
use tollwatch::model::{Claim, Outcome, Outcomes, Scope, Status};
use tollwatch::store::{Filter, Found, Reading, Store};
use tollwatch::view::LogEntry;

use claims::{claim, reading};

fn now() -> Timestamp {
    "2024-03-25T12:00:00Z".parse().unwrap()
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Records articles one by one and gives the events of each.
async fn told(store: &Store, readings: &[Reading]) -> Vec<Vec<LogEntry>> {
    let mut out = Vec::new();
    for reading in readings {
        out.push(store.record_article(reading, now()).await.unwrap());
    }
    out
}

fn names(entries: &[LogEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.event.as_str()).collect()
}

/// The events that one article after another leads to, each with a claim of its own.
fn events_of(claims: Vec<Claim>) -> Vec<String> {
    block_on(async {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let readings: Vec<Reading> = claims
            .into_iter()
            .enumerate()
            .map(|(at, claim)| reading(&format!("https://paper.example/{at}"), at, vec![claim]))
            .collect();
        let all = told(&store, &readings).await;
        assert_eq!(store.verify().await.unwrap().findings, []);
        all.iter().map(|entries| names(entries).join(" ")).collect()
    })
}

fn undated(mut claim: Claim) -> Claim {
    claim.as_of_stated = false;
    claim
}

fn incident(n: u64, day: jiff::civil::Date) -> Claim {
    let mut claim = claim(n, day);
    claim.outcomes = Outcomes::only(Outcome::Killed);
    (claim.scope, claim.since, claim.place) = (Scope::Incident, Some(day), Some("Kherson".into()));
    claim
}

fn period(n: u64, day: jiff::civil::Date) -> Claim {
    let mut claim = claim(n, day);
    (claim.scope, claim.since) = (Scope::Period, day.yesterday().ok());
    claim
}

fn about(mut claim: Claim) -> Claim {
    claim.figure.approx = true;
    claim
}

fn killed(mut claim: Claim) -> Claim {
    claim.outcomes = Outcomes::only(Outcome::Killed);
    claim
}

#[test]
fn a_report_is_the_claim_that_it_repeats() {
    let march = |day| date(2024, 3, day);
    let table: Vec<(&str, Vec<Claim>, &[&str])> = vec![
        (
            "the same total of the same day",
            vec![claim(427_840, march(14)), claim(427_840, march(14))],
            &["claim.new", "claim.seen"],
        ),
        (
            "… dated a few days off",
            vec![claim(427_840, march(14)), claim(427_840, march(17))],
            &["claim.new", "claim.seen"],
        ),
        (
            "… dated a week later",
            vec![claim(427_840, march(14)), claim(427_840, march(21))],
            &["claim.new", "claim.step"],
        ),
        (
            "an undated report 100 days later",
            vec![claim(427_840, march(14)), undated(claim(427_840, date(2024, 6, 22)))],
            &["claim.new", "claim.seen"],
        ),
        (
            "… 130 days later",
            vec![claim(427_840, march(14)), undated(claim(427_840, date(2024, 7, 22)))],
            &["claim.new", "claim.step"],
        ),
        ("a new total", vec![claim(427_840, march(14)), claim(429_000, march(15))], &["claim.new", "claim.step"]),
        ("a falling total", vec![claim(427_840, march(14)), claim(420_000, march(15))], &["claim.new", "claim.step"]),
        (
            "a late report of an old total",
            vec![claim(427_840, march(14)), claim(400_010, march(1))],
            &["claim.new", "claim.new"],
        ),
        (
            "another hedge",
            vec![claim(427_840, march(14)), about(claim(427_840, march(14)))],
            &["claim.new", "claim.drift"],
        ),
        (
            "… told again",
            vec![claim(427_840, march(14)), about(claim(427_840, march(14))), about(claim(427_840, march(14)))],
            &["claim.new", "claim.drift", "claim.seen"],
        ),
        ("rounded", vec![claim(427_840, march(14)), about(claim(428_000, march(15)))], &["claim.new", "claim.drift"]),
        (
            "rounded to another total",
            vec![claim(427_840, march(14)), about(claim(430_000, march(24)))],
            &["claim.new", "claim.step"],
        ),
        (
            "losses told as killed",
            vec![claim(427_840, march(14)), killed(claim(427_840, march(14)))],
            &["claim.new", "claim.drift"],
        ),
        (
            "an attack told the day after",
            vec![incident(12, march(14)), incident(12, march(15))],
            &["claim.new", "claim.seen"],
        ),
        (
            "an attack two days later",
            vec![incident(12, march(14)), incident(12, march(16))],
            &["claim.new", "claim.new"],
        ),
        (
            "a rising toll",
            vec![incident(12, march(14)), undated(incident(14, march(15)))],
            &["claim.new", "claim.step"],
        ),
        (
            "the losses of the next day",
            vec![period(1_160, march(14)), period(1_160, march(15))],
            &["claim.new", "claim.step"],
        ),
        (
            "the losses of the same day",
            vec![period(1_160, march(14)), undated(period(1_160, march(14)))],
            &["claim.new", "claim.seen"],
        ),
    ];
    for (what, claims, expected) in table {
        assert_eq!(events_of(claims), expected, "{what}");
    }
}

#[test]
fn losses_never_become_killed() {
    block_on(async {
        for order in [[0, 1], [1, 0]] {
            let store = Store::open("sqlite::memory:").await.unwrap();
            let both = [claim(427_840, date(2024, 3, 14)), killed(claim(427_840, date(2024, 3, 14)))];
            for at in order {
                let one = reading(&format!("https://paper.example/{at}"), at, vec![both[at].clone()]);
                store.record_article(&one, now()).await.unwrap();
            }
            let claims = store.claims(&Filter::default()).await.unwrap();
            let lost = claims.iter().find(|record| record.claim.outcomes.contains(Outcome::Casualties)).unwrap();
            let killed = claims.iter().find(|record| record.claim.outcomes.contains(Outcome::Killed)).unwrap();
            assert_eq!((lost.sighting_count, killed.sighting_count), (1, 1));
            assert_eq!((&lost.known_as, &killed.known_as), (&None, &Some(lost.id.clone())));
            let series = store.series(&Filter::default()).await.unwrap();
            assert_eq!(series.len(), 1, "what merely rewords a figure is no figure of its own");
            assert_eq!(series[0].id, lost.series);
        }
    });
}

#[test]
fn an_id_under_which_a_claim_was_known_leads_to_it_for_ever() {
    block_on(async {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let late = reading("https://paper.example/late", 1, vec![undated(claim(427_840, date(2024, 5, 1)))]);
        store.record_article(&late, now()).await.unwrap();
        let was = store.claims(&Filter::default()).await.unwrap().remove(0).id;
        let first = reading("https://paper.example/first", 2, vec![claim(427_840, date(2024, 3, 14))]);
        store.record_article(&first, now()).await.unwrap();
        let is = store.claims(&Filter::default()).await.unwrap();
        assert_eq!((is.len(), is[0].sighting_count, is[0].claim.as_of), (1, 2, Some(date(2024, 3, 14))));
        let Found::One(found) = store.claim(was.as_str()).await.unwrap() else { panic!("{was} is lost") };
        assert_eq!((&found.id, found.sightings.len()), (&is[0].id, 2));
        assert_ne!(found.id, was);
    });
}

#[test]
fn a_total_is_checked_against_the_increment_that_the_article_prints() {
    block_on(async {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let mut messages = Vec::new();
        for (at, (total, printed)) in [(427_840, 0), (429_000, 1_160), (430_000, 1_100)].into_iter().enumerate() {
            let day = date(2024, 3, 14 + i8::try_from(at).unwrap());
            let one =
                reading(&format!("https://paper.example/{at}"), at, vec![claim(total, day), period(printed, day)]);
            let entries = store.record_article(&one, now()).await.unwrap();
            messages.push(entries.into_iter().find(|entry| entry.fields["scope"] == "cumulative").unwrap());
        }
        assert!(!messages[1].message.contains("though"), "{}", messages[1].message);
        assert!(messages[2].message.contains("+1,000 since") || messages[2].message.contains("+1000 since"));
        assert!(messages[2].message.contains("though the article prints +1100"), "{}", messages[2].message);
        assert_eq!(messages[2].fields["step"]["printed"], 1_100);
    });
}

#[test]
fn an_article_that_flips_stops_being_news_but_what_is_new_in_it_is() {
    block_on(async {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let url = "https://paper.example/flip";
        let mut counts = Vec::new();
        for version in 0..9 {
            let total = if version % 2 == 0 { 12 } else { 14 };
            let one = reading(url, version % 2, vec![incident(total, date(2024, 3, 14))]);
            counts.push(store.record_article(&one, now()).await.unwrap().len());
        }
        assert!(counts[1..5].iter().all(|count| *count >= 2), "{counts:?}");
        assert!(counts[5..].iter().all(|count| *count == 0), "{counts:?}");
        let fresh = reading(url, 5, vec![incident(99, date(2024, 3, 14))]);
        assert_eq!(names(&store.record_article(&fresh, now()).await.unwrap()), ["claim.new"]);
        let claims = store.claims(&Filter::default()).await.unwrap();
        let current: Vec<u64> = claims
            .iter()
            .filter(|record| record.status == Status::Current)
            .map(|record| record.claim.figure.bounds.midpoint())
            .collect();
        assert_eq!(current, [99]);
        assert!(claims.iter().all(|record| record.sighting_count == 1), "versions of one article are one sighting");
        assert_eq!(store.verify().await.unwrap().findings, []);
    });
}

#[test]
fn a_withdrawn_claim_is_restored_by_whoever_prints_it_again() {
    block_on(async {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let day = date(2024, 3, 14);
        let (a, b) = ("https://paper.example/a", "https://paper.example/b");
        let entries = told(
            &store,
            &[
                reading(a, 1, vec![incident(12, day)]),
                reading(a, 2, vec![incident(14, day)]),
                reading(b, 3, vec![incident(12, day)]),
            ],
        )
        .await;
        assert_eq!(names(&entries[1]), ["article.edited", "claim.withdrawn", "claim.new"]);
        assert_eq!(names(&entries[2]), ["claim.restored"]);
        let edited = &entries[1][0];
        assert!(edited.fields["removed"][0].as_str().unwrap().contains("12 killed"));
        assert!(edited.fields["added"][0].as_str().unwrap().contains("14 killed"));
    });
}
