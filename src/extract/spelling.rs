//! Spellings → symbols: one number for each word or stem that a lexicon knows, in each of three cases.

use crate::extract::hash::{Map, Slots};
use crate::extract::token::{Case, Kind, Token, is_apostrophe, is_letter};

/// Most symbols that one token may stand for.
const MOST: usize = 8;

/// Three symbols a spelling: written in any case, with a capital, in capitals; 0 for none.
type Cases = [u32; 3];

/// What a word may begin with.
#[derive(Debug)]
struct Stem {
    /// The first letters as one number, which tells most stems from a word.
    initials: u64,
    text: Box<str>,
    cases: Cases,
    /// The place of the longest other stem that it begins with.
    shorter: Option<usize>,
}

/// The spellings of one language.
#[derive(Debug)]
pub(super) struct Spellings {
    /// Words of at most 8 ASCII characters in one piece, as most are, so that a look-up follows no pointer and compares no
    /// letters one by one; once all are known.
    short: Slots<Cases>,
    /// The same as long as there may be more.
    growing: Map<u64, Cases>,
    /// Those of at most 16.
    longer: Map<u128, Cases>,
    long: Map<Box<str>, Cases>,
    stems: Map<Box<str>, Cases>,
    /// The stems once all are known, in the order of their letters.
    sorted: Vec<Stem>,
    next: u32,
}

impl Default for Spellings {
    fn default() -> Self {
        Self {
            short: Slots::default(),
            growing: Map::default(),
            longer: Map::default(),
            long: Map::default(),
            stems: Map::default(),
            sorted: Vec::new(),
            next: 1,
        }
    }
}

impl Spellings {
    /// The symbol of a word of the configuration, or of a stem that stands for every ending; a capital asks for a capital,
    /// and capitals for capitals.
    pub(super) fn symbol(&mut self, text: &str, is_stem: bool) -> u32 {
        let case = match (text.chars().next().is_some_and(char::is_uppercase), is_capitals(text)) {
            (_, true) => Case::Upper,
            (true, false) => Case::Capital,
            (false, false) => Case::Lower,
        };
        let folded = folded(text);
        let cases = if is_stem {
            self.stems.entry(folded.into_boxed_str()).or_default()
        } else if let Some(word) = packed(folded.as_bytes()) {
            match u64::try_from(word) {
                Ok(short) => self.growing.entry(short).or_default(),
                Err(_) => self.longer.entry(word).or_default(),
            }
        } else {
            self.long.entry(folded.into_boxed_str()).or_default()
        };
        let Some(symbol) = cases.get_mut(case as usize) else { return 0 };
        if *symbol == 0 {
            *symbol = self.next;
            self.next += 1;
        }
        *symbol
    }

    /// The same with its words and stems in order, so that they are found.
    pub(super) fn finish(mut self) -> Self {
        self.short = Slots::of(std::mem::take(&mut self.growing).into_iter());
        let mut all: Vec<(Box<str>, Cases)> = self.stems.drain().filter(|(text, _)| !text.is_empty()).collect();
        all.sort();
        let mut within: Vec<usize> = Vec::new();
        for (text, cases) in all {
            let begins = |at: &usize| self.sorted.get(*at).is_some_and(|stem| text.starts_with(&*stem.text));
            while within.pop_if(|at| !begins(at)).is_some() {}
            let shorter = within.last().copied();
            within.push(self.sorted.len());
            self.sorted.push(Stem { initials: initials(&text), text, cases, shorter });
        }
        self
    }

    /// Adds the symbols that a token may stand for, best first.
    #[inline]
    pub(super) fn look_up(&self, token: &Token, source: &str, symbols: &mut Symbols) {
        if self.sorted.is_empty()
            && let Some(short) = short_at(token, source.as_bytes())
        {
            symbols.close(self.short.get(short), token.case);
            return;
        }
        self.look_up_other(token, source, symbols);
    }

    /// The same for a longer word, one that is not ASCII, or one whose language has stems.
    fn look_up_other(&self, token: &Token, source: &str, symbols: &mut Symbols) {
        if self.sorted.is_empty()
            && let Some(word) = source.as_bytes().get(token.start as usize..token.end as usize).and_then(packed)
        {
            symbols.close(self.packed(word), token.case);
            return;
        }
        self.look_up_folded(token, source, symbols);
    }

    fn packed(&self, word: u128) -> Option<&Cases> {
        u64::try_from(word).map_or_else(|_| self.longer.get(&word), |short| self.short.get(short))
    }

    /// The same for a word that is not ASCII, or whose language has stems.
    fn look_up_folded(&self, token: &Token, source: &str, symbols: &mut Symbols) {
        let mut buffer = std::mem::take(&mut symbols.buffer);
        fold_into(token.text(source), &mut buffer);
        let known = match packed(buffer.as_bytes()) {
            Some(word) => self.packed(word),
            None => self.long.get(buffer.as_str()),
        };
        let word = if token.kind == Kind::Word { buffer.as_str() } else { "" };
        symbols.close(known.into_iter().chain(self.stems_of(word)), token.case);
        symbols.buffer = buffer;
    }

    /// The stems that a word begins with, the longest first. All of them begin the last stem that is not behind the word
    /// in the order of letters.
    fn stems_of(&self, word: &str) -> impl Iterator<Item = &Cases> {
        let word_initials = initials(word);
        let is_before =
            |stem: &Stem| stem.initials < word_initials || stem.initials == word_initials && &*stem.text <= word;
        let last = self.sorted.partition_point(is_before).checked_sub(1);
        let last = last.and_then(|last| self.sorted.get(last));
        let stems = std::iter::successors(last, |stem| self.sorted.get(stem.shorter?));
        stems.skip_while(|stem| !word.starts_with(&*stem.text)).map(|stem| &stem.cases)
    }
}

/// The symbols of the tokens of a text.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    /// That of each token, as most have one; 0 for none, `SEVERAL` and a place among the rows for more.
    all: Vec<u32>,
    rows: Vec<Row>,
    buffer: String,
}

/// More than one symbol.
#[derive(Debug)]
struct Row {
    symbols: [u32; MOST],
    len: usize,
}

/// Marks a token that stands for more than one symbol.
const SEVERAL: u32 = 1 << 31;

impl Symbols {
    /// Room for so many tokens.
    pub(super) fn with_capacity(tokens: usize) -> Self {
        Self { all: Vec::with_capacity(tokens), rows: Vec::with_capacity(tokens / 16), buffer: String::new() }
    }

    /// Those of a token, best first; none behind the last one.
    #[inline]
    pub(super) fn of(&self, token: usize) -> &[u32] {
        match self.all.get(token) {
            None | Some(0) => &[],
            Some(several) if several & SEVERAL != 0 => {
                let row = self.rows.get((several & !SEVERAL) as usize);
                row.and_then(|row| row.symbols.get(..row.len)).unwrap_or_default()
            }
            Some(one) => std::slice::from_ref(one),
        }
    }

    /// Adds the next token, which is written in this case and may be any of these words.
    #[inline]
    fn close<'a>(&mut self, known: impl IntoIterator<Item = &'a Cases>, case: Case) {
        let mut found = 0;
        for [lower, capital, upper] in known {
            if case == Case::Upper {
                found = self.with(found, *upper);
            }
            if case >= Case::Capital {
                found = self.with(found, *capital);
            }
            found = self.with(found, *lower);
        }
        self.all.push(found);
    }

    /// What a token stands for that stands for one more symbol, if there is one.
    fn with(&mut self, found: u32, symbol: u32) -> u32 {
        match (found, symbol) {
            (found, 0) => found,
            (0, symbol) => symbol,
            (found, symbol) => self.beside(found, symbol),
        }
    }

    /// One more symbol of a token that has some.
    #[inline(never)]
    fn beside(&mut self, found: u32, symbol: u32) -> u32 {
        if found & SEVERAL == 0 {
            self.rows.push(Row { symbols: [found, symbol, 0, 0, 0, 0, 0, 0], len: 2 });
            return SEVERAL | u32::try_from(self.rows.len() - 1).unwrap_or(0);
        }
        if let Some(row) = self.rows.last_mut()
            && let Some(slot) = row.symbols.get_mut(row.len)
        {
            *slot = symbol;
            row.len += 1;
        }
        found
    }
}

/// The first eight bytes as a number that is in the order of the words.
fn initials(word: &str) -> u64 {
    let word = word.as_bytes();
    let mut bytes = [0; 8];
    for (byte, letter) in bytes.iter_mut().zip(word) {
        *byte = *letter;
    }
    u64::from_be_bytes(bytes)
}

/// A short word of ASCII in lower case as one number; none for any other.
fn packed(word: &[u8]) -> Option<u128> {
    let mut bytes = [0; 16];
    bytes.get_mut(..word.len())?.copy_from_slice(word);
    if !bytes.is_ascii() {
        return None;
    }
    bytes.make_ascii_lowercase();
    Some(u128::from_le_bytes(bytes))
}

/// The same of a token of at most 8 characters, without a copy; none where the text does not go on behind it.
fn short_at(token: &Token, source: &[u8]) -> Option<u64> {
    /// The bits that lower case has and upper case lacks, in letters; digits, stops and apostrophes have them too.
    const LOWER: u64 = u64::from_ne_bytes([0x20; 8]);
    const NOT_ASCII: u64 = u64::from_ne_bytes([0x80; 8]);
    let ahead = source.get(token.start as usize..)?.first_chunk::<8>()?;
    let mask = u64::MAX.checked_shr(64_u32.checked_sub(8 * (token.end - token.start))?)?;
    let word = u64::from_le_bytes(*ahead) & mask;
    // Digits and marks have no case.
    let lower = if token.kind == Kind::Word { LOWER & mask } else { 0 };
    (word & NOT_ASCII == 0).then_some(word | lower)
}

fn is_capitals(text: &str) -> bool {
    let letters = text.chars().filter(|c| is_letter(*c));
    let (upper, all) = letters.fold((0, 0), |(upper, all), c| (upper + u32::from(c.is_uppercase()), all + 1));
    upper >= 2 && upper * 2 > all
}

/// Lower case, with one kind of apostrophe and hyphen, without stress marks.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out);
    out
}

/// Whether a word is this one in lower case; most are ASCII, and need no copy.
pub(super) fn folds_to(word: &str, folded_word: &str) -> bool {
    if word.is_ascii() { word.eq_ignore_ascii_case(folded_word) } else { folded(word) == folded_word }
}

/// Whether a text is this one in lower case, letter for letter; most are ASCII, and need no copy.
pub(super) fn lowers_to(text: &str, lower: &str) -> bool {
    if text.is_ascii() {
        return text.len() == lower.len() && text.bytes().zip(lower.bytes()).all(|(c, l)| c.to_ascii_lowercase() == l);
    }
    text.to_lowercase() == lower
}

fn fold_into(text: &str, out: &mut String) {
    out.clear();
    if text.is_ascii() {
        out.push_str(text);
        out.make_ascii_lowercase();
        return;
    }
    // Most letters are copied as they are, many at a time.
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        if matches!(c, 'а'..='я' | 'є'..='ї') {
            continue;
        }
        out.push_str(text.get(copied..at).unwrap_or_default());
        copied = at + c.len_utf8();
        match c {
            c if is_apostrophe(c) => out.push('\''),
            '‐' | '‑' => out.push('-'),
            'ё' | 'Ё' => out.push('е'),
            '\u{300}'..='\u{36f}' => {}
            c => out.extend(c.to_lowercase()),
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
}
