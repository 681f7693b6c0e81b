//! Whatever a file holds, reading it ends with a configuration or with a list of mistakes.

use std::sync::Arc;

use proptest::prelude::*;

use crate::config::Origin;
use crate::config::files::Files;
use crate::config::problem::{Report, TextFile};
use crate::config::understand;

/// Reads `text` as a main file, as sources and as a conflict; gives back how many mistakes were found.
fn read(text: &str) -> usize {
    let file = |name: &str| {
        let (name, stem) = (format!("{name}.toml"), name.to_owned());
        Arc::new(TextFile { name, stem, text: text.to_owned() })
    };
    let mut files = Files { main: Some(file("tollwatch")), sources: vec![file("a")], ..Files::default() };
    files.own_sources = true;
    files.conflicts.insert("a".to_owned(), file("a"));
    match understand(&files, Origin::Embedded, Report::default()) {
        Ok(_) => 0,
        Err(errors) => {
            assert!(errors.0.iter().all(|problem| problem.line > 0 && problem.column > 0 && !problem.key.is_empty()));
            errors.to_string().lines().count()
        }
    }
}

/// Pieces of right files; in any order they are nearer to TOML than any characters.
const PIECES: &[&str] = &[
    "[http]\n",
    "[schedule]\n",
    "[[source]]\n",
    "[source.article]\n",
    "[[party]]\n",
    "[party.en]\n",
    "[[claimant]]\n",
    "[[place]]\n",
    "[[phase]]\n",
    "id = ",
    "feed = ",
    "timeout = ",
    "interval = ",
    "start = ",
    "end = ",
    "en = ",
    "uk = ",
    "country = ",
    "place = ",
    "lang = ",
    "name",
    "=",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\"a\"",
    "\"https://example.org\"",
    "\"30s\"",
    "\"99999999999999999999d\"",
    "2022-02-24",
    "2022-02-30",
    "-9999-01-01",
    "0x_f",
    "-1",
    "1e400",
    "nan",
    "true",
    "\"\"\"",
    "'",
    "\\",
    "\u{feff}",
    "\u{0}",
    "é",
    "\n",
    "\r\n",
    "# x\n",
    ".",
    "[\"Атлант*\", \"*\"]\n",
    "\"\\u{110000}\"",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_mix_of_pieces_makes_it_panic(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        read(&pieces.concat());
    }
}

#[test]
fn deep_nesting_is_a_mistake_and_no_crash() {
    assert!(read(&format!("a = {}", "[".repeat(100_000))) > 0);
    assert!(read(&"[a.".repeat(10_000)) > 0);
    assert!(read(&format!("a = {}", "{a=".repeat(100_000))) > 0);
}
