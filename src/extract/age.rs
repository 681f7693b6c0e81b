//! Numbers that are the ages of people whom another figure counts, or who have a name.

use crate::extract::count::Builder;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};

impl Builder<'_, '_> {
    /// "children under 15", "women over 60": how old people are whose number is told elsewhere.
    pub(super) fn is_limit_of_age(&self, at: usize, start: usize) -> bool {
        // "of the victims were under 18"
        let is = usize::from(start.checked_sub(1).is_some_and(|before| self.has(before, Tag::Be)));
        let people = start
            .checked_sub(1 + is)
            .and_then(|before| self.get(before))
            .is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::People, Tag::OfThem, Tag::TheDead])));
        let small = self.get(at).and_then(Item::number).is_some_and(|numeral| numeral.digits && numeral.value <= 99);
        let hedge = self.get(start).is_some_and(|item| item.tokens.len() == 1);
        people && small && hedge && start < at && !self.get(at + 1).is_some_and(|next| next.has(Tag::People))
    }

    /// "Halina, 68," or "two men, 46 and 68,": a bare number set off behind somebody.
    pub(super) fn is_age(&self, at: usize, start: usize) -> bool {
        let is_small =
            self.get(at).and_then(Item::number).is_some_and(|numeral| numeral.digits && numeral.value <= 110);
        let is_age = self.get(at).and_then(Item::number).is_some_and(|numeral| !numeral.vague && numeral.value <= 110);
        let set_off = |at: usize| {
            self.get(at).is_none_or(|item| item.has(Tag::Comma) || item.has(Tag::Dash) || item.tags.is_empty())
        };
        let joined = |at: usize| {
            self.has(at, Tag::And) && self.get(at + 1).is_some_and(|item| item.number().is_some()) && set_off(at + 2)
        };
        let Some(comma) = start.checked_sub(1).filter(|_| start == at) else { return false };
        let somebody = |at: usize| {
            at.checked_sub(1)
                .and_then(|at| self.get(at))
                .is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Name, Tag::People, Tag::Claimant, Tag::Title])))
        };
        // "a girl of 12"
        let of = self.has(comma, Tag::Of)
            && comma.checked_sub(1).is_some_and(|person| self.is_one_person(person))
            && !self.get(at + 1).is_some_and(|next| next.tags.meets(TagSet::of(&[Tag::People, Tag::TheDead])));
        if is_age && of {
            return true;
        }
        // "The dead man was 71."
        let is = self.has(comma, Tag::Be) && comma.checked_sub(1).is_some_and(|person| self.is_one_person(person));
        if is && is_small && set_off(at + 1) {
            return true;
        }
        let first = self.has(comma, Tag::Comma) && somebody(comma) && (set_off(at + 1) || joined(at + 1));
        let second = self.has(comma, Tag::And)
            && set_off(at + 1)
            && comma.checked_sub(2).is_some_and(|before| self.has(before, Tag::Comma) && somebody(before));
        is_small && (first || second)
    }
}
