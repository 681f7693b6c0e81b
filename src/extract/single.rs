//! One person without a number: "a journalist", "another woman", "his wife".

use crate::extract::count::{Builder, Count, Head, ordinal};
use crate::extract::pattern::OUTCOME;
use crate::extract::spelling::lowers_to;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Bounds, Figure};

impl Builder<'_, '_> {
    /// "a journalist", "another woman": one person, if the noun follows at once.
    pub(super) fn one(&self, at: usize) -> Option<Count> {
        let item = self.get(at)?;
        let another = item.has(Tag::Another);
        let related = item.has(Tag::Own) && !another;
        if !(item.has(Tag::One) || another || related) || item.number().is_some() {
            return None;
        }
        // "a third was badly hurt", "wounded a fourth"; "50,000 prisoners, of whom a fifth were killed" is a share.
        let of_whole =
            at.checked_sub(1).is_some_and(|whole| self.has(whole, Tag::OfThem) || self.has(whole, Tag::Relative));
        let ordinal = !of_whole && self.get(at + 1).is_some_and(|next| next.meaning(ordinal).is_some());
        // "killed one civilian in Bakhmut and another in Krasnohorivka"
        let and = at.checked_sub(1).is_some_and(|and| self.has(and, Tag::And));
        let named = self.get(at + 2).is_some_and(|place| place.tags.meets(TagSet::of(&[Tag::Place, Tag::Name])));
        let placed = another && and && self.has(at + 1, Tag::In) && named;
        let elided = placed
            || item.has(Tag::One)
                && ((another && (self.befell(at + 1) || self.is_object(at)))
                    || (ordinal && (self.befell(at + 2) || self.is_object(at + 1))));
        // "Dmytro Kucher, 43, a beekeeper": who he was.
        let has = |back: usize, tag: Tag| at.checked_sub(back).is_some_and(|at| self.has(at, tag));
        let name = |back: usize| has(back, Tag::Name) || has(back, Tag::Claimant);
        let aged = has(3, Tag::Comma) && at.checked_sub(2).and_then(|at| self.get(at)?.number()).is_some();
        // "As talks went on in Istanbul, a woman was killed": where it was.
        let placed = has(3, Tag::In) || has(3, Tag::Settlement);
        if !another && has(1, Tag::Comma) && ((name(2) && !placed) || (aged && name(4))) {
            return None;
        }
        // "Declan Furlong (34), formerly a private in the army,"
        let formerly =
            usize::from(at.checked_sub(1).and_then(|at| self.get(at)).is_some_and(|item| item.tags == Tag::Word.set()));
        if !another && has(1 + formerly, Tag::Comma) && has(2 + formerly, Tag::Bracket) {
            return None;
        }
        // "was shot dead by a settler": who did it.
        if has(1, Tag::By) {
            return None;
        }
        // "three were children, the youngest a boy of 18 months", "had been killed as a soldier in 2022": what he was.
        if has(1, Tag::Age) || (has(1, Tag::Preposition) && has(1, Tag::Reach) && has(2, Tag::Done)) {
            return None;
        }
        let figure = Figure { bounds: Bounds::Exact(1), approx: false, vague: false };
        let mut count = Count::of(at..at + 1, at, figure);
        count.related = related;
        self.noun(&mut count, at + 1);
        if !another && self.is_named(&count) {
            return None;
        }
        let is_person = count.head == Head::People && count.people.is_some() && self.is_singular(&count);
        // "two Tanzanians and a Uruguayan were killed"
        let aged = usize::from(self.get(at + 1).is_some_and(|next| next.number().is_some()));
        let national = count.head == Head::People
            && matches!(count.party, Some((_, Tag::Side | Tag::Nation)))
            && count.items.len() == 2 + aged;
        self.partitive_before(&mut count);
        let aged = count.head == Head::People && self.is_aged(at + 1) && count.items.end == at + 2;
        (is_person || aged || elided || (national && item.has(Tag::One))).then_some(count)
    }

    /// "an attendant of the depot, Oksana Bilyk, was killed": somebody by name is nobody counted.
    fn is_named(&self, count: &Count) -> bool {
        let behind = self.items.get(count.items.end..).unwrap_or_default();
        let phrase = TagSet::of(&[Tag::Of, Tag::To, Tag::Article, Tag::Thing, Tag::Word, Tag::Government, Tag::Body]);
        let comma = behind.iter().take(5).take_while(|item| item.tags.meets(phrase)).count();
        let name = behind.get(comma + 1).is_some_and(|item| item.has(Tag::Name) && !item.has(Tag::Place));
        let closes = behind.iter().skip(comma + 2).take(3).find(|item| !item.has(Tag::Name));
        behind.get(comma).is_some_and(|item| item.has(Tag::Comma))
            && name
            && closes.is_some_and(|item| item.has(Tag::Comma) || item.tags.is_empty())
    }

    /// "another was badly wounded": whether something befell whoever stands before.
    fn befell(&self, at: usize) -> bool {
        let passed = TagSet::of(&[Tag::Auxiliary, Tag::Severity]);
        let over = self.items.get(at..).unwrap_or_default().iter().take(3).take_while(|item| item.tags.meets(passed));
        self.has(at + over.count(), Tag::Done)
    }

    /// "and lightly wounded another,": the noun is the one before.
    fn is_object(&self, at: usize) -> bool {
        let article = usize::from(self.get(at).is_some_and(|item| item.meaning(ordinal).is_some()));
        let verb = at.checked_sub(1 + article).and_then(|verb| self.get(verb));
        let ends = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::And, Tag::In]);
        let alone = self.get(at + 1).is_none_or(|next| next.tags.is_empty() || next.tags.meets(ends));
        alone && verb.is_some_and(|item| item.has(Tag::Verb) && item.tags.meets(OUTCOME))
    }

    /// A word for a single person.
    pub(super) fn is_one_person(&self, at: usize) -> bool {
        let Some(item) = self.get(at) else { return false };
        let row = item.people();
        let words = row.and_then(|row| self.scan.language.file.people.get(usize::from(row)));
        let text = self.scan.text(&item.tokens);
        // "A UN worker" has capitals of its own.
        words.is_some_and(|words| words.singular.iter().any(|one| lowers_to(text, one) || text == one))
    }

    /// "another soldiers" does not occur, but "more soldiers" does: a lone "more" or "other" counts nobody.
    fn is_singular(&self, count: &Count) -> bool {
        // "a girl among them", "a woman of 72"
        let noun = count.items.clone().rev().find(|at| self.has(*at, Tag::People));
        // "a member of its staff"
        let member = count.items.clone().find(|at| self.has(*at, Tag::People)).filter(|at| self.has(at + 1, Tag::Of));
        let noun = member.or(noun);
        // "his wife", not "his wife Olena"
        let named = (count.items.end..count.items.end + 2).find(|at| !self.has(*at, Tag::Comma)).is_some_and(|at| {
            self.get(at).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Name, Tag::Claimant, Tag::Title])))
        });
        // "its civilian dead" are many.
        let adjective = noun.is_some_and(|noun| self.has(noun, Tag::Modifier));
        let related = count.related && count.items.len() <= 3 && !named && !adjective;
        let one = self.has(count.number, Tag::One) || related;
        noun.is_some_and(|noun| self.is_one_person(noun)) && one
    }
}
