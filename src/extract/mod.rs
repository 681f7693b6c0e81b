//! Text → claims: sentences, numbers, tags, candidates, resolved claims, and the reasons for what was turned down.
//!
//! The way through, by what each file is for:
//!
//! - words: `language` and its `vocabulary` come from a file, `lexicon` looks phrases up (`meaning`, `tag`, `trie`,
//!   `spelling`, `hash`) in what `token` cuts;
//! - sentences: `scan` with `boundary` makes them of items; `number`, `range`, `calendar` with `opening`, `months` and
//!   `time` read what is in them;
//! - counts: `count` with `single`, `hedge`, `age`, `noun`, `marks`, `described`, `complement` and `whole` find what a
//!   number counts;
//! - outcomes: `pattern` with `walk`, `insertion` and `mismatch`, `link` with `fate`, `share`, `listed`, `frame`,
//!   `named`, `elided`, `pair` and `breakdown` tie a count to one, or `reject` with `ratio`, `severity`, `pronoun` and
//!   `elsewhere` says why not;
//! - who: `speaker` with `subject`, `governing`, `quotative`, `phrase`, `head`, `person`, `opener`, `office`, `met`,
//!   `voice` and `house`;
//! - whose: `question` and `whose` with `side`, `people`, `owner`, `soldiers`, `loser`, `loss`, `beside`, `both`,
//!   `captors`, `origin`, `agent` and `war`;
//! - when: `when` with `dated`, `bounded`, `stretch`, `strikes`, `first_day`, `total` and `sum`;
//! - where: `place` with `nearest` and `scene`;
//! - what the text has told so far: `passage` with `chronology`, `topic` and `context`;
//! - claims: `draft` with `confidence` puts one together, `read` takes an article through all of it, `together` takes
//!   several side by side, and `settle` says everything once.

mod age;
mod agent;
mod beside;
mod both;
mod boundary;
mod bounded;
mod breakdown;
mod calendar;
mod captors;
mod chronology;
mod complement;
mod confidence;
mod context;
mod count;
mod dated;
mod described;
mod draft;
mod elided;
mod elsewhere;
mod fate;
mod first_day;
mod frame;
mod governing;
mod hash;
mod head;
mod hedge;
mod house;
mod insertion;
mod language;
mod lexicon;
mod link;
mod listed;
mod loser;
mod loss;
mod marks;
mod meaning;
mod met;
mod mismatch;
mod months;
mod named;
mod nearest;
mod noun;
mod number;
mod office;
mod opener;
mod opening;
mod origin;
mod owner;
mod pair;
mod passage;
mod pattern;
mod people;
mod person;
mod phrase;
mod place;
mod pronoun;
mod question;
mod quotative;
mod range;
mod ratio;
mod read;
mod reject;
mod scan;
mod scene;
mod settle;
mod severity;
mod share;
mod side;
mod single;
mod soldiers;
mod speaker;
mod spelling;
mod stretch;
mod strikes;
mod subject;
mod sum;
mod tag;
mod time;
mod together;
mod token;
mod topic;
mod total;
mod trie;
mod vocabulary;
mod voice;
mod walk;
mod war;
mod when;
mod whole;
mod whose;

pub use language::{Language, LanguageProblem};

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use crate::extract::context::Names;
use crate::extract::lexicon::Lexicon;
use crate::extract::scan::Scan;
use crate::model::{Claim, Conflict, ConflictId, LangCode};

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
    /// It is no count: a decimal, a time of day, part of a name.
    NotACount,
    /// It counts things.
    Things,
    /// The same sentence replaces it by a newer figure.
    Replaced,
    /// It could, would or might happen.
    Hypothetical,
    /// The text says that it did not happen.
    Negated,
    /// Prisoners came home.
    Exchange,
    /// Another war, or another time, is told for comparison.
    OtherWar,
    /// They died of something else.
    OtherCause,
    /// Bodies were found or handed over.
    Bodies,
    /// A share or a rate without a count: "for every soldier killed".
    Ratio,
    /// It tells how badly people of another figure are wounded.
    Severity,
    /// Suspects or protesters were arrested.
    Arrest,
    /// It belongs to the page, not to the article.
    Furniture,
    /// The article has more claims than any article has.
    TooMany,
    /// The article says it elsewhere, better attributed or more exactly.
    Repeated,
}

/// The name of the reason and what it means.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoHarm => "NoHarm: nothing in reach says that anybody was harmed",
            Self::NotACount => "NotACount: a decimal, a time of day or part of a name",
            Self::Things => "Things: it counts no people",
            Self::Replaced => "Replaced: the same sentence gives a newer figure",
            Self::Hypothetical => "Hypothetical: it is not said to have happened",
            Self::Negated => "Negated: it is said not to have happened",
            Self::Exchange => "Exchange: prisoners came home",
            Self::OtherWar => "OtherWar: another war or time, told for comparison",
            Self::OtherCause => "OtherCause: they died of something else",
            Self::Bodies => "Bodies: remains were found or handed over",
            Self::Ratio => "Ratio: a share or a rate without a count",
            Self::Severity => "Severity: it tells how badly people already counted are wounded",
            Self::Arrest => "Arrest: suspects or protesters were arrested",
            Self::Furniture => "Furniture: it belongs to the page, not to the article",
            Self::TooMany => "TooMany: no article makes so many claims",
            Self::Repeated => "Repeated: the article says it elsewhere, better attributed or more exactly",
        })
    }
}

/// A stage of reading a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is cut into words, numerals and marks.
    Tokens,
    /// Known words and names are looked up.
    Phrases,
    /// Sentences have their numbers, times and phrases.
    Items,
}

/// A language with the names of one conflict.
#[derive(Debug)]
struct Edition {
    conflict: Option<ConflictId>,
    language: Arc<Language>,
    lexicon: Lexicon,
    names: Names,
}

/// Finds claims by the rules of the configured languages and the names of the configured conflicts.
#[derive(Debug)]
pub struct Extractor {
    editions: Vec<Edition>,
}

/// The conflict that knows every country and no war.
const WORLD: &str = "world";

impl Extractor {
    /// Compiles languages and conflicts; the conflict `world` serves articles about all others.
    pub fn new(languages: &[Language], conflicts: &[Conflict]) -> Self {
        let world = conflicts.iter().find(|conflict| conflict.id.as_str() == WORLD);
        let mut editions = Vec::new();
        for language in languages {
            let wars = conflicts.iter().filter(|conflict| conflict.id.as_str() != WORLD);
            let lists: Vec<Vec<&Conflict>> = wars
                .map(|conflict| std::iter::once(conflict).chain(world).collect())
                .chain(world.map(|world| vec![world]))
                .collect();
            let language = Arc::new(language.clone());
            for (known, lexicon) in lists.iter().zip(Lexicon::of_each(&language, &lists)) {
                editions.push(Edition {
                    conflict: known.first().map(|conflict| conflict.id.clone()),
                    language: language.clone(),
                    lexicon,
                    names: Names::new(known, language.file.text.inflected),
                });
            }
        }
        Self { editions }
    }

    /// Reads one text. Never fails: what is not understood is turned down with its reason.
    pub fn extract(&self, document: &Document<'_>) -> Extraction {
        self.extract_each(std::slice::from_ref(document)).pop().unwrap_or_default()
    }

    /// How many pieces a text comes to at a stage of its reading, which stops there: what a benchmark of the stage times.
    pub fn count(&self, document: &Document<'_>, stage: Stage) -> usize {
        let edition = self.lang(document).and_then(|lang| self.edition(&lang, document));
        let Some(edition) = edition else { return 0 };
        if stage == Stage::Tokens {
            return token::tokens(document.text, &edition.language.file.text.possessive).len();
        }
        let scan = Scan::new(document.text, &edition.language, &edition.lexicon);
        if stage == Stage::Phrases {
            return scan.count_hits(|_| true);
        }
        let sentences = scan.sentences();
        sentences.iter().map(|(paragraph, range)| scan.sentence(*paragraph, range, Vec::new()).items.len()).sum()
    }

    /// The language given, if there are rules for it, else the one that the text seems to be in.
    fn lang(&self, document: &Document<'_>) -> Option<LangCode> {
        let known = |code: &str| {
            self.editions.iter().map(|edition| edition.language.code()).find(|known| known.as_str() == code)
        };
        if let Some(given) = document.lang {
            return known(given.as_str()).cloned();
        }
        let head: String = document.text.chars().take(4_000).collect();
        let detected = whatlang::detect(&head)?;
        self.editions
            .iter()
            .map(|edition| edition.language.code())
            .find(|code| is_written_in(code, detected.lang()))
            .cloned()
    }

    /// The conflict that is given, or the one whose names the text has most of.
    fn edition(&self, lang: &LangCode, document: &Document<'_>) -> Option<&Edition> {
        let mine = || self.editions.iter().filter(|edition| edition.language.code() == lang);
        let is =
            |edition: &&Edition, id: &str| edition.conflict.as_ref().is_some_and(|conflict| conflict.as_str() == id);
        let world = mine().find(|edition| is(edition, WORLD));
        if let [only] = document.conflicts {
            return mine().find(|edition| is(edition, only.as_str())).or(world);
        }
        let allowed = |edition: &&Edition| {
            document.conflicts.is_empty() || edition.conflict.as_ref().is_some_and(|id| document.conflicts.contains(id))
        };
        let scored = mine()
            .filter(allowed)
            .filter(|edition| !is(edition, WORLD))
            .map(|edition| (edition.familiarity(document.text), edition));
        let best = scored.max_by_key(|(score, _)| *score).filter(|(score, _)| *score >= FAMILIAR);
        best.map(|(_, edition)| edition).or(world)
    }
}

/// How many names of a conflict make an article one about it.
const FAMILIAR: usize = 4;

impl Edition {
    /// How many places, claimants and sides of the conflict itself the beginning of a text names.
    fn familiarity(&self, text: &str) -> usize {
        let mut end = text.len().min(6_000);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let scan = Scan::new(text.get(..end).unwrap_or_default(), &self.language, &self.lexicon);
        scan.count_hits(|meaning| self.names.is_own(meaning))
    }
}

/// Whether the detector's language is the one of this code; it knows three letters where the web knows two.
fn is_written_in(code: &LangCode, detected: whatlang::Lang) -> bool {
    let three = detected.code();
    match code.as_str() {
        "uk" => three == "ukr",
        "ru" => three == "rus",
        "en" => three == "eng",
        other => three.starts_with(other),
    }
}

/// Whether a language alone ties an outcome to a number of this sentence; for the examples of its patterns.
fn links(language: &Language, lexicon: &Lexicon, example: &str) -> bool {
    let scan = Scan::new(example, language, lexicon);
    scan.sentences().into_iter().any(|(paragraph, range)| {
        let sentence = scan.sentence(paragraph, &range, Vec::new());
        let counts = count::counts(&scan, &sentence, Vec::new());
        !link::link(language, &sentence, &counts, link::Before::default()).0.is_empty()
    })
}
