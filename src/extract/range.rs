//! Ranges of days and of years: "14–21 May", "between July 9 and 21", "2014–2021", "2022–23".

use crate::extract::calendar::Reader;
use crate::extract::tag::Tag;
use crate::extract::time::TimeExpression;
use crate::extract::token::Kind;

impl Reader<'_, '_> {
    /// "14–21 May", "1 and 14 February", "16 to 17 June": the night between two days is its second.
    pub(super) fn days(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let (from, from_len) = self.day(at)?;
        let joiner = at + from_len;
        let dash = self.scan.token(joiner).is_some_and(|token| token.is('—') || token.is('-'));
        let joins = [Tag::And, Tag::RangeTo, Tag::To].into_iter().find_map(|tag| self.tag(joiner, tag));
        let join_len = if dash { Some(1) } else { joins }?;
        let (to, to_len) = self.day(joiner + join_len)?;
        let month_at = joiner + join_len + to_len;
        let (month, month_len) = self.after_of(month_at)?;
        let len = month_at + month_len - at;
        let (year, year_len) = self.year_after(at + len);
        let time = match to - from {
            1 => TimeExpression::Day { day: to, month, year },
            2.. => TimeExpression::Days { from, to, month, year },
            _ => return None,
        };
        Some((time, len + year_len))
    }

    /// "2014–2021", "2022–23".
    pub(super) fn years(&self, at: usize) -> Option<(TimeExpression, usize)> {
        let (from, _) = self.digits(at, 4)?;
        let dash = self.scan.token(at + 1).is_some_and(|token| token.glued && (token.is('—') || token.is('-')));
        let (to, _) = dash.then(|| self.digits(at + 2, 4)).flatten()?;
        let to = if to < 100 { from - from % 100 + to } else { to };
        let (from, to) = (i16::try_from(from).ok()?, i16::try_from(to).ok()?);
        ((1800..=2100).contains(&from) && from < to && to <= 2100).then_some((TimeExpression::Years(from, to), 3))
    }

    /// "Jan. 26 to 30 and come from morgues", not "Jan. 26 to 30 villages".
    fn closes(&self, at: usize) -> bool {
        let mark = self.scan.token(at).is_none_or(|token| matches!(token.kind, Kind::Mark(_) | Kind::Break));
        mark || self.tag(at, Tag::And).is_some()
    }

    /// The second day of "between July 9 and 21", "from July 9 to 21", "July 9-21".
    pub(super) fn up_to(&self, at: usize, joiner: usize) -> Option<(i8, usize)> {
        let dash = self.scan.token(joiner).is_some_and(|token| token.glued && (token.is('-') || token.is('—')));
        let led = |tag: Tag| at.checked_sub(1).is_some_and(|before| self.tag(before, tag).is_some());
        let ranged = led(Tag::Between) || led(Tag::From);
        let joins = [Tag::And, Tag::RangeTo, Tag::To].into_iter().find_map(|tag| self.tag(joiner, tag));
        let join_len = if dash { 1 } else { joins? };
        let (to, len) = self.day(joiner + join_len)?;
        Some((to, join_len + len)).filter(|_| dash || ranged || self.closes(joiner + join_len + len))
    }
}
