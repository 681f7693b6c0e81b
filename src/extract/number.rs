//! Numbers in all their clothes: digits with groups, words, multipliers, size words.

#![allow(clippy::wildcard_enum_match_arm, reason = "a question about one meaning has the same answer for all others")]

use crate::extract::meaning::Meaning;
use crate::extract::scan::Scan;
use crate::extract::tag::Tag;
use crate::extract::token::{Case, Kind};

/// A number as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral {
    pub(super) value: u64,
    /// A word multiplied it ("40 thousand"), so that a bare number before it in a range may mean the same.
    pub(super) multiplier: u64,
    /// Only a size word: "dozens".
    pub(super) vague: bool,
    /// The size word is a lower bound, unlike "a dozen".
    pub(super) open: bool,
    /// Why it cannot count people whatever stands beside it.
    pub(super) odd: Option<Odd>,
    /// It is written in digits.
    pub(super) digits: bool,
}

/// A number that counts nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Odd {
    /// "12.5".
    Decimal,
    /// "12:45".
    Clock,
    /// "36-year", "200-strong".
    Compound,
    /// "№ 5", "Su-27", "T-72".
    Label,
}

impl Numeral {
    fn plain(value: u64, digits: bool) -> Self {
        Self { value, multiplier: 1, vague: false, open: false, odd: None, digits }
    }
}

/// Reads the number that begins at a token, and how many tokens it takes; most words are seen to begin none before.
#[inline(never)]
pub(super) fn numeral(scan: &Scan<'_>, at: usize, end: usize) -> Option<(Numeral, usize)> {
    let token = scan.token(at)?;
    match token.kind {
        Kind::Digits => Some(digits(scan, at, end)),
        Kind::Word => words(scan, at, end),
        Kind::Mark(_) | Kind::Break => None,
    }
}

fn digits(scan: &Scan<'_>, at: usize, end: usize) -> (Numeral, usize) {
    let text = scan.token(at).map(|token| token.text(scan.source)).unwrap_or_default();
    let (value, scale, odd) = read_digits(text, scan.language.file.text.decimal_comma);
    let mut numeral = Numeral { odd, ..Numeral::plain(value, true) };
    let mut len = 1;
    let glued_label = scan.token(at).is_some_and(|token| token.glued)
        && at
            .checked_sub(1)
            .and_then(|before| scan.token(before))
            .is_some_and(|before| before.is('-') || before.kind == Kind::Word);
    if let Some((factor, taken)) = multiplier(scan, at + 1, end) {
        numeral.value = value.saturating_mul(factor) / scale;
        numeral.multiplier = factor;
        len += taken;
    } else if scale == 1_000 && value >= 1_000 && value.to_string().len() == text.len() - 1 {
        // "11.000 people": thousands set off as much of Europe does; nobody counts people to the third decimal.
        numeral.value = value;
    } else if scale > 1 {
        numeral.value = value / scale;
        numeral.odd = Some(Odd::Decimal);
    }
    if is_score(scan, at)
        || (glued_label && !range_before(scan, at))
        || (is_labelled(scan, at) && !counts_people(scan, at + len))
    {
        numeral.odd = Some(Odd::Label);
    }
    if let Some(taken) = compound(scan, at + len, end) {
        numeral.odd = Some(Odd::Compound);
        len += taken;
    } else if value <= 24 && names_hour(scan, at + len, end) {
        numeral.odd = Some(Odd::Clock);
        len += 1;
    }
    (numeral, len)
}

/// "4 a.m."
fn names_hour(scan: &Scan<'_>, at: usize, end: usize) -> bool {
    let word = scan.token(at).filter(|_| at < end).map(|token| token.text(scan.source)).unwrap_or_default();
    scan.language.file.numbers.hours.iter().any(|hour| hour == word.trim_end_matches('.'))
}

/// "School No. 12".
fn is_labelled(scan: &Scan<'_>, at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| scan.token(at));
    let back = if before(1).is_some_and(|token| token.is('.') && token.glued) { 2 } else { 1 };
    let is_word = |token: &&crate::extract::token::Token| token.kind == Kind::Word;
    let word = before(back).filter(is_word).map(|token| token.text(scan.source));
    word.is_some_and(|word| scan.language.file.text.labels.iter().any(|label| label == word))
}

/// "since the start of the operation 5937 servicemen": what it labels, elsewhere, stands by itself.
fn counts_people(scan: &Scan<'_>, at: usize) -> bool {
    let is_word = scan.token(at).is_some_and(|token| token.case == Case::Lower);
    is_word && scan.sense(at).tags.has(Tag::People)
}

/// "2-0", "the vote was 14-1": no range goes down.
fn is_score(scan: &Scan<'_>, at: usize) -> bool {
    let value = |at: usize| {
        let token = scan.token(at).filter(|token| token.kind == Kind::Digits && token.end - token.start <= 2)?;
        token.text(scan.source).parse::<u8>().ok()
    };
    let hyphen = |at: usize| {
        let glued = |at: usize| scan.token(at).is_some_and(|token| token.glued);
        scan.token(at).is_some_and(|token| token.is('-')) && glued(at) && glued(at + 1)
    };
    let falls = |first: usize| {
        hyphen(first + 1) && value(first).zip(value(first + 2)).is_some_and(|(first, second)| first > second)
    };
    falls(at) || at.checked_sub(2).is_some_and(falls)
}

/// "15-20": the hyphen joins two numbers.
fn range_before(scan: &Scan<'_>, at: usize) -> bool {
    let dash = at.checked_sub(1).and_then(|before| scan.token(before)).is_some_and(|token| token.is('-'));
    dash && at.checked_sub(2).and_then(|before| scan.token(before)).is_some_and(|token| token.kind == Kind::Digits)
}

/// The digits as an integer, what to divide it by, and what is odd about them.
fn read_digits(text: &str, decimal_comma: bool) -> (u64, u64, Option<Odd>) {
    // As most are written.
    if let Ok(value) = text.parse() {
        return (value, 1, None);
    }
    if text.contains(':') {
        return (0, 1, Some(Odd::Clock));
    }
    let decimal = if decimal_comma { ',' } else { '.' };
    let grouped = |separator: char| {
        let mut groups = text.split(separator);
        groups.next().is_some_and(|first| (1..=3).contains(&first.len())) && groups.all(|group| group.len() == 3)
    };
    let divides = |mark: char| {
        let is_group = || grouped(mark) && (mark != decimal || text.matches(mark).count() > 1);
        text.contains(mark) && !is_group() && (mark == decimal || !grouped(mark))
    };
    // Asked once a mark and not once a place, so that a run of a million groups takes no million squared.
    let (stop_divides, comma_divides) = (divides('.'), divides(','));
    let mut value: u64 = 0;
    let mut scale: u64 = 1;
    let mut after_decimal = false;
    for c in text.chars() {
        if let Some(digit) = c.to_digit(10) {
            value = value.saturating_mul(10).saturating_add(u64::from(digit));
            scale = if after_decimal { scale.saturating_mul(10) } else { scale };
        } else {
            after_decimal |= (c == '.' && stop_divides) || (c == ',' && comma_divides);
        }
    }
    let many_decimals = after_decimal && text.matches(['.', ',']).count() > 1 && !text.contains(' ');
    (value, scale.max(1), many_decimals.then_some(Odd::Label))
}

/// "million", "тис.", or a letter glued to the digits ("350k").
fn multiplier(scan: &Scan<'_>, at: usize, end: usize) -> Option<(u64, usize)> {
    if at >= end {
        return None;
    }
    let token = scan.token(at)?;
    if token.glued && token.kind == Kind::Word {
        let text = token.text(scan.source);
        return scan.language.file.numbers.suffixes.get(text).map(|factor| (*factor, 1));
    }
    let after_hyphen = token.is('-') && token.glued;
    let word = if after_hyphen { at + 1 } else { at };
    let (len, meanings) = scan.hit(word);
    let factor = meanings.iter().find_map(|meaning| match meaning {
        Meaning::Multiplier(factor) if *factor >= 100 => Some(*factor),
        _ => None,
    })?;
    let taken = word - at + len;
    // "тис." keeps its stop, as long as that does not end the sentence.
    let stop = usize::from(is_abbreviation_stop(scan, at + taken, end));
    Some((factor, taken + stop))
}

fn is_abbreviation_stop(scan: &Scan<'_>, at: usize, end: usize) -> bool {
    at + 1 < end && scan.token(at).is_some_and(|token| token.is('.') && token.glued)
}

/// "-year-old", "-strong", "-kilometre", "th", "mm": how many tokens make the number part of a word.
fn compound(scan: &Scan<'_>, at: usize, end: usize) -> Option<usize> {
    let first = scan.token(at).filter(|token| at < end && token.glued)?;
    if first.kind == Kind::Word {
        return Some(1);
    }
    let word = scan.token(at + 1).filter(|token| at + 1 < end && token.glued && token.kind == Kind::Word)?;
    // "20-plus", "sixty-odd" stay numbers.
    let hedges = |meaning: &Meaning| matches!(meaning, Meaning::Plus | Meaning::HedgeAfter(_));
    if !first.is('-') || !word.glued || scan.hit(at + 1).1.iter().any(hedges) {
        return None;
    }
    // "56-year-old"
    let goes_on = |at: usize| {
        let dash = scan.token(at).is_some_and(|token| token.glued && token.is('-'));
        let word = scan.token(at + 1).is_some_and(|token| token.glued && token.kind == Kind::Word);
        at + 1 < end && dash && word
    };
    Some(if goes_on(at + 2) { 4 } else { 2 })
}

fn words(scan: &Scan<'_>, at: usize, end: usize) -> Option<(Numeral, usize)> {
    let (len, meanings) = scan.hit(at);
    if len == 0 || at + len > end {
        return None;
    }
    let vague = meanings.iter().find(|meaning| matches!(meaning, Meaning::Vague(_)));
    for meaning in vague.into_iter().chain(meanings) {
        match *meaning {
            Meaning::Vague(low) => {
                // "a thousand two hundred" in languages that write the thousand without "one".
                let spelled = if meanings.len() > 1 { spelled(scan, at, end) } else { None };
                if let Some(exact) = spelled.filter(|(_, taken)| *taken > len) {
                    return Some(exact);
                }
                return Some((Numeral { vague: true, open: true, ..Numeral::plain(low, false) }, len));
            }
            Meaning::Collective(value) => {
                // "a hundred thousand"
                if let Some((factor, taken)) = multiplier(scan, at + len, end).filter(|(factor, _)| *factor > value) {
                    let numeral = Numeral::plain(value.saturating_mul(factor), false);
                    return Some((Numeral { multiplier: factor, ..numeral }, len + taken));
                }
                // "a hundred and ninety-six", "a hundred and twenty thousand", but "between a hundred and two hundred"
                let joined = scan.hit(at + len).1.iter().any(|meaning| matches!(meaning, Meaning::NumberJoin));
                let whole = spelled_on(scan, at + len + 1, end, value).filter(|_| joined && value >= 100);
                if let Some((whole, taken)) = whole
                    && (whole.multiplier == 1 || (whole.multiplier > value && value < 1000))
                    && whole.odd.is_none()
                {
                    return Some((whole, len + 1 + taken));
                }
                return Some((Numeral { vague: true, ..Numeral::plain(value, false) }, len));
            }
            Meaning::Half => {
                let (factor, taken) = half_of(scan, at + len, end)?;
                return Some((Numeral { multiplier: factor, ..Numeral::plain(factor / 2, false) }, len + taken));
            }
            Meaning::Number(_) => {
                return decimal(scan, at, end).or_else(|| clock(scan, at, end)).or_else(|| spelled(scan, at, end));
            }
            // A bare "thousand" counts one of itself: "a thousand" begins with an article that is not a number word.
            Meaning::Multiplier(factor) if factor >= 100 => {
                return Some((Numeral { vague: true, multiplier: factor, ..Numeral::plain(factor, false) }, len));
            }
            _ => {}
        }
    }
    None
}

/// "half a million": the multiplier, at most one short word away.
fn half_of(scan: &Scan<'_>, at: usize, end: usize) -> Option<(u64, usize)> {
    for skipped in 0..=2 {
        if at + skipped >= end {
            return None;
        }
        let (len, meanings) = scan.hit(at + skipped);
        for meaning in meanings {
            if let Meaning::Multiplier(factor) | Meaning::Collective(factor) = meaning {
                return Some((*factor, skipped + len));
            }
        }
    }
    None
}

/// A number word.
fn word(scan: &Scan<'_>, at: usize) -> Option<(u64, usize)> {
    let (len, meanings) = scan.hit(at);
    let value =
        meanings.iter().find_map(|meaning| if let Meaning::Number(value) = meaning { Some(*value) } else { None });
    value.map(|value| (value, len))
}

/// "one point two million".
fn decimal(scan: &Scan<'_>, at: usize, end: usize) -> Option<(Numeral, usize)> {
    let (whole, len) = word(scan, at)?;
    let (point, meanings) = scan.hit(at + len);
    if !meanings.iter().any(|meaning| matches!(meaning, Meaning::Point)) {
        return None;
    }
    let (mut here, mut digits, mut scale) = (at + len + point, 0_u64, 1_u64);
    while let Some((digit, len)) = word(scan, here).filter(|(digit, _)| *digit < 10 && scale < 1_000) {
        (digits, scale, here) = (digits * 10 + digit, scale * 10, here + len);
    }
    let (factor, taken) = multiplier(scan, here, end).filter(|_| scale > 1)?;
    let value = whole.saturating_mul(factor).saturating_add(digits.saturating_mul(factor) / scale);
    Some((Numeral { multiplier: factor, ..Numeral::plain(value, false) }, here + taken - at))
}

/// "twenty past nine", "ten to six": a time of day, no range.
fn clock(scan: &Scan<'_>, at: usize, end: usize) -> Option<(Numeral, usize)> {
    let (minutes, len) = word(scan, at)?;
    let (joint, meanings) = scan.hit(at + len);
    let (hour, hour_len) = word(scan, at + len + joint).filter(|(hour, _)| joint > 0 && *hour <= 12)?;
    let has = |tag: Tag| meanings.contains(&Meaning::Plain(tag));
    let is_time = has(Tag::Running) || (has(Tag::RangeTo) && has(Tag::To) && minutes > hour);
    let taken = len + joint + hour_len;
    let numeral = Numeral { odd: Some(Odd::Clock), ..Numeral::plain(hour, false) };
    (is_time && minutes < 30 && at + taken <= end).then_some((numeral, taken))
}

/// "thirty-one thousand two hundred and five", "two dozen".
fn spelled(scan: &Scan<'_>, at: usize, end: usize) -> Option<(Numeral, usize)> {
    spelled_on(scan, at, end, 0)
}

/// Goes on with a number that began before: "a hundred" "and twenty thousand".
fn spelled_on(scan: &Scan<'_>, at: usize, end: usize, begun: u64) -> Option<(Numeral, usize)> {
    let (mut total, mut current) = if begun < 1000 { (0, begun) } else { (begun, 0) };
    let (mut taken, mut last_multiplier) = (0, 1);
    let (mut last_small, mut collective) = (u64::MAX, false);
    let mut position = at;
    while position < end {
        let joiner = joiner_len(scan, position, end, taken > 0);
        let (len, meanings) = scan.hit(position + joiner);
        if len == 0 || position + joiner + len > end {
            break;
        }
        let step = meanings.iter().find_map(|meaning| match *meaning {
            Meaning::Number(value) if value < 100 && fits(value, last_small) => Some((value, false)),
            Meaning::Number(value) if value >= 100 && current == 0 => Some((value, false)),
            Meaning::Multiplier(factor) if joiner == 0 || is_hyphen(scan, position) => Some((factor, true)),
            Meaning::Collective(value) if taken > 0 && joiner == 0 => Some((value, true)),
            _ => None,
        });
        let Some((value, multiplies)) = step else { break };
        if multiplies {
            collective |= meanings.iter().any(|meaning| matches!(meaning, Meaning::Collective(_)));
            current = current.max(1).saturating_mul(value);
            last_small = u64::MAX;
            last_multiplier = value;
            if value >= 1000 {
                total = total.saturating_add(current);
                current = 0;
            }
        } else {
            current = current.saturating_add(value);
            last_small = value;
        }
        position += joiner + len;
        taken = position - at;
    }
    let odd = compound(scan, position, end).filter(|_| taken > 0);
    let numeral = Numeral {
        multiplier: last_multiplier,
        vague: collective,
        odd: odd.map(|_| Odd::Compound),
        ..Numeral::plain(total.saturating_add(current), false)
    };
    (taken > 0).then_some((numeral, taken + odd.unwrap_or(0)))
}

/// A smaller number word may follow a larger one: "thirty" "one", "hundred" … "five".
fn fits(value: u64, last_small: u64) -> bool {
    last_small == u64::MAX
        || ((20..100).contains(&last_small) && last_small.is_multiple_of(10) && value < 10)
        || (last_small >= 100 && value < 100)
}

fn is_hyphen(scan: &Scan<'_>, at: usize) -> bool {
    scan.token(at).is_some_and(|token| token.is('-') && token.glued)
}

/// A hyphen or "and" between two parts of one number.
fn joiner_len(scan: &Scan<'_>, at: usize, end: usize, inside: bool) -> usize {
    if !inside || at + 1 >= end {
        return 0;
    }
    let is_join = scan.hit(at).1.iter().any(|meaning| matches!(meaning, Meaning::NumberJoin));
    let after_hundred = at.checked_sub(1).is_some_and(|before| {
        scan.hit(before).1.iter().any(|meaning| matches!(meaning, Meaning::Multiplier(factor) if *factor >= 100))
    });
    usize::from(is_hyphen(scan, at) || (is_join && after_hundred))
}
