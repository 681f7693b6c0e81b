//! How many bytes of article text a second each stage of the extraction reads, and a bare search for the same words as
//! the yardstick. A stage includes those before it: tokens, phrases, items, and the claims, which are the whole.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a benchmark may fail loudly")]

use std::path::Path;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use tollwatch::config::Config;
use tollwatch::extract::{Document, Extractor, Stage};
use tollwatch::model::{ConflictId, LangCode};

/// Articles of many kinds, with and without figures, separated by lines of `====`.
const ARTICLES: &str = include_str!("articles.txt");

/// How much text one run reads.
const RUN_BYTES: usize = 2_000_000;

/// The articles, over and over.
static TEXTS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let articles: Vec<&str> = ARTICLES.split("\n====\n").map(str::trim).collect();
    let all: usize = articles.iter().map(|article| article.len()).sum();
    articles.repeat(RUN_BYTES.div_ceil(all))
});

static ENGINE: LazyLock<Extractor> = LazyLock::new(|| {
    let config = Config::embedded().unwrap();
    Extractor::new(&config.languages, &config.conflicts)
});

fn main() {
    divan::main();
}

fn time(bencher: Bencher<'_, '_>, read: impl Fn(&Document<'_>) -> usize) {
    let lang = LangCode::new("en").unwrap();
    let conflicts = [ConflictId::new("russia-ukraine").unwrap()];
    let bytes: usize = TEXTS.iter().map(|text| text.len()).sum();
    LazyLock::force(&ENGINE);
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        let pieces = TEXTS.iter().map(|text| {
            read(&Document {
                text,
                title: text.lines().next().unwrap_or_default(),
                published: Some("2024-03-15".parse().unwrap()),
                lang: Some(&lang),
                conflicts: &conflicts,
                publisher: None,
            })
        });
        black_box(pieces.sum::<usize>())
    });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn a_tokens(bencher: Bencher<'_, '_>) {
    time(bencher, |document| ENGINE.count(document, Stage::Tokens));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn b_phrases(bencher: Bencher<'_, '_>) {
    time(bencher, |document| ENGINE.count(document, Stage::Phrases));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn c_items(bencher: Bencher<'_, '_>) {
    time(bencher, |document| ENGINE.count(document, Stage::Items));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn d_claims(bencher: Bencher<'_, '_>) {
    time(bencher, |document| ENGINE.extract(document).claims.len());
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn yardstick(bencher: Bencher<'_, '_>) {
    let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(words()).unwrap();
    time(bencher, |document| automaton.find_iter(document.text).count());
}

/// All words and names of English in the configuration.
fn words() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let mut words = Vec::new();
    let language = table(&root.join("languages/en.toml"));
    for (key, value) in &language {
        if key != "pattern" {
            collect(value, &mut words);
        }
    }
    for file in std::fs::read_dir(root.join("conflicts")).unwrap() {
        collect_english(&toml::Value::Table(table(&file.unwrap().path())), &mut words);
    }
    words.retain(|word| word.len() > 1);
    words.sort();
    words.dedup();
    words
}

fn table(path: &Path) -> toml::Table {
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

/// Every string of a list, and every key that has a number.
fn collect(value: &toml::Value, words: &mut Vec<String>) {
    match value {
        toml::Value::Array(all) => {
            words.extend(all.iter().filter_map(toml::Value::as_str).map(str::to_owned));
            for one in all {
                collect(one, words);
            }
        }
        toml::Value::Table(all) => {
            words.extend(all.iter().filter(|(_, value)| value.is_integer()).map(|(key, _)| key.clone()));
            for one in all.values() {
                collect(one, words);
            }
        }
        toml::Value::String(_)
        | toml::Value::Integer(_)
        | toml::Value::Float(_)
        | toml::Value::Boolean(_)
        | toml::Value::Datetime(_) => {}
    }
}

/// What stands under the keys `en` and `name`, however deep.
fn collect_english(value: &toml::Value, words: &mut Vec<String>) {
    match value {
        toml::Value::Array(all) => {
            for one in all {
                collect_english(one, words);
            }
        }
        toml::Value::Table(all) => {
            for (key, one) in all {
                match one.as_str() {
                    Some(name) if key == "name" => words.push(name.to_owned()),
                    Some(_) | None if key == "en" => collect(one, words),
                    Some(_) | None => collect_english(one, words),
                }
            }
        }
        toml::Value::String(_)
        | toml::Value::Integer(_)
        | toml::Value::Float(_)
        | toml::Value::Boolean(_)
        | toml::Value::Datetime(_) => {}
    }
}
