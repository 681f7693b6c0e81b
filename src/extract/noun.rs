//! What a number counts: the noun behind it, or elsewhere in the phrase.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use crate::extract::count::{Builder, Count, Head, Part};
use crate::extract::meaning::Meaning;
use crate::extract::number::Odd;
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::vocabulary::{PeopleWords, TimeUnit};
use crate::model::{Bounds, Victims};

/// From which year of their life on people are no children.
const MAJORITY: u64 = 18;

/// Words that may stand between a number and its noun.
pub(super) const BETWEEN: TagSet = TagSet::of(&[
    Tag::Modifier,
    Tag::Another,
    Tag::Side,
    Tag::Nation,
    Tag::Country,
    Tag::Government,
    Tag::Own,
    Tag::We,
    Tag::Enemy,
    Tag::Possessive,
    Tag::Article,
    Tag::Qualifier,
    Tag::Forces,
    Tag::Claimant,
    Tag::Name,
    Tag::Direction,
    Tag::Place,
]);

/// Words that may be a noun no list has as people.
const NOUN_LIKE: TagSet =
    TagSet::of(&[Tag::Word, Tag::Attack, Tag::Body, Tag::Title, Tag::Region, Tag::War, Tag::Battle, Tag::Report]);

/// What ends the search for a noun.
const STOP: TagSet = TagSet::of(&[
    Tag::Preposition,
    Tag::In,
    Tag::To,
    Tag::From,
    Tag::By,
    Tag::Auxiliary,
    Tag::Modal,
    Tag::Negation,
    Tag::And,
    Tag::Or,
    Tag::Barrier,
    Tag::Said,
    Tag::Relative,
    Tag::Comma,
    Tag::Semicolon,
    Tag::Colon,
    Tag::Dash,
    Tag::Bracket,
    Tag::QuoteMark,
    Tag::Verb,
    Tag::Done,
    Tag::Noun,
    Tag::Toll,
    Tag::Count,
    Tag::Time,
    Tag::Since,
    Tag::Including,
    Tag::OfThem,
    Tag::Leave,
    Tag::Lose,
    Tag::AsOf,
]);

impl Builder<'_, '_> {
    /// Looks for the noun that the number counts.
    pub(super) fn noun(&self, count: &mut Count, from: usize) {
        let mut at = from;
        let mut unknown = 0;
        let mut seen_of = false;
        while let Some(item) = self.get(at) {
            if at > from + 9 {
                break;
            }
            if let Some(next) = self.over_mark(count, at, from) {
                at = next;
                continue;
            }
            if self.measures(at, from) {
                count.head = Head::Thing;
                return;
            }
            if item.has(Tag::OfThem) {
                self.of_them(count, at);
                return;
            }
            // "leaving \"upwards of 200\" of the militia dead": the figure alone is quoted.
            let quoted = at == from + 1 && self.has(from, Tag::QuoteMark);
            // "four more of its soldiers"
            let more = at == from + 1 && self.has(from, Tag::Another);
            if item.has(Tag::Of) && (at == from || quoted || more) && !seen_of {
                seen_of = true;
                at += 1;
                continue;
            }
            if item.has(Tag::TheDead) && (seen_of || (at == from && !self.is_hour(count))) {
                count.part = Some(Part::OfDead);
                count.items.end = at;
                self.predicate(count, at + 1);
                return;
            }
            if self.take_lives(count, at) {
                return;
            }
            if self.take_people(count, at) {
                self.complement(count, at + 1);
                return;
            }
            if self.is_kind_of_thing(at) {
                count.head = Head::Thing;
                count.items.end = at + 2;
                return;
            }
            // "three of a neighbour's goats", "150 of the country's soldiers": the owner is not counted.
            let owner = TagSet::of(&[Tag::People, Tag::Thing, Tag::Word, Tag::Body, Tag::Settlement, Tag::Region]);
            if seen_of && item.tags.meets(owner) && self.has(at + 1, Tag::Possessive) {
                at += 2;
                continue;
            }
            Self::note_side(count, item);
            if self.is_case(at) {
                count.head = Head::Bare;
                count.items.end = at + 2;
                return;
            }
            // "a rocket commander", "six drone operators", "28 company and battalion commanders"
            let second = self.has(at + 1, Tag::And) && self.has(at + 2, Tag::Thing);
            let compound = item.has(Tag::Thing)
                && !self.has(at + 1, Tag::We)
                && (self.take_people(count, at + 1) || (second && self.take_people(count, at + 3)));
            if compound || (item.has(Tag::And) && at > from && self.take_joined(count, from..at)) {
                self.complement(count, count.items.end);
                return;
            }
            // "tanks", but also "has worked in nine wars"
            let thing = item.has(Tag::Thing) || (item.has(Tag::War) && at == from);
            if thing && !self.has(at + 1, Tag::Possessive) {
                count.head = Head::Thing;
                count.items.end = at + 1;
                return;
            }
            // "17 Shahed-type drones"
            if item.has(Tag::Dash) && at > from && self.is_glued(at) && self.is_glued(at + 1) {
                at += 2;
                continue;
            }
            if self.is_captives_fate(at) {
                at += 1;
                continue;
            }
            // "151 Russian soldiers there": the word behind them is no noun.
            if self.are_people(at) && self.get(at + 1).is_some_and(|next| next.tags == Tag::Word.set()) {
                count.head = Head::People;
                count.items.end = at + 1;
                return;
            }
            if item.tags.meets(STOP) {
                self.noun_behind(count, at);
                if matches!(count.head, Head::People | Head::Thing) {
                    return;
                }
                break;
            }
            if !item.tags.meets(BETWEEN) {
                if unknown == 3 || !item.tags.meets(NOUN_LIKE) {
                    break;
                }
                unknown += 1;
            }
            at += 1;
        }
        self.without_people(count, from, at, unknown, seen_of);
    }

    /// "390,000 cases of wounding", but not "three tonnes of dead fish".
    fn is_case(&self, at: usize) -> bool {
        let of = self.has(at, Tag::Thing) && self.has(at + 1, Tag::Of);
        of && self.get(at + 2).is_some_and(|next| next.tags.meets(OUTCOME))
            && !self.get(at + 3).is_some_and(|next| next.has(Tag::Thing) || next.tags == Tag::Word.set())
    }

    /// "12 percent", "40 days", "11,679 (+4) enemy tanks": a measure, or a growth that is one of things.
    fn measures(&self, at: usize, from: usize) -> bool {
        let measure = TagSet::of(&[Tag::Percent, Tag::Money, Tag::Age]);
        let is_measure = |item: &Item<'_>| item.tags.meets(measure) || item.meaning(time_unit).is_some();
        (at == from && self.grows_in_things(at)) || self.get(at).is_some_and(is_measure)
    }

    /// "nine terrorist camps", "two earlier bills": a word for people or for a time that describes a thing.
    fn is_kind_of_thing(&self, at: usize) -> bool {
        let describes = TagSet::of(&[Tag::People, Tag::Ago, Tag::Last]);
        let next = self.get(at + 1).filter(|_| self.get(at).is_some_and(|item| item.tags.meets(describes)));
        next.is_some_and(|next| next.has(Tag::Thing) && !next.tags.meets(OUTCOME.with(Tag::Attack.set())))
    }

    /// "four of them", "134 of those seized", "4,600 of those listed": a part of whom the passage tells.
    fn of_them(&self, count: &mut Count, at: usize) {
        let harmed = self.has(at + 1, Tag::Done) && !self.has(at + 2, Tag::People);
        let listed = self.has(at + 1, Tag::Names) && self.has(at + 2, Tag::Be);
        count.part = Some(if harmed { Part::OfDead } else { Part::OfFigure });
        count.items.end = at + 1 + usize::from(listed && !harmed);
        if harmed || listed {
            self.predicate(count, at + 2);
        } else {
            self.apposed(count, at + 1);
        }
    }

    /// "80 lives", "forty civilian lives".
    fn take_lives(&self, count: &mut Count, at: usize) -> bool {
        let people = self.get(at).and_then(Item::people).filter(|_| self.has(at + 1, Tag::Lives));
        if people.is_none() && !self.has(at, Tag::Lives) {
            return false;
        }
        count.head = Head::Lives;
        count.people = people;
        count.items.end = at + 1 + usize::from(people.is_some());
        true
    }

    /// "Russian soldiers", "Russians": the people of a side, by a word that describes no other.
    fn are_people(&self, at: usize) -> bool {
        let Some(item) = self.get(at) else { return false };
        let people = |meaning: &Meaning| matches!(meaning, Meaning::People(_));
        let noun = || item.tokens.end.checked_sub(1).is_some_and(|last| self.scan.hit(last).1.iter().any(people));
        (item.has(Tag::Nation) && !item.has(Tag::Side)) || (item.has(Tag::Forces) && item.tokens.len() > 1 && noun())
    }

    /// Whether nothing stands between an item and the one before.
    fn is_glued(&self, at: usize) -> bool {
        self.get(at).and_then(|item| self.scan.token(item.tokens.start)).is_some_and(|token| token.glued)
    }

    /// "by seven the wounded were still coming in"
    fn is_hour(&self, count: &Count) -> bool {
        count.items.start.checked_sub(1).is_some_and(|by| self.has(by, Tag::By))
    }

    /// Whether what stands in brackets is how many more of things there are.
    fn grows_in_things(&self, bracket: usize) -> bool {
        let plus = TagSet::of(&[Tag::Plus, Tag::Increase]);
        let grows = self.has(bracket, Tag::Bracket)
            && self.get(bracket + 1).is_some_and(|item| item.tags.meets(plus))
            && self.has(bracket + 3, Tag::Bracket);
        let behind = self.items.get(bracket + 4..).unwrap_or_default();
        let noun =
            behind.iter().take(4).find(|item| item.tags.meets(STOP.with(TagSet::of(&[Tag::Thing, Tag::People]))));
        grows && noun.is_some_and(|item| item.has(Tag::Thing))
    }

    fn without_people(&self, count: &mut Count, from: usize, at: usize, unknown: usize, seen_of: bool) {
        let last = at.checked_sub(1).and_then(|last| self.get(last));
        let nation = last.filter(|_| at > from).filter(|item| item.has(Tag::Nation) || item.has(Tag::Forces));
        // "three Malawians and one Uruguayan died": the word for one of a people is that for its things.
        let one = last.filter(|last| at > from && last.has(Tag::Side) && count.figure.bounds.midpoint() == 1);
        let ends = TagSet::of(&[Tag::And, Tag::Comma, Tag::Auxiliary, Tag::In, Tag::From]).with(OUTCOME);
        let ends = self.get(at).is_none_or(|next| next.tags.meets(ends));
        // "a 19-year-old Palestinian"
        let aged = unknown == 1 && self.get(from).and_then(Item::number).is_some_and(|numeral| numeral.odd.is_some());
        // "two 15-year-olds", "a 12-year-old at a playground"
        if at == from + 1 && self.is_aged(from) {
            let minor = self.get(from).and_then(Item::number).is_some_and(|age| age.value < MAJORITY);
            let of_age = |words: &PeopleWords| match words.group.as_deref() {
                Some(group) => minor && group == "children",
                None => !minor && words.victims == Victims::Unspecified,
            };
            let row = self.scan.language.file.people.iter().position(of_age);
            count.people = row.and_then(|row| u16::try_from(row).ok());
            count.head = Head::People;
            count.items.end = at;
            return;
        }
        // "15 Russian commanders", "two Israeli officials": who may speak, and whose last word is one for people.
        let role = last.filter(|last| at > from && last.has(Tag::Claimant) && !seen_of && ends);
        let row = role.and_then(|role| {
            let (_, meanings) = self.scan.hit(role.tokens.end.checked_sub(1)?);
            meanings.iter().find_map(|meaning| if let Meaning::People(row) = meaning { Some(*row) } else { None })
        });
        if row.is_some() {
            count.people = row;
            count.head = Head::People;
            count.items.end = at;
            return;
        }
        if nation.is_some() || (one.is_some() && ends && (unknown == 0 || aged) && !seen_of) {
            count.head = Head::People;
            count.items.end = at;
        } else if unknown > 0 {
            count.head = Head::Unknown;
            count.items.end = at;
        } else if count.party.is_none() && !seen_of {
            count.head = Head::Bare;
        } else {
            count.items.end = if seen_of && at == from + 1 { from } else { at };
        }
    }

    /// Whether an item is an age that stands for somebody: "12-year-old", "15-year-olds".
    pub(super) fn is_aged(&self, at: usize) -> bool {
        let Some(item) = self.get(at).filter(|item| item.number().is_some_and(|one| one.odd == Some(Odd::Compound)))
        else {
            return false;
        };
        let years = self.scan.language.file.dates.units.get(&TimeUnit::Year);
        let unit = self.scan.text(&item.tokens).split('-').nth(1);
        unit.zip(years).is_some_and(|(unit, years)| years.iter().any(|year| year == unit))
    }

    /// Takes a word for people as the noun, unless another one follows at once ("family members", "army officers").
    fn take_people(&self, count: &mut Count, at: usize) -> bool {
        let Some(item) = self.get(at) else { return false };
        let Some(row) = item.people() else {
            return false;
        };
        let next_is_noun = self.get(at + 1).is_some_and(|next| {
            // "a volunteer group"
            let body =
                next.has(Tag::Body) && count.figure.bounds == Bounds::Exact(1) && self.has(count.number, Tag::One);
            let is_noun = body || next.has(Tag::People) || (next.has(Tag::Thing) && !next.has(Tag::Attack));
            is_noun && !next.tags.meets(OUTCOME)
        });
        // "1,830 settler attacks": a word for one before what so many are.
        let several = count.figure.bounds.midpoint() > 1
            && self.get(at + 1).is_some_and(|next| next.tags.meets(TagSet::of(&[Tag::Attack, Tag::Settlement])));
        let next_is_noun = next_is_noun || (several && self.is_one_person(at));
        // "two of her neighbour's dogs"
        if next_is_noun || self.has(at + 1, Tag::Possessive) {
            return false;
        }
        Self::note_side(count, item);
        count.people = Some(row);
        count.hostages = item.has(Tag::Hostages);
        count.captives = self.scan.language.file.people.get(usize::from(row)).is_some_and(|words| words.captive);
        count.head = Head::People;
        count.items.end = at + 1;
        true
    }

    /// "30 humanitarian and health workers": what stands before "and" describes the noun behind it.
    fn take_joined(&self, count: &mut Count, before: std::ops::Range<usize>) -> bool {
        let describes = TagSet::of(&[Tag::Word, Tag::Modifier, Tag::Qualifier]);
        let and = before.end;
        let plain = |item: &Item<'_>| item.tags.meets(describes) && !item.tags.meets(OUTCOME);
        let alone = before.len() <= 2 && self.items.get(before).is_some_and(|words| words.iter().all(plain));
        let behind = |at: usize| self.items.get(at).is_some_and(plain);
        alone && (self.take_people(count, and + 1) || (behind(and + 1) && self.take_people(count, and + 2)))
    }

    pub(super) fn note_side(count: &mut Count, item: &Item<'_>) {
        let side = item.meaning(|meaning| if let Meaning::Party(tag, row) = meaning { Some((row, tag)) } else { None });
        if count.party.is_none() || side.is_some_and(|(_, tag)| tag == Tag::Forces) {
            count.party = side.or(count.party);
        }
        let whose = [Tag::Own, Tag::We, Tag::Enemy].into_iter().find(|tag| item.has(*tag));
        count.whose = count.whose.or(whose);
    }
}

fn time_unit(meaning: Meaning) -> Option<()> {
    matches!(meaning, Meaning::Unit(_)).then_some(())
}
