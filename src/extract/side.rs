//! What a sentence says of the side that a count's victims belong to.

use crate::extract::context::Names;
use crate::extract::count::Count;
use crate::extract::lexicon::Meaning;
use crate::extract::link::Linked;
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::{Item, Sentence};
use crate::extract::speaker::{Sort, Speaker};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::war::War;
use crate::model::PartyId;

/// What is known about the people of one count.
#[allow(clippy::struct_excessive_bools, reason = "each is an observation of its own")]
pub(super) struct Question<'s, 'a> {
    pub(super) names: &'s Names,
    pub(super) war: &'s War,
    /// The noun is one for soldiers.
    pub(super) military: bool,
    /// The noun is one for captives.
    pub(super) captive: bool,
    /// The noun is one for the other side's fighters.
    pub(super) hostile: bool,
    pub(super) sentence: &'s Sentence<'a>,
    pub(super) count: &'s Count,
    pub(super) linked: &'s Linked,
    pub(super) speaker: Option<&'s Speaker>,
    /// The sentence itself says who speaks.
    pub(super) attributed: bool,
    /// The side of the place where it happened.
    pub(super) place: Option<&'s PartyId>,
    /// The side that the sentence before named last.
    pub(super) mentioned: Option<&'s PartyId>,
    /// What the verb of saying tells: somebody owns to it.
    pub(super) admits: bool,
    /// The sentence itself names the place.
    pub(super) here: bool,
    /// The passage does.
    pub(super) near: bool,
    /// The claim before is of the same paragraph and the same speaker.
    pub(super) goes_on: bool,
    /// The side whose people the passage speaks of.
    pub(super) topic: Option<&'s PartyId>,
}

/// Words that name a side outright, as opposed to one that speaks or attacks.
pub(super) const SIDE: TagSet = TagSet::of(&[Tag::Side, Tag::Country, Tag::Nation, Tag::Forces, Tag::Government]);

/// Words for whoever fights, that a number may count.
const FIGHTERS: TagSet = TagSet::of(&[Tag::Forces, Tag::Nation, Tag::People]);

/// What stands between a verb of saying and what the speaker says to have done.
const TO_HAVE: TagSet = TagSet::of(&[Tag::To, Tag::Auxiliary]);

impl Question<'_, '_> {
    pub(super) fn items(&self) -> &[Item<'_>] {
        &self.sentence.items
    }

    pub(super) fn has_tag(&self, at: usize, tag: Tag) -> bool {
        self.items().get(at).is_some_and(|item| item.has(tag))
    }

    pub(super) fn party(&self, item: &Item<'_>) -> Option<PartyId> {
        let row = item.meaning(|meaning| if let Meaning::Party(_, row) = meaning { Some(row) } else { None });
        let claimant = || item.meaning(|meaning| if let Meaning::Claimant(row) = meaning { Some(row) } else { None });
        let of_claimant = || claimant().and_then(|row| self.names.claimant(row)).and_then(|known| known.side.clone());
        row.and_then(|row| self.names.party(row)).cloned().or_else(of_claimant)
    }

    /// The side as the count itself or its grammar names it.
    pub(super) fn stated(&self) -> Option<PartyId> {
        let lead = self.linked.lead.and_then(|lead| self.items().get(lead));
        if let Some(lead) = lead.filter(|lead| lead.tags.meets(SIDE)) {
            return self.party(lead);
        }
        if let Some((row, _)) = self.count.party {
            return self.names.party(row).cloned();
        }
        let inside = self.items().get(self.count.items.clone()).unwrap_or_default();
        if let Some(party) = inside.iter().find(|item| item.has(Tag::Claimant)).and_then(|item| self.party(item)) {
            return Some(party);
        }
        if self.is_own_count() {
            return self.owner();
        }
        if let Some(party) = self.on_the_side().or_else(|| self.frame()).or_else(|| self.of_losses()) {
            return Some(party);
        }
        match self.count.whose {
            Some(Tag::Enemy) => return self.enemy(),
            Some(Tag::We) => return self.speaker_side().cloned(),
            Some(Tag::Own) => {
                if let Some(owner) = self.owner() {
                    return Some(owner);
                }
            }
            Some(_) | None => {}
        }
        let named = self.by_outcome_word().or_else(|| self.losses_before());
        let named = named.or_else(|| self.had()).or_else(|| self.struck());
        let spoken_for = self.speaker_side().is_some_and(|side| self.war.is_side(side));
        // "eliminated", "neutralised": nobody says so of his own.
        let done = self.linked.trigger.and_then(|trigger| self.items().get(trigger));
        let hostile = self.hostile || done.is_some_and(|item| item.has(Tag::Hostile));
        named.or_else(|| if hostile && spoken_for { self.enemy() } else { None })
    }

    /// "30 people have been killed on both sides".
    pub(super) fn of_both_sides(&self) -> bool {
        if !self.sentence.has(Tag::BothSides) {
            return false;
        }
        let (start, end) = (self.count.items.start, self.count.items.end);
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Colon, Tag::Count, Tag::Said]);
        let open = |item: &&Item<'_>| !item.tags.meets(wall);
        let before = self.items().get(start.saturating_sub(6)..start).unwrap_or_default().iter().rev();
        let behind = self.items().get(end..(end + 8).min(self.items().len())).unwrap_or_default().iter();
        let mut near = before.take_while(open).chain(behind.take_while(open));
        self.count.party.is_none() && near.any(|item| item.has(Tag::BothSides))
    }

    /// Hostages are of the side that their captors fight: "97 hostages remain in Gaza", "Hamas took 251 hostages".
    pub(super) fn captors_enemy(&self) -> Option<PartyId> {
        if !self.count.hostages {
            return None;
        }
        if let Some(place) = self.place.filter(|place| self.here && self.war.is_side(place)) {
            return self.war.opponent(place).cloned();
        }
        let before = self.items().get(..self.count.items.start)?;
        let says = |at: usize| {
            before.get(at + 1..(at + 4).min(before.len())).unwrap_or_default().iter().any(|item| item.has(Tag::Said))
        };
        let takes =
            |(at, item): (usize, &Item<'_>)| self.party(item).filter(|side| self.war.is_side(side) && !says(at));
        let captor = before.iter().enumerate().rev().find_map(takes);
        let named = captor.as_ref().or(self.speaker_side());
        let own =
            captor.is_none() && !before.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::They, Tag::It, Tag::We])));
        if own { named.cloned() } else { named.and_then(|captor| self.war.opponent(captor)).cloned() }
    }

    /// The speaker's enemy; without a speaker, that of the side on whose land the war is fought, whose press it will be.
    pub(super) fn enemy(&self) -> Option<PartyId> {
        let own = self.speaker_side().filter(|side| self.war.is_side(side)).or_else(|| self.war.land())?;
        self.war.opponent(own).cloned()
    }

    /// "whose own count of 5,937 dead soldiers".
    fn is_own_count(&self) -> bool {
        let start = self.count.items.start;
        let before = self.items().get(start.saturating_sub(4)..start).unwrap_or_default();
        let counts = before.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Report, Tag::NumberOf, Tag::Toll])));
        counts && before.iter().any(|item| item.has(Tag::Own))
    }

    /// "On the Ukrainian side …", "For Ukraine …": a sentence, or a clause of it, that begins with the side it is about.
    fn frame(&self) -> Option<PartyId> {
        let before = self.items().get(..self.count.items.start)?;
        let from = before.iter().rposition(|item| item.has(Tag::Semicolon)).map_or(0, |end| end + 1);
        let opening = before.get(from..before.len().min(from + 5))?;
        let opens = opening.first()?.tags.meets(TagSet::of(&[Tag::On, Tag::Preposition]));
        let side = opening.iter().position(|item| item.tags.meets(SIDE)).filter(|at| opens && *at <= 2)?;
        let next = self.items().get(from + side + 1)?;
        let is_side = next.has(Tag::Body) || next.tags.meets(TagSet::of(&[Tag::Article, Tag::Comma]));
        let plain = !opening.iter().take(side).any(|item| item.has(Tag::AsOf) || item.has(Tag::Attack));
        (is_side && plain).then(|| opening.get(side).and_then(|item| self.party(item))).flatten()
    }

    /// "100,000 on the Ukrainian side".
    fn on_the_side(&self) -> Option<PartyId> {
        let start = self.count.items.start;
        let before = self.items().get(start.saturating_sub(4)..start)?;
        let opens = before.first().is_some_and(|item| item.has(Tag::On))
            && before.last().is_some_and(|item| item.has(Tag::Body));
        if opens {
            return before.iter().find(|item| item.tags.meets(SIDE)).and_then(|item| self.party(item));
        }
        let behind = self.items().get(self.count.items.end..(self.count.items.end + 12).min(self.items().len()))?;
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said]);
        let behind = behind.get(..behind.iter().position(|item| item.tags.meets(wall)).unwrap_or(behind.len()))?;
        let on = behind.iter().position(|item| item.has(Tag::On))?;
        let side = behind.get(on + 1..(on + 4).min(behind.len()))?.iter().position(|item| item.tags.meets(SIDE))?;
        let closes = behind.get(on + side + 2).is_some_and(|item| item.has(Tag::Body));
        let side = behind.get(on + 1 + side)?;
        if closes { self.party(side) } else { None }
    }

    pub(super) fn speaker_side(&self) -> Option<&PartyId> {
        self.speaker.and_then(|speaker| speaker.side.as_ref())
    }

    /// Whose "its own" are: the speaker's, or the side last named before.
    pub(super) fn owner(&self) -> Option<PartyId> {
        let before = self.items().get(..self.count.items.start)?;
        let named = before.iter().rev().find(|item| item.tags.meets(SIDE)).and_then(|item| self.party(item));
        let its = before.iter().rev().chain(self.items().get(self.count.items.clone()).unwrap_or_default());
        let its = its.filter(|item| item.has(Tag::Own)).any(|item| item.has(Tag::Its));
        // "its" is nobody's who is a person.
        if its && self.speaker.is_some_and(|speaker| speaker.sort == Sort::Person) {
            return named.or_else(|| self.mentioned.cloned());
        }
        let acts = before.iter().find(|item| item.tags.meets(TagSet::of(&[Tag::Government, Tag::Country])));
        if !self.attributed
            && let Some(party) = acts.and_then(|item| self.party(item))
        {
            return Some(party);
        }
        let speaks = self.speaker_side().filter(|side| self.war.is_side(side)).cloned();
        // "The group announced that four of its fighters were killed."
        speaks.or(named).or_else(|| self.mentioned.filter(|_| its && self.speaker.is_some()).cloned())
    }

    /// "Battlegroup Center eliminated 470 soldiers": the soldiers who act on the people counted are their enemies.
    fn struck(&self) -> Option<PartyId> {
        let verb = self.linked.trigger.filter(|trigger| *trigger < self.count.items.start)?;
        let item = self.items().get(verb)?;
        if !item.has(Tag::Verb) || item.tags.meets(TagSet::of(&[Tag::Lose, Tag::Noun, Tag::Take])) {
            return None;
        }
        // Whoever fights in a civil war kills people of the country, not of the other army.
        if self.war.is_civil() && !self.military {
            return None;
        }
        // "claimed to have killed 20 rebels", "claimed instead to have killed them"
        let said = self.items().get(..verb)?.iter().rposition(|item| !item.tags.meets(TO_HAVE.with(Tag::Word.set())));
        let to = |said: usize| self.has_tag(said + 1, Tag::To) || self.has_tag(said + 2, Tag::To);
        if said.is_some_and(|said| said + 1 < verb && self.has_tag(said, Tag::Said) && to(said)) {
            return self.speaker_side().and_then(|side| self.war.opponent(side)).cloned();
        }
        let wall = TagSet::of(&[Tag::Said, Tag::Semicolon, Tag::Barrier, Tag::Count, Tag::By, Tag::Be]).with(OUTCOME);
        let near = self.items().get(verb.saturating_sub(6)..verb)?;
        // "killed 170 government soldiers and captured 300": whoever was counted does nothing.
        let counted = near.iter().rposition(|item| item.has(Tag::Count)).map_or(0, |count| {
            let noun = near.get(count..).unwrap_or_default().iter().position(|item| item.tags.meets(FIGHTERS));
            noun.map_or(0, |noun| count + noun + 1)
        });
        let before = near.get(counted..)?.iter().rev().take_while(|item| !item.tags.meets(wall));
        let actors = TagSet::of(&[Tag::Forces, Tag::Nation, Tag::It, Tag::They, Tag::We]);
        let forces = before.filter(|item| item.tags.meets(actors) && !item.has(Tag::Hostages)).last()?;
        if !forces.tags.meets(TagSet::of(&[Tag::Forces, Tag::Nation])) {
            let soldiers = self.count.people.is_some() && self.military;
            return self.speaker_side().filter(|_| soldiers).and_then(|side| self.war.opponent(side)).cloned();
        }
        self.war.opponent(&self.party(forces)?).cloned()
    }
}
