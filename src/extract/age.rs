//! Numbers that are the ages of people whom another figure counts, or who have a name.

use crate::extract::count::Builder;
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};

impl Builder<'_, '_> {
    /// "children under 15", "women over 60": how old people are whose number is told elsewhere.
    pub(super) fn is_limit_of_age(&self, at: usize, start: usize) -> bool {
        // "of the victims were under 18"
        let is = usize::from(start.checked_sub(1).is_some_and(|before| self.has(before, Tag::Be)));
        let people = start.checked_sub(1 + is).and_then(|before| self.get(before)).is_some_and(|item| {
            // "Five of the six were over 50"
            let counted = is == 1 && item.has(Tag::Count);
            // "A third of them, it says, were under 18"
            let set_off = is == 1 && item.has(Tag::Comma);
            counted || set_off || item.tags.meets(TagSet::of(&[Tag::People, Tag::OfThem, Tag::TheDead]))
        });
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
        if is_small && (self.is_one_of_two_ages(at) || self.is_bracketed_age(at)) {
            return true;
        }
        if is_small && self.is_age_of_death(at) {
            return true;
        }
        // "a girl of 12"
        let of = self.has(comma, Tag::Of)
            && comma.checked_sub(1).is_some_and(|person| self.is_one_person(person))
            && !self.get(at + 1).is_some_and(|next| next.tags.meets(TagSet::of(&[Tag::People, Tag::TheDead])));
        if is_age && of {
            return true;
        }
        // "The dead man was 71."
        let is = self.has(comma, Tag::Be);
        // "two girls who are 13"
        let person = comma.checked_sub(1).is_some_and(|person| {
            self.is_one_person(person)
                || (person > 0 && self.has(person, Tag::Relative) && self.has(person - 1, Tag::People))
        });
        if is && person && is_small && set_off(at + 1) {
            return true;
        }
        if is && is_small && (set_off(at + 1) || joined(at + 1)) && self.is_who_befell(comma) {
            return true;
        }
        let second_age = self.has(comma, Tag::And)
            && set_off(at + 1)
            && comma.checked_sub(2).is_some_and(|is| self.has(is, Tag::Be) && self.is_who_befell(is));
        if is_small && second_age {
            return true;
        }
        let first = self.has(comma, Tag::Comma) && somebody(comma) && (set_off(at + 1) || joined(at + 1));
        let second = self.has(comma, Tag::And)
            && set_off(at + 1)
            && comma.checked_sub(2).is_some_and(|before| self.has(before, Tag::Comma) && somebody(before));
        is_small && (first || second)
    }

    /// "a paratrooper dead at 19", "Oleh, killed at 23,": not "put the dead at 19".
    fn is_age_of_death(&self, at: usize) -> bool {
        let Some(done) = at.checked_sub(2).filter(|done| self.has(done + 1, Tag::In)) else { return false };
        let is_verb = |item: &Item<'_>| item.tokens.len() == 1 && item.has(Tag::Done) && !item.has(Tag::TheDead);
        let died = self.get(done).is_some_and(|item| item.tags.meets(OUTCOME) && is_verb(item));
        let counted = TagSet::of(&[Tag::Article, Tag::Of, Tag::NumberOf, Tag::Names]);
        let before = (done.saturating_sub(4)..done).any(|at| self.get(at).is_some_and(|item| item.tags.meets(counted)));
        let put = done.checked_sub(1).is_some_and(|put| self.has(put, Tag::Said));
        let told = TagSet::of(&[Tag::People, Tag::Thing, Tag::Word, Tag::TheDead, Tag::Of]);
        died && !before && !put && !self.get(at + 1).is_some_and(|next| next.tags.meets(told))
    }

    /// "his sisters of 12 and 8".
    fn is_one_of_two_ages(&self, at: usize) -> bool {
        let number = |at: usize| self.get(at).is_some_and(|item| item.number().is_some());
        let of_people = |of: Option<usize>| {
            of.is_some_and(|of| self.has(of, Tag::Of))
                && of.and_then(|of| of.checked_sub(1)).is_some_and(|people| self.has(people, Tag::People))
        };
        let first = of_people(at.checked_sub(1)) && self.has(at + 1, Tag::And) && number(at + 2);
        let and = at.checked_sub(1).is_some_and(|and| self.has(and, Tag::And));
        let second = and && at.checked_sub(2).is_some_and(number) && of_people(at.checked_sub(3));
        (first && !self.has(at + 3, Tag::People)) || (second && !self.has(at + 1, Tag::People))
    }

    /// "three boys (one and a half, 16 and 17)": as many numbers in brackets as there are people before them.
    fn is_bracketed_age(&self, at: usize) -> bool {
        let bracket = |item: &Item<'_>| item.has(Tag::Bracket);
        let before = self.items.get(..at).unwrap_or_default();
        let Some(opening) = before.iter().rposition(bracket).filter(|opening| at - opening <= 9) else { return false };
        let Some(inside) = self.items.get(opening + 1..(opening + 12).min(self.items.len())) else { return false };
        let Some(inside) = inside.iter().position(bracket).and_then(|closing| inside.get(..closing)) else {
            return false;
        };
        let plain = TagSet::of(&[Tag::Count, Tag::Comma, Tag::And, Tag::Word, Tag::Article]);
        // "Maor Lavi (33)"
        let full_name = matches!(before.get(opening.saturating_sub(2)..opening), Some([first, last])
            if first.has(Tag::Name) && last.has(Tag::Name));
        if full_name && inside.len() == 1 {
            return true;
        }
        let people = opening.checked_sub(1).is_some_and(|people| self.has(people, Tag::People));
        let led = self.items.get(opening.saturating_sub(4)..opening).unwrap_or_default();
        let many = led.iter().rev().find_map(|item| item.number().map(|number| number.value));
        let numbers = inside.iter().filter(|item| item.number().is_some_and(|number| number.digits)).count();
        let words = inside.iter().filter(|item| item.number().is_some_and(|number| !number.digits)).count();
        let fits =
            |many: u64| (numbers..=numbers + words).any(|told| u64::try_from(told).is_ok_and(|told| told == many));
        people && inside.iter().all(|item| item.tags.meets(plain)) && many.is_some_and(fits)
    }

    /// "the man who died was 47", "the men who were killed were 56 and 61": whether people and what befell them stand before
    /// a verb.
    fn is_who_befell(&self, verb: usize) -> bool {
        let clause = self.items.get(verb.saturating_sub(5)..verb).unwrap_or_default();
        let Some(who) = clause.iter().rposition(|item| item.has(Tag::Relative)) else { return false };
        let people = who.checked_sub(1).and_then(|at| clause.get(at)).is_some_and(|item| item.has(Tag::People));
        people && clause.iter().skip(who + 1).any(|item| item.tags.meets(OUTCOME))
    }
}
