//! The single values of a table that TOML has types for: flags, whole numbers, days.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use toml::de::DeValue;

use crate::config::table::{Found, Table};

impl<'a> Table<'a> {
    /// True or false.
    pub(super) fn flag(&mut self, key: &'a str) -> Option<bool> {
        let found = self.get(key)?;
        if let DeValue::Boolean(flag) = found.value {
            return Some(*flag);
        }
        self.mistyped(key, &found, "true or false, without quotes");
        None
    }

    /// A whole number within `allowed`.
    pub(super) fn whole(&mut self, key: &'a str, allowed: &RangeInclusive<usize>) -> Option<usize> {
        let found = self.get(key)?;
        let wanted = format!("a whole number from {} to {}", allowed.start(), allowed.end());
        let DeValue::Integer(number) = found.value else {
            self.mistyped(key, &found, &wanted);
            return None;
        };
        match usize::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) if allowed.contains(&number) => Some(number),
            Ok(_) | Err(_) => {
                self.wrong(key, &found.at, format_args!("is {number}, must be {wanted}"));
                None
            }
        }
    }

    /// A day, written without quotes.
    pub(super) fn date(&mut self, key: &'a str) -> Option<Found<Date>> {
        let found = self.get(key)?;
        let wanted = "a day without quotes, such as 2022-02-24";
        let DeValue::Datetime(written) = found.value else {
            self.mistyped(key, &found, wanted);
            return None;
        };
        let (Some(day), None, None) = (written.date, written.time, written.offset) else {
            self.wrong(key, &found.at, format_args!("is {written}, must be {wanted}"));
            return None;
        };
        let parts = (i16::try_from(day.year), i8::try_from(day.month), i8::try_from(day.day));
        if let (Ok(year), Ok(month), Ok(day)) = parts
            && let Ok(date) = Date::new(year, month, day)
        {
            return Some(Found { value: date, at: found.at });
        }
        self.wrong(key, &found.at, format_args!("{written} is on no calendar; write {wanted}"));
        None
    }

    /// A day that must be there.
    pub(super) fn required_date(&mut self, key: &'a str) -> Option<Found<Date>> {
        self.expect(key, "2022-02-24");
        self.date(key)
    }
}
