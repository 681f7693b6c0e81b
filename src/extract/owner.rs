//! Whose "its own" are.

use crate::extract::question::Question;
use crate::extract::side::SIDE;
use crate::extract::speaker::{Sort, Speaker};
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Outcome, PartyId};

impl Question<'_, '_> {
    /// The speaker's, or the side last named before.
    pub(super) fn owner(&self) -> Option<PartyId> {
        let before = self.items().get(..self.count.items.start)?;
        // "Moscow accused Kyiv of having killed dozens of its own"
        let accused = before.windows(3).find_map(|three| match three {
            [told, side, of] if told.has(Tag::Told) && side.tags.meets(SIDE) && of.has(Tag::Of) => Some(side),
            _ => None,
        });
        if let Some(side) = accused {
            return self.party(side);
        }
        // "an officer who escaped to Chad said that 46 of his soldiers": where he is owns nobody.
        let led = TagSet::of(&[Tag::To, Tag::In, Tag::From]);
        let situates =
            |at: usize| at.checked_sub(1).and_then(|led| before.get(led)).is_some_and(|item| item.tags.meets(led));
        // "U.S. officials reckon that his force has lost": whose officials they are owns nobody.
        let speaks =
            |at: usize| [at, at + 1].iter().any(|at| before.get(*at).is_some_and(|item| item.has(Tag::Officials)));
        let named = before
            .iter()
            .enumerate()
            .rev()
            .find(|(at, item)| item.tags.meets(SIDE) && !(item.has(Tag::Country) && situates(*at)) && !speaks(*at));
        let named = named.and_then(|(_, item)| self.party(item));
        let its = before.iter().rev().chain(self.items().get(self.count.items.clone()).unwrap_or_default());
        let its = its.filter(|item| item.has(Tag::Own)).any(|item| item.has(Tag::Its));
        // "Zelensky put Russia's dead at 198,000 and its wounded at 550,000"
        let counted = before.iter().any(|item| item.has(Tag::Count));
        let sided = before.iter().rfind(|item| item.tags.meets(SIDE)).and_then(|item| self.party(item));
        if its && counted && sided.is_some() && self.speaker.is_some_and(|speaker| speaker.sort == Sort::Person) {
            return sided;
        }
        // "its" is nobody's who is a person, nor that of several.
        if its && self.speaker.is_some_and(|speaker| speaker.sort != Sort::Body) {
            return named.or_else(|| self.mentioned.cloned());
        }
        // "UNIFIL said two of its soldiers were hurt": of a body that is of no side.
        let neutral = |one: &Speaker| one.sort == Sort::Body && one.id.is_some() && one.side.is_none();
        if its && self.attributed && named.is_none() && self.speaker.is_some_and(neutral) {
            return None;
        }
        // "The enemy has lost 24,300 men, the ministry said. Over the past day its losses exceeded 300."
        let own = before.iter().any(|item| item.has(Tag::Own) && item.tokens.len() > 1);
        let anew = own || self.attributed || before.iter().any(|item| item.tags.meets(SIDE));
        let lost = self.linked.outcomes.contains(Outcome::Casualties);
        // "Its losses since August have exceeded 26,900, the ministry specified": of whom the sentence before spoke.
        let goes_on = self.items().iter().take(2).any(|item| item.has(Tag::Its))
            && self.speaker_side().is_none_or(|side| self.told != Some(side));
        if let Some(told) = self.told.filter(|side| its && (!anew || goes_on) && lost && self.war.is_side(side)) {
            return Some(told.clone());
        }
        // "It lost a sergeant. That makes 455 of its soldiers": of whom the passage spoke last.
        if let Some(mentioned) = self.mentioned.filter(|side| its && !self.attributed && self.war.is_side(side)) {
            return Some(named.unwrap_or_else(|| mentioned.clone()));
        }
        let acts = before.iter().find(|item| item.tags.meets(TagSet::of(&[Tag::Government, Tag::Country])));
        if !self.attributed
            && let Some(party) = acts.and_then(|item| self.party(item))
        {
            return Some(party);
        }
        // "South Africa has confirmed the deaths of 14 of its peacekeepers": an army fights for its own country.
        let speaks = self.speaker_side().filter(|side| its || self.war.is_side(side)).cloned();
        // "The group announced that four of its fighters were killed."
        // "The NIS now puts their casualties at 4,700."
        let neutral =
            self.speaker.is_some_and(|speaker| speaker.side.as_ref().is_none_or(|side| !self.war.is_side(side)));
        // "The emergency service said seven of its people had been hurt": not of whose missiles the text spoke last.
        let office = its && self.attributed && !self.military && self.speaker.is_some_and(|one| one.id.is_none());
        if office && speaks.is_none() && named.is_none() {
            return None;
        }
        // "69,169 martyrs" are not of whom the text spoke last.
        let last = self.mentioned.filter(|side| self.war.is_side(side) || !lost);
        let last = last.filter(|_| (its && self.speaker.is_some()) || (neutral && !self.mourns()));
        speaks.or(named).or_else(|| last.cloned())
    }
}
