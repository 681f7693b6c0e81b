//! The phrase of a speaker: where it begins and where it ends.

use std::ops::Range;

use crate::extract::count::ordinal;
use crate::extract::number::Odd;
use crate::extract::person::PRONOUN;
use crate::extract::scan::Item;
use crate::extract::subject::Reader;
use crate::extract::tag::{Tag, TagSet};

/// What the name of a speaker is made of.
pub(super) const NAME: TagSet = TagSet::of(&[
    Tag::Name,
    Tag::Claimant,
    Tag::Title,
    Tag::Officials,
    Tag::Body,
    Tag::Outlet,
    Tag::Qualifier,
    Tag::Country,
    Tag::Side,
    Tag::Government,
    Tag::Forces,
    Tag::Nation,
    Tag::Place,
    Tag::Region,
    Tag::People,
    Tag::Direction,
    Tag::Report,
]);

/// Joins the parts of a name, but never begins or ends it.
pub(super) const GLUE: TagSet = TagSet::of(&[
    Tag::Of,
    Tag::In,
    Tag::From,
    Tag::Settlement,
    Tag::Possessive,
    Tag::Article,
    Tag::And,
    Tag::Dash,
    Tag::One,
    Tag::Own,
    Tag::Preposition,
    Tag::Modifier,
]);

impl Reader<'_, '_> {
    pub(super) fn phrase_left(&self, end: usize) -> Range<usize> {
        let mut start = end;
        while let Some(at) = start.checked_sub(1) {
            let Some(item) = self.items.get(at) else { break };
            let belongs = item.tags.meets(NAME)
                || (item.tags.meets(GLUE) && at + 12 > end)
                || self.possesses(at)
                || self.is_part(at)
                || self.is_numbered(at)
                || self.advises(at);
            if !belongs || item.has(Tag::Comma) || self.separates(item) || end - at > 14 {
                break;
            }
            start = at;
            // A phrase begins with its article, unless it belongs to one before: "the governor of the region".
            let leads = TagSet::of(&[Tag::Of, Tag::In, Tag::From]);
            let before = at.checked_sub(1).and_then(|before| self.items.get(before));
            let belongs_on =
                before.is_some_and(|before| before.tags.meets(leads)) || self.advises(at.saturating_sub(1));
            if item.has(Tag::Article) && !belongs_on {
                break;
            }
        }
        self.trimmed(start..end)
    }

    /// Whether a phrase to the right of a place may hold anything; most words begin none, which is seen at once.
    pub(super) fn may_begin_phrase(&self, at: usize) -> bool {
        let begins = NAME.with(GLUE).with(PRONOUN).with(TagSet::of(&[Tag::Count, Tag::Time]));
        self.items.get(at).is_some_and(|item| item.tags.meets(begins)) || self.possesses(at)
    }

    pub(super) fn phrase_right(&self, start: usize) -> Range<usize> {
        let mut end = self.over_age(start);
        while let Some(item) = self.items.get(end) {
            let belongs = item.tags.meets(NAME)
                || item.tags.meets(GLUE)
                || self.possesses(end)
                || self.is_part(end)
                || self.is_numbered(end)
                || item.tags.meets(PRONOUN);
            if !belongs || self.separates(item) || end - start > 14 {
                break;
            }
            end += 1;
            if item.tags.meets(PRONOUN) {
                break;
            }
        }
        self.trimmed(start..end)
    }

    /// "A sheikh of the camp now in Tawila has": where the words begin that only say where somebody is.
    pub(super) fn only_situates(&self, name: &Range<usize>) -> Option<usize> {
        let place = TagSet::of(&[Tag::Place, Tag::Region, Tag::Direction, Tag::Settlement]);
        let speaks = TagSet::of(&[Tag::Claimant, Tag::Government, Tag::Body, Tag::Title, Tag::Officials, Tag::Forces]);
        let led = name.start.checked_sub(1).filter(|led| self.has(*led, Tag::In))?;
        let items = self.items.get(name.clone())?;
        let only = items.iter().all(|item| item.tags.meets(place) && !item.tags.meets(speaks));
        // "Officials in Kherson said" are one phrase.
        let apart =
            led.checked_sub(1).and_then(|before| self.items.get(before)).is_some_and(|item| !item.tags.meets(NAME));
        (only && apart).then_some(led)
    }

    /// "a 34-year-old teacher": where the words behind an age begin.
    fn over_age(&self, start: usize) -> usize {
        let number = start + usize::from(self.has(start, Tag::One) || self.has(start, Tag::Article));
        if !self.items.get(number).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Count, Tag::Time]))) {
            return start;
        }
        let inside = TagSet::of(&[Tag::Age, Tag::Dash, Tag::Modifier]);
        let behind = self.items.get(number + 1..).unwrap_or_default();
        let age = behind.iter().take(3).take_while(|item| item.tags.meets(inside) && !self.separates(item)).count();
        if age > 0 { number + 1 + age } else { start }
    }

    /// "the country's health ministry": a common noun that owns what follows.
    fn possesses(&self, at: usize) -> bool {
        let noun = self.items.get(at).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Thing, Tag::Word])));
        noun && self.has(at + 1, Tag::Possessive)
    }

    /// "officials in the occupied part of the region": a common noun between what describes it and what it is of.
    fn is_part(&self, at: usize) -> bool {
        let described = at.checked_sub(1).and_then(|before| self.items.get(before)).is_some_and(|item| {
            item.tags.meets(TagSet::of(&[Tag::Qualifier, Tag::Direction])) && !item.has(Tag::Place)
        });
        described && self.has(at, Tag::Word) && self.has(at + 1, Tag::Of)
    }

    /// "the Second Region", "the 6th division": an ordinal before what a name is made of.
    fn is_numbered(&self, at: usize) -> bool {
        let ordinal = self.items.get(at).is_some_and(|item| {
            item.meaning(ordinal).is_some() || item.number().is_some_and(|number| number.odd == Some(Odd::Compound))
        });
        let unit = TagSet::of(&[Tag::Body, Tag::Forces, Tag::Region, Tag::Name]);
        ordinal && self.items.get(at + 1).is_some_and(|next| next.tags.meets(unit))
    }

    /// "an adviser to the president"
    fn advises(&self, at: usize) -> bool {
        self.has(at, Tag::To) && at.checked_sub(1).is_some_and(|adviser| self.has(adviser, Tag::Title))
    }

    /// A dash with spaces around it separates; a hyphen joins.
    pub(super) fn separates(&self, item: &Item<'_>) -> bool {
        item.has(Tag::Dash) && self.scan.token(item.tokens.start).is_some_and(|token| !token.glued)
    }

    pub(super) fn trimmed(&self, mut range: Range<usize>) -> Range<usize> {
        let is_glue =
            |at: usize| self.items.get(at).is_some_and(|item| item.tags.meets(GLUE) && !item.tags.meets(NAME));
        while range.start < range.end && is_glue(range.start) {
            range.start += 1;
        }
        while range.start < range.end && is_glue(range.end - 1) {
            range.end -= 1;
        }
        range
    }
}
