//! Which of the places of a sentence a count is tied to.

use crate::extract::agent::strikes;
use crate::extract::pattern::OUTCOME;
use crate::extract::place::Spot;
use crate::extract::scan::Sentence;
use crate::extract::tag::{Tag, TagSet};

/// How much farther a place is that belongs to the figure before.
const CROSSING: usize = 12;

/// The place that a count at these items is tied to.
pub(super) fn nearest<'s>(
    sentence: &Sentence<'_>,
    spots: &'s [Spot],
    count: usize,
    speaking: Option<&std::ops::Range<usize>>,
) -> Option<&'s Spot> {
    let speaks = |at: usize| speaking.is_some_and(|subject| subject.contains(&at));
    let led = |at: usize| {
        let before = sentence.items.get(at.saturating_sub(4)..at).unwrap_or_default();
        before.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::In, Tag::Preposition, Tag::Of, Tag::From, Tag::On])))
    };
    let wall = |from: usize, to: usize| {
        sentence.items.get(from.min(to)..from.max(to)).unwrap_or_default().iter().any(|item| item.has(Tag::Semicolon))
    };
    let acts = |at: usize| {
        (at.saturating_sub(2)..at).any(|before| sentence.items.get(before).is_some_and(|item| item.has(Tag::By)))
    };
    let heard = |at: usize| {
        let before = sentence.items.get(at.saturating_sub(4)..at).unwrap_or_default();
        before.iter().any(|item| item.has(Tag::Told)) && before.last().is_some_and(|item| item.has(Tag::In))
    };
    // "In the Sumy region, which borders Kursk,"
    let aside = |at: usize| {
        let before = sentence.items.get(at.saturating_sub(4)..at).unwrap_or_default();
        let opens = before
            .windows(2)
            .any(|pair| matches!(pair, [one, other] if one.has(Tag::Comma) && other.has(Tag::Relative)));
        opens && sentence.items.get(at + 1).is_some_and(|next| next.has(Tag::Comma))
    };
    // "71 were dragged off to Gaza": where they went.
    let led_to = |at: usize| {
        at.checked_sub(1)
            .and_then(|to| sentence.items.get(to))
            .is_some_and(|item| item.has(Tag::To) && !item.has(Tag::In))
    };
    // "when Russia launched missiles": a country that attacks is not where it happened.
    let attacks = |spot: &Spot| spot.name.is_none() && strikes(&sentence.items, spot.at);
    // "said in Kyiv that 31,000 soldiers had been killed": where somebody speaks nobody died.
    let speaks_there = |spot: &Spot| {
        let has = |back: usize, tag: Tag| {
            spot.at.checked_sub(back).and_then(|at| sentence.items.get(at)).is_some_and(|item| item.has(tag))
        };
        has(1, Tag::In) && has(2, Tag::Said) && spot.at < count
    };
    // "Nine died in the city, seven of them in one stairwell in the Solomianskyi district": where some of them died.
    let of_part = |at: usize| {
        let between = sentence.items.get(count + 1..at).unwrap_or_default();
        let opens = TagSet::of(&[Tag::OfThem, Tag::Including]);
        // Not "33 of them in Kyiv", of the figure itself.
        let part = between.iter().rposition(|item| item.tags.meets(opens) && !item.is_with()).filter(|part| *part > 0);
        // "15 people, ten of them gold miners, were killed in Odesa": the comma closes what was put in.
        let part = part.and_then(|part| between.get(part..)).unwrap_or_default();
        let ends = OUTCOME.with(TagSet::of(&[Tag::Comma, Tag::And]));
        !part.is_empty() && !part.iter().any(|item| item.tags.meets(ends))
    };
    let fit = spots.iter().filter(|spot| !spot.qualifies && !aside(spot.at) && !attacks(spot) && !speaks_there(spot));
    let fit = fit.filter(|spot| !of_part(spot.at));
    let fit =
        fit.filter(|spot| !spot.dateline && !speaks(spot.at) && !acts(spot.at) && !heard(spot.at) && !led_to(spot.at));
    let fit = fit.filter(|spot| {
        let speaks_as_government =
            sentence.items.get(spot.at).is_some_and(|item| item.has(Tag::Government)) && !led(spot.at);
        !speaks_as_government && !wall(spot.at, count)
    });
    // "killed two in Kherson and wounded three in Nikopol": what stands before "and" is the first one's.
    let joins = TagSet::of(&[Tag::And, Tag::Comma]);
    let crosses = |at: usize| {
        let between = sentence.items.get(at + 1..count).unwrap_or_default();
        let counted =
            sentence.items.get(..at).unwrap_or_default().iter().any(|item| item.has(Tag::Count) || item.has(Tag::One));
        counted && between.iter().any(|item| item.tags.meets(joins))
    };
    // "In the region two people were killed in Nikopol": nothing stands between what happened and where.
    let verb = OUTCOME.with(TagSet::of(&[Tag::Auxiliary, Tag::Be, Tag::People]));
    let inside = TagSet::of(&[Tag::Article, Tag::Settlement, Tag::Direction, Tag::Of, Tag::In]);
    let tied = |at: usize| {
        let between = sentence.items.get(count + 1..at).unwrap_or_default();
        let led = between.iter().position(|item| item.has(Tag::In) && !item.tags.meets(verb));
        led.is_some_and(|led| {
            between.iter().take(led).all(|item| item.tags.meets(verb))
                && between.iter().skip(led).all(|item| item.tags.meets(inside))
        })
    };
    fit.min_by_key(|spot| {
        if spot.name.is_some() && tied(spot.at) {
            return 0;
        }
        // A place before the figure frames it; one behind it may already belong to the next clause.
        let distance = spot.at.abs_diff(count) * if spot.at < count { 2 } else { 3 };
        let distance = distance + if spot.at < count && crosses(spot.at) { CROSSING } else { 0 };
        // A country says less than a place in it, unless it stands much closer.
        distance + if spot.name.is_none() { 8 } else { 0 }
    })
}
