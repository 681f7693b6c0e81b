//! Stretches that a sentence bounds: "in the past day", "in 2025", "1,200 a day", "from 27 September to 3 October".

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use jiff::ToSpan;
use jiff::civil::Date;

use crate::extract::dated::{Dated, Question};
use crate::extract::pattern::OUTCOME;
use crate::extract::scan::Item;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::{Days, Part, TimeExpression, back};
use crate::extract::vocabulary::TimeUnit;
use crate::model::{Outcome, Scope};

/// How many days make a stretch one of years.
const YEARS: i32 = 400;

impl Question<'_, '_> {
    /// "in the week from 27 September to 3 October", "between February 2022 and December 2025": two times with nothing but
    /// "to" between them.
    pub(super) fn between_days(&self, times: &[Dated]) -> Option<Days> {
        times.windows(2).find_map(|pair| {
            let [one, other] = pair else { return None };
            // "in February and March" may mean each of them.
            let led = self.led_directly(one.at, Tag::Between) || self.led_directly(one.at, Tag::From);
            let month =
                |dated: &Dated| led && matches!(dated.time, TimeExpression::Month { .. } | TimeExpression::Year(..));
            let day = |dated: &Dated| dated.days.filter(|_| dated.time.is_point() || month(dated));
            let (first, last) = (day(one)?, day(other)?);
            let between = self.items().get(one.at + 1..other.at)?;
            let joins = TagSet::of(&[Tag::RangeTo, Tag::To, Tag::And, Tag::Dash, Tag::AsOf]);
            let joined = between.len() <= 2 && !between.is_empty() && between.iter().all(|item| item.tags.meets(joins));
            // "since February 2022" is since the day in it on which the war began.
            let start = self.names.start.filter(|start| first.first <= *start && *start <= first.last);
            let begin = start.unwrap_or(first.first);
            (joined && begin < last.last).then_some(Days { first: begin, last: last.last, give: 0 })
        })
    }

    /// A stretch that the sentence bounds: "in the past day", "in 2025", "a day".
    pub(super) fn period(&self, times: &[Dated]) -> Option<(Days, bool)> {
        let published = self.published?;
        if let Some(days) = self.between_days(times) {
            return Some((days, true));
        }
        if let Some(unit) = self.rated() {
            return Some((Self::rate(times, unit, published), true));
        }
        // "amounted to 1,050 over the past day, bringing the total to 453,650": what stands before is of what was added.
        let led = self.items().get(..self.count.items.start).unwrap_or_default();
        let raised = led.iter().rposition(|item| item.has(Tag::Raised)).filter(|_| self.rises()).unwrap_or(0);
        let near = |dated: &&Dated| dated.at >= raised && self.is_near(dated) && !self.is_of_place(dated, times);
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
        // "in the space of ten days, from 10 to 19 October": the dates say which days.
        let dates = |dated: &&Dated| matches!(dated.time, TimeExpression::Days { .. } | TimeExpression::Months { .. });
        let ordered = times.iter().filter(dates).chain(times.iter().filter(|dated| !dates(dated)));
        for dated in ordered.filter(near).filter(|dated| !of_saying(dated) && !totals(dated)) {
            // "on Monday alone", "last month alone", "on that day alone"; not "an attack on 19 September alone killed 18"
            let led = self.items().get(..dated.at).unwrap_or_default();
            let attack = led.iter().position(|item| item.has(Tag::Attack)).and_then(|attack| led.get(..attack));
            let one = attack.is_some_and(|led| led.iter().rev().take(2).any(|item| item.has(Tag::One)));
            let by_one = one && dated.at < self.count.items.start;
            if self.has(Some(dated.at + 1), Tag::Alone) && !by_one {
                let told = times.iter().rev().find(|told| told.at < dated.at && told.time.is_point());
                let told = told.and_then(|told| told.days).or(self.day);
                let same = matches!(dated.time, TimeExpression::Same(TimeUnit::Day)).then_some(told).flatten();
                return dated.days.or(same).map(|days| (days, true));
            }
            if let Some(found) = self.bounded_by(dated, times, published) {
                return Some(found);
            }
        }
        let since =
            times.iter().filter(near).find(|dated| dated.time.is_point() && self.led_by(dated.at, Tag::Since))?;
        let days = since.days?;
        Some((Days { first: days.first, last: published, give: days.give }, false))
    }

    /// The stretch that one time of a sentence bounds, if it bounds one, and whether that is sure.
    fn bounded_by(&self, dated: &Dated, times: &[Dated], published: Date) -> Option<(Days, bool)> {
        let up_to_now = |first: Date| (Days { first, last: published, give: 1 }, true);
        let own = || dated.days.map(|days| (days, true));
        match dated.time {
            TimeExpression::Same(unit) if unit != TimeUnit::Hour => {
                self.same(dated.at, unit, published).map(|days| (days, true))
            }
            TimeExpression::Length { count, unit } if self.is_in(dated.at) => {
                let short = matches!(unit, TimeUnit::Day | TimeUnit::Week | TimeUnit::Month) && count <= 60;
                // "attacks killed 13 people in 24 hours", unlike "in two hours of shelling"
                let rounds = unit == TimeUnit::Hour && (12..=72).contains(&count);
                back(published, count, unit).filter(|_| rounds || (short && !self.attacked())).map(up_to_now)
            }
            // "In twenty days of combat", of a war that is older.
            TimeExpression::OfWar { count, unit } if self.names.start.is_some() && self.is_in(dated.at) => {
                back(published, count, unit).map(up_to_now)
            }
            TimeExpression::Rate(unit)
                if dated.at >= self.count.items.start && dated.at <= self.count.items.end + 5 =>
            {
                Some((Self::rate(times, unit, published), true))
            }
            TimeExpression::Year(..) | TimeExpression::Month { .. } | TimeExpression::Season { .. }
                if self.led_by(dated.at, Tag::Since) =>
            {
                let days = dated.days?;
                // Nobody counts for years since anything but the beginning of a war.
                let long = self.names.is_world() && (published - days.first).get_days() > YEARS;
                Some((Days { first: days.first, last: published, give: days.give }, !long))
            }
            TimeExpression::Past { .. }
            | TimeExpression::Days { .. }
            | TimeExpression::Months { .. }
            | TimeExpression::Years(..)
            | TimeExpression::Year(..) => own(),
            TimeExpression::Season { .. } | TimeExpression::Weekend if !self.attacked() => own(),
            TimeExpression::Weekend if self.led_directly(dated.at, Tag::Last) => own(),
            TimeExpression::Month { .. } if self.is_over_month(dated.at) => own(),
            TimeExpression::Unit { unit: TimeUnit::Year, .. }
            | TimeExpression::Unit { unit: TimeUnit::Week | TimeUnit::Month, back: 0, .. }
                // "Earlier this month a drone chased a bus, killing one": an event of some day of it.
                if !(self.is_of_saying(dated.at) || self.attacked() && self.led_directly(dated.at, Tag::Ago)) =>
            {
                own()
            }
            // "killed last month", of no attack and no place: over that month.
            TimeExpression::Unit { unit: TimeUnit::Week | TimeUnit::Month, back: 1, part: Part::Whole }
                if !self.attacked() && !self.here && !self.is_of_saying(dated.at) =>
            {
                own()
            }
            _ => None,
        }
    }

    /// "in recent weeks", "over the past few days": a stretch whose first day the text does not tell.
    pub(super) fn is_recent(&self, times: &[Dated]) -> bool {
        let recent = |dated: &Dated| matches!(dated.time, TimeExpression::Recent) && self.is_near(dated);
        !self.attacked_once() && times.iter().any(recent)
    }

    /// "daily losses reached 1,271", "1,271 daily casualties": the unit of time of each of which a figure is that.
    fn rated(&self) -> Option<TimeUnit> {
        if !self.sentence.meets(TagSet::of(&[Tag::Modifier, Tag::Time])) {
            return None;
        }
        let wall = TagSet::of(&[Tag::Semicolon, Tag::Colon, Tag::Said, Tag::Barrier, Tag::Count]);
        let before = self.items().get(..self.count.items.start).unwrap_or_default();
        let before = before.iter().rev().take(10).take_while(|item| !item.tags.meets(wall)).count();
        let start = self.count.items.start - before;
        // "the daily report of losses" is published daily.
        let harms = |at: usize| {
            let behind = self.items().get(at + 1..(at + 4).min(self.items().len())).unwrap_or_default();
            behind.iter().take_while(|item| !item.has(Tag::Report)).any(|item| item.tags.meets(OUTCOME))
        };
        // "the day's losses"
        let of_day = |at: usize| match self.items().get(at).and_then(Item::time) {
            Some(TimeExpression::Same(unit)) if self.has(Some(at + 1), Tag::Possessive) => Some(unit),
            _ => None,
        };
        let unit = |at: usize| self.items().get(at).and_then(Item::rate).or_else(|| of_day(at));
        (start..self.count.items.end + 2).find_map(|at| unit(at).filter(|_| harms(at)))
    }

    /// Whether a figure is that of a month: "in February", "the figure for January".
    fn is_over_month(&self, at: usize) -> bool {
        // "In the first half of January the Russians lost 7,000 troops in the sector"
        let lost = at <= 3 && self.stated && self.outcomes.contains(Outcome::Casualties);
        let led = self.led_by(at, Tag::In) || self.led_directly(at, Tag::Preposition);
        let told = !self.here && led || self.is_subject(at);
        self.led_directly(at, Tag::NumberOf)
            || lost
            || (told && (!self.attacked() || self.shares || self.strikes_at_large()))
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
                TimeExpression::Same(unit) => (1, unit),
                TimeExpression::Past { count, unit } | TimeExpression::Length { count, unit } => (count, unit),
                _ => return None,
            };
            // "in the 24 hours to noon today"
            let near = end.at == one.at + 2 || (end.at == one.at + 3 && !self.has(Some(end.at - 1), Tag::Comma));
            // "in the twelve months to February", "in the year to February"
            let month =
                matches!(end.time, TimeExpression::Month { .. }) && matches!(unit, TimeUnit::Month | TimeUnit::Year);
            let last = end.days.filter(|_| (end.time.is_point() || month) && near)?.last;
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
    pub(super) fn is_subject(&self, at: usize) -> bool {
        // "the office said October had been one of the deadliest months"
        let said = self.led_directly(at, Tag::Said) || self.led_directly(at, Tag::Relative);
        let verb = if said { Tag::Be.set() } else { TagSet::of(&[Tag::Be, Tag::Report, Tag::Possessive]) };
        // "had been"
        let behind = self.items().get(at + 1..).unwrap_or_default().iter().take(1 + usize::from(said));
        (at <= 1 || said) && behind.into_iter().any(|next| next.tags.meets(verb))
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
        let opens = between.iter().position(|item| item.tags.meets(TagSet::of(&[Tag::Including, Tag::OfThem])));
        let part = opens.or_else(|| between.iter().rposition(|item| item.has(Tag::Count)));
        let closing = part.and_then(|part| between.get(part..)).unwrap_or_default();
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
