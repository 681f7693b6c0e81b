//! Words and names → meanings: one trie over the words of a language and the names of its conflicts.

use crate::extract::calendar::Opening;
use crate::extract::hash::Map;
use crate::extract::language::{HedgeKind, Language, TimeUnit};
use crate::extract::spelling::{MOST, Spellings};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::token::Token;
use crate::model::{Conflict, LangCode, Outcome, PartyNames};

/// What a word or phrase means beyond its tag.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Meaning {
    /// Nothing more.
    Plain(Tag),
    /// An outcome; the tag says in which form.
    Outcome(Tag, Outcome),
    /// People, by their row in the language file.
    People(u16),
    /// A hedge before a number.
    Hedge(HedgeKind),
    /// A hedge behind a number.
    HedgeAfter(HedgeKind),
    /// A number word.
    Number(u64),
    /// "hundred", "million".
    Multiplier(u64),
    /// "half".
    Half,
    /// "dozen".
    Collective(u64),
    /// "dozens".
    Vague(u64),
    /// "plus".
    Plus,
    /// Joins parts of a number.
    NumberJoin,
    /// A month, from 1.
    Month(i8),
    /// A weekday, Monday is 0.
    Weekday(u8),
    /// "yesterday".
    RelativeDay(i32),
    /// "seventh".
    Ordinal(i8),
    /// "weeks".
    Unit(TimeUnit),
    /// A season, by its first month.
    Season(i8),
    /// A side, by its place in the list of parties; the tag says as what.
    Party(Tag, u16),
    /// A known claimant, by its place in the list.
    Claimant(u16),
    /// A known place, by its place in the list.
    Place(u16),
}

impl Meaning {
    /// Whether a number can begin with it.
    fn opens_number(self) -> bool {
        matches!(self, Self::Number(_) | Self::Multiplier(_) | Self::Half | Self::Collective(_) | Self::Vague(_))
    }

    /// The tag that patterns see.
    pub(super) fn tags(self) -> TagSet {
        match self {
            Self::Plain(tag) | Self::Outcome(tag, _) | Self::Party(tag, _) => tag.set(),
            Self::People(_) => Tag::People.set(),
            Self::Month(_) | Self::Weekday(_) | Self::RelativeDay(_) | Self::Season(_) => Tag::Time.set(),
            Self::Claimant(_) => Tag::Claimant.set(),
            Self::Place(_) => Tag::Place.set(),
            Self::Hedge(_)
            | Self::HedgeAfter(_)
            | Self::Number(_)
            | Self::Multiplier(_)
            | Self::Half
            | Self::Collective(_)
            | Self::Vague(_)
            | Self::Plus
            | Self::NumberJoin
            | Self::Ordinal(_)
            | Self::Unit(_) => TagSet::EMPTY,
        }
    }
}

/// Most words of a phrase.
const LONGEST_PHRASE: usize = 12;

/// The words of one language and the names of some conflicts.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    spellings: Spellings,
    /// The node behind the root for each symbol, where most look-ups end; 0 if no phrase begins so.
    openings: Vec<u32>,
    /// The nodes behind all others.
    edges: Map<u64, u32>,
    /// Node 0 is the root.
    nodes: Vec<Node>,
}

/// A place in the trie.
#[derive(Debug, Default)]
struct Node {
    sense: Sense,
    /// The symbols that longer phrases go on with, each as one of 64 bits; most that do not go on are seen here.
    next: u64,
}

/// What a phrase means.
#[derive(Debug, Default)]
pub(super) struct Sense {
    pub(super) meanings: Vec<Meaning>,
    /// The tags of all of them.
    pub(super) tags: TagSet,
    /// The times that may begin with it.
    pub(super) opening: Opening,
    /// A number may begin with it.
    pub(super) numeric: bool,
}

/// What a word means that no list knows.
pub(super) static UNKNOWN: Sense =
    Sense { meanings: Vec::new(), tags: TagSet::EMPTY, opening: Opening::NONE, numeric: false };

/// The longest phrase that begins at a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit<'a> {
    /// How many tokens it covers.
    pub(super) len: usize,
    pub(super) sense: &'a Sense,
}

impl Lexicon {
    /// Takes in a language and the names that it has for the parties, claimants and places of these conflicts. Their
    /// rows are numbered through in the order given.
    pub(super) fn new(language: &Language, conflicts: &[&Conflict]) -> Self {
        let mut lexicon = Self { nodes: vec![Node::default()], ..Self::default() };
        lexicon.add_language(language);
        lexicon.add_conflicts(&language.code, conflicts);
        lexicon
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
        for (word, month) in &dates.seasons {
            self.add(word, Meaning::Season(*month));
        }
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
    }

    fn add_all<'a>(&mut self, phrases: impl IntoIterator<Item = &'a String>, meaning: Meaning) {
        for phrase in phrases {
            self.add(phrase, meaning);
        }
    }

    /// Takes in one phrase. Words are separated by spaces; `*` at the end of a word stands for every ending; a capital
    /// asks for a capital, and capitals for capitals.
    fn add(&mut self, phrase: &str, meaning: Meaning) {
        let mut node = 0;
        for word in pieces(phrase) {
            let symbol = self.spellings.symbol(&word);
            node = self.step_or_grow(node, symbol);
        }
        if let Some(ending) = self.nodes.get_mut(node as usize)
            && node != 0
            && !repeats(&ending.sense.meanings, meaning)
        {
            ending.sense.meanings.push(meaning);
            ending.sense.tags = ending.sense.tags.with(meaning.tags());
            ending.sense.opening = ending.sense.opening.or(Opening::of(meaning));
            ending.sense.numeric |= meaning.opens_number();
        }
    }

    fn step_or_grow(&mut self, node: u32, symbol: u32) -> u32 {
        let known = self.step(node, symbol);
        if known != 0 {
            return known;
        }
        let grown = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(Node::default());
        if node == 0 {
            let place = symbol as usize;
            self.openings.resize(self.openings.len().max(place + 1), 0);
            self.openings.iter_mut().skip(place).take(1).for_each(|opening| *opening = grown);
        } else {
            self.edges.insert(edge(node, symbol), grown);
        }
        if let Some(node) = self.nodes.get_mut(node as usize) {
            node.next |= bit(symbol);
        }
        grown
    }

    /// The node behind a node, or 0.
    fn step(&self, node: u32, symbol: u32) -> u32 {
        let next = if node == 0 { self.openings.get(symbol as usize) } else { self.edges.get(&edge(node, symbol)) };
        next.copied().unwrap_or(0)
    }

    /// The symbols that a token may stand for, best first; zeros at the end.
    pub(super) fn symbols(&self, token: &Token, source: &str, buffer: &mut String) -> [u32; MOST] {
        self.spellings.of(token, source, buffer)
    }

    /// The longest phrase that begins with the first of these tokens.
    pub(super) fn longest(&self, symbols: &[[u32; MOST]]) -> Option<Hit<'_>> {
        let (first, rest) = symbols.split_first()?;
        let mut open = Open::default();
        for symbol in first.iter().take_while(|symbol| **symbol != 0) {
            open.add(&self.nodes, self.openings.get(*symbol as usize).copied().unwrap_or(0));
        }
        let mut best = open.sense.map(|sense| Hit { len: 1, sense });
        for (len, choices) in (2..).zip(rest.iter().take(LONGEST_PHRASE - 1)) {
            if open.next == 0 {
                break;
            }
            let mut longer = Open::default();
            for from in open.nodes.iter().take(open.len) {
                let follows = self.nodes.get(*from as usize).map_or(0, |node| node.next);
                for symbol in choices.iter().take_while(|symbol| **symbol != 0) {
                    if follows & bit(*symbol) != 0 {
                        longer.add(&self.nodes, self.step(*from, *symbol));
                    }
                }
            }
            best = longer.sense.map(|sense| Hit { len, sense }).or(best);
            open = longer;
        }
        best
    }
}

/// The nodes that the words read so far lead to.
#[derive(Default)]
struct Open<'a> {
    nodes: [u32; MOST],
    len: usize,
    /// What the first of them means that means something.
    sense: Option<&'a Sense>,
    /// What any of them goes on with.
    next: u64,
}

impl<'a> Open<'a> {
    fn add(&mut self, nodes: &'a [Node], target: u32) {
        if target != 0
            && let Some(slot) = self.nodes.get_mut(self.len)
            && let Some(node) = nodes.get(target as usize)
        {
            *slot = target;
            self.len += 1;
            self.next |= node.next;
            if self.sense.is_none() && !node.sense.meanings.is_empty() {
                self.sense = Some(&node.sense);
            }
        }
    }
}

/// One of 64 bits for a symbol.
fn bit(symbol: u32) -> u64 {
    1 << (symbol & 63)
}

fn edge(node: u32, symbol: u32) -> u64 {
    u64::from(node) << 32 | u64::from(symbol)
}

/// A name that the world's list and a conflict's list share keeps the meaning that came first.
fn repeats(meanings: &[Meaning], meaning: Meaning) -> bool {
    meanings.iter().any(|known| match (*known, meaning) {
        (Meaning::Party(tag, _), Meaning::Party(other, _)) => tag == other,
        (Meaning::Place(_), Meaning::Place(_)) | (Meaning::Claimant(_), Meaning::Claimant(_)) => true,
        (known, meaning) => known == meaning,
    })
}

/// Cuts a phrase of the configuration as the tokenizer cuts text.
fn pieces(phrase: &str) -> Vec<String> {
    let mut out = Vec::new();
    for word in phrase.split_whitespace() {
        let (body, star) = word.strip_suffix('*').map_or((word, ""), |body| (body, "*"));
        let tokens = crate::extract::token::tokens(body, &["'s".to_owned(), "’s".to_owned()]);
        let last = tokens.len().saturating_sub(1);
        for (position, token) in tokens.iter().enumerate() {
            let star = if position == last { star } else { "" };
            out.push(format!("{}{star}", token.text(body)));
        }
    }
    out
}
