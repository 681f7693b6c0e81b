//! Printing: data to standard output, everything else to standard error; a reader that went away is no failure.

use std::error::Error;
use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _};
use std::process::ExitCode;

/// Exit code for a run that was done, with trouble.
pub(super) const TROUBLE: u8 = 4;
/// Exit code for a wrong configuration (`EX_CONFIG`).
pub(super) const WRONG_CONFIG: u8 = 78;

/// Why a command did not do what it should, and the exit code for it.
#[derive(Debug)]
pub(super) struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    /// What failed, and why, with the causes behind it.
    pub(super) fn new(what: &str, error: &dyn Error) -> Self {
        Self { message: format!("{what}: {}", with_causes(error)), code: 1 }
    }

    /// An error that says itself what failed.
    pub(super) fn of(error: &dyn Error) -> Self {
        Self { message: with_causes(error), code: 1 }
    }

    /// A message of its own.
    pub(super) fn plain(message: impl Into<String>, code: u8) -> Self {
        Self { message: message.into(), code }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self { message: String::new(), code: 0 };
        }
        Self::new("cannot write", &error)
    }
}

impl From<crate::store::StoreError> for Failure {
    fn from(error: crate::store::StoreError) -> Self {
        let code = if error.needs_newer_program() { WRONG_CONFIG } else { 1 };
        Self { code, ..Self::of(&error) }
    }
}

impl From<crate::daemon::DaemonError> for Failure {
    fn from(error: crate::daemon::DaemonError) -> Self {
        match error {
            crate::daemon::DaemonError::Store(error) => error.into(),
            other @ crate::daemon::DaemonError::Ended { .. } => Self::of(&other),
        }
    }
}

fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        next = cause.source();
    }
    text
}

/// The exit code of a finished command, its failure told.
pub(super) fn finished(result: Result<ExitCode, Failure>) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(failure) => {
            if !failure.message.is_empty() {
                told(&format!("tollwatch: {}", failure.message));
            }
            ExitCode::from(failure.code)
        }
    }
}

/// A line to standard error.
pub(super) fn told(line: &str) {
    // There is nowhere else to say that standard error is closed.
    drop(writeln!(io::stderr(), "{line}"));
}

/// Standard output, buffered.
pub(super) fn out() -> BufWriter<Stdout> {
    BufWriter::new(io::stdout())
}

/// Whether a person reads standard output.
pub(super) fn for_a_person() -> bool {
    io::stdout().is_terminal()
}

/// Prints bytes and is done.
pub(super) fn bytes(bytes: &[u8]) -> Result<ExitCode, Failure> {
    let mut out = out();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// A table for people: columns as wide as needed, the last one cut to the width of the terminal.
pub(super) fn table(head: &[&str], rows: &[Vec<String>], width: usize) -> Vec<String> {
    let columns = head.len();
    let cell =
        |row: &[String], column: usize| row.get(column).map(|text| crate::view::sanitised(text)).unwrap_or_default();
    let length = |text: &str| text.chars().count();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .map(|row| length(&cell(row, column)))
                .chain(head.get(column).map(|name| length(name)))
                .max()
                .unwrap_or(0)
                .min(44)
        })
        .collect();
    let line = |cells: Vec<String>| {
        let mut out = String::new();
        for (column, text) in cells.iter().enumerate() {
            let wide = widths.get(column).copied().unwrap_or(0);
            let text: String = if column + 1 == columns { text.clone() } else { cut(text, wide) };
            out.push_str(&text);
            if column + 1 < columns {
                out.push_str(&" ".repeat(wide.saturating_sub(length(&text)) + 2));
            }
        }
        cut(out.trim_end(), width)
    };
    let titles = line(head.iter().map(|name| name.to_uppercase()).collect());
    std::iter::once(titles)
        .chain(rows.iter().map(|row| line((0..columns).map(|column| cell(row, column)).collect())))
        .collect()
}

/// A text cut to a width, with an ellipsis where it was cut.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}
