//! The configuration: the default is clean, and every mistake is named with file, line, key and remedy.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where a promise is broken"
)]

use std::fs;
use std::path::Path;

use tollwatch::config::Config;
use tollwatch::config::Origin;

/// Writes files (name, text) into a fresh folder.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// The mistakes in a folder, one a line, with the folder's name cut off.
fn mistakes(dir: &Path) -> String {
    match Config::load(Some(dir), None) {
        Ok(_) => String::new(),
        Err(errors) => errors.to_string().replace(&format!("{}/", dir.display()), ""),
    }
}

#[test]
fn the_default_is_clean() {
    let config = Config::embedded().unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(config.origin, Origin::Embedded);
    assert_eq!(config.conflicts.last().unwrap().id.as_str(), "world");
}

#[test]
fn mistakes_probe() {
    let dir = folder(&[
        (
            "tollwatch.toml",
            "[http]\ntimout = \"30s\"\nmax_body = 5\n[web]\nlisten = \"x\"\n[log]\nlevel = loud\nformat=\"x\"\n",
        ),
        (
            "sources/a.toml",
            "\n[[source]]\nid = \"a\"\nconflicts = [\"sudan\"]\n[[source]]\nid = \"a\"\nfeed=\"ftp://x\"\nlang=\"xx\"\n",
        ),
    ]);
    println!("{}", mistakes(dir.path()));
}
