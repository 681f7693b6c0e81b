//! The time of day in a date, with its zone.

use jiff::civil::Time;

use crate::dates::names;
use crate::dates::parts::Part;

/// A time of day somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) time: Time,
    /// Whether it was written as 24:00, the end of the day.
    pub(super) is_next_day: bool,
    /// East of Greenwich.
    pub(super) zone_minutes: i32,
}

/// Takes the time and its zone out of the parts; what is left is the date. Midnight in Greenwich if there is none;
/// `None` if there is one that cannot be.
pub(super) fn moment(parts: &mut Vec<Part>) -> Option<Moment> {
    let Some(at) = parts.windows(3).position(|window| {
        matches!(window, [Part::Number { digits: 1 | 2, .. }, Part::Sign(':'), Part::Number { digits: 2, .. }])
    }) else {
        return compact(parts).or(Some(Moment { time: Time::midnight(), is_next_day: false, zone_minutes: 0 }));
    };
    let mut rest = parts.split_off(at).into_iter().peekable();
    let mut numbers = Vec::new();
    while let Some(Part::Number { value, .. }) = rest.next_if(|part| matches!(part, Part::Number { .. })) {
        numbers.push(value);
        if numbers.len() == 4
            || rest.next_if(|part| *part == Part::Sign(':') || numbers.len() == 3 && *part == Part::Sign('.')).is_none()
        {
            break;
        }
    }
    let rest: Vec<Part> = rest.collect();
    let (half, rest) = half_of_day(&rest);
    let (zone_minutes, rest) = zone(rest);
    parts.extend_from_slice(rest);
    let (time, is_next_day) = clock(&numbers, half)?;
    Some(Moment { time, is_next_day, zone_minutes })
}

/// "20220323T180500Z", "20220323180500".
fn compact(parts: &mut Vec<Part>) -> Option<Moment> {
    let (value, used) = match parts.as_slice() {
        [Part::Number { value, digits: 14 }, ..] => (value % 1_000_000, 1),
        [Part::Number { digits: 8, .. }, Part::Word(t), Part::Number { value, digits: 6 }, ..] if t == "t" => {
            (*value, 3)
        }
        [Part::Number { digits: 8, .. }, Part::Word(t), Part::Number { value, digits: 4 }, ..] if t == "t" => {
            (value * 100, 3)
        }
        _ => return None,
    };
    let (zone_minutes, _) = zone(parts.get(used..).unwrap_or_default());
    let (time, is_next_day) = clock(&[value / 10_000, value / 100 % 100, value % 100], None)?;
    parts.truncate(1);
    Some(Moment { time, is_next_day, zone_minutes })
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

/// "am", "p.m."
fn half_of_day(parts: &[Part]) -> (Option<Half>, &[Part]) {
    let of = |word: &str| match word {
        "am" | "a" => Some(Half::Morning),
        "pm" | "p" => Some(Half::Afternoon),
        _ => None,
    };
    match parts {
        [Part::Word(a), Part::Sign('.'), Part::Word(m), rest @ ..] if m == "m" => (of(a), rest),
        [Part::Word(word), rest @ ..] if word.len() == 2 && of(word).is_some() => (of(word), rest),
        _ => (None, parts),
    }
}

fn clock(numbers: &[i64], half: Option<Half>) -> Option<(Time, bool)> {
    let number = |at: usize| i8::try_from(numbers.get(at).copied().unwrap_or(0)).ok();
    let (hour, minute, second) = (number(0)?, number(1)?, number(2)?);
    let (hour, is_next_day) = match (half, hour) {
        (Some(Half::Afternoon), 1..=11) => (hour + 12, false),
        (Some(Half::Morning), 12) => (0, false),
        (None, 24) => (0, true),
        _ => (hour, false),
    };
    // A leap second counts as the one before.
    Some((Time::new(hour, minute, second.min(59), 0).ok()?, is_next_day))
}

/// "+0200", "+02:00", "MSK", "GMT+3", "(UTC)", in minutes; Greenwich if there is none or nobody knows it.
fn zone(parts: &[Part]) -> (i32, &[Part]) {
    match parts {
        [Part::Sign('(' | ','), rest @ ..] => zone(rest),
        [Part::Word(word), rest @ ..] => match (names::zone(word), rest) {
            (Some(0), [Part::Sign('+' | '-'), Part::Number { .. }, ..]) => zone(rest),
            (Some(minutes), _) => (minutes, rest),
            (None, _) => (0, parts),
        },
        // In "18:05 - 3 марта" the day follows.
        [Part::Sign('-'), Part::Number { .. }, Part::Word(word), ..] if names::month(word).is_some() => (0, parts),
        [Part::Sign(sign @ ('+' | '-')), Part::Number { value, digits }, rest @ ..] => {
            let (minutes, rest) = match (digits, rest) {
                (1 | 2, [Part::Sign(':'), Part::Number { value: minutes, digits: 2 }, rest @ ..]) => {
                    (value * 60 + minutes, rest)
                }
                (1 | 2, _) => (value * 60, rest),
                (3 | 4, _) => (value / 100 * 60 + value % 100, rest),
                _ => return (0, parts),
            };
            match i32::try_from(minutes) {
                Ok(minutes) if minutes <= 14 * 60 => (if *sign == '-' { -minutes } else { minutes }, rest),
                _ => (0, parts),
            }
        }
        _ => (0, parts),
    }
}
