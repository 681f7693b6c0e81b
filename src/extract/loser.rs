//! Who lost: the subject of a verb of losing, or whom it cost.

use crate::extract::link::outcome_of;
use crate::extract::question::Question;
use crate::extract::scan::Item;
use crate::extract::side::{SIDE, TO_HAVE};
use crate::extract::speaker::Sort;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Outcome, PartyId};

impl Question<'_, '_> {
    /// Whose own the people are who were lost: the side right before the verb.
    pub(super) fn loser(&self) -> Option<PartyId> {
        let verb = self.linked.trigger.filter(|at| *at < self.count.items.start && self.has_tag(*at, Tag::Lose))?;
        let before = self.items().get(verb.saturating_sub(4)..verb)?;
        let inside = |item: &&Item<'_>| item.has(Tag::Auxiliary) || item.tags == Tag::Word.set() || item.has(Tag::Body);
        let subject = before.iter().rev().find(|item| item.tags.meets(SIDE) || !inside(item))?;
        if subject.tags.meets(SIDE) { self.party(subject) } else { None }
    }

    /// "which cost the AFU about 150 servicemen", "cost Russia 200 vehicles and 1,000 casualties": whom it cost them.
    pub(super) fn costs(&self) -> Option<PartyId> {
        // "cost Russia 15,000 soldiers killed, wounded or missing"
        let behind = self.linked.trigger.is_none_or(|trigger| trigger >= self.count.items.end);
        let before = self.items().get(..self.count.items.start).filter(|_| behind)?;
        // "cost them 17,000 killed", which whoever says so says of the other side.
        if before.last().is_some_and(|item| item.has(Tag::Take) && item.has(Tag::Enemy)) {
            return self.enemy();
        }
        let listed = TagSet::of(&[Tag::Count, Tag::Thing, Tag::Modifier, Tag::And, Tag::Comma, Tag::Word]);
        let side =
            before.iter().rposition(|item| item.tags.meets(SIDE.with(Tag::Enemy.set())) || !item.tags.meets(listed))?;
        let article = usize::from(side.checked_sub(1).is_some_and(|before| self.has_tag(before, Tag::Article)));
        side.checked_sub(1 + article).filter(|verb| self.has_tag(*verb, Tag::Take))?;
        let side = before.get(side)?;
        if side.has(Tag::Enemy) { self.enemy() } else { self.party(side) }
    }

    /// "lost 40 men killed and 27 wounded": the verb of losing right before the figure.
    pub(super) fn loses(&self) -> Option<usize> {
        let before = self.count.items.start.checked_sub(1)?;
        // "the enemy lost here 270 servicemen killed"
        let adverb = self.items().get(before).is_some_and(|item| item.tags == Tag::Word.set() || item.has(Tag::Time));
        let before = if adverb { before.checked_sub(1)? } else { before };
        let item = self.items().get(before)?;
        // "took 250 hostages", "received 176 wounded": nobody is lost.
        let told = self.names.inflected() && !item.tags.meets(TagSet::of(&[Tag::Take, Tag::Preposition]));
        // "Ukraine had suffered 979 soldiers killed"
        let side = before
            .checked_sub(1)
            .and_then(|at| self.items().get(..=at)?.iter().rfind(|item| !item.has(Tag::Auxiliary)));
        let suffered = side.is_some_and(|item| item.tags.meets(SIDE))
            && !item.tags.meets(TagSet::of(&[Tag::Take, Tag::Preposition, Tag::Have, Tag::Including]))
            && self.military;
        let lost = told || suffered || outcome_of(item) == Some(Outcome::Casualties);
        (lost && item.has(Tag::Lose)).then_some(before)
    }

    /// The side that a verb of losing has for its subject, read from the verb to the left.
    pub(super) fn subject_of(&self, verb: usize) -> Option<PartyId> {
        let begun = verb.saturating_sub(24);
        let before = self.items().get(begun..verb)?;
        let mut at = before.len();
        while let Some(here) = at.checked_sub(1) {
            at = here;
            let Some(item) = before.get(here) else { break };
            // "Russia, according to Zelensky, has lost": the insertion is no subject.
            if let Some(opening) = self.insertion_that_ends(begun + here).and_then(|at| at.checked_sub(begun)) {
                at = opening;
                continue;
            }
            // "missiles hit Sumy, and the city buried 35": of the place told of.
            if here + 1 == before.len() && item.tags.meets(TagSet::of(&[Tag::Settlement, Tag::Region])) {
                return self.place.cloned().filter(|place| self.war.is_side(place));
            }
            if item.tags.meets(TagSet::of(&[Tag::Said, Tag::Semicolon])) {
                // "acknowledges having lost nine men": whoever says so.
                let bare = before.get(here + 1..).unwrap_or_default().iter().all(|item| item.tags.meets(TO_HAVE));
                return self
                    .speaker_side()
                    .filter(|_| item.has(Tag::Said) && bare)
                    .cloned()
                    .or_else(|| self.country_spoken_of());
            }
            // "a Russian drone hit it, said doctors at the hospital, which received 16 wounded": what "which" stands for.
            if item.has(Tag::Relative) && here + 3 >= before.len() {
                let comma =
                    here.checked_sub(1).and_then(|comma| before.get(comma)).is_some_and(|item| item.has(Tag::Comma));
                let antecedent = before.get(here.saturating_sub(4)..here).unwrap_or_default();
                if comma && !antecedent.iter().any(|item| item.tags.meets(SIDE.with(Tag::Claimant.set()))) {
                    return None;
                }
            }
            // "the attackers had lost more than 1,200 fighters"
            let row = item.people().and_then(|row| self.language.file.people.get(usize::from(row)));
            let spoken_for = self.speaker_side().is_some_and(|side| self.war.is_side(side));
            // "it has killed 13,000 militants and has lost 267 soldiers": whoever was counted has lost nobody.
            let counted =
                here.checked_sub(1).and_then(|number| before.get(number)).is_some_and(|led| led.has(Tag::Count));
            if counted && row.is_some() {
                continue;
            }
            if item.has(Tag::Enemy) || (spoken_for && row.is_some_and(|words| words.enemy)) {
                return self.enemy();
            }
            // "Its army had lost 180,000 men, he said": of the side that was spoken of.
            if item.has(Tag::Its) && self.speaker.is_some_and(|speaker| speaker.sort == Sort::Person) {
                return self.mentioned.cloned();
            }
            // "the force in Russia's Kursk region has suffered": where it happened has lost nobody.
            let led = before.get(..here).unwrap_or_default().iter().rfind(|item| !item.has(Tag::Article));
            // "Buryatia, on the border with Mongolia, buried 85"
            let situates = led.is_some_and(|led| {
                led.tags.meets(TagSet::of(&[Tag::In, Tag::Versus])) || (led.is_with() && !led.has(Tag::Have))
            });
            if item.tags.meets(SIDE.with(Tag::Claimant.set()))
                && !situates
                && let Some(party) = self.party(item)
            {
                return Some(party);
            }
            // "Buryatia has buried 85 soldiers": a region whose people they were.
            if here == 0 && begun == 0 && item.has(Tag::Place) {
                return self.land_of(item).filter(|land| self.war.is_side(land)).or_else(|| self.country_spoken_of());
            }
            // "They lost around 6,000 men," a Ukrainian officer said.
            if item.has(Tag::They) && self.speaker_side().is_some_and(|side| self.war.is_side(side)) {
                return self.enemy();
            }
            // "By the ministry's count it took 41,980 casualties": of whom the text was speaking.
            if item.has(Tag::It) && self.cited {
                return self.mentioned.filter(|side| self.war.is_side(side)).cloned();
            }
            if item.tags.meets(TagSet::of(&[Tag::It, Tag::We, Tag::He])) {
                return self.speaker_side().cloned();
            }
        }
        self.country_spoken_of()
    }

    /// "It believes that the country has taken 610,000 casualties": the one that was spoken of.
    pub(super) fn country_spoken_of(&self) -> Option<PartyId> {
        let neutral = self.speaker.is_some_and(|speaker| {
            speaker.sort == Sort::Body && speaker.side.as_ref().is_none_or(|side| !self.war.is_side(side))
        });
        let lost = self.linked.outcomes.contains(Outcome::Casualties);
        self.mentioned.filter(|side| lost && neutral && self.war.is_side(side)).cloned()
    }

    /// "Russia has suffered 500 casualties": a losing verb near the noun.
    pub(super) fn subject_of_loss(&self, noun: usize) -> Option<PartyId> {
        let lose = (noun.saturating_sub(8)..noun)
            .rev()
            .find(|at| self.items().get(*at).is_some_and(|item| item.has(Tag::Lose)))?;
        // "the war has cost Russia 350,000 casualties": the loser stands behind the verb.
        let between = self.items().get(lose..noun)?;
        let cost = between.iter().find(|item| item.tags.meets(SIDE)).and_then(|item| self.party(item));
        cost.or_else(|| self.subject_of(lose))
    }
}
