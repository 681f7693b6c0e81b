//! Stretches that a sentence bounds: "in the past day", "in 2025", "1,200 a day", "from 27 September to 3 October".

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use jiff::ToSpan;
use jiff::civil::Date;

use crate::extract::dated::{Dated, Question};
use crate::extract::language::TimeUnit;
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::{Days, TimeExpression, back};
use crate::model::{Outcome, Scope};

/// How many days make a stretch one of years.
const YEARS: i32 = 400;

impl Question<'_, '_> {
    /// "in the week from 27 September to 3 October": two days with nothing but "to" between them.
    fn between_days(&self, times: &[Dated]) -> Option<Days> {
        let day = |dated: &Dated| dated.time.is_point().then_some(dated.days).flatten();
        times.windows(2).find_map(|pair| {
            let [one, other] = pair else { return None };
            let (first, last) = (day(one)?, day(other)?);
            let between = self.items().get(one.at + 1..other.at)?;
            let joins = TagSet::of(&[Tag::RangeTo, Tag::To, Tag::And, Tag::Dash, Tag::AsOf]);
            let joined = between.len() <= 2 && !between.is_empty() && between.iter().all(|item| item.tags.meets(joins));
            (joined && first.first < last.last).then_some(Days { first: first.first, last: last.last, give: 0 })
        })
    }

    /// A stretch that the sentence bounds: "in the past day", "in 2025", "a day".
    pub(super) fn period(&self, times: &[Dated]) -> Option<(Days, bool)> {
        let published = self.published?;
        if let Some(days) = self.between_days(times) {
            return Some((days, true));
        }
        let near = |dated: &&Dated| self.is_near(dated) && !self.is_of_place(dated, times);
        // "by the end of 2024" dates a total, and "has not been revised since September" says how old it is.
        let unrevised = |at: usize| {
            let before = self.items().get(..at).unwrap_or_default();
            before.iter().any(|item| item.has(Tag::Negation))
        };
        let from = self.count.items.start.saturating_sub(1);
        let reached = self.items().get(from..self.count.items.end).unwrap_or_default();
        let reached =
            reached.iter().any(|item| item.has(Tag::Reach) && !item.tags.meets(TagSet::of(&[Tag::Be, Tag::Of])));
        let totals = |dated: &&Dated| {
            // "passed 163,000 this month" says when, not over which stretch.
            let when = reached && dated.at > self.count.items.end && !self.led_by(dated.at, Tag::Last);
            let dates = matches!(
                dated.time,
                TimeExpression::Year(..)
                    | TimeExpression::Month { .. }
                    | TimeExpression::Unit { .. }
                    | TimeExpression::Season { .. }
            );
            dates && when && !matches!(dated.time, TimeExpression::Year(..))
                || dates
                    && (self.led_by(dated.at, Tag::AsOf) && !self.led_by(dated.at, Tag::By)
                        || Self::is_end(dated.time)
                        || unrevised(dated.at) && self.led_by(dated.at, Tag::Since))
        };
        let said = self.said_at(times).map(|dated| dated.at);
        let of_saying = |dated: &&Dated| {
            let vague = matches!(
                dated.time,
                TimeExpression::Month { .. } | TimeExpression::Unit { .. } | TimeExpression::Season { .. }
            );
            let before_verb =
                self.saying.is_some_and(|saying| dated.at < saying.at && saying.at < self.count.items.start);
            vague && Some(dated.at) == said && (before_verb || !self.harmed_before(dated.at, self.count.items.start))
        };
        if let Some(days) = self.up_to_day(times) {
            return Some((days, true));
        }
        for dated in times.iter().filter(near).filter(|dated| !of_saying(dated) && !totals(dated)) {
            // "on Monday alone", "last month alone"
            if self.has(Some(dated.at + 1), Tag::Alone) {
                return dated.days.map(|days| (days, true));
            }
            match dated.time {
                TimeExpression::Same(unit) if unit != TimeUnit::Hour => {
                    if let Some(days) = self.same(dated.at, unit, published) {
                        return Some((days, true));
                    }
                }
                TimeExpression::Length { count, unit } if self.is_in(dated.at) => {
                    let short = matches!(unit, TimeUnit::Day | TimeUnit::Week | TimeUnit::Month) && count <= 60;
                    if short && !self.attacked() {
                        let first = back(published, count, unit)?;
                        return Some((Days { first, last: published, give: 1 }, true));
                    }
                }
                // "within the hour" bounds nothing.
                TimeExpression::Past { .. } if dated.days.is_none() => {}
                TimeExpression::Past { .. }
                | TimeExpression::Days { .. }
                | TimeExpression::Months { .. }
                | TimeExpression::Years(..) => {
                    return dated.days.map(|days| (days, true));
                }
                TimeExpression::Rate(unit)
                    if dated.at >= self.count.items.start && dated.at <= self.count.items.end + 5 =>
                {
                    return Some((Self::rate(times, unit, published), true));
                }
                TimeExpression::Year(..) | TimeExpression::Month { .. } | TimeExpression::Season { .. }
                    if self.led_by(dated.at, Tag::Since) =>
                {
                    let days = dated.days?;
                    // Nobody counts for years since anything but the beginning of a war.
                    let long = self.names.is_world() && (published - days.first).get_days() > YEARS;
                    return Some((Days { first: days.first, last: published, give: days.give }, !long));
                }
                TimeExpression::Year(..) => return dated.days.map(|days| (days, true)),
                TimeExpression::Season { .. } if !self.attacked() => return dated.days.map(|days| (days, true)),
                TimeExpression::Month { .. } if self.is_over_month(dated.at) => {
                    return dated.days.map(|days| (days, true));
                }
                TimeExpression::Unit { unit: TimeUnit::Year, .. }
                | TimeExpression::Unit { unit: TimeUnit::Week | TimeUnit::Month, back: 0, .. }
                    if !self.is_of_saying(dated.at) =>
                {
                    return dated.days.map(|days| (days, true));
                }
                _ => {}
            }
        }
        let since =
            times.iter().filter(near).find(|dated| dated.time.is_point() && self.led_by(dated.at, Tag::Since))?;
        let days = since.days?;
        Some((Days { first: days.first, last: published, give: days.give }, false))
    }

    /// Whether a figure is that of a month: "in February", "the figure for January".
    fn is_over_month(&self, at: usize) -> bool {
        // "In the first half of January the Russians lost 7,000 troops in the sector"
        let lost = at <= 3 && self.stated && self.outcomes.contains(Outcome::Casualties);
        let told = !self.here && self.led_by(at, Tag::In) || self.is_subject(at);
        self.led_directly(at, Tag::NumberOf) || lost || (told && (!self.attacked() || self.shares))
    }

    /// "said this week": whether a time dates the saying, unlike "captured 16 this week, he added".
    fn is_of_saying(&self, at: usize) -> bool {
        let parted = |said: usize| at > self.count.number && (at..said).any(|at| self.has(Some(at), Tag::Comma));
        self.saying.is_some_and(|saying| saying.at.abs_diff(at) <= 4 && !parted(saying.at))
    }

    /// "in the week to 7 September", "in the 24 hours to Tuesday morning": a length and the day it ends on.
    fn up_to_day(&self, times: &[Dated]) -> Option<Days> {
        times.windows(2).find_map(|pair| {
            let [one, end] = pair else { return None };
            let (count, unit) = match one.time {
                TimeExpression::Same(unit) if unit != TimeUnit::Year => (1, unit),
                TimeExpression::Past { count, unit } | TimeExpression::Length { count, unit } => (count, unit),
                _ => return None,
            };
            let last = end.days.filter(|_| end.time.is_point() && end.at == one.at + 2)?.last;
            self.items().get(one.at + 1).filter(|to| to.tags.meets(TagSet::of(&[Tag::To, Tag::AsOf, Tag::RangeTo])))?;
            let long = !matches!(unit, TimeUnit::Hour) || count >= 12;
            let first = back(last, count, unit).filter(|_| long)?;
            Some(Days { first, last, give: 1 })
        })
    }

    /// "In Horlivka, occupied since 2014, two civilians died on Sunday": what a place has been since before the war.
    pub(super) fn is_of_place(&self, dated: &Dated, times: &[Dated]) -> bool {
        let other = |other: &Dated| other.time.is_point() && !self.led_by(other.at, Tag::Since);
        let before = dated.days.zip(self.names.start).is_some_and(|(days, start)| days.last < start);
        before && self.led_by(dated.at, Tag::Since) && times.iter().any(other)
    }

    /// Whether a time of the sentence may be the count's.
    fn is_near(&self, dated: &Dated) -> bool {
        // "its full-scale invasion in 2022" dates the invasion.
        let of_war = dated.at >= 2 && self.led_directly(dated.at, Tag::In) && self.has(Some(dated.at - 2), Tag::War);
        !of_war
            && (dated.at.abs_diff(self.count.number) <= 24 || dated.at <= 3)
            && !self.is_apart(dated)
            && !self.is_cut_off(dated)
    }

    /// "June was the worst month, with 228 killed", "the January figures were 140".
    fn is_subject(&self, at: usize) -> bool {
        at <= 1
            && self
                .items()
                .get(at + 1)
                .is_some_and(|next| next.tags.meets(TagSet::of(&[Tag::Be, Tag::Report, Tag::Possessive])))
    }

    /// "in five months", "in just five months".
    fn is_in(&self, at: usize) -> bool {
        let just = at.checked_sub(1).and_then(|before| self.items().get(before)).is_some_and(Item::is_hedge);
        self.led_directly(at - usize::from(just), Tag::In)
    }

    /// "a boy who turned seven in January", "the worst day this year": a time that dates something else.
    fn is_apart(&self, dated: &Dated) -> bool {
        let vague = !dated.time.is_point() && !matches!(dated.time, TimeExpression::Past { .. });
        let between = self.items().get(self.count.items.end..dated.at).unwrap_or_default();
        let compared = self.items().get(dated.at.saturating_sub(9)..dated.at).unwrap_or_default();
        vague
            && (between.iter().any(|item| item.has(Tag::Relative) && !item.has(Tag::In))
                || compared.iter().any(|item| item.has(Tag::Superlative)))
    }

    /// A semicolon, or a part that the time dates, stands between the count and a time.
    pub(super) fn is_cut_off(&self, dated: &Dated) -> bool {
        let (from, to) = (dated.at.min(self.count.items.end), dated.at.max(self.count.items.start));
        let between = self.items().get(from..to).unwrap_or_default();
        // "578 civilians, of whom 154 were children, have been killed since October" dates the whole.
        let part = between.iter().rposition(|item| item.has(Tag::Count)).and_then(|part| between.get(part..));
        let closing = part.unwrap_or_default();
        let marks = TagSet::of(&[Tag::Comma, Tag::Dash, Tag::Bracket]);
        let closed = closing.iter().position(|item| item.tags.meets(marks)).and_then(|mark| closing.get(mark..));
        let resumed = closed.is_some_and(|rest| rest.iter().any(|item| item.tags.meets(OUTCOME)));
        let of_part = dated.at > self.count.items.end
            && !resumed
            && between.iter().any(|item| item.has(Tag::Count))
            && between.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Including, Tag::OfThem])));
        let parted = between.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Semicolon, Tag::Increase])));
        of_part || parted || self.is_of_another(dated.at)
    }

    /// "during the month", "since that day": the stretch that the passage told of, else the one up to now.
    fn same(&self, at: usize, unit: TimeUnit, published: Date) -> Option<Days> {
        let since = self.led_by(at, Tag::Since);
        let over =
            if unit == TimeUnit::Day { Tag::Preposition.set() } else { TagSet::of(&[Tag::Preposition, Tag::In]) };
        let led =
            at.checked_sub(1).and_then(|before| self.items().get(before)).is_some_and(|item| item.tags.meets(over));
        if since && matches!(unit, TimeUnit::Day) {
            let first =
                self.day.or(self.told).map(|told| told.first).or(self.before.and_then(|before| before.since))?;
            return Some(Days { first, last: published, give: 1 });
        }
        if !since && !led {
            return None;
        }
        let told = self.before.or(self.span).filter(|before| before.scope == Scope::Period);
        let told = told.or(self.span).filter(|_| !since && unit != TimeUnit::Day);
        if let Some((first, last)) = told.and_then(|before| before.since.zip(before.as_of)) {
            return Some(Days { first, last, give: 1 });
        }
        match unit {
            TimeUnit::Month => Some(Days { first: published.first_of_month(), last: published, give: 1 }),
            TimeUnit::Year => Some(Days { first: published.first_of_year(), last: published, give: 1 }),
            TimeUnit::Day | TimeUnit::Week => {
                let first = back(published, 1, unit)?;
                Some(Days { first, last: published, give: 1 })
            }
            TimeUnit::Hour | TimeUnit::Decade => None,
        }
    }

    /// Whether an outcome stands between a time and the count, so that the time dates it.
    fn harmed_before(&self, time: usize, count: usize) -> bool {
        let between = self.items().get(time..count).unwrap_or_default();
        between.iter().any(|item| item.tags.meets(TagSet::of(&[Tag::Verb, Tag::Attack, Tag::Lose])))
    }

    fn rate(times: &[Dated], unit: TimeUnit, published: Date) -> Days {
        let mut stretch = times.iter().filter(|dated| {
            matches!(dated.time, TimeExpression::Month { .. } | TimeExpression::Year(..) | TimeExpression::Unit { .. })
        });
        if let Some(days) = stretch.find_map(|dated| dated.days) {
            return days;
        }
        let length = match unit {
            TimeUnit::Hour | TimeUnit::Day => 1,
            TimeUnit::Week => 7,
            TimeUnit::Month => 30,
            TimeUnit::Year => 365,
            TimeUnit::Decade => 3_650,
        };
        Days { first: published.checked_sub(length.days()).unwrap_or(published), last: published, give: 3 }
    }
}
