//! Words and names → meanings: one trie over the words of a language and the names of its conflicts.

use crate::extract::hash::Map;
use crate::extract::language::{HedgeKind, Language, TimeUnit};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::token::{Case, Kind, Token, is_apostrophe};
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

/// Three symbols a spelling: written in any case, with a capital, in capitals.
type Symbols = [u32; 3];

/// The words of one language and the names of some conflicts.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: Map<Box<str>, Symbols>,
    stems: Map<Box<str>, Symbols>,
    longest_stem: usize,
    next_symbol: u32,
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
    /// What the phrase that ends here means.
    meanings: Vec<Meaning>,
    /// Longer phrases begin like it.
    goes_on: bool,
}

/// The longest phrase that begins at a token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit<'a> {
    /// How many tokens it covers.
    pub(super) len: usize,
    pub(super) meanings: &'a [Meaning],
}

impl Lexicon {
    /// Takes in a language and the names that it has for the parties, claimants and places of these conflicts. Their
    /// rows are numbered through in the order given.
    pub(super) fn new(language: &Language, conflicts: &[&Conflict]) -> Self {
        let mut lexicon = Self { nodes: vec![Node::default()], next_symbol: 1, ..Self::default() };
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
            let symbol = self.symbol(&word);
            node = self.step_or_grow(node, symbol);
        }
        if let Some(ending) = self.nodes.get_mut(node as usize)
            && node != 0
            && !repeats(&ending.meanings, meaning)
        {
            ending.meanings.push(meaning);
        }
    }

    fn symbol(&mut self, word: &str) -> u32 {
        let (text, is_stem) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
        let case = match (text.chars().next().is_some_and(char::is_uppercase), is_capitals(text)) {
            (_, true) => Case::Upper,
            (true, false) => Case::Capital,
            (false, false) => Case::Lower,
        };
        let folded = folded(text).into_boxed_str();
        if is_stem {
            self.longest_stem = self.longest_stem.max(folded.chars().count());
        }
        let table = if is_stem { &mut self.stems } else { &mut self.words };
        let symbols = table.entry(folded).or_default();
        match symbols.get_mut(case as usize) {
            Some(symbol) if *symbol != 0 => *symbol,
            Some(symbol) => {
                *symbol = self.next_symbol;
                self.next_symbol += 1;
                *symbol
            }
            None => 0,
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
            node.goes_on = true;
        }
        grown
    }

    /// The node behind a node, or 0.
    fn step(&self, node: u32, symbol: u32) -> u32 {
        let next = if node == 0 { self.openings.get(symbol as usize) } else { self.edges.get(&edge(node, symbol)) };
        next.copied().unwrap_or(0)
    }

    /// The symbols that a token may stand for, best first; zeros at the end.
    pub(super) fn symbols(&self, token: &Token, source: &str, buffer: &mut String) -> [u32; 8] {
        let mut out = [0; 8];
        let mut used = 0;
        let mut add = |symbols: &Symbols| {
            for (case, symbol) in [Case::Lower, Case::Capital, Case::Upper].into_iter().zip(symbols).rev() {
                if *symbol != 0
                    && case <= token.case
                    && let Some(slot) = out.get_mut(used)
                {
                    *slot = *symbol;
                    used += 1;
                }
            }
        };
        fold_into(token.text(source), buffer);
        if let Some(symbols) = self.words.get(buffer.as_str()) {
            add(symbols);
        }
        if self.longest_stem > 0 && token.kind == Kind::Word {
            let mut end = buffer.char_indices().nth(self.longest_stem).map_or(buffer.len(), |(at, _)| at);
            while end > 0 {
                if let Some(symbols) = buffer.get(..end).and_then(|stem| self.stems.get(stem)) {
                    add(symbols);
                }
                end -= 1;
            }
        }
        out
    }

    /// The longest phrase that begins with the first of these tokens.
    pub(super) fn longest(&self, symbols: &[[u32; 8]]) -> Option<Hit<'_>> {
        let mut best: Option<Hit<'_>> = None;
        let mut open: [u32; 8] = [0; 8];
        let mut open_len = 1;
        for (depth, choices) in (1..).zip(symbols.iter().take(12)) {
            let mut next = [0; 8];
            let (mut next_len, mut goes_on) = (0, false);
            let mut meanings: &[Meaning] = &[];
            for from in open.iter().take(open_len) {
                for symbol in choices.iter().take_while(|symbol| **symbol != 0) {
                    let target = self.step(*from, *symbol);
                    if target != 0
                        && let Some(slot) = next.get_mut(next_len)
                        && let Some(node) = self.nodes.get(target as usize)
                    {
                        *slot = target;
                        next_len += 1;
                        goes_on |= node.goes_on;
                        meanings = if meanings.is_empty() { &node.meanings } else { meanings };
                    }
                }
            }
            if !meanings.is_empty() {
                best = Some(Hit { len: depth, meanings });
            }
            if !goes_on {
                break;
            }
            open = next;
            open_len = next_len;
        }
        best
    }
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

fn is_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (upper, all) = letters.fold((0, 0), |(upper, all), c| (upper + u32::from(c.is_uppercase()), all + 1));
    upper >= 2 && upper * 2 > all
}

/// Lower case, with one kind of apostrophe and hyphen, without stress marks.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

fn fold_into(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        out.push_str(text);
        out.make_ascii_lowercase();
        return;
    }
    for c in text.chars() {
        match c {
            c if is_apostrophe(c) => out.push('\''),
            '‐' | '‑' => out.push('-'),
            'ё' | 'Ё' => out.push('е'),
            '\u{300}'..='\u{36f}' => {}
            c => out.extend(c.to_lowercase()),
        }
    }
}
