//! What stands over the lines of a list: "The losses of the enemy from 24 February to 5 December are:".

use std::rc::Rc;

use crate::extract::link::Before;
use crate::extract::scan::{Scan, Sentence};
use crate::extract::speaker::Speaker;
use crate::extract::stretch::Stretch;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::token::{Case, Kind};
use crate::extract::whose::Whose;
use crate::model::Outcomes;

/// What a line that opens a list says for all its lines.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) whose: Option<Whose>,
    pub(super) outcomes: Option<Outcomes>,
    pub(super) speaker: Option<Rc<Speaker>>,
    pub(super) stretch: Option<Stretch>,
    /// The paragraph of its last line so far.
    pub(super) paragraph: usize,
}

impl Frame {
    /// What its lines take over from it.
    pub(super) fn before(&self) -> Before {
        Before { outcomes: self.outcomes, pair: None, asked: None, listed: true }
    }
}

/// Whether a sentence opens a list: it ends in a colon.
pub(super) fn opens_list(scan: &Scan<'_>, sentence: &Sentence<'_>) -> bool {
    let last = sentence.items.last();
    let end = last.map_or(0, |item| item.tokens.end);
    last.is_some_and(|item| item.has(Tag::Colon)) && scan.token(end).is_some_and(|token| token.kind == Kind::Break)
}

/// Whether a sentence looks like a line of a list: it begins with a dash, a bullet or a small letter.
pub(super) fn is_line(scan: &Scan<'_>, sentence: &Sentence<'_>) -> bool {
    let Some(first) = sentence.items.first().and_then(|item| scan.token(item.tokens.start)) else { return false };
    let bullet = match first.kind {
        Kind::Mark(mark) => matches!(mark, '—' | '-' | '•' | '*' | '·' | '▪' | '●'),
        Kind::Word => first.case == Case::Lower,
        Kind::Digits | Kind::Break => false,
    };
    let ends_open = sentence.items.last().is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Semicolon])));
    bullet || ends_open
}
