//! Whose losses: the side that a verb of losing has, or that the word for what happened has beside it.

use crate::extract::fate::loses_residents;
use crate::extract::link::outcome_of;
use crate::extract::pattern::OUTCOME;
use crate::extract::question::Question;
use crate::extract::scan::Item;
use crate::extract::side::SIDE;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Outcome, PartyId};

impl Question<'_, '_> {
    /// "The Ukrainian army had 50,000 killed", "credited the enemy with 350,000 dead": the side last named before.
    pub(super) fn had(&self) -> Option<PartyId> {
        let trigger = self.linked.trigger.filter(|trigger| *trigger >= self.count.items.end)?;
        // "The Lebanese army had two soldiers dead."
        let have = self.count.items.start.checked_sub(1).is_some_and(|have| self.has_tag(have, Tag::Have));
        let is_bare = self.count.people.is_none() || have;
        let is_bare = is_bare && self.count.items.end + 2 >= trigger;
        let before = self.items().get(..self.count.items.start).filter(|_| is_bare)?;
        let mut end = before.len();
        for _ in 0..8 {
            let at = end.checked_sub(1)?;
            let item = before.get(at)?;
            // "The army, which is no party to the fighting, had two soldiers dead."
            if let Some(opening) = self.insertion_that_ends(at) {
                end = opening;
                continue;
            }
            end = at;
            // "North Korea's contingent in Kursk has had 2,700 wounded"
            let where_it_is = item.has(Tag::In) && before.get(at + 1).is_some_and(|next| next.has(Tag::Place));
            if !where_it_is
                && item.tags.meets(TagSet::of(&[
                    Tag::Said,
                    Tag::Names,
                    Tag::Barrier,
                    Tag::Semicolon,
                    Tag::Colon,
                    Tag::Comma,
                    Tag::Count,
                    Tag::In,
                    Tag::Done,
                    Tag::Verb,
                    Tag::Be,
                ]))
            {
                return None;
            }
            if item.has(Tag::Have) {
                continue;
            }
            // "the raid of the Israeli enemy on Qana led to ten dead": whoever attacks has lost nobody.
            let raids = before.get(at.saturating_sub(4)..at).unwrap_or_default();
            if raids.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Attack, Tag::Battle]))) {
                return None;
            }
            let attacks =
                before.get(at + 1).is_some_and(|next| next.tags.meets(TagSet::of(&[Tag::Attack, Tag::Battle])));
            // "They have 30,000 dead": whoever speaks of "them" speaks of the other side.
            let they = item.has(Tag::They) && self.speaker_side().is_some_and(|side| self.war.is_side(side));
            if item.has(Tag::Enemy) || they {
                return self.enemy();
            }
            // "We had three wounded," an officer said.
            if item.has(Tag::We) && before.get(at + 1).is_some_and(|next| next.has(Tag::Have)) {
                return self.speaker_side().filter(|side| self.war.is_side(side)).cloned();
            }
            // "The North Korean contingent, together with the Russians, has had 300 men killed"
            let led = before.get(..at).unwrap_or_default().iter().rfind(|item| !item.has(Tag::Article));
            if led.is_some_and(|led| led.is_with() && !led.has(Tag::Have)) {
                continue;
            }
            // "have been killed in Ukraine and another 80,000 wounded"
            let situates = at.checked_sub(1).and_then(|led| before.get(led)).is_some_and(|led| led.has(Tag::In));
            // "Ukrainian General Staff data that point to 931 casualties": whoever counts has lost nobody.
            let has = |item: &Item<'_>| item.tags.meets(TagSet::of(&[Tag::Have, Tag::Lose]));
            let counts = item.has(Tag::Claimant) && !before.get(at..).unwrap_or_default().iter().any(has);
            if item.tags.meets(SIDE.with(Tag::Claimant.set())) && !attacks && !situates && !counts {
                // "The Kuwaiti hospital received 28 of the dead."
                let owns = before.get(at + 1).is_some_and(|next| next.has(Tag::Possessive));
                return self.party(item).filter(|party| owns || self.names.is_world() || self.war.is_side(party));
            }
        }
        None
    }

    /// "Of all Russian losses, 110,000 were deaths".
    pub(super) fn of_losses(&self) -> Option<PartyId> {
        let opening = self.items().get(..self.count.items.start.min(8))?;
        opening.first().filter(|item| item.tags.meets(TagSet::of(&[Tag::Of, Tag::OfThem])))?;
        // "Of the 11,000 or so North Koreans sent there, about 4,000 have been killed"
        let bare = self.count.people.is_none() && self.count.party.is_none();
        if let Some(nation) = opening.iter().find(|item| bare && item.has(Tag::Nation)) {
            return self.party(nation);
        }
        let at = opening.iter().position(|item| item.tags.meets(SIDE)).filter(|at| *at <= 3)?;
        opening.get(at + 1).filter(|next| next.tags.meets(OUTCOME.with(Tag::Forces.set())))?;
        self.party(opening.get(at)?)
    }

    /// "forty civilians martyred": nobody says so of others.
    pub(super) fn mourns(&self) -> bool {
        let trigger = self.linked.trigger.and_then(|trigger| self.items().get(trigger));
        trigger.is_some_and(|item| item.has(Tag::Own) && item.tags.meets(OUTCOME))
    }

    /// The side that an outcome word has beside it: "Russia has lost", "casualties among Russian troops", "Ukraine's
    /// losses", "the enemy lost".
    pub(super) fn by_outcome_word(&self) -> Option<PartyId> {
        let trigger = self.linked.trigger?;
        let item = self.items().get(trigger)?;
        if self.mourns() {
            return self.speaker_side().or(self.voice).cloned();
        }
        // "in Ukrainian captivity": of those who are not the captors'.
        let captor = trigger.checked_sub(1).and_then(|at| self.items().get(at)).filter(|item| item.has(Tag::Side));
        let held = item.has(Tag::Hold) && outcome_of(item) == Some(Outcome::Captured);
        if let Some(captor) = captor.filter(|_| held).and_then(|captor| self.party(captor)) {
            return self.war.opponent(&captor).cloned();
        }
        // "230 troops were lost by Ukraine"
        let by = trigger + 1;
        let lost = item.has(Tag::Done) && !item.has(Tag::Hostile) && outcome_of(item) == Some(Outcome::Casualties);
        if (item.has(Tag::Lose) || lost) && trigger >= self.count.items.end && self.has_tag(by, Tag::By) {
            let named = SIDE.with(Tag::Enemy.set());
            let loser =
                self.items().get(by + 1..(by + 4).min(self.items().len()))?.iter().find(|item| item.tags.meets(named));
            // "is what Russia had lost by February"
            if let Some(loser) = loser {
                return if loser.has(Tag::Enemy) { self.enemy() } else { self.party(loser) };
            }
        }
        if item.has(Tag::Lose) {
            let told = || self.speaker_side().filter(|_| self.by_pronoun && self.military).cloned();
            return self.subject_of(trigger).or_else(told);
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
        if let Some(lose) = self.loses() {
            return self.subject_of(lose);
        }
        // "the average Russian casualty rate in Ukraine, killed and wounded, was 1,187": what the outcomes are set off from.
        let named = (0..trigger).rev().find(|at| self.has_tag(*at, Tag::Noun) || self.has_tag(*at, Tag::Toll));
        let set_off = |noun: usize| {
            self.items().get(noun..trigger).is_some_and(|items| {
                items.iter().any(|item| item.has(Tag::Comma)) && !items.iter().any(|item| item.has(Tag::Count))
            })
        };
        let beside = named.filter(|noun| item.has(Tag::Done) && trigger < self.count.items.start && set_off(*noun));
        if let Some(side) = beside.and_then(|noun| self.beside(noun)) {
            return Some(side);
        }
        // "Settlers injured 15": the verb has its object right behind it.
        let acts = item.has(Tag::Verb) && trigger + 1 == self.count.items.start;
        let is_noun = item.tags.meets(TagSet::of(&[Tag::Noun, Tag::Toll])) && !acts;
        // "Russia's killed", "Russia's monthly killed"
        let before = self.items().get(..trigger).unwrap_or_default();
        let owned = before.iter().rfind(|item| item.rate().is_none()).is_some_and(|item| item.has(Tag::Possessive));
        // "Battlegroup South inflicted losses of up to 610 servicemen"
        let from = trigger.saturating_sub(3);
        let inflicted = (from..trigger).find(|at| self.has_tag(*at, Tag::Hostile) && !self.has_tag(*at, Tag::Verb));
        if let Some(verb) = inflicted.filter(|_| is_noun) {
            let actor = || self.subject_of(verb).and_then(|side| self.war.opponent(&side).cloned());
            return self.beside(trigger).or_else(actor);
        }
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
            // "the number killed when Russian troops attacked": a clause of its own.
            let clause =
                around.iter().skip(4).position(|item| item.has(Tag::Barrier)).map_or(around.len(), |at| at + 4);
            let around = around.get(..clause)?;
            if around.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Own, Tag::We]))) {
                return self.owner();
            }
            // "the number of soldiers killed in a Ukrainian strike": who struck has no losses.
            let from = trigger.saturating_sub(4);
            let strikes = |at: usize| (from + at + 1..from + at + 3).any(|at| self.has_tag(at, Tag::Attack));
            // "those killed by Israeli soldiers" are not theirs.
            let does = |at: usize| at.checked_sub(1).and_then(|by| around.get(by)).is_some_and(|by| by.has(Tag::By));
            let mut sides =
                around.iter().enumerate().filter(|(at, item)| item.tags.meets(SIDE) && !strikes(*at) && !does(*at));
            return sides.next().and_then(|(_, item)| self.party(item));
        }
        None
    }

    /// Whether it is told of losses, which are an army's whatever else is said of them.
    pub(super) fn is_of_losses(&self) -> bool {
        let told = |at: usize| self.items().get(at).and_then(outcome_of) == Some(Outcome::Casualties);
        let residents = |verb: &usize| self.count.people.is_some() && loses_residents(self.items(), *verb);
        self.loses().is_some_and(|verb| !residents(&verb)) || self.losses_at().is_some_and(told)
    }

    /// "put Ukraine's losses at 61,207 killed": the losses that the figure is given for.
    pub(super) fn losses_before(&self) -> Option<PartyId> {
        let noun = self.losses_at()?;
        // "Its own losses, a spokesman said, were": whoever speaks has losses of his own.
        let own = noun.checked_sub(1).is_some_and(|own| self.has_tag(own, Tag::Own));
        let inserted = self.items().get(noun..self.count.items.start)?.iter().any(|item| item.has(Tag::Comma));
        if own && inserted { None } else { self.beside(noun) }
    }

    fn losses_at(&self) -> Option<usize> {
        let start = self.count.items.start;
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said, Tag::Count, Tag::And]);
        let noun = TagSet::of(&[Tag::Noun, Tag::Toll]);
        let mut at = start;
        for _ in 0..12 {
            at = at.checked_sub(1)?;
            let item = self.items().get(at)?;
            // "losses of the army in killed and wounded": what they consist of.
            let of_what = TagSet::of(&[Tag::And, Tag::In]);
            let consists =
                at.checked_sub(1).is_some_and(|led| self.items().get(led).is_some_and(|led| led.tags.meets(of_what)));
            if item.tags.meets(noun) && !(consists && outcome_of(item) != Some(Outcome::Casualties)) {
                return Some(at);
            }
            // "Russian losses near Pokrovsk, Kyiv says, exceed 15,000"
            // "losses of the army in killed and wounded reached 1,271"
            let harmed = |at: usize| self.items().get(at).is_some_and(|item| item.tags.meets(OUTCOME));
            let joins = item.has(Tag::And) && harmed(at + 1) && at.checked_sub(1).is_some_and(harmed);
            match self.insertion_that_ends(at) {
                Some(opening) => at = opening,
                None if item.tags.meets(wall) && !joins => return None,
                None => {}
            }
        }
        None
    }

    /// Where an insertion between commas begins that says who speaks, or of whom: "Russia, according to Zelensky, has
    /// lost".
    pub(super) fn insertion_that_ends(&self, comma: usize) -> Option<usize> {
        self.items().get(comma).filter(|item| item.has(Tag::Comma))?;
        let begun = comma.saturating_sub(24);
        let left = self.items().get(begun..comma)?;
        let opening = left.iter().rposition(|item| item.has(Tag::Comma))?;
        let held = left.get(opening..)?;
        // "Pyongyang's troops, some 11,000 of whom were sent to Kursk, have suffered"
        let about = held.get(1..5.min(held.len())).unwrap_or_default();
        let about = about.iter().any(|item| item.has(Tag::Relative) || item.has(Tag::OfThem));
        let says = held.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::According, Tag::Said])));
        (about || says).then_some(begun + opening)
    }
}
