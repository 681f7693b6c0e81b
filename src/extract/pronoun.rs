//! Words that look like numbers and stand for somebody or something.

use crate::extract::count::{Count, Head, Part};
use crate::extract::link::Linker;
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};

impl Linker<'_, '_> {
    /// "one of", "one for each": the word stands for a thing, not for a number.
    pub(super) fn is_pronoun(&self, count: &Count) -> bool {
        let is_word = self
            .items
            .get(count.number)
            .and_then(Item::number)
            .is_none_or(|numeral| !numeral.digits && numeral.value == 1);
        let next = self.items.get(count.items.end);
        let goes_on = next.is_some_and(|item| {
            item.tags.meets(TagSet::of(&[Tag::Of, Tag::Preposition, Tag::In, Tag::By, Tag::To, Tag::On]))
        });
        // "A drone killed two people and another wounded three": the other one acts.
        let acts = next.is_some_and(|item| item.tags.meets(OUTCOME))
            && self.items.get(count.items.end + 1).is_some_and(|item| item.has(Tag::Count));
        // "One hit a minibus": of a shell, that does something to somebody.
        let object = TagSet::of(&[Tag::Article, Tag::One, Tag::Count, Tag::Own]);
        let strikes = next.is_some_and(|item| item.has(Tag::Attack))
            && self.items.get(count.items.end + 1).is_some_and(|item| item.tags.meets(object));
        // "ten in Kryvyi Rih and one in the Dnipro region"
        let article = usize::from(self.items.get(count.items.end + 1).is_some_and(|item| item.has(Tag::Article)));
        let named = self.items.get(count.items.end + 1 + article);
        let placed = next.is_some_and(|item| item.has(Tag::In))
            && named.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Place, Tag::Name])));
        let joined = count.items.start.checked_sub(1).and_then(|at| self.items.get(at));
        let joins = TagSet::of(&[Tag::And, Tag::Comma, Tag::Colon]);
        // "two drone attacks, one in Oromia and one in Amhara" are attacks.
        let before =
            self.counts.iter().rev().find(|other| other.items.end <= count.items.start && other.head != Head::Bare);
        let of_things = before.is_some_and(|before| matches!(before.head, Head::Thing | Head::Unknown));
        let listed = placed && !of_things && joined.is_some_and(|item| item.tags.meets(joins)) && self.counts.len() > 1;
        // "was killed by one of them"
        let by =
            count.items.start.checked_sub(1).and_then(|by| self.items.get(by)).is_some_and(|item| item.has(Tag::By));
        if by && count.part == Some(Part::OfFigure) && count.people.is_none() {
            return true;
        }
        count.head == Head::Bare && count.part.is_none() && is_word && (goes_on || acts || strikes) && !listed
    }

    /// "One of the captured, a native of Chita, told us": somebody is spoken of, nobody is counted.
    pub(super) fn is_spoken_of(&self, count: &Count) -> bool {
        let speaks = TagSet::of(&[Tag::Comma, Tag::Said, Tag::Told, Tag::Names]);
        let named = self.items.get(count.items.end + 1).is_some_and(|item| item.tags.meets(speaks));
        let behind = self.items.get(count.items.end + 1..).unwrap_or_default();
        let tells = behind.iter().take(12).take_while(|item| !item.tags.meets(OUTCOME));
        let one = count.part.is_some() && count.figure.bounds.midpoint() == 1;
        // "One of them, a retired brigadier who goes there, thinks that", "One of them, Raed, sent us a picture"
        let behind = self.items.get(count.items.end..).unwrap_or_default();
        let acts = TagSet::of(&[Tag::Be, Tag::Auxiliary, Tag::Lose]).with(OUTCOME);
        let by_name = matches!(behind, [comma, name, closing, verb, ..] if comma.has(Tag::Comma) && name.has(Tag::Name)
            && closing.has(Tag::Comma) && !verb.tags.meets(acts));
        one && count.part == Some(Part::OfFigure) && by_name
            || one && named && tells.into_iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Said, Tag::Told])))
    }
}
