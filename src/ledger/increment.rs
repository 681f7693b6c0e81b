//! A total with a printed increment: "427,840 (+1,160)".

/// The increment that a sentence prints in brackets right after a figure.
pub fn increment(quote: &str, figure: &str) -> Option<u64> {
    let at = figure.find(|c: char| c.is_ascii_digit())?;
    let digits = figure.get(at..)?;
    let length = digits.find(|c: char| !is_of_number(c)).unwrap_or(digits.len());
    let number = digits.get(..length)?.trim_end_matches(|c: char| !c.is_ascii_digit());
    let (_, after) = quote.split_once(number)?;
    let inside = after.trim_start().strip_prefix('(')?.trim_start().strip_prefix('+')?;
    let (inside, _) = inside.split_once(')')?;
    let printed =
        inside.trim().find(|c: char| !is_of_number(c)).map_or(inside, |end| inside.get(..end).unwrap_or(inside));
    let plain: String = printed.chars().filter(char::is_ascii_digit).collect();
    plain.parse().ok()
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ',' | '.' | ' ' | '\u{a0}' | '\u{202f}' | '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_increment_stands_in_brackets_after_its_total() {
        assert_eq!(increment("Russia has lost around 427,840 (+1,160) troops", "around 427,840"), Some(1_160));
        assert_eq!(increment("Втрати: близько 427 840 (+1 160) осіб", "близько 427 840"), Some(1_160));
        assert_eq!(increment("lost 427,840 troops (a record)", "427,840"), None);
        assert_eq!(increment("lost 427,840 (+ about a thousand)", "427,840"), None);
    }
}
