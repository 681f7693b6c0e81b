//! Spellings → symbols: one number for each word or stem that a lexicon knows, in each of three cases.

use crate::extract::hash::Map;
use crate::extract::token::{Case, Kind, Token, is_apostrophe};

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

    /// The symbols that a token may stand for, best first; zeros at the end.
    pub(super) fn of(&self, token: &Token, source: &str, buffer: &mut String) -> [u32; MOST] {
        let mut out = [0; MOST];
        let mut used = 0;
        let mut add = |cases: &Cases| {
            let [lower, capital, upper] = *cases;
            let capital = if token.case >= Case::Capital { capital } else { 0 };
            let upper = if token.case == Case::Upper { upper } else { 0 };
            for symbol in [upper, capital, lower] {
                if symbol != 0
                    && let Some(slot) = out.get_mut(used)
                {
                    *slot = symbol;
                    used += 1;
                }
            }
        };
        if self.longest_stem == 0
            && let Some(word) = packed_at(token, source.as_bytes())
        {
            self.short.get(&word).into_iter().for_each(add);
            return out;
        }
        fold_into(token.text(source), buffer);
        let known = match packed(buffer.as_bytes()) {
            Some(word) => self.short.get(&word),
            None => self.long.get(buffer.as_str()),
        };
        known.into_iter().for_each(&mut add);
        if self.longest_stem > 0 && token.kind == Kind::Word {
            let mut end = buffer.char_indices().nth(self.longest_stem).map_or(buffer.len(), |(at, _)| at);
            while end > 0 {
                if let Some(cases) = buffer.get(..end).and_then(|stem| self.stems.get(stem)) {
                    add(cases);
                }
                end -= 1;
            }
        }
        out
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
    let Some(ahead) = ahead.filter(|_| token.kind == Kind::Word && (1..=16).contains(&len)) else {
        return packed(source.get(token.start as usize..token.end as usize)?);
    };
    let mask = u128::MAX >> (128 - 8 * len);
    let word = u128::from_le_bytes(*ahead) & mask;
    (word & NOT_ASCII == 0).then_some(word | (LOWER & mask))
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
