//! Rates and shares: figures that count nobody.

use crate::extract::count::{Count, ordinal};
use crate::extract::pattern::OUTCOME;
use crate::extract::person::PRONOUN;
use crate::extract::scan::{Item, Sentence};
use crate::extract::tag::{Tag, TagSet};

/// Whether a figure belongs to a rate or a share instead of counting people.
pub(super) fn is_ratio(sentence: &Sentence<'_>, count: &Count) -> bool {
    // "one in six of them an officer"
    let led = sentence.items.get(count.items.start.saturating_sub(3)..count.items.start).unwrap_or_default();
    let of = led.iter().position(|item| item.has(Tag::Ratio)).and_then(|ratio| led.get(ratio + 1));
    let of_ratio = of.is_some_and(|of| of.tags.meets(TagSet::of(&[Tag::Of, Tag::OfThem])));
    // "78 per cent have a friend who was killed": one of each who was asked.
    let one = sentence.items.get(count.number).is_some_and(|item| item.has(Tag::One)) && count.items.len() <= 3;
    let asked = sentence.items.get(..count.items.start).unwrap_or_default().iter().any(|item| item.has(Tag::Percent));
    of_ratio
        || (one && asked && count.figure.bounds.midpoint() == 1)
        || is_fraction(sentence, count)
        || is_divided(sentence, count)
        || (sentence.has(Tag::Ratio) && is_rate(sentence, count))
        || is_share(sentence, count)
        || is_shared(sentence, count)
}

/// "of those, a third have not come home": a part, not a person; "a third man" is one.
fn is_fraction(sentence: &Sentence<'_>, count: &Count) -> bool {
    let inside = sentence.items.get(count.items.start..).unwrap_or_default();
    let before = sentence.items.get(..count.items.start).unwrap_or_default();
    let of_all = before.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Of, Tag::OfThem])));
    let verb = TagSet::of(&[Tag::Auxiliary, Tag::Be, Tag::Perfect, Tag::Of]).with(OUTCOME);
    of_all
        && count.people.is_none()
        && matches!(inside, [one, share, behind, ..] if one.has(Tag::One) && share.meaning(ordinal).is_some() && behind.tags.meets(verb))
}

/// "half of its 120 men", "two thirds of the company's 90 soldiers": so many are not the whole.
fn is_divided(sentence: &Sentence<'_>, count: &Count) -> bool {
    let before = sentence.items.get(..count.figure_items.start).unwrap_or_default();
    let whose = TagSet::of(&[Tag::Own, Tag::Article, Tag::Possessive, Tag::Body, Tag::Word, Tag::Of]);
    let inside = before.iter().rev().take(4).take_while(|item| item.tags.meets(whose)).count();
    let Some((share, rest)) = before.len().checked_sub(inside + 1).and_then(|at| before.get(at..)?.split_first())
    else {
        return false;
    };
    // "half of", or "thirds" and "of"
    share.has(Tag::Percent) && (share.tokens.len() > 1 || rest.first().is_some_and(|of| of.has(Tag::Of)))
}

/// "50,000 prisoners, of whom a fifth were killed": the share is of the outcome, not the whole.
fn is_shared(sentence: &Sentence<'_>, count: &Count) -> bool {
    let behind = sentence.items.get(count.items.end..).unwrap_or_default();
    let clause = behind.iter().position(|item| item.tags.meets(OUTCOME)).unwrap_or(behind.len());
    // "50,000 men, a fifth of whom are dead"
    let of_whom = |three: &[Item<'_>]| matches!(three, [one, share, of] if one.has(Tag::One) && share.meaning(ordinal).is_some() && of.has(Tag::OfThem));
    if behind.get(..clause).unwrap_or_default().windows(3).any(of_whom) {
        return true;
    }
    // "of the 60,000 who were told to leave, a third have not come home"
    let led = sentence.items.get(count.items.start.saturating_sub(2)..count.items.start).unwrap_or_default();
    let of_all = led.iter().any(|item| item.has(Tag::Of));
    let third =
        |pair: &[Item<'_>]| matches!(pair, [one, share] if one.has(Tag::One) && share.meaning(ordinal).is_some());
    if of_all && behind.get(..clause).unwrap_or_default().windows(2).any(third) {
        return true;
    }
    behind.get(..clause).unwrap_or_default().windows(3).any(|three| match three {
        [whole, one, share] => {
            whole.tags.meets(TagSet::of(&[Tag::OfThem, Tag::Relative]))
                && one.has(Tag::One)
                && share.meaning(ordinal).is_some()
        }
        _ => false,
    })
}

/// "three wounded for every soldier killed", not "ransoms have been demanded for each": with no other clause between.
fn is_rate(sentence: &Sentence<'_>, count: &Count) -> bool {
    let people = OUTCOME.with(TagSet::of(&[
        Tag::People,
        Tag::Count,
        Tag::Side,
        Tag::Nation,
        Tag::Forces,
        Tag::Word,
        Tag::Modifier,
    ]));
    // "70 men for every bridge", not "the notices of every cemetery, and counted 1,118"
    let thing = |at: usize, next: &Item<'_>| at >= count.items.end && next.has(Tag::Thing);
    let ends = |at: usize| sentence.items.get(at + 1).is_none_or(|next| !next.tags.meets(people) && !thing(at, next));
    let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Colon]);
    // "For every soldier killed, two are hurt."
    let apart = |at: usize| {
        let between = sentence.items.get(count.items.end..at.max(count.items.end)).unwrap_or_default();
        between.iter().any(|item| item.tags.meets(wall))
    };
    // "70 soldiers per square kilometre of ground": a phrase that holds its noun.
    let closing = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Of, Tag::On, Tag::And, Tag::Said]).with(PRONOUN);
    let whole = |at: usize| {
        let next = sentence.items.get(at + 1);
        at == count.items.end && next.is_none_or(|next| next.tags.is_empty() || next.tags.meets(closing))
    };
    sentence.items.iter().enumerate().any(|(at, item)| item.has(Tag::Ratio) && (whole(at) || !ends(at) && !apart(at)))
}

/// "4 in 10 Ukrainians have lost a friend": of people who were asked.
fn is_share(sentence: &Sentence<'_>, count: &Count) -> bool {
    // "seven victims in ten"
    let behind = sentence.items.get(count.items.end..).unwrap_or_default().iter().take(3);
    let noun = |item: &&Item<'_>| item.tags.meets(OUTCOME.with(TagSet::of(&[Tag::People, Tag::TheDead])));
    if behind.skip_while(noun).take(1).any(|item| item.has(Tag::Percent)) && count.figure.bounds.midpoint() < 10 {
        return true;
    }
    let number = |item: &Item<'_>| item.number().map(|number| number.value);
    sentence.items.get(..count.items.end).unwrap_or_default().windows(3).any(|three| match three {
        [few, word, all] => {
            word.has(Tag::In)
                && number(few) < number(all)
                && matches!(number(all), Some(5 | 10 | 100))
                && few.number().is_some()
        }
        _ => false,
    })
}
