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

#[path = "../support/mod.rs"]
mod support;

mod bench;
mod bodies;
mod freshness;
mod identity;
mod pace;
mod redirects;
mod refusals;
mod request;
mod rereads;
mod safety;
mod validators;

use std::fs;
use std::path::Path;

#[test]
fn every_statement_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    let mut count = 0;
    let list = include_str!("statements.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in list {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [_, _, tests] = parts.as_slice() else { panic!("{line}") };
        for test in tests.split_whitespace() {
            let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{line}"));
            let text = fs::read_to_string(root.join(file)).unwrap_or_default();
            count += 1;
            if !text.contains(&format!("fn {name}(")) {
                wrong.push(test);
            }
        }
    }
    assert!(count > 60, "{count}");
    assert!(wrong.is_empty(), "{wrong:?}");
}
