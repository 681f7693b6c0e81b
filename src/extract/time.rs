//! Dates and stretches of time: how they are written, and which days they mean seen from the day of publication.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::extract::vocabulary::TimeUnit;

/// Days as far as the wording pins them down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    pub(super) first: Date,
    pub(super) last: Date,
    /// How far off the ends may be.
    pub(super) give: u16,
}

impl Days {
    /// One day.
    pub(super) fn of(day: Date) -> Self {
        Self { first: day, last: day, give: 0 }
    }

    /// Whether they are one day or two.
    pub(super) fn is_about_a_day(self) -> bool {
        (self.last - self.first).get_days() <= 1
    }
}

/// A time as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeExpression {
    /// "March 2", "24 February 2022".
    Day { day: i8, month: i8, year: YearOf },
    /// "14–21 May".
    Days { from: i8, to: i8, month: i8, year: YearOf },
    /// "July and August", "the first eight months of 2025": whole months, from 1.
    Months { from: i8, to: i8, year: YearOf },
    /// "on the 27th", of the month of publication or the one before; "of last month".
    DayOfMonth { day: i8, before: bool },
    /// "2014–2021".
    Years(i16, i16),
    /// "in February", "late last month" has its own form.
    Month { month: i8, year: YearOf, part: Part },
    /// "in 2025", "by the end of 2024".
    Year(i16, Part),
    /// "on Wednesday".
    Weekday(u8),
    /// "recent weeks": nobody says how many.
    Recent,
    /// "the weekend": the latest one.
    Weekend,
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
    /// "three hours", "ten years": a length, which dates something only behind "in".
    Length { count: i32, unit: TimeUnit },
    /// "the month", "that day": the stretch spoken of.
    Same(TimeUnit),
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
    /// "last October": the latest one that is over.
    Before,
}

impl YearOf {
    /// The date that `in_year` gives for it.
    fn date(self, published: Date, in_year: impl Fn(i16) -> Option<Date>) -> Option<Date> {
        match self {
            Self::Unsaid => latest(published, in_year),
            Self::Given(year) => in_year(year),
            Self::Last => in_year(published.year() - 1),
            Self::Before => {
                let latest = latest(published, &in_year)?;
                let now = (latest.year(), latest.month()) == (published.year(), published.month());
                if now { in_year(published.year() - 1) } else { Some(latest) }
            }
        }
    }

    /// Whether the text names it.
    pub(super) fn is_given(self) -> bool {
        !matches!(self, Self::Unsaid | Self::Before)
    }
}

/// Which part of a month or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Early,
    FirstHalf,
    Mid,
    SecondHalf,
    Late,
    End,
}

impl TimeExpression {
    /// The days meant, seen from the day of publication; none for a rate or a mere length.
    pub(super) fn days(self, published: Date) -> Option<Days> {
        let exact = |day: Date| Some(Days { first: day, last: day, give: 0 });
        match self {
            Self::Day { day, month, year } => exact(year.date(published, |year| Date::new(year, month, day).ok())?),
            Self::Days { from, to, month, year } => {
                let last = year.date(published, |year| Date::new(year, month, to).ok())?;
                Some(Days { first: last.checked_sub(i64::from(to - from).days()).ok()?, last, give: 0 })
            }
            Self::Years(from, to) => {
                let (first, last) = (Date::new(from, 1, 1).ok()?, Date::new(to, 12, 31).ok()?);
                Some(Days { first, last, give: 180 })
            }
            Self::Months { from, to, year } => {
                // "January to August", said in March, was last year.
                let last = year.date(published, |year| Date::new(year, to, 1).ok())?.last_of_month();
                let first = Date::new(last.year(), from, 1).ok()?;
                Some(Days { first, last: last.min(published.max(first)), give: 1 })
            }
            Self::DayOfMonth { day, before } => {
                let this = published.first_of_month();
                let last = this.yesterday().ok()?.first_of_month();
                let of = |month: Date| Date::new(month.year(), month.month(), day).ok();
                let days = [of(this).filter(|_| !before), of(last)];
                exact(days.into_iter().flatten().find(|day| *day <= published)?)
            }
            Self::Month { month, year, part } => {
                let first = year.date(published, |year| Date::new(year, month, 1).ok())?;
                Some(part.of(first, first.last_of_month(), published))
            }
            Self::Year(year, part) => {
                let first = Date::new(year, 1, 1).ok()?;
                Some(part.of(first, first.last_of_year(), published))
            }
            Self::Weekday(weekday) => {
                let weekday = Weekday::from_monday_zero_offset(i8::try_from(weekday).ok()?).ok()?;
                let back = i64::from(weekday.until(published.weekday()));
                exact(published.checked_sub(back.days()).ok()?)
            }
            Self::Weekend => {
                let saturday =
                    published.checked_sub(i64::from(Weekday::Saturday.until(published.weekday())).days()).ok()?;
                Some(Days { first: saturday, last: saturday.tomorrow().ok()?.min(published), give: 0 })
            }
            Self::Relative(days) => exact(published.checked_add(i64::from(days.clamp(-1_000, 1_000)).days()).ok()?),
            Self::Ago { count, unit } => {
                let day = back(published, count, unit)?;
                let give = match unit {
                    TimeUnit::Hour | TimeUnit::Day => 1,
                    TimeUnit::Week => 3,
                    TimeUnit::Month => 15,
                    TimeUnit::Year => 180,
                    TimeUnit::Decade => 1_800,
                };
                Some(Days { first: day, last: day, give })
            }
            Self::Unit { unit, back: count, part } => unit_days(published, unit, count, part),
            // "within the hour"
            Self::Past { count, unit: TimeUnit::Hour } if count < 6 => None,
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
            Self::OfWar { .. } | Self::Rate(_) | Self::Length { .. } | Self::Same(_) | Self::Recent => None,
        }
    }

    /// Whether it names a day or event rather than a stretch.
    pub(super) fn is_point(self) -> bool {
        match self {
            Self::Day { .. } | Self::DayOfMonth { .. } | Self::Weekday(_) | Self::Relative(_) | Self::Ago { .. } => {
                true
            }
            Self::Days { .. }
            | Self::Months { .. }
            | Self::Weekend
            | Self::Recent
            | Self::Years(..)
            | Self::Month { .. }
            | Self::Year(..)
            | Self::Unit { .. }
            | Self::Past { .. }
            | Self::OfWar { .. }
            | Self::Rate(_)
            | Self::Season { .. }
            | Self::Length { .. }
            | Self::Same(_) => false,
        }
    }
}

impl Part {
    fn of(self, first: Date, last: Date, published: Date) -> Days {
        let last = if matches!(self, Self::FirstHalf) { last } else { last.min(published.max(first)) };
        let length = (last - first).get_days();
        let third = i64::from(length / 3);
        let (first, last) = match self {
            Self::Whole => (first, last),
            Self::Early => (first, first.checked_add(third.days()).unwrap_or(last)),
            Self::Late => (last.checked_sub(third.days()).unwrap_or(first), last),
            Self::FirstHalf => {
                // Six of twelve months, fifteen of thirty days.
                let half = if length > 300 {
                    first.checked_add(6.months())
                } else {
                    first.checked_add((length / 2 + 1).days())
                };
                (first, half.and_then(|day| day.yesterday()).unwrap_or(last).min(published.max(first)))
            }
            Self::SecondHalf => {
                let half =
                    if length > 300 { first.checked_add(6.months()) } else { first.checked_add((length / 2).days()) };
                (half.unwrap_or(first), last)
            }
            Self::Mid => {
                (first.checked_add(third.days()).unwrap_or(first), last.checked_sub(third.days()).unwrap_or(last))
            }
            Self::End => (last, last),
        };
        Days { first, last, give: u16::try_from((last - first).get_days() / 2).unwrap_or(0) }
    }
}

/// The latest day of that description which is not after the day of publication.
fn latest(published: Date, in_year: impl Fn(i16) -> Option<Date>) -> Option<Date> {
    let soon = published.checked_add(2.days()).unwrap_or(published);
    [published.year(), published.year() - 1].into_iter().filter_map(in_year).find(|day| *day <= soon)
}

pub(super) fn back(from: Date, count: i32, unit: TimeUnit) -> Option<Date> {
    if !(0..1_000).contains(&count) {
        return None;
    }
    let span = match unit {
        TimeUnit::Hour => ((count + 12) / 24).max(1).days(),
        TimeUnit::Day => count.days(),
        TimeUnit::Week => (count * 7).days(),
        TimeUnit::Month => count.months(),
        TimeUnit::Year => count.years(),
        TimeUnit::Decade => (count * 10).years(),
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
        TimeUnit::Year | TimeUnit::Decade => part.of(there.first_of_year(), there.last_of_year(), published),
    };
    Some(days)
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
            for unit in
                [TimeUnit::Hour, TimeUnit::Day, TimeUnit::Week, TimeUnit::Month, TimeUnit::Year, TimeUnit::Decade]
            {
                let _days = TimeExpression::Ago { count, unit }.days(day(2024, 3, 15));
            }
        }
    }
}
