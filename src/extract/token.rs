//! Text → tokens: words, numerals, punctuation and line breaks, each with its bytes.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with apostrophes inside.
    Word,
    /// Digits, with separators inside.
    Digits,
    /// One character that is neither.
    Mark(char),
    /// One or more line breaks.
    Break,
}

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Case {
    /// "troops".
    Lower,
    /// "Russia".
    Capital,
    /// "NATO".
    Upper,
}

/// A piece of text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) kind: Kind,
    pub(super) case: Case,
    /// Nothing stands between it and the token before.
    pub(super) glued: bool,
}

impl Token {
    /// Its text.
    pub(super) fn text<'a>(&self, source: &'a str) -> &'a str {
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// Whether it is this mark.
    #[inline]
    pub(super) fn is(&self, mark: char) -> bool {
        matches!(self.kind, Kind::Mark(own) if own == mark)
    }
}

/// Longest text that is read; more is left aside, so that offsets fit and time stays bounded.
pub(super) const LONGEST_BYTES: usize = 16 << 20;

/// Splits a text. An apostrophe stays inside a word, but a possessive ending ("'s") becomes a token of its own.
pub(super) fn tokens(text: &str, possessive: &[impl AsRef<str>]) -> Vec<Token> {
    let mut found = Vec::with_capacity(text.len().min(LONGEST_BYTES) / 4);
    let mut last_end = usize::MAX;
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at).filter(|_| at < LONGEST_BYTES) {
        let start = at;
        if *byte == b' ' {
            // Separates tokens and is none, as other white space below.
            at += 1;
            continue;
        }
        if let Some((end, case)) = plain_word(text.as_bytes(), start) {
            push(&mut found, start, end, Kind::Word, case, &mut last_end);
            // So does the space that most words have behind them.
            at = end + usize::from(text.as_bytes().get(end) == Some(&b' '));
            continue;
        }
        let Some(first) = char_at(text, start) else { break };
        at += first.len_utf8();
        if is_letter(first) {
            let (end, case) = word_end(text, start);
            let split = possessive_start(text, start, end, possessive);
            push(&mut found, start, split, Kind::Word, case, &mut last_end);
            if split < end {
                push(&mut found, split, end, Kind::Word, Case::Lower, &mut last_end);
            }
            at = end;
        } else if first == '\n' {
            while let Some(c) = char_at(text, at).filter(|c| at < LONGEST_BYTES && c.is_whitespace()) {
                at += c.len_utf8();
            }
            push(&mut found, start, at, Kind::Break, Case::Lower, &mut last_end);
        } else if first.is_whitespace() || is_invisible(first) {
            // So do characters that nobody sees.
        } else if first.is_ascii_digit() {
            at = digits_end(text, start);
            push(&mut found, start, at, Kind::Digits, Case::Lower, &mut last_end);
        } else {
            push(&mut found, start, at, Kind::Mark(plain_mark(first)), Case::Lower, &mut last_end);
        }
    }
    found
}

/// The character that begins at a byte; most are ASCII and need no decoding.
fn char_at(text: &str, at: usize) -> Option<char> {
    match text.as_bytes().get(at)? {
        byte if byte.is_ascii() => Some(char::from(*byte)),
        _ => text.get(at..)?.chars().next(),
    }
}

#[inline]
fn push(found: &mut Vec<Token>, start: usize, end: usize, kind: Kind, case: Case, last_end: &mut usize) {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    found.push(Token { start: offset(start), end: offset(end), kind, case, glued: *last_end == start });
    *last_end = end;
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}')
}

/// Dashes, quotation marks and apostrophes come in many shapes; the rules know one of each.
fn plain_mark(c: char) -> char {
    match c {
        '‐' | '‑' | '‒' => '-',
        '–' | '—' | '―' => '—',
        '“' | '”' | '„' | '«' | '»' | '‟' => '"',
        '’' | '‘' | '‛' | '`' | 'ʼ' => '\'',
        '…' => '.',
        other => other,
    }
}

/// Whether it is a letter; most characters that are not ASCII are Cyrillic letters, quotation marks or dashes, and are seen
/// without a table.
pub(super) fn is_letter(c: char) -> bool {
    match c {
        c if c.is_ascii() => c.is_ascii_alphabetic(),
        '\u{400}'..='\u{481}' => true,
        '\u{2000}'..='\u{206f}' => false,
        c => c.is_alphabetic(),
    }
}

/// Whether the character joins two letters of one word.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘')
}

/// The end of a word of nothing but ASCII letters, as most are; none if it is no such word, or may go on otherwise, or
/// stands among the last bytes of the text.
fn plain_word(bytes: &[u8], start: usize) -> Option<(usize, Case)> {
    let (mut end, mut upper) = (start, 0);
    loop {
        let ahead = u64::from_le_bytes(*bytes.get(end..)?.first_chunk()?);
        let letters = ascii_letters(ahead);
        let others = letters ^ HIGH;
        let capitals = letters & !(ahead << 2) & (others ^ others.wrapping_sub(1));
        // Most words have none.
        upper += if capitals == 0 { 0 } else { capitals.count_ones() };
        end += others.trailing_zeros() as usize / 8;
        if others != 0 {
            break;
        }
    }
    // A stop goes on with single letters alone, as in "U.S.".
    let goes_on = bytes.get(end).is_some_and(|next| match next {
        b'.' => end == start + 1,
        next => *next == b'\'' || !next.is_ascii(),
    });
    if end == start || goes_on {
        return None;
    }
    if upper == 0 {
        return Some((end, Case::Lower));
    }
    Some((end, case(bytes.get(start)?.is_ascii_uppercase(), upper as usize, end - start)))
}

/// The high bit of each of eight bytes.
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

/// Which of eight bytes are ASCII letters, by their high bits.
fn ascii_letters(bytes: u64) -> u64 {
    const EACH: u64 = HIGH >> 7;
    // Neither sum reaches the byte above it.
    let lower = (bytes | (0x20 * EACH)) & !HIGH;
    let from_a = lower + (0x80 - u64::from(b'a')) * EACH;
    let behind_z = lower + (0x7f - u64::from(b'z')) * EACH;
    from_a & !behind_z & !bytes & HIGH
}

fn word_end(text: &str, start: usize) -> (usize, Case) {
    let mut chars = text.get(start..).unwrap_or_default().char_indices();
    let (mut end, mut upper, mut letters) = (text.len(), 0, 0);
    let first_is_upper = chars.clone().next().is_some_and(|(_, first)| is_upper(first));
    while let Some((at, c)) = chars.next() {
        if is_letter(c) {
            letters += 1;
            upper += usize::from(is_upper(c));
            continue;
        }
        let joins = is_apostrophe(c) && chars.clone().next().is_some_and(|(_, next)| is_letter(next));
        // Abbreviations such as "U.S." stay one word, so that their stops end no sentence.
        let abbreviates = c == '.' && is_initials(text, start, start + at);
        if !(is_combining(c) || joins || abbreviates) {
            end = start + at;
            break;
        }
    }
    (end, case(first_is_upper, upper, letters))
}

/// Whether it is a capital; of most that are not ASCII, which are Cyrillic, this is seen without a table.
fn is_upper(c: char) -> bool {
    match c {
        '\u{400}'..='\u{42f}' => true,
        '\u{430}'..='\u{45f}' => false,
        other => other.is_uppercase(),
    }
}

fn case(first_is_upper: bool, upper: usize, letters: usize) -> Case {
    match (first_is_upper, upper >= 2 && upper * 2 > letters) {
        (_, true) => Case::Upper,
        (true, false) => Case::Capital,
        (false, false) => Case::Lower,
    }
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Whether the stop at `at` follows a single letter and is followed by another single letter and a stop, or ends such a run.
fn is_initials(text: &str, start: usize, at: usize) -> bool {
    let before = text.get(start..at).unwrap_or_default();
    let after = text.get(at + 1..).unwrap_or_default();
    let ends_single = {
        let mut back = before.chars().rev();
        back.next().is_some_and(char::is_alphabetic) && back.next().is_none_or(|c| c == '.')
    };
    let mut ahead = after.chars();
    let letter_and_stop = ahead.next().is_some_and(char::is_alphabetic) && ahead.next() == Some('.');
    ends_single && (letter_and_stop || before.contains('.'))
}

/// A run of digits with groups: "1,234", "1 234", "1.2", "2022-03-23", "12:45". A separator counts only between digits,
/// a space only before exactly three.
fn digits_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = start;
    loop {
        while digit(end) {
            end += 1;
        }
        let Some(separator) = text.get(end..).and_then(|rest| rest.chars().next()) else { return end };
        let next = end + separator.len_utf8();
        let three = digit(next) && digit(next + 1) && digit(next + 2) && !digit(next + 3);
        let joins = match separator {
            ',' | '.' | ':' => digit(next),
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' => {
                three && (end - start <= 3 || has_space_group(text, start, end))
            }
            _ => false,
        };
        if !joins {
            return end;
        }
        end = next;
    }
}

fn has_space_group(text: &str, start: usize, end: usize) -> bool {
    text.get(start..end).is_some_and(|run| run.chars().any(|c| c.is_whitespace() || is_apostrophe(c)))
}

fn possessive_start(text: &str, start: usize, end: usize, possessive: &[impl AsRef<str>]) -> usize {
    let word = text.get(start..end).unwrap_or_default();
    for ending in possessive.iter().map(AsRef::as_ref) {
        let Some(at) = end.checked_sub(ending.len()) else { continue };
        // Most words end in another letter, which is cheaper to see.
        let last = word.as_bytes().last() == ending.as_bytes().last();
        if last && at > start && word.ends_with(ending) {
            return at;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        tokens(text, &["'s", "’s"]).into_iter().map(|token| token.text(text)).collect()
    }

    #[test]
    fn a_numeral_keeps_its_groups() {
        assert_eq!(split("1,234 and 1 234 567, 12.5"), ["1,234", "and", "1 234 567", ",", "12.5"]);
        assert_eq!(split("in 2022 100 men"), ["in", "2022", "100", "men"]);
    }

    #[test]
    fn a_word_is_as_long_and_as_loud_as_its_letters() {
        let cases = |text: &str| tokens(text, &["'s"]).into_iter().map(|token| token.case).collect::<Vec<Case>>();
        assert_eq!(split("a Zz [@`{ internationalisation"), ["a", "Zz", "[", "@", "`", "{", "internationalisation"]);
        assert_eq!(cases("troops Russia NATO McDonald"), [Case::Lower, Case::Capital, Case::Upper, Case::Capital]);
        assert_eq!(
            cases("війська Україна ЗСУ Їжак ЄС"),
            [Case::Lower, Case::Capital, Case::Upper, Case::Capital, Case::Upper]
        );
    }

    #[test]
    fn a_possessive_is_a_token_of_its_own() {
        assert_eq!(split("Russia’s об'єкт don't"), ["Russia", "’s", "об'єкт", "don't"]);
    }

    #[test]
    fn initials_are_one_word() {
        assert_eq!(split("the U.S. army. A. Next"), ["the", "U.S.", "army", ".", "A", ".", "Next"]);
    }
}
