//! Where sentences end.

use std::ops::Range;

use crate::extract::scan::Scan;
use crate::extract::token::{Case, Kind, Token};

/// Most tokens of a sentence.
const LONGEST_SENTENCE: usize = 256;

impl Scan<'_> {
    /// The sentences as ranges of tokens, each with its paragraph.
    pub(super) fn sentences(&self) -> Vec<(usize, Range<usize>)> {
        let mut out = Vec::with_capacity(self.tokens.len() / 16);
        let (mut start, mut paragraph) = (0, 0);
        for (at, token) in self.tokens.iter().enumerate() {
            let ends = match token.kind {
                Kind::Break => true,
                Kind::Mark('.' | '!' | '?') => self.ends_sentence(at),
                // A sentence inside quotation marks ends behind the closing one.
                Kind::Mark('"' | '\'' | ')') => token.glued && at > start + 1 && self.closes_sentence(at),
                // "the worst month.[1] The next": the number of a note belongs to the sentence before.
                Kind::Mark(']') => self.closes_note(at),
                Kind::Mark(_) | Kind::Word | Kind::Digits => false,
            };
            // A run of words without an end is cut, so that work on a sentence is bounded.
            let ends = ends || at - start >= LONGEST_SENTENCE;
            if ends {
                let end = if token.kind == Kind::Break { at } else { at + 1 };
                if end > start {
                    out.push((paragraph, start..end));
                }
                paragraph += usize::from(token.kind == Kind::Break);
                start = at + 1;
            }
        }
        if start < self.tokens.len() {
            out.push((paragraph, start..self.tokens.len()));
        }
        out
    }

    fn ends_sentence(&self, at: usize) -> bool {
        let Some(next) = self.token(at + 1) else { return true };
        if next.glued {
            return false;
        }
        let opens = match next.kind {
            Kind::Word => next.case != Case::Lower,
            Kind::Digits | Kind::Break => true,
            Kind::Mark(mark) => matches!(mark, '"' | '\'' | '(' | '[' | '—' | '-'),
        };
        opens && !self.abbreviates(at)
    }

    fn closes_note(&self, at: usize) -> bool {
        let kind = |back: usize| at.checked_sub(back).and_then(|at| self.token(at)).map(|token| token.kind);
        let opens = self.token(at + 1).is_none_or(|next| !next.glued && next.case != Case::Lower);
        let stop = matches!(kind(3), Some(Kind::Mark('.' | '!' | '?' | '"' | '\'' | ']')));
        opens && stop && kind(2) == Some(Kind::Mark('[')) && kind(1) == Some(Kind::Digits)
    }

    fn closes_sentence(&self, at: usize) -> bool {
        let stops = |token: &Token| matches!(token.kind, Kind::Mark('.' | '!' | '?'));
        let Some(before) = at.checked_sub(1).and_then(|before| self.token(before)) else { return false };
        let next_opens =
            self.token(at + 1).is_none_or(|next| !next.glued && (next.case != Case::Lower || next.kind != Kind::Word));
        stops(before) && next_opens
    }

    /// Whether the word before a full stop is an abbreviation.
    pub(super) fn abbreviates(&self, stop: usize) -> bool {
        let Some(before) = stop.checked_sub(1).and_then(|at| self.token(at)) else { return false };
        if !self.token(stop).is_some_and(|token| token.glued) {
            return false;
        }
        let text = before.text(self.source);
        let single = text.len() <= char::MAX.len_utf8() && text.chars().count() == 1;
        let is_initial = single && before.kind == Kind::Word && before.case != Case::Lower;
        let listed = self.language.abbreviations.get(text.len()).map(Vec::as_slice).unwrap_or_default();
        is_initial || listed.iter().any(|word| word.eq_ignore_ascii_case(text))
    }
}
