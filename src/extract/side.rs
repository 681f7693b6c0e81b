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
    /// The side whose people the passage speaks of.
    pub(super) topic: Option<&'s PartyId>,
}

/// Words that name a side outright, as opposed to one that speaks or attacks.
pub(super) const SIDE: TagSet = TagSet::of(&[Tag::Side, Tag::Country, Tag::Nation, Tag::Forces, Tag::Government]);

impl Question<'_, '_> {
    pub(super) fn items(&self) -> &[Item<'_>] {
        &self.sentence.items
    }

    fn has_tag(&self, at: usize, tag: Tag) -> bool {
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
        let (from, to) = (self.count.items.start.saturating_sub(6), self.count.items.end + 8);
        if self.count.party.is_some() {
            return false;
        }
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Colon, Tag::Count, Tag::Said]);
        let both = |item: &&Item<'_>| item.has(Tag::BothSides);
        let before = self.items().get(from..self.count.items.start).unwrap_or_default().iter().rev();
        let behind = self.items().get(self.count.items.end..to.min(self.items().len())).unwrap_or_default().iter();
        before.take_while(|item| !item.tags.meets(wall)).any(|item| both(&item))
            || behind.take_while(|item| !item.tags.meets(wall)).any(|item| both(&item))
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
    fn enemy(&self) -> Option<PartyId> {
        let own = self.speaker_side().filter(|side| self.war.is_side(side)).or_else(|| self.war.land())?;
        self.war.opponent(own).cloned()
    }

    /// "The Ukrainian army had 50,000 killed", "credited the enemy with 350,000 dead": the side last named before.
    fn had(&self) -> Option<PartyId> {
        let trigger = self.linked.trigger.filter(|trigger| *trigger >= self.count.items.end)?;
        let is_bare = self.count.people.is_none() && self.count.items.end + 2 >= trigger;
        let before = self.items().get(..self.count.items.start).filter(|_| is_bare)?;
        for (at, item) in before.iter().enumerate().rev().take(8) {
            if item.tags.meets(TagSet::of(&[
                Tag::Said,
                Tag::Semicolon,
                Tag::Comma,
                Tag::Count,
                Tag::In,
                Tag::Done,
                Tag::Verb,
            ])) {
                return None;
            }
            let attacks =
                before.get(at + 1).is_some_and(|next| next.tags.meets(TagSet::of(&[Tag::Attack, Tag::Battle])));
            // "They have 30,000 dead": whoever speaks of "them" speaks of the other side.
            let they = item.has(Tag::They) && self.speaker_side().is_some_and(|side| self.war.is_side(side));
            if item.has(Tag::Enemy) || they {
                return self.enemy();
            }
            if item.tags.meets(SIDE.with(Tag::Claimant.set())) && !attacks {
                return self.party(item);
            }
        }
        None
    }

    /// "whose own count of 5,937 dead soldiers".
    fn is_own_count(&self) -> bool {
        let start = self.count.items.start;
        let before = self.items().get(start.saturating_sub(4)..start).unwrap_or_default();
        let counts = before.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Report, Tag::NumberOf, Tag::Toll])));
        counts && before.iter().any(|item| item.has(Tag::Own))
    }

    /// "On the Ukrainian side …", "For Ukraine …": a sentence that begins with the side it is about.
    fn frame(&self) -> Option<PartyId> {
        let opening = self.items().get(..self.count.items.start.min(5))?;
        let opens = opening.first()?.tags.meets(TagSet::of(&[Tag::On, Tag::Preposition]));
        let side = opening.iter().position(|item| item.tags.meets(SIDE)).filter(|at| opens && *at <= 2)?;
        let next = self.items().get(side + 1)?;
        let is_side = next.has(Tag::Body) || next.tags.meets(TagSet::of(&[Tag::Article, Tag::Comma]));
        let plain = !opening.iter().take(side).any(|item| item.has(Tag::AsOf) || item.has(Tag::Attack));
        (is_side && plain).then(|| self.items().get(side).and_then(|item| self.party(item))).flatten()
    }

    /// "Of all Russian losses, 110,000 were deaths".
    fn of_losses(&self) -> Option<PartyId> {
        let opening = self.items().get(..self.count.items.start.min(8))?;
        let of = opening.first().filter(|item| item.tags.meets(TagSet::of(&[Tag::Of, Tag::OfThem])))?;
        let side = opening.iter().position(|item| item.tags.meets(SIDE)).filter(|at| *at <= 3)?;
        let lost = opening.get(side + 1).is_some_and(|next| next.tags.meets(OUTCOME.with(Tag::Forces.set())));
        (lost && !of.tags.is_empty()).then(|| opening.get(side).and_then(|item| self.party(item))).flatten()
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
    fn owner(&self) -> Option<PartyId> {
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
        self.speaker_side().filter(|side| self.war.is_side(side)).cloned().or(named)
    }

    /// The side that an outcome word has beside it: "Russia has lost", "casualties among Russian troops", "Ukraine's
    /// losses", "the enemy lost".
    fn by_outcome_word(&self) -> Option<PartyId> {
        let trigger = self.linked.trigger?;
        let item = self.items().get(trigger)?;
        if item.has(Tag::Lose) {
            return self.subject_of(trigger);
        }
        // "lost in killed, wounded and captured 239 people"
        let row = OUTCOME.with(TagSet::of(&[Tag::And, Tag::Comma, Tag::Auxiliary, Tag::Modifier, Tag::In]));
        let lose = (trigger.saturating_sub(6)..trigger).rev().find(|at| self.has_tag(*at, Tag::Lose));
        if let Some(lose) = lose.filter(|_| item.has(Tag::Done)) {
            let between = self.items().get(lose + 1..trigger).unwrap_or_default();
            if between.iter().all(|item| item.tags.meets(row)) {
                return self.subject_of(lose);
            }
        }
        let is_noun = item.tags.meets(TagSet::of(&[Tag::Noun, Tag::Toll]));
        let owned = trigger.checked_sub(1).is_some_and(|before| self.has_tag(before, Tag::Possessive));
        if is_noun || owned {
            return self.beside(trigger).or_else(|| self.subject_of_loss(trigger));
        }
        if let Some(between) = self.items().get(self.count.items.end..trigger)
            && between.iter().any(|item| item.has(Tag::NumberOf))
        {
            // "bring to 723 the number of Israeli troops killed"
            return between.iter().find(|item| item.tags.meets(SIDE)).and_then(|item| self.party(item));
        }
        let from = trigger.saturating_sub(5);
        let numbered = self
            .items()
            .get(from..trigger)?
            .iter()
            .any(|item| item.tags.meets(TagSet::of(&[Tag::NumberOf, Tag::Toll])));
        if trigger < self.count.items.start && item.has(Tag::Done) && numbered {
            // "the number of Russian soldiers killed stands at", "the tally of fallen Russian servicemen passed".
            let around = self.items().get(trigger.saturating_sub(4)..(trigger + 4).min(self.count.items.start))?;
            if around.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Own, Tag::We]))) {
                return self.owner();
            }
            return around.iter().find(|item| item.tags.meets(SIDE)).and_then(|item| self.party(item));
        }
        None
    }

    /// "put Ukraine's losses at 61,207 killed": the losses that the figure is given for.
    fn losses_before(&self) -> Option<PartyId> {
        let start = self.count.items.start;
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said, Tag::Count, Tag::And]);
        let before = self.items().get(start.saturating_sub(6)..start)?;
        let open = before.iter().rev().take_while(|item| !item.tags.meets(wall)).count();
        let from = start - open;
        let losses = (from..start).rev().find(|at| {
            self.items().get(*at).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Noun, Tag::Toll])))
        })?;
        self.beside(losses)
    }

    fn subject_of(&self, verb: usize) -> Option<PartyId> {
        let before = self.items().get(verb.saturating_sub(14)..verb)?;
        let mut at = before.len();
        while let Some(here) = at.checked_sub(1) {
            at = here;
            let Some(item) = before.get(here) else { break };
            // "Russia, according to Zelensky, has lost": the insertion is no subject.
            let opening = before.get(..here).and_then(|left| left.iter().rposition(|item| item.has(Tag::Comma)));
            if let Some(opening) = opening.filter(|_| item.has(Tag::Comma)) {
                let held = before.get(opening..here).unwrap_or_default();
                if held.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::According, Tag::Said]))) {
                    at = opening;
                    continue;
                }
            }
            if item.tags.meets(TagSet::of(&[Tag::Said, Tag::Semicolon])) {
                break;
            }
            if item.has(Tag::Enemy) {
                return self.enemy();
            }
            // "Its army had lost 180,000 men, he said": of the side that was spoken of.
            if item.has(Tag::Its) && self.speaker.is_some_and(|speaker| speaker.sort == Sort::Person) {
                return self.mentioned.cloned();
            }
            if item.tags.meets(SIDE.with(Tag::Claimant.set()))
                && let Some(party) = self.party(item)
            {
                return Some(party);
            }
            if item.tags.meets(TagSet::of(&[Tag::It, Tag::We])) {
                return self.speaker_side().cloned();
            }
        }
        None
    }

    /// "Russia has suffered 500 casualties": a losing verb near the noun.
    fn subject_of_loss(&self, noun: usize) -> Option<PartyId> {
        let lose = (noun.saturating_sub(8)..noun)
            .rev()
            .find(|at| self.items().get(*at).is_some_and(|item| item.has(Tag::Lose)))?;
        // "the war has cost Russia 350,000 casualties": the loser stands behind the verb.
        let between = self.items().get(lose..noun)?;
        let cost = between.iter().find(|item| item.tags.meets(SIDE)).and_then(|item| self.party(item));
        cost.or_else(|| self.subject_of(lose))
    }

    /// A side right before the noun, or behind it after "of", "among", "on the … side".
    fn beside(&self, noun: usize) -> Option<PartyId> {
        let items = self.items();
        let skip = TagSet::of(&[Tag::Possessive, Tag::Modifier, Tag::Qualifier, Tag::People, Tag::Body, Tag::Forces]);
        let mut at = noun;
        while let Some(before) = at.checked_sub(1).and_then(|at| items.get(at)) {
            if before.has(Tag::Enemy) {
                return self.enemy();
            }
            if before.tags.meets(SIDE) {
                return self.party(before);
            }
            if before.tags.meets(TagSet::of(&[Tag::Own, Tag::We])) {
                return self.owner();
            }
            if !before.tags.meets(skip) {
                break;
            }
            at -= 1;
        }
        let behind = items.get(noun + 1..(noun + 6).min(items.len()))?;
        let opens = behind.first().is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Of, Tag::Among])));
        if opens && behind.iter().take(3).any(|item| item.has(Tag::Enemy)) {
            return self.enemy();
        }
        // "1,160 casualties Russian forces suffered"
        let suffers = behind.iter().take(4).any(|item| item.has(Tag::Lose));
        if let Some(side) = behind.first().filter(|item| suffers && item.tags.meets(SIDE)) {
            return self.party(side);
        }
        // In languages with a genitive nothing stands between: "втрати противника".
        let next = behind.iter().find(|item| !item.tags.meets(TagSet::of(&[Tag::Modifier, Tag::Qualifier])));
        if let Some(next) = next.filter(|_| self.names.inflected()) {
            if next.has(Tag::Enemy) {
                return self.enemy();
            }
            if next.tags.meets(SIDE) {
                return self.party(next);
            }
        }
        behind.iter().find(|item| opens && item.tags.meets(SIDE)).and_then(|item| self.party(item))
    }

    /// "Battlegroup Center eliminated 470 soldiers": the soldiers who act on the people counted are their enemies.
    fn struck(&self) -> Option<PartyId> {
        let verb = self.linked.trigger.filter(|trigger| *trigger < self.count.items.start)?;
        let item = self.items().get(verb)?;
        if !item.has(Tag::Verb) || item.tags.meets(TagSet::of(&[Tag::Lose, Tag::Noun, Tag::Take])) {
            return None;
        }
        let wall = TagSet::of(&[Tag::Said, Tag::Semicolon, Tag::Barrier, Tag::Count, Tag::By, Tag::Be]).with(OUTCOME);
        let before =
            self.items().get(verb.saturating_sub(6)..verb)?.iter().rev().take_while(|item| !item.tags.meets(wall));
        let actors = TagSet::of(&[Tag::Forces, Tag::Nation, Tag::It, Tag::They, Tag::We]);
        let forces = before.filter(|item| item.tags.meets(actors)).last()?;
        if !forces.tags.meets(TagSet::of(&[Tag::Forces, Tag::Nation])) {
            let soldiers = self.count.people.is_some() && self.military;
            return self.speaker_side().filter(|_| soldiers).and_then(|side| self.war.opponent(side)).cloned();
        }
        self.war.opponent(&self.party(forces)?).cloned()
    }
}
