//! How dates and stretches of time are written: months, weekdays, "two weeks ago", "the past 24 hours".

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use jiff::civil::Date;

use crate::extract::meaning::Meaning;
use crate::extract::opening::Opening;
use crate::extract::scan::Scan;
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::{Part, TimeExpression, YearOf};
use crate::extract::token::{Kind, Token};
use crate::extract::vocabulary::TimeUnit;

/// Reads the time that begins at a token, and how many tokens it takes; most words are seen to begin none before.
#[inline(never)]
pub(super) fn time_expression(scan: &Scan<'_>, at: usize, end: usize) -> Option<(TimeExpression, usize)> {
    let reader = Reader { scan, end };
    let opening = reader.opening(at);
    let named = if opening.dated { reader.dated(at) } else { None };
    let named = named.or_else(|| if opening.named { reader.of_months(at) } else { None });
    let named =
        named.or_else(|| if opening.named { reader.calendar(at).or_else(|| reader.relative(at)) } else { None });
    let counted = opening.counted && reader.may_count(at);
    named.or_else(|| {
        if counted { reader.night_of(at).or_else(|| reader.month_of(at)).or_else(|| reader.stretch(at)) } else { None }
    })
}

/// The words for a part of a month or year.
const PARTS: TagSet = TagSet::of(&[Tag::Late, Tag::Early, Tag::End, Tag::Mid, Tag::FirstHalf, Tag::SecondHalf]);

/// The most digits of a day, a year or a number of them.
const LONGEST_YEAR: usize = 4;

/// Reads the tokens up to an end.
pub(super) struct Reader<'s, 'a> {
    pub(super) scan: &'s Scan<'a>,
    end: usize,
}

impl Reader<'_, '_> {
    pub(super) fn pick<T>(&self, at: usize, pick: impl Fn(Meaning) -> Option<T>) -> Option<(T, usize)> {
        if at >= self.end {
            return None;
        }
        let (len, meanings) = self.scan.hit(at);
        meanings.iter().copied().find_map(pick).map(|found| (found, len))
    }

    fn opening(&self, at: usize) -> Opening {
        // "1,234" is no day and no year, but "23.03.2022" is.
        let dates = |text: &str| text.len() <= LONGEST_YEAR || text.contains('.');
        let digits = self.scan.token(at).filter(|token| token.kind == Kind::Digits);
        if digits.is_some_and(|token| dates(token.text(self.scan.source))) {
            let any = self.may_date(at);
            return Opening { dated: any, named: any, counted: any };
        }
        self.scan.sense(at).opening.unwrap_or_default()
    }

    /// Whether a number may be of a date or of a stretch: it has the four digits of a year, or something of time behind it.
    fn may_date(&self, at: usize) -> bool {
        let goes_on = |next: &Token| next.glued || next.kind == Kind::Digits || next.is('-') || next.is('—');
        let is_short = self.scan.token(at).is_some_and(|token| token.end - token.start < 4);
        let next = self.scan.token(at + 1).is_some_and(goes_on) || self.scan.sense(at + 1).dates;
        !is_short || next || self.scan.hit(at).0 > 0
    }

    /// Whether a number or an article may open a stretch: a unit of time or a hyphen stands behind it, as behind most "the"
    /// there is none.
    fn may_count(&self, at: usize) -> bool {
        let is_digits = self.scan.token(at).is_some_and(|token| token.kind == Kind::Digits);
        let behind = at + if is_digits { 1 } else { self.scan.hit(at).0 };
        let leads = TagSet::of(&[Tag::Last, Tag::Per]);
        let measured = self.scan.sense(behind).unit || self.scan.token(behind).is_some_and(|token| token.is('-'));
        measured || self.scan.sense(at).tags.meets(leads)
    }

    fn dated(&self, at: usize) -> Option<(TimeExpression, usize)> {
        self.iso(at).or_else(|| self.days(at)).or_else(|| self.years(at))
    }

    pub(super) fn tag(&self, at: usize, tag: Tag) -> Option<usize> {
        (at < self.end && self.scan.sense(at).tags.has(tag)).then(|| self.scan.hit(at).0)
    }

    pub(super) fn month(&self, at: usize) -> Option<(i8, usize)> {
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

    pub(super) fn unit(&self, at: usize) -> Option<(TimeUnit, usize)> {
        self.pick(at, |meaning| if let Meaning::Unit(unit) = meaning { Some(unit) } else { None })
    }

    pub(super) fn small(&self, at: usize) -> Option<(i32, usize)> {
        if let Some(found) = self.digits(at, 4) {
            return Some(found);
        }
        self.pick(at, |meaning| match meaning {
            Meaning::Number(value) => i32::try_from(value).ok(),
            Meaning::Plain(Tag::One | Tag::Article) => Some(1),
            _ => None,
        })
    }

    pub(super) fn digits(&self, at: usize, longest: usize) -> Option<(i32, usize)> {
        let token = self.scan.token(at).filter(|token| at < self.end && token.kind == Kind::Digits)?;
        let text = token.text(self.scan.source);
        (text.len() <= longest).then(|| text.parse().ok()).flatten().map(|n| (n, 1))
    }

    /// A day of the month, with its ordinal ending if it has one: "2", "2nd", "11-го".
    pub(super) fn day(&self, at: usize) -> Option<(i8, usize)> {
        if let Some((day, len)) =
            self.pick(at, |meaning| if let Meaning::Ordinal(day) = meaning { Some(day) } else { None })
        {
            return Some((day, len));
        }
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

    pub(super) fn year(&self, at: usize) -> Option<(i16, usize)> {
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
        let parts: Vec<&str> = if text.contains('.') { text.splitn(4, '.').collect() } else { Vec::new() };
        if let [day, month, year] = parts.as_slice()
            && year.len() == 4
        {
            return Some((full(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?, 1));
        }
        if let [day, month, year] = parts.as_slice()
            && [day.len(), month.len(), year.len()] == [2, 2, 2]
        {
            let year: i16 = year.parse().ok()?;
            return Some((full(2_000 + year, month.parse().ok()?, day.parse().ok()?)?, 1));
        }
        let (year, _) = self.digits(at, 4).filter(|(year, _)| (1800..=2100).contains(year))?;
        let year = i16::try_from(year).ok()?;
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
                if let Some((to, to_len)) = self.up_to(at, at + len).filter(|(to, _)| *to > day + 1) {
                    let (year, year_len) = self.year_after(at + len + to_len);
                    return Some((TimeExpression::Days { from: day, to, month, year }, len + to_len + year_len));
                }
                let (year, year_len) = self.year_after(at + len);
                return Some((TimeExpression::Day { day, month, year }, len + year_len));
            }
            let (year, year_len) = self.year_after(start + month_len);
            let year = if back && year == YearOf::Unsaid { YearOf::Before } else { year };
            let len = part_len + back_len + month_len + year_len;
            return Some((TimeExpression::Month { month, year, part }, len));
        }
        let (season, season_len) =
            self.pick(start, |meaning| if let Meaning::Season(month) = meaning { Some(month) } else { None })?;
        let (year, year_len) = self.year_after(start + season_len);
        Some((TimeExpression::Season { month: season, year }, part_len + back_len + season_len + year_len))
    }

    pub(super) fn after_of(&self, at: usize) -> Option<(i8, usize)> {
        let of = self.tag(at, Tag::Of).unwrap_or(0);
        self.month(at + of).map(|(month, len)| (month, of + len))
    }

    /// ", 2022", "2022", "of 2022", "last year", behind a day or a month.
    pub(super) fn year_after(&self, at: usize) -> (YearOf, usize) {
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
        let last = |at: usize| {
            self.tag(at, Tag::Last).and_then(|len| match self.unit(at + len) {
                Some((TimeUnit::Year, unit_len)) => Some(len + unit_len),
                Some(_) | None => None,
            })
        };
        let last = last(at).or_else(|| last(at + of).map(|len| len + of));
        last.map_or((YearOf::Unsaid, 0), |len| (YearOf::Last, len))
    }

    fn part(&self, at: usize) -> (Part, usize) {
        if at >= self.end || !self.scan.sense(at).tags.meets(PARTS) {
            return (Part::Whole, 0);
        }
        let late = self.tag(at, Tag::Late).map(|len| (Part::Late, len));
        let early = self.tag(at, Tag::Early).map(|len| (Part::Early, len));
        let end = self.tag(at, Tag::End).map(|len| (Part::End, len));
        let mid = self.tag(at, Tag::Mid).map(|len| (Part::Mid, len));
        let first_half = self.tag(at, Tag::FirstHalf).map(|len| (Part::FirstHalf, len));
        let second_half = self.tag(at, Tag::SecondHalf).map(|len| (Part::SecondHalf, len));
        let (part, len) = late.or(early).or(end).or(mid).or(first_half).or(second_half).unwrap_or((Part::Whole, 0));
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
            let taken = part_len + mark_len + len + stop;
            // "Wednesday, 6 March": the date says which.
            let comma = usize::from(self.scan.token(at + taken).is_some_and(|token| token.is(',')));
            let date = at + taken + comma;
            let is_digits = self.scan.token(date).is_some_and(|token| token.kind == Kind::Digits);
            if (is_digits || self.month(date).is_some())
                && let Some((day @ TimeExpression::Day { .. }, len)) = time_expression(self.scan, date, self.end)
            {
                return Some((day, taken + comma + len));
            }
            return Some((TimeExpression::Weekday(weekday), taken));
        }
        if count >= 0
            && let Some((unit, len)) = self.unit(start + mark_len)
        {
            // "the past day" is a stretch, as "last month" is a month.
            let running = self.tag(start, Tag::Running).is_some();
            let stretch = count == 1 && (running || matches!(unit, TimeUnit::Day | TimeUnit::Hour));
            let unit = if stretch {
                TimeExpression::Past { count: 1, unit }
            } else {
                TimeExpression::Unit { unit, back: count, part }
            };
            return Some((unit, part_len + mark_len + len));
        }
        // "the first half of the year"
        if part != Part::Whole
            && mark_len == 0
            && let Some(article) = self.tag(start, Tag::Article)
            && let Some((unit @ (TimeUnit::Month | TimeUnit::Year), len)) = self.unit(start + article)
        {
            return Some((TimeExpression::Unit { unit, back: 0, part }, part_len + article + len));
        }
        if part != Part::Whole
            && mark_len == 0
            && let Some((year, len)) = self.year(start)
        {
            return Some((TimeExpression::Year(year, part), part_len + len));
        }
        let (year, len) = self.year(at)?;
        let word = self.pick(at + len, |m| if let Meaning::Unit(TimeUnit::Year) = m { Some(()) } else { None });
        let names_war = self.tag(at + len, Tag::War).is_some() || self.tag(at + len, Tag::Battle).is_some();
        let dated = word.is_some() || names_war || self.follows_time_word(at) || self.closes_after(at + len);
        let is_bare = self.scan.token(at).is_some_and(|token| token.text(self.scan.source).len() == 4);
        (dated && is_bare).then_some((TimeExpression::Year(year, Part::Whole), len + word.map_or(0, |((), len)| len)))
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

    /// "the night of 28 August": the day itself.
    fn night_of(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let article = self.tag(at, Tag::Article)?;
        let (_, unit) = self.unit(at + article).filter(|(unit, _)| *unit == TimeUnit::Day)?;
        let of = self.tag(at + article + unit, Tag::Of)?;
        let led = article + unit + of;
        let (day, len) = self.calendar(at + led).or_else(|| self.relative(at + led))?;
        day.is_point().then_some((day, led + len))
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
        if last_len > 0
            && let Some(of_war) = self.tag(at + len, Tag::Stretch)
        {
            return Some((TimeExpression::OfWar { count, unit }, len + of_war));
        }
        if last_len > 0 {
            return Some((TimeExpression::Past { count, unit }, len));
        }
        if let Some(ago) = self.tag(at + len, Tag::Ago) {
            // "a year ago today": to the day.
            let to_day = self.pick(at + len + ago, |m| if let Meaning::RelativeDay(0) = m { Some(()) } else { None });
            return Some((TimeExpression::Ago { count, unit }, len + ago + to_day.map_or(0, |((), len)| len)));
        }
        // "84 years since the massacre"
        if matches!(unit, TimeUnit::Year | TimeUnit::Decade) && self.tag(at + len, Tag::Since).is_some() {
            return Some((TimeExpression::Ago { count, unit }, len));
        }
        if let Some(of_war) = self.tag(at + len, Tag::Stretch) {
            return Some((TimeExpression::OfWar { count, unit }, len + of_war));
        }
        if self.tag(at, Tag::One).is_some() && hyphen == 0 {
            return Some((TimeExpression::Rate(unit), len));
        }
        if self.tag(at, Tag::Article).is_some() && hyphen == 0 {
            return Some((TimeExpression::Same(unit), len));
        }
        Some((TimeExpression::Length { count, unit }, len))
    }
}

fn full(year: i16, month: i8, day: i8) -> Option<TimeExpression> {
    Date::new(year, month, day).ok().map(|_| TimeExpression::Day { day, month, year: YearOf::Given(year) })
}
