//! What a phrase about time can begin, which is asked of each word before any time is read.

use crate::extract::meaning::Meaning;
use crate::extract::tag::{Tag, TagSet};

/// The words that begin a named time.
const NAMED: TagSet = TagSet::of(&[
    Tag::Time,
    Tag::Last,
    Tag::This,
    Tag::Late,
    Tag::Early,
    Tag::End,
    Tag::Mid,
    Tag::FirstHalf,
    Tag::SecondHalf,
    Tag::Superlative,
]);

/// The words that begin a stretch of time, beside number words.
const COUNTED: TagSet = TagSet::of(&[Tag::Per, Tag::Last, Tag::One, Tag::Article]);

/// What a phrase can begin. Most begin no time, which is asked once for all readings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Opening {
    /// A date by its day: a number.
    pub(super) dated: bool,
    /// A day, month or year by its name.
    pub(super) named: bool,
    /// A number of days, weeks or years.
    pub(super) counted: bool,
}

impl Opening {
    /// No time.
    pub(super) const NONE: Self = Self { dated: false, named: false, counted: false };

    /// What a phrase with this meaning can begin.
    pub(super) fn of(meaning: Meaning) -> Self {
        let (tags, dated) = (meaning.tags(), matches!(meaning, Meaning::Ordinal(_)));
        let counted = matches!(meaning, Meaning::Number(_)) || tags.meets(COUNTED);
        Self { dated, named: dated || tags.meets(NAMED), counted }
    }

    /// What a phrase with the meanings of both can begin.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            dated: self.dated || other.dated,
            named: self.named || other.named,
            counted: self.counted || other.counted,
        }
    }
}
