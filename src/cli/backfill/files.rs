//! The files to read, and the articles in each.

use std::cell::Cell;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use jiff::Timestamp;
use url::Url;

use crate::cli::backfill::warc;
use crate::cli::output::Failure;
use crate::model::EntryKey;
use crate::poll::{Form, Moment, Saved};

/// Longest article.
pub(super) const LONGEST: u64 = 64 << 20;

/// A file with articles.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    kind: Kind,
    modified: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Page,
    Text,
    Lines,
    Warc,
}

/// A file that counts what is read of it.
struct Counted {
    file: fs::File,
    read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.read.set(self.read.get().saturating_add(u64::try_from(read).unwrap_or(0)));
        Ok(read)
    }
}

/// What comes next in a file.
pub(super) enum Next {
    Article(Box<Saved>),
    Unreadable(String),
    End,
}

/// The articles of a file, one by one.
pub(super) type Articles = Box<dyn FnMut() -> Next>;

/// All files at or below these paths in a fixed order, and how many of other kinds there are.
pub(super) fn walk(paths: &[PathBuf]) -> Result<(Vec<File>, usize), Failure> {
    let (mut files, mut passed_over) = (Vec::new(), 0);
    let mut open: Vec<PathBuf> = paths.iter().rev().cloned().collect();
    while let Some(path) = open.pop() {
        let failed = |error: std::io::Error| Failure::new(&format!("cannot read {}", path.display()), &error);
        let about = fs::metadata(&path).map_err(failed)?;
        if about.is_dir() {
            let inside = fs::read_dir(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(failed)?;
            let mut inside: Vec<PathBuf> = inside.into_iter().map(|entry| entry.path()).collect();
            // A folder that leads back to one above it would have no end.
            inside.retain(|path| !(path.is_symlink() && path.is_dir()));
            inside.sort();
            open.extend(inside.into_iter().rev());
            continue;
        }
        match kind(&path) {
            Some(kind) => {
                let modified = about.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
                files.push(File { bytes: about.len(), path, kind, modified });
            }
            None => passed_over += 1,
        }
    }
    Ok((files, passed_over))
}

fn kind(path: &Path) -> Option<Kind> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".html", ".htm", ".xhtml"]) {
        Some(Kind::Page)
    } else if ends(&[".txt", ".md"]) {
        Some(Kind::Text)
    } else if ends(&[".jsonl", ".ndjson"]) {
        Some(Kind::Lines)
    } else if ends(&[".warc", ".warc.gz"]) {
        Some(Kind::Warc)
    } else {
        None
    }
}

impl File {
    /// The articles in it, and how many of its bytes were read; an error in words if it cannot be read at all.
    pub(super) fn articles(&self) -> Result<(Articles, Rc<Cell<u64>>), String> {
        let file = fs::File::open(&self.path).map_err(|error| error.to_string())?;
        let read = Rc::new(Cell::new(0));
        Ok((self.read(Counted { file, read: Rc::clone(&read) })?, read))
    }

    fn read(&self, opened: Counted) -> Result<Articles, String> {
        let name = self.name();
        Ok(match self.kind {
            Kind::Page => self.single(opened, Form::Page)?,
            Kind::Text => self.single(opened, Form::Text)?,
            Kind::Lines => lines(BufReader::new(opened), name),
            Kind::Warc if self.path.to_string_lossy().to_lowercase().ends_with(".gz") => {
                warc::articles(BufReader::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(opened))), name)
            }
            Kind::Warc => warc::articles(BufReader::new(opened), name),
        })
    }

    /// What makes the file the same in the next run: a file that was changed is read again.
    fn name(&self) -> String {
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        let modified = self.modified.map(|time| time.as_second()).unwrap_or_default();
        format!("{}:{}:{modified}", path.display(), self.bytes)
    }

    fn single(&self, opened: Counted, form: Form) -> Result<Articles, String> {
        let mut bytes = Vec::new();
        opened.take(LONGEST).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        let path = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        let mut saved = Some(Saved {
            key: EntryKey(self.name()),
            url: Url::from_file_path(&path).ok(),
            form,
            content_type: None,
            bytes,
            saved_at: day_in(&path).map(Moment::Told).or(self.modified.map(Moment::Written)),
        });
        Ok(Box::new(move || saved.take().map_or(Next::End, |saved| Next::Article(Box::new(saved)))))
    }
}

/// The day in a path such as `2024-03-15-attack.html` or `2024/03/15/attack.html`, the last one if there are several.
fn day_in(path: &Path) -> Option<Timestamp> {
    let text = path.to_string_lossy().replace(['/', '_', '.'], "-");
    let parts: Vec<&str> = text.split('-').collect();
    let day = |parts: &[&str]| match parts {
        [year, month, day] if year.len() == 4 => {
            let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
            format!("{date}T00:00:00Z").parse().ok()
        }
        _ => None,
    };
    parts.windows(3).rev().find_map(day)
}

/// One JSON object a line.
fn lines(mut input: impl BufRead + 'static, name: String) -> Articles {
    let (mut at, mut broken) = (0_u64, false);
    Box::new(move || {
        while !broken {
            let mut line = Vec::new();
            match (&mut input).take(LONGEST).read_until(b'\n', &mut line) {
                Ok(0) => return Next::End,
                Ok(_) => {}
                Err(error) => {
                    // What failed once fails again: nothing more comes out of this file.
                    broken = true;
                    return Next::Unreadable(error.to_string());
                }
            }
            at = at.saturating_add(1);
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            return Next::Article(Box::new(Saved {
                key: EntryKey(format!("{name}#{at}")),
                url: Url::parse(&format!("urn:tollwatch:{}", crate::model::Digest::of(&line))).ok(),
                form: Form::Json,
                content_type: None,
                bytes: line,
                saved_at: None,
            }));
        }
        Next::End
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_name_the_day() {
        let day = |path: &str| day_in(Path::new(path)).map(|time| time.to_string());
        assert_eq!(day("/a/2024-03-15-attack.html").as_deref(), Some("2024-03-15T00:00:00Z"));
        assert_eq!(day("/a/2024/03/15/attack.html").as_deref(), Some("2024-03-15T00:00:00Z"));
        assert_eq!(day("/a/15-03-2024.html"), None);
        assert_eq!(day("/a/2024-13-15.html"), None);
    }
}
