//! Mistakes in the configuration: where they stand, what is wrong, and what is allowed.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use thiserror::Error;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as the operator named it; `<embedded>/…` for the default inside the binary.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// The key, such as `http.timeout`.
    pub key: String,
    /// What is wrong, and what is allowed or what to do.
    pub message: String,
}

/// What stands for the key where the text is no TOML.
pub(super) const SYNTAX: &str = "syntax";

impl Problem {
    fn line_of(&self) -> (String, usize) {
        (self.file.clone(), self.line)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}: {}", self.file, self.line, self.column, self.key, self.message)
    }
}

/// Every mistake of a configuration, in the order of files and lines.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct ConfigErrors(pub Vec<Problem>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, problem) in self.0.iter().enumerate() {
            if nth > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// A text with its name, so that positions in it can be told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TextFile {
    /// As the operator named it.
    pub(super) name: String,
    /// The part before `.toml`.
    pub(super) stem: String,
    /// What it holds.
    pub(super) text: String,
}

/// A place in a file.
#[derive(Debug, Clone)]
pub(super) struct At {
    file: Arc<TextFile>,
    offset: usize,
}

impl At {
    /// The byte at `offset` of `file`.
    pub(super) fn new(file: &Arc<TextFile>, offset: usize) -> Self {
        Self { file: Arc::clone(file), offset }
    }

    /// Another place in the same file.
    pub(super) fn shifted(&self, offset: usize) -> Self {
        Self { file: Arc::clone(&self.file), offset }
    }

    /// Line and character, both counted from 1.
    fn line_column(&self) -> (usize, usize) {
        let end = (0..=self.offset.min(self.file.text.len())).rev().find(|&at| self.file.text.is_char_boundary(at));
        let before = end.and_then(|end| self.file.text.get(..end)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }

    /// A mistake at this place.
    pub(super) fn problem(&self, key: &str, message: String) -> Problem {
        let (line, column) = self.line_column();
        Problem { file: self.file.name.clone(), line, column, key: key.to_owned(), message }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.file.name)
    }
}

/// What is found while reading: mistakes, and notes that stop nobody.
#[derive(Debug, Default)]
pub(super) struct Report {
    problems: RefCell<Vec<Problem>>,
    notes: RefCell<Vec<Problem>>,
}

impl Report {
    /// Adds a mistake.
    pub(super) fn add(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    /// Adds a note.
    pub(super) fn note(&self, note: Problem) {
        self.notes.borrow_mut().push(note);
    }

    /// All mistakes if there are any, else the notes.
    pub(super) fn close(self) -> Result<Vec<Problem>, ConfigErrors> {
        let (mut problems, mut notes) = (self.problems.into_inner(), self.notes.into_inner());
        if problems.is_empty() {
            notes.sort();
            return Ok(notes);
        }
        problems.sort();
        problems.dedup();
        // What else seems wrong on a line that is no TOML is only a guess.
        let broken: BTreeSet<(String, usize)> =
            problems.iter().filter(|problem| problem.key == SYNTAX).map(Problem::line_of).collect();
        problems.retain(|problem| problem.key == SYNTAX || !broken.contains(&problem.line_of()));
        Err(ConfigErrors(problems))
    }
}
