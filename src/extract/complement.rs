//! What stands behind a count's noun or around it: "of Ukraine's 36th Brigade", "were children", "among them".

use crate::extract::count::{Builder, Count, Head, Part};
use crate::extract::noun::BETWEEN;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Bounds, Victims};

/// The age that a number behind a person may be.
const MOST_YEARS: u64 = 110;

impl Builder<'_, '_> {
    /// "two of them children": the noun stands right behind.
    pub(super) fn apposed(&self, count: &mut Count, from: usize) {
        let behind = self.items.get(from..(from + 3).min(self.items.len())).unwrap_or_default();
        let skip = TagSet::of(&[Tag::Auxiliary, Tag::Modifier, Tag::One, Tag::Dash, Tag::Word, Tag::Side]);
        // "50 of them those of children"
        let those = |item: &Item<'_>| item.has(Tag::Article) || (item.has(Tag::Of) && item.tokens.len() == 1);
        for (at, item) in (from..).zip(behind) {
            if let Some(row) = item.people() {
                behind.iter().take(at - from).for_each(|item| Self::note_side(count, item));
                // "Fifty of those hostages"
                count.hostages |= item.has(Tag::Hostages) && at == from;
                count.people = Some(row);
                count.items.end = at + 1;
                return;
            }
            if !(item.tags.meets(skip) || those(item)) {
                return;
            }
        }
    }

    /// "Five of the dead were children": the noun stands behind the verb.
    pub(super) fn predicate(&self, count: &mut Count, from: usize) {
        let behind = self.items.get(from..(from + 4).min(self.items.len())).unwrap_or_default();
        let is_verb = behind.first().is_some_and(|item| item.has(Tag::Auxiliary) || item.has(Tag::Dash));
        // "four of the dead were Syrians"
        let alone = behind
            .get(2)
            .is_none_or(|next| next.tags.is_empty() || next.tags.meets(TagSet::of(&[Tag::Comma, Tag::And])));
        let nation = |item: &&Item<'_>| is_verb && (item.has(Tag::Nation) || (item.has(Tag::Side) && alone));
        if let Some(nation) = behind.get(1).filter(nation) {
            Self::note_side(count, nation);
        }
        let people = behind.iter().find_map(|item| item.people());
        count.people = people.filter(|_| is_verb).or(count.people);
    }

    /// "members of the security forces", "men of Ukraine's 36th Brigade", "soldiers from the Wagner group".
    pub(super) fn complement(&self, count: &mut Count, from: usize) {
        // "eight soldiers and border guards": the second noun has no number of its own.
        if self.has(from, Tag::And) && self.has(from + 1, Tag::People) && count.figure.bounds != Bounds::Exact(1) {
            count.items.end = from + 2;
            return;
        }
        if self.has(from, Tag::OfThem) {
            count.part = Some(Part::OfFigure);
            count.items.end = from + 1;
            return;
        }
        // "a woman of 72", "a man of about 50"
        let years = from + 1 + usize::from(self.get(from + 1).is_some_and(Item::is_hedge));
        let age = self.get(years).and_then(Item::number).is_some_and(|numeral| numeral.value <= MOST_YEARS);
        let noun = self.get(years + 1).is_some_and(|next| next.has(Tag::People) || next.has(Tag::Thing));
        if self.has(from, Tag::Of) && age && !noun && count.figure.bounds == Bounds::Exact(1) {
            count.items.end = years + 1;
            if self.has(years + 1, Tag::OfThem) {
                count.part = Some(Part::OfFigure);
                count.items.end += 1;
            }
            return;
        }
        if !self.has(from, Tag::Of) && !self.has(from, Tag::From) {
            return;
        }
        for at in from + 1..(from + 7).min(self.items.len()) {
            let Some(item) = self.get(at) else { return };
            // "Two deminers from a Danish charity": who employs them, which tells nothing of whose people they are.
            let soldiers = count.kind(self.scan.language).0 == Some(Victims::Military);
            let employs = self.has(from, Tag::From) && item.has(Tag::Side) && self.has(at + 1, Tag::Body);
            if soldiers || !employs {
                Self::note_side(count, item);
            }
            if let Some(row) = item.people() {
                let is_general = count.people.and_then(|row| self.scan.language.file.people.get(usize::from(row)));
                if is_general.is_some_and(|words| words.victims == Victims::Unspecified && words.group.is_none()) {
                    count.people = Some(row);
                }
                count.items.end = at + 1;
                return;
            }
            let owns = item.has(Tag::Thing) && self.has(at + 1, Tag::Possessive);
            let goes_on =
                owns || item.tags.meets(BETWEEN) || item.tags.meets(TagSet::of(&[Tag::Word, Tag::Body, Tag::One]));
            if !goes_on {
                return;
            }
            if item.tags.meets(TagSet::of(&[Tag::Forces, Tag::Country, Tag::Nation])) {
                count.items.end = at + 1;
            }
        }
    }

    /// "including three children", "among them 63 children".
    pub(super) fn partitive_before(&self, count: &mut Count) {
        let mut before = count.items.start;
        for _ in 0..3 {
            let Some(previous) = before.checked_sub(1) else { return };
            // "fought their way out with four hostages", "of which there are eight"
            let comma = previous.checked_sub(1).is_some_and(|comma| self.has(comma, Tag::Comma));
            let with = self.get(previous).is_some_and(Item::is_with);
            let there = count.head == Head::Bare
                && self.has(previous, Tag::Be)
                && previous
                    .checked_sub(1)
                    .is_some_and(|there| self.get(there).is_some_and(|item| item.tags == Tag::Word.set()));
            if (with && !comma) || there {
                return;
            }
            if self.has(previous, Tag::Including) || (self.has(previous, Tag::OfThem) && count.part.is_none()) {
                count.part = count.part.or(Some(Part::OfFigure));
                return;
            }
            if !(self.has(previous, Tag::Auxiliary) || self.has(previous, Tag::Word)) {
                return;
            }
            before = previous;
        }
    }
}
