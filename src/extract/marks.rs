//! Marks between a number and its noun, which describe nothing: quotation marks, dashes.

use crate::extract::count::{Builder, Count, Part, ordinal};
use crate::extract::tag::Tag;

impl Builder<'_, '_> {
    /// What may stand between a number and its noun without describing it: quotation marks, a dash, "a" behind "one".
    pub(super) fn over_mark(&self, count: &mut Count, at: usize, from: usize) -> Option<usize> {
        let item = self.get(at)?;
        // "left three dead, one a child"
        let comma = count.items.start.checked_sub(1).is_some_and(|comma| self.has(comma, Tag::Comma));
        if at == from && comma && item.has(Tag::One) && item.number().is_none() && self.is_one_person(at + 1) {
            count.part = Some(Part::OfFigure);
            return Some(at + 1);
        }
        // "a ninth member of the team"
        if at == from && item.meaning(ordinal).is_some() && self.has(count.number, Tag::One) {
            return Some(at + 1);
        }
        // "95,000 — Russian soldiers whose deaths": a line that begins with its number.
        if item.has(Tag::Dash) && at == from && count.items.start == 0 {
            return Some(at + 1);
        }
        item.tags.meets(Tag::QuoteMark.set()).then_some(())?;
        // 50 Ukrainian "militants"
        let noun = count.party.is_some() && at <= from + 2 && self.has(at + 2, Tag::QuoteMark);
        let noun = noun && self.has(at + 1, Tag::People);
        if noun || (at == from && (self.opens_quoted(count) || self.quotes_noun(at))) {
            return Some(at + 1);
        }
        // at least one "Israeli" soldier: some outlets set off a side that they do not own to.
        let side = self.get(at + 1).filter(|side| side.has(Tag::Side) && self.has(at + 2, Tag::QuoteMark))?;
        Self::note_side(count, side);
        Some(at + 3)
    }

    /// 30 "rebels", 50 "Ukrainian terrorists": the noun alone is quoted.
    fn quotes_noun(&self, quote: usize) -> bool {
        let closes = |at: usize| (at + 1..at + 5).any(|at| self.has(at, Tag::QuoteMark));
        let quoted = |at: usize| self.has(at, Tag::People) && closes(at);
        quoted(quote + 1) || quoted(quote + 2)
    }

    /// "more than 2,870" Ukrainian soldiers: the figure alone is quoted.
    fn opens_quoted(&self, count: &Count) -> bool {
        count.items.start.checked_sub(1).is_some_and(|before| self.has(before, Tag::QuoteMark))
    }
}
