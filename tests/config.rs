//! The configuration: the default is clean, and every mistake is named with file, line, key and remedy.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test stops where a promise is broken, and reads BLESS from the environment"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tempfile::TempDir;
use tollwatch::config::Config;
use tollwatch::config::HttpConfig;
use tollwatch::config::LogConfig;
use tollwatch::config::Origin;
use tollwatch::config::ScheduleConfig;
use tollwatch::config::StoreConfig;
use tollwatch::config::WebConfig;
use tollwatch::config::WriteError;
use tollwatch::config::write_default;

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/config/broken.cases");

/// A source that is right.
const SOURCE: &str = "[[source]]\nid = \"one\"\nfeed = \"https://example.org/rss\"\n";

/// Writes files (name, text) into a fresh folder; adds an empty main file if there is none.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("tollwatch.toml"), "").unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn load(dir: &TempDir) -> Config {
    Config::load(Some(dir.path()), None).unwrap_or_else(|errors| panic!("{errors}"))
}

/// The mistakes in a folder, one a line, with the folder's name cut off.
fn mistakes(dir: &Path) -> String {
    match Config::load(Some(dir), None) {
        Ok(_) => String::new(),
        Err(errors) => format!("{errors}\n").replace(&format!("{}/", dir.display()), ""),
    }
}

/// The files of a case: each begins with `@ name`.
fn files(case: &str) -> Vec<(&str, &str)> {
    let parts = case.split("@ ").skip(1);
    parts.map(|part| part.split_once('\n').unwrap()).collect()
}

#[test]
fn every_mistake_is_named_with_file_line_key_and_remedy() {
    let cases = fs::read_to_string(CASES).unwrap();
    let mut answered = String::new();
    let mut count = 0;
    for case in cases.split("@@ ").skip(1) {
        let (question, _) = case.split_once("----\n").unwrap();
        let (fact, written) = question.split_once('\n').unwrap();
        let answer = mistakes(folder(&files(written)).path());
        assert!(!answer.is_empty(), "nothing is wrong with: {fact}");
        for line in answer.lines() {
            let parts: Vec<&str> = line.splitn(5, ':').collect();
            let [file, row, column, key, message] = parts[..] else { panic!("{line}") };
            let named = files(written).iter().any(|(name, _)| *name == file);
            assert!(named && row.parse::<usize>().is_ok() && column.parse::<usize>().is_ok(), "{line}");
            assert!(key.len() > 1 && message.len() > 10, "{line}");
        }
        write!(answered, "@@ {fact}\n{written}----\n{answer}").unwrap();
        count += 1;
    }
    assert!(count >= 40, "{count} cases");
    if std::env::var("BLESS").is_ok() {
        fs::write(CASES, answered).unwrap();
    } else {
        assert_eq!(cases, answered, "rewrite with BLESS=1 if this is meant");
    }
}

#[test]
fn the_default_is_clean() {
    let config = Config::embedded().unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(config.origin, Origin::Embedded);
    let conflicts: Vec<&str> = config.conflicts.iter().map(|conflict| conflict.id.as_str()).collect();
    let wars = [
        "india-pakistan",
        "israel-lebanon",
        "israel-palestine",
        "russia-ukraine",
        "sudan",
        "thailand-cambodia",
        "world",
    ];
    assert_eq!(conflicts, wars);
    assert!(config.enabled().count() >= 40);
    assert!(config.sources.len() > config.enabled().count());
    assert!(config.languages.iter().any(|language| language.code().as_str() == "en"));
}

#[test]
fn a_disabled_source_may_wait_for_its_language() {
    let off = format!("{SOURCE}lang = \"pl\"\nenabled = false\n");
    let config = load(&folder(&[("sources/a.toml", &off)]));
    assert_eq!(config.sources.len(), 1);
    assert_eq!(config.notes.len(), 1);
    assert_eq!((config.notes[0].line, config.notes[0].key.as_str()), (4, "source.lang"));
}

/// The main file that we ship says what is so if it is not there.
#[test]
fn the_shipped_main_file_stands_at_the_defaults() {
    let config = Config::embedded().unwrap();
    assert_eq!(config.store, StoreConfig::default());
    assert_eq!(config.http, HttpConfig::default());
    assert_eq!(config.schedule, ScheduleConfig::default());
    assert_eq!(config.web, WebConfig::default());
    assert_eq!(config.log, LogConfig::default());
}

#[test]
fn a_longer_interval_takes_the_longest_wait_along() {
    let day = std::time::Duration::from_hours(24);
    let config = load(&folder(&[("tollwatch.toml", "[schedule]\ninterval = \"1d\"\n")]));
    assert_eq!((config.schedule.interval, config.schedule.max_interval), (day, day));
}

#[test]
fn a_folder_of_sources_replaces_ours() {
    let config = load(&folder(&[("sources/a.toml", SOURCE)]));
    assert_eq!(config.sources.iter().map(|source| source.id.as_str()).collect::<Vec<_>>(), ["one"]);
    assert_eq!(load(&folder(&[("sources/.keep", "")])).sources.len(), 0);
    assert_eq!(load(&folder(&[])).sources, Config::embedded().unwrap().sources);
}

#[test]
fn sources_in_the_main_file_replace_ours_and_join_the_folder() {
    assert_eq!(load(&folder(&[("tollwatch.toml", SOURCE)])).sources.len(), 1);
    let two = SOURCE.replace("one", "two");
    assert_eq!(load(&folder(&[("tollwatch.toml", SOURCE), ("sources/b.toml", &two)])).sources.len(), 2);
}

#[test]
fn a_conflict_file_replaces_ours_of_the_same_name_and_others_are_added() {
    let sudan = "id = \"sudan\"\nname = \"Mine\"\nstart = 2023-04-15\n";
    let atlantis = "id = \"atlantis\"\nname = \"Atlantis\"\nstart = 2024-01-01\n";
    let config = load(&folder(&[("conflicts/sudan.toml", sudan), ("conflicts/atlantis.toml", atlantis)]));
    let names: Vec<&str> = config.conflicts.iter().map(|conflict| conflict.name.as_str()).collect();
    assert_eq!(names.first(), Some(&"Atlantis"));
    assert!(names.contains(&"Mine") && !names.contains(&"Sudan"));
    assert_eq!(names.last(), Some(&"World"));
}

#[test]
fn hidden_files_backups_and_notes_are_not_read() {
    let config = load(&folder(&[
        ("sources/a.toml", &format!("{SOURCE}lang = \"en\"\n")),
        ("sources/a.toml~", "no toml"),
        ("sources/.hidden.toml", "no toml"),
        ("sources/#a.toml#", "no toml"),
        ("sources/README.md", "no toml"),
        ("other/x.toml", "no toml"),
    ]));
    assert_eq!(config.sources.len(), 1);
}

#[test]
fn the_file_beside_the_folders_may_be_named_itself() {
    let dir = folder(&[("mine.toml", "[web]\nlisten = \"\"\n"), ("sources/a.toml", SOURCE)]);
    let path = dir.path().join("mine.toml");
    let config = Config::load(Some(&path), None).unwrap();
    assert_eq!(config.web.listen, None);
    assert_eq!(config.sources.len(), 1);
    assert_eq!(config.origin, Origin::File(path.clone()));
    let other = folder(&[]);
    assert_eq!(Config::load(Some(&path), Some(other.path())).unwrap().sources.len(), 1);
    assert_eq!(Config::load(None, Some(&path)).unwrap().sources.len(), 1);
}

#[test]
fn what_cannot_be_read_is_named_with_the_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let missing = mistakes(&dir.path().join("nowhere"));
    assert!(missing.contains("nowhere:1:1: file: cannot be read") && missing.contains("--write"), "{missing}");
    assert!(mistakes(dir.path()).starts_with("tollwatch.toml:1:1: file: cannot be read"));
    let dir = folder(&[("sources", "a file, not a folder")]);
    assert!(mistakes(dir.path()).starts_with("sources:1:1: folder: cannot be read"));
}

#[test]
fn what_is_no_utf8_is_named_with_its_line() {
    let dir = folder(&[("sources/a.toml", SOURCE)]);
    fs::write(dir.path().join("sources/b.toml"), b"# one\n# tw\xff\n").unwrap();
    let expected = "sources/b.toml:2:5: encoding: is not UTF-8 from here on; save the file as UTF-8\n";
    assert_eq!(mistakes(dir.path()), expected);
}

#[test]
fn the_written_default_loads_and_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("new/folder");
    let written = write_default(&target).unwrap();
    assert!(written.contains(&target.join("tollwatch.toml")) && written.contains(&target.join("conflicts/world.toml")));
    let (ours, theirs) = (Config::embedded().unwrap(), Config::load(Some(&target), None).unwrap());
    assert_eq!((ours.sources, ours.conflicts), (theirs.sources, theirs.conflicts));
    fs::remove_file(target.join("conflicts/world.toml")).unwrap();
    assert!(matches!(write_default(&target), Err(WriteError::Exists { .. })));
    assert!(!target.join("conflicts/world.toml").exists());
}

/// A spelling that means two people or two places would be decided by chance.
#[test]
fn no_spelling_of_the_default_means_two_things() {
    for conflict in Config::embedded().unwrap().conflicts {
        let mut seen = BTreeSet::new();
        let claimants = conflict.claimants.iter().map(|claimant| ("claimant", &claimant.names));
        for (kind, names) in claimants.chain(conflict.places.iter().map(|place| ("place", &place.names))) {
            for (lang, spellings) in names {
                for spelling in spellings {
                    assert!(seen.insert((kind, lang, spelling)), "{}: {kind} {lang} {spelling}", conflict.id);
                }
            }
        }
    }
}
