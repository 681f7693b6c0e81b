//! The habits of the house that the compiler does not know.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// The ladder: a module uses only the rungs above its own; within a rung, only what stands before it in this list.
const LADDER: [(u8, &[&str]); 6] = [
    (0, &["model"]),
    (1, &["dates", "extract", "feed", "schedule", "scrape", "view", "ledger"]),
    (2, &["config", "fetch", "store", "telemetry"]),
    (3, &["poll", "output", "web"]),
    (4, &["daemon"]),
    (5, &["cli"]),
];

/// Edges within a rung that are meant: a stage may use the words of another stage that stands before it.
const BESIDE: [(&str, &str); 3] = [("feed", "dates"), ("scrape", "dates"), ("scrape", "feed")];

fn sources() -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                out.push((path, text));
            }
        }
    }
    out
}

fn module(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = inside.iter().next().unwrap().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

fn rung(module: &str) -> Option<u8> {
    LADDER.iter().find(|(_, modules)| modules.contains(&module)).map(|(rung, _)| *rung)
}

#[test]
fn a_module_uses_only_the_rungs_above_its_own() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let here = module(&path);
        if here == "lib" || here == "main" {
            continue;
        }
        let own = rung(&here).unwrap_or_else(|| panic!("{here} stands on no rung of the ladder"));
        for used in text.split("crate::").skip(1) {
            let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(other) = rung(&name) else { continue };
            let beside = BESIDE.contains(&(here.as_str(), name.as_str()));
            if name != here && other >= own && !beside {
                wrong.push(format!("{} uses {name}", path.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn imports_name_one_module_a_line() {
    let grouped: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| text.contains("use crate::{"))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert_eq!(grouped, Vec::<String>::new());
}

#[test]
fn a_file_says_what_it_is_for_and_has_one_subject() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if !text.starts_with("//!") {
            wrong.push(format!("{} does not say what it is for", path.display()));
        }
        let lines = text.lines().count();
        if lines > 420 {
            wrong.push(format!("{} has {lines} lines: it has two subjects", path.display()));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_clock_is_read_in_one_place() {
    let readers: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| text.contains("Timestamp::now()"))
        .map(|(path, _)| module(&path))
        .collect();
    assert_eq!(readers, ["cli"]);
}

#[test]
fn sql_has_no_text_put_into_it() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        // The one exception sets the version, which is a number of this program's own.
        let pasted = text.matches("AssertSqlSafe").count();
        if pasted > usize::from(path.ends_with("sqlite.rs")) {
            wrong.push(path.display().to_string());
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
