//! The attack that a war began with: "the attack of October 7", of whichever year an article is.

use jiff::civil::Date;

use crate::extract::count::Count;
use crate::extract::link::outcome_of;
use crate::extract::read::Reading;
use crate::extract::scan::{Item, Sentence, Value};
use crate::extract::tag::{Tag, TagSet};
use crate::extract::time::{TimeExpression, YearOf};
use crate::model::Outcome;

/// How many days after an anniversary its date is still that day's own.
const NEAR: i32 = 10;

/// How many words may stand between a date and the people who were harmed then.
const REACH: usize = 9;

impl<'a> Reading<'_, 'a> {
    /// Gives a date without a year the year of the war's first day, if it is that day.
    pub(super) fn date_first_day(&self, sentence: &mut Sentence<'a>) {
        let Some((start, published)) = self.names.start.zip(self.document.published) else { return };
        if !sentence.has(Tag::Time) || published.year() <= start.year() {
            return;
        }
        let latest = TimeExpression::Day { day: start.day(), month: start.month(), year: YearOf::Unsaid };
        let near = latest.days(published).is_some_and(|days| (published - days.last).get_days() <= NEAR);
        for item in sentence.items.iter_mut().filter(|item| !near && is_day(item, start)) {
            let year = YearOf::Given(start.year());
            item.value = Value::Time(TimeExpression::Day { day: start.day(), month: start.month(), year });
        }
    }

    /// "The deadliest raid since the office began its records in 2005": the year that a comparison goes back to dates nothing.
    pub(super) fn forget_comparison(&self, sentence: &mut Sentence<'a>) {
        let Some(start) = self.names.start.filter(|_| sentence.has(Tag::Since) && sentence.has(Tag::Time)) else {
            return;
        };
        let opens = TagSet::of(&[Tag::Comma, Tag::Semicolon]);
        let items = &mut sentence.items;
        for at in 0..items.len() {
            let before = items.get(at.saturating_sub(8)..at).unwrap_or_default().iter().rev();
            let mut clause = before.take_while(|item| !item.tags.meets(opens));
            let since = clause.position(|item| item.has(Tag::Since));
            let Some(item) = items.get_mut(at).filter(|_| since.is_some_and(|back| back > 1)) else { continue };
            let year = |year: i16| year < start.year();
            // "more than in any conflict since the organisation was founded 79 years ago"
            let days = self.document.published.and_then(|published| item.time()?.days(published));
            let ago = matches!(item.time(), Some(TimeExpression::Ago { .. }))
                && days.is_some_and(|days| year(days.last.year()));
            if ago || matches!(item.time(), Some(TimeExpression::Year(told, _)) if year(told)) {
                (item.value, item.tags) = (Value::None, Tag::Word.set());
            }
        }
    }

    /// "1,195 people were killed in the October 7 attack", not "45,000 have been killed since October 7".
    pub(super) fn is_of_first_day(&self, sentence: &Sentence<'a>, count: &Count) -> bool {
        if self.names.attacked().is_some() && ignites(sentence, count) {
            return true;
        }
        let Some(start) = self.names.start.filter(|_| sentence.has(Tag::Time)) else { return false };
        let taken = || sentence.items.iter().any(|item| outcome_of(item) == Some(Outcome::Captured));
        if !(sentence.has(Tag::Attack) || taken()) {
            return false;
        }
        // In the war's first year its first day needs no year.
        let same_year = self.document.published.is_some_and(|day| day.year() == start.year() && day >= start);
        let items = &sentence.items;
        let wall = TagSet::of(&[Tag::Count, Tag::Semicolon, Tag::Since]);
        let open = |from: usize, to: usize| {
            items.get(from..to).is_some_and(|between| !between.iter().any(|item| item.tags.meets(wall)))
        };
        let near = |at: usize| {
            let behind = at > count.items.end && at - count.items.end <= REACH && open(count.items.end, at);
            let before = at < count.items.start && count.items.start - at <= REACH && open(at, count.items.start);
            let since = at.checked_sub(1).and_then(|before| items.get(before)).is_some_and(|item| item.has(Tag::Since));
            (behind || before) && !since
        };
        let given = |item: &Item<'_>| {
            matches!(item.time(), Some(TimeExpression::Day { day, month, year: YearOf::Given(year) })
                if (year, month, day) == (start.year(), start.month(), start.day()))
        };
        let first = |item: &Item<'_>| given(item) || (same_year && is_day(item, start));
        // "the 251 people seized in the 2023 attack", told in a later year
        let later = self.document.published.is_some_and(|day| day.year() > start.year());
        let of_year = |at: usize, item: &Item<'_>| {
            let attack = items.get(at + 1).is_some_and(|next| next.has(Tag::Attack));
            later && attack && matches!(item.time(), Some(TimeExpression::Year(year, _)) if year == start.year())
        };
        items.iter().enumerate().any(|(at, item)| (first(item) || of_year(at, item)) && near(at))
    }
}

/// "1,200 people were killed in the attack that ignited the war", "in the raid that started it".
fn ignites(sentence: &Sentence<'_>, count: &Count) -> bool {
    let behind = sentence.items.get(count.items.end..).unwrap_or_default();
    behind.windows(4).take(12).any(|four| {
        let [attack, that, began, war] = four else { return false };
        let what = war.tags.meets(TagSet::of(&[Tag::War, Tag::It, Tag::Article]));
        attack.has(Tag::Attack) && that.has(Tag::Relative) && began.has(Tag::Start) && what
    })
}

fn is_day(item: &Item<'_>, start: Date) -> bool {
    matches!(item.time(), Some(TimeExpression::Day { day, month, year: YearOf::Unsaid })
        if (month, day) == (start.month(), start.day()))
}
