//! A configuration whose conflicts and languages are short: those of the default take a second to read under a sanitizer.

use std::fs;
use std::path::Path;

use tempfile::TempDir;
use tollwatch::config::{Config, ConfigErrors};

/// The files that a text gives, parted by form feeds, and what stands in those that it does not give.
const GIVEN: [(&str, &str); 4] = [
    ("tollwatch.toml", ""),
    ("sources/all.toml", ""),
    ("conflicts/world.toml", "id = \"world\"\nname = \"World\"\n"),
    ("languages/en.toml", include_str!("language.toml")),
];

/// Lays out a folder with a short file for each of the default's.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let default = Config::embedded().unwrap();
    for name in ["sources", "conflicts", "languages"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    for id in default.conflicts.iter().map(|conflict| &conflict.id) {
        let text = format!("id = \"{id}\"\nname = \"A\"\nstart = 2020-01-01\n");
        fs::write(folder.path().join(format!("conflicts/{id}.toml")), text).unwrap();
    }
    for code in default.languages.iter().map(|language| language.code()) {
        fs::write(folder.path().join(format!("languages/{code}.toml")), include_str!("language.toml")).unwrap();
    }
    folder
}

/// Reads the folder with the files that the text gives.
pub(crate) fn load(folder: &Path, text: &str) -> Result<Config, ConfigErrors> {
    let mut given = text.split('\u{c}');
    for (file, otherwise) in GIVEN {
        fs::write(folder.join(file), given.next().unwrap_or(otherwise)).unwrap();
    }
    Config::load(Some(folder), None)
}
