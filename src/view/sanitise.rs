//! Text from the web, made safe to show: nothing that a terminal, a log or a bidirectional reader would act on.

/// Longest text from outside in one field of the log, in characters.
const LONGEST: usize = 300;

/// Takes out control, bidirectional and zero-width characters; line breaks and tabs become spaces.
pub fn sanitised(text: &str) -> String {
    text.chars().filter_map(harmless).collect()
}

/// The same, cut to what a line of the log bears.
pub fn shortened(text: &str) -> String {
    let mut chars = text.chars().filter_map(harmless);
    let mut out: String = chars.by_ref().take(LONGEST).collect();
    if chars.next().is_some() {
        out.pop();
        out.push('…');
    }
    out
}

/// JSON in one line in which every character that a terminal or a bidirectional reader would act on is escaped, so that
/// nothing is lost and nothing happens.
pub fn safe_json<T: serde::Serialize>(value: &T) -> String {
    use std::fmt::Write as _;
    let plain = serde_json::to_string(value).unwrap_or_default();
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars() {
        if harmless(c) == Some(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing into a string cannot fail.
                write!(out, "\\u{unit:04x}").ok();
            }
        }
    }
    out
}

/// The same text and objects within, sanitised.
pub(super) fn sanitised_value(value: &mut serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::String(text) => *text = sanitised(text),
        Value::Array(items) => items.iter_mut().for_each(sanitised_value),
        Value::Object(fields) => fields.values_mut().for_each(sanitised_value),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn harmless(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' | '\u{85}' => Some(' '),
        c if c.is_control() || is_invisible(c) => None,
        c => Some(c),
    }
}

/// Soft hyphens, marks of direction, joiners and tags.
fn is_invisible(c: char) -> bool {
    let single = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}');
    let direction = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    single || direction || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_acts_on_is_left() {
        let hostile = "a\u{1b}[31m\u{9b}2J\u{202e}b\u{200b}c\r\nd\0\u{7}";
        assert_eq!(sanitised(hostile), "a[31m2Jbc  d");
    }

    #[test]
    fn json_loses_nothing_and_shows_nothing_that_acts() {
        let hostile = "a\u{1b}[31m\u{9b}2J\u{202e}b\u{200b}c\r\nd\0\u{7f}\u{e0041}é";
        let json = safe_json(&serde_json::json!({ "a": hostile }));
        assert!(json.chars().all(|c| harmless(c) == Some(c)), "{json}");
        let back: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(back["a"], hostile);
    }

    #[test]
    fn a_long_text_ends_in_an_ellipsis() {
        let long = "x".repeat(400);
        assert_eq!(shortened(&long).chars().count(), 300);
        assert!(shortened(&long).ends_with('…'));
        assert_eq!(shortened("short"), "short");
    }
}
