//! Words and names → meanings: one trie over the words of a language and the names of its conflicts.

use std::sync::Arc;

use crate::extract::hash::Map;
use crate::extract::language::Language;
use crate::extract::meaning::Meaning;
use crate::extract::opening::Opening;
use crate::extract::spelling::{Spellings, Symbols};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::token::Token;
use crate::extract::trie::{Builder, Trie};
use crate::model::{Conflict, LangCode, PartyNames};

/// The words of one language and the names of some conflicts.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    /// Shared with the other lexicons of the language, as most words mean the same in all of them.
    spellings: Arc<Spellings>,
    senses: Arc<[Sense]>,
    trie: Trie,
}

/// What a phrase means.
#[derive(Debug, Default, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is asked of every word by another reading")]
pub(super) struct Sense {
    pub(super) meanings: Vec<Meaning>,
    /// The tags of all of them.
    pub(super) tags: TagSet,
    /// The times that may begin with it, if any.
    pub(super) opening: Option<Opening>,
    /// A number may begin with it.
    pub(super) numeric: bool,
    /// A number before it may be that of a day, of a year or of a stretch of time.
    pub(super) dates: bool,
    /// It is a unit of time.
    pub(super) unit: bool,
    /// A side, a place or a claimant is called by it, or the press of a side known.
    pub(super) named: bool,
}

/// What a word means that no list knows.
pub(super) static UNKNOWN: Sense = Sense {
    meanings: Vec::new(),
    tags: TagSet::EMPTY,
    opening: None,
    numeric: false,
    dates: false,
    unit: false,
    named: false,
};

impl Sense {
    /// What a phrase with these meanings means.
    pub(super) fn of(meanings: Vec<Meaning>) -> Self {
        let all = meanings.iter().copied();
        let opening = all.clone().fold(Opening::NONE, |opening, meaning| opening.or(Opening::of(meaning)));
        Self {
            tags: all.clone().fold(TagSet::EMPTY, |tags, meaning| tags.with(meaning.tags())),
            opening: Some(opening).filter(|opening| *opening != Opening::NONE),
            numeric: all.clone().any(Meaning::opens_number),
            dates: all.clone().any(Meaning::dates_number),
            unit: all.clone().any(|meaning| matches!(meaning, Meaning::Unit(_))),
            named: all.clone().any(Meaning::is_name),
            meanings,
        }
    }
}

/// What phrases mean, each meaning once; the first is nothing.
#[derive(Debug)]
pub(super) struct Senses {
    all: Vec<Sense>,
    places: Map<Vec<Meaning>, u32>,
}

impl Default for Senses {
    fn default() -> Self {
        Self { all: vec![Sense::default()], places: Map::default() }
    }
}

impl Senses {
    /// The place of the sense of phrases with these meanings.
    pub(super) fn place_of(&mut self, meanings: Vec<Meaning>) -> u32 {
        *self.places.entry(meanings).or_insert_with_key(|meanings| {
            self.all.push(Sense::of(meanings.clone()));
            u32::try_from(self.all.len() - 1).unwrap_or(0)
        })
    }
}

impl Lexicon {
    /// The words of a language and no names.
    pub(super) fn of(language: &Language) -> Self {
        let (Words { spellings, phrases, .. }, mut senses) = (Words::of(language), Senses::default());
        let trie = phrases.finish(&mut senses);
        Self { spellings: Arc::new(spellings.finish()), senses: senses.all.into(), trie }
    }

    /// A lexicon of a language for each list of conflicts, with the names that the language has for their parties,
    /// claimants and places. Rows are numbered through in the order given.
    pub(super) fn of_each(language: &Language, lists: &[Vec<&Conflict>]) -> Vec<Self> {
        let (mut words, mut senses) = (Words::of(language), Senses::default());
        let phrases = words.phrases.clone();
        let mut with_names = |conflicts: &Vec<&Conflict>| {
            words.phrases.clone_from(&phrases);
            words.add_conflicts(&language.code, conflicts);
            std::mem::take(&mut words.phrases).finish(&mut senses)
        };
        let tries: Vec<Trie> = lists.iter().map(&mut with_names).collect();
        let (spellings, senses): (_, Arc<[Sense]>) = (Arc::new(words.spellings.finish()), senses.all.into());
        tries.into_iter().map(|trie| Self { spellings: spellings.clone(), senses: senses.clone(), trie }).collect()
    }

    /// Adds the symbols that a token may stand for, best first.
    #[inline]
    pub(super) fn symbols(&self, token: &Token, source: &str, symbols: &mut Symbols) {
        self.spellings.look_up(token, source, symbols);
    }

    /// The longest phrase that begins at a token: how many tokens it covers, and what it means.
    #[inline]
    pub(super) fn longest(&self, symbols: &Symbols, at: usize) -> Option<(usize, &Sense)> {
        let (len, sense) = self.trie.longest(symbols, at);
        self.senses.get(sense as usize).filter(|_| sense != 0).map(|sense| (len, sense))
    }
}

/// Words of the configuration on their way into a lexicon.
#[derive(Default)]
struct Words {
    spellings: Spellings,
    /// The symbols of each phrase so far; most conflicts have the names of the world, too.
    known: Map<Box<str>, Vec<u32>>,
    phrases: Builder,
}

impl Words {
    fn of(language: &Language) -> Self {
        let mut words = Self::default();
        words.add_language(language);
        words
    }

    fn add_language(&mut self, language: &Language) {
        let file = &language.file;
        for (tag, words) in &file.tags {
            self.add_all(words, Meaning::Plain(tag.0));
        }
        for outcome in &file.outcomes {
            let forms = [
                (Tag::Verb, &outcome.verb),
                (Tag::Done, &outcome.done),
                (Tag::Noun, &outcome.noun),
                (Tag::Toll, &outcome.toll),
            ];
            for (tag, words) in forms {
                self.add_all(words, Meaning::Outcome(tag, outcome.outcome));
            }
        }
        for (row, people) in (0_u16..).zip(&file.people) {
            self.add_all(people.words.iter().chain(&people.singular), Meaning::People(row));
        }
        for (kind, words) in &file.hedges {
            self.add_all(words, Meaning::Hedge(*kind));
        }
        for (kind, words) in &file.hedges_after {
            self.add_all(words, Meaning::HedgeAfter(*kind));
        }
        self.add_all(&file.text.everywhere, Meaning::Everywhere);
        self.add_all(&file.text.entries, Meaning::Entry);
        self.add_all(&file.text.same_time, Meaning::SameTime);
        self.add_all(&file.text.soldierly, Meaning::Soldierly);
        self.add_all(&file.text.troops, Meaning::Troop);
        self.add_numbers(language);
        self.add_calendar(language);
    }

    fn add_numbers(&mut self, language: &Language) {
        let numbers = &language.file.numbers;
        for (word, value) in &numbers.words {
            self.add(word, Meaning::Number(*value));
        }
        for (word, value) in &numbers.multipliers {
            self.add(word, Meaning::Multiplier(*value));
        }
        for (word, value) in &numbers.collective {
            self.add(word, Meaning::Collective(*value));
        }
        for (word, value) in &numbers.vague {
            self.add(word, Meaning::Vague(*value));
        }
        self.add_all(&numbers.half, Meaning::Half);
        self.add_all(&numbers.plus, Meaning::Plus);
        self.add_all(&numbers.joins, Meaning::NumberJoin);
        self.add_all(&numbers.point, Meaning::Point);
    }

    fn add_calendar(&mut self, language: &Language) {
        let dates = &language.file.dates;
        for (month, words) in (1_i8..).zip(&dates.months) {
            self.add_all(words, Meaning::Month(month));
        }
        for (weekday, words) in (0_u8..).zip(&dates.weekdays) {
            self.add_all(words, Meaning::Weekday(weekday));
        }
        for (word, days) in &dates.relative {
            self.add(word, Meaning::RelativeDay(*days));
        }
        for (word, day) in &dates.ordinals {
            self.add(word, Meaning::Ordinal(*day));
        }
        for (unit, words) in &dates.units {
            self.add_all(words, Meaning::Unit(*unit));
        }
        for (unit, words) in &dates.rates {
            self.add_all(words, Meaning::Rate(*unit));
        }
        for (word, month) in &dates.seasons {
            self.add(word, Meaning::Season(*month));
        }
        for (word, (month, day)) in &dates.holidays {
            self.add(word, Meaning::Holiday(*month, *day));
        }
        self.add_all(&dates.weekend, Meaning::Weekend);
        for (word, (count, unit)) in &dates.stretches {
            self.add(word, Meaning::Stretch(*count, *unit));
        }
        self.add_all(&dates.recent, Meaning::Recent);
        self.add_all(&dates.quarter, Meaning::Quarter);
    }

    fn add_conflicts(&mut self, lang: &LangCode, conflicts: &[&Conflict]) {
        for (row, party) in (0_u16..).zip(conflicts.iter().flat_map(|conflict| &conflict.parties)) {
            if let Some(names) = party.names.get(lang) {
                self.add_party(row, names);
            }
        }
        for (row, claimant) in (0_u16..).zip(conflicts.iter().flat_map(|conflict| &conflict.claimants)) {
            self.add_all(claimant.names.get(lang).into_iter().flatten(), Meaning::Claimant(row));
        }
        for (row, place) in (0_u16..).zip(conflicts.iter().flat_map(|conflict| &conflict.places)) {
            self.add_all(place.names.get(lang).into_iter().flatten(), Meaning::Place(row));
        }
    }

    fn add_party(&mut self, row: u16, names: &PartyNames) {
        let forms = [
            (Tag::Country, &names.country),
            (Tag::Side, &names.adjective),
            (Tag::Nation, &names.people),
            (Tag::Government, &names.government),
            (Tag::Forces, &names.forces),
        ];
        for (tag, words) in forms {
            self.add_all(words, Meaning::Party(tag, row));
        }
        self.add_all(&names.voice, Meaning::Voice(row));
    }

    fn add_all<'a>(&mut self, phrases: impl IntoIterator<Item = &'a String>, meaning: Meaning) {
        for phrase in phrases {
            self.add(phrase, meaning);
        }
    }

    /// Takes in one phrase. Words are separated by spaces; `*` at the end of a word stands for every ending; a capital
    /// asks for a capital, and capitals for capitals.
    fn add(&mut self, phrase: &str, meaning: Meaning) {
        if let Some(symbols) = self.known.get(phrase) {
            self.phrases.add(symbols, meaning);
            return;
        }
        let symbols = self.symbols(phrase);
        self.phrases.add(&symbols, meaning);
        self.known.insert(phrase.into(), symbols);
    }

    /// Cuts a phrase of the configuration as the tokenizer cuts text.
    fn symbols(&mut self, phrase: &str) -> Vec<u32> {
        let mut out = Vec::new();
        for word in phrase.split_whitespace() {
            let (body, is_stem) = word.strip_suffix('*').map_or((word, false), |body| (body, true));
            let tokens = crate::extract::token::tokens(body, &["'s", "’s"]);
            let last = tokens.len().saturating_sub(1);
            for (position, token) in tokens.iter().enumerate() {
                out.push(self.spellings.symbol(token.text(body), is_stem && position == last));
            }
        }
        out
    }
}
