//! Figures in pairs, whose outcomes alternate as those before them did, or are told behind both.

use crate::extract::count::{Count, Head, Part};
use crate::extract::link::{Before, Linked, Linker, PART};
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::share::share;
use crate::extract::tag::{Tag, TagSet};

impl Linker<'_, '_> {
    /// "36,000 Russian and 17,000 Ukrainian dead": the last one says what happened to all. With its place among the linked.
    pub(super) fn by_next(&self, at: usize, linked: &[Linked]) -> Option<(usize, Linked)> {
        let (count, next) = (self.counts.get(at)?, self.counts.get(at + 1)?);
        let place = linked.iter().position(|tied| tied.count == at + 1)?;
        // "Three Sikhs from the lanes and two children were among 13 civilians killed"
        let between = self.items.get(count.items.end..next.items.start)?;
        let people = count.head == Head::People && next.head == Head::People && count.items.start == 0;
        let inside = TagSet::of(&[
            Tag::From,
            Tag::In,
            Tag::Of,
            Tag::Article,
            Tag::Thing,
            Tag::Word,
            Tag::Place,
            Tag::Name,
            Tag::Settlement,
            Tag::By,
        ]);
        let of_both = linked.get(place).filter(|tied| tied.rule == PART && tied.trigger.is_none() && people);
        if let (Some(tied), Some((and, inner))) = (of_both, between.split_last())
            && and.has(Tag::And)
            && inner.iter().all(|item| item.tags.meets(inside))
        {
            return Some((place, share(at, count, tied.outcomes, None, PART)));
        }
        let tied = linked.get(place).filter(|tied| tied.trigger.is_some_and(|trigger| trigger >= next.items.end))?;
        let of_side = |count: &Count| matches!(count.party, Some((_, Tag::Side))) && count.people.is_none();
        // "seven rescuers were among the 25 injured"
        let among = |item: &Item<'_>| item.tags.meets(TagSet::of(&[Tag::Be, Tag::Among, Tag::Article]));
        if count.head == Head::People && between.iter().any(|item| item.has(Tag::Among)) && between.iter().all(among) {
            return Some((place, share(at, count, tied.outcomes, None, PART)));
        }
        // "four of the 13 killed were children"
        if count.part == Some(Part::OfFigure) && between.iter().all(|item| item.has(Tag::Of)) && count.people.is_some()
        {
            return Some((place, share(at, count, tied.outcomes, None, PART)));
        }
        let joined = between.iter().any(|item| item.has(Tag::And))
            && between.iter().all(|item| item.has(Tag::And) || item.is_hedge());
        (of_side(count) && of_side(next) && joined).then(|| (place, share(at, count, tied.outcomes, None, "pair")))
    }

    /// "put Russian losses at 180,000 dead or wounded and Ukraine's at 100,000": of what the other side's figure is.
    pub(super) fn of_other_side(&self, at: usize, count: &Count, linked: &[Linked]) -> Option<Linked> {
        let previous = linked.last().filter(|previous| previous.count + 1 == at && count.head == Head::Bare)?;
        let before = self.items.get(..count.items.start)?;
        let [.., and, side, owns, reach] = before else { return None };
        let named = TagSet::of(&[Tag::Country, Tag::Government, Tag::Nation, Tag::Side]);
        let joins = TagSet::of(&[Tag::And, Tag::Comma, Tag::Barrier, Tag::Semicolon]);
        let elided = and.tags.meets(joins)
            && side.tags.meets(named)
            && owns.has(Tag::Possessive)
            && reach.tags.meets(TagSet::of(&[Tag::Reach, Tag::In]));
        let tied = share(at, count, previous.outcomes, None, "listed");
        elided.then(|| Linked { lead: Some(before.len() - 3), ..tied })
    }

    /// "Bekaa had 3 dead and 11 injured, Baalbek 5 and 17": the outcomes alternate as before.
    pub(super) fn paired<'l>(&self, at: usize, count: &Count, linked: &'l [Linked]) -> Option<&'l Linked> {
        let two_back = linked.len().checked_sub(2).and_then(|two_back| linked.get(two_back))?;
        let one_back = linked.last().filter(|one_back| one_back.count + 1 == at)?;
        let joined = |first: usize, second: usize| match (self.counts.get(first), self.counts.get(second)) {
            (Some(first), Some(second)) => {
                let between = self.items.get(first.items.end..second.items.start).unwrap_or_default();
                first.head == Head::Bare && second.head == Head::Bare && between.iter().all(|item| item.has(Tag::And))
            }
            _ => false,
        };
        let opens = joined(at, at + 1);
        let closes = one_back.rule == "pair" && at.checked_sub(1).is_some_and(|before| joined(before, at));
        (count.head == Head::Bare && two_back.outcomes != one_back.outcomes && (opens || closes)).then_some(two_back)
    }

    /// "bringing the totals to 59,106 and 142,511", "the August figures were 208 and 1,019": two figures in the order of
    /// the two outcomes told before.
    pub(super) fn paired_before(&self, at: usize, count: &Count, linked: &[Linked], before: Before) -> Option<Linked> {
        let joined = |first: usize| {
            let (first, second) = (self.counts.get(first)?, self.counts.get(first + 1)?);
            let between = self.items.get(first.items.end..second.items.start)?;
            let bare = first.head == Head::Bare && second.head == Head::Bare;
            (bare && matches!(between, [and] if and.has(Tag::And))).then_some(first)
        };
        let told = match linked {
            [.., first, second] if first.outcomes != second.outcomes && first.rule != "pair" => {
                Some((first.outcomes, second.outcomes))
            }
            [] => before.pair,
            _ => None,
        };
        if let Some(first) = joined(at) {
            let (outcomes, _) = told.filter(|_| self.is_named_figure(first) && !self.is_followed(at + 1))?;
            return Some(Linked { from_before: linked.is_empty(), ..share(at, count, outcomes, None, "pair") });
        }
        // The second takes the outcome that the first has not.
        let first = linked.last().filter(|first| first.count + 1 == at && first.rule == "pair")?;
        joined(first.count)?;
        let earlier = linked.iter().rev().nth(1).map(|second| second.outcomes);
        let outcomes = earlier.or(before.pair.map(|(_, second)| second))?;
        Some(Linked { from_before: first.from_before, ..share(at, count, outcomes, None, "pair") })
    }

    /// Whether a count has an outcome word right behind it.
    fn is_followed(&self, at: usize) -> bool {
        let end = self.counts.get(at).map_or(0, |count| count.items.end);
        self.items.get(end).is_some_and(|item| item.tags.meets(OUTCOME))
    }
}
