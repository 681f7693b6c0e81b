//! How often copies are taken for independent articles, and independent articles for copies, on cases of our own:
//! `cargo test --test copies -- --nocapture` prints the errors by kind. Stories of one event are by different hands.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test may fail loudly"
)]
#![allow(clippy::print_stderr, reason = "figures for the person who runs the test")]

#[path = "../claims/mod.rs"]
mod claims;
mod templates;
mod variants;

use std::collections::BTreeMap;

use jiff::Timestamp;
use tollwatch::ledger::Sketch;
use tollwatch::store::{Filter, Reading, Store};

use claims::{claim, reading};

/// A story as somebody wrote it.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) event: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

impl Story {
    fn sketch(&self) -> Sketch {
        Sketch::of(&format!("{}\n\n{}", self.title, self.text))
    }
}

fn stories() -> Vec<Story> {
    let all = include_str!("stories.txt");
    let story = |part: &str| {
        let (head, rest) = part.split_once('\n').unwrap();
        let (title, text) = rest.split_once('\n').unwrap();
        let event = head.split_whitespace().next().unwrap().to_owned();
        Story { event, title: title.to_owned(), text: text.trim().to_owned() }
    };
    all.split("== ").filter(|part| !part.trim().is_empty()).map(story).collect()
}

/// Pairs, and how many of them were judged wrongly.
#[derive(Default)]
struct Count {
    pairs: usize,
    wrong: usize,
}

#[derive(Default)]
struct Table(BTreeMap<String, Count>);

impl Table {
    fn add(&mut self, kind: &str, is_wrong: bool) {
        let count = self.0.entry(kind.to_owned()).or_default();
        count.pairs += 1;
        count.wrong += usize::from(is_wrong);
    }

    fn share(&self) -> f64 {
        let sum = |part: fn(&Count) -> usize| self.0.values().map(part).sum::<usize>() as f64;
        sum(|count| count.wrong) / sum(|count| count.pairs)
    }

    fn print(&self, what: &str) {
        eprintln!("{what}: {:.2} %", self.share() * 100.0);
        for (kind, Count { pairs, wrong }) in &self.0 {
            eprintln!("  {kind:<44} {wrong:>4} of {pairs:>5}");
        }
    }
}

#[test]
fn copies_are_known_whatever_was_done_to_them() {
    let mut misses = Table::default();
    for story in stories() {
        let variants = variants::of(&story);
        for (at, (kind, variant)) in variants.iter().enumerate() {
            misses.add(kind, !story.sketch().is_copy(&variant.sketch()));
            for (other, copy) in &variants[..at] {
                misses.add("two copies of one story", !copy.sketch().is_copy(&variant.sketch()));
                assert_eq!(
                    copy.sketch().is_copy(&variant.sketch()),
                    variant.sketch().is_copy(&copy.sketch()),
                    "{kind} {other}"
                );
            }
        }
    }
    misses.print("missed copies");
    assert!(misses.share() <= 0.03, "{:.3}", misses.share());
    for kind in ["another headline", "dateline and credits", "AMP page", "another figure", "boilerplate behind it"] {
        assert_eq!(misses.0[kind].wrong, 0, "{kind}");
    }
}

#[test]
fn stories_by_different_hands_are_no_copies() {
    let mut merged = Table::default();
    let all = stories();
    for (at, one) in all.iter().enumerate() {
        for other in &all[..at] {
            let kind = if one.event == other.event { "one event by two hands" } else { "two events" };
            for (how, variant) in variants::of(one) {
                merged.add(kind, variant.sketch().is_copy(&other.sketch()));
                for (too, second) in variants::of(other).into_iter().filter(|(too, _)| *too == how) {
                    merged.add(&format!("{kind}, both: {too}"), variant.sketch().is_copy(&second.sketch()));
                }
            }
        }
    }
    for (name, stories) in templates::all() {
        let sketches: Vec<Sketch> = stories.iter().map(Story::sketch).collect();
        for (at, one) in sketches.iter().enumerate() {
            for other in &sketches[..at] {
                merged.add(&format!("one template, other figures: {name}"), one.is_copy(other));
            }
        }
    }
    merged.print("false merges");
    assert!(merged.share() <= 0.002, "{:.3}", merged.share());
    assert_eq!(merged.0["one event by two hands"].wrong, 0);
}

/// An article as the ledger takes it, with a claim that all of its event print.
fn article(at: usize, story: &Story) -> Reading {
    let one = claim(52, jiff::civil::date(2022, 4, 8));
    let mut reading = reading(&format!("https://paper-{at}.example/story"), at, vec![one]);
    reading.article.title.clone_from(&story.title);
    let text = format!("{}\n\nThey lost 52.", story.text);
    reading.article.text = text;
    let document = reading.article.document();
    let start = document.find("They lost 52.").unwrap();
    reading.claims[0].quote.span = start..start + "They lost 52.".len();
    reading.raw = document.into_bytes();
    reading
}

#[test]
fn a_claim_counts_each_story_once() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (mut wrong, all) = (0, stories());
        let events: BTreeMap<&str, Vec<&Story>> = all.iter().fold(BTreeMap::new(), |mut events, story| {
            events.entry(story.event.as_str()).or_insert_with(Vec::new).push(story);
            events
        });
        for (event, stories) in &events {
            let mut told: Vec<Story> = stories.iter().map(|story| (*story).clone()).collect();
            told.extend(stories.iter().flat_map(|story| variants::of(story)).map(|(_, variant)| variant));
            let readings: Vec<Reading> = told.iter().enumerate().map(|(at, story)| article(at, story)).collect();
            let store = Store::open("sqlite::memory:").await.unwrap();
            store.record_articles(&readings, Timestamp::UNIX_EPOCH).await.unwrap();
            let claims = store.claims(&Filter::default()).await.unwrap();
            assert_eq!((claims.len(), claims[0].sighting_count as usize), (1, told.len()), "{event}");
            let off = (claims[0].independent as usize).abs_diff(stories.len());
            eprintln!("{event}: {} articles, {} of {} stories", told.len(), claims[0].independent, stories.len());
            wrong += off;
            assert_eq!(store.verify().await.unwrap().findings, []);
        }
        assert!(wrong <= 2, "{wrong} stories too many or too few");
    });
}
