//! Whom a count counts beyond its own noun: people named elsewhere, those of the figure before, those of the passage.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use crate::extract::count::{Count, Head, Part};
use crate::extract::link::{ENTRIES, Linked, PART, outcome_of};
use crate::extract::place::Spot;
use crate::extract::read::{Found, Reading};
use crate::extract::scan::{Item, Scan, Sentence};
use crate::extract::soldiers::{fares_as_soldiers, is_of_forces, is_of_troop};
use crate::extract::speaker::Saying;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::whose::{Evidence, Whose};
use crate::model::{Outcome, Outcomes, PartyId, Victims};

impl<'a> Reading<'_, 'a> {
    /// What kind of people a count without a noun counts: those of the count before it.
    pub(super) fn kind(
        &self,
        sentence: &Sentence<'a>,
        (count, tied): (&Count, &Linked),
        (turned, neutral): (bool, bool),
        found: &[Found],
    ) -> (Option<Victims>, Option<String>) {
        let meant = || if found.is_empty() { people_meant(sentence, count, tied) } else { None };
        let before = || people_before(sentence, count, tied).or_else(meant);
        let named = || count.people.is_none().then(before).flatten();
        // "four workers died, all Thai nationals" says no more of what they were.
        let tells = |row: &u16| {
            let words = self.scan.language.file.people.get(usize::from(*row));
            words.is_some_and(|words| words.victims != Victims::Unspecified || words.group.is_some())
        };
        let apposed = people_behind(sentence, count, tied).filter(|row| count.people.is_none() || tells(row));
        let count_with_noun = Count { people: apposed.or(count.people).or_else(named), ..count.clone() };
        let (victims, group) = count_with_noun.kind(self.scan.language);
        // "The list of Russian servicemen now has 45,123 entries"
        let entered = tied.rule == ENTRIES && sentence.has(Tag::Forces);
        let nameless = victims.is_none() || count.people.is_none();
        if nameless && (entered || is_of_forces(sentence, count, tied)) {
            return (Some(Victims::Military), group);
        }
        let anybody = nameless || (victims == Some(Victims::Unspecified) && group.is_none());
        if anybody && (fares_as_soldiers(sentence, tied) || is_of_troop(sentence, count, tied)) {
            return (Some(Victims::Military), group);
        }
        let unspecified = victims == Some(Victims::Unspecified);
        let counted = sentence.items.get(count.items.clone()).unwrap_or_default();
        let captive = counted.iter().any(|item| outcome_of(item) == Some(Outcome::Captured));
        if let Some((row, _)) = self.memory.captives.as_ref().filter(|_| captive && unspecified && group.is_none()) {
            return Count { people: Some(*row), ..count.clone() }.kind(self.scan.language);
        }
        let whole = tied.antecedent.and_then(|whole| found.iter().find(|one| one.count == whole));
        if let Some(Found { whose: whole, .. }) =
            whole.filter(|_| unspecified && (count.part.is_some() || tied.rule == PART))
        {
            return (whole.victims.or(victims), group.or_else(|| whole.group.clone()));
        }
        let alone = count.items.end.checked_sub(1).and_then(|last| sentence.items.get(last));
        let others = unspecified
            && group.is_none()
            && (tied.from_before
                || alone.is_some_and(|item| item.has(Tag::Others))
                || counted.iter().any(|item| item.has(Tag::Own)));
        if unspecified && group.is_none() && civilian_harm(self.scan, sentence, count) {
            return (Some(Victims::Civilian), group);
        }
        if (victims.is_some() && !others) || tied.antecedent.is_some() {
            return (victims, group);
        }
        // What a part is does not tell what stands behind the whole: "22 people, among them a soldier, and injured 124".
        let next_to = found.last().is_some_and(|one| one.count + 2 > tied.count);
        let previous = found.iter().rev().find(|one| !one.part).filter(|_| next_to).map(|one| &one.whose);
        // "killed a teacher and three pupils and left nine wounded": people of several kinds say nothing of the next.
        let mixed = previous.is_some_and(|last| found.iter().any(|one| !one.part && one.whose.group != last.group));
        // "In Bucha the body count came to 458": another paragraph that opens with a town is about its people.
        let opens = matches!(sentence.items.as_slice(), [led, place, ..] if led.has(Tag::In) && place.has(Tag::Place));
        let struck = opens || (sentence.has(Tag::Attack) && sentence.has(Tag::Place));
        let elsewhere = struck && self.memory.claim_paragraph != sentence.paragraph;
        // "A monitor had recorded 15,550 deaths": who speaks anew speaks of anybody.
        let noun = tied
            .trigger
            .and_then(|at| sentence.items.get(at))
            .is_some_and(|item| item.has(Tag::Noun) && !item.has(Tag::Done));
        let army = |whose: &Whose| {
            let bare = count.head == Head::Bare && !elsewhere && !(turned && (noun || neutral));
            whose.victims == Some(Victims::Military) && bare
        };
        let beside = |whose: &&Whose| {
            // "of these casualties" are those of the sentence before.
            let mut behind = sentence.items.get(count.number + 1..).unwrap_or_default().iter().take(2);
            let these = behind.any(|item| item.tags.meets(TagSet::of(&[Tag::Of, Tag::OfThem])));
            // "Russia has suffered 355,000 casualties" are an army's, whomever the sentence before counted.
            let lost = tied.outcomes == Outcomes::only(Outcome::Casualties) && !these;
            let here = self.memory.claim_paragraph == sentence.paragraph && !lost;
            here && count.head == Head::Bare && whose.group.is_none()
        };
        let same_side =
            self.memory.whose.as_ref().filter(|whose| tied.from_before || army(whose) || others || beside(whose));
        // "1,600 civilians remain; two were killed on Sunday": those of the sentence come before the army of the passage.
        let named = sentence.items.get(..count.items.start).unwrap_or_default();
        // "where the mayor's office keeps the list": who has a title speaks.
        let speaks = TagSet::of(&[Tag::Title, Tag::Officials]);
        let harmed = |item: &Item<'_>| item.people().filter(|_| !item.tags.meets(speaks));
        let last = named.iter().rev().find_map(harmed).filter(|_| count.head == Head::Bare && found.is_empty());
        let words = last.and_then(|row| self.scan.language.file.people.get(usize::from(row)));
        if words.is_some_and(|words| words.victims == Victims::Civilian && words.group.is_none()) {
            return (Some(Victims::Civilian), group);
        }
        match previous.or(same_side) {
            // "14 paramedics, and 15 Syrians": a people is not of the group before.
            Some(_) if matches!(count.party, Some((_, Tag::Nation))) && count.people.is_none() => (None, group),
            // The others are not of the group that was named first.
            Some(whose) if others || mixed => (whose.victims, None),
            Some(whose) => (whose.victims, whose.group.clone().filter(|_| previous.is_some() || tied.from_before)),
            None => (None, group),
        }
    }

    pub(super) fn antecedent(
        &self,
        sentence: &Sentence<'a>,
        (count, tied): (&Count, &Linked),
        found: &[Found],
    ) -> Option<Whose> {
        let inside =
            tied.antecedent.and_then(|at| found.iter().find(|one| one.count == at)).map(|one| one.whose.clone());
        let listed = || self.memory.frame.as_ref().and_then(|frame| frame.whose.clone());
        let before = || if tied.from_before { listed().or_else(|| self.memory.whose.clone()) } else { None };
        // "Russian troops stormed Avdiivka. About 130 of them were killed."
        let before = || before().or_else(|| self.soldiers_before(count, found));
        let before = || before().or_else(|| self.harmed_before(sentence, count, found));
        // "A Thai labourer was killed, and two people were hurt": a foreigner's people are not those of another clause.
        let anew = count.people.is_some() && tied.trigger.is_some();
        let goes_on = |whose: &Whose| !anew || whose.party.as_ref().is_none_or(|party| self.war.is_side(party));
        let beside = || {
            let before = found.iter().rev().find(|one| !one.part).map(|one| one.whose.clone());
            before.filter(goes_on)
        };
        inside.or_else(before).or_else(beside)
    }

    /// "100,000 Russian and 100,000 Ukrainian soldiers": the noun behind the second is the first one's as well.
    pub(super) fn share_noun(&mut self, sentence: &Sentence<'a>, counts: &[Count], found: &[Found]) {
        let first = self.drafts.len().saturating_sub(found.len());
        let joins = TagSet::of(&[Tag::Side, Tag::And]);
        let shares = |one: &Count, other: &Count| {
            let between = sentence.items.get(one.items.end..other.items.start).unwrap_or_default();
            let adjective = one.people.is_none() && one.party.is_some_and(|(_, tag)| tag == Tag::Side);
            adjective
                && (other.people.is_some() || matches!(other.party, Some((_, Tag::Forces))))
                && !between.is_empty()
                && between.iter().all(|item| item.tags.meets(joins))
        };
        for (draft, pair) in self.drafts.iter_mut().skip(first).zip(found.windows(2)) {
            let [one, other] = pair else { continue };
            if counts.get(one.count).zip(counts.get(other.count)).is_some_and(|(one, other)| shares(one, other)) {
                draft.claim.victims = other.whose.victims.unwrap_or(draft.claim.victims);
                draft.claim.group.clone_from(&other.whose.group);
            }
        }
    }

    /// "180,000 Russians, as opposed to 31,000 Ukrainian soldiers": a people set against the other side's soldiers is its
    /// soldiers.
    pub(super) fn set_against_soldiers(&mut self, counts: &[Count], found: &[Found]) {
        let Some(at) = found.iter().position(|one| one.whose.victims == Some(Victims::Military)) else { return };
        let first = self.drafts.len().saturating_sub(found.len());
        let teller = self.drafts.get(first + at).and_then(|draft| draft.claim.claimant.clone());
        let Some(Found { whose: soldiers, .. }) = found.get(at) else { return };
        for (draft, Found { count: at, whose, .. }) in self.drafts.iter_mut().skip(first).zip(found) {
            let nation = counts
                .get(*at)
                .is_some_and(|count| count.people.is_none() && matches!(count.party, Some((_, Tag::Nation))));
            // "312 Palestinians were killed, the ministry says, while Israel says three of its soldiers were"
            let same = draft.claim.claimant == teller;
            if nation && same && whose.party != soldiers.party && draft.claim.victims == Victims::Unspecified {
                draft.claim.victims = Victims::Military;
            }
        }
    }

    /// The soldiers of the sentence before, for some "of them" where it told of no figure.
    fn soldiers_before(&self, count: &Count, found: &[Found]) -> Option<Whose> {
        let of_them = count.part == Some(Part::OfFigure) && found.is_empty();
        let told = self.memory.outcomes.is_some_and(|(_, there)| there + 1 >= self.index);
        let (party, there) = self.memory.soldiers.as_ref().filter(|_| of_them && !told)?;
        (there + 1 == self.index).then(|| Whose {
            party: Some(party.clone()),
            victims: Some(Victims::Military),
            group: None,
            evidence: None,
        })
    }

    /// "Ten of the wounded are children", "Nine minors are among those injured": a part of whom the sentence before told.
    fn harmed_before(&self, sentence: &Sentence<'a>, count: &Count, found: &[Found]) -> Option<Whose> {
        let told = self.memory.outcomes.is_some_and(|(_, there)| there + 1 == self.index);
        let before = self.memory.whose.as_ref().filter(|_| told && found.is_empty() && count.party.is_none())?;
        let of = TagSet::of(&[Tag::Of, Tag::Among, Tag::OfThem, Tag::Including]);
        let near = sentence.items.get(count.number..(count.items.end + 4).min(sentence.items.len()))?;
        let harmed = near.iter().enumerate().any(|(at, item)| {
            let the = usize::from(near.get(at + 1).is_some_and(|item| item.has(Tag::Article)));
            item.tags.meets(of) && near.get(at + 1 + the).is_some_and(|item| outcome_of(item).is_some())
        });
        harmed.then(|| Whose { party: before.party.clone(), victims: None, group: None, evidence: None })
    }

    /// The side that the passage speaks of, for people who are not said to be anybody's: the ones of the claim before,
    /// or the soldiers whom the event befell.
    pub(super) fn topic(
        &self,
        sentence: &Sentence<'a>,
        count: &Count,
        near: Option<&Spot>,
        saying: Option<&Saying>,
        turned: bool,
    ) -> Option<PartyId> {
        if near.is_some_and(|spot| spot.name.is_some()) {
            return None;
        }
        if let Some(party) = self.memory.frame.as_ref().and_then(|frame| frame.whose.as_ref()?.party.clone()) {
            return Some(party);
        }
        let counted = sentence.items.get(count.items.clone()).unwrap_or_default();
        if counted.iter().any(|item| outcome_of(item) == Some(Outcome::Captured))
            && let Some(side) = self.memory.captives.as_ref().and_then(|(_, side)| side.clone())
        {
            return Some(side);
        }
        let (kind, group) = count.kind(self.scan.language);
        // "North Korean troops fight in Kursk. Of 11,000 men, 300 have been killed": of a country that is no side.
        let guests =
            self.memory.soldiers.as_ref().filter(|(party, there)| there + 1 == self.index && !self.war.is_side(party));
        if let Some((party, _)) = guests.filter(|_| group.is_none() && kind != Some(Victims::Civilian)) {
            return Some(party.clone());
        }
        let asked = self.memory.asked.clone().filter(|_| matches!(kind, None | Some(Victims::Military)));
        if asked.is_some() {
            return asked;
        }
        let mourned = self.memory.mourned.as_ref().filter(|(_, there)| there + 1 == self.index);
        if let Some((party, _)) = mourned.filter(|_| matches!(kind, None | Some(Victims::Military))) {
            return Some(party.clone());
        }
        let before = self.memory.whose.as_ref()?;
        let fits = match kind {
            None => true,
            Some(Victims::Military) => before.victims == Some(Victims::Military),
            Some(Victims::Unspecified) => group.is_none() && before.victims != Some(Victims::Military),
            Some(Victims::Civilian) => false,
        };
        let near = self.memory.claim_paragraph == sentence.paragraph
            || (self.memory.claim_paragraph + 1 == sentence.paragraph && count.head == Head::Bare);
        // North Koreans in Kursk stay the topic, whoever else speaks of them.
        let side = saying.and_then(|saying| saying.speaker.as_ref()?.side.as_ref());
        let neutral = side.is_none_or(|side| !self.war.is_side(side));
        let foreign = before.party.as_ref().is_some_and(|party| !self.war.is_side(party)) && count.head == Head::Bare;
        let within = if neutral { 3 } else { 1 };
        let goes_on = foreign && before.victims != Some(Victims::Civilian) && before.group.is_none();
        let goes_on = goes_on && self.memory.claim_paragraph + within >= sentence.paragraph;
        let same = before.party.clone().filter(|_| fits && ((near && !turned) || goes_on));
        let other = |party: &PartyId| {
            let side = saying.and_then(|saying| saying.speaker.as_ref()?.side.as_ref());
            side.is_some_and(|side| self.war.is_side(side) && side != party)
                && kind.or(before.victims.filter(|_| !turned)) != Some(Victims::Military)
        };
        let befell = || {
            let spot = self.memory.spot.as_ref().filter(|_| kind != Some(Victims::Civilian) && group.is_none())?;
            spot.soldiers.clone().filter(|party| !other(party))
        };
        same.or_else(befell)
    }

    /// Fills in what only the passage tells: losses of an army are soldiers, an elided side is the one just spoken of.
    pub(super) fn complete(&self, whose: &mut Whose, tied: &Linked, loses: bool, near: bool, found: &[Found]) {
        let vague = whose.victims.is_none() || (whose.victims == Some(Victims::Unspecified) && whose.group.is_none());
        let lost = (loses || tied.outcomes == Outcomes::only(Outcome::Casualties)) && whose.is_stated();
        if whose.victims.is_none() && tied.outcomes.contains(Outcome::Casualties) && whose.is_stated()
            || (vague && lost)
        {
            whose.victims = Some(Victims::Military);
        }
        if whose.party.is_none() && whose.evidence != Some(Evidence::Both) {
            let topic = found.last().map(|one| &one.whose).or(self.memory.whose.as_ref().filter(|_| near));
            // Of soldiers of whom nothing is told but where they were, most are of that land.
            let land = || {
                let there = self.memory.spot.as_ref().and_then(|spot| spot.party.clone());
                there.filter(|party| self.war.is_side(party)).or_else(|| self.war.land().cloned())
            };
            // The soldiers of a headline, or those told of last, come before those of the land.
            let told = || self.memory.subject.clone().or_else(|| self.memory.whose.as_ref()?.party.clone());
            whose.party = topic.and_then(|topic| topic.party.clone()).or_else(told).or_else(land);
        }
    }
}

/// "Civilian casualties rose, with 232 people killed": what the sentence calls the harm tells who they are.
fn civilian_harm(scan: &Scan<'_>, sentence: &Sentence<'_>, count: &Count) -> bool {
    let before = sentence.items.get(..count.items.start).unwrap_or_default();
    before.windows(2).any(|pair| {
        let [people, harm] = pair else { return false };
        let row = people.people();
        let words = row.and_then(|row| scan.language.file.people.get(usize::from(row)));
        let civilian = words.is_some_and(|words| words.victims == Victims::Civilian && words.group.is_none());
        civilian && harm.tags.meets(TagSet::of(&[Tag::Noun, Tag::Toll]))
    })
}

/// "a mosque from which gunmen were firing was bombed and around 30 of them were killed": who they are.
pub(super) fn people_meant(sentence: &Sentence<'_>, count: &Count, tied: &Linked) -> Option<u16> {
    if count.part != Some(Part::OfFigure) || tied.antecedent.is_some() || tied.from_before {
        return None;
    }
    let before = sentence.items.get(..count.items.start)?;
    let told = |at: usize| at.checked_sub(1).and_then(|at| before.get(at)).is_some_and(|item| item.has(Tag::Told));
    before.iter().enumerate().rev().filter(|(at, _)| !told(*at)).find_map(|(_, item)| item.people())
}

/// "the number of its own dead soldiers, 5,937": the noun stands with the outcome, before the figure.
pub(super) fn people_before(sentence: &Sentence<'_>, count: &Count, tied: &Linked) -> Option<u16> {
    if let Some(trigger) = tied.trigger.filter(|trigger| *trigger >= count.items.end) {
        // "bringing to 208 the number of rescuers killed"
        let numbered = sentence.items.get(count.items.end..trigger)?;
        if numbered.iter().any(|item| item.has(Tag::NumberOf)) {
            return numbered.iter().find_map(Item::people);
        }
        // "11,973 killings of civilians"
        let of = sentence.items.get(trigger + 1)?.tags.meets(TagSet::of(&[Tag::Of, Tag::Among]));
        let behind = sentence.items.get(trigger + 2..(trigger + 5).min(sentence.items.len()))?;
        return behind.iter().filter(|_| of).find_map(Item::people);
    }
    let trigger = tied.trigger.filter(|trigger| *trigger < count.items.start)?;
    // "Settlers injured 15": whoever does it is not harmed.
    // "A soldier shot two Ukrainians"
    let subject = trigger
        .checked_sub(1)
        .is_some_and(|before| sentence.items.get(before).is_some_and(|item| item.has(Tag::People)));
    let acts =
        sentence.items.get(trigger).is_some_and(|item| item.has(Tag::Verb) || (subject && count.head == Head::People))
            && trigger + 1 == count.items.start;
    if acts {
        return None;
    }
    // "among them a soldier, and injured 124": what stands in another clause is not harmed by this verb.
    let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Count, Tag::Names, Tag::Possessive]);
    let near = sentence.items.get(trigger.saturating_sub(4)..trigger)?;
    let from = near.iter().rposition(|item| item.tags.meets(wall)).map_or(0, |wall| wall + 1);
    let around = sentence.items.get(trigger - near.len() + from..count.items.start)?;
    around.iter().find_map(Item::people)
}

/// "more than 2,000 dead, all of them unarmed civilians": what stands behind the comma says who they are.
fn people_behind(sentence: &Sentence<'_>, count: &Count, tied: &Linked) -> Option<u16> {
    let from = count.items.end.max(tied.trigger.map_or(0, |trigger| trigger + 1));
    let behind = sentence.items.get(from..(from + 10).min(sentence.items.len()))?;
    let where_and_when = TagSet::of(&[Tag::In, Tag::On, Tag::Place, Tag::Time, Tag::Name]);
    let comma = behind.iter().position(|item| !item.tags.meets(where_and_when))?;
    let behind = behind.get(comma..).filter(|behind| behind.first().is_some_and(|comma| comma.has(Tag::Comma)))?;
    // "27, among them women and children": those are some of them.
    let some = behind.get(1).is_some_and(|item| item.has(Tag::Including));
    let all = TagSet::of(&[Tag::Article, Tag::AsOf, Tag::According]);
    let all = behind.get(1).filter(|item| (item.is_hedge() && !item.tags.meets(all)) || item.has(Tag::OfThem));
    let all = all.filter(|_| !some)?;
    let inside = TagSet::of(&[Tag::OfThem, Tag::Of, Tag::Modifier, Tag::Side, Tag::Qualifier]);
    let noun = behind.get(2..)?.iter().find(|item| !item.tags.meets(inside) || item.has(Tag::People))?;
    if all.has(Tag::Count) { None } else { noun.people() }
}
