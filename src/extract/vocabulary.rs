//! The words of a language by what they are, as `config/languages/*.toml` lists them.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::extract::tag::Tag;
use crate::model::{Outcome, Victims};

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
    /// What befalls none but soldiers: "killed in action", "laid down their arms".
    pub(super) soldierly: Vec<String>,
    /// What armies are made of: "brigade", "company".
    pub(super) troops: Vec<String>,
    /// Phrases by which a figure is of no one place: "across the country", "elsewhere".
    pub(super) everywhere: Vec<String>,
    /// Whether nouns have cases, so that a genitive stands for "of" and a printed name may be in any case.
    pub(super) inflected: bool,
    /// Whether a decimal mark is a comma.
    pub(super) decimal_comma: bool,
}

impl TextRules {
    /// The word for several of whom this is the word for one.
    pub(super) fn plural(&self, one: &str) -> Option<String> {
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
    /// Days of the year that have a name, as month and day: "Christmas Eve".
    #[serde(default)]
    pub(super) holidays: BTreeMap<String, (i8, i8)>,
    /// The last two days of the week together: "the weekend".
    #[serde(default)]
    pub(super) weekend: Vec<String>,
    /// Stretches up to now that have a name of their own: "since dawn" is one day, "the past fortnight" two weeks.
    #[serde(default)]
    pub(super) stretches: BTreeMap<String, (i32, TimeUnit)>,
    /// Stretches up to now that nobody measured: "recent weeks".
    #[serde(default)]
    pub(super) recent: Vec<String>,
    /// Three months of a year, of which there are four.
    #[serde(default)]
    pub(super) quarter: Vec<String>,
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
