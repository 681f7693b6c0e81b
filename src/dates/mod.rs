//! Dates as feeds, pages and servers write them: ISO 8601, RFC 822 and what people made of them, in the languages read.

mod clock;
mod names;
mod parts;

use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::dates::clock::{Moment, moment};
use crate::dates::parts::{Part, parts};

/// Longest text that is looked at, in bytes.
const LONGEST: usize = 200;

/// Bytes of a day as ISO 8601 writes it.
const DAY: usize = "2022-03-23".len();

/// Reads a date with or without a time. Without a zone it is UTC, without a time the start of the day; `None` if it is
/// no date, one that cannot be, or one that says different days to different readers ("03/04/2022").
pub fn date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    // A day alone is none, and takes less time to read than to refuse.
    if text.len() > DAY
        && let Ok(exact) = text.parse::<Timestamp>()
    {
        return Some(exact);
    }
    let mut parts = parts(text);
    if let [Part::Number { value, digits: digits @ (10 | 13) }] = parts.as_slice() {
        return Timestamp::from_millisecond(if *digits == 10 { value * 1_000 } else { *value }).ok();
    }
    let moment = moment(&mut parts)?;
    let date = compact(&parts).or_else(|| numbered(&parts)).or_else(|| worded(&parts))?;
    at(date, moment)
}

/// "20220323", also with the time behind it: "20220323180500", which is read to the day.
fn compact(parts: &[Part]) -> Option<Date> {
    let (Part::Number { value, digits }, rest) = parts.split_first()? else { return None };
    let value = match digits {
        8 => *value,
        14 => value / 1_000_000,
        _ => return None,
    };
    let is_alone = !rest.iter().any(|part| matches!(part, Part::Number { .. }));
    day(value / 10_000, value / 100 % 100, value % 100).filter(|_| is_alone)
}

/// "2022-03-23", "2022-03", "23.03.2022", "3/23/2022".
fn numbered(parts: &[Part]) -> Option<Date> {
    let three = parts.windows(5).find_map(|window| match window {
        [
            Part::Number { value: a, digits },
            Part::Sign(sign),
            Part::Number { value: b, .. },
            Part::Sign(next),
            Part::Number { value: c, digits: last },
        ] => (sign == next && matches!(sign, '-' | '.' | '/')).then_some((*a, *digits, *b, *c, *last, *sign)),
        _ => None,
    });
    match (three, parts) {
        (Some((year, 4, month, date, ..)), _) => day(year, month, date),
        (Some((first, 1 | 2, second, last, digits @ (2 | 4), sign)), _) => {
            let year = if digits == 2 { full_year(last) } else { last };
            // Americans put the month first, and nobody else; some dates cannot be told apart.
            match (sign, first, second) {
                ('/', 1..=12, 1..=12) if first != second => None,
                ('/', 1..=12, 13..) => day(year, first, second),
                _ => day(year, second, first),
            }
        }
        (
            None,
            [Part::Number { value: year, digits: 4 }, Part::Sign('-'), Part::Number { value: month, digits: 2 }],
        ) => day(*year, *month, 1),
        _ => None,
    }
}

/// "Wed, 23 Mar 2022", "23 марта 2022 г.", "March 23rd, 2022", "Sunday, 06-Nov-94", "Wed Mar 23 2022".
fn worded(parts: &[Part]) -> Option<Date> {
    let (at, month) = parts.iter().enumerate().find_map(|(at, part)| match part {
        Part::Word(word) => names::month(word).map(|month| (at, month)),
        Part::Number { .. } | Part::Sign(_) => None,
    })?;
    let (before, after) = parts.split_at_checked(at)?;
    let number = |part: &Part| match part {
        Part::Number { value, digits } => Some((*value, *digits)),
        Part::Word(_) | Part::Sign(_) => None,
    };
    let mut later = after.iter().filter_map(number);
    let is_day = |(value, digits): &(i64, usize)| *digits <= 2 && (1..=31).contains(value);
    let earlier = before.iter().rev().find_map(number).filter(is_day);
    let (date, _) = earlier.or_else(|| later.next().filter(is_day))?;
    let year = later.find(|(_, digits)| *digits == 4).map(|(year, _)| year);
    let short = || {
        after.iter().filter_map(number).rfind(|(value, digits)| *digits == 2 && (earlier.is_some() || *value != date))
    };
    let first = || before.iter().filter_map(number).find(|(_, digits)| *digits == 4).map(|(year, _)| year);
    let year = year.or_else(first).or_else(|| short().map(|(year, _)| full_year(year)))?;
    day(year, i64::from(month), date)
}

/// Two digits mean this century up to 68 (POSIX).
fn full_year(year: i64) -> i64 {
    year + if year <= 68 { 2000 } else { 1900 }
}

fn day(year: i64, month: i64, day: i64) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1900..=2200).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn at(date: Date, moment: Moment) -> Option<Timestamp> {
    let date = if moment.is_next_day { date.checked_add(1.day()).ok()? } else { date };
    Offset::from_seconds(moment.zone_minutes * 60).ok()?.to_timestamp(date.to_datetime(moment.time)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        date(text).map(|time| time.to_string()).unwrap_or_default()
    }

    fn all_are(time: &str, texts: &[&str]) {
        for text in texts {
            assert_eq!(read(text), time, "{text}");
        }
    }

    #[test]
    fn the_forms_of_the_standards_are_read() {
        all_are(
            "2022-03-23T12:00:00Z",
            &[
                "Wed, 23 Mar 2022 12:00:00 GMT",
                "Wed, 23 Mar 2022 14:00:00 +0200",
                "Wednesday, 23-Mar-22 12:00:00 GMT",
                "Wed Mar 23 12:00:00 2022",
                "2022-03-23T14:00:00+0200",
                "2022-03-23T12:00:00Z",
                "2022-03-23T12:00:00.000",
                "2022-03-23T14:00:00+02:00",
                "20220323T120000Z",
                "1648036800",
                "1648036800000",
            ],
        );
        all_are("2022-03-23T00:00:00Z", &["2022-03-23", "20220323", "23 Mar 2022"]);
        all_are("2022-03-01T00:00:00Z", &["2022-03"]);
    }

    #[test]
    fn what_people_made_of_them_is_read() {
        all_are(
            "2022-03-23T12:00:00Z",
            &[
                "Wed, 23 Mar 22 14:00 EET",
                "23 Mar 2022 15:00 MSK",
                "Wed, 23 Mar 2022 15:00:00 GMT+3",
                "Wed, 23 Mar 2022 15:00:00 GMT+0300",
                "Wed, 23 Mar 2022 15:00:00 +0300 (MSK)",
                "2022-03-23 12:00",
                "2022/03/23 12:00:00",
                "23.03.2022 12:00",
                "23.03.22, 12:00",
                "March 23, 2022 12:00 PM",
                "March 23rd, 2022 at 12:00 p.m.",
                "Wed Mar 23 15:00:00 +0300 2022",
                "Wed Mar 23 15:00:00 MSK 2022",
                "Wed, 23 March 2022 07:00:00 EST",
                "2022-03-23T12:00",
                "3/23/2022 12:00",
                "12:00, 23 Mar 2022",
                "Wed,23 Mar 2022 12:00:00GMT",
                "2022-03-23 15:00:00 UTC+03:00",
                "Wed, 23 Mar 2022 12:00:00 -0000",
                "2022-03-23T12:00:00 Z",
            ],
        );
        all_are("2022-03-24T00:00:00Z", &["Wed, 23 Mar 2022 24:00:00 GMT", "2022-03-23T24:00:00Z"]);
        all_are("2022-03-23T00:05:00Z", &["March 23, 2022 12:05 am", "Mar 23 2022 00:05:00"]);
        all_are("2005-03-02T12:00:00Z", &["2 Mar 05 12:00", "Mar 2, 2005 12:00"]);
    }

    #[test]
    fn russian_and_ukrainian_months_are_read() {
        all_are(
            "2022-03-23T15:05:00Z",
            &[
                "Ср, 23 мар 2022 18:05:00 +0300",
                "23 марта 2022, 18:05 МСК",
                "23 березня 2022, 15:05",
                "середа, 23 березня 2022 р., 17:05 EET",
                "23 мар. 2022 г. в 15:05",
                "Среда, 23 Марта 2022 15:05",
                "23 БЕР 2022 15:05",
                "15:05 - 23 марта 2022",
            ],
        );
        all_are("2022-08-24T00:00:00Z", &["24 серпня 2022", "24 августа 2022 года", "24 сер. 2022"]);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "soon",
            "yesterday",
            "2 hours ago",
            "2022-13-40",
            "32 Mar 2022",
            "30 Feb 2022",
            "Mayor Klitschko",
            "99999999999",
            "0",
            "2022",
            "12:00",
            "03/04/2022",
            "23 March",
            "7 000–15 000",
            "0001-01-01T00:00:00Z ",
            "-",
            "::",
            &"9".repeat(300),
        ] {
            assert_eq!(read(text), if text.starts_with("0001") { "0001-01-01T00:00:00Z" } else { "" }, "{text}");
        }
    }
}
