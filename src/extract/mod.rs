//! Text → claims: sentences, numbers, tags, candidates, resolved claims, and the reasons for what was turned down.

use std::fmt;
use std::ops::Range;

use jiff::civil::Date;

use crate::model::{Claim, Conflict, ConflictId, LangCode};

/// A language as its file in `config/languages` describes it.
#[derive(Debug, Clone)]
pub struct Language {
    code: LangCode,
}

/// A mistake in a language file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageProblem {
    /// The bytes of the file that are wrong.
    pub span: Option<Range<usize>>,
    /// The key it is about.
    pub key: String,
    /// What is wrong, and what is allowed.
    pub message: String,
}

impl Language {
    /// Reads a language file and runs its examples.
    ///
    /// # Errors
    ///
    /// Every mistake in the file at once.
    pub fn parse(code: LangCode, toml: &str) -> Result<Self, Vec<LanguageProblem>> {
        let _ = toml;
        Ok(Self { code })
    }

    /// Its ISO 639-1 code.
    pub fn code(&self) -> &LangCode {
        &self.code
    }
}

/// A text to read, with what is known about it.
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    /// The whole text as `Article::document` gives it; spans of quotes point into it.
    pub text: &'a str,
    /// The headline, with which `text` begins; empty if there is none.
    pub title: &'a str,
    /// The day of publication, against which relative dates are read.
    pub published: Option<Date>,
    /// Its language; detected if absent.
    pub lang: Option<&'a LangCode>,
    /// The conflicts it may be about; matched against all if empty.
    pub conflicts: &'a [ConflictId],
    /// The outlet, which may be the claimant of its own counts.
    pub publisher: Option<&'a str>,
}

/// What was found in a text, and what was turned down.
#[derive(Debug, Clone, Default)]
pub struct Extraction {
    /// The language it was read in; none if there are no rules for it.
    pub lang: Option<LangCode>,
    /// The conflict it was read as; none if it belongs to none.
    pub conflict: Option<ConflictId>,
    /// The claims, in the order of the text.
    pub claims: Vec<Claim>,
    /// Every number that became no claim, with the reason.
    pub rejected: Vec<Rejection>,
}

/// A number that is no claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Its bytes in the document.
    pub span: Range<usize>,
    /// The number as printed.
    pub text: String,
    /// Why it was turned down.
    pub reason: Reason,
}

/// Why a number is no claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing in reach says that anybody was harmed.
    NoHarm,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoHarm => "NoHarm: nothing in reach says that anybody was harmed",
        })
    }
}

/// Finds claims by the rules of the configured languages and the names of the configured conflicts.
#[derive(Debug)]
pub struct Extractor {}

impl Extractor {
    /// Compiles languages and conflicts; the conflict `world` is tried last.
    pub fn new(languages: &[Language], conflicts: &[Conflict]) -> Self {
        let _ = (languages, conflicts);
        Self {}
    }

    /// Reads one text. Never fails: what is not understood is turned down with its reason.
    pub fn extract(&self, document: &Document<'_>) -> Extraction {
        let _ = (self, document);
        Extraction::default()
    }
}
