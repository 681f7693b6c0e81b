//! Spellings → symbols: one number for each word or stem that a lexicon knows, in each of three cases.

use crate::extract::hash::Map;
use crate::extract::token::{Case, Kind, Token, is_apostrophe, is_letter};

/// Most symbols that one token may stand for.
pub(super) const MOST: usize = 8;

/// Three symbols a spelling: written in any case, with a capital, in capitals; 0 for none.
type Cases = [u32; 3];

/// The spellings of one language.
#[derive(Debug)]
pub(super) struct Spellings {
    /// Words of at most 16 ASCII characters in one piece, so that a look-up follows no pointer and compares no letters one by one.
    short: Map<u128, Cases>,
    long: Map<Box<str>, Cases>,
    stems: Map<Box<str>, Cases>,
    longest_stem: usize,
    next: u32,
}

impl Default for Spellings {
    fn default() -> Self {
        Self { short: Map::default(), long: Map::default(), stems: Map::default(), longest_stem: 0, next: 1 }
    }
}

impl Spellings {
    /// The symbol of a word of the configuration: `*` at its end stands for every ending; a capital asks for a capital,
    /// and capitals for capitals.
    pub(super) fn symbol(&mut self, word: &str) -> u32 {
        let (text, is_stem) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
        let case = match (text.chars().next().is_some_and(char::is_uppercase), is_capitals(text)) {
            (_, true) => Case::Upper,
            (true, false) => Case::Capital,
            (false, false) => Case::Lower,
        };
        let folded = folded(text);
        let cases = if is_stem {
            self.longest_stem = self.longest_stem.max(folded.chars().count());
            self.stems.entry(folded.into_boxed_str()).or_default()
        } else if let Some(word) = packed(folded.as_bytes()) {
            self.short.entry(word).or_default()
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

    /// Adds the symbols that a token may stand for, best first.
    pub(super) fn look_up(&self, token: &Token, source: &str, symbols: &mut Symbols) {
        if self.longest_stem == 0
            && let Some(word) = packed_at(token, source.as_bytes())
        {
            symbols.close(self.short.get(&word), token.case);
            return;
        }
        let mut buffer = std::mem::take(&mut symbols.buffer);
        fold_into(token.text(source), &mut buffer);
        let known = match packed(buffer.as_bytes()) {
            Some(word) => self.short.get(&word),
            None => self.long.get(buffer.as_str()),
        };
        let mut stems = None;
        if self.longest_stem > 0 && token.kind == Kind::Word {
            let end = buffer.char_indices().nth(self.longest_stem).map_or(buffer.len(), |(at, _)| at);
            stems = Some((1..=end).rev().filter_map(|end| self.stems.get(buffer.get(..end)?)));
        }
        symbols.close(known.into_iter().chain(stems.into_iter().flatten()), token.case);
        symbols.buffer = buffer;
    }
}

/// The symbols of the tokens of a text, in one row.
#[derive(Debug, Default)]
pub(super) struct Symbols {
    all: Vec<u32>,
    /// Where those of each token end.
    ends: Vec<u32>,
    buffer: String,
}

impl Symbols {
    /// A row for so many tokens.
    pub(super) fn with_capacity(tokens: usize) -> Self {
        Self { all: Vec::with_capacity(tokens), ends: Vec::with_capacity(tokens), buffer: String::new() }
    }

    /// Those of a token, best first; none behind the last one.
    pub(super) fn of(&self, token: usize) -> &[u32] {
        let end_of = |token: usize| self.ends.get(token).copied().unwrap_or(0) as usize;
        let start = token.checked_sub(1).map_or(0, end_of);
        self.all.get(start..end_of(token)).unwrap_or_default()
    }

    /// Adds the next token, which is written in this case and may be any of these words.
    fn close<'a>(&mut self, known: impl IntoIterator<Item = &'a Cases>, case: Case) {
        let most = self.all.len() + MOST;
        for [lower, capital, upper] in known {
            let capital = if case >= Case::Capital { *capital } else { 0 };
            let upper = if case == Case::Upper { *upper } else { 0 };
            for symbol in [upper, capital, *lower] {
                if symbol != 0 && self.all.len() < most {
                    self.all.push(symbol);
                }
            }
        }
        self.ends.push(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
    }
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

/// The same of a token, without a copy where the text goes on behind it.
fn packed_at(token: &Token, source: &[u8]) -> Option<u128> {
    /// The bits that lower case has and upper case lacks, in letters; digits, stops and apostrophes have them too.
    const LOWER: u128 = u128::from_ne_bytes([0x20; 16]);
    const NOT_ASCII: u128 = u128::from_ne_bytes([0x80; 16]);
    let len = token.end - token.start;
    let ahead = source.get(token.start as usize..).and_then(<[u8]>::first_chunk::<16>);
    let Some(ahead) = ahead.filter(|_| (1..=16).contains(&len)) else {
        return packed(source.get(token.start as usize..token.end as usize)?);
    };
    let mask = u128::MAX >> (128 - 8 * len);
    let word = u128::from_le_bytes(*ahead) & mask;
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
            'а'..='я' | 'є'..='ї' => out.push(c),
            c => out.extend(c.to_lowercase()),
        }
    }
}
