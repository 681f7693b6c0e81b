//! A date as numbers, words and signs.

/// A part of a date. White space is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Digits.
    Number {
        /// What they are worth.
        value: i64,
        /// How many there are.
        digits: usize,
    },
    /// Letters, in lower case.
    Word(String),
    /// Anything else.
    Sign(char),
}

/// Longest number that is kept as one: milliseconds and compact times are shorter.
const LONGEST_NUMBER: usize = 15;

/// The parts of a text in order.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_alike = |c: char| match first {
            '0'..='9' => c.is_ascii_digit(),
            _ if first.is_alphabetic() => c.is_alphabetic(),
            _ => false,
        };
        let end = rest.char_indices().skip(1).find(|(_, c)| !is_alike(*c)).map_or(rest.len(), |(at, _)| at);
        let (run, after) = rest.split_at(end);
        rest = after;
        match first {
            '0'..='9' => {
                let value = if run.len() > LONGEST_NUMBER { None } else { run.parse().ok() };
                parts.push(Part::Number { value: value.unwrap_or(i64::MAX), digits: run.len() });
            }
            '−' => parts.push(Part::Sign('-')),
            _ if first.is_alphabetic() => parts.push(Part::Word(run.to_lowercase())),
            _ if first.is_whitespace() => {}
            _ => parts.push(Part::Sign(first)),
        }
    }
    parts
}
