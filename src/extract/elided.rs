//! Sentences that leave out what happened, because the one before them said it.

use crate::extract::count::{Count, Head, Part};
use crate::extract::link::{Before, Linked, Linker, PART};
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::share::{from_before, share};
use crate::extract::tag::{Tag, TagSet};
use crate::model::Outcomes;

impl Linker<'_, '_> {
    /// A figure with the outcome of an earlier sentence, which its own sentence does not repeat.
    pub(super) fn elided(&self, at: usize, count: &Count, linked: &[Linked], before: Before) -> Option<Linked> {
        // "Three were children and seven were women, the minister said, adding that 68 people had been wounded."
        let goes_on = count.head == Head::Bare && self.goes_on(at, count, linked);
        if let Some(previous) = linked.last().filter(|_| goes_on) {
            return Some(from_before(at, count, previous.outcomes, PART));
        }
        if count.head != Head::Bare || self.items.iter().any(|item| item.tags.meets(OUTCOME)) {
            return None;
        }
        if at > 0 && !self.counts.get(..at)?.iter().all(|other| matches!(other.head, Head::Odd(_))) {
            return None;
        }
        if self.corrects(count) {
            let outcomes = self
                .told(at + 1, before)
                .or_else(|| before.recent.iter().flatten().map(|recent| recent.outcomes).next());
            return outcomes.map(|outcomes| from_before(at, count, outcomes, "same-as-before"));
        }
        let outcomes = before.outcomes?;
        self.owned(count).then(|| from_before(at, count, outcomes, "same-as-before"))
    }

    /// "640 of those on it were prisoners; 211 had been mobilised": the next part behind a semicolon.
    fn goes_on(&self, at: usize, count: &Count, linked: &[Linked]) -> bool {
        let part = linked.last().is_some_and(|previous| {
            let whole = self.counts.get(previous.count);
            let is_part = previous.rule == PART && previous.from_before;
            is_part && previous.count + 1 == at && whole.is_some_and(|whole| whole.part == Some(Part::OfFigure))
        });
        let opened = count.items.start.checked_sub(1).and_then(|before| self.items.get(before));
        let verb = self.items.get(count.items.end).is_some_and(|next| next.has(Tag::Auxiliary));
        part && verb && opened.is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::Semicolon, Tag::Comma, Tag::And])))
    }

    /// "Nine now, up from six", "Nine, not 11, says Civil Defence": a figure that takes the place of an earlier one.
    fn corrects(&self, count: &Count) -> bool {
        let now = usize::from(self.items.get(count.items.end).is_some_and(is_now));
        let behind = self.items.get(count.items.end + now..).unwrap_or_default();
        let [comma, up, next, ..] = behind else { return false };
        let number = |item: &Item<'_>| item.has(Tag::Count) || item.is_hedge();
        let from = up.tags.meets(TagSet::of(&[Tag::Raised])) && up.tokens.len() > 1;
        count.items.start == 0 && comma.has(Tag::Comma) && (from || up.has(Tag::Negation)) && number(next)
    }

    /// What the article told of the figure that another count repeats: "nine, not 11", "four of the 13".
    pub(super) fn told(&self, repeated: usize, before: Before) -> Option<Outcomes> {
        let figure = self.counts.get(repeated)?.figure.bounds.midpoint();
        before.recent.iter().flatten().find(|recent| recent.figure == figure).map(|recent| recent.outcomes)
    }

    /// "The city counts 52. The region's stood at 63": a figure whose noun is left out behind its owner.
    fn owned(&self, count: &Count) -> bool {
        let led = self.items.get(..count.items.start).unwrap_or_default();
        let reach = led.iter().rposition(|item| item.has(Tag::Reach));
        let owner = reach.and_then(|reach| reach.checked_sub(1)).and_then(|owner| led.get(owner));
        reach.is_some_and(|reach| reach + 1 == led.len()) && owner.is_some_and(|item| item.has(Tag::Possessive))
    }

    /// "Nine were killed in Rafah, and four near a second site in Khan Younis": a bare figure with a place of its own.
    pub(super) fn elsewhere(&self, at: usize, count: &Count, linked: &[Linked]) -> Option<Linked> {
        let previous = linked.last().filter(|previous| previous.count + 1 == at && previous.trigger.is_some())?;
        let first = self.counts.get(previous.count)?;
        let between = self.items.get(previous.end(first)..count.items.start)?;
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Said, Tag::Barrier, Tag::Relative]);
        let situates = |items: &[Item<'_>]| {
            let led = items.first().is_some_and(|item| item.has(Tag::In));
            let place = TagSet::of(&[Tag::Place, Tag::Name]);
            led && items
                .iter()
                .skip(1)
                .take(7)
                .take_while(|item| !item.has(Tag::Comma))
                .any(|item| item.tags.meets(place))
        };
        let situated = between.iter().position(|item| item.has(Tag::In)).and_then(|at| between.get(at..));
        let joined = between.last().is_some_and(|item| item.tags.meets(TagSet::of(&[Tag::And, Tag::Comma])));
        let open = !between.iter().any(|item| item.tags.meets(wall));
        let behind = self.items.get(count.items.end..).unwrap_or_default();
        (count.head == Head::Bare && joined && open && situated.is_some_and(situates) && situates(behind))
            .then(|| share(at, count, previous.outcomes, None, "gapped"))
    }

    /// "48 women were among the dead, and 19 children": people behind "and" whom the same befell.
    pub(super) fn gapped(&self, at: usize, count: &Count, linked: &[Linked]) -> Option<Linked> {
        let previous = linked.last().filter(|previous| previous.count + 1 == at)?;
        let first = self.counts.get(previous.count)?;
        let trigger = previous.trigger.filter(|trigger| *trigger >= first.items.end && *trigger < count.items.start)?;
        let between = self.items.get(trigger + 1..count.items.start)?;
        let where_and_when = TagSet::of(&[Tag::In, Tag::On, Tag::Place, Tag::Time, Tag::Comma]);
        // "killed on our side of the fence and ten soldiers"
        let where_and_when = where_and_when.with(TagSet::of(&[
            Tag::Of,
            Tag::Own,
            Tag::We,
            Tag::Article,
            Tag::Body,
            Tag::Thing,
            Tag::Settlement,
        ]));
        let joined = between.split_last().is_some_and(|(and, between)| {
            and.has(Tag::And) && between.iter().all(|item| item.tags.meets(where_and_when))
        });
        // "died, along with two officers of the army"
        let together = between.last().is_some_and(|and| and.tokens.len() > 1);
        let ends = together
            || self.items.get(count.items.end).is_none_or(|next| next.tags.is_empty() || next.has(Tag::Semicolon))
            || (self.items.get(count.items.end).is_some_and(|next| next.has(Tag::Comma))
                && self.items.get(count.items.end + 1).is_some_and(|next| next.has(Tag::Barrier)));
        let people = first.head == Head::People && count.head == Head::People && count.part.is_none();
        (joined && ends && people).then(|| share(at, count, previous.outcomes, None, "gapped"))
    }
}

/// "now", "so far".
fn is_now(item: &Item<'_>) -> bool {
    item.tags.meets(TagSet::of(&[Tag::SoFar, Tag::Auxiliary])) && !item.has(Tag::Be)
}
