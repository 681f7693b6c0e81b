//! What is no claim although a number and an outcome stand together.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use crate::extract::Reason;
use crate::extract::count::{Count, Head, Part};
use crate::extract::elsewhere::OTHER_CAUSE;
use crate::extract::link::{BODIES, Linked, Linker};
use crate::extract::ratio::is_ratio;
use crate::extract::scan::{Item, Sentence};
use crate::extract::severity::is_severity;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Bounds, Outcome, Outcomes};

/// More people than any war since 1945 has harmed: what stands there is no figure of people, whatever it is.
const MOST_PEOPLE: u64 = 30_000_000;

/// Whether a figure is told as what was said before a newer one: "at first", "an earlier toll".
pub(super) fn is_superseded(sentence: &Sentence<'_>, count: &Count) -> bool {
    if !sentence.has(Tag::Superseded) {
        return false;
    }
    let from = count.items.start.saturating_sub(8);
    let to = (count.items.end + 5).min(sentence.items.len());
    let near = sentence.items.get(from..to).unwrap_or_default();
    let ends = TagSet::of(&[Tag::Semicolon, Tag::And, Tag::Said, Tag::Comma]);
    let cut = |item: &&Item<'_>| !item.tags.meets(ends) || item.has(Tag::Superseded);
    // "at first spoke of nine dead": the verb stands between.
    let verb = TagSet::of(&[Tag::Said, Tag::Names, Tag::Admits, Tag::To, Tag::Of]);
    let before = near.get(..count.items.start - from).unwrap_or_default().iter().rev();
    let before = before.skip_while(|item| item.tags.meets(verb)).take_while(cut);
    let behind = sentence.items.get(count.items.end..to).unwrap_or_default().iter().take_while(cut);
    before.chain(behind).any(|item| item.has(Tag::Superseded))
}

/// Whether those whom a figure counts died of something else than the war, by the words around it.
fn has_other_cause(near: &[Item<'_>], figure: usize) -> bool {
    // "when a rocket crashed into a block"
    let weapon = |at: usize| at.checked_sub(1).and_then(|at| near.get(at)).is_some_and(|item| item.has(Tag::Attack));
    // "in attacks on a coal mine": what is attacked is no cause.
    let attacked =
        |at: usize| near.get(at.saturating_sub(3)..at).unwrap_or_default().iter().any(|item| item.has(Tag::Attack));
    // "air strikes between the quake and the end of April": what only tells when it was.
    let dates = |at: usize| {
        let led = near.get(at.saturating_sub(2)..at).unwrap_or_default();
        led.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Between, Tag::Since])))
    };
    let causes =
        |(at, item): (usize, &Item<'_>)| item.tags.meets(OTHER_CAUSE) && !weapon(at) && !attacked(at) && !dates(at);
    // "26,000 deaths were due to violence; with hunger and disease it came to more"
    let behind = near.iter().skip(figure).position(|item| item.has(Tag::Semicolon));
    let apart = behind.map_or(near.len(), |at| figure + at);
    // "It has put 638,000 people in famine, and has killed 20,000": another of the things that it did.
    let anew = near.windows(3).take((figure + 1).saturating_sub(3)).rposition(|three| {
        matches!(three, [comma, and, does] if comma.has(Tag::Comma) && and.has(Tag::And) && does.has(Tag::Perfect))
    });
    near.iter().enumerate().take(apart).skip(anew.unwrap_or(0)).any(causes)
}

/// Whether it is a family that lost somebody.
fn loses_kin(sentence: &Sentence<'_>, verb: Option<usize>) -> bool {
    let clause = verb.and_then(|verb| sentence.items.get(verb.saturating_sub(14)..verb)).unwrap_or_default();
    let family = |item: &Item<'_>| item.has(Tag::They) || item.tags.meets(TagSet::of(&[Tag::OfThem, Tag::We]));
    clause.iter().any(family)
}

/// Why one count of a sentence is no claim; `told` is what happened to the people of the sentence before.
pub(super) fn count(sentence: &Sentence<'_>, count: &Count, tied: &Linked, told: Option<Outcomes>) -> Option<Reason> {
    let from = tied.trigger.map_or(count.items.start, |trigger| trigger.min(count.items.start)).saturating_sub(6);
    let to = (tied.trigger.map_or(count.items.end, |trigger| (trigger + 1).max(count.items.end)) + 6)
        .min(sentence.items.len());
    let near = sentence.items.get(from..to).unwrap_or_default();
    let has = |tag: Tag| sentence.has(tag) && near.iter().any(|item| item.has(tag));
    // "0: casualties at the nuclear plant"
    if count.figure.bounds == Bounds::Exact(0) {
        return Some(Reason::Negated);
    }
    if count.figure.bounds.midpoint() > MOST_PEOPLE {
        return Some(Reason::NotACount);
    }
    if is_ratio(sentence, count) {
        return Some(Reason::Ratio);
    }
    let figure = count.items.start.max(tied.trigger.unwrap_or(0)) - from;
    if sentence.meets(OTHER_CAUSE) && has_other_cause(near, figure) {
        return Some(Reason::OtherCause);
    }
    // "The average age of a dead volunteer is 42."
    let before = sentence.items.get(from..count.items.start).unwrap_or_default();
    if count.head == Head::Bare && before.iter().any(|item| item.has(Tag::Age)) {
        return Some(Reason::NotACount);
    }
    // "hospitals received the bodies of 132 people killed in strikes" is a toll.
    // "The remains of four hostages, killed in Gaza, were handed over" is none.
    let killed =
        tied.trigger.is_some_and(|trigger| trigger >= count.items.end) && count.people.is_some() && !count.hostages;
    let returned = sentence.has(Tag::Exchange);
    // "70 bodies had been found, with more than 100 wounded"
    // "Bodies still held: 6"
    let held = tied.outcomes == Outcomes::only(Outcome::Captured) && count.people.is_none();
    // "The toll climbed to 14 after rescuers pulled two more bodies from the rubble"
    let toll = tied.trigger.and_then(|at| sentence.items.get(at)).is_some_and(|item| item.has(Tag::Toll));
    let toll = toll || tied.rule == BODIES;
    if has(Tag::Bodies) && !toll && (returned || !killed) && (tied.outcomes.contains(Outcome::Killed) || held) {
        return Some(Reason::Bodies);
    }
    if tied.outcomes == Outcomes::only(Outcome::Wounded) && is_severity(sentence, count, tied, told) {
        return Some(Reason::Severity);
    }
    // "18 of the dead had been named" counts names.
    let named = sentence.items.get(count.items.end..).unwrap_or_default();
    let over = named.iter().take(4).take_while(|item| item.has(Tag::Auxiliary) || item.has(Tag::TheDead)).count();
    if count.part == Some(Part::OfDead) && over > 0 && named.get(over).is_some_and(|item| item.has(Tag::Names)) {
        return Some(Reason::NoHarm);
    }
    // "Police have identified eight of the people who died" neither.
    let led = count.items.start.checked_sub(1).and_then(|led| sentence.items.get(led));
    let of = TagSet::of(&[Tag::Of, Tag::OfThem]);
    let of = sentence.items.get(count.figure_items.end).is_some_and(|item| item.tags.meets(of));
    let died = tied.trigger.and_then(|trigger| sentence.items.get(count.items.end..trigger)).unwrap_or_default();
    let who = count.part == Some(Part::OfDead) || died.iter().any(|item| item.has(Tag::Relative));
    // "has verified that 127 of those killed were civilians" does count.
    let that = sentence.items.get(count.items.start).is_some_and(|item| item.has(Tag::Relative));
    if of && who && !that && led.is_some_and(|item| item.has(Tag::Names)) {
        return Some(Reason::NoHarm);
    }
    // "12 killed, 10 of whom nobody could identify" neither.
    let unnamed =
        named.windows(2).take(4).any(|pair| matches!(pair, [can, name] if can.has(Tag::Modal) && name.has(Tag::Names)));
    if count.part.is_some() && unnamed {
        return Some(Reason::NoHarm);
    }
    // "She lost her husband", "those who have lost a brother": of somebody who is not told of himself.
    let verb = tied.trigger.filter(|trigger| *trigger < count.items.start);
    let loses = verb.and_then(|verb| sentence.items.get(verb)).is_some_and(|item| item.has(Tag::Lose));
    let led = verb.and_then(|verb| sentence.items.get(..verb)).unwrap_or_default();
    let who = led.iter().rev().find(|item| !item.has(Tag::Auxiliary)).is_some_and(|item| item.has(Tag::Relative));
    let single = count.figure.bounds == Bounds::Exact(1) && count.head == Head::People;
    // "Not all of the families have lost a son" neither.
    let kin =
        count.people.is_some() && verb.is_some_and(|verb| count.items.start == verb + 1) && loses_kin(sentence, verb);
    if loses && single && (count.related || who || kin) {
        return Some(Reason::NoHarm);
    }
    // "Health institutions, 150 of them, were hit"
    let before = sentence.items.get(..count.items.start).unwrap_or_default();
    let opens = TagSet::of(&[Tag::QuoteMark, Tag::Colon, Tag::Semicolon]);
    let clause = before.iter().rev().take_while(|item| !item.tags.meets(opens)).count();
    let closed = sentence.items.get(count.items.end).is_some_and(|item| item.has(Tag::Comma));
    let of_things = matches!(before, [.., thing, comma] if comma.has(Tag::Comma)
        && (thing.has(Tag::Thing)
            || (closed && clause <= 4 && thing.tags == Tag::Word.set())
            || (closed && before.len() == 2 && thing.tags == Tag::Name.set())));
    if of_things && count.part == Some(Part::OfFigure) && !before.iter().any(|item| item.has(Tag::People)) {
        return Some(Reason::Things);
    }
    // "out of an army of 201,000"
    let of = count.items.start.checked_sub(1).and_then(|at| sentence.items.get(at));
    let army = count.items.start.checked_sub(2).and_then(|at| sentence.items.get(at));
    let strength = of.is_some_and(|item| item.has(Tag::Of))
        && army.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Body, Tag::Forces])));
    // "out of a contingent of some 11,000"
    let group = matches!(before, [.., out, one, _, of] if out.has(Tag::Of) && out.tokens.len() == 2
        && one.tags.meets(TagSet::of(&[Tag::One, Tag::Article])) && of.has(Tag::Of));
    // "a republic of one million", not "the deaths in the Belgorod region of two civilians"
    let peopled = matches!(before, [.., one, place, of] if one.tags.meets(TagSet::of(&[Tag::One, Tag::Article, Tag::This]))
        && place.tags.meets(TagSet::of(&[Tag::Settlement, Tag::Region])) && of.has(Tag::Of) && of.tokens.len() == 1);
    if peopled || ((strength || group) && count.head == Head::Bare) {
        return Some(Reason::Things);
    }
    if has(Tag::Arrest) && tied.outcomes.contains(Outcome::Captured) {
        return Some(Reason::Arrest);
    }
    None
}

/// "two attacks": what is neither lost nor missing later.
fn is_attack(items: &[Item<'_>], count: &Count) -> bool {
    items.get(count.items.clone()).unwrap_or_default().iter().any(|item| item.has(Tag::Attack))
}

impl Linker<'_, '_> {
    /// Whether prisoners come home in the clause around some items.
    fn is_exchanged(&self, from: usize, to: usize) -> bool {
        // "500 came home, but more than 6,000 are still in captivity"
        let cut = |item: &Item<'_>| item.tags.meets(TagSet::of(&[Tag::Semicolon, Tag::Barrier]));
        let begin = self.items.get(..from).unwrap_or_default().iter().rposition(cut).map_or(0, |at| at + 1);
        let clause = self.items.get(begin..).unwrap_or_default();
        let behind =
            clause.iter().skip(to.saturating_sub(begin)).position(cut).map_or(clause.len(), |at| to - begin + at);
        clause.get(..behind).unwrap_or_default().iter().any(|item| item.has(Tag::Exchange))
    }

    /// "killing its driver", "a teacher and his wife died": not "his wife was killed", of somebody who was named.
    pub(super) fn befalls(&self, at: usize, count: &Count, tied: &Linked) -> bool {
        let object = tied.trigger.is_some_and(|trigger| trigger < count.items.start);
        let joins = TagSet::of(&[Tag::And, Tag::Comma]);
        let joined = |one: &Count, other: &Count| {
            let between = self.items.get(one.items.end..other.items.start).unwrap_or_default();
            !between.is_empty() && between.iter().all(|item| item.tags.meets(joins))
        };
        let before = at.checked_sub(1).and_then(|before| self.counts.get(before));
        let next = self.counts.get(at + 1);
        // "A man was killed and his wife was injured": the wife of somebody who has no name.
        let of_somebody = before.is_some_and(|before| {
            let between = self.items.get(before.items.end..count.items.start).unwrap_or_default();
            let nameless = before.figure.bounds == Bounds::Exact(1) && before.people.is_some() && !before.related;
            nameless && between.last().is_some_and(|item| item.has(Tag::And)) && between.len() <= 5
        });
        // "Its driver was killed": of a thing, which has no name.
        let of_thing = self.items.get(count.number).is_some_and(|item| item.has(Tag::Its));
        object
            || of_thing
            || of_somebody
            || before.is_some_and(|before| joined(before, count))
            || next.is_some_and(|next| joined(count, next))
    }

    /// "Of 90 drones, 37 were shot down and another 47 disappeared": a count without a noun counts what the one before did.
    pub(super) fn elides_things(&self, at: usize, count: &Count, tied: &Linked) -> bool {
        // "4,800 casualties" are people.
        let noun = tied.trigger.filter(|at| *at >= count.items.end).and_then(|at| self.items.get(at));
        let bodily = tied.outcomes.contains(Outcome::Killed)
            || tied.outcomes.contains(Outcome::Wounded)
            || (noun.is_some_and(|item| item.has(Tag::Noun)) && !count.figure.vague);
        let before = self.counts.get(..at).unwrap_or_default();
        let last_named = before.iter().rev().find(|count| !matches!(count.head, Head::Bare | Head::Odd(_)));
        let begun = last_named.map_or(0, |count| count.items.end);
        let clause = self.items.get(begun..count.items.start).unwrap_or_default();
        // "46 drones were shot down; 24 others were lost"
        (count.head == Head::Bare || self.is_others(count))
            && !clause.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Semicolon, Tag::Barrier])))
            && count.party.is_none()
            && !bodily
            && last_named.is_some_and(|thing| {
                // "killed in two attacks, 120 were missing"
                let were = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Be));
                matches!(thing.head, Head::Thing | Head::Unknown) && !(were && is_attack(self.items, thing))
            })
    }

    /// What turns a figure with an outcome down all the same.
    pub(super) fn check(&self, count: &Count, tied: &Linked) -> Result<(), Reason> {
        let trigger = tied.trigger.unwrap_or(count.items.start);
        let first = trigger.min(count.items.start);
        let from = first.saturating_sub(5);
        let to = trigger.max(count.items.end);
        let near = self.items.get(from..to.min(self.items.len())).unwrap_or_default();
        let opens = TagSet::of(&[Tag::Semicolon, Tag::Said, Tag::Colon]);
        let opened = near.iter().rposition(|item| item.tags.meets(opens));
        let clause = near.get(opened.map_or(0, |at| at + 1)..).unwrap_or_default();
        // "would need two years and cost a further 500,000 casualties"
        let wall = opens.with(TagSet::of(&[Tag::Comma, Tag::Count, Tag::Relative]));
        let further = self.items.get(first.saturating_sub(14)..first).unwrap_or_default().iter().rev();
        let further = further.take_while(|item| !item.tags.meets(wall));
        let joined = || further.clone().take(2).any(|item| item.has(Tag::And));
        // "the deaths that it could verify came to 127"
        let can = |at: usize| self.items.get(at + 1).is_some_and(|next| next.has(Tag::Names));
        let verifies = (from..to.min(self.items.len()))
            .any(|at| self.items.get(at).is_some_and(|item| item.has(Tag::Modal)) && can(at));
        let modal = |item: &Item<'_>| item.has(Tag::Modal) && !verifies;
        // "12 killed, 10 of whom nobody could identify, and 43 injured": a clause about others.
        let about = TagSet::of(&[Tag::Relative, Tag::OfThem]);
        let begun = from + opened.map_or(0, |at| at + 1);
        let aside = |at: usize| {
            let led = self.items.get((begun + at).saturating_sub(3)..begun + at).unwrap_or_default();
            let rest = clause.get(at..).unwrap_or_default();
            led.iter().any(|item| item.tags.meets(about)) && rest.iter().any(|item| item.has(Tag::Comma))
        };
        // "Going by what they could gather, 17 were killed": the comma before the figure closes another clause.
        let introduced = count.items.start == first
            && first.checked_sub(1).and_then(|comma| self.items.get(comma)).is_some_and(|item| item.has(Tag::Comma));
        let closed =
            |at: usize| introduced && begun + at < first && clause.get(at).is_some_and(|item| !item.has(Tag::Barrier));
        let told = || clause.iter().enumerate().any(|(at, item)| modal(item) && !aside(at) && !closed(at));
        // "forces will likely continue to take in excess of 1,000 casualties a day"
        let ahead =
            || further.clone().take(9).any(|item| modal(item) && item.tokens.len() == 1 && !item.has(Tag::Barrier));
        // "could expose 400,000 people, an institute has modelled, and kill 2,500": a verb that the modal one still governs.
        let bare = self.items.get(trigger).is_some_and(|item| item.has(Tag::Verb) && !item.has(Tag::Done));
        let governed = || {
            let and = trigger.checked_sub(1).and_then(|and| self.items.get(and)).is_some_and(|item| item.has(Tag::And));
            let before = self.items.get(..trigger).unwrap_or_default();
            let modal = before.iter().rposition(|item| item.has(Tag::Modal) && item.tokens.len() == 1);
            bare && and && modal.and_then(|at| before.get(at + 1)).is_some_and(|verb| verb.tags == Tag::Word.set())
        };
        if self.sentence.has(Tag::Modal) && governed() {
            return Err(Reason::Hypothetical);
        }
        if self.sentence.has(Tag::Modal) && (joined() && further.clone().any(modal) || told() || ahead()) {
            return Err(Reason::Hypothetical);
        }
        let negated = |at: usize| {
            let before = self.items.get(at.saturating_sub(3)..at).unwrap_or_default().iter().rev();
            // "The governor is not careful: 27,000 were killed"
            before
                .take_while(|item| !item.tags.meets(TagSet::of(&[Tag::Colon, Tag::Semicolon])))
                .any(|item| item.has(Tag::Negation))
        };
        // "denied that it had lost 139 soldiers"
        let denied = || {
            let clause = self.items.get(trigger.saturating_sub(6)..trigger).unwrap_or_default();
            clause.windows(2).any(|pair| matches!(pair, [no, that] if no.has(Tag::Negation) && that.has(Tag::Relative)))
        };
        // "no martyrs, 3 wounded"
        let listed = count
            .items
            .start
            .checked_sub(1)
            .and_then(|comma| self.items.get(comma))
            .is_some_and(|item| item.has(Tag::Comma));
        let beside =
            (!listed && negated(count.items.start)) || (negated(trigger) && !(listed && trigger == count.items.end));
        if self.sentence.has(Tag::Negation) && (beside || denied()) {
            return Err(Reason::Negated);
        }
        // "31 soldiers are held prisoner; two others came home in an exchange"
        let captured = tied.outcomes.contains(Outcome::Captured) && self.sentence.has(Tag::Exchange);
        if captured && self.is_exchanged(first, to) {
            return Err(Reason::Exchange);
        }
        // "has lost 214 employees to mobilisation"
        let stay = self.items.get(count.items.end).is_some_and(|item| item.has(Tag::Present));
        let leaves = self.items.get(trigger).is_some_and(|item| item.has(Tag::Lose));
        if stay && (leaves || tied.outcomes == Outcomes::only(Outcome::Casualties)) {
            return Err(Reason::NoHarm);
        }
        // "Two residents lost hope", "523,000 customers lost supply": whoever loses something is not lost.
        let lost = TagSet::of(&[Tag::Word, Tag::Thing, Tag::Own, Tag::Article, Tag::Count]);
        let loses = trigger >= count.items.end
            && self.items.get(trigger).is_some_and(|item| item.has(Tag::Lose))
            && self.items.get(trigger + 1).is_some_and(|item| item.tags.meets(lost));
        if loses && tied.outcomes == Outcomes::only(Outcome::Casualties) {
            return Err(Reason::NoHarm);
        }
        // "killed two compromises": the object of a verb that kills things as well.
        let object = trigger < count.items.start && self.items.get(trigger).is_some_and(|item| item.has(Tag::Verb));
        let bodily = tied.outcomes.contains(Outcome::Killed) || tied.outcomes.contains(Outcome::Wounded);
        if tied.doubtful && (object || !bodily) {
            return Err(Reason::Things);
        }
        // "vehicle losses have risen to 211"
        let thing = trigger.checked_sub(1).and_then(|at| self.items.get(at)).is_some_and(|item| item.has(Tag::Thing));
        let lost = tied.outcomes == Outcomes::only(Outcome::Casualties);
        if lost && thing && tied.trigger.is_some() && count.people.is_none() {
            return Err(Reason::Things);
        }
        if tied.outcomes == Outcomes::only(Outcome::Casualties) && count.head == Head::Unknown {
            return Err(Reason::Things);
        }
        Ok(())
    }
}
