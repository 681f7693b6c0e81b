//! How tollwatch behaves on the network: each test's name begins with the id of the statement it shows, and
//! `statements.txt` says what each id means. The server is on loopback and the clock is an argument.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]
#![allow(unreachable_pub, clippy::string_slice, clippy::wildcard_enum_match_arm, reason = "a test is no library")]

#[path = "../street/mod.rs"]
mod street;
#[path = "../support/mod.rs"]
mod support;

mod bench;
mod bodies;
mod freshness;
mod identity;
mod online;
mod pace;
mod redirects;
mod refusals;
mod request;
mod rereads;
mod rude;
mod safety;
mod validators;

use std::fs;
use std::path::Path;

/// How many statements each section has.
const SECTIONS: [(&str, usize); 10] =
    [("A", 11), ("B", 15), ("C", 9), ("D", 18), ("E", 15), ("F", 6), ("G", 7), ("H", 8), ("J", 8), ("K", 2)];

/// The lines of the list.
fn statements() -> Vec<[&'static str; 3]> {
    let lines = include_str!("statements.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split(" | ").collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("{line}"))).collect()
}

#[test]
fn every_statement_is_in_the_list() {
    let mut wanted: Vec<String> = vec!["I".to_owned()];
    wanted.extend(SECTIONS.iter().flat_map(|(section, count)| (1..=*count).map(move |n| format!("{section}{n}"))));
    let mut listed: Vec<&str> = statements().iter().map(|[id, ..]| *id).collect();
    listed.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(listed, wanted);
}

#[test]
fn every_statement_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for [id, statement, tests] in statements() {
        if statement == "-" {
            assert!(tests.contains(": "), "{id}: a reason");
            continue;
        }
        for test in tests.split_whitespace() {
            let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{id}: {tests}"));
            let text = fs::read_to_string(root.join(file)).unwrap_or_default();
            if !text.contains(&format!("fn {name}(")) {
                wrong.push(test);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
