//! Writes the default configuration to a folder, for operators who want to change it.

use std::fs;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};

use include_dir::Dir;
use include_dir::File;
use thiserror::Error;

use crate::config::files::{EMBEDDED, MAIN};

/// Why the default was not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A file of that name is there; nothing was written.
    #[error("{path} is there already; move it away or name another folder")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The disk refused.
    #[error("cannot write {path}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// The main file of the embedded configuration, with a comment at every key.
pub fn default_main_file() -> &'static str {
    EMBEDDED.get_file(MAIN).and_then(File::contents_utf8).unwrap_or_default()
}

/// Writes the embedded configuration to `dir`, which is created if it is not there, and names the files.
///
/// # Errors
///
/// If one of the files is there already, before anything is written; or if the disk refuses, and then some may be
/// written.
pub fn write_default(dir: &Path) -> Result<Vec<PathBuf>, WriteError> {
    let mut files = Vec::new();
    collect(&EMBEDDED, &mut files);
    files.sort_by_key(|file| file.path());
    if let Some(path) = files.iter().map(|file| dir.join(file.path())).find(|path| path.symlink_metadata().is_ok()) {
        return Err(WriteError::Exists { path });
    }
    files.into_iter().map(|file| write(dir.join(file.path()), file.contents())).collect()
}

fn collect<'a>(dir: &'a Dir<'a>, files: &mut Vec<&'a File<'a>>) {
    files.extend(dir.files().filter(|file| file.path().extension().is_some_and(|extension| extension == "toml")));
    for inner in dir.dirs() {
        collect(inner, files);
    }
}

fn write(path: PathBuf, contents: &[u8]) -> Result<PathBuf, WriteError> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| {
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        file.write_all(contents)
    });
    match written {
        Ok(()) => Ok(path),
        Err(source) => Err(WriteError::Io { path, source }),
    }
}
