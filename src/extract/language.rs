//! A language as its file describes it: words by what they are, and the patterns that tie a number to an outcome.

use std::fmt;
use std::ops::Range;

use crate::extract::pattern::{Pattern, Patterns};
use crate::extract::vocabulary::LanguageFile;
use crate::model::LangCode;

/// A language, checked: every pattern is known to match its examples.
#[derive(Clone)]
pub struct Language {
    pub(super) code: LangCode,
    pub(super) file: LanguageFile,
    pub(super) patterns: Patterns,
    /// The abbreviations without their stops, each in the list of those with as many bytes.
    pub(super) abbreviations: Vec<Vec<String>>,
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Language").field("code", &self.code).finish_non_exhaustive()
    }
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
    /// Reads a language file and runs the examples of its patterns.
    ///
    /// # Errors
    ///
    /// Every mistake in the file at once; one only if it is no valid TOML of the right shape.
    pub fn parse(code: LangCode, text: &str) -> Result<Self, Vec<LanguageProblem>> {
        let mut file: LanguageFile = toml::from_str(text).map_err(|error| {
            vec![LanguageProblem {
                span: error.span(),
                key: "language".to_owned(),
                message: error.message().to_owned(),
            }]
        })?;
        for people in &mut file.people {
            let plurals = people.singular.iter().filter_map(|one| file.text.plural(one));
            people.words.extend(plurals);
        }
        // With or without its stop in the file, an abbreviation is looked for without.
        let words = file.text.abbreviations.iter().map(|word| word.trim_end_matches('.'));
        let longest = words.clone().map(str::len).max().unwrap_or(0);
        let of_length = |len: usize| words.clone().filter(|word| word.len() == len).map(str::to_owned).collect();
        let abbreviations = (0..=longest).map(of_length).collect();
        let mut problems = shape_problems(&file);
        let mut patterns = Vec::with_capacity(file.patterns.len());
        for pattern in &file.patterns {
            match Pattern::parse(&pattern.name, pattern.pattern.get_ref(), pattern.surety) {
                Ok(parsed) => patterns.push(parsed),
                Err(message) => problems.push(LanguageProblem {
                    span: Some(pattern.pattern.span()),
                    key: format!("pattern.{}", pattern.name),
                    message,
                }),
            }
        }
        let language = Self { code, file, patterns: Patterns::of(patterns), abbreviations };
        if problems.is_empty() {
            problems = language.example_problems();
        }
        if problems.is_empty() { Ok(language) } else { Err(problems) }
    }

    /// Its ISO 639-1 code.
    pub fn code(&self) -> &LangCode {
        &self.code
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        &self.file.name
    }

    fn example_problems(&self) -> Vec<LanguageProblem> {
        let mut problems = Vec::new();
        let lexicon = crate::extract::lexicon::Lexicon::of(self);
        let mut alone = self.clone();
        for (text, pattern) in self.file.patterns.iter().zip(self.patterns.iter()) {
            alone.patterns = Patterns::of(vec![pattern.clone()]);
            let mut wrong = |example: &toml::Spanned<String>, message: &str| {
                problems.push(LanguageProblem {
                    span: Some(example.span()),
                    key: format!("pattern.{}", text.name),
                    message: message.to_owned(),
                });
            };
            for example in &text.yes {
                if !crate::extract::links(&alone, &lexicon, example.get_ref()) {
                    wrong(example, "the pattern does not match this example, although it must");
                }
            }
            for example in &text.no {
                if crate::extract::links(&alone, &lexicon, example.get_ref()) {
                    wrong(example, "the pattern matches this example, although it must not");
                }
            }
        }
        problems
    }
}

fn shape_problems(file: &LanguageFile) -> Vec<LanguageProblem> {
    let mut problems = Vec::new();
    let mut wrong = |key: &str, message: &str| {
        problems.push(LanguageProblem { span: None, key: key.to_owned(), message: message.to_owned() });
    };
    if file.dates.months.len() != 12 {
        wrong("dates.months", "needs twelve lists of spellings, January first");
    }
    if file.dates.weekdays.len() != 7 {
        wrong("dates.weekdays", "needs seven lists of spellings, Monday first");
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_english_rules_match_their_examples() {
        let text = include_str!("../../config/languages/en.toml");
        let problems = Language::parse(LangCode::new("en").unwrap(), text).err().unwrap_or_default();
        let told = |problem: &LanguageProblem| {
            let span = problem.span.clone().unwrap_or(0..0);
            format!("{}: {} — {}", problem.key, problem.message, text.get(span).unwrap_or_default())
        };
        assert_eq!(problems.iter().map(told).collect::<Vec<_>>(), Vec::<String>::new());
    }
}
