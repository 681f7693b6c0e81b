//! What a sentence says of the side that a count's victims belong to.

use crate::extract::count::Part;
use crate::extract::link::ENTRIES;
use crate::extract::meaning::Meaning;
use crate::extract::pattern::OUTCOME;
use crate::extract::question::Question;
use crate::extract::scan::Item;
use crate::extract::speaker::Sort;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{PartyId, Victims};

/// Words that name a side outright, as opposed to one that speaks or attacks.
pub(super) const SIDE: TagSet = TagSet::of(&[Tag::Side, Tag::Country, Tag::Nation, Tag::Forces, Tag::Government]);

/// What stands between a verb of saying and what the speaker says to have done.
pub(super) const TO_HAVE: TagSet = TagSet::of(&[Tag::To, Tag::Auxiliary]);

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
        // "and 520 in that of Battlegroup West": whose sector it is says nothing of the dead.
        let told = |at: &usize| *at < self.count.number || !self.has_tag(*at, Tag::Forces);
        let lead = self.linked.lead.filter(told).and_then(|lead| self.items().get(lead));
        if let Some(lead) = lead.filter(|lead| lead.tags.meets(SIDE)) {
            // "Battlegroup West eliminated 230 servicemen and Battlegroup Center about 490": who does it is not harmed.
            let acts = self.linked.trigger.is_none() && lead.has(Tag::Forces) && self.is_of_deeds();
            let party = self.party(lead);
            return if acts { party.and_then(|party| self.war.opponent(&party).cloned()) } else { party };
        }
        if let Some(party) = self.on_the_side() {
            return Some(party);
        }
        if let Some((row, _)) = self.count.party {
            return self.names.party(row).cloned();
        }
        if let Some(enemy) = self.inflicted() {
            return Some(enemy);
        }
        if let Some(enemy) = self.held_by() {
            return Some(enemy);
        }
        // "The list of Russian servicemen whose deaths we have confirmed now has 138,044 entries"
        if self.linked.rule == ENTRIES {
            let whose = TagSet::of(&[Tag::Side, Tag::Forces, Tag::Nation]);
            let before = self.items().get(..self.count.items.start)?;
            return before.iter().find(|item| item.tags.meets(whose)).and_then(|item| self.party(item));
        }
        let inside = self.items().get(self.count.items.clone()).unwrap_or_default();
        if let Some(party) = inside.iter().find(|item| item.has(Tag::Claimant)).and_then(|item| self.party(item)) {
            return Some(party);
        }
        // "The army lost 1,660 soldiers in a day, which takes its count to 800,010": of those whom the sentence counted before.
        let start = self.count.items.start;
        let raises =
            (start.saturating_sub(5)..start).any(|at| self.has_tag(at, Tag::Raised) || self.has_tag(at, Tag::Take));
        let sums = raises && self.has_tag(start.saturating_sub(1), Tag::To);
        let counted = sums
            && self
                .items()
                .get(..start.saturating_sub(5))
                .is_some_and(|led| led.iter().any(|item| item.has(Tag::Count)));
        if !counted && self.is_own_count() {
            // "South Korea's own estimate is of 1,100 killed": a country without an army there counts others.
            let owner = self.owner();
            if owner.as_ref().is_none_or(|party| self.names.takes_part(party)) {
                return owner;
            }
        }
        if self.turns_to_own() || (self.of_its_own() && !self.settles()) {
            return self.speaker_side().filter(|side| self.war.is_side(side)).cloned().or_else(|| self.owner());
        }
        if let Some(party) = self.comes_from().or_else(|| self.nationals()) {
            return Some(party);
        }
        let told = self.frame().or_else(|| self.of_losses()).or_else(|| self.of_people_before());
        let told = told.or_else(|| self.worst_of()).or_else(|| self.elided_losses());
        if let Some(party) = told.or_else(|| self.before_colon()).or_else(|| self.fights_for()) {
            return Some(party);
        }
        match self.count.whose {
            Some(Tag::Enemy) => return self.enemy(),
            Some(Tag::We) => return self.speaker_side().cloned(),
            // "a Hezbollah commander and up to ten of his men"
            Some(Tag::Own) if self.linked.antecedent.is_some() => {}
            // "two attacks on Shebekino left three of its residents injured": a town's.
            Some(Tag::Own) if self.here && !self.attributed && self.is_civilian() => {}
            // "Settlers shot dead a man, wounding two of his cousins": a person's.
            Some(Tag::Own) if !self.military && self.is_object() && !inside.iter().any(|item| item.has(Tag::Its)) => {}
            // "a boy was killed and four of his friends were injured": of the same people.
            Some(Tag::Own) if !self.military && self.is_of_one_before() => {}
            // "The village has buried 93 of its own"
            Some(Tag::Own) if !self.military && self.settles() => {}
            Some(Tag::Own) => {
                // "the Pakistani army had lost 35 of its men"
                if let Some(loser) = self.loser() {
                    return Some(loser);
                }
                if let Some(owner) = self.owner() {
                    return Some(owner);
                }
            }
            Some(_) | None => {}
        }
        let named = self.by_outcome_word().or_else(|| self.losses_before());
        let named = named.or_else(|| self.costs()).or_else(|| self.had());
        let named = named.or_else(|| self.assailed()).or_else(|| self.struck());
        let named = named.or_else(|| self.heading());
        let spoken_for = self.voice.is_some() || self.speaker_side().is_some_and(|side| self.war.is_side(side));
        // "eliminated", "neutralised": nobody says so of his own.
        let done = self.linked.trigger.and_then(|trigger| self.items().get(trigger));
        let irregular = self.irregular && self.names.army().is_some();
        let hostile = self.hostile || (done.is_some_and(|item| item.has(Tag::Hostile)) && !irregular);
        named.or_else(|| if hostile && spoken_for { self.enemy() } else { None })
    }

    /// Whether somebody who was harmed before in the sentence is whose the people are: "his friends", "her children".
    fn is_of_one_before(&self) -> bool {
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        let inside = self.items().get(self.count.items.clone()).unwrap_or_default();
        let its = inside.iter().any(|item| item.has(Tag::Its));
        let one = before.windows(2).any(|pair| matches!(pair, [one, who] if one.has(Tag::One) && who.has(Tag::People)));
        !its && one && before.iter().any(|item| item.tags.meets(OUTCOME))
    }

    /// Whether a town or a village is whose the people are.
    fn settles(&self) -> bool {
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        let led = TagSet::of(&[Tag::Article, Tag::One, Tag::Modifier, Tag::Qualifier]);
        let subject = before.iter().find(|item| !item.tags.meets(led));
        subject.is_some_and(|item| item.has(Tag::Settlement)) && self.place.is_some()
    }

    /// Whether a verb before the count did it to them, unlike "has lost three of its people".
    fn is_object(&self) -> bool {
        let verb = self.linked.trigger.filter(|trigger| *trigger < self.count.items.start);
        verb.is_some_and(|verb| self.has_tag(verb, Tag::Verb) && !self.has_tag(verb, Tag::Lose))
    }

    /// Whether the word for the people is one for civilians.
    fn is_civilian(&self) -> bool {
        self.count.kind(self.language).0 == Some(Victims::Civilian)
    }

    /// "Battlegroup West eliminated 230 servicemen": a list of what forces did to others.
    fn is_of_deeds(&self) -> bool {
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        // "credited Battlegroup North with inflicting over 1,290 casualties"
        let with = |item: &&Item<'_>| !item.has(Tag::Preposition);
        let deed = |verb: &Item<'_>| verb.has(Tag::Hostile) && (verb.has(Tag::Verb) || !verb.tags.meets(OUTCOME));
        before.iter().enumerate().any(|(at, forces)| {
            let verb = before.get(at + 1..).unwrap_or_default().iter().take(2).find(with);
            forces.has(Tag::Forces) && verb.is_some_and(deed)
        })
    }

    /// The speaker's enemy; without a speaker, that of whose office the article is by, or of the side on whose land the
    /// war is fought, whose press it will be.
    pub(super) fn enemy(&self) -> Option<PartyId> {
        let speaks = self.speaker_side().filter(|side| self.war.is_side(side)).or(self.voice);
        // "Enemy losses in the zone of Battlegroup Center": whose forces are named has the other side for an enemy.
        // "The enemy lost 374 personnel, and five occupiers gave themselves up": whoever is counted is no speaker.
        let counted = |at: usize| at.checked_sub(1).is_some_and(|number| self.has_tag(number, Tag::Count));
        let named = || self.items().iter().enumerate().filter(|(at, item)| item.has(Tag::Forces) && !counted(*at));
        let forces = || named().find_map(|(_, item)| self.party(item));
        let forces = if speaks.is_none() { forces() } else { None };
        let own = speaks.or(forces.as_ref().filter(|side| self.war.is_side(side)));
        // Whoever says "the enemy" in a war of attack is mostly of the side attacked.
        let own = own.or_else(|| self.names.attacked()).or_else(|| self.war.land())?;
        self.war.opponent(own).cloned()
    }

    /// "whose own count of 5,937 dead soldiers".
    fn is_own_count(&self) -> bool {
        let start = self.count.items.start;
        let before = self.items().get(start.saturating_sub(4)..start).unwrap_or_default();
        let own = before.iter().rposition(|item| item.has(Tag::Own)).map_or(before.len(), |own| own + 1);
        let counts = |item: &&Item<'_>| item.tags.meets(TagSet::of(&[Tag::Report, Tag::NumberOf, Tag::Toll]));
        // "Its intelligence service counts 300 dead": the service is its own, not the count.
        let office = TagSet::of(&[Tag::Claimant, Tag::Body, Tag::Name, Tag::Officials, Tag::Title]);
        let mut between = before.get(own..).unwrap_or_default().iter().take_while(|item| !item.tags.meets(office));
        let counts = between.any(|item| counts(&item));
        // "Ukrainian losses, according to its statement, came to more than 60"
        let cited = (start.saturating_sub(7)..start).any(|at| self.has_tag(at, Tag::According));
        // "Zelensky's own figure was more than 3,000": he gives it of others.
        let given = own.checked_sub(2).and_then(|at| before.get(at)).is_some_and(|item| item.has(Tag::Possessive))
            && self.speaker.is_some_and(|speaker| speaker.sort == Sort::Person);
        counts && !cited && !given
    }

    /// "claims to have killed 113 rebels and admits eight dead": the second verb speaks of the speaker's own.
    fn turns_to_own(&self) -> bool {
        let Some(before) = self.items().get(..self.count.items.start) else { return false };
        // "gave their losses as 124 dead, its own as nine"
        if let [.., comma, own, reach] = before
            && comma.has(Tag::Comma)
            && own.has(Tag::Own)
            && own.tokens.len() > 1
            && reach.has(Tag::Reach)
        {
            return true;
        }
        let Some(counted) = before.iter().rposition(|item| item.has(Tag::Count)) else { return false };
        let between = before.get(counted + 1..).unwrap_or_default();
        let verb = between.iter().rposition(|item| item.has(Tag::Admits));
        verb.and_then(|verb| verb.checked_sub(1))
            .and_then(|and| between.get(and))
            .is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::And, Tag::Barrier, Tag::Auxiliary])))
            && !between.iter().any(|item| item.tags.meets(SIDE))
            && verb.is_some_and(|verb| between.len() - verb <= 3)
    }

    /// "eight dead and 21 wounded of its own".
    fn of_its_own(&self) -> bool {
        let from = self.linked.trigger.unwrap_or(self.count.items.end).max(self.count.items.end.saturating_sub(1));
        let passed = OUTCOME.with(TagSet::of(&[Tag::And, Tag::Count, Tag::Of, Tag::Among]));
        let behind = self.items().get(from..).unwrap_or_default();
        let own = behind.iter().take(8).position(|item| !item.tags.meets(passed) || item.has(Tag::Own));
        let Some(own) = own.filter(|own| behind.get(*own).is_some_and(|item| item.has(Tag::Own))) else { return false };
        // "eight dead among its soldiers"
        let among = own.checked_sub(1).and_then(|at| behind.get(at)).is_some_and(|item| item.has(Tag::Among));
        among || behind.get(own).is_some_and(|item| item.tokens.len() > 2)
    }

    /// "an assault group of Ukrainian marines ceased to exist: 31 killed and nine captured": whoever stands before the
    /// colon.
    fn before_colon(&self) -> Option<PartyId> {
        let alone = self.count.people.is_none() && self.linked.antecedent.is_none();
        let before = self.items().get(..self.count.items.start).filter(|_| alone)?;
        let colon = before.iter().rposition(|item| item.has(Tag::Colon))?;
        let wall = TagSet::of(&[Tag::Said, Tag::Semicolon, Tag::According]);
        let clause = before.get(..colon)?;
        let clause = clause.get(clause.iter().rposition(|item| item.tags.meets(wall)).map_or(0, |wall| wall + 1)..)?;
        let troops = TagSet::of(&[Tag::Battle, Tag::Attack, Tag::Body, Tag::People]);
        let owned = |at: usize| clause.get(at + 1).is_some_and(|item| item.has(Tag::Possessive));
        let side = |(at, item): (usize, &Item<'_>)| item.tags.meets(SIDE) && (!item.has(Tag::Country) || owned(at));
        let at = clause.iter().enumerate().position(side)?;
        let behind = clause.get(at + 1..(at + 4).min(clause.len())).unwrap_or_default();
        // "blames India for civilians killed: 26" speaks of no people of India's.
        let mut beside = behind.iter().take_while(|item| !item.has(Tag::Preposition));
        let unit = clause.get(at)?.has(Tag::Forces) || beside.any(|item| item.tags.meets(troops));
        let soldiers = clause.get(at..)?.iter().any(|item| item.has(Tag::People));
        // "the Russian column was ambushed: 60 dead"
        // "Orcs drowned: about 1,500"
        let people = TagSet::of(&[Tag::Forces, Tag::Nation]);
        let befell = clause.get(at)?.tags.meets(people) && clause.get(at + 1).is_some_and(|item| item.has(Tag::Done));
        let struck = clause.get(at..)?.windows(2).any(|pair| {
            matches!(pair, [be, done] if be.has(Tag::Be) && done.tags.meets(TagSet::of(&[Tag::Attack, Tag::Battle])))
        });
        // "has put Russia's casualties higher than any other: he speaks of 480,000"
        let owned = clause.get(at + 1).is_some_and(|item| item.has(Tag::Possessive));
        let losses =
            owned && clause.get(at + 2).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Noun, Tag::Toll])));
        clause.get(at).filter(|_| losses || struck || befell || (unit && soldiers)).and_then(|item| self.party(item))
    }

    /// Whose land a place lies on.
    pub(super) fn land_of(&self, item: &Item<'_>) -> Option<PartyId> {
        let place = item.meaning(|meaning| if let Meaning::Place(row) = meaning { Some(row) } else { None });
        self.names.place(place?).map(|place| place.party.clone())
    }

    /// "On the Ukrainian side …", "For Ukraine …": a sentence, or a clause of it, that begins with the side it is about.
    fn frame(&self) -> Option<PartyId> {
        let before = self.items().get(..self.count.items.start)?;
        let from = before.iter().rposition(|item| item.has(Tag::Semicolon)).map_or(0, |end| end + 1);
        let opening = before.get(from..before.len().min(from + 5))?;
        // "On its own side the army admitted eight killed"
        if opening.first()?.has(Tag::Own) && opening.first()?.tokens.len() > 2 {
            return self.speaker_side().filter(|side| self.war.is_side(side)).cloned();
        }
        let opens = opening.first()?.tags.meets(TagSet::of(&[Tag::On, Tag::Preposition]));
        let side = opening.iter().position(|item| item.tags.meets(SIDE)).filter(|at| opens && *at <= 2)?;
        // "On Ukraine's side"
        let owns =
            usize::from(self.has_tag(from + side + 1, Tag::Possessive) && self.has_tag(from + side + 2, Tag::Body));
        let next = self.items().get(from + side + 1 + owns)?;
        let is_side = next.has(Tag::Body) || next.tags.meets(TagSet::of(&[Tag::Article, Tag::Comma]));
        let plain = !opening.iter().take(side).any(|item| item.has(Tag::AsOf) || item.has(Tag::Attack));
        (is_side && plain).then(|| opening.get(side).and_then(|item| self.party(item))).flatten()
    }

    /// "Kuwait: One civilian was killed": a line of a roundup by countries.
    fn heading(&self) -> Option<PartyId> {
        let soldiers = self.military && !self.names.is_world();
        let bullet = usize::from(self.items().first().is_some_and(|item| item.tags.is_empty()));
        match self.items().get(bullet..).unwrap_or_default() {
            [country, colon, ..] if !soldiers && country.has(Tag::Country) && colon.has(Tag::Colon) => {
                self.party(country)
            }
            _ => None,
        }
    }

    /// "Ukraine's stand at 500,000", "Russia accounts for 300,000 of them": the losses of the sentence before, by whose they
    /// are.
    fn elided_losses(&self) -> Option<PartyId> {
        if let Some([side, makes_up]) =
            self.items().get(self.count.items.start.saturating_sub(2)..self.count.items.start)
            && makes_up.has(Tag::Include)
            && self.count.part == Some(Part::OfFigure)
            && side.tags.meets(SIDE)
        {
            return self.party(side);
        }
        let reach = self.count.items.start.checked_sub(1).filter(|reach| self.has_tag(*reach, Tag::Reach))?;
        let owns = reach.checked_sub(1).filter(|owns| self.has_tag(*owns, Tag::Possessive))?;
        self.items().get(owns.checked_sub(1)?).filter(|item| item.tags.meets(SIDE)).and_then(|item| self.party(item))
    }

    /// "100,000 on the Ukrainian side".
    pub(super) fn on_the_side(&self) -> Option<PartyId> {
        let start = self.count.items.start;
        let before = self.items().get(start.saturating_sub(4)..start)?;
        let opens = before.first().is_some_and(|item| item.has(Tag::On))
            && before.last().is_some_and(|item| item.has(Tag::Body));
        if opens {
            return before.iter().find(|item| item.tags.meets(SIDE)).and_then(|item| self.party(item));
        }
        let behind = self.items().get(self.count.items.end..(self.count.items.end + 12).min(self.items().len()))?;
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said, Tag::Count]);
        let behind = behind.get(..behind.iter().position(|item| item.tags.meets(wall)).unwrap_or(behind.len()))?;
        let on = behind.iter().position(|item| item.has(Tag::On))?;
        // "while fighting on Russia's side"
        let fights = TagSet::of(&[Tag::Battle, Tag::Attack, Tag::Preposition]);
        if on.checked_sub(1).and_then(|led| behind.get(led)).is_some_and(|item| item.tags.meets(fights)) {
            return None;
        }
        let side = behind.get(on + 1..(on + 4).min(behind.len()))?.iter().position(|item| item.tags.meets(SIDE))?;
        // "on Ukraine's side"
        let owns = usize::from(behind.get(on + side + 2).is_some_and(|item| item.has(Tag::Possessive)));
        let closes = behind.get(on + side + 2 + owns).is_some_and(|item| item.has(Tag::Body));
        let side = behind.get(on + 1 + side)?;
        if closes { self.party(side) } else { None }
    }

    /// "A whiteboard at the Gaza Health Ministry: 45,361 martyrs": an office that counts one side's people, in a sentence
    /// where nobody speaks.
    pub(super) fn counter_named(&self) -> Option<PartyId> {
        let row = |item: &Item<'_>| item.meaning(|m| if let Meaning::Claimant(row) = m { Some(row) } else { None });
        let before = self.items().get(..self.count.items.start).filter(|_| !self.attributed)?;
        before.iter().filter_map(row).find_map(|row| self.names.claimant(row)?.counts.clone())
    }

    pub(super) fn speaker_side(&self) -> Option<&PartyId> {
        self.speaker.and_then(|speaker| speaker.side.as_ref())
    }
}
