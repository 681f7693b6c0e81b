//! Dates as feeds, pages and servers write them: ISO 8601, RFC 822 and what people made of them, in the languages read.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

/// Month names by their beginnings, with the month.
const MONTHS: [(&str, i8); 45] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("янв", 1),
    ("фев", 2),
    ("мар", 3),
    ("апр", 4),
    ("мая", 5),
    ("май", 5),
    ("мае", 5),
    ("июн", 6),
    ("июл", 7),
    ("авг", 8),
    ("сен", 9),
    ("окт", 10),
    ("ноя", 11),
    ("дек", 12),
    ("січ", 1),
    ("лют", 2),
    ("бер", 3),
    ("кві", 4),
    ("тра", 5),
    ("чер", 6),
    ("лип", 7),
    ("сер", 8),
    ("вер", 9),
    ("жов", 10),
    ("лис", 11),
    ("гру", 12),
    ("mär", 3),
    ("mai", 5),
    ("okt", 10),
    ("dez", 12),
    ("fév", 2),
    ("avr", 4),
    ("aoû", 8),
];

/// Names of time zones, with their offset in hours.
const ZONES: [(&str, i8); 26] = [
    ("gmt", 0),
    ("utc", 0),
    ("ut", 0),
    ("z", 0),
    ("wet", 0),
    ("west", 1),
    ("bst", 1),
    ("cet", 1),
    ("mez", 1),
    ("cest", 2),
    ("mesz", 2),
    ("eet", 2),
    ("eest", 3),
    ("msk", 3),
    ("мск", 3),
    ("msd", 4),
    ("idt", 3),
    ("trt", 3),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

/// Longest text that is looked at.
const LONGEST: usize = 200;

/// Reads a date with or without a time. Without a zone it is UTC, without a time the start of the day; `None` if it is
/// no date, or one that cannot be.
pub fn date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Some(exact);
    }
    iso(text).or_else(|| worded(text)).or_else(|| dotted(text))
}

/// "2022-03-23T12:00:00+0200", "2022-03-23 12:00", "2022-03-23".
fn iso(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_at_checked(10)?;
    let mut parts = day.split(['-', '/']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let date =
        Date::new(year.parse().ok().filter(|_| year.len() == 4)?, month.parse().ok()?, day.parse().ok()?).ok()?;
    let rest = rest.trim_start_matches(['T', 't', ' ']);
    let (time, zone) = time_and_zone(rest)?;
    at(date, time, zone)
}

/// A time with its zone, both optional.
fn time_and_zone(text: &str) -> Option<((Time, i64), i32)> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(text.len());
    let (clock, zone) = text.split_at_checked(end)?;
    let time = if clock.is_empty() { (Time::midnight(), 0) } else { clock_time(clock)? };
    Some((time, zone_seconds(zone.trim()).unwrap_or(0)))
}

/// "12:00", "12:00:30.5"; "24:00" is the next day's start, given as days to add.
fn clock_time(text: &str) -> Option<(Time, i64)> {
    let mut parts = text.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let second = parts.next().map_or(Some(0), |second| second.split('.').next()?.parse::<i8>().ok())?;
    let (hour, days) = if hour == 24 { (0, 1) } else { (hour, 0) };
    Some((Time::new(hour, minute, second.min(59), 0).ok()?, days))
}

/// "+0200", "+02:00", "MSK", "GMT+3", in seconds east of Greenwich.
fn zone_seconds(text: &str) -> Option<i32> {
    let text = text.trim_matches(['(', ')', ' ', ',']).to_lowercase();
    let first = text.split_whitespace().next()?;
    let sign_at = first.find(['+', '-', '−']);
    let name = sign_at.map_or(first, |at| first.get(..at).unwrap_or_default());
    let named = ZONES.iter().find(|(zone, _)| *zone == name).map(|(_, hours)| i32::from(*hours) * 3600);
    let Some(at) = sign_at else { return named };
    let (sign, digits) = first.get(at..)?.split_at_checked(first.get(at..)?.chars().next()?.len_utf8())?;
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        3 | 4 => {
            let (hours, minutes) = digits.split_at_checked(digits.len() - 2)?;
            (hours.parse().ok()?, minutes.parse().ok()?)
        }
        _ => return None,
    };
    let seconds = (hours * 60 + minutes) * 60;
    (seconds <= 14 * 3600).then_some(if sign == "+" { seconds } else { -seconds })
}

/// "Wed, 23 Mar 2022 12:00:00 +0200", "23 марта 2022, 12:00", "March 23, 2022", "Sunday, 06-Nov-94 08:49:37 GMT".
fn worded(text: &str) -> Option<Timestamp> {
    let cleaned = text.replace([',', '\u{a0}'], " ");
    let words: Vec<&str> = cleaned.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    let is_zone = |word: &str| {
        text.contains(&format!("-{word}"))
            && word.len() == 4
            && word.chars().all(|c| c.is_ascii_digit())
            && text.contains(':')
    };
    let month_at = words.iter().position(|word| month(word).is_some())?;
    let month = month(words.get(month_at)?)?;
    let number = |at: Option<usize>| at.and_then(|at| words.get(at)).and_then(|word| leading_number(word));
    let before = number(month_at.checked_sub(1)).filter(|day| (1..=31).contains(day));
    let (day, year_at) = match before {
        Some(day) => (day, month_at + 1),
        None => (number(Some(month_at + 1)).filter(|day| (1..=31).contains(day))?, month_at + 2),
    };
    // The C library writes the year last: "Sun Nov  6 08:49:37 1994".
    let year_word = words.get(year_at).filter(|word| !word.contains(':')).or_else(|| words.get(year_at + 1))?;
    let year = full_year(leading_number(year_word)?)?;
    let date = Date::new(year, month, i8::try_from(day).ok()?).ok()?;
    let clock_at = words.iter().position(|word| word.contains(':') && word.starts_with(|c: char| c.is_ascii_digit()));
    let Some(clock_at) = clock_at else { return at(date, (Time::midnight(), 0), 0) };
    let clock = words.get(clock_at)?;
    let end = clock.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(clock.len());
    let time = afternoon(clock_time(clock.get(..end)?)?, words.get(clock_at + 1).copied())?;
    let mut zone = clock.get(end..).filter(|zone| !zone.is_empty()).map(ToOwned::to_owned);
    if zone.is_none() {
        zone = words.get(clock_at + 1).map(|word| if is_zone(word) { format!("-{word}") } else { (*word).to_owned() });
    }
    at(date, time, zone.as_deref().and_then(zone_seconds).unwrap_or(0))
}

fn afternoon((time, days): (Time, i64), mark: Option<&str>) -> Option<(Time, i64)> {
    let mark = mark.map(|mark| mark.to_lowercase().replace('.', ""));
    let hour = match mark.as_deref() {
        Some("pm") if time.hour() < 12 => time.hour() + 12,
        Some("am") if time.hour() == 12 => 0,
        _ => time.hour(),
    };
    Some((Time::new(hour, time.minute(), time.second(), 0).ok()?, days))
}

/// "23.03.2022 12:00", "23/03/2022".
fn dotted(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_once([' ', ',']).unwrap_or((text, ""));
    let mut parts = day.split(['.', '/']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let date = Date::new(full_year(year.parse().ok()?)?, month.parse().ok()?, day.parse().ok()?).ok()?;
    let (time, zone) = time_and_zone(rest.trim_start_matches([' ', ',']))?;
    at(date, time, zone)
}

fn month(word: &str) -> Option<i8> {
    let lower = word.to_lowercase();
    let known = MONTHS.iter().find(|(name, _)| lower.starts_with(name));
    // "Martin" and "Mayor" begin like months, but no month is that long without being one.
    known.filter(|_| lower.chars().count() <= 9).map(|(_, month)| *month)
}

fn leading_number(word: &str) -> Option<i32> {
    let end = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    word.get(..end).filter(|digits| !digits.is_empty() && digits.len() <= 4)?.parse().ok()
}

/// Two digits mean this century up to 68 (POSIX).
fn full_year(year: i32) -> Option<i16> {
    let year = match year {
        0..=68 => year + 2000,
        69..=99 => year + 1900,
        other => other,
    };
    i16::try_from(year).ok().filter(|year| (1900..=2200).contains(year))
}

fn at(date: Date, (time, days): (Time, i64), zone: i32) -> Option<Timestamp> {
    let date = date.checked_add(jiff::ToSpan::days(days)).ok()?;
    Offset::from_seconds(zone).ok()?.to_timestamp(date.to_datetime(time)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        date(text).map(|time| time.to_string()).unwrap_or_default()
    }

    #[test]
    fn dates_are_read_however_they_are_written() {
        let noon = "2022-03-23T12:00:00Z";
        for text in [
            "Wed, 23 Mar 2022 12:00:00 GMT",
            "Wed, 23 Mar 2022 14:00:00 +0200",
            "23 Mar 2022 15:00 MSK",
            "Wed, 23 Mar 22 14:00:00 EET",
            "2022-03-23T14:00:00+0200",
            "2022-03-23T12:00:00Z",
            "2022-03-23 12:00",
            "23.03.2022 12:00",
            "23 марта 2022, 15:00 MSK",
            "23 березня 2022 14:00 EET",
            "Wed, 23 Mar 2022 15:00:00 GMT+3",
            "March 23, 2022 12:00",
            "Wednesday, 23-Mar-22 12:00:00 GMT",
            "Wed Mar 23 12:00:00 2022",
            "Wed, 23 Mar 2022 07:00:00 EST",
            "March 23, 2022 12:00 PM",
            "2022-03-23T12:00:00.000",
        ] {
            assert_eq!(read(text), noon, "{text}");
        }
        assert_eq!(read("Wed, 23 Mar 2022 24:00:00 GMT"), "2022-03-24T00:00:00Z");
        assert_eq!(read("2022-03-23"), "2022-03-23T00:00:00Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "soon", "2022-13-40", "32 Mar 2022", "Mayor Klitschko", "99999999999", "0", &"9".repeat(300)] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
