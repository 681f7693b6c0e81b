//! Verbs that no list knows as ones of saying, and that say so by where they stand: behind the whole of what is said, or
//! behind a quotation.

use std::ops::Range;

use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::subject::Reader;
use crate::extract::tag::{Tag, TagSet};

/// Who may say anything in such a place: an office, a role, or somebody by name.
const SPEAKS: TagSet = TagSet::of(&[Tag::Title, Tag::Body, Tag::Officials, Tag::Claimant]);

/// What may still follow the verb: when, where, and to whom.
const ADVERBIAL: TagSet = TagSet::of(&[
    Tag::In,
    Tag::On,
    Tag::To,
    Tag::By,
    Tag::Of,
    Tag::From,
    Tag::Time,
    Tag::AsOf,
    Tag::Place,
    Tag::Name,
    Tag::Word,
    Tag::Preposition,
    Tag::Article,
    Tag::One,
    Tag::Own,
    Tag::Outlet,
    Tag::Report,
    Tag::Qualifier,
    Tag::Modifier,
]);

/// The most words that may follow it.
const LONGEST: usize = 9;

impl Reader<'_, '_> {
    /// "Twelve were killed, the governor fumed on Monday", "“Ten are dead,” thundered the mayor": the verb and its subject.
    pub(super) fn quotative(&self) -> Option<(usize, Range<usize>)> {
        self.behind_all().or_else(|| self.behind_quotation())
    }

    /// A clause behind the last comma, or the last quotation mark, that is somebody, one verb, and nothing but when and where.
    fn behind_all(&self) -> Option<(usize, Range<usize>)> {
        let mark = self.items.iter().rposition(|item| item.tags.meets(TagSet::of(&[Tag::Comma, Tag::QuoteMark])))?;
        let counted = self.items.iter().position(|item| item.has(Tag::Count)).is_some_and(|count| count < mark);
        let phrase = self.phrase_right(mark + 1);
        // "Oleksandr Prokudin, the governor, fumed"
        let inserted = phrase.is_empty();
        let verb = if inserted { mark + 1 } else { phrase.end };
        let subject = if inserted { self.left(verb)? } else { self.with_apposition(phrase) };
        let opened = subject.start.checked_sub(1)?;
        let led = usize::from(self.has_any(opened, TagSet::of(&[Tag::Article, Tag::One])));
        let opened = opened.checked_sub(led)?;
        let apart = self.has_any(opened, TagSet::of(&[Tag::Comma, Tag::QuoteMark]));
        let near = inserted || subject.start <= mark + 2 || subject.end == verb;
        let quoted = self.has(mark, Tag::QuoteMark);
        ((counted || quoted) && apart && near && self.is_saying(verb) && self.speaks(&subject))
            .then_some((verb, subject))
    }

    /// The verb between a quotation and whoever it is of.
    fn behind_quotation(&self) -> Option<(usize, Range<usize>)> {
        let mark = self.items.iter().rposition(|item| item.has(Tag::QuoteMark))?;
        let verb = mark + 1;
        let subject = self.phrase_right(verb + 1);
        let alone = self.items.get(verb).is_some_and(|item| item.tags == Tag::Word.set());
        let name = self.items.get(subject.clone())?.iter().any(|item| item.has(Tag::Name));
        let closes = self.items.get(subject.end).is_none_or(|next| {
            next.tags.is_empty() || next.tags.meets(TagSet::of(&[Tag::Comma, Tag::On, Tag::In, Tag::Time]))
        });
        (mark > 1 && alone && closes && subject.start <= verb + 2 && (name || self.speaks(&subject)))
            .then_some((verb, subject))
    }

    fn speaks(&self, subject: &Range<usize>) -> bool {
        self.items.get(subject.clone()).is_some_and(|items| items.iter().any(|item| item.tags.meets(SPEAKS)))
    }

    /// Whether a word is the verb of such a clause: nothing is known of it, and nothing else happens behind it.
    fn is_saying(&self, verb: usize) -> bool {
        let plain = |item: &Item<'_>| item.tags.is_empty() || (item.tags.meets(ADVERBIAL) && !item.tags.meets(OUTCOME));
        let behind = self.items.get(verb + 1..).unwrap_or_default();
        self.items.get(verb).is_some_and(|item| item.tags == Tag::Word.set())
            && behind.len() <= LONGEST
            && behind.iter().all(plain)
    }
}
