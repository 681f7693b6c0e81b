//! How exact a number is: the hedges before and behind it, ranges, and figures that replace others.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use crate::extract::count::Builder;
use crate::extract::meaning::Meaning;
use crate::extract::number::Numeral;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::vocabulary::HedgeKind;
use crate::model::{Bounds, Figure};

impl Builder<'_, '_> {
    fn hedge(&self, at: usize) -> Option<HedgeKind> {
        self.get(at)?.meaning(|meaning| if let Meaning::Hedge(kind) = meaning { Some(kind) } else { None })
    }

    pub(super) fn hedge_after(&self, at: usize) -> Option<HedgeKind> {
        self.get(at)?.meaning(|meaning| match meaning {
            Meaning::HedgeAfter(kind) => Some(kind),
            Meaning::Plus => Some(HedgeKind::AtLeast),
            _ => None,
        })
    }

    /// Hedges before a number, and where its words begin.
    pub(super) fn before(&self, at: usize) -> (Option<HedgeKind>, bool, usize) {
        // "each side had had \"well over\" 100,000 killed": the hedge alone is quoted.
        let quoted = at.checked_sub(2).filter(|hedge| self.has(at - 1, Tag::QuoteMark) && self.hedge(*hedge).is_some());
        if let Some(inner) = quoted.filter(|_| at.checked_sub(3).is_some_and(|open| self.has(open, Tag::QuoteMark))) {
            let kind = self.hedge(inner);
            let bound = kind.filter(|kind| matches!(kind, HedgeKind::AtLeast | HedgeKind::AtMost));
            return (bound, kind == Some(HedgeKind::About), at);
        }
        let (mut hedge, mut approx, mut start) = (None, false, at);
        while let Some(previous) = start.checked_sub(1) {
            let kind = self.hedge(previous);
            if self.has(previous, Tag::Reach) {
                // "passed 163,000" is a bound, but the verb also says where a toll stands.
                hedge = hedge.or(kind.filter(|kind| matches!(kind, HedgeKind::AtLeast | HedgeKind::AtMost)));
                break;
            }
            // "which is above the 20,178 deaths on record": the figure that another is compared with is as it stands.
            let compared = kind == Some(HedgeKind::AtLeast) && start + 1 == at && self.has(start, Tag::Article);
            if compared && self.hedge_after(at + 1).is_none() {
                break;
            }
            match kind {
                Some(HedgeKind::About) => approx = true,
                Some(HedgeKind::Exactly) => {}
                Some(kind) => hedge = hedge.or(Some(kind)),
                None if self.has(previous, Tag::Another) => {}
                None if self.has(previous, Tag::Between) || self.ranges_from(previous) => {}
                None if start < at && (self.has(previous, Tag::Article) || self.has(previous, Tag::One)) => {}
                None => break,
            }
            start = previous;
        }
        (hedge, approx, start)
    }

    /// "estimates range from 20,000 to 150,000", unlike "rose from 63 to 89".
    fn ranges_from(&self, at: usize) -> bool {
        let verb = at.checked_sub(1).and_then(|before| self.get(before));
        self.has(at, Tag::From) && verb.is_some_and(|verb| verb.has(Tag::Reach) && !verb.has(Tag::Raised))
    }

    /// Hedges behind a number ("or more", "-plus", "+"), and where its words end.
    pub(super) fn after(&self, end: usize) -> (Option<HedgeKind>, usize) {
        for skipped in [0, 1] {
            if skipped == 1 && !self.has(end, Tag::Dash) {
                break;
            }
            if let Some(kind) = self.hedge_after(end + skipped) {
                return (Some(kind), end + skipped + 1);
            }
        }
        let plus = self
            .get(end)
            .and_then(|item| self.scan.token(item.tokens.start))
            .is_some_and(|token| token.is('+') && token.glued);
        if plus { (Some(HedgeKind::AtLeast), end + 1) } else { (None, end) }
    }

    /// "7,000 to 15,000", "between 35 and 40": where the second number stands.
    pub(super) fn range(&self, at: usize, start: usize) -> Option<(usize, Numeral)> {
        let joiner = self.get(at + 1)?;
        let between = (start..at).any(|before| self.has(before, Tag::Between) || self.has(before, Tag::From));
        let joins = joiner.has(Tag::RangeTo)
            || (between && joiner.has(Tag::And))
            || (joiner.has(Tag::Dash) && self.tight(at + 1));
        let mut second = at + 2;
        while self.hedge(second).is_some() {
            second += 1;
        }
        let numeral = self.get(second)?.number().filter(|numeral| numeral.odd.is_none() && !numeral.vague)?;
        let first = self.get(at)?.number().filter(|first| first.odd.is_none())?;
        // "had passed a million – 1,000,340, if you want it to the man"
        let spelled = joiner.has(Tag::Dash) && first.digits != numeral.digits;
        let is_range = joins && !spelled && (first.value < numeral.value || between || self.raises(start));
        is_range.then_some((second, numeral))
    }

    /// "15-20", "15 – 20", not "in 2022 — 15".
    fn tight(&self, dash: usize) -> bool {
        let item = self.get(dash).and_then(|item| self.scan.token(item.tokens.start));
        let next = self.get(dash + 1).and_then(|item| self.scan.token(item.tokens.start));
        item.zip(next).is_some_and(|(dash, next)| dash.glued == next.glued)
    }

    /// Whether the words before say that a figure was replaced: "rose from", "raised from".
    pub(super) fn raises(&self, start: usize) -> bool {
        let Some(from) = start.checked_sub(1).filter(|from| self.has(*from, Tag::From)) else { return false };
        // "It is reported that from 14,000 to 21,000 were wounded"
        let opens = TagSet::of(&[Tag::Relative, Tag::Barrier]);
        if from.checked_sub(1).and_then(|that| self.get(that)).is_some_and(|that| that.tags.meets(opens)) {
            return false;
        }
        let near = |reach: usize, tag: Tag| (from.saturating_sub(reach)..=from).any(|at| self.has(at, tag));
        near(14, Tag::Reach) || near(14, Tag::Raised) || (near(24, Tag::Raised) && near(24, Tag::NumberOf))
    }

    pub(super) fn is_money(&self, start: usize, end: usize) -> bool {
        start.checked_sub(1).is_some_and(|before| self.has(before, Tag::Money)) || self.has(end, Tag::Money)
    }
}

/// A number with its hedges as a figure.
pub(super) fn figure(numeral: Numeral, other: Option<Numeral>, hedge: Option<HedgeKind>, approx: bool) -> Figure {
    let value = numeral.value;
    let bounds = match (other, hedge) {
        (Some(first), _) => {
            // "30 to 40 thousand": the multiplier belongs to both ends, but not in "between a hundred and two hundred".
            let multiplied = first.value.saturating_mul(numeral.multiplier);
            let shared = first.multiplier == 1 && first.value < 1000 && multiplied <= numeral.value;
            // "20 to 25,000"
            let thousands = first.value.saturating_mul(1000);
            let rounded = first.multiplier == 1 && numeral.digits && value.is_multiple_of(1000);
            let rounded = rounded && thousands < value && value <= thousands.saturating_mul(4);
            let low = match (shared && numeral.multiplier > 1, rounded) {
                (true, _) => multiplied,
                (false, true) => thousands,
                (false, false) => first.value,
            };
            Bounds::between(low, value)
        }
        (None, Some(HedgeKind::AtLeast)) => Bounds::AtLeast(value),
        (None, Some(HedgeKind::AtMost)) => Bounds::AtMost(value),
        (None, Some(HedgeKind::About | HedgeKind::Exactly) | None) if numeral.open => Bounds::AtLeast(value),
        (None, Some(HedgeKind::About | HedgeKind::Exactly) | None) => Bounds::Exact(value),
    };
    let round_word = numeral.vague && !numeral.open;
    Figure { bounds, approx: approx || (round_word && bounds == Bounds::Exact(value)), vague: numeral.vague }
}
