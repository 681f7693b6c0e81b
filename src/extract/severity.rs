//! Figures that tell how badly people of another figure are wounded, or how many of them are in hospital.

use crate::extract::count::{Count, Head, Part};
use crate::extract::link::{Linked, outcome_of};
use crate::extract::scan::Sentence;
use crate::extract::tag::{Tag, TagSet};
use crate::model::{Outcome, Outcomes};

/// Whether a figure of the wounded only tells more of those already counted; `told` is what happened to the people of the
/// sentence before.
pub(super) fn is_severity(sentence: &Sentence<'_>, count: &Count, tied: &Linked, told: Option<Outcomes>) -> bool {
    let behind =
        sentence.items.get(count.items.end..(count.items.end + 4).min(sentence.items.len())).unwrap_or_default();
    // "Eight were killed. Seven others were severely wounded": others are no part of those.
    let inside = sentence.items.get(count.items.clone()).unwrap_or_default();
    let others = inside.iter().any(|item| item.has(Tag::Others));
    // "151 were injured. The governor said 82 had been hospitalised": they are of those.
    let wounded = told.is_some_and(|told| told.contains(Outcome::Wounded)) && !others;
    let treated = tied.trigger.and_then(|at| sentence.items.get(at)).is_some_and(|item| item.has(Tag::Severity));
    // "Four were injured, one so badly that she lost a leg."
    let earlier = || {
        let earlier = sentence.items.get(..count.items.start).unwrap_or_default();
        earlier.iter().any(|item| outcome_of(item) == Some(Outcome::Wounded))
    };
    let wounded = || wounded || (count.head == Head::Bare && !others && earlier());
    // "A docker and a seaman are being treated for burns": told of each for the first time.
    let one = count.head == Head::People
        && sentence.items.get(count.number).is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::One, Tag::Another])));
    if treated && !one && wounded() {
        return true;
    }
    // "376,000 of the injuries were severe"
    let verdict = tied.trigger.filter(|at| *at >= count.items.end && count.head == Head::Bare);
    let verdict = verdict.and_then(|at| sentence.items.get(at + 1..at + 3)).unwrap_or_default();
    let severe = matches!(verdict, [be, severe] if be.has(Tag::Be) && severe.has(Tag::Severity));
    if severe {
        return true;
    }
    // "which treats 11 of the injured in a tent"
    let treats = count.items.start.checked_sub(1).and_then(|at| sentence.items.get(at));
    let treats = treats.is_some_and(|item| item.has(Tag::Severity)) && count.part == Some(Part::OfDead);
    if treats {
        return true;
    }
    let part = (tied.antecedent.is_some() || count.part.is_some() || tied.from_before) && !others;
    // "Two of the injured, a boy and his sister, were in intensive care."
    let of_them = count.part == Some(Part::OfDead);
    let behind = if of_them { sentence.items.get(count.items.end..).unwrap_or_default() } else { behind };
    // "Four of the injured were children, he wrote, and 15 were in hospital": not what is told of others.
    let others = behind.iter().position(|item| item.has(Tag::Said) || item.has(Tag::Semicolon));
    let behind = behind.get(..others.unwrap_or(behind.len())).unwrap_or_default();
    // "Five others, among them two soldiers, were taken to hospital": all five were.
    let closed = matches!(behind, [comma, be, ..] if comma.has(Tag::Comma) && be.has(Tag::Auxiliary));
    let behind = if closed && count.people.is_some() { &[] } else { behind };
    part && behind.iter().any(|item| item.has(Tag::Severity))
}
