//! Cases: a text, and what must come out of it, rejections included. `BLESS=1 cargo test --test cases` rewrites them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may fail loudly"
)]
#![allow(clippy::format_push_string, reason = "readable beats fast here")]
#![allow(clippy::disallowed_methods, reason = "BLESS is for the person who runs the tests")]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use tollwatch::config::Config;
use tollwatch::extract::{Document, Extraction, Extractor};
use tollwatch::model::{ConflictId, LangCode};

/// The day on which every case is published: a Friday.
const PUBLISHED: &str = "2024-03-15";

fn engine() -> Extractor {
    let config = Config::embedded().unwrap();
    Extractor::new(&config.languages, &config.conflicts)
}

/// The war of a case: the one that its comment begins with in brackets, else the first one.
fn war(comment: &str) -> &str {
    let named = comment.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    named.map_or("russia-ukraine", |(war, _)| war)
}

fn read(engine: &Extractor, lang: &LangCode, war: &str, text: &str) -> String {
    let conflict = [ConflictId::new(war).unwrap()];
    let extraction = engine.extract(&Document {
        text,
        title: "",
        published: Some(PUBLISHED.parse().unwrap()),
        lang: Some(lang),
        conflicts: &conflict,
        publisher: None,
    });
    told(&extraction)
}

fn told(extraction: &Extraction) -> String {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for claim in &extraction.claims {
        let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| "?".to_owned(), |day| day.to_string());
        let who = claim.claimant.as_ref().map_or_else(|| "nobody".to_owned(), |claimant| claimant.name.clone());
        let party = claim.party.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
        let group = claim.group.as_deref().map(|group| format!(" ({group})")).unwrap_or_default();
        let place = claim.place.as_deref().map(|place| format!(" in {place}")).unwrap_or_default();
        let line = format!(
            "{} {} · {party} {}{group} · {who} · {} {}..{}{place} · {}",
            claim.figure,
            claim.outcomes,
            claim.victims,
            claim.scope,
            day(claim.since),
            day(claim.as_of),
            claim.rule
        );
        let at = claim.quote.span.start + claim.quote.text.find(&claim.wording.figure).unwrap_or(0);
        lines.push((at, line));
    }
    for rejection in &extraction.rejected {
        let reason = rejection.reason.to_string();
        lines.push((rejection.span.start, format!("not {}: {}", rejection.text, reason.split(':').next().unwrap())));
    }
    lines.sort();
    lines.into_iter().map(|(_, line)| line + "\n").collect()
}

/// The cases of a file: comment and text, then what must come out.
fn parts(file: &str) -> Vec<(String, String, String)> {
    let blocks = file.split("\n\n# ").map(|block| block.trim_start_matches("# "));
    let split = |block: &str| {
        let (head, expected) = block.split_once("\n----").unwrap_or_else(|| panic!("a case without ----: {block}"));
        let (comment, text) = head.split_once('\n').unwrap();
        (comment.to_owned(), text.to_owned(), expected.trim().to_owned())
    };
    blocks.filter(|block| !block.trim().is_empty()).map(split).collect()
}

#[test]
fn texts_are_read_as_their_cases_say() {
    let engine = engine();
    let bless = std::env::var("BLESS").is_ok();
    let mut wrong = String::new();
    for language in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")).unwrap() {
        let folder = language.unwrap().path();
        let lang = LangCode::new(folder.file_name().unwrap().to_str().unwrap()).unwrap();
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        for file in files {
            let mut blessed = Vec::new();
            for (comment, text, expected) in parts(&fs::read_to_string(&file).unwrap()) {
                let found = read(&engine, &lang, war(&comment), &text);
                if found.trim_end() != expected {
                    wrong.push_str(&format!(
                        "{}: {comment}\n  expected:\n{expected}\n  found:\n{found}\n",
                        file.display()
                    ));
                }
                blessed.push(format!("# {comment}\n{text}\n----\n{}", found.trim_end()));
            }
            if bless {
                fs::write(&file, blessed.join("\n\n") + "\n").unwrap();
            }
        }
    }
    assert!(wrong.is_empty() || bless, "{wrong}");
}

/// Texts that are one thing over and over.
const HOSTILE: [&str; 21] = [
    "killed 5 ",
    "5 ",
    "killed ",
    "1,",
    "1 000",
    "1.",
    "a.",
    "\"",
    "five hundred and ",
    ". ",
    "\n",
    "said ",
    "Kyiv ",
    "\u{202e}é\u{301} ",
    "in March ",
    "12 killed, of whom ",
    "Ann Lee, who knew Bob Roe, said he saw three men die. ",
    "4,000,000,000,000,000,000 people were killed. The toll was raised to 18,000,000,000,000,000,000. ",
    "Russia has lost 400,000 men since the invasion began. On Monday 900000000000000000 soldiers were killed. ",
    "The 5 Russian and 6 Ukrainian and 7 Russian and 8 Ukrainian dead. ",
    "At least 5 people, two of them children, were killed and 7 wounded. ",
];

/// Reads such texts of two lengths, and asks that the longer one takes no more than its length says.
fn read_hostile(bytes: usize, slack: Duration) {
    let engine = engine();
    let lang = LangCode::new("en").unwrap();
    let time = |text: &str| {
        let begun = Instant::now();
        read(&engine, &lang, war(""), text);
        begun.elapsed()
    };
    for unit in HOSTILE {
        let text = unit.repeat(bytes / unit.len());
        let half = time(&unit.repeat(bytes / 2 / unit.len()));
        let whole = time(&text);
        assert!(whole <= half * 3 + slack, "{bytes} bytes of {unit:?} took {whole:?}, half of them {half:?}");
    }
}

#[test]
fn no_text_panics_or_hangs() {
    read_hostile(30_000, Duration::from_secs(2));
}

#[test]
#[ignore = "reads some hundred megabytes: cargo test --release --test cases -- --ignored"]
fn time_grows_with_length_up_to_ten_megabytes() {
    read_hostile(10 << 20, Duration::from_millis(200));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn every_quote_stands_in_its_text(text in "(killed|wounded|[0-9]{1,5}|people|soldiers|said|Kyiv|Russia|on|Monday|March|[a-zA-Z]{1,7}|[.,;:\"'—-]|\\PC| ){0,80}") {
        thread_local! {
            static ENGINE: Extractor = engine();
        }
        let lang = LangCode::new("en").unwrap();
        ENGINE.with(|engine| {
            let document = Document { text: &text, title: "", published: None, lang: Some(&lang), conflicts: &[], publisher: None };
            for claim in engine.extract(&document).claims {
                assert_eq!(text.get(claim.quote.span.clone()), Some(claim.quote.text.as_str()));
            }
        });
    }
}
