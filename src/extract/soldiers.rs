//! Soldiers who are not called so: by the troop that they are of, by the word for the harm, or by what befalls nobody else.

use crate::extract::count::Count;
use crate::extract::link::Linked;
use crate::extract::meaning::Meaning;
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::{Item, Sentence};
use crate::extract::tag::{Tag, TagSet};

/// Whether an army stands where the noun of a figure might.
pub(super) fn is_of_forces(sentence: &Sentence<'_>, count: &Count, tied: &Linked) -> bool {
    let outside = |at: &usize| *at < count.items.start || *at >= count.items.end;
    let harm = tied.trigger.filter(outside);
    harm.is_some_and(|at| is_harm_of_forces(sentence, at) || is_number_of_forces(sentence, count, at))
        || numbers_forces(sentence, count)
        || sums_forces(sentence, count)
        || has_enemy(sentence, count)
}

/// "killed in action", "laid down their arms", "fell in combat": what befalls none but soldiers.
pub(super) fn fares_as_soldiers(sentence: &Sentence<'_>, tied: &Linked) -> bool {
    let Some(trigger) = tied.trigger else { return false };
    let soldierly = |item: &Item<'_>| item.meaning(|m| matches!(m, Meaning::Soldierly).then_some(())).is_some();
    let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said, Tag::And, Tag::By]);
    let behind = sentence.items.get(trigger..(trigger + 3).min(sentence.items.len())).unwrap_or_default();
    behind.iter().take_while(|item| !item.tags.meets(wall)).any(soldierly)
}

/// "Eight men of the 37th Brigade", "Of my company, twelve men", "their unit had lost 300": the troop whose men they are.
pub(super) fn is_of_troop(sentence: &Sentence<'_>, count: &Count, tied: &Linked) -> bool {
    let items = &sentence.items;
    let troop = |item: &Item<'_>| item.meaning(|m| matches!(m, Meaning::Troop).then_some(())).is_some();
    let of = TagSet::of(&[Tag::Of, Tag::From, Tag::In]);
    let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Said, Tag::And]).with(OUTCOME);
    // The words behind the number, which may be part of its phrase by now.
    let behind = items.get(count.figure_items.end..(count.items.end + 6).min(items.len())).unwrap_or_default();
    let mut phrase = behind.iter().take_while(|item| !item.tags.meets(wall));
    if phrase.any(|item| item.tags.meets(of)) && phrase.any(troop) {
        return true;
    }
    let before = items.get(..count.items.start).unwrap_or_default();
    let comma = usize::from(before.last().is_some_and(|item| item.has(Tag::Comma)));
    let before = before.get(..before.len() - comma).unwrap_or_default();
    let whose = TagSet::of(&[Tag::Own, Tag::We, Tag::Article, Tag::Its, Tag::Possessive, Tag::Word]);
    if let [.., led, own, unit] = before
        && troop(unit)
        && own.tags.meets(whose)
        && led.tags.meets(of)
    {
        return true;
    }
    let loses = TagSet::of(&[Tag::Lose, Tag::Have]);
    let last = before.iter().rposition(|item| !item.has(Tag::Auxiliary) || item.tags.meets(loses));
    let verb = last.filter(|at| before.get(*at).is_some_and(|item| item.tags.meets(loses)));
    let subject = verb.and_then(|verb| before.get(..verb)?.iter().rfind(|item| !item.has(Tag::Auxiliary)));
    subject.is_some_and(troop) && tied.trigger.is_some()
}

/// "Russian military fatalities", "deaths in the Russian army", "deaths of Russian soldiers".
fn is_harm_of_forces(sentence: &Sentence<'_>, noun: usize) -> bool {
    let is_noun = sentence.items.get(noun).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Noun, Tag::Toll])));
    let before = noun.checked_sub(1).and_then(|at| sentence.items.get(at)).is_some_and(|item| item.has(Tag::Forces));
    let behind = sentence.items.get(noun + 1..(noun + 4).min(sentence.items.len())).unwrap_or_default();
    let led = behind.first().is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::In, Tag::Of, Tag::Among])));
    is_noun && (before || led && behind.iter().any(|item| item.has(Tag::Forces)))
}

/// "the number of Russian soldiers killed is 25".
fn is_number_of_forces(sentence: &Sentence<'_>, count: &Count, harm: usize) -> bool {
    let Some(before) = sentence.items.get(harm.saturating_sub(5)..harm).filter(|_| harm < count.items.start) else {
        return false;
    };
    let number = before.iter().rposition(|item| item.has(Tag::NumberOf));
    number.and_then(|number| before.get(number..)).is_some_and(|phrase| phrase.iter().any(|item| item.has(Tag::Forces)))
}

/// "raise to 888 the number of Israeli troops killed", "bring to 723 the number of fallen Israeli troops".
fn numbers_forces(sentence: &Sentence<'_>, count: &Count) -> bool {
    let behind =
        sentence.items.get(count.items.end..(count.items.end + 6).min(sentence.items.len())).unwrap_or_default();
    let number = behind.iter().take(2).any(|item| item.has(Tag::NumberOf));
    let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::By, Tag::In]);
    number && behind.iter().take_while(|item| !item.tags.meets(wall)).any(|item| item.has(Tag::Forces))
}

/// "500,000 Ukrainian and Russian troops".
fn sums_forces(sentence: &Sentence<'_>, count: &Count) -> bool {
    let behind = sentence.items.get(count.figure_items.end..).unwrap_or_default();
    let joins = TagSet::of(&[Tag::Side, Tag::Country, Tag::And, Tag::Comma]);
    let sides = behind.iter().take(4).take_while(|item| item.tags.meets(joins) && !item.has(Tag::Forces)).count();
    sides > 1 && behind.get(sides).is_some_and(|item| item.has(Tag::Forces))
}

/// "The enemy left 41 dead", "the enemy has lost 120", "the army has 400 wounded".
fn has_enemy(sentence: &Sentence<'_>, count: &Count) -> bool {
    let before = sentence.items.get(..count.items.start).unwrap_or_default();
    let has = TagSet::of(&[Tag::Lose, Tag::Have, Tag::Leave]);
    let Some(verb) = before.iter().rposition(|item| !item.has(Tag::Auxiliary) || item.tags.meets(has)) else {
        return false;
    };
    let acts = before.get(verb).is_some_and(|item| item.tags.meets(has));
    let subject = before.get(..verb).and_then(|led| led.iter().rfind(|item| !item.has(Tag::Auxiliary)));
    acts && subject.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Enemy, Tag::Forces])))
}
