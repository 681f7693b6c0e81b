//! Sentences about another war, another time, or deaths that no war caused.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use jiff::civil::Date;

use crate::extract::Reason;
use crate::extract::context::Names;
use crate::extract::link::outcome_of;
use crate::extract::meaning::Meaning;
use crate::extract::scan::{Item, Sentence};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::TimeExpression;
use crate::model::Outcome;

/// Why a whole sentence holds no claim.
pub(super) fn sentence(names: &Names, published: Option<Date>, sentence: &Sentence<'_>) -> Option<Reason> {
    let has = |tag: Tag| sentence.has(tag);
    if has(Tag::Furniture) {
        return Some(Reason::Furniture);
    }
    // "Rwanda" is another war only where it is not a side or a neighbour of this one.
    let other_war = |item: &Item<'_>| item.has(Tag::OtherWar) && !(names.is_world() && item.has(Tag::Country));
    if has(Tag::OtherWar) && sentence.items.iter().any(other_war) {
        return Some(Reason::OtherWar);
    }
    if is_war_of_another_country(names, sentence) {
        return Some(Reason::OtherWar);
    }
    if !sentence.has(Tag::Time) {
        return None;
    }
    // "In Horlivka, occupied since 2014, two civilians died on Sunday": a day tells which time it was.
    let dated = sentence.items.iter().filter_map(Item::time).any(TimeExpression::is_point);
    let since =
        |at: usize| at.checked_sub(1).is_some_and(|at| sentence.items.get(at).is_some_and(|item| item.has(Tag::Since)));
    // "a neighbour who has lived here since 1985": what somebody is known by.
    let relative = |at: usize| {
        let before = sentence.items.get(..at).unwrap_or_default().iter().rev().take(10);
        let mut clause = before.take_while(|item| !item.tags.meets(TagSet::of(&[Tag::Comma, Tag::Semicolon])));
        clause.any(|item| item.has(Tag::Relative))
    };
    let times = || {
        let timed = sentence.items.iter().enumerate().filter_map(|(at, item)| Some((at, item.time()?)));
        // "the highest toll of a single day since 1990": what it is compared with.
        let compared = |at: usize| {
            let before = sentence.items.get(at.saturating_sub(10)..at).unwrap_or_default();
            before.iter().any(|item| item.has(Tag::Superlative))
        };
        timed.filter(move |(at, _)| !(since(*at) && (dated || compared(*at) || relative(*at))))
    };
    // "since the army took power in 2021": a stretch that lasts.
    let lasts = |at: usize| {
        let before = sentence.items.get(..at).unwrap_or_default().iter().rev().take(8);
        let wall = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Count]);
        before.take_while(|item| !item.tags.meets(wall)).any(|item| item.has(Tag::Since))
    };
    let other_time = times().any(|(_, time)| match time {
        TimeExpression::Day { year, .. }
        | TimeExpression::Days { year, .. }
        | TimeExpression::Months { year, .. }
        | TimeExpression::Month { year, .. }
        | TimeExpression::Season { year, .. }
            if !year.is_given() =>
        {
            false
        }
        TimeExpression::Day { .. }
        | TimeExpression::Days { .. }
        | TimeExpression::Months { .. }
        | TimeExpression::Month { .. }
        | TimeExpression::Season { .. }
        | TimeExpression::Year(..)
        | TimeExpression::Years(..) => {
            published.and_then(|published| time.days(published)).is_some_and(|days| is_before(days.last, names))
        }
        _ => false,
    });
    let long_ago = times().any(|(at, time)| {
        let days = published.and_then(|published| time.days(published));
        let far = matches!(
            time,
            TimeExpression::Ago { .. }
                | TimeExpression::Year(..)
                | TimeExpression::Years(..)
                | TimeExpression::Unit { .. }
        );
        far && days.zip(published).is_some_and(|(days, published)| {
            is_before(days.last, names)
                || (names.is_world() && !lasts(at) && (published - days.last).get_days() > 1_000)
        })
    });
    if other_time || long_ago || is_war_of_another_year(names, published, sentence) {
        return Some(Reason::OtherWar);
    }
    None
}

/// "Colombia's own conflict has taken 450,000 lives": the war of a country that takes no part in this one.
fn is_war_of_another_country(names: &Names, sentence: &Sentence<'_>) -> bool {
    if names.is_world() || !(sentence.has(Tag::War) && sentence.has(Tag::Possessive)) {
        return false;
    }
    let row = |item: &Item<'_>| item.meaning(|m| if let Meaning::Party(_, row) = m { Some(row) } else { None });
    sentence.items.windows(4).any(|four| {
        let [country, owns, first, second] = four else { return false };
        let abroad = row(country).and_then(|row| names.party(row)).is_some_and(|party| !names.takes_part(party));
        // "its own", "civil", "long"
        let described = first.has(Tag::Own) || first.tags.meets(TagSet::of(&[Tag::Word, Tag::Modifier]));
        let war = first.has(Tag::War) || (described && second.has(Tag::War));
        country.has(Tag::Country) && owns.has(Tag::Possessive) && abroad && war
    })
}

/// "the war of 2020", "the 2006 war", in a year that is not this war's.
fn is_war_of_another_year(names: &Names, published: Option<Date>, sentence: &Sentence<'_>) -> bool {
    let items = &sentence.items;
    let names_war = |at: usize| items.get(at).is_some_and(|item| item.has(Tag::War));
    items.iter().enumerate().any(|(at, item)| {
        let Some(TimeExpression::Year(year, _)) = item.time() else { return false };
        let beside =
            names_war(at + 1) || (at >= 2 && names_war(at - 2) && items.get(at - 1).is_some_and(|of| of.has(Tag::Of)));
        let this = |start: Date| year >= start.year();
        beside && published.is_some_and(|published| year < published.year()) && !names.start.is_some_and(this)
    })
}

/// Whether a sentence after one about another war comes back to this one: somebody speaks, a side is named, or a day.
pub(super) fn returns(sentence: &Sentence<'_>) -> bool {
    let back = TagSet::of(&[Tag::Said, Tag::Names, Tag::Side, Tag::Nation, Tag::Forces, Tag::Claimant]);
    let dated =
        sentence.has(Tag::Time) && sentence.items.iter().any(|item| item.time().is_some_and(TimeExpression::is_point));
    // "That war, in which 1,200 Lebanese were killed": still the other one.
    let goes_on = matches!(sentence.items.as_slice(), [that, war, ..] if that.has(Tag::Article) && war.has(Tag::War));
    !goes_on && (dated || sentence.meets(back))
}

/// Where the clause begins that tells of another war: "15,000 have died, a toll similar to that in Afghanistan" speaks of
/// this war before it.
pub(super) fn other_war_from(sentence: &Sentence<'_>) -> usize {
    if !sentence.has(Tag::OtherWar) {
        return 0;
    }
    let Some(at) = sentence.items.iter().position(|item| item.has(Tag::OtherWar)) else { return 0 };
    let opens = TagSet::of(&[Tag::Comma, Tag::Semicolon, Tag::Dash]);
    let before = sentence.items.get(..at).unwrap_or_default();
    before.iter().rposition(|item| item.tags.meets(opens)).unwrap_or(0)
}

/// How many days before a war a date may lie without being of another one: what it began over lies as far back.
const DAYS_BEFORE: i32 = 21;

/// What people die of that no war did to them.
pub(super) const OTHER_CAUSE: TagSet = TagSet::of(&[Tag::OtherCause, Tag::Hunger]);

/// Whether a sentence tells of deaths that no war caused: it names such a cause, and no attack.
pub(super) fn other_cause(sentence: &Sentence<'_>) -> bool {
    sentence.meets(OTHER_CAUSE) && !returns_to_war(sentence)
}

/// Whether a sentence speaks of attacks or of a side's soldiers.
pub(super) fn returns_to_war(sentence: &Sentence<'_>) -> bool {
    let war = TagSet::of(&[Tag::Attack, Tag::Battle, Tag::Forces, Tag::Enemy, Tag::War]);
    // "sustained some 4,700 casualties": no accident has those.
    let losses =
        || sentence.items.iter().any(|item| item.has(Tag::Noun) && outcome_of(item) == Some(Outcome::Casualties));
    sentence.meets(war) && sentence.items.iter().any(|item| item.tags.meets(war) && !item.tags.meets(OTHER_CAUSE))
        || losses()
}

/// Whether a day lies before the war, so that a sentence that names it speaks of another one.
fn is_before(date: Date, names: &Names) -> bool {
    // Wars of neighbours begin within days of each other: one from "Oct. 7" counts its own from the 8th.
    names.start.is_some_and(|first| (first - date).get_days() > DAYS_BEFORE)
}
