//! Which files a configuration is made of: the embedded ones, and those of a folder that stand in for them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::config::problem::{At, Problem, Report, TextFile};

/// The default configuration.
pub(super) static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/config");

/// The name of the main file.
pub(super) const MAIN: &str = "tollwatch.toml";

/// The files of one configuration, read but not understood.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// The main file.
    pub(super) main: Option<Arc<TextFile>>,
    /// Source files, in the order of their names.
    pub(super) sources: Vec<Arc<TextFile>>,
    /// Whether there is a folder of sources of the operator's own.
    pub(super) own_sources: bool,
    /// Conflict files by name.
    pub(super) conflicts: BTreeMap<String, Arc<TextFile>>,
    /// Language files by name.
    pub(super) languages: BTreeMap<String, Arc<TextFile>>,
}

impl Files {
    /// The default.
    pub(super) fn embedded() -> Self {
        let main = EMBEDDED.get_file(MAIN).and_then(include_dir::File::contents_utf8);
        let by_name = |folder| embedded_folder(folder).map(|file| (file.stem.clone(), file)).collect();
        Self {
            main: main.map(|text| text_file(format!("<embedded>/{MAIN}"), Path::new(MAIN), text.to_owned())),
            sources: embedded_folder("sources").collect(),
            own_sources: false,
            conflicts: by_name("conflicts"),
            languages: by_name("languages"),
        }
    }

    /// The file `main` and what stands beside it, over the default.
    pub(super) fn beside(main: &Path, report: &Report) -> Self {
        let mut files = Self::embedded();
        files.main = read(main, report);
        let folder = main.parent().unwrap_or(Path::new(""));
        if let Some(own) = read_folder(&folder.join("sources"), report) {
            (files.own_sources, files.sources) = (true, own);
        }
        for (name, place) in [("conflicts", &mut files.conflicts), ("languages", &mut files.languages)] {
            let own = read_folder(&folder.join(name), report).unwrap_or_default();
            place.extend(own.into_iter().map(|file| (file.stem.clone(), file)));
        }
        files
    }

    /// How many files there are.
    pub(super) fn count(&self) -> usize {
        self.main.iter().count() + self.sources.len() + self.conflicts.len() + self.languages.len()
    }
}

/// The main file that `path` means: itself, or the one in the folder that it is.
pub(super) fn main_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.join(MAIN) } else { path.to_owned() }
}

/// Whether a folder holds anything that belongs to a configuration.
pub(super) fn is_configured(folder: &Path) -> bool {
    [MAIN, "sources", "conflicts", "languages"].iter().any(|name| folder.join(name).exists())
}

fn embedded_folder(name: &str) -> impl Iterator<Item = Arc<TextFile>> {
    let files = EMBEDDED.get_dir(name).map(Dir::files).into_iter().flatten();
    files.filter(|file| counts(file.path())).filter_map(|file| {
        let text = file.contents_utf8()?.to_owned();
        Some(text_file(format!("<embedded>/{}", file.path().display()), file.path(), text))
    })
}

/// Whether a file is one of ours: not hidden, not a backup, not a note.
fn counts(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with(['.', '#']) && path.extension().is_some_and(|extension| extension == "toml")
}

fn text_file(name: String, path: &Path, text: String) -> Arc<TextFile> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Arc::new(TextFile { name, stem, text })
}

/// Reads a folder; none if there is no such folder.
fn read_folder(folder: &Path, report: &Report) -> Option<Vec<Arc<TextFile>>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            report.add(unreadable(folder, "folder", &error));
            return None;
        }
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.retain(|path| counts(path) && !path.is_dir());
    paths.sort();
    Some(paths.iter().filter_map(|path| read(path, report)).collect())
}

/// Reads a file; reports why it can't if it can't.
fn read(path: &Path, report: &Report) -> Option<Arc<TextFile>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            report.add(unreadable(path, "file", &error));
            return None;
        }
    };
    let name = path.display().to_string();
    match String::from_utf8(bytes) {
        Ok(text) => Some(text_file(name, path, text)),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let before = String::from_utf8_lossy(error.as_bytes().get(..good).unwrap_or_default()).into_owned();
            let message = "is not UTF-8 from here on; save the file as UTF-8".to_owned();
            let file = text_file(name, path, before);
            report.add(At::new(&file, good).problem("encoding", message));
            None
        }
    }
}

fn unreadable(path: &Path, what: &str, error: &io::Error) -> Problem {
    let remedy = if error.kind() == io::ErrorKind::NotFound {
        "name one that is there, or write the default with `tollwatch check --write DIR`"
    } else if error.kind() == io::ErrorKind::PermissionDenied {
        "let the user that runs tollwatch read it"
    } else {
        "name one that can be read"
    };
    let message = format!("cannot be read ({error}); {remedy}");
    Problem { file: path.display().to_string(), line: 1, column: 1, key: what.to_owned(), message }
}
