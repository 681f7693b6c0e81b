//! Stretches told by their months, and days told by their place in one: "January to August", "the first eight months of the
//! year", "the last week of May", "on the 27th of last month".

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use crate::extract::calendar::Reader;
use crate::extract::meaning::Meaning;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::{Part, TimeExpression, YearOf};
use crate::extract::token::Kind;
use crate::extract::vocabulary::TimeUnit;

/// What may stand behind "on the 27th": it goes on with no noun, as "on the 8th floor" does.
const BEHIND_A_DAY: TagSet = TagSet::of(&[
    Tag::In,
    Tag::On,
    Tag::And,
    Tag::Preposition,
    Tag::Relative,
    Tag::Barrier,
    Tag::Said,
    Tag::Auxiliary,
    Tag::To,
]);

impl Reader<'_, '_> {
    /// What this file reads.
    pub(super) fn of_months(&self, at: usize) -> Option<(TimeExpression, usize)> {
        self.named_day(at)
            .or_else(|| self.quarter(at))
            .or_else(|| self.months(at))
            .or_else(|| self.first_months(at))
            .or_else(|| self.first_days(at))
            .or_else(|| self.week_of(at))
            .or_else(|| self.day_of(at))
    }

    /// "Christmas Eve", "the weekend", "since dawn": days that have a name of their own.
    fn named_day(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let (time, len) = self.pick(at, |meaning| match meaning {
            Meaning::Holiday(month, day) => Some(TimeExpression::Day { day, month, year: YearOf::Unsaid }),
            Meaning::Weekend => Some(TimeExpression::Weekend),
            Meaning::Stretch(count, unit) => Some(TimeExpression::Past { count, unit }),
            Meaning::Recent => Some(TimeExpression::Recent),
            _ => None,
        })?;
        let TimeExpression::Day { day, month, .. } = time else { return Some((time, len)) };
        let (year, year_len) = self.year_after(at + len);
        Some((TimeExpression::Day { day, month, year }, len + year_len))
    }

    /// "the month of February".
    pub(super) fn month_of(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let article = self.tag(at, Tag::Article)?;
        let (_, unit) = self.unit(at + article).filter(|(unit, _)| *unit == TimeUnit::Month)?;
        let of = self.tag(at + article + unit, Tag::Of)?;
        let (month, len) = self.month(at + article + unit + of)?;
        let taken = article + unit + of + len;
        let (year, year_len) = self.year_after(at + taken);
        Some((TimeExpression::Month { month, year, part: Part::Whole }, taken + year_len))
    }

    /// "the third quarter of 2025".
    fn quarter(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let (number, len) = self.one_of_four(at, 4)?;
        let is_quarter = |meaning| if let Meaning::Quarter = meaning { Some(()) } else { None };
        let ((), quarter_len) = self.pick(at + len, is_quarter)?;
        let end = at + len + quarter_len;
        let (year, year_len) = self.year_of(end).unwrap_or_else(|| self.year_after(end));
        let time = TimeExpression::Months { from: number * 3 - 2, to: number * 3, year };
        Some((time, end + year_len - at))
    }

    /// The article before an ordinal: "the first" is a phrase of its own.
    fn article(&self, at: usize) -> usize {
        usize::from(self.tag(at, Tag::Article).is_some() || self.tag(at, Tag::Superlative).is_some())
    }

    /// "the first", "first": how many tokens it takes.
    fn first(&self, at: usize) -> Option<usize> {
        let the = self.article(at);
        let (_, len) = self.day(at + the).filter(|(day, _)| *day == 1)?;
        Some(the + len)
    }

    /// "the second", "the last": which of four, or what stands for the last, and how many tokens it takes.
    fn one_of_four(&self, at: usize, last: i8) -> Option<(i8, usize)> {
        let the = self.article(at);
        let (place, len) = match self.tag(at + the, Tag::Last) {
            Some(len) => (last, len),
            None => self.day(at + the).filter(|(place, _)| (1..=4).contains(place))?,
        };
        Some((place, the + len))
    }

    /// "July and August", "January to August 2025", "between January and May".
    fn months(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let (from, from_len) = self.month(at)?;
        let (_, first_year) = self.year_after(at + from_len);
        let joiner = at + from_len + first_year;
        let dash = self.scan.token(joiner).is_some_and(|token| token.is('—') || token.is('-'));
        let joins = [Tag::And, Tag::RangeTo, Tag::To, Tag::AsOf].into_iter().find_map(|tag| self.tag(joiner, tag));
        let to_at = joiner + if dash { 1 } else { joins? };
        let (to, to_len) = self.month(to_at)?;
        let end = to_at + to_len;
        // "from May to 3 June", "between March 28 and May 3"
        let day = self.day(end).is_some() && self.year(end).is_none();
        let (year, year_len) = self.year_after(end);
        (!day && first_year == 0 && from < to).then(|| (TimeExpression::Months { from, to, year }, end + year_len - at))
    }

    /// "the first eight months of the year", "first six months of 2025".
    fn first_months(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let first_len = self.first(at)?;
        let (to, to_len) = self.small(at + first_len)?;
        let to = i8::try_from(to).ok().filter(|to| (2..=12).contains(to))?;
        let unit = at + first_len + to_len;
        let (_, unit_len) = self.unit(unit).filter(|(unit, _)| *unit == TimeUnit::Month)?;
        let of = unit + unit_len;
        let of_len = self.tag(of, Tag::Of).or_else(|| self.tag(of, Tag::In))?;
        let (year, year_len) = self.year_of(of + of_len)?;
        Some((TimeExpression::Months { from: 1, to, year }, of + of_len + year_len - at))
    }

    /// "the first three weeks of the year", "the first ten days of February".
    fn first_days(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let number = at + self.first(at)?;
        let (count, count_len) = self.small(number).filter(|(count, _)| (2..=31).contains(count))?;
        let unit = number + count_len;
        let (unit, unit_len) = self.unit(unit)?;
        let days = match unit {
            TimeUnit::Day => count,
            TimeUnit::Week => count * 7,
            TimeUnit::Hour | TimeUnit::Month | TimeUnit::Year | TimeUnit::Decade => return None,
        };
        let to = i8::try_from(days).ok().filter(|to| *to <= 31)?;
        let of = number + count_len + unit_len;
        let of_len = self.tag(of, Tag::Of).or_else(|| self.tag(of, Tag::In))?;
        let (month, year, len) = match self.month(of + of_len) {
            Some((month, len)) => {
                let (year, year_len) = self.year_after(of + of_len + len);
                (month, year, len + year_len)
            }
            None => self.year_of(of + of_len).map(|(year, len)| (1, year, len))?,
        };
        Some((TimeExpression::Days { from: 1, to, month, year }, of + of_len + len - at))
    }

    /// "2025", "the year", "this year", "last year".
    fn year_of(&self, at: usize) -> Option<(YearOf, usize)> {
        if let Some((year, len)) = self.year(at) {
            return Some((YearOf::Given(year), len));
        }
        let last = self.tag(at, Tag::Last);
        let led = last.or_else(|| self.tag(at, Tag::This)).or_else(|| self.tag(at, Tag::Article))?;
        let (_, len) = self.unit(at + led).filter(|(unit, _)| *unit == TimeUnit::Year)?;
        Some((if last.is_some() { YearOf::Last } else { YearOf::Unsaid }, led + len))
    }

    /// "the last week of May", "the second week of June".
    fn week_of(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let (week, len) = self.one_of_four(at, 5)?;
        let (_, unit_len) = self.unit(at + len).filter(|(unit, _)| *unit == TimeUnit::Week)?;
        let of = self.tag(at + len + unit_len, Tag::Of)?;
        let month_at = at + len + unit_len + of;
        let (month, month_len) = self.month(month_at)?;
        let (year, year_len) = self.year_after(month_at + month_len);
        let from = (1 + 7 * (week - 1)).min(22);
        let time = TimeExpression::Days { from, to: from + 6, month, year };
        Some((time, month_at + month_len + year_len - at))
    }

    /// "on the 27th", "on the 27th of last month": a day of this month or of the one before.
    fn day_of(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let article = at.checked_sub(1).filter(|article| self.tag(*article, Tag::Article).is_some())?;
        let led = |before: usize| [Tag::On, Tag::Since, Tag::By].into_iter().any(|tag| self.tag(before, tag).is_some());
        article.checked_sub(1).filter(|before| led(*before))?;
        let (day, len) = self.day(at)?;
        // A number alone is no day, unless it is written as one: "the 27th", not "the 27".
        let is_word = self.scan.token(at).is_some_and(|token| token.kind == Kind::Word);
        if len < 2 && !is_word {
            return None;
        }
        if let Some(of) = self.tag(at + len, Tag::Of) {
            let last = self.tag(at + len + of, Tag::Last)?;
            let (_, unit_len) = self.unit(at + len + of + last).filter(|(unit, _)| *unit == TimeUnit::Month)?;
            return Some((TimeExpression::DayOfMonth { day, before: true }, len + of + last + unit_len));
        }
        let next = self.scan.token(at + len);
        let closes = next.is_none_or(|next| matches!(next.kind, Kind::Mark(_) | Kind::Break));
        let goes_on = self.scan.sense(at + len).tags.meets(BEHIND_A_DAY);
        (closes || goes_on).then_some((TimeExpression::DayOfMonth { day, before: false }, len))
    }
}
