//! The side that a sentence is about, for those behind it that name none.

use crate::extract::meaning::Meaning;
use crate::extract::pattern::OUTCOME;
use crate::extract::read::Reading;
use crate::extract::scan::{Item, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::model::PartyId;

impl<'a> Reading<'_, 'a> {
    /// "Russia stopped reporting its dead": the one side that a sentence about losses names.
    pub(super) fn only_side(&self, sentence: &Sentence<'a>) -> Option<PartyId> {
        let losses = TagSet::of(&[Tag::Noun, Tag::Toll]);
        let side = TagSet::of(&[Tag::Country, Tag::Side, Tag::Government, Tag::Forces, Tag::Nation]);
        if !sentence.meets(losses) || !sentence.meets(side) {
            return None;
        }
        let row = |item: &Item<'_>| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None });
        let named = sentence.items.iter().filter(|item| item.tags.meets(side)).filter_map(row);
        let mut sides = named.filter_map(|row| self.names.party(row)).filter(|party| self.war.is_side(party));
        let first = sides.next()?;
        sides.all(|other| other == first).then(|| first.clone())
    }

    /// "Russian war deaths", "Drones kill two in Russian village": the one side that a headline names by its people, its
    /// losses or its towns.
    pub(super) fn headline_side(&self, sentence: &Sentence<'a>) -> Option<PartyId> {
        let side = TagSet::of(&[Tag::Country, Tag::Side, Tag::Forces, Tag::Nation]);
        let noun = TagSet::of(&[Tag::People, Tag::Noun, Tag::Toll, Tag::Settlement, Tag::Region]);
        let inside = TagSet::of(&[Tag::Possessive, Tag::Modifier, Tag::Qualifier, Tag::Word, Tag::War, Tag::Forces]);
        let row = |item: &Item<'_>| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None });
        let named = |(at, item): (usize, &Item<'_>)| {
            let party =
                self.names.party(row(item)?).filter(|party| item.tags.meets(side) && self.war.is_side(party))?;
            let behind = sentence.items.get(at + 1..(at + 5).min(sentence.items.len())).unwrap_or_default();
            // "Russia denies targeting civilians": a country's name, unlike its adjective, has an unknown verb behind it.
            let acts = item.has(Tag::Country) && behind.first().is_some_and(|next| next.tags == Tag::Word.set());
            let next = behind.iter().filter(|_| !acts).find(|item| !item.tags.meets(inside) || item.tags.meets(noun));
            let does = at.checked_sub(1).is_some_and(|by| sentence.items.get(by).is_some_and(|by| by.has(Tag::By)));
            next.filter(|next| next.tags.meets(noun) && !does && !next.has(Tag::Attack)).map(|_| party)
        };
        let mut sides = sentence.items.iter().enumerate().filter_map(named);
        let first = sides.next()?;
        sides.all(|other| other == first).then(|| first.clone())
    }

    /// The side that a sentence names last.
    pub(super) fn last_side(&self, sentence: &Sentence<'a>) -> Option<PartyId> {
        let side = TagSet::of(&[Tag::Country, Tag::Side, Tag::Government, Tag::Forces, Tag::Nation]);
        if !sentence.meets(side) {
            return None;
        }
        let row = |item: &Item<'_>| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None });
        // "a town on the Algerian border" speaks of no Algerians.
        let inside = TagSet::of(&[Tag::Modifier, Tag::Qualifier]);
        let people = TagSet::of(&[Tag::People, Tag::Forces, Tag::Body, Tag::Title, Tag::Officials, Tag::Government])
            .with(TagSet::of(&[Tag::Attack, Tag::Battle, Tag::Claimant, Tag::Name]))
            .with(OUTCOME);
        let acts = |at: usize| {
            let behind = sentence.items.get(at + 1..).unwrap_or_default();
            let noun = behind.iter().find(|item| !item.tags.meets(inside) || item.tags.meets(people));
            noun.is_some_and(|noun| noun.tags.meets(people))
        };
        let named = sentence.items.iter().enumerate().rev();
        let named = named.filter(|(at, item)| item.tags.meets(side) && (!item.has(Tag::Side) || acts(*at)));
        let last = named.map(|(_, item)| item).find_map(row);
        last.and_then(|row| self.names.party(row)).cloned()
    }
}
