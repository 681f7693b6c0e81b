//! A language as its file describes it: words by what they are, and the patterns that tie a number to an outcome.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;

use crate::extract::pattern::{Pattern, Patterns};
use crate::extract::tag::Tag;
use crate::model::{LangCode, Outcome, Victims};

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

/// `config/languages/*.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct LanguageFile {
    pub(super) name: String,
    #[serde(default)]
    pub(super) text: TextRules,
    pub(super) numbers: Numbers,
    #[serde(default)]
    pub(super) hedges: BTreeMap<HedgeKind, Vec<String>>,
    #[serde(default)]
    pub(super) hedges_after: BTreeMap<HedgeKind, Vec<String>>,
    pub(super) dates: Dates,
    #[serde(default)]
    pub(super) tags: BTreeMap<Tag2, Vec<String>>,
    #[serde(rename = "outcome")]
    pub(super) outcomes: Vec<OutcomeWords>,
    #[serde(rename = "people")]
    pub(super) people: Vec<PeopleWords>,
    #[serde(default, rename = "pattern")]
    pub(super) patterns: Vec<PatternText>,
}

/// A tag as a key of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag2(pub(super) Tag);

impl PartialOrd for Tag2 {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tag2 {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0 as u8).cmp(&(other.0 as u8))
    }
}

impl<'de> Deserialize<'de> for Tag2 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Tag::deserialize(deserializer).map(Self)
    }
}

/// How text is cut.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct TextRules {
    /// Endings that become tokens of their own.
    pub(super) possessive: Vec<String>,
    /// Words behind which a number is a name: "School No. 12".
    pub(super) labels: Vec<String>,
    /// Words in the name of a publisher that tells its own figures.
    pub(super) organisations: Vec<String>,
    /// Words in the name of a publisher that make it a newspaper or an agency all the same.
    pub(super) outlets: Vec<String>,
    /// Words whose full stop ends no sentence.
    pub(super) abbreviations: Vec<String>,
    /// Endings of one with those of several, the first that fits: "man" and "men". They save words for people their plurals.
    pub(super) plurals: Vec<(String, String)>,
    /// Words by which a figure is that of either side: "each side", "100,000 each".
    pub(super) each: Vec<String>,
    /// Endings of words for somebody who does something: "organiser".
    #[serde(default)]
    pub(super) doers: Vec<String>,
    /// What lists of the dead count: "names".
    pub(super) entries: Vec<String>,
    /// Phrases by which a figure is of the time that the one before is of: "over the same period".
    pub(super) same_time: Vec<String>,
    /// Phrases by which a figure is of no one place: "across the country", "elsewhere".
    pub(super) everywhere: Vec<String>,
    /// Whether nouns have cases, so that a genitive stands for "of" and a printed name may be in any case.
    pub(super) inflected: bool,
    /// Whether a decimal mark is a comma.
    pub(super) decimal_comma: bool,
}

impl TextRules {
    /// The word for several of whom this is the word for one.
    fn plural(&self, one: &str) -> Option<String> {
        let fits = |(ending, several): &(String, String)| Some(format!("{}{several}", one.strip_suffix(ending)?));
        self.plurals.iter().find_map(fits)
    }
}

/// Number words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Numbers {
    /// Words with their values below a hundred, and round ones that are written alone.
    pub(super) words: BTreeMap<String, u64>,
    /// Words that multiply what stands before them.
    #[serde(default)]
    pub(super) multipliers: BTreeMap<String, u64>,
    /// Letters behind digits that multiply them.
    #[serde(default)]
    pub(super) suffixes: BTreeMap<String, u64>,
    /// Words behind a number that make it an hour: "4 a.m.".
    #[serde(default)]
    pub(super) hours: Vec<String>,
    /// "half", before a multiplier.
    #[serde(default)]
    pub(super) half: Vec<String>,
    /// Words for round sizes that are exact enough, with `approx`: "a dozen".
    #[serde(default)]
    pub(super) collective: BTreeMap<String, u64>,
    /// Words for sizes without a numeral, with their lower bound: "dozens".
    #[serde(default)]
    pub(super) vague: BTreeMap<String, u64>,
    /// What makes a number a lower bound when it follows: "plus".
    #[serde(default)]
    pub(super) plus: Vec<String>,
    /// Joins parts of one number: "two hundred and five".
    #[serde(default)]
    pub(super) joins: Vec<String>,
    /// What stands before spelled decimals: "one point two million".
    #[serde(default)]
    pub(super) point: Vec<String>,
}

/// What a hedge does to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub(super) enum HedgeKind {
    /// "about".
    About,
    /// "at least", "more than".
    AtLeast,
    /// "up to", "fewer than".
    AtMost,
    /// "just", "exactly": changes nothing.
    Exactly,
}

/// Words of the calendar.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Dates {
    /// Twelve lists.
    pub(super) months: Vec<Vec<String>>,
    /// Seven lists, Monday first.
    pub(super) weekdays: Vec<Vec<String>>,
    /// Days from today: "yesterday" is -1.
    #[serde(default)]
    pub(super) relative: BTreeMap<String, i32>,
    /// Days of the month in words: "seventh".
    #[serde(default)]
    pub(super) ordinals: BTreeMap<String, i8>,
    /// "hour", "day", "week", "month", "year", "night".
    pub(super) units: BTreeMap<TimeUnit, Vec<String>>,
    /// Words for a figure of each such unit: "daily".
    #[serde(default)]
    pub(super) rates: BTreeMap<TimeUnit, Vec<String>>,
    /// Seasons by their first month.
    #[serde(default)]
    pub(super) seasons: BTreeMap<String, i8>,
    /// Whether a number before a month is its day ("24 February") beside the other way round.
    #[serde(default)]
    pub(super) ordinal_suffixes: Vec<String>,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TimeUnit {
    /// 60 minutes.
    Hour,
    /// A day or a night.
    Day,
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
    /// Ten years.
    Decade,
}

/// Words for one outcome.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct OutcomeWords {
    pub(super) outcome: Outcome,
    /// Finite verbs and participles that take the people as object.
    #[serde(default)]
    pub(super) verb: Vec<String>,
    /// What was done to the people, or what they are: "killed", "died", "dead".
    #[serde(default)]
    pub(super) done: Vec<String>,
    /// Nouns for the event: "deaths".
    #[serde(default)]
    pub(super) noun: Vec<String>,
    /// Nouns for the sum: "death toll".
    #[serde(default)]
    pub(super) toll: Vec<String>,
}

/// Words for people of one kind.
#[allow(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PeopleWords {
    pub(super) victims: Victims,
    /// The group in English, if it is narrower than the kind.
    pub(super) group: Option<String>,
    /// What a speaker calls the other side's fighters: "militants".
    #[serde(default)]
    pub(super) enemy: bool,
    /// What only the fighters of an army are called: "soldiers".
    #[serde(default)]
    pub(super) army: bool,
    /// What fighters are called who are no army's: "guerrillas".
    #[serde(default)]
    pub(super) irregular: bool,
    /// Who serves abroad, so that a place does not tell whose they are: "peacekeepers".
    #[serde(default)]
    pub(super) abroad: bool,
    /// People in captivity, of whom an article may later speak as "captives".
    #[serde(default)]
    pub(super) captive: bool,
    #[serde(default)]
    pub(super) words: Vec<String>,
    /// Words that mean one person, so that "a woman" counts one.
    #[serde(default)]
    pub(super) singular: Vec<String>,
}

/// A pattern with its examples.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct PatternText {
    pub(super) name: String,
    #[serde(rename = "match")]
    pub(super) pattern: toml::Spanned<String>,
    /// How much surer a figure found by it is than the average one, in log-odds, as labelled articles show.
    #[serde(default)]
    pub(super) surety: f32,
    /// Sentences in which it finds a figure.
    #[serde(default)]
    pub(super) yes: Vec<toml::Spanned<String>>,
    /// Sentences in which it must find none.
    #[serde(default)]
    pub(super) no: Vec<toml::Spanned<String>>,
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
