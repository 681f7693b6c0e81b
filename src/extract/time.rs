//! Dates and stretches of time: how they are written, and which days they mean seen from the day of publication.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::extract::language::TimeUnit;
use crate::extract::lexicon::Meaning;
use crate::extract::scan::Scan;
use crate::extract::tag::Tag;
use crate::extract::token::Kind;

/// Days as far as the wording pins them down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) first: Date,
    pub(super) last: Date,
    /// How far off the ends may be.
    pub(super) give: u16,
}

/// A time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeExpression {
    /// "March 2", "24 February 2022".
    Day { day: i8, month: i8, year: YearOf },
    /// "in February", "late last month" has its own form.
    Month { month: i8, year: YearOf, part: Part },
    /// "in 2025".
    Year(i16),
    /// "on Wednesday".
    Weekday(u8),
    /// "yesterday".
    Relative(i32),
    /// "two weeks ago".
    Ago { count: i32, unit: TimeUnit },
    /// "last month", "late last month", "this year".
    Unit { unit: TimeUnit, back: i32, part: Part },
    /// "the past 24 hours", "the last two weeks".
    Past { count: i32, unit: TimeUnit },
    /// "four weeks of fighting".
    OfWar { count: i32, unit: TimeUnit },
    /// "a day", "per month".
    Rate(TimeUnit),
    /// "last summer", "in spring".
    Season { month: i8, year: YearOf },
    /// "for three hours", "in ten years": a length that dates nothing.
    Length,
}

/// Which year a day or month belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum YearOf {
    /// None is said: the latest that fits.
    Unsaid,
    /// "2022".
    Given(i16),
    /// "last year".
    Last,
}

impl YearOf {
    /// The date that `in_year` gives for it.
    fn date(self, published: Date, in_year: impl Fn(i16) -> Option<Date>) -> Option<Date> {
        match self {
            Self::Unsaid => latest(published, in_year),
            Self::Given(year) => in_year(year),
            Self::Last => in_year(published.year() - 1),
        }
    }

    /// Whether the text names it.
    pub(super) fn is_given(self) -> bool {
        self != Self::Unsaid
    }
}

/// Which part of a month or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Early,
    Late,
}

impl TimeExpression {
    /// The days meant, seen from the day of publication; none for a rate or a mere length.
    pub(super) fn days(self, published: Date) -> Option<Days> {
        let exact = |day: Date| Some(Days { first: day, last: day, give: 0 });
        match self {
            Self::Day { day, month, year } => exact(year.date(published, |year| Date::new(year, month, day).ok())?),
            Self::Month { month, year, part } => {
                let first = year.date(published, |year| Date::new(year, month, 1).ok())?;
                Some(part.of(first, first.last_of_month(), published))
            }
            Self::Year(year) => {
                let first = Date::new(year, 1, 1).ok()?;
                Some(Part::Whole.of(first, first.last_of_year(), published))
            }
            Self::Weekday(weekday) => {
                let weekday = Weekday::from_monday_zero_offset(i8::try_from(weekday).ok()?).ok()?;
                let back = i64::from(weekday.until(published.weekday()));
                exact(published.checked_sub(back.days()).ok()?)
            }
            Self::Relative(days) => exact(published.checked_add(i64::from(days.clamp(-1_000, 1_000)).days()).ok()?),
            Self::Ago { count, unit } => {
                let day = back(published, count, unit)?;
                let give = match unit {
                    TimeUnit::Hour | TimeUnit::Day => 1,
                    TimeUnit::Week => 3,
                    TimeUnit::Month => 15,
                    TimeUnit::Year => 180,
                };
                Some(Days { first: day, last: day, give })
            }
            Self::Unit { unit, back: count, part } => unit_days(published, unit, count, part),
            Self::Past { count, unit } => {
                let first = back(published, count, unit)?;
                Some(Days {
                    first,
                    last: published,
                    give: u16::from(!matches!(unit, TimeUnit::Hour | TimeUnit::Day)) * 2,
                })
            }
            Self::Season { month, year } => {
                let first = year.date(published, |year| Date::new(year, month, 1).ok())?;
                let last = first.checked_add(2.months()).ok()?.last_of_month();
                Some(Part::Whole.of(first, last, published))
            }
            Self::OfWar { .. } | Self::Rate(_) | Self::Length => None,
        }
    }

    /// Whether it names a day or event rather than a stretch.
    pub(super) fn is_point(self) -> bool {
        match self {
            Self::Day { .. } | Self::Weekday(_) | Self::Relative(_) | Self::Ago { .. } => true,
            Self::Month { .. }
            | Self::Year(_)
            | Self::Unit { .. }
            | Self::Past { .. }
            | Self::OfWar { .. }
            | Self::Rate(_)
            | Self::Season { .. }
            | Self::Length => false,
        }
    }
}

impl Part {
    fn of(self, first: Date, last: Date, published: Date) -> Days {
        let last = last.min(published.max(first));
        let length = (last - first).get_days();
        let third = i64::from(length / 3);
        let (first, last) = match self {
            Self::Whole => (first, last),
            Self::Early => (first, first.checked_add(third.days()).unwrap_or(last)),
            Self::Late => (last.checked_sub(third.days()).unwrap_or(first), last),
        };
        Days { first, last, give: u16::try_from((last - first).get_days() / 2).unwrap_or(0) }
    }
}

/// The latest day of that description which is not after the day of publication.
fn latest(published: Date, in_year: impl Fn(i16) -> Option<Date>) -> Option<Date> {
    let soon = published.checked_add(2.days()).unwrap_or(published);
    [published.year(), published.year() - 1].into_iter().filter_map(in_year).find(|day| *day <= soon)
}

fn back(from: Date, count: i32, unit: TimeUnit) -> Option<Date> {
    if !(0..1_000).contains(&count) {
        return None;
    }
    let span = match unit {
        TimeUnit::Hour => ((count + 12) / 24).max(1).days(),
        TimeUnit::Day => count.days(),
        TimeUnit::Week => (count * 7).days(),
        TimeUnit::Month => count.months(),
        TimeUnit::Year => count.years(),
    };
    from.checked_sub(span).ok()
}

fn unit_days(published: Date, unit: TimeUnit, count: i32, part: Part) -> Option<Days> {
    let there = back(published, count, unit)?;
    let days = match unit {
        TimeUnit::Hour | TimeUnit::Day => Days { first: there, last: there, give: 0 },
        TimeUnit::Week => {
            let monday = i64::from(there.weekday().to_monday_zero_offset());
            let first = there.checked_sub(monday.days()).ok()?;
            part.of(first, first.checked_add(6.days()).ok()?, published)
        }
        TimeUnit::Month => part.of(there.first_of_month(), there.last_of_month(), published),
        TimeUnit::Year => part.of(there.first_of_year(), there.last_of_year(), published),
    };
    Some(days)
}

/// Reads the time that begins at a token, and how many tokens it takes.
pub(super) fn time_expression(scan: &Scan<'_>, at: usize, end: usize) -> Option<(TimeExpression, usize)> {
    let reader = Reader { scan, end };
    reader.iso(at).or_else(|| reader.calendar(at)).or_else(|| reader.relative(at)).or_else(|| reader.stretch(at))
}

struct Reader<'s, 'a> {
    scan: &'s Scan<'a>,
    end: usize,
}

impl Reader<'_, '_> {
    fn pick<T>(&self, at: usize, pick: impl Fn(Meaning) -> Option<T>) -> Option<(T, usize)> {
        if at >= self.end {
            return None;
        }
        let (len, meanings) = self.scan.hit(at);
        meanings.iter().copied().find_map(pick).map(|found| (found, len))
    }

    fn tag(&self, at: usize, tag: Tag) -> Option<usize> {
        self.pick(at, |meaning| meaning.tags().has(tag).then_some(())).map(|((), len)| len)
    }

    fn month(&self, at: usize) -> Option<(i8, usize)> {
        let (month, len) =
            self.pick(at, |meaning| if let Meaning::Month(month) = meaning { Some(month) } else { None })?;
        Some((month, len + self.stop(at + len)))
    }

    /// The stop of "Feb." before a number or a comma.
    fn stop(&self, at: usize) -> usize {
        let is_stop = self.scan.token(at).is_some_and(|token| token.is('.') && token.glued);
        let goes_on = self.scan.token(at + 1).is_some_and(|token| token.kind == Kind::Digits || token.is(','));
        usize::from(at < self.end && is_stop && goes_on)
    }

    fn unit(&self, at: usize) -> Option<(TimeUnit, usize)> {
        self.pick(at, |meaning| if let Meaning::Unit(unit) = meaning { Some(unit) } else { None })
    }

    fn small(&self, at: usize) -> Option<(i32, usize)> {
        if let Some(found) = self.digits(at, 4) {
            return Some(found);
        }
        self.pick(at, |meaning| match meaning {
            Meaning::Number(value) => i32::try_from(value).ok(),
            Meaning::Plain(Tag::One | Tag::Article) => Some(1),
            _ => None,
        })
    }

    fn digits(&self, at: usize, longest: usize) -> Option<(i32, usize)> {
        let token = self.scan.token(at).filter(|token| at < self.end && token.kind == Kind::Digits)?;
        let text = token.text(self.scan.source);
        (text.len() <= longest).then(|| text.parse().ok()).flatten().map(|n| (n, 1))
    }

    /// A day of the month, with its ordinal ending if it has one: "2", "2nd", "11-го".
    fn day(&self, at: usize) -> Option<(i8, usize)> {
        let (day, mut len) = self.digits(at, 2)?;
        let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
        let glued = |at: usize| self.scan.token(at).filter(|token| at < self.end && token.glued);
        let hyphen = usize::from(glued(at + len).is_some_and(|token| token.is('-')));
        if let Some(word) = glued(at + len + hyphen) {
            let text = word.text(self.scan.source);
            if self.scan.language.file.dates.ordinal_suffixes.iter().any(|suffix| suffix == text) {
                len += hyphen + 1;
            }
        }
        Some((day, len))
    }

    fn year(&self, at: usize) -> Option<(i16, usize)> {
        let (year, len) = self.digits(at, 4)?;
        let year = i16::try_from(year).ok().filter(|year| (1800..=2100).contains(year))?;
        let glued_on = self
            .scan
            .token(at + 1)
            .is_some_and(|next| next.glued && (next.is('-') || next.is('%')) && at + 1 < self.end);
        (!glued_on || self.scan.token(at + 2).is_some_and(|next| !next.glued)).then_some((year, len))
    }

    /// "2022-03-23", "23.03.2022".
    fn iso(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let token = self.scan.token(at).filter(|token| token.kind == Kind::Digits)?;
        let text = token.text(self.scan.source);
        let parts: Vec<&str> = text.split('.').collect();
        if let [day, month, year] = parts.as_slice()
            && year.len() == 4
        {
            return Some((full(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?, 1));
        }
        let (year, _) = self.year(at)?;
        let hyphen = |at: usize| self.scan.token(at).is_some_and(|token| token.is('-') && token.glued);
        let (month, _) = hyphen(at + 1).then(|| self.digits(at + 2, 2)).flatten()?;
        let (day, _) = hyphen(at + 3).then(|| self.digits(at + 4, 2)).flatten()?;
        Some((full(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)?, 5))
    }

    /// "March 2", "2 March", "March 2, 2022", "in March", "late March", "March 2022".
    fn calendar(&self, at: usize) -> Option<(TimeExpression, usize)> {
        if let Some((day, day_len)) = self.day(at)
            && let Some((month, month_len)) = self.after_of(at + day_len)
        {
            let len = day_len + month_len;
            let (year, year_len) = self.year_after(at + len);
            return Some((TimeExpression::Day { day, month, year }, len + year_len));
        }
        let (part, part_len) = self.part(at);
        let (back, back_len) = match self.tag(at + part_len, Tag::Last) {
            Some(len) => (true, len),
            None => (false, self.tag(at + part_len, Tag::This).unwrap_or(0)),
        };
        let start = at + part_len + back_len;
        if let Some((month, month_len)) = self.month(start) {
            if let Some((day, day_len)) = self.day(start + month_len)
                && !back
            {
                let len = part_len + back_len + month_len + day_len;
                let (year, year_len) = self.year_after(at + len);
                return Some((TimeExpression::Day { day, month, year }, len + year_len));
            }
            let (year, year_len) = self.year_after(start + month_len);
            let len = part_len + back_len + month_len + year_len;
            return Some((TimeExpression::Month { month, year, part }, len));
        }
        let (season, season_len) =
            self.pick(start, |meaning| if let Meaning::Season(month) = meaning { Some(month) } else { None })?;
        let (year, year_len) = self.year_after(start + season_len);
        Some((TimeExpression::Season { month: season, year }, part_len + back_len + season_len + year_len))
    }

    fn after_of(&self, at: usize) -> Option<(i8, usize)> {
        let of = self.tag(at, Tag::Of).unwrap_or(0);
        self.month(at + of).map(|(month, len)| (month, of + len))
    }

    /// ", 2022", "2022", "of 2022", "last year", behind a day or a month.
    fn year_after(&self, at: usize) -> (YearOf, usize) {
        let comma = usize::from(at < self.end && self.scan.token(at).is_some_and(|token| token.is(',')));
        let of = self.tag(at, Tag::Of).unwrap_or(0);
        for skipped in [0, comma, of] {
            if let Some((year, len)) = self.year(at + skipped) {
                let word = self.pick(at + skipped + len, |meaning| {
                    if let Meaning::Unit(TimeUnit::Year) = meaning { Some(()) } else { None }
                });
                return (YearOf::Given(year), skipped + len + word.map_or(0, |((), len)| len));
            }
        }
        let last = self.tag(at, Tag::Last).and_then(|len| match self.unit(at + len) {
            Some((TimeUnit::Year, unit_len)) => Some(len + unit_len),
            Some(_) | None => None,
        });
        last.map_or((YearOf::Unsaid, 0), |len| (YearOf::Last, len))
    }

    fn part(&self, at: usize) -> (Part, usize) {
        let late = self.tag(at, Tag::Late).map(|len| (Part::Late, len));
        let early = self.tag(at, Tag::Early).map(|len| (Part::Early, len));
        let (part, len) = late.or(early).unwrap_or((Part::Whole, 0));
        let dash = usize::from(len > 0 && self.scan.token(at + len).is_some_and(|token| token.is('-') && token.glued));
        let of = if len > 0 { self.tag(at + len, Tag::Of).unwrap_or(0) } else { 0 };
        (part, len + dash + of)
    }

    /// "Wednesday", "last Friday", "yesterday", "last month", "this year", "2025".
    fn relative(&self, at: usize) -> Option<(TimeExpression, usize)> {
        if let Some((days, len)) = self.pick(at, |m| if let Meaning::RelativeDay(days) = m { Some(days) } else { None })
        {
            return Some((TimeExpression::Relative(days), len));
        }
        let (part, part_len) = self.part(at);
        let start = at + part_len;
        let (count, mark_len) = match (self.tag(start, Tag::Last), self.tag(start, Tag::This)) {
            (Some(len), _) => (1, len),
            (None, Some(len)) => (0, len),
            (None, None) => (-1, 0),
        };
        let weekday = self.pick(start + mark_len, |m| if let Meaning::Weekday(day) = m { Some(day) } else { None });
        if let Some((weekday, len)) = weekday {
            let stop = self.stop(start + mark_len + len);
            return Some((TimeExpression::Weekday(weekday), part_len + mark_len + len + stop));
        }
        if count >= 0
            && let Some((unit, len)) = self.unit(start + mark_len)
        {
            // "the past day" is a stretch, as "last month" is a month.
            let stretch = count == 1 && matches!(unit, TimeUnit::Day | TimeUnit::Hour);
            let unit = if stretch {
                TimeExpression::Past { count: 1, unit }
            } else {
                TimeExpression::Unit { unit, back: count, part }
            };
            return Some((unit, part_len + mark_len + len));
        }
        let (year, len) = self.year(at)?;
        let word = self.pick(at + len, |m| if let Meaning::Unit(TimeUnit::Year) = m { Some(()) } else { None });
        let dated = word.is_some() || self.follows_time_word(at) || self.closes_after(at + len);
        let is_bare = self.scan.token(at).is_some_and(|token| token.text(self.scan.source).len() == 4);
        (dated && is_bare).then_some((TimeExpression::Year(year), len + word.map_or(0, |((), len)| len)))
    }

    /// Whether the word before a bare year makes it one: "in 2025", "since 2014".
    fn follows_time_word(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        [Tag::In, Tag::Since, Tag::Of, Tag::AsOf, Tag::From, Tag::By, Tag::And, Tag::Late, Tag::Early, Tag::Preposition]
            .into_iter()
            .any(|tag| self.tag(before, tag).is_some())
    }

    fn closes_after(&self, at: usize) -> bool {
        at >= self.end
    }

    /// "two weeks ago", "the past 24 hours", "four weeks of fighting", "a day", "ten years".
    fn stretch(&self, at: usize) -> Option<(TimeExpression, usize)> {
        if let Some(len) = self.tag(at, Tag::Per)
            && let Some((unit, unit_len)) = self.unit(at + len)
        {
            return Some((TimeExpression::Rate(unit), len + unit_len));
        }
        let last_len = self.tag(at, Tag::Last).unwrap_or(0);
        let (count, count_len) = match self.small(at + last_len) {
            Some((count, len)) => (count, len),
            None if last_len > 0 => (1, 0),
            None => return None,
        };
        let hyphen =
            usize::from(self.scan.token(at + last_len + count_len).is_some_and(|token| token.is('-') && token.glued));
        let (unit, unit_len) = self.unit(at + last_len + count_len + hyphen)?;
        let len = last_len + count_len + hyphen + unit_len;
        if last_len > 0 {
            return Some((TimeExpression::Past { count, unit }, len));
        }
        if let Some(ago) = self.tag(at + len, Tag::Ago) {
            return Some((TimeExpression::Ago { count, unit }, len + ago));
        }
        if let Some(of_war) = self.tag(at + len, Tag::Stretch) {
            return Some((TimeExpression::OfWar { count, unit }, len + of_war));
        }
        let is_article = self.tag(at, Tag::Article).is_some() || self.tag(at, Tag::One).is_some();
        if is_article && hyphen == 0 {
            return Some((TimeExpression::Rate(unit), len));
        }
        Some((TimeExpression::Length, len))
    }
}

fn full(year: i16, month: i8, day: i8) -> Option<TimeExpression> {
    Date::new(year, month, day).ok().map(|_| TimeExpression::Day { day, month, year: YearOf::Given(year) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16, month: i8, day: i8) -> Date {
        Date::new(year, month, day).unwrap()
    }

    #[test]
    fn a_weekday_is_the_last_one_before_or_on_the_day_of_publication() {
        let wednesday = day(2022, 3, 23);
        let days = |weekday| TimeExpression::Weekday(weekday).days(wednesday).unwrap().last;
        assert_eq!(days(2), wednesday);
        assert_eq!(days(1), day(2022, 3, 22));
        assert_eq!(days(3), day(2022, 3, 17));
    }

    #[test]
    fn a_day_without_a_year_is_the_latest_that_has_been() {
        let published = day(2022, 1, 10);
        let days = |month, day| TimeExpression::Day { day, month, year: YearOf::Unsaid }.days(published).unwrap().last;
        assert_eq!(days(1, 9), day(2022, 1, 9));
        assert_eq!(days(12, 31), day(2021, 12, 31));
    }

    #[test]
    fn late_last_month_is_its_last_third() {
        let late = TimeExpression::Unit { unit: TimeUnit::Month, back: 1, part: Part::Late };
        let days = late.days(day(2024, 3, 15)).unwrap();
        assert_eq!((days.first, days.last), (day(2024, 2, 20), day(2024, 2, 29)));
    }

    #[test]
    fn absurd_lengths_are_no_date() {
        for count in [i32::MAX, i32::MIN + 1, 0] {
            for unit in [TimeUnit::Hour, TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year] {
                let _days = TimeExpression::Ago { count, unit }.days(day(2024, 3, 15));
            }
        }
    }
}
